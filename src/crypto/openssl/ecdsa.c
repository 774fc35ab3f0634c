/* ECDSA (RFC 9846 section 4.2.3, RFC 8422 section 5.10) over the NIST curves, through EC_KEY: see
 * curve.c for why. ECDSA_verify takes a signature in DER only (it encodes it anew and compares). */
#include "crypto/openssl/openssl.h"
#include "wire/codepoints.h"

#include <openssl/err.h>

/* In TLS 1.2 and in certificates a scheme names a hash, whatever the curve. */
static const struct hash_alg *hash_of(uint16_t scheme)
{
    switch (scheme) {
    case SCHEME_ECDSA_SECP256R1_SHA256:
        return &gv_openssl_sha256;
    case SCHEME_ECDSA_SECP384R1_SHA384:
        return &gv_openssl_sha384;
    default:
        return &gv_openssl_sha512;
    }
}

static EC_KEY *import(const struct curve *curve, struct span public_key)
{
    EC_KEY *key = EC_KEY_dup(curve->blank);
    if (key != NULL && EC_KEY_oct2key(key, public_key.at, public_key.len, NULL) == 1)
        return key;
    EC_KEY_free(key);
    return NULL;
}

enum gv_err gv_openssl_ecdsa_verify(const struct signature_verifier *v, struct span public_key,
                                    struct span message, struct span signature)
{
    const struct curve *curve = v->impl;
    const struct hash_alg *hash = hash_of(v->scheme);
    uint8_t digest[HASH_MAX];
    if (!gv_openssl_is_uncompressed(curve, public_key) || signature.len > SIGNATURE_MAX)
        RAISE(BAD_SIGNATURE);
    TRY(gv_openssl_digest(hash, message, digest));
    ERR_set_mark();
    EC_KEY *key = import(curve, public_key);
    bool genuine = key != NULL &&
                   ECDSA_verify(0, digest, hash->len, signature.at, (int)signature.len, key) == 1;
    EC_KEY_free(key);
    ERR_pop_to_mark();
    if (!genuine)
        RAISE(BAD_SIGNATURE);
    return GV_OK;
}

enum gv_err gv_openssl_ecdsa_sign(const struct signing_key *key, uint16_t scheme,
                                  struct span message, uint8_t out[SIGNATURE_MAX], size_t *out_len)
{
    if (scheme != key->schemes[0])
        RAISE(INTERNAL);
    uint8_t digest[HASH_MAX];
    unsigned len = 0;
    const struct hash_alg *hash = hash_of(scheme);
    TRY(gv_openssl_digest(hash, message, digest));
    ERR_set_mark();
    bool ok = ECDSA_sign(0, digest, hash->len, out, &len, key->impl) == 1;
    ERR_pop_to_mark();
    if (!ok)
        RAISE(CRYPTO_FAILED);
    *out_len = len;
    return GV_OK;
}
