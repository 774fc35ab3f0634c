/* Measuring: rounds, and the middle one of them. */
#include "bench.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 41, ROUND_NS = 2000000, RUNS_MAX = 1 << 20 };

double bench_now_ns(void)
{
    struct timespec t;
    bench_want(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0, "the clock cannot be read");
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

void bench_want(bool ok, const char *why)
{
    if (ok)
        return;
    (void)fprintf(stderr, "bench: %s\n", why);
    exit(EXIT_FAILURE);
}

static double time_runs(const struct contender *c, size_t runs)
{
    double begin = bench_now_ns();
    for (size_t i = 0; i < runs; i++)
        bench_want(c->run(c->context), c->name);
    return (bench_now_ns() - begin) / (double)runs;
}

/* How many runs make a round; 0 where the contender is not there. */
static size_t runs_of(const struct contender *c)
{
    if (!c->run(c->context))
        return 0;
    double once = time_runs(c, 1);
    size_t runs = once < 1 ? RUNS_MAX : (size_t)(ROUND_NS / once) + 1;
    return runs < RUNS_MAX ? runs : RUNS_MAX;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void bench_measure(struct contender *c, size_t count)
{
    static double rounds[CONTENDERS_MAX][ROUNDS];
    size_t runs[CONTENDERS_MAX];
    bench_want(count <= CONTENDERS_MAX, "too many contenders");
    for (size_t i = 0; i < count; i++)
        runs[i] = runs_of(&c[i]);
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < count; i++)
            rounds[i][round] = runs[i] == 0 ? 0 : time_runs(&c[i], runs[i]);
    }
    for (size_t i = 0; i < count; i++) {
        qsort(rounds[i], ROUNDS, sizeof rounds[i][0], compare);
        c[i].median_ns = rounds[i][ROUNDS / 2];
    }
}

void bench_compare(const char *what, struct contender *c, size_t count)
{
    bench_measure(c, count);
    (void)printf("%-50s", what);
    for (size_t i = 0; i < count; i++) {
        if (c[i].median_ns != 0)
            (void)printf("  %s %.2f µs", c[i].name, c[i].median_ns / 1e3);
    }
    (void)printf("\n");
}
