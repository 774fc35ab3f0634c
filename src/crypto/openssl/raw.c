/* Ed25519 (RFC 8032) and ML-DSA (FIPS 204): public keys that are plain bytes, and signatures over
 * the message itself. Both go through EVP, the only way to them; what verifies one is the name. */
#include "crypto/openssl/openssl.h"

#include <openssl/err.h>

bool gv_openssl_raw_exists(const char *name)
{
    ERR_set_mark();
    EVP_SIGNATURE *signature = EVP_SIGNATURE_fetch(NULL, name, NULL);
    EVP_SIGNATURE_free(signature);
    ERR_pop_to_mark();
    return signature != NULL;
}

enum gv_err gv_openssl_raw_verify(const struct signature_verifier *v, struct span public_key,
                                  struct span message, struct span signature)
{
    ERR_set_mark();
    EVP_PKEY *key =
        EVP_PKEY_new_raw_public_key_ex(NULL, v->impl, NULL, public_key.at, public_key.len);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool genuine = key != NULL && ctx != NULL &&
                   EVP_DigestVerifyInit_ex(ctx, NULL, NULL, NULL, NULL, key, NULL) == 1 &&
                   EVP_DigestVerify(ctx, signature.at, signature.len, message.at, message.len) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_PKEY_free(key);
    ERR_pop_to_mark();
    if (!genuine)
        RAISE(BAD_SIGNATURE);
    return GV_OK;
}

enum gv_err gv_openssl_ed25519_sign(const struct signing_key *key, uint16_t scheme,
                                    struct span message, uint8_t out[SIGNATURE_MAX],
                                    size_t *out_len)
{
    if (scheme != key->schemes[0])
        RAISE(INTERNAL);
    *out_len = SIGNATURE_MAX;
    ERR_set_mark();
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool ok = ctx != NULL && EVP_DigestSignInit_ex(ctx, NULL, NULL, NULL, NULL, key->impl, NULL) &&
              EVP_DigestSign(ctx, out, out_len, message.at, message.len) == 1;
    EVP_MD_CTX_free(ctx);
    ERR_pop_to_mark();
    if (!ok)
        RAISE(CRYPTO_FAILED);
    return GV_OK;
}
