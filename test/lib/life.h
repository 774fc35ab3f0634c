/* Whole lives of connections, of each kind that there is: handshake, data both ways, new keys, and
 * an orderly end on both sides. What happens to the bytes on the way (struct pipe), to memory or to
 * the provider is the test's; how it came out is told, and judged by the test. */
#ifndef GALVAN_TEST_LIFE_H
#define GALVAN_TEST_LIFE_H

#include "lib/bare.h"

struct life_kind {
    const char *name;
    uint16_t version;
    bool retry;       /* HelloRetryRequest: the server's one group is not the client's first */
    bool client_auth; /* the server asks for a certificate, and the client has one */
    bool resume;      /* a first connection, without faults, left a session */
    bool later;       /* signers, choices of certificates and the server's store answer later */
    bool sealed;      /* tickets hold the session; else the server's memory does */
    bool early; /* the client says the first of its data with its hello; behind a retry, rejected */
    bool ech;   /* the ClientHello is encrypted, and the server has the key */
    enum {
        BY_CERTIFICATE,
        BY_PSK,
        BY_IMPORTED_PSK
    } by;              /* with an external key nothing else will do */
    uint16_t compress; /* certificates, with this algorithm; 0: they are not compressed */
};
extern const struct life_kind life_kinds[];
extern const size_t life_kind_count;

/* Configurations with this provider, the certificates of test/certs and the Web PKI verifiers. The
 * connections are not made yet, but for the first one of a kind that resumes, which is over. Stops
 * the test where that does not work. */
struct bare *life_new(const struct life_kind *kind, const struct provider *provider);
/* What was compressed and kept is compressed anew. */
void life_forget_packed(struct bare *p);
/* The same, again: where a kind resumes, another first connection. */
void life_again(struct bare *p, const struct life_kind *kind);

struct life_end {
    bool started;          /* both connections could be made */
    bool connected;        /* both sides say that the handshake is over, and neither has an error */
    bool whole;            /* all data came through both ways, and close_notify too */
    bool resumed;          /* ... a session, both */
    enum early_data early; /* what became of data with the hello */
    bool told;             /* a call answered an error, or a connection failed */
    bool tampered;         /* something was read that was never written, or they disagree */
};
struct life_end life_run(struct bare *p, const struct life_kind *kind);

/* Fails the test unless all is well, nothing tampered, and resumed where the kind says so. */
void life_assert_whole(const struct life_end *end, const struct life_kind *kind);

#endif
