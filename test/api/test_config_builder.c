/* The builders of configs: what they ask for, refuse and pass over. */
#include "galvan.h"
#include "lib/pair.h"

#include <stdlib.h>

static uint32_t accept_all(void *userdata, const struct rustls_verify_server_cert_params *params)
{
    (void)userdata;
    (void)params;
    return RUSTLS_RESULT_OK;
}

static void ignore_secret(struct rustls_str label, const uint8_t *client_random, size_t random_len,
                          const uint8_t *secret, size_t secret_len)
{
    (void)label;
    (void)client_random;
    (void)random_len;
    (void)secret;
    (void)secret_len;
}

/* Builds and frees; answers the result. Uses the builder up. */
static unsigned int client_built(struct rustls_client_config_builder *b)
{
    const struct rustls_client_config *config = NULL;
    unsigned int result = rustls_client_config_builder_build(b, &config);
    assert_int_equal(config != NULL, result == 7000);
    assert_false(rustls_client_config_fips(config));
    rustls_client_config_free(config);
    return result;
}

static unsigned int server_built(struct rustls_server_config_builder *b)
{
    const struct rustls_server_config *config = NULL;
    unsigned int result = rustls_server_config_builder_build(b, &config);
    assert_int_equal(config != NULL, result == 7000);
    assert_false(rustls_server_config_fips(config));
    rustls_server_config_free(config);
    return result;
}

/* A provider with one suite of the default's. */
static const struct rustls_crypto_provider *provider_of(size_t suite)
{
    const struct rustls_supported_ciphersuite *s =
        rustls_default_crypto_provider_ciphersuites_get(suite);
    const struct rustls_crypto_provider *p = NULL;
    struct rustls_crypto_provider_builder *b = NULL;
    assert_ok(rustls_crypto_provider_builder_new_from_default(&b));
    assert_ok(rustls_crypto_provider_builder_set_cipher_suites(b, &s, 1));
    assert_ok(rustls_crypto_provider_builder_build(b, &p));
    rustls_crypto_provider_builder_free(b);
    return p;
}

enum { SUITE_13 = 0, SUITE_12 = 3 };

static struct rustls_client_config_builder *client_of(size_t suite, const uint16_t *versions,
                                                      size_t count)
{
    const struct rustls_crypto_provider *p = provider_of(suite);
    struct rustls_client_config_builder *b = NULL;
    assert_ok(rustls_client_config_builder_new_custom(p, versions, count, &b));
    rustls_crypto_provider_free(p);
    return b;
}

static void does_a_client_need_a_verifier(void **state)
{
    (void)state;
    assert_int_equal(client_built(rustls_client_config_builder_new()), 7015);
    assert_int_equal(client_built(test_client_builder("ca")), 7000);
    const uint16_t unknown[] = {0x0302};
    assert_int_equal(client_built(client_of(SUITE_13, unknown, 1)), 7015);
}

static void does_a_server_need_a_key(void **state)
{
    (void)state;
    assert_int_equal(server_built(rustls_server_config_builder_new()), 7018);
    assert_int_equal(server_built(test_server_builder("p256")), 7000);

    struct rustls_server_config_builder *b = rustls_server_config_builder_new();
    const struct rustls_certified_key *none[] = {NULL};
    assert_ok(rustls_server_config_builder_set_certified_keys(b, none, 0)); /* set, if to none */
    assert_int_equal(server_built(b), 7000);
}

