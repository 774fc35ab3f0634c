/* Client certificates with OpenSSL as the other side, in both versions and both roles: each kind of
 * key, and what happens where one is missing or not believed. */
#include "lib/pair.h"
#include "lib/peer.h"

#include <stdlib.h>

#define CERTS TEST_DIR "/certs/"

static const uint16_t versions[] = {0x0303, 0x0304};
static const char *const only[] = {"-tls1_2", "-tls1_3"};
static const char *const names[] = {"client", "client-ed25519", "client-rsa2048"};

/* ---- our client ----------------------------------------------------------------------------- */

static struct rustls_connection *client(uint16_t version, const char *name)
{
    struct rustls_client_config_builder *b = test_client_builder_of("ca", version);
    struct rustls_connection *conn = NULL;
    if (name != NULL) {
        const struct rustls_certified_key *key = test_certified_key(name);
        assert_ok(rustls_client_config_builder_set_certified_key(b, &key, 1));
        rustls_certified_key_free(key);
    }
    const struct rustls_client_config *config = test_client_config(b);
    assert_ok(rustls_client_connection_new(config, "localhost", &conn));
    rustls_client_config_free(config);
    return conn;
}

/* verify: -verify asks for a certificate, -Verify asks for one that must come. */
static struct peer *s_server(const char *version, const char *verify)
{
    return peer_server((const char *const[]){"openssl", "s_server", "-accept", "127.0.0.1:{port}",
                                             "-cert", CERTS "p256.pem", "-key", CERTS "p256.key",
                                             "-CAfile", CERTS "ca.pem", verify, "1",
                                             "-verify_return_error", version, NULL});
}

static void does_openssl_accept_our_clients(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 3; j++) {
            struct rustls_connection *conn = client(versions[i], names[j]);
            struct peer *p = s_server(only[i], "-Verify");
            print_message("%s %s\n", only[i], names[j]);
            assert_ok(peer_handshake(p, conn));
            peer_sends(p, conn, "from our client\n");
            peer_says(p, "Client certificate");
            peer_says(p, "CN = client");
            peer_type(p, "from OpenSSL");
            peer_hears(p, conn, "from OpenSSL\n");
            rustls_connection_free(conn);
            peer_stop(p);
        }
}

/* The server accepts signatures of this kind alone, and of one authority; ours has a certificate of
 * another authority, and of each kind. */
static void assert_chosen(size_t version, const char *accepts)
{
    static const char *const shown[] = {"client-unknown", "client-ed25519", "client",
                                        "client-rsa2048"};
    struct rustls_client_config_builder *b = test_client_builder_of("ca", versions[version]);
    const struct rustls_certified_key *keys[4];
    struct rustls_connection *conn = NULL;
    for (size_t i = 0; i < 4; i++)
        keys[i] = test_certified_key(shown[i]);
    assert_ok(rustls_client_config_builder_set_certified_key(b, keys, 4));
    for (size_t i = 0; i < 4; i++)
        rustls_certified_key_free(keys[i]);
    const struct rustls_client_config *config = test_client_config(b);
    assert_ok(rustls_client_connection_new(config, "localhost", &conn));
    rustls_client_config_free(config);
    struct peer *p = peer_server((const char *const[]){
        "openssl", "s_server", "-accept", "127.0.0.1:{port}", "-cert", CERTS "p256.pem", "-key",
        CERTS "p256.key", "-CAfile", CERTS "ca.pem", "-Verify", "1", "-verify_return_error",
        "-client_sigalgs", accepts, only[version], NULL});
    assert_ok(peer_handshake(p, conn));
    peer_sends(p, conn, "from our client\n");
    rustls_connection_free(conn);
    peer_stop(p);
}

static void does_our_client_choose_what_the_server_can_verify(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_chosen(i, "RSA-PSS+SHA256");
        assert_chosen(i, "ECDSA+SHA256");
        assert_chosen(i, "ed25519");
    }
}

static void may_our_client_show_no_certificate(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct rustls_connection *conn = client(versions[i], NULL);
        struct peer *p = s_server(only[i], "-verify");
        assert_ok(peer_handshake(p, conn));
        peer_sends(p, conn, "nobody in particular\n");
        rustls_connection_free(conn);
        peer_stop(p);
    }
}

/* In TLS 1.3 the client is done before the server has looked at its certificate. */
static rustls_result read_result(struct peer *p, struct rustls_connection *conn)
{
    rustls_result result = peer_handshake(p, conn);
    while (result == RUSTLS_RESULT_OK)
        result = peer_turn(p, conn);
    return result;
}

