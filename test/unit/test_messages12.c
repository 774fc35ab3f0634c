/* The handshake messages of TLS 1.2: bytes to structs and back. */
#include "lib/exact.h"
#include "lib/parser.h"
#include "wire/message12.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define RANDOM "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static enum gv_err read_server_hello(struct span body)
{
    struct server_hello m;
    struct server_hello12 x;
    TRY(gv_wire_read_server_hello(body, &m));
    return gv_wire_read_server_hello12(&m, &x);
}

static enum gv_err read_certificate(struct span body)
{
    struct certificate12 m;
    struct span der;
    TRY(gv_wire_read_certificate12(body, &m));
    while (gv_next_certificate12(&m.list, &der))
        continue;
    return GV_OK;
}

static enum gv_err read_status(struct span body)
{
    struct span ocsp;
    return gv_wire_read_certificate_status(body, &ocsp);
}

static enum gv_err read_server_key_exchange(struct span body)
{
    struct server_key_exchange m;
    return gv_wire_read_server_key_exchange(body, &m);
}

static enum gv_err read_client_key_exchange(struct span body)
{
    struct span point;
    return gv_wire_read_client_key_exchange(body, &point);
}

static enum gv_err read_certificate_request(struct span body)
{
    struct certificate_request12 m;
    return gv_wire_read_certificate_request12(body, &m);
}

static enum gv_err read_ticket(struct span body)
{
    struct new_session_ticket12 m;
    return gv_wire_read_new_session_ticket12(body, &m);
}

static const char server_hello[] = "0303" RANDOM
                                   "00 c02f 00 0024 0000 0000 0017 0000 0023 0000 0005 0000"
                                   "ff01 0001 00 000b 0002 01 00 0010 0005 0003 02 6832";

static void do_the_parsers_stay_in_their_bytes(void **state)
{
    (void)state;
    static const struct parser parsers[] = {
        {"ServerHello", read_server_hello, server_hello, GV_E_DECODE_SERVER_HELLO, 38},
        {"Certificate", read_certificate, "00000b 000003 010203 000002 0405",
         GV_E_DECODE_CERTIFICATE, 0},
        {"CertificateStatus", read_status, "01 000002 aabb", GV_E_DECODE_CERTIFICATE_STATUS, 0},
        {"ServerKeyExchange", read_server_key_exchange, "03 001d 04 01020304 0804 0003 aabbcc",
         GV_E_DECODE_SERVER_KEY_EXCHANGE, 0},
        {"ClientKeyExchange", read_client_key_exchange, "04 01020304",
         GV_E_DECODE_CLIENT_KEY_EXCHANGE, 0},
        {"CertificateRequest", read_certificate_request,
         "02 01 40 0004 0403 0804 0006 0004 30020500", GV_E_DECODE_CERTIFICATE_REQUEST, 0},
        {"NewSessionTicket", read_ticket, "00015180 0003 c0ffee", GV_E_DECODE_NEW_SESSION_TICKET,
         0},
    };
    for (size_t i = 0; i < COUNT_OF(parsers); i++)
        print_message("%s: %zu changed messages\n", parsers[i].name, parser_check(&parsers[i]));
}

static void is_a_server_hello_taken_apart(void **state)
{
    (void)state;
    struct server_hello m;
    struct server_hello12 x;
    assert_err(gv_wire_read_server_hello(exact_hex(server_hello), &m), OK);
    assert_err(gv_wire_read_server_hello12(&m, &x), OK);
    assert_span(x.alpn, span_str("h2"));
    assert_true(x.extended_master_secret && x.ticket && x.ocsp);
    assert_err(gv_wire_read_server_hello(exact_hex("0303" RANDOM "00 c02f 00"), &m), OK);
    assert_err(gv_wire_read_server_hello12(&m, &x), OK);
    assert_false(x.extended_master_secret || x.ticket || x.ocsp);
}

/* HOSTILE 46: RFC 5746 section 3.4. RFC 8422 section 5.2. */
static void are_its_extensions_held_to_their_rfcs(void **state)
{
    (void)state;
    static const struct {
        const char *block;
        enum gv_err err;
    } rows[] = {
        {"0005 0000 0001 00", GV_E_DECODE_SERVER_HELLO},
        {"0005 0017 0001 00", GV_E_DECODE_SERVER_HELLO},
        {"0005 0023 0001 00", GV_E_DECODE_SERVER_HELLO},
        {"0005 0005 0001 00", GV_E_DECODE_SERVER_HELLO},
        {"0006 ff01 0002 01 aa", GV_E_RENEGOTIATION_INFO_WRONG},
        {"0004 ff01 0000", GV_E_DECODE_SERVER_HELLO},
        {"0006 ff01 0002 00 00", GV_E_DECODE_SERVER_HELLO},
        {"0006 000b 0002 01 01", GV_E_POINT_FORMAT_MISSING},
        {"0005 000b 0001 00", GV_E_DECODE_SERVER_HELLO},
        {"000a 0010 0006 0004 01 61 01 62", GV_E_DECODE_ALPN},
    };
    struct span head = exact_hex("0303" RANDOM "00 c02f 00");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        enum gv_err err = read_server_hello(exact_join(head, exact_hex(rows[i].block)));
        assert_string_equal(gv_err_name(err), gv_err_name(rows[i].err));
    }
}

