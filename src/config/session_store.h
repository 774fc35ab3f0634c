/* Where sessions are kept: the client's memory, the server's stores, and the sealing of tickets.
 * All of them are used by many threads at once, and bounded. */
#ifndef GALVAN_CONFIG_SESSION_STORE_H
#define GALVAN_CONFIG_SESSION_STORE_H

#include "config/session.h"
#include "crypto/provider.h"

/* ---- the client's ---------------------------------------------------------------------------- */
enum { CLIENT_SESSIONS_MAX = 256, CLIENT_TICKETS_PER_NAME = 8 };

/* By server: a key of up to 255 bytes, in which all stands that a session must not cross. The least
 * recently used leaves. */
struct client_sessions;
enum gv_err gv_client_sessions_new(struct client_sessions **out, size_t capacity);
void gv_client_sessions_free(struct client_sessions *s);
/* Keeps a session (a reference is taken) under this key. It is no error if memory is out: a
 * session that is not kept costs a full handshake. */
void gv_client_sessions_put(struct client_sessions *s, struct span key, struct session *session);
/* The newest live session under this key, or NULL; the caller gets a reference. One of
 * TLS 1.3 is taken out (single use, RFC 9846 appendix C.4); one of TLS 1.2 stays. */
struct session *gv_client_sessions_take(struct client_sessions *s, struct span key,
                                        uint16_t version, int64_t now_ms);
/* Forgets the sessions of that version under this key: one of TLS 1.2 that a server did not take up
 * or that failed. */
void gv_client_sessions_remove(struct client_sessions *s, struct span key, uint16_t version);

/* ---- the server's ------------------------------------------------------------------------------ */
enum { SERVER_SESSIONS_MAX = 256, SESSION_KEY_MAX = 32 };

/* What a store knows of a key. LATER: it is looked up, and the connection will be told. */
enum session_found { SESSION_ABSENT, SESSION_FOUND, SESSION_LATER };

/* Where a value is to go. */
struct session_room {
    uint8_t *at;
    size_t cap;
    size_t len; /* of what was found; bytes */
};

/* Key to bytes. Immutable object; what is behind it locks for itself. */
struct session_store {
    /* True where it was kept. */
    bool (*put)(const struct session_store *s, void *userdata, struct span key, struct span value);
    /* Copies the value out; remove: single use. Absent also where it does not fit. */
    enum session_found (*get)(const struct session_store *s, void *userdata, struct span key,
                              bool remove, struct session_room *out);
    /* Takes an entry out; true where it was there. NULL where only get can do that. */
    bool (*remove)(const struct session_store *s, struct span key);
    void (*free)(struct session_store *s);
    void *impl;
};
static inline void gv_session_store_free(struct session_store *s)
{
    if (s != NULL)
        s->free(s);
}
/* In memory, sharded by key, the oldest entry of a shard leaves. Keys are of 1 to SESSION_KEY_MAX
 * random bytes. capacity: entries; one at least. */
enum gv_err gv_memory_store_new(struct session_store **out, size_t capacity);

/* Seals sessions into tickets (RFC 5077 section 4's idea, with an AEAD): opaque to clients. A
 * reference to the provider is held, whose strongest AEAD among the suites is used. */
struct ticketer;
enum {
    TICKET_KEY_LEN = 48,
    TICKET_ROTATION = 6 * 3600,
    TICKET_OVERHEAD_MAX = 64,
    TICKET_KEYS_MAX = 4
};
/* Keys made by itself and changed every TICKET_ROTATION seconds, the one before still opened.
 * RANDOM_FAILED, NO_MEMORY. */
enum gv_err gv_ticketer_new(struct ticketer **out, const struct provider *provider);
/* Keys of the application's, the first seals, all open (count 1 to TICKET_KEYS_MAX): for fleets of
 * servers. The first 16 bytes of a key are its name, which tickets carry; the rest is secret.
 * TICKET_KEYS_INVALID where the count is another, a secret is all zeros, or two keys have one name. */
enum gv_err gv_ticketer_new_with_keys(struct ticketer **out, const struct provider *provider,
                                      const uint8_t (*keys)[TICKET_KEY_LEN], size_t count);
void gv_ticketer_free(struct ticketer *t); /* NULL is fine */
/* For how many seconds a ticket sealed now is opened at least: what a client is told. */
uint32_t gv_ticketer_lifetime(const struct ticketer *t);
/* Writes plain.len and at most TICKET_OVERHEAD_MAX bytes, none of them in plain's place. NO_CLOCK
 * where now_ms is negative, INTERNAL where cap is too small. */
enum gv_err gv_ticketer_seal(struct ticketer *t, int64_t now_ms, struct span plain, uint8_t *out,
                             size_t cap, size_t *out_len);
/* False where it is not genuine or its key is gone, or where cap is less than ticket.len: then a
 * full handshake is made. */
bool gv_ticketer_open(struct ticketer *t, int64_t now_ms, struct span ticket, uint8_t *out,
                      size_t cap, size_t *out_len);

#endif
