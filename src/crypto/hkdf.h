/* HKDF (RFC 5869) and what TLS 1.3 makes of it (RFC 9846 section 7.1), over a digest of the
 * provider. Nothing is allocated: the caller lends a struct hash as scratch, see crypto/hmac.h. */
#ifndef GALVAN_CRYPTO_HKDF_H
#define GALVAN_CRYPTO_HKDF_H

#include "crypto/provider.h"

/* HKDF-Extract(salt, ikm), alg->len bytes. An empty salt stands for as many zeros. ikm may be
 * *out's own bytes. */
enum gv_err gv_hkdf_extract(const struct hash_alg *alg, struct hash *scratch, struct span salt,
                            struct span ikm, struct secret *out);

/* HKDF-Expand(prk, info, len). INTERNAL where len is over 255 * alg->len. */
enum gv_err gv_hkdf_expand(const struct hash_alg *alg, struct hash *scratch, struct span prk,
                           struct span info, uint8_t *out, size_t len);

/* HKDF-Expand-Label(prk, label, context, len): the label is given without its "tls13 ". INTERNAL
 * where label, context or len are longer than their fields. Up to alg->len bytes may replace prk. */
enum gv_err gv_hkdf_expand_label(const struct hash_alg *alg, struct hash *scratch, struct span prk,
                                 const char *label, struct span context, uint8_t *out, size_t len);

/* Derive-Secret(prk, label, messages), given the transcript hash of the messages. */
enum gv_err gv_hkdf_derive_secret(const struct hash_alg *alg, struct hash *scratch, struct span prk,
                                  const char *label, struct span transcript_hash,
                                  struct secret *out);

#endif
