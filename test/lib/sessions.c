/* Sessions for tests. */
#include "lib/sessions.h"

#include "wire/codepoints.h"

#include <stdlib.h>

const struct session *full_session(void)
{
    static struct span chain[2];
    static struct session s;
    chain[0] = span_str("leaf certificate");
    chain[1] = span_str("intermediate");
    s = (struct session){
        .version = TLS12,
        .suite = 0xc02f,
        .group = 29,
        .secret = {.len = 48, .at = {1, 2, 3, [47] = 9}},
        .extended_master_secret = true,
        .client_authenticated = true,
        .issued_ms = INT64_C(1790000000000),
        .lifetime = SESSION_LIFETIME_MAX,
        .age_add = 0xfedcba98,
        .max_early_data = 16384,
        .ticket = span_str("a ticket"),
        .session_id = span_str("0123456789abcdef0123456789abcdef"),
        .server_name = span_str("server.example"),
        .alpn = span_str("h2"),
        .peer_chain = chain,
        .peer_count = 2,
    };
    return &s;
}

struct session *marked_session(uint16_t version, uint8_t mark)
{
    struct session s = {
        .version = version,
        .secret = {.len = 32, .at = {mark}},
        .issued_ms = SESSION_ISSUED_MS,
        .lifetime = SESSION_LIFETIME,
        .ticket = span_of(&mark, 1),
    };
    struct session *out;
    if (gv_session_copy(&s, &out) != GV_OK)
        abort();
    return out;
}

bool same_session(const struct session *a, const struct session *b)
{
    if (a->peer_count != b->peer_count)
        return false;
    for (size_t i = 0; i < a->peer_count; i++)
        if (!span_equal(a->peer_chain[i], b->peer_chain[i]))
            return false;
    return a->version == b->version && a->suite == b->suite && a->group == b->group &&
           span_equal(secret_span(&a->secret), secret_span(&b->secret)) &&
           a->extended_master_secret == b->extended_master_secret &&
           a->client_authenticated == b->client_authenticated && a->issued_ms == b->issued_ms &&
           a->lifetime == b->lifetime && a->age_add == b->age_add &&
           a->max_early_data == b->max_early_data && span_equal(a->ticket, b->ticket) &&
           span_equal(a->session_id, b->session_id) && span_equal(a->server_name, b->server_name) &&
           span_equal(a->alpn, b->alpn);
}

enum session_found sessions_get(const struct session_store *store, void *userdata, struct span key,
                                bool remove, uint8_t *out, size_t cap, size_t *len)
{
    struct session_room room = {out, cap, 0};
    enum session_found found = store->get(store, userdata, key, remove, &room);

    if (found == SESSION_FOUND)
        *len = room.len;
    return found;
}
