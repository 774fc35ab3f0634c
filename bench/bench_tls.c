/* TLS in memory, on one processor: handshakes, each side's CPU time by itself, and bulk data. The two
 * libraries take turns, round after round, with the same certificates, groups and suites; medians
 * of the rounds, and their ratio. */
#include "bench.h"
#include "galvan.h"
#include "tls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 31, HANDSHAKES = 12, BULK_BYTES = 4 << 20, LIBRARIES = 2 };
enum side { CLIENT, SERVER };

static const struct tls_library *const libraries[LIBRARIES] = {&bench_galvan, &bench_libssl};

void wire_put(struct wire *w, const uint8_t *data, size_t n)
{
    if (w->start == w->end)
        w->start = w->end = 0;
    bench_want(n <= sizeof w->at - w->end, "the wire is full");
    memcpy(w->at + w->end, data, n);
    w->end += n;
}

size_t wire_take(struct wire *w, uint8_t *out, size_t cap)
{
    size_t n = w->end - w->start < cap ? w->end - w->start : cap;

    memcpy(out, w->at + w->start, n);
    w->start += n;
    return n;
}

void tls_separate(const struct tls_library *l, struct couple *p)
{
    l->free(p->client);
    l->free(p->server);
}

void tls_shake_hands(const struct tls_library *l, void *contexts, struct couple *p, double ns[2])
{
    double t0 = bench_now_ns(), t1;

    p->up.start = p->up.end = p->down.start = p->down.end = 0;
    p->client = l->client(contexts);
    l->step(p->client, &p->down, &p->up);
    ns[CLIENT] += (t1 = bench_now_ns()) - t0;
    p->server = l->server(contexts);
    for (unsigned turn = 0; turn < 3; turn++) {
        l->step(p->server, &p->up, &p->down);
        ns[SERVER] += (t0 = bench_now_ns()) - t1;
        l->step(p->client, &p->down, &p->up);
        ns[CLIENT] += (t1 = bench_now_ns()) - t0;
    }
    bench_want(l->is_done(p->client) && l->is_done(p->server), "the handshake does not end");
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, compare);
    return values[ROUNDS / 2];
}

static void handshake_round(size_t which, const struct tls_setup *setup, void *contexts,
                            double ns[2])
{
    static struct couple p;
    const struct tls_library *l = libraries[which];

    ns[CLIENT] = ns[SERVER] = 0;
    for (unsigned i = 0; i < HANDSHAKES; i++) {
        tls_shake_hands(l, contexts, &p, ns);
        bench_want(l->has_resumed(p.client) == setup->resumes, "it is not resumed as it should");
        tls_separate(l, &p);
    }
    ns[CLIENT] /= HANDSHAKES;
    ns[SERVER] /= HANDSHAKES;
}

/* A first full handshake, for the session that the rounds resume. */
static void warm_up(size_t which, void *contexts)
{
    static struct couple p;
    double ignored[2] = {0, 0};

    tls_shake_hands(libraries[which], contexts, &p, ignored);
    tls_separate(libraries[which], &p);
}

static void handshakes(const char *what, const struct tls_setup *setup)
{
    static double ns[LIBRARIES][2][ROUNDS];
    void *contexts[LIBRARIES];

    for (size_t i = 0; i < LIBRARIES; i++) {
        contexts[i] = libraries[i]->open(setup);
        if (contexts[i] != NULL)
            warm_up(i, contexts[i]);
    }
    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < LIBRARIES; i++) {
            double got[2] = {0, 0};
            if (contexts[i] != NULL)
                handshake_round(i, setup, contexts[i], got);
            ns[i][CLIENT][round] = got[CLIENT];
            ns[i][SERVER][round] = got[SERVER];
        }
    (void)printf("%-34s", what);
    for (enum side s = CLIENT; s <= SERVER; s++) {
        double ours = median(ns[0][s]), theirs = median(ns[1][s]);
        (void)printf("  %s galvan %.1f µs", s == CLIENT ? "client" : "server", ours / 1e3);
        if (theirs != 0)
            (void)printf(" libssl %.1f µs (%.2fx)", theirs / 1e3, theirs / ours);
    }
    (void)printf("\n");
    for (size_t i = 0; i < LIBRARIES; i++)
        if (contexts[i] != NULL)
            libraries[i]->close(contexts[i]);
}

/* ---- compressed certificates ----------------------------------------------------------------------- */

/* Bytes of a server's first flight. */
static size_t flight_bytes(const struct tls_library *l, void *contexts)
{
    static struct couple p;

    p.up.start = p.up.end = p.down.start = p.down.end = 0;
    p.client = l->client(contexts);
    p.server = l->server(contexts);
    l->step(p.client, &p.down, &p.up);
    l->step(p.server, &p.up, &p.down);
    const size_t n = p.down.end - p.down.start;
    tls_separate(l, &p);
    return n;
}

