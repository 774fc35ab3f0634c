/* What our server chooses for clients of OpenSSL: among several certified keys by scheme and curve,
 * and among suites by either side's order, in both versions. */
#include "lib/pair.h"
#include "lib/peer.h"

#define CERTS TEST_DIR "/certs/"

/* P-384, P-256 and RSA, in this order. */
static struct rustls_connection *server(bool ignores_order)
{
    static const char *const names[] = {"p384", "p256", "rsa2048"};
    struct rustls_server_config_builder *b = rustls_server_config_builder_new();
    const struct rustls_certified_key *keys[3];
    struct rustls_connection *conn = NULL;
    for (size_t i = 0; i < 3; i++)
        keys[i] = test_certified_key(names[i]);
    assert_ok(rustls_server_config_builder_set_certified_keys(b, keys, 3));
    assert_ok(rustls_server_config_builder_set_ignore_client_order(b, ignores_order));
    for (size_t i = 0; i < 3; i++)
        rustls_certified_key_free(keys[i]);
    const struct rustls_server_config *config = test_server_config(b);
    assert_ok(rustls_server_connection_new(config, &conn));
    rustls_server_config_free(config);
    return conn;
}

/* s_client with up to two options and their values; what it says of the server. */
static void assert_chosen(bool ignores_order, const char *const options[5], const char *key,
                          uint16_t suite)
{
    struct rustls_connection *conn = server(ignores_order);
    struct peer *p = peer_client((const char *const[]){
        "openssl", "s_client", "-connect", "127.0.0.1:{port}", "-CAfile", CERTS "ca.pem",
        "-verify_return_error", options[0], options[1], options[2], options[3], options[4], NULL});
    print_message("%s %s %s\n", options[0], options[1], options[2]);
    assert_ok(peer_handshake(p, conn));
    if (key != NULL)
        peer_says(p, key);
    if (suite != 0)
        assert_int_equal(rustls_connection_get_negotiated_ciphersuite(conn), suite);
    peer_sends(p, conn, "it goes on\n");
    rustls_connection_free(conn);
    peer_stop(p);
}

static void does_each_client_get_a_key_that_it_can_verify(void **state)
{
    (void)state;
    static const struct {
        const char *options[5], *key;
    } facts[] = {
        {{"-tls1_3", "-groups", "P-256:P-384"}, "Server public key is 384 bit"},
        {{"-tls1_3", "-sigalgs", "ecdsa_secp256r1_sha256"}, "Server public key is 256 bit"},
        {{"-tls1_3", "-sigalgs", "rsa_pss_rsae_sha256"}, "Peer signature type: RSA-PSS"},
        {{"-tls1_2", "-groups", "P-256:P-384"}, "Server public key is 384 bit"},
        {{"-tls1_2", "-groups", "P-256"}, "Server public key is 256 bit"}, /* RFC 8422 */
        {{"-tls1_2", "-sigalgs", "ecdsa_secp256r1_sha256"}, "Server public key is 256 bit"},
        {{"-tls1_2", "-sigalgs", "rsa_pss_rsae_sha256"}, "Peer signature type: RSA-PSS"},
        {{"-tls1_2", "-sigalgs", "RSA+SHA256"}, "Peer signature type: RSA\n"},
        {{"-tls1_2", "-cipher", "aRSA"}, "Server public key is 2048 bit"},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        assert_chosen(false, facts[i].options, facts[i].key, 0);
}

/* A HelloRetryRequest brings a second ClientHello, about which nobody is asked again. */
static int calls;
static const struct rustls_certified_key *answer;

static const struct rustls_certified_key *count_and_choose(void *userdata,
                                                           const struct rustls_client_hello *hello)
{
    (void)userdata;
    (void)hello;
    calls++;
    return answer;
}

static void is_the_callback_asked_once_where_hellos_are_two(void **state)
{
    (void)state;
    struct rustls_server_config_builder *b = rustls_server_config_builder_new();
    struct rustls_connection *conn = NULL;
    answer = test_certified_key("p384");
    assert_ok(rustls_server_config_builder_set_hello_callback(b, count_and_choose));
    const struct rustls_server_config *config = test_server_config(b);
    assert_ok(rustls_server_connection_new(config, &conn));
    rustls_server_config_free(config);
    struct peer *p = peer_client((const char *const[]){
        "openssl", "s_client", "-connect", "127.0.0.1:{port}", "-CAfile", CERTS "ca.pem",
        "-verify_return_error", "-tls1_3", "-groups", "X448:P-256", NULL});
    calls = 0;
    assert_ok(peer_handshake(p, conn));
    assert_int_equal(rustls_connection_handshake_kind(conn),
                     RUSTLS_HANDSHAKE_KIND_FULL_WITH_HELLO_RETRY_REQUEST);
    assert_int_equal(calls, 1);
    peer_says(p, "Server public key is 384 bit");
    rustls_certified_key_free(answer);
    rustls_connection_free(conn);
    peer_stop(p);
}

static void does_the_clients_or_the_servers_order_decide(void **state)
{
    (void)state;
    static const char *const tls12[5] = {
        "-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES256-GCM-SHA384"};
    static const char *const tls13[5] = {"-tls1_3", "-ciphersuites",
                                         "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384"};
    assert_chosen(false, tls12, NULL, 0xcca9);
    assert_chosen(true, tls12, NULL, 0xc02c);
    assert_chosen(false, tls13, NULL, 0x1303);
    assert_chosen(true, tls13, NULL, 0x1302);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(does_each_client_get_a_key_that_it_can_verify, peer_stop_all),
        cmocka_unit_test_teardown(is_the_callback_asked_once_where_hellos_are_two, peer_stop_all),
        cmocka_unit_test_teardown(does_the_clients_or_the_servers_order_decide, peer_stop_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
