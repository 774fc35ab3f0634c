/* Do OpenSSL and GnuTLS export what we export, as clients and as servers, in both versions, and do
 * we and GnuTLS bind to the same channel? */
#include "galvan.h"
#include "lib/pair.h"
#include "lib/peer.h"

#define LABEL "EXPORTER-interop"
#define CERTS TEST_DIR "/certs/"

enum { LEN = 32 };
static const char upper[] = "0123456789ABCDEF", lower[] = "0123456789abcdef";

static void to_hex(char *out, const uint8_t *bytes, size_t n, const char *digits)
{
    for (size_t i = 0; i < n; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    *out = '\0';
}

static struct rustls_connection *client(uint16_t version)
{
    const struct rustls_client_config *config =
        test_client_config(test_client_builder_of("ca", version));
    struct rustls_connection *conn = NULL;
    assert_ok(rustls_client_connection_new(config, "localhost", &conn));
    rustls_client_config_free(config);
    return conn;
}

static struct rustls_connection *server(uint16_t version)
{
    const struct rustls_server_config *config =
        test_server_config(test_server_builder_of("p256", version));
    struct rustls_connection *conn = NULL;
    assert_ok(rustls_server_connection_new(config, &conn));
    rustls_server_config_free(config);
    return conn;
}

/* Shakes hands; the peer says, behind these words, what we export. */
static void assert_exports(struct peer *p, struct rustls_connection *conn, const char *words,
                           const char *digits)
{
    uint8_t exported[LEN];
    char hex[2 * LEN + 1];
    assert_ok(peer_handshake(p, conn));
    assert_ok(galvan_connection_export_keying_material(conn, LABEL, NULL, 0, exported, LEN));
    to_hex(hex, exported, LEN, digits);
    peer_says(p, words);
    peer_says(p, hex);
}

static void end(struct peer *p, struct rustls_connection *conn)
{
    rustls_connection_free(conn);
    peer_stop(p);
}

static void does_openssl_export_the_same(void **state)
{
    (void)state;
    for (uint16_t version = 0x0303; version <= 0x0304; version++) {
        const char *only = version == 0x0303 ? "-tls1_2" : "-tls1_3";
        struct rustls_connection *conn = client(version);
        struct peer *p = peer_server((const char *const[]){
            "openssl", "s_server", "-accept", "127.0.0.1:{port}", "-cert", CERTS "p256.pem", "-key",
            CERTS "p256.key", "-keymatexport", LABEL, "-keymatexportlen", "32", only, NULL});
        assert_exports(p, conn, "Keying material: ", upper);
        end(p, conn);
        conn = server(version);
        p = peer_client((const char *const[]){"openssl", "s_client", "-connect", "127.0.0.1:{port}",
                                              "-keymatexport", LABEL, "-keymatexportlen", "32",
                                              only, NULL});
        assert_exports(p, conn, "Keying material: ", upper);
        end(p, conn);
    }
}

static const char *const priorities[] = {"NORMAL:-VERS-ALL:+VERS-TLS1.2",
                                         "NORMAL:-VERS-ALL:+VERS-TLS1.3"};

static struct peer *gnutls_client(const char *priority)
{
    return peer_client((const char *const[]){
        "gnutls-cli", "-p", "{port}", "--insecure", "--no-ca-verification", "--keymatexport", LABEL,
        "--keymatexportsize", "32", "--priority", priority, "--verbose", "localhost", NULL});
}

static struct peer *gnutls_server(const char *priority)
{
    return peer_server(
        (const char *const[]){"gnutls-serv", "-p", "{port}", "--echo", "--x509certfile",
                              CERTS "p256.pem", "--x509keyfile", CERTS "p256.key", "--keymatexport",
                              LABEL, "--keymatexportsize", "32", "--priority", priority, NULL});
}

/* RFC 9266: what GnuTLS says that the channel is bound by. */
static void assert_bound(struct peer *p, const struct rustls_connection *conn)
{
    uint8_t binding[GALVAN_TLS_EXPORTER_SIZE];
    char hex[2 * sizeof binding + 1];
    assert_ok(galvan_connection_tls_exporter_binding(conn, binding));
    to_hex(hex, binding, sizeof binding, lower);
    peer_says(p, "'tls-exporter': ");
    peer_says(p, hex);
}

static void does_gnutls_export_the_same(void **state)
{
    (void)state;
    for (uint16_t version = 0x0303; version <= 0x0304; version++) {
        struct rustls_connection *conn = client(version);
        struct peer *p = gnutls_server(priorities[version - 0x0303]);
        assert_exports(p, conn, "Key material: ", lower);
        assert_bound(p, conn);
        end(p, conn);
        conn = server(version);
        p = gnutls_client(priorities[version - 0x0303]);
        assert_exports(p, conn, "Key material: ", lower);
        assert_bound(p, conn);
        end(p, conn);
    }
}

/* RFC 9266 section 4.2: without the extended master secret it would not be unique. */
static void is_no_channel_bound_without_an_extended_master_secret(void **state)
{
    (void)state;
    static const char without[] = "NORMAL:-VERS-ALL:+VERS-TLS1.2:%NO_SESSION_HASH";
    uint8_t binding[GALVAN_TLS_EXPORTER_SIZE];
    struct rustls_connection *conn = client(0x0303);
    struct peer *p = gnutls_server(without);
    assert_exports(p, conn, "Key material: ", lower);
    assert_result(galvan_connection_tls_exporter_binding(conn, binding), 7107);
    end(p, conn);
    conn = server(0x0303);
    p = gnutls_client(without);
    assert_exports(p, conn, "Key material: ", lower);
    assert_result(galvan_connection_tls_exporter_binding(conn, binding), 7107);
    end(p, conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(does_openssl_export_the_same, peer_stop_all),
        cmocka_unit_test_teardown(does_gnutls_export_the_same, peer_stop_all),
        cmocka_unit_test_teardown(is_no_channel_bound_without_an_extended_master_secret,
                                  peer_stop_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
