/* Crypto providers and cipher suites: what is in the default, and how one is narrowed. */
#include "galvan.h"
#include "lib/pair.h"

#include <stdlib.h>

struct suite {
    uint16_t code;
    const char *name;
    uint16_t version;
};

static const struct suite suites[] = {
    {0x1302, "TLS13_AES_256_GCM_SHA384", 0x0304},
    {0x1301, "TLS13_AES_128_GCM_SHA256", 0x0304},
    {0x1303, "TLS13_CHACHA20_POLY1305_SHA256", 0x0304},
    {0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 0x0303},
    {0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 0x0303},
    {0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", 0x0303},
    {0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 0x0303},
    {0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 0x0303},
    {0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", 0x0303},
};
enum { SUITES = sizeof suites / sizeof *suites };

static void assert_suite(const struct rustls_supported_ciphersuite *s, const struct suite *want)
{
    assert_non_null(s);
    assert_int_equal(rustls_supported_ciphersuite_get_suite(s), want->code);
    assert_str(rustls_supported_ciphersuite_get_name(s), want->name);
    assert_int_equal(rustls_supported_ciphersuite_protocol_version(s), want->version);
}

static void assert_all_suites(const struct rustls_crypto_provider *p)
{
    assert_non_null(p);
    assert_int_equal(rustls_crypto_provider_ciphersuites_len(p), SUITES);
    for (size_t i = 0; i < SUITES; i++)
        assert_suite(rustls_crypto_provider_ciphersuites_get(p, i), &suites[i]);
    assert_null(rustls_crypto_provider_ciphersuites_get(p, SUITES));
    assert_null(rustls_crypto_provider_ciphersuites_get(p, SIZE_MAX));
    rustls_crypto_provider_free(p);
}

static void are_the_default_suites_in_their_order(void **state)
{
    (void)state;
    assert_int_equal(rustls_default_crypto_provider_ciphersuites_len(), SUITES);
    for (size_t i = 0; i < SUITES; i++)
        assert_suite(rustls_default_crypto_provider_ciphersuites_get(i), &suites[i]);
    assert_null(rustls_default_crypto_provider_ciphersuites_get(SUITES));
    assert_all_suites(rustls_crypto_provider_default());
}

static void do_both_names_of_a_backend_answer_ours(void **state)
{
    (void)state;
    assert_all_suites(rustls_aws_lc_rs_crypto_provider());
    assert_all_suites(rustls_ring_crypto_provider());
}

static void is_no_suite_at_all_answered_with_nothing(void **state)
{
    (void)state;
    assert_int_equal(rustls_supported_ciphersuite_get_suite(NULL), 0);
    assert_int_equal(rustls_supported_ciphersuite_get_name(NULL).len, 0);
    assert_int_equal(rustls_supported_ciphersuite_protocol_version(NULL), 0);
    assert_int_equal(rustls_crypto_provider_ciphersuites_len(NULL), 0);
    assert_null(rustls_crypto_provider_ciphersuites_get(NULL, 0));
    assert_false(rustls_crypto_provider_fips(NULL));
    rustls_crypto_provider_free(NULL);
}

static void does_random_fill_the_whole_buffer(void **state)
{
    (void)state;
    uint8_t zero[64] = {0}, one[64] = {0}, two[64] = {0};
    const struct rustls_crypto_provider *p = rustls_crypto_provider_default();
    assert_ok(rustls_crypto_provider_random(p, one, sizeof one));
    assert_ok(rustls_default_crypto_provider_random(two, sizeof two));
    for (size_t i = 0; i < 64; i += 16) { /* 2^-128 for a false alarm */
        assert_memory_not_equal(one + i, zero, 16);
        assert_memory_not_equal(two + i, zero, 16);
        assert_memory_not_equal(one + i, two + i, 16);
    }
    assert_ok(rustls_crypto_provider_random(p, one, 0));
    assert_result(rustls_crypto_provider_random(p, NULL, 0), 7002);
    assert_result(rustls_crypto_provider_random(NULL, one, 1), 7002);
    assert_result(rustls_default_crypto_provider_random(NULL, 1), 7002);
    assert_false(rustls_crypto_provider_fips(p));
    rustls_crypto_provider_free(p);
}

static struct rustls_crypto_provider_builder *a_builder(void)
{
    struct rustls_crypto_provider_builder *b = NULL;
    assert_ok(rustls_crypto_provider_builder_new_from_default(&b));
    assert_non_null(b);
    return b;
}

static void is_a_builder_used_up_by_its_build(void **state)
{
    (void)state;
    const struct rustls_crypto_provider *p = NULL, *again = NULL;
    struct rustls_crypto_provider_builder *b = a_builder();
    assert_ok(rustls_crypto_provider_builder_build(b, &p));
    assert_result(rustls_crypto_provider_builder_build(b, &again), 7013);
    assert_null(again);
    assert_result(rustls_crypto_provider_builder_build_as_default(b), 7013);
    assert_result(rustls_crypto_provider_builder_set_cipher_suites(b, NULL, 0), 7013);
    rustls_crypto_provider_builder_free(b);
    assert_all_suites(p);
}

static void may_a_second_default_be_installed(void **state)
{
    (void)state;
    struct rustls_crypto_provider_builder *b = a_builder();
    assert_result(rustls_crypto_provider_builder_build_as_default(b), 7013);
    assert_result(rustls_crypto_provider_builder_build_as_default(b), 7013);
    rustls_crypto_provider_builder_free(b);
}

static void are_suites_narrowed_in_the_order_given(void **state)
{
    (void)state;
    const struct rustls_crypto_provider *base = rustls_aws_lc_rs_crypto_provider(), *p = NULL;
    const struct rustls_supported_ciphersuite *chosen[] = {
        rustls_default_crypto_provider_ciphersuites_get(2),
        rustls_default_crypto_provider_ciphersuites_get(0),
    };
    struct rustls_crypto_provider_builder *b = rustls_crypto_provider_builder_new_with_base(base);
    assert_non_null(b);
    rustls_crypto_provider_free(base);
    assert_ok(rustls_crypto_provider_builder_set_cipher_suites(b, chosen, 1));
    assert_ok(rustls_crypto_provider_builder_set_cipher_suites(b, chosen, 2)); /* replaces */
    assert_ok(rustls_crypto_provider_builder_build(b, &p));
    rustls_crypto_provider_builder_free(b);
    assert_int_equal(rustls_crypto_provider_ciphersuites_len(p), 2);
    assert_suite(rustls_crypto_provider_ciphersuites_get(p, 0), &suites[2]);
    assert_suite(rustls_crypto_provider_ciphersuites_get(p, 1), &suites[0]);
    assert_null(rustls_crypto_provider_ciphersuites_get(p, 2));

    /* A narrowed one is a base like any other, and outlives whoever had it. */
    b = rustls_crypto_provider_builder_new_with_base(p);
    rustls_crypto_provider_free(p);
    assert_ok(rustls_crypto_provider_builder_set_cipher_suites(b, chosen, 0)); /* the base's own */
    assert_ok(rustls_crypto_provider_builder_build(b, &p));
    rustls_crypto_provider_builder_free(b);
    assert_int_equal(rustls_crypto_provider_ciphersuites_len(p), 2);
    rustls_crypto_provider_free(p);
}

/* The client offers these groups in TLS 1.3, the server has its own; the one that they agree on, or
 * "" where there is none. */
static void assert_agreed(const uint16_t *offered, size_t count, const char *group)
{
    const struct rustls_crypto_provider *p = NULL;
    struct rustls_crypto_provider_builder *b = a_builder(), *all = a_builder();
    static const uint16_t every[] = {0x11ed, 0x11eb, 0x11ec, 0x0018, 0x0017, 0x001d};
    assert_ok(galvan_crypto_provider_builder_set_groups(b, offered, count));
    assert_ok(rustls_crypto_provider_builder_build(b, &p));
    rustls_crypto_provider_builder_free(b);
    struct rustls_client_config_builder *client = test_client_builder_with("ca", p, 0x0304);
    assert_ok(galvan_crypto_provider_builder_set_groups(all, every, 6));
    assert_ok(rustls_crypto_provider_builder_build(all, &p));
    rustls_crypto_provider_builder_free(all);
    struct pair *pair = pair_new(client, "localhost", test_server_builder_with("p256", p, 0x0304));
    pair_run(pair);
    assert_ok(pair->client_result);
    assert_ok(pair->server_result);
    assert_str(rustls_connection_get_negotiated_key_exchange_group_name(pair->client), group);
    pair_free(pair);
}

static void are_groups_chosen_by_number_the_clients_first(void **state)
{
    (void)state;
    static const uint16_t others[] = {0x0018, 0x11eb}, hybrid[] = {0x11eb}, large[] = {0x11ed};
    assert_agreed(others, 2, "secp384r1");
    assert_agreed(others + 1, 1, "secp256r1MLKEM768");
    assert_agreed(hybrid, 1, "secp256r1MLKEM768");
    assert_agreed(large, 1, "secp384r1MLKEM1024");
    assert_agreed(large, 0, "X25519MLKEM768"); /* the base's own */
}

static void do_groups_and_suites_of_a_builder_go_together(void **state)
{
    (void)state;
    static const uint16_t p384[] = {0x0018}, p256[] = {0x0017}, hybrid[] = {0x11ec};
    const struct rustls_supported_ciphersuite *last =
        rustls_default_crypto_provider_ciphersuites_get(2);
    struct rustls_crypto_provider_builder *b = a_builder();
    const struct rustls_crypto_provider *p = NULL;
    struct rustls_client_config_builder *client = NULL;
    const uint16_t tls12 = 0x0303;
    assert_ok(galvan_crypto_provider_builder_set_groups(b, p384, 1));
    assert_ok(rustls_crypto_provider_builder_set_cipher_suites(b, &last, 1));
    assert_ok(galvan_crypto_provider_builder_set_groups(b, p256, 1)); /* replaces */
    assert_ok(rustls_crypto_provider_builder_build(b, &p));
    rustls_crypto_provider_builder_free(b);
    assert_int_equal(rustls_crypto_provider_ciphersuites_len(p), 1);
    struct pair *pair = pair_new(test_client_builder_with("ca", p, 0x0304), "localhost",
                                 test_server_builder_of("p256", 0x0304));
    pair_run(pair);
    assert_str(rustls_connection_get_negotiated_key_exchange_group_name(pair->server), "secp256r1");
    assert_str(rustls_connection_get_negotiated_ciphersuite_name(pair->server),
               "TLS13_CHACHA20_POLY1305_SHA256");
    pair_free(pair);

    /* TLS 1.2 has no hybrid groups: with nothing else it cannot be spoken. */
    b = a_builder();
    assert_ok(galvan_crypto_provider_builder_set_groups(b, hybrid, 1));
    assert_ok(rustls_crypto_provider_builder_build(b, &p));
    rustls_crypto_provider_builder_free(b);
    client = test_client_builder_with("ca", p, tls12);
    const struct rustls_client_config *config = NULL;
    assert_result(rustls_client_config_builder_build(client, &config), RUSTLS_RESULT_GENERAL);
}

static void is_a_group_that_is_not_there_refused(void **state)
{
    (void)state;
    static const uint16_t strange[] = {0x001d, 0x001e}, twice[] = {0x001d, 0x0017, 0x001d};
    static const uint16_t many[17] = {0x001d};
    struct rustls_crypto_provider_builder *b = a_builder();
    const struct rustls_crypto_provider *p = NULL;
    assert_result(galvan_crypto_provider_builder_set_groups(NULL, strange, 1), 7002);
    assert_result(galvan_crypto_provider_builder_set_groups(b, NULL, 0), 7002);
    assert_result(galvan_crypto_provider_builder_set_groups(b, strange, 2), 7009);
    assert_result(galvan_crypto_provider_builder_set_groups(b, twice, 3), 7009);
    assert_result(galvan_crypto_provider_builder_set_groups(b, many, 17), 7009);
    assert_ok(rustls_crypto_provider_builder_build(b, &p));
    assert_result(galvan_crypto_provider_builder_set_groups(b, strange, 1), 7013);
    rustls_crypto_provider_builder_free(b);
    assert_all_suites(p);
}

static void does_null_harm_a_builder(void **state)
{
    (void)state;
    const struct rustls_crypto_provider *p = NULL;
    const struct rustls_supported_ciphersuite *none[] = {NULL};
    struct rustls_crypto_provider_builder *b = a_builder();
    assert_result(rustls_crypto_provider_builder_new_from_default(NULL), 7002);
    assert_null(rustls_crypto_provider_builder_new_with_base(NULL));
    assert_result(rustls_crypto_provider_builder_set_cipher_suites(NULL, none, 0), 7002);
    assert_result(rustls_crypto_provider_builder_set_cipher_suites(b, NULL, 0), 7002);
    assert_result(rustls_crypto_provider_builder_set_cipher_suites(b, none, 1), 7002);
    assert_result(rustls_crypto_provider_builder_build(NULL, &p), 7002);
    assert_result(rustls_crypto_provider_builder_build(b, NULL), 7002);
    assert_result(rustls_crypto_provider_builder_build_as_default(NULL), 7002);
    assert_ok(rustls_crypto_provider_builder_build(b, &p)); /* none of it used the builder up */
    rustls_crypto_provider_builder_free(b);
    rustls_crypto_provider_builder_free(NULL);
    assert_all_suites(p);
}

static void are_keys_loaded_from_pem(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        unsigned int result;
    } facts[] = {
        {"certs/p256.key", 7000},    {"certs/p256-sec1.key", 7000},
        {"certs/rsa2048.key", 7000}, {"certs/rsa2048-pkcs1.key", 7000},
        {"certs/ed25519.key", 7000}, {"certs/p384.key", 7000},
        {"certs/p521.key", 7000},    {"certs/rsa1024.key", 7112},    /* too small */
        {"certs/p256.pem", 7006},    {"certs/p256-pkcs8.der", 7006}, /* no key, no PEM */
    };
    const struct rustls_crypto_provider *p = rustls_crypto_provider_default();
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        struct rustls_signing_key *key = NULL;
        struct file f = test_file(facts[i].path);
        assert_result(rustls_crypto_provider_load_key(p, f.data, f.len, &key), facts[i].result);
        assert_int_equal(key != NULL, facts[i].result == 7000);
        rustls_signing_key_free(key);
        free(f.data);
    }
    struct rustls_signing_key *key = NULL;
    const uint8_t garbage[] = "-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----\n";
    assert_result(rustls_crypto_provider_load_key(p, garbage, sizeof garbage - 1, &key), 7006);
    assert_result(rustls_crypto_provider_load_key(p, garbage, 0, &key), 7006);
    assert_result(rustls_crypto_provider_load_key(p, NULL, 0, &key), 7002);
    assert_result(rustls_crypto_provider_load_key(NULL, garbage, 1, &key), 7002);
    assert_result(rustls_crypto_provider_load_key(p, garbage, 1, NULL), 7002);
    rustls_crypto_provider_free(p);
}

static void are_suites_of_hpke_there(void **state)
{
    (void)state;
    assert_non_null(rustls_supported_hpke());
    assert_ptr_equal(rustls_supported_hpke(), rustls_supported_hpke());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_the_default_suites_in_their_order),
        cmocka_unit_test(do_both_names_of_a_backend_answer_ours),
        cmocka_unit_test(is_no_suite_at_all_answered_with_nothing),
        cmocka_unit_test(does_random_fill_the_whole_buffer),
        cmocka_unit_test(is_a_builder_used_up_by_its_build),
        cmocka_unit_test(may_a_second_default_be_installed),
        cmocka_unit_test(are_suites_narrowed_in_the_order_given),
        cmocka_unit_test(are_groups_chosen_by_number_the_clients_first),
        cmocka_unit_test(do_groups_and_suites_of_a_builder_go_together),
        cmocka_unit_test(is_a_group_that_is_not_there_refused),
        cmocka_unit_test(does_null_harm_a_builder),
        cmocka_unit_test(are_keys_loaded_from_pem),
        cmocka_unit_test(are_suites_of_hpke_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
