/* HMAC (RFC 2104) over a digest of the provider. It allocates nothing. A key is worked into the two
 * digests once, and then serves any number of texts, each at the cost of the text alone. */
#ifndef GALVAN_CRYPTO_HMAC_H
#define GALVAN_CRYPTO_HMAC_H

#include "crypto/provider.h"

/* A key, as the digests that have read it. A plain value, and as secret as the key. */
struct hmac {
    struct hash inner, outer;
};

/* Takes a key in; one that is longer than a block is hashed first. Where it fails, *m holds nothing. */
enum gv_err gv_hmac_key(struct hmac *m, const struct hash_alg *alg, struct span key);

/* Writes the HMAC of the `count` parts, one behind the other: as many bytes as the digest has, at
 * out, which may be the place of a part. */
enum gv_err gv_hmac_of(const struct hmac *m, const struct span *parts, size_t count, uint8_t *out);

/* Both in one, for a key that serves one text. */
enum gv_err gv_hmac(const struct hash_alg *alg, struct span key, const struct span *parts,
                    size_t count, uint8_t *out);

/* Forgets the key. */
static inline void gv_hmac_drop(struct hmac *m)
{
    gv_wipe(m, sizeof *m);
}

#endif
