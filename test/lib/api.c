/* Assertions about the public API that say what was seen. */
#include "lib/api.h"

const char *test_error_text(unsigned int code)
{
    static char texts[4][128];
    static size_t next;
    char *text = texts[next++ % 4];
    size_t n = 0;
    rustls_error(code, text, sizeof texts[0] - 1, &n);
    text[n] = '\0';
    return text;
}

void test_assert_result(unsigned int got, unsigned int want, const char *call, const char *file,
                        int line)
{
    if (got == want)
        return;
    print_error("%s\nanswers %u (%s), not %u (%s)\n", call, got, test_error_text(got), want,
                test_error_text(want));
    _fail(file, line);
}

void test_assert_str(struct rustls_str got, const char *want, const char *call, const char *file,
                     int line)
{
    if (got.len == strlen(want) && got.data != NULL && memcmp(got.data, want, got.len) == 0)
        return;
    print_error("%s\nis \"%.*s\" (%zu bytes), not \"%s\"\n", call, (int)got.len,
                got.data == NULL ? "" : got.data, got.len, want);
    _fail(file, line);
}
