/* What a peer does wrong with records, in TLS 1.3, and what of it is as wrong in TLS 1.2: each row
 * with the error and the alert. The numbers are those of test/misbehave/scenarios.tsv. */
#include "lib/exact.h"
#include "lib/sin.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint8_t big[40000];

/* ---- the server sins --------------------------------------------------------------------------- */

/* As far as the ServerHello, which stands in the flight. */
static void server_hello(struct script *s)
{
    struct hello h;
    script_take_hello(s);
    script_server_hello(s, &h);
    script_say_hello(s, &h);
}

static void to_handshake_keys(struct script *s)
{
    server_hello(s);
    script_flush(s);
    script_handshake_keys(s);
}

static void hostile_01_encrypted_extensions_in_server_hellos_record(struct script *s)
{
    server_hello(s);
    script_encrypted_extensions(s);
    script_flush(s);
}

static void hostile_02_a_beginning_in_server_hellos_record(struct script *s)
{
    server_hello(s);
    put_span(&s->flight, exact_hex("08"));
    script_flush(s);
}

static void server_flight(struct script *s)
{
    to_handshake_keys(s);
    script_encrypted_extensions(s);
    script_certificate(s, "p256");
    script_certificate_verify(s, "p256", 0);
    script_finished(s);
}

static void hostile_02_a_ticket_in_finisheds_record(struct script *s)
{
    server_flight(s);
    put_span(&s->flight, exact_hex("0400"));
    script_flush(s);
}

static void hostile_02_a_beginning_behind_key_update(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("18000001 00 18"));
}

static void hostile_03_change_cipher_spec_after_the_handshake(struct script *s)
{
    script_handshake(s);
    script_ccs(s);
}

static void hostile_03_a_change_cipher_spec_of_two_bytes(struct script *s)
{
    to_handshake_keys(s);
    script_clear_record(s, CONTENT_CHANGE_CIPHER_SPEC, exact_hex("0101"));
}

static void hostile_03_a_change_cipher_spec_of_another_value(struct script *s)
{
    to_handshake_keys(s);
    script_clear_record(s, CONTENT_CHANGE_CIPHER_SPEC, exact_hex("02"));
}

static void hostile_03_three_change_cipher_specs(struct script *s)
{
    to_handshake_keys(s);
    for (unsigned i = 0; i < 3; i++)
        script_ccs(s);
}

static void hostile_03_a_protected_change_cipher_spec(struct script *s)
{
    to_handshake_keys(s);
    script_record(s, CONTENT_CHANGE_CIPHER_SPEC, exact_hex("01"));
}

/* It is allowed between the hellos and Finished, twice. */
static void may_change_cipher_spec_come_twice(struct script *s)
{
    to_handshake_keys(s);
    script_ccs(s);
    script_encrypted_extensions(s);
    script_certificate(s, "p256");
    script_flush(s);
    script_ccs(s);
    script_certificate_verify(s, "p256", 0);
    script_finished(s);
    script_flush(s);
}

static void hostile_07_data_inside_a_message(struct script *s)
{
    to_handshake_keys(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("080000"));
    script_record(s, CONTENT_APPLICATION_DATA, exact_hex("00"));
}

static void hostile_07_change_cipher_spec_inside_a_message(struct script *s)
{
    to_handshake_keys(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("080000"));
    script_ccs(s);
}

static void hostile_07_data_inside_a_message_after_the_handshake(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("180000"));
    script_record(s, CONTENT_APPLICATION_DATA, exact_hex("00"));
}

/* Alerts too, unless they end everything anyhow (section 5.1). */
static void hostile_07_a_warning_inside_a_message(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("180000"));
    script_alert(s, ALERT_LEVEL_WARNING, ALERT_USER_CANCELED);
}

static void hostile_07_a_close_inside_a_message(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("180000"));
    script_alert(s, ALERT_LEVEL_WARNING, ALERT_CLOSE_NOTIFY);
}

static void hostile_07_a_warning_inside_the_first_message(struct script *s)
{
    script_clear_record(s, CONTENT_HANDSHAKE, exact_hex("010000"));
    script_clear_record(s, CONTENT_ALERT, exact_hex("015a"));
}

static void a_fatal_alert_inside_a_message(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("180000"));
    script_alert(s, ALERT_LEVEL_FATAL, ALERT_INTERNAL_ERROR);
}

