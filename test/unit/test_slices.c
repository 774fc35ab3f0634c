/* Do the arrays of rustls.h give their elements, and nothing beyond them? */
#include "api/slices.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct span three[] = {
    {(const uint8_t *)"abcd", 4}, {NULL, 0}, {(const uint8_t *)"x\0z", 3}};

static void are_byte_strings_counted(void **state)
{
    (void)state;
    struct rustls_slice_slice_bytes s = {three, 3}, none = {NULL, 0};
    assert_int_equal(rustls_slice_slice_bytes_len(&s), 3);
    assert_int_equal(rustls_slice_slice_bytes_len(&none), 0);
    assert_int_equal(rustls_slice_slice_bytes_len(NULL), 0);
}

static void are_byte_strings_given(void **state)
{
    (void)state;
    struct rustls_slice_slice_bytes s = {three, 3};
    assert_int_equal(rustls_slice_slice_bytes_get(&s, 0).len, 4);
    assert_memory_equal(rustls_slice_slice_bytes_get(&s, 0).data, "abcd", 4);
    assert_int_equal(rustls_slice_slice_bytes_get(&s, 2).len, 3);
    assert_memory_equal(rustls_slice_slice_bytes_get(&s, 2).data, "x\0z", 3);
}

static void is_an_empty_byte_string_told_from_none(void **state)
{
    (void)state;
    struct rustls_slice_slice_bytes s = {three, 3};
    assert_non_null(rustls_slice_slice_bytes_get(&s, 1).data);
    assert_int_equal(rustls_slice_slice_bytes_get(&s, 1).len, 0);
    assert_null(rustls_slice_slice_bytes_get(&s, 3).data);
    assert_int_equal(rustls_slice_slice_bytes_get(&s, 3).len, 0);
    assert_null(rustls_slice_slice_bytes_get(&s, SIZE_MAX).data);
    assert_null(rustls_slice_slice_bytes_get(NULL, 0).data);
}

static void are_texts_counted(void **state)
{
    (void)state;
    struct rustls_slice_str s = {three, 2};
    assert_int_equal(rustls_slice_str_len(&s), 2);
    assert_int_equal(rustls_slice_str_len(NULL), 0);
}

static void are_texts_given(void **state)
{
    (void)state;
    struct rustls_slice_str s = {three, 2};
    assert_int_equal(rustls_slice_str_get(&s, 0).len, 4);
    assert_memory_equal(rustls_slice_str_get(&s, 0).data, "abcd", 4);
    assert_non_null(rustls_slice_str_get(&s, 1).data);
    assert_null(rustls_slice_str_get(&s, 2).data);
    assert_int_equal(rustls_slice_str_get(&s, 2).len, 0);
    assert_null(rustls_slice_str_get(NULL, 0).data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_byte_strings_counted),
        cmocka_unit_test(are_byte_strings_given),
        cmocka_unit_test(is_an_empty_byte_string_told_from_none),
        cmocka_unit_test(are_texts_counted),
        cmocka_unit_test(are_texts_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
