/* Wycheproof's vectors for signatures, through the provider's verifiers: a vector finds its verifier
 * by the key's AlgorithmIdentifier, as a certificate does. */
#include "lib/vectors.h"

#include "crypto/openssl/openssl.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The scheme for the group's hash; 0 for a hash that we do not know. */
static unsigned scheme_of(const struct vector *v, unsigned sha256, unsigned sha384, unsigned sha512)
{
    const char *sha = vector_text(v->group, "sha");
    if (strcmp(sha, "SHA-256") == 0)
        return sha256;
    if (strcmp(sha, "SHA-384") == 0)
        return sha384;
    return strcmp(sha, "SHA-512") == 0 ? sha512 : 0;
}

static bool check_ecdsa(const struct vector *v, bool *counts)
{
    unsigned scheme = scheme_of(v, SCHEME_ECDSA_SECP256R1_SHA256, SCHEME_ECDSA_SECP384R1_SHA384,
                                SCHEME_ECDSA_SECP521R1_SHA512);
    return vector_verifies(v, vector_hex(v->group, "publicKeyDer"), scheme, counts);
}

static bool check_pkcs1(const struct vector *v, bool *counts)
{
    /* "acceptable" is a DigestInfo whose NULL is missing: no encoding of RFC 8017 section 9.2. */
    unsigned scheme =
        scheme_of(v, SCHEME_RSA_PKCS1_SHA256, SCHEME_RSA_PKCS1_SHA384, SCHEME_RSA_PKCS1_SHA512);
    return vector_verifies(v, vector_hex(v->group, "publicKeyDer"), scheme, counts);
}

static bool check_pss(const struct vector *v, bool *counts)
{
    size_t salt = vector_number(v->group, "sLen");
    unsigned scheme = scheme_of(v, SCHEME_RSA_PSS_RSAE_SHA256, SCHEME_RSA_PSS_RSAE_SHA384,
                                SCHEME_RSA_PSS_RSAE_SHA512);
    bool ours = strcmp(vector_text(v->group, "sha"), vector_text(v->group, "mgfSha")) == 0 &&
                salt == (size_t)(scheme == SCHEME_RSA_PSS_RSAE_SHA256   ? 32
                                 : scheme == SCHEME_RSA_PSS_RSAE_SHA384 ? 48
                                                                        : 64);
    struct vector as_we_see_it = *v;
    /* Other salts, or another hash in the mask, are what our one encoding must refuse. */
    as_we_see_it.valid = v->valid && ours;
    *counts = scheme != 0;
    return scheme == 0 ||
           vector_verifies(&as_we_see_it, vector_hex(v->group, "publicKeyDer"), scheme, counts);
}

static bool check_ed25519(const struct vector *v, bool *counts)
{
    return vector_verifies(v, vector_hex(v->group, "publicKeyDer"), SCHEME_ED25519, counts);
}

static unsigned mldsa;

static bool check_mldsa(const struct vector *v, bool *counts)
{
    /* TLS and X.509 sign with the empty context; a key of the wrong length has no DER. */
    *counts = vector_hex(v->test, "ctx").len == 0 && vector_hex(v->group, "publicKeyDer").len != 0;
    return !*counts || vector_verifies(v, vector_hex(v->group, "publicKeyDer"), mldsa, counts);
}

static void does_ecdsa_match(void **state)
{
    (void)state;
    assert_non_null(gv_openssl_provider());
    vectors_run("ecdsa_secp256r1_sha256_test", 484, check_ecdsa);
    vectors_run("ecdsa_secp256r1_sha512_test", 554, check_ecdsa);
    vectors_run("ecdsa_secp384r1_sha256_test", 472, check_ecdsa);
    vectors_run("ecdsa_secp384r1_sha384_test", 504, check_ecdsa);
    vectors_run("ecdsa_secp384r1_sha512_test", 542, check_ecdsa);
    vectors_run("ecdsa_secp521r1_sha512_test", 542, check_ecdsa);
}

static void does_rsa_pkcs1_match(void **state)
{
    (void)state;
    assert_non_null(gv_openssl_provider());
    vectors_run("rsa_signature_2048_sha256_test", 259, check_pkcs1);
    vectors_run("rsa_signature_2048_sha384_test", 258, check_pkcs1);
    vectors_run("rsa_signature_2048_sha512_test", 259, check_pkcs1);
    vectors_run("rsa_signature_3072_sha256_test", 259, check_pkcs1);
    vectors_run("rsa_signature_4096_sha512_test", 259, check_pkcs1);
    vectors_run("rsa_signature_8192_sha256_test", 258, check_pkcs1);
}

static void does_rsa_pss_match(void **state)
{
    (void)state;
    assert_non_null(gv_openssl_provider());
    vectors_run("rsa_pss_2048_sha256_mgf1_32_test", 108, check_pss);
    vectors_run("rsa_pss_2048_sha384_mgf1_48_test", 141, check_pss);
    vectors_run("rsa_pss_3072_sha256_mgf1_32_test", 108, check_pss);
    vectors_run("rsa_pss_4096_sha384_mgf1_48_test", 141, check_pss);
    vectors_run("rsa_pss_4096_sha512_mgf1_64_test", 179, check_pss);
    vectors_run("rsa_pss_misc_test", 90, check_pss);
}

static void does_ed25519_match(void **state)
{
    (void)state;
    assert_non_null(gv_openssl_provider());
    vectors_run("ed25519_test", 151, check_ed25519);
}

static void does_mldsa_match(void **state)
{
    (void)state;
    assert_non_null(gv_openssl_provider());
    if (!gv_openssl_raw_exists("ML-DSA-44")) {
        print_message("ML-DSA: left out, this libcrypto has none (3.5 has)\n");
        skip();
    }
    mldsa = SCHEME_MLDSA44;
    vectors_run("mldsa_44_verify_test", 150, check_mldsa);
    mldsa = SCHEME_MLDSA65;
    vectors_run("mldsa_65_verify_test", 150, check_mldsa);
    mldsa = SCHEME_MLDSA87;
    vectors_run("mldsa_87_verify_test", 150, check_mldsa);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_ecdsa_match),   cmocka_unit_test(does_rsa_pkcs1_match),
        cmocka_unit_test(does_rsa_pss_match), cmocka_unit_test(does_ed25519_match),
        cmocka_unit_test(does_mldsa_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
