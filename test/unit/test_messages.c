/* The handshake messages behind the hellos: bytes to structs and back. */
#include "lib/exact.h"
#include "lib/parser.h"
#include "wire/message.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static enum gv_err read_encrypted_extensions(struct span body)
{
    struct encrypted_extensions m;
    return gv_wire_read_encrypted_extensions(body, &m);
}

static enum gv_err read_certificate_request(struct span body)
{
    struct certificate_request m;
    return gv_wire_read_certificate_request(body, &m);
}

static enum gv_err read_certificate(struct span body)
{
    struct certificate m;
    struct certificate_entry entry;
    TRY(gv_wire_read_certificate(body, &m));
    while (m.entries.len != 0)
        TRY(gv_wire_next_certificate(&m.entries, &entry));
    return GV_OK;
}

static enum gv_err read_certificate_verify(struct span body)
{
    struct certificate_verify m;
    return gv_wire_read_certificate_verify(body, &m);
}

static enum gv_err read_key_update(struct span body)
{
    uint8_t request;
    return gv_wire_read_key_update(body, &request);
}

static enum gv_err read_new_session_ticket(struct span body)
{
    struct new_session_ticket m;
    return gv_wire_read_new_session_ticket(body, &m);
}

static const char encrypted_extensions[] =
    "0015 0010 0005 0003 02 6832 0000 0000 000a 0004 0002001d";
static const char certificate_request[] =
    "02 aabb 001a 000d 0006 0004 0403 0804 002f 0008 0006 0004 30020500 4a4a 0000";
static const char certificate[] =
    "01 aa 00001c 000003 010203 000d 0005 0009 01 000005 1122334455 000002 0405 0000";
static const char certificate_verify[] = "0804 0003 010203";
static const char new_session_ticket[] =
    "00015180 01020304 02 aabb 0003 c0ffee 000c 002a 0004 00004000 4a4a 0000";

static void do_the_parsers_stay_in_their_bytes(void **state)
{
    (void)state;
    static const struct parser parsers[] = {
        {"EncryptedExtensions", read_encrypted_extensions, encrypted_extensions,
         GV_E_DECODE_ENCRYPTED_EXTENSIONS, 0},
        {"CertificateRequest", read_certificate_request, certificate_request,
         GV_E_DECODE_CERTIFICATE_REQUEST, 0},
        {"Certificate", read_certificate, certificate, GV_E_DECODE_CERTIFICATE, 0},
        {"CertificateVerify", read_certificate_verify, certificate_verify,
         GV_E_DECODE_CERTIFICATE_VERIFY, 0},
        {"KeyUpdate", read_key_update, "01", GV_E_DECODE_KEY_UPDATE, 0},
        {"NewSessionTicket", read_new_session_ticket, new_session_ticket,
         GV_E_DECODE_NEW_SESSION_TICKET, 0},
    };
    for (size_t i = 0; i < COUNT_OF(parsers); i++)
        print_message("%s: %zu changed messages\n", parsers[i].name, parser_check(&parsers[i]));
}

/* ---- EncryptedExtensions ------------------------------------------------------------------ */

static void is_encrypted_extensions_taken_apart(void **state)
{
    (void)state;
    struct encrypted_extensions m;
    assert_err(gv_wire_read_encrypted_extensions(exact_hex(encrypted_extensions), &m), OK);
    assert_span(m.alpn, span_str("h2"));
    assert_int_equal(m.extensions.seen,
                     EXT_BIT(ALPN) | EXT_BIT(SERVER_NAME) | EXT_BIT(SUPPORTED_GROUPS));
    assert_err(gv_wire_read_encrypted_extensions(exact_hex("0000"), &m), OK);
    assert_int_equal(m.alpn.len, 0);
}

/* RFC 7301 section 3.1, RFC 6066 section 3, RFC 9846 section 4.2.10. */
static void must_the_answers_be_exact(void **state)
{
    (void)state;
    static const char *const bad_alpn[] = {
        "0006 0010 0002 0000",             /* no name */
        "0007 0010 0003 0001 00",          /* an empty name */
        "000a 0010 0006 0004 01 61 01 62", /* two names */
        "000a 0010 0006 0003 02 6832 00",  /* a byte behind the list */
        "0004 0010 0000",                  /* nothing at all */
    };
    for (size_t i = 0; i < COUNT_OF(bad_alpn); i++)
        assert_err(read_encrypted_extensions(exact_hex(bad_alpn[i])), DECODE_ALPN);
    assert_err(read_encrypted_extensions(exact_hex("0005 0000 0001 00")),
               DECODE_ENCRYPTED_EXTENSIONS);
    assert_err(read_encrypted_extensions(exact_hex("0005 002a 0001 00")),
               DECODE_ENCRYPTED_EXTENSIONS);
}

