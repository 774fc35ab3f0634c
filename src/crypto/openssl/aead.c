/* AES-GCM and ChaCha20-Poly1305 through EVP. A context is made at a connection's first key and
 * keyed again after that; a fresh one for each record would double the cost of a short record.
 *
 * Sealing and opening set no mark in the error queue, which would cost a tenth of a short record:
 * on a context that has its key, they raise nothing there, not for a wrong tag either (a test
 * holds that against the libcrypto at hand). */
#include "crypto/openssl/openssl.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/err.h>

struct cipher {
    const char *name;
    EVP_CIPHER *fetched;
};

static struct cipher aes_128_gcm = {.name = "AES-128-GCM"};
static struct cipher aes_256_gcm = {.name = "AES-256-GCM"};
static struct cipher chacha20_poly1305 = {.name = "ChaCha20-Poly1305"};

bool gv_openssl_aead_init(void)
{
    struct cipher *all[] = {&aes_128_gcm, &aes_256_gcm, &chacha20_poly1305};
    bool ok = true;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        all[i]->fetched = EVP_CIPHER_fetch(NULL, all[i]->name, NULL);
        ok = ok && all[i]->fetched != NULL;
    }
    return ok;
}

static void drop(struct aead *a)
{
    EVP_CIPHER_CTX_free(a->impl);
    *a = (struct aead){NULL, NULL};
}

static enum gv_err key(const struct aead_alg *alg, struct aead *a, const uint8_t *bytes, bool seal)
{
    const struct cipher *cipher = alg->impl;
    if (a->impl != NULL && a->alg != alg)
        gv_aead_drop(a);
    a->alg = alg;
    ERR_set_mark();
    /* Told its cipher again, a context would throw its memory away and take new. */
    bool fresh = a->impl == NULL;
    if (fresh)
        a->impl = EVP_CIPHER_CTX_new();
    bool ok = a->impl != NULL && EVP_CipherInit_ex2(a->impl, fresh ? cipher->fetched : NULL, bytes,
                                                    NULL, seal, NULL) == 1;
    ERR_pop_to_mark();
    if (ok)
        return GV_OK;
    drop(a);
    RAISE(CRYPTO_FAILED);
}

static bool update(EVP_CIPHER_CTX *ctx, uint8_t *out, struct span in)
{
    int n;
    return in.len == 0 || (in.len <= INT_MAX && EVP_CipherUpdate(ctx, out, &n, in.at, (int)in.len));
}

static bool begin(EVP_CIPHER_CTX *ctx, const uint8_t nonce[AEAD_NONCE], struct span aad)
{
    return EVP_CipherInit_ex2(ctx, NULL, NULL, nonce, -1, NULL) == 1 && update(ctx, NULL, aad);
}

static enum gv_err seal(struct aead *a, const uint8_t nonce[AEAD_NONCE], struct span aad,
                        struct span text, struct span tail, uint8_t *out)
{
    int n;
    uint8_t *tag = out + text.len + tail.len;
    OSSL_PARAM get_tag[] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag, AEAD_TAG),
        OSSL_PARAM_construct_end(),
    };
    if (!begin(a->impl, nonce, aad) || !update(a->impl, out, text) ||
        !update(a->impl, out + text.len, tail) || EVP_CipherFinal_ex(a->impl, tag, &n) != 1 ||
        EVP_CIPHER_CTX_get_params(a->impl, get_tag) != 1)
        RAISE(CRYPTO_FAILED);
    return GV_OK;
}

static enum gv_err open(struct aead *a, const uint8_t nonce[AEAD_NONCE], struct span aad,
                        uint8_t *text, size_t len)
{
    if (len < AEAD_TAG)
        RAISE(BAD_RECORD_MAC);
    int n;
    size_t inner = len - AEAD_TAG;
    OSSL_PARAM set_tag[] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, text + inner, AEAD_TAG),
        OSSL_PARAM_construct_end(),
    };
    if (!begin(a->impl, nonce, aad) || !update(a->impl, text, span_of(text, inner)) ||
        EVP_CIPHER_CTX_set_params(a->impl, set_tag) != 1)
        RAISE(CRYPTO_FAILED);
    if (EVP_CipherFinal_ex(a->impl, text + inner, &n) != 1)
        RAISE(BAD_RECORD_MAC);
    return GV_OK;
}

/* RFC 9846 section 5.5 lets AES-GCM seal 2^24.5 records of full size with one key, and bounds
 * ChaCha20-Poly1305 only by the sequence numbers; 2^62 is less than they have. */
const struct aead_alg gv_openssl_aes_128_gcm = {
    .name = "AES-128-GCM",
    .key_len = 16,
    .record_limit = UINT64_C(1) << 24,
    .key = key,
    .seal = seal,
    .open = open,
    .drop = drop,
    .impl = &aes_128_gcm,
};

const struct aead_alg gv_openssl_aes_256_gcm = {
    .name = "AES-256-GCM",
    .key_len = 32,
    .record_limit = UINT64_C(1) << 24,
    .key = key,
    .seal = seal,
    .open = open,
    .drop = drop,
    .impl = &aes_256_gcm,
};

const struct aead_alg gv_openssl_chacha20_poly1305 = {
    .name = "ChaCha20-Poly1305",
    .key_len = 32,
    .record_limit = UINT64_C(1) << 62,
    .key = key,
    .seal = seal,
    .open = open,
    .drop = drop,
    .impl = &chacha20_poly1305,
};
