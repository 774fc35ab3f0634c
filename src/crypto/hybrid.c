/* Hybrid key exchange (RFC 10024): the shares and the secrets of both halves, one behind the other.
 * Both halves are always computed, and both must be good. */
#include "crypto/hybrid.h"

#include "base/mem.h"

enum { VECTOR_BYTES = 32 }; /* struct poly stands on such a boundary */

/* What a client keeps; the key stands behind it in the same block. */
struct state {
    struct key_exchange classical;
    struct mlkem_key *key;
    size_t size; /* of the block, bytes */
};

/* The offsets of both halves in a share, or in the secret. */
struct halves {
    size_t kem, classical;
};

static struct halves halves_of(const struct hybrid *h, size_t kem_len, size_t classical_len)
{
    if (h->classical_first)
        return (struct halves){.kem = classical_len, .classical = 0};
    return (struct halves){.kem = 0, .classical = kem_len};
}

static void join_secrets(const struct hybrid *h, const uint8_t kem[MLKEM_SECRET],
                         const struct secret *classical, struct secret *out)
{
    struct halves at = halves_of(h, MLKEM_SECRET, classical->len);
    memcpy(out->at + at.kem, kem, MLKEM_SECRET);
    memcpy(out->at + at.classical, classical->at, classical->len);
    out->len = (uint8_t)(MLKEM_SECRET + classical->len);
}

/* ---- client ------------------------------------------------------------------------------- */
static enum gv_err make_state(const struct key_exchange_group *g, struct key_exchange *x)
{
    const struct hybrid *h = g->impl;
    size_t size = sizeof(struct state) + VECTOR_BYTES + gv_mlkem_key_size(h->kem);
    struct state *s = gv_mem_alloc(size);
    if (s == NULL)
        RAISE(NO_MEMORY);
    uint8_t *behind = (uint8_t *)(s + 1);
    size_t over = (uintptr_t)behind % VECTOR_BYTES;
    s->key = (struct mlkem_key *)(void *)(behind + (over == 0 ? 0 : VECTOR_BYTES - over));
    s->key->kem = h->kem;
    s->key->ops = gv_mlkem_ops();
    s->size = size;
    x->group = g;
    x->impl = s;
    return GV_OK;
}

static enum gv_err fill_state(const struct hybrid *h, struct state *s, uint8_t *share)
{
    uint8_t seed[MLKEM_SEED];
    struct halves at = halves_of(h, h->kem->ek_len, h->classical->client_share_len);
    TRY(h->classical->start(h->classical, &s->classical, share + at.classical));
    TRY(h->random(seed, sizeof seed));
    gv_mlkem_generate(s->key, seed, share + at.kem);
    gv_wipe(seed, sizeof seed);
    return GV_OK;
}

enum gv_err gv_hybrid_start(const struct key_exchange_group *g, struct key_exchange *x,
                            uint8_t *share)
{
    enum gv_err err = make_state(g, x);
    if (err == GV_OK)
        err = fill_state(g->impl, x->impl, share);
    if (err != GV_OK)
        gv_hybrid_drop(x);
    return err;
}

enum gv_err gv_hybrid_finish(struct key_exchange *x, struct span server_share, struct secret *out)
{
    const struct hybrid *h = x->group->impl;
    struct state *s = x->impl;
    if (server_share.len != x->group->server_share_len)
        RAISE(BAD_KEY_SHARE);
    struct halves at = halves_of(h, h->kem->ct_len, h->classical->server_share_len);
    struct secret classical;
    uint8_t kem[MLKEM_SECRET];
    TRY(h->classical->finish(
        &s->classical, span_of(server_share.at + at.classical, h->classical->server_share_len),
        &classical));
    gv_mlkem_decapsulate(s->key, server_share.at + at.kem, kem);
    join_secrets(h, kem, &classical, out);
    gv_secret_wipe(&classical);
    gv_wipe(kem, sizeof kem);
    return GV_OK;
}

enum gv_err gv_hybrid_finish_component(struct key_exchange *x, struct span server_share,
                                       struct secret *out)
{
    const struct hybrid *h = x->group->impl;
    struct state *s = x->impl;
    return h->classical->finish(&s->classical, server_share, out);
}

void gv_hybrid_drop(struct key_exchange *x)
{
    struct state *s = x->impl;
    if (s != NULL) {
        gv_key_exchange_drop(&s->classical);
        gv_wipe(s, s->size);
        gv_mem_free(s);
    }
    *x = (struct key_exchange){NULL, NULL};
}

/* ---- server ------------------------------------------------------------------------------- */
static enum gv_err encapsulate(const struct hybrid *h, const uint8_t *ek, uint8_t *ct,
                               uint8_t secret[MLKEM_SECRET])
{
    uint8_t message[MLKEM_MESSAGE];
    TRY(h->random(message, sizeof message));
    bool ok = gv_mlkem_encapsulate(h->kem, gv_mlkem_ops(), ek, message, ct, secret);
    gv_wipe(message, sizeof message);
    if (!ok) /* FIPS 203 section 7.2, and illegal_parameter in RFC 10024 */
        RAISE(BAD_KEY_SHARE);
    return GV_OK;
}

enum gv_err gv_hybrid_answer(const struct key_exchange_group *g, struct span client_share,
                             uint8_t *share, struct secret *out)
{
    const struct hybrid *h = g->impl;
    if (client_share.len != g->client_share_len)
        RAISE(BAD_KEY_SHARE);
    size_t classical_len = h->classical->client_share_len;
    struct halves in = halves_of(h, h->kem->ek_len, classical_len);
    struct halves to = halves_of(h, h->kem->ct_len, h->classical->server_share_len);
    struct secret classical = {.len = 0};
    uint8_t kem[MLKEM_SECRET];
    enum gv_err err = encapsulate(h, client_share.at + in.kem, share + to.kem, kem);
    if (err == GV_OK)
        err = h->classical->answer(h->classical,
                                   span_of(client_share.at + in.classical, classical_len),
                                   share + to.classical, &classical);
    if (err == GV_OK)
        join_secrets(h, kem, &classical, out);
    gv_secret_wipe(&classical);
    gv_wipe(kem, sizeof kem);
    return err;
}
