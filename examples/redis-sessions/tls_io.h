/* What the example's server and client share: a TLS connection over a socket, with a deadline. */
#ifndef TLS_IO_H
#define TLS_IO_H

#include <rustls.h>
#include <stdbool.h>

struct tls {
    struct rustls_connection *conn;
    int fd;
    long long deadline; /* monotonic, milliseconds */
    bool ended;         /* the peer sends nothing more */
    bool cut;           /* and did not say so: what came may not be all */
};

void tls_begin(struct tls *t, struct rustls_connection *conn, int fd, int seconds);

/* Waits for the socket once, and lets the connection read and write; false where that failed, or
 * the time is over. Why it failed is on standard error. */
bool tls_step(struct tls *t);

/* Plaintext: *n bytes, 0 where there are none now. False where there never will be. */
bool tls_read(struct tls *t, char *buf, size_t size, size_t *n);

/* Writes out all that waits to be sent. */
bool tls_flush(struct tls *t);

/* Frees the connection and closes the socket. */
void tls_end(struct tls *t);

/* The whole of a file, terminated by a NUL that *len does not count; ends the program where it
 * cannot be read. The caller frees it. */
char *read_file(const char *path, size_t *len);

/* "TLSv1.3, resumed" and the like. Static. */
const char *tls_kind(const struct rustls_connection *conn);

#endif
