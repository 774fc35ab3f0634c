/* A server's keys for Encrypted Client Hello (RFC 9849), and the decryption alone, for split mode. */
#include "api/config_builder.h"
#include "api/result.h"
#include "base/mem.h"
#include "handshake/ech_server.h"
#include "wire/alert.h"

/* ---- keys -------------------------------------------------------------------------------------- */

rustls_result galvan_ech_keys_new(struct galvan_ech_keys **keys_out)
{
    const struct provider *provider = gv_api_default_provider();
    struct ech_keys *keys;
    if (keys_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    enum gv_err err = gv_ech_keys_new(&keys, provider);
    if (err == GV_OK)
        *keys_out = out_ech_keys(keys);
    return gv_api_result(err);
}

rustls_result galvan_ech_keys_add_pem(struct galvan_ech_keys *keys, const uint8_t *pem,
                                      size_t pem_len, bool retry)
{
    if (keys == NULL || pem == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_result(gv_ech_keys_add_pem(in_ech_keys(keys), span_of(pem, pem_len), retry));
}

rustls_result galvan_ech_keys_add(struct galvan_ech_keys *keys, const uint8_t *private_key,
                                  size_t private_key_len, const uint8_t *config_list,
                                  size_t config_list_len, bool retry)
{
    if (keys == NULL || private_key == NULL || config_list == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_result(gv_ech_keys_add(in_ech_keys(keys), span_of(private_key, private_key_len),
                                         span_of(config_list, config_list_len), retry));
}

rustls_result galvan_ech_keys_config_list(const struct galvan_ech_keys *keys, uint8_t *buf,
                                          size_t count, size_t *out_n)
{
    if (keys == NULL || buf == NULL || out_n == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    const struct span configs = in_seen_ech_keys(keys)->retry_configs;
    struct wr w = wr_of(buf, count);
    if (configs.len == 0)
        return RUSTLS_RESULT_NOT_FOUND;
    WR_VEC(&w, 2)
        wr_bytes(&w, configs);
    if (!wr_done(&w))
        return RUSTLS_RESULT_INSUFFICIENT_SIZE;
    *out_n = w.len;
    return RUSTLS_RESULT_OK;
}

void galvan_ech_keys_free(struct galvan_ech_keys *keys)
{
    gv_ech_keys_free(in_ech_keys(keys));
}

rustls_result galvan_server_config_builder_set_ech_keys(
    struct rustls_server_config_builder *builder, struct galvan_ech_keys *keys)
{
    if (builder == NULL || keys == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    in_ech_keys(keys)->in_use = true;
    gv_api_use_ech_keys(builder, gv_ech_keys_ref(in_ech_keys(keys)));
    return RUSTLS_RESULT_OK;
}

rustls_result galvan_ech_generate(const struct galvan_ech_config *config, uint8_t *pem,
                                  size_t count, size_t *out_n)
{
    const struct provider *provider = gv_api_default_provider();
    if (config == NULL || config->public_name == NULL || pem == NULL || out_n == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    if (count < GALVAN_ECH_PEM_SIZE)
        return RUSTLS_RESULT_INSUFFICIENT_SIZE;
    const struct ech_wish wish = {config->kem, config->config_id, config->maximum_name_length,
                                  span_str(config->public_name)};
    struct wr w = wr_of(pem, count);
    enum gv_err err = gv_ech_generate(provider, &wish, &w);
    if (err == GV_OK)
        *out_n = w.len;
    return gv_api_result(err);
}

_Static_assert((int)ECH_PEM_MAX == GALVAN_ECH_PEM_SIZE, "one size inside and outside");

/* ---- split mode --------------------------------------------------------------------------------- */

struct galvan_ech_opener {
    struct ech_opener opener;
    enum gv_err failed; /* GV_OK: it has not */
};

rustls_result galvan_ech_opener_new(struct galvan_ech_keys *keys,
                                    struct galvan_ech_opener **opener_out)
{
    if (keys == NULL || opener_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    struct galvan_ech_opener *o = gv_mem_alloc(sizeof *o);
    if (o == NULL)
        return RUSTLS_RESULT_GENERAL;
    in_ech_keys(keys)->in_use = true;
    o->opener.keys = gv_ech_keys_ref(in_ech_keys(keys));
    *opener_out = o;
    return RUSTLS_RESULT_OK;
}

/* The length in its header must be the message's own. */
static enum gv_err open_message(struct galvan_ech_opener *o, struct span outer, uint8_t *out,
                                size_t *len)
{
    enum { INNER_MAX = 256 * 1024 }; /* bytes: of two hellos of the largest kind, and more */
    struct rd r = rd_of(outer);
    struct arena arena;
    struct span inner;

    if (rd_u8(&r) != MSG_CLIENT_HELLO)
        RAISE(UNEXPECTED_HANDSHAKE_MESSAGE);
    rd_vec(&r, 3, 0, outer.len);
    if (!rd_end(&r))
        RAISE(DECODE_CLIENT_HELLO);
    gv_arena_init(&arena, INNER_MAX);
    enum gv_err err = gv_ech_open(&o->opener, outer, &arena, &inner);
    if (err == GV_OK) {
        span_copy(out, inner);
        *len = inner.len;
    }
    gv_arena_drop(&arena);
    return err;
}

rustls_result galvan_ech_opener_open(struct galvan_ech_opener *opener, const uint8_t *outer,
                                     size_t outer_len, uint8_t *inner, size_t count, size_t *out_n)
{
    if (opener == NULL || outer == NULL || inner == NULL || out_n == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (count / 2 < outer_len)
        return RUSTLS_RESULT_INSUFFICIENT_SIZE;
    if (opener->failed == GV_OK)
        opener->failed = open_message(opener, span_of(outer, outer_len), inner, out_n);
    return gv_api_result(opener->failed);
}

int32_t galvan_ech_opener_alert(const struct galvan_ech_opener *opener)
{
    if (opener == NULL || opener->failed == GV_OK)
        return -1;
    return (int32_t)gv_alert_of(opener->failed);
}

void galvan_ech_opener_free(struct galvan_ech_opener *opener)
{
    if (opener == NULL)
        return;
    gv_ech_opener_drop(&opener->opener);
    gv_ech_keys_free(opener->opener.keys);
    gv_mem_free(opener);
}
