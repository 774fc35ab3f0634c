/* The key schedule of TLS 1.2. */
#include "keys/schedule12.h"

#include "base/reader.h"
#include "base/writer.h"
#include "crypto/prf12.h"

static enum gv_err prf(const struct hash_alg *alg, struct span secret, const char *label,
                       const struct span seeds[2], uint8_t *out, size_t len)
{
    struct hash scratch;
    enum gv_err err = gv_prf12(alg, &scratch, secret, label, seeds[0], seeds[1], out, len);

    gv_hash_drop(&scratch);
    return err;
}

enum gv_err gv_master_secret(const struct hash_alg *alg, struct span premaster,
                             struct span client_random, struct span server_random,
                             struct secret *out)
{
    const struct span seeds[2] = {client_random, server_random};

    out->len = MASTER_SECRET_LEN;
    return prf(alg, premaster, "master secret", seeds, out->at, out->len);
}

enum gv_err gv_extended_master_secret(const struct hash_alg *alg, struct span premaster,
                                      struct span session_digest, struct secret *out)
{
    const struct span seeds[2] = {session_digest, {NULL, 0}};

    out->len = MASTER_SECRET_LEN;
    return prf(alg, premaster, "extended master secret", seeds, out->at, out->len);
}

enum gv_err gv_keys12(const struct cipher_suite_info *suite, const struct secret *master,
                      struct span client_random, struct span server_random, struct keys12 *out)
{
    const size_t key_len = suite->aead->key_len, iv_len = suite->fixed_iv_len;
    const struct span seeds[2] = {server_random, client_random};
    uint8_t block[2 * (AEAD_KEY_MAX + AEAD_NONCE)];
    struct rd r = rd_of(span_of(block, 2 * (key_len + iv_len)));

    *out = (struct keys12){0};
    enum gv_err err = prf(suite->hash, secret_span(master), "key expansion", seeds, block, r.left);
    if (err == GV_OK) {
        span_copy(out->client_key, rd_bytes(&r, key_len));
        span_copy(out->server_key, rd_bytes(&r, key_len));
        span_copy(out->client_iv, rd_bytes(&r, iv_len));
        span_copy(out->server_iv, rd_bytes(&r, iv_len));
    }
    gv_wipe(block, sizeof block);
    return err;
}

enum gv_err gv_finished12(const struct hash_alg *alg, const struct secret *master,
                          const char *label, struct span digest, uint8_t out[VERIFY_DATA12_LEN])
{
    const struct span seeds[2] = {digest, {NULL, 0}};

    return prf(alg, secret_span(master), label, seeds, out, VERIFY_DATA12_LEN);
}

enum gv_err gv_exporter12(const struct exporter12 *e, const char *label, const struct span *context,
                          uint8_t *out, size_t len)
{
    enum { START_MAX = 32 + 32 + 2 }; /* both randoms, the length of the context */
    uint8_t start[START_MAX];
    struct wr w = wr_of(start, sizeof start);

    wr_bytes(&w, e->client_random);
    wr_bytes(&w, e->server_random);
    if (context != NULL)
        wr_u16(&w, (uint16_t)context->len);
    if (!wr_done(&w))
        RAISE(INTERNAL);
    const struct span seeds[2] = {wr_span(&w), context == NULL ? span_of(NULL, 0) : *context};
    return prf(e->alg, secret_span(e->master), label, seeds, out, len);
}
