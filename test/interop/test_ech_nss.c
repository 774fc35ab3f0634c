/* Encrypted Client Hello with NSS's tstclnt as the client of our server: accepted, also behind a
 * HelloRetryRequest, rejected with retry configurations, and pretended (GREASE). */
#include "galvan.h"
#include "lib/pair.h"
#include "lib/peer.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <unistd.h>

#define CERTS TEST_DIR "/certs/"
enum { CONFIGS_MAX = 512 };

static char database[128] = "/tmp/galvan-nss-XXXXXX";

static int make_database(void **state)
{
    char command[512];
    (void)state;
    assert_non_null(mkdtemp(database));
    (void)snprintf(command, sizeof command,
                   "certutil -N -d sql:%s --empty-password && "
                   "certutil -A -d sql:%s -n ca -t CT,C, -i " CERTS "ca.pem",
                   database, database);
    return system(command) == 0 ? 0 : -1;
}

static int remove_database(void **state)
{
    char command[256];
    (void)state;
    (void)snprintf(command, sizeof command, "rm -rf '%s'", database);
    return system(command);
}

/* A key for one connection, and its configuration as NSS takes it. */
static struct galvan_ech_keys *make_keys(const char *public_name, char base64[CONFIGS_MAX])
{
    const struct galvan_ech_config wanted = {
        .public_name = public_name, .kem = 0x0020, .config_id = 7, .maximum_name_length = 32};
    struct galvan_ech_keys *keys = NULL;
    uint8_t pem[GALVAN_ECH_PEM_SIZE], list[CONFIGS_MAX / 2];
    size_t n = 0;
    assert_ok(galvan_ech_generate(&wanted, pem, sizeof pem, &n));
    assert_ok(galvan_ech_keys_new(&keys));
    assert_ok(galvan_ech_keys_add_pem(keys, pem, n, true));
    assert_ok(galvan_ech_keys_config_list(keys, list, sizeof list, &n));
    (void)EVP_EncodeBlock((unsigned char *)base64, list, (int)n);
    return keys;
}

/* With that one group alone. Uses the keys up. */
static struct rustls_connection *server(struct galvan_ech_keys *keys, uint16_t group)
{
    struct rustls_crypto_provider_builder *pb = NULL;
    const struct rustls_crypto_provider *provider = NULL;
    struct rustls_connection *conn = NULL;
    assert_ok(rustls_crypto_provider_builder_new_from_default(&pb));
    assert_ok(galvan_crypto_provider_builder_set_groups(pb, &group, 1));
    assert_ok(rustls_crypto_provider_builder_build(pb, &provider));
    rustls_crypto_provider_builder_free(pb);
    struct rustls_server_config_builder *b = test_server_builder_with("p256", provider, 0x0304);
    assert_ok(galvan_server_config_builder_set_ech_keys(b, keys));
    galvan_ech_keys_free(keys);
    const struct rustls_server_config *config = test_server_config(b);
    assert_ok(rustls_server_connection_new(config, &conn));
    rustls_server_config_free(config);
    return conn;
}

/* Asks for the name localhost, which is to be hidden. */
static struct peer *tstclnt(const char *option, const char *value)
{
    char where[160];
    (void)snprintf(where, sizeof where, "sql:%s", database);
    return peer_client((const char *const[]){"tstclnt", "-4", "-h", "127.0.0.1", "-a", "localhost",
                                             "-p", "{port}", "-d", where, "-V", "tls1.3:tls1.3",
                                             option, value, NULL});
}

static void assert_accepted(uint16_t group, unsigned kind)
{
    char base64[CONFIGS_MAX];
    struct rustls_connection *conn = server(make_keys("public.example", base64), group);
    struct peer *p = tstclnt("-N", base64);
    assert_ok(peer_handshake(p, conn));
    assert_int_equal(galvan_connection_ech(conn), GALVAN_ECH_ACCEPTED);
    assert_str(rustls_server_connection_get_server_name(conn), "localhost");
    assert_int_equal(rustls_connection_handshake_kind(conn), kind);
    peer_sends(p, conn, "from our server\n");
    peer_type(p, "from NSS");
    peer_hears(p, conn, "from NSS\n");
    rustls_connection_free(conn);
    peer_stop(p);
}

static void do_we_decrypt_what_nss_encrypts(void **state)
{
    (void)state;
    assert_accepted(0x001d, RUSTLS_HANDSHAKE_KIND_FULL);
    assert_accepted(0x0018, RUSTLS_HANDSHAKE_KIND_FULL_WITH_HELLO_RETRY_REQUEST);
}

/* The public name is one that the server has a certificate for. */
static void does_nss_take_our_rejection(void **state)
{
    (void)state;
    char known[CONFIGS_MAX], other[CONFIGS_MAX];
    galvan_ech_keys_free(make_keys("localhost", other));
    struct rustls_connection *conn = server(make_keys("localhost", known), 0x001d);
    struct peer *p = tstclnt("-N", other);
    rustls_result result = peer_handshake(p, conn);
    while (result == RUSTLS_RESULT_OK)
        result = peer_turn(p, conn);
    assert_result(result, RUSTLS_RESULT_ALERT_UNKNOWN);
    assert_int_equal(galvan_connection_ech(conn), GALVAN_ECH_REJECTED);
    peer_says(p, "SSL_ERROR_ECH_RETRY_WITH_ECH");
    rustls_connection_free(conn);
    peer_stop(p);
}

static void does_it_go_on_with_what_nss_pretends(void **state)
{
    (void)state;
    char base64[CONFIGS_MAX];
    struct rustls_connection *conn = server(make_keys("public.example", base64), 0x001d);
    struct peer *p = tstclnt("-i", "100");
    assert_ok(peer_handshake(p, conn));
    assert_int_equal(galvan_connection_ech(conn), GALVAN_ECH_REJECTED);
    peer_sends(p, conn, "from our server\n");
    rustls_connection_free(conn);
    peer_stop(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(do_we_decrypt_what_nss_encrypts, peer_stop_all),
        cmocka_unit_test_teardown(does_nss_take_our_rejection, peer_stop_all),
        cmocka_unit_test_teardown(does_it_go_on_with_what_nss_pretends, peer_stop_all),
    };
    if (system("command -v certutil tstclnt >/dev/null") != 0) {
        print_message("tstclnt is not installed\n");
        return 77;
    }
    return cmocka_run_group_tests(tests, make_database, remove_database);
}
