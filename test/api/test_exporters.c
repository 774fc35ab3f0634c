/* Exported keying material and the channel binding: do both sides of a connection derive the same,
 * and nobody else, and is what cannot be exported refused? */
#include "galvan.h"
#include "lib/pair.h"

enum { LEN = 48 };

struct exported {
    uint8_t at[LEN];
};

static struct exported export_of(const struct rustls_connection *conn, const char *label,
                                 const char *context)
{
    struct exported e = {{0}};
    assert_ok(galvan_connection_export_keying_material(
        conn, label, (const uint8_t *)context, context == NULL ? 0 : strlen(context), e.at, LEN));
    return e;
}

static bool same(struct exported a, struct exported b)
{
    return memcmp(a.at, b.at, LEN) == 0;
}

static void do_both_sides_derive_the_same(void **state)
{
    (void)state;
    static const char *const contexts[] = {NULL, "", "context", "a longer context"};
    for (uint16_t version = 0x0303; version <= 0x0304; version++) {
        struct pair *p = pair_up(version);
        for (size_t i = 0; i < 4; i++)
            assert_true(same(export_of(p->client, "EXPORTER-test", contexts[i]),
                             export_of(p->server, "EXPORTER-test", contexts[i])));
        pair_free(p);
    }
}

static void does_each_use_derive_something_else(void **state)
{
    (void)state;
    for (uint16_t version = 0x0303; version <= 0x0304; version++) {
        struct pair *p = pair_up(version), *other = pair_up(version);
        struct exported e = export_of(p->client, "EXPORTER-test", "context");
        assert_false(same(e, export_of(p->client, "EXPORTER-tesu", "context")));
        assert_false(same(e, export_of(p->client, "EXPORTER-test", "contexu")));
        assert_false(same(e, export_of(p->client, "EXPORTER-test", NULL)));
        assert_false(same(e, export_of(other->client, "EXPORTER-test", "context")));
        pair_free(p);
        pair_free(other);
    }
}

/* RFC 5705 section 4 tells them apart, RFC 9846 section 7.5 does not. */
static void is_no_context_an_empty_one_in_tls13_alone(void **state)
{
    (void)state;
    for (uint16_t version = 0x0303; version <= 0x0304; version++) {
        struct pair *p = pair_up(version);
        assert_int_equal(same(export_of(p->client, "EXPORTER-test", NULL),
                              export_of(p->client, "EXPORTER-test", "")),
                         version == 0x0304);
        pair_free(p);
    }
}

static void does_what_is_derived_stay(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0304);
    struct exported e = export_of(p->client, "EXPORTER-test", "context");
    assert_ok(rustls_connection_refresh_traffic_keys(p->client));
    pair_say(p->client, "with new keys");
    pair_run(p);
    assert_hears(p->server, "with new keys");
    assert_true(same(e, export_of(p->client, "EXPORTER-test", "context")));
    assert_true(same(e, export_of(p->server, "EXPORTER-test", "context")));
    pair_free(p);
}

/* A resumed TLS 1.2 session has the master secret of the first, and randoms of its own. */
static void does_a_resumed_connection_derive_something_new(void **state)
{
    (void)state;
    for (uint16_t version = 0x0303; version <= 0x0304; version++) {
        const struct rustls_client_config *client =
            test_client_config(test_client_builder_of("ca", version));
        const struct rustls_server_config *server =
            test_server_config(test_server_builder_of("p256", version));
        struct exported e[2];
        struct pair *p = pair_of(version);
        for (size_t i = 0; i < 2; i++) {
            rustls_connection_free(p->client);
            rustls_connection_free(p->server);
            assert_ok(rustls_client_connection_new(client, "localhost", &p->client));
            assert_ok(rustls_server_connection_new(server, &p->server));
            pair_run(p);
            assert_int_equal(rustls_connection_handshake_kind(p->server),
                             i == 0 ? RUSTLS_HANDSHAKE_KIND_FULL : RUSTLS_HANDSHAKE_KIND_RESUMED);
            e[i] = export_of(p->client, "EXPORTER-test", "context");
            assert_true(same(e[i], export_of(p->server, "EXPORTER-test", "context")));
        }
        assert_false(same(e[0], e[1]));
        rustls_client_config_free(client);
        rustls_server_config_free(server);
        pair_free(p);
    }
}