static void an_alert_in_two_records(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_ALERT, exact_hex("01"));
    script_record(s, CONTENT_ALERT, exact_hex("5a"));
}

static void two_alerts_in_one_record(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_ALERT, exact_hex("015a 015a"));
}

static void hostile_08_an_empty_handshake_record(struct script *s)
{
    script_clear_record(s, CONTENT_HANDSHAKE, exact_hex(""));
}

static void hostile_08_an_empty_alert(struct script *s)
{
    script_clear_record(s, CONTENT_ALERT, exact_hex(""));
}

static void hostile_08_an_empty_protected_handshake_record(struct script *s)
{
    to_handshake_keys(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex(""));
}

static void hostile_08_an_empty_protected_alert(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_ALERT, exact_hex(""));
}

static void empty_data(struct script *s, unsigned n)
{
    script_handshake(s);
    for (unsigned i = 0; i < n; i++)
        script_record(s, CONTENT_APPLICATION_DATA, exact_hex(""));
}

static void hostile_08_thirty_three_empty_records(struct script *s)
{
    empty_data(s, 33);
}

static void may_thirty_two_empty_records_come(struct script *s)
{
    empty_data(s, 32);
    script_record(s, CONTENT_APPLICATION_DATA, exact_hex("00"));
    for (unsigned i = 0; i < 32; i++)
        script_record(s, CONTENT_APPLICATION_DATA, exact_hex(""));
}

static void warnings(struct script *s, unsigned n)
{
    script_handshake(s);
    for (unsigned i = 0; i < n; i++)
        script_alert(s, ALERT_LEVEL_WARNING, ALERT_USER_CANCELED);
}

static void hostile_09_a_fifth_warning(struct script *s)
{
    warnings(s, 5);
}

static void may_four_warnings_of_user_canceled_come(struct script *s)
{
    warnings(s, 4);
}

static void hostile_09_a_warning_of_another_kind(struct script *s)
{
    script_handshake(s);
    script_alert(s, ALERT_LEVEL_WARNING, ALERT_NO_RENEGOTIATION);
}

static void an_alert_of_an_unknown_level(struct script *s)
{
    script_handshake(s);
    script_alert(s, 3, ALERT_CLOSE_NOTIFY);
}

static void an_alert_of_three_bytes(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_ALERT, exact_hex("010000"));
}

static void a_fatal_alert(struct script *s)
{
    script_handshake(s);
    script_alert(s, ALERT_LEVEL_FATAL, ALERT_INTERNAL_ERROR);
}

/* None of what comes behind an end is data. */
static void assert_nothing_to_read(struct script *s)
{
    uint8_t got[8];
    size_t n = 0;
    script_record(s, CONTENT_APPLICATION_DATA, span_str("late"));
    (void)gv_connection_read(s->peer, got, sizeof got, &n);
    assert_int_equal(n, 0);
}

static void a_fatal_alert_then_data(struct script *s)
{
    a_fatal_alert(s);
    assert_nothing_to_read(s);
}

static void may_data_come_behind_close_notify(struct script *s)
{
    script_handshake(s);
    script_alert(s, ALERT_LEVEL_WARNING, ALERT_CLOSE_NOTIFY);
    assert_nothing_to_read(s);
}

static void may_a_warning_of_no_renegotiation_come(struct script *s)
{
    hostile_09_a_warning_of_another_kind(s);
}

static void key_updates(struct script *s, unsigned n, const char *request)
{
    script_handshake(s);
    for (unsigned i = 0; i < n; i++) {
        struct secret *mine = s->is_client ? &s->client_ap : &s->server_ap;
        script_say(s, MSG_KEY_UPDATE, exact_hex(request));
        script_flush(s);
        assert_err(gv_next_traffic_secret(s->suite->hash, mine), OK);
        script_use(s, true, mine);
    }
}

static void hostile_10_a_flood_of_key_updates(struct script *s)
{
    key_updates(s, 33, "00");
}

