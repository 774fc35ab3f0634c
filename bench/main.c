/* galvan-bench: runs all scenarios, or those whose names are given. */
#include "bench.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    void (*run)(void);
} scenarios[] = {
    {"pki", bench_pki},
};

static bool is_wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], name) == 0)
            return true;
    }
    return argc < 2;
}

int main(int argc, char **argv)
{
    for (size_t i = 0; i < sizeof scenarios / sizeof *scenarios; i++) {
        if (is_wanted(scenarios[i].name, argc, argv))
            scenarios[i].run();
    }
    return fflush(stdout) == 0 ? 0 : 1;
}
