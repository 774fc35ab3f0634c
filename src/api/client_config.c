/* Client configs: the builder holds the config that it will give away, and fills it in. */
#include "api/client_hello.h"
#include "api/config_builder.h"
#include "api/psk.h"
#include "api/result.h"
#include "api/verifier_callback.h"
#include "base/mem.h"

struct rustls_client_config_builder {
    struct client_config *config; /* not shared yet; its provider is NULL where there is none */
    bool chose_versions;          /* the caller did */
};

static struct rustls_client_config_builder *new_builder(const struct provider *provider)
{
    struct rustls_client_config_builder *b = gv_mem_alloc(sizeof *b);
    if (b == NULL)
        return NULL;
    b->config = gv_client_config_new(provider);
    if (b->config == NULL) {
        gv_mem_free(b);
        return NULL;
    }
    return b;
}

static void use_default_versions(struct rustls_client_config_builder *b)
{
    gv_api_set_versions(&b->config->common, RUSTLS_DEFAULT_VERSIONS, RUSTLS_DEFAULT_VERSIONS_LEN);
}

struct rustls_client_config_builder *rustls_client_config_builder_new(void)
{
    struct rustls_client_config_builder *b = new_builder(gv_api_default_provider());
    if (b != NULL)
        use_default_versions(b);
    return b;
}

