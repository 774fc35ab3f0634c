/* A web server of several processes that keep their TLS sessions in Redis: a client that met one of
 * them resumes at any other, on this machine or elsewhere. It answers every request with how the
 * connection was made and by which process.
 *
 * Each process serves one connection at a time, for SECONDS at most, so that what matters here, a
 * config with a store, is not lost in an event loop. */
#include "redis_store.h"
#include "tls_io.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS = 5, WORKERS_MAX = 64, REQUEST_MAX = 4096 };

static void must(rustls_result result, const char *what)
{
    char text[256];
    size_t n;
    if (result == RUSTLS_RESULT_OK)
        return;
    rustls_error(result, text, sizeof text, &n);
    (void)fprintf(stderr, "%s: %.*s\n", what, (int)n, text);
    exit(2);
}

static const struct rustls_server_config *make_config(const char *cert_path, const char *key_path)
{
    size_t cert_len, key_len;
    char *cert = read_file(cert_path, &cert_len), *key = read_file(key_path, &key_len);
    const struct rustls_certified_key *certified = NULL;
    const struct rustls_server_config *config = NULL;
    struct rustls_server_config_builder *builder = rustls_server_config_builder_new();

    must(rustls_certified_key_build((uint8_t *)cert, cert_len, (uint8_t *)key, key_len, &certified),
         cert_path);
    must(rustls_server_config_builder_set_certified_keys(builder, &certified, 1), cert_path);
    /* This is all that sharing sessions takes. */
    rustls_server_config_builder_set_persistence(builder, redis_store_get, redis_store_put);
    must(rustls_server_config_builder_build(builder, &config), "config");
    rustls_certified_key_free(certified);
    free(cert);
    free(key);
    return config;
}

/* Reads until an empty line ends the request. */
static bool read_request(struct tls *t)
{
    char request[REQUEST_MAX + 1];
    size_t len = 0, n;
    do {
        if (!tls_step(t) || !tls_read(t, request + len, REQUEST_MAX - len, &n))
            return false;
        len += n;
        request[len] = '\0';
    } while (strstr(request, "\r\n\r\n") == NULL && len < REQUEST_MAX);
    return len < REQUEST_MAX;
}

static bool answer(struct tls *t)
{
    char body[128], head[256];
    size_t n;
    int body_len =
        snprintf(body, sizeof body, "%s, process %ld\n", tls_kind(t->conn), (long)getpid());
    int head_len = snprintf(head, sizeof head,
                            "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n"
                            "Content-Length: %d\r\nConnection: close\r\n\r\n",
                            body_len);
    (void)rustls_connection_write(t->conn, (uint8_t *)head, (size_t)head_len, &n);
    (void)rustls_connection_write(t->conn, (uint8_t *)body, (size_t)body_len, &n);
    rustls_connection_send_close_notify(t->conn);
    return tls_flush(t);
}

static void serve(const struct rustls_server_config *config, int fd, struct redis_store *store)
{
    struct rustls_connection *conn = NULL;
    struct tls t;
    if (rustls_server_connection_new(config, &conn) != RUSTLS_RESULT_OK) {
        (void)close(fd);
        return;
    }
    rustls_connection_set_userdata(conn, store); /* what the callbacks are given */
    tls_begin(&t, conn, fd, SECONDS);
    if (read_request(&t))
        (void)answer(&t);
    tls_end(&t);
}

/* A worker connects to Redis by itself: a connection must not be shared across fork(). It ends when
 * its parent does, which closes the other end of `parent`. */
static void work(const struct rustls_server_config *config, int listener, int parent, char *redis)
{
    struct redis_store store;
    struct pollfd p[] = {{listener, POLLIN, 0}, {parent, POLLIN, 0}};
    if (!redis_store_init(&store, redis))
        return;
    while (p[1].revents == 0) {
        int fd = poll(p, 2, -1) > 0 && p[0].revents != 0 ? accept(listener, NULL, NULL) : -1;
        if (fd >= 0)
            serve(config, fd, &store);
    }
    redis_store_drop(&store);
}

static int listen_on(long port)
{
    const int on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0 || /* another worker may be faster */
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, SOMAXCONN) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        perror("listen");
        exit(2);
    }
    (void)printf("listening on 127.0.0.1:%d\n", ntohs(address.sin_port));
    (void)fflush(stdout);
    return fd;
}

/* The workers inherit config and listener. */
static void run(const struct rustls_server_config *config, int listener, char *redis, long workers)
{
    int alive[2]; /* nothing is ever written; the parent alone holds the end that could */
    if (pipe(alive) != 0)
        return;
    for (long i = 0; i < workers; i++) {
        pid_t pid = fork();
        if (pid < 0)
            return;
        if (pid == 0) {
            (void)close(alive[1]);
            work(config, listener, alive[0], redis);
            exit(0);
        }
    }
    while (wait(NULL) > 0)
        continue;
}

int main(int argc, char **argv)
{
    struct redis_store check;
    char *end = NULL;
    long port = argc < 5 ? -1 : strtol(argv[1], &end, 10);
    long workers = argc < 6 ? 1 : strtol(argv[5], NULL, 10);
    if (argc < 5 || *end != '\0' || port < 0 || port > 65535 || workers < 1 ||
        workers > WORKERS_MAX) {
        (void)fprintf(stderr,
                      "usage: %s PORT CERT.pem KEY.pem REDIS [WORKERS]\n"
                      "REDIS is host:port or /path/to/socket; port 0 takes a free one\n",
                      argv[0]);
        return 2;
    }
    char *copy = strdup(argv[4]);
    if (copy == NULL || !redis_store_init(&check, copy)) {
        (void)fprintf(stderr, "%s: neither host:port nor /path\n", argv[4]);
        return 2;
    }
    free(copy);
    (void)signal(SIGPIPE, SIG_IGN); /* hiredis writes to a Redis that may have gone */
    const struct rustls_server_config *config = make_config(argv[2], argv[3]);
    run(config, listen_on(port), argv[4], workers);
    rustls_server_config_free(config);
    return 0;
}
