/* A provider whose cryptography lets everything pass. */
#include "lib/fake_provider.h"

#include "base/mem.h"

enum { ROWS_MAX = 64, SECRET_LEN = 32 };

/* ---- random ------------------------------------------------------------------------------- */
static uint64_t counters[2];
static bool second_stream;

void fake_provider_reset(void)
{
    counters[0] = 0;
    counters[1] = UINT64_C(1) << 32;
    second_stream = false;
}

void fake_provider_stream(bool second)
{
    second_stream = second;
}

/* Numbers that differ, so that nobody draws in vain for one that he does not have. */
static enum gv_err fake_random(uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        uint64_t x = ++counters[second_stream] * UINT64_C(0x9e3779b97f4a7c15);
        out[i] = (uint8_t)(x >> 56);
    }
    return GV_OK;
}

/* ---- authenticated encryption --------------------------------------------------------------- */
static enum gv_err fake_key(const struct aead_alg *alg, struct aead *a, const uint8_t *key,
                            bool seal)
{
    (void)key, (void)seal;
    a->alg = alg;
    return GV_OK;
}

static enum gv_err fake_seal(struct aead *a, const uint8_t nonce[AEAD_NONCE], struct span aad,
                             struct span text, struct span tail, uint8_t *out)
{
    (void)a, (void)nonce, (void)aad;
    if (text.len != 0)
        memmove(out, text.at, text.len);
    span_copy(out + text.len, tail);
    memset(out + text.len + tail.len, FAKE_TAG, AEAD_TAG);
    return GV_OK;
}

static enum gv_err fake_open(struct aead *a, const uint8_t nonce[AEAD_NONCE], struct span aad,
                             uint8_t *text, size_t len)
{
    (void)a, (void)nonce, (void)aad, (void)text;
    if (len < AEAD_TAG)
        RAISE(BAD_RECORD_MAC);
    return GV_OK;
}

static void fake_aead_drop(struct aead *a)
{
    *a = (struct aead){NULL, NULL};
}

/* ---- key exchange ------------------------------------------------------------------------- */
static enum gv_err fake_start(const struct key_exchange_group *g, struct key_exchange *x,
                              uint8_t *share)
{
    x->group = g;
    return fake_random(share, g->client_share_len);
}

static enum gv_err take(struct span share, size_t len, struct secret *out)
{
    if (share.len != len)
        RAISE(BAD_KEY_SHARE);
    out->len = SECRET_LEN;
    memset(out->at, FAKE_SECRET, SECRET_LEN);
    return GV_OK;
}

static enum gv_err fake_finish(struct key_exchange *x, struct span server_share, struct secret *out)
{
    return take(server_share, x->group->server_share_len, out);
}

static enum gv_err fake_finish_component(struct key_exchange *x, struct span server_share,
                                         struct secret *out)
{
    return take(server_share, x->group->component->server_share_len, out);
}

static enum gv_err fake_answer(const struct key_exchange_group *g, struct span client_share,
                               uint8_t *share, struct secret *out)
{
    TRY(fake_random(share, g->server_share_len));
    return take(client_share, g->client_share_len, out);
}

static void fake_key_exchange_drop(struct key_exchange *x)
{
    *x = (struct key_exchange){NULL, NULL};
}

/* ---- signatures --------------------------------------------------------------------------- */
static enum gv_err fake_verify(const struct signature_verifier *v, struct span public_key,
                               struct span message, struct span signature)
{
    (void)v, (void)public_key, (void)message;
    if (signature.len == 0)
        RAISE(BAD_SIGNATURE);
    return GV_OK;
}

static enum gv_err fake_sign(const struct signing_key *key, uint16_t scheme, struct span message,
                             uint8_t out[SIGNATURE_MAX], size_t *out_len)
{
    (void)key, (void)scheme, (void)message;
    out[0] = FAKE_SIGNATURE;
    *out_len = 1;
    return GV_OK;
}

static void fake_key_free(struct signing_key *key)
{
    gv_signing_key_free(key->impl);
    gv_mem_free(key);
}

/* The real key, held by a fake one that has its schemes and its public half. */
static enum gv_err fake_load_key(struct span der, struct signing_key **out)
{
    struct signing_key *real = NULL;
    TRY(gv_openssl_provider()->load_key(der, &real));
    struct signing_key *fake = gv_mem_alloc(sizeof *fake);
    if (fake == NULL) {
        gv_signing_key_free(real);
        RAISE(NO_MEMORY);
    }
    gv_ref_init(&fake->refs);
    memcpy(fake->schemes, real->schemes, sizeof fake->schemes);
    fake->scheme_count = real->scheme_count;
    fake->spki = real->spki;
    fake->sign = fake_sign;
    fake->free = fake_key_free;
    fake->impl = real;
    *out = fake;
    return GV_OK;
}

/* ---- the lists ---------------------------------------------------------------------------- */
static struct aead_alg aeads[ROWS_MAX];
static struct cipher_suite_info suites[ROWS_MAX];
static struct key_exchange_group groups[ROWS_MAX], more_groups[ROWS_MAX];
static struct signature_verifier verifiers[ROWS_MAX];
static const struct cipher_suite_info *suite_list[ROWS_MAX + 1];
static const struct key_exchange_group *group_list[ROWS_MAX + 1], *more_group_list[ROWS_MAX + 1];
static const struct signature_verifier *verifier_list[ROWS_MAX + 1];

static void copy_suites(const struct cipher_suite_info *const *from)
{
    for (size_t i = 0; i < ROWS_MAX && from[i] != NULL; i++) {
        aeads[i] = *from[i]->aead;
        aeads[i].key = fake_key;
        aeads[i].seal = fake_seal;
        aeads[i].open = fake_open;
        aeads[i].drop = fake_aead_drop;
        suites[i] = *from[i];
        suites[i].aead = &aeads[i];
        suite_list[i] = &suites[i];
    }
}

static void copy_groups(const struct key_exchange_group *const *from, struct key_exchange_group *to,
                        const struct key_exchange_group **list)
{
    for (size_t i = 0; i < ROWS_MAX && from[i] != NULL; i++) {
        to[i] = *from[i];
        to[i].start = fake_start;
        to[i].finish = fake_finish;
        to[i].answer = fake_answer;
        to[i].drop = fake_key_exchange_drop;
        if (from[i]->component != NULL)
            to[i].finish_component = fake_finish_component;
        list[i] = &to[i];
    }
}

static void copy_verifiers(const struct signature_verifier *const *from)
{
    for (size_t i = 0; i < ROWS_MAX && from[i] != NULL; i++) {
        verifiers[i] = *from[i];
        verifiers[i].verify = fake_verify;
        verifier_list[i] = &verifiers[i];
    }
}

const struct provider *fake_provider(void)
{
    static struct provider fake;
    const struct provider *real = gv_openssl_provider();
    if (fake.suites != NULL || real == NULL)
        return real == NULL ? NULL : &fake;
    copy_suites(real->suites);
    copy_groups(real->groups, groups, group_list);
    copy_groups(real->more_groups, more_groups, more_group_list);
    copy_verifiers(real->verifiers);
    fake.name = "fake";
    fake.suites = suite_list;
    fake.groups = group_list;
    fake.more_groups = more_group_list;
    fake.verifiers = verifier_list;
    fake.random = fake_random;
    fake.load_key = fake_load_key;
    return &fake;
}
