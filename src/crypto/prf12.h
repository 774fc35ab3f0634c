/* The pseudorandom function of TLS 1.2 (RFC 5246 section 5), over a digest of the provider. */
#ifndef GALVAN_CRYPTO_PRF12_H
#define GALVAN_CRYPTO_PRF12_H

#include "crypto/hmac.h"

/* PRF(secret, label, seeds[0] + seeds[1]): len bytes at out. */
enum gv_err gv_prf12(const struct hmac *secret, const char *label, const struct span seeds[2],
                     uint8_t *out, size_t len);

#endif