/* Thirty-two requests are answered by one update, in front of the next data. */
static void hostile_10_many_requests_cost_one_answer(struct script *s)
{
    size_t n = 0;
    key_updates(s, 32, "01");
    assert_int_equal(s->got.len, 0);
    assert_err(gv_connection_write(s->peer, span_str("x"), &n), OK);
    script_raw(s, exact_hex("17"));
    script_take(s, MSG_KEY_UPDATE);
    struct secret *theirs = s->is_client ? &s->server_ap : &s->client_ap;
    assert_err(gv_next_traffic_secret(s->suite->hash, theirs), OK);
    script_use(s, false, theirs);
    assert_int_equal(s->got.at[0], CONTENT_APPLICATION_DATA);
    assert_int_equal(s->got.len, 5 + 1 + 1 + 16);
}

static void hostile_11_a_key_update_with_value_2(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("18000001 02"));
}

static void a_key_update_before_finished(struct script *s)
{
    to_handshake_keys(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("18000001 00"));
}

static void a_key_update_of_two_bytes(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("18000002 0000"));
}

static void hostile_12_zeros_only(struct script *s)
{
    script_handshake(s);
    script_inner(s, exact_hex("00000000"));
}

static void hostile_12_nothing_inside(struct script *s)
{
    script_handshake(s);
    script_inner(s, exact_hex(""));
}

static void hostile_12_an_inner_type_that_does_not_exist(struct script *s)
{
    script_handshake(s);
    script_inner(s, exact_hex("616263 ff"));
}

static void hostile_12_an_outer_type_of_handshake(struct script *s)
{
    to_handshake_keys(s);
    script_clear_record(s, CONTENT_HANDSHAKE, exact_hex("08000002 0000"));
}

static void hostile_12_an_alert_in_the_clear_after_keys(struct script *s)
{
    script_handshake(s);
    script_clear_record(s, CONTENT_ALERT, exact_hex("0228"));
}

static void may_padding_come(struct script *s)
{
    script_handshake(s);
    script_inner(s, exact_hex("616263 17 00000000000000"));
}

static void hostile_13_a_header_of_18433_bytes(struct script *s)
{
    script_raw(s, exact_hex("16 0303 4801"));
}

static void hostile_13_a_clear_record_of_16385_bytes(struct script *s)
{
    script_clear_record(s, CONTENT_HANDSHAKE, span_of(big, 16385));
}

static void hostile_13_a_protected_record_of_16641_bytes(struct script *s)
{
    script_handshake(s);
    script_inner(s, span_of(big, 16384 + 257 - 16));
}

static void hostile_13_an_inner_plaintext_of_16386_bytes(struct script *s)
{
    big[16385] = CONTENT_APPLICATION_DATA;
    script_handshake(s);
    script_inner(s, span_of(big, 16386));
    big[16385] = 0;
}

static void hostile_13_a_protected_fragment_of_16385_bytes(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_APPLICATION_DATA, span_of(big, 16385));
}

static void hostile_14_records_of_one_byte(struct script *s)
{
    server_hello(s);
    script_flush_in(s, 1);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    script_certificate(s, "p256");
    script_certificate_verify(s, "p256", 0);
    script_finished(s);
    script_flush_in(s, 1);
    script_take(s, MSG_FINISHED);
}

static void hostile_19_a_claim_of_16_mb(struct script *s)
{
    script_clear_record(s, CONTENT_HANDSHAKE, exact_hex("02ffffff 0303"));
}

static void hostile_19_a_claim_of_16_mb_after_the_handshake(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("04ffffff 00"));
}

static void hostile_19_a_message_over_the_limit_in_pieces(struct script *s)
{
    script_clear_record(s, CONTENT_HANDSHAKE, exact_hex("02"));
    script_clear_record(s, CONTENT_HANDSHAKE, exact_hex("0100"));
    script_clear_record(s, CONTENT_HANDSHAKE, exact_hex("00"));
}

static void data_before_the_handshake(struct script *s)
{
    script_clear_record(s, CONTENT_APPLICATION_DATA, exact_hex("00"));
}

static void data_before_finished(struct script *s)
{
    to_handshake_keys(s);
    script_record(s, CONTENT_APPLICATION_DATA, exact_hex("00"));
}

static void a_changed_record(struct script *s)
{
    script_handshake(s);
    script_raw(s, exact_hex("17 0303 0013 00000000000000000000000000000000000000"));
}

static void a_record_shorter_than_its_tag(struct script *s)
{
    script_handshake(s);
    script_raw(s, exact_hex("17 0303 0002 0000"));
}

static void what_is_no_tls(struct script *s)
{
    script_raw(s, span_str("HTTP/1.1 400 Bad Request\r\n\r\n"));
}

