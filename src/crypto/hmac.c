/* RFC 2104 section 2: H(K xor opad, H(K xor ipad, text)). The padded key stands in one block on
 * the stack, and is wiped on every way out. */
#include "crypto/hmac.h"

enum { IPAD = 0x36, OPAD = 0x5c };

/* All of the longest block: what stands behind the digest's own is never used. */
static void pad(uint8_t block[HASH_BLOCK_MAX], uint8_t with)
{
    for (size_t i = 0; i < HASH_BLOCK_MAX; i++)
        block[i] ^= with;
}

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

static enum gv_err inner(const struct hash_alg *alg, struct hash *h, const uint8_t *block,
                         const struct span *parts, size_t count, uint8_t *out)
{
    TRY(alg->start(alg, h));
    TRY(alg->add(h, span_of(block, alg->block)));
    for (size_t i = 0; i < count; i++)
        TRY(alg->add(h, parts[i]));
    return alg->finish(h, out);
}

enum gv_err gv_hmac(const struct hash_alg *alg, struct hash *scratch, struct span key,
                    const struct span *parts, size_t count, uint8_t *out)
{
    uint8_t block[HASH_BLOCK_MAX] = {0};
    enum gv_err err = load_key(alg, scratch, key, block);
    if (err != GV_OK)
        goto done;
    pad(block, IPAD);
    err = inner(alg, scratch, block, parts, count, out);
    if (err != GV_OK)
        goto done;
    pad(block, IPAD ^ OPAD);
    err = inner(alg, scratch, block, &(struct span){out, alg->len}, 1, out);
done:
    gv_wipe(block, sizeof block);
    return err;
}
