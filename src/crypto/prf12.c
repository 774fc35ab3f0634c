/* P_hash of RFC 5246 section 5: A(0) = seed, A(i) = HMAC(secret, A(i-1)), and the output is
 * HMAC(secret, A(1) + seed) + HMAC(secret, A(2) + seed) + ... */
#include "crypto/prf12.h"

#include "crypto/hmac.h"

enum gv_err gv_prf12(const struct hash_alg *alg, struct hash *scratch, struct span secret,
                     const char *label, struct span seed_a, struct span seed_b, uint8_t *out,
                     size_t len)
{
    uint8_t a[HASH_MAX], block[HASH_MAX];
    const struct span parts[] = {{a, alg->len}, span_str(label), seed_a, seed_b};
    enum gv_err err = gv_hmac(alg, scratch, secret, parts + 1, COUNT_OF(parts) - 1, a);
    while (len != 0 && err == GV_OK) {
        size_t n = len < alg->len ? len : alg->len;
        err = gv_hmac(alg, scratch, secret, parts, COUNT_OF(parts), block);
        if (err != GV_OK)
            break;
        memcpy(out, block, n);
        out += n;
        len -= n;
        if (len != 0)
            err = gv_hmac(alg, scratch, secret, parts, 1, a);
    }
    gv_wipe(a, sizeof a);
    gv_wipe(block, sizeof block);
    return err;
}
