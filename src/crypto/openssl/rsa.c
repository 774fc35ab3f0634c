/* RSA signatures (RFC 8017): PKCS #1 v1.5 and PSS. libcrypto raises to the power, crypto/emsa pads,
 * so that no leniency of a parser stands between a signature and its verdict. The low-level RSA
 * object imports and verifies in 20 us where EVP with d2i_PUBKEY takes 127 (2048 bits, OpenSSL
 * 3.0). */
#include "crypto/openssl/openssl.h"

#include "crypto/emsa.h"
#include "crypto/openssl/der.h"
#include "wire/codepoints.h"

#include <openssl/err.h>

enum { EXPONENT_BYTES_MAX = 5 }; /* as other verifiers of the Web PKI: it bounds the work */

/* DigestInfo as far as the digest (RFC 8017 section 9.2, note 1) */
static const uint8_t sha256_info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                      0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
static const uint8_t sha384_info[] = {0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                      0x65, 0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30};
static const uint8_t sha512_info[] = {0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                      0x65, 0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40};

static const struct rsa_padding {
    uint16_t scheme;
    const struct hash_alg *hash;
    struct span digest_info; /* empty for PSS */
} paddings[] = {
    {SCHEME_RSA_PSS_RSAE_SHA256, &gv_openssl_sha256, {NULL, 0}},
    {SCHEME_RSA_PSS_RSAE_SHA384, &gv_openssl_sha384, {NULL, 0}},
    {SCHEME_RSA_PSS_RSAE_SHA512, &gv_openssl_sha512, {NULL, 0}},
    {SCHEME_RSA_PKCS1_SHA256, &gv_openssl_sha256, {sha256_info, sizeof sha256_info}},
    {SCHEME_RSA_PKCS1_SHA384, &gv_openssl_sha384, {sha384_info, sizeof sha384_info}},
    {SCHEME_RSA_PKCS1_SHA512, &gv_openssl_sha512, {sha512_info, sizeof sha512_info}},
};

static const struct rsa_padding *padding_of(uint16_t scheme)
{
    for (size_t i = 0; i < COUNT_OF(paddings); i++)
        if (paddings[i].scheme == scheme)
            return &paddings[i];
    return NULL;
}

static size_t bits_of(struct span number)
{
    size_t bits = 8 * number.len;
    for (uint8_t first = *number.at; first < 0x80; first = (uint8_t)(first << 1))
        bits--;
    return bits;
}

/* RSAPublicKey (RFC 8017 appendix A.1.1), with the sizes that we take. */
static bool parse(struct span public_key, struct span *n, struct span *e)
{
    struct rd outer = rd_of(public_key);
    struct rd r = rd_of(gv_openssl_element(&outer, DER_SEQUENCE));
    *n = gv_openssl_positive(&r);
    *e = gv_openssl_positive(&r);
    if (!rd_end(&outer) || !rd_end(&r))
        return false;
    size_t bits = bits_of(*n);
    bool odd = n->at[n->len - 1] & e->at[e->len - 1] & 1;
    bool above_one = e->len > 1 || *e->at > 1;
    return bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX && odd && above_one &&
           e->len <= EXPONENT_BYTES_MAX;
}

static RSA *import(struct span n, struct span e)
{
    RSA *rsa = RSA_new();
    BIGNUM *bn_n = BN_bin2bn(n.at, (int)n.len, NULL), *bn_e = BN_bin2bn(e.at, (int)e.len, NULL);
    if (rsa != NULL && bn_n != NULL && bn_e != NULL && RSA_set0_key(rsa, bn_n, bn_e, NULL) == 1)
        return rsa;
    RSA_free(rsa);
    BN_free(bn_n);
    BN_free(bn_e);
    return NULL;
}

/* em = signature ^ e mod n, n.len bytes. False where the signature is not below n. */
static bool power(struct span n, struct span e, struct span signature, uint8_t *em)
{
    ERR_set_mark();
    RSA *rsa = import(n, e);
    bool ok = rsa != NULL && RSA_public_decrypt((int)signature.len, signature.at, em, rsa,
                                                RSA_NO_PADDING) == (int)n.len;
    RSA_free(rsa);
    ERR_pop_to_mark();
    return ok;
}

static enum gv_err check_pkcs1(const struct rsa_padding *how, const uint8_t *digest,
                               const uint8_t *em, size_t em_len)
{
    uint8_t expected[RSA_BITS_MAX / 8];
    TRY(gv_emsa_pkcs1_encode(how->digest_info, span_of(digest, how->hash->len), expected, em_len));
    if (memcmp(expected, em, em_len) != 0)
        RAISE(BAD_SIGNATURE);
    return GV_OK;
}

enum gv_err gv_openssl_rsa_verify(const struct signature_verifier *v, struct span public_key,
                                  struct span message, struct span signature)
{
    const struct rsa_padding *how = padding_of(v->scheme);
    struct span n, e;
    uint8_t digest[HASH_MAX], em[RSA_BITS_MAX / 8];
    if (how == NULL)
        RAISE(INTERNAL);
    if (!parse(public_key, &n, &e) || signature.len != n.len || !power(n, e, signature, em))
        RAISE(BAD_SIGNATURE);
    TRY(gv_openssl_digest(how->hash, message, digest));
    if (how->digest_info.len != 0)
        return check_pkcs1(how, digest, em, n.len);
    /* One bit less than n has: a byte less where n's first byte is 1. */
    size_t em_bits = bits_of(n) - 1, spare = n.len - (em_bits + 7) / 8;
    if (spare != 0 && em[0] != 0)
        RAISE(BAD_SIGNATURE);
    return gv_emsa_pss_verify(how->hash, digest, em + spare, em_bits);
}

static enum gv_err encode(const struct rsa_padding *how, struct span message, uint8_t *em,
                          size_t bits)
{
    uint8_t digest[HASH_MAX], salt[HASH_MAX];
    size_t em_len = (bits + 7) / 8, spare = em_len - (bits - 1 + 7) / 8;
    TRY(gv_openssl_digest(how->hash, message, digest));
    if (how->digest_info.len != 0)
        return gv_emsa_pkcs1_encode(how->digest_info, span_of(digest, how->hash->len), em, em_len);
    TRY(gv_openssl_random(salt, how->hash->len));
    em[0] = 0;
    return gv_emsa_pss_encode(how->hash, digest, salt, em + spare, bits - 1);
}

enum gv_err gv_openssl_rsa_sign(const struct signing_key *key, uint16_t scheme, struct span message,
                                uint8_t out[SIGNATURE_MAX], size_t *out_len)
{
    const struct rsa_padding *how = padding_of(scheme);
    RSA *rsa = key->impl;
    uint8_t em[RSA_BITS_MAX / 8];
    int len = RSA_size(rsa);
    if (how == NULL)
        RAISE(INTERNAL);
    TRY(encode(how, message, em, (size_t)RSA_bits(rsa)));
    ERR_set_mark();
    /* Blinded, and checked against the public key before it is let out. */
    bool ok = RSA_private_encrypt(len, em, out, rsa, RSA_NO_PADDING) == len;
    ERR_pop_to_mark();
    if (!ok)
        RAISE(CRYPTO_FAILED);
    *out_len = (size_t)len;
    return GV_OK;
}
