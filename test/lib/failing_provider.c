/* Copies of the real provider's objects, with functions before theirs that count. A copy stands in
 * a struct with the real object, so that a function that is given the one finds the other. */
#include "lib/failing_provider.h"

#include "base/mem.h"

#include <stdlib.h>

enum { ROWS_MAX = 64 };

static size_t calls, fail_in;
static const char *failed;

void failing_provider_fail_at(size_t n)
{
    fail_in = n;
    failed = NULL;
}

size_t failing_provider_calls(void)
{
    return calls;
}

const char *failing_provider_failed(void)
{
    return failed;
}

static bool must_fail(const char *name)
{
    calls++;
    if (fail_in == 0 || --fail_in != 0)
        return false;
    failed = name;
    return true;
}

#define COUNT_CALL(name, error)                                                                    \
    do {                                                                                           \
        if (must_fail(name))                                                                       \
            RAISE(error);                                                                          \
    } while (0)

/* ---- digests ------------------------------------------------------------------------------ */

struct hash_copy {
    struct hash_alg alg; /* first, so that one is the other; so in each below */
    const struct hash_alg *real;
};

static const struct hash_alg *real_hash(const struct hash_alg *alg)
{
    return ((const struct hash_copy *)(const void *)alg)->real;
}

/* start keeps the algorithm that it is given in h: the copy. */
static enum gv_err hash_start(const struct hash_alg *alg, struct hash *h)
{
    COUNT_CALL("hash.start", CRYPTO_FAILED);
    return real_hash(alg)->start(alg, h);
}

static enum gv_err hash_add(struct hash *h, struct span data)
{
    COUNT_CALL("hash.add", CRYPTO_FAILED);
    return real_hash(h->alg)->add(h, data);
}

static enum gv_err hash_peek(struct hash *h, uint8_t *out)
{
    COUNT_CALL("hash.peek", CRYPTO_FAILED);
    return real_hash(h->alg)->peek(h, out);
}

static enum gv_err hash_finish(struct hash *h, uint8_t *out)
{
    COUNT_CALL("hash.finish", CRYPTO_FAILED);
    return real_hash(h->alg)->finish(h, out);
}

static const struct hash_alg *copy_hash(const struct hash_alg *real)
{
    static struct hash_copy copies[8];
    size_t i = 0;
    while (copies[i].real != NULL && copies[i].real != real)
        i++;
    copies[i].alg = *real;
    copies[i].alg.start = hash_start;
    copies[i].alg.add = hash_add;
    copies[i].alg.peek = hash_peek;
    copies[i].alg.finish = hash_finish;
    copies[i].real = real;
    return &copies[i].alg;
}

/* ---- authenticated encryption --------------------------------------------------------------- */

struct aead_copy {
    struct aead_alg alg;
    const struct aead_alg *real;
};

static const struct aead_alg *real_aead(const struct aead_alg *alg)
{
    return ((const struct aead_copy *)(const void *)alg)->real;
}

/* As the real one does, it leaves nothing of a context where it fails. */
static enum gv_err aead_key(const struct aead_alg *alg, struct aead *a, const uint8_t *key,
                            bool seal)
{
    if (must_fail("aead.key")) {
        gv_aead_drop(a);
        RAISE(CRYPTO_FAILED);
    }
    return real_aead(alg)->key(alg, a, key, seal);
}

static enum gv_err aead_seal(struct aead *a, const uint8_t nonce[AEAD_NONCE], struct span aad,
                             struct span text, struct span tail, uint8_t *out)
{
    COUNT_CALL("aead.seal", CRYPTO_FAILED);
    return real_aead(a->alg)->seal(a, nonce, aad, text, tail, out);
}

static enum gv_err aead_open(struct aead *a, const uint8_t nonce[AEAD_NONCE], struct span aad,
                             uint8_t *text, size_t len)
{
    COUNT_CALL("aead.open", CRYPTO_FAILED);
    return real_aead(a->alg)->open(a, nonce, aad, text, len);
}

static const struct aead_alg *copy_aead(const struct aead_alg *real)
{
    static struct aead_copy copies[8];
    size_t i = 0;
    while (copies[i].real != NULL && copies[i].real != real)
        i++;
    copies[i].alg = *real;
    copies[i].alg.key = aead_key;
    copies[i].alg.seal = aead_seal;
    copies[i].alg.open = aead_open;
    copies[i].real = real;
    return &copies[i].alg;
}

/* ---- key exchange ------------------------------------------------------------------------- */

struct group_copy {
    struct key_exchange_group group;
    const struct key_exchange_group *real;
};

static const struct key_exchange_group *real_group(const struct key_exchange_group *g)
{
    return ((const struct group_copy *)(const void *)g)->real;
}

static enum gv_err group_start(const struct key_exchange_group *g, struct key_exchange *x,
                               uint8_t *share)
{
    COUNT_CALL("group.start", CRYPTO_FAILED);
    return real_group(g)->start(g, x, share);
}

static enum gv_err group_finish(struct key_exchange *x, struct span server_share,
                                struct secret *out)
{
    COUNT_CALL("group.finish", CRYPTO_FAILED);
    return real_group(x->group)->finish(x, server_share, out);
}

static enum gv_err group_answer(const struct key_exchange_group *g, struct span client_share,
                                uint8_t *share, struct secret *out)
{
    COUNT_CALL("group.answer", CRYPTO_FAILED);
    return real_group(g)->answer(real_group(g), client_share, share, out);
}