/* What it saves on the wire, and costs, when the chain has been compressed once and is kept. */
static void compressed_certificates(void)
{
    enum { FORMS = 3 };
    static const char *const names[FORMS] = {"plain", "brotli", "zlib"};
    static const uint16_t algorithms[FORMS] = {0, GALVAN_CERT_COMPRESSION_BROTLI,
                                               GALVAN_CERT_COMPRESSION_ZLIB};
    static double ns[FORMS][2][ROUNDS];
    struct tls_setup setups[FORMS];
    void *contexts[FORMS];

    for (size_t i = 1; i < FORMS; i++)
        if (galvan_cert_compression_name(algorithms[i]).len == 0) /* left out of this build */
            return;
    for (size_t i = 0; i < FORMS; i++) {
        setups[i] = (struct tls_setup){
            .certificate = "chain", .version = 0x0304, .compression = algorithms[i]};
        contexts[i] = bench_galvan.open(&setups[i]);
        warm_up(0, contexts[i]);
    }
    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < FORMS; i++) {
            double got[2] = {0, 0};
            handshake_round(0, &setups[i], contexts[i], got);
            ns[i][CLIENT][round] = got[CLIENT];
            ns[i][SERVER][round] = got[SERVER];
        }
    (void)printf("%-34s", "compressed certificates, two");
    for (size_t i = 0; i < FORMS; i++) {
        (void)printf("  %s %zu bytes, client %.1f µs, server %.1f µs", names[i],
                     flight_bytes(&bench_galvan, contexts[i]), median(ns[i][CLIENT]) / 1e3,
                     median(ns[i][SERVER]) / 1e3);
        bench_galvan.close(contexts[i]);
    }
    (void)printf("\n");
}

/* ---- bulk data --------------------------------------------------------------------------------------- */

static void bulk_round(const struct tls_library *l, struct couple *p, size_t piece, double ns[2])
{
    static uint8_t data[16384], out[16384];

    ns[0] = ns[1] = 0;
    for (size_t done = 0; done < BULK_BYTES; done += piece) {
        double t0 = bench_now_ns();
        l->send(p->client, data, piece, &p->up);
        double t1 = bench_now_ns();
        bench_want(l->receive(p->server, &p->up, out, sizeof out) == piece, "data is lost");
        ns[0] += t1 - t0;
        ns[1] += bench_now_ns() - t1;
    }
}

static void bulk(const char *what, uint16_t suite, size_t piece)
{
    static double ns[LIBRARIES][2][ROUNDS];
    static struct couple couples[LIBRARIES];
    const struct tls_setup setup = {.certificate = "p256", .version = 0x0304, .suite = suite};
    void *contexts[LIBRARIES];
    double got[2] = {0, 0};

    for (size_t i = 0; i < LIBRARIES; i++) {
        contexts[i] = libraries[i]->open(&setup);
        bench_want(contexts[i] != NULL, "the suite is not there");
        tls_shake_hands(libraries[i], contexts[i], &couples[i], got);
    }
    for (size_t round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < LIBRARIES; i++) {
            bulk_round(libraries[i], &couples[i], piece, got);
            ns[i][0][round] = got[0];
            ns[i][1][round] = got[1];
        }
    (void)printf("%-34s", what);
    for (unsigned way = 0; way < 2; way++) {
        double ours = median(ns[0][way]), theirs = median(ns[1][way]);
        (void)printf("  %s galvan %.0f MiB/s libssl %.0f MiB/s (%.2fx)",
                     way == 0 ? "send" : "receive", BULK_BYTES / 1048576.0 * 1e9 / ours,
                     BULK_BYTES / 1048576.0 * 1e9 / theirs, theirs / ours);
    }
    (void)printf("\n");
    for (size_t i = 0; i < LIBRARIES; i++) {
        tls_separate(libraries[i], &couples[i]);
        libraries[i]->close(contexts[i]);
    }
}

void bench_tls(void)
{
    static const struct tls_setup full13 = {.certificate = "p256", .version = 0x0304};
    static const struct tls_setup rsa13 = {.certificate = "rsa2048", .version = 0x0304};
    static const struct tls_setup hybrid13 = {
        .certificate = "p256", .version = 0x0304, .hybrid = true};
    static const struct tls_setup resumed13 = {
        .certificate = "p256", .version = 0x0304, .resumes = true};
    static const struct tls_setup full12 = {.certificate = "p256", .version = 0x0303};
    static const struct tls_setup resumed12 = {
        .certificate = "p256", .version = 0x0303, .resumes = true};

    handshakes("TLS 1.3, X25519, ECDSA P-256", &full13);
    handshakes("TLS 1.3, X25519, RSA 2048", &rsa13);
    handshakes("TLS 1.3, X25519MLKEM768, P-256", &hybrid13);
    handshakes("TLS 1.3, resumed", &resumed13);
    compressed_certificates();
    handshakes("TLS 1.2, X25519, ECDSA P-256", &full12);
    handshakes("TLS 1.2, resumed", &resumed12);
    bulk("AES-256-GCM, 16 KiB", 0x1302, 16384);
    bulk("AES-128-GCM, 16 KiB", 0x1301, 16384);
    bulk("ChaCha20-Poly1305, 16 KiB", 0x1303, 16384);
    bulk("AES-256-GCM, 1 KiB", 0x1302, 1024);
    bulk("AES-128-GCM, 1 KiB", 0x1301, 1024);
    bulk("ChaCha20-Poly1305, 1 KiB", 0x1303, 1024);
}
