/* A TLS 1.3 handshake, step by step: what each side wants, knows and sends. */
#include "lib/pair.h"

static const struct rustls_slice_bytes offered[] = {{(const uint8_t *)"h2", 2},
                                                    {(const uint8_t *)"http/1.1", 8}};

static struct pair *alpn_pair(void)
{
    struct rustls_client_config_builder *client = test_client_builder_of("ca", 0x0304);
    struct rustls_server_config_builder *server = test_server_builder_of("p256", 0x0304);
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
    assert_str(rustls_connection_get_negotiated_ciphersuite_name(conn), "");
    assert_int_equal(rustls_connection_get_negotiated_key_exchange_group(conn), 0);
    assert_str(rustls_connection_get_negotiated_key_exchange_group_name(conn), "");
    rustls_connection_get_alpn_protocol(conn, &alpn, &len);
    assert_null(alpn);
    assert_int_equal(len, 0);
    assert_null(rustls_connection_get_peer_certificate(conn, 0));
}

static void assert_agreed(const struct rustls_connection *conn)
{
    const uint8_t *alpn = NULL;
    size_t len = 0;
    assert_int_equal(rustls_connection_handshake_kind(conn), RUSTLS_HANDSHAKE_KIND_FULL);
    assert_int_equal(rustls_connection_get_protocol_version(conn), 0x0304);
    assert_int_equal(rustls_connection_get_negotiated_ciphersuite(conn), 0x1302);
    assert_str(rustls_connection_get_negotiated_ciphersuite_name(conn), "TLS13_AES_256_GCM_SHA384");
    assert_int_equal(rustls_connection_get_negotiated_key_exchange_group(conn), 0x11ec);
    assert_str(rustls_connection_get_negotiated_key_exchange_group_name(conn), "X25519MLKEM768");
    rustls_connection_get_alpn_protocol(conn, &alpn, &len);
    assert_int_equal(len, 8);
    assert_memory_equal(alpn, "http/1.1", 8);
}

static void assert_record(const struct wire *wire, size_t index, uint8_t type, uint16_t version)
{
    struct wire_record record;
    assert_true(wire_record(wire, index, &record));
    assert_int_equal(record.type, type);
    assert_int_equal(record.version, version);
}

static void does_each_step_leave_the_state_that_programs_know(void **state)
{
    (void)state;
    struct pair *p = alpn_pair();
    assert_state(p->client, 0, 1, 1);
    assert_state(p->server, 1, 0, 1);
    assert_nothing_agreed(p->client);
    assert_nothing_agreed(p->server);

    pair_flush(p->client, &p->to_server);
    assert_int_equal(wire_records(&p->to_server), 1);
    assert_record(&p->to_server, 0, 22, 0x0301);
    assert_state(p->client, 1, 0, 1);
    assert_nothing_agreed(p->client);

    assert_ok(pair_feed(p->server, &p->to_server));
    assert_state(p->server, 0, 1, 1);
    assert_agreed(p->server);
    pair_flush(p->server, &p->to_client);
    assert_int_equal(wire_records(&p->to_client), 3); /* the encrypted part is one record */
    assert_record(&p->to_client, 0, 22, 0x0303);
    assert_record(&p->to_client, 1, 20, 0x0303);
    assert_record(&p->to_client, 2, 23, 0x0303);
    assert_state(p->server, 1, 0, 1);

    assert_ok(pair_feed(p->client, &p->to_client));
    assert_state(p->client, 1, 1, 0); /* done before its Finished is written */
    assert_agreed(p->client);
    assert_non_null(rustls_connection_get_peer_certificate(p->client, 0));
    assert_null(rustls_connection_get_peer_certificate(p->client, 1));
    pair_flush(p->client, &p->to_server);
    assert_int_equal(wire_records(&p->to_server), 2);
    assert_record(&p->to_server, 0, 20, 0x0303);
    assert_record(&p->to_server, 1, 23, 0x0303);
    assert_state(p->client, 1, 0, 0);

    assert_ok(pair_feed(p->server, &p->to_server));
    assert_state(p->server, 1, 1, 0); /* both tickets wait in one record */
    assert_agreed(p->server);
    assert_null(rustls_connection_get_peer_certificate(p->server, 0));
    pair_flush(p->server, &p->to_client);
    assert_int_equal(wire_records(&p->to_client), 1);
    assert_record(&p->to_client, 0, 23, 0x0303);
    assert_ok(pair_feed(p->client, &p->to_client));
    assert_state(p->client, 1, 0, 0);
    assert_state(p->server, 1, 0, 0);
    pair_free(p);
}

