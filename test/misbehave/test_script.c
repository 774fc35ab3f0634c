/* Is the scripted peer of the misbehaviour tests understood when it behaves? */
#include "lib/script12.h"

#include "lib/exact.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void is_the_good_peer_understood(void **state)
{
    (void)state;
    for (unsigned which = 0; which < 4; which++) {
        uint8_t got[8];
        size_t n = 0;
        struct script *s = script_new(which % 2 != 0);
        script_use_version(s, which < 2 ? TLS13 : TLS12);
        script_begin(s);
        script_handshake(s);
        script_record(s, CONTENT_APPLICATION_DATA, span_str("hello"));
        assert_err(gv_connection_read(s->peer, got, sizeof got, &n), OK);
        assert_span(span_of(got, n), span_str("hello"));
        script_free(s);
    }
}

/* TLS 1.2, with an id or a ticket, with the extended master secret or without. */
static void is_the_good_peer_resumed(void **state)
{
    (void)state;
    for (unsigned which = 0; which < 8; which++) {
        struct script *s = script_new((which & 1) != 0);
        struct hello h;
        script_use_version(s, TLS12);
        script_begin(s);
        struct session12 session = script12_first(s, (which & 2) != 0, (which & 4) != 0);
        script12_again(s, &h, &session);
        script12_say_again(s, &h, &session);
        script_assert_fine(s);
        assert_false(gv_connection_is_handshaking(s->peer));
        assert_int_equal(gv_connection_agreed(s->peer)->kind, HANDSHAKE_RESUMED);
        script_free(s);
    }
}

static void is_the_good_peer_asked_for_its_certificate(void **state)
{
    (void)state;
    struct script *s = script_new(true);
    struct hello h;

    script_use_version(s, TLS12);
    s->p->server_config->client_verifier = bare_trusting_verifier(true);
    script_begin(s);
    script_client_hello(s, &h);
    script_say_hello(s, &h);
    script_flush(s);
    script_take_hello(s);
    script12_take_server_flight(s);
    script_certificate(s, "client");
    script12_client_key_exchange(s);
    script_certificate_verify(s, "client", 0);
    script12_end(s);
    script12_take_end(s);
    assert_int_equal(gv_connection_agreed(s->peer)->peer_count, 1);
    script_free(s);
}

static void does_the_good_peer_ask_for_a_certificate(void **state)
{
    (void)state;
    struct script *s = script_new(false);
    const struct certified_key *own = bare_certified_key("p256");
    struct hello h;

    script_use_version(s, TLS12);
    assert_err(gv_certified_key_list_set(&s->p->client_config->common.keys, &own, 1), OK);
    script_begin(s);
    script_take_hello(s);
    script_server_hello(s, &h);
    script_say_hello(s, &h);
    script_certificate(s, "p256");
    struct key_exchange12 x = script12_key_exchange(s, "p256");
    script12_say_key_exchange(s, &x);
    script12_request(s);
    script12_done(s);
    script12_take_client_flight(s);
    script12_take_end(s);
    script12_end(s);
    script_assert_fine(s);
    assert_false(gv_connection_is_handshaking(s->peer));
    script_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_good_peer_understood),
        cmocka_unit_test(is_the_good_peer_resumed),
        cmocka_unit_test(is_the_good_peer_asked_for_its_certificate),
        cmocka_unit_test(does_the_good_peer_ask_for_a_certificate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
