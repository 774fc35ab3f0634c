/* HPKE's base mode (RFC 9180 sections 4 and 5). The shared secrets and what is derived from them stand
 * on the stack and are wiped on every way out; a context keeps its AEAD's key and the base nonce. */
#include "crypto/hpke.h"

#include "base/writer.h"
#include "crypto/hkdf.h"

enum { MODE_BASE = 0 };
enum { SUITE_ID_MAX = 4 + 3 * 2 }; /* "HPKE" and three identifiers */
/* The longest label is "shared_secret", the longest info a kem_context: enc and a public key. */
enum { INFO_MAX = 2 + 7 + SUITE_ID_MAX + 13 + 2 * HPKE_ENC_MAX };

/* RFC 9180 section 4: a KDF with the suite_id that goes into all that it derives. */
struct labeled {
    const struct hash_alg *hash;
    uint8_t id[SUITE_ID_MAX];
    size_t id_len;
};

static void add_id(struct labeled *l, uint16_t id)
{
    l->id[l->id_len++] = (uint8_t)(id >> 8);
    l->id[l->id_len++] = (uint8_t)id;
}

static void begin(struct labeled *l, const struct hash_alg *hash, const char *name)
{
    l->hash = hash;
    l->id_len = strlen(name);
    memcpy(l->id, name, l->id_len);
}

/* RFC 9180 section 4.1 */
static void begin_kem(struct labeled *l, const struct hpke_kem *kem)
{
    begin(l, kem->hash, "KEM");
    add_id(l, kem->id);
}

/* RFC 9180 section 5.1 */
static void begin_suite(struct labeled *l, const struct hpke_suite *suite)
{
    begin(l, suite->kdf->hash, "HPKE");
    add_id(l, suite->kem->id);
    add_id(l, suite->kdf->id);
    add_id(l, suite->aead->id);
}

/* LabeledExtract(salt, label, ikm) */
static enum gv_err extract(struct labeled *l, struct span salt, const char *label, struct span ikm,
                           struct secret *out)
{
    const struct span parts[] = {span_str("HPKE-v1"), span_of(l->id, l->id_len), span_str(label),
                                 ikm};
    out->len = l->hash->len;
    return gv_hmac(l->hash, salt, parts, COUNT_OF(parts), out->at);
}

/* LabeledExpand(prk, label, info, L) */
static enum gv_err expand(struct labeled *l, const struct secret *prk, const char *label,
                          struct span info, struct span out)
{
    uint8_t place[INFO_MAX];
    struct hmac key;
    struct wr w = wr_of(place, sizeof place);
    wr_u16(&w, (uint16_t)out.len);
    wr_bytes(&w, span_str("HPKE-v1"));
    wr_bytes(&w, span_of(l->id, l->id_len));
    wr_bytes(&w, span_str(label));
    wr_bytes(&w, info);
    if (!wr_done(&w))
        RAISE(INTERNAL);
    TRY(gv_hmac_key(&key, l->hash, secret_span(prk)));
    enum gv_err err = gv_hkdf_expand(&key, wr_span(&w), (uint8_t *)out.at, out.len);
    gv_hmac_drop(&key);
    return err;
}

/* ---- algorithms ----------------------------------------------------------------------------- */
const struct hpke_kem *gv_hpke_kem(const struct provider *p, uint16_t id)
{
    if (p->hpke == NULL)
        return NULL;
    const struct hpke_kem *const *kem = p->hpke->kems;
    while (*kem != NULL && (*kem)->id != id)
        kem++;
    return *kem;
}

bool gv_hpke_suite(const struct provider *p, uint16_t kem, uint16_t kdf, uint16_t aead,
                   struct hpke_suite *out)
{
    out->kem = gv_hpke_kem(p, kem);
    if (out->kem == NULL)
        return false;
    const struct hpke_kdf *const *d = p->hpke->kdfs;
    const struct hpke_aead *const *a = p->hpke->aeads;
    while (*d != NULL && (*d)->id != kdf)
        d++;
    while (*a != NULL && (*a)->id != aead)
        a++;
    out->kdf = *d;
    out->aead = *a;
    return *d != NULL && *a != NULL;
}

/* ---- a recipient's keys ---------------------------------------------------------------------- */
enum gv_err gv_hpke_generate(const struct hpke_kem *kem, const struct provider *p,
                             struct secret *private_key)
{
    uint8_t ikm[HPKE_PRIVATE_MAX];
    enum gv_err err = p->random(ikm, kem->group->private_len);
    if (err == GV_OK)
        err = gv_hpke_derive(kem, span_of(ikm, kem->group->private_len), private_key);
    gv_wipe(ikm, sizeof ikm);
    return err;
}

