/* A heap that counts, and fails when told to. Give its first two functions to gv_mem_replace or to
 * galvan_set_memory_functions. Any thread may use it. */
#ifndef GALVAN_TEST_HEAP_H
#define GALVAN_TEST_HEAP_H

#include <stddef.h>

void *heap_alloc(size_t n);
void heap_release(void *p);

/* Bytes of a block that is out. */
size_t heap_size(const void *p);

/* Blocks that are out now; all calls of heap_alloc so far. */
size_t heap_live(void);
size_t heap_calls(void);

/* Bytes that are out now, and the most that ever were since heap_reset_peak. */
size_t heap_bytes(void);
size_t heap_peak(void);
void heap_reset_peak(void);

/* Lets the nth call of heap_alloc from now on (1 is the next) answer NULL; 0: none. */
void heap_fail_at(size_t n);

#endif
