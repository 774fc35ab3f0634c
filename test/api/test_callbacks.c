/* Callbacks that do what they may not: answer nonsense, call back in, free the connection. */
#include "lib/pair.h"

#include <errno.h>

/* ---- nonsense ----------------------------------------------------------------------------- */

static rustls_io_result read_too_much(void *userdata, uint8_t *buf, size_t n, size_t *out_n)
{
    (void)userdata;
    memset(buf, 0, n);
    *out_n = n + 1;
    return 0;
}

static rustls_io_result write_too_much(void *userdata, const uint8_t *buf, size_t n, size_t *out_n)
{
    (void)userdata;
    (void)buf;
    *out_n = n + 1;
    return 0;
}

static rustls_io_result write_iovec_too_much(void *userdata, const struct rustls_iovec *iov,
                                             size_t count, size_t *out_n)
{
    (void)userdata;
    (void)iov;
    (void)count;
    *out_n = SIZE_MAX;
    return 0;
}

static void is_a_count_that_cannot_be_an_io_error(void **state)
{
    (void)state;
    struct pair *p = pair_of(0x0304);
    size_t n = 9;
    assert_int_equal(rustls_connection_read_tls(p->client, read_too_much, NULL, &n), EIO);
    assert_int_equal(rustls_connection_write_tls(p->client, write_too_much, NULL, &n), EIO);
    assert_int_equal(
        rustls_connection_write_tls_vectored(p->client, write_iovec_too_much, NULL, &n), EIO);
    assert_int_equal(n, 9);
    pair_run(p);
    assert_state(p->client, 1, 0, 0); /* nothing was lost */
    pair_free(p);
}

/* ---- calling back in ---------------------------------------------------------------------- */

static unsigned refused;

/* Everything that could change the connection under the callback's feet; writing where nothing is
 * queued is no more than that. */
static void meddle(struct rustls_connection *conn)
{
    static struct wire wire;
    static uint8_t text[70000];
    size_t n = 0;
    refused += rustls_connection_process_new_packets(conn) != RUSTLS_RESULT_OK;
    refused += rustls_connection_write(conn, text, sizeof text, &n) != RUSTLS_RESULT_OK;
    refused += rustls_connection_read(conn, text, sizeof text, &n) != RUSTLS_RESULT_OK;
    refused += rustls_connection_refresh_traffic_keys(conn) != RUSTLS_RESULT_OK;
    (void)rustls_connection_write_tls(conn, wire_write, &wire, &n);
    (void)rustls_connection_write_tls_vectored(conn, wire_write_vectored, &wire, &n);
    refused += rustls_connection_read_tls(conn, wire_read, &wire, &n) != 0;
    rustls_connection_send_close_notify(conn);
    assert_int_equal(n, 0);
    assert_int_equal(wire.calls, 0);
}

static struct rustls_connection *victim;

static rustls_io_result meddling_read(void *userdata, uint8_t *buf, size_t n, size_t *out_n)
{
    meddle(victim);
    return wire_read(userdata, buf, n, out_n);
}

static rustls_io_result meddling_write(void *userdata, const uint8_t *buf, size_t n, size_t *out_n)
{
    meddle(victim);
    return wire_write(userdata, buf, n, out_n);
}

static rustls_io_result meddling_iovec(void *userdata, const struct rustls_iovec *iov, size_t count,
                                       size_t *out_n)
{
    meddle(victim);
    return wire_write_vectored(userdata, iov, count, out_n);
}

static uint32_t meddling_verifier(void *userdata,
                                  const struct rustls_verify_server_cert_params *params)
{
    meddle(userdata);
    return params->end_entity_cert_der.data[0] == 0x30 ? RUSTLS_RESULT_OK : RUSTLS_RESULT_GENERAL;
}

static void meddling_log(void *userdata, const struct rustls_log_params *params)
{
    (void)params;
    meddle(userdata);
}

static void hostile_67_does_calling_back_in_change_anything(void **state)
{
    (void)state;
    struct pair *p = pair_of(0x0304);
    size_t n = 0;
    victim = p->client;
    refused = 0;
    while (rustls_connection_wants_write(p->client))
        assert_int_equal(rustls_connection_write_tls(p->client, meddling_write, &p->to_server, &n),
                         0);
    assert_true(refused >= 5);
    assert_ok(pair_feed(p->server, &p->to_server));
    pair_flush(p->server, &p->to_client);
    while (p->to_client.len != 0) {
        assert_int_equal(rustls_connection_read_tls(p->client, meddling_read, &p->to_client, &n),
                         0);
        assert_ok(rustls_connection_process_new_packets(p->client));
    }
    while (rustls_connection_wants_write(p->client))
        assert_int_equal(
            rustls_connection_write_tls_vectored(p->client, meddling_iovec, &p->to_server, &n), 0);
    pair_run(p);
    assert_state(p->client, 1, 0, 0);
    assert_state(p->server, 1, 0, 0);
    pair_say(p->client, "untouched");
    pair_run(p);
    assert_hears(p->server, "untouched");
    assert_true(refused % 5 == 0); /* each call each time */
    pair_free(p);
}

