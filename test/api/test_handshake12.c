/* A TLS 1.2 handshake, step by step: what each side wants, knows and sends. */
#include "lib/pair.h"

static const struct rustls_slice_bytes offered[] = {{(const uint8_t *)"h2", 2},
                                                    {(const uint8_t *)"http/1.1", 8}};

static struct pair *alpn_pair(void)
{
    struct rustls_client_config_builder *client = test_client_builder_of("ca", 0x0303);
    struct rustls_server_config_builder *server = test_server_builder_of("p256", 0x0303);
    assert_ok(rustls_client_config_builder_set_alpn_protocols(client, offered, 2));
    assert_ok(rustls_server_config_builder_set_alpn_protocols(server, offered + 1, 1));
    return pair_new(client, "localhost", server);
}

static void assert_nothing_agreed(const struct rustls_connection *conn)
{
    const uint8_t *alpn = (const uint8_t *)"";
    size_t len = 9;
    assert_int_equal(rustls_connection_handshake_kind(conn), RUSTLS_HANDSHAKE_KIND_UNKNOWN);
    assert_int_equal(rustls_connection_get_protocol_version(conn), 0);
    assert_int_equal(rustls_connection_get_negotiated_ciphersuite(conn), 0);
    assert_int_equal(rustls_connection_get_negotiated_key_exchange_group(conn), 0);
    rustls_connection_get_alpn_protocol(conn, &alpn, &len);
    assert_null(alpn);
    assert_int_equal(len, 0);
    assert_null(rustls_connection_get_peer_certificate(conn, 0));
}

/* group: the server does not count it as agreed on before the client has answered. */
static void assert_agreed(const struct rustls_connection *conn, uint16_t group)
{
    const uint8_t *alpn = NULL;
    size_t len = 0;
    assert_int_equal(rustls_connection_handshake_kind(conn), RUSTLS_HANDSHAKE_KIND_FULL);
    assert_int_equal(rustls_connection_get_protocol_version(conn), 0x0303);
    assert_int_equal(rustls_connection_get_negotiated_ciphersuite(conn), 0xc02c);
    assert_str(rustls_connection_get_negotiated_ciphersuite_name(conn),
               "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    assert_int_equal(rustls_connection_get_negotiated_key_exchange_group(conn), group);
    assert_str(rustls_connection_get_negotiated_key_exchange_group_name(conn),
               group == 0 ? "" : "X25519");
    rustls_connection_get_alpn_protocol(conn, &alpn, &len);
    assert_int_equal(len, 8);
    assert_memory_equal(alpn, "http/1.1", 8);
}

/* Exactly these records, by type and version; len 0: any. */
struct expected {
    uint8_t type;
    uint16_t version;
    size_t len;
};

static void assert_records(const struct wire *wire, const struct expected *want, size_t count)
{
    assert_int_equal(wire_records(wire), count);
    for (size_t i = 0; i < count; i++) {
        struct wire_record record;
        assert_true(wire_record(wire, i, &record));
        assert_int_equal(record.type, want[i].type);
        assert_int_equal(record.version, want[i].version);
        if (want[i].len != 0)
            assert_int_equal(record.len, want[i].len);
    }
}

static void does_each_step_leave_the_state_that_programs_know(void **state)
{
    (void)state;
    /* X25519 in ClientKeyExchange; 12 bytes of verify_data in Finished, nonce and tag around it */
    const struct expected hello = {22, 0x0301, 0}, flight = {22, 0x0303, 0};
    const struct expected exchange = {22, 0x0303, 4 + 33}, change = {20, 0x0303, 1},
                          finished = {22, 0x0303, 8 + 4 + 12 + 16};
    const struct expected of_client[] = {exchange, change, finished},
                          of_server[] = {change, finished};
    struct pair *p = alpn_pair();
    assert_state(p->client, 0, 1, 1);
    assert_state(p->server, 1, 0, 1);
    assert_nothing_agreed(p->client);
    assert_nothing_agreed(p->server);

    pair_flush(p->client, &p->to_server);
    assert_records(&p->to_server, &hello, 1);
    assert_state(p->client, 1, 0, 1);
    assert_nothing_agreed(p->client);

    assert_ok(pair_feed(p->server, &p->to_server));
    assert_state(p->server, 0, 1, 1);
    assert_agreed(p->server, 0);
    pair_flush(p->server, &p->to_client);
    assert_records(&p->to_client, &flight, 1);
    assert_state(p->server, 1, 0, 1);
    assert_agreed(p->server, 0);

    assert_ok(pair_feed(p->client, &p->to_client));
    assert_state(p->client, 0, 1, 1);
    assert_agreed(p->client, 0x001d);
    assert_non_null(rustls_connection_get_peer_certificate(p->client, 0));
    pair_flush(p->client, &p->to_server);
    assert_records(&p->to_server, of_client, 3);
    assert_state(p->client, 1, 0, 1);

    assert_ok(pair_feed(p->server, &p->to_server));
    assert_state(p->server, 1, 1, 0);
    assert_agreed(p->server, 0x001d);
    assert_null(rustls_connection_get_peer_certificate(p->server, 0));
    pair_flush(p->server, &p->to_client);
    assert_records(&p->to_client, of_server, 2);
    assert_state(p->server, 1, 0, 0);

    assert_ok(pair_feed(p->client, &p->to_client));
    assert_state(p->client, 1, 0, 0);
    assert_agreed(p->client, 0x001d);
    pair_run(p);
    assert_state(p->client, 1, 0, 0);
    assert_state(p->server, 1, 0, 0);
    assert_int_equal(rustls_connection_get_tls13_tickets_received(p->client), 0);
    pair_free(p);
}

static void does_the_server_alone_know_the_name_asked_for(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0303);
    assert_str(rustls_server_connection_get_server_name(p->server), "localhost");
    assert_int_equal(rustls_server_connection_get_server_name(p->client).len, 0);
    pair_free(p);
}

