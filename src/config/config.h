/* Configurations: what clients and servers are made from. Built once by one thread (the fields are
 * filled in by the builders of api/), then immutable, reference counted, shared by connections and
 * threads. */
#ifndef GALVAN_CONFIG_CONFIG_H
#define GALVAN_CONFIG_CONFIG_H

#include "base/refcount.h"
#include "compress/compress.h"
#include "config/certified_key.h"
#include "config/ech_choice.h"
#include "config/ech_keys.h"
#include "config/hello.h"
#include "config/key_log.h"
#include "config/limits.h"
#include "config/psk.h"
#include "config/session_store.h"
#include "config/verifier.h"
#include "crypto/provider.h"

/* An owned list of ALPN names (RFC 7301), already in wire form: each name behind its length byte. */
struct alpn_list {
    uint8_t *wire;
    size_t len; /* bytes, 65533 at most */
};

/* Replaces the list by a copy of count names of 1 to 255 bytes each. NO_MEMORY; ALPN_INVALID where
 * a name is not, or all of them do not fit into an extension. */
enum gv_err gv_alpn_list_set(struct alpn_list *list, const struct span *names, size_t count);
/* Makes an empty list a copy of another. NO_MEMORY. */
enum gv_err gv_alpn_list_copy(struct alpn_list *list, const struct alpn_list *from);
void gv_alpn_list_drop(struct alpn_list *list);

/* An owned list of references to certified keys. */
struct certified_key_list {
    const struct certified_key **at;
    size_t count;
};

enum gv_err gv_certified_key_list_set(struct certified_key_list *list,
                                      const struct certified_key *const *keys, size_t count);
void gv_certified_key_list_drop(struct certified_key_list *list);

/* What both roles have. */
struct config_common {
    const struct provider *provider; /* a reference */
    bool tls12, tls13;               /* versions offered or accepted */
    struct alpn_list alpn;
    struct certified_key_list keys;
    struct psk_list psks; /* external ones; a client offers all of them, in this order */
    struct compressor_list compressors; /* of certificates, in both directions; may be empty */
    struct key_log *key_log;            /* NULL: none */
    struct limits limits;
};

struct client_config {
    struct refcount refs;
    struct config_common common;
    struct verifier *verifier;         /* NULL: only where psk_only */
    struct client_key_chooser chooser; /* all zero: common.keys are the certified keys */
    bool send_server_name;             /* RFC 6066 section 3 */
    bool check_selected_alpn;          /* turn away an answer that was not offered */
    struct client_sessions *sessions;
    struct ech_choice *ech; /* NULL: hellos are not encrypted; else TLS 1.3 is the only version */
    bool psk_only;          /* no certificate will do; psks is not empty, and there is no TLS 1.2 */
    bool early_data;        /* offer it where a session allows (RFC 9846 section 4.2.10) */
    /* How many tickets to ask for: after a full handshake, after one that resumed (RFC 9149). */
    bool ticket_request;
    uint8_t ticket_request_new, ticket_request_resumed;
};

struct server_config {
    struct refcount refs;
    struct config_common common;
    struct key_chooser chooser;       /* all zero: common.keys are the certified keys */
    struct psk_finder psk_finder;     /* all zero: common.psks are all external PSKs */
    struct verifier *client_verifier; /* NULL: clients are not asked for certificates */
    bool ignore_client_order;         /* the suite is chosen by our order */
    struct session_store *sessions;   /* NULL: none */
    uint32_t max_early_data;          /* bytes that are accepted; 0: none (RFC 9846 section 8) */
    struct ticketer *ticketer;        /* NULL: stateful */
    const struct ech_keys *ech_keys;  /* NULL: no ClientHello is decrypted; a reference */
    size_t ticket_count;              /* per TLS 1.3 handshake */
    size_t ticket_count_max; /* what a client may ask for (RFC 9149); 0: it is not listened to */
};

/* An empty configuration with defaults (limits, both switches on, versions as given). The provider
 * gets a reference. NULL where memory is out. */
struct client_config *gv_client_config_new(const struct provider *provider);
struct server_config *gv_server_config_new(const struct provider *provider);

static inline const struct client_config *gv_client_config_ref(const struct client_config *c)
{
    gv_ref_take((struct refcount *)&c->refs);
    return c;
}

static inline const struct server_config *gv_server_config_ref(const struct server_config *c)
{
    gv_ref_take((struct refcount *)&c->refs);
    return c;
}

/* Drops a reference; everything goes with the last. NULL is fine. */
void gv_client_config_free(const struct client_config *c);
void gv_server_config_free(const struct server_config *c);

#endif
