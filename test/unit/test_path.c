/* Paths: which chains lead to a trusted root, and what is told of those that do not? */
#include "base/mem.h"
#include "lib/certs.h"
#include "lib/heap.h"
#include "pki/path.h"
#include "pki/time.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { MAX = 16 };

/* A root store of the first certificates of these files; the names end with NULL. */
static struct anchor_set *roots(const char *const *names)
{
    struct anchor_builder b;
    struct anchor_set *set;
    gv_anchor_builder_init(&b, gv_openssl_provider());
    for (; *names != NULL; names++)
        assert_int_equal(GV_OK, gv_anchor_builder_add(&b, certs_der(*names)));
    assert_int_equal(GV_OK, gv_anchor_builder_build(&b, &set));
    gv_anchor_builder_drop(&b);
    return set;
}
#define ROOTS(...) roots((const char *const[]){__VA_ARGS__, NULL})

static int64_t in_2026(void)
{
    int64_t t;
    assert_true(gv_time_of(&(struct date_time){2026, 11, 22, 0, 0, 0}, &t));
    return t;
}

static struct path_question question(const struct anchor_set *set, const struct span *chain,
                                     size_t count)
{
    return (struct path_question){
        .provider = gv_openssl_provider(),
        .anchors = set,
        .chain = chain,
        .count = count,
        .purpose = PURPOSE_SERVER,
        .now = in_2026(),
        .limits = PATH_LIMITS_DEFAULT,
    };
}

/* What comes of a file's chain with this root. */
static enum gv_err verify(const char *root, const char *name, struct detail *detail)
{
    struct span chain[MAX];
    struct anchor_set *set = ROOTS(root);
    struct path_question q = question(set, chain, certs_chain(name, chain, MAX));
    struct path path;
    if (strncmp(name, "client", 6) == 0)
        q.purpose = PURPOSE_CLIENT;
    enum gv_err err = gv_path_verify(&q, &path, detail);
    gv_anchor_set_free(set);
    return err;
}

