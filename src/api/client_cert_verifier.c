/* Verifiers of clients over a root store, and their builder. */
#include "api/objects.h"
#include "api/verifier_builder.h"
#include "base/mem.h"
#include "galvan.h"

enum { HINTS_MAX = 16 << 20 }; /* bytes of names: ours; 65,535 of them fit a CertificateRequest */

struct rustls_web_pki_client_cert_verifier_builder {
    struct verifier_builder b;
    struct buffer hints; /* names in DER, one behind the other */
};

/* False where memory is out. */
static bool add_hints(struct buffer *hints, const struct anchor_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        struct span name = set->at[i].subject;
        uint8_t *to = gv_buffer_reserve(hints, name.len);
        if (to == NULL)
            return false;
        span_copy(to, name);
        gv_buffer_commit(hints, name.len);
    }
    return true;
}

void rustls_web_pki_client_cert_verifier_builder_free(
    struct rustls_web_pki_client_cert_verifier_builder *builder)
{
    if (builder == NULL)
        return;
    gv_api_verifier_builder_drop(&builder->b);
    gv_buffer_drop(&builder->hints);
    gv_mem_free(builder);
}

static struct rustls_web_pki_client_cert_verifier_builder *new_builder(
    const struct provider *provider, const struct rustls_root_cert_store *store)
{
    struct rustls_web_pki_client_cert_verifier_builder *b = gv_mem_alloc(sizeof *b);
    if (b == NULL)
        return NULL;
    gv_api_verifier_builder_init(&b->b, provider, store);
    gv_buffer_init(&b->hints, HINTS_MAX);
    b->b.options.required = true;
    if (add_hints(&b->hints, in_roots(store)))
        return b;
    rustls_web_pki_client_cert_verifier_builder_free(b);
    return NULL;
}

struct rustls_web_pki_client_cert_verifier_builder *rustls_web_pki_client_cert_verifier_builder_new(
    const struct rustls_root_cert_store *store)
{
    return store == NULL ? NULL : new_builder(gv_api_default_provider(), store);
}

struct rustls_web_pki_client_cert_verifier_builder *
rustls_web_pki_client_cert_verifier_builder_new_with_provider(
    const struct rustls_crypto_provider *provider, const struct rustls_root_cert_store *store)
{
    return provider == NULL || store == NULL ? NULL : new_builder(in_provider(provider), store);
}

rustls_result rustls_web_pki_client_cert_verifier_builder_add_crl(
    struct rustls_web_pki_client_cert_verifier_builder *builder, const uint8_t *crl_pem,
    size_t crl_pem_len)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_add_crls(&builder->b, crl_pem, crl_pem_len);
}

rustls_result rustls_web_pki_client_cert_verifier_only_check_end_entity_revocation(
    struct rustls_web_pki_client_cert_verifier_builder *builder)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_switch(&builder->b, &builder->b.options.leaf_only, true);
}

rustls_result rustls_web_pki_client_cert_verifier_allow_unknown_revocation_status(
    struct rustls_web_pki_client_cert_verifier_builder *builder)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_switch(&builder->b, &builder->b.options.allow_unknown, true);
}

rustls_result rustls_web_pki_client_cert_verifier_builder_allow_unauthenticated(
    struct rustls_web_pki_client_cert_verifier_builder *builder)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_switch(&builder->b, &builder->b.options.required, false);
}

rustls_result rustls_web_pki_client_cert_verifier_clear_root_hint_subjects(
    struct rustls_web_pki_client_cert_verifier_builder *builder)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (builder->b.used)
        return RUSTLS_RESULT_ALREADY_USED;
    gv_buffer_drop(&builder->hints);
    return RUSTLS_RESULT_OK;
}

rustls_result rustls_web_pki_client_cert_verifier_add_root_hint_subjects(
    struct rustls_web_pki_client_cert_verifier_builder *builder,
    const struct rustls_root_cert_store *store)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (builder->b.used)
        return RUSTLS_RESULT_ALREADY_USED;
    if (store == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    size_t before = gv_buffer_len(&builder->hints);
    if (add_hints(&builder->hints, in_roots(store)))
        return RUSTLS_RESULT_OK;
    gv_buffer_cut(&builder->hints, before);
    return RUSTLS_RESULT_GENERAL;
}

rustls_result galvan_web_pki_client_cert_verifier_builder_set_profile(
    struct rustls_web_pki_client_cert_verifier_builder *builder, enum galvan_profile profile)
{
    return gv_api_set_profile(builder == NULL ? NULL : &builder->b, profile);
}

rustls_result galvan_web_pki_client_cert_verifier_builder_set_time(
    struct rustls_web_pki_client_cert_verifier_builder *builder, int64_t seconds)
{
    return gv_api_set_time(builder == NULL ? NULL : &builder->b, seconds);
}

rustls_result galvan_web_pki_client_cert_verifier_builder_set_limit(
    struct rustls_web_pki_client_cert_verifier_builder *builder, enum galvan_verifier_limit limit,
    uint64_t value)
{
    return gv_api_set_verifier_limit(builder == NULL ? NULL : &builder->b, limit, value);
}

rustls_result rustls_web_pki_client_cert_verifier_builder_build(
    struct rustls_web_pki_client_cert_verifier_builder *builder,
    struct rustls_client_cert_verifier **verifier_out)
{
    struct verifier *v = NULL;
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    builder->b.options.hints = gv_buffer_span(&builder->hints);
    rustls_result result = gv_api_build_verifier(&builder->b, gv_webpki_client_verifier_new,
                                                 verifier_out == NULL ? NULL : &v);
    if (v != NULL)
        *verifier_out = out_client_verifier(v);
    return result;
}

void rustls_client_cert_verifier_free(struct rustls_client_cert_verifier *verifier)
{
    gv_verifier_free(in_client_verifier(verifier));
}