static void are_the_others_taken_apart(void **state)
{
    (void)state;
    struct certificate12 c;
    struct server_key_exchange k;
    struct certificate_request12 r;
    struct new_session_ticket12 t;
    struct span der, point;

    assert_err(gv_wire_read_certificate12(exact_hex("00000b 000003 010203 000002 0405"), &c), OK);
    assert_int_equal(c.count, 2);
    assert_int_equal(c.bytes, 5);
    assert_true(gv_next_certificate12(&c.list, &der));
    assert_span(der, exact_hex("010203"));
    assert_err(read_certificate(exact_hex("000000")), OK);
    assert_err(read_certificate(exact_hex("000003 000000")), DECODE_CERTIFICATE);

    struct span body = exact_hex("03 001d 04 01020304 0804 0003 aabbcc");
    assert_err(gv_wire_read_server_key_exchange(body, &k), OK);
    assert_int_equal(k.group, 0x001d);
    assert_span(k.point, exact_hex("01020304"));
    assert_span(k.params, span_of(body.at, 8));
    assert_int_equal(k.scheme, 0x0804);
    assert_span(k.signature, exact_hex("aabbcc"));
    assert_err(read_server_key_exchange(exact_flip(body, 0, 2)), CURVE_TYPE_UNSUPPORTED);

    assert_err(gv_wire_read_client_key_exchange(exact_hex("02 aabb"), &point), OK);
    assert_span(point, exact_hex("aabb"));
    assert_err(read_client_key_exchange(exact_hex("00")), DECODE_CLIENT_KEY_EXCHANGE);

    assert_err(gv_wire_read_certificate_request12(exact_hex("01 40 0002 0403 0000"), &r), OK);
    assert_span(r.types, exact_hex("40"));
    assert_span(r.schemes, exact_hex("0403"));
    assert_err(read_certificate_request(exact_hex("00 0002 0403 0000")),
               DECODE_CERTIFICATE_REQUEST);
    assert_err(read_certificate_request(exact_hex("01 40 0000 0000")), DECODE_CERTIFICATE_REQUEST);

    assert_err(gv_wire_read_new_session_ticket12(exact_hex("00000001 0000"), &t), OK);
    assert_int_equal(t.lifetime, 1);
    assert_err(gv_wire_read_server_hello_done(span_of(NULL, 0)), OK);
    assert_err(gv_wire_read_server_hello_done(exact_hex("00")), DECODE_SERVER_HELLO_DONE);
    assert_err(read_status(exact_hex("02 000001 aa")), DECODE_CERTIFICATE_STATUS);
    assert_err(read_status(exact_hex("01 000000")), DECODE_CERTIFICATE_STATUS);
}

static void are_messages_written_as_the_rfcs_have_them(void **state)
{
    (void)state;
    uint8_t out[256];
    struct span chain[] = {exact_hex("010203"), exact_hex("0405")}, names[] = {exact_hex("3000")};
    const struct server_hello12_out all = {.random = exact_hex(RANDOM),
                                           .session_id = exact_hex("aabb"),
                                           .suite = 0xc02f,
                                           .alpn = span_str("h2"),
                                           .server_name = true,
                                           .extended_master_secret = true,
                                           .ticket = true,
                                           .ocsp = true,
                                           .point_formats = true,
                                           .renegotiation_info = true};
    struct wr w = wr_of(out, sizeof out);
    gv_wire_write_server_hello12(&w, &all);
    assert_true(wr_done(&w));
    assert_span(wr_span(&w), exact_hex("02 00004e 0303" RANDOM "02 aabb c02f 00 0024"
                                       "0000 0000 0017 0000 0023 0000 0005 0000 ff01 0001 00"
                                       "000b 0002 01 00 0010 0005 0003 02 6832"));
    w = wr_of(out, sizeof out);
    gv_wire_write_certificate12(&w, chain, 2);
    gv_wire_write_certificate_status(&w, exact_hex("aa"));
    gv_wire_write_server_key_exchange(&w, exact_hex("03 001d 02 aabb"), 0x0804, exact_hex("cc"));
    gv_wire_write_certificate_request12(&w, exact_hex("0403"), names, 1);
    gv_wire_write_server_hello_done(&w);
    gv_wire_write_client_key_exchange(&w, exact_hex("aabb"));
    gv_wire_write_new_session_ticket12(&w, 86400, exact_hex("c0ffee"));
    gv_wire_write_ecdh_params(&w, 0x001d, exact_hex("aabb"));
    assert_true(wr_done(&w));
    assert_span(wr_span(&w), exact_hex("0b 00000e 00000b 000003 010203 000002 0405"
                                       "16 000005 01 000001 aa"
                                       "0c 00000b 03 001d 02 aabb 0804 0001 cc"
                                       "0d 00000d 02 01 40 0002 0403 0004 0002 3000"
                                       "0e 000000 10 000003 02 aabb"
                                       "04 000009 00015180 0003 c0ffee"
                                       "03 001d 02 aabb"));
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
        cmocka_unit_test(is_a_server_hello_taken_apart),
        cmocka_unit_test(are_its_extensions_held_to_their_rfcs),
        cmocka_unit_test(are_the_others_taken_apart),
        cmocka_unit_test(are_messages_written_as_the_rfcs_have_them),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
