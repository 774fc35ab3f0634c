/* A client and a server in one process, over the library's own insides: what one writes the other
 * reads, in pieces of any size, and a test may look at the bytes on the way. */
#ifndef GALVAN_TEST_BARE_H
#define GALVAN_TEST_BARE_H

#include "connection/connection.h"

enum { PIPE_MAX = 1 << 20, PIPE_RECORDS = 256 };

/* Bytes on their way. Places are counted from the connection's first byte in this direction. */
struct pipe {
    uint8_t at[PIPE_MAX];
    size_t start, end;
    size_t piece;  /* bytes given to a read at most; 0: any number */
    size_t passed; /* bytes given so far */
    size_t cut;    /* no read goes across this place; 0: none */
    size_t flip;   /* the byte at this place, counted from 1, is XORed with flip_with; 0: none */
    uint8_t flip_with;
    size_t ends;                 /* nothing behind this place is given; 0: all is */
    size_t record[PIPE_RECORDS]; /* places where the sender's writes, a record each, began */
    size_t records, put;         /* put: bytes that went in so far */
};

struct bare {
    struct client_config *client_config;
    struct server_config *server_config;
    struct connection *client, *server;
    enum gv_err client_err, server_err; /* the first error of each side's process calls */
    struct pipe to_server, to_client;
};

/* A verifier that believes everything (and still has CertificateVerify checked). */
struct verifier *bare_trusting_verifier(bool required);

/* A certified key from test/certs/NAME.der and NAME-pkcs8.der, or from the PEM files where those do
 * not exist; stops the test where they are not there. */
const struct certified_key *bare_certified_key(const char *name);

/* Configs for TLS 1.3 with the provider over libcrypto, a trusting client and a server with the
 * P-256 key. The test changes them as it likes before bare_connect. NULL where memory is out. */
struct bare *bare_new(void);

/* Makes the two connections. GV_OK, or what making one of them answered. */
enum gv_err bare_connect(struct bare *p);

/* Moves bytes both ways and lets both sides work, until nothing more moves or `rounds` are over. */
void bare_run(struct bare *p);

/* One direction, once: what `from` has is written into the pipe; what is in it is read by `to`, who
 * works on it. True where a byte moved. */
bool bare_collect(struct connection *from, struct pipe *pipe);
bool bare_deliver(struct pipe *pipe, struct connection *to, enum gv_err *err);

/* Writes all of data at `from` and reads all of it at the other end, moving bytes as needed; false
 * where it does not come through as it was. */
bool bare_transfer(struct bare *p, struct connection *from, struct span data);

/* Nothing happens on the way any more. */
void bare_clear_faults(struct bare *p);

/* The end of the stream: the connection is told that nothing more comes. */
void bare_end(struct connection *c);

void bare_drop_connections(struct bare *p);
void bare_free(struct bare *p);

#endif
