/* The extension table: does it say what RFC 9846 section 4.2 and IANA's registry say, and does the
 * one pass over a block find what is wrong with it? */
#include "lib/exact.h"
#include "wire/extension.h"

#include "base/writer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* RFC 9846 section 4.2, the table, and the registrations since: where an extension of TLS 1.3 may
 * stand, in the RFC's own letters. SH2 is TLS 1.2's ServerHello, from the RFC that made the
 * extension; EI the EncodedClientHelloInner of RFC 9849. Written from those texts, not from src/wire/extension.h. */
enum { CH = 1, SH = 2, HRR = 4, EE = 8, CT = 16, CR = 32, NST = 64, SH2 = 128, EI = 256 };
/* clang-format off */
static const struct {
    uint16_t code, places;
} rfc[] = {
    {0, CH | EE | SH2},        /* server_name, RFC 6066 section 3 */
    {5, CH | CR | CT | SH2},   /* status_request, RFC 6066 section 8 */
    {10, CH | EE | SH2},       /* supported_groups; in ServerHello against RFC 8422, but met */
    {11, CH | SH2},            /* ec_point_formats, RFC 8422 section 5.2 */
    {13, CH | CR},             /* signature_algorithms */
    {16, CH | EE | SH2},       /* application_layer_protocol_negotiation, RFC 7301 section 3.1 */
    {23, CH | SH2},            /* extended_master_secret, RFC 7627 section 5.1 */
    {27, CH | CR},             /* compress_certificate, RFC 8879 section 3 */
    {35, CH | SH2},            /* session_ticket, RFC 5077 section 3.2 */
    {41, CH | SH},             /* pre_shared_key */
    {42, CH | EE | NST},       /* early_data */
    {43, CH | SH | HRR},       /* supported_versions */
    {44, CH | HRR},            /* cookie */
    {45, CH},                  /* psk_key_exchange_modes */
    {47, CH | CR},             /* certificate_authorities */
    {50, CH | CR},             /* signature_algorithms_cert */
    {51, CH | SH | HRR},       /* key_share */
    {58, CH | EE},             /* ticket_request, RFC 9149 section 2 */
    {0xfd00, EI},              /* ech_outer_extensions, RFC 9849 section 5.1 */
    {0xfe0d, CH | HRR | EE},   /* encrypted_client_hello, RFC 9849 section 5 */
    {0xff01, CH | SH2},        /* renegotiation_info, RFC 5746 section 3.2 */
};
static const struct {
    enum extension_place place;
    uint16_t letter;
} places[] = {
    {IN_CLIENT_HELLO, CH},         {IN_SERVER_HELLO, SH},  {IN_SERVER_HELLO12, SH2},
    {IN_HELLO_RETRY, HRR},         {IN_ENCRYPTED_EXTENSIONS, EE}, {IN_CERTIFICATE, CT},
    {IN_CERTIFICATE_REQUEST, CR},  {IN_NEW_SESSION_TICKET, NST},
    {IN_ENCODED_INNER_HELLO, EI},
};
/* clang-format on */

static struct span one(uint16_t code, uint8_t out[4])
{
    struct wr w = wr_of(out, 4);
    wr_u16(&w, code);
    wr_u16(&w, 0);
    return wr_span(&w);
}

static const uint16_t *row_of(uint16_t code)
{
    for (size_t i = 0; i < COUNT_OF(rfc); i++)
        if (rfc[i].code == code)
            return &rfc[i].places;
    return NULL;
}

static void does_every_code_stand_where_the_rfc_lets_it(void **state)
{
    (void)state;
    struct extension_block block;
    uint8_t bytes[4];

    for (uint32_t code = 0; code <= 0xffff; code++) {
        const uint16_t *row = row_of((uint16_t)code);
        assert_err(gv_extensions_read(one((uint16_t)code, bytes), &block), OK);
        assert_int_equal(block.unknown, row == NULL);
        assert_int_equal(block.seen != 0, row != NULL);
        for (size_t i = 0; i < COUNT_OF(places); i++) {
            bool may = row == NULL || (*row & places[i].letter) != 0;
            enum gv_err err = gv_extensions_check_place(&block, places[i].place);
            assert_string_equal(gv_err_name(err), may ? "OK" : "EXTENSION_MISPLACED");
        }
    }
}

