/* The callback that chooses a server's certificate: what it is shown, and what becomes of what it
 * answers; and the choice among several certified keys where there is no callback. */
#include "lib/pair.h"

#include <stdlib.h>

static const uint16_t tls12 = 0x0303, tls13 = 0x0304;
static const struct rustls_slice_bytes protocols[] = {{(const uint8_t *)"h2", 2},
                                                      {(const uint8_t *)"http/1.1", 8}};

/* What the callback saw, in words, and what it is to answer. */
static char seen[512];
static int calls;
static const struct rustls_certified_key *keys[3];
static size_t key_count;
static unsigned int selected; /* what selecting among the keys answered */

static void see(const char *text, size_t len)
{
    size_t n = strlen(seen);
    (void)snprintf(seen + n, sizeof seen - n, "%.*s", (int)len, text);
}

static void see_numbers(const char *name, struct rustls_slice_u16 list)
{
    char number[8];
    see(name, strlen(name));
    for (size_t i = 0; i < list.len; i++) {
        (void)snprintf(number, sizeof number, " %04x", list.data[i]);
        see(number, 5);
    }
}

static const struct rustls_certified_key *hello_callback(void *userdata,
                                                         const struct rustls_client_hello *hello)
{
    const struct rustls_certified_key *key = NULL;
    calls++;
    assert_null(userdata);
    see("sni ", 4);
    see(hello->server_name.data, hello->server_name.len);
    see_numbers(", sigs", hello->signature_schemes);
    see_numbers(", groups", hello->named_groups);
    see(", alpn", 6);
    for (size_t i = 0; i < rustls_slice_slice_bytes_len(hello->alpn); i++) {
        struct rustls_slice_bytes name = rustls_slice_slice_bytes_get(hello->alpn, i);
        see(" ", 1);
        see((const char *)name.data, name.len);
    }
    assert_null(rustls_slice_slice_bytes_get(hello->alpn, 2).data);
    selected = rustls_client_hello_select_certified_key(hello, keys, key_count, &key);
    return selected == RUSTLS_RESULT_OK ? key : NULL;
}

static int begin(void **state)
{
    (void)state;
    seen[0] = '\0';
    calls = 0;
    key_count = 0;
    selected = 0;
    return 0;
}

static int end(void **state)
{
    (void)state;
    for (size_t i = 0; i < key_count; i++)
        rustls_certified_key_free(keys[i]);
    return 0;
}

static void choose_among(const char *name)
{
    keys[key_count++] = test_certified_key(name);
}

static struct rustls_server_config_builder *asking_server(void)
{
    struct rustls_server_config_builder *b = rustls_server_config_builder_new();
    assert_ok(rustls_server_config_builder_set_hello_callback(b, hello_callback));
    return b;
}

static struct rustls_client_config_builder *alpn_client(struct rustls_client_config_builder *b)
{
    assert_ok(rustls_client_config_builder_set_alpn_protocols(b, protocols, 2));
    return b;
}

/* A client with one suite alone. */
static struct rustls_client_config_builder *client_of_suite(uint16_t code, uint16_t version)
{
    return test_client_builder_with("ca", test_provider_of(&code, 1), version);
}

static struct pair *ran(struct rustls_client_config_builder *client, const char *name,
                        struct rustls_server_config_builder *server, unsigned int client_result,
                        unsigned int server_result)
{
    struct pair *p = pair_new(client, name, server);
    pair_run(p);
    assert_result(p->server_result, server_result);
    assert_result(p->client_result, client_result);
    return p;
}

static void assert_shown(const struct pair *p, const char *name)
{
    const struct rustls_certified_key *key = test_certified_key(name);
    const uint8_t *got = NULL, *want = NULL;
    size_t got_len = 0, want_len = 0;
    assert_ok(rustls_certificate_get_der(rustls_connection_get_peer_certificate(p->client, 0), &got,
                                         &got_len));
    assert_ok(
        rustls_certificate_get_der(rustls_certified_key_get_certificate(key, 0), &want, &want_len));
    assert_int_equal(got_len, want_len);
    assert_memory_equal(got, want, want_len);
    rustls_certified_key_free(key);
}

static void is_a_hello_shown_as_programs_know_it(void **state)
{
    (void)state;
    choose_among("p256");
    struct pair *p =
        ran(alpn_client(test_client_builder("ca")), "localhost", asking_server(), 7000, 7000);
    assert_result(selected, 7000);
    assert_string_equal(seen, "sni localhost, "
                              "sigs 0503 0403 0603 0807 0806 0805 0804 0601 0501 0401, "
                              "groups 11ec 001d 0017 0018, alpn h2 http/1.1");
    assert_int_equal(calls, 1);
    assert_shown(p, "p256");
    pair_free(p);
}

static void is_no_name_shown_where_none_was_sent(void **state)
{
    (void)state;
    choose_among("p256");
    struct pair *p = ran(test_client_builder("ca"), "127.0.0.1", asking_server(), 7000, 7000);
    assert_non_null(strstr(seen, "sni , sigs"));
    assert_non_null(strstr(seen, ", alpn"));
    assert_string_equal(strstr(seen, ", alpn"), ", alpn");
    pair_free(p);
}

