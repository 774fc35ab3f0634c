/* Handshakes a second of one thread and of two, which share one client config and one server config: what
 * their locks cost. By the clock on the wall, so it tells little where the machine has other work. */
#include "bench.h"
#include "tls.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { THREADS = 2, ROUNDS = 15, HANDSHAKES = 200 };

struct work {
    const struct tls_library *library;
    void *contexts;
};

static double wall_ns(void)
{
    struct timespec t;

    bench_want(clock_gettime(CLOCK_MONOTONIC, &t) == 0, "the clock cannot be read");
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void *shake_often(void *of)
{
    const struct work *w = of;
    struct couple *p = calloc(1, sizeof *p);
    double ignored[2] = {0, 0};

    bench_want(p != NULL, "no memory");
    bench_unpin();
    for (unsigned i = 0; i < HANDSHAKES; i++) {
        tls_shake_hands(w->library, w->contexts, p, ignored);
        tls_separate(w->library, p);
    }
    free(p);
    return NULL;
}

/* Handshakes a second of so many threads. */
static double measure(struct work *w, unsigned threads)
{
    pthread_t at[THREADS];
    const double begin = wall_ns();

    for (unsigned i = 0; i < threads; i++)
        bench_want(pthread_create(&at[i], NULL, shake_often, w) == 0, "no thread");
    for (unsigned i = 0; i < threads; i++)
        bench_want(pthread_join(at[i], NULL) == 0, "a thread is lost");
    return threads * HANDSHAKES * 1e9 / (wall_ns() - begin);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void scale(const struct tls_library *library, const struct tls_setup *setup)
{
    struct work w = {library, library->open(setup)};
    double rates[THREADS][ROUNDS];

    bench_want(w.contexts != NULL, "the setup is not there");
    for (unsigned round = 0; round < ROUNDS; round++)
        for (unsigned threads = 1; threads <= THREADS; threads++)
            rates[threads - 1][round] = measure(&w, threads);
    for (unsigned i = 0; i < THREADS; i++)
        qsort(rates[i], ROUNDS, sizeof rates[i][0], compare);
    const double one = rates[0][ROUNDS / 2], two = rates[1][ROUNDS / 2];
    (void)printf("  %s 1 thread %.0f/s 2 threads %.0f/s (%.2fx)", library->name, one, two,
                 two / one);
    library->close(w.contexts);
}

void bench_threads(void)
{
    static const struct tls_setup full = {.certificate = "p256", .version = 0x0304};
    static const struct tls_setup resumed[] = {
        {.certificate = "p256", .version = 0x0304, .resumes = true},
        {.certificate = "p256", .version = 0x0303, .resumes = true},
    };

    (void)printf("%-34s", "TLS 1.3, one config, full");
    scale(&bench_galvan, &full);
    scale(&bench_libssl, &full);
    (void)printf("\n%-34s", "TLS 1.3, one config, resumed");
    scale(&bench_galvan, &resumed[0]);
    (void)printf("\n%-34s", "TLS 1.2, one config, resumed");
    scale(&bench_galvan, &resumed[1]);
    (void)printf("\n");
}
