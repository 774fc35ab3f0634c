/* External pre-shared keys beside what else a connection may do: a hidden ClientHello, and answers of
 * the application's that come later. */
#include "galvan.h"
#include "lib/application.h"
#include "lib/ech.h"

enum { FULL = 1, RETRIED = 2, RESUMED = 3, X25519 = 0x0020 };

#define NAME "lamp in the cellar"

static struct galvan_psk psk(bool imported)
{
    static const uint8_t key[] = {0x8f, 0x21, 0x00, 0x5c, 0xd3, 0x77, 0x9a, 0x10,
                                  0xe4, 0x6b, 0x31, 0xc8, 0xf0, 0x0d, 0x52, 0xa9};
    return (struct galvan_psk){.identity = {(const uint8_t *)NAME, sizeof NAME - 1},
                               .key = {key, sizeof key},
                               .imported = imported};
}

static void assert_by_psk(const struct pair *p, int kind)
{
    const struct rustls_connection *both[] = {p->client, p->server};
    for (size_t i = 0; i < 2; i++) {
        struct rustls_slice_bytes name;
        assert_ok(galvan_connection_get_psk_identity(both[i], &name, NULL));
        assert_int_equal(name.len, sizeof NAME - 1);
        assert_memory_equal(name.data, NAME, name.len);
        assert_int_equal(rustls_connection_handshake_kind(both[i]), kind);
        assert_null(rustls_connection_get_peer_certificate(both[i], 0));
    }
}

/* ---- Encrypted Client Hello -------------------------------------------------------------------- */

static struct pair *hidden(const struct ech_list *list, struct galvan_ech_keys *keys, bool imported,
                           bool retries)
{
    const struct galvan_psk key = psk(imported);
    struct rustls_client_config_builder *client = ech_client(list);
    struct rustls_server_config_builder *server = ech_server(keys, retries);
    assert_ok(galvan_client_config_builder_set_psks(client, &key, 1, false));
    assert_ok(galvan_server_config_builder_set_psks(server, &key, 1));
    return pair_new(client, ECH_HIDDEN, server);
}

static void is_a_name_hidden_with_the_hello(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++) {
        struct galvan_ech_keys *keys = ech_keys_of(7, X25519);
        struct ech_list list = ech_list_of(keys);
        struct pair *p = hidden(&list, keys, (i & 1) != 0, (i & 2) != 0);
        galvan_ech_keys_free(keys);
        pair_flush(p->client, &p->to_server);
        assert_false(ech_is_on(&p->to_server, "lamp"));
        pair_run(p);
        assert_ok(p->client_result);
        assert_ok(p->server_result);
        assert_int_equal(galvan_connection_ech(p->client), GALVAN_ECH_ACCEPTED);
        assert_by_psk(p, (i & 2) != 0 ? RETRIED : FULL);
        pair_free(p);
    }
}

/* Nor is it told to a server that could not read the hidden hello. */
static void is_a_name_hidden_from_a_server_without_the_key(void **state)
{
    (void)state;
    struct galvan_ech_keys *keys = ech_keys_of(7, X25519), *other = ech_keys_of(7, X25519);
    struct ech_list list = ech_list_of(keys);
    struct pair *p = hidden(&list, other, false, true);
    galvan_ech_keys_free(keys);
    galvan_ech_keys_free(other);
    for (unsigned i = 0; i < 4; i++) {
        pair_flush(p->client, &p->to_server);
        assert_false(ech_is_on(&p->to_server, "lamp"));
        pair_feed(p->server, &p->to_server);
        pair_flush(p->server, &p->to_client);
        p->client_result = pair_feed(p->client, &p->to_client);
    }
    assert_int_equal(galvan_connection_ech(p->client), GALVAN_ECH_REJECTED);
    struct rustls_slice_bytes name;
    assert_result(galvan_connection_get_psk_identity(p->client, &name, NULL),
                  RUSTLS_RESULT_NOT_FOUND);
    pair_free(p);
}

/* ---- answers that come later --------------------------------------------------------------------- */

static struct configs asking(void)
{
    const struct galvan_psk key = psk(true);
    struct rustls_client_config_builder *client = test_client_builder_of("ca", 0x0304);
    struct rustls_server_config_builder *server = asking_builder(0x0304);
    assert_ok(galvan_client_config_builder_set_psks(client, &key, 1, true));
    assert_ok(galvan_server_config_builder_set_psks(server, &key, 1));
    return (struct configs){test_client_config(client), test_server_config(server)};
}

static void assert_over(struct pair *p, int kind)
{
    pair_run(p);
    assert_ok(p->client_result);
    assert_ok(p->server_result);
    assert_by_psk(p, kind);
    pair_say(p->client, "ping");
    pair_run(p);
    assert_hears(p->server, "ping");
}

/* The client offers its session before the key: the one is waited for, and where it does not come,
 * the other is taken. */
static void is_a_session_waited_for_before_the_key_is_taken(void **state)
{
    (void)state;
    for (unsigned found = 0; found < 2; found++) {
        struct application *app = application(AT_ONCE, AT_ONCE);
        struct configs c = asking();
        struct pair *p = connect_in(&c, app);
        assert_over(p, FULL);
        pair_free(p);
        app->store = LATER;
        p = connect_in(&c, app);
        assert_waits(p, GALVAN_QUESTION_SESSION);
        assert_ok(galvan_connection_set_session(p->server, app->found.at,
                                                found != 0 ? app->found.len : 0));
        assert_over(p, found != 0 ? RESUMED : FULL);
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

static void is_a_certificate_waited_for_that_nobody_needs(void **state)
{
    (void)state;
    struct application *app = application(LATER, AT_ONCE);
    struct configs c = asking();
    struct pair *p = connect_in(&c, app);
    assert_waits(p, GALVAN_QUESTION_CERTIFIED_KEY);
    assert_ok(galvan_connection_set_certified_key(p->server, app->key));
    assert_over(p, FULL);
    pair_free(p);
    configs_free(&c);
    application_free(app);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_name_hidden_with_the_hello),
        cmocka_unit_test(is_a_name_hidden_from_a_server_without_the_key),
        cmocka_unit_test(is_a_session_waited_for_before_the_key_is_taken),
        cmocka_unit_test(is_a_certificate_waited_for_that_nobody_needs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
