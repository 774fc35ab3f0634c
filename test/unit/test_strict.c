/* The strict profile: does each rule refuse the certificate that breaks it, and no other? */
#include "lib/certs.h"
#include "lib/x509.h"
#include "pki/general_name.h"
#include "pki/public_suffix.h"
#include "pki/strict.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SERVER_AUTH DER_LITERAL("\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01")
#define ANY_PURPOSE DER_LITERAL("\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x01\x06\x04\x55\x1d\x25\x00")

static int forget(void **state)
{
    (void)state;
    x509_forget();
    return 0;
}

/* The Extensions that every certificate in form has: key identifiers. */
static struct span key_ids(struct derw *w)
{
    w->len = 0;
    x509_extension(w, DER_LITERAL("\x55\x1d\x0e"), false, DER_LITERAL("\x04\x01\x05"));
    x509_extension(w, DER_LITERAL("\x55\x1d\x23"), false, DER_LITERAL("\x30\x03\x80\x01\x05"));
    return derw_span(w);
}

static const char *broken(const struct recipe *r, bool authority, bool root)
{
    struct certificate c;
    struct span der = x509_certificate(r);
    assert_int_equal(GV_OK, gv_cert_parse(der, &c));
    uint8_t rule = gv_strict_broken_rule(&(struct strict_question){
        &c, authority ? ROLE_ISSUER : ROLE_LEAF, PURPOSE_SERVER, root, gv_openssl_provider()});
    return rule == 0 ? "none" : gv_strict_rule_text(rule).check;
}

static struct recipe good_leaf(struct derw *ids)
{
    return (struct recipe){.subject = "a.example",
                           .issuer = "authority",
                           .key = "p256",
                           .dns = "a.example",
                           .key_usage = KU_DIGITAL_SIGNATURE,
                           .purposes = SERVER_AUTH,
                           .more = key_ids(ids)};
}

static struct recipe good_authority(struct derw *ids)
{
    return (struct recipe){.subject = "authority",
                           .issuer = "root",
                           .key = "intermediate",
                           .ca = true,
                           .path_len = -1,
                           .key_usage = KU_KEY_CERT_SIGN | KU_CRL_SIGN,
                           .more = key_ids(ids)};
}

static void are_certificates_in_form_accepted(void **state)
{
    (void)state;
    static struct derw ids;
    struct recipe leaf = good_leaf(&ids), authority = good_authority(&ids);
    assert_string_equal("none", broken(&leaf, false, false));
    assert_string_equal("none", broken(&authority, true, false));
    authority.issuer = authority.subject;
    assert_string_equal("none", broken(&authority, true, true));
}

#define LEAF_BREAKS(rule, ...)                                                                     \
    do {                                                                                           \
        struct recipe r = good_leaf(&ids);                                                         \
        __VA_ARGS__;                                                                               \
        assert_string_equal((rule), broken(&r, false, false));                                     \
    } while (0)

static void does_each_rule_for_leaves_refuse(void **state)
{
    (void)state;
    static struct derw ids;
    LEAF_BREAKS("serial number", r.serial = DER_LITERAL("\0"));
    LEAF_BREAKS("serial number", r.serial = DER_LITERAL("\x80"));
    LEAF_BREAKS("serial number", r.serial = DER_LITERAL("\0\1"));
    LEAF_BREAKS("serial number", r.serial = DER_LITERAL("012345678901234567890"));
    LEAF_BREAKS("none", r.serial = DER_LITERAL("01234567890123456789"));
    LEAF_BREAKS("issuer", r.issuer = "");
    LEAF_BREAKS("key usage", r.key_usage = KU_DIGITAL_SIGNATURE | KU_KEY_CERT_SIGN);
    LEAF_BREAKS("none", r.key_usage = 0);
    LEAF_BREAKS("authority key identifier", r.more.len = 0);
    LEAF_BREAKS("extended key usage", r.purposes.len = 0);
    LEAF_BREAKS("extended key usage", r.purposes = ANY_PURPOSE);
    LEAF_BREAKS("subject alternative name", r.subject = "", (void)0);
    LEAF_BREAKS("subject alternative name", r.subject = "x", r.dns = "a_b.example");
    LEAF_BREAKS("common name", r.subject = "b.example");
    LEAF_BREAKS("common name", r.subject = "A.example");
    LEAF_BREAKS("common name", r.subject = "1.2.3.4");
    LEAF_BREAKS("common name", r.subject = "0x7f000001");
    LEAF_BREAKS("common name", r.subject = "2001:db8::1");
    LEAF_BREAKS("none", r.subject = "example");          /* the domain above */
    LEAF_BREAKS("none", r.subject = "Example Inc. Ltd"); /* nobody's host name */
    LEAF_BREAKS("name constraints", x509_name_constraints(&ids, "a.example", NULL),
                r.more = derw_span(&ids));
}

#define AUTHORITY_BREAKS(rule, root, ...)                                                          \
    do {                                                                                           \
        struct recipe r = good_authority(&ids);                                                    \
        __VA_ARGS__;                                                                               \
        assert_string_equal((rule), broken(&r, true, (root)));                                     \
    } while (0)

