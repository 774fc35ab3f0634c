/* The one door to the heap: every allocation of the library's own goes through here, so that it
 * can be counted, replaced, and made to fail in turn. */
#ifndef GALVAN_BASE_MEM_H
#define GALVAN_BASE_MEM_H

#include <stddef.h>

/* Zeroed memory aligned for any type, or NULL. n is never 0. */
void *gv_mem_alloc(size_t n);

/* The same, not zeroed: for buffers, which are written before they are read. */
void *gv_mem_alloc_buffer(size_t n);

/* Frees what they gave; NULL is fine. Does not wipe: that is the owner's business. */
void gv_mem_free(void *p);

/* Replaces the heap underneath for the whole process. Call it before anything else of the library;
 * it is not safe beside other calls. NULL and NULL bring the C library's heap back. */
void gv_mem_replace(void *(*alloc)(size_t n), void (*release)(void *p));

#endif
