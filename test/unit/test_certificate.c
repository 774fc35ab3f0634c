/* Certificates: are their parts found, and is every cut or malformed one refused? */
#include "lib/certs.h"
#include "pki/dn.h"
#include "pki/general_name.h"
#include "pki/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct certificate parsed(const char *name)
{
    struct certificate c;
    assert_int_equal(GV_OK, gv_cert_parse(certs_der(name), &c));
    return c;
}

static void are_the_parts_of_a_leaf_found(void **state)
{
    (void)state;
    struct certificate c = parsed("p256"), ca = parsed("ca");
    char text[256];
    assert_int_equal(CERT_V3, c.version);
    assert_true(span_equal(c.issuer, ca.subject));
    assert_true(span_equal(ca.issuer, ca.subject));
    gv_dn_text(c.subject, text, sizeof text);
    assert_string_equal("CN=localhost,O=Galvan tests", text);
    assert_false(c.unprocessed_critical);

    int64_t not_before, not_after;
    assert_int_equal(GV_OK, gv_cert_validity(&c, &not_before, &not_after));
    gv_time_text(not_before, text);
    assert_memory_equal("2020", text, 4);
    gv_time_text(not_after, text);
    assert_memory_equal("9999", text, 4);
    assert_int_equal(65, c.public_key.len); /* an uncompressed point */
    assert_int_equal(4, c.public_key.at[0]);
}

static void are_extensions_read(void **state)
{
    (void)state;
    struct certificate leaf = parsed("p256"), ca = parsed("ca"), middle = parsed("intermediate");
    struct basic_constraints b;
    uint16_t usage;
    uint8_t purposes;
    assert_int_equal(GV_OK, gv_cert_basic_constraints(&leaf, &b));
    assert_false(b.ca);
    assert_int_equal(-1, b.path_len);
    assert_int_equal(GV_OK, gv_cert_basic_constraints(&middle, &b));
    assert_true(b.ca);
    assert_int_equal(0, b.path_len);
    assert_int_equal(GV_OK, gv_cert_key_usage(&leaf, &usage));
    assert_int_equal(KU_DIGITAL_SIGNATURE, usage);
    assert_int_equal(GV_OK, gv_cert_key_usage(&ca, &usage));
    assert_true((usage & KU_KEY_CERT_SIGN) != 0 && (usage & KU_CRL_SIGN) != 0);
    assert_int_equal(GV_OK, gv_cert_purposes(&leaf, &purposes));
    assert_int_equal(PURPOSE_SERVER, purposes);

    struct certificate bare = parsed("no-eku");
    assert_int_equal(GV_OK, gv_cert_key_usage(&bare, &usage));
    assert_int_equal(UINT16_MAX, usage);
    assert_int_equal(GV_OK, gv_cert_purposes(&bare, &purposes));
    assert_int_equal(UINT8_MAX, purposes);
}

static void is_an_unknown_critical_extension_seen(void **state)
{
    (void)state;
    assert_true(parsed("critical").unprocessed_critical);
}

static enum gv_err match(const char *name, const char *host)
{
    struct certificate c = parsed(name);
    struct server_name server;
    assert_int_equal(GV_OK, gv_server_name_parse(&server, span_str(host)));
    return gv_san_check(&c, &server, false);
}

static void hostile_51_do_alternative_names_and_they_alone_name_a_server(void **state)
{
    (void)state;
    assert_int_equal(GV_OK, match("p256", "localhost"));
    assert_int_equal(GV_OK, match("p256", "LOCALHOST."));
    assert_int_equal(GV_OK, match("p256", "127.0.0.1"));
    assert_int_equal(GV_E_CERT_NAME_MISMATCH, match("p256", "::1"));
    assert_int_equal(GV_E_CERT_NAME_MISMATCH, match("p256", "10.0.0.1"));
    assert_int_equal(GV_E_CERT_NAME_MISMATCH, match("p256", "a_b"));
    assert_int_equal(GV_E_CERT_NAME_MISMATCH, match("no-san", "nosan")); /* its common name */
    assert_int_equal(GV_OK, match("wildcard", "a.example.com"));
    assert_int_equal(GV_E_CERT_NAME_MISMATCH, match("wildcard", "a.b.example.com"));
    assert_int_equal(GV_E_CERT_NAME_MISMATCH, match("wildcard", "example.com"));
}

/* In memory of its own length, so that a sanitizer sees a read behind it. */
static enum gv_err parse_copy(struct span der, struct certificate *c, uint8_t **copy)
{
    *copy = malloc(der.len == 0 ? 1 : der.len);
    assert_non_null(*copy);
    span_copy(*copy, der);
    return gv_cert_parse((struct span){*copy, der.len}, c);
}

static void is_every_truncation_refused(void **state)
{
    (void)state;
    struct span der = certs_der("p256");
    for (size_t n = 0; n < der.len; n++) {
        struct certificate c;
        uint8_t *copy;
        assert_int_not_equal(GV_OK, parse_copy((struct span){der.at, n}, &c, &copy));
        free(copy);
    }
}

static void is_what_follows_a_certificate_refused(void **state)
{
    (void)state;
    struct span der = certs_der("p256");
    uint8_t longer[2048] = {0};
    struct certificate c;
    span_copy(longer, der);
    assert_int_equal(GV_E_CERT_BAD_DER, gv_cert_parse((struct span){longer, der.len + 1}, &c));
}

/* Asks all that can be asked of a certificate that was read. */
static void use(const struct certificate *c)
{
    int64_t from, to;
    struct basic_constraints b;
    uint16_t usage;
    uint8_t purposes;
    char text[64];
    struct server_name name;
    (void)gv_cert_validity(c, &from, &to);
    (void)gv_cert_basic_constraints(c, &b);
    (void)gv_cert_key_usage(c, &usage);
    (void)gv_cert_purposes(c, &purposes);
    gv_dn_text(c->subject, text, sizeof text);
    gv_dn_text(c->issuer, text, sizeof text);
    (void)gv_server_name_parse(&name, span_str("localhost"));
    (void)gv_san_check(c, &name, true);
}

static void is_any_changed_byte_survived(void **state)
{
    (void)state;
    static const char *const names[] = {"p256", "intermediate", "rsa2048", "wildcard"};
    static const uint8_t changes[] = {0x01, 0x80, 0xff, 0x20};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct span der = certs_der(names[i]);
        for (size_t n = 0; n < der.len * COUNT_OF(changes); n++) {
            struct certificate c;
            uint8_t *copy;
            enum gv_err err = parse_copy(der, &c, &copy);
            assert_int_equal(GV_OK, err);
            copy[n / COUNT_OF(changes)] ^= changes[n % COUNT_OF(changes)];
            if (gv_cert_parse((struct span){copy, der.len}, &c) == GV_OK)
                use(&c);
            free(copy);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_the_parts_of_a_leaf_found),
        cmocka_unit_test(are_extensions_read),
        cmocka_unit_test(is_an_unknown_critical_extension_seen),
        cmocka_unit_test(hostile_51_do_alternative_names_and_they_alone_name_a_server),
        cmocka_unit_test(is_every_truncation_refused),
        cmocka_unit_test(is_what_follows_a_certificate_refused),
        cmocka_unit_test(is_any_changed_byte_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
