/* Private keys: reads PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 appendix A.1.2) and SEC1 (RFC 5915) and
 * makes signing keys of them. Each form is read by the one function for it: libcrypto's guessing
 * decoders look names up, and one of them may ask for a passphrase at the terminal.
 *
 * Invariant: a key that loads is of a size and a kind in the list of verifiers, and its private
 * half has been held against its public one. */
#include "crypto/openssl/openssl.h"

#include "base/mem.h"
#include "crypto/openssl/der.h"
#include "wire/codepoints.h"

#include <openssl/err.h>
#include <openssl/x509.h>

enum { DER_MAX = 65535, ED25519_SEED = 32 };

static void rsa_free(struct signing_key *key)
{
    RSA_free(key->impl);
    gv_mem_free(key);
}

static void ec_free(struct signing_key *key)
{
    EC_KEY_free(key->impl);
    gv_mem_free(key);
}

static void ed25519_free(struct signing_key *key)
{
    EVP_PKEY_free(key->impl);
    gv_mem_free(key);
}

static const struct signing_key rsa_key = {
    .schemes = {SCHEME_RSA_PSS_RSAE_SHA512, SCHEME_RSA_PSS_RSAE_SHA384, SCHEME_RSA_PSS_RSAE_SHA256,
                SCHEME_RSA_PKCS1_SHA512, SCHEME_RSA_PKCS1_SHA384, SCHEME_RSA_PKCS1_SHA256},
    .scheme_count = 6,
    .sign = gv_openssl_rsa_sign,
    .free = rsa_free,
};

static const struct signing_key ec_keys[CURVE_COUNT] = {
    [CURVE_P256] = {.schemes = {SCHEME_ECDSA_SECP256R1_SHA256},
                    .scheme_count = 1,
                    .sign = gv_openssl_ecdsa_sign,
                    .free = ec_free},
    [CURVE_P384] = {.schemes = {SCHEME_ECDSA_SECP384R1_SHA384},
                    .scheme_count = 1,
                    .sign = gv_openssl_ecdsa_sign,
                    .free = ec_free},
    [CURVE_P521] = {.schemes = {SCHEME_ECDSA_SECP521R1_SHA512},
                    .scheme_count = 1,
                    .sign = gv_openssl_ecdsa_sign,
                    .free = ec_free},
};

static const struct signing_key ed25519_key = {
    .schemes = {SCHEME_ED25519},
    .scheme_count = 1,
    .sign = gv_openssl_ed25519_sign,
    .free = ed25519_free,
};

/* A signing key of this kind around impl, with its SubjectPublicKeyInfo behind it in one block. */
static enum gv_err make(const struct signing_key *kind, void *impl, const uint8_t *spki, int len,
                        struct signing_key **out)
{
    if (spki == NULL || len <= 0)
        RAISE(CRYPTO_FAILED);
    struct signing_key *key = gv_mem_alloc(sizeof *key + (size_t)len);
    if (key == NULL)
        RAISE(NO_MEMORY);
    memcpy(key, kind, sizeof *key);
    gv_ref_init(&key->refs);
    uint8_t *at = (uint8_t *)(key + 1);
    memcpy(at, spki, (size_t)len);
    key->spki = span_of(at, (size_t)len);
    key->impl = impl;
    *out = key;
    return GV_OK;
}

/* Whether no part of the key is missing or larger than the modulus: that bounds the work. */
static bool rsa_is_whole(const RSA *rsa)
{
    const BIGNUM *part[] = {RSA_get0_e(rsa),   RSA_get0_d(rsa),    RSA_get0_p(rsa),
                            RSA_get0_q(rsa),   RSA_get0_dmp1(rsa), RSA_get0_dmq1(rsa),
                            RSA_get0_iqmp(rsa)};
    for (size_t i = 0; i < COUNT_OF(part); i++)
        if (part[i] == NULL || BN_is_zero(part[i]) || BN_is_negative(part[i]) ||
            BN_num_bits(part[i]) > RSA_bits(rsa))
            return false;
    return BN_is_odd(RSA_get0_n(rsa)) && BN_is_odd(RSA_get0_e(rsa));
}

/* Whether the private half undoes the public one. */
static bool rsa_is_consistent(RSA *rsa)
{
    static const uint8_t in[RSA_BITS_MAX / 8] = {0, 1, 2, 3, 4, 5, 6, 7};
    uint8_t middle[RSA_BITS_MAX / 8], out[RSA_BITS_MAX / 8];
    int len = RSA_size(rsa);
    return RSA_private_encrypt(len, in, middle, rsa, RSA_NO_PADDING) == len &&
           RSA_public_decrypt(len, middle, out, rsa, RSA_NO_PADDING) == len &&
           memcmp(in, out, (size_t)len) == 0;
}

static enum gv_err read_rsa(struct span der, struct signing_key **out)
{
    const unsigned char *at = der.at;
    unsigned char *spki = NULL;
    enum gv_err err = GV_OK;
    RSA *rsa = d2i_RSAPrivateKey(NULL, &at, (long)der.len);
    if (rsa == NULL || at != der.at + der.len)
        err = RAISED(PRIVATE_KEY_PARSE);
    else if (RSA_get_version(rsa) != RSA_ASN1_VERSION_DEFAULT || RSA_bits(rsa) < RSA_BITS_MIN ||
             RSA_bits(rsa) > RSA_BITS_MAX)
        err = RAISED(PRIVATE_KEY_UNSUITABLE);
    else if (!rsa_is_whole(rsa) || !rsa_is_consistent(rsa))
        err = RAISED(PRIVATE_KEY_PARSE);
    if (err != GV_OK)
        goto done;
    int len = i2d_RSA_PUBKEY(rsa, &spki);
    err = make(&rsa_key, rsa, spki, len, out);
done:
    if (err != GV_OK)
        RSA_free(rsa);
    OPENSSL_free(spki);
    return err;
}

