/* TLS 1.3 between our client and our server: what is agreed, what flows, how it ends. */
#include "lib/bare.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct bare *connected(void)
{
    struct bare *p = bare_new();

    assert_non_null(p);
    assert_int_equal(bare_connect(p), GV_OK);
    bare_run(p);
    return p;
}

static void assert_up(const struct bare *p)
{
    assert_string_equal(gv_err_name(p->client_err), "OK");
    assert_string_equal(gv_err_name(p->server_err), "OK");
    assert_false(gv_connection_is_handshaking(p->client));
    assert_false(gv_connection_is_handshaking(p->server));
}

static void does_a_full_handshake_agree_on_the_first_choices(void **state)
{
    (void)state;
    struct bare *p = connected();
    const struct agreed *c = gv_connection_agreed(p->client), *s = gv_connection_agreed(p->server);

    assert_up(p);
    assert_int_equal(c->version, TLS13);
    assert_int_equal(s->version, TLS13);
    assert_int_equal(c->suite->code, SUITE_TLS_AES_256_GCM_SHA384);
    assert_int_equal(c->group, s->group);
    assert_int_equal(c->kind, HANDSHAKE_FULL);
    assert_int_equal(c->signature_scheme, SCHEME_ECDSA_SECP256R1_SHA256);
    assert_int_equal(c->peer_count, 1);
    assert_true(span_equal(s->server_name, span_str("localhost")));
    bare_free(p);
}

static void does_data_come_through_both_ways(void **state)
{
    (void)state;
    static uint8_t data[300000];
    struct bare *p = connected();

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 31 + i / 256);
    assert_true(bare_transfer(p, p->client, SPAN_OF(data)));
    assert_true(bare_transfer(p, p->server, SPAN_OF(data)));
    assert_true(bare_transfer(p, p->client, span_of(data, 1)));
    bare_free(p);
}

static void does_one_byte_at_a_time_work(void **state)
{
    (void)state;
    struct bare *p = bare_new();

    assert_int_equal(bare_connect(p), GV_OK);
    p->to_client.piece = p->to_server.piece = 1;
    bare_run(p);
    assert_up(p);
    assert_true(bare_transfer(p, p->server, span_str("hello")));
    bare_free(p);
}

static void do_keys_change_when_asked(void **state)
{
    (void)state;
    struct bare *p = connected();

    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(gv_connection_refresh_keys(p->client), GV_OK);
        assert_true(bare_transfer(p, p->client, span_str("after the client's update")));
        assert_true(bare_transfer(p, p->server, span_str("after the server's answer")));
        assert_int_equal(gv_connection_refresh_keys(p->server), GV_OK);
        assert_true(bare_transfer(p, p->server, span_str("after the server's update")));
    }
    assert_up(p);
    bare_free(p);
}

static void do_keys_change_by_themselves_before_the_limit(void **state)
{
    (void)state;
    struct bare *p = bare_new();

    p->client_config->common.limits.records_per_key = 16;
    p->server_config->common.limits.records_per_key = 16;
    assert_int_equal(bare_connect(p), GV_OK);
    bare_run(p);
    for (unsigned i = 0; i < 100; i++) {
        assert_true(bare_transfer(p, p->client, span_str("ping")));
        assert_true(bare_transfer(p, p->server, span_str("pong")));
    }
    assert_up(p);
    bare_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_a_full_handshake_agree_on_the_first_choices),
        cmocka_unit_test(does_data_come_through_both_ways),
        cmocka_unit_test(does_one_byte_at_a_time_work),
        cmocka_unit_test(do_keys_change_when_asked),
        cmocka_unit_test(do_keys_change_by_themselves_before_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