static void does_the_servers_chain_arrive_whole(void **state)
{
    (void)state;
    struct pair *p = pair_new(test_client_builder_of("ca", 0x0303), "localhost",
                              test_server_builder_of("chain", 0x0303));
    const struct rustls_certified_key *shown = test_certified_key("chain");
    pair_run(p);
    assert_result(p->client_result, 7000);
    for (size_t i = 0; i < 2; i++) {
        const uint8_t *got = NULL, *want = NULL;
        size_t got_len = 0, want_len = 0;
        assert_ok(rustls_certificate_get_der(rustls_connection_get_peer_certificate(p->client, i),
                                             &got, &got_len));
        assert_ok(rustls_certificate_get_der(rustls_certified_key_get_certificate(shown, i), &want,
                                             &want_len));
        assert_int_equal(got_len, want_len);
        assert_memory_equal(got, want, got_len);
    }
    assert_null(rustls_connection_get_peer_certificate(p->client, 2));
    rustls_certified_key_free(shown);
    pair_free(p);
}

static void does_data_cross_both_ways(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0303);
    struct wire_record record;
    pair_say(p->client, "question");
    pair_say(p->server, "answer");
    pair_flush(p->client, &p->to_server);
    assert_true(wire_record(&p->to_server, 0, &record));
    assert_int_equal(record.type, 23);
    assert_int_equal(record.len, 8 + strlen("question") + 16);
    pair_run(p);
    assert_hears(p->server, "question");
    assert_hears(p->client, "answer");
    pair_free(p);
}

static void does_it_work_one_byte_at_a_time(void **state)
{
    (void)state;
    struct pair *p = alpn_pair();
    p->to_client.at_most = p->to_server.at_most = 1;
    p->to_client.accepts = p->to_server.accepts = 1;
    pair_say(p->client, "early");
    pair_run(p);
    assert_result(p->client_result, 7000);
    assert_result(p->server_result, 7000);
    assert_agreed(p->client, 0x001d);
    assert_agreed(p->server, 0x001d);
    assert_hears(p->server, "early");
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_each_step_leave_the_state_that_programs_know),
        cmocka_unit_test(does_the_server_alone_know_the_name_asked_for),
        cmocka_unit_test(does_the_servers_chain_arrive_whole),
        cmocka_unit_test(does_data_cross_both_ways),
        cmocka_unit_test(does_it_work_one_byte_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
