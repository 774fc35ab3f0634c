/* Limits that a config sets: each is kept, and its breach is told. */
#include "galvan.h"
#include "lib/pair.h"

static const uint16_t tls13 = 0x0304;

/* A pair, one side of which has one limit changed. */
static struct pair *limited(bool at_client, enum galvan_limit limit, uint64_t value)
{
    struct rustls_client_config_builder *client = test_client_builder_of("ca", tls13);
    struct rustls_server_config_builder *server = test_server_builder_of("chain", tls13);
    if (at_client)
        assert_ok(galvan_client_config_builder_set_limit(client, limit, value));
    else
        assert_ok(galvan_server_config_builder_set_limit(server, limit, value));
    return pair_new(client, "localhost", server);
}

static void is_a_handshake_message_bounded(void **state)
{
    (void)state;
    struct pair *p = limited(true, GALVAN_LIMIT_HANDSHAKE_MESSAGE, 600); /* Certificate is longer */
    pair_run(p);
    assert_result(p->client_result, 7133);
    pair_free(p);
    p = limited(false, GALVAN_LIMIT_HANDSHAKE_MESSAGE, 60); /* so is every ClientHello */
    pair_run(p);
    assert_result(p->server_result, 7133);
    pair_free(p);
}

static void is_a_certificate_chain_bounded(void **state)
{
    (void)state;
    struct pair *p = limited(true, GALVAN_LIMIT_CERTIFICATE_CHAIN, 600);
    pair_run(p);
    assert_result(p->client_result, 7155);
    pair_free(p);
}

static void are_change_cipher_specs_bounded(void **state)
{
    (void)state;
    struct pair *p = limited(false, GALVAN_LIMIT_MIDDLEBOX_CCS, 0);
    pair_run(p);
    assert_result(p->client_result, 7201);
    assert_result(p->server_result, 7108); /* the client's one is too many */
    pair_free(p);
}

static void are_warnings_bounded(void **state)
{
    (void)state;
    struct pair *p = limited(false, GALVAN_LIMIT_WARNING_ALERTS, 0);
    wire_put(&p->to_server, "\x15\3\3\0\2\1\x5a", 7);
    assert_result(pair_feed(p->server, &p->to_server), 7108);
    pair_free(p);
}

static void are_messages_after_the_handshake_bounded(void **state)
{
    (void)state;
    struct pair *p = limited(false, GALVAN_LIMIT_POST_HANDSHAKE, 2);
    pair_run(p);
    for (int i = 0; i < 2; i++)
        assert_ok(rustls_connection_refresh_traffic_keys(p->client));
    pair_run(p);
    assert_result(p->server_result, 7000);
    assert_ok(rustls_connection_refresh_traffic_keys(p->client));
    pair_run(p);
    assert_result(p->server_result, 7108);
    pair_free(p);
}

/* A flood is what nobody asked for: a KeyUpdate that answers a request of ours is none, however
 * many there are. */
static void may_keys_be_changed_by_turns_without_end(void **state)
{
    (void)state;
    struct pair *p = pair_up(tls13);
    for (int i = 0; i < 100; i++) {
        assert_ok(rustls_connection_refresh_traffic_keys(p->client));
        pair_run(p);
        assert_ok(rustls_connection_refresh_traffic_keys(p->server));
        pair_run(p);
    }
    assert_result(p->client_result, 7000);
    assert_result(p->server_result, 7000);
    pair_free(p);
}

/* RFC 9846 section 4.6.3: who has not been answered yet does not ask again. */
static void is_the_peer_asked_for_one_update_at_a_time(void **state)
{
    (void)state;
    struct pair *p = pair_up(tls13);
    assert_ok(rustls_connection_refresh_traffic_keys(p->client));
    pair_flush(p->client, &p->to_server);
    assert_ok(pair_feed(p->server, &p->to_server));
    pair_say(p->server, "x");
    pair_flush(p->server, &p->to_client);
    assert_int_equal(wire_records(&p->to_client), 2); /* the answer and the data, on their way */
    assert_ok(rustls_connection_refresh_traffic_keys(p->client));
    pair_run(p);
    assert_hears(p->client, "x");
    pair_say(p->server, "y");
    pair_flush(p->server, &p->to_client);
    assert_int_equal(wire_records(&p->to_client), 1); /* no second answer is owed */
    pair_run(p);
    assert_hears(p->client, "y");
    pair_free(p);
}

