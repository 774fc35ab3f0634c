/* Processes, pipes and sockets for tests against other implementations. */
#include "lib/peer.h"

#include "lib/api.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { PEERS_MAX = 4, PROGRAM_MISSING = 127 };
static struct peer *peers[PEERS_MAX];
static const char port_mark[] = "{port}";

/* ---- waiting ------------------------------------------------------------------------------ */

static double now(void)
{
    struct timespec t;
    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool is_readable(int fd, int milliseconds)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, milliseconds) == 1;
}

static void nap(void)
{
    const struct timespec t = {.tv_nsec = 20 * 1000 * 1000};
    nanosleep(&t, NULL);
}

/* Reads what the peer says, waiting for some of it for that long; false at its end. */
static bool listen_to(struct peer *p, int milliseconds)
{
    if (!is_readable(p->output, milliseconds))
        return true;
    ssize_t n = read(p->output, p->said + p->said_len, sizeof p->said - 1 - p->said_len);
    if (n <= 0)
        return false;
    p->said_len += (size_t)n;
    p->said[p->said_len] = '\0';
    return true;
}

static void give_up(struct peer *p, const char *on)
{
    (void)fprintf(stderr, "the peer never said or did this: %s\nIt said:\n%s\n", on, p->said);
    fail();
}

/* ---- the process -------------------------------------------------------------------------- */

static struct peer *enroll(void)
{
    struct peer *p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->input = p->output = p->socket = -1;
    for (size_t i = 0; i < PEERS_MAX; i++)
        if (peers[i] == NULL) {
            peers[i] = p;
            return p;
        }
    fail_msg("more than %d peers at once", PEERS_MAX);
    return p;
}

/* The arguments with the port in them, in one static place. */
static char **with_port(const char *const *arguments, unsigned port)
{
    static char texts[PEER_ARGUMENTS][512];
    static char *list[PEER_ARGUMENTS + 1];
    size_t n = 0;
    for (; arguments[n] != NULL; n++) {
        assert_true(n < PEER_ARGUMENTS);
        const char *at = strstr(arguments[n], port_mark);
        int head = at == NULL ? (int)strlen(arguments[n]) : (int)(at - arguments[n]);
        (void)snprintf(texts[n], sizeof texts[n], "%.*s", head, arguments[n]);
        if (at != NULL)
            (void)snprintf(texts[n] + head, sizeof texts[n] - (size_t)head, "%u%s", port,
                           at + strlen(port_mark));
        list[n] = texts[n];
    }
    list[n] = NULL;
    return list;
}

/* False where there is no such program. */
static bool start(struct peer *p, const char *const *arguments, unsigned port)
{
    int in[2], out[2];
    posix_spawn_file_actions_t files;
    char **list = with_port(arguments, port);
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    assert_int_equal(posix_spawn_file_actions_init(&files), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&files, in[0], 0), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&files, out[1], 1), 0);
    assert_int_equal(posix_spawn_file_actions_adddup2(&files, out[1], 2), 0);
    /* Else it would hold its own input open, and never see its end. */
    assert_int_equal(posix_spawn_file_actions_addclose(&files, in[1]), 0);
    assert_int_equal(posix_spawn_file_actions_addclose(&files, out[0]), 0);
    int error = posix_spawnp(&p->pid, list[0], &files, NULL, list, environ);
    posix_spawn_file_actions_destroy(&files);
    close(in[0]);
    close(out[1]);
    p->input = in[1];
    p->output = out[0];
    if (error != 0)
        p->pid = 0;
    return error == 0;
}

static void close_all(struct peer *p)
{
    const int fds[] = {p->input, p->output, p->socket};
    for (size_t i = 0; i < 3; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    p->input = p->output = p->socket = -1;
}

static void end(struct peer *p)
{
    close_all(p);
    if (p->pid != 0) {
        kill(p->pid, SIGKILL);
        waitpid(p->pid, NULL, 0);
    }
    p->pid = 0;
}

void peer_stop(struct peer *p)
{
    end(p);
    for (size_t i = 0; i < PEERS_MAX; i++)
        if (peers[i] == p)
            peers[i] = NULL;
    free(p);
}

int peer_stop_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < PEERS_MAX; i++)
        if (peers[i] != NULL)
            peer_stop(peers[i]);
    return 0;
}

static void give_up_on(struct peer *p, const char *program)
{
    peer_stop(p);
    print_message("%s is not installed\n", program);
    skip();
}

/* ---- the connection ----------------------------------------------------------------------- */

