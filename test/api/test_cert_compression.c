/* Certificate compression as a program sees it: on by default in both directions, chosen, turned off,
 * asked about, and nowhere but in TLS 1.3. */
#include "galvan.h"
#include "lib/pair.h"

enum { ZLIB = GALVAN_CERT_COMPRESSION_ZLIB, BROTLI = GALVAN_CERT_COMPRESSION_BROTLI };
static const uint16_t tls12 = 0x0303, tls13 = 0x0304;

/* A build may be without either; what they do is tested where they are. */
static void want(uint16_t algorithm)
{
    if (galvan_cert_compression_name(algorithm).len == 0)
        skip();
}

struct both {
    struct rustls_client_config_builder *client;
    struct rustls_server_config_builder *server;
};

static struct both builders(uint16_t version)
{
    return (struct both){test_client_builder_of("ca", version),
                         test_server_builder_of("chain", version)};
}

static struct pair *run(struct both b)
{
    struct pair *p = pair_new(b.client, "localhost", b.server);
    pair_run(p);
    assert_ok(p->client_result);
    assert_ok(p->server_result);
    assert_state(p->client, 1, 0, 0);
    assert_non_null(rustls_connection_get_peer_certificate(p->client, 1));
    return p;
}

static void assert_used(const struct pair *p, uint16_t algorithm)
{
    assert_int_equal(galvan_connection_get_peer_cert_compression(p->client), algorithm);
    assert_int_equal(galvan_connection_get_own_cert_compression(p->server), algorithm);
    assert_int_equal(galvan_connection_get_own_cert_compression(p->client), 0);
    assert_int_equal(galvan_connection_get_peer_cert_compression(p->server), 0);
}

static void is_brotli_used_by_default(void **state)
{
    (void)state;
    want(BROTLI);
    struct pair *p = run(builders(tls13));
    assert_used(p, BROTLI);
    pair_free(p);
}

static void does_the_senders_order_decide(void **state)
{
    (void)state;
    const uint16_t zlib_first[] = {ZLIB, BROTLI};
    want(ZLIB);
    want(BROTLI);
    struct both b = builders(tls13);
    assert_ok(galvan_server_config_builder_set_cert_compression(b.server, zlib_first, 2));
    struct pair *p = run(b);
    assert_used(p, ZLIB);
    pair_free(p);
}

static void is_what_only_one_side_has_left_alone(void **state)
{
    (void)state;
    const uint16_t zlib[] = {ZLIB}, brotli[] = {BROTLI};
    want(ZLIB);
    want(BROTLI);
    struct both b = builders(tls13);
    assert_ok(galvan_client_config_builder_set_cert_compression(b.client, zlib, 1));
    struct pair *p = run(b);
    assert_used(p, ZLIB);
    pair_free(p);
    b = builders(tls13);
    assert_ok(galvan_client_config_builder_set_cert_compression(b.client, zlib, 1));
    assert_ok(galvan_server_config_builder_set_cert_compression(b.server, brotli, 1));
    p = run(b);
    assert_used(p, 0);
    pair_free(p);
}

static void can_either_side_turn_it_off(void **state)
{
    (void)state;
    for (unsigned side = 0; side < 2; side++) {
        struct both b = builders(tls13);
        if (side == 0)
            assert_ok(galvan_client_config_builder_set_cert_compression(b.client, NULL, 0));
        else
            assert_ok(galvan_server_config_builder_set_cert_compression(b.server, NULL, 0));
        struct pair *p = run(b);
        assert_used(p, 0);
        pair_free(p);
    }
}

static void is_tls12_left_alone(void **state)
{
    (void)state;
    struct pair *p = run(builders(tls12));
    assert_used(p, 0);
    pair_free(p);
}

/* A server that asks for certificates; the client has one of those. */
static struct both with_client_certificate(const char *name)
{
    struct both b = builders(tls13);
    const struct rustls_root_cert_store *roots = test_roots("ca");
    struct rustls_web_pki_client_cert_verifier_builder *vb =
        rustls_web_pki_client_cert_verifier_builder_new(roots);
    struct rustls_client_cert_verifier *verifier = NULL;
    const struct rustls_certified_key *key = test_certified_key(name);
    assert_ok(rustls_web_pki_client_cert_verifier_builder_build(vb, &verifier));
    rustls_server_config_builder_set_client_verifier(b.server, verifier);
    assert_ok(rustls_client_config_builder_set_certified_key(b.client, &key, 1));
    rustls_certified_key_free(key);
    rustls_client_cert_verifier_free(verifier);
    rustls_web_pki_client_cert_verifier_builder_free(vb);
    rustls_root_cert_store_free(roots);
    return b;
}

