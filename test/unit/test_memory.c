/* Arenas, buffers and secrets: are they bounded, wiped, and whole after a failing allocation? */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/mem.h"
#include "base/secret.h"
#include "lib/heap.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* A heap that looks at what it gets back: how many secret bytes, and how many at a stretch. */
enum { SECRET_BYTE = 0x5a };
static size_t dirty, stretch;

union head {
    size_t n;
    max_align_t align;
};

static void *watching_alloc(size_t n)
{
    union head *h = malloc(sizeof *h + n);
    if (h == NULL)
        return NULL;
    h->n = n;
    return memset(h + 1, 0, n);
}

static void watching_release(void *p)
{
    union head *h = (union head *)p - 1;
    for (size_t i = 0, run = 0; i < h->n; i++) {
        run = ((const uint8_t *)p)[i] == SECRET_BYTE ? run + 1 : 0;
        dirty += run != 0;
        stretch = run > stretch ? run : stretch;
    }
    free(h);
}

static int use_counting_heap(void **state)
{
    (void)state;
    gv_mem_replace(heap_alloc, heap_release);
    return 0;
}

static int use_watching_heap(void **state)
{
    (void)state;
    dirty = stretch = 0;
    gv_mem_replace(watching_alloc, watching_release);
    return 0;
}

static int use_own_heap(void **state)
{
    (void)state;
    gv_mem_replace(NULL, NULL);
    heap_fail_at(0);
    return 0;
}

/* ---- mem ---------------------------------------------------------------------------------- */

static void is_memory_zeroed_on_any_heap(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 2; round++) {
        uint8_t *p = gv_mem_alloc(100);
        assert_non_null(p);
        for (unsigned i = 0; i < 100; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xff, 100);
        gv_mem_free(p);
        gv_mem_free(NULL);
        gv_mem_replace(NULL, NULL);
    }
}

/* ---- arena -------------------------------------------------------------------------------- */

static void does_an_arena_keep_its_limit(void **state)
{
    (void)state;
    struct arena a;
    size_t taken = 0;

    gv_arena_init(&a, 1000);
    assert_int_equal(heap_live(), 0);
    while (gv_arena_take(&a, 48) != NULL)
        taken += 48;
    assert_true(taken <= 1000 && taken > 900);
    assert_null(gv_arena_take(&a, 1000));
    assert_null(gv_arena_take(&a, SIZE_MAX));
    assert_null(gv_arena_take(&a, SIZE_MAX - 8));
    gv_arena_drop(&a);
    assert_int_equal(heap_live(), 0);
    assert_non_null(gv_arena_take(&a, 992));
    gv_arena_drop(&a);
}

static void is_an_arena_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena a;

    gv_arena_init(&a, 1 << 20);
    for (size_t n = 0; n < 3000; n += 7) {
        uint8_t *p = gv_arena_take(&a, n);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xff, n);
    }
    gv_arena_drop(&a);
}

static void does_a_thing_larger_than_a_chunk_fit(void **state)
{
    (void)state;
    struct arena a;
    struct span copy, text = span_str("small");

    gv_arena_init(&a, 1 << 20);
    assert_non_null(gv_arena_take(&a, 100000));
    assert_true(gv_arena_copy(&a, text, &copy));
    assert_true(span_equal(copy, text) && copy.at != text.at);
    assert_false(gv_arena_copy(&a, span_of(text.at, 1 << 20), &copy));
    gv_arena_drop(&a);
    assert_int_equal(heap_live(), 0);
}

static void does_an_arena_stay_whole_where_memory_is_out(void **state)
{
    (void)state;
    struct arena a;

    gv_arena_init(&a, 1 << 20);
    uint8_t *first = gv_arena_take(&a, 100);
    heap_fail_at(1);
    assert_null(gv_arena_take(&a, 100000));
    memset(first, 1, 100);
    assert_non_null(gv_arena_take(&a, 100));
    gv_arena_drop(&a);
    assert_int_equal(heap_live(), 0);
}

static void is_an_arena_wiped(void **state)
{
    (void)state;
    struct arena a;

    gv_arena_init(&a, 1 << 20);
    for (unsigned i = 0; i < 40; i++)
        memset(gv_arena_take(&a, 777), SECRET_BYTE, 777);
    gv_arena_drop(&a);
    assert_true(stretch < sizeof(void *)); /* the address of a chunk may hold such bytes */
}

/* ---- buffer ------------------------------------------------------------------------------- */

static void put(struct buffer *b, const char *text)
{
    uint8_t *room = gv_buffer_reserve(b, strlen(text));
    assert_non_null(room);
    span_copy(room, span_str(text));
    gv_buffer_commit(b, strlen(text));
}

static void does_a_buffer_keep_order(void **state)
{
    (void)state;
    struct buffer b;
    uint8_t in = 0, out = 0;

    gv_buffer_init(&b, 5000);
    for (unsigned round = 0; round < 2000; round++) {
        size_t n = round * 31 % 97;
        uint8_t *room = gv_buffer_reserve(&b, n);
        if (room != NULL) {
            for (size_t i = 0; i < n; i++)
                room[i] = in++;
            gv_buffer_commit(&b, n);
        }
        n = round * 17 % 89;
        n = n < gv_buffer_len(&b) ? n : gv_buffer_len(&b);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(gv_buffer_span(&b).at[i], (uint8_t)(out + i));
        out = (uint8_t)(out + n);
        gv_buffer_consume(&b, n);
        assert_true(b.cap <= 5000);
    }
    gv_buffer_drop(&b);
}