/* ---- CertificateRequest ------------------------------------------------------------------- */

static void is_a_certificate_request_taken_apart(void **state)
{
    (void)state;
    struct certificate_request m;
    assert_err(gv_wire_read_certificate_request(exact_hex(certificate_request), &m), OK);
    assert_span(m.context, exact_hex("aabb"));
    assert_span(m.schemes, exact_hex("04030804"));
    assert_span(m.authorities, exact_hex("0004 30020500"));
    assert_true(m.extensions.unknown);
}

static void are_its_lists_well_formed(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "00 0006 000d 0002 0000",         "00 0007 000d 0003 0001 04",
        "00 0006 002f 0002 0000",         "00 0008 002f 0004 0002 0000",
        "00 0009 002f 0005 0003 0002 30", "00 0008 000d 0004 0002 040300",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_err(read_certificate_request(exact_hex(bad[i])), DECODE_CERTIFICATE_REQUEST);
}

/* ---- Certificate -------------------------------------------------------------------------- */

static void is_a_certificate_message_taken_apart(void **state)
{
    (void)state;
    struct certificate m;
    struct certificate_entry entry;

    assert_err(gv_wire_read_certificate(exact_hex(certificate), &m), OK);
    assert_span(m.context, exact_hex("aa"));
    assert_int_equal(m.count, 2);
    assert_int_equal(m.bytes, 5);
    assert_err(gv_wire_next_certificate(&m.entries, &entry), OK);
    assert_span(entry.der, exact_hex("010203"));
    assert_span(entry.ocsp, exact_hex("1122334455"));
    assert_int_equal(entry.extensions.seen, EXT_BIT(STATUS_REQUEST));
    assert_err(gv_wire_next_certificate(&m.entries, &entry), OK);
    assert_span(entry.der, exact_hex("0405"));
    assert_int_equal(entry.ocsp.len, 0);
    assert_int_equal(m.entries.len, 0);
    assert_err(gv_wire_read_certificate(exact_hex("00 000000"), &m), OK);
    assert_int_equal(m.count, 0);
}

static void is_an_empty_certificate_refused(void **state)
{
    (void)state;
    assert_err(read_certificate(exact_hex("00 000005 000000 0000")), DECODE_CERTIFICATE);
}

static void is_a_stapled_response_well_formed(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "00 00000a 000001 30 0004 0005 0000",                 /* no CertificateStatus */
        "00 00000b 000001 30 0005 0005 0001 01",              /* only its type */
        "00 00000e 000001 30 0008 0005 0004 01 000000",       /* an empty response */
        "00 00000f 000001 30 0009 0005 0005 02 000001 aa",    /* of another type */
        "00 000010 000001 30 000a 0005 0006 01 000001 aa 00", /* a byte too many */
        "00 00000f 000001 30 0009 0005 0005 01 000002 aa",    /* a byte too few */
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_err(read_certificate(exact_hex(bad[i])), DECODE_CERTIFICATE_STATUS);
}

/* ---- CertificateVerify, KeyUpdate, NewSessionTicket ---------------------------------------- */

static void are_the_small_ones_taken_apart(void **state)
{
    (void)state;
    struct certificate_verify v;
    struct new_session_ticket t;
    uint8_t request = 7;

    assert_err(gv_wire_read_certificate_verify(exact_hex(certificate_verify), &v), OK);
    assert_int_equal(v.scheme, 0x0804);
    assert_span(v.signature, exact_hex("010203"));
    assert_err(gv_wire_read_key_update(exact_hex("00"), &request), OK);
    assert_int_equal(request, KEY_UPDATE_NOT_REQUESTED);
    assert_err(gv_wire_read_key_update(exact_hex("01"), &request), OK);
    assert_int_equal(request, KEY_UPDATE_REQUESTED);
    assert_err(gv_wire_read_new_session_ticket(exact_hex(new_session_ticket), &t), OK);
    assert_int_equal(t.lifetime, 86400);
    assert_int_equal(t.age_add, 0x01020304);
    assert_span(t.nonce, exact_hex("aabb"));
    assert_span(t.ticket, exact_hex("c0ffee"));
    assert_int_equal(t.max_early_data, 16384);
}