static void has_every_row_a_code_of_its_own(void **state)
{
    (void)state;
    assert_int_equal(EXT_COUNT, COUNT_OF(rfc));
    for (unsigned e = 0; e < EXT_COUNT; e++) {
        assert_non_null(row_of(gv_extension_code((enum extension)e)));
        for (unsigned other = 0; other < e; other++)
            assert_int_not_equal(gv_extension_code((enum extension)e),
                                 gv_extension_code((enum extension)other));
    }
}

static void is_a_block_taken_apart(void **state)
{
    (void)state;
    struct extension_block b;
    struct span bytes = exact_hex("0010 0003 010203  4a4a 0001 ff  0000 0000  002b 0002 0304");

    assert_err(gv_extensions_read(bytes, &b), OK);
    assert_int_equal(b.seen, EXT_BIT(ALPN) | EXT_BIT(SERVER_NAME) | EXT_BIT(SUPPORTED_VERSIONS));
    assert_true(b.unknown);
    assert_int_equal(b.last, EXT_SUPPORTED_VERSIONS);
    assert_span(b.body[EXT_ALPN], exact_hex("010203"));
    assert_int_equal(b.body[EXT_SERVER_NAME].len, 0);
    assert_span(b.body[EXT_SUPPORTED_VERSIONS], exact_hex("0304"));

    assert_err(gv_extensions_read(exact_hex("0000 0000 4a4a 0000"), &b), OK);
    assert_int_equal(b.last, EXT_COUNT);
    assert_err(gv_extensions_read(span_of(NULL, 0), &b), OK);
    assert_int_equal(b.seen, 0);
    assert_int_equal(b.last, EXT_COUNT);
    assert_false(b.unknown);
}

/* A cut at the end of an extension leaves a shorter block that is well-formed. */
static void is_every_cut_block_malformed(void **state)
{
    (void)state;
    struct extension_block b;
    struct span bytes = exact_hex("0010 0003 010203  4a4a 0001 ff  0000 0000");

    for (size_t n = 0; n < bytes.len; n++) {
        bool whole = n == 0 || n == 7 || n == 12;
        enum gv_err err = gv_extensions_read(exact_copy(span_of(bytes.at, n)), &b);
        assert_string_equal(gv_err_name(err), whole ? "OK" : "DECODE_EXTENSIONS");
    }
}

static void may_no_extension_stand_twice(void **state)
{
    (void)state;
    struct extension_block b;

    for (uint32_t code = 0; code <= 0xffff; code += 1) {
        uint8_t twice[8];
        one((uint16_t)code, twice);
        one((uint16_t)code, twice + 4);
        assert_err(gv_extensions_read(SPAN_OF(twice), &b), EXTENSION_REPEATED);
    }
    assert_err(gv_extensions_read(exact_hex("4a4a 0000 0000 0000 1a1a 0001 00 4a4a 0000"), &b),
               EXTENSION_REPEATED);
}

/* 16,383 extensions, all different, are the most that a block can hold. */
static void is_the_fullest_block_read(void **state)
{
    (void)state;
    static uint8_t bytes[65532];
    struct extension_block b;

    for (uint32_t i = 0; i < sizeof bytes / 4; i++)
        one((uint16_t)(0x4000 + i), bytes + 4 * (size_t)i);
    assert_err(gv_extensions_read(SPAN_OF(bytes), &b), OK);
    assert_int_equal(b.seen, 0);
    one(0x4000, bytes + sizeof bytes - 4);
    assert_err(gv_extensions_read(SPAN_OF(bytes), &b), EXTENSION_REPEATED);
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
        cmocka_unit_test(does_every_code_stand_where_the_rfc_lets_it),
        cmocka_unit_test(has_every_row_a_code_of_its_own),
        cmocka_unit_test(is_a_block_taken_apart),
        cmocka_unit_test(is_every_cut_block_malformed),
        cmocka_unit_test(may_no_extension_stand_twice),
        cmocka_unit_test(is_the_fullest_block_read),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
