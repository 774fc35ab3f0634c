/* Records the seeds of fuzz_client, fuzz_server, fuzz_record and fuzz_messages from whole connections of
 * ours: `fuzz-seeds fuzz/corpus`. They replay as they were, because clients and servers of a fuzzer do
 * what their input says and nothing else. */
#include "lib/fuzz_pair.h"
#include "wire/codepoints.h"

#include <stdio.h>
#include <stdlib.h>

enum { LOG_MAX = 1 << 16 };
struct log {
    uint8_t at[LOG_MAX];
    size_t len;
};

static void keep(struct log *log, struct span bytes)
{
    if (bytes.len > LOG_MAX - log->len)
        abort();
    span_copy(log->at + log->len, bytes);
    log->len += bytes.len;
}

static void write_seed(const char *folder, const char *fuzzer, const char *name, struct span bytes)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s/%s", folder, fuzzer, name);
    FILE *f = fopen(path, "wb");
    if (f == NULL || fwrite(bytes.at, 1, bytes.len, f) != bytes.len || fclose(f) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
}

/* What one side has written goes to the other, who works on it. */
static void move(struct bare *p, bool up, struct log *log)
{
    struct pipe *pipe = up ? &p->to_server : &p->to_client;
    bare_collect(up ? p->client : p->server, pipe);
    keep(log, span_of(pipe->at + pipe->start, pipe->end - pipe->start));
    fuzz_turn(up);
    bare_deliver(pipe, up ? p->server : p->client, up ? &p->server_err : &p->client_err);
}

/* A handshake, data and new keys both ways, and the end. */
static void live(struct bare *p, struct log *up, struct log *down)
{
    static uint8_t plain[64];
    size_t n;

    for (unsigned turn = 0; turn < 8; turn++) {
        move(p, true, up);
        move(p, false, down);
        if (turn == 3) {
            (void)gv_connection_refresh_keys(p->client);
            (void)gv_connection_write(p->client, span_str("ping"), &n);
            (void)gv_connection_write(p->server, span_str("pong"), &n);
        }
        (void)gv_connection_read(p->client, plain, sizeof plain, &n);
        (void)gv_connection_read(p->server, plain, sizeof plain, &n);
        if (turn == 5) {
            gv_connection_send_close_notify(p->client);
            gv_connection_send_close_notify(p->server);
        }
    }
    if (p->client_err != GV_OK || p->server_err != GV_OK || gv_connection_is_handshaking(p->client))
        abort();
}

static void record(const char *folder, const char *name, uint8_t options)
{
    static struct log up, down;
    struct bare *p = fuzz_pair(options);

    if (p == NULL)
        abort();
    up.len = down.len = 0;
    keep(&up, span_of(&options, 1));
    keep(&down, span_of(&options, 1));
    live(p, &up, &down);
    fuzz_pair_free(p);
    write_seed(folder, "server", name, span_of(up.at, up.len));
    write_seed(folder, "client", name, span_of(down.at, down.len));
    if ((options & FUZZ_REAL) != 0)
        return;
    down.at[0] = 0; /* in the clear; then opened by a fake cipher */
    write_seed(folder, "record", name, span_of(down.at, down.len));
}

/* Messages of a connection without secrecy: what stands in the fake provider's records. */
static void split(const char *folder, const char *name, uint8_t parser, struct span hex)
{
    static struct log seed;
    seed.len = 0;
    keep(&seed, span_of(&parser, 1));
    keep(&seed, hex);
    write_seed(folder, "messages", name, span_of(seed.at, seed.len));
}

/* The bodies of the handshake messages in a log, each under its parser's number. */
static void messages(const char *folder, const char *prefix, uint8_t options)
{
    static const struct {
        uint8_t type, parser;
        const char *name;
    } rows[] = {
        {MSG_CLIENT_HELLO, 0, "client-hello"},
        {MSG_SERVER_HELLO, 1, "server-hello"},
        {MSG_ENCRYPTED_EXTENSIONS, 2, "encrypted-extensions"},
        {MSG_CERTIFICATE_REQUEST, 3, "certificate-request"},
        {MSG_CERTIFICATE, 4, "certificate"},
        {MSG_CERTIFICATE_VERIFY, 5, "certificate-verify"},
        {MSG_NEW_SESSION_TICKET, 6, "new-session-ticket"},
        {MSG_KEY_UPDATE, 7, "key-update"},
        {MSG_COMPRESSED_CERTIFICATE, 10, "compressed-certificate"},
        {MSG_SERVER_KEY_EXCHANGE, 9, "server-key-exchange"},
        {MSG_CLIENT_KEY_EXCHANGE, 9, "client-key-exchange"},
    };
    static struct log up, down;
    struct bare *p = fuzz_pair(options);
    if (p == NULL)
        abort();
    up.len = down.len = 0;
    live(p, &up, &down);
    fuzz_pair_free(p);
    keep(&up, span_of(down.at, down.len));
    for (size_t at = 0; at + 9 < up.len;) {
        size_t len = (size_t)up.at[at + 3] << 8 | up.at[at + 4];
        struct span rest = span_of(up.at + at + 5, len);
        while (up.at[at] != CONTENT_ALERT && rest.len > HANDSHAKE_HEADER) {
            size_t n = (size_t)rest.at[1] << 16 | (size_t)rest.at[2] << 8 | rest.at[3];
            if (HANDSHAKE_HEADER + n > rest.len)
                break;
            for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                char name[96];
                bool old = (options & FUZZ_TLS12) != 0 && rows[i].type == MSG_CERTIFICATE;
                snprintf(name, sizeof name, "%s-%s", prefix, rows[i].name);
                if (rows[i].type == rest.at[0])
                    split(folder, name, old ? 8 : rows[i].parser,
                          span_of(rest.at + HANDSHAKE_HEADER, n));
            }
            rest = span_from(rest, HANDSHAKE_HEADER + n);
        }
        at += 5 + len;
    }
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "fuzz-seeds FOLDER\n");
        return EXIT_FAILURE;
    }
    for (uint8_t real = 0; real <= FUZZ_REAL; real++) {
        const char *const kind[] = {"fake", "real"};
        static const struct {
            const char *name;
            uint8_t options;
        } rows[] = {
            {"tls13", 0},
            {"tls13-client-certificate", FUZZ_CLIENT_AUTH},
            {"tls13-compressed", FUZZ_CLIENT_AUTH | FUZZ_COMPRESS},
            {"tls13-retry", FUZZ_RETRY},
            {"tls13-psk", FUZZ_PSK},
            {"tls13-psk-retry", FUZZ_PSK | FUZZ_RETRY},
            {"tls12", FUZZ_TLS12},
            {"tls12-client-certificate", FUZZ_TLS12 | FUZZ_CLIENT_AUTH},
            {"both-in-pieces", FUZZ_BOTH | FUZZ_PIECES},
        };
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            char name[96];
            snprintf(name, sizeof name, "%s-%s", kind[real], rows[i].name);
            record(argv[1], name, (uint8_t)(rows[i].options | real));
        }
    }
    messages(argv[1], "tls13", FUZZ_CLIENT_AUTH);
    messages(argv[1], "tls13-compressed", FUZZ_CLIENT_AUTH | FUZZ_COMPRESS);
    messages(argv[1], "tls13-retry", FUZZ_RETRY);
    messages(argv[1], "tls13-psk", FUZZ_PSK);
    messages(argv[1], "tls12", FUZZ_TLS12 | FUZZ_CLIENT_AUTH);
    return EXIT_SUCCESS;
}
