/* Resumption through the public API: does it happen when rustls-ffi's does, is the application's
 * store asked as rustls-ffi asks it, and does nothing that a store does ever fail a connection? */
#include "galvan.h"
#include "lib/pair.h"

#include <stdlib.h>
#include <time.h>

enum { TLS12 = 0x0303, TLS13 = 0x0304, FULL = 1, RESUMED = 3 };
enum { STORE_KEY = 32, STORE_BUFFER = 66560 };

/* ---- a client's and a server's config -------------------------------------------------------- */

struct configs {
    const struct rustls_client_config *client;
    const struct rustls_server_config *server;
};

static struct configs configs_of(struct rustls_client_config_builder *client,
                                 struct rustls_server_config_builder *server)
{
    return (struct configs){test_client_config(client), test_server_config(server)};
}

static struct configs plain_configs(uint16_t version)
{
    return configs_of(test_client_builder_of("ca", version),
                      test_server_builder_of("p256", version));
}

static void configs_free(struct configs *c)
{
    rustls_client_config_free(c->client);
    rustls_server_config_free(c->server);
}

/* A whole connection, with data both ways and an orderly end; the pair can still be asked. */
static struct pair *connected(const struct configs *c, const char *name, void *userdata)
{
    struct pair *p = pair_between(c->client, name, c->server);
    rustls_connection_set_userdata(p->server, userdata);
    pair_run(p);
    assert_result(p->client_result, RUSTLS_RESULT_OK);
    assert_result(p->server_result, RUSTLS_RESULT_OK);
    pair_say(p->client, "ping");
    pair_run(p);
    assert_hears(p->server, "ping");
    pair_say(p->server, "pong");
    pair_run(p);
    assert_hears(p->client, "pong");
    return p;
}

static void connect_as(const struct configs *c, void *userdata, int kind)
{
    struct pair *p = connected(c, "localhost", userdata);
    assert_int_equal(rustls_connection_handshake_kind(p->client), kind);
    assert_int_equal(rustls_connection_handshake_kind(p->server), kind);
    pair_free(p);
}

/* ---- facts-resumption: without a store of one's own ------------------------------------------- */

static void assert_facts(const struct configs *c, const char *name, int kind, unsigned tickets,
                         unsigned group)
{
    struct pair *p = connected(c, name, NULL);
    assert_int_equal(rustls_connection_handshake_kind(p->client), kind);
    assert_int_equal(rustls_connection_handshake_kind(p->server), kind);
    assert_int_equal(rustls_connection_get_tls13_tickets_received(p->client), tickets);
    assert_int_equal(rustls_connection_get_tls13_tickets_received(p->server), 0);
    assert_non_null(rustls_connection_get_peer_certificate(p->client, 0));
    assert_int_equal(rustls_connection_get_negotiated_key_exchange_group(p->client), group);
    pair_free(p);
}

static void is_tls13_resumed_for_the_same_name_alone(void **state)
{
    (void)state;
    struct configs c = plain_configs(TLS13);
    struct pair *p = connected(&c, "localhost", NULL);
    unsigned group = rustls_connection_get_negotiated_key_exchange_group(p->client);
    pair_free(p);
    configs_free(&c);

    c = plain_configs(TLS13);
    assert_facts(&c, "localhost", FULL, 2, group);
    assert_facts(&c, "localhost", RESUMED, 2, group); /* a key exchange all the same */
    assert_facts(&c, "127.0.0.1", FULL, 2, group);
    configs_free(&c);
}

static void is_tls12_resumed_for_the_same_name_alone(void **state)
{
    (void)state;
    struct configs c = plain_configs(TLS12);
    assert_facts(&c, "localhost", FULL, 0, 0x001d);
    assert_facts(&c, "localhost", RESUMED, 0, 0); /* without a key exchange */
    assert_facts(&c, "127.0.0.1", FULL, 0, 0x001d);
    configs_free(&c);
}

/* ---- a store of the application's ------------------------------------------------------------- */

enum { ENTRIES = 16 };

/* What is on the userdata of a server's connection here. */
struct store {
    struct {
        uint8_t key[STORE_KEY], value[4096];
        size_t len; /* 0: free */
    } entry[ENTRIES];
    char calls[256]; /* "put get(remove) put " */
    /* How it misbehaves. */
    uint32_t get_answer, put_answer; /* 0: as it should */
    size_t get_len;                  /* 0: what was put */
    int flip;                        /* the byte of a value that is changed; -1: none */
    bool keeps;                      /* gives again what it was told to remove */
};

