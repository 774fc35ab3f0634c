/* A store that is two functions of the application's: are they given what they expect, and believed
 * no further than they should be? */
#include "api/callback_store.h"
#include "base/mem.h"
#include "galvan.h"
#include "lib/heap.h"

#include "lib/sessions.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct {
    void *userdata;
    uint8_t key[SESSION_KEY_MAX], value[64];
    size_t key_len, value_len;
    int remove_after;
    uint8_t *buf;
    size_t count;
} seen;

static uint32_t answer;
static size_t answer_len;

static uint32_t get_cb(void *userdata, const struct rustls_slice_bytes *key, int remove_after,
                       uint8_t *buf, size_t count, size_t *out_n)
{
    seen.userdata = userdata;
    memcpy(seen.key, key->data, key->len);
    seen.key_len = key->len;
    seen.remove_after = remove_after;
    seen.buf = buf;
    seen.count = count;
    if (answer_len <= count)
        memset(buf, 'v', answer_len);
    *out_n = answer_len;
    return answer;
}

static uint32_t put_cb(void *userdata, const struct rustls_slice_bytes *key,
                       const struct rustls_slice_bytes *val)
{
    seen.userdata = userdata;
    memcpy(seen.key, key->data, key->len);
    seen.key_len = key->len;
    memcpy(seen.value, val->data, val->len);
    seen.value_len = val->len;
    return answer;
}

static uint32_t forgetful_get_cb(void *userdata, const struct rustls_slice_bytes *key,
                                 int remove_after, uint8_t *buf, size_t count, size_t *out_n)
{
    (void)userdata, (void)key, (void)remove_after, (void)buf, (void)count, (void)out_n;
    return RUSTLS_RESULT_OK;
}

static struct session_store *store;

static int setup(void **state)
{
    (void)state;
    memset(&seen, 0, sizeof seen);
    answer = RUSTLS_RESULT_OK;
    answer_len = 0;
    gv_mem_replace(heap_alloc, heap_release);
    return gv_callback_store_new(&store, get_cb, put_cb) == GV_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    gv_session_store_free(store);
    heap_fail_at(0);
    gv_mem_replace(NULL, NULL);
    return heap_live() == 0 ? 0 : -1;
}

static void does_a_put_hand_over_everything(void **state)
{
    (void)state;
    int mine;
    assert_true(store->put(store, &mine, span_str("key"), span_str("value")));
    assert_ptr_equal(seen.userdata, &mine);
    assert_int_equal(seen.key_len, 3);
    assert_memory_equal(seen.key, "key", 3);
    assert_int_equal(seen.value_len, 5);
    assert_memory_equal(seen.value, "value", 5);
}

static void does_a_get_hand_over_everything(void **state)
{
    (void)state;
    uint8_t out[16];
    size_t len = 0;
    int mine;
    answer_len = 7;
    assert_true(sessions_get(store, &mine, span_str("key"), true, out, sizeof out, &len));
    assert_ptr_equal(seen.userdata, &mine);
    assert_memory_equal(seen.key, "key", 3);
    assert_int_equal(seen.remove_after, 1);
    assert_ptr_equal(seen.buf, out);
    assert_int_equal(seen.count, sizeof out);
    assert_int_equal(len, 7);
    assert_memory_equal(out, "vvvvvvv", 7);
    assert_true(sessions_get(store, &mine, span_str("key"), false, out, sizeof out, &len));
    assert_int_equal(seen.remove_after, 0);
}

static void is_an_answer_that_is_not_ok_no_session(void **state)
{
    (void)state;
    const uint32_t answers[] = {RUSTLS_RESULT_NOT_FOUND, RUSTLS_RESULT_GENERAL, 0, 1, UINT32_MAX};
    uint8_t out[16];
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        size_t len = 77;
        answer = answers[i];
        answer_len = 4;
        assert_false(sessions_get(store, NULL, span_str("key"), true, out, sizeof out, &len));
        assert_false(store->put(store, NULL, span_str("key"), span_str("value")));
        assert_int_equal(len, 77);
    }
}

/* Pending is an answer for a look-up alone. */
static void is_an_answer_that_comes_later_told_apart(void **state)
{
    (void)state;
    uint8_t out[16];
    size_t len = 77;
    answer = GALVAN_PENDING;
    assert_int_equal(sessions_get(store, NULL, span_str("key"), true, out, sizeof out, &len),
                     SESSION_LATER);
    assert_int_equal(len, 77);
    assert_false(store->put(store, NULL, span_str("key"), span_str("value")));
}

/* What a callback wrote may be secret, whatever it answered. */
static void is_what_was_written_and_is_no_session_wiped(void **state)
{
    (void)state;
    const uint32_t answers[] = {RUSTLS_RESULT_NOT_FOUND, GALVAN_PENDING, 1};
    static const uint8_t zeros[16];
    uint8_t out[16];
    size_t len;
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        answer = answers[i];
        answer_len = sizeof out;
        assert_int_not_equal(
            sessions_get(store, NULL, span_str("key"), true, out, sizeof out, &len), SESSION_FOUND);
        assert_memory_equal(out, zeros, sizeof out);
    }
}

static void is_a_length_over_the_buffer_no_session(void **state)
{
    (void)state;
    const size_t lengths[] = {17, SESSION_ENCODED_MAX, SIZE_MAX};
    uint8_t out[16];
    size_t len = 77;
    for (size_t i = 0; i < COUNT_OF(lengths); i++) {
        answer_len = lengths[i];
        assert_false(sessions_get(store, NULL, span_str("key"), true, out, sizeof out, &len));
    }
    assert_int_equal(len, 77);
    answer_len = sizeof out;
    assert_true(sessions_get(store, NULL, span_str("key"), true, out, sizeof out, &len));
}

static void is_a_length_that_was_not_told_nothing(void **state)
{
    (void)state;
    struct session_store *s;
    uint8_t out[16];
    size_t len = 77;
    assert_int_equal(gv_callback_store_new(&s, forgetful_get_cb, put_cb), GV_OK);
    assert_true(sessions_get(s, NULL, span_str("key"), true, out, sizeof out, &len));
    assert_int_equal(len, 0);
    gv_session_store_free(s);
}

static void is_memory_that_is_out_an_error(void **state)
{
    (void)state;
    struct session_store *s = NULL;
    heap_fail_at(1);
    assert_int_equal(gv_callback_store_new(&s, get_cb, put_cb), GV_E_NO_MEMORY);
    assert_null(s);
}

int main(void)
{
#define ASKS(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ASKS(does_a_put_hand_over_everything),
        ASKS(does_a_get_hand_over_everything),
        ASKS(is_an_answer_that_is_not_ok_no_session),
        ASKS(is_a_length_over_the_buffer_no_session),
        ASKS(is_a_length_that_was_not_told_nothing),
        ASKS(is_memory_that_is_out_an_error),
        ASKS(is_an_answer_that_comes_later_told_apart),
        ASKS(is_what_was_written_and_is_no_session_wiped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
