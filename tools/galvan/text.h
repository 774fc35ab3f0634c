/* Text that grows as it is written, up to a limit. A failure is remembered: writers need not look
 * after each word, whoever uses the text asks once. */
#ifndef GALVAN_TOOL_TEXT_H
#define GALVAN_TOOL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { TEXT_MAX = 64 << 20 }; /* bytes: long revocation lists, and the words for any chain, fit */

/* Begins as zeros. */
struct text {
    char *at; /* with a NUL behind it; NULL while nothing was written */
    size_t len, cap;
    bool failed; /* no memory, or over the limit: what it holds is not whole */
};

void text_drop(struct text *t);
void text_wipe(struct text *t); /* the same, and leaves no private key behind in memory */
void text_add(struct text *t, const char *s);
void text_add_bytes(struct text *t, const void *bytes, size_t len);
__attribute__((format(printf, 2, 3))) void text_format(struct text *t, const char *format, ...);

/* Writes all of it in one go and drops it; false where it is not whole or cannot be written. */
bool text_print(struct text *t, FILE *out);

#endif
