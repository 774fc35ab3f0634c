/* Builders of verifiers: options that are collected, and used up at once. */
#include "api/verifier_builder.h"

#include "api/objects.h"
#include "api/result.h"
#include "pki/pem.h"

void gv_api_verifier_builder_init(struct verifier_builder *b, const struct provider *provider,
                                  const struct rustls_root_cert_store *store)
{
    *b = (struct verifier_builder){
        .options = {.provider = gv_provider_ref(provider),
                    .anchors = gv_anchor_set_ref(in_roots(store)),
                    .limits = PATH_LIMITS_DEFAULT},
    };
    gv_crl_builder_init(&b->crls);
}

void gv_api_verifier_builder_drop(struct verifier_builder *b)
{
    gv_provider_free(b->options.provider);
    gv_anchor_set_free(b->options.anchors);
    gv_crl_builder_drop(&b->crls);
}

static enum gv_err add_each(struct crl_builder *b, struct span pem, struct buffer *der)
{
    struct pem text = {pem};
    for (size_t count = 0;; count++) {
        enum pem_kind kind;
        enum gv_err err = gv_pem_next(&text, PEM_WANT(PEM_CRL), &kind, der);
        if (err == GV_E_PEM_PARSE || (err == GV_OK && kind == PEM_END && count == 0))
            RAISE(CRL_PEM);
        if (err != GV_OK || kind == PEM_END)
            return err;
        TRY(gv_crl_builder_add(b, gv_buffer_span(der)));
    }
}

rustls_result gv_api_add_crls(struct verifier_builder *b, const uint8_t *pem, size_t len)
{
    if (b->used)
        return RUSTLS_RESULT_ALREADY_USED;
    if (pem == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    size_t before = gv_crl_builder_count(&b->crls);
    struct buffer der;
    gv_buffer_init(&der, CRL_LEN_MAX);
    enum gv_err err = add_each(&b->crls, span_of(pem, len), &der);
    gv_buffer_drop(&der);
    if (err != GV_OK)
        gv_crl_builder_cut(&b->crls, before);
    return gv_api_result(err);
}

rustls_result gv_api_switch(struct verifier_builder *b, bool *option, bool value)
{
    if (b->used)
        return RUSTLS_RESULT_ALREADY_USED;
    *option = value;
    return RUSTLS_RESULT_OK;
}

static rustls_result check_builder(const struct verifier_builder *b)
{
    if (b == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return b->used ? RUSTLS_RESULT_ALREADY_USED : RUSTLS_RESULT_OK;
}

rustls_result gv_api_set_profile(struct verifier_builder *b, enum galvan_profile profile)
{
    rustls_result result = check_builder(b);
    if (result != RUSTLS_RESULT_OK)
        return result;
    if (profile != GALVAN_PROFILE_WEB_PKI && profile != GALVAN_PROFILE_STRICT)
        return RUSTLS_RESULT_INVALID_PARAMETER;
    b->options.strict = profile == GALVAN_PROFILE_STRICT;
    return RUSTLS_RESULT_OK;
}

rustls_result gv_api_set_time(struct verifier_builder *b, int64_t seconds)
{
    rustls_result result = check_builder(b);
    if (result != RUSTLS_RESULT_OK)
        return result;
    b->options.fixed_time = true;
    b->options.time = seconds;
    return RUSTLS_RESULT_OK;
}

rustls_result gv_api_set_verifier_limit(struct verifier_builder *b,
                                        enum galvan_verifier_limit limit, uint64_t value)
{
    rustls_result result = check_builder(b);
    if (result != RUSTLS_RESULT_OK)
        return result;
    struct path_limits *limits = &b->options.limits;
    uint64_t most = limit == GALVAN_VERIFIER_LIMIT_INTERMEDIATES ? PATH_INTERMEDIATES_MAX
                                                                 : UINT32_MAX;
    if (value > most)
        return RUSTLS_RESULT_INVALID_PARAMETER;
    switch (limit) {
    case GALVAN_VERIFIER_LIMIT_SIGNATURES:
        limits->signatures = (uint32_t)value;
        return RUSTLS_RESULT_OK;
    case GALVAN_VERIFIER_LIMIT_PATHS:
        limits->calls = (uint32_t)value;
        return RUSTLS_RESULT_OK;
    case GALVAN_VERIFIER_LIMIT_NAME_COMPARISONS:
        limits->name_comparisons = (uint32_t)value;
        return RUSTLS_RESULT_OK;
    case GALVAN_VERIFIER_LIMIT_INTERMEDIATES:
        limits->intermediates = (uint8_t)value;
        return RUSTLS_RESULT_OK;
    default:
        return RUSTLS_RESULT_INVALID_PARAMETER;
    }
}

rustls_result gv_api_build_verifier(struct verifier_builder *b,
                                    enum gv_err (*make)(const struct webpki_options *o,
                                                        struct verifier **out),
                                    struct verifier **out)
{
    if (b->used)
        return RUSTLS_RESULT_ALREADY_USED;
    b->used = true;
    if (out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (b->options.provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    if (b->options.anchors->count == 0)
        return RUSTLS_RESULT_CLIENT_CERT_VERIFIER_BUILDER_NO_ROOT_ANCHORS;
    enum gv_err err = gv_crl_builder_build(&b->crls, &b->options.crls);
    if (err == GV_OK)
        err = make(&b->options, out);
    gv_crl_set_free(b->options.crls);
    b->options.crls = NULL;
    return gv_api_result(err);
}
