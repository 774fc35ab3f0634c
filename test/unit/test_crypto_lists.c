/* What the provider lists, and its random numbers. */
#include "crypto/provider.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct provider *provider;

static int setup(void **state)
{
    (void)state;
    provider = gv_openssl_provider();
    return provider == NULL;
}

static void are_the_suites_in_the_order_of_the_api(void **state)
{
    (void)state;
    static const struct {
        uint16_t code, version;
        const char *name;
        const char *hash, *aead;
        enum tls12_auth auth;
        uint8_t explicit_nonce;
    } expected[] = {
        {0x1302, TLS13, "TLS13_AES_256_GCM_SHA384", "SHA-384", "AES-256-GCM", AUTH_ANY, 0},
        {0x1301, TLS13, "TLS13_AES_128_GCM_SHA256", "SHA-256", "AES-128-GCM", AUTH_ANY, 0},
        {0x1303, TLS13, "TLS13_CHACHA20_POLY1305_SHA256", "SHA-256", "ChaCha20-Poly1305", AUTH_ANY,
         0},
        {0xc02c, TLS12, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "SHA-384", "AES-256-GCM",
         AUTH_ECDSA, 8},
        {0xc02b, TLS12, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "SHA-256", "AES-128-GCM",
         AUTH_ECDSA, 8},
        {0xcca9, TLS12, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "SHA-256",
         "ChaCha20-Poly1305", AUTH_ECDSA, 0},
        {0xc030, TLS12, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "SHA-384", "AES-256-GCM", AUTH_RSA,
         8},
        {0xc02f, TLS12, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "SHA-256", "AES-128-GCM", AUTH_RSA,
         8},
        {0xcca8, TLS12, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "SHA-256",
         "ChaCha20-Poly1305", AUTH_RSA, 0},
    };
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const struct cipher_suite_info *suite = provider->suites[i];
        assert_non_null(suite);
        assert_int_equal(suite->code, expected[i].code);
        assert_int_equal(suite->version, expected[i].version);
        assert_string_equal(suite->name, expected[i].name);
        assert_string_equal(suite->hash->name, expected[i].hash);
        assert_string_equal(suite->aead->name, expected[i].aead);
        assert_int_equal(suite->auth, expected[i].auth);
        assert_int_equal(suite->explicit_nonce_len, expected[i].explicit_nonce);
        assert_int_equal(suite->fixed_iv_len + suite->explicit_nonce_len, AEAD_NONCE);
    }
    assert_null(provider->suites[COUNT_OF(expected)]);
    assert_string_equal(provider->suites[0]->iana_name, "TLS_AES_256_GCM_SHA384");
    assert_string_equal(provider->suites[3]->iana_name, provider->suites[3]->name);
}

static void are_the_groups_in_the_order_of_the_api(void **state)
{
    (void)state;
    static const uint16_t expected[] = {0x11ec, 0x001d, 0x0017, 0x0018}, more[] = {0x11eb, 0x11ed};
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_int_equal(provider->groups[i]->code, expected[i]);
    assert_null(provider->groups[COUNT_OF(expected)]);
    for (size_t i = 0; i < COUNT_OF(more); i++)
        assert_int_equal(provider->more_groups[i]->code, more[i]);
    assert_null(provider->more_groups[COUNT_OF(more)]);
}

static void do_the_schemes_appear_in_the_order_of_the_api(void **state)
{
    (void)state;
    static const uint16_t expected[] = {0x0503, 0x0403, 0x0603, 0x0807, 0x0806,
                                        0x0805, 0x0804, 0x0601, 0x0501, 0x0401};
    uint16_t seen[32];
    size_t n = 0;
    for (const struct signature_verifier *const *v = provider->verifiers; *v != NULL; v++) {
        size_t i = 0;
        while (i < n && seen[i] != (*v)->scheme)
            i++;
        if (i == n && ((*v)->use & (SIGNS_TLS12 | SIGNS_TLS13)))
            seen[n++] = (*v)->scheme;
    }
    assert_int_equal(n, COUNT_OF(expected));
    assert_memory_equal(seen, expected, sizeof expected);
}

/* RFC 9846 section 4.2.3: a curve to each ECDSA scheme, no PKCS #1 v1.5 */
static void does_each_scheme_of_tls_1_3_have_one_kind_of_key(void **state)
{
    (void)state;
    size_t n = 0;
    for (const struct signature_verifier *const *v = provider->verifiers; *v != NULL; v++) {
        if (((*v)->use & SIGNS_TLS13) == 0)
            continue;
        n++;
        assert_true((*v)->scheme != SCHEME_RSA_PKCS1_SHA256);
        for (const struct signature_verifier *const *w = v + 1; *w != NULL; w++)
            assert_false(((*w)->use & SIGNS_TLS13) && (*w)->scheme == (*v)->scheme);
    }
    assert_int_equal(n, 7);
}

static void is_there_no_sha_1_and_no_md5(void **state)
{
    (void)state;
    static const uint8_t pkcs1[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01};
    static const uint8_t ecdsa[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04};
    for (const struct signature_verifier *const *v = provider->verifiers; *v != NULL; v++) {
        struct span oid = span_from((*v)->signature_algorithm, 2);
        if (oid.len > sizeof pkcs1 && memcmp(oid.at, pkcs1, sizeof pkcs1) == 0)
            assert_true(oid.at[sizeof pkcs1] >= 0x0a && oid.at[sizeof pkcs1] <= 0x0d);
        if (oid.len > sizeof ecdsa && memcmp(oid.at, ecdsa, sizeof ecdsa) == 0)
            assert_int_equal(oid.at[sizeof ecdsa], 3); /* ecdsa-with-SHA2 */
    }
}

static void does_the_provider_say_what_it_is(void **state)
{
    (void)state;
    assert_non_null(strstr(provider->name, "OpenSSL 3."));
    assert_false(provider->fips);
    assert_ptr_equal(gv_openssl_provider(), provider);
}

static void are_random_bytes_random(void **state)
{
    (void)state;
    uint8_t a[4096] = {0}, b[4096] = {0}, guard[2] = {7, 7};
    size_t same = 0;
    assert_int_equal(provider->random(a, sizeof a), GV_OK);
    assert_int_equal(provider->random(b, sizeof b), GV_OK);
    for (size_t i = 0; i < sizeof a; i++)
        same += a[i] == b[i];
    assert_true(same < 100); /* 16 are to be expected */
    assert_int_equal(provider->random(guard, 0), GV_OK);
    assert_int_equal(provider->random(guard, 1), GV_OK);
    assert_int_equal(guard[1], 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_the_suites_in_the_order_of_the_api),
        cmocka_unit_test(are_the_groups_in_the_order_of_the_api),
        cmocka_unit_test(do_the_schemes_appear_in_the_order_of_the_api),
        cmocka_unit_test(does_each_scheme_of_tls_1_3_have_one_kind_of_key),
        cmocka_unit_test(is_there_no_sha_1_and_no_md5),
        cmocka_unit_test(does_the_provider_say_what_it_is),
        cmocka_unit_test(are_random_bytes_random),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
