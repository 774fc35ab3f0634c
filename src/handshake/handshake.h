/* The handshake as the connection sees it: messages go in, and everything that they cause comes
 * out through one door. It sees no record, no socket and no clock; the time is told to it. */
#ifndef GALVAN_HANDSHAKE_HANDSHAKE_H
#define GALVAN_HANDSHAKE_HANDSHAKE_H

#include "base/arena.h"
#include "base/detail.h"
#include "base/error.h"
#include "base/span.h"
#include "config/config.h"

/* ---- what was agreed ------------------------------------------------------------------------ */
enum handshake_kind { HANDSHAKE_UNKNOWN, HANDSHAKE_FULL, HANDSHAKE_RETRIED, HANDSHAKE_RESUMED };

/* What becomes of data sent before the handshake's end (RFC 9846 section 4.2.10). */
enum early_data { EARLY_NONE, EARLY_OFFERED, EARLY_ACCEPTED, EARLY_REJECTED };

/* What becomes of Encrypted Client Hello (RFC 9849): of a real one, or of one that pretends. */
enum ech_outcome { ECH_NOT_OFFERED, ECH_GREASE, ECH_OFFERED, ECH_ACCEPTED, ECH_REJECTED };

/* Zeros and NULLs where it is not known yet. Spans live as long as the handshake struct. */
struct agreed {
    uint16_t version, group, signature_scheme; /* scheme: the peer's signature, where it made one */
    uint16_t peer_compression, own_compression; /* of certificates; 0: sent as they are, or not */
    enum handshake_kind kind;
    enum early_data early;
    bool early_misfits;   /* client: it was for another application protocol than the one agreed */
    uint32_t early_limit; /* bytes of early data that may flow; 0: none */
    enum ech_outcome ech;
    struct span ech_retry_configs; /* client, rejected: an ECHConfigList, authenticated */
    const struct cipher_suite_info *suite;
    uint32_t tickets_received;
    struct span alpn, server_name;
    const struct psk_name
        *psk; /* of the external PSK that was used, now or when the session was made */
    const struct span *peer_chain; /* DER, the leaf first */
    size_t peer_count;
};

/* The name of the external PSK as it stands in hellos; empty: none was used. */
static inline struct span agreed_psk(const struct agreed *a)
{
    return a->psk == NULL ? span_of(NULL, 0) : a->psk->wire;
}

/* ---- the door --------------------------------------------------------------------------------- */
enum hs_direction { HS_READ, HS_WRITE };

struct hs_door {
    /* Sends whole handshake messages under the present write key. They are copied. */
    enum gv_err (*send)(void *connection, struct span messages);
    enum gv_err (*send_change_cipher_spec)(void *connection);
    /* Uses the keys of this traffic secret from now on (TLS 1.3). */
    enum gv_err (*install)(void *connection, enum hs_direction direction,
                           const struct cipher_suite_info *suite, const struct secret *traffic);
    /* Sends in the clear again: early data was rejected before there were other keys. */
    void (*clear_write)(void *connection);
    /* Uses this key and IV from now on (TLS 1.2). */
    enum gv_err (*install12)(void *connection, enum hs_direction direction,
                             const struct cipher_suite_info *suite, const uint8_t *key,
                             const uint8_t *iv);
    /* The peer sent KeyUpdate; `answer`: it asks for one in return (RFC 9846 section 4.6.3). */
    enum gv_err (*key_updated)(void *connection, bool answer);
};

/* ---- the handshake ------------------------------------------------------------------------------ */
struct hs_work;
struct hs_row;

/* What the connection tells it with every call. */
struct hs_now {
    int64_t ms;     /* since 1970; negative: there is no clock */
    void *userdata; /* of the connection, for the application's callbacks */
};

struct hs {
    const struct hs_door *door;
    void *connection; /* the door's */
    const struct hs_row *rows;
    uint8_t state;
    const struct client_config *client; /* one of the two is NULL; borrowed */
    const struct server_config *server;
    struct agreed agreed;
    struct secret exporter; /* exporter_secret, from the server's Finished on; TLS 1.2: the master
                               secret, and with it the randoms and whether it is extended */
    uint8_t client_random[32], server_random[32];
    bool extended_master_secret;
    struct secret resumption; /* client: resumption_secret, for the tickets that will come */
    uint8_t session_key[64], session_key_len; /* client: what its sessions are kept under */
    struct hs_now now;                        /* of the call under way */
    bool skips_early;     /* server: early data comes that was not accepted, and is passed over */
    struct arena arena;   /* of work and all that belongs to it */
    struct hs_work *work; /* NULL when the handshake is over */
    struct psk_used *psk_used;                       /* behind agreed.psk */
    uint8_t *peer_memory, *name_memory, *ech_memory; /* behind agreed's spans */
};

