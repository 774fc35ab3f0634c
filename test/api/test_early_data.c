/* Early data through the public API: off unless asked for, marked where it arrives, kept where it is
 * rejected. */
#include "galvan.h"
#include "lib/pair.h"

#include <stdlib.h>

struct world {
    const struct rustls_client_config *client;
    const struct rustls_server_config *server;
};

static struct world world_of(bool client_wants, uint32_t server_takes)
{
    struct rustls_client_config_builder *client = test_client_builder_of("ca", 0x0304);
    struct rustls_server_config_builder *server = test_server_builder_of("p256", 0x0304);

    assert_ok(galvan_client_config_builder_set_early_data(client, client_wants));
    assert_ok(galvan_server_config_builder_set_max_early_data(server, server_takes));
    return (struct world){test_client_config(client), test_server_config(server)};
}

static struct pair *pair_in(const struct world *w)
{
    struct pair *p = calloc(1, sizeof *p);

    assert_non_null(p);
    p->client_result = p->server_result = RUSTLS_RESULT_OK;
    assert_ok(rustls_client_connection_new(w->client, "localhost", &p->client));
    assert_ok(rustls_server_connection_new(w->server, &p->server));
    return p;
}

/* A first connection, for its tickets. */
static void get_tickets(const struct world *w)
{
    struct pair *p = pair_in(w);

    pair_run(p);
    assert_ok(p->client_result);
    pair_free(p);
}

static void world_free(struct world *w)
{
    rustls_client_config_free(w->client);
    rustls_server_config_free(w->server);
}

static size_t write_early(struct pair *p, const char *text)
{
    size_t n = 99;

    assert_ok(
        galvan_connection_write_early_data(p->client, (const uint8_t *)text, strlen(text), &n));
    return n;
}

static void does_it_arrive_marked_as_early(void **state)
{
    (void)state;
    struct world w = world_of(true, 1000);
    uint8_t buf[64];
    size_t n = 0;

    get_tickets(&w);
    struct pair *p = pair_in(&w);
    assert_int_equal(galvan_connection_early_data(p->client), GALVAN_EARLY_DATA_OFFERED);
    assert_int_equal(write_early(p, "GET / HTTP/1.1"), 14);
    pair_run(p);
    assert_int_equal(galvan_connection_early_data(p->client), GALVAN_EARLY_DATA_ACCEPTED);
    assert_int_equal(galvan_connection_early_data(p->server), GALVAN_EARLY_DATA_ACCEPTED);
    assert_result(rustls_connection_read(p->server, buf, sizeof buf, &n),
                  RUSTLS_RESULT_PLAINTEXT_EMPTY);
    assert_ok(galvan_connection_read_early_data(p->server, buf, sizeof buf, &n));
    assert_int_equal(n, 14);
    assert_memory_equal(buf, "GET / HTTP/1.1", 14);
    assert_result(galvan_connection_read_early_data(p->server, buf, sizeof buf, &n),
                  RUSTLS_RESULT_PLAINTEXT_EMPTY);
    pair_say(p->client, "and more");
    pair_run(p);
    assert_hears(p->server, "and more");
    pair_free(p);
    world_free(&w);
}

/* A round trip before the client's Finished could come. */
static void is_it_answered_before_the_handshake_is_over(void **state)
{
    (void)state;
    struct world w = world_of(true, 1000);
    uint8_t buf[64];
    size_t n = 0;

    get_tickets(&w);
    struct pair *p = pair_in(&w);
    assert_int_equal(write_early(p, "ping"), 4);
    pair_flush(p->client, &p->to_server);
    assert_ok(pair_feed(p->server, &p->to_server));
    assert_ok(galvan_connection_read_early_data(p->server, buf, sizeof buf, &n));
    pair_say(p->server, "pong");
    assert_true(rustls_connection_is_handshaking(p->server));
    pair_flush(p->server, &p->to_client);
    assert_ok(pair_feed(p->client, &p->to_client));
    assert_hears(p->client, "pong");
    pair_run(p);
    assert_ok(p->server_result);
    pair_free(p);
    world_free(&w);
}

/* RFC 9846 section 5.1: the ClientHello's record may say TLS 1.0, those behind it may not. */
static void do_the_records_behind_the_hello_say_tls12(void **state)
{
    (void)state;
    struct world w = world_of(true, 1000);
    struct wire_record record;

    get_tickets(&w);
    struct pair *p = pair_in(&w);
    assert_int_equal(write_early(p, "ping"), 4);
    pair_flush(p->client, &p->to_server);
    assert_int_equal(wire_records(&p->to_server), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_true(wire_record(&p->to_server, i, &record));
        assert_int_equal(record.version, i == 0 ? 0x0301 : 0x0303);
    }
    pair_free(p);
    world_free(&w);
}

