/* The server's store in memory: does it give back what was put, once where that is asked, and stay
 * within its bounds? */
#include "base/mem.h"
#include "config/session_store.h"
#include "lib/heap.h"

#include "lib/sessions.h"
#include <pthread.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct session_store *store;

static void with_capacity(size_t capacity)
{
    assert_int_equal(gv_memory_store_new(&store, capacity), GV_OK);
}

static int setup(void **state)
{
    (void)state;
    gv_mem_replace(heap_alloc, heap_release);
    store = NULL;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    gv_session_store_free(store);
    heap_fail_at(0);
    gv_mem_replace(NULL, NULL);
    return heap_live() == 0 ? 0 : -1;
}

/* A key of 32 bytes that looks random, the same for the same number. */
struct key {
    uint8_t at[SESSION_KEY_MAX];
};

static struct key key_of(uint32_t n)
{
    struct key k;
    uint32_t x = n * 2654435761u + 1;
    for (size_t i = 0; i < sizeof k.at; i++) {
        x = x * 1664525 + 1013904223;
        k.at[i] = (uint8_t)(x >> 24);
    }
    return k;
}

static bool put(uint32_t n, struct span value)
{
    struct key k = key_of(n);
    return store->put(store, NULL, SPAN_OF(k.at), value);
}

/* True where exactly that number's own value is there. */
static bool has(uint32_t n, bool remove)
{
    uint8_t out[64];
    size_t len = 99;
    struct key k = key_of(n);
    if (!sessions_get(store, NULL, SPAN_OF(k.at), remove, out, sizeof out, &len))
        return false;
    assert_int_equal(len, sizeof n);
    assert_memory_equal(out, &n, sizeof n);
    return true;
}

static bool put_itself(uint32_t n)
{
    return put(n, span_of(&n, sizeof n));
}

static void does_a_value_stay_until_it_is_removed(void **state)
{
    (void)state;
    with_capacity(16);
    assert_false(has(1, false));
    assert_true(put_itself(1));
    assert_true(has(1, false));
    assert_true(has(1, false));
    assert_true(has(1, true));
    assert_false(has(1, true));
    assert_false(has(1, false));
}

static void does_a_new_value_replace_the_old(void **state)
{
    (void)state;
    uint8_t out[8];
    size_t len;
    struct key k = key_of(1);
    with_capacity(16);
    assert_true(put(1, span_str("old")));
    size_t blocks = heap_live();
    assert_true(put(1, span_str("newer")));
    assert_int_equal(heap_live(), blocks);
    assert_true(sessions_get(store, NULL, SPAN_OF(k.at), true, out, sizeof out, &len));
    assert_int_equal(len, 5);
    assert_memory_equal(out, "newer", 5);
    assert_false(has(1, false));
}

static void is_a_value_that_does_not_fit_kept_back(void **state)
{
    (void)state;
    uint8_t out[8] = {0};
    size_t len = 77;
    struct key k = key_of(1);
    with_capacity(16);
    assert_true(put(1, span_str("nine byte")));
    assert_false(sessions_get(store, NULL, SPAN_OF(k.at), false, out, sizeof out, &len));
    assert_int_equal(len, 77);
    assert_int_equal(out[0], 0);
    /* Single use means gone, read or not. */
    assert_false(sessions_get(store, NULL, SPAN_OF(k.at), true, out, sizeof out, &len));
    assert_false(put(2, span_of(out, SESSION_ENCODED_MAX + 1)));
}

static void is_an_entry_taken_out_once(void **state)
{
    (void)state;
    struct key k = key_of(1);
    with_capacity(16);
    assert_false(store->remove(store, SPAN_OF(k.at)));
    assert_true(put_itself(1));
    assert_true(has(1, false));
    assert_true(store->remove(store, SPAN_OF(k.at)));
    assert_false(store->remove(store, SPAN_OF(k.at)));
    assert_false(has(1, false));
    assert_false(store->remove(store, span_of(NULL, 0)));
}

static void are_keys_of_a_wrong_length_refused(void **state)
{
    (void)state;
    uint8_t out[8], key[SESSION_KEY_MAX + 1] = {1};
    size_t len;
    with_capacity(16);
    assert_false(store->put(store, NULL, span_of(key, 0), span_str("a")));
    assert_false(store->put(store, NULL, span_of(NULL, 0), span_str("a")));
    assert_false(store->put(store, NULL, SPAN_OF(key), span_str("a")));
    assert_false(sessions_get(store, NULL, span_of(NULL, 0), true, out, sizeof out, &len));
    assert_false(sessions_get(store, NULL, SPAN_OF(key), true, out, sizeof out, &len));
    for (size_t n = 1; n <= SESSION_KEY_MAX; n++) {
        assert_true(store->put(store, NULL, span_of(key, n), span_str("a")));
        assert_false(sessions_get(store, NULL, span_of(key, n + 1), true, out, sizeof out, &len));
        assert_true(sessions_get(store, NULL, span_of(key, n), true, out, sizeof out, &len));
    }
}

