/* Another implementation's client or server, as a process of its own, and our connection to it over
 * loopback. Whatever a test does not expect to fail fails the test, and so does waiting for longer
 * than PEER_PATIENCE. Needs nothing of the library but rustls.h. */
#ifndef GALVAN_TEST_PEER_H
#define GALVAN_TEST_PEER_H

#include "rustls.h"

#include <sys/types.h>

enum { PEER_OUTPUT = 64 * 1024, PEER_PATIENCE = 20 /* seconds */, PEER_ARGUMENTS = 40 };

struct peer {
    pid_t pid;
    int input, output, socket; /* its standard input; its output and complaints; to it */
    char said[PEER_OUTPUT];    /* what came out so far */
    size_t said_len;
};

/* Starts a server, or a client of ours, with these arguments, the first its program, the last NULL;
 * in each, {port} is replaced by the number of the port, and they are connected. Skips the test where
 * the program is not installed. */
struct peer *peer_server(const char *const *arguments);
struct peer *peer_client(const char *const *arguments);

/* Stops it, and frees it. peer_stop_all is for a teardown: a failing test leaves peers behind. */
void peer_stop(struct peer *p);
int peer_stop_all(void **state);

/* Reads, writes and processes until the handshake is over and all is written, or until processing
 * fails; answers what it answered. */
rustls_result peer_handshake(struct peer *p, struct rustls_connection *conn);

/* Waits for bytes from it, and processes them; answers what that answered. */
rustls_result peer_turn(struct peer *p, struct rustls_connection *conn);

/* Gives it a line on its standard input. */
void peer_type(struct peer *p, const char *line);
/* Waits until this stands in what it said; answers what follows there. */
const char *peer_says(struct peer *p, const char *text);

/* Plaintext, with all that moving it takes: from it, exactly this comes next; and to it. */
void peer_hears(struct peer *p, struct rustls_connection *conn, const char *text);
void peer_sends(struct peer *p, struct rustls_connection *conn, const char *text);

#endif
