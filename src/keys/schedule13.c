/* The key schedule of TLS 1.3, drawn in RFC 9846 section 7.1. */
#include "keys/schedule13.h"

#include "crypto/hkdf.h"
#include "crypto/hmac.h"

static const uint8_t zeros[HASH_MAX];

enum gv_err gv_schedule13_early(struct schedule13 *s, const struct hash_alg *alg,
                                struct hash *scratch, struct span psk)
{
    s->alg = alg;
    s->scratch = scratch;
    if (psk.len == 0)
        psk = span_of(zeros, alg->len);
    return gv_hkdf_extract(alg, scratch, span_of(zeros, 0), psk, &s->current);
}

/* Derive-Secret(current, label, ""). */
static enum gv_err derive_from_nothing(struct schedule13 *s, const char *label, struct secret *out)
{
    uint8_t empty[HASH_MAX];

    TRY(s->alg->start(s->alg, s->scratch));
    TRY(s->alg->finish(s->scratch, empty));
    return gv_schedule13_derive(s, label, span_of(empty, s->alg->len), out);
}

static enum gv_err advance(struct schedule13 *s, struct span ikm)
{
    struct secret salt;
    enum gv_err err = derive_from_nothing(s, "derived", &salt); /* of the next extraction */

    if (err == GV_OK)
        err = gv_hkdf_extract(s->alg, s->scratch, secret_span(&salt), ikm, &s->current);
    gv_secret_wipe(&salt);
    return err;
}

enum gv_err gv_schedule13_handshake(struct schedule13 *s, struct span shared_secret)
{
    return advance(s, shared_secret);
}

enum gv_err gv_schedule13_main(struct schedule13 *s)
{
    return advance(s, span_of(zeros, s->alg->len));
}

enum gv_err gv_schedule13_derive(const struct schedule13 *s, const char *label, struct span digest,
                                 struct secret *out)
{
    out->len = s->alg->len;
    return gv_hkdf_expand_label(s->alg, s->scratch, secret_span(&s->current), label, digest,
                                out->at, out->len);
}

enum gv_err gv_finished13(const struct hash_alg *alg, struct hash *scratch,
                          const struct secret *base, struct span digest, uint8_t out[HASH_MAX])
{
    uint8_t key[HASH_MAX];
    enum gv_err err = gv_hkdf_expand_label(alg, scratch, secret_span(base), "finished",
                                           span_of(NULL, 0), key, alg->len);

    if (err == GV_OK)
        err = gv_hmac(alg, scratch, span_of(key, alg->len), &digest, 1, out);
    gv_wipe(key, sizeof key);
    return err;
}

enum gv_err gv_next_traffic_secret(const struct hash_alg *alg, struct hash *scratch,
                                   struct secret *traffic)
{
    struct secret next = {.len = alg->len};
    enum gv_err err = gv_hkdf_expand_label(alg, scratch, secret_span(traffic), "traffic upd",
                                           span_of(NULL, 0), next.at, next.len);

    if (err == GV_OK)
        *traffic = next;
    gv_secret_wipe(&next);
    return err;
}

enum gv_err gv_traffic_key13(const struct cipher_suite_info *suite, struct hash *scratch,
                             const struct secret *traffic, uint8_t key[AEAD_KEY_MAX],
                             uint8_t iv[AEAD_NONCE])
{
    const struct span secret = secret_span(traffic), none = {NULL, 0};

    TRY(gv_hkdf_expand_label(suite->hash, scratch, secret, "key", none, key, suite->aead->key_len));
    return gv_hkdf_expand_label(suite->hash, scratch, secret, "iv", none, iv, AEAD_NONCE);
}

static enum gv_err exporter13(const struct hash_alg *alg, struct hash *scratch,
                              const struct secret *label_secret, struct span context, uint8_t *out,
                              size_t len)
{
    uint8_t digest[HASH_MAX];

    TRY(alg->start(alg, scratch));
    TRY(alg->add(scratch, context));
    TRY(alg->finish(scratch, digest));
    return gv_hkdf_expand_label(alg, scratch, secret_span(label_secret), "exporter",
                                span_of(digest, alg->len), out, len);
}

enum gv_err gv_exporter13(const struct hash_alg *alg, const struct secret *exporter,
                          const char *label, struct span context, uint8_t *out, size_t len)
{
    struct hash scratch;
    struct secret label_secret = {.len = 0};
    struct schedule13 at_exporter = {.alg = alg, .scratch = &scratch, .current = *exporter};
    enum gv_err err = derive_from_nothing(&at_exporter, label, &label_secret);

    if (err == GV_OK)
        err = exporter13(alg, &scratch, &label_secret, context, out, len);
    gv_secret_wipe(&at_exporter.current);
    gv_secret_wipe(&label_secret);
    gv_hash_drop(&scratch);
    return err;
}
