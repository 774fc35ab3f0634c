/* A client and a server in one process, over the library's own insides: what one writes the other
 * reads, in pieces of any size, and a test may look at the bytes on the way. */
#ifndef GALVAN_TEST_BARE_H
#define GALVAN_TEST_BARE_H

#include "connection/connection.h"

enum { PIPE_MAX = 1 << 20 };

/* Bytes on their way. */
struct pipe {
    uint8_t at[PIPE_MAX];
    size_t start, end;
    size_t piece; /* bytes given to a read at most; 0: any number */
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

void bare_drop_connections(struct bare *p);
void bare_free(struct bare *p);

#endif
