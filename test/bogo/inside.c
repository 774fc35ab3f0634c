/* Objects of the library's rooms, made to measure for the shim. */
#include "bogo/inside.h"

#include "api/objects.h"
#include "base/clock.h"
#include "base/mem.h"
#include "connection/internal.h"
#include "crypto/hpke.h"
#include "pki/pem.h"

#include <time.h>

/* ---- the clock ------------------------------------------------------------------------------------ */

static int64_t now_ms = -1; /* as it was when it was first asked for, and advanced since */

/* In the place of base/clock.c, which the linker then has no need of. It stands still, for the
 * runner wants ages to the millisecond. */
bool gv_clock_now(int64_t *out_ms)
{
    struct timespec t;

    if (now_ms < 0 && clock_gettime(CLOCK_REALTIME, &t) == 0)
        now_ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
    *out_ms = now_ms;
    return now_ms >= 0;
}

void inside_advance_clock(long seconds)
{
    int64_t ms;

    (void)gv_clock_now(&ms);
    now_ms += (int64_t)seconds * 1000 + 1; /* the age of a ticket is told a millisecond less */
}

/* ---- the provider --------------------------------------------------------------------------------- */

enum { GROUPS_MAX = 16, VERIFIERS_MAX = 128 };

struct narrow_provider {
    struct provider provider;
    const struct key_exchange_group *groups[GROUPS_MAX + 1];
    const struct signature_verifier *verifiers[VERIFIERS_MAX + 1];
    const struct hpke_kem *kems[2];
    struct hpke_algorithms hpke;
};

static void free_provider(struct provider *p)
{
    gv_mem_free(p);
}

static const struct key_exchange_group *find_group(const struct provider *base, uint16_t code)
{
    const struct key_exchange_group *const *lists[] = {base->groups, base->more_groups};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (const struct key_exchange_group *const *g = lists[i]; *g != NULL; g++)
            if ((*g)->code == code)
                return *g;
    return NULL;
}

static bool narrow_groups(struct narrow_provider *p, const struct provider *base,
                          const struct numbers *codes)
{
    if (codes->len == 0)
        return true;
    for (size_t i = 0; i < codes->len; i++) {
        if (i == GROUPS_MAX || (p->groups[i] = find_group(base, codes->at[i])) == NULL)
            return false;
    }
    p->provider.groups = p->groups;
    return true;
}

static size_t add_verifiers(struct narrow_provider *p, size_t have, const struct provider *base,
                            uint16_t scheme)
{
    for (const struct signature_verifier *const *v = base->verifiers; *v != NULL; v++)
        if ((*v)->scheme == scheme && have < VERIFIERS_MAX)
            p->verifiers[have++] = *v;
    return have;
}

static bool narrow_schemes(struct narrow_provider *p, const struct provider *base,
                           const struct numbers *schemes)
{
    size_t have = 0;

    if (schemes->len == 0)
        return true;
    for (size_t i = 0; i < schemes->len; i++) {
        size_t more = add_verifiers(p, have, base, schemes->at[i]);
        if (more == have)
            return false;
        have = more;
    }
    p->provider.verifiers = p->verifiers;
    return true;
}

/* BoringSSL's one KEM: the runner takes configurations with another for such that cannot be used. */
static void narrow_hpke(struct narrow_provider *p, const struct provider *base)
{
    p->hpke = *base->hpke;
    p->kems[0] = gv_hpke_kem(base, HPKE_DHKEM_X25519);
    p->hpke.kems = p->kems;
    p->provider.hpke = &p->hpke;
}

const struct rustls_crypto_provider *inside_provider(const struct numbers *groups,
                                                     const struct numbers *schemes)
{
    const struct provider *base = gv_api_default_provider();
    struct narrow_provider *p = gv_mem_alloc(sizeof *p);

    if (p == NULL)
        return NULL;
    p->provider = *base;
    gv_ref_init(&p->provider.refs);
    p->provider.free = free_provider;
    narrow_hpke(p, base);
    if (narrow_groups(p, base, groups) && narrow_schemes(p, base, schemes))
        return out_provider(&p->provider);
    gv_mem_free(p);
    return NULL;
}

/* ---- signing ---------------------------------------------------------------------------------------- */

bool inside_can_sign(const struct numbers *schemes)
{
    const struct provider *base = gv_api_default_provider();

    for (size_t i = 0; i < schemes->len; i++) {
        const struct signature_verifier *const *v = base->verifiers;
        while (*v != NULL && (*v)->scheme != schemes->at[i])
            v++;
        if (*v == NULL)
            return false;
    }
    return true;
}

size_t inside_schemes(const struct rustls_certified_key *certified, uint16_t out[6])
{
    const struct signing_key *key = in_certified_key(certified)->key;

    memcpy(out, key->schemes, key->scheme_count * sizeof *out);
    return key->scheme_count;
}

