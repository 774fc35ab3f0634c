/* The key schedule of TLS 1.2. */
#include "keys/schedule12.h"

#include "base/reader.h"
#include "base/writer.h"
#include "crypto/prf12.h"

static enum gv_err master_secret(const struct hash_alg *alg, struct span premaster,
                                 const char *label, const struct span seeds[2], struct secret *out)
{
    struct hmac secret;

    out->len = MASTER_SECRET_LEN;
    TRY(gv_hmac_key(&secret, alg, premaster));
    enum gv_err err = gv_prf12(&secret, label, seeds, out->at, out->len);
    gv_hmac_drop(&secret);
    return err;
}

enum gv_err gv_master_secret(const struct hash_alg *alg, struct span premaster,
                             struct span client_random, struct span server_random,
                             struct secret *out)
{
    const struct span seeds[2] = {client_random, server_random};

    return master_secret(alg, premaster, "master secret", seeds, out);
}

enum gv_err gv_extended_master_secret(const struct hash_alg *alg, struct span premaster,
                                      struct span session_digest, struct secret *out)
{
    const struct span seeds[2] = {session_digest, {NULL, 0}};

    return master_secret(alg, premaster, "extended master secret", seeds, out);
}

enum gv_err gv_keys12(const struct cipher_suite_info *suite, const struct hmac *master,
                      struct span client_random, struct span server_random, struct keys12 *out)
{
    const size_t key_len = suite->aead->key_len, iv_len = suite->fixed_iv_len;
    const struct span seeds[2] = {server_random, client_random};
    uint8_t block[2 * (AEAD_KEY_MAX + AEAD_NONCE)];
    struct rd r = rd_of(span_of(block, 2 * (key_len + iv_len)));

    *out = (struct keys12){0};
    enum gv_err err = gv_prf12(master, "key expansion", seeds, block, r.left);
    if (err == GV_OK) {
        span_copy(out->client_key, rd_bytes(&r, key_len));
        span_copy(out->server_key, rd_bytes(&r, key_len));
        span_copy(out->client_iv, rd_bytes(&r, iv_len));
        span_copy(out->server_iv, rd_bytes(&r, iv_len));
    }
    gv_wipe(block, sizeof block);
    return err;
}

enum gv_err gv_finished12(const struct hmac *master, const char *label, struct span digest,
                          uint8_t out[VERIFY_DATA12_LEN])
{
    const struct span seeds[2] = {digest, {NULL, 0}};

    return gv_prf12(master, label, seeds, out, VERIFY_DATA12_LEN);
}

enum gv_err gv_exporter12(const struct exporter12 *e, const char *label, const struct span *context,
                          uint8_t *out, size_t len)
{
    enum { START_MAX = 32 + 32 + 2 }; /* both randoms, the length of the context */
    uint8_t start[START_MAX];
    struct hmac secret;
    struct wr w = wr_of(start, sizeof start);

    wr_bytes(&w, e->client_random);
    wr_bytes(&w, e->server_random);
    if (context != NULL)
        wr_u16(&w, (uint16_t)context->len);
    if (!wr_done(&w))
        RAISE(INTERNAL);
    const struct span seeds[2] = {wr_span(&w), context == NULL ? span_of(NULL, 0) : *context};

    TRY(gv_hmac_key(&secret, e->alg, secret_span(e->master)));
    enum gv_err err = gv_prf12(&secret, label, seeds, out, len);
    gv_hmac_drop(&secret);
    return err;
}
