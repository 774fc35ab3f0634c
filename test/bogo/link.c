/* The shim's socket: it is the TCP client in either role. */
#include "bogo/shim.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static int connect_to(int family, uint16_t port)
{
    const struct sockaddr_in v4 = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct sockaddr_in6 v6 = {
        .sin6_family = AF_INET6, .sin6_port = htons(port), .sin6_addr = in6addr_loopback};
    const int one = 1;
    int fd = socket(family, SOCK_STREAM, 0);

    if (fd == -1)
        return -1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    int failed = family == AF_INET6 ? connect(fd, (const void *)&v6, sizeof v6)
                                    : connect(fd, (const void *)&v4, sizeof v4);
    if (failed == 0)
        return fd;
    close(fd);
    return -1;
}

/* Runners of before 2023 do not say which family it is, and wait on ::1 where there is one. */
static int connect_any(const struct options *o, bool told)
{
    int fd = -1;

    if (o->ipv6 || !told)
        fd = connect_to(AF_INET6, (uint16_t)o->port);
    if (fd == -1 && !o->ipv6)
        fd = connect_to(AF_INET, (uint16_t)o->port);
    return fd;
}

static bool introduce(int fd, uint64_t id)
{
    uint8_t bytes[8];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(id >> (8 * i));
    return write(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes;
}

bool link_open(struct link *l, const struct options *o, bool told, long shim_id)
{
    l->bytewise = o->async;
    l->may_write = -1;
    l->fd = connect_any(o, told);
    if (l->fd == -1)
        return complain("cannot connect to port %ld", o->port);
    return !told || introduce(l->fd, (uint64_t)shim_id) || complain("cannot write");
}

/* With unread bytes about, closing would reset the connection, and an alert be lost. */
void link_close(struct link *l)
{
    uint8_t buf[4096];
    const struct timeval patience = {.tv_sec = 5};

    if (l->fd == -1)
        return;
    (void)setsockopt(l->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    (void)shutdown(l->fd, SHUT_WR);
    for (int i = 0; i < 64 && read(l->fd, buf, sizeof buf) > 0; i++)
        ;
    close(l->fd);
    l->fd = -1;
}

rustls_io_result link_read(void *link, uint8_t *buf, size_t n, size_t *out_n)
{
    const struct link *l = link;
    ssize_t got;

    do
        got = read(l->fd, buf, l->bytewise && n > 1 ? 1 : n);
    while (got == -1 && errno == EINTR);
    if (got == -1 && errno == ECONNRESET)
        got = 0;
    if (got == -1)
        return errno;
    *out_n = (size_t)got;
    return 0;
}

rustls_io_result link_write(void *link, const uint8_t *buf, size_t n, size_t *out_n)
{
    struct link *l = link;
    ssize_t put;

    if (l->may_write == 0)
        return EAGAIN;
    if (l->may_write > 0 && (size_t)l->may_write < n)
        n = (size_t)l->may_write;
    do
        put = write(l->fd, buf, l->bytewise && n > 1 ? 1 : n);
    while (put == -1 && errno == EINTR);
    if (put == -1)
        return errno;
    if (l->may_write > 0)
        l->may_write -= put;
    *out_n = (size_t)put;
    return 0;
}
