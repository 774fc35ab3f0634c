/* How connections end, in both versions: close_notify in both directions, the end of the stream,
 * errors. */
#include "lib/pair.h"

/* What a test is run for. */
struct shape {
    uint16_t version;
    uint8_t alert;   /* content type of a protected alert */
    size_t overhead; /* bytes that protection adds to a record */
};
static struct shape tls12 = {0x0303, 21, 8 + 16}, tls13 = {0x0304, 23, 1 + 16};
enum { ALERT = 2 };

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
    const struct shape *shape = *state;
    struct pair *p = pair_up(shape->version);
    struct wire_record record;
    const size_t lengths[] = {strlen("hello"), ALERT, strlen("late")};
    pair_say(p->server, "hello");
    rustls_connection_send_close_notify(p->server);
    assert_state(p->server, 1, 1, 0);
    pair_say(p->server, "late"); /* taken, and read by nobody */
    pair_flush(p->server, &p->to_client);
    assert_int_equal(wire_records(&p->to_client), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(wire_record(&p->to_client, i, &record));
        assert_int_equal(record.type, i == 1 ? shape->alert : 23);
        assert_int_equal(record.len, lengths[i] + shape->overhead);
    }

    assert_ok(pair_feed(p->client, &p->to_client));
    assert_state(p->client, 0, 0, 0);
    assert_read(p->client, 7000, 5);
    assert_read(p->client, 7000, 0);
    assert_read(p->client, 7000, 0);
    assert_state(p->client, 0, 0, 0);
    pair_free(p);
}

static struct pair *half_closed(const struct shape *shape)
{
    struct pair *p = pair_up(shape->version);
    rustls_connection_send_close_notify(p->server);
    pair_run(p);
    assert_read(p->client, 7000, 0);
    return p;
}

static void may_the_other_direction_go_on(void **state)
{
    struct pair *p = half_closed(*state);
    pair_say(p->client, "more");
    assert_true(rustls_connection_wants_write(p->client));
    pair_run(p);
    assert_result(p->server_result, 7000);
    assert_hears(p->server, "more");
    pair_free(p);
}

static void are_bytes_behind_close_notify_swallowed(void **state)
{
    struct pair *p = half_closed(*state);
    wire_put(&p->to_client, "junk", 4);
    assert_int_equal(read_tls(p->client, &p->to_client), 0);
    assert_ok(rustls_connection_process_new_packets(p->client));
    assert_read(p->client, 7000, 0);
    pair_free(p);
}

static void is_close_notify_sent_once(void **state)
{
    const struct shape *shape = *state;
    struct pair *p = half_closed(*state);
    rustls_connection_send_close_notify(p->client);
    rustls_connection_send_close_notify(p->client);
    pair_flush(p->client, &p->to_server);
    assert_int_equal(wire_records(&p->to_server), 1);
    assert_int_equal(p->to_server.len, 5 + ALERT + shape->overhead);
    assert_state(p->client, 0, 0, 0);
    assert_ok(pair_feed(p->server, &p->to_server));
    assert_read(p->server, 7000, 0);
    pair_free(p);
}

/* RFC 9846 section 6.1: what came without a close_notify may have been cut off. */
static void is_an_end_without_close_notify_told(void **state)
{
    const struct shape *shape = *state;
    struct pair *p = pair_up(shape->version);
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
    const struct shape *shape = *state;
    struct pair *p = pair_of(shape->version);
    pair_flush(p->client, &p->to_server);
    pair_cut(p->client, &p->to_client);
    assert_state(p->client, 1, 0, 1);
    assert_read(p->client, 7010, 0);
    pair_free(p);
}

static void is_an_end_before_the_first_byte_told(void **state)
{
    const struct shape *shape = *state;
    struct pair *p = pair_of(shape->version);
    pair_cut(p->server, &p->to_server);
    assert_read(p->server, 7010, 0);
    pair_free(p);
}

