/* Messages of TLS 1.2 skipped, repeated and moved, ChangeCipherSpec wherever it does not belong, and
 * records around the change of keys (RFC 5246 section 7.3). The numbers are those of
 * test/misbehave/scenarios.tsv. */
#include "lib/exact.h"
#include "lib/script12.h"
#include "lib/sin.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* ---- the server's messages in any order ------------------------------------------------------------ */

static void clients_welcome(struct bare *p)
{
    p->server_config->client_verifier = bare_trusting_verifier(true);
}

static void to_server_hello(struct script *s)
{
    struct hello h;
    if (s->client_random.len == 0)
        script_take_hello(s);
    script_server_hello(s, &h);
    script_say_hello(s, &h);
    script_flush(s);
}

/* A digit for each message, in the order of a good server; each is a record of its own. */
enum server_part { HELLO, CERTIFICATE, KEY_EXCHANGE, REQUEST, DONE, CHANGE, FINISHED };

static void say_server_part(struct script *s, enum server_part part)
{
    struct key_exchange12 x;
    switch (part) {
    case HELLO:
        to_server_hello(s);
        return;
    case CERTIFICATE:
        script_certificate(s, "p256");
        break;
    case KEY_EXCHANGE:
        x = script12_key_exchange(s, "p256");
        script12_say_key_exchange(s, &x);
        break;
    case REQUEST:
        script12_request(s);
        break;
    case DONE:
        script12_done(s);
        if (s->err != GV_OK)
            return;
        script12_take_client_flight(s);
        script12_take_end(s);
        return;
    case CHANGE:
        script_ccs(s);
        break;
    default:
        script_finished(s);
    }
    script_flush(s);
}

static void says(bool is_client, const char *order, void (*say_part)(struct script *, unsigned))
{
    struct script *s = script_new(is_client);
    script_use_version(s, TLS12);
    if (is_client)
        clients_welcome(s->p);
    script_begin(s);
    for (const char *at = order; *at != '\0' && s->err == GV_OK; at++)
        say_part(s, (unsigned)(*at - '0'));
    if (s->err == GV_OK || gv_connection_failure(s->peer)->alert != ALERT_UNEXPECTED_MESSAGE)
        fail_msg("%s answers %s", order, gv_err_name(s->err));
    script_assert_fails(s, s->err, ALERT_UNEXPECTED_MESSAGE);
    script_free(s);
}

static void server_part(struct script *s, unsigned part)
{
    say_server_part(s, (enum server_part)part);
}

/* One left out, one twice, two changed for each other, with everything behind it: all of them. The
 * request may be left out, so that one is not tried. */
static void every_disorder(bool is_client, const char *good, const char *optional,
                           void (*say_part)(struct script *, unsigned))
{
    const size_t n = strlen(good);
    char order[16];

    for (size_t skipped = 0; skipped + 1 < n; skipped++) {
        if (strchr(optional, good[skipped]) != NULL)
            continue;
        memcpy(order, good, n + 1);
        memmove(order + skipped, order + skipped + 1, n - skipped);
        says(is_client, order, say_part);
    }
    for (size_t twice = 0; twice + 1 < n; twice++) {
        memcpy(order, good, n + 1);
        memmove(order + twice + 1, order + twice, n - twice + 1);
        says(is_client, order, say_part);
    }
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++) {
            memcpy(order, good, n + 1);
            order[a] = good[b];
            order[b] = good[a];
            says(is_client, order, say_part);
        }
}

/* The last message, alone behind the client's flight, stands for those of the end. */
static void hostile_06_a_server_that_skips_repeats_or_reorders(void **state)
{
    (void)state;
    every_disorder(false, "01234", "3", server_part);
    says(false, "6", server_part);
    says(false, "016", server_part);
    says(false, "0126", server_part);
    says(false, "01246", server_part);
    says(false, "03", server_part);
    says(false, "0143", server_part);
    says(false, "012433", server_part);
}

/* CVE-2014-0224, SKIP-TLS: the change before there are keys. */
static void hostile_03_a_server_that_changes_early(void **state)
{
    (void)state;
    static const char *const orders[] = {"5", "05", "015", "0125", "01235", "056", "0156"};
    for (size_t i = 0; i < COUNT_OF(orders); i++)
        says(false, orders[i], server_part);
}

/* ---- the client's ------------------------------------------------------------------------------------ */

enum client_part { C_HELLO, C_CERTIFICATE, C_KEY_EXCHANGE, C_VERIFY, C_CHANGE, C_FINISHED };

