/* One client of the server: its connection, what it asked for, and how far the answer is. A peer
 * never blocks; it does what it can whenever it is called, and says what it waits for. */
#ifndef GALVAN_TOOL_PEER_H
#define GALVAN_TOOL_PEER_H

#include "http.h"
#include "net.h"
#include "text.h"

/* What all peers of a server share. */
struct service {
    const struct rustls_server_config *config;
    bool echo;           /* send back what comes, rather than a page */
    bool json, quiet;    /* how the log is written */
    double timeout;      /* milliseconds, for each part of a peer's life */
    unsigned long rekey; /* new keys after so many bytes sent; 0: when they are worn out */
};

enum peer_phase {
    PEER_ACTIVE,     /* the handshake, then a request or bytes to echo */
    PEER_RESPONDING, /* the page is on its way */
    PEER_CLOSING,    /* a close_notify or alert is queued, nothing else follows */
    PEER_LINGERING,  /* all is sent; the peer's last bytes are thrown away */
    PEER_OVER
};

enum { ECHO_BUFFER = 16384, PEER_EARLY_MAX = ECHO_BUFFER };

struct peer {
    struct peer *next, **from; /* in the list of all; from points at what points here */
    const struct service *service;
    struct rustls_connection *conn;
    struct wire wire;
    enum peer_phase phase;
    uint32_t asked; /* the epoll events that it is registered with */
    double born, deadline, handshake_ms;
    char address[ADDRESS_TEXT];
    const char *trouble; /* what went wrong beside TLS; NULL: nothing */
    bool logged;
    bool unfinished;  /* its turns were over before its work was */
    size_t discarded; /* bytes, while lingering */
    bool has_early;   /* early data is in buffer, and nobody has looked at it */

    struct http_request request;
    int status;
    struct text response;
    size_t response_sent;
    unsigned long long echoed;
    size_t len, start;        /* of what is in buffer */
    char buffer[ECHO_BUFFER]; /* the request as it comes, or bytes to send back */
};

/* Takes the socket over; NULL (and the socket closed) where there is no memory. */
struct peer *peer_new(const struct service *service, int fd, const char *address);
void peer_free(struct peer *p);

/* Does what can be done now. events are those that epoll reported; 0 for none. */
void peer_work(struct peer *p, uint32_t events);

/* The epoll events that it waits for. */
uint32_t peer_wants(const struct peer *p);

/* Its time is up, or the server stops: it is over, or will be very soon. */
void peer_expire(struct peer *p);
void peer_stop(struct peer *p);

#endif