static enum gv_err group_finish_component(struct key_exchange *x, struct span server_share,
                                          struct secret *out)
{
    COUNT_CALL("group.finish_component", CRYPTO_FAILED);
    return real_group(x->group)->finish_component(x, server_share, out);
}

static enum gv_err group_import(const struct key_exchange_group *g, struct key_exchange *x,
                                struct span private_key)
{
    COUNT_CALL("group.import", CRYPTO_FAILED);
    return real_group(g)->import(g, x, private_key);
}

static void copy_group(struct group_copy *copy, const struct key_exchange_group *real)
{
    *copy = (struct group_copy){*real, real};
    copy->group.start = group_start;
    copy->group.finish = group_finish;
    copy->group.answer = group_answer;
    if (real->component != NULL)
        copy->group.finish_component = group_finish_component;
    if (real->import != NULL)
        copy->group.import = group_import;
}

/* ---- signatures, keys, random ---------------------------------------------------------------- */

struct verifier_copy {
    struct signature_verifier verifier;
    const struct signature_verifier *real;
};

static enum gv_err verifier_verify(const struct signature_verifier *v, struct span public_key,
                                   struct span message, struct span signature)
{
    const struct signature_verifier *real = ((const struct verifier_copy *)(const void *)v)->real;
    COUNT_CALL("verifier.verify", CRYPTO_FAILED);
    return real->verify(real, public_key, message, signature);
}

static enum gv_err key_sign(const struct signing_key *key, uint16_t scheme, struct span message,
                            uint8_t out[SIGNATURE_MAX], size_t *out_len)
{
    const struct signing_key *real = key->impl;
    COUNT_CALL("key.sign", CRYPTO_FAILED);
    return real->sign(real, scheme, message, out, out_len);
}

static void key_free(struct signing_key *key)
{
    gv_signing_key_free(key->impl);
    gv_mem_free(key);
}

static enum gv_err load_key(struct span der, struct signing_key **out)
{
    struct signing_key *real = NULL;
    TRY(gv_openssl_provider()->load_key(der, &real));
    struct signing_key *copy = gv_mem_alloc(sizeof *copy);
    if (copy == NULL)
        abort();
    *copy = *real;
    gv_ref_init(&copy->refs);
    copy->sign = key_sign;
    copy->free = key_free;
    copy->impl = real;
    *out = copy;
    return GV_OK;
}

static enum gv_err random_bytes(uint8_t *out, size_t len)
{
    COUNT_CALL("random", RANDOM_FAILED);
    return gv_openssl_provider()->random(out, len);
}

/* ---- the lists ---------------------------------------------------------------------------- */

static const struct cipher_suite_info *const *copy_suites(
    const struct cipher_suite_info *const *from)
{
    static struct cipher_suite_info copies[ROWS_MAX];
    static const struct cipher_suite_info *list[ROWS_MAX + 1];
    for (size_t i = 0; i < ROWS_MAX && from[i] != NULL; i++) {
        copies[i] = *from[i];
        copies[i].hash = copy_hash(from[i]->hash);
        copies[i].aead = copy_aead(from[i]->aead);
        list[i] = &copies[i];
    }
    return list;
}

static const struct key_exchange_group *const *copy_groups(
    const struct key_exchange_group *const *from)
{
    static struct group_copy copies[ROWS_MAX];
    static const struct key_exchange_group *list[ROWS_MAX + 1];
    for (size_t i = 0; i < ROWS_MAX && from[i] != NULL; i++) {
        copy_group(&copies[i], from[i]);
        list[i] = &copies[i].group;
    }
    return list;
}

static const struct signature_verifier *const *copy_verifiers(
    const struct signature_verifier *const *from)
{
    static struct verifier_copy copies[ROWS_MAX];
    static const struct signature_verifier *list[ROWS_MAX + 1];
    for (size_t i = 0; i < ROWS_MAX && from[i] != NULL; i++) {
        copies[i] = (struct verifier_copy){*from[i], from[i]};
        copies[i].verifier.verify = verifier_verify;
        list[i] = &copies[i].verifier;
    }
    return list;
}

/* HPKE over the first algorithm of each kind. */
static const struct hpke_algorithms *copy_hpke(const struct hpke_algorithms *from)
{
    static struct group_copy group;
    static struct hpke_kem kem;
    static struct hpke_kdf kdf;
    static struct hpke_aead aead;
    static const struct hpke_kem *const kems[] = {&kem, NULL};
    static const struct hpke_kdf *const kdfs[] = {&kdf, NULL};
    static const struct hpke_aead *const aeads[] = {&aead, NULL};
    static const struct hpke_algorithms copy = {.kems = kems, .kdfs = kdfs, .aeads = aeads};

    kem = *from->kems[0];
    copy_group(&group, kem.group);
    kem.group = &group.group;
    kem.hash = copy_hash(kem.hash);
    kdf = *from->kdfs[0];
    kdf.hash = copy_hash(kdf.hash);
    aead = *from->aeads[0];
    aead.aead = copy_aead(aead.aead);
    return &copy;
}

const struct provider *failing_provider(void)
{
    static struct provider failing;
    const struct provider *real = gv_openssl_provider();
    if (failing.suites != NULL || real == NULL)
        return real == NULL ? NULL : &failing;
    failing.name = "failing";
    failing.suites = copy_suites(real->suites);
    failing.groups = copy_groups(real->groups);
    failing.verifiers = copy_verifiers(real->verifiers);
    failing.hpke = copy_hpke(real->hpke);
    failing.random = random_bytes;
    failing.load_key = load_key;
    return &failing;
}