static void must_a_version_have_a_suite(void **state)
{
    (void)state;
    static const struct {
        size_t suite;
        uint16_t versions[2];
        size_t count;
        unsigned int client, server;
    } facts[] = {
        {SUITE_12, {0x0304}, 1, 7112, 7112},
        {SUITE_12, {0x0304, 0x0303}, 2, 7000, 7000}, /* 1.3 is left out */
        {SUITE_13, {0x0303}, 1, 7112, 7112},
        {SUITE_13, {0x0304}, 1, 7000, 7000},
        {SUITE_13, {0x0302, 0x0304}, 2, 7000, 7000}, /* what is unknown is passed over */
        {SUITE_13, {0x0302}, 1, 7000, 7112},         /* none is left: a client takes the default */
        {SUITE_13, {0}, 0, 7000, 7112},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        struct rustls_client_config_builder *c =
            client_of(facts[i].suite, facts[i].versions, facts[i].count);
        assert_ok(rustls_client_config_builder_dangerous_set_certificate_verifier(c, accept_all));
        assert_int_equal(client_built(c), facts[i].client);

        const struct rustls_crypto_provider *p = provider_of(facts[i].suite);
        const struct rustls_certified_key *key = test_certified_key("p256");
        struct rustls_server_config_builder *s = NULL;
        assert_ok(
            rustls_server_config_builder_new_custom(p, facts[i].versions, facts[i].count, &s));
        assert_ok(rustls_server_config_builder_set_certified_keys(s, &key, 1));
        assert_int_equal(server_built(s), facts[i].server);
        rustls_certified_key_free(key);
        rustls_crypto_provider_free(p);
    }
}

static void are_two_certified_keys_taken(void **state)
{
    (void)state;
    const struct rustls_certified_key *keys[] = {test_certified_key("p256"),
                                                 test_certified_key("rsa2048")};
    struct rustls_server_config_builder *s = rustls_server_config_builder_new();
    struct rustls_client_config_builder *c = test_client_builder("ca");
    assert_ok(rustls_server_config_builder_set_certified_keys(s, keys, 2));
    assert_ok(rustls_server_config_builder_set_certified_keys(s, keys, 2)); /* replaces */
    assert_ok(rustls_client_config_builder_set_certified_key(c, keys, 2));
    rustls_certified_key_free(keys[0]);
    rustls_certified_key_free(keys[1]);
    assert_int_equal(server_built(s), 7000);
    assert_int_equal(client_built(c), 7000);
}

static void are_alpn_names_bounded(void **state)
{
    (void)state;
    static uint8_t big[256];
    const struct rustls_slice_bytes empty = {(const uint8_t *)"", 0}, longest = {big, 255},
                                    longer = {big, 256}, no_data = {NULL, 0};
    struct rustls_client_config_builder *c = rustls_client_config_builder_new();
    struct rustls_server_config_builder *s = rustls_server_config_builder_new();
    assert_ok(rustls_client_config_builder_set_alpn_protocols(c, &empty, 1));
    assert_ok(rustls_client_config_builder_set_alpn_protocols(c, &empty, 0));
    assert_ok(rustls_client_config_builder_set_alpn_protocols(c, &longest, 1));
    assert_result(rustls_client_config_builder_set_alpn_protocols(c, &longer, 1), 7009);
    assert_result(rustls_client_config_builder_set_alpn_protocols(c, &no_data, 1), 7002);
    assert_result(rustls_client_config_builder_set_alpn_protocols(c, NULL, 0), 7002);
    assert_result(rustls_client_config_builder_set_alpn_protocols(NULL, &empty, 1), 7002);
    assert_ok(rustls_server_config_builder_set_alpn_protocols(s, &empty, 1));
    assert_result(rustls_server_config_builder_set_alpn_protocols(s, NULL, 0), 7002);
    assert_result(rustls_server_config_builder_set_alpn_protocols(NULL, &empty, 1), 7002);
    rustls_client_config_builder_free(c);
    rustls_server_config_builder_free(s);
}

