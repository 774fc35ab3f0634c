/* Bytes in heap blocks of exactly their length, so that a sanitizer sees a read of one byte too
 * many, and errors compared by name, so that a failure says which. */
#ifndef GALVAN_TEST_EXACT_H
#define GALVAN_TEST_EXACT_H

#include "base/error.h"
#include "base/span.h"

#define assert_err(call, name) assert_string_equal(gv_err_name(call), #name)
#define assert_span(got, want) exact_assert((got), (want), #got, __FILE__, __LINE__)

/* A copy, and the bytes that hexadecimal digits write. They live until exact_forget, or until the
 * program ends. */
struct span exact_copy(struct span bytes);
struct span exact_hex(const char *text);
/* a, then b, in one block. */
struct span exact_join(struct span a, struct span b);
/* A copy with the byte at index `at` XORed with `with`. */
struct span exact_flip(struct span bytes, size_t at, uint8_t with);
void exact_forget(void);

void exact_assert(struct span got, struct span want, const char *what, const char *file, int line);

#endif
