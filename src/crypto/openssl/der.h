/* DER, as far as public keys of RSA and private keys need it. */
#ifndef GALVAN_CRYPTO_OPENSSL_DER_H
#define GALVAN_CRYPTO_OPENSSL_DER_H

#include "base/reader.h"

enum {
    DER_INTEGER = 0x02,
    DER_OCTET_STRING = 0x04,
    DER_SEQUENCE = 0x30,
    DER_CONTEXT_0 = 0xa0, /* [0] of a constructed type, */
    DER_CONTEXT_1 = 0x81  /* [1] of a primitive one, both IMPLICIT */
};

/* The content of the next element, which must have this tag and a length of at most 65535 in its
 * shortest form; a failed reader otherwise. */
struct span gv_openssl_element(struct rd *r, uint8_t tag);

/* True where another element stands there, with this tag. */
static inline bool gv_openssl_next_is(const struct rd *r, uint8_t tag)
{
    return rd_more(r) && *r->at == tag;
}

/* A positive INTEGER in its shortest form, without the zero byte before a high bit. */
struct span gv_openssl_positive(struct rd *r);

#endif
