/* What a peer does wrong with sessions and tickets in TLS 1.2 (RFC 5246 section 7.3, RFC 5077, RFC
 * 7627 section 5.3). The numbers are those of test/misbehave/scenarios.tsv. */
#include "lib/exact.h"
#include "lib/script12.h"
#include "lib/sin.h"

#include "wire/hello.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { EXT_SNI = 0, EXT_EMS = 23, EXT_TICKET = 35, EXT_RENEGOTIATION = 65281 };

static void with_tls13(struct bare *p)
{
    p->client_config->common.tls13 = p->server_config->common.tls13 = true;
}

/* ---- a server that takes a session up ------------------------------------------------------------------ */

/* The first handshake by a good server; then its second ServerHello with one thing changed. */
#define TAKEN_UP_WITH(name, extended, change)                                                      \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct session12 session = script12_first(s, false, extended);                             \
        struct hello h;                                                                            \
        script12_again(s, &h, &session);                                                           \
        change;                                                                                    \
        script_send_hello(s, &h);                                                                  \
    }

TAKEN_UP_WITH(hostile_46_the_extended_master_secret_is_gone, true, hello_drop(&h, EXT_EMS))
TAKEN_UP_WITH(hostile_46_an_extended_master_secret_is_new, false, hello_add(&h, EXT_EMS, ""))
TAKEN_UP_WITH(another_suite_on_resumption, true, h.suites = exact_hex("cca9"))
TAKEN_UP_WITH(hostile_27_a_suite_not_offered_on_resumption, true, h.suites = exact_hex("c009"))
TAKEN_UP_WITH(hostile_27_an_older_version_on_resumption, true, h.version = 0x0302)
TAKEN_UP_WITH(compression_on_resumption, true, h.compressions = exact_hex("01"))
TAKEN_UP_WITH(hostile_46_renegotiation_info_on_resumption, true,
              hello_set(&h, EXT_RENEGOTIATION, "01 00"))

/* The second ServerHello was good; what comes then is the test's. */
static struct session12 taken_up(struct script *s, bool ticket)
{
    struct session12 session = script12_first(s, ticket, true);
    struct hello h;
    script12_again(s, &h, &session);
    s->master = session.master;
    script_send_hello(s, &h);
    return session;
}

static void a_certificate_though_it_resumes(struct script *s)
{
    taken_up(s, false);
    script_certificate(s, "p256");
    script_flush(s);
}

static void hostile_06_a_server_hello_done_though_it_resumes(struct script *s)
{
    taken_up(s, false);
    script12_done(s);
}

static void hostile_06_finished_without_a_change_on_resumption(struct script *s)
{
    taken_up(s, false);
    script_finished(s);
    script_flush(s);
}

/* RFC 5077 section 3.3: nobody said that one would come. */
static void hostile_31_a_ticket_that_was_not_promised(struct script *s)
{
    taken_up(s, true);
    script12_new_ticket(s, "ddeeff");
    script_flush(s);
}

/* It does not know the session's secret. */
static void hostile_30_a_server_without_the_secret(struct script *s)
{
    taken_up(s, true);
    s->master.at[0] ^= 1;
    script12_end(s);
}

static void a_wrong_finished_on_resumption(struct script *s)
{
    taken_up(s, false);
    script12_change(s);
    script_say(s, MSG_FINISHED, exact_hex("000102030405060708090a0b"));
    script_flush(s);
}

/* A full handshake is what a server that does not know the session makes. */
static void may_a_session_not_be_taken_up(struct script *s)
{
    struct session12 session = script12_first(s, false, true);
    struct hello h;
    script12_again(s, &h, &session);
    h.session_id = exact_hex("00");
    script_say_hello(s, &h);
    script12_server_flight(s, "p256");
    script12_take_client_flight(s);
    script12_take_end(s);
    script12_end(s);
    assert_int_equal(gv_connection_agreed(s->peer)->kind, HANDSHAKE_FULL);
}

