/* The provider over libcrypto: its lists, and the one place where everything is made. */
#include "crypto/openssl/openssl.h"
#include "wire/codepoints.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdio.h>

/* clang-format off */
#define SUITE13(NAME, n, hash_alg, aead_alg)                                                       \
    {.name = "TLS13_" NAME, .iana_name = "TLS_" NAME, .code = n, .version = TLS13,                 \
     .hash = &(hash_alg), .aead = &(aead_alg), .fixed_iv_len = AEAD_NONCE}
/* AES-GCM's nonce has 8 bytes in the record (RFC 5288 section 3), ChaCha20's none (RFC 7905). */
#define SUITE12(NAME, n, hash_alg, aead_alg, who, in_record)                                       \
    {.name = NAME, .iana_name = NAME, .code = n, .version = TLS12, .hash = &(hash_alg),            \
     .aead = &(aead_alg), .auth = who, .fixed_iv_len = AEAD_NONCE - (in_record),                   \
     .explicit_nonce_len = in_record}

static const struct cipher_suite_info rows[] = {
    SUITE13("AES_256_GCM_SHA384", SUITE_TLS_AES_256_GCM_SHA384,
            gv_openssl_sha384, gv_openssl_aes_256_gcm),
    SUITE13("AES_128_GCM_SHA256", SUITE_TLS_AES_128_GCM_SHA256,
            gv_openssl_sha256, gv_openssl_aes_128_gcm),
    SUITE13("CHACHA20_POLY1305_SHA256", SUITE_TLS_CHACHA20_POLY1305_SHA256,
            gv_openssl_sha256, gv_openssl_chacha20_poly1305),
    SUITE12("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", SUITE_ECDHE_ECDSA_AES_256_GCM_SHA384,
            gv_openssl_sha384, gv_openssl_aes_256_gcm, AUTH_ECDSA, 8),
    SUITE12("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", SUITE_ECDHE_ECDSA_AES_128_GCM_SHA256,
            gv_openssl_sha256, gv_openssl_aes_128_gcm, AUTH_ECDSA, 8),
    SUITE12("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", SUITE_ECDHE_ECDSA_CHACHA20_POLY1305_SHA256,
            gv_openssl_sha256, gv_openssl_chacha20_poly1305, AUTH_ECDSA, 0),
    SUITE12("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", SUITE_ECDHE_RSA_AES_256_GCM_SHA384,
            gv_openssl_sha384, gv_openssl_aes_256_gcm, AUTH_RSA, 8),
    SUITE12("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", SUITE_ECDHE_RSA_AES_128_GCM_SHA256,
            gv_openssl_sha256, gv_openssl_aes_128_gcm, AUTH_RSA, 8),
    SUITE12("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", SUITE_ECDHE_RSA_CHACHA20_POLY1305_SHA256,
            gv_openssl_sha256, gv_openssl_chacha20_poly1305, AUTH_RSA, 0),
};

static const struct cipher_suite_info *const suites[] = {
    &rows[0], &rows[1], &rows[2], &rows[3], &rows[4], &rows[5], &rows[6], &rows[7], &rows[8], NULL,
};
/* clang-format on */

static const struct key_exchange_group *const groups[] = {
    &gv_openssl_x25519mlkem768,
    &gv_openssl_x25519,
    &gv_openssl_secp256r1,
    &gv_openssl_secp384r1,
    NULL,
};
static const struct key_exchange_group *const more_groups[] = {
    &gv_openssl_secp256r1mlkem768,
    &gv_openssl_secp384r1mlkem1024,
    NULL,
};

static char name[64];
static const struct provider provider = {
    .name = name,
    .suites = suites,
    .groups = groups,
    .more_groups = more_groups,
    .verifiers = gv_openssl_verifiers,
    .hpke = &gv_openssl_hpke,
    .random = gv_openssl_random,
    .load_key = gv_openssl_load_key,
};
static bool complete;

/* What is made here lives as long as the process. */
static void make(void)
{
    ERR_set_mark();
    snprintf(name, sizeof name, "OpenSSL %s", OpenSSL_version(OPENSSL_VERSION_STRING));
    gv_openssl_verifiers_init();
    complete = gv_openssl_aead_init() && gv_openssl_curve_init();
    ERR_pop_to_mark();
}

const struct provider *gv_openssl_provider(void)
{
    static CRYPTO_ONCE once = CRYPTO_ONCE_STATIC_INIT;
    if (CRYPTO_THREAD_run_once(&once, make) != 1 || !complete)
        return NULL;
    return &provider;
}