static bool is_private_key(const struct hpke_kem *kem, const struct secret *private_key)
{
    struct key_exchange x = {NULL, NULL};
    bool good = kem->group->import(kem->group, &x, secret_span(private_key)) == GV_OK;
    gv_key_exchange_drop(&x);
    return good;
}

/* RFC 9180 section 7.1.3: the NIST curves try candidates until one is a scalar, X25519 takes what
 * comes. The bitmask of both curves that are here is 0xff, which changes nothing. */
static enum gv_err derive(struct labeled *l, const struct hpke_kem *kem, const struct secret *prk,
                          struct secret *out)
{
    out->len = kem->group->private_len;
    if (!kem->rejects)
        return expand(l, prk, "sk", span_of(NULL, 0), secret_span(out));
    for (unsigned counter = 0; counter <= UINT8_MAX; counter++) {
        uint8_t byte = (uint8_t)counter;
        TRY(expand(l, prk, "candidate", span_of(&byte, 1), secret_span(out)));
        if (is_private_key(kem, out))
            return GV_OK;
    }
    RAISE(CRYPTO_FAILED); /* DeriveKeyPairError, once in 2^8192 */
}

enum gv_err gv_hpke_derive(const struct hpke_kem *kem, struct span ikm, struct secret *private_key)
{
    struct labeled l;
    struct secret prk;
    begin_kem(&l, kem);
    enum gv_err err = extract(&l, span_of(NULL, 0), "dkp_prk", ikm, &prk);
    if (err == GV_OK)
        err = derive(&l, kem, &prk, private_key);
    gv_secret_wipe(&prk);
    gv_wipe(&l, sizeof l);
    return err;
}

enum gv_err gv_hpke_key_init(struct hpke_key *key, const struct hpke_kem *kem,
                             struct span private_key)
{
    *key = (struct hpke_key){.kem = kem};
    enum gv_err err = kem->group->import(kem->group, &key->pair, private_key);
    if (err == GV_OK)
        err = kem->group->export_share(&key->pair, key->public_key);
    if (err != GV_OK)
        gv_hpke_key_drop(key);
    return err;
}

void gv_hpke_key_drop(struct hpke_key *key)
{
    gv_key_exchange_drop(&key->pair);
}

/* ---- contexts -------------------------------------------------------------------------------- */
/* RFC 9180 section 4.1, ExtractAndExpand(dh, kem_context) */
static enum gv_err shared_secret(const struct hpke_kem *kem, const struct secret *dh,
                                 struct span enc, struct span public_key, struct secret *out)
{
    uint8_t context[2 * HPKE_ENC_MAX];
    struct labeled l;
    struct secret prk;
    memcpy(context, enc.at, enc.len);
    memcpy(context + enc.len, public_key.at, public_key.len);
    begin_kem(&l, kem);
    enum gv_err err = extract(&l, span_of(NULL, 0), "eae_prk", secret_span(dh), &prk);
    out->len = kem->hash->len;
    if (err == GV_OK)
        err = expand(&l, &prk, "shared_secret", span_of(context, enc.len + public_key.len),
                     secret_span(out));
    gv_secret_wipe(&prk);
    gv_wipe(&l, sizeof l);
    return err;
}

/* mode, psk_id_hash and info_hash: without a pre-shared key its identity is empty. */
static enum gv_err schedule_context(struct labeled *l, struct span info,
                                    uint8_t context[1 + 2 * HASH_MAX])
{
    struct secret id_hash, info_hash;
    TRY(extract(l, span_of(NULL, 0), "psk_id_hash", span_of(NULL, 0), &id_hash));
    TRY(extract(l, span_of(NULL, 0), "info_hash", info, &info_hash));
    context[0] = MODE_BASE;
    memcpy(context + 1, id_hash.at, id_hash.len);
    memcpy(context + 1 + id_hash.len, info_hash.at, info_hash.len);
    return GV_OK;
}

static enum gv_err expand_keys(struct labeled *l, const struct secret *secret, struct span context,
                               struct hpke *ctx, struct secret *key)
{
    TRY(expand(l, secret, "key", context, secret_span(key)));
    return expand(l, secret, "base_nonce", context, SPAN_OF(ctx->base_nonce));
}

/* RFC 9180 section 5.1, KeySchedule: ctx, with its AEAD left to be keyed, and the key for that. */
static enum gv_err schedule(struct hpke *ctx, const struct hpke_suite *suite,
                            const struct secret *shared, struct span info, struct secret *key)
{
    uint8_t context[1 + 2 * HASH_MAX];
    struct labeled l;
    struct secret secret;
    begin_suite(&l, suite);
    key->len = suite->aead->aead->key_len;
    size_t len = 1 + 2 * (size_t)l.hash->len;
    enum gv_err err = schedule_context(&l, info, context);
    if (err == GV_OK)
        err = extract(&l, secret_span(shared), "secret", span_of(NULL, 0), &secret);
    if (err == GV_OK)
        err = expand_keys(&l, &secret, span_of(context, len), ctx, key);
    gv_secret_wipe(&secret);
    gv_wipe(&l, sizeof l);
    return err;
}

