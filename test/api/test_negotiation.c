/* What client and server agree on in both versions, and what both are told where they cannot. */
#include "lib/pair.h"

static const uint16_t tls12 = 0x0303, tls13 = 0x0304;

static struct rustls_client_config_builder *client_of(uint16_t suite, uint16_t version)
{
    return test_client_builder_with("ca", test_provider_of(&suite, 1), version);
}

static struct rustls_server_config_builder *server_of(uint16_t suite, uint16_t version,
                                                      const char *name)
{
    return test_server_builder_with(name, test_provider_of(&suite, 1), version);
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

static void assert_agreed(const struct pair *p, uint16_t version, uint16_t suite)
{
    assert_int_equal(rustls_connection_get_protocol_version(p->client), version);
    assert_int_equal(rustls_connection_get_protocol_version(p->server), version);
    assert_int_equal(rustls_connection_get_negotiated_ciphersuite(p->client), suite);
    assert_int_equal(rustls_connection_get_negotiated_ciphersuite(p->server), suite);
}

/* Nothing is agreed on, and both stay in the handshake. */
static void assert_nothing_agreed(const struct pair *p)
{
    assert_int_equal(rustls_connection_get_protocol_version(p->client), 0);
    assert_int_equal(rustls_connection_get_negotiated_ciphersuite(p->client), 0);
    assert_int_equal(rustls_connection_get_negotiated_key_exchange_group(p->client), 0);
    assert_state(p->client, 1, 0, 1);
    assert_state(p->server, 1, 0, 1);
}

/* ---- versions ----------------------------------------------------------------------------- */

static void is_the_higher_version_that_both_have_agreed_on(void **state)
{
    (void)state;
    struct pair *p = ran(test_client_builder("ca"), test_server_builder("p256"), 7000, 7000);
    assert_agreed(p, tls13, 0x1302);
    pair_free(p);
    p = ran(test_client_builder("ca"), test_server_builder_of("p256", tls12), 7000, 7000);
    assert_agreed(p, tls12, 0xc02c);
    assert_int_equal(rustls_connection_get_negotiated_key_exchange_group(p->client), 0x001d);
    pair_free(p);
    p = ran(test_client_builder_of("ca", tls12), test_server_builder("p256"), 7000, 7000);
    assert_agreed(p, tls12, 0xc02c);
    pair_free(p);
}

/* The client is told protocol_version (RFC 9846 section 4.2.1). */
static void is_no_version_in_common_told_to_both(void **state)
{
    (void)state;
    for (uint16_t version = tls12; version <= tls13; version++) {
        uint16_t other = version == tls12 ? tls13 : tls12;
        struct pair *p = ran(test_client_builder_of("ca", version),
                             test_server_builder_of("p256", other), 7219, 7107);
        assert_nothing_agreed(p);
        pair_free(p);
    }
}

/* ---- suites ------------------------------------------------------------------------------- */

static void is_each_suite_agreed_on(void **state)
{
    (void)state;
    static const struct {
        uint16_t suite, version;
        const char *name;
    } facts[] = {
        {0x1302, 0x0304, "p256"},    {0x1301, 0x0304, "p256"},    {0x1303, 0x0304, "p256"},
        {0xc02b, 0x0303, "p256"},    {0xc02c, 0x0303, "p256"},    {0xcca9, 0x0303, "p256"},
        {0xc02f, 0x0303, "rsa2048"}, {0xc030, 0x0303, "rsa2048"}, {0xcca8, 0x0303, "rsa2048"}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        struct pair *p = ran(test_client_builder("ca"),
                             server_of(facts[i].suite, facts[i].version, facts[i].name), 7000,
                             7000);
        assert_agreed(p, facts[i].version, facts[i].suite);
        pair_free(p);
        p = ran(client_of(facts[i].suite, facts[i].version), test_server_builder(facts[i].name),
                7000, 7000);
        assert_agreed(p, facts[i].version, facts[i].suite);
        pair_free(p);
    }
}

static void is_no_suite_in_common_told_to_both(void **state)
{
    (void)state;
    static const struct {
        uint16_t client, server, version;
        const char *name;
    } facts[] = {
        {0x1302, 0x1301, 0x0304, "p256"},
        {0xc02b, 0xc02f, 0x0303, "rsa2048"}, /* the one wants ECDSA, the other has RSA */
        {0xc02b, 0xc02c, 0x0303, "p256"},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        struct pair *p = ran(client_of(facts[i].client, facts[i].version),
                             server_of(facts[i].server, facts[i].version, facts[i].name), 7215,
                             7112);
        assert_nothing_agreed(p);
        pair_free(p);
    }
}

/* In TLS 1.2 a suite without a key of its kind is of no use. */
static void is_a_suite_without_a_key_of_its_kind_passed_over(void **state)
{
    (void)state;
    struct pair *p = ran(test_client_builder("ca"), server_of(0xc02f, tls12, "p256"), 7215, 7112);
    assert_nothing_agreed(p);
    pair_free(p);
    p = ran(test_client_builder_of("ca", tls12), test_server_builder("rsa2048"), 7000, 7000);
    assert_agreed(p, tls12, 0xc030);
    pair_free(p);
}

static void does_the_clients_or_the_servers_order_decide(void **state)
{
    (void)state;
    static const struct {
        uint16_t version, order[2]; /* the server's: the reverse of the client's */
    } facts[] = {{0x0304, {0x1303, 0x1302}}, {0x0303, {0xc02b, 0xc02c}}};
    for (size_t i = 0; i < 2; i++)
        for (int ignore = 0; ignore < 2; ignore++) {
            struct rustls_server_config_builder *server = test_server_builder_with(
                "p256", test_provider_of(facts[i].order, 2), facts[i].version);
            assert_ok(rustls_server_config_builder_set_ignore_client_order(server, ignore != 0));
            struct pair *p = ran(test_client_builder("ca"), server, 7000, 7000);
            assert_agreed(p, facts[i].version, facts[i].order[ignore != 0 ? 0 : 1]);
            pair_free(p);
        }
}

/* ---- ALPN --------------------------------------------------------------------------------- */

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
    for (size_t j = 0; j < 2 * (sizeof facts / sizeof *facts); j++) {
        const size_t i = j / 2;
        const uint16_t version = j % 2 == 0 ? tls12 : tls13;
        struct rustls_client_config_builder *client = test_client_builder_of("ca", version);
        struct rustls_server_config_builder *server = test_server_builder_of("p256", version);
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
        if (facts[i].client_result != 7000)
            assert_nothing_agreed(p);
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

/* ---- keys --------------------------------------------------------------------------------- */

static void is_each_kind_of_key_accepted(void **state)
{
    (void)state;
    static const char *const names[] = {"p256",    "p384",    "p521",   "ed25519",
                                        "rsa2048", "rsa3072", "no-eku", "chain"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (uint16_t version = tls12; version <= tls13; version++) {
            print_message("%s in %04x\n", names[i], version);
            pair_free(ran(test_client_builder("ca"), test_server_builder_of(names[i], version),
                          7000, 7000));
        }
}

/* A server with no key to speak with (an empty list was set) turns everybody away. */
static void is_no_key_in_common_told_to_both(void **state)
{
    (void)state;
    const struct rustls_certified_key *none[] = {NULL};
    for (uint16_t version = tls12; version <= tls13; version++) {
        struct rustls_server_config_builder *server = test_server_builder_of("p256", version);
        assert_ok(rustls_server_config_builder_set_certified_keys(server, none, 0));
        pair_free(ran(test_client_builder("ca"), server, 7215, 7112));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_higher_version_that_both_have_agreed_on),
        cmocka_unit_test(is_no_version_in_common_told_to_both),
        cmocka_unit_test(is_each_suite_agreed_on),
        cmocka_unit_test(is_no_suite_in_common_told_to_both),
        cmocka_unit_test(is_a_suite_without_a_key_of_its_kind_passed_over),
        cmocka_unit_test(does_the_clients_or_the_servers_order_decide),
        cmocka_unit_test(does_alpn_come_out_as_programs_know),
        cmocka_unit_test(may_a_connection_offer_alpn_of_its_own),
        cmocka_unit_test(is_each_kind_of_key_accepted),
        cmocka_unit_test(is_no_key_in_common_told_to_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