static void is_a_client_turned_away_for_which_there_is_no_key(void **state)
{
    (void)state;
    pair_free(ran(test_client_builder_of("ca", tls13), "localhost", asking_server(), 7215, 7112));
    pair_free(ran(test_client_builder_of("ca", tls12), "localhost", asking_server(), 7215, 7112));
    assert_result(selected, 7008);
    assert_int_equal(calls, 2);
}

static void may_a_key_of_another_kind_be_chosen(void **state)
{
    (void)state;
    choose_among("rsa2048");
    struct pair *p = ran(test_client_builder("ca"), "localhost", asking_server(), 7000, 7000);
    assert_shown(p, "rsa2048");
    pair_free(p);
    p = ran(test_client_builder_of("ca", tls12), "localhost", asking_server(), 7000, 7000);
    assert_int_equal(rustls_connection_get_negotiated_ciphersuite(p->server), 0xc030);
    assert_shown(p, "rsa2048");
    pair_free(p);
}

/* In TLS 1.2 the suites say which keys a client can do with, whatever its schemes say. */
static void are_schemes_left_out_that_no_suite_can_use(void **state)
{
    (void)state;
    choose_among("rsa2048");
    struct rustls_client_config_builder *client = alpn_client(client_of_suite(0xc02b, tls12));
    pair_free(ran(client, "localhost", asking_server(), 7215, 7112));
    assert_string_equal(seen, "sni localhost, sigs 0503 0403 0603 0807, groups 001d 0017 0018, "
                              "alpn h2 http/1.1");
    assert_result(selected, 7008);
    choose_among("p256");
    struct pair *p = ran(client_of_suite(0xc02b, tls12), "localhost", asking_server(), 7000, 7000);
    assert_shown(p, "p256");
    pair_free(p);
}

static void is_nobody_asked_where_no_version_is_shared(void **state)
{
    (void)state;
    struct rustls_server_config_builder *server = test_server_builder_of("p256", tls13);
    assert_ok(rustls_server_config_builder_set_hello_callback(server, hello_callback));
    pair_free(ran(test_client_builder_of("ca", tls12), "localhost", server, 7219, 7107));
    assert_int_equal(calls, 0);
}

/* The callback lets go of the key right after its use, in a thread's worth of bad manners: the
 * connection holds on to it. */
static const struct rustls_certified_key *lent;

static const struct rustls_certified_key *lending_callback(void *userdata,
                                                           const struct rustls_client_hello *hello)
{
    (void)hello;
    *(const struct rustls_certified_key **)userdata = lent;
    return lent;
}

static void does_the_connection_hold_on_to_the_key(void **state)
{
    (void)state;
    for (uint16_t version = tls12; version <= tls13; version++) {
        const struct rustls_certified_key *from_callback = NULL;
        struct rustls_server_config_builder *server = rustls_server_config_builder_new();
        lent = test_certified_key("chain");
        assert_ok(rustls_server_config_builder_set_hello_callback(server, lending_callback));
        struct pair *p = pair_new(test_client_builder_of("ca", version), "localhost", server);
        rustls_connection_set_userdata(p->server, &from_callback);
        pair_flush(p->client, &p->to_server);
        assert_ok(pair_feed(p->server, &p->to_server));
        assert_ptr_equal(from_callback, lent);
        rustls_certified_key_free(lent);
        pair_run(p);
        assert_result(p->client_result, 7000);
        assert_result(p->server_result, 7000);
        assert_shown(p, "chain");
        pair_free(p);
    }
}

static struct pair *calling_back;

static const struct rustls_certified_key *freeing_callback(void *userdata,
                                                           const struct rustls_client_hello *hello)
{
    size_t n = 0;
    uint8_t byte = 0;
    (void)userdata;
    (void)hello;
    assert_result(rustls_connection_process_new_packets(calling_back->server), 7112);
    assert_result(rustls_connection_read(calling_back->server, &byte, 1, &n), 7112);
    rustls_connection_free(calling_back->server);
    return keys[0];
}

static void may_a_callback_free_its_connection(void **state)
{
    (void)state;
    struct rustls_server_config_builder *server = rustls_server_config_builder_new();
    size_t n = 0;
    choose_among("p256");
    assert_ok(rustls_server_config_builder_set_hello_callback(server, freeing_callback));
    struct pair *p = calling_back = pair_new(test_client_builder("ca"), "localhost", server);
    pair_flush(p->client, &p->to_server);
    assert_int_equal(rustls_connection_read_tls(p->server, wire_read, &p->to_server, &n), 0);
    assert_result(rustls_connection_process_new_packets(p->server), 7112);
    p->server = NULL;
    pair_free(p);
}

static struct rustls_accepted *accepted;

static const struct rustls_certified_key *accepted_freeing_callback(
    void *userdata, const struct rustls_client_hello *hello)
{
    (void)userdata;
    (void)hello;
    assert_int_equal(rustls_accepted_server_name(accepted).len, 0);
    rustls_accepted_free(accepted);
    return keys[0];
}

