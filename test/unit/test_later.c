/* A ClientHello may name many sessions, which a store looks up later: are they asked for in turn, as
 * they stand there, each once, and no more of them than are asked for at once? */
#include "lib/exact.h"
#include "lib/script.h"

#include "config/session_store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { PSK = 41, MODES = 45, IDENTITIES = 6, TRIES = 4, BINDER = 32 };

static struct {
    unsigned asked;
    uint8_t last[IDENTITIES];
    size_t last_len;
} seen;

static bool put(const struct session_store *s, void *userdata, struct span key, struct span value)
{
    (void)s, (void)userdata, (void)key, (void)value;
    return false;
}

static enum session_found get(const struct session_store *s, void *userdata, struct span key,
                              bool remove, struct session_room *out)
{
    (void)s, (void)userdata, (void)out;
    assert_true(remove);
    assert_true(key.len <= sizeof seen.last);
    seen.asked++;
    span_copy(seen.last, key);
    seen.last_len = key.len;
    return SESSION_LATER;
}

static void free_store(struct session_store *s)
{
    (void)s;
}

/* Our tickets have its first bit. */
static uint8_t first_byte = 0x80;

/* Identities of 1, 2, 3 ... bytes, and binders of nothing. */
static struct span many_identities(struct put *p)
{
    const uint8_t bytes[BINDER] = {first_byte};

    p->len = 0;
    for (size_t i = 1; i <= IDENTITIES; i++) {
        put_uint(p, 2, i);
        put_span(p, span_of(bytes, i));
        put_uint(p, 4, 0);
    }
    put_vec(p, 0, 2);
    size_t binders = p->len;
    for (size_t i = 0; i < IDENTITIES; i++) {
        put_uint(p, 1, BINDER);
        put_span(p, SPAN_OF(bytes));
    }
    put_vec(p, binders, 2);
    return put_of(p);
}

/* A client that names them all, up to the first question. */
static struct script *asking(void)
{
    static struct session_store store = {.put = put, .get = get, .free = free_store};
    static struct put psks;
    struct script *s = script_new(true);
    struct hello h;

    memset(&seen, 0, sizeof seen);
    gv_session_store_free(s->p->server_config->sessions);
    s->p->server_config->sessions = &store;
    script_begin(s);
    script_client_hello(s, &h);
    hello_set(&h, MODES, "01 01");
    hello_set_span(&h, PSK, exact_copy(many_identities(&psks)));
    script_say_hello(s, &h);
    script_flush(s);
    return s;
}

static enum gv_err answer(struct script *s, struct span session)
{
    const struct hs_answer a = {.to = MSG_SESSION, .bytes = session};
    return gv_connection_take_answer(s->peer, &a);
}

static void assert_full_handshake(struct script *s)
{
    script_ccs(s); /* whatever it sends, the script hears what was said meanwhile */
    assert_true(script_take_hello(s));
    assert_false(s->resumed);
    script_handshake_keys(s);
    script_take_flight(s);
    script_finished(s);
    script_flush(s);
    assert_err(s->err, OK);
    assert_false(gv_connection_is_handshaking(s->peer));
}

static void are_sessions_asked_for_in_turn(void **state)
{
    (void)state;
    struct script *s = asking();

    for (size_t i = 1; i <= TRIES; i++) {
        assert_int_equal(gv_connection_awaits(s->peer), MSG_SESSION);
        assert_int_equal(seen.asked, i);
        assert_int_equal(seen.last_len, i);
        assert_err(answer(s, span_of(NULL, 0)), OK);
    }
    assert_int_equal(gv_connection_awaits(s->peer), 0);
    assert_int_equal(seen.asked, TRIES);
    assert_err(answer(s, span_of(NULL, 0)), NOTHING_PENDING);
    assert_full_handshake(s);
    script_free(s);
}

/* Sessions of TLS 1.2 are kept in the same store, under ids that others see. */
static void is_an_id_of_tls12_not_looked_up_in_tls13(void **state)
{
    (void)state;
    first_byte = 0x7f;
    struct script *s = asking();

    assert_int_equal(gv_connection_awaits(s->peer), 0);
    assert_int_equal(seen.asked, 0);
    assert_full_handshake(s);
    script_free(s);
    first_byte = 0x80;
}

/* One of another suite, of another name, too old: each sends on to the next. */
static void does_a_session_that_does_not_fit_lead_to_the_next(void **state)
{
    (void)state;
    static uint8_t encoded[SESSION_ENCODED_MAX];
    const struct session misfits[TRIES] = {
        {.version = TLS13, .suite = 0x1303, .issued_ms = INT64_MAX / 2, .lifetime = 7},
        {.version = TLS13, .suite = 0x1301, .issued_ms = 0, .lifetime = 7},
        {.version = TLS12, .suite = 0xc02b, .issued_ms = 0, .lifetime = 7},
        {.version = TLS13, .suite = 0x1301, .server_name = span_str("other"), .lifetime = 7},
    };
    struct script *s = asking();

    for (size_t i = 0; i < TRIES; i++) {
        size_t len = 0;
        assert_int_equal(gv_connection_awaits(s->peer), MSG_SESSION);
        assert_err(gv_session_encode(&misfits[i], encoded, sizeof encoded, &len), OK);
        assert_err(answer(s, span_of(encoded, len)), OK);
    }
    assert_int_equal(seen.asked, TRIES);
    assert_full_handshake(s);
    script_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_sessions_asked_for_in_turn),
        cmocka_unit_test(is_an_id_of_tls12_not_looked_up_in_tls13),
        cmocka_unit_test(does_a_session_that_does_not_fit_lead_to_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
