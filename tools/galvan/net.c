/* TCP over POSIX sockets that do not block. */
#include "net.h"

#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { BACKLOG = 512, PARTS_MAX = 64 };

double net_now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int net_read(void *wire, uint8_t *buf, size_t n, size_t *out_n)
{
    struct wire *w = wire;
    ssize_t got;
    do
        got = recv(w->fd, buf, n, 0);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno;
    w->in += (unsigned long long)got;
    w->ended = got == 0;
    *out_n = (size_t)got;
    return 0;
}

int net_write(void *wire, const struct rustls_iovec *parts, size_t count, size_t *out_n)
{
    struct wire *w = wire;
    struct iovec some[PARTS_MAX];
    struct msghdr message = {.msg_iov = some};
    message.msg_iovlen = count < PARTS_MAX ? count : PARTS_MAX;
    memcpy(some, parts, message.msg_iovlen * sizeof *some);
    ssize_t sent;
    do
        sent = sendmsg(w->fd, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    if (sent < 0)
        return errno;
    w->out += (unsigned long long)sent;
    *out_n = (size_t)sent;
    return 0;
}

static void write_address(char out[ADDRESS_TEXT], const struct sockaddr *address, socklen_t len)
{
    char host[ADDRESS_TEXT - 10], port[PORT_TEXT];
    const int numeric = NI_NUMERICHOST | NI_NUMERICSERV;
    if (getnameinfo(address, len, host, sizeof host, port, sizeof port, numeric) != 0)
        (void)snprintf(out, ADDRESS_TEXT, "?");
    else if (address->sa_family == AF_INET6)
        (void)snprintf(out, ADDRESS_TEXT, "[%s]:%s", host, port);
    else
        (void)snprintf(out, ADDRESS_TEXT, "%s:%s", host, port);
}

/* Records are written whole, so that there is nothing to wait for. */
static bool prepare(int fd)
{
    const int on = 1;
    int flags = fcntl(fd, F_GETFL);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    return flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0;
}

/* 0 where the socket got connected in time, else an errno value. */
static int await_connection(int fd, double timeout)
{
    const double end = net_now() + timeout;
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    int ready, error = 0;
    do {
        double left = end - net_now();
        ready = poll(&p, 1, left > 0 ? (int)left + 1 : 0);
    } while (ready < 0 && errno == EINTR);
    if (ready == 0)
        return ETIMEDOUT;
    socklen_t len = sizeof error;
    if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
        return errno;
    return error;
}

/* The socket, or -1 with errno. */
static int connect_to(const struct addrinfo *a, double timeout)
{
    int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol), error = 0;
    if (fd < 0)
        return -1;
    if (!prepare(fd) || connect(fd, a->ai_addr, a->ai_addrlen) != 0)
        error = errno == EINPROGRESS ? await_connection(fd, timeout) : errno;
    if (error == 0)
        return fd;
    (void)close(fd);
    errno = error;
    return -1;
}

static struct addrinfo *resolve(const struct endpoint *e, int flags)
{
    struct addrinfo *list = NULL;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV | flags};
    int error = getaddrinfo(e->host, e->port, &hints, &list);
    if (error == 0)
        return list;
    tool_complain("cannot find the address of \"%s\": %s", e->host,
                  error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error));
    return NULL;
}

int net_connect(const struct endpoint *to, double timeout, char address[ADDRESS_TEXT])
{
    struct addrinfo *list = resolve(to, 0);
    int fd = -1, error = 0, left = 0;
    if (list == NULL)
        return -1;
    for (const struct addrinfo *a = list; a != NULL; a = a->ai_next)
        left++;
    const double end = net_now() + timeout;
    for (const struct addrinfo *a = list; fd < 0 && a != NULL; a = a->ai_next) {
        /* An address that never answers leaves their share of the time to those behind it. */
        fd = connect_to(a, (end - net_now()) / left--);
        error = errno;
        write_address(address, a->ai_addr, a->ai_addrlen);
    }
    freeaddrinfo(list);
    if (fd < 0)
        tool_complain("cannot connect to %s port %s (%s): %s", to->host, to->port, address,
                      strerror(error));
    return fd;
}

static int listen_at(const struct addrinfo *a)
{
    const int on = 1;
    int fd = socket(a->ai_family, a->ai_socktype, a->ai_protocol);
    if (fd < 0)
        return -1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (prepare(fd) && bind(fd, a->ai_addr, a->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int error = errno;
    (void)close(fd);
    errno = error;
    return -1;
}

int net_listen(const struct endpoint *at, char address[ADDRESS_TEXT])
{
    struct addrinfo *list = resolve(at, AI_PASSIVE);
    struct sockaddr_storage here;
    socklen_t len = sizeof here;
    if (list == NULL)
        return -1;
    int fd = listen_at(list);
    int error = errno;
    freeaddrinfo(list);
    if (fd < 0) {
        tool_complain("cannot listen on %s port %s: %s", at->host, at->port, strerror(error));
        return -1;
    }
    if (getsockname(fd, (struct sockaddr *)&here, &len) == 0)
        write_address(address, (const struct sockaddr *)&here, len);
    return fd;
}

int net_accept(int listener, char address[ADDRESS_TEXT])
{
    struct sockaddr_storage from;
    socklen_t len = sizeof from;
    int fd = accept(listener, (struct sockaddr *)&from, &len);
    if (fd < 0)
        return -1;
    if (!prepare(fd)) {
        int error = errno;
        (void)close(fd);
        errno = error;
        return -1;
    }
    write_address(address, (const struct sockaddr *)&from, len);
    return fd;
}
