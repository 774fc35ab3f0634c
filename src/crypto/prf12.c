/* P_hash of RFC 5246 section 5: A(0) = seed, A(i) = HMAC(secret, A(i-1)), and the output is
 * HMAC(secret, A(1) + seed) + HMAC(secret, A(2) + seed) + ... */
#include "crypto/prf12.h"

enum gv_err gv_prf12(const struct hmac *secret, const char *label, const struct span seeds[2],
                     uint8_t *out, size_t len)
{
    const size_t digest_len = secret->inner.alg->len;
    uint8_t a[HASH_MAX], block[HASH_MAX];
    const struct span parts[] = {{a, digest_len}, span_str(label), seeds[0], seeds[1]};
    enum gv_err err = gv_hmac_of(secret, parts + 1, COUNT_OF(parts) - 1, a);
    while (len != 0 && err == GV_OK) {
        size_t n = len < digest_len ? len : digest_len;
        err = gv_hmac_of(secret, parts, COUNT_OF(parts), block);
        if (err != GV_OK)
            break;
        memcpy(out, block, n);
        out += n;
        len -= n;
        if (len != 0)
            err = gv_hmac_of(secret, parts, 1, a);
    }
    gv_wipe(a, sizeof a);
    gv_wipe(block, sizeof block);
    return err;
}
