/* What client and server agree on in TLS 1.3, and what both are told where they cannot. */
#include "lib/pair.h"

static const uint16_t tls13 = 0x0304;

/* A provider with one of the default's suites. */
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

static uint32_t accept_all(void *userdata, const struct rustls_verify_server_cert_params *params)
{
    (void)userdata;
    (void)params;
    return RUSTLS_RESULT_OK;
}

static struct rustls_client_config_builder *client_of(size_t suite)
{
    const struct rustls_crypto_provider *p = provider_of(suite);
    struct rustls_client_config_builder *b = NULL;
    assert_ok(rustls_client_config_builder_new_custom(p, &tls13, 1, &b));
    assert_ok(rustls_client_config_builder_dangerous_set_certificate_verifier(b, accept_all));
    rustls_crypto_provider_free(p);
    return b;
}

static struct rustls_server_config_builder *server_of(size_t suite)
{
    const struct rustls_crypto_provider *p = provider_of(suite);
    const struct rustls_certified_key *key = test_certified_key("p256");
    struct rustls_server_config_builder *b = NULL;
    assert_ok(rustls_server_config_builder_new_custom(p, &tls13, 1, &b));
    assert_ok(rustls_server_config_builder_set_certified_keys(b, &key, 1));
    rustls_certified_key_free(key);
    rustls_crypto_provider_free(p);
    return b;
}

/* Runs the handshake, holds both results, and that they stay. */
static struct pair *ran(struct rustls_client_config_builder *client,
                        struct rustls_server_config_builder *server, unsigned int client_result,
                        unsigned int server_result)
{
    struct pair *p = pair_new(client, "localhost", server);
    uint8_t byte = 0;
    size_t n = 99;
    pair_run(p);
    assert_result(p->client_result, client_result);
    assert_result(p->server_result, server_result);
    assert_result(rustls_connection_process_new_packets(p->client), client_result);
    assert_result(rustls_connection_process_new_packets(p->server), server_result);
    assert_result(rustls_connection_read(p->client, &byte, 1, &n), 7011);
    assert_int_equal(n, 99);
    assert_ok(rustls_connection_write(p->client, &byte, 1, &n));
    assert_int_equal(n, 1);
    assert_false(rustls_result_is_cert_error(client_result));
    return p;
}

static void is_each_suite_agreed_on(void **state)
{
    (void)state;
    static const uint16_t codes[] = {0x1302, 0x1301, 0x1303};
    for (size_t i = 0; i < 3; i++) {
        struct pair *p = ran(test_client_builder_of("ca", tls13), server_of(i), 7000, 7000);
        assert_int_equal(rustls_connection_get_negotiated_ciphersuite(p->client), codes[i]);
        assert_int_equal(rustls_connection_get_negotiated_ciphersuite(p->server), codes[i]);
        pair_free(p);
    }
}

static void is_no_suite_in_common_told_to_both(void **state)
{
    (void)state;
    struct pair *p = ran(client_of(0), server_of(1), 7215, 7112);
    assert_int_equal(rustls_connection_get_protocol_version(p->client), 0);
    assert_int_equal(rustls_connection_get_negotiated_ciphersuite(p->client), 0);
    assert_state(p->client, 1, 0, 1);
    pair_free(p);
}

static void does_the_clients_or_the_servers_order_decide(void **state)
{
    (void)state;
    for (int ignore = 0; ignore < 2; ignore++) {
        const struct rustls_supported_ciphersuite *order[] = {
            rustls_default_crypto_provider_ciphersuites_get(2),
            rustls_default_crypto_provider_ciphersuites_get(0),
        };
        const struct rustls_crypto_provider *provider = NULL;
        struct rustls_crypto_provider_builder *b = NULL;
        struct rustls_server_config_builder *server = NULL;
        const struct rustls_certified_key *key = test_certified_key("p256");
        assert_ok(rustls_crypto_provider_builder_new_from_default(&b));
        assert_ok(rustls_crypto_provider_builder_set_cipher_suites(b, order, 2));
        assert_ok(rustls_crypto_provider_builder_build(b, &provider));
        assert_ok(rustls_server_config_builder_new_custom(provider, &tls13, 1, &server));
        assert_ok(rustls_server_config_builder_set_certified_keys(server, &key, 1));
        assert_ok(rustls_server_config_builder_set_ignore_client_order(server, ignore != 0));
        rustls_certified_key_free(key);
        rustls_crypto_provider_builder_free(b);
        rustls_crypto_provider_free(provider);
        struct pair *p = ran(test_client_builder_of("ca", tls13), server, 7000, 7000);
        assert_int_equal(rustls_connection_get_negotiated_ciphersuite(p->client),
                         ignore != 0 ? 0x1303 : 0x1302);
        pair_free(p);
    }
}

static const struct rustls_slice_bytes h2 = {(const uint8_t *)"h2", 2},
                                       http11 = {(const uint8_t *)"http/1.1", 8};