static void is_it_off_unless_both_want_it(void **state)
{
    (void)state;
    static const struct {
        bool client;
        uint32_t server;
    } cases[] = {{false, 1000}, {true, 0}, {false, 0}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w = world_of(cases[i].client, cases[i].server);
        get_tickets(&w);
        struct pair *p = pair_in(&w);
        assert_int_equal(galvan_connection_early_data(p->client), GALVAN_EARLY_DATA_NONE);
        assert_int_equal(write_early(p, "x"), 0);
        pair_run(p);
        assert_ok(p->client_result);
        assert_int_equal(galvan_connection_early_data(p->server), GALVAN_EARLY_DATA_NONE);
        pair_free(p);
        world_free(&w);
    }
}

static void does_rejected_data_come_behind_the_handshake(void **state)
{
    (void)state;
    struct world w = world_of(true, 1000), other = world_of(true, 1000);

    get_tickets(&w);
    struct world mixed = {w.client, other.server}; /* a server that does not know the session */
    struct pair *p = pair_in(&mixed);
    assert_int_equal(write_early(p, "first, "), 7);
    pair_say(p->client, "second");
    pair_run(p);
    assert_ok(p->client_result);
    assert_ok(p->server_result);
    assert_int_equal(galvan_connection_early_data(p->client), GALVAN_EARLY_DATA_REJECTED);
    assert_hears(p->server, "first, second");
    pair_free(p);
    world_free(&w);
    world_free(&other);
}

static struct world world_with_alpn(struct rustls_slice_bytes *names, size_t count, size_t servers)
{
    struct rustls_client_config_builder *client = test_client_builder_of("ca", 0x0304);
    struct rustls_server_config_builder *server = test_server_builder_of("p256", 0x0304);

    assert_ok(galvan_client_config_builder_set_early_data(client, true));
    assert_ok(galvan_server_config_builder_set_max_early_data(server, 1000));
    assert_ok(rustls_client_config_builder_set_alpn_protocols(client, names, count));
    assert_ok(rustls_server_config_builder_set_alpn_protocols(server, &names[servers], 1));
    return (struct world){test_client_config(client), test_server_config(server)};
}

/* RFC 9846 section 4.2.10: it must not be sent again where it would mean something else. */
static void is_rejected_data_kept_from_another_protocol(void **state)
{
    (void)state;
    struct rustls_slice_bytes names[] = {{(const uint8_t *)"one", 3}, {(const uint8_t *)"two", 3}};
    struct world w = world_with_alpn(names, 2, 0), other = world_with_alpn(names, 2, 1);

    get_tickets(&w);
    struct world mixed = {w.client, other.server};
    struct pair *p = pair_in(&mixed);
    assert_int_equal(write_early(p, "for one"), 7);
    pair_say(p->client, "for any");
    pair_run(p);
    assert_ok(p->server_result);
    assert_int_equal(galvan_connection_early_data(p->client), GALVAN_EARLY_DATA_REJECTED);
    assert_hears(p->server, "for any");
    pair_free(p);
    world_free(&w);
    world_free(&other);
}

static void is_null_answered_with_an_error(void **state)
{
    (void)state;
    uint8_t buf[1];
    size_t n;

    assert_int_equal(galvan_connection_early_data(NULL), GALVAN_EARLY_DATA_NONE);
    assert_result(galvan_connection_write_early_data(NULL, buf, 1, &n),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(galvan_connection_read_early_data(NULL, buf, 1, &n),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(galvan_client_config_builder_set_early_data(NULL, true),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(galvan_server_config_builder_set_max_early_data(NULL, 1),
                  RUSTLS_RESULT_NULL_PARAMETER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_it_arrive_marked_as_early),
        cmocka_unit_test(is_it_answered_before_the_handshake_is_over),
        cmocka_unit_test(do_the_records_behind_the_hello_say_tls12),
        cmocka_unit_test(is_it_off_unless_both_want_it),
        cmocka_unit_test(does_rejected_data_come_behind_the_handshake),
        cmocka_unit_test(is_rejected_data_kept_from_another_protocol),
        cmocka_unit_test(is_null_answered_with_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
