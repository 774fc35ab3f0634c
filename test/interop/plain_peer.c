/* A TCP peer that speaks no TLS, for test scripts:
 *
 *   plain_peer serve text|close|hang    accepts connections on a free port of 127.0.0.1, which it
 *                                       prints, one after the other
 *   plain_peer call PORT text|close|hang
 *
 * `text` sends a line of something else, `close` ends its output at once, `hang` keeps silent; all
 * wait for the other side to close, then end with 0. What comes meanwhile goes to standard output. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char text[] = "220 no TLS here\r\n";

static void talk(int fd, const char *how)
{
    char buf[4096];
    ssize_t n;
    if (strcmp(how, "text") == 0 && write(fd, text, sizeof text - 1) < 0)
        return;
    /* Not close(): with bytes of the other side unread, that would be a reset instead of an end. */
    if (strcmp(how, "close") == 0 && shutdown(fd, SHUT_WR) != 0)
        return;
    while ((n = read(fd, buf, sizeof buf)) > 0) {
        if (write(STDOUT_FILENO, buf, (size_t)n) < 0)
            return;
    }
}

static struct sockaddr_in loopback(unsigned port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((in_port_t)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static int serve(const char *how)
{
    struct sockaddr_in a = loopback(0);
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 8) != 0 ||
        getsockname(fd, (struct sockaddr *)&a, &len) != 0)
        return 1;
    printf("listening on 127.0.0.1:%u\n", ntohs(a.sin_port));
    fflush(stdout);
    for (int client; (client = accept(fd, NULL, NULL)) >= 0;) {
        talk(client, how);
        close(client);
    }
    return 1;
}

static int call(const char *port, const char *how)
{
    struct sockaddr_in a = loopback((unsigned)strtoul(port, NULL, 10));
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) != 0)
        return 1;
    talk(fd, how);
    return close(fd);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "serve") == 0)
        return serve(argv[2]);
    if (argc == 4 && strcmp(argv[1], "call") == 0)
        return call(argv[2], argv[3]);
    return 2;
}
