/* What is remembered of a handshake so that a later one may be shorter (RFC 9846 section 4.6.1,
 * RFC 5077, RFC 5246 section 7.3): one value for both versions and both roles. Immutable after it
 * is made, reference counted, wiped when it goes. */
#ifndef GALVAN_CONFIG_SESSION_H
#define GALVAN_CONFIG_SESSION_H

#include "base/error.h"
#include "base/refcount.h"
#include "base/secret.h"
#include "base/span.h"

enum {
    SESSION_LIFETIME_MAX = 7 * 24 * 3600, /* seconds; RFC 9846 section 4.6.1 */
    SESSION_ENCODED_MAX = 66560           /* bytes; what rustls-ffi gives a store's callback */
};

struct session {
    struct refcount refs;
    uint16_t version, suite, group; /* group: of the full handshake; 0 where unknown */
    struct secret secret;          /* TLS 1.3: the PSK of this ticket; TLS 1.2: the master secret */
    bool extended_master_secret;   /* RFC 7627; TLS 1.2 only */
    bool client_authenticated;     /* server: peer_chain is the client's, and was verified */
    int64_t issued_ms;             /* since 1970: when the ticket was made, or came */
    uint32_t lifetime;             /* seconds, SESSION_LIFETIME_MAX at most */
    uint32_t age_add;              /* TLS 1.3's ticket_age_add */
    uint32_t max_early_data;       /* bytes; 0: none */
    struct span ticket;            /* client: what is shown to the server (TLS 1.2: may be empty) */
    struct span session_id;        /* TLS 1.2 */
    struct span server_name;       /* server: the SNI it was made under */
    struct span alpn;              /* the protocol agreed */
    const struct span *peer_chain; /* DER, the leaf first */
    size_t peer_count;
    /* The external PSK that both sides were authenticated by: its name as it stood in the hello
     * (empty: there was none), and, for a server, what ties the session to the key itself. */
    struct span psk, psk_mark;
    bool psk_imported;
};

/* A copy on the heap with everything that `from`'s spans point to, in one block. NO_MEMORY. */
enum gv_err gv_session_copy(const struct session *from, struct session **out);
static inline struct session *gv_session_ref(struct session *s)
{
    gv_ref_take(&s->refs);
    return s;
}
void gv_session_free(struct session *s); /* NULL is fine */

/* Bytes for a store or a ticket, with a version of the format in front. SESSION_TOO_LARGE where they
 * would be more than SESSION_ENCODED_MAX, which is enough for every session with a chain within the
 * default limits; INTERNAL where cap is smaller than both. */
enum gv_err gv_session_encode(const struct session *s, uint8_t *out, size_t cap, size_t *out_len);
/* Reads such bytes, which may come from anywhere. SESSION_UNREADABLE, NO_MEMORY. */
enum gv_err gv_session_decode(struct span bytes, struct session **out);

#endif
