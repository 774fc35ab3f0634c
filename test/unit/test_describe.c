/* Certificates in words: does a person read in them what stands there, and nothing that a peer
 * could play with? */
#include "lib/api.h"
#include "lib/certs.h"

#include "base/span.h"
#include "galvan.h"

enum { TEXT = 4096 };

/* All that was told, "field=value\n" after one another. */
struct told {
    char text[TEXT];
    size_t len;
};

static void listen(void *userdata, const char *field, const char *value)
{
    struct told *t = userdata;
    int n = snprintf(t->text + t->len, TEXT - t->len, "%s=%s\n", field, value);
    assert_true(n > 0 && (size_t)n < TEXT - t->len);
    t->len += (size_t)n;
}

static const char *describe(const char *name)
{
    static struct told t;
    struct span der = certs_der(name);
    t = (struct told){.len = 0};
    assert_ok(galvan_certificate_describe(der.at, der.len, listen, &t));
    return t.text;
}

#define assert_says(text, line) assert_non_null(strstr((text), (line)))

static void is_a_leaf_told_in_words(void **state)
{
    (void)state;
    const char *text = describe("p256");
    assert_says(text, "subject=CN=localhost,O=Galvan tests\n");
    assert_says(text, "\nissuer=CN=");
    assert_says(text, "\nnot_before=2020-");
    assert_says(text, "\nnot_after=9999-12-31T23:59:59Z\n");
    assert_says(text, "\nname=DNS:localhost\nname=IP:127.0.0.1\n");
    assert_says(text, "\nkey=ECDSA P-256\n");
    assert_says(text, "\nsignature=ECDSA with SHA-256\n");
    assert_says(text, "\nauthority=no\n");
    assert_says(text, "\nusage=digital signature\n");
    assert_says(text, "\npurpose=server authentication\n");
}

static void is_an_authority_told_in_words(void **state)
{
    (void)state;
    const char *text = describe("intermediate");
    assert_says(text, "\nauthority=yes, with at most 0 authorities below it\n");
    assert_says(text, "\nusage=certificate signing\nusage=CRL signing\n");
    assert_null(strstr(text, "\nname="));
    assert_says(describe("ca"), "\nauthority=yes\n");
}

static void are_keys_told_by_name_and_size(void **state)
{
    (void)state;
    assert_says(describe("p384"), "\nkey=ECDSA P-384\n");
    assert_says(describe("p521"), "\nkey=ECDSA P-521\n");
    assert_says(describe("ed25519"), "\nkey=Ed25519\n");
    assert_says(describe("rsa2048"), "\nkey=RSA 2048 bits\n");
    assert_says(describe("rsa3072"), "\nkey=RSA 3072 bits\n");
    assert_says(describe("rsa1024"), "\nkey=RSA 1024 bits\n");
    assert_says(describe("rsa-ca"), "\nsignature=RSA PKCS #1 v1.5 with SHA-256\n");
    assert_says(describe("sha1"), "\nsignature=ECDSA with SHA-1\n");
}

/* Every certificate with one byte changed or cut off: an answer, printable whatever came. */
static void listen_printable(void *userdata, const char *field, const char *value)
{
    (void)userdata;
    assert_true(field[0] != '\0');
    assert_true(strlen(value) < 512);
    for (; *value != '\0'; value++)
        assert_in_range((unsigned char)*value, ' ', '~');
}

static void does_every_changed_certificate_give_printable_words(void **state)
{
    (void)state;
    static const char *const names[] = {"p256", "intermediate", "rsa1024"};
    static const uint8_t changes[] = {0x01, 0x80, 0xff};
    for (size_t n = 0; n < COUNT_OF(names); n++) {
        struct span der = certs_der(names[n]);
        uint8_t copy[4096];
        assert_true(der.len <= sizeof copy);
        for (size_t i = 0; i < der.len; i++) {
            for (size_t c = 0; c < COUNT_OF(changes); c++) {
                span_copy(copy, der);
                copy[i] ^= changes[c];
                (void)galvan_certificate_describe(copy, der.len, listen_printable, NULL);
            }
            assert_int_not_equal(RUSTLS_RESULT_OK,
                                 galvan_certificate_describe(der.at, i, listen_printable, NULL));
        }
    }
}

/* A NUL in a name must not end it early: what stands behind it is what the certificate is for. */
static void is_a_nul_in_a_name_shown(void **state)
{
    (void)state;
    struct span der = certs_der("p256");
    uint8_t copy[4096];
    span_copy(copy, der);
    bool found = false;
    for (size_t i = 0; i + 11 <= der.len; i++) {
        if (memcmp(copy + i, "\x82\x09localhost", 11) != 0)
            continue;
        copy[i + 5] = '\0';
        found = true;
    }
    assert_true(found);
    struct told t = {.len = 0};
    assert_ok(galvan_certificate_describe(copy, der.len, listen, &t));
    assert_says(t.text, "\nname=DNS:loc?lhost\n");
}

static void are_null_arguments_answered(void **state)
{
    (void)state;
    struct span der = certs_der("p256");
    assert_result(galvan_certificate_describe(NULL, 0, listen, NULL), RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(galvan_certificate_describe(der.at, der.len, NULL, NULL),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_int_equal(0, galvan_connection_get_signature_scheme(NULL));
}

static void have_schemes_and_alerts_their_names(void **state)
{
    (void)state;
    assert_str(galvan_signature_scheme_name(0x0403), "ecdsa_secp256r1_sha256");
    assert_str(galvan_signature_scheme_name(0x0807), "ed25519");
    assert_str(galvan_signature_scheme_name(0x0804), "rsa_pss_rsae_sha256");
    assert_str(galvan_signature_scheme_name(0xfefe), "");
    assert_str(galvan_alert_name(0), "close_notify");
    assert_str(galvan_alert_name(48), "unknown_ca");
    assert_str(galvan_alert_name(1), "unknown");
    assert_str(galvan_alert_name(-1), "unknown");
    assert_str(galvan_alert_name(256 + 48), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_leaf_told_in_words),
        cmocka_unit_test(is_an_authority_told_in_words),
        cmocka_unit_test(are_keys_told_by_name_and_size),
        cmocka_unit_test(does_every_changed_certificate_give_printable_words),
        cmocka_unit_test(is_a_nul_in_a_name_shown),
        cmocka_unit_test(are_null_arguments_answered),
        cmocka_unit_test(have_schemes_and_alerts_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
