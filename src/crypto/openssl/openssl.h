/* What the files of this room share. Nothing outside crypto/openssl includes it. */
#ifndef GALVAN_CRYPTO_OPENSSL_OPENSSL_H
#define GALVAN_CRYPTO_OPENSSL_OPENSSL_H

#include "crypto/provider.h"

extern const struct hash_alg gv_openssl_sha256, gv_openssl_sha384, gv_openssl_sha512;

#endif
