/* Files of the tests: one that cannot be read fails the test. */
#include "lib/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

struct file test_file(const char *path)
{
    char whole[512];
    (void)snprintf(whole, sizeof whole, "%s/%s", TEST_DIR, path);
    FILE *f = fopen(whole, "rb");
    if (f == NULL)
        fail_msg("%s cannot be read", whole);
    struct file file = {NULL, 0};
    size_t cap = 0, got = 0;
    do {
        file.len += got;
        if (cap - file.len < 2) {
            cap = 2 * cap + 4096;
            file.data = realloc(file.data, cap);
            assert_non_null(file.data);
        }
        got = fread(file.data + file.len, 1, cap - file.len - 1, f);
    } while (got != 0);
    file.data[file.len] = '\0';
    (void)fclose(f);
    return file;
}
