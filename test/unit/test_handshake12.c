/* TLS 1.2 between our client and our server: each suite and group, what is agreed, what flows. */
#include "lib/bare.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct bare *bare12(const char *key)
{
    struct bare *p = bare_new();
    const struct certified_key *k = bare_certified_key(key);

    assert_non_null(p);
    p->client_config->common.tls13 = p->server_config->common.tls13 = false;
    p->client_config->common.tls12 = p->server_config->common.tls12 = true;
    assert_int_equal(gv_certified_key_list_set(&p->server_config->common.keys, &k, 1), GV_OK);
    return p;
}

static void assert_up(const struct bare *p)
{
    assert_string_equal(gv_err_name(p->client_err), "OK");
    assert_string_equal(gv_err_name(p->server_err), "OK");
    assert_false(gv_connection_is_handshaking(p->client));
    assert_false(gv_connection_is_handshaking(p->server));
}

static void run(struct bare *p)
{
    assert_int_equal(bare_connect(p), GV_OK);
    bare_run(p);
}

/* The provider with one suite or group alone. */
static struct provider narrowed;
static const struct cipher_suite_info *one_suite[2];
static const struct key_exchange_group *one_group[2];

static void only_suite(struct bare *p, const struct cipher_suite_info *suite)
{
    narrowed = *gv_openssl_provider();
    one_suite[0] = suite;
    narrowed.suites = one_suite;
    p->server_config->common.provider = &narrowed;
}

static void does_every_suite_carry_data_both_ways(void **state)
{
    (void)state;
    const struct cipher_suite_info *const *s;
    static uint8_t data[100000];
    unsigned tried = 0;

    for (s = gv_openssl_provider()->suites; *s != NULL; s++) {
        if ((*s)->version != TLS12)
            continue;
        struct bare *p = bare12((*s)->auth == AUTH_RSA ? "rsa2048" : "p256");
        const struct provider *whole = p->server_config->common.provider;
        only_suite(p, *s);
        run(p);
        assert_up(p);
        assert_int_equal(gv_connection_agreed(p->client)->suite->code, (*s)->code);
        assert_int_equal(gv_connection_agreed(p->server)->version, TLS12);
        memset(data, (int)(*s)->code, sizeof data);
        assert_true(bare_transfer(p, p->client, SPAN_OF(data)));
        assert_true(bare_transfer(p, p->server, SPAN_OF(data)));
        p->server_config->common.provider = whole;
        bare_free(p);
        tried++;
    }
    assert_int_equal(tried, 6);
}

static void does_every_group_work(void **state)
{
    (void)state;
    static const uint16_t groups[] = {GROUP_X25519, GROUP_SECP256R1, GROUP_SECP384R1};

    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        struct bare *p = bare12("p256");
        const struct provider *whole = p->server_config->common.provider;
        narrowed = *whole;
        for (const struct key_exchange_group *const *g = whole->groups; *g != NULL; g++)
            if ((*g)->code == groups[i])
                one_group[0] = *g;
        narrowed.groups = one_group;
        p->server_config->common.provider = &narrowed;
        run(p);
        assert_up(p);
        assert_int_equal(gv_connection_agreed(p->client)->group, groups[i]);
        p->server_config->common.provider = whole;
        bare_free(p);
    }
}

static void is_the_client_asked_for_its_certificate(void **state)
{
    (void)state;
    struct bare *p = bare12("p256");
    const struct certified_key *own = bare_certified_key("rsa2048");

    p->server_config->client_verifier = bare_trusting_verifier(true);
    assert_int_equal(gv_certified_key_list_set(&p->client_config->common.keys, &own, 1), GV_OK);
    run(p);
    assert_up(p);
    assert_int_equal(gv_connection_agreed(p->server)->peer_count, 1);
    bare_free(p);
}

static void is_a_client_without_the_required_certificate_turned_away(void **state)
{
    (void)state;
    struct bare *p = bare12("p256");

    p->server_config->client_verifier = bare_trusting_verifier(true);
    run(p);
    assert_string_equal(gv_err_name(p->server_err), "CLIENT_CERTIFICATE_MISSING");
    assert_int_equal(gv_connection_failure(p->client)->peer_alert, ALERT_CERTIFICATE_REQUIRED);
    bare_free(p);
}

static void does_one_byte_at_a_time_work(void **state)
{
    (void)state;
    struct bare *p = bare12("p256");

    assert_int_equal(bare_connect(p), GV_OK);
    p->to_client.piece = p->to_server.piece = 1;
    bare_run(p);
    assert_up(p);
    assert_true(bare_transfer(p, p->server, span_str("hello")));
    bare_free(p);
}

static void does_the_higher_version_win(void **state)
{
    (void)state;
    for (unsigned which = 0; which < 3; which++) {
        struct bare *p = bare12("p256");
        p->client_config->common.tls13 = which != 1;
        p->server_config->common.tls13 = which != 2;
        run(p);
        assert_up(p);
        assert_int_equal(gv_connection_agreed(p->client)->version, which == 0 ? TLS13 : TLS12);
        bare_free(p);
    }
}

static void are_versions_that_do_not_meet_refused(void **state)
{
    (void)state;
    struct bare *p = bare12("p256");

    p->client_config->common.tls12 = false;
    p->client_config->common.tls13 = true;
    run(p);
    assert_string_equal(gv_err_name(p->server_err), "VERSION_NOT_SUPPORTED");
    assert_int_equal(gv_connection_failure(p->client)->peer_alert, ALERT_PROTOCOL_VERSION);
    bare_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_every_suite_carry_data_both_ways),
        cmocka_unit_test(does_every_group_work),
        cmocka_unit_test(is_the_client_asked_for_its_certificate),
        cmocka_unit_test(is_a_client_without_the_required_certificate_turned_away),
        cmocka_unit_test(does_one_byte_at_a_time_work),
        cmocka_unit_test(does_the_higher_version_win),
        cmocka_unit_test(are_versions_that_do_not_meet_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