static void is_close_notify_in_the_handshake_no_orderly_end(void **state)
{
    const struct shape *shape = *state;
    struct pair *p = pair_of(shape->version);
    struct wire_record record;
    rustls_connection_send_close_notify(p->client);
    pair_flush(p->client, &p->to_server);
    assert_int_equal(wire_records(&p->to_server), 2);
    assert_true(wire_record(&p->to_server, 1, &record));
    assert_int_equal(record.type, 21);
    assert_int_equal(record.version, 0x0303);
    assert_int_equal(record.len, 2);
    assert_memory_equal(p->to_server.at + record.offset, "\1\0", 2);
    /* In TLS 1.2 it is a warning that means nothing yet. */
    assert_result(pair_feed(p->server, &p->to_server), shape == &tls13 ? 7200 : 7000);
    pair_free(p);
}

static void are_keys_never_refreshed_in_tls12(void **state)
{
    const struct shape *shape = *state;
    struct pair *p = pair_of(shape->version);
    assert_result(rustls_connection_refresh_traffic_keys(p->client), 7104);
    pair_run(p);
    assert_result(rustls_connection_refresh_traffic_keys(p->client), 7104);
    assert_false(rustls_connection_wants_write(p->client));
    pair_free(p);
}

static void are_keys_refreshed_after_the_handshake_only(void **state)
{
    const struct shape *shape = *state;
    struct pair *p = pair_of(shape->version);
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
    const struct shape *shape = *state;
    struct pair *p = pair_up(shape->version);
    size_t n = 0;
    pair_say(p->server, "hello");
    pair_flush(p->server, &p->to_client);
    p->to_client.at[8] ^= 1;
    assert_result(pair_feed(p->client, &p->to_client), 7102);
    assert_state(p->client, 1, 1, 0);
    pair_flush(p->client, &p->to_server);
    assert_int_equal(p->to_server.len, 5 + ALERT + shape->overhead);
    assert_result(pair_feed(p->server, &p->to_server), 7202);
    assert_result(rustls_connection_process_new_packets(p->client), 7102); /* sticky */
    assert_result(rustls_connection_process_new_packets(p->server), 7202);
    assert_ok(rustls_connection_write(p->client, (const uint8_t *)"x", 1, &n));
    assert_int_equal(n, 1);
    assert_true(rustls_connection_wants_write(p->client));
    pair_free(p);
}

static void assert_refused(const struct shape *shape, const char *bytes, size_t len,
                           unsigned int local, unsigned int peer)
{
    struct pair *p = pair_up(shape->version);
    wire_put(&p->to_client, bytes, len);
    assert_result(pair_feed(p->client, &p->to_client), local);
    pair_flush(p->client, &p->to_server);
    assert_result(pair_feed(p->server, &p->to_server), peer);
    pair_free(p);
}

static void is_a_record_too_short_for_its_tag_refused(void **state)
{
    assert_refused(*state, "\x17\3\3\0\3abc", 8, 7102, 7202);
}

/* The alert is RFC 9846's (section 5.2), where rustls sends decode_error. */
static void is_a_record_over_the_limit_refused(void **state)
{
    assert_refused(*state, "\x17\3\3\x48\1", 5, 7142, 7204);
}

static void is_an_alert_in_the_clear_refused(void **state)
{
    assert_refused(*state, "\x15\3\3\0\2\2\x28", 7, 7102, 7202);
}

int main(void)
{
#define ONE(test, shape) cmocka_unit_test_prestate(test, &(shape))
#define BOTH(test) ONE(test, tls12), ONE(test, tls13)
    const struct CMUnitTest tests[] = {
        BOTH(is_a_closed_stream_read_to_its_end_for_ever),
        BOTH(may_the_other_direction_go_on),
        BOTH(are_bytes_behind_close_notify_swallowed),
        BOTH(is_close_notify_sent_once),
        BOTH(is_an_end_without_close_notify_told),
        BOTH(is_an_end_in_the_handshake_told),
        BOTH(is_an_end_before_the_first_byte_told),
        BOTH(is_close_notify_in_the_handshake_no_orderly_end),
        ONE(are_keys_refreshed_after_the_handshake_only, tls13),
        ONE(are_keys_never_refreshed_in_tls12, tls12),
        BOTH(does_a_changed_record_end_the_connection),
        BOTH(is_a_record_too_short_for_its_tag_refused),
        BOTH(is_a_record_over_the_limit_refused),
        BOTH(is_an_alert_in_the_clear_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
