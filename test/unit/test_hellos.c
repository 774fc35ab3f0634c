/* ClientHello, ServerHello and HelloRetryRequest: bytes to structs and back. */
#include "lib/exact.h"
#include "lib/parser.h"
#include "wire/hello.h"
#include "wire/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define RANDOM "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define RETRY_RANDOM "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
#define SESSION "20a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
#define HELLO_HEAD                                                                                 \
    "0303" RANDOM SESSION "0006130213011303"                                                       \
    "0100"

/* clang-format off */
/* The body of a ClientHello with every extension that we know; pre_shared_key is the last. */
static const char full_hello[] = HELLO_HEAD "0117"
    "0000 000e 000c 00 0009 6c6f63616c686f7374"          /* server_name: localhost */
    "0005 0005 01 0000 0000"                             /* status_request: ocsp */
    "000a 0006 0004 001d 0017"                           /* supported_groups */
    "000b 0002 01 00"                                    /* ec_point_formats */
    "000d 0006 0004 0403 0804"                           /* signature_algorithms */
    "0010 000e 000c 02 6832 08 687474702f312e31"         /* ALPN: h2, http/1.1 */
    "0017 0000"                                          /* extended_master_secret */
    "001b 0005 04 0001 0002"                             /* compress_certificate */
    "0023 0003 aabbcc"                                   /* session_ticket */
    "002a 0000"                                          /* early_data */
    "002b 0005 04 0304 0303"                             /* supported_versions */
    "002c 0006 0004 c00c1e05"                            /* cookie */
    "002d 0002 01 01"                                    /* psk_key_exchange_modes */
    "002f 0008 0006 0004 30020500"                       /* certificate_authorities */
    "0032 0004 0002 0403"                                /* signature_algorithms_cert */
    "0033 000e 000c 001d 0003 010203 0017 0001 04"       /* key_share */
    "003a 0002 0201"                                     /* ticket_request */
    "fd00 0005 04 000a 000d"                             /* ech_outer_extensions */
    "fe0d 0001 01"                                       /* encrypted_client_hello: inner */
    "ff01 0001 00"                                       /* renegotiation_info */
    "4a4a 0001 00"                                       /* GREASE */
    "0029 0057 0011 0002 6161 01020304 0003 626262 fffffffe" /* pre_shared_key */
    "0042 20" RANDOM "20" RANDOM;
static const char server_hello[] = "0303" RANDOM SESSION "1301 00 0017"
    "002b 0002 0304" "0033 0007 001d 0003 010203" "0029 0002 0001" "";
static const char retry[] = "0303" RETRY_RANDOM SESSION "1302 00 0014"
    "002b 0002 0304" "002c 0004 0002 c00c" "0033 0002 0017";
/* clang-format on */

static enum gv_err read_client_hello(struct span body)
{
    struct client_hello m;
    return gv_wire_read_client_hello(body, &m);
}

static enum gv_err read_server_hello(struct span body)
{
    struct server_hello m;
    struct server_hello13 x;
    TRY(gv_wire_read_server_hello(body, &m));
    return gv_wire_read_server_hello13(&m, &x);
}

enum { BEFORE_BLOCK = 2 + 32 + 33 + 8 + 2, BEFORE_SERVER_BLOCK = 2 + 32 + 33 + 2 + 1 };

static void do_the_parsers_stay_in_their_bytes(void **state)
{
    (void)state;
    static const struct parser parsers[] = {
        {"ClientHello", read_client_hello, full_hello, GV_E_DECODE_CLIENT_HELLO, BEFORE_BLOCK},
        {"ServerHello", read_server_hello, server_hello, GV_E_DECODE_SERVER_HELLO,
         BEFORE_SERVER_BLOCK},
        {"HelloRetryRequest", read_server_hello, retry, GV_E_DECODE_SERVER_HELLO,
         BEFORE_SERVER_BLOCK},
    };
    for (size_t i = 0; i < COUNT_OF(parsers); i++)
        print_message("%s: %zu changed messages\n", parsers[i].name, parser_check(&parsers[i]));
}