/* The session offered is forgotten where the handshake is full, and its change comes too early. */
static void hostile_03_a_change_behind_a_hello_that_does_not_resume(struct script *s)
{
    struct session12 session = script12_first(s, false, true);
    struct hello h;
    script12_again(s, &h, &session);
    h.session_id = exact_hex("00");
    script_send_hello(s, &h);
    s->master = session.master;
    script12_change(s);
}

/* CVE-2026-34873 */
static void hostile_22_tls12_resumed_behind_a_retry(struct script *s)
{
    struct session12 session = script12_first(s, false, true);
    struct hello h, retry;
    script12_again(s, &h, &session);
    script_retry(s, &retry, GROUP_SECP384R1);
    retry.suites = exact_hex("1301");
    put_hello(&s->flight, &retry);
    script_flush(s);
    script_take(s, MSG_CLIENT_HELLO);
    script_send_hello(s, &h);
}

/* ---- tickets that a server gives ----------------------------------------------------------------------- */

/* The server's end, with NewSessionTicket as it is told. */
static void end_with_ticket(struct script *s, bool promised, const char *body)
{
    struct hello h;
    script_take_hello(s);
    script_server_hello(s, &h);
    if (promised)
        hello_add(&h, EXT_TICKET, "");
    script_say_hello(s, &h);
    script12_server_flight(s, "p256");
    script12_take_client_flight(s);
    script12_take_end(s);
    if (body != NULL)
        script_say(s, MSG_NEW_SESSION_TICKET, exact_hex(body));
    script_flush(s);
    if (s->err == GV_OK)
        script12_end(s);
}

static void a_ticket_that_nobody_promised(struct script *s)
{
    end_with_ticket(s, false, "00000e10 0003 aabbcc");
}

static void a_promised_ticket_that_does_not_come(struct script *s)
{
    end_with_ticket(s, true, NULL);
}

static void a_ticket_longer_than_its_message(struct script *s)
{
    end_with_ticket(s, true, "00000e10 0004 aabbcc");
}

static void a_ticket_with_bytes_behind_it(struct script *s)
{
    end_with_ticket(s, true, "00000e10 0003 aabbcc 00");
}

static void a_ticket_message_of_no_bytes(struct script *s)
{
    end_with_ticket(s, true, "");
}

static void a_ticket_after_the_handshake(struct script *s)
{
    end_with_ticket(s, true, "00000e10 0003 aabbcc");
    script_record(s, CONTENT_HANDSHAKE, exact_hex("04000009 00000e10 0003 ddeeff"));
}

/* What the client offers next. */
static struct client_hello next_hello(struct script *s)
{
    struct client_hello m;
    script_assert_fine(s);
    script_begin(s);
    struct span message = script_take(s, MSG_CLIENT_HELLO);
    assert_err(gv_wire_read_client_hello(span_from(message, HANDSHAKE_HEADER), &m), OK);
    return m;
}

/* RFC 5077 section 3.3: an empty one is no session. */
static void may_a_ticket_be_of_no_bytes(struct script *s)
{
    end_with_ticket(s, true, "00000e10 0000");
    assert_int_equal(next_hello(s).session_ticket.len, 0);
}

/* It is kept, and no longer than we keep any. */
static void may_hostile_31_a_ticket_live_for_ever(struct script *s)
{
    end_with_ticket(s, true, "ffffffff 0003 aabbcc");
    assert_span(next_hello(s).session_ticket, exact_hex("aabbcc"));
}

/* Of a handshake that failed nothing is offered. */
static void hostile_31_a_ticket_in_front_of_a_wrong_finished(struct script *s)
{
    end_with_ticket(s, true, "00000e10 0003 aabbcc");
    script_begin(s);
    struct hello h;
    script_take_hello(s);
    script_server_hello(s, &h);
    hello_add(&h, EXT_TICKET, "");
    script_say_hello(s, &h);
    script12_server_flight(s, "p256");
    script12_take_client_flight(s);
    script12_take_end(s);
    script12_new_ticket(s, "ddeeff");
    script12_change(s);
    script_say(s, MSG_FINISHED, exact_hex("000102030405060708090a0b"));
    script_flush(s);
}