static void client_part(struct script *s, unsigned part)
{
    struct hello h;
    switch ((enum client_part)part) {
    case C_HELLO:
        script_client_hello(s, &h);
        script_say_hello(s, &h);
        script_flush(s);
        if (s->err == GV_OK) {
            script_take_hello(s);
            script12_take_server_flight(s);
        }
        return;
    case C_CERTIFICATE:
        script_certificate(s, "client");
        break;
    case C_KEY_EXCHANGE:
        script12_say_point(s, s->share_key);
        break;
    case C_VERIFY:
        script_certificate_verify(s, "client", 0);
        break;
    case C_CHANGE:
        script_ccs(s);
        break;
    default:
        script_finished(s);
    }
    script_flush(s);
}

static void hostile_04_06_a_client_that_skips_repeats_or_reorders(void **state)
{
    (void)state;
    every_disorder(true, "0123", "", client_part);
    says(true, "0124", client_part); /* CertificateVerify skipped */
    says(true, "01235", client_part);
    says(true, "0135", client_part);
    says(true, "05", client_part);
}

static void hostile_03_a_client_that_changes_early(void **state)
{
    (void)state;
    static const char *const orders[] = {"4", "04", "014", "0124", "045", "0145", "01245"};
    for (size_t i = 0; i < COUNT_OF(orders); i++)
        says(true, orders[i], client_part);
}

/* Without a certificate there is nothing to verify. */
static void hostile_04_a_verify_without_a_certificate(struct script *s)
{
    client_part(s, C_HELLO);
    script12_client_key_exchange(s);
    script_certificate_verify(s, "client", 0);
    script_flush(s);
}

static void a_certificate_that_nobody_asked_for(struct script *s)
{
    client_part(s, C_HELLO);
    client_part(s, C_CERTIFICATE);
}

static void hostile_06_every_type_after_the_handshake(bool is_client)
{
    for (unsigned type = 0; type < 256; type++) {
        const uint8_t header[] = {(uint8_t)type, 0, 0, 0};
        const bool renegotiates = type == (is_client ? MSG_CLIENT_HELLO : MSG_HELLO_REQUEST);
        struct script *s = script_new(is_client);
        script_use_version(s, TLS12);
        script_begin(s);
        script_handshake(s);
        script_record(s, CONTENT_HANDSHAKE, SPAN_OF(header));
        script_assert_fails(
            s, renegotiates ? GV_E_RENEGOTIATION_REFUSED : GV_E_UNEXPECTED_HANDSHAKE_MESSAGE,
            renegotiates ? ALERT_NO_RENEGOTIATION : ALERT_UNEXPECTED_MESSAGE);
        script_free(s);
    }
}

static void hostile_06_messages_that_have_no_place_from_a_server(void **state)
{
    (void)state;
    hostile_06_every_type_after_the_handshake(false);
}

static void hostile_06_messages_that_have_no_place_from_a_client(void **state)
{
    (void)state;
    hostile_06_every_type_after_the_handshake(true);
}

/* ---- renegotiation ------------------------------------------------------------------------------------- */

static void hostile_46_a_hello_request(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("00000000"));
}

static void hostile_46_a_hello_request_in_the_handshake(struct script *s)
{
    to_server_hello(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("00000000"));
}

/* CVE-2021-3449: a whole hello, as a client that renegotiates sends it. */
static void hostile_46_a_client_hello_after_the_handshake(struct script *s)
{
    struct hello h;
    script_handshake(s);
    script_client_hello(s, &h);
    hello_set(&h, 65281, "0c 000102030405060708090a0b");
    hello_drop(&h, 13);
    script_say_hello(s, &h);
    script_flush(s);
}

static void hostile_46_a_client_hello_in_the_handshake(struct script *s)
{
    client_part(s, C_HELLO);
    struct hello h;
    script_client_hello(s, &h);
    script_say_hello(s, &h);
    script_flush(s);
}

/* ---- around the change of keys -------------------------------------------------------------------------- */

/* All before the script's own ChangeCipherSpec. */
static void to_change(struct script *s)
{
    if (s->is_client) {
        client_part(s, C_HELLO);
        script12_client_key_exchange(s);
        script_flush(s);
        return;
    }
    to_server_hello(s);
    script12_server_flight(s, "p256");
    script12_take_client_flight(s);
    script12_take_end(s);
}

static void hostile_06_finished_without_a_change(struct script *s)
{
    to_change(s);
    script_finished(s);
    script_flush(s);
}

static void hostile_02_a_beginning_before_the_change(struct script *s)
{
    to_change(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("14"));
    script_ccs(s);
}

static void hostile_07_a_change_inside_a_message(struct script *s)
{
    to_change(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("1400000c 00"));
    script_ccs(s);
}