static void is_our_client_told_why_it_is_turned_away(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned int result[2]; /* by version */
    } facts[] = {
        {NULL, {RUSTLS_RESULT_ALERT_HANDSHAKE_FAILURE, RUSTLS_RESULT_ALERT_CERTIFICATE_REQUIRED}},
        {"client-unknown", {RUSTLS_RESULT_ALERT_UNKNOWN_CA, RUSTLS_RESULT_ALERT_UNKNOWN_CA}},
        {"client-expired",
         {RUSTLS_RESULT_ALERT_CERTIFICATE_EXPIRED, RUSTLS_RESULT_ALERT_CERTIFICATE_EXPIRED}},
    };
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 3; j++) {
            struct rustls_connection *conn = client(versions[i], facts[j].name);
            struct peer *p = s_server(only[i], "-Verify");
            assert_result(read_result(p, conn), facts[j].result[i]);
            rustls_connection_free(conn);
            peer_stop(p);
        }
}

/* ---- our server ----------------------------------------------------------------------------- */

static struct rustls_connection *server(uint16_t version, bool optional)
{
    struct rustls_server_config_builder *b = test_server_builder_of("p256", version);
    const struct rustls_root_cert_store *roots = test_roots("ca");
    struct rustls_web_pki_client_cert_verifier_builder *vb =
        rustls_web_pki_client_cert_verifier_builder_new(roots);
    struct rustls_client_cert_verifier *verifier = NULL;
    struct rustls_connection *conn = NULL;
    if (optional)
        assert_ok(rustls_web_pki_client_cert_verifier_builder_allow_unauthenticated(vb));
    assert_ok(rustls_web_pki_client_cert_verifier_builder_build(vb, &verifier));
    rustls_server_config_builder_set_client_verifier(b, verifier);
    const struct rustls_server_config *config = test_server_config(b);
    assert_ok(rustls_server_connection_new(config, &conn));
    rustls_server_config_free(config);
    rustls_client_cert_verifier_free(verifier);
    rustls_web_pki_client_cert_verifier_builder_free(vb);
    rustls_root_cert_store_free(roots);
    return conn;
}

static struct peer *s_client(const char *version, const char *name)
{
    char cert[512], key[512];
    (void)snprintf(cert, sizeof cert, CERTS "%s.pem", name == NULL ? "" : name);
    (void)snprintf(key, sizeof key, CERTS "%s.key", name == NULL ? "" : name);
    return peer_client(
        (const char *const[]){"openssl", "s_client", "-connect", "127.0.0.1:{port}", "-servername",
                              "localhost", "-CAfile", CERTS "ca.pem", "-verify_return_error",
                              version, name == NULL ? NULL : "-cert", cert, "-key", key, NULL});
}

static void assert_peer_is(const struct rustls_connection *conn, const char *name)
{
    const struct rustls_certificate *shown = rustls_connection_get_peer_certificate(conn, 0);
    if (name == NULL) {
        assert_null(shown);
        return;
    }
    const struct rustls_certified_key *key = test_certified_key(name);
    const uint8_t *got = NULL, *want = NULL;
    size_t got_len = 0, want_len = 0;
    assert_ok(rustls_certificate_get_der(shown, &got, &got_len));
    assert_ok(
        rustls_certificate_get_der(rustls_certified_key_get_certificate(key, 0), &want, &want_len));
    assert_int_equal(got_len, want_len);
    assert_memory_equal(got, want, want_len);
    rustls_certified_key_free(key);
}

static void assert_accepted(size_t version, const char *name, bool optional)
{
    struct rustls_connection *conn = server(versions[version], optional);
    struct peer *p = s_client(only[version], name);
    print_message("%s %s\n", only[version], name == NULL ? "none" : name);
    assert_ok(peer_handshake(p, conn));
    assert_peer_is(conn, name);
    peer_says(p, "Acceptable client certificate CA names\nO = Galvan tests, CN = Root");
    peer_sends(p, conn, "from our server\n");
    peer_type(p, "from OpenSSL");
    peer_hears(p, conn, "from OpenSSL\n");
    rustls_connection_free(conn);
    peer_stop(p);
}

static void does_our_server_accept_clients_of_openssl(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < 3; j++)
            assert_accepted(i, names[j], false);
        assert_accepted(i, "client", true);
        assert_accepted(i, NULL, true);
    }
}

static void does_our_server_turn_clients_of_openssl_away(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned int result;
        const char *told;
    } facts[] = {
        {NULL, 7101, "alert certificate required"},
        {"client-unknown", 7126, "alert unknown ca"},
        {"client-expired", 7122, "alert certificate expired"},
        {"client-wrong-eku", 7129, "alert unsupported certificate"},
    };
    for (size_t i = 0; i < 2; i++)
        for (size_t j = 0; j < 4; j++) {
            struct rustls_connection *conn = server(versions[i], false);
            struct peer *p = s_client(only[i], facts[j].name);
            assert_result(peer_handshake(p, conn), facts[j].result);
            peer_says(p, facts[j].told);
            rustls_connection_free(conn);
            peer_stop(p);
        }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, peer_stop_all)
    const struct CMUnitTest tests[] = {
        TEST(does_openssl_accept_our_clients),
        TEST(does_our_client_choose_what_the_server_can_verify),
        TEST(may_our_client_show_no_certificate),
        TEST(is_our_client_told_why_it_is_turned_away),
        TEST(does_our_server_accept_clients_of_openssl),
        TEST(does_our_server_turn_clients_of_openssl_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
