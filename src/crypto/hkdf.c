/* HKDF over HMAC. What may hold key material on the stack is wiped on every way out. */
#include "crypto/hkdf.h"

#include "base/writer.h"

/* struct HkdfLabel of RFC 9846 section 7.1: uint16 length, label<7..255>, context<0..255> */
enum { HKDF_LABEL_MAX = 2 + 1 + 255 + 1 + 255 };

enum gv_err gv_hkdf_extract(const struct hash_alg *alg, struct span salt, struct span ikm,
                            struct secret *out)
{
    /* HMAC fills its key with zeros up to a block, so the empty salt needs no zeros of ours. */
    out->len = alg->len;
    return gv_hmac(alg, salt, &ikm, 1, out->at);
}

enum gv_err gv_hkdf_expand(const struct hmac *prk, struct span info, uint8_t *out, size_t len)
{
    const size_t digest_len = prk->inner.alg->len;
    if (len > 255u * digest_len)
        RAISE(INTERNAL);
    uint8_t block[HASH_MAX], counter = 0;
    struct span parts[] = {{block, 0}, info, {&counter, 1}};
    enum gv_err err = GV_OK;
    while (len != 0 && err == GV_OK) {
        size_t n = len < digest_len ? len : digest_len;
        counter++;
        err = gv_hmac_of(prk, parts, COUNT_OF(parts), block);
        if (err == GV_OK)
            memcpy(out, block, n);
        parts[0].len = digest_len;
        out += n;
        len -= n;
    }
    gv_wipe(block, sizeof block);
    return err;
}

enum gv_err gv_hkdf_expand_label(const struct hmac *prk, const char *label, struct span context,
                                 uint8_t *out, size_t len)
{
    uint8_t info[HKDF_LABEL_MAX];
    struct wr w = wr_of(info, sizeof info);
    wr_u16(&w, (uint16_t)len);
    WR_VEC(&w, 1) {
        wr_bytes(&w, span_str("tls13 "));
        wr_bytes(&w, span_str(label));
    }
    WR_VEC(&w, 1)
        wr_bytes(&w, context);
    if (!wr_done(&w) || len > UINT16_MAX)
        RAISE(INTERNAL);
    return gv_hkdf_expand(prk, wr_span(&w), out, len);
}

enum gv_err gv_hkdf_derive_secret(const struct hmac *prk, const char *label,
                                  struct span transcript_hash, struct secret *out)
{
    out->len = prk->inner.alg->len;
    return gv_hkdf_expand_label(prk, label, transcript_hash, out->at, out->len);
}

enum gv_err gv_hkdf_derive_from(const struct hash_alg *alg, const struct secret *from,
                                const char *label, struct span context, struct secret *out)
{
    struct hmac prk;

    TRY(gv_hmac_key(&prk, alg, secret_span(from)));
    enum gv_err err = gv_hkdf_derive_secret(&prk, label, context, out);
    gv_hmac_drop(&prk);
    return err;
}
