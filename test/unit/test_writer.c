/* The writer: does it keep within its memory, and write lengths that are true? */
#include "base/writer.h"
#include "lib/exact.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void are_numbers_big_endian(void **state)
{
    (void)state;
    uint8_t out[18];
    struct wr w = wr_of(out, sizeof out);

    wr_u8(&w, 0x01);
    wr_u16(&w, 0x0203);
    wr_u24(&w, 0x040506);
    wr_u32(&w, 0x0708090a);
    wr_u64(&w, UINT64_C(0x0b0c0d0e0f101112));
    assert_true(wr_done(&w));
    assert_span(wr_span(&w), exact_hex("0102030405060708090a0b0c0d0e0f101112"));
    wr_u8(&w, 0);
    assert_false(wr_done(&w));
}

static void do_vectors_get_their_lengths(void **state)
{
    (void)state;
    uint8_t out[64];
    struct wr w = wr_of(out, sizeof out);

    WR_VEC (&w, 3) {
        wr_u8(&w, 0xaa);
        WR_VEC (&w, 2)
            WR_VEC (&w, 1)
                wr_bytes(&w, span_str("bc"));
        WR_VEC (&w, 1)
            continue;
    }
    assert_true(wr_done(&w));
    assert_span(wr_span(&w), exact_hex("000007 aa 0003 02 6263 00"));
}

/* The same content into every size of memory: it is written whole or not at all, and no byte
 * behind the memory is touched (a sanitizer sees it). */
static void does_it_stay_within_its_memory(void **state)
{
    (void)state;
    enum { WHOLE = 9 };
    for (size_t cap = 0; cap <= WHOLE + 1; cap++) {
        struct span memory = exact_copy(span_of("\0\0\0\0\0\0\0\0\0\0", cap));
        struct wr w = wr_of((uint8_t *)memory.at, cap);
        WR_VEC (&w, 2) {
            wr_u32(&w, 1);
            WR_VEC (&w, 1)
                wr_u16(&w, 2);
        }
        assert_int_equal(wr_done(&w), cap >= WHOLE);
    }
}

static void does_a_vector_refuse_more_than_its_length_can_say(void **state)
{
    (void)state;
    uint8_t out[300];
    for (size_t n = 254; n < 258; n++) {
        struct wr w = wr_of(out, sizeof out);
        WR_VEC (&w, 1)
            wr_room(&w, n);
        assert_int_equal(wr_done(&w), n <= 255);
    }
}

static void is_a_vector_left_open_no_end(void **state)
{
    (void)state;
    uint8_t out[64];
    struct wr w = wr_of(out, sizeof out);

    wr_open(&w, 1);
    assert_false(wr_done(&w));
    wr_close(&w);
    assert_true(wr_done(&w));
    wr_close(&w);
    assert_false(wr_done(&w));
}

static void is_nesting_bounded(void **state)
{
    (void)state;
    uint8_t out[64];
    struct wr w = wr_of(out, sizeof out);

    for (unsigned i = 0; i < WR_DEPTH; i++)
        wr_open(&w, 1);
    assert_false(w.bad);
    wr_open(&w, 1);
    assert_true(w.bad);
    for (unsigned i = 0; i <= WR_DEPTH; i++)
        wr_close(&w);
    assert_false(wr_done(&w));
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
        cmocka_unit_test(do_vectors_get_their_lengths),
        cmocka_unit_test(does_it_stay_within_its_memory),
        cmocka_unit_test(does_a_vector_refuse_more_than_its_length_can_say),
        cmocka_unit_test(is_a_vector_left_open_no_end),
        cmocka_unit_test(is_nesting_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
