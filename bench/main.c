/* galvan-bench: runs all scenarios, or those whose names are given. */
#include "bench.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    void (*run)(void);
} scenarios[] = {
    {"memory", bench_memory}, /* first: it needs a libcrypto that was not used */
    {"tls", bench_tls},       {"threads", bench_threads},
    {"mlkem", bench_mlkem},   {"pki", bench_pki},
};

static bool is_wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], name) == 0)
            return true;
    }
    return argc < 2;
}

static cpu_set_t all; /* that we may run on */

/* One processor for all rounds. */
static void pin(void)
{
    cpu_set_t one;

    CPU_ZERO(&all);
    (void)sched_getaffinity(0, sizeof all, &all);
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    (void)sched_setaffinity(0, sizeof one, &one); /* where it may not, the medians are noisier */
}

void bench_unpin(void)
{
    (void)sched_setaffinity(0, sizeof all, &all);
}

int main(int argc, char **argv)
{
    pin();
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        if (is_wanted(scenarios[i].name, argc, argv))
            scenarios[i].run();
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
