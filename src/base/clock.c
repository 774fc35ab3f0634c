/* The wall clock, over POSIX. */
#define _POSIX_C_SOURCE 200809L
#include "base/clock.h"

#include <time.h>

bool gv_clock_now(int64_t *out_ms)
{
    struct timespec t;
    if (clock_gettime(CLOCK_REALTIME, &t) != 0 || t.tv_sec < 0)
        return false;
    *out_ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
    return true;
}
