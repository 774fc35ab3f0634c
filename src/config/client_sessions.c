/* The client's memory of sessions: a list of the servers that it met, the one last used in front,
 * each with a session of TLS 1.2 and some tickets of TLS 1.3. A server is a key: its name and all else
 * that its sessions must not cross.
 *
 * Invariants, whenever the lock is free: every server in the list has a session; all of them
 * together are at most `capacity`. The list is walked from the front, over 256 servers at most:
 * no order of names makes a look-up slower than that. */
#include "config/session_store.h"

#include "base/lock.h"
#include "base/mem.h"
#include "wire/codepoints.h"

enum { SERVER_KEY_MAX = 255 }; /* bytes */

struct server {
    struct server *newer, *older;
    struct session *tls12;
    struct session *tls13[CLIENT_TICKETS_PER_NAME]; /* the oldest first */
    size_t tickets;
    struct span key; /* the bytes follow the struct */
    uint8_t bytes[];
};

struct client_sessions {
    struct lock lock;
    struct server *newest, *oldest;
    size_t capacity, count; /* sessions */
};

enum gv_err gv_client_sessions_new(struct client_sessions **out, size_t capacity)
{
    struct client_sessions *s = gv_mem_alloc(sizeof *s);
    if (s == NULL)
        RAISE(NO_MEMORY);
    enum gv_err err = gv_lock_init(&s->lock);
    if (err != GV_OK) {
        gv_mem_free(s);
        return err;
    }
    s->capacity = capacity;
    *out = s;
    return GV_OK;
}

/* ---- the list ------------------------------------------------------------------------------- */

static void list_out(struct client_sessions *s, struct server *v)
{
    *(v->newer == NULL ? &s->newest : &v->newer->older) = v->older;
    *(v->older == NULL ? &s->oldest : &v->older->newer) = v->newer;
}

static void list_front(struct client_sessions *s, struct server *v)
{
    v->newer = NULL;
    v->older = s->newest;
    *(s->newest == NULL ? &s->oldest : &s->newest->newer) = v;
    s->newest = v;
}

static struct server *find(const struct client_sessions *s, struct span key)
{
    for (struct server *v = s->newest; v != NULL; v = v->older)
        if (span_equal(v->key, key))
            return v;
    return NULL;
}

static struct server *new_server(struct span key)
{
    struct server *v = gv_mem_alloc(sizeof *v + key.len);
    if (v == NULL)
        return NULL;
    span_copy(v->bytes, key);
    v->key = span_of(v->bytes, key.len);
    return v;
}

/* Frees a server that has no session left. */
static void drop_if_empty(struct client_sessions *s, struct server *v)
{
    if (v->tickets != 0 || v->tls12 != NULL)
        return;
    list_out(s, v);
    gv_mem_free(v);
}

/* ---- the sessions of one server ------------------------------------------------------------- */

/* Takes the ticket at that place out, reference and all. */
static struct session *pull_ticket(struct client_sessions *s, struct server *v, size_t at)
{
    struct session *ticket = v->tls13[at];
    v->tickets--;
    s->count--;
    for (size_t i = at; i < v->tickets; i++)
        v->tls13[i] = v->tls13[i + 1];
    return ticket;
}

static void forget_tls12(struct client_sessions *s, struct server *v)
{
    if (v->tls12 == NULL)
        return;
    gv_session_free(v->tls12);
    v->tls12 = NULL;
    s->count--;
}

/* A ticket of the server used longest ago leaves, its oldest first. */
static void make_room(struct client_sessions *s)
{
    struct server *v = s->oldest;
    if (v->tickets != 0)
        gv_session_free(pull_ticket(s, v, 0));
    else
        forget_tls12(s, v);
    drop_if_empty(s, v);
}

static void keep(struct client_sessions *s, struct server *v, struct session *session)
{
    if (session->version == TLS13) {
        if (v->tickets == CLIENT_TICKETS_PER_NAME)
            gv_session_free(pull_ticket(s, v, 0));
        v->tls13[v->tickets++] = gv_session_ref(session);
    } else {
        forget_tls12(s, v);
        v->tls12 = gv_session_ref(session);
    }
    s->count++;
}

/* A clock that is behind the time of issue says nothing of the session's age, so it is dead too. */
static bool is_live(const struct session *session, int64_t now_ms)
{
    uint32_t lifetime = session->lifetime < SESSION_LIFETIME_MAX ? session->lifetime
                                                                 : SESSION_LIFETIME_MAX;
    return now_ms >= session->issued_ms &&
           (uint64_t)now_ms - (uint64_t)session->issued_ms < (uint64_t)lifetime * 1000;
}

static struct session *take_tls13(struct client_sessions *s, struct server *v, int64_t now_ms)
{
    while (v->tickets != 0) {
        struct session *newest = pull_ticket(s, v, v->tickets - 1);
        if (is_live(newest, now_ms))
            return newest;
        gv_session_free(newest);
    }
    return NULL;
}

static struct session *take_tls12(struct client_sessions *s, struct server *v, int64_t now_ms)
{
    if (v->tls12 != NULL && is_live(v->tls12, now_ms))
        return gv_session_ref(v->tls12);
    forget_tls12(s, v);
    return NULL;
}

/* ---- what all do ---------------------------------------------------------------------------- */

void gv_client_sessions_put(struct client_sessions *s, struct span key, struct session *session)
{
    if (key.len > SERVER_KEY_MAX || s->capacity == 0)
        return;
    gv_lock_take(&s->lock);
    struct server *v = find(s, key);
    if (v != NULL)
        list_out(s, v);
    else
        v = new_server(key);
    if (v != NULL) {
        list_front(s, v);
        keep(s, v, session);
        if (s->count > s->capacity)
            make_room(s);
    }
    gv_lock_leave(&s->lock);
}

struct session *gv_client_sessions_take(struct client_sessions *s, struct span key,
                                        uint16_t version, int64_t now_ms)
{
    if (now_ms < 0)
        return NULL; /* there is no clock: what is old cannot be told */
    struct session *found = NULL;
    gv_lock_take(&s->lock);
    struct server *v = find(s, key);
    if (v != NULL) {
        list_out(s, v);
        list_front(s, v);
        found = version == TLS13 ? take_tls13(s, v, now_ms) : take_tls12(s, v, now_ms);
        drop_if_empty(s, v);
    }
    gv_lock_leave(&s->lock);
    return found;
}

void gv_client_sessions_remove(struct client_sessions *s, struct span key, uint16_t version)
{
    gv_lock_take(&s->lock);
    struct server *v = find(s, key);
    if (v != NULL) {
        if (version == TLS12)
            forget_tls12(s, v);
        while (version == TLS13 && v->tickets != 0)
            gv_session_free(pull_ticket(s, v, v->tickets - 1));
        drop_if_empty(s, v);
    }
    gv_lock_leave(&s->lock);
}

void gv_client_sessions_free(struct client_sessions *s)
{
    if (s == NULL)
        return;
    while (s->oldest != NULL)
        make_room(s);
    gv_lock_drop(&s->lock);
    gv_mem_free(s);
}
