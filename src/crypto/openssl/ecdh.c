/* Key exchange on the NIST curves (RFC 9846 section 4.2.8.2). What x holds is a BIGNUM, the
 * private scalar. EC_POINT_mul with a single point runs in constant time on every curve here. */
#include "crypto/openssl/openssl.h"
#include "wire/codepoints.h"

#include <openssl/err.h>

static void drop(struct key_exchange *x)
{
    BN_clear_free(x->impl);
    *x = (struct key_exchange){NULL, NULL};
}

static bool in_range(const BIGNUM *scalar, const EC_GROUP *group)
{
    return !BN_is_zero(scalar) && BN_cmp(scalar, EC_GROUP_get0_order(group)) < 0;
}

enum gv_err gv_openssl_ecdh_import(const struct key_exchange_group *g, struct key_exchange *x,
                                   struct span scalar)
{
    const struct curve *curve = g->impl;
    if (scalar.len != curve->len)
        RAISE(BAD_KEY_SHARE);
    ERR_set_mark();
    BIGNUM *k = BN_secure_new();
    bool made = k != NULL && BN_bin2bn(scalar.at, curve->len, k) != NULL;
    ERR_pop_to_mark();
    *x = (struct key_exchange){g, k};
    if (made && in_range(k, curve->group)) {
        BN_set_flags(k, BN_FLG_CONSTTIME);
        return GV_OK;
    }
    drop(x);
    if (!made)
        RAISE(CRYPTO_FAILED);
    RAISE(BAD_KEY_SHARE);
}

static enum gv_err import_random(const struct key_exchange_group *g, struct key_exchange *x)
{
    const struct curve *curve = g->impl;
    uint8_t scalar[CURVE_LEN_MAX];
    enum gv_err err;
    /* A random string is below the group's order but once in 2^32, so this is one turn. */
    do {
        err = gv_openssl_random_private(scalar, curve->len);
        if (err == GV_OK)
            err = gv_openssl_ecdh_import(g, x, span_of(scalar, curve->len));
    } while (err == GV_E_BAD_KEY_SHARE);
    gv_wipe(scalar, sizeof scalar);
    return err;
}

/* Writes scalar * G, uncompressed. */
static enum gv_err write_share(const struct curve *curve, const BIGNUM *scalar, uint8_t *share)
{
    ERR_set_mark();
    size_t len = 1 + 2 * (size_t)curve->len;
    BN_CTX *ctx = BN_CTX_secure_new();
    EC_POINT *point = EC_POINT_new(curve->group);
    bool ok = ctx != NULL && point != NULL &&
              EC_POINT_mul(curve->group, point, scalar, NULL, NULL, ctx) == 1 &&
              EC_POINT_point2oct(curve->group, point, POINT_CONVERSION_UNCOMPRESSED, share, len,
                                 ctx) == len;
    EC_POINT_clear_free(point);
    BN_CTX_free(ctx);
    ERR_pop_to_mark();
    if (!ok)
        RAISE(CRYPTO_FAILED);
    return GV_OK;
}

static enum gv_err export_share(const struct key_exchange *x, uint8_t *share)
{
    return write_share(x->group->impl, x->impl, share);
}

static enum gv_err start(const struct key_exchange_group *g, struct key_exchange *x, uint8_t *share)
{
    TRY(import_random(g, x));
    return export_share(x, share);
}

/* The x coordinate of scalar * peer (RFC 9846 section 7.4.2). */
static enum gv_err multiply(const struct curve *curve, const BIGNUM *scalar, struct span peer,
                            struct secret *out, BN_CTX *ctx)
{
    enum gv_err err = GV_OK;
    EC_POINT *from = EC_POINT_new(curve->group), *to = EC_POINT_new(curve->group);
    BIGNUM *x = BN_secure_new();
    if (from == NULL || to == NULL || x == NULL)
        err = RAISED(CRYPTO_FAILED);
    /* Says whether the point is on the curve; infinity has no uncompressed form. */
    else if (EC_POINT_oct2point(curve->group, from, peer.at, peer.len, ctx) != 1)
        err = RAISED(BAD_KEY_SHARE);
    else if (EC_POINT_mul(curve->group, to, NULL, from, scalar, ctx) != 1 ||
             EC_POINT_get_affine_coordinates(curve->group, to, x, NULL, ctx) != 1 ||
             BN_bn2binpad(x, out->at, curve->len) != curve->len)
        err = RAISED(CRYPTO_FAILED);
    out->len = curve->len;
    BN_clear_free(x);
    EC_POINT_clear_free(to);
    EC_POINT_free(from);
    return err;
}

static enum gv_err finish(struct key_exchange *x, struct span server_share, struct secret *out)
{
    const struct curve *curve = x->group->impl;
    if (!gv_openssl_is_uncompressed(curve, server_share)) /* RFC 9846 section 4.2.8.2 */
        RAISE(BAD_KEY_SHARE);
    ERR_set_mark();
    BN_CTX *ctx = BN_CTX_secure_new();
    enum gv_err err = ctx == NULL ? RAISED(CRYPTO_FAILED)
                                  : multiply(curve, x->impl, server_share, out, ctx);
    BN_CTX_free(ctx);
    ERR_pop_to_mark();
    return err;
}

static enum gv_err answer(const struct key_exchange_group *g, struct span client_share,
                          uint8_t *share, struct secret *out)
{
    struct key_exchange x = {NULL, NULL};
    enum gv_err err = start(g, &x, share);
    if (err == GV_OK)
        err = finish(&x, client_share, out);
    gv_key_exchange_drop(&x);
    return err;
}

const struct key_exchange_group gv_openssl_secp256r1 = {
    .name = "secp256r1",
    .code = GROUP_SECP256R1,
    .client_share_len = 65,
    .server_share_len = 65,
    .start = start,
    .finish = finish,
    .answer = answer,
    .drop = drop,
    .import = gv_openssl_ecdh_import,
    .export_share = export_share,
    .private_len = 32,
    .impl = &gv_openssl_curves[CURVE_P256],
};

const struct key_exchange_group gv_openssl_secp384r1 = {
    .name = "secp384r1",
    .code = GROUP_SECP384R1,
    .client_share_len = 97,
    .server_share_len = 97,
    .start = start,
    .finish = finish,
    .answer = answer,
    .drop = drop,
    .import = gv_openssl_ecdh_import,
    .export_share = export_share,
    .private_len = 48,
    .impl = &gv_openssl_curves[CURVE_P384],
};
