/* Server configs: the builder holds the config that it will give away, and fills it in. */
#include "api/callback_store.h"
#include "api/client_hello.h"
#include "api/config_builder.h"
#include "api/psk.h"
#include "api/result.h"
#include "base/mem.h"

struct rustls_server_config_builder {
    struct server_config *config; /* not shared yet; its provider is NULL where there is none */
    bool keys_set;                /* if only to an empty list, or a chooser */
    bool failed;                  /* a setter that answers nothing had no memory */
};

/* The most tickets that a handshake sends: what a client can ask for in RFC 9149's uint8. */
enum { TICKETS_MAX = 255 };

static struct rustls_server_config_builder *new_builder(const struct provider *provider,
                                                        const uint16_t *versions, size_t count)
{
    struct rustls_server_config_builder *b = gv_mem_alloc(sizeof *b);
    if (b == NULL)
        return NULL;
    b->config = gv_server_config_new(provider);
    if (b->config == NULL) {
        gv_mem_free(b);
        return NULL;
    }
    gv_api_set_versions(&b->config->common, versions, count);
    return b;
}

struct rustls_server_config_builder *rustls_server_config_builder_new(void)
{
    return new_builder(gv_api_default_provider(), RUSTLS_DEFAULT_VERSIONS,
                       RUSTLS_DEFAULT_VERSIONS_LEN);
}

rustls_result rustls_server_config_builder_new_custom(
    const struct rustls_crypto_provider *provider, const uint16_t *tls_versions,
    size_t tls_versions_len, struct rustls_server_config_builder **builder_out)
{
    if (provider == NULL || tls_versions == NULL || builder_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    struct rustls_server_config_builder *b =
        new_builder(in_provider(provider), tls_versions, tls_versions_len);
    if (b == NULL)
        return RUSTLS_RESULT_GENERAL;
    *builder_out = b;
    return RUSTLS_RESULT_OK;
}

void rustls_server_config_builder_free(struct rustls_server_config_builder *config)
{
    if (config == NULL)
        return;
    gv_server_config_free(config->config);
    gv_mem_free(config);
}

void rustls_server_config_builder_set_client_verifier(
    struct rustls_server_config_builder *builder,
    const struct rustls_client_cert_verifier *verifier)
{
    if (builder == NULL || verifier == NULL)
        return;
    gv_verifier_free(builder->config->client_verifier);
    builder->config->client_verifier =
        gv_verifier_ref(in_client_verifier((struct rustls_client_cert_verifier *)verifier));
}

rustls_result rustls_server_config_builder_set_certified_keys(
    struct rustls_server_config_builder *builder,
    const struct rustls_certified_key *const *certified_keys, size_t certified_keys_len)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    rustls_result result =
        gv_api_set_keys(&builder->config->common, certified_keys, certified_keys_len);
    if (result == RUSTLS_RESULT_OK) {
        builder->keys_set = true;
        builder->config->chooser = (struct key_chooser){0};
    }
    return result;
}

static rustls_result set_chooser(struct rustls_server_config_builder *builder,
                                 struct key_chooser chooser)
{
    builder->config->chooser = chooser;
    gv_certified_key_list_drop(&builder->config->common.keys);
    builder->keys_set = true;
    return RUSTLS_RESULT_OK;
}

rustls_result rustls_server_config_builder_set_hello_callback(
    struct rustls_server_config_builder *builder, rustls_client_hello_callback callback)
{
    if (builder == NULL || callback == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return set_chooser(builder, gv_api_key_chooser(callback));
}

rustls_result galvan_server_config_builder_set_hello_callback(
    struct rustls_server_config_builder *builder, galvan_client_hello_callback callback)
{
    if (builder == NULL || callback == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return set_chooser(builder, gv_api_key_chooser_later(callback));
}

rustls_result rustls_server_config_builder_set_alpn_protocols(
    struct rustls_server_config_builder *builder, const struct rustls_slice_bytes *protocols,
    size_t len)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_set_alpn(&builder->config->common.alpn, protocols, len);
}

rustls_result galvan_server_config_builder_set_max_early_data(
    struct rustls_server_config_builder *builder, uint32_t max)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    builder->config->max_early_data = max;
    return RUSTLS_RESULT_OK;
}

rustls_result galvan_server_config_builder_set_psks(struct rustls_server_config_builder *builder,
                                                    const struct galvan_psk *psks, size_t psks_len)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (psks_len > SERVER_PSKS_MAX)
        return RUSTLS_RESULT_INVALID_PARAMETER;
    return gv_api_set_psks(&builder->config->common, psks, psks_len);
}

rustls_result galvan_server_config_builder_set_psk_callback(
    struct rustls_server_config_builder *builder, galvan_psk_callback callback)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    builder->config->psk_finder = gv_api_psk_finder(callback);
    return RUSTLS_RESULT_OK;
}

rustls_result rustls_server_config_builder_set_ignore_client_order(
    struct rustls_server_config_builder *builder, bool ignore)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    builder->config->ignore_client_order = ignore;
    return RUSTLS_RESULT_OK;
}

rustls_result rustls_server_config_builder_set_key_log_file(
    struct rustls_server_config_builder *builder)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_set_key_log_file(&builder->config->common);
}

rustls_result rustls_server_config_builder_set_key_log(struct rustls_server_config_builder *builder,
                                                       rustls_keylog_log_callback log_cb,
                                                       rustls_keylog_will_log_callback will_log_cb)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_set_key_log(&builder->config->common, log_cb, will_log_cb);
}

