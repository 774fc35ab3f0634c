/* What a peer does wrong with pre-shared keys and tickets, in TLS 1.3. The numbers are those of
 * test/misbehave/scenarios.tsv. */
#include "lib/exact.h"
#include "lib/sin.h"

#include "config/session_store.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { PSK = 41, EARLY = 42, MODES = 45, SNI = 0 };

/* ---- a client with a ticket ----------------------------------------------------------------------- */

/* Behind the hello, to the end: with the PSK or without. */
static void finish(struct script *s, bool resumed)
{
    assert_true(script_take_hello(s));
    assert_int_equal(s->resumed, resumed);
    if (!resumed)
        s->psk.len = 0;
    script_handshake_keys(s);
    if (resumed) {
        /* no server_name: RFC 6066 section 3 */
        assert_span(script_take(s, MSG_ENCRYPTED_EXTENSIONS), exact_hex("08 000002 0000"));
        script_take(s, MSG_FINISHED);
        script_application_keys(s);
        script_use(s, false, &s->server_ap);
    } else {
        script_take_flight(s);
    }
    script_finished(s);
    script_flush(s);
    assert_false(gv_connection_is_handshaking(s->peer));
}

static void may_a_ticket_resume(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    script_client_hello(s, &h);
    script_offer(s, &h, &t);
    script_send_hello(s, &h);
    finish(s, true);
}

static void hostile_21_a_wrong_binder(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    script_client_hello(s, &h);
    script_offer(s, &h, &t);
    struct span body = h.extension[h.extensions - 1].body;
    hello_set_span(&h, PSK, exact_flip(body, body.len - 1, 1));
    script_send_hello(s, &h);
}

static void hostile_21_a_binder_of_another_key(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    t.psk.at[0] ^= 1;
    script_client_hello(s, &h);
    script_offer(s, &h, &t);
    script_send_hello(s, &h);
}

static void hostile_21_a_binder_over_another_hello(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    script_client_hello(s, &h);
    script_offer(s, &h, &t);
    h.random = exact_flip(h.random, 5, 1);
    script_send_hello(s, &h);
}

static void hostile_21_a_binder_of_another_length(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    script_client_hello(s, &h);
    script_offer(s, &h, &t);
    struct span body = h.extension[h.extensions - 1].body;
    size_t binder = 1 + t.psk.len;
    struct span cut = exact_copy(span_of(body.at, body.len - 1));
    struct span lengths = exact_flip(cut, body.len - binder - 1, (uint8_t)(binder ^ (binder - 1)));
    hello_set_span(&h, PSK,
                   exact_flip(lengths, body.len - binder, (uint8_t)(t.psk.len ^ (t.psk.len - 1))));
    script_send_hello(s, &h);
}

static void a_psk_without_modes(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    script_client_hello(s, &h);
    script_offer(s, &h, &t);
    hello_drop(&h, MODES);
    script_send_hello(s, &h);
}

/* psk_ke alone is nothing that we do: a full handshake. */
static void may_a_psk_come_with_another_mode(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    script_client_hello(s, &h);
    script_offer(s, &h, &t);
    hello_set(&h, MODES, "01 00");
    script_send_hello(s, &h);
    finish(s, false);
}

static void may_hostile_30_a_ticket_of_nobody_come(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    t.ticket = exact_flip(t.ticket, t.ticket.len - 1, 1);
    script_client_hello(s, &h);
    script_offer(s, &h, &t);
    script_send_hello(s, &h);
    finish(s, false);
}

static void may_hostile_30_a_ticket_be_used_once_only(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    for (unsigned i = 0; i < 2; i++) {
        script_client_hello(s, &h);
        script_offer(s, &h, &t);
        script_send_hello(s, &h);
        finish(s, i == 0);
        if (i == 0)
            script_begin(s);
    }
}

static void may_hostile_31_a_ticket_not_cross_server_names(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    script_client_hello(s, &h);
    hello_set(&h, SNI, "0008 00 0005 6f74686572");
    script_offer(s, &h, &t);
    script_send_hello(s, &h);
    finish(s, false);
}

static void may_hostile_31_an_age_be_anything(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    t.age_add = 0xffffffff;
    script_client_hello(s, &h);
    script_offer(s, &h, &t);
    script_send_hello(s, &h);
    finish(s, true);
}

