/* The server's side of Encrypted Client Hello, as far as it is decryption alone (RFC 9849 section 7.1):
 * from ClientHelloOuter to ClientHelloInner, for a handshake here, or for a server elsewhere that the
 * inner hello is handed on to (split mode). */
#ifndef GALVAN_HANDSHAKE_ECH_SERVER_H
#define GALVAN_HANDSHAKE_ECH_SERVER_H

#include "base/arena.h"
#include "config/ech_keys.h"

/* What the ClientHellos of one connection are read with; zeroed but for keys at first. */
struct ech_opener {
    const struct ech_keys *keys; /* borrowed */
    bool has_opened;             /* the first ClientHello was here */
    bool was_offered;            /* with encrypted_client_hello, real or not */
    const struct ech_key *key;   /* whose configuration it was for; NULL: none of ours */
    struct ech_suite suite;      /* of the first ClientHello */
    struct hpke hpke;
};

/* Reads a whole ClientHello, header too: the connection's first, or that after a HelloRetryRequest.
 * *inner is the inner hello, a message with its header in the arena; empty where the connection is
 * to go on with the outer one, which has then to be told the keys' retry_configs. What readers of hellos raise;
 * ECH_TYPE_UNKNOWN, ECH_INNER_IN_CLEAR, INNER_HELLO_UNMARKED, INNER_HELLO_TLS12, and for a second hello
 * ECH_DROPPED, ECH_CHANGED, ECH_UNDECRYPTABLE. */
MUST_USE enum gv_err gv_ech_open(struct ech_opener *o, struct span outer, struct arena *arena,
                                 struct span *inner);
void gv_ech_opener_drop(struct ech_opener *o);

#endif
