/* Pins: digests that are compared. */
#include "config/pinned_verifier.h"

#include "base/mem.h"
#include "pki/cert.h"

struct pinned_verifier {
    struct verifier base; /* first, so that one is the other */
    const struct hash_alg *sha256;
    struct verifier *also;
    size_t count;
    struct pin pins[];
};

static const struct hash_alg *sha256_of(const struct provider *p)
{
    for (const struct cipher_suite_info *const *s = p->suites; *s != NULL; s++) {
        if ((*s)->hash->len == PIN_LEN)
            return (*s)->hash;
    }
    return NULL;
}

static enum gv_err digest(const struct hash_alg *sha256, struct span data, uint8_t out[HASH_MAX])
{
    struct hash h;
    TRY(sha256->start(sha256, &h));
    TRY(h.alg->add(&h, data));
    return h.alg->finish(&h, out);
}

static enum gv_err is_pinned(const struct pinned_verifier *p, struct span leaf, bool *yes)
{
    struct certificate c;
    uint8_t whole[HASH_MAX], key[HASH_MAX];
    TRY(gv_cert_parse(leaf, &c));
    TRY(digest(p->sha256, leaf, whole));
    TRY(digest(p->sha256, c.spki, key));
    *yes = false;
    for (size_t i = 0; i < p->count; i++)
        *yes |= memcmp(p->pins[i].sha256, p->pins[i].public_key ? key : whole, PIN_LEN) == 0;
    return GV_OK;
}

static enum gv_err verify(const struct verifier *v, const struct certificate_question *q,
                          struct detail *detail)
{
    const struct pinned_verifier *p = (const struct pinned_verifier *)v;
    bool pinned;
    TRY(is_pinned(p, q->chain[0], &pinned));
    if (pinned)
        return p->also == NULL ? GV_OK : p->also->verify(p->also, q, detail);
    if (detail != NULL)
        detail->certificate = 0;
    gv_detail_note(detail, "pins", "a certificate or key that is pinned", "");
    RAISE(CERT_NOT_PINNED);
}

static void pinned_free(struct verifier *v)
{
    gv_verifier_free(((struct pinned_verifier *)v)->also);
    gv_provider_free(v->provider);
    gv_mem_free(v);
}

enum gv_err gv_pinned_verifier_new(const struct provider *provider, const struct pin *pins,
                                   size_t count, struct verifier *also, struct verifier **out)
{
    const struct hash_alg *sha256 = sha256_of(provider);
    if (sha256 == NULL)
        RAISE(CRYPTO_FAILED);
    if (count > SIZE_MAX / 2 / sizeof *pins)
        RAISE(NO_MEMORY);
    struct pinned_verifier *p = gv_mem_alloc(sizeof *p + count * sizeof *pins);
    if (p == NULL)
        RAISE(NO_MEMORY);
    gv_ref_init(&p->base.refs);
    p->base.verify = verify;
    p->base.free = pinned_free;
    p->base.provider = gv_provider_ref(provider);
    p->sha256 = sha256;
    p->also = also == NULL ? NULL : gv_verifier_ref(also);
    p->count = count;
    if (count != 0)
        memcpy(p->pins, pins, count * sizeof *pins);
    *out = &p->base;
    return GV_OK;
}