/* ---- a client that offers a session ----------------------------------------------------------------------- */

/* A second hello by a good client, changed; the server makes of it a full handshake or resumes. */
static void offered(struct script *s, const struct session12 *session, struct hello *h,
                    bool resumes)
{
    s->master = session->master;
    script_send_hello(s, h);
    script_take_hello(s);
    assert_int_equal(s->resumed, resumes);
    if (!resumes) {
        script12_take_server_flight(s);
        script12_client_key_exchange(s);
        script12_end(s);
        if (s->ticket)
            script_take(s, MSG_NEW_SESSION_TICKET);
        script12_take_end(s);
        return;
    }
    if (s->ticket)
        script_take(s, MSG_NEW_SESSION_TICKET);
    script12_take_end(s);
    script12_end(s);
}

#define MAY_OFFER_WITH(name, ticket, extended, resumes, change)                                    \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct session12 session = script12_first(s, ticket, extended);                            \
        struct hello h;                                                                            \
        script12_again(s, &h, &session);                                                           \
        change;                                                                                    \
        offered(s, &session, &h, resumes);                                                         \
        assert_false(gv_connection_is_handshaking(s->peer));                                       \
    }

MAY_OFFER_WITH(may_hostile_46_an_extended_master_secret_be_new, false, false, false,
               hello_add(&h, EXT_EMS, ""))
MAY_OFFER_WITH(may_hostile_25_suites_be_repeated_with_a_session, false, true, true,
               h.suites = exact_join(h.suites, h.suites))
MAY_OFFER_WITH(may_hostile_25_suites_be_repeated_with_a_ticket, true, true, true,
               h.suites = exact_join(h.suites, h.suites))
MAY_OFFER_WITH(may_a_session_come_without_its_suite, false, true, false,
               h.suites = exact_hex("cca9"))
MAY_OFFER_WITH(may_hostile_30_a_ticket_of_nobody_come, true, true, false,
               hello_set_span(&h, EXT_TICKET,
                              exact_flip(session.ticket, session.ticket.len - 1, 1)))
MAY_OFFER_WITH(may_hostile_30_a_ticket_of_another_key_come, true, true, false,
               hello_set_span(&h, EXT_TICKET, exact_flip(session.ticket, 0, 1)))
MAY_OFFER_WITH(may_hostile_30_a_ticket_be_cut_short, true, true, false,
               hello_set_span(&h, EXT_TICKET, span_of(session.ticket.at, 20)))
MAY_OFFER_WITH(may_hostile_30_a_ticket_of_zeros_come, true, true, false,
               hello_set(&h, EXT_TICKET,
                         "0000000000000000000000000000000000000000000000000000000000"))
MAY_OFFER_WITH(may_a_session_of_nobody_come, false, true, false,
               h.session_id = exact_flip(h.session_id, 0, 1))
MAY_OFFER_WITH(may_a_session_id_of_one_byte_come, false, true, false,
               h.session_id = exact_hex("00"))
MAY_OFFER_WITH(may_hostile_31_a_session_not_cross_server_names, false, true, false,
               hello_set(&h, EXT_SNI, "0008 00 0005 6f74686572"))
MAY_OFFER_WITH(may_hostile_31_a_ticket_not_cross_server_names, true, true, false,
               hello_set(&h, EXT_SNI, "0008 00 0005 6f74686572"))
MAY_OFFER_WITH(may_hostile_31_a_session_not_do_without_its_server_name, false, true, false,
               hello_drop(&h, EXT_SNI))

#define OFFER_WITH(name, ticket, change)                                                           \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct session12 session = script12_first(s, ticket, true);                                \
        struct hello h;                                                                            \
        script12_again(s, &h, &session);                                                           \
        s->master = session.master;                                                                \
        change;                                                                                    \
        script_send_hello(s, &h);                                                                  \
    }