static void is_a_clients_certificate_compressed_too(void **state)
{
    (void)state;
    const uint16_t zlib[] = {ZLIB};
    want(ZLIB);
    struct both b = with_client_certificate("client");
    assert_ok(galvan_client_config_builder_set_cert_compression(b.client, zlib, 1));
    struct pair *p = run(b);
    assert_int_equal(galvan_connection_get_own_cert_compression(p->client), ZLIB);
    assert_int_equal(galvan_connection_get_peer_cert_compression(p->server), ZLIB);
    assert_non_null(rustls_connection_get_peer_certificate(p->server, 0));
    pair_free(p);
}

/* The handshake is smaller by what the chain loses, and by the same at the next connection. */
static void does_it_make_the_handshake_smaller(void **state)
{
    (void)state;
    size_t down[3];
    want(BROTLI);
    const struct rustls_server_config *server =
        test_server_config(test_server_builder_of("chain", tls13));
    for (unsigned i = 0; i < 3; i++) {
        struct rustls_client_config_builder *b = test_client_builder_of("ca", tls13);
        if (i == 0)
            assert_ok(galvan_client_config_builder_set_cert_compression(b, NULL, 0));
        const struct rustls_client_config *client = test_client_config(b);
        struct pair *p = pair_between(client, "localhost", server);
        pair_flush(p->client, &p->to_server);
        assert_ok(pair_feed(p->server, &p->to_server));
        down[i] = pair_flush(p->server, &p->to_client);
        pair_free(p);
        rustls_client_config_free(client);
    }
    print_message("%zu bytes, compressed %zu\n", down[0], down[1]);
    assert_in_range(down[1], 1, down[0] - 200);
    assert_in_range(down[2], down[1] - 4, down[1] + 4); /* an ECDSA signature's length varies */
    rustls_server_config_free(server);
}

static void is_what_cannot_be_used_refused(void **state)
{
    (void)state;
    const uint16_t zstd[] = {3}, twice[] = {ZLIB, ZLIB}, none[] = {0}, many[200] = {ZLIB};
    struct both b = builders(tls13);
    assert_result(galvan_client_config_builder_set_cert_compression(NULL, zstd, 1), 7002);
    assert_result(galvan_server_config_builder_set_cert_compression(NULL, zstd, 1), 7002);
    assert_result(galvan_client_config_builder_set_cert_compression(b.client, NULL, 1), 7002);
    assert_result(galvan_client_config_builder_set_cert_compression(b.client, zstd, 1), 7009);
    assert_result(galvan_client_config_builder_set_cert_compression(b.client, twice, 2), 7009);
    assert_result(galvan_server_config_builder_set_cert_compression(b.server, none, 1), 7009);
    assert_result(galvan_server_config_builder_set_cert_compression(b.server, many, 200), 7009);
    assert_int_equal(galvan_connection_get_peer_cert_compression(NULL), 0);
    assert_int_equal(galvan_connection_get_own_cert_compression(NULL), 0);
    assert_str(galvan_cert_compression_name(3), "");
    struct pair *p = run(b); /* nothing was changed */
    assert_int_equal(galvan_connection_get_peer_cert_compression(p->client) != 0,
                     galvan_cert_compression_name(BROTLI).len != 0 ||
                         galvan_cert_compression_name(ZLIB).len != 0);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_brotli_used_by_default),
        cmocka_unit_test(does_the_senders_order_decide),
        cmocka_unit_test(is_what_only_one_side_has_left_alone),
        cmocka_unit_test(can_either_side_turn_it_off),
        cmocka_unit_test(is_tls12_left_alone),
        cmocka_unit_test(is_a_clients_certificate_compressed_too),
        cmocka_unit_test(does_it_make_the_handshake_smaller),
        cmocka_unit_test(is_what_cannot_be_used_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
