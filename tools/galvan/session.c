/* The client's loop. Each turn moves what can be moved, then waits for the descriptors that could
 * move more; those that could not are not asked, because a closed one would answer for ever. */
#include "session.h"

#include "tool.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

static bool is_empty(const struct half *h)
{
    return h->start == h->end;
}

/* ---- between the library and the socket ----------------------------------------------------- */

/* A peer that stopped reading may have said why: its alert is waiting here. */
static enum session_end read_last_words(struct session *s)
{
    size_t n = 1;
    while (n > 0 && rustls_connection_wants_read(s->conn)) {
        if (rustls_connection_read_tls(s->conn, net_read, &s->wire, &n) != 0)
            break;
        if (rustls_connection_process_new_packets(s->conn) != RUSTLS_RESULT_OK)
            return SESSION_FAILED;
    }
    return SESSION_BROKEN;
}

static enum session_end write_wire(struct session *s)
{
    size_t n;
    while (rustls_connection_wants_write(s->conn)) {
        int error = rustls_connection_write_tls_vectored(s->conn, net_write, &s->wire, &n);
        if (error == EAGAIN || error == EWOULDBLOCK)
            break;
        s->error = error;
        if (error != 0)
            return read_last_words(s);
    }
    return SESSION_GOES_ON;
}

static enum session_end read_wire(struct session *s)
{
    size_t n;
    if (!rustls_connection_wants_read(s->conn))
        return SESSION_GOES_ON;
    int error = rustls_connection_read_tls(s->conn, net_read, &s->wire, &n);
    if (error == EAGAIN || error == EWOULDBLOCK)
        return SESSION_GOES_ON;
    s->error = error;
    if (error != 0)
        return SESSION_BROKEN;
    if (rustls_connection_process_new_packets(s->conn) == RUSTLS_RESULT_OK)
        return SESSION_GOES_ON;
    (void)write_wire(s); /* the alert that says why */
    return SESSION_FAILED;
}

/* ---- between the library and the two halves ------------------------------------------------- */

static enum session_end give_plaintext(struct session *s)
{
    struct half *h = &s->out;
    size_t n = 0;
    if (is_empty(h))
        return SESSION_GOES_ON;
    if (rustls_connection_write(s->conn, h->at + h->start, h->end - h->start, &n) !=
        RUSTLS_RESULT_OK)
        return SESSION_FAILED;
    h->start += n;
    unsigned long long before = h->total;
    h->total += n;
    if (s->rekey != 0 && before / s->rekey != h->total / s->rekey)
        (void)rustls_connection_refresh_traffic_keys(s->conn);
    return SESSION_GOES_ON;
}

/* Some more of what came, in the half. SESSION_CLOSED where nothing will follow. */
static enum session_end take_some(struct session *s, size_t *n)
{
    struct half *h = &s->in;
    switch (rustls_connection_read(s->conn, h->at, sizeof h->at, n)) {
    case RUSTLS_RESULT_OK:
        h->total += *n;
        h->start = 0;
        h->end = s->http == NULL ? *n : http_response_take(s->http, h->at, *n);
        if (s->sink < 0)
            h->end = 0;
        return *n == 0 ? SESSION_CLOSED : SESSION_GOES_ON;
    case RUSTLS_RESULT_PLAINTEXT_EMPTY:
        return SESSION_GOES_ON;
    case RUSTLS_RESULT_UNEXPECTED_EOF:
        return SESSION_CUT;
    default:
        return SESSION_FAILED;
    }
}

/* Whether the response is whole and shown. */
static bool is_answered(const struct session *s)
{
    return s->http != NULL && s->http->part == HTTP_DONE && is_empty(&s->in);
}

/* Until there is something to show, or nothing left: what the library still held would keep it from
 * asking for more. */
static enum session_end take_plaintext(struct session *s)
{
    enum session_end end = SESSION_GOES_ON;
    size_t n = 1;
    while (end == SESSION_GOES_ON && n > 0 && is_empty(&s->in) && !is_answered(s)) {
        n = 0;
        end = take_some(s, &n);
    }
    return end;
}

/* ---- between the two halves and the ends here ----------------------------------------------- */

static enum session_end read_source(struct session *s)
{
    struct half *h = &s->out;
    ssize_t n = read(s->source, h->at, sizeof h->at);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return SESSION_GOES_ON;
    if (n < 0) {
        s->error = errno;
        return SESSION_LOCAL;
    }
    h->start = 0;
    h->end = (size_t)n;
    if (n > 0)
        return SESSION_GOES_ON;
    s->source = -1;
    if (!s->keep_open) {
        s->closed_first = true;
        rustls_connection_send_close_notify(s->conn);
    }
    return SESSION_GOES_ON;
}

/* A pipe that is ready takes PIPE_BUF bytes without blocking, and perhaps no more: whoever reads it
 * may be waiting for us to read. */
static enum session_end write_sink(struct session *s)
{
    struct half *h = &s->in;
    size_t len = h->end - h->start;
    ssize_t n = write(s->sink, h->at + h->start, len < PIPE_BUF ? len : PIPE_BUF);
    if (n >= 0)
        h->start += (size_t)n;
    else if (errno != EINTR && errno != EAGAIN) {
        s->error = errno;
        return SESSION_LOCAL;
    }
    return SESSION_GOES_ON;
}