OFFER_WITH(hostile_46_a_client_without_its_extended_master_secret, false, hello_drop(&h, EXT_EMS))
OFFER_WITH(hostile_46_a_ticket_without_its_extended_master_secret, true, hello_drop(&h, EXT_EMS))
OFFER_WITH(hostile_27_a_fallback_with_a_session, false,
           h.suites = exact_join(h.suites, exact_hex("5600")))
OFFER_WITH(hostile_46_renegotiation_info_with_a_session, false,
           hello_set(&h, EXT_RENEGOTIATION, "01 00"))

/* The server resumes; what comes then is the test's. The server's keys are in use: alerts are read
 * under them. */
static void resumes(struct script *s, bool ticket)
{
    struct session12 session = script12_first(s, ticket, true);
    struct hello h;
    script12_again(s, &h, &session);
    s->master = session.master;
    script_send_hello(s, &h);
    script_take_hello(s);
    assert_true(s->resumed);
    if (s->ticket)
        script_take(s, MSG_NEW_SESSION_TICKET);
    script12_take_end(s);
}

static void hostile_30_a_client_without_the_secret(struct script *s)
{
    resumes(s, true);
    s->master.at[0] ^= 1;
    script12_end(s);
}

static void hostile_06_a_key_exchange_though_it_resumes(struct script *s)
{
    resumes(s, false);
    script12_say_point(s, exact_hex("00"));
    script_flush(s);
}

static void hostile_06_a_clients_finished_without_a_change_on_resumption(struct script *s)
{
    resumes(s, false);
    script_finished(s);
    script_flush(s);
}

static void a_clients_wrong_finished_on_resumption(struct script *s)
{
    resumes(s, false);
    script12_change(s);
    script_say(s, MSG_FINISHED, exact_hex("000102030405060708090a0b"));
    script_flush(s);
}

/* Required only now: the session was made without. */
static void hostile_31_a_session_without_the_certificate_now_required(struct script *s)
{
    struct session12 session = script12_first(s, false, true);
    struct hello h;
    s->p->server_config->client_verifier = bare_trusting_verifier(true);
    script12_again(s, &h, &session);
    script_send_hello(s, &h);
    script_take_hello(s);
    assert_false(s->resumed);
    script12_take_server_flight(s);
    script_say(s, MSG_CERTIFICATE, exact_hex("000000"));
    script_flush(s);
}

/* RFC 5246 appendix F.1.4: it may, unlike a ticket of TLS 1.3. */
static void may_a_session_be_used_twice(struct script *s)
{
    struct session12 session = script12_first(s, false, true);
    struct hello h;
    for (unsigned i = 0; i < 2; i++) {
        script12_again(s, &h, &session);
        offered(s, &session, &h, true);
        if (i == 0)
            script_begin(s);
    }
}