/* ---- ClientHello -------------------------------------------------------------------------- */

static void is_a_client_hello_taken_apart(void **state)
{
    (void)state;
    struct client_hello m;
    struct span body = exact_hex(full_hello);

    assert_err(gv_wire_read_client_hello(body, &m), OK);
    assert_int_equal(m.version, 0x0303);
    assert_span(m.random, exact_hex(RANDOM));
    assert_span(m.session_id, span_from(exact_hex(SESSION), 1));
    assert_span(m.suites, exact_hex("130213011303"));
    assert_span(m.compressions, exact_hex("00"));
    assert_int_equal(m.extensions.seen, (UINT32_C(1) << EXT_COUNT) - 1);
    assert_true(m.extensions.unknown);
    assert_span(m.server_name, span_str("localhost"));
    assert_true(m.ocsp);
    assert_span(m.groups, exact_hex("001d0017"));
    assert_span(m.schemes, exact_hex("04030804"));
    assert_span(m.versions, exact_hex("03040303"));
    assert_span(m.alpn, exact_hex("02683208687474702f312e31"));
    assert_span(m.psk_modes, exact_hex("01"));
    assert_span(m.cookie, exact_hex("c00c1e05"));
    assert_span(m.session_ticket, exact_hex("aabbcc"));
    assert_span(m.compression_algorithms, exact_hex("00010002"));
    assert_span(m.point_formats, exact_hex("00"));
    assert_span(m.outer_extensions, exact_hex("000a000d"));
    assert_int_equal(m.ech.type, ECH_INNER);
    assert_int_equal(m.binders_at, body.len - 2 - 66);
}

static void are_its_lists_walked(void **state)
{
    (void)state;
    struct client_hello m;
    struct key_share_entry share;
    struct psk_identity psk;
    struct span name;

    assert_err(gv_wire_read_client_hello(exact_hex(full_hello), &m), OK);
    assert_true(gv_next_key_share(&m.key_shares, &share));
    assert_int_equal(share.group, 0x001d);
    assert_span(share.key, exact_hex("010203"));
    assert_true(gv_next_key_share(&m.key_shares, &share));
    assert_int_equal(share.group, 0x0017);
    assert_false(gv_next_key_share(&m.key_shares, &share));

    assert_true(gv_next_psk_identity(&m.psk_identities, &psk));
    assert_span(psk.identity, span_str("aa"));
    assert_int_equal(psk.obfuscated_age, 0x01020304);
    assert_true(gv_next_psk_identity(&m.psk_identities, &psk));
    assert_int_equal(psk.obfuscated_age, 0xfffffffe);
    assert_false(gv_next_psk_identity(&m.psk_identities, &psk));
    assert_true(gv_next_vec8(&m.psk_binders, &name));
    assert_span(name, exact_hex(RANDOM));

    assert_true(gv_next_vec8(&m.alpn, &name));
    assert_span(name, span_str("h2"));
    assert_true(gv_next_vec8(&m.alpn, &name));
    assert_false(gv_next_vec8(&m.alpn, &name));

    assert_true(gv_list_has_u16(m.groups, 0x0017));
    assert_false(gv_list_has_u16(m.groups, 0x1d00)); /* across two entries */
    assert_true(gv_list_has_u8(m.psk_modes, 1));
    assert_false(gv_list_has_u8(span_of(NULL, 0), 0));
}

static enum gv_err read_with(uint16_t code, const char *content, struct client_hello *m)
{
    struct span body = exact_hex(content);
    uint8_t head[6] = {(uint8_t)((body.len + 4) >> 8), (uint8_t)(body.len + 4),
                       (uint8_t)(code >> 8),           (uint8_t)code,
                       (uint8_t)(body.len >> 8),       (uint8_t)body.len};
    struct span hello = exact_join(exact_hex(HELLO_HEAD), SPAN_OF(head));
    return gv_wire_read_client_hello(exact_join(hello, body), m);
}