bool inside_sign(const struct rustls_certified_key *certified, uint16_t scheme,
                 struct rustls_slice_bytes message, uint8_t out[1024], size_t *out_len)
{
    const struct signing_key *key = in_certified_key(certified)->key;
    return key->sign(key, scheme, span_of(message.data, message.len), out, out_len) == GV_OK;
}

static enum gv_err sign(const struct signing_key *key, uint16_t scheme, struct span message,
                        uint8_t out[SIGNATURE_MAX], size_t *out_len)
{
    const struct signing_key *whole = key->impl;
    return whole->sign(whole, scheme, message, out, out_len);
}

static void free_key(struct signing_key *key)
{
    gv_signing_key_free(key->impl);
    gv_mem_free(key);
}

static bool has_scheme(const struct signing_key *key, uint16_t scheme)
{
    for (size_t i = 0; i < key->scheme_count; i++)
        if (key->schemes[i] == scheme)
            return true;
    return false;
}

const struct rustls_certified_key *inside_sign_with(const struct rustls_certified_key *certified,
                                                    const struct numbers *schemes)
{
    const struct certified_key *from = in_certified_key(certified), *out = NULL;
    struct certified_key *made = NULL;
    struct signing_key *key = gv_mem_alloc(sizeof *key);

    if (key == NULL)
        return NULL;
    gv_ref_init(&key->refs);
    key->spki = from->key->spki;
    key->sign = sign;
    key->free = free_key;
    key->impl = gv_signing_key_ref(from->key);
    for (size_t i = 0; i < schemes->len && key->scheme_count < SIGNING_SCHEMES_MAX; i++)
        if (has_scheme(from->key, schemes->at[i]))
            key->schemes[key->scheme_count++] = schemes->at[i];
    if (gv_certified_key_new(&made, from->chain, from->count, key, from->ocsp) == GV_OK)
        out = made;
    gv_signing_key_free(key);
    return out_certified_key(out);
}

/* ---- clients' certificates ---------------------------------------------------------------------------- */

static enum gv_err believe(const struct verifier *v, const struct certificate_question *q,
                           struct detail *detail)
{
    (void)v, (void)q, (void)detail;
    return GV_OK;
}

static enum gv_err fail(const struct verifier *v, const struct certificate_question *q,
                        struct detail *detail)
{
    (void)v, (void)q, (void)detail;
    RAISE(CALLBACK_GENERAL);
}

static enum gv_err refuse(const struct verifier *v, const struct certificate_question *q,
                          struct detail *detail)
{
    (void)v, (void)q, (void)detail;
    RAISE(CALLBACK_OTHER_ERROR);
}

static void free_verifier(struct verifier *v)
{
    gv_provider_free(v->provider);
    gv_mem_free(v);
}

struct rustls_client_cert_verifier *inside_client_verifier(
    const struct rustls_crypto_provider *provider, bool required, rustls_result answer)
{
    struct verifier *v = gv_mem_alloc(sizeof *v);

    if (v == NULL)
        return NULL;
    gv_ref_init(&v->refs);
    v->verify = answer == RUSTLS_RESULT_OK        ? believe
                : answer == RUSTLS_RESULT_GENERAL ? fail
                                                  : refuse;
    v->free = free_verifier;
    v->provider = gv_provider_ref(in_provider(provider));
    v->required = required;
    return out_client_verifier(v);
}

/* ---- sessions --------------------------------------------------------------------------------------------- */

void inside_hand_sessions_over(const struct rustls_client_config *from,
                               const struct rustls_client_config *to)
{
    struct client_config *a = (struct client_config *)in_client_config(from);
    struct client_config *b = (struct client_config *)in_client_config(to);
    struct client_sessions *sessions = a->sessions;

    a->sessions = b->sessions;
    b->sessions = sessions;
}

void inside_forget_early_data(struct rustls_connection *conn)
{
    gv_buffer_drop(&in_connection(conn)->sent_early);
}

/* ---- certificates --------------------------------------------------------------------------------- */

bool inside_next_certificate(struct rustls_slice_bytes *text, uint8_t *der, size_t cap, size_t *len)
{
    struct pem pem = {{text->data, text->len}};
    struct buffer found = {.limit = cap};
    enum pem_kind kind = PEM_END;

    if (gv_pem_next(&pem, PEM_WANT(PEM_CERTIFICATE), &kind, &found) != GV_OK)
        kind = PEM_END;
    if (kind == PEM_CERTIFICATE) {
        *len = gv_buffer_len(&found);
        memcpy(der, gv_buffer_span(&found).at, *len);
    }
    *text = (struct rustls_slice_bytes){pem.rest.at, pem.rest.len};
    gv_buffer_drop(&found);
    return kind == PEM_CERTIFICATE;
}
