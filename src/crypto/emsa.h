/* How RSA signatures encode a digest (RFC 8017 section 9). The exponentiation is the library's,
 * the encodings are here, so that a signature is held against exactly one encoding. */
#ifndef GALVAN_CRYPTO_EMSA_H
#define GALVAN_CRYPTO_EMSA_H

#include "crypto/provider.h"

/* EMSA-PSS with MGF1 over the same hash and a salt as long as the digest, as TLS and the Web PKI
 * have it. em has ceil(em_bits / 8) bytes. digest and salt are alg->len bytes each. INTERNAL where
 * em is too short. */
enum gv_err gv_emsa_pss_encode(const struct hash_alg *alg, const uint8_t *digest,
                               const uint8_t *salt, uint8_t *em, size_t em_bits);

/* BAD_SIGNATURE where em is no such encoding of digest. em is overwritten. */
enum gv_err gv_emsa_pss_verify(const struct hash_alg *alg, const uint8_t *digest, uint8_t *em,
                               size_t em_bits);

/* EMSA-PKCS1-v1_5: writes the whole of em. digest_info is the DER of DigestInfo as far as the
 * digest, which follows it. INTERNAL where em is too short. */
enum gv_err gv_emsa_pkcs1_encode(struct span digest_info, struct span digest, uint8_t *em,
                                 size_t em_len);

#endif