/* clang-format off */
/* Contents that are malformed, extension by extension; the well-formed ones stand above. */
static const struct {
    uint16_t code;
    const char *content;
} malformed[] = {
    {0, ""}, {0, "0000"}, {0, "0003 00 0000"}, {0, "0004 00 0001 61 00"}, {0, "0005 00 0001 61"},
    {0, "0008 00 0001 61 00 0001 62"},                     /* two host names (RFC 6066 section 3) */
    {5, ""}, {5, "01"}, {5, "01 0000"}, {5, "01 0000 0000 00"}, {5, "01 0001 0000"},
    {10, ""}, {10, "0000"}, {10, "0001 00"}, {10, "0003 001d 00"}, {10, "0002 001d 00"}, {10, "0004 001d"},
    {11, ""}, {11, "00"}, {11, "02 00"}, {11, "01 00 00"},
    {13, ""}, {13, "0000"}, {13, "0003 0403 04"}, {13, "0002 0403 04"},
    {16, ""}, {16, "0000"}, {16, "0001 00"}, {16, "0002 00 00"}, {16, "0003 01 61 00"}, {16, "0002 02 61"}, {16, "0003 01 61 62"},
    {23, "00"},
    {27, ""}, {27, "00"}, {27, "01 00"}, {27, "03 0001 00"}, {27, "02 0001 00"},
    {42, "00"},
    {43, ""}, {43, "00"}, {43, "01 03"}, {43, "03 0304 03"}, {43, "02 0304 00"}, {43, "04 0304"},
    {44, ""}, {44, "0000"}, {44, "0002 00"}, {44, "0001 00 00"},
    {45, ""}, {45, "00"}, {45, "02 01"}, {45, "01 01 00"},
    {47, ""}, {47, "0000"}, {47, "0002 0000"}, {47, "0003 0001 30 00"}, {47, "0003 0002 30"},
    {50, ""}, {50, "0000"}, {50, "0001 04"},
    {51, ""}, {51, "0004 001d 0000"}, {51, "0005 001d 0002 00"}, {51, "0003 001d 00"}, {51, "0005 001d 0001 00 00"},
    {58, ""}, {58, "01"}, {58, "010203"},
    {64768, ""}, {64768, "00"}, {64768, "01 00"}, {64768, "03 000a 00"}, {64768, "02 000a 00"}, {64768, "04 000a"},
    {65037, ""}, {65037, "01 00"},                             /* an inner form that is not empty */
    {65037, "00"}, {65037, "00 0001 0001 07 0000"}, {65037, "00 0001 0001 07 0000 0000"}, /* no payload */
    {65037, "00 0001 0001 07 0001 aa 0001 bb 00"}, {65037, "00 0001 0001 07 0002 aa"},
    {65281, ""}, {65281, "01"}, {65281, "00 00"},
    {41, ""}, {41, "0007 0001 61 00000000"}, {41, "0000 0021 20" RANDOM},
    {41, "0007 0000 00000000 61 0021 20" RANDOM},              /* an empty identity */
    {41, "0007 0001 61 00000000 0020 1f" RANDOM},              /* a binder of 31 bytes */
    {41, "0007 0001 61 00000000 0021 20" RANDOM "00"},
};
/* And contents that look strange, but are well-formed. */
static const struct {
    uint16_t code;
    const char *content;
} odd[] = {
    {0, "0005 01 0002 0102"},           /* a name that is no host name */
    {5, "02"}, {5, "02 aabb"},          /* a status_type of another kind */
    {51, "0000"},                       /* no shares: asks for a HelloRetryRequest (4.2.8) */
    {35, ""},
    {65037, "01"}, {65037, "00 0001 0001 07 0001 aa 0001 bb"}, {65037, "00 0001 0001 07 0000 0001 bb"},
    {65037, "02"}, {65037, "ff 00"},    /* types that the server must tell apart (RFC 9849 section 7) */
    {41, "0007 0001 61 00000000 0021 20" RANDOM},
    {4660, ""}, {4660, "ff"},
};
/* clang-format on */

