/* What a peer does wrong with early data (RFC 9846 section 4.2.10). The numbers are those of
 * test/misbehave/scenarios.tsv. */
#include "lib/exact.h"
#include "lib/sin.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { PSK = 41, EARLY = 42, MODES = 45, VERSIONS = 43, SHARE = 51, ACCEPTED_MAX = 1000 };

static uint8_t data[FRAGMENT_MAX];

/* ---- a client that sends it ---------------------------------------------------------------------------- */

static void early_wanted(struct bare *p)
{
    p->server_config->max_early_data = ACCEPTED_MAX;
}

/* The server has said all that it has to say and waits for the end of early data; the script's key is
 * that of early data. */
static void sends_early(struct script *s)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    script_client_hello(s, &h);
    hello_add(&h, EARLY, "");
    script_offer(s, &h, &t);
    script_send_hello(s, &h);
    script_early_key(s);
    script_take_hello(s);
    assert_true(s->resumed);
    script_handshake_keys(s);
    script_take(s, MSG_ENCRYPTED_EXTENSIONS);
    script_take(s, MSG_FINISHED);
    script_application_keys(s);
    script_use(s, false, &s->server_ap);
    script_use(s, true, &s->early);
}

static void may_early_data_come(struct script *s)
{
    uint8_t got[8];
    size_t n = 0;
    sends_early(s);
    script_record(s, CONTENT_APPLICATION_DATA, span_str("early"));
    script_say(s, MSG_END_OF_EARLY_DATA, exact_hex(""));
    script_flush(s);
    script_use(s, true, &s->client_hs);
    script_finished(s);
    script_flush(s);
    assert_false(gv_connection_is_handshaking(s->peer));
    assert_err(gv_connection_read_early(s->peer, got, sizeof got, &n), OK);
    assert_span(span_of(got, n), span_str("early"));
}

static void hostile_34_more_early_data_than_is_accepted(struct script *s)
{
    sends_early(s);
    script_record(s, CONTENT_APPLICATION_DATA, span_of(data, ACCEPTED_MAX));
    script_assert_fine(s);
    script_record(s, CONTENT_APPLICATION_DATA, span_of(data, 1));
}

static void hostile_08_empty_early_data(struct script *s)
{
    sends_early(s);
    for (unsigned i = 0; i < 33; i++)
        script_record(s, CONTENT_APPLICATION_DATA, exact_hex(""));
}

static void an_end_of_early_data_with_a_body(struct script *s)
{
    sends_early(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("05000001 00"));
}

static void hostile_02_finished_in_the_record_of_the_end(struct script *s)
{
    sends_early(s);
    script_say(s, MSG_END_OF_EARLY_DATA, exact_hex(""));
    script_finished(s);
    script_flush(s);
}

static void hostile_06_finished_under_the_key_of_early_data(struct script *s)
{
    sends_early(s);
    script_finished(s);
    script_flush(s);
}

static void hostile_06_a_key_update_under_the_key_of_early_data(struct script *s)
{
    sends_early(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("18000001 00"));
}

static void hostile_06_finished_without_an_end_of_early_data(struct script *s)
{
    sends_early(s);
    script_use(s, true, &s->client_hs);
    script_finished(s);
    script_flush(s);
}

static void hostile_06_an_end_of_early_data_that_never_began(struct script *s)
{
    struct hello h;
    script_client_hello(s, &h);
    script_send_hello(s, &h);
    script_take_hello(s);
    script_handshake_keys(s);
    script_take_flight(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("05000000"));
}

/* Rejected, and passed over as far as it goes; nothing of it is ever read. */
static void rejected(struct script *s, size_t records)
{
    struct hello h;
    struct script_ticket t = script_first(s);
    t.ticket = exact_flip(t.ticket, 0, 1);
    script_client_hello(s, &h);
    hello_add(&h, EARLY, "");
    script_offer(s, &h, &t);
    script_send_hello(s, &h);
    script_early_key(s);
    script_take_hello(s);
    assert_false(s->resumed);
    s->psk.len = 0;
    script_handshake_keys(s);
    script_take_flight(s);
    script_use(s, true, &s->early);
    for (size_t i = 0; i < records; i++)
        script_record(s, CONTENT_APPLICATION_DATA, SPAN_OF(data));
}

static void may_rejected_early_data_be_passed_over(struct script *s)
{
    rejected(s, 3);
    script_use(s, true, &s->client_hs);
    script_finished(s);
    script_flush(s);
    assert_false(gv_connection_is_handshaking(s->peer));
}

static void hostile_34_more_rejected_early_data_than_is_passed_over(struct script *s)
{
    rejected(s, 4);
}

/* ---- a server that answers it ---------------------------------------------------------------------------- */