/* 48 bytes of verify_data in a message, its type, and a tag (RFC 9846 sections 4.4.4 and 5.2). */
static void is_finished_a_record_of_69_bytes(void **state)
{
    (void)state;
    struct pair *p = alpn_pair();
    struct wire_record record;
    pair_flush(p->client, &p->to_server);
    pair_feed(p->server, &p->to_server);
    pair_flush(p->server, &p->to_client);
    pair_feed(p->client, &p->to_client);
    pair_flush(p->client, &p->to_server);
    assert_true(wire_record(&p->to_server, 1, &record));
    assert_int_equal(record.len, 4 + 48 + 1 + 16);
    pair_free(p);
}

static void does_the_server_alone_know_the_name_asked_for(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0304);
    assert_str(rustls_server_connection_get_server_name(p->server), "localhost");
    struct rustls_str name = rustls_server_connection_get_server_name(p->client);
    assert_int_equal(name.len, 0);
    assert_non_null(name.data);
    pair_free(p);
}

static void is_no_address_sent_as_a_name(void **state)
{
    (void)state;
    struct pair *p = pair_new(test_client_builder_of("ca", 0x0304), "127.0.0.1",
                              test_server_builder_of("p256", 0x0304));
    pair_run(p);
    assert_result(p->client_result, 7000);
    assert_int_equal(rustls_server_connection_get_server_name(p->server).len, 0);
    pair_free(p);
}

static void may_the_name_be_kept_back(void **state)
{
    (void)state;
    struct rustls_client_config_builder *client = test_client_builder_of("ca", 0x0304);
    rustls_client_config_builder_set_enable_sni(client, false);
    struct pair *p = pair_new(client, "localhost", test_server_builder_of("p256", 0x0304));
    pair_run(p);
    assert_result(p->client_result, 7000);
    assert_result(p->server_result, 7000);
    assert_int_equal(rustls_server_connection_get_server_name(p->server).len, 0);
    pair_free(p);
}

static void does_the_servers_chain_arrive_whole(void **state)
{
    (void)state;
    struct pair *p = pair_new(test_client_builder_of("ca", 0x0304), "localhost",
                              test_server_builder_of("chain", 0x0304));
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
    assert_null(rustls_connection_get_peer_certificate(p->client, SIZE_MAX));
    rustls_certified_key_free(shown);
    pair_free(p);
}

static void does_data_cross_both_ways(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0304);
    pair_say(p->client, "question");
    pair_say(p->server, "answer");
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
    assert_agreed(p->client);
    assert_agreed(p->server);
    assert_hears(p->server, "early");
    pair_free(p);
}

/* A zero-length write is harmless, and programs use one to get a handshake going. */
static void may_an_empty_write_start_a_handshake(void **state)
{
    (void)state;
    struct pair *p = pair_of(0x0304);
    size_t n = 9;
    assert_ok(rustls_connection_write(p->client, (const uint8_t *)"", 0, &n));
    assert_int_equal(n, 0);
    pair_run(p);
    assert_state(p->client, 1, 0, 0);
    assert_state(p->server, 1, 0, 0);
    pair_free(p);
}

/* The real library keeps the caller's pointer: a fault. */
static void hostile_71_is_the_server_name_copied(void **state)
{
    (void)state;
    const struct rustls_client_config *config =
        test_client_config(test_client_builder_of("ca", 0x0304));
    struct pair *p = pair_of(0x0304);
    char name[] = "localhost";
    rustls_connection_free(p->client);
    assert_ok(rustls_client_connection_new(config, name, &p->client));
    memset(name, 'x', sizeof name - 1);
    rustls_client_config_free(config);
    pair_run(p);
    assert_result(p->client_result, 7000);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_each_step_leave_the_state_that_programs_know),
        cmocka_unit_test(is_finished_a_record_of_69_bytes),
        cmocka_unit_test(does_the_server_alone_know_the_name_asked_for),
        cmocka_unit_test(is_no_address_sent_as_a_name),
        cmocka_unit_test(may_the_name_be_kept_back),
        cmocka_unit_test(does_the_servers_chain_arrive_whole),
        cmocka_unit_test(does_data_cross_both_ways),
        cmocka_unit_test(does_it_work_one_byte_at_a_time),
        cmocka_unit_test(may_an_empty_write_start_a_handshake),
        cmocka_unit_test(hostile_71_is_the_server_name_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
