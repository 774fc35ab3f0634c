/* Configurations: their lists, their beginning and their end. What goes into one is decided by the
 * builders of api/; nothing here looks at a value. */
#include "config/config.h"

#include "base/mem.h"

enum {
    ALPN_NAME_MAX = 255,   /* RFC 7301 section 3.1: opaque ProtocolName<1..2^8-1> */
    ALPN_LIST_MAX = 65533, /* so that the list and its length fit into an extension's 65535 bytes */
    TICKETS_SENT = 2       /* unless set; rustls's number */
};

enum gv_err gv_alpn_list_set(struct alpn_list *list, const struct span *names, size_t count)
{
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        if (names[i].len == 0 || names[i].len > ALPN_NAME_MAX)
            RAISE(ALPN_INVALID);
        len += 1 + names[i].len;
        if (len > ALPN_LIST_MAX)
            RAISE(ALPN_INVALID);
    }
    if (count == 0) {
        gv_alpn_list_drop(list);
        return GV_OK;
    }
    uint8_t *wire = gv_mem_alloc(len);
    if (wire == NULL)
        RAISE(NO_MEMORY);
    uint8_t *at = wire;
    for (size_t i = 0; i < count; i++) {
        *at = (uint8_t)names[i].len;
        span_copy(at + 1, names[i]);
        at += 1 + names[i].len;
    }
    gv_alpn_list_drop(list);
    *list = (struct alpn_list){wire, len};
    return GV_OK;
}

enum gv_err gv_alpn_list_copy(struct alpn_list *list, const struct alpn_list *from)
{
    if (from->len == 0)
        return GV_OK;
    list->wire = gv_mem_alloc(from->len);
    if (list->wire == NULL)
        RAISE(NO_MEMORY);
    memcpy(list->wire, from->wire, from->len);
    list->len = from->len;
    return GV_OK;
}

void gv_alpn_list_drop(struct alpn_list *list)
{
    gv_mem_free(list->wire);
    *list = (struct alpn_list){NULL, 0};
}

enum gv_err gv_certified_key_list_set(struct certified_key_list *list,
                                      const struct certified_key *const *keys, size_t count)
{
    if (count > SIZE_MAX / sizeof *keys)
        RAISE(NO_MEMORY);
    const struct certified_key **at = count == 0 ? NULL : gv_mem_alloc(count * sizeof *at);
    if (at == NULL && count != 0)
        RAISE(NO_MEMORY);
    for (size_t i = 0; i < count; i++)
        at[i] = gv_certified_key_ref(keys[i]);
    gv_certified_key_list_drop(list);
    *list = (struct certified_key_list){at, count};
    return GV_OK;
}

void gv_certified_key_list_drop(struct certified_key_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        gv_certified_key_free(list->at[i]);
    gv_mem_free(list->at);
    *list = (struct certified_key_list){NULL, 0};
}

static void common_init(struct config_common *common, const struct provider *provider)
{
    common->provider = gv_provider_ref(provider);
    common->limits = (struct limits)LIMITS_DEFAULT;
    gv_compressors_default(&common->compressors);
}

static void common_drop(struct config_common *common)
{
    gv_provider_free(common->provider);
    gv_alpn_list_drop(&common->alpn);
    gv_certified_key_list_drop(&common->keys);
    gv_psk_list_drop(&common->psks);
    gv_key_log_free(common->key_log);
}

struct client_config *gv_client_config_new(const struct provider *provider)
{
    struct client_config *c = gv_mem_alloc(sizeof *c);
    if (c == NULL)
        return NULL;
    if (gv_client_sessions_new(&c->sessions, CLIENT_SESSIONS_MAX) != GV_OK) {
        gv_mem_free(c);
        return NULL;
    }
    gv_ref_init(&c->refs);
    common_init(&c->common, provider);
    c->send_server_name = true;
    c->check_selected_alpn = true;
    return c;
}

struct server_config *gv_server_config_new(const struct provider *provider)
{
    struct server_config *c = gv_mem_alloc(sizeof *c);
    if (c == NULL)
        return NULL;
    if (gv_memory_store_new(&c->sessions, SERVER_SESSIONS_MAX) != GV_OK) {
        gv_mem_free(c);
        return NULL;
    }
    gv_ref_init(&c->refs);
    common_init(&c->common, provider);
    c->ticket_count = TICKETS_SENT;
    return c;
}

void gv_client_config_free(const struct client_config *config)
{
    struct client_config *c = (struct client_config *)config;
    if (c == NULL || !gv_ref_release(&c->refs))
        return;
    common_drop(&c->common);
    gv_verifier_free(c->verifier);
    gv_client_sessions_free(c->sessions);
    gv_ech_choice_free(c->ech);
    gv_mem_free(c);
}

void gv_server_config_free(const struct server_config *config)
{
    struct server_config *c = (struct server_config *)config;
    if (c == NULL || !gv_ref_release(&c->refs))
        return;
    common_drop(&c->common);
    gv_verifier_free(c->client_verifier);
    gv_session_store_free(c->sessions);
    gv_ticketer_free(c->ticketer);
    gv_ech_keys_free(c->ech_keys);
    gv_mem_free(c);
}
