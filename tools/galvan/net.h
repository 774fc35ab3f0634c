/* Sockets and the clock, as both commands need them. Nothing here knows TLS, except that the two
 * callbacks have the form that rustls.h asks for. */
#ifndef GALVAN_TOOL_NET_H
#define GALVAN_TOOL_NET_H

#include "options.h"

#include <sys/socket.h>

enum { ADDRESS_TEXT = 80 }; /* "[IPv6%interface]:port" and its NUL */

/* Milliseconds of a clock that nobody sets. */
double net_now(void);

/* A TCP stream and what went over it. */
struct wire {
    int fd;
    unsigned long long in, out; /* bytes */
    bool ended;                 /* the peer sends no more */
};

/* rustls_read_callback and rustls_write_vectored_callback over a struct wire whose socket does not
 * block. All records that wait go in one call, so that a flight is not scattered over packets. */
int net_read(void *wire, uint8_t *buf, size_t n, size_t *out_n);
int net_write(void *wire, const struct rustls_iovec *parts, size_t count, size_t *out_n);

/* Connects to one of the host's addresses within so many milliseconds; address becomes the one.
 * The socket, which does not block, or -1 after a complaint. */
int net_connect(const struct endpoint *to, double timeout, char address[ADDRESS_TEXT]);

/* Listens there; address becomes where it is, the port that was free in place of 0. The socket,
 * which does not block, or -1 after a complaint. */
int net_listen(const struct endpoint *at, char address[ADDRESS_TEXT]);

/* The next client, its socket made not to block; -1 with errno where there is none. */
int net_accept(int listener, char address[ADDRESS_TEXT]);

#endif