/* What came before the end, to the sink. */
static void write_rest(struct session *s)
{
    enum session_end end = SESSION_GOES_ON;
    while (end == SESSION_GOES_ON) {
        struct pollfd p = {.fd = s->sink, .events = POLLOUT};
        end = take_plaintext(s);
        if (end == SESSION_GOES_ON && is_empty(&s->in))
            return;
        if (end == SESSION_GOES_ON && poll(&p, 1, -1) > 0)
            end = write_sink(s);
    }
}

/* ---- the loop ------------------------------------------------------------------------------- */

enum { SOCKET, SOURCE, SINK, ENDS };

static void ask(struct pollfd *p, int fd, short events)
{
    *p = (struct pollfd){.fd = events == 0 ? -1 : fd, .events = events};
}

static bool is_handshaking(const struct session *s)
{
    return rustls_connection_is_handshaking(s->conn);
}

/* Whether anything could come; p says from where. */
static bool prepare_to_wait(const struct session *s, struct pollfd p[ENDS])
{
    bool talks = !is_handshaking(s);
    bool reads = talks && s->source >= 0 && is_empty(&s->out);
    /* What the library did not take yet it takes when some of what it holds has left. */
    bool writes = (talks && !is_empty(&s->out)) || rustls_connection_wants_write(s->conn);
    int wire = (rustls_connection_wants_read(s->conn) ? POLLIN : 0) | (writes ? POLLOUT : 0);
    ask(&p[SOCKET], s->wire.fd, (short)wire);
    ask(&p[SOURCE], s->source, reads ? POLLIN : 0);
    ask(&p[SINK], s->sink, is_empty(&s->in) ? 0 : POLLOUT);
    return p[SOCKET].fd >= 0 || p[SOURCE].fd >= 0 || p[SINK].fd >= 0;
}

/* A source that has not ended may be a person, who may take as long as they like. */
static int time_to_wait(const struct session *s, double deadline)
{
    if (s->source >= 0 && !is_handshaking(s))
        return -1;
    double left = deadline - net_now();
    return left <= 0 ? 0 : left >= INT_MAX ? INT_MAX : (int)left + 1;
}

static enum session_end wait_and_act(struct session *s, double deadline)
{
    struct pollfd p[ENDS];
    if (!prepare_to_wait(s, p))
        return s->wire.ended ? SESSION_CUT : SESSION_CLOSED;
    int ready = poll(p, ENDS, time_to_wait(s, deadline));
    if (ready == 0)
        return SESSION_TIMED_OUT;
    if (ready < 0)
        return SESSION_GOES_ON; /* a signal */
    enum session_end end = SESSION_GOES_ON;
    if (p[SINK].revents != 0)
        end = write_sink(s);
    if (end == SESSION_GOES_ON && p[SOURCE].revents != 0)
        end = read_source(s);
    if (end == SESSION_GOES_ON && p[SOCKET].revents != 0)
        end = read_wire(s);
    return end;
}

enum session_end session_handshake(struct session *s)
{
    const double deadline = net_now() + s->timeout;
    enum session_end end = write_wire(s);
    while (end == SESSION_GOES_ON && is_handshaking(s)) {
        end = s->wire.ended ? SESSION_CUT : wait_and_act(s, deadline);
        if (end == SESSION_GOES_ON)
            end = write_wire(s);
    }
    return end == SESSION_GOES_ON ? SESSION_CLOSED : end;
}

static enum session_end turn(struct session *s, double deadline)
{
    enum session_end end = give_plaintext(s);
    if (end == SESSION_GOES_ON)
        end = write_wire(s);
    if (end == SESSION_GOES_ON)
        end = take_plaintext(s);
    if (end == SESSION_GOES_ON && is_answered(s))
        end = SESSION_CLOSED;
    return end == SESSION_GOES_ON ? wait_and_act(s, deadline) : end;
}

/* Whether something was to be sent yet: of what is ready to be read, so that nobody is waited for. */
static bool has_unsent(struct session *s)
{
    struct pollfd p = {.fd = s->source, .events = POLLIN};
    if (!is_empty(&s->out) || rustls_connection_wants_write(s->conn))
        return true;
    return s->source >= 0 && poll(&p, 1, 0) > 0 && read(s->source, s->out.at, 1) > 0;
}

static unsigned long long moved(const struct session *s)
{
    return s->wire.in + s->wire.out + (s->in.end - s->in.start);
}

enum session_end session_transfer(struct session *s)
{
    enum session_end end = SESSION_GOES_ON;
    double deadline = net_now() + s->timeout;
    while (end == SESSION_GOES_ON) {
        unsigned long long before = moved(s);
        end = turn(s, deadline);
        if (moved(s) != before)
            deadline = net_now() + s->timeout;
    }
    if (end != SESSION_LOCAL)
        write_rest(s);
    s->unsent = has_unsent(s);
    if (end == SESSION_CLOSED || end == SESSION_TIMED_OUT) {
        rustls_connection_send_close_notify(s->conn);
        (void)write_wire(s); /* a peer that is gone has closed already */
    }
    return end;
}
