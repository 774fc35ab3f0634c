/* What tests of the public API share: the framework, and assertions about results and strings.
 * Needs nothing of the library but rustls.h. */
#ifndef GALVAN_TEST_API_H
#define GALVAN_TEST_API_H

#include "rustls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A call answered that code; a failure shows both with their texts. */
#define assert_result(call, code) test_assert_result((call), (code), #call, __FILE__, __LINE__)
#define assert_ok(call) assert_result(call, RUSTLS_RESULT_OK)
/* A rustls_str has that text. */
#define assert_str(str, text) test_assert_str((str), (text), #str, __FILE__, __LINE__)

void test_assert_result(unsigned int got, unsigned int want, const char *call, const char *file,
                        int line);
void test_assert_str(struct rustls_str got, const char *want, const char *call, const char *file,
                     int line);

/* The text of a code, in one of a few static buffers. */
const char *test_error_text(unsigned int code);

#endif
