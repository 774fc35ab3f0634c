/* Stapled OCSP responses with OpenSSL and GnuTLS as the other side, in both versions and both roles. */
#include "lib/pair.h"
#include "lib/peer.h"

#include <stdlib.h>
#include <unistd.h>

#define CERTS TEST_DIR "/certs/"

static const uint16_t versions[] = {0x0303, 0x0304};
static const char *const only[] = {"-tls1_2", "-tls1_3"};
static const char *const priorities[] = {"NORMAL:-VERS-ALL:+VERS-TLS1.2",
                                         "NORMAL:-VERS-ALL:+VERS-TLS1.3"};

/* OCSPResponse (RFC 6960 section 4.2.1) with the status tryLater and nothing else. */
static const uint8_t try_later[] = {0x30, 3, 0x0a, 1, 3};

/* ---- our server ----------------------------------------------------------------------------- */

static struct rustls_connection *server(uint16_t version, bool staples)
{
    const struct rustls_slice_bytes response = {try_later, sizeof try_later};
    const struct rustls_certified_key *key = test_certified_key("p256"), *stapled = NULL;
    struct rustls_server_config_builder *b = test_server_builder_of("p256", version);
    struct rustls_connection *conn = NULL;
    assert_ok(rustls_certified_key_clone_with_ocsp(key, staples ? &response : NULL, &stapled));
    assert_ok(rustls_server_config_builder_set_certified_keys(b, &stapled, 1));
    const struct rustls_server_config *config = test_server_config(b);
    assert_ok(rustls_server_connection_new(config, &conn));
    rustls_server_config_free(config);
    rustls_certified_key_free(key);
    rustls_certified_key_free(stapled);
    return conn;
}

static void assert_stapled(size_t version, bool staples, bool asks, const char *says)
{
    struct rustls_connection *conn = server(versions[version], staples);
    struct peer *p = peer_client((const char *const[]){
        "openssl", "s_client", "-connect", "127.0.0.1:{port}", "-CAfile", CERTS "ca.pem",
        "-verify_return_error", only[version], asks ? "-status" : NULL, NULL});
    assert_ok(peer_handshake(p, conn));
    peer_sends(p, conn, "it goes on\n");
    if (says != NULL)
        peer_says(p, says);
    else
        assert_null(strstr(p->said, "OCSP"));
    rustls_connection_free(conn);
    peer_stop(p);
}

static void does_our_server_staple_for_those_who_ask(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_stapled(i, true, true, "OCSP Response Status: trylater (0x3)");
        assert_stapled(i, false, true, "OCSP response: no response sent");
        assert_stapled(i, true, false, NULL);
    }
}

/* ---- our client ----------------------------------------------------------------------------- */

/* A response that fills more than one record: a status of successful, and bytes in an OCTET STRING
 * that OpenSSL passes on without a look. */
enum { FILLING = 20000, LARGE = 4 + 3 + 4 + 4 + 11 + 4 + FILLING };

static size_t large_response(uint8_t out[LARGE])
{
    static const uint8_t basic[] = {6, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1}; /* id-pkix-ocsp-basic */
    uint8_t *at = out;
    size_t left = LARGE;
    const uint8_t tags[] = {0x30, 0xa0, 0x30, 4};
    for (size_t i = 0; i < 4; i++) {
        left -= 4;
        *at++ = tags[i];
        *at++ = 0x82;
        *at++ = (uint8_t)(left >> 8);
        *at++ = (uint8_t)left;
        if (i == 0) {
            memcpy(at, "\x0a\1\0", 3);
            at += 3;
            left -= 3;
        }
        if (i == 2) {
            memcpy(at, basic, sizeof basic);
            at += sizeof basic;
            left -= sizeof basic;
        }
    }
    assert_int_equal(left, FILLING);
    memset(at, 0x5a, FILLING);
    return LARGE;
}

static uint8_t seen[LARGE];
static size_t seen_len;

static uint32_t keep_response(void *userdata, const struct rustls_verify_server_cert_params *params)
{
    (void)userdata;
    seen_len = params->ocsp_response.len;
    assert_true(seen_len <= sizeof seen);
    memcpy(seen, params->ocsp_response.data, seen_len);
    return RUSTLS_RESULT_OK;
}

