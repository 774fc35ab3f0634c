/* DER: is everything refused that has a second encoding, and what is cut off or left over? */
#include "lib/hex.h"
#include "pki/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct span hex(const char *text)
{
    static uint8_t bytes[512];
    return (struct span){bytes, hex_read(bytes, sizeof bytes, text)};
}

static bool reads(const char *text, uint8_t tag)
{
    struct rd r = rd_of(hex(text));
    (void)gv_der_value(&r, tag);
    return rd_end(&r);
}

static void are_lengths_taken_in_their_shortest_form_only(void **state)
{
    (void)state;
    assert_true(reads("0400", DER_OCTET_STRING));
    assert_true(reads("040161", DER_OCTET_STRING));
    assert_false(reads("04810161", DER_OCTET_STRING));         /* 1 needs no long form */
    assert_false(reads("0482000161", DER_OCTET_STRING));       /* nor this one */
    assert_false(reads("04807f0000", DER_OCTET_STRING));       /* indefinite */
    assert_false(reads("0485000000000161", DER_OCTET_STRING)); /* five bytes of length */
    assert_false(reads("04ff", DER_OCTET_STRING));
    assert_false(reads("0484ffffffff61", DER_OCTET_STRING)); /* longer than what is there */
    assert_false(reads("0402", DER_OCTET_STRING));
    assert_false(reads("04", DER_OCTET_STRING));
    assert_false(reads("", DER_OCTET_STRING));
    assert_false(reads("1f0100", 0x1f)); /* a tag of more than one byte */

    uint8_t long_form[3 + 128] = {0x04, 0x81, 128};
    struct rd r = rd_of(SPAN_OF(long_form));
    assert_int_equal(128, gv_der_value(&r, DER_OCTET_STRING).len);
    assert_true(rd_end(&r));
}

static void is_another_tag_refused(void **state)
{
    (void)state;
    assert_false(reads("0401aa", DER_INTEGER));
    struct rd r = rd_of(hex("0401aa"));
    assert_null(der_optional(&r, DER_INTEGER).at);
    assert_int_equal(1, der_optional(&r, DER_OCTET_STRING).len);
    assert_null(der_optional(&r, DER_OCTET_STRING).at);
    assert_true(rd_end(&r));
}

static void does_an_element_have_its_header(void **state)
{
    (void)state;
    struct rd r = rd_of(hex("3003020105 0500"));
    struct span e = gv_der_element(&r, DER_SEQUENCE);
    assert_int_equal(5, e.len);
    assert_int_equal(3, gv_der_inside(e).len);
    assert_int_equal(2, r.left);
}

static bool boolean(const char *text, bool *value)
{
    struct rd r = rd_of(hex(text));
    *value = gv_der_boolean_default_false(&r);
    return rd_end(&r);
}

static void are_booleans_00_or_ff(void **state)
{
    (void)state;
    bool value;
    assert_true(boolean("", &value) && !value);
    assert_true(boolean("0101ff", &value) && value);
    assert_true(boolean("010100", &value) && !value);
    assert_false(boolean("010101", &value));
    assert_false(boolean("0102ffff", &value));
    assert_false(boolean("0100", &value));
}

static bool small(const char *text, uint8_t *value)
{
    struct rd r = rd_of(hex(text));
    *value = gv_der_u8(&r);
    return rd_end(&r);
}

static void are_small_integers_minimal_and_not_negative(void **state)
{
    (void)state;
    uint8_t value;
    assert_true(small("020100", &value) && value == 0);
    assert_true(small("02017f", &value) && value == 127);
    assert_true(small("020200ff", &value) && value == 255);
    assert_false(small("020180", &value));
    assert_false(small("0202007f", &value));
    assert_false(small("02020100", &value));
    assert_false(small("0200", &value));
}

static bool flags(const char *text, uint16_t *value)
{
    struct rd r = rd_of(hex(""));
    *value = gv_der_flags(&r, hex(text));
    return !r.bad;
}

static void are_named_bits_counted_from_the_left(void **state)
{
    (void)state;
    uint16_t value;
    assert_true(flags("0780", &value) && value == 1);
    assert_true(flags("0106", &value) && value == (1 << 5 | 1 << 6));
    assert_true(flags("070080", &value) && value == 1 << 8);
    assert_true(flags("00", &value) && value == 0);
    assert_false(flags("", &value));
    assert_false(flags("0880", &value)); /* nine unused bits */
    assert_false(flags("01", &value));   /* unused bits of nothing */
    assert_false(flags("0107", &value)); /* an unused bit that is set */
}

static const char *oid(const char *text, size_t size)
{
    static char out[64];
    memset(out, 'x', sizeof out);
    gv_der_oid_text(hex(text), out, size);
    assert_true(memchr(out, '\0', size) != NULL);
    return out;
}

