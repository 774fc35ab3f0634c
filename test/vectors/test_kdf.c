/* Wycheproof's vectors for HMAC and HKDF over the provider's digests. */
#include "lib/vectors.h"

#include "crypto/hkdf.h"
#include "crypto/openssl/openssl.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { OKM_MAX = 255 * HASH_MAX };

static const struct hash_alg *alg;

static bool check_hmac(const struct vector *v, bool *counts)
{
    (void)counts;
    struct span message = vector_hex(v->test, "msg"), tag = vector_hex(v->test, "tag");
    uint8_t out[HASH_MAX];
    /* The text in two parts must not differ from the text in one. */
    struct span parts[] = {span_of(message.at, message.len / 2),
                           span_from(message, message.len / 2)};
    assert_true(tag.len <= alg->len);
    if (gv_hmac(alg, vector_hex(v->test, "key"), parts, 2, out) != GV_OK)
        return false;
    return (memcmp(out, tag.at, tag.len) == 0) == v->valid;
}

static bool check_hkdf(const struct vector *v, bool *counts)
{
    (void)counts;
    static uint8_t okm[OKM_MAX];
    struct secret prk;
    size_t size = vector_number(v->test, "size");
    if (gv_hkdf_extract(alg, vector_hex(v->test, "salt"), vector_hex(v->test, "ikm"), &prk) !=
        GV_OK)
        return false;
    /* The only invalid ones ask for more than 255 blocks. */
    if (!v->valid && size <= 255 * (size_t)alg->len)
        return false;
    struct hmac key;
    if (gv_hmac_key(&key, alg, secret_span(&prk)) != GV_OK)
        return false;
    enum gv_err err = gv_hkdf_expand(&key, vector_hex(v->test, "info"), okm, size);
    if (!v->valid)
        return err == GV_E_INTERNAL;
    return err == GV_OK && span_equal(span_of(okm, size), vector_hex(v->test, "okm"));
}

static void does_hmac_match(void **state)
{
    (void)state;
    alg = &gv_openssl_sha256;
    vectors_run("hmac_sha256_test", 174, check_hmac);
    alg = &gv_openssl_sha384;
    vectors_run("hmac_sha384_test", 174, check_hmac);
    alg = &gv_openssl_sha512;
    vectors_run("hmac_sha512_test", 174, check_hmac);
}

static void does_hkdf_match(void **state)
{
    (void)state;
    alg = &gv_openssl_sha256;
    vectors_run("hkdf_sha256_test", 86, check_hkdf);
    alg = &gv_openssl_sha384;
    vectors_run("hkdf_sha384_test", 83, check_hkdf);
    alg = &gv_openssl_sha512;
    vectors_run("hkdf_sha512_test", 83, check_hkdf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_hmac_match),
        cmocka_unit_test(does_hkdf_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
