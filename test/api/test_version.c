/* Who does the library say it is, and how are its small enumerations called? */
#include "galvan.h"
#include "lib/api.h"

static void does_the_version_begin_as_programs_expect(void **state)
{
    (void)state;
    static const char beginning[] = "rustls-ffi/0.15.3/galvan/";
    struct rustls_str version = rustls_version();
    assert_true(version.len > sizeof beginning - 1);
    assert_memory_equal(version.data, beginning, sizeof beginning - 1);
}

static void does_the_version_name_ours_and_the_backend(void **state)
{
    (void)state;
    char whole[100];
    struct rustls_str ours = galvan_version();
    (void)snprintf(whole, sizeof whole, "rustls-ffi/0.15.3/galvan/%.*s/openssl", (int)ours.len,
                   ours.data);
    assert_str(rustls_version(), whole);
}

static void do_header_and_library_have_one_version(void **state)
{
    (void)state;
    char text[50];
    (void)snprintf(text, sizeof text, "%d.%d.%d", GALVAN_VERSION_MAJOR, GALVAN_VERSION_MINOR,
                   GALVAN_VERSION_PATCH);
    assert_str(galvan_version(), text);
    assert_int_equal(GALVAN_VERSION_NUMBER, 0x00010000);
}

static void has_the_version_number_its_patch_in_the_third_byte(void **state)
{
    (void)state;
    assert_int_equal(RUSTLS_VERSION_NUMBER, 0x000f0300);
}

static void are_both_versions_there_the_newer_first(void **state)
{
    (void)state;
    assert_int_equal(RUSTLS_ALL_VERSIONS_LEN, 2);
    assert_int_equal(RUSTLS_ALL_VERSIONS[0], RUSTLS_TLS_VERSION_TLSV1_3);
    assert_int_equal(RUSTLS_ALL_VERSIONS[1], RUSTLS_TLS_VERSION_TLSV1_2);
}

static void are_both_versions_on_by_default(void **state)
{
    (void)state;
    assert_int_equal(RUSTLS_DEFAULT_VERSIONS_LEN, 2);
    assert_int_equal(RUSTLS_DEFAULT_VERSIONS[0], RUSTLS_TLS_VERSION_TLSV1_3);
    assert_int_equal(RUSTLS_DEFAULT_VERSIONS[1], RUSTLS_TLS_VERSION_TLSV1_2);
}

static void are_log_levels_called_as_ever(void **state)
{
    (void)state;
    static const char *const names[] = {"INVALID", "ERROR", "WARN",    "INFO",
                                        "DEBUG",   "TRACE", "INVALID", "INVALID"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_str(rustls_log_level_str(i), names[i]);
    assert_str(rustls_log_level_str(SIZE_MAX), "INVALID");
}

static void are_handshake_kinds_called_as_ever(void **state)
{
    (void)state;
    assert_str(rustls_handshake_kind_str(RUSTLS_HANDSHAKE_KIND_UNKNOWN), "unknown");
    assert_str(rustls_handshake_kind_str(RUSTLS_HANDSHAKE_KIND_FULL), "full");
    assert_str(rustls_handshake_kind_str(RUSTLS_HANDSHAKE_KIND_FULL_WITH_HELLO_RETRY_REQUEST),
               "full with hello retry request");
    assert_str(rustls_handshake_kind_str(RUSTLS_HANDSHAKE_KIND_RESUMED), "resumed");
    assert_str(rustls_handshake_kind_str((enum rustls_handshake_kind)99), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_the_version_begin_as_programs_expect),
        cmocka_unit_test(does_the_version_name_ours_and_the_backend),
        cmocka_unit_test(do_header_and_library_have_one_version),
        cmocka_unit_test(has_the_version_number_its_patch_in_the_third_byte),
        cmocka_unit_test(are_both_versions_there_the_newer_first),
        cmocka_unit_test(are_both_versions_on_by_default),
        cmocka_unit_test(are_log_levels_called_as_ever),
        cmocka_unit_test(are_handshake_kinds_called_as_ever),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