/* Which of our curves a key is on: by name, never by parameters that only look the same. NULL where
 * it is none of ours. */
static const struct curve *curve_of(const EC_KEY *key)
{
    int nid = EC_GROUP_get_curve_name(EC_KEY_get0_group(key));
    for (size_t i = 0; i < CURVE_COUNT; i++)
        if (gv_openssl_curves[i].nid == nid && !EC_KEY_decoded_from_explicit_params(key))
            return &gv_openssl_curves[i];
    return NULL;
}

/* An ECPrivateKey. named is the curve that PKCS#8 names around it, NULL in SEC1's own form, which
 * names it inside. */
static enum gv_err read_ec(struct span der, const struct curve *named, struct signing_key **out)
{
    const unsigned char *at = der.at;
    unsigned char *spki = NULL;
    enum gv_err err = GV_OK;
    const struct curve *curve = NULL;
    EC_KEY *key = named == NULL ? NULL : EC_KEY_dup(named->blank);
    if (d2i_ECPrivateKey(&key, &at, (long)der.len) == NULL || at != der.at + der.len)
        err = RAISED(PRIVATE_KEY_PARSE);
    else if ((curve = curve_of(key)) == NULL)
        err = RAISED(PRIVATE_KEY_UNSUITABLE);
    else if ((named != NULL && curve != named) || EC_KEY_check_key(key) != 1)
        err = RAISED(PRIVATE_KEY_PARSE);
    if (err != GV_OK)
        goto done;
    EC_KEY_set_conv_form(key, POINT_CONVERSION_UNCOMPRESSED);
    int len = i2d_EC_PUBKEY(key, &spki);
    err = make(&ec_keys[curve - gv_openssl_curves], key, spki, len, out);
done:
    if (err != GV_OK)
        EC_KEY_free(key);
    OPENSSL_free(spki);
    return err;
}

/* CurvePrivateKey (RFC 8410 section 7): an OCTET STRING with the seed. */
static enum gv_err read_ed25519(struct span der, struct signing_key **out)
{
    struct rd r = rd_of(der);
    struct span seed = gv_openssl_element(&r, DER_OCTET_STRING);
    if (!rd_end(&r) || seed.len != ED25519_SEED)
        RAISE(PRIVATE_KEY_PARSE);
    unsigned char *spki = NULL;
    EVP_PKEY *key = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, seed.at, seed.len);
    int len = key == NULL ? 0 : i2d_PUBKEY(key, &spki);
    enum gv_err err = make(&ed25519_key, key, spki, len, out);
    if (err != GV_OK)
        EVP_PKEY_free(key);
    OPENSSL_free(spki);
    return err;
}

/* Reads a key whose algorithm is told by what stands around it. */
static enum gv_err read_kind(struct span algorithm, struct span der, struct signing_key **out)
{
    const struct signature_verifier *const *v = gv_openssl_verifiers;
    while (*v != NULL && !span_equal((*v)->key_algorithm, algorithm))
        v++;
    if (*v != NULL && (*v)->verify == gv_openssl_rsa_verify)
        return read_rsa(der, out);
    if (*v != NULL && (*v)->verify == gv_openssl_ecdsa_verify)
        return read_ec(der, (*v)->impl, out);
    if (*v != NULL && (*v)->scheme == SCHEME_ED25519)
        return read_ed25519(der, out);
    RAISE(PRIVATE_KEY_UNSUITABLE);
}

/* Whether a public key is the one at the end of this SubjectPublicKeyInfo. */
static bool ends_with(struct span spki, struct span public_key)
{
    return public_key.len <= spki.len &&
           span_equal(span_from(spki, spki.len - public_key.len), public_key);
}

/* OneAsymmetricKey (RFC 5958 section 2), of either version: the second may have the public key. */
static enum gv_err read_pkcs8(struct span der, struct signing_key **out)
{
    struct rd outer = rd_of(der);
    struct rd r = rd_of(gv_openssl_element(&outer, DER_SEQUENCE));
    struct span version = gv_openssl_element(&r, DER_INTEGER), public_key = {NULL, 0};
    struct span algorithm = gv_openssl_element(&r, DER_SEQUENCE);
    struct span key = gv_openssl_element(&r, DER_OCTET_STRING);
    if (gv_openssl_next_is(&r, DER_CONTEXT_0))
        gv_openssl_element(&r, DER_CONTEXT_0); /* attributes */
    if (gv_openssl_next_is(&r, DER_CONTEXT_1))
        public_key = gv_openssl_element(&r, DER_CONTEXT_1);
    if (!rd_end(&r) || !rd_end(&outer) || version.len != 1 || *version.at > 1)
        RAISE(PRIVATE_KEY_PARSE);
    TRY(read_kind(algorithm, key, out));
    if (ends_with((*out)->spki, span_from(public_key, 1))) /* behind its unused-bits byte */
        return GV_OK;
    gv_signing_key_free(*out);
    RAISE(PRIVATE_KEY_PARSE);
}

enum gv_err gv_openssl_load_key(struct span der, struct signing_key **out)
{
    struct signing_key *key = NULL;
    if (der.len > DER_MAX)
        RAISE(PRIVATE_KEY_PARSE);
    ERR_set_mark();
    enum gv_err err = read_pkcs8(der, &key);
    if (err == GV_E_PRIVATE_KEY_PARSE)
        err = read_rsa(der, &key);
    if (err == GV_E_PRIVATE_KEY_PARSE)
        err = read_ec(der, NULL, &key);
    ERR_pop_to_mark();
    if (err == GV_OK)
        *out = key;
    return err;
}
