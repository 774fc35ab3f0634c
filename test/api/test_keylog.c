/* The key log: which secrets it is told, in which order, and that it can say no. */
#include "lib/pair.h"

#include <stdlib.h>
#include <unistd.h>

static char told[1024];

static void tell(const char *what, struct rustls_str label)
{
    size_t n = strlen(told);
    (void)snprintf(told + n, sizeof told - n, "%s %.*s\n", what, (int)label.len, label.data);
}

static int will_log(struct rustls_str label)
{
    tell("?", label);
    return label.len != strlen("EXPORTER_SECRET"); /* -1 for yes would do as well */
}

static int will_log_nothing(struct rustls_str label)
{
    (void)label;
    return 0;
}

static uint8_t client_random[32];

static void log_secret(struct rustls_str label, const uint8_t *random, size_t random_len,
                       const uint8_t *secret, size_t secret_len)
{
    tell("!", label);
    assert_int_equal(random_len, 32);
    assert_int_equal(secret_len, 48); /* of SHA-384's length; TLS 1.2's master secret */
    assert_non_null(secret);
    memcpy(client_random, random, 32);
}

static int clear(void **state)
{
    (void)state;
    told[0] = '\0';
    return 0;
}

static void run(struct rustls_client_config_builder *client,
                struct rustls_server_config_builder *server)
{
    struct pair *p = pair_new(client, "localhost", server);
    pair_flush(p->client, &p->to_server);
    struct wire_record hello;
    uint8_t random[32];
    assert_true(wire_record(&p->to_server, 0, &hello));
    memcpy(random, p->to_server.at + hello.offset + 4 + 2, 32); /* RFC 9846 section 4.1.2 */
    pair_run(p);
    assert_result(p->client_result, 7000);
    assert_result(p->server_result, 7000);
    if (told[0] != '\0')
        assert_memory_equal(random, client_random, 32);
    pair_free(p);
}

static void is_a_client_asked_and_told_in_the_order_that_programs_know(void **state)
{
    (void)state;
    struct rustls_client_config_builder *client = test_client_builder_of("ca", 0x0304);
    assert_ok(rustls_client_config_builder_set_key_log(client, log_secret, will_log));
    run(client, test_server_builder_of("p256", 0x0304));
    assert_string_equal(told, "? CLIENT_HANDSHAKE_TRAFFIC_SECRET\n"
                              "! CLIENT_HANDSHAKE_TRAFFIC_SECRET\n"
                              "? SERVER_HANDSHAKE_TRAFFIC_SECRET\n"
                              "! SERVER_HANDSHAKE_TRAFFIC_SECRET\n"
                              "? CLIENT_TRAFFIC_SECRET_0\n"
                              "! CLIENT_TRAFFIC_SECRET_0\n"
                              "? SERVER_TRAFFIC_SECRET_0\n"
                              "! SERVER_TRAFFIC_SECRET_0\n"
                              "? EXPORTER_SECRET\n");
}

/* The master secret, which has 48 bytes with every suite, and nothing else. */
static void are_both_sides_of_tls12_told_one_secret(void **state)
{
    (void)state;
    struct rustls_client_config_builder *client = test_client_builder_of("ca", 0x0303);
    assert_ok(rustls_client_config_builder_set_key_log(client, log_secret, will_log));
    run(client, test_server_builder_of("p256", 0x0303));
    assert_string_equal(told, "? CLIENT_RANDOM\n! CLIENT_RANDOM\n");
    struct rustls_server_config_builder *server = test_server_builder_of("p256", 0x0303);
    told[0] = '\0';
    assert_ok(rustls_server_config_builder_set_key_log(server, log_secret, NULL));
    run(test_client_builder_of("ca", 0x0303), server);
    assert_string_equal(told, "! CLIENT_RANDOM\n");
}

static void is_a_server_told_everything_where_nobody_chooses(void **state)
{
    (void)state;
    struct rustls_server_config_builder *server = test_server_builder_of("p256", 0x0304);
    assert_ok(rustls_server_config_builder_set_key_log(server, log_secret, NULL));
    run(test_client_builder_of("ca", 0x0304), server);
    static const char *const labels[] = {
        "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
        "SERVER_HANDSHAKE_TRAFFIC_SECRET",
        "CLIENT_TRAFFIC_SECRET_0",
        "SERVER_TRAFFIC_SECRET_0",
        "EXPORTER_SECRET",
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        assert_non_null(strstr(told, labels[i]));
}

static void is_nothing_told_that_is_not_wanted(void **state)
{
    (void)state;
    struct rustls_client_config_builder *client = test_client_builder_of("ca", 0x0304);
    assert_ok(rustls_client_config_builder_set_key_log(client, log_secret, will_log_nothing));
    run(client, test_server_builder_of("p256", 0x0304));
    assert_string_equal(told, "");
}

/* RFC 9850: both sides of a connection write the same five lines. */
static void do_both_sides_write_the_same_lines_to_a_file(void **state)
{
    (void)state;
    char path[] = "/tmp/galvan-keys-XXXXXX", text[4096];
    int made = mkstemp(path);
    assert_true(made >= 0);
    close(made);
    setenv("SSLKEYLOGFILE", path, 1);
    struct rustls_client_config_builder *client = test_client_builder_of("ca", 0x0304);
    struct rustls_server_config_builder *server = test_server_builder_of("p256", 0x0304);
    assert_ok(rustls_client_config_builder_set_key_log_file(client));
    assert_ok(rustls_server_config_builder_set_key_log_file(server));
    run(client, server);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    size_t lines = 0, seen_twice = 0;
    char line[10][512];
    while (lines < 10 && fgets(line[lines], sizeof line[0], f) != NULL)
        lines++;
    assert_null(fgets(text, sizeof text, f));
    (void)fclose(f);
    (void)unlink(path);
    assert_int_equal(lines, 10);
    for (size_t i = 0; i < 10; i++)
        for (size_t j = 0; j < 10; j++)
            seen_twice += i != j && strcmp(line[i], line[j]) == 0;
    assert_int_equal(seen_twice, 10); /* each has its like */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(is_a_client_asked_and_told_in_the_order_that_programs_know, clear),
        cmocka_unit_test_setup(are_both_sides_of_tls12_told_one_secret, clear),
        cmocka_unit_test_setup(is_a_server_told_everything_where_nobody_chooses, clear),
        cmocka_unit_test_setup(is_nothing_told_that_is_not_wanted, clear),
        cmocka_unit_test_setup(do_both_sides_write_the_same_lines_to_a_file, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