static void does_alpn_come_out_as_programs_know(void **state)
{
    (void)state;
    const struct rustls_slice_bytes both[] = {h2, http11}, other_way[] = {http11, h2};
    const struct {
        const struct rustls_slice_bytes *client, *server;
        size_t client_count, server_count;
        unsigned int client_result, server_result;
        const char *agreed;
    } facts[] = {
        {&h2, NULL, 1, 0, 7000, 7000, NULL},    {NULL, &h2, 0, 1, 7000, 7000, NULL},
        {&h2, &http11, 1, 1, 7233, 7106, NULL}, {both, other_way, 2, 2, 7000, 7000, "http/1.1"},
        {both, &h2, 2, 1, 7000, 7000, "h2"},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        struct rustls_client_config_builder *client = test_client_builder_of("ca", tls13);
        struct rustls_server_config_builder *server = test_server_builder_of("p256", tls13);
        const uint8_t *alpn = NULL;
        size_t len = 9;
        if (facts[i].client != NULL)
            assert_ok(rustls_client_config_builder_set_alpn_protocols(client, facts[i].client,
                                                                      facts[i].client_count));
        if (facts[i].server != NULL)
            assert_ok(rustls_server_config_builder_set_alpn_protocols(server, facts[i].server,
                                                                      facts[i].server_count));
        struct pair *p = ran(client, server, facts[i].client_result, facts[i].server_result);
        rustls_connection_get_alpn_protocol(p->client, &alpn, &len);
        assert_int_equal(len, facts[i].agreed == NULL ? 0 : strlen(facts[i].agreed));
        assert_int_equal(alpn == NULL, facts[i].agreed == NULL);
        if (alpn != NULL)
            assert_memory_equal(alpn, facts[i].agreed, len);
        pair_free(p);
    }
}

static void may_a_connection_offer_alpn_of_its_own(void **state)
{
    (void)state;
    struct rustls_client_config_builder *builder = test_client_builder_of("ca", tls13);
    struct rustls_server_config_builder *server = test_server_builder_of("p256", tls13);
    assert_ok(rustls_client_config_builder_set_alpn_protocols(builder, &h2, 1));
    assert_ok(rustls_server_config_builder_set_alpn_protocols(server, &http11, 1));
    const struct rustls_client_config *config = test_client_config(builder);
    struct pair *p = pair_new(test_client_builder_of("ca", tls13), "localhost", server);
    const uint8_t *alpn = NULL;
    size_t len = 0;
    rustls_connection_free(p->client);
    assert_ok(rustls_client_connection_new_alpn(config, "localhost", &http11, 1, &p->client));
    rustls_client_config_free(config);
    pair_run(p);
    rustls_connection_get_alpn_protocol(p->client, &alpn, &len);
    assert_int_equal(len, 8);
    assert_memory_equal(alpn, "http/1.1", 8);
    pair_free(p);
}

/* The server has TLS 1.2 alone; the client is told protocol_version (RFC 9846 section 4.2.1). */
static void is_no_version_in_common_told_to_both(void **state)
{
    (void)state;
    struct pair *p = ran(test_client_builder_of("ca", tls13),
                         test_server_builder_of("p256", 0x0303), 7219, 7107);
    assert_int_equal(rustls_connection_get_protocol_version(p->server), 0);
    assert_state(p->client, 1, 0, 1);
    assert_state(p->server, 1, 0, 1);
    pair_free(p);
}

static void is_each_kind_of_key_accepted(void **state)
{
    (void)state;
    static const char *const names[] = {"p256",    "p384",    "p521",   "ed25519",
                                        "rsa2048", "rsa3072", "no-eku", "chain"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        print_message("%s\n", names[i]);
        pair_free(ran(test_client_builder_of("ca", tls13), test_server_builder_of(names[i], tls13),
                      7000, 7000));
    }
}

/* A server with no key to speak with (an empty list was set) turns everybody away. */
static void is_no_key_in_common_told_to_both(void **state)
{
    (void)state;
    const struct rustls_certified_key *none[] = {NULL};
    struct rustls_server_config_builder *server = test_server_builder_of("p256", tls13);
    assert_ok(rustls_server_config_builder_set_certified_keys(server, none, 0));
    pair_free(ran(test_client_builder_of("ca", tls13), server, 7215, 7112));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_each_suite_agreed_on),
        cmocka_unit_test(is_no_suite_in_common_told_to_both),
        cmocka_unit_test(does_the_clients_or_the_servers_order_decide),
        cmocka_unit_test(does_alpn_come_out_as_programs_know),
        cmocka_unit_test(may_a_connection_offer_alpn_of_its_own),
        cmocka_unit_test(is_no_version_in_common_told_to_both),
        cmocka_unit_test(is_each_kind_of_key_accepted),
        cmocka_unit_test(is_no_key_in_common_told_to_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
