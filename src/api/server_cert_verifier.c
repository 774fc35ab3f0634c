/* Verifiers of servers over a root store, and their builder. */
#include "api/objects.h"
#include "api/result.h"
#include "api/verifier_builder.h"
#include "base/mem.h"
#include "config/pinned_verifier.h"
#include "galvan.h"

struct rustls_web_pki_server_cert_verifier_builder {
    struct verifier_builder b;
};

static struct rustls_web_pki_server_cert_verifier_builder *new_builder(
    const struct provider *provider, const struct rustls_root_cert_store *store)
{
    struct rustls_web_pki_server_cert_verifier_builder *b = gv_mem_alloc(sizeof *b);
    if (b != NULL)
        gv_api_verifier_builder_init(&b->b, provider, store);
    return b;
}

struct rustls_web_pki_server_cert_verifier_builder *rustls_web_pki_server_cert_verifier_builder_new(
    const struct rustls_root_cert_store *store)
{
    return store == NULL ? NULL : new_builder(gv_api_default_provider(), store);
}

struct rustls_web_pki_server_cert_verifier_builder *
rustls_web_pki_server_cert_verifier_builder_new_with_provider(
    const struct rustls_crypto_provider *provider, const struct rustls_root_cert_store *store)
{
    return provider == NULL || store == NULL ? NULL : new_builder(in_provider(provider), store);
}

void rustls_web_pki_server_cert_verifier_builder_free(
    struct rustls_web_pki_server_cert_verifier_builder *builder)
{
    if (builder == NULL)
        return;
    gv_api_verifier_builder_drop(&builder->b);
    gv_mem_free(builder);
}

rustls_result rustls_web_pki_server_cert_verifier_builder_add_crl(
    struct rustls_web_pki_server_cert_verifier_builder *builder, const uint8_t *crl_pem,
    size_t crl_pem_len)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_add_crls(&builder->b, crl_pem, crl_pem_len);
}

rustls_result rustls_web_pki_server_cert_verifier_only_check_end_entity_revocation(
    struct rustls_web_pki_server_cert_verifier_builder *builder)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_switch(&builder->b, &builder->b.options.leaf_only, true);
}

rustls_result rustls_web_pki_server_cert_verifier_allow_unknown_revocation_status(
    struct rustls_web_pki_server_cert_verifier_builder *builder)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_switch(&builder->b, &builder->b.options.allow_unknown, true);
}

rustls_result rustls_web_pki_server_cert_verifier_enforce_revocation_expiry(
    struct rustls_web_pki_server_cert_verifier_builder *builder)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_switch(&builder->b, &builder->b.options.enforce_expiry, true);
}

rustls_result galvan_web_pki_server_cert_verifier_builder_set_profile(
    struct rustls_web_pki_server_cert_verifier_builder *builder, enum galvan_profile profile)
{
    return gv_api_set_profile(builder == NULL ? NULL : &builder->b, profile);
}

rustls_result galvan_web_pki_server_cert_verifier_builder_set_time(
    struct rustls_web_pki_server_cert_verifier_builder *builder, int64_t seconds)
{
    return gv_api_set_time(builder == NULL ? NULL : &builder->b, seconds);
}

rustls_result galvan_web_pki_server_cert_verifier_builder_set_limit(
    struct rustls_web_pki_server_cert_verifier_builder *builder, enum galvan_verifier_limit limit,
    uint64_t value)
{
    return gv_api_set_verifier_limit(builder == NULL ? NULL : &builder->b, limit, value);
}

rustls_result rustls_web_pki_server_cert_verifier_builder_build(
    struct rustls_web_pki_server_cert_verifier_builder *builder,
    struct rustls_server_cert_verifier **verifier_out)
{
    struct verifier *v = NULL;
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    rustls_result result = gv_api_build_verifier(&builder->b, gv_webpki_server_verifier_new,
                                                 verifier_out == NULL ? NULL : &v);
    if (v != NULL)
        *verifier_out = out_server_verifier(v);
    return result;
}

void rustls_server_cert_verifier_free(struct rustls_server_cert_verifier *verifier)
{
    gv_verifier_free(in_server_verifier(verifier));
}

/* ---- pins --------------------------------------------------------------------------------- */

enum { PINS_MAX = 1024 }; /* ours */

static void copy_pins(struct pin *to, const struct galvan_pin *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        to[i].public_key = from[i].kind == GALVAN_PIN_PUBLIC_KEY;
        memcpy(to[i].sha256, from[i].sha256, PIN_LEN);
    }
}

rustls_result galvan_pinned_server_cert_verifier_new(
    const struct galvan_pin *pins, size_t pins_len, const struct rustls_server_cert_verifier *also,
    struct rustls_server_cert_verifier **verifier_out)
{
    const struct provider *provider = gv_api_default_provider();
    struct verifier *base = in_server_verifier((struct rustls_server_cert_verifier *)also), *v;
    if (pins == NULL || verifier_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (pins_len == 0 || pins_len > PINS_MAX)
        return RUSTLS_RESULT_INVALID_PARAMETER;
    if (base != NULL)
        provider = base->provider;
    if (provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    struct pin *copy = gv_mem_alloc(pins_len * sizeof *copy);
    if (copy == NULL)
        return RUSTLS_RESULT_GENERAL;
    copy_pins(copy, pins, pins_len);
    enum gv_err err = gv_pinned_verifier_new(provider, copy, pins_len, base, &v);
    gv_mem_free(copy);
    if (err == GV_OK)
        *verifier_out = out_server_verifier(v);
    return gv_api_result(err);
}
