/* A client and a server for fuzzers: what they do depends on the input alone. */
#ifndef GALVAN_TEST_FUZZ_PAIR_H
#define GALVAN_TEST_FUZZ_PAIR_H

#include "lib/bare.h"

/* The first byte of an input. */
enum fuzz_options {
    FUZZ_REAL = 1,        /* the real provider, over random numbers that are the same each time;
                             else the fake one, which lets everything pass */
    FUZZ_CLIENT_AUTH = 2, /* the server asks for a certificate, the client has one */
    FUZZ_RETRY = 4,       /* the server's one group is P-256 */
    FUZZ_TLS12 = 8,       /* TLS 1.2 only; else, with FUZZ_BOTH, both versions, or 1.3 only */
    FUZZ_BOTH = 16,
    FUZZ_PIECES = 32,   /* bytes are given in pieces of 7 */
    FUZZ_COMPRESS = 64, /* certificates are compressed, where both sides want it */
    FUZZ_PSK = 128      /* both have external keys, one as it is and one imported */
};

/* The pair with its two connections made. One at a time. NULL where memory is out. */
struct bare *fuzz_pair(uint8_t options);
void fuzz_pair_free(struct bare *p);

/* Gives all of the bytes to one side, lets it write and read, then ends its input. */
void fuzz_feed(struct bare *p, bool server, struct span bytes, size_t piece);

/* Whose random numbers are drawn from now on: each side has its own. */
void fuzz_turn(bool server);

#endif