static void hostile_67_does_a_verifier_that_calls_back_in_change_anything(void **state)
{
    (void)state;
    struct rustls_client_config_builder *client = rustls_client_config_builder_new();
    assert_ok(
        rustls_client_config_builder_dangerous_set_certificate_verifier(client, meddling_verifier));
    struct pair *p = pair_new(client, "localhost", test_server_builder("p256"));
    refused = 0;
    rustls_connection_set_userdata(p->client, p->client);
    pair_run(p);
    assert_int_equal(refused, 5);
    assert_result(p->client_result, 7000);
    pair_say(p->server, "untouched");
    pair_run(p);
    assert_hears(p->client, "untouched");
    pair_free(p);
}

static void does_a_log_that_calls_back_in_change_anything(void **state)
{
    (void)state;
    struct pair *p =
        pair_new(test_client_builder("ca"), "other.example", test_server_builder("p256"));
    refused = 0;
    rustls_connection_set_userdata(p->client, p->client);
    rustls_connection_set_log_callback(p->client, meddling_log);
    pair_run(p);
    assert_true(refused >= 5 && refused % 5 == 0);
    assert_result(p->client_result, 7128);
    assert_result(p->server_result, 7208);
    pair_free(p);
}

/* ---- freeing the connection --------------------------------------------------------------- */

static rustls_io_result freeing_read(void *userdata, uint8_t *buf, size_t n, size_t *out_n)
{
    rustls_connection_free(victim);
    return wire_read(userdata, buf, n, out_n);
}

static rustls_io_result freeing_write(void *userdata, const uint8_t *buf, size_t n, size_t *out_n)
{
    rustls_connection_free(victim);
    return wire_write(userdata, buf, n, out_n);
}

static rustls_io_result freeing_iovec(void *userdata, const struct rustls_iovec *iov, size_t count,
                                      size_t *out_n)
{
    rustls_connection_free(victim);
    rustls_connection_free(victim); /* twice, for good measure */
    return wire_write_vectored(userdata, iov, count, out_n);
}

static uint32_t verdict;

static uint32_t freeing_verifier(void *userdata,
                                 const struct rustls_verify_server_cert_params *params)
{
    (void)params;
    rustls_connection_free(userdata);
    return verdict;
}

static void freeing_log(void *userdata, const struct rustls_log_params *params)
{
    (void)params;
    rustls_connection_free(userdata);
}

static void hostile_67_is_a_connection_freed_by_its_callback_freed_once(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct pair *p = pair_of(0x0304);
        size_t n = 0;
        victim = p->client;
        if (i == 0)
            (void)rustls_connection_write_tls(p->client, freeing_write, &p->to_server, &n);
        else if (i == 1)
            (void)rustls_connection_write_tls_vectored(p->client, freeing_iovec, &p->to_server, &n);
        else
            (void)rustls_connection_read_tls(p->client, freeing_read, &p->to_client, &n);
        p->client = NULL;
        pair_free(p);
    }
}

/* Everything that the server has to say, processed by the client in one call. */
static void process_once(struct pair *p)
{
    size_t n = 0;
    rustls_connection_set_userdata(p->client, p->client);
    pair_flush(p->client, &p->to_server);
    assert_ok(pair_feed(p->server, &p->to_server));
    pair_flush(p->server, &p->to_client);
    assert_int_equal(rustls_connection_read_tls(p->client, wire_read, &p->to_client, &n), 0);
    assert_int_equal(p->to_client.len, 0);
    assert_result(rustls_connection_process_new_packets(p->client), 7112);
    p->client = NULL;
    pair_free(p);
}

static void hostile_67_is_a_connection_freed_by_its_verifier_freed_once(void **state)
{
    (void)state;
    static const uint32_t verdicts[] = {RUSTLS_RESULT_OK, RUSTLS_RESULT_CERT_EXPIRED};
    for (size_t i = 0; i < 2; i++) {
        struct rustls_client_config_builder *client = rustls_client_config_builder_new();
        assert_ok(rustls_client_config_builder_dangerous_set_certificate_verifier(
            client, freeing_verifier));
        verdict = verdicts[i];
        process_once(pair_new(client, "localhost", test_server_builder("p256")));
    }
}

static void is_a_connection_freed_by_its_log_freed_once(void **state)
{
    (void)state;
    struct pair *p =
        pair_new(test_client_builder("ca"), "other.example", test_server_builder("p256"));
    rustls_connection_set_log_callback(p->client, freeing_log);
    process_once(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_count_that_cannot_be_an_io_error),
        cmocka_unit_test(hostile_67_does_calling_back_in_change_anything),
        cmocka_unit_test(hostile_67_does_a_verifier_that_calls_back_in_change_anything),
        cmocka_unit_test(does_a_log_that_calls_back_in_change_anything),
        cmocka_unit_test(hostile_67_is_a_connection_freed_by_its_callback_freed_once),
        cmocka_unit_test(hostile_67_is_a_connection_freed_by_its_verifier_freed_once),
        cmocka_unit_test(is_a_connection_freed_by_its_log_freed_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
