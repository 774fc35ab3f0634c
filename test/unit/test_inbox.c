/* The receive buffer: do plaintext and TLS bytes keep their order and their memory through any
 * sequence of reads, records and application reads? */
#include "connection/internal.h"
#include "lib/exact.h"
#include "lib/heap.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int prepare(void **state)
{
    (void)state;
    gv_mem_replace(heap_alloc, heap_release);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    gv_mem_replace(NULL, NULL);
    heap_fail_at(0);
    return 0;
}

/* A small generator, so that the walk is long, and the same on every machine. */
static uint32_t next_of(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

/* Each byte of the stream tells its place; a "record" is n bytes of which the inner are plaintext. */
struct walk {
    struct inbox in;
    uint32_t seed;
    size_t put, taken, read; /* bytes into raw, out of raw, out of plain */
    uint8_t expected[1 << 16];
    size_t expected_len, expected_at;
};

static void put(struct walk *w)
{
    size_t n = next_of(&w->seed) % 5000;
    uint8_t *room = gv_inbox_reserve(&w->in, n, next_of(&w->seed) % 2 == 0);
    assert_non_null(room);
    for (size_t i = 0; i < n; i++)
        room[i] = (uint8_t)((w->put + i) * 13 >> 2);
    w->in.raw_end += n;
    w->put += n;
}

static void take(struct walk *w)
{
    struct span raw = gv_inbox_raw(&w->in);
    size_t n = raw.len == 0 ? 0 : next_of(&w->seed) % raw.len;
    for (size_t i = 0; i < raw.len; i++)
        assert_int_equal(raw.at[i], (uint8_t)((w->taken + i) * 13 >> 2));
    w->in.raw_at += n;
    w->taken += n;
    if (n < 24 || w->expected_len + n > sizeof w->expected)
        return;
    struct span plain = span_of(raw.at + 5, n - 24);
    span_copy(w->expected + w->expected_len, plain);
    w->expected_len += plain.len;
    gv_inbox_add_plain(&w->in, plain);
}

static void give(struct walk *w)
{
    uint8_t out[6000];
    size_t n = gv_inbox_read(&w->in, out, next_of(&w->seed) % sizeof out);
    assert_span(span_of(out, n), span_of(w->expected + w->expected_at, n));
    w->expected_at += n;
}

static void do_bytes_keep_their_order(void **state)
{
    (void)state;
    for (uint32_t seed = 1; seed <= 60; seed++) {
        static struct walk w;
        w = (struct walk){.seed = seed};
        for (unsigned step = 0; step < 300 && w.put < 60000; step++) {
            const uint32_t what = next_of(&w.seed) % 4;
            what == 0 ? put(&w) : what == 1 ? take(&w) : give(&w);
            assert_true(w.in.plain_at + w.in.plain_len <= w.in.raw_at || w.in.plain_len == 0);
            assert_true(w.in.raw_at <= w.in.raw_end && w.in.raw_end <= w.in.cap);
        }
        while (w.in.plain_len != 0)
            give(&w);
        assert_int_equal(w.expected_at, w.expected_len);
        gv_inbox_drop(&w.in);
        assert_int_equal(heap_live(), 0);
    }
}

static void does_an_empty_one_give_its_memory_back(void **state)
{
    (void)state;
    struct inbox in = {.cap = 0};
    uint8_t out[8];

    gv_inbox_trim(&in);
    assert_non_null(gv_inbox_reserve(&in, 8, false));
    memcpy(in.base, "abcdefgh", 8);
    in.raw_end += 8;
    gv_inbox_trim(&in);
    assert_int_equal(heap_live(), 1);
    in.raw_at = 8;
    gv_inbox_add_plain(&in, span_of(in.base + 2, 3));
    gv_inbox_trim(&in);
    assert_int_equal(heap_live(), 1);
    assert_int_equal(gv_inbox_read(&in, out, sizeof out), 3);
    assert_memory_equal(out, "cde", 3);
    gv_inbox_trim(&in);
    assert_int_equal(heap_live(), 0);
}

static void is_it_whole_where_memory_is_out(void **state)
{
    (void)state;
    struct inbox in = {.cap = 0};

    assert_non_null(gv_inbox_reserve(&in, 8, false));
    memcpy(in.base, "abcdefgh", 8);
    in.raw_end += 8;
    heap_fail_at(1);
    assert_null(gv_inbox_reserve(&in, 30000, false));
    assert_span(gv_inbox_raw(&in), span_str("abcdefgh"));
    assert_non_null(gv_inbox_reserve(&in, 30000, false));
    assert_span(gv_inbox_raw(&in), span_str("abcdefgh"));
    gv_inbox_drop(&in);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, prepare, finish)
    const struct CMUnitTest tests[] = {
        TEST(do_bytes_keep_their_order),
        TEST(does_an_empty_one_give_its_memory_back),
        TEST(is_it_whole_where_memory_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
