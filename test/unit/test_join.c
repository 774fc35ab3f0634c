/* Joining fragments: does every split give the same messages, and is nothing kept for what a header
 * only claims? */
#include "lib/exact.h"
#include "lib/heap.h"
#include "record/join.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Three messages, of 3, 0 and 300 bytes. */
enum { FIRST = 4 + 3, SECOND = 4, THIRD = 4 + 300, ALL = FIRST + SECOND + THIRD };
static uint8_t bytes[ALL];

static int prepare(void **state)
{
    (void)state;
    static const uint8_t headers[3][4] = {{1, 0, 0, 3}, {2, 0, 0, 0}, {3, 0, 1, 44}};
    for (size_t i = 0; i < ALL; i++)
        bytes[i] = (uint8_t)(i * 7);
    memcpy(bytes, headers[0], 4);
    memcpy(bytes + FIRST, headers[1], 4);
    memcpy(bytes + FIRST + SECOND, headers[2], 4);
    gv_mem_replace(heap_alloc, heap_release);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    gv_mem_replace(NULL, NULL);
    heap_fail_at(0);
    exact_forget();
    return 0;
}

/* What is given, one message behind the other; and where each ended its record. */
struct got {
    uint8_t at[ALL];
    size_t len, messages, at_end;
};

static void feed(struct join *j, struct span fragment, struct got *g)
{
    struct span message;
    bool last;

    gv_join_feed(j, fragment);
    assert_err(gv_join_next(j, &message, &last), OK);
    while (message.len != 0) {
        assert_true(g->len + message.len <= ALL);
        span_copy(g->at + g->len, message);
        g->len += message.len;
        g->messages++;
        g->at_end += last;
        assert_err(gv_join_next(j, &message, &last), OK);
    }
}

static void assert_all(const struct got *g)
{
    assert_int_equal(g->messages, 3);
    assert_span(span_of(g->at, g->len), SPAN_OF(bytes));
}

static void does_every_split_in_two_give_the_same(void **state)
{
    (void)state;
    for (size_t cut = 0; cut <= ALL; cut++) {
        struct join j;
        struct got g = {.len = 0};
        gv_join_init(&j, 1000);
        feed(&j, exact_copy(span_of(bytes, cut)), &g);
        assert_int_equal(gv_join_is_midway(&j),
                         cut != 0 && cut != FIRST && cut != FIRST + SECOND && cut != ALL);
        feed(&j, exact_copy(span_from(SPAN_OF(bytes), cut)), &g);
        assert_false(gv_join_is_midway(&j));
        assert_all(&g);
        gv_join_drop(&j);
    }
    assert_int_equal(heap_live(), 0);
}

static void does_every_split_in_three_give_the_same(void **state)
{
    (void)state;
    for (size_t a = 0; a <= FIRST + SECOND + 6; a++)
        for (size_t b = a; b <= ALL; b++) {
            struct join j;
            struct got g = {.len = 0};
            gv_join_init(&j, 1000);
            feed(&j, span_of(bytes, a), &g);
            feed(&j, span_of(bytes + a, b - a), &g);
            feed(&j, span_of(bytes + b, ALL - b), &g);
            assert_all(&g);
            gv_join_drop(&j);
        }
}

/* HOSTILE 14 */
static void do_single_bytes_give_the_same(void **state)
{
    (void)state;
    struct join j;
    struct got g = {.len = 0};
    gv_join_init(&j, 1000);
    for (size_t i = 0; i < ALL; i++)
        feed(&j, exact_copy(span_of(bytes + i, 1)), &g);
    assert_all(&g);
    assert_int_equal(g.at_end, 3);
    gv_join_drop(&j);
}

static void is_a_whole_message_handed_on_where_it_lies(void **state)
{
    (void)state;
    struct join j;
    struct span message;
    bool last;
    size_t before = heap_calls();

    gv_join_init(&j, 1000);
    gv_join_feed(&j, SPAN_OF(bytes));
    assert_err(gv_join_next(&j, &message, &last), OK);
    assert_ptr_equal(message.at, bytes);
    assert_false(last);
    assert_err(gv_join_next(&j, &message, &last), OK);
    assert_false(last);
    assert_err(gv_join_next(&j, &message, &last), OK);
    assert_ptr_equal(message.at, bytes + FIRST + SECOND);
    assert_true(last);
    gv_join_drop(&j);
    assert_int_equal(heap_calls(), before);
}