static size_t heard(struct rustls_connection *conn)
{
    uint8_t got[64];
    size_t n = 0;
    (void)rustls_connection_read(conn, got, sizeof got, &n);
    return n;
}

/* RFC 9846 section 5.5: keys are changed in time, without anybody's doing. */
static void hostile_17_are_keys_changed_after_as_many_records_as_were_set(void **state)
{
    (void)state;
    static const uint64_t limits[] = {2, 3, 8, 9, 100};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        struct pair *p = limited(true, GALVAN_LIMIT_RECORDS_PER_KEY, limits[i]);
        pair_run(p);
        size_t updates = 0;
        for (size_t n = 1; n <= 200; n++) {
            pair_say(p->client, "x");
            pair_flush(p->client, &p->to_server);
            updates += wire_records(&p->to_server) - 1;
            pair_run(p);
            assert_result(p->server_result, 7000);
            assert_int_equal(heard(p->server), 1);
        }
        assert_true(updates >= 200 / limits[i]);
        assert_true(updates <= 2 * 200 / limits[i] + 1);
        pair_say(p->server, "and back");
        pair_run(p);
        assert_hears(p->client, "and back");
        pair_free(p);
    }
}

/* TLS 1.2 cannot change its keys: what they cannot protect any more is not written, and the peer is
 * told that this is the end, while it may still speak. */
static void hostile_17_does_tls12_end_in_order_when_its_key_is_used_up(void **state)
{
    (void)state;
    enum { LIMIT = 10 }; /* Finished, 8 records of data, close_notify */
    struct rustls_client_config_builder *b = test_client_builder_of("ca", 0x0303);
    static uint8_t data[3 * 16384];
    uint8_t got[64];
    size_t n = 0;
    assert_ok(galvan_client_config_builder_set_limit(b, GALVAN_LIMIT_RECORDS_PER_KEY, LIMIT));
    struct pair *p = pair_new(b, "localhost", test_server_builder_of("p256", 0x0303));
    pair_run(p);
    for (size_t i = 0; i < LIMIT - 4; i++) {
        pair_say(p->client, "x");
        pair_run(p);
        assert_int_equal(heard(p->server), 1);
    }
    assert_ok(rustls_connection_write(p->client, data, sizeof data, &n));
    assert_int_equal(n, 2 * 16384);
    pair_flush(p->client, &p->to_server);
    assert_int_equal(wire_records(&p->to_server), 2);
    while (pair_feed(p->server, &p->to_server) == RUSTLS_RESULT_OK &&
           rustls_connection_read(p->server, data, sizeof data, &n) == RUSTLS_RESULT_OK && n != 0)
        ;
    for (unsigned again = 0; again < 2; again++)
        assert_result(rustls_connection_write(p->client, data, 1, &n), RUSTLS_RESULT_ENCRYPT_ERROR);
    pair_run(p);
    assert_ok(p->client_result);
    assert_ok(p->server_result);
    assert_ok(rustls_connection_read(p->server, got, sizeof got, &n)); /* close_notify */
    assert_int_equal(n, 0);
    pair_say(p->server, "one more word");
    pair_run(p);
    assert_hears(p->client, "one more word");
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_handshake_message_bounded),
        cmocka_unit_test(is_a_certificate_chain_bounded),
        cmocka_unit_test(are_change_cipher_specs_bounded),
        cmocka_unit_test(are_warnings_bounded),
        cmocka_unit_test(are_messages_after_the_handshake_bounded),
        cmocka_unit_test(may_keys_be_changed_by_turns_without_end),
        cmocka_unit_test(is_the_peer_asked_for_one_update_at_a_time),
        cmocka_unit_test(hostile_17_are_keys_changed_after_as_many_records_as_were_set),
        cmocka_unit_test(hostile_17_does_tls12_end_in_order_when_its_key_is_used_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
