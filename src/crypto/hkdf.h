/* HKDF (RFC 5869) and what TLS 1.3 makes of it (RFC 9846 section 7.1), over a digest of the
 * provider. Nothing is allocated. A pseudorandom key (prk) is a keyed HMAC, so that it serves many
 * expansions at the cost of one. */
#ifndef GALVAN_CRYPTO_HKDF_H
#define GALVAN_CRYPTO_HKDF_H

#include "crypto/hmac.h"

/* HKDF-Extract(salt, ikm), alg->len bytes. An empty salt stands for as many zeros. ikm may be
 * *out's own bytes. */
enum gv_err gv_hkdf_extract(const struct hash_alg *alg, struct span salt, struct span ikm,
                            struct secret *out);

/* HKDF-Expand(prk, info, len). INTERNAL where len is over 255 times the digest's length. */
enum gv_err gv_hkdf_expand(const struct hmac *prk, struct span info, uint8_t *out, size_t len);

/* HKDF-Expand-Label(prk, label, context, len): the label is given without its "tls13 ". INTERNAL
 * where label, context or len are longer than their fields. */
enum gv_err gv_hkdf_expand_label(const struct hmac *prk, const char *label, struct span context,
                                 uint8_t *out, size_t len);

/* Derive-Secret(prk, label, messages), given the transcript hash of the messages. */
enum gv_err gv_hkdf_derive_secret(const struct hmac *prk, const char *label,
                                  struct span transcript_hash, struct secret *out);

/* Derive-Secret where only the secret's bytes are at hand; out may be the secret itself. */
enum gv_err gv_hkdf_derive_from(const struct hash_alg *alg, const struct secret *from,
                                const char *label, struct span context, struct secret *out);

#endif