static void store_init(struct store *s)
{
    memset(s, 0, sizeof *s);
    s->flip = -1;
}

static void note(struct store *s, const char *call)
{
    size_t len = strlen(s->calls), more = strlen(call);
    assert_true(len + more < sizeof s->calls);
    memcpy(s->calls + len, call, more + 1);
}

static uint32_t store_put(void *userdata, const struct rustls_slice_bytes *key,
                          const struct rustls_slice_bytes *val)
{
    struct store *s = userdata;
    size_t i = 0;
    assert_int_equal(key->len, STORE_KEY);
    assert_in_range(val->len, 1, sizeof s->entry[0].value);
    note(s, "put ");
    if (s->put_answer != 0)
        return s->put_answer;
    while (i < ENTRIES && s->entry[i].len != 0 &&
           memcmp(s->entry[i].key, key->data, STORE_KEY) != 0)
        i++;
    assert_true(i < ENTRIES);
    memcpy(s->entry[i].key, key->data, STORE_KEY);
    memcpy(s->entry[i].value, val->data, val->len);
    s->entry[i].len = val->len;
    return RUSTLS_RESULT_OK;
}

static uint32_t store_get(void *userdata, const struct rustls_slice_bytes *key, int remove_after,
                          uint8_t *buf, size_t count, size_t *out_n)
{
    struct store *s = userdata;
    assert_int_equal(key->len, STORE_KEY);
    assert_int_equal(count, STORE_BUFFER);
    note(s, remove_after ? "get(remove) " : "get ");
    if (s->get_answer != 0)
        return s->get_answer;
    for (size_t i = 0; i < ENTRIES; i++) {
        if (s->entry[i].len == 0 || memcmp(s->entry[i].key, key->data, STORE_KEY) != 0)
            continue;
        memcpy(buf, s->entry[i].value, s->entry[i].len);
        if (s->flip >= 0)
            buf[(size_t)s->flip % s->entry[i].len] ^= 0x80;
        *out_n = s->get_len != 0 ? s->get_len : s->entry[i].len;
        if (remove_after && !s->keeps)
            s->entry[i].len = 0;
        return RUSTLS_RESULT_OK;
    }
    return RUSTLS_RESULT_NOT_FOUND;
}

static struct configs stored_configs(uint16_t version)
{
    struct rustls_server_config_builder *server = test_server_builder_of("p256", version);
    rustls_server_config_builder_set_persistence(server, store_get, store_put);
    return configs_of(test_client_builder_of("ca", version), server);
}

static void is_a_store_asked_as_rustls_asks_it(void **state)
{
    (void)state;
    static const struct {
        uint16_t version;
        const char *calls;
    } facts[] = {{TLS13, "put put get(remove) put put "}, {TLS12, "put get put "}};
    for (size_t i = 0; i < 2; i++) {
        struct store s;
        store_init(&s);
        struct configs c = stored_configs(facts[i].version);
        connect_as(&c, &s, FULL);
        connect_as(&c, &s, RESUMED);
        assert_string_equal(s.calls, facts[i].calls);
        configs_free(&c);
    }
}

/* What is shown in one version finds nothing of the other in a store that both share. */
static void do_the_versions_keys_differ(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 8; round++) {
        static const uint16_t versions[] = {TLS13, TLS12};
        for (size_t i = 0; i < 2; i++) {
            struct store s;
            store_init(&s);
            struct configs c = stored_configs(versions[i]);
            connect_as(&c, &s, FULL);
            assert_int_equal(s.entry[0].key[0] >> 7, versions[i] == TLS13);
            configs_free(&c);
        }
    }
}

/* The master secret stays the same, so the session must not live for ever by being used. */
static void does_a_tls12_session_grow_no_younger(void **state)
{
    (void)state;
    enum { ISSUED_AT = 8, ISSUED_LEN = 8 }; /* in the value */
    const struct timespec some_ms = {.tv_nsec = 5000000};
    uint8_t issued[ISSUED_LEN];
    struct store s;
    store_init(&s);
    struct configs c = stored_configs(TLS12);
    connect_as(&c, &s, FULL);
    memcpy(issued, s.entry[0].value + ISSUED_AT, ISSUED_LEN);
    (void)nanosleep(&some_ms, NULL);
    connect_as(&c, &s, RESUMED);
    assert_string_equal(s.calls, "put get put ");
    assert_int_equal(s.entry[1].len, 0); /* it was put in its own place */
    assert_memory_equal(s.entry[0].value + ISSUED_AT, issued, ISSUED_LEN);
    configs_free(&c);
}

