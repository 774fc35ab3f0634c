/* What a connection that has just begun answers to bytes that are no handshake. */
#include "lib/hex.h"
#include "lib/pair.h"

enum { NO_REPLY = -1 };

/* The same for client and server, in both versions: result, and the alert that the peer is told. */
static const struct {
    const char *bytes, *what;
    unsigned int result;
    int alert;
} facts[] = {
    {"474554202f2048545450", "GET / HTTP", 7135, 50},
    {"485454502f312e312034", "HTTP/1.1 4", 7135, 50},
    {"1603010000787878", "an empty handshake record", 7139, 50},
    {"15030300020228", "handshake_failure", 7206, NO_REPLY},
    {"15030300020100", "close_notify", 7000, NO_REPLY},
    {"15030300020246", "protocol_version", 7219, NO_REPLY},
    {"140303000101", "ChangeCipherSpec", 7109, 10},
    {"170303000378797a", "application data", 7109, 10},
    {"160303000463000000", "an unknown handshake message", 7110, 10},
    {"802e0100027878787878", "an SSL 2 hello", 7135, 50},
    {"160200000178", "a record of version 2.0", 7149, 50},
    {"15030300020270", "unrecognised_name", 7228, NO_REPLY},
    {"1503030002015a", "user_canceled, a warning", 7000, NO_REPLY},
    {"150303000202ee", "an alert that nobody knows", 7234, NO_REPLY},
    {"150303000102", "half an alert", 7144, 50},
};

static void assert_answer(struct rustls_connection *conn, struct wire *in, struct wire *out,
                          size_t i)
{
    uint8_t bytes[16];
    wire_put(in, bytes, hex_read(bytes, sizeof bytes, facts[i].bytes));
    pair_flush(conn, out);
    wire_clear(out);
    assert_result(pair_feed(conn, in), facts[i].result);
    assert_result(rustls_connection_process_new_packets(conn), facts[i].result); /* sticky */
    assert_int_equal(rustls_connection_wants_write(conn), facts[i].alert != NO_REPLY);
    assert_int_equal(rustls_connection_wants_read(conn), facts[i].alert == NO_REPLY);
    pair_flush(conn, out);
    if (facts[i].alert == NO_REPLY) {
        assert_int_equal(out->len, 0);
        return;
    }
    const uint8_t alert[] = {21, 3, 3, 0, 2, 2, (uint8_t)facts[i].alert};
    assert_int_equal(out->len, sizeof alert);
    assert_memory_equal(out->at, alert, sizeof alert);
}

static void does_a_client_answer_garbage_as_programs_know(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        for (uint16_t version = 0x0303; version <= 0x0304; version++) {
            struct pair *p = pair_of(version);
            print_message("%04x: %s\n", version, facts[i].what);
            assert_answer(p->client, &p->to_client, &p->to_server, i);
            pair_free(p);
        }
}

static void does_a_server_answer_garbage_as_programs_know(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        for (uint16_t version = 0x0303; version <= 0x0304; version++) {
            struct pair *p = pair_of(version);
            print_message("%04x: %s\n", version, facts[i].what);
            assert_answer(p->server, &p->to_server, &p->to_client, i);
            pair_free(p);
        }
}

/* CVE-2016-8610: warnings cost the sender little, and so must not be taken without end. */
static void is_a_fifth_warning_too_many(void **state)
{
    (void)state;
    struct pair *p = pair_of(0x0304);
    for (int i = 0; i < 4; i++) {
        wire_put(&p->to_server, "\x15\3\3\0\2\1\x5a", 7);
        assert_result(pair_feed(p->server, &p->to_server), 7000);
    }
    wire_put(&p->to_server, "\x15\3\3\0\2\1\x5a", 7);
    assert_result(pair_feed(p->server, &p->to_server), 7108);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_a_client_answer_garbage_as_programs_know),
        cmocka_unit_test(does_a_server_answer_garbage_as_programs_know),
        cmocka_unit_test(is_a_fifth_warning_too_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
