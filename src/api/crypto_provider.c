/* Crypto providers: the one of the process, narrowed ones, and what can be asked of one. There is a
 * single backend underneath, crypto/openssl. */
#include "api/certified_key.h"
#include "api/objects.h"
#include "api/result.h"
#include "base/mem.h"
#include "galvan.h"

#include <stdatomic.h>

/* Set once, by whoever is first, and never freed: it may be borrowed for ever. */
static const struct provider *_Atomic process_default;

/* False where there is a default already. */
static bool install(const struct provider *p)
{
    const struct provider *none = NULL;
    return atomic_compare_exchange_strong(&process_default, &none, p);
}

const struct provider *gv_api_default_provider(void)
{
    const struct provider *p = atomic_load(&process_default);
    if (p != NULL)
        return p;
    const struct provider *own = gv_openssl_provider();
    if (own == NULL || install(own))
        return own;
    return atomic_load(&process_default); /* another thread was first */
}

static const struct rustls_crypto_provider *referenced(const struct provider *p)
{
    return out_provider(p == NULL ? NULL : gv_provider_ref(p));
}

const struct rustls_crypto_provider *rustls_crypto_provider_default(void)
{
    return referenced(gv_api_default_provider());
}

const struct rustls_crypto_provider *rustls_aws_lc_rs_crypto_provider(void)
{
    return referenced(gv_openssl_provider());
}

const struct rustls_crypto_provider *rustls_ring_crypto_provider(void)
{
    return referenced(gv_openssl_provider());
}

void rustls_crypto_provider_free(const struct rustls_crypto_provider *provider)
{
    gv_provider_free(in_provider(provider));
}

/* ---- the builder -------------------------------------------------------------------------- */

struct rustls_crypto_provider_builder {
    const struct provider *base;     /* NULL: it was built */
    const struct provider *narrowed; /* NULL: the base as it is */
};

static struct rustls_crypto_provider_builder *new_builder(const struct provider *base)
{
    struct rustls_crypto_provider_builder *b = gv_mem_alloc(sizeof *b);
    if (b != NULL)
        b->base = gv_provider_ref(base);
    return b;
}