static void is_every_chain_given_its_verdict(void **state)
{
    (void)state;
    static const struct {
        const char *root, *name;
        enum gv_err err;
        int32_t index;
        const char *check;
    } cases[] = {
        {"ca", "p256", GV_OK, 0, NULL},
        {"ca", "p384", GV_OK, 0, NULL},
        {"ca", "p521", GV_OK, 0, NULL},
        {"ca", "ed25519", GV_OK, 0, NULL},
        {"ca", "rsa2048", GV_OK, 0, NULL},
        {"rsa-ca", "rsa-signed", GV_OK, 0, NULL},
        {"ca", "no-eku", GV_OK, 0, NULL},
        {"ca", "chain", GV_OK, 0, NULL},
        {"intermediate", "chain", GV_OK, 0, NULL}, /* trust may begin in the middle */
        {"self-signed-leaf", "self-signed-leaf", GV_OK, 0, NULL},
        {"ca", "client", GV_OK, 0, NULL},
        {"ca", "expired", GV_E_CERT_EXPIRED, 0, "validity"},
        {"ca", "not-yet", GV_E_CERT_NOT_YET_VALID, 0, "validity"},
        {"ca", "unknown", GV_E_CERT_UNKNOWN_ISSUER, 0, "issuer"},
        {"ca", "self-signed", GV_E_CERT_UNKNOWN_ISSUER, 0, "issuer"},
        {"ca", "chain-leaf-only", GV_E_CERT_UNKNOWN_ISSUER, 0, "issuer"},
        {"other-ca", "chain", GV_E_CERT_UNKNOWN_ISSUER, 1, "issuer"},
        {"self-signed-ca", "self-signed-ca", GV_E_CERT_CA_AS_LEAF, 0, "basic constraints"},
        {"ca", "ca-as-leaf", GV_E_CERT_CA_AS_LEAF, 0, "basic constraints"},
        {"ca", "wrong-eku", GV_E_CERT_INVALID_PURPOSE, 0, "extended key usage"},
        {"ca", "critical", GV_E_CERT_CRITICAL_EXTENSION, 0, "critical extensions"},
        {"ca", "sha1", GV_E_CERT_SIGNATURE_ALGORITHM, 0, "signature algorithm"},
        {"ca", "too-deep", GV_E_CERT_PATH_LENGTH, 2, "path length"},
        {"ca", "client-wrong-eku", GV_E_CERT_INVALID_PURPOSE, 0, "extended key usage"},
        {"ca", "client-expired", GV_E_CERT_EXPIRED, 0, "validity"},
        {"other-ca", "client", GV_E_CERT_UNKNOWN_ISSUER, 0, "issuer"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct detail d;
        gv_detail_init(&d);
        enum gv_err err = verify(cases[i].root, cases[i].name, &d);
        if (err != cases[i].err)
            fail_msg("%s under %s: %s", cases[i].name, cases[i].root, gv_err_name(err));
        if (err == GV_OK)
            continue;
        assert_int_equal(cases[i].index, d.certificate);
        assert_string_equal(cases[i].check, d.check);
        assert_true(d.subject[0] != '\0' && d.issuer[0] != '\0' && d.expected[0] != '\0');
    }
}

static void does_the_detail_say_what_was_expected_and_found(void **state)
{
    (void)state;
    struct detail d;
    gv_detail_init(&d);
    assert_int_equal(GV_E_CERT_EXPIRED, verify("ca", "expired", &d));
    assert_string_equal("CN=localhost,O=Galvan tests", d.subject);
    assert_non_null(strstr(d.expected, "to 2021-"));
    assert_string_equal("2026-11-22T00:00:00Z", d.found);
    assert_int_equal(GV_E_CERT_INVALID_PURPOSE, verify("ca", "wrong-eku", &d));
    assert_string_equal("server authentication", d.expected);
    assert_string_equal("client authentication", d.found);
    assert_int_equal(GV_E_CERT_SIGNATURE_ALGORITHM, verify("ca", "sha1", &d));
    assert_string_equal("1.2.840.10045.4.1", d.found); /* ecdsa-with-SHA1 */
}

static void is_a_signature_of_another_key_refused(void **state)
{
    (void)state;
    struct span chain[MAX];
    uint8_t copy[2048];
    struct anchor_set *set = ROOTS("ca");
    struct path path;
    chain[0] = certs_der("p256");
    span_copy(copy, chain[0]);
    copy[chain[0].len - 1] ^= 1; /* in the signature */
    chain[0].at = copy;
    struct path_question q = question(set, chain, 1);
    assert_int_equal(GV_E_CERT_BAD_SIGNATURE, gv_path_verify(&q, &path, NULL));
    gv_anchor_set_free(set);
}

/* Any order, with strangers, garbage and repetitions between: the path is found all the same. */
static void do_order_and_strangers_not_matter(void **state)
{
    (void)state;
    struct span chain[MAX], given[MAX], too_deep[MAX];
    struct anchor_set *set = ROOTS("rsa-ca", "ca", "other-ca");
    struct path path;
    assert_int_equal(2, certs_chain("chain", chain, MAX));
    assert_int_equal(3, certs_chain("too-deep", too_deep, MAX));
    const struct span order[] = {chain[0],
                                 certs_der("other-ca"),
                                 span_str("garbage"),
                                 certs_der("p256"),
                                 too_deep[1],
                                 certs_der("ca"),
                                 chain[1],
                                 chain[1]};
    memcpy(given, order, sizeof order);
    struct path_question q = question(set, given, COUNT_OF(order));
    assert_int_equal(GV_OK, gv_path_verify(&q, &path, NULL));
    assert_int_equal(2, path.length);
    assert_int_equal(0, path.at[0]);
    assert_int_equal(6, path.at[1]);
    assert_true(span_equal(path.anchor->subject, set->at[0].subject) ||
                span_equal(path.anchor->subject, set->at[1].subject) ||
                span_equal(path.anchor->subject, set->at[2].subject));
    gv_anchor_set_free(set);
}

static void do_both_ends_belong_to_the_validity(void **state)
{
    (void)state;
    struct span chain[MAX];
    struct anchor_set *set = ROOTS("ca");
    struct certificate c;
    struct path path;
    int64_t from, to;
    chain[0] = certs_der("expired");
    assert_int_equal(GV_OK, gv_cert_parse(chain[0], &c));
    assert_int_equal(GV_OK, gv_cert_validity(&c, &from, &to));
    struct path_question q = question(set, chain, 1);
    q.now = from;
    assert_int_equal(GV_OK, gv_path_verify(&q, &path, NULL));
    q.now = to;
    assert_int_equal(GV_OK, gv_path_verify(&q, &path, NULL));
    q.now = from - 1;
    assert_int_equal(GV_E_CERT_NOT_YET_VALID, gv_path_verify(&q, &path, NULL));
    q.now = to + 1;
    assert_int_equal(GV_E_CERT_EXPIRED, gv_path_verify(&q, &path, NULL));
    gv_anchor_set_free(set);
}

static void does_each_budget_end_the_search_with_its_error(void **state)
{
    (void)state;
    struct span chain[MAX];
    struct anchor_set *set = ROOTS("ca");
    struct path path;
    struct path_question q = question(set, chain, certs_chain("chain", chain, MAX));
    q.limits.signatures = 1;
    assert_int_equal(GV_E_BUDGET_SIGNATURES, gv_path_verify(&q, &path, NULL));
    q.limits.signatures = 2;
    q.limits.calls = 0;
    assert_int_equal(GV_E_BUDGET_PATH_CALLS, gv_path_verify(&q, &path, NULL));
    q.limits.calls = 1;
    q.limits.name_comparisons = 0;
    assert_int_equal(GV_OK, gv_path_verify(&q, &path, NULL));
    q.limits.intermediates = 0;
    assert_int_equal(GV_E_CERT_PATH_DEPTH, gv_path_verify(&q, &path, NULL));
    gv_anchor_set_free(set);
}

struct attempts {
    size_t count;
    enum gv_err last;
};

static void count_attempt(void *context, const struct path *p, enum gv_err err, int32_t index)
{
    struct attempts *a = context;
    assert_true(p->length <= PATH_INTERMEDIATES_MAX + 1 && index < MAX);
    a->count++;
    a->last = err;
}

static void is_every_attempt_told_to_who_asks(void **state)
{
    (void)state;
    struct span chain[MAX];
    struct anchor_set *set = ROOTS("other-ca");
    struct attempts attempts = {0, GV_OK};
    struct path path;
    struct path_question q = question(set, chain, certs_chain("chain", chain, MAX));
    q.tried = count_attempt;
    q.tried_context = &attempts;
    assert_int_equal(GV_E_CERT_UNKNOWN_ISSUER, gv_path_verify(&q, &path, NULL));
    assert_int_equal(1, attempts.count);
    assert_int_equal(GV_E_CERT_UNKNOWN_ISSUER, attempts.last);
    gv_anchor_set_free(set);
}

static void does_memory_that_is_out_fail_the_search(void **state)
{
    (void)state;
    struct span chain[MAX];
    struct anchor_set *set = ROOTS("ca");
    struct path path;
    for (size_t i = 0; i < MAX; i++)
        chain[i] = certs_der(i == 0 ? "chain" : "intermediate");
    struct path_question q = question(set, chain, MAX);
    gv_mem_replace(heap_alloc, heap_release);
    heap_fail_at(1);
    enum gv_err err = gv_path_verify(&q, &path, NULL);
    heap_fail_at(0);
    assert_int_equal(GV_OK, gv_path_verify(&q, &path, NULL));
    assert_int_equal(0, heap_live());
    gv_mem_replace(NULL, NULL);
    assert_int_equal(GV_E_NO_MEMORY, err);
    gv_anchor_set_free(set);
}

static void are_anchors_found_by_their_name(void **state)
{
    (void)state;
    struct anchor_set *set = ROOTS("ca", "other-ca", "rsa-ca", "intermediate", "ca");
    struct certificate c;
    size_t first, count;
    assert_int_equal(4, set->count); /* each once */
    assert_int_equal(GV_OK, gv_cert_parse(certs_der("ca"), &c));
    gv_anchor_set_find(set, c.subject, &first, &count);
    assert_int_equal(1, count);
    assert_true(span_equal(c.subject, set->at[first].subject));
    assert_true(span_equal(c.public_key, set->at[first].public_key));
    assert_int_equal(GV_OK, gv_cert_parse(certs_der("p256"), &c));
    gv_anchor_set_find(set, c.subject, &first, &count);
    assert_int_equal(0, count);
    gv_anchor_set_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_every_chain_given_its_verdict),
        cmocka_unit_test(does_the_detail_say_what_was_expected_and_found),
        cmocka_unit_test(is_a_signature_of_another_key_refused),
        cmocka_unit_test(do_order_and_strangers_not_matter),
        cmocka_unit_test(do_both_ends_belong_to_the_validity),
        cmocka_unit_test(does_each_budget_end_the_search_with_its_error),
        cmocka_unit_test(is_every_attempt_told_to_who_asks),
        cmocka_unit_test(does_memory_that_is_out_fail_the_search),
        cmocka_unit_test(are_anchors_found_by_their_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