static void early_offered(struct bare *p)
{
    p->client_config->early_data = true;
}

static void with_tls12(struct bare *p)
{
    early_offered(p);
    p->client_config->common.tls12 = true;
}

static void with_alpn(struct bare *p)
{
    static const struct span names[] = {{(const uint8_t *)"h2", 2}};
    early_offered(p);
    assert_err(gv_alpn_list_set(&p->client_config->common.alpn, names, 1), OK);
}

/* The client's second connection, which offers early data; the client's key is that of early data until
 * EncryptedExtensions have told it more, and its alerts are read so. */
static struct hello offered(struct script *s)
{
    struct hello h;
    script_handshake(s);
    struct script_ticket t = script_send_ticket(s);
    script_record(
        s, CONTENT_HANDSHAKE,
        exact_hex("04000019 00000e10 00000000 01 07 0003 ddeeff 0008 002a 0004 000003e8"));
    script_begin(s);
    script_take_hello(s);
    s->psk = t.psk;
    script_early_key(s);
    assert_int_equal(gv_connection_agreed(s->peer)->early, EARLY_OFFERED);
    script_server_hello(s, &h);
    return h;
}

static void hostile_27_tls12_behind_early_data(struct script *s)
{
    struct hello h = offered(s);
    hello_drop(&h, VERSIONS);
    hello_drop(&h, SHARE);
    h.suites = exact_hex("c02b");
    script_send_hello(s, &h);
}

static void says_extensions(struct script *s, const char *extensions)
{
    struct hello h = offered(s);
    hello_add(&h, PSK, "0000");
    script_send_hello(s, &h);
    script_handshake_keys(s);
    script_use(s, false, &s->early);
    script_say(s, MSG_ENCRYPTED_EXTENSIONS, exact_hex(extensions));
    script_flush(s);
}

static void hostile_34_early_data_accepted_under_another_protocol(struct script *s)
{
    says_extensions(s, "000d 0010 0005 0003 02 6832 002a 0000");
}

static void hostile_34_early_data_accepted_with_a_body(struct script *s)
{
    says_extensions(s, "0008 002a 0004 00000000");
}

static void hostile_34_early_data_accepted_without_its_key(struct script *s)
{
    struct hello h = offered(s);
    script_send_hello(s, &h);
    s->psk.len = 0;
    script_handshake_keys(s);
    script_use(s, false, &s->early);
    script_say(s, MSG_ENCRYPTED_EXTENSIONS, exact_hex("0004 002a 0000"));
    script_flush(s);
}

/* clang-format off */
static const struct sin sins[] = {
    CLIENT_MAY_AT(early_wanted, may_early_data_come),
    CLIENT_SINS_AT(early_wanted, hostile_34_more_early_data_than_is_accepted, EARLY_DATA_TOO_MUCH, UNEXPECTED_MESSAGE),
    CLIENT_SINS_AT(early_wanted, hostile_08_empty_early_data, EMPTY_RECORDS_TOO_MANY, UNEXPECTED_MESSAGE),
    CLIENT_SINS_AT(early_wanted, an_end_of_early_data_with_a_body, DECODE_END_OF_EARLY_DATA, DECODE_ERROR),
    CLIENT_SINS_AT(early_wanted, hostile_02_finished_in_the_record_of_the_end, KEY_CHANGE_INSIDE_RECORD, UNEXPECTED_MESSAGE),
    CLIENT_SINS_AT(early_wanted, hostile_06_finished_under_the_key_of_early_data, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS_AT(early_wanted, hostile_06_a_key_update_under_the_key_of_early_data, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS_AT(early_wanted, hostile_06_finished_without_an_end_of_early_data, BAD_RECORD_MAC, BAD_RECORD_MAC),
    CLIENT_SINS(hostile_06_an_end_of_early_data_that_never_began, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_MAY(may_rejected_early_data_be_passed_over),
    CLIENT_SINS(hostile_34_more_rejected_early_data_than_is_passed_over, EARLY_DATA_TOO_MUCH, UNEXPECTED_MESSAGE),

    SERVER_SINS_AT(with_tls12, hostile_27_tls12_behind_early_data, VERSION_AFTER_EARLY_DATA, PROTOCOL_VERSION),
    SERVER_SINS_AT(with_alpn, hostile_34_early_data_accepted_under_another_protocol, EARLY_DATA_MISFIT, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(early_offered, hostile_34_early_data_accepted_with_a_body, DECODE_ENCRYPTED_EXTENSIONS, DECODE_ERROR),
    SERVER_SINS_AT(early_offered, hostile_34_early_data_accepted_without_its_key, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS13, sins, COUNT_OF(sins));
}
