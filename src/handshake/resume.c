/* Resumption, as far as both versions share it: which session a client may offer and a server may
 * take up, and what is kept of a handshake (RFC 9846 sections 2.2 and 4.6.1, RFC 5077, RFC 7627). */
#include "handshake/resume.h"

#include "base/mem.h"
#include "config/peer_name.h"
#include "handshake/psk.h"

/* ---- the client ------------------------------------------------------------------------------------ */

/* Sessions are kept by what they must not cross: the server's name and the protocols offered. The
 * rest (verifier, own certificates, versions) is the configuration's, and so is the memory. */
static enum gv_err make_session_key(struct hs *hs)
{
    const struct hash_alg *alg = hs_provider(hs)->suites[0]->hash;
    const struct span name = gv_peer_name_bytes(hs->work->name);
    const uint8_t name_len = (uint8_t)name.len;
    struct hash h;

    TRY(alg->start(alg, &h));
    TRY(alg->add(&h, span_of(&name_len, 1)));
    TRY(alg->add(&h, name));
    TRY(alg->add(&h, hs->work->alpn));
    TRY(alg->finish(&h, hs->session_key));
    hs->session_key_len = alg->len;
    return GV_OK;
}

struct span gv_resume_key(const struct hs *hs)
{
    return span_of(hs->session_key, hs->session_key_len);
}

static struct session *take_session(struct hs *hs, uint16_t version)
{
    const struct config_common *c = &hs->client->common;
    struct session *s;

    if (version == TLS13 ? !c->tls13 : !c->tls12)
        return NULL;
    s = gv_client_sessions_take(hs->client->sessions, gv_resume_key(hs), version, hs->now.ms);
    if (s != NULL && gv_find_suite(c, version, s->suite) == NULL) {
        gv_session_free(s);
        return NULL;
    }
    return s;
}

enum gv_err gv_resume_choose(struct hs *hs)
{
    if (hs->client->sessions == NULL || hs->now.ms < 0)
        return GV_OK;
    TRY(make_session_key(hs));
    hs->work->session = take_session(hs, TLS13);
    if (hs->work->session == NULL)
        hs->work->session = take_session(hs, TLS12);
    return GV_OK;
}

void gv_resume_forget(struct hs *hs)
{
    gv_session_free(hs->work->session);
    hs->work->session = NULL;
}

/* ---- the server -------------------------------------------------------------------------------------- */

/* Whatever cannot be read is no session. */
static void take_up(struct hs *hs, struct span encoded)
{
    if (gv_session_decode(encoded, &hs->work->session) != GV_OK)
        hs->work->session = NULL;
}

void gv_resume_open(struct hs *hs, struct span ticket)
{
    const struct server_config *c = hs->server;
    size_t len = 0;
    void *plain;

    if (c->ticketer == NULL || hs->now.ms < 0 || gv_hs_take_memory(hs, ticket.len, &plain) != GV_OK)
        return;
    if (gv_ticketer_open(c->ticketer, hs->now.ms, ticket, plain, ticket.len, &len))
        take_up(hs, span_of(plain, len));
}

/* Single use is TLS 1.3's. Where the store lets a session be taken out later, asking for it does not:
 * whoever sees a ticket could cost its owner the session. */
static enum gv_err ask_store(struct hs *hs, struct span key)
{
    const struct session_store *store = hs->server->sessions;
    const bool remove = hs->agreed.version == TLS13 && store->remove == NULL;
    struct session_room plain = {gv_mem_alloc_buffer(SESSION_ENCODED_MAX), SESSION_ENCODED_MAX, 0};

    if (plain.at == NULL)
        return GV_OK;
    enum session_found found = store->get(store, hs->now.userdata, key, remove, &plain);
    if (found == SESSION_FOUND)
        take_up(hs, span_of(plain.at, plain.len));
    gv_wipe(plain.at, plain.len);
    gv_mem_free(plain.at);
    return found == SESSION_LATER ? RAISED(ANSWER_PENDING) : GV_OK;
}

enum { KEY_OF_TLS13 = 0x80 }; /* the first bit of a key */

enum gv_err gv_resume_make_key(struct hs *hs, uint8_t key[SESSION_KEY_MAX])
{
    TRY(hs_provider(hs)->random(key, SESSION_KEY_MAX));
    key[0] =
        (uint8_t)(hs->agreed.version == TLS13 ? key[0] | KEY_OF_TLS13 : key[0] & ~KEY_OF_TLS13);
    return GV_OK;
}

static bool is_key(const struct hs *hs, struct span key)
{
    return key.len != 0 && key.len <= SESSION_KEY_MAX &&
           ((key.at[0] & KEY_OF_TLS13) != 0) == (hs->agreed.version == TLS13);
}

bool gv_resume_take_out(const struct hs *hs, struct span key)
{
    const struct session_store *store = hs->server->sessions;
    return hs->server->ticketer != NULL || store->remove == NULL || store->remove(store, key);
}

enum gv_err gv_resume_find(struct hs *hs, struct span key)
{
    if (hs->work->looked_up) { /* before, and the answer has come */
        hs->work->looked_up = false;
        return GV_OK;
    }
    if (hs->server->sessions == NULL || hs->now.ms < 0 || !is_key(hs, key))
        return GV_OK;
    return ask_store(hs, key);
}