static void are_limits_bounded(void **state)
{
    (void)state;
    static const struct {
        unsigned limit;
        uint64_t value;
        unsigned int result;
    } facts[] = {
        {GALVAN_LIMIT_HANDSHAKE_MESSAGE, 0, 7009},
        {GALVAN_LIMIT_HANDSHAKE_MESSAGE, 1, 7000},
        {GALVAN_LIMIT_HANDSHAKE_MESSAGE, 0xffffff, 7000},
        {GALVAN_LIMIT_HANDSHAKE_MESSAGE, 0x1000000, 7009},
        {GALVAN_LIMIT_CERTIFICATE_CHAIN, 0, 7009},
        {GALVAN_LIMIT_CERTIFICATE_CHAIN, 0xffffff, 7000},
        {GALVAN_LIMIT_EMPTY_RECORDS, 0, 7000},
        {GALVAN_LIMIT_EMPTY_RECORDS, UINT32_MAX, 7000},
        {GALVAN_LIMIT_EMPTY_RECORDS, (uint64_t)UINT32_MAX + 1, 7009},
        {GALVAN_LIMIT_WARNING_ALERTS, 1, 7000},
        {GALVAN_LIMIT_POST_HANDSHAKE, 1, 7000},
        {GALVAN_LIMIT_MIDDLEBOX_CCS, 1, 7000},
        {GALVAN_LIMIT_RECORDS_PER_KEY, 0, 7000},
        {GALVAN_LIMIT_RECORDS_PER_KEY, 1, 7009}, /* KeyUpdate needs one */
        {GALVAN_LIMIT_RECORDS_PER_KEY, 2, 7000},
        {GALVAN_LIMIT_RECORDS_PER_KEY, UINT64_MAX, 7000},
        {GALVAN_LIMIT_SKIPPED_EARLY_DATA, 0, 7000},
        {GALVAN_LIMIT_SKIPPED_EARLY_DATA + 1, 1, 7009},
    };
    struct rustls_client_config_builder *c = rustls_client_config_builder_new();
    struct rustls_server_config_builder *s = rustls_server_config_builder_new();
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        enum galvan_limit limit = (enum galvan_limit)facts[i].limit;
        assert_result(galvan_client_config_builder_set_limit(c, limit, facts[i].value),
                      facts[i].result);
        assert_result(galvan_server_config_builder_set_limit(s, limit, facts[i].value),
                      facts[i].result);
    }
    assert_result(galvan_client_config_builder_set_limit(NULL, GALVAN_LIMIT_EMPTY_RECORDS, 1),
                  7002);
    assert_result(galvan_server_config_builder_set_limit(NULL, GALVAN_LIMIT_EMPTY_RECORDS, 1),
                  7002);
    rustls_client_config_builder_free(c);
    rustls_server_config_builder_free(s);
}

static void are_roots_loaded_the_older_way(void **state)
{
    (void)state;
    struct rustls_client_config_builder *b = rustls_client_config_builder_new();
    assert_result(rustls_client_config_builder_load_roots_from_file(b, "/no/such/file"), 7001);
    assert_result(rustls_client_config_builder_load_roots_from_file(b, TEST_DIR "/certs/README.md"),
                  7005);
    assert_result(rustls_client_config_builder_load_roots_from_file(b, NULL), 7002);
    assert_result(rustls_client_config_builder_load_roots_from_file(NULL, "x"), 7002);
    assert_ok(rustls_client_config_builder_load_roots_from_file(b, TEST_DIR "/certs/ca.pem"));
    assert_ok(rustls_client_config_builder_load_roots_from_file(b, TEST_DIR "/certs/ca.pem"));
    assert_int_equal(client_built(b), 7000);
}

