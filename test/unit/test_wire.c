/* Does the network in memory, on which tests of connections stand, carry bytes unchanged? */
#include "lib/wire.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/uio.h>

#include <cmocka.h>

static struct wire wire;

static int clear(void **state)
{
    (void)state;
    wire = (struct wire){.len = 0};
    return 0;
}

static void do_bytes_come_out_as_they_went_in(void **state)
{
    (void)state;
    uint8_t got[8];
    size_t n = 0;
    assert_int_equal(wire_write(&wire, (const uint8_t *)"abc", 3, &n), 0);
    assert_int_equal(n, 3);
    wire_put(&wire, "def", 3);
    assert_int_equal(wire_read(&wire, got, 4, &n), 0);
    assert_int_equal(n, 4);
    assert_memory_equal(got, "abcd", 4);
    assert_int_equal(wire_read(&wire, got, 8, &n), 0);
    assert_int_equal(n, 2);
    assert_memory_equal(got, "ef", 2);
    assert_int_equal(wire.asked, 8);
    assert_int_equal(wire.calls, 3);
}

static void are_the_parts_of_a_vectored_write_joined(void **state)
{
    (void)state;
    struct iovec parts[2] = {{(void *)(uintptr_t) "abc", 3}, {(void *)(uintptr_t) "de", 2}};
    size_t n = 0;
    const struct rustls_iovec *iov = (const struct rustls_iovec *)(const void *)parts;
    assert_int_equal(wire_write_vectored(&wire, iov, 2, &n), 0);
    assert_int_equal(n, 5);
    assert_int_equal(wire.parts, 2);
    wire.accepts = 4;
    assert_int_equal(wire_write_vectored(&wire, iov, 2, &n), 0);
    assert_int_equal(n, 4);
    assert_memory_equal(wire.at, "abcdeabcd", 9);
}

static void do_limits_and_errors_hold(void **state)
{
    (void)state;
    uint8_t got[8];
    size_t n = 77;
    assert_int_equal(wire_read(&wire, got, 8, &n), EAGAIN);
    assert_int_equal(n, 77);
    wire.ended = true;
    assert_int_equal(wire_read(&wire, got, 8, &n), 0);
    assert_int_equal(n, 0);
    wire.at_most = 1;
    wire.accepts = 2;
    assert_int_equal(wire_write(&wire, (const uint8_t *)"abc", 3, &n), 0);
    assert_int_equal(n, 2);
    assert_int_equal(wire_read(&wire, got, 8, &n), 0);
    assert_int_equal(n, 1);
    wire.error = 12345;
    assert_int_equal(wire_read(&wire, got, 8, &n), 12345);
    assert_int_equal(wire_write(&wire, got, 1, &n), 12345);
}

static void are_records_found_where_they_are_whole(void **state)
{
    (void)state;
    static const uint8_t two_and_a_half[] = {22, 3, 1, 0,  2, 7, 7, 20, 3,
                                             3,  0, 0, 23, 3, 3, 1, 0,  9};
    struct wire_record record;
    wire_put(&wire, two_and_a_half, sizeof two_and_a_half);
    assert_int_equal(wire_records(&wire), 2);
    assert_true(wire_record(&wire, 0, &record));
    assert_int_equal(record.type, 22);
    assert_int_equal(record.version, 0x0301);
    assert_int_equal(record.offset, 5);
    assert_int_equal(record.len, 2);
    assert_true(wire_record(&wire, 1, &record));
    assert_int_equal(record.type, 20);
    assert_int_equal(record.len, 0);
    assert_false(wire_record(&wire, 2, &record));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(do_bytes_come_out_as_they_went_in, clear),
        cmocka_unit_test_setup(are_the_parts_of_a_vectored_write_joined, clear),
        cmocka_unit_test_setup(do_limits_and_errors_hold, clear),
        cmocka_unit_test_setup(are_records_found_where_they_are_whole, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
