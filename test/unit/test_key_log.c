/* The key log that is a file (RFC 9850): its lines, its mode, several threads, and its absence. */
#include "config/key_log.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char path[] = "/tmp/galvan-keylog-XXXXXX", file[64];

static int setup(void **state)
{
    (void)state;
    memcpy(path + sizeof path - 7, "XXXXXX", 6);
    if (mkdtemp(path) == NULL)
        return -1;
    snprintf(file, sizeof file, "%s/keys", path);
    return setenv("SSLKEYLOGFILE", file, 1);
}

static int teardown(void **state)
{
    (void)state;
    unlink(file);
    return rmdir(path);
}

static struct key_log *opened(void)
{
    struct key_log *log;
    assert_int_equal(gv_key_log_file_new(&log), GV_OK);
    return log;
}

static size_t contents(char *text, size_t cap)
{
    FILE *f = fopen(file, "rb");
    assert_non_null(f);
    size_t n = fread(text, 1, cap - 1, f);
    assert_int_equal(fclose(f), 0);
    text[n] = '\0';
    return n;
}

static void does_a_line_read_as_rfc_9850_says(void **state)
{
    (void)state;
    uint8_t random[32], secret[48];
    char text[512];
    for (uint8_t i = 0; i < 48; i++)
        random[i % 32] = secret[i] = (uint8_t)(0xf0 + i);
    for (uint8_t i = 0; i < 32; i++)
        random[i] = i;
    struct key_log *log = opened();
    assert_true(log->will_log(log, "CLIENT_TRAFFIC_SECRET_0"));
    log->log(log, "CLIENT_TRAFFIC_SECRET_0", SPAN_OF(random), SPAN_OF(secret));
    gv_key_log_free(log);
    contents(text, sizeof text);
    assert_string_equal(text, "CLIENT_TRAFFIC_SECRET_0 "
                              "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f "
                              "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102030405060708090a0b0c0d0e0f"
                              "101112131415161718191a1b1c1d1e1f\n");
}

static void is_a_new_file_for_its_owner_alone(void **state)
{
    (void)state;
    struct stat s;
    mode_t before = umask(0);
    gv_key_log_free(opened());
    umask(before);
    assert_int_equal(stat(file, &s), 0);
    assert_int_equal(s.st_mode & 07777, 0600);
}

static void is_a_file_appended_to_and_not_replaced(void **state)
{
    (void)state;
    char text[64];
    const uint8_t byte[] = {0xab};
    for (int i = 0; i < 2; i++) {
        struct key_log *log = opened();
        log->log(log, "A", SPAN_OF(byte), SPAN_OF(byte));
        gv_key_log_free(log);
    }
    contents(text, sizeof text);
    assert_string_equal(text, "A ab ab\nA ab ab\n");
}

static void is_a_secret_longer_than_any_left_out(void **state)
{
    (void)state;
    char text[64];
    static const uint8_t random[32], big[200];
    struct key_log *log = opened();
    log->log(log, "A", SPAN_OF(random), SPAN_OF(big));
    gv_key_log_free(log);
    assert_int_equal(contents(text, sizeof text), 0);
}

static void is_nothing_logged_without_a_file(void **state)
{
    (void)state;
    const uint8_t byte[] = {1};
    const char *names[] = {"", "/nowhere/there/is/no/such/folder"};
    for (size_t i = 0; i < COUNT_OF(names) + 1; i++) {
        if (i < COUNT_OF(names))
            setenv("SSLKEYLOGFILE", names[i], 1);
        else
            unsetenv("SSLKEYLOGFILE");
        struct key_log *log = opened();
        assert_false(log->will_log(log, "A"));
        log->log(log, "A", SPAN_OF(byte), SPAN_OF(byte));
        gv_key_log_free(log);
    }
}

enum { THREADS = 4, LINES = 200, LINE = 2 + 64 + 1 + 96 + 1 };

static void *write_lines(void *log)
{
    static const uint8_t random[32], secret[48];
    for (int i = 0; i < LINES; i++)
        ((struct key_log *)log)->log(log, "T", SPAN_OF(random), SPAN_OF(secret));
    return NULL;
}

static void do_lines_of_several_threads_stay_whole(void **state)
{
    (void)state;
    static char text[THREADS * LINES * LINE + 2];
    pthread_t thread[THREADS];
    struct key_log *log = opened();
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, write_lines, log), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    gv_key_log_free(log);
    assert_int_equal(contents(text, sizeof text), THREADS * LINES * LINE);
    for (size_t i = 0; i < THREADS * LINES; i++) {
        assert_memory_equal(text + i * LINE, "T 0", 3);
        assert_int_equal(text[i * LINE + LINE - 1], '\n');
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(does_a_line_read_as_rfc_9850_says),      TEST(is_a_new_file_for_its_owner_alone),
        TEST(is_a_file_appended_to_and_not_replaced), TEST(is_a_secret_longer_than_any_left_out),
        TEST(is_nothing_logged_without_a_file),       TEST(do_lines_of_several_threads_stay_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
