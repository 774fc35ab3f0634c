/* The log: a connection's callback hears what happens to it, with the connection's userdata. */
#include "lib/pair.h"

struct heard {
    unsigned count[6]; /* for each level */
    char last[512];
};

static void hear(void *userdata, const struct rustls_log_params *params)
{
    struct heard *heard = userdata;
    assert_true(params->level >= 1 && params->level <= 5);
    heard->count[params->level]++;
    (void)snprintf(heard->last, sizeof heard->last, "%.*s", (int)params->message.len,
                   params->message.data);
}

static void is_a_failure_logged_as_an_error(void **state)
{
    (void)state;
    struct heard client = {.last = ""}, server = {.last = ""};
    struct pair *p = pair_new(test_client_builder_of("ca", 0x0304), "other.example",
                              test_server_builder_of("p256", 0x0304));
    rustls_connection_set_userdata(p->client, &client);
    rustls_connection_set_userdata(p->server, &server);
    rustls_connection_set_log_callback(p->client, hear);
    rustls_connection_set_log_callback(p->server, hear);
    pair_run(p);
    assert_result(p->client_result, 7128);
    assert_int_equal(client.count[1], 1);
    assert_int_equal(server.count[1], 1);
    assert_non_null(strstr(client.last, "name"));
    pair_free(p);
}

static void is_nothing_logged_without_a_callback(void **state)
{
    (void)state;
    struct heard client = {.last = ""};
    struct pair *p = pair_new(test_client_builder_of("ca", 0x0304), "other.example",
                              test_server_builder_of("p256", 0x0304));
    rustls_connection_set_userdata(p->client, &client);
    rustls_connection_set_log_callback(p->client, hear);
    rustls_connection_set_log_callback(p->client, NULL);
    pair_run(p);
    assert_result(p->client_result, 7128);
    assert_string_equal(client.last, "");
    pair_free(p);
}

static void is_a_good_handshake_no_error(void **state)
{
    (void)state;
    struct heard heard = {.last = ""};
    struct pair *p = pair_of(0x0304);
    rustls_connection_set_userdata(p->client, &heard);
    rustls_connection_set_log_callback(p->client, hear);
    pair_run(p);
    assert_result(p->client_result, 7000);
    assert_int_equal(heard.count[1] + heard.count[2], 0);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_failure_logged_as_an_error),
        cmocka_unit_test(is_nothing_logged_without_a_callback),
        cmocka_unit_test(is_a_good_handshake_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