rustls_result rustls_client_config_builder_new_custom(
    const struct rustls_crypto_provider *provider, const uint16_t *tls_versions,
    size_t tls_versions_len, struct rustls_client_config_builder **builder_out)
{
    if (provider == NULL || tls_versions == NULL || builder_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    struct rustls_client_config_builder *b = new_builder(in_provider(provider));
    if (b == NULL)
        return RUSTLS_RESULT_GENERAL;
    gv_api_set_versions(&b->config->common, tls_versions, tls_versions_len);
    b->chose_versions = b->config->common.tls12 || b->config->common.tls13;
    if (!b->chose_versions)
        use_default_versions(b);
    *builder_out = b;
    return RUSTLS_RESULT_OK;
}

void rustls_client_config_builder_free(struct rustls_client_config_builder *config)
{
    if (config == NULL)
        return;
    gv_client_config_free(config->config);
    gv_mem_free(config);
}

/* ---- who judges servers ------------------------------------------------------------------- */

/* Takes the reference over. */
static void set_verifier(struct rustls_client_config_builder *b, struct verifier *v)
{
    gv_verifier_free(b->config->verifier);
    b->config->verifier = v;
}

void rustls_client_config_builder_set_server_verifier(
    struct rustls_client_config_builder *builder,
    const struct rustls_server_cert_verifier *verifier)
{
    if (builder == NULL || verifier == NULL)
        return;
    set_verifier(builder, gv_verifier_ref(
                              in_server_verifier((struct rustls_server_cert_verifier *)verifier)));
}

rustls_result rustls_client_config_builder_dangerous_set_certificate_verifier(
    struct rustls_client_config_builder *config_builder,
    rustls_verify_server_cert_callback callback)
{
    if (config_builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (callback == NULL)
        return RUSTLS_RESULT_INVALID_PARAMETER;
    const struct provider *provider = config_builder->config->common.provider;
    if (provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    struct verifier *v = gv_api_callback_verifier_new(provider, callback);
    if (v == NULL)
        return RUSTLS_RESULT_GENERAL;
    set_verifier(config_builder, v);
    return RUSTLS_RESULT_OK;
}

/* The certificates of a file as a root store; *out is to be freed where the answer is OK. */
static rustls_result roots_from_file(const char *filename,
                                     const struct rustls_root_cert_store **out)
{
    struct rustls_root_cert_store_builder *b = rustls_root_cert_store_builder_new();
    if (b == NULL)
        return RUSTLS_RESULT_GENERAL;
    rustls_result result = rustls_root_cert_store_builder_load_roots_from_file(b, filename, true);
    if (result == RUSTLS_RESULT_OK)
        result = rustls_root_cert_store_builder_build(b, out);
    rustls_root_cert_store_builder_free(b);
    return result;
}

static rustls_result verifier_of_roots(const struct provider *provider,
                                       const struct rustls_root_cert_store *roots,
                                       struct rustls_server_cert_verifier **out)
{
    struct rustls_web_pki_server_cert_verifier_builder *b =
        rustls_web_pki_server_cert_verifier_builder_new_with_provider(out_provider(provider),
                                                                      roots);
    if (b == NULL)
        return RUSTLS_RESULT_GENERAL;
    rustls_result result = rustls_web_pki_server_cert_verifier_builder_build(b, out);
    rustls_web_pki_server_cert_verifier_builder_free(b);
    return result;
}

rustls_result rustls_client_config_builder_load_roots_from_file(
    struct rustls_client_config_builder *builder, const char *filename)
{
    if (builder == NULL || filename == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    const struct provider *provider = builder->config->common.provider;
    if (provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    const struct rustls_root_cert_store *roots;
    struct rustls_server_cert_verifier *verifier;
    rustls_result result = roots_from_file(filename, &roots);
    if (result != RUSTLS_RESULT_OK)
        return result;
    result = verifier_of_roots(provider, roots, &verifier);
    rustls_root_cert_store_free(roots);
    if (result == RUSTLS_RESULT_OK)
        set_verifier(builder, in_server_verifier(verifier));
    return result;
}

/* ---- the rest ----------------------------------------------------------------------------- */

rustls_result rustls_client_config_builder_set_alpn_protocols(
    struct rustls_client_config_builder *builder, const struct rustls_slice_bytes *protocols,
    size_t len)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_set_alpn(&builder->config->common.alpn, protocols, len);
}

void rustls_client_config_builder_set_check_selected_alpn(
    struct rustls_client_config_builder *config, bool enable)
{
    if (config != NULL)
        config->config->check_selected_alpn = enable;
}

void rustls_client_config_builder_set_enable_sni(struct rustls_client_config_builder *config,
                                                 bool enable)
{
    if (config != NULL)
        config->config->send_server_name = enable;
}

rustls_result rustls_client_config_builder_set_certified_key(
    struct rustls_client_config_builder *builder,
    const struct rustls_certified_key *const *certified_keys, size_t certified_keys_len)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    rustls_result result =
        gv_api_set_keys(&builder->config->common, certified_keys, certified_keys_len);
    if (result == RUSTLS_RESULT_OK)
        builder->config->chooser = (struct client_key_chooser){0};
    return result;
}

rustls_result galvan_client_config_builder_set_certificate_callback(
    struct rustls_client_config_builder *builder, galvan_certificate_request_callback callback)
{
    if (builder == NULL || callback == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    builder->config->chooser = gv_api_client_key_chooser(callback);
    gv_certified_key_list_drop(&builder->config->common.keys);
    return RUSTLS_RESULT_OK;
}

rustls_result rustls_client_config_builder_set_send_ticket_request(
    struct rustls_client_config_builder *builder, uint8_t new_session_count,
    uint8_t resumption_count)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    builder->config->ticket_request = true;
    builder->config->ticket_request_new = new_session_count;
    builder->config->ticket_request_resumed = resumption_count;
    return RUSTLS_RESULT_OK;
}

rustls_result galvan_client_config_builder_set_early_data(
    struct rustls_client_config_builder *builder, bool enable)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    builder->config->early_data = enable;
    return RUSTLS_RESULT_OK;
}

rustls_result galvan_client_config_builder_set_psks(struct rustls_client_config_builder *builder,
                                                    const struct galvan_psk *psks, size_t psks_len,
                                                    bool psk_only)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (psks_len > CLIENT_PSKS_MAX || (psk_only && psks_len == 0))
        return RUSTLS_RESULT_INVALID_PARAMETER;
    rustls_result result = gv_api_set_psks(&builder->config->common, psks, psks_len);
    if (result == RUSTLS_RESULT_OK)
        builder->config->psk_only = psk_only;
    return result;
}

rustls_result rustls_client_config_builder_set_key_log_file(
    struct rustls_client_config_builder *builder)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_set_key_log_file(&builder->config->common);
}

