/* What calls answer that are given NULL, or what they cannot use. */
#include "galvan.h"
#include "lib/pair.h"

#include <errno.h>

static void is_a_missing_connection_answered(void **state)
{
    (void)state;
    static struct wire wire;
    uint8_t byte = 0;
    const uint8_t *alpn = &byte;
    size_t n = 9;
    struct galvan_error_detail detail;
    assert_int_equal(rustls_connection_read_tls(NULL, wire_read, &wire, &n), EINVAL);
    assert_int_equal(rustls_connection_write_tls(NULL, wire_write, &wire, &n), EINVAL);
    assert_int_equal(rustls_connection_write_tls_vectored(NULL, wire_write_vectored, &wire, &n),
                     EINVAL);
    assert_result(rustls_connection_process_new_packets(NULL), 7002);
    assert_result(rustls_connection_write(NULL, &byte, 1, &n), 7002);
    assert_result(rustls_connection_read(NULL, &byte, 1, &n), 7002);
    assert_result(rustls_connection_refresh_traffic_keys(NULL), 7002);
    assert_result(galvan_connection_error_detail(NULL, &detail, sizeof detail), 7002);
    assert_int_equal(n, 9);
    assert_state(NULL, 0, 0, 0);
    assert_int_equal(rustls_connection_handshake_kind(NULL), 0);
    assert_int_equal(rustls_connection_get_protocol_version(NULL), 0);
    assert_int_equal(rustls_connection_get_negotiated_ciphersuite(NULL), 0);
    assert_str(rustls_connection_get_negotiated_ciphersuite_name(NULL), "");
    assert_int_equal(rustls_connection_get_negotiated_key_exchange_group(NULL), 0);
    assert_str(rustls_connection_get_negotiated_key_exchange_group_name(NULL), "");
    assert_null(rustls_connection_get_peer_certificate(NULL, 0));
    assert_int_equal(rustls_server_connection_get_server_name(NULL).len, 0);
    assert_false(rustls_connection_fips(NULL));
    rustls_connection_get_alpn_protocol(NULL, &alpn, &n);
    assert_ptr_equal(alpn, &byte);
    rustls_connection_set_userdata(NULL, &byte);
    rustls_connection_set_log_callback(NULL, NULL);
    rustls_connection_set_buffer_limit(NULL, 0);
    rustls_connection_send_close_notify(NULL);
    rustls_connection_free(NULL);
}

static void is_a_missing_argument_answered(void **state)
{
    (void)state;
    uint8_t byte = 0;
    const uint8_t *alpn = NULL;
    size_t n = 9;
    struct pair *p = pair_of(0x0304);
    struct wire *wire = &p->to_server;
    assert_int_equal(rustls_connection_read_tls(p->client, NULL, wire, &n), EINVAL);
    assert_int_equal(rustls_connection_write_tls(p->client, NULL, wire, &n), EINVAL);
    assert_int_equal(rustls_connection_write_tls_vectored(p->client, NULL, wire, &n), EINVAL);
    assert_int_equal(rustls_connection_read_tls(p->client, wire_read, wire, NULL), EINVAL);
    assert_int_equal(rustls_connection_write_tls(p->client, wire_write, wire, NULL), EINVAL);
    assert_int_equal(
        rustls_connection_write_tls_vectored(p->client, wire_write_vectored, wire, NULL), EINVAL);
    assert_result(rustls_connection_write(p->client, NULL, 0, &n), 7002);
    assert_result(rustls_connection_write(p->client, &byte, 1, NULL), 7002);
    assert_result(rustls_connection_read(p->client, NULL, 0, &n), 7002);
    assert_result(rustls_connection_read(p->client, &byte, 1, NULL), 7002);
    rustls_connection_get_alpn_protocol(p->client, NULL, &n);
    rustls_connection_get_alpn_protocol(p->client, &alpn, NULL);
    assert_int_equal(n, 9);
    assert_result(galvan_connection_error_detail(p->client, NULL, 8), 7002);
    pair_free(p);
}

static void is_a_name_that_is_none_refused(void **state)
{
    (void)state;
    const struct rustls_client_config *config = test_client_config(test_client_builder("ca"));
    struct rustls_connection *conn = NULL;
    static const char *const bad[] = {"",     "bad name", "\xff\xfe", "-",
                                      "a..b", "[::1]",    "1.2.3.256"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_result(rustls_client_connection_new(config, bad[i], &conn), 7003);
    assert_null(conn);
    static const char *const good[] = {"localhost", "localhost.", "LOCALHOST",
                                       "a_b",       "127.0.0.1",  "::1"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_ok(rustls_client_connection_new(config, good[i], &conn));
        rustls_connection_free(conn);
    }
    rustls_client_config_free(config);
}

static void does_null_make_a_connection(void **state)
{
    (void)state;
    const struct rustls_client_config *client = test_client_config(test_client_builder("ca"));
    const struct rustls_server_config *server = test_server_config(test_server_builder("p256"));
    const struct rustls_slice_bytes h2 = {(const uint8_t *)"h2", 2}, no_data = {NULL, 2};
    struct rustls_connection *conn = NULL;
    assert_result(rustls_client_connection_new(NULL, "localhost", &conn), 7002);
    assert_result(rustls_client_connection_new(client, NULL, &conn), 7002);
    assert_result(rustls_client_connection_new(client, "localhost", NULL), 7002);
    assert_result(rustls_client_connection_new_alpn(client, "localhost", NULL, 0, &conn), 7002);
    assert_result(rustls_client_connection_new_alpn(client, "localhost", &no_data, 1, &conn), 7002);
    assert_result(rustls_client_connection_new_alpn(NULL, "localhost", &h2, 1, &conn), 7002);
    assert_result(rustls_server_connection_new(NULL, &conn), 7002);
    assert_result(rustls_server_connection_new(server, NULL), 7002);
    assert_null(conn);
    rustls_client_config_free(client);
    rustls_server_config_free(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_missing_connection_answered),
        cmocka_unit_test(is_a_missing_argument_answered),
        cmocka_unit_test(is_a_name_that_is_none_refused),
        cmocka_unit_test(does_null_make_a_connection),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