static rustls_result try_label(const struct rustls_connection *conn, const char *label)
{
    uint8_t out[LEN] = {0xee};
    rustls_result result = galvan_connection_export_keying_material(conn, label, NULL, 0, out, LEN);
    if (result != RUSTLS_RESULT_OK)
        assert_int_equal(out[0], 0xee);
    return result;
}

static void is_what_cannot_be_exported_refused(void **state)
{
    (void)state;
    static const char *const reserved[] = {"client finished", "server finished", "master secret",
                                           "key expansion", "extended master secret"};
    static uint8_t large[65536], out[8161];
    char label[251] = "";
    memset(label, 'x', 250);
    for (uint16_t version = 0x0303; version <= 0x0304; version++) {
        struct pair *p = pair_up(version);
        struct rustls_connection *c = p->client;
        for (size_t i = 0; i < 5; i++)
            assert_result(try_label(c, reserved[i]), 7009);
        assert_ok(try_label(c, ""));
        assert_result(try_label(c, label), 7009);
        assert_result(try_label(c, label + 1), 7000);
        assert_result(galvan_connection_export_keying_material(c, "l", large, 65536, out, 1), 7009);
        assert_ok(galvan_connection_export_keying_material(c, "l", large, 65535, out, 1));
        assert_result(galvan_connection_export_keying_material(c, "l", NULL, 0, out, 0), 7009);
        assert_result(galvan_connection_export_keying_material(c, "l", NULL, 0, out, 8161), 7009);
        assert_ok(galvan_connection_export_keying_material(c, "l", NULL, 0, out, 8160));
        pair_free(p);
    }
}

static void is_nothing_exported_before_the_end_of_the_handshake(void **state)
{
    (void)state;
    for (uint16_t version = 0x0303; version <= 0x0304; version++) {
        struct pair *p = pair_of(version);
        uint8_t binding[GALVAN_TLS_EXPORTER_SIZE];
        assert_result(try_label(p->client, "EXPORTER-test"), 7104);
        pair_flush(p->client, &p->to_server);
        assert_ok(pair_feed(p->server, &p->to_server));
        assert_result(try_label(p->server, "EXPORTER-test"), 7104);
        assert_result(galvan_connection_tls_exporter_binding(p->server, binding), 7104);
        pair_free(p);
    }
}

static void is_a_connection_bound_by_what_both_sides_know(void **state)
{
    (void)state;
    for (uint16_t version = 0x0303; version <= 0x0304; version++) {
        struct pair *p = pair_up(version), *other = pair_up(version);
        uint8_t at_client[32], at_server[32], elsewhere[32], exported[32];
        const char *label = "EXPORTER-Channel-Binding"; /* RFC 9266 section 2 */
        assert_ok(galvan_connection_tls_exporter_binding(p->client, at_client));
        assert_ok(galvan_connection_tls_exporter_binding(p->server, at_server));
        assert_ok(galvan_connection_tls_exporter_binding(other->server, elsewhere));
        assert_ok(galvan_connection_export_keying_material(p->client, label, (const uint8_t *)"", 0,
                                                           exported, sizeof exported));
        assert_memory_equal(at_client, at_server, 32);
        assert_memory_equal(at_client, exported, 32);
        assert_memory_not_equal(at_client, elsewhere, 32);
        pair_free(p);
        pair_free(other);
    }
}

static void is_a_missing_argument_answered(void **state)
{
    (void)state;
    struct pair *p = pair_up(0x0304);
    uint8_t out[32];
    assert_result(galvan_connection_export_keying_material(NULL, "l", NULL, 0, out, 1), 7002);
    assert_result(galvan_connection_export_keying_material(p->client, NULL, NULL, 0, out, 1), 7002);
    assert_result(galvan_connection_export_keying_material(p->client, "l", NULL, 0, NULL, 0), 7002);
    assert_result(galvan_connection_tls_exporter_binding(NULL, out), 7002);
    assert_result(galvan_connection_tls_exporter_binding(p->client, NULL), 7002);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(do_both_sides_derive_the_same),
        cmocka_unit_test(does_each_use_derive_something_else),
        cmocka_unit_test(is_no_context_an_empty_one_in_tls13_alone),
        cmocka_unit_test(does_what_is_derived_stay),
        cmocka_unit_test(does_a_resumed_connection_derive_something_new),
        cmocka_unit_test(is_what_cannot_be_exported_refused),
        cmocka_unit_test(is_nothing_exported_before_the_end_of_the_handshake),
        cmocka_unit_test(is_a_connection_bound_by_what_both_sides_know),
        cmocka_unit_test(is_a_missing_argument_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
