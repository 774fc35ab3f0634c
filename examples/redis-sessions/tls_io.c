/* A TLS connection over a socket, with a deadline. */
#include "tls_io.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static long long now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The two callbacks of rustls.h. MSG_NOSIGNAL: a peer that left is an error, not a SIGPIPE. */
static rustls_io_result read_cb(void *userdata, uint8_t *buf, size_t n, size_t *out_n)
{
    struct tls *t = userdata;
    ssize_t got = recv(t->fd, buf, n, MSG_DONTWAIT);
    if (got < 0)
        return errno;
    t->ended = got == 0;
    *out_n = (size_t)got;
    return 0;
}

static rustls_io_result write_cb(void *userdata, const uint8_t *buf, size_t n, size_t *out_n)
{
    struct tls *t = userdata;
    ssize_t sent = send(t->fd, buf, n, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0)
        return errno;
    *out_n = (size_t)sent;
    return 0;
}

static bool is_for_later(rustls_io_result io)
{
    return io == EAGAIN || io == EWOULDBLOCK || io == EINTR;
}

static bool failed(const char *what, const char *why, size_t len)
{
    (void)fprintf(stderr, "%s: %.*s\n", what, (int)len, why);
    return false;
}

static bool write_some(struct tls *t)
{
    size_t n;
    rustls_io_result io = rustls_connection_write_tls(t->conn, write_cb, t, &n);
    return io == 0 || is_for_later(io) || failed("write", strerror(io), strlen(strerror(io)));
}

static bool read_some(struct tls *t)
{
    char text[256];
    size_t n;
    rustls_io_result io = rustls_connection_read_tls(t->conn, read_cb, t, &n);
    if (io != 0)
        return is_for_later(io) || failed("read", strerror(io), strlen(strerror(io)));
    rustls_result result = rustls_connection_process_new_packets(t->conn);
    if (result == RUSTLS_RESULT_OK)
        return true;
    (void)write_some(t); /* the alert */
    rustls_error(result, text, sizeof text, &n);
    return failed("TLS", text, n);
}

void tls_begin(struct tls *t, struct rustls_connection *conn, int fd, int seconds)
{
    *t = (struct tls){.conn = conn, .fd = fd, .deadline = now_ms() + seconds * 1000LL};
}

bool tls_step(struct tls *t)
{
    const bool reads = rustls_connection_wants_read(t->conn) && !t->ended;
    const bool writes = rustls_connection_wants_write(t->conn);
    struct pollfd p = {t->fd, (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)), 0};
    long long left = t->deadline - now_ms();
    if (left <= 0 || p.events == 0)
        return false;
    if (poll(&p, 1, (int)left) < 0)
        return errno == EINTR;
    if (writes && (p.revents & (POLLOUT | POLLERR | POLLHUP)) != 0 && !write_some(t))
        return false;
    return !reads || (p.revents & (POLLIN | POLLERR | POLLHUP)) == 0 || read_some(t);
}

bool tls_read(struct tls *t, char *buf, size_t size, size_t *n)
{
    *n = 0;
    rustls_result result = rustls_connection_read(t->conn, (uint8_t *)buf, size, n);
    t->cut = result == RUSTLS_RESULT_UNEXPECTED_EOF;
    return result == RUSTLS_RESULT_PLAINTEXT_EMPTY || (result == RUSTLS_RESULT_OK && *n != 0);
}

bool tls_flush(struct tls *t)
{
    while (rustls_connection_wants_write(t->conn))
        if (!tls_step(t))
            return false;
    return true;
}

void tls_end(struct tls *t)
{
    rustls_connection_free(t->conn);
    (void)close(t->fd);
}

const char *tls_kind(const struct rustls_connection *conn)
{
    const bool resumed = rustls_connection_handshake_kind(conn) == RUSTLS_HANDSHAKE_KIND_RESUMED;
    if (rustls_connection_get_protocol_version(conn) == RUSTLS_TLS_VERSION_TLSV1_3)
        return resumed ? "TLSv1.3, resumed" : "TLSv1.3, full handshake";
    return resumed ? "TLSv1.2, resumed" : "TLSv1.2, full handshake";
}

char *read_file(const char *path, size_t *len)
{
    enum { ROOM = 1 << 20 };
    char *data = malloc(ROOM);
    FILE *file = fopen(path, "rb");
    if (data == NULL || file == NULL) {
        perror(path);
        exit(2);
    }
    *len = fread(data, 1, ROOM - 1, file);
    data[*len] = '\0';
    (void)fclose(file);
    return data;
}