static struct sockaddr_in loopback(unsigned port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

/* A socket at a port of the system's choice. */
static int bound(unsigned *port)
{
    struct sockaddr_in a = loopback(0);
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (const struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
    *port = ntohs(a.sin_port);
    return fd;
}

static bool connect_to(struct peer *p, unsigned port)
{
    const struct sockaddr_in a = loopback(port);
    p->socket = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(p->socket >= 0);
    if (connect(p->socket, (const struct sockaddr *)&a, sizeof a) == 0)
        return true;
    close(p->socket);
    p->socket = -1;
    return false;
}

/* False where it ended before it listened: somebody else may have been faster at the port. */
static bool reach(struct peer *p, unsigned port)
{
    double until = now() + PEER_PATIENCE;
    while (!connect_to(p, port)) {
        if (!listen_to(p, 0))
            return false;
        if (now() > until)
            give_up(p, "listen");
        nap();
    }
    return true;
}

struct peer *peer_server(const char *const *arguments)
{
    struct peer *p = enroll();
    unsigned port = 0;
    for (int tries = 0; tries < 5; tries++) {
        close(bound(&port));
        if (!start(p, arguments, port))
            give_up_on(p, arguments[0]);
        if (reach(p, port))
            return p;
        end(p);
    }
    give_up(p, "listen");
    return p;
}

struct peer *peer_client(const char *const *arguments)
{
    struct peer *p = enroll();
    unsigned port = 0;
    int listener = bound(&port);
    assert_int_equal(listen(listener, 1), 0);
    bool started = start(p, arguments, port);
    if (started && is_readable(listener, PEER_PATIENCE * 1000))
        p->socket = accept(listener, NULL, NULL);
    close(listener);
    if (!started)
        give_up_on(p, arguments[0]);
    if (p->socket < 0) {
        (void)listen_to(p, 0);
        give_up(p, "connect");
    }
    return p;
}

/* ---- moving bytes ------------------------------------------------------------------------- */

static int read_socket(void *peer, uint8_t *buf, size_t n, size_t *out_n)
{
    ssize_t got = recv(((struct peer *)peer)->socket, buf, n, 0);
    *out_n = got < 0 ? 0 : (size_t)got; /* a reset is an end as well */
    return 0;
}

static int write_socket(void *peer, const uint8_t *buf, size_t n, size_t *out_n)
{
    ssize_t sent = send(((struct peer *)peer)->socket, buf, n, MSG_NOSIGNAL);
    *out_n = sent < 0 ? n : (size_t)sent; /* nobody is there to read it */
    return 0;
}

static void flush(struct peer *p, struct rustls_connection *conn)
{
    while (rustls_connection_wants_write(conn)) {
        size_t n = 0;
        assert_int_equal(rustls_connection_write_tls(conn, write_socket, p, &n), 0);
    }
}

/* Waits for bytes, and works on them; writes what comes of it. */
static rustls_result turn(struct peer *p, struct rustls_connection *conn, double until)
{
    size_t n = 0;
    while (!is_readable(p->socket, 100)) {
        (void)listen_to(p, 0);
        if (now() > until)
            give_up(p, "answer");
    }
    assert_int_equal(rustls_connection_read_tls(conn, read_socket, p, &n), 0);
    rustls_result result = rustls_connection_process_new_packets(conn);
    if (result == RUSTLS_RESULT_OK && n == 0 && rustls_connection_is_handshaking(conn))
        result = RUSTLS_RESULT_UNEXPECTED_EOF;
    flush(p, conn);
    return result;
}

rustls_result peer_turn(struct peer *p, struct rustls_connection *conn)
{
    return turn(p, conn, now() + PEER_PATIENCE);
}

rustls_result peer_handshake(struct peer *p, struct rustls_connection *conn)
{
    double until = now() + PEER_PATIENCE;
    rustls_result result = RUSTLS_RESULT_OK;
    flush(p, conn);
    while (result == RUSTLS_RESULT_OK && rustls_connection_is_handshaking(conn))
        result = turn(p, conn, until);
    return result;
}

void peer_type(struct peer *p, const char *line)
{
    assert_int_equal(write(p->input, line, strlen(line)), strlen(line));
    assert_int_equal(write(p->input, "\n", 1), 1);
}

const char *peer_says(struct peer *p, const char *text)
{
    double until = now() + PEER_PATIENCE;
    bool more = true;
    const char *at = strstr(p->said, text);
    while (at == NULL) {
        if (!more || now() > until)
            give_up(p, text);
        more = listen_to(p, 100);
        at = strstr(p->said, text);
    }
    return at + strlen(text);
}

void peer_hears(struct peer *p, struct rustls_connection *conn, const char *text)
{
    double until = now() + PEER_PATIENCE;
    uint8_t got[256];
    size_t want = strlen(text), len = 0, n = 0;
    assert_true(want <= sizeof got);
    while (len < want) {
        rustls_result result = rustls_connection_read(conn, got + len, want - len, &n);
        if (result == RUSTLS_RESULT_PLAINTEXT_EMPTY) {
            assert_ok(turn(p, conn, until));
            continue;
        }
        assert_ok(result);
        assert_true(n != 0);
        len += n;
    }
    assert_memory_equal(got, text, want);
}

void peer_sends(struct peer *p, struct rustls_connection *conn, const char *text)
{
    size_t n = 0;
    assert_ok(rustls_connection_write(conn, (const uint8_t *)text, strlen(text), &n));
    assert_int_equal(n, strlen(text));
    flush(p, conn);
    (void)peer_says(p, text);
}
