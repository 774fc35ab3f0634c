/* What we can verify, in order of preference: the first appearances of the schemes are the order in
 * hellos. SHA-1 and MD5 have no row, so nothing can bring them back. */
#include "crypto/openssl/openssl.h"
#include "wire/codepoints.h"

/* The contents of AlgorithmIdentifier. RFC 5480 section 2.1.1, RFC 8410 section 3, RFC 8017
 * appendix A, RFC 9881 section 2 */
#define OID_EC_PUBLIC_KEY 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01
#define OID_ECDSA_WITH(hash) 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, (hash)
#define OID_PKCS1(n) 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, (n)
#define OID_SHA(n) 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, (n)
#define OID_MLDSA(n) 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, (n)
#define DER_NULL 0x05, 0x00
/* RSASSA-PSS-params: the hash, MGF1 with the same hash, and a salt of its length */
#define PSS_PARAMS(n, salt)                                                                        \
    0x30, 0x34, 0xa0, 0x0f, 0x30, 0x0d, OID_SHA(n), DER_NULL, 0xa1, 0x1c, 0x30, 0x1a,              \
        OID_PKCS1(0x08), 0x30, 0x0d, OID_SHA(n), DER_NULL, 0xa2, 0x03, 0x02, 0x01, (salt)

/* clang-format off */
static const uint8_t p256[] = {OID_EC_PUBLIC_KEY, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
static const uint8_t p384[] = {OID_EC_PUBLIC_KEY, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};
static const uint8_t p521[] = {OID_EC_PUBLIC_KEY, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23};
static const uint8_t rsa[] = {OID_PKCS1(0x01), DER_NULL};
static const uint8_t ed25519[] = {0x06, 0x03, 0x2b, 0x65, 0x70};
static const uint8_t mldsa44[] = {OID_MLDSA(0x11)};
static const uint8_t mldsa65[] = {OID_MLDSA(0x12)};
static const uint8_t mldsa87[] = {OID_MLDSA(0x13)};
static const uint8_t ecdsa_sha256[] = {OID_ECDSA_WITH(0x02)};
static const uint8_t ecdsa_sha384[] = {OID_ECDSA_WITH(0x03)};
static const uint8_t ecdsa_sha512[] = {OID_ECDSA_WITH(0x04)};
static const uint8_t pkcs1_sha256[] = {OID_PKCS1(0x0b), DER_NULL};
static const uint8_t pkcs1_sha384[] = {OID_PKCS1(0x0c), DER_NULL};
static const uint8_t pkcs1_sha512[] = {OID_PKCS1(0x0d), DER_NULL};
static const uint8_t pkcs1_sha256_bare[] = {OID_PKCS1(0x0b)};
static const uint8_t pkcs1_sha384_bare[] = {OID_PKCS1(0x0c)};
static const uint8_t pkcs1_sha512_bare[] = {OID_PKCS1(0x0d)};
static const uint8_t pss_sha256[] = {OID_PKCS1(0x0a), PSS_PARAMS(0x01, 0x20)};
static const uint8_t pss_sha384[] = {OID_PKCS1(0x0a), PSS_PARAMS(0x02, 0x30)};
static const uint8_t pss_sha512[] = {OID_PKCS1(0x0a), PSS_PARAMS(0x03, 0x40)};

/* In TLS 1.3 a scheme binds the curve (RFC 9846 section 4.2.3) and PKCS #1 v1.5 signs certificates
 * only; TLS 1.2 takes any curve with any hash. ML-DSA signs certificates for whoever asks for it:
 * hellos do not offer it, because the API's facts list ten schemes. */
enum {
    CERTS = SIGNS_CERTIFICATES,
    UPTO12 = SIGNS_CERTIFICATES | SIGNS_TLS12,
    EVERY = SIGNS_CERTIFICATES | SIGNS_TLS12 | SIGNS_TLS13
};
#define BYTES(array) {(array), sizeof(array)}
#define ECDSA(curve, CURVE, n, SCHEME, use)                                                        \
    {"ECDSA " #curve " with SHA-" #n, BYTES(curve), BYTES(ecdsa_sha##n), SCHEME, use,              \
     gv_openssl_ecdsa_verify, &gv_openssl_curves[CURVE]}
#define PSS(n)                                                                                     \
    {"RSA-PSS with SHA-" #n, BYTES(rsa), BYTES(pss_sha##n), SCHEME_RSA_PSS_RSAE_SHA##n, EVERY,     \
     gv_openssl_rsa_verify, NULL}
#define PKCS1(n, form, use)                                                                        \
    {"RSA PKCS #1 v1.5 with SHA-" #n, BYTES(rsa), BYTES(form), SCHEME_RSA_PKCS1_SHA##n, use,       \
     gv_openssl_rsa_verify, NULL}
#define RAW(name, bytes, SCHEME, use)                                                              \
    {name, BYTES(bytes), BYTES(bytes), SCHEME, use, gv_openssl_raw_verify, name}

static const struct signature_verifier rows[] = {
    ECDSA(p384, CURVE_P384, 384, SCHEME_ECDSA_SECP384R1_SHA384, EVERY),
    ECDSA(p256, CURVE_P256, 384, SCHEME_ECDSA_SECP384R1_SHA384, UPTO12),
    ECDSA(p521, CURVE_P521, 384, SCHEME_ECDSA_SECP384R1_SHA384, UPTO12),
    ECDSA(p256, CURVE_P256, 256, SCHEME_ECDSA_SECP256R1_SHA256, EVERY),
    ECDSA(p384, CURVE_P384, 256, SCHEME_ECDSA_SECP256R1_SHA256, UPTO12),
    ECDSA(p521, CURVE_P521, 256, SCHEME_ECDSA_SECP256R1_SHA256, UPTO12),
    ECDSA(p521, CURVE_P521, 512, SCHEME_ECDSA_SECP521R1_SHA512, EVERY),
    ECDSA(p256, CURVE_P256, 512, SCHEME_ECDSA_SECP521R1_SHA512, UPTO12),
    ECDSA(p384, CURVE_P384, 512, SCHEME_ECDSA_SECP521R1_SHA512, UPTO12),
    RAW("Ed25519", ed25519, SCHEME_ED25519, EVERY),
    PSS(512),
    PSS(384),
    PSS(256),
    PKCS1(512, pkcs1_sha512, UPTO12),
    PKCS1(384, pkcs1_sha384, UPTO12),
    PKCS1(256, pkcs1_sha256, UPTO12),
    /* Parameters must be NULL (RFC 4055 section 5) and in certificates some left them out. */
    PKCS1(512, pkcs1_sha512_bare, CERTS),
    PKCS1(384, pkcs1_sha384_bare, CERTS),
    PKCS1(256, pkcs1_sha256_bare, CERTS),
    RAW("ML-DSA-44", mldsa44, SCHEME_MLDSA44, CERTS),
    RAW("ML-DSA-65", mldsa65, SCHEME_MLDSA65, CERTS),
    RAW("ML-DSA-87", mldsa87, SCHEME_MLDSA87, CERTS),
};
/* clang-format on */

const struct signature_verifier *gv_openssl_verifiers[COUNT_OF(rows) + 1];

/* The libcrypto that runs may have no ML-DSA (before 3.5), or no Ed25519 (in FIPS mode). */
void gv_openssl_verifiers_init(void)
{
    size_t n = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (rows[i].verify != gv_openssl_raw_verify || gv_openssl_raw_exists(rows[i].impl))
            gv_openssl_verifiers[n++] = &rows[i];
}
