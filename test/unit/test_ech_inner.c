/* From what a client encrypted to the hello that it means (RFC 9849 section 5.1), and each way in which
 * that may be wrong. */
#include "wire/ech_inner.h"

#include "lib/exact.h"
#include "lib/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define OUTER_HEAD                                                                                 \
    "0303 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 04 51515151"            \
    "0002 1301 01 00"
#define INNER_RANDOM "0303 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define INNER_HEAD INNER_RANDOM "00 0002 1302 01 00"

/* Extensions: GREASE, supported_groups, encrypted_client_hello (cut short), key_share, ALPN */
static const char outer[] = OUTER_HEAD "0023"
                                       "5a5a 0000"
                                       "000a 0004 0002 001d"
                                       "fe0d 0001 00"
                                       "0033 0005 0003 001d 00"
                                       "0010 0005 0003 02 6832";

static enum gv_err decode(const char *encoded_hex, uint8_t *out, size_t cap, size_t *len)
{
    uint8_t encoded[2048], outside[512];
    size_t n = hex_read(encoded, sizeof encoded, encoded_hex);
    struct span e = exact_copy(span_of(encoded, n));
    struct span o = exact_copy(span_of(outside, hex_read(outside, sizeof outside, outer)));
    size_t room = gv_wire_inner_hello_max(e, o);
    uint8_t *at = malloc(room);
    struct wr w = wr_of(at, room);
    assert_non_null(at);
    enum gv_err err = gv_wire_decode_inner_hello(e, o, &w);
    if (err == GV_OK) {
        assert_true(w.len <= cap);
        memcpy(out, at, w.len);
        *len = w.len;
    }
    free(at);
    exact_forget();
    return err;
}

static void assert_decodes(const char *encoded, const char *expected_hex)
{
    uint8_t found[1024], expected[1024];
    size_t found_len = 0, expected_len = hex_read(expected, sizeof expected, expected_hex);
    assert_int_equal(decode(encoded, found, sizeof found, &found_len), GV_OK);
    assert_int_equal(found_len, expected_len);
    assert_memory_equal(found, expected, expected_len);
}

static void assert_refused(const char *encoded, enum gv_err expected)
{
    uint8_t found[1024];
    size_t len;
    enum gv_err err = decode(encoded, found, sizeof found, &len);
    if (err != expected)
        fail_msg("%s: %s, not %s", encoded, gv_err_name(err), gv_err_name(expected));
}

static void is_the_outer_session_id_taken_and_the_padding_dropped(void **state)
{
    (void)state;
    assert_decodes(INNER_HEAD "0005 fe0d 0001 01 00000000",
                   "01 000034" INNER_RANDOM "04 51515151 0002 1302 01 00"
                   "0005 fe0d 0001 01");
}

static void do_references_become_extensions_in_their_place(void **state)
{
    (void)state;
    assert_decodes(INNER_HEAD "0012 fe0d 0001 01 fd00 0005 04 000a 0033 0001 0000",
                   "01 000049" INNER_RANDOM "04 51515151 0002 1302 01 00"
                   "001a fe0d 0001 01 000a 0004 0002 001d 0033 0005 0003 001d 00 0001 0000");
}

static void do_references_reach_the_first_and_the_last_extension(void **state)
{
    (void)state;
    assert_decodes(INNER_HEAD "0009 fd00 0005 04 5a5a 0010",
                   "01 00003c" INNER_RANDOM "04 51515151 0002 1302 01 00"
                   "000d 5a5a 0000 0010 0005 0003 02 6832");
}

static void is_a_reference_refused_that_stands_twice(void **state)
{
    (void)state;
    assert_refused(INNER_HEAD "0009 fd00 0005 04 000a 000a", GV_E_OUTER_EXTENSION_MISSING);
}

static void are_references_refused_that_are_out_of_order(void **state)
{
    (void)state;
    assert_refused(INNER_HEAD "0009 fd00 0005 04 0033 000a", GV_E_OUTER_EXTENSION_MISSING);
}

static void is_a_reference_refused_to_what_is_not_there(void **state)
{
    (void)state;
    assert_refused(INNER_HEAD "0009 fd00 0005 04 000a 0029", GV_E_OUTER_EXTENSION_MISSING);
}

static void is_a_reference_refused_to_the_encrypted_hello_itself(void **state)
{
    (void)state;
    assert_refused(INNER_HEAD "0009 fd00 0005 04 000a fe0d", GV_E_OUTER_EXTENSION_ECH);
}

