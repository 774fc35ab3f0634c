/* RFC 2104 section 2: H(K xor opad, H(K xor ipad, text)). What the key touches on the stack is
 * wiped on every way out. */
#include "crypto/hmac.h"

enum { IPAD = 0x36, OPAD = 0x5c };

static enum gv_err load_key(const struct hash_alg *alg, struct hash *h, struct span key,
                            uint8_t block[HASH_BLOCK_MAX])
{
    if (key.len <= alg->block) {
        span_copy(block, key);
        return GV_OK;
    }
    TRY(alg->start(alg, h));
    TRY(alg->add(h, key));
    return alg->finish(h, block);
}

/* Starts h with the key's block, every byte of it xor `with` (of the longest block, in fact: what
 * stands behind the digest's own is never used). */
static enum gv_err start_padded(const struct hash_alg *alg, struct hash *h,
                                uint8_t block[HASH_BLOCK_MAX], uint8_t with)
{
    for (size_t i = 0; i < HASH_BLOCK_MAX; i++)
        block[i] ^= with;
    TRY(alg->start(alg, h));
    return alg->add(h, span_of(block, alg->block));
}

static enum gv_err key_digests(struct hmac *m, const struct hash_alg *alg, struct span key,
                               uint8_t block[HASH_BLOCK_MAX])
{
    TRY(load_key(alg, &m->inner, key, block));
    TRY(start_padded(alg, &m->inner, block, IPAD));
    return start_padded(alg, &m->outer, block, IPAD ^ OPAD);
}

enum gv_err gv_hmac_key(struct hmac *m, const struct hash_alg *alg, struct span key)
{
    uint8_t block[HASH_BLOCK_MAX] = {0};
    enum gv_err err = key_digests(m, alg, key, block);

    gv_wipe(block, sizeof block);
    if (err != GV_OK)
        gv_hmac_drop(m);
    return err;
}

/* Ends a copy of a keyed digest with what is to follow. */
static enum gv_err finish_with(struct hash *h, const struct span *parts, size_t count, uint8_t *out)
{
    for (size_t i = 0; i < count; i++)
        TRY(h->alg->add(h, parts[i]));
    return h->alg->finish(h, out);
}

enum gv_err gv_hmac_of(const struct hmac *m, const struct span *parts, size_t count, uint8_t *out)
{
    struct hash h = m->inner;
    enum gv_err err = finish_with(&h, parts, count, out);

    if (err == GV_OK) {
        h = m->outer;
        err = finish_with(&h, &(struct span){out, h.alg->len}, 1, out);
    }
    gv_hash_drop(&h);
    return err;
}

enum gv_err gv_hmac(const struct hash_alg *alg, struct span key, const struct span *parts,
                    size_t count, uint8_t *out)
{
    struct hmac m;

    TRY(gv_hmac_key(&m, alg, key));
    enum gv_err err = gv_hmac_of(&m, parts, count, out);
    gv_hmac_drop(&m);
    return err;
}