static void are_object_identifiers_written_out(void **state)
{
    (void)state;
    assert_string_equal("2.5.29.17", oid("551d11", 64));
    assert_string_equal("1.2.840.113549.1.1.11", oid("2a864886f70d01010b", 64));
    assert_string_equal("0.0", oid("00", 64));
    assert_string_equal("2.999.3", oid("883703", 64));
    assert_string_equal("", oid("", 64));
    assert_string_equal("1.2.840.11...", oid("2a864886f70d01010b", 14));
    assert_string_equal("2", oid("551d11", 2));
}

static bool time_of(uint8_t tag, const char *text, int64_t *out)
{
    uint8_t bytes[64] = {tag, (uint8_t)strlen(text)};
    memcpy(bytes + 2, text, strlen(text));
    struct rd r = rd_of((struct span){bytes, 2 + strlen(text)});
    *out = gv_time_read(&r);
    return rd_end(&r);
}

static void are_times_seconds_since_1970(void **state)
{
    (void)state;
    static const struct {
        uint8_t tag;
        const char *der;
        int64_t seconds;
        const char *text;
    } cases[] = {
        {DER_UTC_TIME, "700101000000Z", 0, "1970-01-01T00:00:00Z"},
        {DER_UTC_TIME, "491231235959Z", 2524607999, "2049-12-31T23:59:59Z"},
        {DER_UTC_TIME, "500101000000Z", -631152000, "1950-01-01T00:00:00Z"},
        {DER_UTC_TIME, "000229120000Z", 951825600, "2000-02-29T12:00:00Z"},
        {DER_GENERALIZED_TIME, "20500101000000Z", 2524608000, "2050-01-01T00:00:00Z"},
        {DER_GENERALIZED_TIME, "99991231235959Z", 253402300799, "9999-12-31T23:59:59Z"},
        {DER_GENERALIZED_TIME, "00010101000000Z", -62135596800, "0001-01-01T00:00:00Z"},
        {DER_GENERALIZED_TIME, "21000228235959Z", 4107542399, "2100-02-28T23:59:59Z"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t seconds;
        char text[TIME_TEXT];
        assert_true(time_of(cases[i].tag, cases[i].der, &seconds));
        assert_int_equal(cases[i].seconds, seconds);
        gv_time_text(seconds, text);
        assert_string_equal(cases[i].text, text);
    }
}

static void are_other_forms_of_time_refused(void **state)
{
    (void)state;
    static const struct {
        uint8_t tag;
        const char *der;
    } cases[] = {
        {DER_UTC_TIME, "7001010000Z"},
        {DER_UTC_TIME, "700101000000"},
        {DER_UTC_TIME, "700101000000+0100"},
        {DER_UTC_TIME, "701301000000Z"},
        {DER_UTC_TIME, "700001000000Z"},
        {DER_UTC_TIME, "700230000000Z"},
        {DER_UTC_TIME, "010229000000Z"},
        {DER_UTC_TIME, "700100000000Z"},
        {DER_UTC_TIME, "700101240000Z"},
        {DER_UTC_TIME, "700101006000Z"},
        {DER_UTC_TIME, "700101000060Z"},
        {DER_UTC_TIME, "7001010000 0Z"},
        {DER_UTC_TIME, "700101000000ZZ"},
        {DER_UTC_TIME, ""},
        {DER_UTC_TIME, "19700101000000Z"},
        {DER_GENERALIZED_TIME, "20500101000000.5Z"},
        {DER_GENERALIZED_TIME, "700101000000Z"},
        {DER_GENERALIZED_TIME, "21000229000000Z"},
        {DER_GENERALIZED_TIME, "00000101000000Z"},
        {DER_GENERALIZED_TIME, "2050010100000-Z"},
        {DER_OCTET_STRING, "700101000000Z"},
    };
    int64_t seconds;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (time_of(cases[i].tag, cases[i].der, &seconds))
            fail_msg("%s was read", cases[i].der);
    }
}

static void does_every_day_come_back_from_its_text(void **state)
{
    (void)state;
    char text[TIME_TEXT];
    for (int64_t day = -62135596800; day < 253402300800; day += 86400 * 29) {
        int64_t seconds;
        int year, month, date;
        gv_time_text(day, text);
        assert_int_equal(3, sscanf(text, "%d-%d-%d", &year, &month, &date));
        assert_true(gv_time_of(&(struct date_time){year, month, date, 0, 0, 0}, &seconds));
        assert_int_equal(day, seconds);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_lengths_taken_in_their_shortest_form_only),
        cmocka_unit_test(is_another_tag_refused),
        cmocka_unit_test(does_an_element_have_its_header),
        cmocka_unit_test(are_booleans_00_or_ff),
        cmocka_unit_test(are_small_integers_minimal_and_not_negative),
        cmocka_unit_test(are_named_bits_counted_from_the_left),
        cmocka_unit_test(are_object_identifiers_written_out),
        cmocka_unit_test(are_times_seconds_since_1970),
        cmocka_unit_test(are_other_forms_of_time_refused),
        cmocka_unit_test(does_every_day_come_back_from_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
