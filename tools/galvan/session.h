/* A client's connection from its handshake to its end: bytes between the socket, the library, and
 * the two ends here (standard input and output, or a request and a file). One poll loop, which
 * never waits for something that cannot come. */
#ifndef GALVAN_TOOL_SESSION_H
#define GALVAN_TOOL_SESSION_H

#include "http.h"
#include "net.h"

enum session_end {
    SESSION_GOES_ON,
    SESSION_CLOSED,    /* in good order */
    SESSION_FAILED,    /* the library knows why: galvan_connection_error_detail */
    SESSION_CUT,       /* the stream ended without a close_notify */
    SESSION_TIMED_OUT, /* nothing moved for so long */
    SESSION_BROKEN,    /* the socket failed: errno is in error */
    SESSION_LOCAL      /* the source or the sink failed: errno is in error */
};

enum { SESSION_BUFFER = 16384 };

struct half { /* bytes on their way, from start to end of at */
    uint8_t at[SESSION_BUFFER];
    size_t start, end;
    unsigned long long total; /* that have gone this way */
};

struct session {
    struct rustls_connection *conn;
    struct wire wire;
    int source, sink;           /* -1: none */
    struct http_response *http; /* NULL: what comes is shown as it is */
    bool keep_open;             /* when the source ends, the server closes, not we */
    bool closed_first;          /* we did */
    bool unsent;                /* at the end, there was more to be sent */
    unsigned long rekey;        /* new keys after so many bytes sent; 0: when they are worn out */
    double timeout;             /* milliseconds */
    int error;
    struct half out, in; /* plaintext to the peer, and from it */
};

/* SESSION_CLOSED where it is done: the connection goes on. */
enum session_end session_handshake(struct session *s);

/* Moves bytes until one side is done; sends the close_notify. Never SESSION_GOES_ON. */
enum session_end session_transfer(struct session *s);

#endif
