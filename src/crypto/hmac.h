/* HMAC (RFC 2104) over a digest of the provider. It allocates nothing: the caller lends a struct
 * hash as scratch, which may have been used with any algorithm before and is of no use after. */
#ifndef GALVAN_CRYPTO_HMAC_H
#define GALVAN_CRYPTO_HMAC_H

#include "crypto/provider.h"

/* Writes the HMAC of the `count` parts, one behind the other, alg->len bytes at out, which may be
 * the place of a part. A key longer than a block is hashed first. */
enum gv_err gv_hmac(const struct hash_alg *alg, struct hash *scratch, struct span key,
                    const struct span *parts, size_t count, uint8_t *out);

#endif
