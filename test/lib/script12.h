/* What the scripted peer (lib/script.h) can say in TLS 1.2 beside what both versions share. Its key
 * schedule is its own, over libcrypto's HMAC. */
#ifndef GALVAN_TEST_SCRIPT12_H
#define GALVAN_TEST_SCRIPT12_H

#include "lib/script.h"

/* ---- the server's flight ---- */
/* ServerKeyExchange as parts, with what its signature is over. */
struct key_exchange12 {
    uint8_t curve_type;
    uint16_t group;
    struct span point;
    struct span client_random, server_random;
    const char *signer; /* a key of test/certs */
    uint16_t scheme;    /* said; 0: the key's own, which it is signed with */
};
/* The good one, of the script's share; then what became of it, signed and said. */
struct key_exchange12 script12_key_exchange(struct script *s, const char *signer);
void script12_say_key_exchange(struct script *s, const struct key_exchange12 *x);
void script12_request(struct script *s); /* CertificateRequest */
void script12_done(struct script *s);    /* ServerHelloDone, and the flight leaves */
/* The whole of it behind ServerHello, with that certificate and key. */
void script12_server_flight(struct script *s, const char *name);
/* What the connection says from its Certificate to ServerHelloDone. */
void script12_take_server_flight(struct script *s);

/* ---- the client's flight ---- */
/* ClientKeyExchange of the script's share, and the master secret; one with any point. */
void script12_client_key_exchange(struct script *s);
void script12_say_point(struct script *s, struct span point);
/* The connection's, with its Certificate and CertificateVerify where it was asked for them. */
void script12_take_client_flight(struct script *s);

/* ---- the end ---- */
/* ChangeCipherSpec behind what stands in the flight, and the script's key is used; the connection's
 * is taken, and its key used. */
void script12_change(struct script *s);
void script12_take_change(struct script *s);
/* ChangeCipherSpec and Finished, said, and taken and checked. */
void script12_end(struct script *s);
void script12_take_end(struct script *s);
/* NewSessionTicket with a lifetime of an hour. */
void script12_new_ticket(struct script *s, const char *ticket);

/* ---- resumption ---- */
struct session12 {
    struct secret master;
    bool extended;
    struct span id, ticket; /* one of them, or both where the test wants it */
};
/* A full good handshake, with the extended master secret or without, whose server gives a session
 * out, by an id or, where `ticket`, in a ticket; then the connection is begun anew. */
struct session12 script12_first(struct script *s, bool ticket, bool extended);
/* The second connection's hello: a client's that offers the session, or a server's, behind the
 * connection's own, that takes it up; script12_first's master secret is this handshake's. */
void script12_again(struct script *s, struct hello *h, const struct session12 *from);
/* Says that hello, and goes on to the end. */
void script12_say_again(struct script *s, struct hello *h, const struct session12 *from);

#endif
