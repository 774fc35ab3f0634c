/* What HPKE (RFC 9180 section 7) is made of here. X25519, HKDF-SHA256 and AES-128-GCM come first: they
 * are what everybody has who speaks Encrypted Client Hello (RFC 9849 section 9). */
#include "crypto/openssl/openssl.h"
#include "wire/codepoints.h"

static const struct hpke_kem x25519 = {
    .name = "DHKEM(X25519, HKDF-SHA256)",
    .id = HPKE_DHKEM_X25519,
    .group = &gv_openssl_x25519,
    .hash = &gv_openssl_sha256,
};
static const struct hpke_kem p256 = {
    .name = "DHKEM(P-256, HKDF-SHA256)",
    .id = HPKE_DHKEM_P256,
    .group = &gv_openssl_secp256r1,
    .hash = &gv_openssl_sha256,
    .rejects = true,
};
static const struct hpke_kem p384 = {
    .name = "DHKEM(P-384, HKDF-SHA384)",
    .id = HPKE_DHKEM_P384,
    .group = &gv_openssl_secp384r1,
    .hash = &gv_openssl_sha384,
    .rejects = true,
};
static const struct hpke_kem *const kems[] = {&x25519, &p256, &p384, NULL};

static const struct hpke_kdf kdf_rows[] = {
    {.name = "HKDF-SHA256", .id = HPKE_HKDF_SHA256, .hash = &gv_openssl_sha256},
    {.name = "HKDF-SHA384", .id = HPKE_HKDF_SHA384, .hash = &gv_openssl_sha384},
    {.name = "HKDF-SHA512", .id = HPKE_HKDF_SHA512, .hash = &gv_openssl_sha512},
};
static const struct hpke_kdf *const kdfs[] = {&kdf_rows[0], &kdf_rows[1], &kdf_rows[2], NULL};

static const struct hpke_aead aead_rows[] = {
    {.name = "AES-128-GCM", .id = HPKE_AES_128_GCM, .aead = &gv_openssl_aes_128_gcm},
    {.name = "AES-256-GCM", .id = HPKE_AES_256_GCM, .aead = &gv_openssl_aes_256_gcm},
    {.name = "ChaCha20Poly1305",
     .id = HPKE_CHACHA20_POLY1305,
     .aead = &gv_openssl_chacha20_poly1305},
};
static const struct hpke_aead *const aeads[] = {&aead_rows[0], &aead_rows[1], &aead_rows[2], NULL};

const struct hpke_algorithms gv_openssl_hpke = {.kems = kems, .kdfs = kdfs, .aeads = aeads};
