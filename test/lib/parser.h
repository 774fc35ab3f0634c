/* One parser of messages held against what every parser must hold: it takes the good message and
 * none of its beginnings, nothing behind it, and stays in its bytes whatever they are. */
#ifndef GALVAN_TEST_PARSER_H
#define GALVAN_TEST_PARSER_H

#include "base/error.h"
#include "base/span.h"

typedef enum gv_err parser_read(struct span body);

struct parser {
    const char *name;
    parser_read *read;
    const char *good;      /* hex */
    enum gv_err malformed; /* what it raises for a cut message */
    size_t optional_from;  /* a cut there leaves a whole message all the same; 0: nowhere */
};

/* Fails the cmocka test where the parser does not hold this. Answers how many changed messages it
 * was given. */
size_t parser_check(const struct parser *p);

#endif