static struct rustls_connection *client(uint16_t version)
{
    struct rustls_client_config_builder *b = test_client_builder_of("ca", version);
    struct rustls_connection *conn = NULL;
    assert_ok(rustls_client_config_builder_dangerous_set_certificate_verifier(b, keep_response));
    const struct rustls_client_config *config = test_client_config(b);
    assert_ok(rustls_client_connection_new(config, "localhost", &conn));
    rustls_client_config_free(config);
    return conn;
}

static void assert_received(size_t version, const uint8_t *response, size_t len)
{
    char path[] = "/tmp/galvan-ocsp-XXXXXX";
    int file = mkstemp(path);
    struct rustls_connection *conn = client(versions[version]);
    assert_true(file >= 0);
    assert_int_equal(write(file, response, len), len);
    close(file);
    struct peer *p = peer_server((const char *const[]){
        "openssl", "s_server", "-accept", "127.0.0.1:{port}", "-cert", CERTS "p256.pem", "-key",
        CERTS "p256.key", only[version], len == 0 ? NULL : "-status_file", path, NULL});
    rustls_result result = peer_handshake(p, conn);
    (void)unlink(path);
    assert_ok(result);
    assert_int_equal(seen_len, len);
    assert_memory_equal(seen, response, len);
    rustls_connection_free(conn);
    peer_stop(p);
}

static void does_our_client_take_what_is_stapled(void **state)
{
    (void)state;
    static uint8_t large[LARGE];
    for (size_t i = 0; i < 2; i++) {
        assert_received(i, try_later, sizeof try_later);
        assert_received(i, large, large_response(large));
        assert_received(i, try_later, 0);
    }
}

/* ---- GnuTLS --------------------------------------------------------------------------------- */

/* A file with that in it, in place of the path's XXXXXX; the caller unlinks it. */
static void temporary(char path[], const uint8_t *content, size_t len)
{
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_int_equal(write(file, content, len), len);
    close(file);
}

static void does_our_server_staple_for_gnutls(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char path[] = "/tmp/galvan-ocsp-XXXXXX";
        uint8_t got[sizeof try_later + 1];
        temporary(path, NULL, 0);
        struct rustls_connection *conn = server(versions[i], true);
        struct peer *p = peer_client((const char *const[]){
            "gnutls-cli", "--no-ca-verification", "--save-ocsp", path, "--priority", priorities[i],
            "--port", "{port}", "127.0.0.1", NULL});
        assert_ok(peer_handshake(p, conn));
        peer_sends(p, conn, "it goes on\n");
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        assert_int_equal(fread(got, 1, sizeof got, file), sizeof try_later);
        assert_memory_equal(got, try_later, sizeof try_later);
        (void)fclose(file);
        (void)unlink(path);
        rustls_connection_free(conn);
        peer_stop(p);
    }
}

static void does_our_client_take_what_gnutls_staples(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        char path[] = "/tmp/galvan-ocsp-XXXXXX";
        temporary(path, try_later, sizeof try_later);
        struct rustls_connection *conn = client(versions[i]);
        struct peer *p = peer_server((const char *const[]){
            "gnutls-serv", "--echo", "--port", "{port}", "--x509certfile", CERTS "p256.pem",
            "--x509keyfile", CERTS "p256.key", "--ocsp-response", path,
            "--ignore-ocsp-response-errors", "--priority", priorities[i], NULL});
        rustls_result result = peer_handshake(p, conn);
        (void)unlink(path);
        assert_ok(result);
        assert_int_equal(seen_len, sizeof try_later);
        assert_memory_equal(seen, try_later, sizeof try_later);
        rustls_connection_free(conn);
        peer_stop(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(does_our_server_staple_for_those_who_ask, peer_stop_all),
        cmocka_unit_test_teardown(does_our_client_take_what_is_stapled, peer_stop_all),
        cmocka_unit_test_teardown(does_our_server_staple_for_gnutls, peer_stop_all),
        cmocka_unit_test_teardown(does_our_client_take_what_gnutls_staples, peer_stop_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