rustls_result rustls_client_config_builder_set_key_log(struct rustls_client_config_builder *builder,
                                                       rustls_keylog_log_callback log_cb,
                                                       rustls_keylog_will_log_callback will_log_cb)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_set_key_log(&builder->config->common, log_cb, will_log_cb);
}

rustls_result galvan_client_config_builder_set_cert_compression(
    struct rustls_client_config_builder *builder, const uint16_t *algorithms, size_t algorithms_len)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_set_compressors(&builder->config->common.compressors, algorithms, algorithms_len);
}

rustls_result galvan_client_config_builder_set_limit(struct rustls_client_config_builder *builder,
                                                     enum galvan_limit limit, uint64_t value)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_set_limit(&builder->config->common.limits, limit, value);
}

/* ---- Encrypted Client Hello ------------------------------------------------------------------ */

static rustls_result check_ech(const struct rustls_client_config_builder *b)
{
    const struct config_common *c = &b->config->common;
    if (c->provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    if (c->provider->hpke == NULL)
        return RUSTLS_RESULT_HPKE_ERROR;
    if (b->chose_versions && (c->tls12 || !c->tls13))
        return RUSTLS_RESULT_BUILDER_INCOMPATIBLE_TLS_VERSIONS;
    return RUSTLS_RESULT_OK;
}

static rustls_result set_ech(struct rustls_client_config_builder *b, enum gv_err err,
                             struct ech_choice *choice)
{
    if (err != GV_OK)
        return gv_api_result(err);
    gv_ech_choice_free(b->config->ech);
    b->config->ech = choice;
    return RUSTLS_RESULT_OK;
}

rustls_result rustls_client_config_builder_enable_ech(struct rustls_client_config_builder *builder,
                                                      const uint8_t *ech_config_list_bytes,
                                                      size_t ech_config_list_bytes_size,
                                                      const struct rustls_hpke *hpke)
{
    if (builder == NULL || ech_config_list_bytes == NULL || hpke == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    rustls_result result = check_ech(builder);
    if (result != RUSTLS_RESULT_OK)
        return result;
    const struct span list = span_of(ech_config_list_bytes, ech_config_list_bytes_size);
    struct ech_choice *choice = NULL;
    enum gv_err err = gv_ech_choice_new(&choice, builder->config->common.provider, list);
    return set_ech(builder, err, choice);
}

rustls_result rustls_client_config_builder_enable_ech_grease(
    struct rustls_client_config_builder *builder, const struct rustls_hpke *hpke)
{
    if (builder == NULL || hpke == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    rustls_result result = check_ech(builder);
    if (result != RUSTLS_RESULT_OK)
        return result;
    struct ech_choice *choice = NULL;
    enum gv_err err = gv_ech_choice_new_grease(&choice);
    return set_ech(builder, err, choice);
}

static rustls_result settle(struct client_config *c)
{
    c->common.tls12 = c->common.tls12 && c->ech == NULL; /* RFC 9849 section 6.1 */
    if (c->common.provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    if (c->psk_only)
        c->common.tls12 = false;
    else if (c->verifier == NULL)
        return RUSTLS_RESULT_NO_SERVER_CERT_VERIFIER;
    return gv_api_settle_versions(&c->common);
}

rustls_result rustls_client_config_builder_build(struct rustls_client_config_builder *builder,
                                                 const struct rustls_client_config **config_out)
{
    if (builder == NULL || config_out == NULL) {
        rustls_client_config_builder_free(builder);
        return RUSTLS_RESULT_NULL_PARAMETER;
    }
    rustls_result result = settle(builder->config);
    if (result == RUSTLS_RESULT_OK)
        *config_out = out_client_config(gv_client_config_ref(builder->config));
    rustls_client_config_builder_free(builder);
    return result;
}

bool rustls_client_config_fips(const struct rustls_client_config *config)
{
    return config != NULL && in_client_config(config)->common.provider->fips;
}

void rustls_client_config_free(const struct rustls_client_config *config)
{
    gv_client_config_free(in_client_config(config));
}