void gv_resume_keep_answer(struct hs *hs, struct span encoded)
{
    hs->work->looked_up = true;
    take_up(hs, encoded);
}

/* A client that was authenticated then is asked about again now: certificates expire and are
 * revoked, and verifiers change. */
static bool is_client_still_believed(struct hs *hs, const struct session *s)
{
    const struct verifier *v = hs->server->client_verifier;
    const struct certificate_question question = {.chain = s->peer_chain,
                                                  .count = s->peer_count,
                                                  .now = hs->now.ms / 1000,
                                                  .userdata = hs->now.userdata};

    if (v == NULL)
        return true;
    if (!s->client_authenticated || s->peer_count == 0)
        return !v->required;
    return v->verify(v, &question, NULL) == GV_OK;
}

bool gv_resume_is_usable(struct hs *hs, const struct session *s, struct span server_name)
{
    int64_t age = hs->now.ms - s->issued_ms;

    return s->version == hs->agreed.version && age >= 0 && age / 1000 <= s->lifetime &&
           span_equal(s->server_name, server_name) && is_client_still_believed(hs, s) &&
           gv_psk_is_still_known(hs, s);
}

enum gv_err gv_resume_take_peer(struct hs *hs, const struct session *s)
{
    TRY(gv_psk_take_name(hs, s));
    return gv_auth_copy_chain(hs, s->peer_chain, s->peer_count);
}

/* ---- both ------------------------------------------------------------------------------------------------ */

static uint32_t lifetime(const struct hs *hs)
{
    return hs->server != NULL && hs->server->ticketer != NULL
               ? gv_ticketer_lifetime(hs->server->ticketer)
               : SESSION_LIFETIME;
}

/* What is resumed in TLS 1.2 keeps its master secret, so it is as old as that and does not grow
 * younger by being used (RFC 5246 appendix F.1.4). */
static int64_t issued_ms(const struct hs *hs)
{
    const bool same_secret = hs->agreed.version == TLS12 && hs->agreed.kind == HANDSHAKE_RESUMED;
    return same_secret ? hs->work->session->issued_ms : hs->now.ms;
}

struct session gv_resume_describe(const struct hs *hs, const struct secret *secret)
{
    return (struct session){
        .version = hs->agreed.version,
        .suite = hs->agreed.suite->code,
        .group = hs->agreed.group,
        .secret = *secret,
        .extended_master_secret = hs->work != NULL && hs->work->extended_master_secret,
        .client_authenticated = hs->server != NULL && hs->agreed.peer_count != 0,
        .issued_ms = issued_ms(hs),
        .lifetime = lifetime(hs),
        .server_name = hs->agreed.server_name,
        .alpn = hs->agreed.alpn,
        .peer_chain = hs->agreed.peer_chain,
        .peer_count = hs->agreed.peer_count,
        .psk = agreed_psk(&hs->agreed),
        .psk_mark = gv_psk_mark_of(hs),
        .psk_imported = hs->agreed.psk != NULL && hs->agreed.psk->imported,
    };
}

void gv_resume_keep(struct hs *hs, const struct session *s)
{
    struct session *copy;

    if (hs->client->sessions == NULL || hs->now.ms < 0 || hs->session_key_len == 0 ||
        gv_session_copy(s, &copy) != GV_OK)
        return;
    gv_client_sessions_put(hs->client->sessions, gv_resume_key(hs), copy);
    gv_session_free(copy);
}

static bool seal_ticket(struct hs *hs, struct span plain, struct span *ticket)
{
    size_t len = 0;
    void *sealed;

    if (plain.len + TICKET_OVERHEAD_MAX > UINT16_MAX ||
        gv_hs_take_memory(hs, plain.len + TICKET_OVERHEAD_MAX, &sealed) != GV_OK ||
        gv_ticketer_seal(hs->server->ticketer, hs->now.ms, plain, sealed,
                         plain.len + TICKET_OVERHEAD_MAX, &len) != GV_OK)
        return false;
    *ticket = span_of(sealed, len);
    return true;
}

static bool store_session(struct hs *hs, struct span plain, struct span key)
{
    const struct session_store *store = hs->server->sessions;
    return store != NULL && store->put(store, hs->now.userdata, key, plain);
}

static size_t encoded_bound(const struct session *s)
{
    size_t n = 512 + s->server_name.len + s->alpn.len + s->psk.len + s->psk_mark.len;
    for (size_t i = 0; i < s->peer_count; i++)
        n += 4 + s->peer_chain[i].len;
    return n < SESSION_ENCODED_MAX ? n : SESSION_ENCODED_MAX;
}

size_t gv_resume_ticket_bound(const struct hs *hs, const struct session *s)
{
    return hs->server->ticketer != NULL ? encoded_bound(s) + TICKET_OVERHEAD_MAX : SESSION_KEY_MAX;
}

bool gv_resume_issue(struct hs *hs, const struct session *s, struct span key, struct span *ticket)
{
    size_t cap = encoded_bound(s), len = 0;
    void *plain;

    if (hs->now.ms < 0 || gv_hs_take_memory(hs, cap, &plain) != GV_OK ||
        gv_session_encode(s, plain, cap, &len) != GV_OK)
        return false;
    if (hs->server->ticketer != NULL && key.len == 0)
        return seal_ticket(hs, span_of(plain, len), ticket);
    *ticket = key;
    return store_session(hs, span_of(plain, len), key);
}
