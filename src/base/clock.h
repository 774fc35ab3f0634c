/* The wall clock. Only connection/ and api/ ask it; everything below is told the time as a value. */
#ifndef GALVAN_BASE_CLOCK_H
#define GALVAN_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* Milliseconds since 1970-01-01T00:00:00Z. False where there is no clock, or it stands before 1970. */
bool gv_clock_now(int64_t *out_ms);

#endif