static void does_each_rule_for_authorities_refuse(void **state)
{
    (void)state;
    static struct derw ids;
    AUTHORITY_BREAKS("subject", false, r.subject = "");
    AUTHORITY_BREAKS("basic constraints", false, r.ca = false);
    AUTHORITY_BREAKS("key usage", false, r.key_usage = 0);
    AUTHORITY_BREAKS("none", true, r.key_usage = 0);
    AUTHORITY_BREAKS("key usage", true, r.key_usage = KU_CRL_SIGN);
    AUTHORITY_BREAKS("subject key identifier", false, r.more.len = 0);
    AUTHORITY_BREAKS("extended key usage", true, r.purposes = SERVER_AUTH);
    AUTHORITY_BREAKS("none", false, r.purposes = SERVER_AUTH);
    AUTHORITY_BREAKS("none", true, r.serial = DER_LITERAL("\0"));
    AUTHORITY_BREAKS("name constraints", false, x509_name_constraints(&ids, NULL, NULL),
                     r.more = derw_span(&ids));
    AUTHORITY_BREAKS("name constraints", false, x509_name_constraints(&ids, ".a.example", NULL),
                     r.more = derw_span(&ids));
    AUTHORITY_BREAKS("none", false, x509_name_constraints(&ids, "a.example", NULL),
                     r.more = derw_span(&ids));
    /* policyConstraints */
    AUTHORITY_BREAKS("policy constraints", false,
                     x509_extension(&ids, DER_LITERAL("\x55\x1d\x24"), false,
                                    DER_LITERAL("\x30\x03\x80\x01\x00")),
                     r.more = derw_span(&ids));
    /* authorityInfoAccess */
    AUTHORITY_BREAKS("authority information access", false,
                     x509_extension(&ids, DER_LITERAL("\x2b\x06\x01\x05\x05\x07\x01\x01"), false,
                                    DER_LITERAL("\x04\x01x")),
                     r.more = derw_span(&ids));
    AUTHORITY_BREAKS("critical extensions", true,
                     x509_extension(&ids, DER_LITERAL("\x55\x1d\x7f"), true, DER_LITERAL("\x05\0")),
                     r.more = derw_span(&ids));
}

static void are_keys_asked_for_their_kind_and_size(void **state)
{
    (void)state;
    struct certificate c;
    static const struct {
        const char *name, *check;
    } cases[] = {
        {"rsa1024", "public key"}, {"p256", "none"}, {"rsa2048", "none"}, {"ed25519", "none"}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(GV_OK, gv_cert_parse(certs_der(cases[i].name), &c));
        uint8_t rule = gv_strict_broken_rule(
            &(struct strict_question){&c, ROLE_LEAF, PURPOSE_SERVER, false, gv_openssl_provider()});
        assert_string_equal(cases[i].check, rule == 0 ? "none" : gv_strict_rule_text(rule).check);
    }
}

static void are_suffixes_known_that_anybody_has_names_under(void **state)
{
    (void)state;
    static const char *const suffixes[] = {"com", "CO.UK", "com.au", "github.io",
                                           "S3.amazonaws.com"};
    static const char *const others[] = {"example.com", "example.co.uk", "co.example",
                                         "a.github.io", "amazonaws.com", "example.uk"};
    for (size_t i = 0; i < COUNT_OF(suffixes); i++)
        assert_true(gv_is_public_suffix(span_str(suffixes[i])));
    for (size_t i = 0; i < COUNT_OF(others); i++)
        assert_false(gv_is_public_suffix(span_str(others[i])));
}

static void does_no_wildcard_stand_for_all_under_a_public_suffix(void **state)
{
    (void)state;
    struct certificate c;
    struct server_name name;
    struct span der = x509_certificate(&(struct recipe){
        .subject = "", .issuer = "a", .key = "p256", .dns = "*.co.uk *.example.co.uk"});
    assert_int_equal(GV_OK, gv_cert_parse(der, &c));
    assert_int_equal(GV_OK, gv_server_name_parse(&name, span_str("bank.co.uk")));
    assert_int_equal(GV_OK, gv_san_check(&c, &name, false));
    assert_int_equal(GV_E_CERT_NAME_MISMATCH, gv_san_check(&c, &name, true));
    assert_int_equal(GV_OK, gv_server_name_parse(&name, span_str("www.example.co.uk")));
    assert_int_equal(GV_OK, gv_san_check(&c, &name, true));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(are_certificates_in_form_accepted, forget),
        cmocka_unit_test_teardown(does_each_rule_for_leaves_refuse, forget),
        cmocka_unit_test_teardown(does_each_rule_for_authorities_refuse, forget),
        cmocka_unit_test_teardown(are_keys_asked_for_their_kind_and_size, forget),
        cmocka_unit_test_teardown(are_suffixes_known_that_anybody_has_names_under, forget),
        cmocka_unit_test_teardown(does_no_wildcard_stand_for_all_under_a_public_suffix, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