static void does_null_harm_a_builder(void **state)
{
    (void)state;
    const struct rustls_crypto_provider *p = rustls_crypto_provider_default();
    const struct rustls_certified_key *none[] = {NULL};
    const struct rustls_client_config *client = NULL;
    const struct rustls_server_config *server = NULL;
    struct rustls_client_config_builder *c = NULL;
    struct rustls_server_config_builder *s = NULL;
    const uint16_t *all = RUSTLS_ALL_VERSIONS;
    assert_result(rustls_client_config_builder_new_custom(NULL, all, 2, &c), 7002);
    assert_result(rustls_client_config_builder_new_custom(p, NULL, 0, &c), 7002);
    assert_result(rustls_client_config_builder_new_custom(p, all, 2, NULL), 7002);
    assert_result(rustls_server_config_builder_new_custom(NULL, all, 2, &s), 7002);
    assert_result(rustls_server_config_builder_new_custom(p, NULL, 0, &s), 7002);
    assert_result(rustls_server_config_builder_new_custom(p, all, 2, NULL), 7002);
    rustls_crypto_provider_free(p);

    c = test_client_builder("ca");
    s = test_server_builder("p256");
    assert_result(rustls_client_config_builder_set_certified_key(c, NULL, 0), 7002);
    assert_result(rustls_client_config_builder_set_certified_key(c, none, 1), 7002);
    assert_result(rustls_client_config_builder_set_certified_key(NULL, none, 0), 7002);
    assert_result(rustls_server_config_builder_set_certified_keys(s, NULL, 0), 7002);
    assert_result(rustls_server_config_builder_set_certified_keys(s, none, 1), 7002);
    assert_result(rustls_server_config_builder_set_certified_keys(NULL, none, 0), 7002);
    assert_result(rustls_server_config_builder_set_ignore_client_order(NULL, true), 7002);
    assert_ok(rustls_server_config_builder_set_ignore_client_order(s, true));
    assert_result(rustls_client_config_builder_dangerous_set_certificate_verifier(c, NULL), 7009);
    assert_result(rustls_client_config_builder_dangerous_set_certificate_verifier(NULL, accept_all),
                  7002);
    rustls_client_config_builder_set_server_verifier(c, NULL);
    rustls_client_config_builder_set_server_verifier(NULL, NULL);
    rustls_client_config_builder_set_check_selected_alpn(NULL, true);
    rustls_client_config_builder_set_enable_sni(NULL, true);
    rustls_server_config_builder_set_client_verifier(s, NULL);
    rustls_server_config_builder_set_client_verifier(NULL, NULL);
    assert_int_equal(client_built(c), 7000); /* none of it changed anything */
    assert_int_equal(server_built(s), 7000);

    assert_result(rustls_client_config_builder_build(NULL, &client), 7002);
    assert_result(rustls_server_config_builder_build(NULL, &server), 7002);
    assert_result(rustls_client_config_builder_build(test_client_builder("ca"), NULL), 7002);
    assert_result(rustls_server_config_builder_build(test_server_builder("p256"), NULL), 7002);
    rustls_client_config_builder_free(NULL);
    rustls_server_config_builder_free(NULL);
    rustls_client_config_free(NULL);
    rustls_server_config_free(NULL);
}

static void does_a_key_log_need_its_callback(void **state)
{
    (void)state;
    struct rustls_client_config_builder *c = test_client_builder("ca");
    struct rustls_server_config_builder *s = test_server_builder("p256");
    unsetenv("SSLKEYLOGFILE");
    assert_ok(rustls_client_config_builder_set_key_log_file(c));
    assert_ok(rustls_server_config_builder_set_key_log_file(s));
    assert_result(rustls_client_config_builder_set_key_log(c, NULL, NULL), 7002);
    assert_result(rustls_server_config_builder_set_key_log(s, NULL, NULL), 7002);
    assert_ok(rustls_client_config_builder_set_key_log(c, ignore_secret, NULL));
    assert_ok(rustls_server_config_builder_set_key_log(s, ignore_secret, NULL));
    assert_result(rustls_client_config_builder_set_key_log(NULL, ignore_secret, NULL), 7002);
    assert_result(rustls_server_config_builder_set_key_log(NULL, ignore_secret, NULL), 7002);
    assert_result(rustls_client_config_builder_set_key_log_file(NULL), 7002);
    assert_result(rustls_server_config_builder_set_key_log_file(NULL), 7002);
    assert_int_equal(client_built(c), 7000);
    assert_int_equal(server_built(s), 7000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_a_client_need_a_verifier),
        cmocka_unit_test(does_a_server_need_a_key),
        cmocka_unit_test(must_a_version_have_a_suite),
        cmocka_unit_test(are_two_certified_keys_taken),
        cmocka_unit_test(are_alpn_names_bounded),
        cmocka_unit_test(are_limits_bounded),
        cmocka_unit_test(are_roots_loaded_the_older_way),
        cmocka_unit_test(does_null_harm_a_builder),
        cmocka_unit_test(does_a_key_log_need_its_callback),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