static void is_every_malformed_extension_refused(void **state)
{
    (void)state;
    struct client_hello m;
    for (size_t i = 0; i < COUNT_OF(malformed); i++) {
        enum gv_err err = read_with(malformed[i].code, malformed[i].content, &m);
        if (err != GV_E_DECODE_CLIENT_HELLO)
            fail_msg("%u: %s: %s", malformed[i].code, malformed[i].content, gv_err_name(err));
    }
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        enum gv_err err = read_with(odd[i].code, odd[i].content, &m);
        if (err != GV_OK)
            fail_msg("%u: %s: %s", odd[i].code, odd[i].content, gv_err_name(err));
    }
}

static void must_pre_shared_key_be_last(void **state)
{
    (void)state;
    struct client_hello m;
    struct span head =
        exact_hex(HELLO_HEAD "0035 0029 002d 0007 0001 61 00000000 0022 21" RANDOM "00 4a4a 0000");
    assert_err(gv_wire_read_client_hello(head, &m), PSK_NOT_LAST);
    head =
        exact_hex(HELLO_HEAD "0035 0029 002d 0007 0001 61 00000000 0022 21" RANDOM "00 0017 0000");
    assert_err(gv_wire_read_client_hello(head, &m), PSK_NOT_LAST);
}

static void are_the_fixed_fields_bounded(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "0303" RANDOM "21" RANDOM "00 0002 1301 01 00", /* a session id of 33 bytes */
        "0303" RANDOM "00 0000 01 00",                  /* no suite */
        "0303" RANDOM "00 0001 13 01 00",               /* half a suite */
        "0303" RANDOM "00 0002 1301 00",                /* no compression method */
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_err(read_client_hello(exact_hex(bad[i])), DECODE_CLIENT_HELLO);
    assert_err(read_client_hello(exact_hex("0303" RANDOM "00 0002 1301 01 00")), OK);
    assert_err(read_client_hello(exact_hex("0303" RANDOM "00 0002 1301 01 00 0000")), OK);
}

/* ---- ServerHello -------------------------------------------------------------------------- */

static void is_a_server_hello_taken_apart(void **state)
{
    (void)state;
    struct server_hello m;
    struct server_hello13 x;

    assert_err(gv_wire_read_server_hello(exact_hex(server_hello), &m), OK);
    assert_int_equal(m.version, 0x0303);
    assert_span(m.random, exact_hex(RANDOM));
    assert_int_equal(m.session_id.len, 32);
    assert_int_equal(m.suite, 0x1301);
    assert_int_equal(m.compression, 0);
    assert_false(m.is_retry);
    assert_err(gv_wire_read_server_hello13(&m, &x), OK);
    assert_int_equal(x.selected_version, 0x0304);
    assert_int_equal(x.share.group, 0x001d);
    assert_span(x.share.key, exact_hex("010203"));
    assert_true(x.has_psk);
    assert_int_equal(x.psk, 1);

    assert_err(gv_wire_read_server_hello(exact_hex(retry), &m), OK);
    assert_true(m.is_retry);
    assert_err(gv_wire_read_server_hello13(&m, &x), OK);
    assert_int_equal(x.share.group, 0x0017);
    assert_int_equal(x.share.key.len, 0);
    assert_span(x.cookie, exact_hex("c00c"));
    assert_false(x.has_psk);
    assert_int_equal(x.ech_confirmation.len, 0);

    struct span confirmed =
        exact_hex("0303" RETRY_RANDOM "00 1301 00 000c fe0d 0008 0102030405060708");
    assert_err(gv_wire_read_server_hello(confirmed, &m), OK);
    assert_err(gv_wire_read_server_hello13(&m, &x), OK);
    assert_span(x.ech_confirmation, exact_hex("0102030405060708"));
}