static void hostile_03_a_change_of_another_value(struct script *s)
{
    to_change(s);
    script_clear_record(s, CONTENT_CHANGE_CIPHER_SPEC, exact_hex("02"));
}

static void hostile_03_a_change_of_two_bytes(struct script *s)
{
    to_change(s);
    script_clear_record(s, CONTENT_CHANGE_CIPHER_SPEC, exact_hex("0101"));
}

static void hostile_03_a_change_of_no_bytes(struct script *s)
{
    to_change(s);
    script_clear_record(s, CONTENT_CHANGE_CIPHER_SPEC, exact_hex(""));
}

static void hostile_03_a_second_change_in_the_clear(struct script *s)
{
    to_change(s);
    script12_change(s);
    script_ccs(s);
}

static void hostile_03_a_second_change_under_the_key(struct script *s)
{
    to_change(s);
    script12_change(s);
    script_record(s, CONTENT_CHANGE_CIPHER_SPEC, exact_hex("01"));
}

static void hostile_03_a_change_after_the_handshake(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_CHANGE_CIPHER_SPEC, exact_hex("01"));
}

static void hostile_03_a_change_in_the_clear_after_the_handshake(struct script *s)
{
    script_handshake(s);
    script_ccs(s);
}

static void a_finished_in_the_clear_behind_the_change(struct script *s)
{
    to_change(s);
    script12_change(s);
    script_finished(s);
    struct span finished = exact_copy(put_of(&s->flight));
    s->flight.len = s->hashed = 0;
    script_clear_record(s, CONTENT_HANDSHAKE, finished);
}

static void data_in_the_clear_before_the_change(struct script *s)
{
    to_change(s);
    script_record(s, CONTENT_APPLICATION_DATA, span_str("early"));
}

static void data_before_finished(struct script *s)
{
    to_change(s);
    script12_change(s);
    script_record(s, CONTENT_APPLICATION_DATA, span_str("early"));
}

static void data_of_no_bytes_before_finished(struct script *s)
{
    to_change(s);
    script12_change(s);
    script_record(s, CONTENT_APPLICATION_DATA, exact_hex(""));
}

static void hostile_07_data_inside_finished(struct script *s)
{
    to_change(s);
    script12_change(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("1400000c 00"));
    script_record(s, CONTENT_APPLICATION_DATA, span_str("early"));
}

static void hostile_08_an_empty_record_before_finished(struct script *s)
{
    to_change(s);
    script12_change(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex(""));
}

static void a_changed_finished_record(struct script *s)
{
    to_change(s);
    script12_change(s);
    script_raw(s, exact_hex("16 0303 0028 0000000000000000"
                            "0000000000000000000000000000000000000000000000000000000000000000"));
}

static void a_second_finished(struct script *s)
{
    script_handshake(s);
    script_finished(s);
    script_flush(s);
}

static void hostile_09_five_warnings_in_the_handshake(struct script *s)
{
    to_change(s);
    for (unsigned i = 0; i < 5; i++)
        script_alert(s, ALERT_LEVEL_WARNING, ALERT_UNRECOGNISED_NAME);
}

/* Each record of the end holds one byte. */
static void hostile_14_records_of_one_byte(struct script *s)
{
    to_change(s);
    script12_change(s);
    script_finished(s);
    script_flush_in(s, 1);
    assert_false(gv_connection_is_handshaking(s->peer));
}

static void hostile_14_a_server_flight_in_records_of_one_byte(struct script *s)
{
    struct hello h;
    script_take_hello(s);
    script_server_hello(s, &h);
    script_say_hello(s, &h);
    script_certificate(s, "p256");
    struct key_exchange12 x = script12_key_exchange(s, "p256");
    script12_say_key_exchange(s, &x);
    script_say(s, MSG_SERVER_HELLO_DONE, exact_hex(""));
    script_flush_in(s, 1);
    script12_take_client_flight(s);
}

static void hostile_14_a_client_flight_in_records_of_one_byte(struct script *s)
{
    struct hello h;
    script_client_hello(s, &h);
    script_say_hello(s, &h);
    script_flush_in(s, 1);
    script_take_hello(s);
    script12_take_server_flight(s);
    script12_client_key_exchange(s);
    script_flush_in(s, 1);
    script12_end(s);
    script12_take_end(s);
}

/* A fatal alert that comes where Finished is due ends it, whoever sends it. */
static void a_fatal_alert_before_finished(struct script *s)
{
    to_change(s);
    script_alert(s, ALERT_LEVEL_FATAL, ALERT_HANDSHAKE_FAILURE);
}

