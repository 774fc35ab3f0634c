/* EMSA-PSS and EMSA-PKCS1-v1_5, in the words of RFC 8017 section 9. All of it is public but for the
 * salt of a signature in the making. */
#include "crypto/emsa.h"

enum { PSS_TRAILER = 0xbc, PKCS1_PADDING_MIN = 8 };

/* Where the parts of EM stand: maskedDB, H, 0xbc; and in DB: zeros, 0x01, salt. */
struct pss {
    uint8_t *db, *h, *salt;
    size_t db_len;
    uint8_t top; /* the bits of the first byte that EM has */
};

static bool pss_of(const struct hash_alg *alg, uint8_t *em, size_t em_bits, struct pss *p)
{
    size_t em_len = (em_bits + 7) / 8;
    if (em_len < 2 * (size_t)alg->len + 2)
        return false;
    p->db = em;
    p->db_len = em_len - alg->len - 1;
    p->h = em + p->db_len;
    p->salt = p->h - alg->len;
    p->top = (uint8_t)(0xff >> (8 * em_len - em_bits));
    return true;
}

/* XORs MGF1(H, db_len) over DB (RFC 8017 appendix B.2.1). */
static enum gv_err pss_mask(const struct hash_alg *alg, struct hash *h, const struct pss *p)
{
    uint8_t mask[HASH_MAX];
    for (size_t done = 0, counter = 0; done < p->db_len; counter++) {
        const uint8_t c[] = {(uint8_t)(counter >> 24), (uint8_t)(counter >> 16),
                             (uint8_t)(counter >> 8), (uint8_t)counter};
        TRY(alg->start(alg, h));
        TRY(alg->add(h, span_of(p->h, alg->len)));
        TRY(alg->add(h, SPAN_OF(c)));
        TRY(alg->finish(h, mask));
        for (size_t i = 0; i < alg->len && done < p->db_len; i++)
            p->db[done++] ^= mask[i];
    }
    p->db[0] &= p->top;
    return GV_OK;
}

/* H = Hash(eight zeros, digest, salt) */
static enum gv_err pss_hash(const struct hash_alg *alg, struct hash *h, const uint8_t *digest,
                            const uint8_t *salt, uint8_t *out)
{
    static const uint8_t zeros[8];
    TRY(alg->start(alg, h));
    TRY(alg->add(h, SPAN_OF(zeros)));
    TRY(alg->add(h, span_of(digest, alg->len)));
    TRY(alg->add(h, span_of(salt, alg->len)));
    return alg->finish(h, out);
}

enum gv_err gv_emsa_pss_encode(const struct hash_alg *alg, const uint8_t *digest,
                               const uint8_t *salt, uint8_t *em, size_t em_bits)
{
    struct pss p;
    struct hash h;
    if (!pss_of(alg, em, em_bits, &p))
        RAISE(INTERNAL);
    TRY(pss_hash(alg, &h, digest, salt, p.h));
    memset(p.db, 0, p.db_len);
    p.salt[-1] = 1;
    memcpy(p.salt, salt, alg->len);
    p.h[alg->len] = PSS_TRAILER;
    return pss_mask(alg, &h, &p);
}

enum gv_err gv_emsa_pss_verify(const struct hash_alg *alg, const uint8_t *digest, uint8_t *em,
                               size_t em_bits)
{
    struct pss p;
    struct hash h;
    uint8_t expected[HASH_MAX];
    if (!pss_of(alg, em, em_bits, &p) || p.h[alg->len] != PSS_TRAILER || (em[0] & ~p.top) != 0)
        RAISE(BAD_SIGNATURE);
    TRY(pss_mask(alg, &h, &p));
    for (const uint8_t *zero = p.db; zero < p.salt - 1; zero++)
        if (*zero != 0)
            RAISE(BAD_SIGNATURE);
    if (p.salt[-1] != 1)
        RAISE(BAD_SIGNATURE);
    TRY(pss_hash(alg, &h, digest, p.salt, expected));
    if (memcmp(expected, p.h, alg->len) != 0)
        RAISE(BAD_SIGNATURE);
    return GV_OK;
}

enum gv_err gv_emsa_pkcs1_encode(struct span digest_info, struct span digest, uint8_t *em,
                                 size_t em_len)
{
    size_t t_len = digest_info.len + digest.len;
    if (em_len < 2 + PKCS1_PADDING_MIN + 1 + t_len)
        RAISE(INTERNAL);
    uint8_t *t = em + em_len - t_len;
    em[0] = 0;
    em[1] = 1;
    memset(em + 2, 0xff, em_len - t_len - 3);
    t[-1] = 0;
    span_copy(t, digest_info);
    span_copy(t + digest_info.len, digest);
    return GV_OK;
}