static void is_a_share_without_a_key_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "0303" RANDOM "00 1301 00 0006 0033 0002 001d",                 /* as in a retry */
        "0303" RANDOM "00 1301 00 0008 0033 0004 001d 0000",            /* an empty key */
        "0303" RETRY_RANDOM "00 1301 00 0009 0033 0005 001d 0001 00",   /* a key in a retry */
        "0303" RETRY_RANDOM "00 1301 00 0006 002c 0002 0000",           /* an empty cookie */
        "0303" RANDOM "00 1301 00 0007 002b 0003 030403",               /* three bytes of version */
        "0303" RANDOM "00 1301 00 0005 0029 0001 00",                   /* half a PSK index */
        "0303" RETRY_RANDOM "00 1301 00 0004 fe0d 0000",                /* a confirmation of 0, */
        "0303" RETRY_RANDOM "00 1301 00 000b fe0d 0007 01020304050607", /* of 7, */
        "0303" RETRY_RANDOM "00 1301 00 000d fe0d 0009 010203040506070809", /* of 9 bytes */
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_err(read_server_hello(exact_hex(bad[i])), DECODE_SERVER_HELLO);
}

static void is_a_retry_told_by_its_random(void **state)
{
    (void)state;
    struct span hello = exact_hex("02000028 0303" RANDOM "00 1301 00 0000");
    struct span again = exact_hex("02000028 0303" RETRY_RANDOM "00 1301 00 0000");

    assert_int_equal(gv_wire_message_type(hello), MSG_SERVER_HELLO);
    assert_int_equal(gv_wire_message_type(again), MSG_HELLO_RETRY_REQUEST);
    for (size_t at = 6; at < 38; at++)
        assert_int_equal(gv_wire_message_type(exact_flip(again, at, 1)), MSG_SERVER_HELLO);
    assert_int_equal(gv_wire_message_type(exact_flip(again, 0, 3)), MSG_CLIENT_HELLO);
    for (size_t n = 4; n < 38; n++)
        assert_int_equal(gv_wire_message_type(exact_copy(span_of(again.at, n))), MSG_SERVER_HELLO);
}

/* ---- writing ------------------------------------------------------------------------------ */

static void are_hellos_written_as_the_rfc_has_them(void **state)
{
    (void)state;
    static const enum extension order[] = {
        EXT_KEY_SHARE, EXT_SERVER_NAME,      EXT_SUPPORTED_VERSIONS,   EXT_ALPN,
        EXT_COOKIE,    EXT_SUPPORTED_GROUPS, EXT_SIGNATURE_ALGORITHMS, EXT_STATUS_REQUEST};
    uint8_t out[512];
    struct wr w = wr_of(out, sizeof out);
    const struct client_hello_out m = {
        .random = exact_hex(RANDOM),
        .session_id = exact_hex("aabb"),
        .suites = exact_hex("13021301"),
        .order = order,
        .order_count = COUNT_OF(order),
        .server_name = span_str("a.b"),
        .groups = exact_hex("001d"),
        .schemes = exact_hex("0403"),
        .versions = exact_hex("0304"),
        .key_shares = exact_hex("001d 0001 09"),
        .ocsp = true,
        .tls13 = true,
    };
    gv_wire_write_client_hello(&w, &m);
    assert_true(wr_done(&w));
    assert_span(wr_span(&w), exact_hex("01 000066 0303" RANDOM "02 aabb 0004 13021301 01 00 0037"
                                       "0033 0007 0005 001d 0001 09"
                                       "0000 0008 0006 00 0003 612e62"
                                       "002b 0003 02 0304"
                                       "000a 0004 0002 001d"
                                       "000d 0004 0002 0403"
                                       "0005 0005 01 0000 0000"));
}