static void a_record_of_an_unknown_type(struct script *s)
{
    script_handshake(s);
    script_record(s, 24, span_str("heartbeat"));
}

static void a_record_of_ssl_2(struct script *s)
{
    script_raw(s, exact_hex("16 0200 0001 00"));
}

/* ---- the client sins ------------------------------------------------------------------------------ */

static void client_hello(struct script *s)
{
    struct hello h;
    script_client_hello(s, &h);
    script_say_hello(s, &h);
}

static void client_to_keys(struct script *s)
{
    client_hello(s);
    script_flush(s);
    script_take_hello(s);
    script_handshake_keys(s);
    script_take_flight(s);
}

static void hostile_02_a_beginning_in_client_hellos_record(struct script *s)
{
    client_hello(s);
    put_span(&s->flight, exact_hex("14"));
    script_flush(s);
}

static void hostile_02_a_key_update_in_finisheds_record(struct script *s)
{
    client_to_keys(s);
    script_finished(s);
    put_span(&s->flight, exact_hex("18000001 00"));
    script_flush(s);
}

static void hostile_03_change_cipher_spec_before_client_hello(struct script *s)
{
    script_ccs(s);
}

static void hostile_07_change_cipher_spec_inside_client_hello(struct script *s)
{
    script_clear_record(s, CONTENT_HANDSHAKE, exact_hex("010000"));
    script_ccs(s);
}

static void data_before_the_clients_finished(struct script *s)
{
    client_to_keys(s);
    script_record(s, CONTENT_APPLICATION_DATA, exact_hex("00"));
}

static void hostile_14_a_client_hello_in_records_of_one_byte(struct script *s)
{
    client_hello(s);
    script_flush_in(s, 1);
    script_take_hello(s);
    script_handshake_keys(s);
    script_take_flight(s);
    script_finished(s);
    script_flush_in(s, 1);
}

