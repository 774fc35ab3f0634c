/* How connections end: close_notify in both directions, the end of the stream, errors. */
#include "lib/pair.h"

static void assert_read(struct rustls_connection *conn, unsigned int result, size_t want)
{
    uint8_t got[64];
    size_t n = 9;
    assert_result(rustls_connection_read(conn, got, sizeof got, &n), result);
    assert_int_equal(n, result == 7000 ? want : 9);
}

static size_t read_tls(struct rustls_connection *conn, struct wire *from)
{
    size_t n = 99;
    assert_int_equal(rustls_connection_read_tls(conn, wire_read, from, &n), 0);
    return n;
}

static void is_a_closed_stream_read_to_its_end_for_ever(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0304);
    struct wire_record record;
    pair_say(p->server, "hello");
    rustls_connection_send_close_notify(p->server);
    assert_state(p->server, 1, 1, 0);
    pair_say(p->server, "late"); /* taken, and read by nobody */
    pair_flush(p->server, &p->to_client);
    assert_int_equal(wire_records(&p->to_client), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(wire_record(&p->to_client, i, &record));
        assert_int_equal(record.type, 23);
    }
    assert_true(wire_record(&p->to_client, 1, &record));
    assert_int_equal(record.len, 19);

    assert_ok(pair_feed(p->client, &p->to_client));
    assert_state(p->client, 0, 0, 0);
    assert_read(p->client, 7000, 5);
    assert_read(p->client, 7000, 0);
    assert_read(p->client, 7000, 0);
    assert_state(p->client, 0, 0, 0);
    pair_free(p);
}

static struct pair *half_closed(void)
{
    struct pair *p = pair_up(0x0304);
    rustls_connection_send_close_notify(p->server);
    pair_run(p);
    assert_read(p->client, 7000, 0);
    return p;
}

static void may_the_other_direction_go_on(void **state)
{
    (void)state;
    struct pair *p = half_closed();
    pair_say(p->client, "more");
    assert_true(rustls_connection_wants_write(p->client));
    pair_run(p);
    assert_result(p->server_result, 7000);
    assert_hears(p->server, "more");
    pair_free(p);
}

static void are_bytes_behind_close_notify_swallowed(void **state)
{
    (void)state;
    struct pair *p = half_closed();
    wire_put(&p->to_client, "junk", 4);
    assert_int_equal(read_tls(p->client, &p->to_client), 0);
    assert_ok(rustls_connection_process_new_packets(p->client));
    assert_read(p->client, 7000, 0);
    pair_free(p);
}

static void is_close_notify_sent_once(void **state)
{
    (void)state;
    struct pair *p = half_closed();
    rustls_connection_send_close_notify(p->client);
    rustls_connection_send_close_notify(p->client);
    pair_flush(p->client, &p->to_server);
    assert_int_equal(wire_records(&p->to_server), 1);
    assert_int_equal(p->to_server.len, 5 + 19);
    assert_state(p->client, 0, 0, 0);
    assert_ok(pair_feed(p->server, &p->to_server));
    assert_read(p->server, 7000, 0);
    pair_free(p);
}

/* RFC 9846 section 6.1: what came without a close_notify may have been cut off. */
static void is_an_end_without_close_notify_told(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0304);
    pair_say(p->server, "hello");
    pair_run(p);
    pair_cut(p->client, &p->to_client);
    assert_false(rustls_connection_wants_read(p->client));
    assert_read(p->client, 7000, 5);
    assert_read(p->client, 7010, 0);
    assert_read(p->client, 7010, 0);
    assert_ok(rustls_connection_process_new_packets(p->client));
    assert_false(rustls_connection_wants_read(p->client)); /* or a caller's loop would spin */
    pair_free(p);
}

static void is_an_end_in_the_handshake_told(void **state)
{
    (void)state;
    struct pair *p = pair_of(0x0304);
    pair_flush(p->client, &p->to_server);
    pair_cut(p->client, &p->to_client);
    assert_state(p->client, 1, 0, 1);
    assert_read(p->client, 7010, 0);
    pair_free(p);
}

static void is_an_end_before_the_first_byte_told(void **state)
{
    (void)state;
    struct pair *p = pair_of(0x0304);
    pair_cut(p->server, &p->to_server);
    assert_read(p->server, 7010, 0);
    pair_free(p);
}

