/* The key schedule of TLS 1.3, drawn in RFC 9846 section 7.1. */
#include "keys/schedule13.h"

#include "crypto/hkdf.h"

static const uint8_t zeros[HASH_MAX];

static enum gv_err extract(struct schedule13 *s, const struct hash_alg *alg, struct span salt,
                           struct span ikm)
{
    struct secret prk;
    enum gv_err err = gv_hkdf_extract(alg, salt, ikm, &prk);

    if (err == GV_OK)
        err = gv_hmac_key(&s->current, alg, secret_span(&prk));
    gv_secret_wipe(&prk);
    return err;
}

enum gv_err gv_schedule13_early(struct schedule13 *s, const struct hash_alg *alg, struct span psk)
{
    if (psk.len == 0)
        psk = span_of(zeros, alg->len);
    return extract(s, alg, span_of(zeros, 0), psk);
}

/* Transcript-Hash(""), the empty transcript's. */
static enum gv_err digest_of(const struct hash_alg *alg, struct span text, uint8_t out[HASH_MAX])
{
    struct hash h;

    TRY(alg->start(alg, &h));
    TRY(alg->add(&h, text));
    return alg->finish(&h, out);
}

static enum gv_err derive_from_nothing(const struct hmac *prk, const char *label,
                                       struct secret *out)
{
    const struct hash_alg *alg = prk->inner.alg;
    uint8_t empty[HASH_MAX];

    TRY(digest_of(alg, span_of(zeros, 0), empty));
    return gv_hkdf_derive_secret(prk, label, span_of(empty, alg->len), out);
}

static enum gv_err advance(struct schedule13 *s, struct span ikm)
{
    struct secret salt;
    enum gv_err err =
        derive_from_nothing(&s->current, "derived", &salt); /* of the next extraction */

    if (err == GV_OK)
        err = extract(s, s->current.inner.alg, secret_span(&salt), ikm);
    gv_secret_wipe(&salt);
    return err;
}

enum gv_err gv_schedule13_handshake(struct schedule13 *s, struct span shared_secret)
{
    return advance(s, shared_secret);
}

enum gv_err gv_schedule13_main(struct schedule13 *s)
{
    return advance(s, span_of(zeros, s->current.inner.alg->len));
}

enum gv_err gv_schedule13_derive(const struct schedule13 *s, const char *label, struct span digest,
                                 struct secret *out)
{
    return gv_hkdf_derive_secret(&s->current, label, digest, out);
}

enum gv_err gv_schedule13_binder_key(const struct schedule13 *s, const char *label,
                                     struct secret *out)
{
    return derive_from_nothing(&s->current, label, out);
}

enum gv_err gv_finished13(const struct hash_alg *alg, const struct secret *base, struct span digest,
                          uint8_t out[HASH_MAX])
{
    struct secret key;
    enum gv_err err = gv_hkdf_derive_from(alg, base, "finished", span_of(zeros, 0), &key);

    if (err == GV_OK)
        err = gv_hmac(alg, secret_span(&key), &digest, 1, out);
    gv_secret_wipe(&key);
    return err;
}

enum gv_err gv_next_traffic_secret(const struct hash_alg *alg, struct secret *traffic)
{
    struct secret next;
    enum gv_err err = gv_hkdf_derive_from(alg, traffic, "traffic upd", span_of(zeros, 0), &next);

    if (err == GV_OK)
        *traffic = next;
    gv_secret_wipe(&next);
    return err;
}

enum gv_err gv_ticket_secret13(const struct hash_alg *alg, const struct secret *resumption,
                               struct span nonce, struct secret *out)
{
    return gv_hkdf_derive_from(alg, resumption, "resumption", nonce, out);
}

static enum gv_err key_and_iv(const struct hmac *secret, size_t key_len, uint8_t key[AEAD_KEY_MAX],
                              uint8_t iv[AEAD_NONCE])
{
    const struct span none = {NULL, 0};

    TRY(gv_hkdf_expand_label(secret, "key", none, key, key_len));
    return gv_hkdf_expand_label(secret, "iv", none, iv, AEAD_NONCE);
}

enum gv_err gv_traffic_key13(const struct cipher_suite_info *suite, const struct secret *traffic,
                             uint8_t key[AEAD_KEY_MAX], uint8_t iv[AEAD_NONCE])
{
    struct hmac secret;

    TRY(gv_hmac_key(&secret, suite->hash, secret_span(traffic)));
    enum gv_err err = key_and_iv(&secret, suite->aead->key_len, key, iv);
    gv_hmac_drop(&secret);
    return err;
}

static enum gv_err label_secret13(const struct hash_alg *alg, const struct secret *exporter,
                                  const char *label, struct hmac *out)
{
    struct secret secret;
    enum gv_err err = gv_hmac_key(out, alg, secret_span(exporter));

    if (err == GV_OK)
        err = derive_from_nothing(out, label, &secret);
    if (err == GV_OK)
        err = gv_hmac_key(out, alg, secret_span(&secret));
    gv_secret_wipe(&secret);
    return err;
}

enum gv_err gv_exporter13(const struct hash_alg *alg, const struct secret *exporter,
                          const char *label, struct span context, uint8_t *out, size_t len)
{
    uint8_t digest[HASH_MAX];
    struct hmac secret;
    enum gv_err err = label_secret13(alg, exporter, label, &secret);

    if (err == GV_OK)
        err = digest_of(alg, context, digest);
    if (err == GV_OK)
        err = gv_hkdf_expand_label(&secret, "exporter", span_of(digest, alg->len), out, len);
    gv_hmac_drop(&secret);
    return err;
}
