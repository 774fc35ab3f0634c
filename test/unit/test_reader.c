/* The reader: does it remember its failure, keep within its bytes, and answer nothing after? */
#include "base/reader.h"
#include "lib/exact.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void are_numbers_big_endian(void **state)
{
    (void)state;
    struct rd r = rd_of(exact_hex("01 0203 040506 0708090a 0b0c0d0e0f101112"));

    assert_int_equal(rd_u8(&r), 0x01);
    assert_int_equal(rd_u16(&r), 0x0203);
    assert_int_equal(rd_u24(&r), 0x040506);
    assert_int_equal(rd_u32(&r), 0x0708090a);
    assert_false(rd_end(&r));
    assert_true(rd_u64(&r) == UINT64_C(0x0b0c0d0e0f101112));
    assert_true(rd_end(&r));
    assert_false(rd_more(&r));
}

/* Each kind of read, one byte short. */
static void does_a_short_read_fail_for_good(void **state)
{
    (void)state;
    for (size_t width = 1; width <= 4; width++) {
        struct rd r = rd_of(exact_copy(span_of("\1\1\1\1", width - 1)));
        assert_int_equal(rd_uint(&r, width), 0);
        assert_true(r.bad);
        assert_false(rd_more(&r));
        assert_int_equal(rd_u8(&r), 0);
        assert_int_equal(rd_rest(&r).len, 0);
        assert_int_equal(rd_vec(&r, 1, 0, 255).len, 0);
        assert_int_equal(rd_bytes(&r, 0).len, 0);
        assert_false(rd_end(&r));
    }
}

static void do_bytes_left_over_fail_the_end(void **state)
{
    (void)state;
    struct rd r = rd_of(exact_hex("0102"));
    rd_u8(&r);
    assert_false(rd_end(&r));
    assert_false(r.bad);
}

static void do_vectors_keep_their_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t width, min, max, len;
        bool good;
    } rows[] = {
        {"00", 1, 0, 255, 0, true},
        {"00", 1, 1, 255, 0, false},
        {"03aabbcc", 1, 0, 3, 3, true},
        {"03aabbcc", 1, 0, 2, 0, false},
        {"03aabb", 1, 0, 255, 0, false},
        {"0003aabbcc", 2, 3, 3, 3, true},
        {"0003aabbcc", 2, 4, 9, 0, false},
        {"000003aabbcc", 3, 0, 9, 3, true},
        {"ffffffaabbcc", 3, 0, 0xffffff, 0, false},
        {"00", 2, 0, 9, 0, false},
        {"", 1, 0, 9, 0, false},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rd r = rd_of(exact_hex(rows[i].bytes));
        struct span s = rd_vec(&r, rows[i].width, rows[i].min, rows[i].max);
        assert_int_equal(rd_end(&r), rows[i].good);
        assert_int_equal(s.len, rows[i].len);
    }
}

static void must_a_list_be_whole_items_and_one_at_least(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool good;
    } rows[] = {
        {"0000", false},       {"0001aa", false},      {"0002aabb", true},
        {"0003aabbcc", false}, {"0004aabbccdd", true},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct rd r = rd_of(exact_hex(rows[i].bytes));
        struct span s = rd_list(&r, 2, 2);
        assert_int_equal(rd_end(&r), rows[i].good);
        assert_true(rows[i].good || s.len == 0);
    }
}

static void do_spans_allow_nothing_at_all(void **state)
{
    (void)state;
    const struct span none = {NULL, 0};
    struct rd r = rd_of(none);

    assert_true(rd_end(&r));
    assert_int_equal(rd_bytes(&r, 0).len, 0);
    assert_true(rd_end(&r));
    assert_true(span_equal(none, span_str("")));
    assert_false(span_equal(none, span_str("a")));
    assert_int_equal(span_from(span_str("abc"), 4).len, 0);
    assert_int_equal(span_from(span_str("abc"), 3).len, 0);
    assert_int_equal(span_from(span_str("abc"), 1).len, 2);
    span_copy(NULL, none);
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
        cmocka_unit_test(are_numbers_big_endian),
        cmocka_unit_test(does_a_short_read_fail_for_good),
        cmocka_unit_test(do_bytes_left_over_fail_the_end),
        cmocka_unit_test(do_vectors_keep_their_bounds),
        cmocka_unit_test(must_a_list_be_whole_items_and_one_at_least),
        cmocka_unit_test(do_spans_allow_nothing_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
