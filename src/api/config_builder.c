/* What the builders of client and server configs have in common: from the caller's arrays and
 * callbacks into a config that is not shared yet. */
#include "api/config_builder.h"

#include "api/result.h"
#include "base/mem.h"
#include "wire/codepoints.h"

void gv_api_set_versions(struct config_common *c, const uint16_t *versions, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        c->tls12 |= versions[i] == TLS12;
        c->tls13 |= versions[i] == TLS13;
    }
}

static bool has_suite(const struct provider *p, uint16_t version)
{
    for (size_t i = 0; p->suites[i] != NULL; i++)
        if (p->suites[i]->version == version)
            return true;
    return false;
}

/* TLS 1.2 knows no hybrid groups: those have a component. */
static bool has_plain_group(const struct provider *p)
{
    for (size_t i = 0; p->groups[i] != NULL; i++)
        if (p->groups[i]->component == NULL)
            return true;
    return false;
}

rustls_result gv_api_settle_versions(struct config_common *c)
{
    c->tls12 = c->tls12 && has_suite(c->provider, TLS12) && has_plain_group(c->provider);
    c->tls13 = c->tls13 && has_suite(c->provider, TLS13);
    return c->tls12 || c->tls13 ? RUSTLS_RESULT_OK : RUSTLS_RESULT_GENERAL;
}

rustls_result gv_api_set_alpn(struct alpn_list *list, const struct rustls_slice_bytes *protocols,
                              size_t count)
{
    if (protocols == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    for (size_t i = 0; i < count; i++)
        if (protocols[i].data == NULL)
            return RUSTLS_RESULT_NULL_PARAMETER;
    struct span *names = gv_mem_alloc((count + 1) * sizeof *names);
    if (names == NULL)
        return RUSTLS_RESULT_GENERAL;
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (protocols[i].len != 0)
            names[n++] = span_of(protocols[i].data, protocols[i].len);
    enum gv_err err = gv_alpn_list_set(list, names, n);
    gv_mem_free(names);
    return gv_api_result(err);
}

rustls_result gv_api_set_keys(struct config_common *c,
                              const struct rustls_certified_key *const *keys, size_t count)
{
    if (keys == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    for (size_t i = 0; i < count; i++)
        if (keys[i] == NULL)
            return RUSTLS_RESULT_NULL_PARAMETER;
    const struct certified_key **list = gv_mem_alloc((count + 1) * sizeof *list);
    if (list == NULL)
        return RUSTLS_RESULT_GENERAL;
    for (size_t i = 0; i < count; i++)
        list[i] = in_certified_key(keys[i]);
    enum gv_err err = gv_certified_key_list_set(&c->keys, list, count);
    gv_mem_free(list);
    return gv_api_result(err);
}

static rustls_result replace_key_log(struct config_common *c, struct key_log *log)
{
    gv_key_log_free(c->key_log);
    c->key_log = log;
    return RUSTLS_RESULT_OK;
}

rustls_result gv_api_set_key_log_file(struct config_common *c)
{
    struct key_log *log;
    enum gv_err err = gv_key_log_file_new(&log);
    return err == GV_OK ? replace_key_log(c, log) : gv_api_result(err);
}

/* ---- the key log that is two callbacks ---------------------------------------------------- */

struct callback_log {
    struct key_log log;
    rustls_keylog_log_callback call;
    rustls_keylog_will_log_callback ask; /* NULL: everything is wanted */
};

static bool callback_will_log(const struct key_log *log, const char *label)
{
    const struct callback_log *l = (const struct callback_log *)log;
    return l->ask == NULL || l->ask((struct rustls_str){label, strlen(label)}) != 0;
}

static void callback_log(const struct key_log *log, const char *label, struct span client_random,
                         struct span secret)
{
    const struct callback_log *l = (const struct callback_log *)log;
    l->call((struct rustls_str){label, strlen(label)}, client_random.at, client_random.len,
            secret.at, secret.len);
}

static void callback_free(struct key_log *log)
{
    gv_mem_free(log);
}

rustls_result gv_api_set_key_log(struct config_common *c, rustls_keylog_log_callback log,
                                 rustls_keylog_will_log_callback will_log)
{
    if (log == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    struct callback_log *l = gv_mem_alloc(sizeof *l);
    if (l == NULL)
        return RUSTLS_RESULT_GENERAL;
    gv_ref_init(&l->log.refs);
    l->log.will_log = callback_will_log;
    l->log.log = callback_log;
    l->log.free = callback_free;
    l->call = log;
    l->ask = will_log;
    return replace_key_log(c, &l->log);
}

/* ---- limits ------------------------------------------------------------------------------- */

enum { LENGTH_24 = 0xffffff }; /* RFC 9846 sections 4 and 4.4.2: lengths in three bytes */

static rustls_result set_size(size_t *field, uint64_t value)
{
    if (value == 0 || value > LENGTH_24)
        return RUSTLS_RESULT_INVALID_PARAMETER;
    *field = (size_t)value;
    return RUSTLS_RESULT_OK;
}

static rustls_result set_count(uint32_t *field, uint64_t value)
{
    if (value > UINT32_MAX)
        return RUSTLS_RESULT_INVALID_PARAMETER;
    *field = (uint32_t)value;
    return RUSTLS_RESULT_OK;
}

rustls_result gv_api_set_limit(struct limits *limits, enum galvan_limit which, uint64_t value)
{
    switch (which) {
    case GALVAN_LIMIT_HANDSHAKE_MESSAGE:
        return set_size(&limits->handshake_message, value);
    case GALVAN_LIMIT_CERTIFICATE_CHAIN:
        return set_size(&limits->certificate_chain, value);
    case GALVAN_LIMIT_EMPTY_RECORDS:
        return set_count(&limits->empty_records, value);
    case GALVAN_LIMIT_WARNING_ALERTS:
        return set_count(&limits->warning_alerts, value);
    case GALVAN_LIMIT_POST_HANDSHAKE:
        return set_count(&limits->post_handshake, value);
    case GALVAN_LIMIT_MIDDLEBOX_CCS:
        return set_count(&limits->middlebox_ccs, value);
    case GALVAN_LIMIT_SKIPPED_EARLY_DATA:
        return set_count(&limits->skipped_early, value);
    case GALVAN_LIMIT_RECORDS_PER_KEY:
        if (value == 1) /* the KeyUpdate that ends a key is a record as well */
            return RUSTLS_RESULT_INVALID_PARAMETER;
        limits->records_per_key = value;
        return RUSTLS_RESULT_OK;
    }
    return RUSTLS_RESULT_INVALID_PARAMETER;
}
