/* The pseudorandom function of TLS 1.2 (RFC 5246 section 5), over a digest of the provider. */
#ifndef GALVAN_CRYPTO_PRF12_H
#define GALVAN_CRYPTO_PRF12_H

#include "crypto/provider.h"

/* PRF(secret, label, seed_a + seed_b): len bytes at out. scratch: see crypto/hmac.h. */
enum gv_err gv_prf12(const struct hash_alg *alg, struct hash *scratch, struct span secret,
                     const char *label, struct span seed_a, struct span seed_b, uint8_t *out,
                     size_t len);

#endif