/* clang-format off */
static const struct sin sins[] = {
    SERVER_TEST(hostile_06_a_server_that_skips_repeats_or_reorders),
    SERVER_TEST(hostile_03_a_server_that_changes_early),
    CLIENT_TEST(hostile_04_06_a_client_that_skips_repeats_or_reorders),
    CLIENT_TEST(hostile_03_a_client_that_changes_early),
    CLIENT_SINS(hostile_04_a_verify_without_a_certificate, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(a_certificate_that_nobody_asked_for, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_TEST(hostile_06_messages_that_have_no_place_from_a_server),
    CLIENT_TEST(hostile_06_messages_that_have_no_place_from_a_client),
    SERVER_SINS(hostile_46_a_hello_request, RENEGOTIATION_REFUSED, NO_RENEGOTIATION),
    SERVER_SINS(hostile_46_a_hello_request_in_the_handshake, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_46_a_client_hello_after_the_handshake, RENEGOTIATION_REFUSED, NO_RENEGOTIATION),
    CLIENT_SINS(hostile_46_a_client_hello_in_the_handshake, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),

    SERVER_SINS(hostile_06_finished_without_a_change, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_06_finished_without_a_change, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_02_a_beginning_before_the_change, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_02_a_beginning_before_the_change, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_07_a_change_inside_a_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_07_a_change_inside_a_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_03_a_change_of_another_value, CHANGE_CIPHER_SPEC_INVALID, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_03_a_change_of_another_value, CHANGE_CIPHER_SPEC_INVALID, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_03_a_change_of_two_bytes, CHANGE_CIPHER_SPEC_INVALID, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_03_a_change_of_two_bytes, CHANGE_CIPHER_SPEC_INVALID, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_03_a_change_of_no_bytes, CHANGE_CIPHER_SPEC_INVALID, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_03_a_change_of_no_bytes, CHANGE_CIPHER_SPEC_INVALID, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_03_a_second_change_in_the_clear, BAD_RECORD_MAC, BAD_RECORD_MAC),
    CLIENT_SINS(hostile_03_a_second_change_in_the_clear, BAD_RECORD_MAC, BAD_RECORD_MAC),
    SERVER_SINS(hostile_03_a_second_change_under_the_key, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_03_a_second_change_under_the_key, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_03_a_change_after_the_handshake, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_03_a_change_after_the_handshake, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_03_a_change_in_the_clear_after_the_handshake, BAD_RECORD_MAC, BAD_RECORD_MAC),
    CLIENT_SINS(hostile_03_a_change_in_the_clear_after_the_handshake, BAD_RECORD_MAC, BAD_RECORD_MAC),
    SERVER_SINS(a_finished_in_the_clear_behind_the_change, BAD_RECORD_MAC, BAD_RECORD_MAC),
    CLIENT_SINS(a_finished_in_the_clear_behind_the_change, BAD_RECORD_MAC, BAD_RECORD_MAC),
    SERVER_SINS(data_in_the_clear_before_the_change, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    CLIENT_SINS(data_in_the_clear_before_the_change, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS(data_before_finished, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    CLIENT_SINS(data_before_finished, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS(data_of_no_bytes_before_finished, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    CLIENT_SINS(data_of_no_bytes_before_finished, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_07_data_inside_finished, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_07_data_inside_finished, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_08_an_empty_record_before_finished, EMPTY_FRAGMENT_PROTECTED, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_08_an_empty_record_before_finished, EMPTY_FRAGMENT_PROTECTED, UNEXPECTED_MESSAGE),
    SERVER_SINS(a_changed_finished_record, BAD_RECORD_MAC, BAD_RECORD_MAC),
    CLIENT_SINS(a_changed_finished_record, BAD_RECORD_MAC, BAD_RECORD_MAC),
    SERVER_SINS(a_second_finished, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(a_second_finished, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_09_five_warnings_in_the_handshake, ALERTS_TOO_MANY, DECODE_ERROR),
    CLIENT_SINS(hostile_09_five_warnings_in_the_handshake, ALERTS_TOO_MANY, DECODE_ERROR),
    SERVER_MAY(hostile_14_records_of_one_byte),
    CLIENT_MAY(hostile_14_records_of_one_byte),
    SERVER_MAY(hostile_14_a_server_flight_in_records_of_one_byte),
    CLIENT_MAY(hostile_14_a_client_flight_in_records_of_one_byte),
    SERVER_SINS(a_fatal_alert_before_finished, ALERT_RECEIVED, NONE),
    CLIENT_SINS(a_fatal_alert_before_finished, ALERT_RECEIVED, NONE),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS12, sins, COUNT_OF(sins));
}