static void is_close_notify_in_the_handshake_no_orderly_end(void **state)
{
    (void)state;
    struct pair *p = pair_of(0x0304);
    struct wire_record record;
    rustls_connection_send_close_notify(p->client);
    pair_flush(p->client, &p->to_server);
    assert_int_equal(wire_records(&p->to_server), 2);
    assert_true(wire_record(&p->to_server, 1, &record));
    assert_int_equal(record.type, 21);
    assert_int_equal(record.version, 0x0303);
    assert_int_equal(record.len, 2);
    assert_memory_equal(p->to_server.at + record.offset, "\1\0", 2);
    assert_result(pair_feed(p->server, &p->to_server), 7200);
    pair_free(p);
}

static void are_keys_refreshed_after_the_handshake_only(void **state)
{
    (void)state;
    struct pair *p = pair_of(0x0304);
    struct wire_record record;
    assert_result(rustls_connection_refresh_traffic_keys(p->client), 7104);
    pair_run(p);
    assert_ok(rustls_connection_refresh_traffic_keys(p->client));
    pair_flush(p->client, &p->to_server);
    assert_int_equal(wire_records(&p->to_server), 1);
    assert_true(wire_record(&p->to_server, 0, &record));
    assert_int_equal(record.type, 23);
    assert_int_equal(record.len, 22);
    assert_ok(pair_feed(p->server, &p->to_server));
    assert_false(rustls_connection_wants_write(p->server)); /* its update goes before its data */
    pair_say(p->client, "with new keys");
    pair_say(p->server, "here too");
    pair_run(p);
    assert_hears(p->server, "with new keys");
    assert_hears(p->client, "here too");
    pair_free(p);
}

/* ---- errors after the handshake ----------------------------------------------------------- */

static void does_a_changed_record_end_the_connection(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0304);
    size_t n = 0;
    pair_say(p->server, "hello");
    pair_flush(p->server, &p->to_client);
    p->to_client.at[8] ^= 1;
    assert_result(pair_feed(p->client, &p->to_client), 7102);
    assert_state(p->client, 1, 1, 0);
    pair_flush(p->client, &p->to_server);
    assert_int_equal(p->to_server.len, 5 + 19);
    assert_result(pair_feed(p->server, &p->to_server), 7202);
    assert_result(rustls_connection_process_new_packets(p->client), 7102); /* sticky */
    assert_result(rustls_connection_process_new_packets(p->server), 7202);
    assert_ok(rustls_connection_write(p->client, (const uint8_t *)"x", 1, &n));
    assert_int_equal(n, 1);
    assert_true(rustls_connection_wants_write(p->client));
    pair_free(p);
}

static void assert_refused(const char *bytes, size_t len, unsigned int local, unsigned int peer)
{
    struct pair *p = pair_up(0x0304);
    wire_put(&p->to_client, bytes, len);
    assert_result(pair_feed(p->client, &p->to_client), local);
    pair_flush(p->client, &p->to_server);
    assert_result(pair_feed(p->server, &p->to_server), peer);
    pair_free(p);
}

static void is_a_record_too_short_for_its_tag_refused(void **state)
{
    (void)state;
    assert_refused("\x17\3\3\0\3abc", 8, 7102, 7202);
}

/* The alert is RFC 9846's (section 5.2), where rustls sends decode_error. */
static void is_a_record_over_the_limit_refused(void **state)
{
    (void)state;
    assert_refused("\x17\3\3\x48\1", 5, 7142, 7204);
}

static void is_an_alert_in_the_clear_refused(void **state)
{
    (void)state;
    assert_refused("\x15\3\3\0\2\2\x28", 7, 7102, 7202);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_closed_stream_read_to_its_end_for_ever),
        cmocka_unit_test(may_the_other_direction_go_on),
        cmocka_unit_test(are_bytes_behind_close_notify_swallowed),
        cmocka_unit_test(is_close_notify_sent_once),
        cmocka_unit_test(is_an_end_without_close_notify_told),
        cmocka_unit_test(is_an_end_in_the_handshake_told),
        cmocka_unit_test(is_an_end_before_the_first_byte_told),
        cmocka_unit_test(is_close_notify_in_the_handshake_no_orderly_end),
        cmocka_unit_test(are_keys_refreshed_after_the_handshake_only),
        cmocka_unit_test(does_a_changed_record_end_the_connection),
        cmocka_unit_test(is_a_record_too_short_for_its_tag_refused),
        cmocka_unit_test(is_a_record_over_the_limit_refused),
        cmocka_unit_test(is_an_alert_in_the_clear_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
