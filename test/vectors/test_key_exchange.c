/* Wycheproof's vectors for ECDH on P-256 and P-384 and for X25519, through the provider's groups
 * with the vector's private key put in. */
#include "lib/vectors.h"

#include "crypto/openssl/openssl.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool finishes(struct key_exchange *x, const struct vector *v, bool valid)
{
    struct secret secret = {.len = 0};
    enum gv_err err = x->group->finish(x, vector_hex(v->test, "public"), &secret);
    gv_key_exchange_drop(x);
    if (!valid)
        return err == GV_E_BAD_KEY_SHARE;
    return err == GV_OK && span_equal(secret_span(&secret), vector_hex(v->test, "shared"));
}

/* The vector's scalar has a zero byte before a high bit, or is shorter than the field. */
static struct span scalar_of(const struct vector *v, size_t len, uint8_t *place)
{
    struct span scalar = vector_hex(v->test, "private");
    while (scalar.len > len && *scalar.at == 0)
        scalar = span_from(scalar, 1);
    assert_true(scalar.len <= len);
    memset(place, 0, len);
    span_copy(place + len - scalar.len, scalar);
    return span_of(place, len);
}

static bool check_ecdh(const struct key_exchange_group *g, size_t len, const struct vector *v)
{
    uint8_t place[CURVE_LEN_MAX];
    struct key_exchange x;
    assert_int_equal(gv_openssl_ecdh_import(g, &x, scalar_of(v, len, place)), GV_OK);
    /* "acceptable" are the compressed points, which RFC 8422 section 5.11 rules out. */
    return finishes(&x, v, v->valid);
}

static bool check_p256(const struct vector *v, bool *counts)
{
    (void)counts;
    return check_ecdh(&gv_openssl_secp256r1, 32, v);
}

static bool check_p384(const struct vector *v, bool *counts)
{
    (void)counts;
    return check_ecdh(&gv_openssl_secp384r1, 48, v);
}

static bool check_x25519(const struct vector *v, bool *counts)
{
    (void)counts;
    struct key_exchange x;
    assert_int_equal(
        gv_openssl_x25519_import(&gv_openssl_x25519, &x, vector_hex(v->test, "private")), GV_OK);
    /* "acceptable" are unusual points. RFC 7748 section 5 computes with them all, RFC 9846
     * section 7.4.2 refuses a secret of zeros. */
    return finishes(&x, v, !vector_flag(v, "ZeroSharedSecret"));
}

static void does_ecdh_on_p256_match(void **state)
{
    (void)state;
    assert_non_null(gv_openssl_provider());
    vectors_run("ecdh_secp256r1_ecpoint_test", 355, check_p256);
}

static void does_ecdh_on_p384_match(void **state)
{
    (void)state;
    assert_non_null(gv_openssl_provider());
    vectors_run("ecdh_secp384r1_ecpoint_test", 790, check_p384);
}

static void does_x25519_match(void **state)
{
    (void)state;
    assert_non_null(gv_openssl_provider());
    vectors_run("x25519_test", 518, check_x25519);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_ecdh_on_p256_match),
        cmocka_unit_test(does_ecdh_on_p384_match),
        cmocka_unit_test(does_x25519_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
