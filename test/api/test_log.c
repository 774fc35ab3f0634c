/* The log: a connection's callback hears what happens to it, with the connection's userdata. */
#include "galvan.h"
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

/* ---- secrets ------------------------------------------------------------------------------------- */

static struct {
    uint8_t at[16][64];
    size_t len[16];
    size_t count;
} secrets;
static char everything[65536]; /* that was logged or told, one text behind the other */

static void take_secret(struct rustls_str label, const uint8_t *client_random,
                        size_t client_random_len, const uint8_t *secret, size_t secret_len)
{
    (void)label;
    (void)client_random;
    (void)client_random_len;
    assert_true(secrets.count < 16 && secret_len <= sizeof secrets.at[0]);
    memcpy(secrets.at[secrets.count], secret, secret_len);
    secrets.len[secrets.count++] = secret_len;
}

static void take_text(const char *text, size_t len)
{
    size_t used = strlen(everything);
    assert_true(used + len < sizeof everything);
    memcpy(everything + used, text, len);
}

static void overhear(void *userdata, const struct rustls_log_params *params)
{
    (void)userdata;
    take_text(params->message.data, params->message.len);
}

/* Whether four bytes of it stand there, as hexadecimal digits or as they are. */
static bool is_told(const uint8_t *secret)
{
    char hex[9];
    (void)snprintf(hex, sizeof hex, "%02x%02x%02x%02x", secret[0], secret[1], secret[2], secret[3]);
    for (const char *at = everything; *at != '\0'; at++)
        if (memcmp(at, secret, 4) == 0 || strncmp(at, hex, 8) == 0)
            return true;
    return false;
}

static void overhear_a_handshake(uint16_t version, bool ends_well)
{
    struct rustls_client_config_builder *client = test_client_builder_of("ca", version);
    struct galvan_error_detail detail;
    assert_ok(rustls_client_config_builder_set_key_log(client, take_secret, NULL));
    struct pair *p = pair_new(client, ends_well ? "localhost" : "other.example",
                              test_server_builder_of("p256", version));
    rustls_connection_set_log_callback(p->client, overhear);
    rustls_connection_set_log_callback(p->server, overhear);
    pair_run(p);
    if (!ends_well) {
        assert_ok(galvan_connection_error_detail(p->client, &detail, sizeof detail));
        take_text(detail.sentence, strlen(detail.sentence));
    }
    pair_free(p);
}

/* RUSTSEC-2026-0346 */
static void hostile_68_is_no_secret_told(void **state)
{
    (void)state;
    for (unsigned which = 0; which < 4; which++) {
        secrets.count = 0;
        memset(everything, 0, sizeof everything);
        overhear_a_handshake(which % 2 == 0 ? 0x0304 : 0x0303, which < 2);
        assert_true(secrets.count != 0 || which == 3); /* TLS 1.2 fails before it has one */
        for (size_t i = 0; i < secrets.count; i++)
            for (size_t at = 0; at + 4 <= secrets.len[i]; at++)
                assert_false(is_told(secrets.at[i] + at));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_failure_logged_as_an_error),
        cmocka_unit_test(is_nothing_logged_without_a_callback),
        cmocka_unit_test(is_a_good_handshake_no_error),
        cmocka_unit_test(hostile_68_is_no_secret_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
