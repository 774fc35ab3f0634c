/* The confirmation of Encrypted Client Hello. Nothing here is secret but until it is sent: what is
 * derived from the inner random on the way is wiped. */
#include "keys/ech_confirm.h"

#include "crypto/hkdf.h"

/* The digest with eight zeros in the confirmation's place. */
static enum gv_err digest_of(const struct hash *transcript, const struct ech_answer *answer,
                             uint8_t digest[HASH_MAX])
{
    static const uint8_t zeros[ECH_CONFIRMATION];
    struct hash h = *transcript;

    TRY(h.alg->add(&h, span_of(answer->message.at, answer->at)));
    TRY(h.alg->add(&h, SPAN_OF(zeros)));
    TRY(h.alg->add(&h, span_from(answer->message, answer->at + ECH_CONFIRMATION)));
    return h.alg->finish(&h, digest);
}

enum gv_err gv_ech_confirmation(const struct hash *transcript, struct span inner_random,
                                const struct ech_answer *answer, uint8_t out[ECH_CONFIRMATION])
{
    const struct hash_alg *alg = transcript->alg;
    const struct span no_salt = {NULL, 0}; /* HKDF takes it for a digest's length of zeros */
    uint8_t digest[HASH_MAX];
    struct secret secret;
    struct hmac prk;

    TRY(digest_of(transcript, answer, digest));
    enum gv_err err = gv_hkdf_extract(alg, no_salt, inner_random, &secret);
    if (err == GV_OK)
        err = gv_hmac_key(&prk, alg, secret_span(&secret));
    if (err == GV_OK)
        err = gv_hkdf_expand_label(&prk, answer->label, span_of(digest, alg->len), out,
                                   ECH_CONFIRMATION);
    gv_secret_wipe(&secret);
    gv_hmac_drop(&prk);
    return err;
}