/* CVE-2024-2511: sessions that nobody asks for again must not pile up. */
static void hostile_32_is_the_store_bounded_and_do_the_newest_stay(void **state)
{
    (void)state;
    const uint32_t last = 100 * SERVER_SESSIONS_MAX;
    with_capacity(SERVER_SESSIONS_MAX);
    size_t empty = heap_live();
    for (uint32_t n = 0; n < last; n++) {
        assert_true(put_itself(n));
        assert_true(has(n, false));
        assert_true(heap_live() - empty <= SERVER_SESSIONS_MAX);
    }
    assert_int_equal(heap_live() - empty, SERVER_SESSIONS_MAX); /* every shard is full */
    unsigned found = 0;
    for (uint32_t n = 0; n < last; n++)
        found += has(n, false);
    assert_int_equal(found, SERVER_SESSIONS_MAX);
    assert_false(has(0, false));
}

static void does_the_oldest_leave_a_store_of_one_shard(void **state)
{
    (void)state;
    with_capacity(1);
    for (uint32_t n = 0; n < 10; n++) {
        assert_true(put_itself(n));
        assert_true(has(n, false));
        assert_false(n > 0 && has(n - 1, false));
    }
}

static void may_entries_go_in_any_order(void **state)
{
    (void)state;
    enum { COUNT = 128 };
    with_capacity(8 * COUNT);
    for (uint32_t n = 0; n < COUNT; n++)
        assert_true(put_itself(n));
    for (uint32_t n = 0; n < COUNT; n++)
        assert_true(has(n * 37 % COUNT, true));
    for (uint32_t n = 0; n < COUNT; n++)
        assert_false(has(n, false));
}

static void is_memory_that_is_out_an_entry_less(void **state)
{
    (void)state;
    with_capacity(16);
    assert_true(put_itself(1));
    heap_fail_at(1);
    assert_false(put_itself(2));
    heap_fail_at(1);
    assert_false(put_itself(1)); /* the old value is as good as before */
    assert_true(has(1, false));
    assert_false(has(2, false));
}

static void does_each_failing_allocation_leave_no_store(void **state)
{
    (void)state;
    struct session_store *s = NULL;
    size_t n = 1;
    for (enum gv_err err = GV_E_NO_MEMORY; err != GV_OK; n++) {
        heap_fail_at(n);
        err = gv_memory_store_new(&s, SERVER_SESSIONS_MAX);
        assert_true(err == GV_OK || (err == GV_E_NO_MEMORY && s == NULL && heap_live() == 0));
        assert_true(n < 100);
    }
    assert_true(n > 2);
    heap_fail_at(0);
    gv_session_store_free(s);
    gv_session_store_free(NULL);
}

enum { THREADS = 4, ROUNDS = 3000 };
static atomic_uint given;

static void *use(void *arg)
{
    uint8_t out[64];
    size_t len;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        struct key k = key_of(i % 64);
        if (i % 3 == 0)
            (void)store->put(store, NULL, SPAN_OF(k.at), span_of(&i, sizeof i));
        else if (sessions_get(store, NULL, SPAN_OF(k.at), i % 3 == 1, out, sizeof out, &len) &&
                 len != sizeof i)
            return arg;
    }
    return NULL;
}

static void may_several_threads_use_it(void **state)
{
    (void)state;
    pthread_t thread[THREADS];
    with_capacity(32);
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, use, store), 0);
    for (unsigned i = 0; i < THREADS; i++) {
        void *failed;
        assert_int_equal(pthread_join(thread[i], &failed), 0);
        assert_null(failed);
    }
}

static void *take_all(void *arg)
{
    uint8_t out[64];
    size_t len;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        struct key k = key_of(i);
        if (sessions_get(store, NULL, SPAN_OF(k.at), true, out, sizeof out, &len))
            atomic_fetch_add(&given, 1);
    }
    return arg;
}

static void is_a_value_of_single_use_given_to_one_thread_alone(void **state)
{
    (void)state;
    pthread_t thread[THREADS];
    with_capacity(8 * ROUNDS);
    for (uint32_t i = 0; i < ROUNDS; i++)
        assert_true(put_itself(i));
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, take_all, NULL), 0);
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    assert_int_equal(atomic_load(&given), ROUNDS);
}

int main(void)
{
#define ASKS(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ASKS(does_a_value_stay_until_it_is_removed),
        ASKS(does_a_new_value_replace_the_old),
        ASKS(is_a_value_that_does_not_fit_kept_back),
        ASKS(is_an_entry_taken_out_once),
        ASKS(are_keys_of_a_wrong_length_refused),
        ASKS(hostile_32_is_the_store_bounded_and_do_the_newest_stay),
        ASKS(does_the_oldest_leave_a_store_of_one_shard),
        ASKS(may_entries_go_in_any_order),
        ASKS(is_memory_that_is_out_an_entry_less),
        ASKS(does_each_failing_allocation_leave_no_store),
        ASKS(may_several_threads_use_it),
        ASKS(is_a_value_of_single_use_given_to_one_thread_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
