/* The application's own verifier: what it is asked, and what its answer means to both sides. */
#include "galvan.h"
#include "lib/pair.h"

#include <stdlib.h>

static uint32_t answer;
static unsigned asked;
static void *given;
static char name[64];
static size_t chain;

static uint32_t judge(void *userdata, const struct rustls_verify_server_cert_params *params)
{
    asked++;
    given = userdata;
    assert_true(params->server_name.len < sizeof name);
    (void)snprintf(name, sizeof name, "%.*s", (int)params->server_name.len,
                   params->server_name.data);
    chain = 1 + rustls_slice_slice_bytes_len(params->intermediate_certs_der);
    assert_true(params->end_entity_cert_der.len > 100);
    for (size_t i = 0; i + 1 < chain; i++)
        assert_true(rustls_slice_slice_bytes_get(params->intermediate_certs_der, i).len > 100);
    assert_int_equal(params->ocsp_response.len, 0);
    return answer;
}

static struct pair *judged(const char *server_name, const char *certificate, uint32_t code)
{
    struct rustls_client_config_builder *client = rustls_client_config_builder_new();
    assert_ok(rustls_client_config_builder_dangerous_set_certificate_verifier(client, judge));
    struct pair *p = pair_new(client, server_name, test_server_builder_of(certificate, 0x0304));
    asked = 0;
    given = &asked;
    answer = code;
    return p;
}

static void does_each_answer_mean_what_programs_know(void **state)
{
    (void)state;
    static const struct {
        uint32_t answer;
        unsigned int client, server;
    } facts[] = {
        {7000, 7000, 7000},       {7121, 7121, 7208}, {7122, 7122, 7211}, {7123, 7123, 7211},
        {7124, 7124, 7210},       {7125, 7125, 7208}, {7126, 7126, 7214}, {7127, 7127, 7217},
        {7128, 7128, 7208},       {7129, 7129, 7209}, {7130, 7130, 7215}, {7131, 7131, 7212},
        {7156, 7156, 7214},       {7112, 7112, 7206}, {7001, 7112, 7206}, {0, 7112, 7206},
        {1, 7112, 7206},          {7154, 7112, 7206}, {7157, 7112, 7206}, {7206, 7112, 7206},
        {UINT32_MAX, 7112, 7206},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        struct pair *p = judged("localhost", "p256", facts[i].answer);
        print_message("%u\n", (unsigned)facts[i].answer);
        pair_run(p);
        assert_int_equal(asked, 1);
        assert_result(p->client_result, facts[i].client);
        assert_result(p->server_result, facts[i].server);
        assert_result(rustls_connection_process_new_packets(p->client), facts[i].client);
        assert_int_equal(asked, 1);
        pair_free(p);
    }
}

static void is_the_verifier_told_what_it_needs(void **state)
{
    (void)state;
    static const char *const names[] = {"localhost", "127.0.0.1", "::1"};
    for (size_t i = 0; i < 3; i++) {
        struct pair *p = judged(names[i], "p256", 7000);
        pair_run(p);
        assert_result(p->client_result, 7000);
        assert_string_equal(name, names[i]);
        assert_int_equal(chain, 1);
        assert_null(given); /* no userdata was set */
        pair_free(p);
    }
    struct pair *p = judged("localhost", "chain", 7000);
    rustls_connection_set_userdata(p->client, p);
    pair_run(p);
    assert_int_equal(chain, 2);
    assert_ptr_equal(given, p);
    pair_free(p);
}

/* What the library would refuse itself is the callback's business alone. */
static void may_the_verifier_accept_anything(void **state)
{
    (void)state;
    static const char *const bad[] = {"expired", "unknown", "self-signed", "wrong-eku", "critical"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct pair *p = judged("other.example", bad[i], 7000);
        pair_run(p);
        assert_result(p->client_result, 7000);
        pair_free(p);
    }
}

/* The server shows a certificate whose key it does not have. */
static void is_the_key_held_against_the_certificate_all_the_same(void **state)
{
    (void)state;
    struct file c = test_file("certs/p256.pem"), k = test_file("certs/chain.key");
    const struct rustls_certified_key *key = NULL;
    struct rustls_server_config_builder *server = test_server_builder_of("p256", 0x0304);
    struct rustls_client_config_builder *client = rustls_client_config_builder_new();
    assert_ok(rustls_certified_key_build(c.data, c.len, k.data, k.len, &key));
    assert_ok(rustls_server_config_builder_set_certified_keys(server, &key, 1));
    assert_ok(rustls_client_config_builder_dangerous_set_certificate_verifier(client, judge));
    struct pair *p = pair_new(client, "localhost", server);
    answer = 7000;
    pair_run(p);
    assert_result(p->client_result, 7127);
    assert_result(p->server_result, 7217);
    rustls_certified_key_free(key);
    free(c.data);
    free(k.data);
    pair_free(p);
}

static void does_the_detail_say_what_was_answered(void **state)
{
    (void)state;
    struct galvan_error_detail d;
    struct pair *p = judged("localhost", "p256", 12345);
    assert_result(galvan_connection_error_detail(p->client, &d, sizeof d), 7008);
    pair_run(p);
    assert_ok(galvan_connection_error_detail(p->client, &d, sizeof d));
    assert_int_equal(d.result, 7112);
    assert_int_equal(d.alert, 40);
    assert_string_equal(d.name, "CALLBACK_GENERAL");
    assert_string_equal(d.found, "12345");
    assert_non_null(strstr(d.sentence, "verifier"));
    assert_ok(galvan_connection_error_detail(p->server, &d, sizeof d));
    assert_int_equal(d.result, 7206);
    assert_int_equal(d.alert, 40);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_each_answer_mean_what_programs_know),
        cmocka_unit_test(is_the_verifier_told_what_it_needs),
        cmocka_unit_test(may_the_verifier_accept_anything),
        cmocka_unit_test(is_the_key_held_against_the_certificate_all_the_same),
        cmocka_unit_test(does_the_detail_say_what_was_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