/* HOSTILE 11 */
static void is_any_other_key_update_request_refused(void **state)
{
    (void)state;
    for (unsigned value = 2; value < 256; value++) {
        const uint8_t body[] = {(uint8_t)value};
        assert_err(read_key_update(exact_copy(SPAN_OF(body))), KEY_UPDATE_VALUE);
    }
}

static void must_a_ticket_hold_something(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "00000000 00000000 00 0000 0000",                     /* an empty ticket */
        "00000000 00000000 00 0001 aa 0007 002a 0003 000000", /* half an early_data */
        "00000000 00000000 00 0001 aa 0004 002a 0000",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_err(read_new_session_ticket(exact_hex(bad[i])), DECODE_NEW_SESSION_TICKET);
}

/* ---- writing ------------------------------------------------------------------------------ */

static void are_messages_written_as_the_rfc_has_them(void **state)
{
    (void)state;
    uint8_t out[256];
    struct span chain[2], names[2], none = {NULL, 0};
    struct wr w = wr_of(out, sizeof out);

    gv_wire_write_encrypted_extensions(&w, true, span_str("h2"), false, none);
    gv_wire_write_encrypted_extensions(&w, false, none, true, none);
    assert_span(wr_span(&w), exact_hex("08 00000f 000d 0000 0000 0010 0005 0003 02 6832"
                                       "08 000006 0004 002a 0000"));
    w = wr_of(out, sizeof out);
    names[0] = exact_hex("3000");
    names[1] = exact_hex("30020500");
    const struct certificate_request_out asks[] = {
        {.schemes = exact_hex("0403"), .authorities = names, .count = 2},
        {.schemes = exact_hex("0403"), .compression_algorithms = exact_hex("00020001")},
    };
    gv_wire_write_certificate_request(&w, &asks[0]);
    gv_wire_write_certificate_request(&w, &asks[1]);
    assert_span(wr_span(&w), exact_hex("0d 00001b 00 0018 000d 0004 0002 0403"
                                       "002f 000c 000a 0002 3000 0004 30020500"
                                       "0d 000014 00 0011 000d 0004 0002 0403"
                                       "001b 0005 04 0002 0001"));
    w = wr_of(out, sizeof out);
    chain[0] = exact_hex("010203");
    chain[1] = exact_hex("0405");
    gv_wire_write_certificate(&w, none, chain, 2, exact_hex("aa"));
    gv_wire_write_certificate(&w, exact_hex("bb"), NULL, 0, none);
    assert_span(wr_span(&w),
                exact_hex("0b 00001c 00 000018 000003 010203 0009 0005 0005 01 000001 aa"
                          "000002 0405 0000"
                          "0b 000005 01 bb 000000"));
    w = wr_of(out, sizeof out);
    gv_wire_write_certificate_verify(&w, 0x0804, exact_hex("aabb"));
    gv_wire_write_finished(&w, exact_hex("ccdd"));
    gv_wire_write_key_update(&w, KEY_UPDATE_REQUESTED);
    assert_true(wr_done(&w));
    assert_span(wr_span(&w), exact_hex("0f 000006 0804 0002 aabb 14 000002 ccdd 18 000001 01"));
}

static int forget(void **state)
{
    (void)state;
    exact_forget();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(do_the_parsers_stay_in_their_bytes),
        cmocka_unit_test(is_encrypted_extensions_taken_apart),
        cmocka_unit_test(must_the_answers_be_exact),
        cmocka_unit_test(is_a_certificate_request_taken_apart),
        cmocka_unit_test(are_its_lists_well_formed),
        cmocka_unit_test(is_a_certificate_message_taken_apart),
        cmocka_unit_test(is_an_empty_certificate_refused),
        cmocka_unit_test(is_a_stapled_response_well_formed),
        cmocka_unit_test(are_the_small_ones_taken_apart),
        cmocka_unit_test(is_any_other_key_update_request_refused),
        cmocka_unit_test(must_a_ticket_hold_something),
        cmocka_unit_test(are_messages_written_as_the_rfc_has_them),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