static void does_a_store_join_servers_of_different_configs(void **state)
{
    (void)state;
    const uint16_t versions[] = {TLS12, TLS13};
    for (size_t i = 0; i < 2; i++) {
        struct store s;
        store_init(&s);
        struct configs one = stored_configs(versions[i]), other = stored_configs(versions[i]);
        struct configs crossed = {one.client, other.server};
        connect_as(&one, &s, FULL);
        connect_as(&crossed, &s, RESUMED);
        connect_as(&one, &s, RESUMED);
        configs_free(&one);
        configs_free(&other);
    }
}

/* A store that behaves like this from the second connection on. */
static void costs_a_full_handshake(struct store how)
{
    const uint16_t versions[] = {TLS12, TLS13};
    for (size_t i = 0; i < 2; i++) {
        struct store s;
        store_init(&s);
        struct configs c = stored_configs(versions[i]);
        connect_as(&c, &s, FULL);
        s.get_answer = how.get_answer;
        s.put_answer = how.put_answer;
        s.get_len = how.get_len;
        s.flip = how.flip;
        connect_as(&c, &s, FULL);
        connect_as(&c, &s, FULL);
        configs_free(&c);
    }
}

static void does_a_store_that_is_away_cost_no_more_than_a_full_handshake(void **state)
{
    (void)state;
    costs_a_full_handshake((struct store){.get_answer = RUSTLS_RESULT_NOT_FOUND, .flip = -1});
    costs_a_full_handshake(
        (struct store){.get_answer = RUSTLS_RESULT_IO, .put_answer = RUSTLS_RESULT_IO, .flip = -1});
    costs_a_full_handshake((struct store){.get_answer = 1, .put_answer = 1, .flip = -1});
    costs_a_full_handshake((struct store){.get_answer = UINT32_MAX, .flip = -1});
}

static void does_a_store_that_lies_cost_no_more_than_a_full_handshake(void **state)
{
    (void)state;
    const size_t lengths[] = {1, 20, STORE_BUFFER, STORE_BUFFER + 1, SIZE_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++)
        costs_a_full_handshake((struct store){.get_len = lengths[i], .flip = -1});
    costs_a_full_handshake((struct store){.flip = 0}); /* the format */
    costs_a_full_handshake((struct store){.flip = 1}); /* the version */
}

/* A secret that the store changed is not the client's: its binder does not match (RFC 9846 section
 * 4.2.11), or Finished does not. That looks like an attack, and ends the connection. */
static void is_a_secret_that_the_store_changed_found_out(void **state)
{
    (void)state;
    enum { SECRET_AT = 29 }; /* behind the numbers and its length */
    const uint16_t versions[] = {TLS12, TLS13};
    for (size_t i = 0; i < 2; i++) {
        struct store s;
        store_init(&s);
        struct configs c = stored_configs(versions[i]);
        connect_as(&c, &s, FULL);
        s.flip = SECRET_AT;
        struct pair *p = pair_between(c.client, "localhost", c.server);
        rustls_connection_set_userdata(p->server, &s);
        pair_run(p);
        assert_true(p->server_result != RUSTLS_RESULT_OK || p->client_result != RUSTLS_RESULT_OK);
        assert_true(rustls_connection_is_handshaking(p->server));
        pair_free(p);
        configs_free(&c);
    }
}

/* ---- how many tickets -------------------------------------------------------------------------- */

static void are_as_many_tickets_sent_as_were_set(void **state)
{
    (void)state;
    const size_t counts[] = {0, 1, 8};
    for (size_t i = 0; i < 3; i++) {
        struct rustls_server_config_builder *server = test_server_builder_of("p256", TLS13);
        assert_ok(rustls_server_config_builder_set_send_tls13_tickets(server, counts[i]));
        struct configs c = configs_of(test_client_builder_of("ca", TLS13), server);
        struct pair *p = connected(&c, "localhost", NULL);
        assert_int_equal(rustls_connection_get_tls13_tickets_received(p->client), counts[i]);
        pair_free(p);
        connect_as(&c, NULL, counts[i] == 0 ? FULL : RESUMED);
        configs_free(&c);
    }
}