static void may_a_callback_free_what_was_accepted(void **state)
{
    (void)state;
    struct rustls_server_config_builder *server = rustls_server_config_builder_new();
    struct rustls_acceptor *acceptor = rustls_acceptor_new();
    struct rustls_accepted_alert *alert = NULL;
    size_t n = 0;
    choose_among("p256");
    assert_ok(rustls_server_config_builder_set_hello_callback(server, accepted_freeing_callback));
    const struct rustls_server_config *config = test_server_config(server);
    struct pair *p = pair_of(tls13);
    rustls_connection_free(p->server);
    pair_flush(p->client, &p->to_server);
    assert_int_equal(rustls_acceptor_read_tls(acceptor, wire_read, &p->to_server, &n), 0);
    assert_ok(rustls_acceptor_accept(acceptor, &accepted, &alert));
    assert_ok(rustls_accepted_into_connection(accepted, config, &p->server, &alert));
    pair_run(p);
    assert_result(p->client_result, 7000);
    rustls_acceptor_free(acceptor);
    rustls_server_config_free(config);
    pair_free(p);
}

/* ---- the builder, and misuse -------------------------------------------------------------- */

static void does_the_last_say_hold(void **state)
{
    (void)state;
    const struct rustls_certified_key *rsa = test_certified_key("rsa2048");
    struct rustls_server_config_builder *server = asking_server();
    choose_among("p256");
    assert_ok(rustls_server_config_builder_set_certified_keys(server, &rsa, 1));
    struct pair *p = ran(test_client_builder("ca"), "localhost", server, 7000, 7000);
    assert_int_equal(calls, 0);
    assert_shown(p, "rsa2048");
    pair_free(p);
    server = test_server_builder("rsa2048");
    assert_ok(rustls_server_config_builder_set_hello_callback(server, hello_callback));
    p = ran(test_client_builder("ca"), "localhost", server, 7000, 7000);
    assert_int_equal(calls, 1);
    assert_shown(p, "p256");
    pair_free(p);
    rustls_certified_key_free(rsa);
}

static void is_a_missing_argument_answered(void **state)
{
    (void)state;
    static const uint16_t schemes[] = {0x0403};
    const struct rustls_certified_key *with_null[] = {NULL}, *out = NULL;
    const struct rustls_client_hello hello = {.signature_schemes = {schemes, 1}};
    struct rustls_server_config_builder *b = rustls_server_config_builder_new();
    choose_among("p256");
    assert_result(rustls_server_config_builder_set_hello_callback(NULL, hello_callback), 7002);
    assert_result(rustls_server_config_builder_set_hello_callback(b, NULL), 7002);
    assert_result(rustls_client_hello_select_certified_key(NULL, keys, 1, &out), 7002);
    assert_result(rustls_client_hello_select_certified_key(&hello, NULL, 1, &out), 7002);
    assert_result(rustls_client_hello_select_certified_key(&hello, keys, 1, NULL), 7002);
    assert_result(rustls_client_hello_select_certified_key(&hello, with_null, 1, &out), 7002);
    assert_result(rustls_client_hello_select_certified_key(&hello, keys, 0, &out), 7008);
    assert_null(out);
    assert_ok(rustls_client_hello_select_certified_key(&hello, keys, 1, &out));
    assert_ptr_equal(out, keys[0]);
    const struct rustls_server_config *config = NULL;
    assert_result(rustls_server_config_builder_build(b, &config), 7018);
}

/* ---- several certified keys --------------------------------------------------------------- */

/* A server with all three; each client gets the first that it can do with. */
static struct rustls_server_config_builder *server_of_three(void)
{
    struct rustls_server_config_builder *b = rustls_server_config_builder_new();
    choose_among("p384");
    choose_among("p256");
    choose_among("rsa2048");
    assert_ok(rustls_server_config_builder_set_certified_keys(b, keys, 3));
    return b;
}

static void does_each_client_get_a_key_that_it_can_verify(void **state)
{
    (void)state;
    static const struct {
        uint16_t suite, version;
        const char *shown;
    } facts[] = {{0x1302, tls13, "p384"}, {0xc02b, tls12, "p384"}, {0xc02f, tls12, "rsa2048"}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        struct pair *p = ran(client_of_suite(facts[i].suite, facts[i].version), "localhost",
                             server_of_three(), 7000, 7000);
        assert_shown(p, facts[i].shown);
        pair_free(p);
        (void)end(NULL);
        key_count = 0;
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(is_a_hello_shown_as_programs_know_it),
        TEST(is_no_name_shown_where_none_was_sent),
        TEST(is_a_client_turned_away_for_which_there_is_no_key),
        TEST(may_a_key_of_another_kind_be_chosen),
        TEST(are_schemes_left_out_that_no_suite_can_use),
        TEST(is_nobody_asked_where_no_version_is_shared),
        TEST(does_the_connection_hold_on_to_the_key),
        TEST(may_a_callback_free_its_connection),
        TEST(may_a_callback_free_what_was_accepted),
        TEST(does_the_last_say_hold),
        TEST(is_a_missing_argument_answered),
        TEST(does_each_client_get_a_key_that_it_can_verify),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
