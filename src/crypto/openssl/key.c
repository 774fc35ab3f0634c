/* Private keys: reads PKCS#8 (RFC 5958), PKCS#1 (RFC 8017 appendix A.1.2) and SEC1 (RFC 5915) and
 * makes signing keys of them. Each form is read by the one function for it: libcrypto's guessing
 * decoders look names up, and one of them may ask for a passphrase at the terminal.
 *
 * Invariant: a key that loads is of a size and a kind in the list of verifiers, and its private
 * half has been held against its public one. */
#include "crypto/openssl/openssl.h"

#include "base/mem.h"
#include "wire/codepoints.h"

#include <openssl/err.h>
#include <openssl/x509.h>

enum { DER_MAX = 65536, ED25519_SEED = 32 };

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

/* Index of a curve; CURVE_COUNT where it is none of ours. */
static size_t curve_index(int nid)
{
    size_t i = 0;
    while (i < CURVE_COUNT && gv_openssl_curves[i].nid != nid)
        i++;
    return i;
}

/* Which of our curves a key is on: by name, never by parameters that only look the same. */
static size_t curve_of(const EC_KEY *key)
{
    if (EC_KEY_decoded_from_explicit_params(key) != 0)
        return CURVE_COUNT;
    return curve_index(EC_GROUP_get_curve_name(EC_KEY_get0_group(key)));
}

/* An ECPrivateKey. outer is the key whose curve PKCS#8 names around it, consumed; NULL in SEC1's
 * own form, which names it inside. */
static enum gv_err read_ec(struct span der, EC_KEY *outer, struct signing_key **out)
{
    const unsigned char *at = der.at;
    unsigned char *spki = NULL;
    enum gv_err err = GV_OK;
    size_t named = outer == NULL ? CURVE_COUNT : curve_of(outer), curve = CURVE_COUNT;
    EC_KEY *key = outer;
    if (d2i_ECPrivateKey(&key, &at, (long)der.len) == NULL || at != der.at + der.len)
        err = RAISED(PRIVATE_KEY_PARSE);
    else if ((curve = curve_of(key)) == CURVE_COUNT)
        err = RAISED(PRIVATE_KEY_UNSUITABLE);
    else if ((outer != NULL && curve != named) || EC_KEY_check_key(key) != 1)
        err = RAISED(PRIVATE_KEY_PARSE);
    if (err != GV_OK)
        goto done;
    EC_KEY_set_conv_form(key, POINT_CONVERSION_UNCOMPRESSED);
    int len = i2d_EC_PUBKEY(key, &spki);
    err = make(&ec_keys[curve], key, spki, len, out);
done:
    if (err != GV_OK)
        EC_KEY_free(key);
    OPENSSL_free(spki);
    return err;
}

static enum gv_err read_pkcs8_ec(struct span der, const X509_ALGOR *algorithm,
                                 struct signing_key **out)
{
    int kind;
    const void *parameters;
    X509_ALGOR_get0(NULL, &kind, &parameters, algorithm);
    size_t curve = kind == V_ASN1_OBJECT ? curve_index(OBJ_obj2nid(parameters)) : CURVE_COUNT;
    if (curve == CURVE_COUNT)
        RAISE(PRIVATE_KEY_UNSUITABLE);
    EC_KEY *outer = EC_KEY_dup(gv_openssl_curves[curve].blank);
    if (outer == NULL)
        RAISE(CRYPTO_FAILED);
    return read_ec(der, outer, out);
}

/* CurvePrivateKey (RFC 8410 section 7): an OCTET STRING with the seed. */
static enum gv_err read_ed25519(struct span der, struct signing_key **out)
{
    const unsigned char *at = der.at;
    unsigned char *spki = NULL;
    enum gv_err err = GV_OK;
    EVP_PKEY *key = NULL;
    ASN1_OCTET_STRING *seed = d2i_ASN1_OCTET_STRING(NULL, &at, (long)der.len);
    if (seed == NULL || at != der.at + der.len || ASN1_STRING_length(seed) != ED25519_SEED) {
        err = RAISED(PRIVATE_KEY_PARSE);
        goto done;
    }
    key = EVP_PKEY_new_raw_private_key_ex(NULL, "ED25519", NULL, ASN1_STRING_get0_data(seed),
                                          ED25519_SEED);
    int len = key == NULL ? 0 : i2d_PUBKEY(key, &spki);
    err = make(&ed25519_key, key, spki, len, out);
done:
    if (err != GV_OK)
        EVP_PKEY_free(key);
    ASN1_STRING_clear_free(seed);
    OPENSSL_free(spki);
    return err;
}

static enum gv_err read_pkcs8(struct span der, struct signing_key **out)
{
    const unsigned char *at = der.at;
    const ASN1_OBJECT *kind;
    const X509_ALGOR *algorithm;
    struct span key;
    int len;
    enum gv_err err;
    PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)der.len);
    if (info == NULL || at != der.at + der.len ||
        PKCS8_pkey_get0(&kind, &key.at, &len, &algorithm, info) != 1) {
        err = RAISED(PRIVATE_KEY_PARSE);
        goto done;
    }
    key.len = (size_t)len;
    switch (OBJ_obj2nid(kind)) {
    case NID_rsaEncryption:
        err = read_rsa(key, out);
        break;
    case NID_X9_62_id_ecPublicKey:
        err = read_pkcs8_ec(key, algorithm, out);
        break;
    case NID_ED25519:
        err = read_ed25519(key, out);
        break;
    default:
        err = RAISED(PRIVATE_KEY_UNSUITABLE);
    }
done:
    PKCS8_PRIV_KEY_INFO_free(info);
    return err;
}

enum gv_err gv_openssl_load_key(struct span der, struct signing_key **out)
{
    if (der.len == 0 || der.len > DER_MAX)
        RAISE(PRIVATE_KEY_PARSE);
    ERR_set_mark();
    enum gv_err err = read_pkcs8(der, out);
    if (err == GV_E_PRIVATE_KEY_PARSE)
        err = read_rsa(der, out);
    if (err == GV_E_PRIVATE_KEY_PARSE)
        err = read_ec(der, NULL, out);
    ERR_pop_to_mark();
    return err;
}