/* RFC 9149 section 3 */
static void are_as_many_tickets_sent_as_were_asked_for(void **state)
{
    (void)state;
    static const struct {
        size_t max;
        uint8_t wants;
        uint32_t gets;
    } cases[] = {{0, 5, 2}, {4, 3, 3}, {4, 5, 4}, {4, 1, 1}, {4, 0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rustls_server_config_builder *server = test_server_builder_of("p256", TLS13);
        struct rustls_client_config_builder *client = test_client_builder_of("ca", TLS13);
        assert_ok(rustls_server_config_builder_set_max_tls13_tickets(server, cases[i].max));
        assert_ok(rustls_client_config_builder_set_send_ticket_request(client, cases[i].wants,
                                                                       cases[i].wants));
        struct configs c = configs_of(client, server);
        struct pair *p = connected(&c, "localhost", NULL);
        assert_int_equal(rustls_connection_get_tls13_tickets_received(p->client), cases[i].gets);
        pair_free(p);
        configs_free(&c);
    }
}

/* ---- tickets that hold the session -------------------------------------------------------------- */

static struct configs sealed_configs(uint16_t version, const uint8_t *keys, size_t count)
{
    struct rustls_server_config_builder *server = test_server_builder_of("p256", version);
    rustls_server_config_builder_set_persistence(server, store_get, store_put);
    if (keys == NULL)
        assert_ok(galvan_server_config_builder_set_tickets(server, true));
    else
        assert_ok(galvan_server_config_builder_set_ticket_keys(server, keys, count));
    return configs_of(test_client_builder_of("ca", version), server);
}

static void does_a_server_with_ticket_keys_ask_no_store(void **state)
{
    (void)state;
    const uint16_t versions[] = {TLS12, TLS13};
    for (size_t i = 0; i < 2; i++) {
        struct store s;
        store_init(&s);
        struct configs c = sealed_configs(versions[i], NULL, 0);
        connect_as(&c, &s, FULL);
        connect_as(&c, &s, RESUMED);
        connect_as(&c, &s, RESUMED);
        assert_string_equal(s.calls, "");
        configs_free(&c);
    }
}

static void do_servers_with_the_same_ticket_keys_share_sessions(void **state)
{
    (void)state;
    const uint16_t versions[] = {TLS12, TLS13};
    uint8_t keys[3][GALVAN_TICKET_KEY_SIZE];
    for (size_t i = 0; i < 3; i++)
        memset(keys[i], (int)i + 1, sizeof keys[i]);
    for (size_t i = 0; i < 2; i++) {
        struct store s;
        store_init(&s);
        struct configs old = sealed_configs(versions[i], keys[0], 2),
                       new = sealed_configs(versions[i], keys[1], 2),
                       none = sealed_configs(versions[i], NULL, 0);
        struct configs to_new = {old.client, new.server}, to_none = {old.client, none.server};
        connect_as(&old, &s, FULL);
        /* A ticket of the first key is strange to a server that has only the others. */
        connect_as(&to_new, &s, FULL);
        connect_as(&to_new, &s, RESUMED);
        connect_as(&old, &s, RESUMED); /* the new one's first key is the old one's second */
        connect_as(&to_none, &s, FULL);
        configs_free(&old);
        configs_free(&new);
        configs_free(&none);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_tls13_resumed_for_the_same_name_alone),
        cmocka_unit_test(is_tls12_resumed_for_the_same_name_alone),
        cmocka_unit_test(is_a_store_asked_as_rustls_asks_it),
        cmocka_unit_test(do_the_versions_keys_differ),
        cmocka_unit_test(does_a_tls12_session_grow_no_younger),
        cmocka_unit_test(does_a_store_join_servers_of_different_configs),
        cmocka_unit_test(does_a_store_that_is_away_cost_no_more_than_a_full_handshake),
        cmocka_unit_test(does_a_store_that_lies_cost_no_more_than_a_full_handshake),
        cmocka_unit_test(is_a_secret_that_the_store_changed_found_out),
        cmocka_unit_test(are_as_many_tickets_sent_as_were_set),
        cmocka_unit_test(are_as_many_tickets_sent_as_were_asked_for),
        cmocka_unit_test(does_a_server_with_ticket_keys_ask_no_store),
        cmocka_unit_test(do_servers_with_the_same_ticket_keys_share_sessions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