/* GHSA-ww6v-6x26-hgfc */
static void may_hostile_25_suites_be_repeated(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    script_client_hello(s, &h);
    h.suites = exact_hex("1302 1302 1301 1302");
    script_offer(s, &h, &t);
    script_send_hello(s, &h);
    finish(s, true);
}

/* A PSK of SHA-384 does not go with a suite of SHA-256. */
static void may_a_ticket_not_cross_hashes(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    script_client_hello(s, &h);
    h.suites = exact_hex("1301");
    script_offer(s, &h, &t);
    script_send_hello(s, &h);
    finish(s, false);
}

static void hostile_31_a_ticket_without_the_certificate_now_required(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    s->p->server_config->client_verifier = bare_trusting_verifier(true);
    script_client_hello(s, &h);
    script_offer(s, &h, &t);
    script_send_hello(s, &h);
    assert_true(script_take_hello(s));
    assert_false(s->resumed);
    s->psk.len = 0;
    script_handshake_keys(s);
    script_take_flight(s);
    script_say(s, MSG_CERTIFICATE, exact_hex("00 000000"));
    script_flush(s);
}

/* ---- after a HelloRetryRequest ---------------------------------------------------------------------- */

static void p256_only(struct bare *p)
{
    static struct provider narrowed;
    static const struct key_exchange_group *one[2];
    const struct key_exchange_group *const *g = gv_openssl_provider()->groups;
    while ((*g)->code != GROUP_SECP256R1)
        g++;
    one[0] = *g;
    narrowed = *gv_openssl_provider();
    narrowed.groups = one;
    p->server_config->common.provider = &narrowed;
}

/* The second hello after a first one that offered the ticket; the ticket is offered again or not. */
static struct hello retried(struct script *s, bool again)
{
    struct hello h;
    script_share(s, GROUP_SECP256R1);
    struct script_ticket t = script_first(s);
    script_share(s, GROUP_X25519);
    script_client_hello(s, &h);
    script_offer(s, &h, &t);
    script_send_hello(s, &h);
    script_hash_retry(s);
    assert_false(script_take_hello(s));
    script_share(s, GROUP_SECP256R1);
    script_client_hello(s, &h);
    if (again)
        script_offer(s, &h, &t);
    else
        hello_set(&h, MODES, "01 01");
    return h;
}

static void may_a_psk_come_again_after_a_retry(struct script *s)
{
    struct hello h = retried(s, true);
    script_send_hello(s, &h);
    finish(s, true);
}

/* CVE-2025-6395 */
static void may_hostile_20_the_second_hello_drop_its_psk(struct script *s)
{
    struct hello h = retried(s, false);
    script_send_hello(s, &h);
    finish(s, false);
}

static void hostile_20_modes_dropped_with_the_psk(struct script *s)
{
    struct hello h = retried(s, false);
    hello_drop(&h, MODES);
    script_send_hello(s, &h);
}

static void hostile_21_a_wrong_binder_after_a_retry(struct script *s)
{
    struct hello h = retried(s, true);
    struct span body = h.extension[h.extensions - 1].body;
    hello_set_span(&h, PSK, exact_flip(body, body.len - 1, 1));
    script_send_hello(s, &h);
}

static void hostile_34_early_data_after_a_retry(struct script *s)
{
    struct hello h = retried(s, false);
    hello_add(&h, EARLY, "");
    script_send_hello(s, &h);
}

/* ---- a server with a ticket --------------------------------------------------------------------------- */

/* The client's second connection, which offers what the first one was sent. */
static struct hello offered(struct script *s)
{
    struct hello h;
    script_handshake(s);
    struct script_ticket t = script_send_ticket(s);
    script_begin(s);
    script_take_hello(s);
    s->psk = t.psk;
    script_server_hello(s, &h);
    return h;
}

static void may_a_server_take_the_psk(struct script *s)
{
    struct hello h = offered(s);
    hello_add(&h, PSK, "0000");
    script_send_hello(s, &h);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    script_finished(s);
    script_flush(s);
    assert_false(gv_connection_is_handshaking(s->peer));
    assert_int_equal(gv_connection_agreed(s->peer)->kind, HANDSHAKE_RESUMED);
}

static void a_psk_that_does_not_exist(struct script *s)
{
    struct hello h = offered(s);
    hello_add(&h, PSK, "0001");
    script_send_hello(s, &h);
}