static void is_a_second_list_of_references_refused(void **state)
{
    (void)state;
    assert_refused(INNER_HEAD "000e fd00 0003 02 000a fd00 0003 02 000a", GV_E_EXTENSION_REPEATED);
}

static void is_a_malformed_list_of_references_refused(void **state)
{
    (void)state;
    assert_refused(INNER_HEAD "0005 fd00 0001 00", GV_E_DECODE_INNER_HELLO);
    assert_refused(INNER_HEAD "0008 fd00 0004 03 000a 33", GV_E_DECODE_INNER_HELLO);
    assert_refused(INNER_HEAD "0008 fd00 0004 02 000a 33", GV_E_DECODE_INNER_HELLO);
    assert_refused(INNER_HEAD "0007 fd00 0003 04 000a", GV_E_DECODE_INNER_HELLO);
    assert_refused(INNER_HEAD "0004 fd00 0000", GV_E_DECODE_INNER_HELLO);
}

static void is_padding_refused_that_is_not_zero(void **state)
{
    (void)state;
    assert_refused(INNER_HEAD "0005 fe0d 0001 01 00000001", GV_E_INNER_HELLO_PADDING);
    assert_refused(INNER_HEAD "0005 fe0d 0001 01 01000000", GV_E_INNER_HELLO_PADDING);
}

static void is_an_inner_session_id_refused(void **state)
{
    (void)state;
    assert_refused(INNER_RANDOM "01 51 0002 1302 01 00 0005 fe0d 0001 01",
                   GV_E_INNER_HELLO_SESSION_ID);
}

static void is_a_hello_refused_that_is_cut_anywhere(void **state)
{
    (void)state;
    char text[1024];
    static const char whole[] = INNER_HEAD "0009 fd00 0005 04 000a 0033";
    uint8_t bytes[256];
    size_t len = hex_read(bytes, sizeof bytes, whole);
    for (size_t n = 0; n < len; n++) {
        for (size_t i = 0; i < n; i++)
            (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
        text[2 * n] = '\0';
        assert_refused(text, GV_E_DECODE_INNER_HELLO);
    }
}

/* More than an extension block can hold: 65,000 bytes of its own and 1,000 referred to. */
static void is_a_hello_refused_that_grows_past_its_length_field(void **state)
{
    (void)state;
    enum { OWN = 65000, OUTSIDE = 1000 };
    static uint8_t inner[128 + OWN], outside[128 + OUTSIDE], to[sizeof inner + sizeof outside];
    struct wr i = wr_of(inner, sizeof inner), o = wr_of(outside, sizeof outside);
    i.len = hex_read(inner, sizeof inner, INNER_HEAD);
    o.len = hex_read(outside, sizeof outside, OUTER_HEAD);
    WR_VEC(&i, 2) {
        wr_uint(&i, 4, 0xfd000003);
        wr_uint(&i, 3, 0x020015);
        wr_u16(&i, 0x4a4a);
        WR_VEC(&i, 2)
            (void)wr_room(&i, OWN);
    }
    WR_VEC(&o, 2) {
        wr_u16(&o, 0x0015);
        WR_VEC(&o, 2)
            (void)wr_room(&o, OUTSIDE);
    }
    assert_true(wr_done(&i) && wr_done(&o));
    struct wr w = wr_of(to, sizeof to);
    assert_int_equal(gv_wire_decode_inner_hello(wr_span(&i), wr_span(&o), &w),
                     GV_E_DECODE_INNER_HELLO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_outer_session_id_taken_and_the_padding_dropped),
        cmocka_unit_test(do_references_become_extensions_in_their_place),
        cmocka_unit_test(do_references_reach_the_first_and_the_last_extension),
        cmocka_unit_test(is_a_reference_refused_that_stands_twice),
        cmocka_unit_test(are_references_refused_that_are_out_of_order),
        cmocka_unit_test(is_a_reference_refused_to_what_is_not_there),
        cmocka_unit_test(is_a_reference_refused_to_the_encrypted_hello_itself),
        cmocka_unit_test(is_a_second_list_of_references_refused),
        cmocka_unit_test(is_a_malformed_list_of_references_refused),
        cmocka_unit_test(is_padding_refused_that_is_not_zero),
        cmocka_unit_test(is_an_inner_session_id_refused),
        cmocka_unit_test(is_a_hello_refused_that_is_cut_anywhere),
        cmocka_unit_test(is_a_hello_refused_that_grows_past_its_length_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