static void does_a_buffer_keep_its_limit(void **state)
{
    (void)state;
    struct buffer b;

    gv_buffer_init(&b, 100);
    assert_int_equal(heap_live(), 0);
    assert_null(gv_buffer_reserve(&b, 101));
    assert_null(gv_buffer_reserve(&b, SIZE_MAX));
    put(&b, "0123456789");
    assert_null(gv_buffer_reserve(&b, 91));
    assert_non_null(gv_buffer_reserve(&b, 90));
    gv_buffer_consume(&b, 5);
    assert_non_null(gv_buffer_reserve(&b, 95));
    assert_true(span_equal(gv_buffer_span(&b), span_str("56789")));
    gv_buffer_drop(&b);
    assert_int_equal(b.limit, 100);
    assert_int_equal(heap_live(), 0);
}

static void does_a_buffer_stay_whole_where_memory_is_out(void **state)
{
    (void)state;
    struct buffer b;

    gv_buffer_init(&b, SIZE_MAX / 2);
    put(&b, "abc");
    heap_fail_at(1);
    assert_null(gv_buffer_reserve(&b, 100000));
    assert_true(span_equal(gv_buffer_span(&b), span_str("abc")));
    assert_non_null(gv_buffer_reserve(&b, 100000));
    assert_true(span_equal(gv_buffer_span(&b), span_str("abc")));
    gv_buffer_drop(&b);
}

static void does_an_empty_buffer_give_its_memory_back(void **state)
{
    (void)state;
    struct buffer b;

    gv_buffer_init(&b, 1000);
    put(&b, "abc");
    gv_buffer_trim(&b);
    assert_int_equal(heap_live(), 1);
    gv_buffer_consume(&b, 3);
    gv_buffer_trim(&b);
    assert_int_equal(heap_live(), 0);
    gv_buffer_trim(&b);
    gv_buffer_cut(&b, 0);
    gv_buffer_drop(&b);
}

/* What was content is wiped when it is cut off, moved to larger memory, or dropped. */
static void is_a_buffer_wiped(void **state)
{
    (void)state;
    struct buffer b;

    gv_buffer_init(&b, 100000);
    put(&b, "ZZZZZZZZ");
    gv_buffer_consume(&b, 2);
    assert_non_null(gv_buffer_reserve(&b, 50000));
    assert_int_equal(dirty, 0);
    put(&b, "ZZ");
    gv_buffer_cut(&b, 3);
    assert_int_equal(gv_buffer_len(&b), 3);
    gv_buffer_drop(&b);
    assert_int_equal(dirty, 0);
}

/* ---- secrets ------------------------------------------------------------------------------ */

static void are_secrets_compared_whole(void **state)
{
    (void)state;
    uint8_t a[48], b[48];

    memset(a, 7, sizeof a);
    for (size_t i = 0; i < sizeof a; i++) {
        memcpy(b, a, sizeof b);
        assert_true(gv_secret_equal(SPAN_OF(a), SPAN_OF(b)));
        for (unsigned bit = 0; bit < 8; bit++) {
            b[i] = (uint8_t)(a[i] ^ 1u << bit);
            assert_false(gv_secret_equal(SPAN_OF(a), SPAN_OF(b)));
        }
    }
    assert_false(gv_secret_equal(SPAN_OF(a), span_of(a, 47)));
    assert_true(gv_secret_equal(span_of(NULL, 0), span_of(NULL, 0)));
}

static void is_a_secret_wiped(void **state)
{
    (void)state;
    static const struct secret zero;
    struct secret s;

    memset(&s, SECRET_BYTE, sizeof s);
    gv_secret_wipe(&s);
    assert_memory_equal(&s, &zero, sizeof s);
    gv_wipe(NULL, 0);
}

int main(void)
{
#define COUNTED(test) cmocka_unit_test_setup_teardown(test, use_counting_heap, use_own_heap)
#define WATCHED(test) cmocka_unit_test_setup_teardown(test, use_watching_heap, use_own_heap)
    const struct CMUnitTest tests[] = {
        COUNTED(is_memory_zeroed_on_any_heap),
        COUNTED(does_an_arena_keep_its_limit),
        COUNTED(is_an_arena_zeroed_and_aligned),
        COUNTED(does_a_thing_larger_than_a_chunk_fit),
        COUNTED(does_an_arena_stay_whole_where_memory_is_out),
        WATCHED(is_an_arena_wiped),
        COUNTED(does_a_buffer_keep_order),
        COUNTED(does_a_buffer_keep_its_limit),
        COUNTED(does_a_buffer_stay_whole_where_memory_is_out),
        COUNTED(does_an_empty_buffer_give_its_memory_back),
        WATCHED(is_a_buffer_wiped),
        cmocka_unit_test(are_secrets_compared_whole),
        cmocka_unit_test(is_a_secret_wiped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
