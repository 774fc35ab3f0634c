/* A peer's life: handshake, request, response, goodbye. Where it goes wrong it goes to the goodbye
 * at once, because an alert may be queued that tells the other end why. */
#include "peer.h"

#include "journal.h"
#include "page.h"
#include "tool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum {
    TURNS = 16,              /* of one peer before the others have theirs */
    LINGER_MS = 1000,        /* for the peer's own goodbye */
    DISCARD_MAX = 256 * 1024 /* bytes thrown away meanwhile; who sends more is cut off */
};

_Static_assert((int)ECHO_BUFFER > (int)HTTP_LINE_MAX, "a request that is too long is seen to be");

struct peer *peer_new(const struct service *service, int fd, const char *address)
{
    struct peer *p = calloc(1, sizeof *p);
    if (p == NULL || rustls_server_connection_new(service->config, &p->conn) != RUSTLS_RESULT_OK) {
        free(p);
        (void)close(fd);
        return NULL;
    }
    p->service = service;
    p->wire.fd = fd;
    p->born = net_now();
    p->deadline = p->born + service->timeout;
    memcpy(p->address, address, sizeof p->address);
    return p;
}

void peer_free(struct peer *p)
{
    journal_connection(p);
    rustls_connection_free(p->conn);
    text_drop(&p->response);
    (void)close(p->wire.fd);
    free(p);
}

/* No more plaintext: what is queued goes out, then the stream is closed. */
static void begin_goodbye(struct peer *p, const char *trouble)
{
    p->trouble = trouble;
    p->phase = PEER_CLOSING;
    p->deadline = net_now() + p->service->timeout;
    if (trouble == NULL)
        rustls_connection_send_close_notify(p->conn);
}

/* ---- the socket ----------------------------------------------------------------------------- */

static bool would_block(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK;
}

/* Each of these says whether something moved. */
static bool read_wire(struct peer *p)
{
    size_t n;
    if (p->phase != PEER_ACTIVE || !rustls_connection_wants_read(p->conn))
        return false;
    int error = rustls_connection_read_tls(p->conn, net_read, &p->wire, &n);
    if (would_block(error))
        return false;
    if (error != 0) {
        p->trouble = "the connection broke";
        p->phase = PEER_OVER;
    } else if (rustls_connection_process_new_packets(p->conn) != RUSTLS_RESULT_OK)
        begin_goodbye(p, "TLS failed");
    return true;
}

static bool write_wire(struct peer *p)
{
    bool moved = false;
    while (p->phase < PEER_LINGERING && rustls_connection_wants_write(p->conn)) {
        size_t n;
        int error = rustls_connection_write_tls_vectored(p->conn, net_write, &p->wire, &n);
        if (would_block(error))
            return moved;
        moved = true;
        if (error == 0)
            continue;
        p->trouble = p->phase == PEER_CLOSING ? p->trouble : "the connection broke";
        p->phase = PEER_OVER;
    }
    return moved;
}

/* Closing a socket with unread bytes resets it, and the peer may lose what we sent last: so our
 * half is closed, and the peer's is read to its end. */
static bool linger(struct peer *p)
{
    size_t n;
    if (p->phase == PEER_CLOSING && !rustls_connection_wants_write(p->conn)) {
        (void)shutdown(p->wire.fd, SHUT_WR);
        p->phase = p->wire.ended ? PEER_OVER : PEER_LINGERING;
        p->deadline = net_now() + LINGER_MS;
        journal_connection(p);
        return true;
    }
    if (p->phase != PEER_LINGERING)
        return false;
    int error = net_read(&p->wire, (uint8_t *)p->buffer, sizeof p->buffer, &n);
    if (would_block(error))
        return false;
    p->discarded += error == 0 ? n : 0;
    if (error != 0 || p->wire.ended || p->discarded > DISCARD_MAX)
        p->phase = PEER_OVER;
    return true;
}

/* ---- what is served ------------------------------------------------------------------------- */

/* Plaintext into the room that is left in the buffer; whether some came. */
static bool take_plaintext(struct peer *p)
{
    size_t n = 0;
    rustls_result result = rustls_connection_read(p->conn, (uint8_t *)p->buffer + p->len,
                                                  sizeof p->buffer - p->len, &n);
    if (result == RUSTLS_RESULT_PLAINTEXT_EMPTY)
        return false;
    if (result != RUSTLS_RESULT_OK)
        begin_goodbye(p, "the client left without a close_notify");
    else if (n == 0)
        begin_goodbye(p, NULL);
    p->len += n;
    return result == RUSTLS_RESULT_OK && n != 0;
}

/* Early data waits in the buffer, which holds all that a client may send, until the handshake is
 * over: who repeats what somebody else sent never comes so far (RFC 9846 section 8). */