static enum gv_err make_context(struct hpke *ctx, const struct hpke_suite *suite,
                                const struct secret *shared, struct span info, bool seals)
{
    struct secret key;
    enum gv_err err = schedule(ctx, suite, shared, info, &key);
    if (err == GV_OK)
        err = suite->aead->aead->key(suite->aead->aead, &ctx->aead, key.at, seals);
    gv_secret_wipe(&key);
    if (err != GV_OK)
        gv_hpke_drop(ctx);
    return err;
}

/* Encap(pkR) of RFC 9180 section 4.1 */
static enum gv_err encapsulate(const struct hpke_kem *kem, struct span public_key, uint8_t *enc,
                               struct secret *shared)
{
    struct key_exchange ephemeral = {NULL, NULL};
    struct secret dh;
    enum gv_err err = kem->group->start(kem->group, &ephemeral, enc);
    if (err == GV_OK)
        err = kem->group->finish(&ephemeral, public_key, &dh);
    if (err == GV_OK)
        err = shared_secret(kem, &dh, span_of(enc, gv_hpke_public_len(kem)), public_key, shared);
    gv_secret_wipe(&dh);
    gv_key_exchange_drop(&ephemeral);
    return err;
}

enum gv_err gv_hpke_setup_sender(struct hpke *ctx, const struct hpke_suite *suite,
                                 struct span public_key, struct span info, uint8_t *enc)
{
    struct secret shared;
    *ctx = (struct hpke){.sequence = 0};
    enum gv_err err = encapsulate(suite->kem, public_key, enc, &shared);
    if (err == GV_OK)
        err = make_context(ctx, suite, &shared, info, true);
    gv_secret_wipe(&shared);
    return err;
}

/* Decap(enc, skR) of RFC 9180 section 4.1 */
static enum gv_err decapsulate(const struct hpke_key *key, struct span enc, struct secret *shared)
{
    struct key_exchange pair = key->pair; /* finish changes nothing of an imported key */
    struct secret dh;
    enum gv_err err = pair.group->finish(&pair, enc, &dh);
    if (err == GV_OK)
        err = shared_secret(key->kem, &dh, enc, gv_hpke_public(key), shared);
    gv_secret_wipe(&dh);
    return err;
}

enum gv_err gv_hpke_setup_receiver(struct hpke *ctx, const struct hpke_suite *suite,
                                   const struct hpke_key *key, struct span enc, struct span info)
{
    struct secret shared;
    *ctx = (struct hpke){.sequence = 0};
    enum gv_err err = decapsulate(key, enc, &shared);
    if (err == GV_OK)
        err = make_context(ctx, suite, &shared, info, false);
    gv_secret_wipe(&shared);
    return err;
}

/* RFC 9180 section 5.2, ComputeNonce(seq) */
static enum gv_err nonce_of(const struct hpke *ctx, uint8_t nonce[AEAD_NONCE])
{
    if (ctx->sequence == UINT64_MAX)
        RAISE(SEQUENCE_EXHAUSTED);
    memcpy(nonce, ctx->base_nonce, AEAD_NONCE);
    for (size_t i = 0; i < sizeof ctx->sequence; i++)
        nonce[AEAD_NONCE - 1 - i] ^= (uint8_t)(ctx->sequence >> (8 * i));
    return GV_OK;
}

enum gv_err gv_hpke_seal(struct hpke *ctx, struct span aad, struct span text, uint8_t *out)
{
    uint8_t nonce[AEAD_NONCE];
    TRY(nonce_of(ctx, nonce));
    TRY(ctx->aead.alg->seal(&ctx->aead, nonce, aad, text, span_of(NULL, 0), out));
    ctx->sequence++;
    return GV_OK;
}

enum gv_err gv_hpke_open(struct hpke *ctx, struct span aad, uint8_t *text, size_t len)
{
    uint8_t nonce[AEAD_NONCE];
    TRY(nonce_of(ctx, nonce));
    if (len < AEAD_TAG)
        RAISE(BAD_RECORD_MAC);
    TRY(ctx->aead.alg->open(&ctx->aead, nonce, aad, text, len));
    ctx->sequence++;
    return GV_OK;
}

void gv_hpke_drop(struct hpke *ctx)
{
    gv_aead_drop(&ctx->aead);
    gv_wipe(ctx, sizeof *ctx);
}