/* clang-format off */
static const struct sin sins[] = {
    SERVER_SINS(hostile_46_the_extended_master_secret_is_gone, EXTENDED_MASTER_SECRET_CHANGED, HANDSHAKE_FAILURE),
    SERVER_SINS(hostile_46_an_extended_master_secret_is_new, EXTENDED_MASTER_SECRET_CHANGED, HANDSHAKE_FAILURE),
    SERVER_SINS(another_suite_on_resumption, SUITE_CHANGED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_27_a_suite_not_offered_on_resumption, SUITE_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_27_an_older_version_on_resumption, VERSION_NOT_SUPPORTED, PROTOCOL_VERSION),
    SERVER_SINS(compression_on_resumption, COMPRESSION_CHOSEN, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_46_renegotiation_info_on_resumption, RENEGOTIATION_INFO_WRONG, HANDSHAKE_FAILURE),
    SERVER_SINS(a_certificate_though_it_resumes, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_06_a_server_hello_done_though_it_resumes, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_06_finished_without_a_change_on_resumption, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_31_a_ticket_that_was_not_promised, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_30_a_server_without_the_secret, BAD_RECORD_MAC, BAD_RECORD_MAC),
    SERVER_SINS(a_wrong_finished_on_resumption, FINISHED_WRONG, DECRYPT_ERROR),
    SERVER_MAY(may_a_session_not_be_taken_up),
    SERVER_SINS(hostile_03_a_change_behind_a_hello_that_does_not_resume, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS_AT(with_tls13, hostile_22_tls12_resumed_behind_a_retry, VERSION_NOT_OFFERED, ILLEGAL_PARAMETER),

    SERVER_SINS(a_ticket_that_nobody_promised, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(a_promised_ticket_that_does_not_come, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS(a_ticket_longer_than_its_message, DECODE_NEW_SESSION_TICKET, DECODE_ERROR),
    SERVER_SINS(a_ticket_with_bytes_behind_it, DECODE_NEW_SESSION_TICKET, DECODE_ERROR),
    SERVER_SINS(a_ticket_message_of_no_bytes, DECODE_NEW_SESSION_TICKET, DECODE_ERROR),
    SERVER_SINS(a_ticket_after_the_handshake, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_MAY(may_a_ticket_be_of_no_bytes),
    SERVER_MAY(may_hostile_31_a_ticket_live_for_ever),
    SERVER_SINS(hostile_31_a_ticket_in_front_of_a_wrong_finished, FINISHED_WRONG, DECRYPT_ERROR),

    CLIENT_MAY(may_hostile_46_an_extended_master_secret_be_new),
    CLIENT_MAY(may_hostile_25_suites_be_repeated_with_a_session),
    CLIENT_MAY(may_hostile_25_suites_be_repeated_with_a_ticket),
    CLIENT_MAY(may_a_session_come_without_its_suite),
    CLIENT_MAY(may_hostile_30_a_ticket_of_nobody_come),
    CLIENT_MAY(may_hostile_30_a_ticket_of_another_key_come),
    CLIENT_MAY(may_hostile_30_a_ticket_be_cut_short),
    CLIENT_MAY(may_hostile_30_a_ticket_of_zeros_come),
    CLIENT_MAY(may_a_session_of_nobody_come),
    CLIENT_MAY(may_a_session_id_of_one_byte_come),
    CLIENT_MAY(may_hostile_31_a_session_not_cross_server_names),
    CLIENT_MAY(may_hostile_31_a_ticket_not_cross_server_names),
    CLIENT_MAY(may_hostile_31_a_session_not_do_without_its_server_name),
    CLIENT_MAY(may_a_session_be_used_twice),
    CLIENT_SINS(hostile_46_a_client_without_its_extended_master_secret, EXTENDED_MASTER_SECRET_CHANGED, HANDSHAKE_FAILURE),
    CLIENT_SINS(hostile_46_a_ticket_without_its_extended_master_secret, EXTENDED_MASTER_SECRET_CHANGED, HANDSHAKE_FAILURE),
    CLIENT_SINS_AT(with_tls13, hostile_27_a_fallback_with_a_session, FALLBACK_REFUSED, INAPPROPRIATE_FALLBACK),
    CLIENT_SINS(hostile_46_renegotiation_info_with_a_session, RENEGOTIATION_INFO_WRONG, HANDSHAKE_FAILURE),
    CLIENT_SINS(hostile_30_a_client_without_the_secret, BAD_RECORD_MAC, BAD_RECORD_MAC),
    CLIENT_SINS(hostile_06_a_key_exchange_though_it_resumes, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_06_a_clients_finished_without_a_change_on_resumption, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(a_clients_wrong_finished_on_resumption, FINISHED_WRONG, DECRYPT_ERROR),
    CLIENT_SINS(hostile_31_a_session_without_the_certificate_now_required, CLIENT_CERTIFICATE_MISSING, CERTIFICATE_REQUIRED),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS12, sins, COUNT_OF(sins));
}