struct hs_start {
    struct hs_now now;
    const struct hs_door *door;
    void *connection;
    const struct server_name *name; /* client: who is asked for; copied */
    struct span alpn;               /* client: wire form; borrowed as long as hs lives */
};

/* Begins the handshake of hs->client and sends its ClientHello; begins that of hs->server. hs is
 * zeroed but for these two. On an error it must be dropped all the same. */
MUST_USE enum gv_err gv_hs_start_client(struct hs *hs, const struct hs_start *start);
MUST_USE enum gv_err gv_hs_start_server(struct hs *hs, const struct hs_start *start);
void gv_hs_drop(struct hs *hs);

/* Reads a ClientHello, header too, for those who choose by it before there is a handshake. What a
 * server raises for a first message that is none, or is malformed. */
struct hello_facts;
MUST_USE enum gv_err gv_hs_read_hello(struct span message, struct hello_facts *out);

/* Takes one whole message, header too. ends_record: no byte stands behind it in its record. */
MUST_USE enum gv_err gv_hs_take(struct hs *hs, struct span message, bool ends_record,
                                const struct hs_now *now);

/* Takes a ChangeCipherSpec of TLS 1.2, which is a message of the tables. */
MUST_USE enum gv_err gv_hs_take_change_cipher_spec(struct hs *hs, const struct hs_now *now);

/* Who is asked here for a signature, a certified key or a session may answer later. The answers are
 * messages of the tables. */
struct hs_answer {
    uint16_t to;                     /* MSG_SIGNATURE, MSG_CERTIFIED_KEY or MSG_SESSION */
    struct span bytes;               /* the signature or the session; empty: there is none */
    const struct certified_key *key; /* borrowed; NULL: there is none */
};
/* Which of them is waited for; 0: none. Nothing else may be taken meanwhile. */
uint16_t gv_hs_awaits(const struct hs *hs);
/* Takes it. NOTHING_PENDING where another one is waited for, or none. */
MUST_USE enum gv_err gv_hs_take_answer(struct hs *hs, const struct hs_answer *answer,
                                       const struct hs_now *now);

/* The KeyUpdate message that asks the peer for one in return, or does not (RFC 9846 section 4.6.3). */
enum { KEY_UPDATE_LEN = 5 };
struct span gv_hs_key_update(bool request, uint8_t out[KEY_UPDATE_LEN]);

/* True when application data may flow in both directions. */
bool gv_hs_is_over(const struct hs *hs);

/* True when application data may be sent: a server of TLS 1.3 that wants no certificate need not
 * wait for the client's Finished (RFC 9846 section 2, figure 1), and early data gets its answer. */
bool gv_hs_may_send_data(const struct hs *hs);

/* True where early data is taken now, as application data under the early key. */
bool gv_hs_takes_early_data(const struct hs *hs);

/* Keying material for the application (RFC 9846 section 7.5, RFC 5705). context NULL: none, which in
 * TLS 1.2 is not the same as an empty one. HANDSHAKE_NOT_COMPLETE, EXPORT_INVALID. */
MUST_USE enum gv_err gv_hs_export(const struct hs *hs, const char *label,
                                  const struct span *context, uint8_t *out, size_t len);

/* The tls-exporter channel binding (RFC 9266). HANDSHAKE_NOT_COMPLETE, BINDING_NOT_UNIQUE. */
enum { TLS_EXPORTER_LEN = 32 };
MUST_USE enum gv_err gv_hs_tls_exporter(const struct hs *hs, uint8_t out[TLS_EXPORTER_LEN]);

/* True where a ChangeCipherSpec of middlebox compatibility may come, and is dropped (RFC 9846
 * appendix D.4). */
bool gv_hs_drops_change_cipher_spec(const struct hs *hs);

/* Static text: "waiting for ServerHello". */
const char *gv_hs_state_text(const struct hs *hs);

/* What is known of the error just answered; NULL: nothing. Lives until the drop. */
const struct detail *gv_hs_detail(const struct hs *hs);

#endif
