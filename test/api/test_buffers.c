/* How much a connection takes, holds and hands over at once, and what I/O callbacks answer. */
#include "lib/pair.h"

#include <errno.h>
#include <stdlib.h>

enum { LIMIT = 65536, FRAGMENT = 16384, RECORD = FRAGMENT + 22, INPUT_MAX = FRAGMENT + 2048 + 5 };

static uint8_t megabyte[1 << 20];

/* Writes that many bytes of plaintext; answers how many were taken. */
static size_t take(struct rustls_connection *conn, size_t n)
{
    size_t taken = 9999999;
    assert_ok(rustls_connection_write(conn, megabyte, n, &taken));
    return taken;
}

static size_t write_once(struct rustls_connection *conn, struct wire *to)
{
    size_t n = 9999999;
    assert_int_equal(rustls_connection_write_tls(conn, wire_write, to, &n), 0);
    return n;
}

static void does_a_write_stop_at_64_kib_before_the_handshake(void **state)
{
    (void)state;
    struct pair *p = pair_of(0x0304);
    assert_int_equal(take(p->client, sizeof megabyte), LIMIT);
    assert_true(rustls_connection_wants_write(p->client));
    assert_int_equal(take(p->client, 1), 0);
    pair_free(p);
}

static void does_a_write_stop_at_64_kib_after_the_handshake(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0304);
    assert_int_equal(take(p->client, sizeof megabyte), LIMIT);
    assert_int_equal(take(p->client, 1), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(write_once(p->client, &p->to_server), RECORD); /* one record for a call */
    assert_false(rustls_connection_wants_write(p->client));
    assert_int_equal(take(p->client, 1), 1);
    pair_free(p);
}

static void is_early_plaintext_delivered_whole(void **state)
{
    (void)state;
    struct pair *p = pair_of(0x0304);
    static uint8_t got[LIMIT + 1];
    size_t total = 0, n = 0;
    for (size_t i = 0; i < LIMIT; i++)
        megabyte[i] = (uint8_t)(i >> 8 ^ i);
    assert_int_equal(take(p->client, LIMIT), LIMIT);
    do {
        pair_run(p);
        n = 0;
        rustls_result result =
            rustls_connection_read(p->server, got + total, LIMIT + 1 - total, &n);
        assert_true(result == RUSTLS_RESULT_OK || result == RUSTLS_RESULT_PLAINTEXT_EMPTY);
        total += n;
    } while (n != 0);
    assert_int_equal(total, LIMIT);
    assert_memory_equal(got, megabyte, LIMIT);
    pair_free(p);
}

static void is_the_limit_what_it_was_set_to(void **state)
{
    (void)state;
    struct pair *p = pair_of(0x0304);
    rustls_connection_set_buffer_limit(p->client, 1000);
    assert_int_equal(take(p->client, 5000), 1000);
    assert_int_equal(take(p->client, 1), 0);
    pair_free(p);

    p = pair_up(0x0304);
    rustls_connection_set_buffer_limit(p->client, 1000);
    assert_int_equal(take(p->client, 5000), 1000);
    assert_int_equal(write_once(p->client, &p->to_server), 1022);
    rustls_connection_set_buffer_limit(p->client, 0);
    assert_int_equal(take(p->client, 5000), 0);
    assert_false(rustls_connection_wants_write(p->client));
    pair_free(p);
}

static rustls_io_result read_refused(struct rustls_connection *conn, struct wire *from)
{
    size_t n = 77;
    rustls_io_result result = rustls_connection_read_tls(conn, wire_read, from, &n);
    assert_true(result == 0 || n == 77);
    return result;
}

static void are_bytes_refused_that_nobody_processes(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0304);
    size_t n = 0, total = 0, calls = 0;
    wire_put(&p->to_server, megabyte, 100000);
    for (; calls < 5; calls++) {
        assert_int_equal(rustls_connection_read_tls(p->server, wire_read, &p->to_server, &n), 0);
        assert_int_equal(p->to_server.asked, calls < 4 ? 4096 : INPUT_MAX - 4 * 4096);
        total += n;
    }
    assert_int_equal(total, INPUT_MAX);
    assert_int_equal(read_refused(p->server, &p->to_server), EIO);
    pair_free(p);
}

/* Programs wait for no more while they have something to read. */
static void are_bytes_refused_over_16_kib_of_unread_plaintext(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0304);
    size_t n = 0;
    assert_int_equal(take(p->client, LIMIT), LIMIT);
    pair_flush(p->client, &p->to_server);
    assert_ok(pair_feed(p->server, &p->to_server)); /* stops when plaintext is there */
    assert_false(rustls_connection_wants_read(p->server));
    while ((n = p->to_server.len) != 0 && read_refused(p->server, &p->to_server) == 0)
        assert_ok(rustls_connection_process_new_packets(p->server));
    assert_int_equal(read_refused(p->server, &p->to_server), EIO);

    size_t there = 0;
    assert_ok(rustls_connection_read(p->server, megabyte, sizeof megabyte, &there));
    assert_int_equal(there, 2 * FRAGMENT); /* read spans records */
    assert_result(rustls_connection_read(p->server, megabyte, 1, &there), 7011);
    assert_true(rustls_connection_wants_read(p->server));
    assert_int_equal(read_refused(p->server, &p->to_server), 0);
    pair_free(p);
}

