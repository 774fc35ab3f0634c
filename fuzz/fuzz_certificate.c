/* A certificate of any bytes: whatever is read of it lies inside it, and everything that can be asked
 * of it has an answer. */
#include "pki/anchor.h"
#include "pki/constraints.h"
#include "pki/describe.h"
#include "pki/strict.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct span whole;

static void must(bool held)
{
    if (!held)
        abort();
}

static void must_lie_inside(struct span s)
{
    must(s.len == 0 || (s.at >= whole.at && s.len <= whole.len &&
                        (size_t)(s.at - whole.at) <= whole.len - s.len));
}

static void must_be_printable(void *context, const char *field, const char *value)
{
    (void)context;
    must(field[0] != '\0');
    for (; *value != '\0'; value++)
        must(*value >= ' ' && *value <= '~');
}

static void ask(const struct certificate *c)
{
    int64_t from, to;
    struct basic_constraints b;
    uint16_t usage;
    uint8_t purposes;
    (void)gv_cert_validity(c, &from, &to);
    must(gv_cert_basic_constraints(c, &b) != GV_OK || b.path_len >= -1);
    (void)gv_cert_key_usage(c, &usage);
    (void)gv_cert_purposes(c, &purposes);
    gv_cert_describe(c, must_be_printable, NULL);
}

static void match(const struct certificate *c)
{
    uint32_t budget = 1000;
    struct server_name name;
    must(gv_server_name_parse(&name, span_str("www.example.org")) == GV_OK);
    (void)gv_san_check(c, &name, true);
    must(gv_server_name_parse(&name, span_str("192.0.2.1")) == GV_OK);
    (void)gv_san_check(c, &name, false);
    (void)gv_constraints_check(c->ext[EXT_NAME_CONSTRAINTS], c, &budget);
}

static void judge(const struct certificate *c)
{
    for (int role = 0; role < 2; role++) {
        const struct check_question q = {c, role == 0 ? ROLE_LEAF : ROLE_ISSUER, PURPOSE_SERVER, 0};
        (void)gv_checks_run(&q);
        uint8_t rule = gv_strict_broken_rule(
            &(struct strict_question){c, q.role, PURPOSE_SERVER, false, gv_openssl_provider()});
        must(gv_strict_rule_text(rule).check != NULL);
    }
}

static void trust(struct span der)
{
    struct anchor_builder b;
    struct anchor_set *set;
    size_t first, count;
    gv_anchor_builder_init(&b, NULL);
    if (gv_anchor_builder_add(&b, der) == GV_OK && gv_anchor_builder_build(&b, &set) == GV_OK) {
        gv_anchor_set_find(set, set->at[0].subject, &first, &count);
        must(first == 0 && count == 1);
        gv_anchor_set_free(set);
    }
    gv_anchor_builder_drop(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct certificate c;
    whole = span_of(data, size);
    if (gv_cert_parse(whole, &c) != GV_OK)
        return 0;
    const struct span parts[] = {
        c.tbs,  c.signature_algorithm, c.key_algorithm, c.serial, c.issuer, c.validity, c.subject,
        c.spki, c.public_key,          c.signature};
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        must_lie_inside(parts[i]);
    for (size_t i = 0; i < EXT_COUNT; i++)
        must_lie_inside(c.ext[i]);
    ask(&c);
    match(&c);
    judge(&c);
    trust(whole);
    return 0;
}
