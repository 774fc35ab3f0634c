/* X25519 (RFC 7748) through EVP, the only way to it. What x holds is an EVP_PKEY. */
#include "crypto/openssl/openssl.h"
#include "wire/codepoints.h"

#include <openssl/err.h>

enum { LEN = 32 };

static void drop(struct key_exchange *x)
{
    EVP_PKEY_free(x->impl);
    *x = (struct key_exchange){NULL, NULL};
}

enum gv_err gv_openssl_x25519_import(const struct key_exchange_group *g, struct key_exchange *x,
                                     struct span scalar)
{
    if (scalar.len != LEN)
        RAISE(BAD_KEY_SHARE);
    ERR_set_mark();
    x->group = g;
    x->impl = EVP_PKEY_new_raw_private_key_ex(NULL, "X25519", NULL, scalar.at, LEN);
    ERR_pop_to_mark();
    if (x->impl == NULL)
        RAISE(CRYPTO_FAILED);
    return GV_OK;
}

static enum gv_err import_random(const struct key_exchange_group *g, struct key_exchange *x)
{
    uint8_t scalar[LEN];
    enum gv_err err = gv_openssl_random_private(scalar, LEN);
    if (err == GV_OK)
        err = gv_openssl_x25519_import(g, x, SPAN_OF(scalar));
    gv_wipe(scalar, LEN);
    return err;
}

static enum gv_err export_share(const struct key_exchange *x, uint8_t *share)
{
    size_t len = LEN;
    ERR_set_mark();
    bool ok = EVP_PKEY_get_raw_public_key(x->impl, share, &len) == 1 && len == LEN;
    ERR_pop_to_mark();
    if (!ok)
        RAISE(CRYPTO_FAILED);
    return GV_OK;
}

static enum gv_err start(const struct key_exchange_group *g, struct key_exchange *x, uint8_t *share)
{
    TRY(import_random(g, x));
    return export_share(x, share);
}

static enum gv_err derive(EVP_PKEY *own, struct span peer_share, struct secret *out)
{
    enum gv_err err = GV_OK;
    size_t len = LEN;
    EVP_PKEY *peer = EVP_PKEY_new_raw_public_key_ex(NULL, "X25519", NULL, peer_share.at, LEN);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
    if (peer == NULL || ctx == NULL || EVP_PKEY_derive_init(ctx) != 1 ||
        EVP_PKEY_derive_set_peer_ex(ctx, peer, 0) != 1)
        err = RAISED(CRYPTO_FAILED);
    /* It fails for the all-zero secret, which RFC 9846 section 7.4.2 has us refuse, and for
     * nothing else. */
    else if (EVP_PKEY_derive(ctx, out->at, &len) != 1 || len != LEN)
        err = RAISED(BAD_KEY_SHARE);
    out->len = LEN;
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(peer);
    return err;
}

static enum gv_err finish(struct key_exchange *x, struct span server_share, struct secret *out)
{
    if (server_share.len != LEN)
        RAISE(BAD_KEY_SHARE);
    ERR_set_mark();
    enum gv_err err = derive(x->impl, server_share, out);
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

const struct key_exchange_group gv_openssl_x25519 = {
    .name = "x25519",
    .code = GROUP_X25519,
    .client_share_len = LEN,
    .server_share_len = LEN,
    .start = start,
    .finish = finish,
    .answer = answer,
    .drop = drop,
    .import = gv_openssl_x25519_import,
    .export_share = export_share,
    .private_len = LEN,
};