/* HOSTILE 19 (CVE-2016-6307) */
static void hostile_19_is_nothing_allocated_for_a_claim_of_16_mb(void **state)
{
    (void)state;
    struct join j;
    struct span message;
    bool last;

    for (size_t n = 4; n <= 8; n++) { /* the header alone, and with bytes behind it */
        size_t before = heap_calls();
        gv_join_init(&j, 65535);
        gv_join_feed(&j, exact_copy(span_of("\1\xff\xff\xff\0\0\0\0", n)));
        assert_err(gv_join_next(&j, &message, &last), MESSAGE_TOO_LONG);
        assert_int_equal(heap_calls(), before);
        gv_join_drop(&j);
    }
    gv_join_init(&j, 65535); /* and where the header itself comes in pieces */
    struct got g = {.len = 0};
    heap_reset_peak();
    size_t before = heap_peak();
    feed(&j, exact_copy(span_of("\1\xff", 2)), &g);
    gv_join_feed(&j, exact_copy(span_of("\xff\xff\0\0", 4)));
    assert_err(gv_join_next(&j, &message, &last), MESSAGE_TOO_LONG);
    assert_true(heap_peak() - before <= 1024);
    gv_join_drop(&j);
}

/* Memory grows with what came, not with what a header within the limit claims. */
static void hostile_19_does_memory_follow_what_came(void **state)
{
    (void)state;
    struct join j;
    struct got g = {.len = 0};
    size_t live = heap_bytes();

    gv_join_init(&j, 65535);
    feed(&j, exact_copy(span_of("\1\0\xff\xff", 4)), &g);
    assert_true(heap_bytes() - live <= 1024);
    gv_join_drop(&j);
    assert_int_equal(heap_bytes(), live);
}

/* HOSTILE 18: no split, adjacent or not, makes a message longer than the limit. */
static void hostile_18_does_the_limit_hold_for_every_split(void **state)
{
    (void)state;
    static uint8_t message[4 + 65];
    struct span out;
    bool last;

    message[3] = 65;
    for (size_t cut = 0; cut < sizeof message; cut++) {
        struct join j;
        gv_join_init(&j, 64);
        gv_join_feed(&j, exact_copy(span_of(message, cut)));
        enum gv_err err = gv_join_next(&j, &out, &last);
        if (err == GV_OK) {
            gv_join_feed(&j, exact_copy(span_from(SPAN_OF(message), cut)));
            err = gv_join_next(&j, &out, &last);
        }
        assert_string_equal(gv_err_name(err), "MESSAGE_TOO_LONG");
        gv_join_drop(&j);
    }
    message[3] = 64;
    struct join j;
    gv_join_init(&j, 64);
    gv_join_feed(&j, span_of(message, 4 + 64));
    assert_err(gv_join_next(&j, &out, &last), OK);
    assert_int_equal(out.len, 4 + 64);
    gv_join_drop(&j);
}

/* A message was handed on under one limit, and another is set: it holds for that message too, and
 * for all that come. */
static void does_a_limit_that_is_set_later_hold(void **state)
{
    (void)state;
    for (size_t limit = 2; limit <= 3; limit++) {
        struct join j;
        struct span message, next;
        bool last;

        gv_join_init(&j, 1000);
        gv_join_feed(&j, SPAN_OF(bytes));
        assert_err(gv_join_next(&j, &message, &last), OK);
        assert_int_equal(message.len, FIRST);
        assert_int_equal(gv_join_limit(&j, limit, message),
                         limit == 2 ? GV_E_MESSAGE_TOO_LONG : GV_OK);
        if (limit == 3) {
            assert_err(gv_join_next(&j, &next, &last), OK);
            assert_int_equal(next.len, SECOND);
            assert_err(gv_join_next(&j, &next, &last), MESSAGE_TOO_LONG);
        }
        gv_join_drop(&j);
    }
}

static void is_failing_memory_an_error(void **state)
{
    (void)state;
    struct join j;
    struct span message;
    bool last;

    gv_join_init(&j, 1000);
    heap_fail_at(1);
    gv_join_feed(&j, span_of(bytes, 5));
    assert_err(gv_join_next(&j, &message, &last), NO_MEMORY);
    gv_join_drop(&j);
    assert_int_equal(heap_live(), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, prepare, finish)
    const struct CMUnitTest tests[] = {
        TEST(does_every_split_in_two_give_the_same),
        TEST(does_every_split_in_three_give_the_same),
        TEST(do_single_bytes_give_the_same),
        TEST(is_a_whole_message_handed_on_where_it_lies),
        TEST(hostile_19_is_nothing_allocated_for_a_claim_of_16_mb),
        TEST(hostile_19_does_memory_follow_what_came),
        TEST(hostile_18_does_the_limit_hold_for_every_split),
        TEST(does_a_limit_that_is_set_later_hold),
        TEST(is_failing_memory_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
