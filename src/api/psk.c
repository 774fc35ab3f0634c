/* External pre-shared keys: from the structs and the callback of galvan.h to those of config/, and
 * back. What a key must be is not decided here. */
#include "api/psk.h"

#include "api/result.h"
#include "api/slices.h"

_Static_assert((int)PSK_KEY_MIN == GALVAN_PSK_KEY_MIN && (int)PSK_KEY_MAX == GALVAN_PSK_KEY_MAX &&
                   (int)PSK_IDENTITY_MAX == GALVAN_PSK_IDENTITY_MAX,
               "a key is one thing inside and outside");

/* 0 for one that there is not, which is refused. */
static uint8_t hash_len(enum galvan_psk_hash hash)
{
    switch (hash) {
    case GALVAN_PSK_SHA256:
        return 32;
    case GALVAN_PSK_SHA384:
        return 48;
    }
    return 0;
}

static bool is_there(const struct rustls_slice_bytes *s)
{
    return s->data != NULL || s->len == 0;
}

rustls_result gv_api_set_psks(struct config_common *c, const struct galvan_psk *psks, size_t count)
{
    struct psk_source from[SERVER_PSKS_MAX];

    if (psks == NULL && count != 0)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (c->provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    for (size_t i = 0; i < count; i++) {
        const struct galvan_psk *p = &psks[i];
        if (!is_there(&p->identity) || !is_there(&p->key) || !is_there(&p->context))
            return RUSTLS_RESULT_NULL_PARAMETER;
        from[i] = (struct psk_source){.identity = span_of(p->identity.data, p->identity.len),
                                      .context = span_of(p->context.data, p->context.len),
                                      .key = span_of(p->key.data, p->key.len),
                                      .hash_len = hash_len(p->hash),
                                      .imported = p->imported};
    }
    return gv_api_result(gv_psk_list_set(&c->psks, c->provider, from, count));
}

/* ---- the callback -------------------------------------------------------------------------- */

static enum gv_err find(const struct psk_finder *finder, struct psk_question *q)
{
    struct galvan_psk_request request = {.userdata = q->userdata,
                                         .imported = q->name.imported,
                                         .identity = gv_api_bytes(q->name.identity),
                                         .context = gv_api_bytes(q->name.context),
                                         .key = q->key.at,
                                         .key_cap = sizeof q->key.at,
                                         .hash = GALVAN_PSK_SHA256};
    const uint32_t result = ((galvan_psk_callback)finder->callback)(&request);

    if (result == RUSTLS_RESULT_NOT_FOUND)
        return GV_OK;
    if (result != RUSTLS_RESULT_OK)
        RAISE(PSK_LOOKUP_FAILED);
    if (request.key_len > sizeof q->key.at)
        RAISE(PSK_INVALID);
    q->found = true;
    q->key.len = (uint8_t)request.key_len;
    q->hash_len = hash_len(request.hash);
    return GV_OK;
}

struct psk_finder gv_api_psk_finder(galvan_psk_callback callback)
{
    if (callback == NULL)
        return (struct psk_finder){0};
    return (struct psk_finder){find, (void (*)(void))callback};
}

/* ---- what was used --------------------------------------------------------------------------- */

rustls_result galvan_connection_get_psk_identity(const struct rustls_connection *conn,
                                                 struct rustls_slice_bytes *identity_out,
                                                 struct rustls_slice_bytes *context_out)
{
    if (conn == NULL || identity_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    const struct psk_name *name = gv_connection_agreed(in_seen(conn))->psk;
    if (name == NULL)
        return RUSTLS_RESULT_NOT_FOUND;
    *identity_out = gv_api_bytes(name->identity);
    if (context_out != NULL)
        *context_out = gv_api_bytes(name->context);
    return RUSTLS_RESULT_OK;
}