rustls_result rustls_crypto_provider_builder_new_from_default(
    struct rustls_crypto_provider_builder **builder_out)
{
    if (builder_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    const struct provider *base = gv_api_default_provider();
    if (base == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    struct rustls_crypto_provider_builder *b = new_builder(base);
    if (b == NULL)
        return RUSTLS_RESULT_GENERAL;
    *builder_out = b;
    return RUSTLS_RESULT_OK;
}

struct rustls_crypto_provider_builder *rustls_crypto_provider_builder_new_with_base(
    const struct rustls_crypto_provider *base)
{
    return base == NULL ? NULL : new_builder(in_provider(base));
}

/* The base, narrowed to these; NULL leaves what an earlier call narrowed. */
static enum gv_err narrow(struct rustls_crypto_provider_builder *b,
                          const struct cipher_suite_info *const *suites,
                          const struct key_exchange_group *const *groups)
{
    const struct provider *before = b->narrowed, *narrowed;
    if (suites == NULL && before != NULL)
        suites = before->suites;
    if (groups == NULL && before != NULL)
        groups = before->groups;
    TRY(gv_provider_narrowed(&narrowed, b->base, suites, groups));
    gv_provider_free(before);
    b->narrowed = narrowed;
    return GV_OK;
}

/* cipher_suite_info and rustls_supported_ciphersuite are one thing, but arrays of pointers to them
 * are not: the pointers are converted one by one. */
static enum gv_err narrow_suites(struct rustls_crypto_provider_builder *b,
                                 const struct rustls_supported_ciphersuite *const *suites,
                                 size_t count)
{
    const struct cipher_suite_info **list = NULL;
    if (count < SIZE_MAX / sizeof *list)
        list = gv_mem_alloc((count + 1) * sizeof *list);
    if (list == NULL)
        RAISE(NO_MEMORY);
    for (size_t i = 0; i < count; i++)
        list[i] = in_suite(suites[i]);
    enum gv_err err = narrow(b, list, NULL);
    gv_mem_free(list);
    return err;
}

rustls_result rustls_crypto_provider_builder_set_cipher_suites(
    struct rustls_crypto_provider_builder *builder,
    const struct rustls_supported_ciphersuite *const *cipher_suites, size_t cipher_suites_len)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (builder->base == NULL)
        return RUSTLS_RESULT_ALREADY_USED;
    if (cipher_suites == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    for (size_t i = 0; i < cipher_suites_len; i++)
        if (cipher_suites[i] == NULL)
            return RUSTLS_RESULT_NULL_PARAMETER;
    if (cipher_suites_len == 0)
        return gv_api_result(narrow(builder, builder->base->suites, NULL));
    return gv_api_result(narrow_suites(builder, cipher_suites, cipher_suites_len));
}

/* False where the base has no such group, or one is named twice. */
static bool find_groups(const struct key_exchange_group *out[NARROWED_GROUPS_MAX + 1],
                        const struct provider *base, const uint16_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        out[i] = gv_provider_any_group(base, codes[i]);
        for (size_t j = 0; j < i; j++)
            if (codes[j] == codes[i])
                return false;
        if (out[i] == NULL)
            return false;
    }
    return true;
}

rustls_result galvan_crypto_provider_builder_set_groups(
    struct rustls_crypto_provider_builder *builder, const uint16_t *groups, size_t groups_len)
{
    const struct key_exchange_group *list[NARROWED_GROUPS_MAX + 1] = {NULL};
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (builder->base == NULL)
        return RUSTLS_RESULT_ALREADY_USED;
    if (groups == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (groups_len > NARROWED_GROUPS_MAX || !find_groups(list, builder->base, groups, groups_len))
        return RUSTLS_RESULT_INVALID_PARAMETER;
    return gv_api_result(narrow(builder, NULL, groups_len == 0 ? builder->base->groups : list));
}

/* Takes what was built out of the builder; the caller owns the reference. */
static const struct provider *use_up(struct rustls_crypto_provider_builder *b)
{
    const struct provider *product = gv_provider_ref(b->narrowed != NULL ? b->narrowed : b->base);
    gv_provider_free(b->narrowed);
    gv_provider_free(b->base);
    b->base = b->narrowed = NULL;
    return product;
}

rustls_result rustls_crypto_provider_builder_build(
    struct rustls_crypto_provider_builder *builder,
    const struct rustls_crypto_provider **provider_out)
{
    if (builder == NULL || provider_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (builder->base == NULL)
        return RUSTLS_RESULT_ALREADY_USED;
    *provider_out = out_provider(use_up(builder));
    return RUSTLS_RESULT_OK;
}

rustls_result rustls_crypto_provider_builder_build_as_default(
    struct rustls_crypto_provider_builder *builder)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (builder->base == NULL)
        return RUSTLS_RESULT_ALREADY_USED;
    const struct provider *product = use_up(builder);
    if (install(product))
        return RUSTLS_RESULT_OK;
    gv_provider_free(product);
    return RUSTLS_RESULT_ALREADY_USED;
}

void rustls_crypto_provider_builder_free(struct rustls_crypto_provider_builder *builder)
{
    if (builder == NULL)
        return;
    gv_provider_free(builder->narrowed);
    gv_provider_free(builder->base);
    gv_mem_free(builder);
}

/* ---- asking ------------------------------------------------------------------------------- */

static size_t count_suites(const struct provider *p)
{
    size_t n = 0;
    while (p != NULL && p->suites[n] != NULL)
        n++;
    return n;
}

static const struct rustls_supported_ciphersuite *suite_at(const struct provider *p, size_t index)
{
    return index < count_suites(p) ? out_suite(p->suites[index]) : NULL;
}

static rustls_result fill_random(const struct provider *p, uint8_t *buff, size_t len)
{
    if (buff == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (len != 0 && p->random(buff, len) != GV_OK)
        return RUSTLS_RESULT_GET_RANDOM_FAILED;
    return RUSTLS_RESULT_OK;
}

size_t rustls_crypto_provider_ciphersuites_len(const struct rustls_crypto_provider *provider)
{
    return count_suites(in_provider(provider));
}

const struct rustls_supported_ciphersuite *rustls_crypto_provider_ciphersuites_get(
    const struct rustls_crypto_provider *provider, size_t index)
{
    return suite_at(in_provider(provider), index);
}

rustls_result rustls_crypto_provider_random(const struct rustls_crypto_provider *provider,
                                            uint8_t *buff, size_t len)
{
    if (provider == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return fill_random(in_provider(provider), buff, len);
}

bool rustls_crypto_provider_fips(const struct rustls_crypto_provider *provider)
{
    return provider != NULL && in_provider(provider)->fips;
}

rustls_result rustls_crypto_provider_load_key(const struct rustls_crypto_provider *provider,
                                              const uint8_t *private_key, size_t private_key_len,
                                              struct rustls_signing_key **signing_key_out)
{
    if (provider == NULL || private_key == NULL || signing_key_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    struct signing_key *key;
    enum gv_err err =
        gv_api_load_key(in_provider(provider), span_of(private_key, private_key_len), &key);
    if (err == GV_OK)
        *signing_key_out = out_signing_key(key);
    return gv_api_result(err);
}

size_t rustls_default_crypto_provider_ciphersuites_len(void)
{
    return count_suites(gv_api_default_provider());
}

const struct rustls_supported_ciphersuite *rustls_default_crypto_provider_ciphersuites_get(
    size_t index)
{
    return suite_at(gv_api_default_provider(), index);
}

rustls_result rustls_default_crypto_provider_random(uint8_t *buff, size_t len)
{
    const struct provider *p = gv_api_default_provider();
    if (p == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    return fill_random(p, buff, len);
}

/* Not the default provider's: to ask is not to choose a default. */
const struct rustls_hpke *rustls_supported_hpke(void)
{
    const struct provider *p = gv_openssl_provider();
    return p == NULL ? NULL : out_hpke(p->hpke);
}