/* clang-format off */
static const struct sin sins[] = {
    SERVER_SINS(hostile_01_encrypted_extensions_in_server_hellos_record, KEY_CHANGE_INSIDE_RECORD, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_02_a_beginning_in_server_hellos_record, KEY_CHANGE_INSIDE_RECORD, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_02_a_ticket_in_finisheds_record, KEY_CHANGE_INSIDE_RECORD, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_02_a_beginning_behind_key_update, KEY_CHANGE_INSIDE_RECORD, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_02_a_beginning_behind_key_update, KEY_CHANGE_INSIDE_RECORD, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_02_a_beginning_in_client_hellos_record, KEY_CHANGE_INSIDE_RECORD, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_02_a_key_update_in_finisheds_record, KEY_CHANGE_INSIDE_RECORD, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_03_change_cipher_spec_after_the_handshake, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_03_change_cipher_spec_after_the_handshake, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_03_change_cipher_spec_before_client_hello, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_03_a_change_cipher_spec_of_two_bytes, CHANGE_CIPHER_SPEC_INVALID, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_03_a_change_cipher_spec_of_another_value, CHANGE_CIPHER_SPEC_INVALID, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_03_three_change_cipher_specs, CHANGE_CIPHER_SPECS_TOO_MANY, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_03_a_protected_change_cipher_spec, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_MAY(may_change_cipher_spec_come_twice),
    SERVER_SINS(hostile_07_data_inside_a_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_07_change_cipher_spec_inside_a_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_07_data_inside_a_message_after_the_handshake, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_07_data_inside_a_message_after_the_handshake, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_07_change_cipher_spec_inside_client_hello, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_07_a_warning_inside_a_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_07_a_warning_inside_a_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_07_a_close_inside_a_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_07_a_close_inside_a_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_07_a_warning_inside_the_first_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_07_a_warning_inside_the_first_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(a_fatal_alert_inside_a_message, ALERT_RECEIVED, NONE),
    CLIENT_SINS(a_fatal_alert_inside_a_message, ALERT_RECEIVED, NONE),
    SERVER_SINS(an_alert_in_two_records, ALERT_UNDECODABLE, DECODE_ERROR),
    CLIENT_SINS(two_alerts_in_one_record, ALERT_UNDECODABLE, DECODE_ERROR),
    SERVER_SINS(hostile_08_an_empty_handshake_record, EMPTY_FRAGMENT, DECODE_ERROR),
    CLIENT_SINS(hostile_08_an_empty_handshake_record, EMPTY_FRAGMENT, DECODE_ERROR),
    SERVER_SINS(hostile_08_an_empty_alert, EMPTY_FRAGMENT, DECODE_ERROR),
    CLIENT_SINS(hostile_08_an_empty_alert, EMPTY_FRAGMENT, DECODE_ERROR),
    SERVER_SINS(hostile_08_an_empty_protected_handshake_record, EMPTY_FRAGMENT_PROTECTED, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_08_an_empty_protected_alert, EMPTY_FRAGMENT_PROTECTED, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_08_an_empty_protected_alert, EMPTY_FRAGMENT_PROTECTED, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_08_thirty_three_empty_records, EMPTY_RECORDS_TOO_MANY, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_08_thirty_three_empty_records, EMPTY_RECORDS_TOO_MANY, UNEXPECTED_MESSAGE),
    SERVER_MAY(may_thirty_two_empty_records_come),
    SERVER_SINS(hostile_09_a_fifth_warning, ALERTS_TOO_MANY, DECODE_ERROR),
    CLIENT_SINS(hostile_09_a_fifth_warning, ALERTS_TOO_MANY, DECODE_ERROR),
    SERVER_MAY(may_four_warnings_of_user_canceled_come),
    SERVER_SINS(hostile_09_a_warning_of_another_kind, ALERT_WARNING_IN_TLS13, DECODE_ERROR),
    SERVER_SINS(an_alert_of_an_unknown_level, ALERT_LEVEL_UNKNOWN, ILLEGAL_PARAMETER),
    SERVER_SINS(an_alert_of_three_bytes, ALERT_UNDECODABLE, DECODE_ERROR),
    SERVER_SINS(a_fatal_alert, ALERT_RECEIVED, NONE),
    CLIENT_SINS(a_fatal_alert, ALERT_RECEIVED, NONE),
    SERVER_SINS(a_fatal_alert_then_data, ALERT_RECEIVED, NONE),
    CLIENT_SINS(a_fatal_alert_then_data, ALERT_RECEIVED, NONE),
    SERVER_MAY(may_data_come_behind_close_notify),
    CLIENT_MAY(may_data_come_behind_close_notify),
    SERVER_SINS(hostile_10_a_flood_of_key_updates, POST_HANDSHAKE_TOO_MANY, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_10_a_flood_of_key_updates, POST_HANDSHAKE_TOO_MANY, UNEXPECTED_MESSAGE),
    SERVER_MAY(hostile_10_many_requests_cost_one_answer),
    CLIENT_MAY(hostile_10_many_requests_cost_one_answer),
    SERVER_SINS(hostile_11_a_key_update_with_value_2, KEY_UPDATE_VALUE, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_11_a_key_update_with_value_2, KEY_UPDATE_VALUE, ILLEGAL_PARAMETER),
    SERVER_SINS(a_key_update_before_finished, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(a_key_update_of_two_bytes, DECODE_KEY_UPDATE, DECODE_ERROR),
    SERVER_SINS(hostile_12_zeros_only, INNER_TYPE_MISSING, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_12_zeros_only, INNER_TYPE_MISSING, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_12_nothing_inside, INNER_TYPE_MISSING, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_12_an_inner_type_that_does_not_exist, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_12_an_outer_type_of_handshake, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_12_an_alert_in_the_clear_after_keys, BAD_RECORD_MAC, BAD_RECORD_MAC),
    CLIENT_SINS(hostile_12_an_alert_in_the_clear_after_keys, BAD_RECORD_MAC, BAD_RECORD_MAC),
    SERVER_MAY(may_padding_come),
    SERVER_SINS(hostile_13_a_header_of_18433_bytes, RECORD_TOO_LONG, RECORD_OVERFLOW),
    CLIENT_SINS(hostile_13_a_header_of_18433_bytes, RECORD_TOO_LONG, RECORD_OVERFLOW),
    SERVER_SINS(hostile_13_a_clear_record_of_16385_bytes, RECORD_TOO_LONG, RECORD_OVERFLOW),
    CLIENT_SINS(hostile_13_a_clear_record_of_16385_bytes, RECORD_TOO_LONG, RECORD_OVERFLOW),
    SERVER_SINS(hostile_13_a_protected_record_of_16641_bytes, RECORD_TOO_LONG, RECORD_OVERFLOW),
    SERVER_SINS(hostile_13_an_inner_plaintext_of_16386_bytes, FRAGMENT_TOO_LONG, RECORD_OVERFLOW),
    SERVER_MAY(hostile_14_records_of_one_byte),
    CLIENT_MAY(hostile_14_a_client_hello_in_records_of_one_byte),
    SERVER_SINS(hostile_19_a_claim_of_16_mb, MESSAGE_TOO_LONG, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_19_a_claim_of_16_mb, MESSAGE_TOO_LONG, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_19_a_claim_of_16_mb_after_the_handshake, MESSAGE_TOO_LONG, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_19_a_claim_of_16_mb_after_the_handshake, MESSAGE_TOO_LONG, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_19_a_message_over_the_limit_in_pieces, MESSAGE_TOO_LONG, ILLEGAL_PARAMETER),
    SERVER_SINS(data_before_the_handshake, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    CLIENT_SINS(data_before_the_handshake, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS(data_before_finished, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    CLIENT_SINS(data_before_the_clients_finished, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS(a_changed_record, BAD_RECORD_MAC, BAD_RECORD_MAC),
    CLIENT_SINS(a_changed_record, BAD_RECORD_MAC, BAD_RECORD_MAC),
    SERVER_SINS(a_record_shorter_than_its_tag, BAD_RECORD_MAC, BAD_RECORD_MAC),
    SERVER_SINS(what_is_no_tls, RECORD_TYPE_UNKNOWN, DECODE_ERROR),
    CLIENT_SINS(what_is_no_tls, RECORD_TYPE_UNKNOWN, DECODE_ERROR),
    CLIENT_SINS(a_record_of_ssl_2, RECORD_VERSION_UNKNOWN, DECODE_ERROR),
};

static const struct sin sins12[] = {
    CLIENT_SINS(hostile_03_change_cipher_spec_before_client_hello, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_03_change_cipher_spec_before_client_hello, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_07_data_inside_a_message_after_the_handshake, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_07_data_inside_a_message_after_the_handshake, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_07_change_cipher_spec_inside_client_hello, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_07_a_warning_inside_a_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_07_a_warning_inside_a_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_07_a_close_inside_a_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_07_a_close_inside_a_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_07_a_warning_inside_the_first_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_07_a_warning_inside_the_first_message, CONTENT_INSIDE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(a_fatal_alert_inside_a_message, ALERT_RECEIVED, NONE),
    CLIENT_SINS(a_fatal_alert_inside_a_message, ALERT_RECEIVED, NONE),
    SERVER_SINS(an_alert_in_two_records, ALERT_UNDECODABLE, DECODE_ERROR),
    CLIENT_SINS(two_alerts_in_one_record, ALERT_UNDECODABLE, DECODE_ERROR),
    SERVER_SINS(hostile_08_an_empty_handshake_record, EMPTY_FRAGMENT, DECODE_ERROR),
    CLIENT_SINS(hostile_08_an_empty_handshake_record, EMPTY_FRAGMENT, DECODE_ERROR),
    SERVER_SINS(hostile_08_an_empty_alert, EMPTY_FRAGMENT, DECODE_ERROR),
    CLIENT_SINS(hostile_08_an_empty_alert, EMPTY_FRAGMENT, DECODE_ERROR),
    SERVER_SINS(hostile_08_an_empty_protected_alert, EMPTY_FRAGMENT_PROTECTED, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_08_an_empty_protected_alert, EMPTY_FRAGMENT_PROTECTED, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_08_thirty_three_empty_records, EMPTY_RECORDS_TOO_MANY, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_08_thirty_three_empty_records, EMPTY_RECORDS_TOO_MANY, UNEXPECTED_MESSAGE),
    SERVER_MAY(may_thirty_two_empty_records_come),
    CLIENT_MAY(may_thirty_two_empty_records_come),
    SERVER_SINS(hostile_09_a_fifth_warning, ALERTS_TOO_MANY, DECODE_ERROR),
    CLIENT_SINS(hostile_09_a_fifth_warning, ALERTS_TOO_MANY, DECODE_ERROR),
    SERVER_MAY(may_four_warnings_of_user_canceled_come),
    CLIENT_MAY(may_four_warnings_of_user_canceled_come),
    SERVER_MAY(may_a_warning_of_no_renegotiation_come),
    CLIENT_MAY(may_a_warning_of_no_renegotiation_come),
    SERVER_SINS(an_alert_of_an_unknown_level, ALERT_LEVEL_UNKNOWN, ILLEGAL_PARAMETER),
    CLIENT_SINS(an_alert_of_an_unknown_level, ALERT_LEVEL_UNKNOWN, ILLEGAL_PARAMETER),
    SERVER_SINS(an_alert_of_three_bytes, ALERT_UNDECODABLE, DECODE_ERROR),
    CLIENT_SINS(an_alert_of_three_bytes, ALERT_UNDECODABLE, DECODE_ERROR),
    SERVER_SINS(a_fatal_alert_then_data, ALERT_RECEIVED, NONE),
    CLIENT_SINS(a_fatal_alert_then_data, ALERT_RECEIVED, NONE),
    SERVER_MAY(may_data_come_behind_close_notify),
    CLIENT_MAY(may_data_come_behind_close_notify),
    SERVER_SINS(hostile_12_an_alert_in_the_clear_after_keys, BAD_RECORD_MAC, BAD_RECORD_MAC),
    CLIENT_SINS(hostile_12_an_alert_in_the_clear_after_keys, BAD_RECORD_MAC, BAD_RECORD_MAC),
    SERVER_SINS(hostile_13_a_header_of_18433_bytes, RECORD_TOO_LONG, RECORD_OVERFLOW),
    CLIENT_SINS(hostile_13_a_header_of_18433_bytes, RECORD_TOO_LONG, RECORD_OVERFLOW),
    SERVER_SINS(hostile_13_a_clear_record_of_16385_bytes, RECORD_TOO_LONG, RECORD_OVERFLOW),
    CLIENT_SINS(hostile_13_a_clear_record_of_16385_bytes, RECORD_TOO_LONG, RECORD_OVERFLOW),
    SERVER_SINS(hostile_13_a_protected_fragment_of_16385_bytes, FRAGMENT_TOO_LONG, RECORD_OVERFLOW),
    CLIENT_SINS(hostile_13_a_protected_fragment_of_16385_bytes, FRAGMENT_TOO_LONG, RECORD_OVERFLOW),
    SERVER_SINS(hostile_19_a_claim_of_16_mb, MESSAGE_TOO_LONG, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_19_a_claim_of_16_mb, MESSAGE_TOO_LONG, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_19_a_claim_of_16_mb_after_the_handshake, MESSAGE_TOO_LONG, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_19_a_claim_of_16_mb_after_the_handshake, MESSAGE_TOO_LONG, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_19_a_message_over_the_limit_in_pieces, MESSAGE_TOO_LONG, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_19_a_message_over_the_limit_in_pieces, MESSAGE_TOO_LONG, ILLEGAL_PARAMETER),
    SERVER_SINS(data_before_the_handshake, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    CLIENT_SINS(data_before_the_handshake, UNEXPECTED_CONTENT, UNEXPECTED_MESSAGE),
    SERVER_SINS(a_changed_record, BAD_RECORD_MAC, BAD_RECORD_MAC),
    CLIENT_SINS(a_changed_record, BAD_RECORD_MAC, BAD_RECORD_MAC),
    SERVER_SINS(a_record_shorter_than_its_tag, BAD_RECORD_MAC, BAD_RECORD_MAC),
    CLIENT_SINS(a_record_shorter_than_its_tag, BAD_RECORD_MAC, BAD_RECORD_MAC),
    SERVER_SINS(a_record_of_an_unknown_type, RECORD_TYPE_UNKNOWN, DECODE_ERROR),
    CLIENT_SINS(a_record_of_an_unknown_type, RECORD_TYPE_UNKNOWN, DECODE_ERROR),
    SERVER_SINS(what_is_no_tls, RECORD_TYPE_UNKNOWN, DECODE_ERROR),
    CLIENT_SINS(what_is_no_tls, RECORD_TYPE_UNKNOWN, DECODE_ERROR),
    CLIENT_SINS(a_record_of_ssl_2, RECORD_VERSION_UNKNOWN, DECODE_ERROR),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS13, sins, COUNT_OF(sins)) + sins_run(TLS12, sins12, COUNT_OF(sins12));
}