rustls_result galvan_server_config_builder_set_cert_compression(
    struct rustls_server_config_builder *builder, const uint16_t *algorithms, size_t algorithms_len)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_set_compressors(&builder->config->common.compressors, algorithms, algorithms_len);
}

rustls_result galvan_server_config_builder_set_limit(struct rustls_server_config_builder *builder,
                                                     enum galvan_limit limit, uint64_t value)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_set_limit(&builder->config->common.limits, limit, value);
}

/* ---- sessions and tickets ------------------------------------------------------------------ */

void rustls_server_config_builder_set_persistence(struct rustls_server_config_builder *builder,
                                                  rustls_session_store_get_callback get_cb,
                                                  rustls_session_store_put_callback put_cb)
{
    if (builder == NULL || get_cb == NULL || put_cb == NULL)
        return;
    struct session_store *store;
    if (gv_callback_store_new(&store, get_cb, put_cb) != GV_OK) {
        builder->failed = true;
        return;
    }
    gv_session_store_free(builder->config->sessions);
    builder->config->sessions = store;
}

rustls_result rustls_server_config_builder_set_send_tls13_tickets(
    struct rustls_server_config_builder *builder, size_t n)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    builder->config->ticket_count = n < TICKETS_MAX ? n : TICKETS_MAX;
    return RUSTLS_RESULT_OK;
}

rustls_result rustls_server_config_builder_set_max_tls13_tickets(
    struct rustls_server_config_builder *builder, size_t max)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    builder->config->ticket_count_max = max < TICKETS_MAX ? max : TICKETS_MAX;
    return RUSTLS_RESULT_OK;
}

static void use_ticketer(struct rustls_server_config_builder *b, struct ticketer *ticketer)
{
    gv_ticketer_free(b->config->ticketer);
    b->config->ticketer = ticketer;
}

rustls_result galvan_server_config_builder_set_tickets(struct rustls_server_config_builder *builder,
                                                       bool enable)
{
    if (builder == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    const struct provider *provider = builder->config->common.provider;
    if (provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    struct ticketer *ticketer = NULL;
    enum gv_err err = enable ? gv_ticketer_new(&ticketer, provider) : GV_OK;
    if (err == GV_OK)
        use_ticketer(builder, ticketer);
    return gv_api_result(err);
}

_Static_assert((int)TICKET_KEY_LEN == GALVAN_TICKET_KEY_SIZE &&
                   (int)TICKET_KEYS_MAX == GALVAN_TICKET_KEYS_MAX,
               "a ticket key is one thing inside and outside");

rustls_result galvan_server_config_builder_set_ticket_keys(
    struct rustls_server_config_builder *builder, const uint8_t *keys, size_t count)
{
    if (builder == NULL || keys == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    const struct provider *provider = builder->config->common.provider;
    if (provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    struct ticketer *ticketer;
    enum gv_err err = gv_ticketer_new_with_keys(&ticketer, provider,
                                                (const uint8_t(*)[TICKET_KEY_LEN])keys, count);
    if (err == GV_OK)
        use_ticketer(builder, ticketer);
    return gv_api_result(err);
}

void gv_api_use_ech_keys(struct rustls_server_config_builder *builder, const struct ech_keys *keys)
{
    gv_ech_keys_free(builder->config->ech_keys);
    builder->config->ech_keys = keys;
}

/* ---- the end of a builder ------------------------------------------------------------------ */

/* Only TLS 1.3 has external PSKs, and there nobody who comes with one can be asked for a certificate
 * (RFC 9846 section 4.3.2). */
static rustls_result settle_psks(struct rustls_server_config_builder *b)
{
    struct server_config *c = b->config;

    if (c->common.psks.count == 0 && c->psk_finder.find == NULL)
        return b->keys_set ? RUSTLS_RESULT_OK : RUSTLS_RESULT_NO_CERT_RESOLVER;
    if (c->client_verifier != NULL && c->client_verifier->required)
        return RUSTLS_RESULT_INVALID_PARAMETER;
    if (c->common.keys.count == 0 && c->chooser.choose == NULL)
        c->common.tls12 = false;
    return RUSTLS_RESULT_OK;
}

static rustls_result settle(struct rustls_server_config_builder *b)
{
    if (b->config->common.provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    if (b->failed)
        return RUSTLS_RESULT_GENERAL;
    rustls_result result = gv_api_settle_versions(&b->config->common);
    if (result == RUSTLS_RESULT_OK)
        result = settle_psks(b);
    if (result == RUSTLS_RESULT_OK)
        result = gv_api_settle_versions(&b->config->common);
    if (result == RUSTLS_RESULT_OK && b->config->ech_keys != NULL && !b->config->common.tls13)
        return RUSTLS_RESULT_BUILDER_INCOMPATIBLE_TLS_VERSIONS;
    return result;
}

rustls_result rustls_server_config_builder_build(struct rustls_server_config_builder *builder,
                                                 const struct rustls_server_config **config_out)
{
    if (builder == NULL || config_out == NULL) {
        rustls_server_config_builder_free(builder);
        return RUSTLS_RESULT_NULL_PARAMETER;
    }
    rustls_result result = settle(builder);
    if (result == RUSTLS_RESULT_OK)
        *config_out = out_server_config(gv_server_config_ref(builder->config));
    rustls_server_config_builder_free(builder);
    return result;
}

bool rustls_server_config_fips(const struct rustls_server_config *config)
{
    return config != NULL && in_server_config(config)->common.provider->fips;
}

void rustls_server_config_free(const struct rustls_server_config *config)
{
    gv_server_config_free(in_server_config(config));
}