static void hostile_26_a_psk_without_share(struct script *s)
{
    struct hello h = offered(s);
    hello_drop(&h, 51);
    hello_add(&h, PSK, "0000");
    script_send_hello(s, &h);
}

static void a_psk_with_another_hash(struct script *s)
{
    struct hello h = offered(s);
    h.suites = exact_hex("1301");
    hello_add(&h, PSK, "0000");
    script_send_hello(s, &h);
}

static void a_certificate_though_the_psk_was_taken(struct script *s)
{
    struct hello h = offered(s);
    hello_add(&h, PSK, "0000");
    script_send_hello(s, &h);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    script_certificate(s, "p256");
    script_flush(s);
}

static void a_request_though_the_psk_was_taken(struct script *s)
{
    struct hello h = offered(s);
    hello_add(&h, PSK, "0000");
    script_send_hello(s, &h);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    script_say(s, MSG_CERTIFICATE_REQUEST, exact_hex("00 0008 000d 0004 0002 0403"));
    script_flush(s);
}

/* It does not know the key that it said it would use. */
static void a_server_without_the_psk(struct script *s)
{
    struct hello h = offered(s);
    hello_add(&h, PSK, "0000");
    script_send_hello(s, &h);
    script_handshake_keys(s);
    s->server_hs.at[0] ^= 1;
    script_use(s, true, &s->server_hs);
    script_encrypted_extensions(s);
    script_finished(s);
    script_flush(s);
}

/* Without the PSK the certificates are due. */
static void finished_without_psk_or_certificate(struct script *s)
{
    struct hello h = offered(s);
    s->psk.len = 0;
    script_send_hello(s, &h);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    script_finished(s);
    script_flush(s);
}

/* clang-format off */
static const struct sin sins[] = {
    CLIENT_MAY(may_a_ticket_resume),
    CLIENT_SINS(hostile_21_a_wrong_binder, BINDER_WRONG, DECRYPT_ERROR),
    CLIENT_SINS(hostile_21_a_binder_of_another_key, BINDER_WRONG, DECRYPT_ERROR),
    CLIENT_SINS(hostile_21_a_binder_over_another_hello, BINDER_WRONG, DECRYPT_ERROR),
    CLIENT_SINS(hostile_21_a_binder_of_another_length, BINDER_WRONG, DECRYPT_ERROR),
    CLIENT_SINS(a_psk_without_modes, PSK_MODES_MISSING, MISSING_EXTENSION),
    CLIENT_MAY(may_a_psk_come_with_another_mode),
    CLIENT_MAY(may_hostile_30_a_ticket_of_nobody_come),
    CLIENT_MAY(may_hostile_30_a_ticket_be_used_once_only),
    CLIENT_MAY(may_hostile_31_a_ticket_not_cross_server_names),
    CLIENT_MAY(may_hostile_31_an_age_be_anything),
    CLIENT_MAY(may_hostile_25_suites_be_repeated),
    CLIENT_MAY(may_a_ticket_not_cross_hashes),
    CLIENT_SINS(hostile_31_a_ticket_without_the_certificate_now_required, CLIENT_CERTIFICATE_MISSING, CERTIFICATE_REQUIRED),
    CLIENT_MAY_AT(p256_only, may_a_psk_come_again_after_a_retry),
    CLIENT_MAY_AT(p256_only, may_hostile_20_the_second_hello_drop_its_psk),
    CLIENT_SINS_AT(p256_only, hostile_20_modes_dropped_with_the_psk, SECOND_HELLO_CHANGED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(p256_only, hostile_21_a_wrong_binder_after_a_retry, BINDER_WRONG, DECRYPT_ERROR),
    CLIENT_SINS_AT(p256_only, hostile_34_early_data_after_a_retry, EARLY_DATA_AFTER_RETRY, ILLEGAL_PARAMETER),
    SERVER_MAY(may_a_server_take_the_psk),
    SERVER_SINS(a_psk_that_does_not_exist, PSK_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_26_a_psk_without_share, KEY_SHARE_MISSING, MISSING_EXTENSION),
    SERVER_SINS(a_psk_with_another_hash, PSK_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_certificate_though_the_psk_was_taken, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(a_request_though_the_psk_was_taken, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(a_server_without_the_psk, BAD_RECORD_MAC, BAD_RECORD_MAC),
    SERVER_SINS(finished_without_psk_or_certificate, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS13, sins, COUNT_OF(sins));
}
