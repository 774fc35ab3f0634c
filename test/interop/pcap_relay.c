/* Stands between a client and a server and writes down what they say to each other, as a capture
 * file of TCP over IPv4 from port 40000 and following to port 443: pcap_relay FILE PORT. Says where
 * it listens, takes one connection after the other, and passes it on to PORT of 127.0.0.1. So a
 * test has captures without the rights that capturing takes. For test scripts. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CLIENT, SERVER, BOTH };
enum { SYN = 2, ACK = 16, HEADERS = 40, PIECE = 16384, FIRST_PORT = 40000, LINK_IPV4 = 228 };

static FILE *capture;
static uint16_t client_port = FIRST_PORT;
static uint32_t sequence[BOTH]; /* the next byte of each side */

static void want(bool ok, const char *what)
{
    if (ok)
        return;
    perror(what);
    exit(1);
}

static uint8_t *put(uint8_t *at, uint32_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        at[i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
    return at + bytes;
}

/* The header of a capture file, and that of a packet in it, are in the writer's byte order. */
static void begin_capture(const char *path)
{
    const struct {
        uint32_t magic;
        uint16_t major, minor;
        uint32_t reserved[2], longest, link;
    } header = {0xa1b2c3d4, 2, 4, {0, 0}, HEADERS + PIECE, LINK_IPV4};

    capture = fopen(path, "wb");
    want(capture != NULL && fwrite(&header, sizeof header, 1, capture) == 1, path);
}

/* RFC 791 section 3.1, RFC 9293 section 3.1; without checksums, which nobody asks for. */
static void note(int from, uint8_t flags, const uint8_t *data, size_t len)
{
    const uint16_t ports[BOTH] = {client_port, 443};
    const uint32_t size = (uint32_t)(HEADERS + len);
    struct timespec t;
    uint8_t headers[HEADERS] = {0}, *at = headers;

    (void)clock_gettime(CLOCK_REALTIME, &t);
    const uint32_t packet[] = {(uint32_t)t.tv_sec, (uint32_t)(t.tv_nsec / 1000), size, size};
    at = put(at, 0x4500, 2);
    at = put(at, size, 2);
    at = put(at, 0, 4);
    at = put(at, 64u << 24 | IPPROTO_TCP << 16, 4);
    at = put(at, 0x0a000001u + (uint32_t)from, 4);
    at = put(at, 0x0a000001u + (uint32_t)!from, 4);
    at = put(at, ports[from], 2);
    at = put(at, ports[!from], 2);
    at = put(at, sequence[from], 4);
    at = put(at, (flags & ACK) != 0 ? sequence[!from] : 0, 4);
    at = put(at, 0x5000u | flags, 2);
    (void)put(at, 0xffff, 2);
    want(fwrite(packet, sizeof packet, 1, capture) == 1 &&
             fwrite(headers, sizeof headers, 1, capture) == 1 &&
             fwrite(data, 1, len, capture) == len && fflush(capture) == 0,
         "capture");
    sequence[from] += (uint32_t)len + ((flags & SYN) != 0);
}

static void note_beginning(void)
{
    sequence[CLIENT] = 1000;
    sequence[SERVER] = 2000;
    note(CLIENT, SYN, NULL, 0);
    note(SERVER, SYN | ACK, NULL, 0);
    note(CLIENT, ACK, NULL, 0);
}

/* Passes on what one side said; false at its end. */
static bool pass(const int fd[BOTH], int from)
{
    uint8_t data[PIECE];
    ssize_t n = recv(fd[from], data, sizeof data, 0);

    if (n <= 0) {
        (void)shutdown(fd[!from], SHUT_WR);
        return false;
    }
    note(from, ACK, data, (size_t)n);
    for (ssize_t done = 0, sent; done < n; done += sent)
        if ((sent = send(fd[!from], data + done, (size_t)(n - done), MSG_NOSIGNAL)) <= 0)
            return false;
    return true;
}

static void relay(const int fd[BOTH])
{
    struct pollfd p[BOTH] = {{.fd = fd[CLIENT], .events = POLLIN},
                             {.fd = fd[SERVER], .events = POLLIN}};

    note_beginning();
    while (p[CLIENT].fd >= 0 || p[SERVER].fd >= 0) {
        want(poll(p, BOTH, -1) > 0, "poll");
        for (int i = 0; i < BOTH; i++)
            if (p[i].fd >= 0 && p[i].revents != 0 && !pass(fd, i))
                p[i].fd = -1;
    }
}

static struct sockaddr_in loopback(long port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static int listener(void)
{
    struct sockaddr_in a = loopback(0);
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    want(fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof a) == 0 && listen(fd, 8) == 0 &&
             getsockname(fd, (struct sockaddr *)&a, &len) == 0,
         "listen");
    (void)printf("listening on 127.0.0.1:%d\n", ntohs(a.sin_port));
    want(fflush(stdout) == 0, "stdout");
    return fd;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    begin_capture(argv[1]);
    const struct sockaddr_in to = loopback(strtol(argv[2], NULL, 10));
    for (int here = listener();; client_port++) {
        int fd[BOTH] = {accept(here, NULL, NULL), socket(AF_INET, SOCK_STREAM, 0)};
        want(fd[CLIENT] >= 0 && fd[SERVER] >= 0 &&
                 connect(fd[SERVER], (const struct sockaddr *)&to, sizeof to) == 0,
             "connect");
        relay(fd);
        (void)close(fd[CLIENT]);
        (void)close(fd[SERVER]);
    }
}
