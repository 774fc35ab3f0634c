/* Memory: the allocations of our own in a handshake, and the heap that an idle connection holds,
 * libcrypto's part counted too. Counting needs hooks in libcrypto that must be set before it is
 * used, so that this runs in a process of its own. */
#include "base/mem.h"
#include "bench.h"
#include "tls.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Each block keeps its size in front. */
union head {
    size_t n;
    max_align_t align;
};

static size_t own_calls, bytes_held;

static void *counted(size_t n)
{
    union head *h = malloc(sizeof *h + n);

    if (h == NULL)
        return NULL;
    h->n = n;
    bytes_held += n;
    return h + 1;
}

static void *own_alloc(size_t n)
{
    own_calls++;
    return counted(n);
}

static void release(void *p)
{
    union head *h = (union head *)p - 1;

    bytes_held -= h->n;
    free(h);
}

static void *crypto_alloc(size_t n, const char *file, int line)
{
    (void)file;
    (void)line;
    return n == 0 ? NULL : counted(n);
}

static void crypto_free(void *p, const char *file, int line)
{
    (void)file;
    (void)line;
    if (p != NULL)
        release(p);
}

static void *crypto_realloc(void *p, size_t n, const char *file, int line)
{
    if (p == NULL)
        return crypto_alloc(n, file, line);
    if (n == 0) {
        crypto_free(p, file, line);
        return NULL;
    }
    size_t old = ((union head *)p - 1)->n;
    void *q = crypto_alloc(n, file, line);
    if (q != NULL) {
        memcpy(q, p, old < n ? old : n);
        crypto_free(p, file, line);
    }
    return q;
}

/* A connection of one side alone: the other is made first and not counted. */
static void measure(const struct tls_library *l, void *contexts, bool print)
{
    static struct wire up, down;
    size_t calls = own_calls, before = bytes_held;
    size_t client_calls = 0, server_calls = 0;

    up.start = up.end = down.start = down.end = 0;
    void *client = l->client(contexts);
    l->step(client, &down, &up);
    client_calls += own_calls - calls;
    calls = own_calls;
    void *server = l->server(contexts);
    for (unsigned turn = 0; turn < 3; turn++) {
        l->step(server, &up, &down);
        server_calls += own_calls - calls;
        calls = own_calls;
        l->step(client, &down, &up);
        client_calls += own_calls - calls;
        calls = own_calls;
    }
    size_t both = bytes_held - before;
    l->free(client);
    size_t of_server = bytes_held - before;
    if (print)
        (void)printf("%-34s  client %zu bytes  server %zu bytes", l->name, both - of_server,
                     of_server);
    if (print && client_calls != 0)
        (void)printf("  own allocations in the handshake: client %zu, server %zu", client_calls,
                     server_calls);
    if (print)
        (void)printf("\n");
    l->free(server);
}

static void measure_all(void)
{
    static const struct tls_setup setup = {.certificate = "p256", .version = 0x0304};
    static const struct tls_library *const libraries[] = {&bench_galvan, &bench_libssl};

    bench_want(CRYPTO_set_mem_functions(crypto_alloc, crypto_realloc, crypto_free) == 1,
               "libcrypto was used before");
    gv_mem_replace(own_alloc, release);
    (void)printf("an idle connection after a handshake (TLS 1.3, X25519, ECDSA P-256) holds\n");
    for (size_t i = 0; i < 2; i++) {
        void *contexts = libraries[i]->open(&setup);
        measure(libraries[i], contexts, false); /* what is made once for all is made here */
        measure(libraries[i], contexts, true);
        libraries[i]->close(contexts);
    }
}

void bench_memory(void)
{
    int status = 0;

    (void)fflush(stdout);
    pid_t child = fork();
    bench_want(child >= 0, "no process");
    if (child == 0) {
        measure_all();
        (void)fflush(stdout);
        _exit(0);
    }
    bench_want(waitpid(child, &status, 0) == child && status == 0, "the measurement fails");
}