static void does_one_vectored_write_take_everything(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0304);
    size_t n = 0;
    assert_int_equal(take(p->client, 50000), 50000);
    assert_int_equal(
        rustls_connection_write_tls_vectored(p->client, wire_write_vectored, &p->to_server, &n), 0);
    assert_int_equal(n, 50000 + 4 * 22);
    assert_int_equal(p->to_server.parts, 4);
    assert_int_equal(wire_records(&p->to_server), 4);
    assert_false(rustls_connection_wants_write(p->client));
    assert_int_equal(
        rustls_connection_write_tls_vectored(p->client, wire_write_vectored, &p->to_server, &n), 0);
    assert_int_equal(n, 0);
    pair_free(p);
}

static void does_a_vectored_write_go_on_where_it_was_cut(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0304);
    static uint8_t got[50000];
    size_t n = 0, total = 0;
    assert_int_equal(take(p->client, sizeof got), sizeof got);
    p->to_server.accepts = 7001;
    while (rustls_connection_wants_write(p->client)) {
        assert_int_equal(
            rustls_connection_write_tls_vectored(p->client, wire_write_vectored, &p->to_server, &n),
            0);
        assert_true(n != 0 && n <= 7001);
    }
    do {
        pair_run(p);
        n = 0;
        (void)rustls_connection_read(p->server, got + total, sizeof got - total, &n);
        total += n;
    } while (n != 0);
    assert_result(p->server_result, 7000);
    assert_int_equal(total, sizeof got);
    assert_memory_equal(got, megabyte, sizeof got);
    pair_free(p);
}

static void is_a_short_write_continued(void **state)
{
    (void)state;
    struct pair *p = pair_of(0x0304);
    p->to_server.accepts = 10;
    assert_int_equal(write_once(p->client, &p->to_server), 10);
    assert_true(rustls_connection_wants_write(p->client));
    p->to_server.accepts = 0;
    pair_run(p);
    assert_state(p->client, 1, 0, 0);
    pair_free(p);
}

static void do_callback_errors_pass_as_they_are(void **state)
{
    (void)state;
    static const int errors[] = {EAGAIN, EINTR, 12345, -1};
    struct pair *p = pair_of(0x0304);
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        size_t n = 77;
        p->to_server.error = p->to_client.error = errors[i];
        assert_int_equal(rustls_connection_write_tls(p->client, wire_write, &p->to_server, &n),
                         errors[i]);
        assert_int_equal(
            rustls_connection_write_tls_vectored(p->client, wire_write_vectored, &p->to_server, &n),
            errors[i]);
        assert_int_equal(rustls_connection_read_tls(p->client, wire_read, &p->to_client, &n),
                         errors[i]);
        assert_int_equal(n, 77);
        assert_true(rustls_connection_wants_write(p->client));
    }
    p->to_server.error = p->to_client.error = 0;
    pair_run(p);
    assert_state(p->client, 1, 0, 0); /* no harm was done */
    pair_free(p);
}

static void is_a_write_of_nothing_no_call(void **state)
{
    (void)state;
    struct pair *p = pair_of(0x0304);
    assert_int_equal(write_once(p->server, &p->to_client), 0);
    assert_int_equal(p->to_client.calls, 0);
    pair_free(p);
}

static void is_nothing_to_read_told_from_no_room(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0304);
    uint8_t byte;
    size_t n = 9;
    assert_result(rustls_connection_read(p->client, &byte, 1, &n), 7011);
    assert_int_equal(n, 9);
    assert_ok(rustls_connection_read(p->client, &byte, 0, &n));
    assert_int_equal(n, 0);
    assert_int_equal(take(p->client, 0), 0);
    assert_false(rustls_connection_wants_write(p->client));
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_a_write_stop_at_64_kib_before_the_handshake),
        cmocka_unit_test(does_a_write_stop_at_64_kib_after_the_handshake),
        cmocka_unit_test(is_early_plaintext_delivered_whole),
        cmocka_unit_test(is_the_limit_what_it_was_set_to),
        cmocka_unit_test(are_bytes_refused_that_nobody_processes),
        cmocka_unit_test(are_bytes_refused_over_16_kib_of_unread_plaintext),
        cmocka_unit_test(does_one_vectored_write_take_everything),
        cmocka_unit_test(does_a_vectored_write_go_on_where_it_was_cut),
        cmocka_unit_test(is_a_short_write_continued),
        cmocka_unit_test(do_callback_errors_pass_as_they_are),
        cmocka_unit_test(is_a_write_of_nothing_no_call),
        cmocka_unit_test(is_nothing_to_read_told_from_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