/* What TLS 1.2 and resumption add; pre_shared_key comes last wherever the order has it. */
static void are_the_other_extensions_written_too(void **state)
{
    (void)state;
    static const enum extension order[] = {EXT_PRE_SHARED_KEY,         EXT_EC_POINT_FORMATS,
                                           EXT_EXTENDED_MASTER_SECRET, EXT_SESSION_TICKET,
                                           EXT_PSK_KEY_EXCHANGE_MODES, EXT_EARLY_DATA,
                                           EXT_TICKET_REQUEST};
    uint8_t out[512];
    struct wr w = wr_of(out, sizeof out);
    struct client_hello parsed;
    const struct psk_out psk = {.identity = exact_hex("bbcc"), .age = 0x01020304, .binder_len = 32};
    const struct client_hello_out m = {
        .random = exact_hex(RANDOM),
        .suites = exact_hex("1301"),
        .order = order,
        .order_count = COUNT_OF(order),
        .session_ticket = exact_hex("aa"),
        .psks = &psk,
        .psk_count = 1,
        .tickets_new = 2,
        .tickets_resumed = 1,
        .tls12 = true,
        .tls13 = true,
        .ticket_request = true,
        .early_data = true,
    };
    gv_wire_write_client_hello(&w, &m);
    assert_true(wr_done(&w));
    struct span got = wr_span(&w),
                head = exact_hex("01 00007b 0303" RANDOM "00 0002 1301 01 00 0050");
    struct span block = exact_hex("000b 0002 01 00  0017 0000  0023 0001 aa  002d 0002 01 01"
                                  "002a 0000  003a 0002 0201"
                                  "0029 002d 0008 0002 bbcc 01020304 0021 20");
    static const uint8_t binder[32];
    head = exact_join(head, exact_join(block, SPAN_OF(binder)));
    assert_span(got, exact_copy(head));
    assert_err(gv_wire_read_client_hello(span_from(got, HANDSHAKE_HEADER), &parsed), OK);
    assert_int_equal(parsed.binders_at, got.len - HANDSHAKE_HEADER - gv_wire_binders_len(&psk, 1));
}

static void are_answers_written_as_the_rfc_has_them(void **state)
{
    (void)state;
    uint8_t out[256];
    const struct server_hello_out m = {.random = exact_hex(RANDOM),
                                       .session_id = exact_hex("aabb"),
                                       .suite = 0x1301,
                                       .group = 0x001d,
                                       .share = exact_hex("010203")};
    struct wr w = wr_of(out, sizeof out);
    gv_wire_write_server_hello13(&w, &m);
    assert_true(wr_done(&w));
    assert_span(wr_span(&w), exact_hex("02 00003b 0303" RANDOM "02 aabb 1301 00 0011"
                                       "0033 0007 001d 0003 010203 002b 0002 0304"));
    w = wr_of(out, sizeof out);
    gv_wire_write_hello_retry_request(&w, &m);
    assert_true(wr_done(&w));
    assert_span(wr_span(&w), exact_hex("02 000036 0303" RETRY_RANDOM "02 aabb 1301 00 000c"
                                       "0033 0002 001d 002b 0002 0304"));
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
        cmocka_unit_test(is_a_client_hello_taken_apart),
        cmocka_unit_test(are_its_lists_walked),
        cmocka_unit_test(is_every_malformed_extension_refused),
        cmocka_unit_test(must_pre_shared_key_be_last),
        cmocka_unit_test(are_the_fixed_fields_bounded),
        cmocka_unit_test(is_a_server_hello_taken_apart),
        cmocka_unit_test(is_a_share_without_a_key_refused),
        cmocka_unit_test(is_a_retry_told_by_its_random),
        cmocka_unit_test(are_hellos_written_as_the_rfc_has_them),
        cmocka_unit_test(are_the_other_extensions_written_too),
        cmocka_unit_test(are_answers_written_as_the_rfc_has_them),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
