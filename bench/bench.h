/* Benchmarks: contenders that do the same run in turn, round after round, so that whatever else the
 * machine does falls on all of them; the median round counts, in CPU time of the thread. */
#ifndef GALVAN_BENCH_BENCH_H
#define GALVAN_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>

enum { CONTENDERS_MAX = 6 };

struct contender {
    const char *name;
    /* Does it once. False where it is not there; it is then left out. Stops the program where it
     * is there and fails. */
    bool (*run)(void *context);
    void *context;
    double median_ns; /* answered: of one run; 0 where it was left out */
};

/* Measures, each round long enough for the clock. */
void bench_measure(struct contender *c, size_t count);

/* Measures, and prints a line: what, and each contender's time in µs. */
void bench_compare(const char *what, struct contender *c, size_t count);

/* CPU time of this thread, in ns. */
double bench_now_ns(void);

/* Lets this thread run on every processor that the program has; at first it is one, for all. */
void bench_unpin(void);

/* Stops the program, saying why, where ok is false. */
void bench_want(bool ok, const char *why);

/* The scenarios: each prints its lines. */
void bench_memory(void);
void bench_tls(void);
void bench_threads(void);
void bench_mlkem(void);
void bench_pki(void);

#endif
