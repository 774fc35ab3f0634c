/* Certified keys: what is taken, what is refused, and whether key and certificate fit. */
#include "lib/pair.h"

#include <stdlib.h>

static const struct rustls_certified_key *built(const char *chain, const char *key)
{
    struct file c = test_file(chain), k = test_file(key);
    const struct rustls_certified_key *out = NULL;
    assert_ok(rustls_certified_key_build(c.data, c.len, k.data, k.len, &out));
    assert_non_null(out);
    free(c.data);
    free(k.data);
    return out;
}

static unsigned int build_result(const char *chain, const char *key)
{
    struct file k = test_file(key);
    const struct rustls_certified_key *out = NULL;
    unsigned int result =
        rustls_certified_key_build((const uint8_t *)chain, strlen(chain), k.data, k.len, &out);
    assert_int_equal(out != NULL, result == 7000);
    rustls_certified_key_free(out);
    free(k.data);
    return result;
}

static void is_any_text_taken_for_a_chain(void **state)
{
    (void)state;
    assert_int_equal(build_result("garbage", "certs/p256.key"), 7000);
    assert_int_equal(build_result("", "certs/p256.key"), 7000);
    assert_int_equal(build_result("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                                  "certs/p256.key"),
                     7000);
}

static void is_broken_pem_refused(void **state)
{
    (void)state;
    assert_int_equal(build_result("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
                                  "certs/p256.key"),
                     7005);
    assert_int_equal(build_result("-----BEGIN CERTIFICATE-----\nAAAA\n", "certs/p256.key"), 7005);
}

static void is_a_key_that_cannot_be_used_refused(void **state)
{
    (void)state;
    assert_int_equal(build_result("", "certs/p256.pem"), 7006); /* holds no key */
    assert_int_equal(build_result("", "certs/README.md"), 7006);
    assert_int_equal(build_result("", "certs/rsa1024.key"), 7112);
}

static void does_the_key_fit_its_certificate(void **state)
{
    (void)state;
    static const struct {
        const char *chain, *key;
        unsigned int result;
    } facts[] = {
        {"certs/p256.pem", "certs/p256.key", 7000},
        {"certs/p256.pem", "certs/p256-sec1.key", 7000},
        {"certs/p384.pem", "certs/p384-sec1.key", 7000},
        {"certs/p521.pem", "certs/p521-sec1.key", 7000},
        {"certs/ed25519.pem", "certs/ed25519.key", 7000},
        {"certs/rsa2048.pem", "certs/rsa2048.key", 7000},
        {"certs/rsa2048.pem", "certs/rsa2048-pkcs1.key", 7000},
        {"certs/chain.pem", "certs/chain.key", 7000},
        {"certs/p256.pem", "certs/chain.key", 7600},
        {"certs/p256.pem", "certs/p384.key", 7600},
        {"certs/ed25519.pem", "certs/rsa2048.key", 7600},
        {"certs/README.md", "certs/p256.key", 7101}, /* no certificate to hold it against */
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const struct rustls_certified_key *key = built(facts[i].chain, facts[i].key);
        assert_result(rustls_certified_key_keys_match(key), facts[i].result);
        rustls_certified_key_free(key);
    }
    assert_result(rustls_certified_key_keys_match(NULL), 7002);
}

static void is_a_leaf_that_is_no_certificate_told(void **state)
{
    (void)state;
    const char *pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    struct file k = test_file("certs/p256.key");
    const struct rustls_certified_key *key = NULL;
    assert_ok(rustls_certified_key_build((const uint8_t *)pem, strlen(pem), k.data, k.len, &key));
    assert_result(rustls_certified_key_keys_match(key), 7121);
    rustls_certified_key_free(key);
    free(k.data);
}

static void are_certificates_given_in_their_order(void **state)
{
    (void)state;
    const struct rustls_certified_key *key = built("certs/chain.pem", "certs/chain.key");
    const struct rustls_certificate *leaf = rustls_certified_key_get_certificate(key, 0);
    const struct rustls_certificate *issuer = rustls_certified_key_get_certificate(key, 1);
    const uint8_t *der = NULL;
    size_t len = 0;
    struct file want = test_file("certs/intermediate.der");
    assert_non_null(leaf);
    assert_ok(rustls_certificate_get_der(issuer, &der, &len));
    assert_int_equal(len, want.len);
    assert_memory_equal(der, want.data, len);
    assert_null(rustls_certified_key_get_certificate(key, 2));
    assert_null(rustls_certified_key_get_certificate(NULL, 0));
    free(want.data);
    rustls_certified_key_free(key);
    rustls_certified_key_free(NULL);
}

static void is_a_clone_another_key(void **state)
{
    (void)state;
    const struct rustls_certified_key *key = built("certs/p256.pem", "certs/p256.key");
    const struct rustls_certified_key *with = NULL, *without = NULL, *none = NULL;
    const struct rustls_slice_bytes ocsp = {(const uint8_t *)"ocsp", 4}, no_data = {NULL, 4};
    assert_ok(rustls_certified_key_clone_with_ocsp(key, &ocsp, &with));
    assert_ok(rustls_certified_key_clone_with_ocsp(with, NULL, &without));
    assert_ptr_not_equal(key, with);
    assert_result(rustls_certified_key_clone_with_ocsp(NULL, &ocsp, &none), 7002);
    assert_result(rustls_certified_key_clone_with_ocsp(key, &ocsp, NULL), 7002);
    assert_result(rustls_certified_key_clone_with_ocsp(key, &no_data, &none), 7002);
    assert_null(none);
    rustls_certified_key_free(key);
    assert_result(rustls_certified_key_keys_match(with), 7000);
    assert_non_null(rustls_certified_key_get_certificate(without, 0));
    rustls_certified_key_free(with);
    rustls_certified_key_free(without);
}

static void does_a_certified_key_take_a_signing_key_over(void **state)
{
    (void)state;
    const struct rustls_crypto_provider *p = rustls_crypto_provider_default();
    struct file c = test_file("certs/p256.pem"), k = test_file("certs/p256.key");
    struct rustls_signing_key *signing = NULL;
    const struct rustls_certified_key *key = NULL;
    const uint8_t *broken = (const uint8_t *)"-----BEGIN CERTIFICATE-----\n";

    assert_ok(rustls_crypto_provider_load_key(p, k.data, k.len, &signing));
    /* With a NULL argument it is not taken. */
    assert_result(rustls_certified_key_build_with_signing_key(NULL, 0, signing, &key), 7002);
    assert_result(rustls_certified_key_build_with_signing_key(c.data, c.len, NULL, &key), 7002);
    assert_result(rustls_certified_key_build_with_signing_key(c.data, c.len, signing, NULL), 7002);
    assert_ok(rustls_certified_key_build_with_signing_key(c.data, c.len, signing, &key));
    assert_result(rustls_certified_key_keys_match(key), 7000);
    rustls_certified_key_free(key);

    assert_ok(rustls_crypto_provider_load_key(p, k.data, k.len, &signing));
    assert_result(rustls_certified_key_build_with_signing_key(broken, 28, signing, &key), 7005);
    rustls_crypto_provider_free(p);
    rustls_signing_key_free(NULL);
    free(c.data);
    free(k.data);
}

static void does_null_harm_a_build(void **state)
{
    (void)state;
    const uint8_t text[] = "x";
    const struct rustls_certified_key *key = NULL;
    assert_result(rustls_certified_key_build(NULL, 0, text, 1, &key), 7002);
    assert_result(rustls_certified_key_build(text, 1, NULL, 0, &key), 7002);
    assert_result(rustls_certified_key_build(text, 1, text, 1, NULL), 7002);
    assert_null(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_any_text_taken_for_a_chain),
        cmocka_unit_test(is_broken_pem_refused),
        cmocka_unit_test(is_a_key_that_cannot_be_used_refused),
        cmocka_unit_test(does_the_key_fit_its_certificate),
        cmocka_unit_test(is_a_leaf_that_is_no_certificate_told),
        cmocka_unit_test(are_certificates_given_in_their_order),
        cmocka_unit_test(is_a_clone_another_key),
        cmocka_unit_test(does_a_certified_key_take_a_signing_key_over),
        cmocka_unit_test(does_null_harm_a_build),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