static bool take_early(struct peer *p)
{
    size_t n = 0;
    if (galvan_connection_read_early_data(p->conn, (uint8_t *)p->buffer + p->len,
                                          sizeof p->buffer - p->len, &n) != RUSTLS_RESULT_OK)
        return false;
    p->len += n;
    p->has_early = true;
    return n != 0;
}

static void respond(struct peer *p, int status)
{
    bool known = status != 200 || strcmp(p->request.path, "/") == 0;
    p->status = known ? status : 404;
    page_write(&p->response, &(struct page){.status = p->status,
                                            .head = p->request.head,
                                            .conn = p->conn,
                                            .address = p->address,
                                            .handshake_ms = p->handshake_ms});
    p->deadline = net_now() + p->service->timeout;
    p->phase = PEER_RESPONDING;
    if (p->response.failed)
        begin_goodbye(p, "out of memory");
}

static bool read_request(struct peer *p)
{
    if (!p->has_early && !take_plaintext(p))
        return p->phase != PEER_ACTIVE;
    p->has_early = false;
    int status = http_request_read(&p->request, p->buffer, p->len);
    if (status != 0)
        respond(p, status);
    return true;
}

static bool write_response(struct peer *p)
{
    size_t n = 0, left = p->response.len - p->response_sent;
    if (rustls_connection_write(p->conn, (const uint8_t *)p->response.at + p->response_sent, left,
                                &n) != RUSTLS_RESULT_OK) {
        begin_goodbye(p, "TLS failed");
        return true;
    }
    p->response_sent += n;
    if (n == left)
        begin_goodbye(p, NULL);
    return n != 0;
}

static bool send_back(struct peer *p)
{
    size_t n = 0;
    const unsigned long rekey = p->service->rekey;
    if (p->start == p->len) {
        p->start = p->len = 0;
        if (!take_plaintext(p))
            return p->phase != PEER_ACTIVE;
    }
    if (rustls_connection_write(p->conn, (const uint8_t *)p->buffer + p->start, p->len - p->start,
                                &n) != RUSTLS_RESULT_OK)
        begin_goodbye(p, "TLS failed");
    p->start += n;
    unsigned long long before = p->echoed;
    p->echoed += n;
    if (rekey != 0 && before / rekey != p->echoed / rekey)
        (void)rustls_connection_refresh_traffic_keys(p->conn);
    return n != 0;
}

static bool serve_active(struct peer *p)
{
    if (p->handshake_ms <= 0 && take_early(p))
        return true;
    if (rustls_connection_is_handshaking(p->conn)) {
        if (p->wire.ended)
            begin_goodbye(p, "the client left in the middle of the handshake");
        return p->phase != PEER_ACTIVE;
    }
    if (p->handshake_ms <= 0)
        p->handshake_ms = net_now() - p->born;
    return p->service->echo ? send_back(p) : read_request(p);
}

static bool serve(struct peer *p)
{
    if (p->phase == PEER_ACTIVE)
        return serve_active(p);
    return p->phase == PEER_RESPONDING && write_response(p);
}

/* ---- its turns ------------------------------------------------------------------------------ */

static bool turn(struct peer *p)
{
    bool moved = read_wire(p);
    moved |= serve(p);
    moved |= write_wire(p);
    moved |= linger(p);
    return moved;
}

void peer_work(struct peer *p, uint32_t events)
{
    bool moved = false, more = true;
    for (int i = 0; i < TURNS && more && p->phase != PEER_OVER; i++) {
        more = turn(p);
        moved |= more;
    }
    p->unfinished = more;
    if (p->service->echo && p->phase == PEER_ACTIVE && moved &&
        !rustls_connection_is_handshaking(p->conn))
        p->deadline = net_now() + p->service->timeout;
    /* Epoll tells of a dead socket for as long as it is there. */
    if (!moved && (events & (EPOLLERR | EPOLLHUP)) != 0)
        p->phase = PEER_OVER;
}

uint32_t peer_wants(const struct peer *p)
{
    bool reads = p->phase == PEER_LINGERING ||
                 (p->phase == PEER_ACTIVE && rustls_connection_wants_read(p->conn));
    /* Work that is left waits for no byte: a socket that can be written to says at once to go on. */
    bool writes = p->phase < PEER_LINGERING &&
                  (p->unfinished || rustls_connection_wants_write(p->conn));
    return (reads ? (uint32_t)EPOLLIN : 0) | (writes ? (uint32_t)EPOLLOUT : 0);
}

void peer_expire(struct peer *p)
{
    if (p->phase < PEER_CLOSING)
        p->trouble = rustls_connection_is_handshaking(p->conn) ? "the handshake took too long"
                                                               : "the client was idle too long";
    p->phase = PEER_OVER;
}

void peer_stop(struct peer *p)
{
    if (p->phase != PEER_ACTIVE)
        return;
    if (rustls_connection_is_handshaking(p->conn))
        p->phase = PEER_OVER;
    else
        begin_goodbye(p, NULL);
    p->trouble = "the server was stopped";
}
