/* What the person who reads an error wants to know beyond its name: filled by the function that
 * found the failure, kept by the connection, shown by galvan_connection_error_detail. */
#ifndef GALVAN_BASE_DETAIL_H
#define GALVAN_BASE_DETAIL_H

#include "base/span.h"

enum { DETAIL_TEXT = 200 };

struct detail {
    int32_t certificate; /* index in the chain that the peer sent, 0 the leaf; -1: none */
    const char *check;   /* static: what was checked, "validity period"; NULL: nothing noted */
    char subject[DETAIL_TEXT], issuer[DETAIL_TEXT];  /* of that certificate, RFC 4514 text */
    char expected[DETAIL_TEXT], found[DETAIL_TEXT];  /* in words */
};

void gv_detail_init(struct detail *d);

/* Notes a check that failed. d may be NULL (nobody asks). Texts are cut to DETAIL_TEXT; bytes that
 * are not printable ASCII become '?', so that a peer cannot write into anybody's terminal. */
void gv_detail_note(struct detail *d, const char *check, const char *expected, const char *found);

/* Copies text into one of the struct's fields, cut and made printable likewise. */
void gv_detail_text(char to[DETAIL_TEXT], struct span text);

#endif
