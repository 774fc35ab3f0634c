/* The one door to the heap. */
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static void *(*heap_alloc)(size_t n);
static void (*heap_release)(void *p);

void *gv_mem_alloc(size_t n)
{
    if (heap_alloc == NULL)
        return calloc(1, n);
    void *p = heap_alloc(n);
    return p == NULL ? NULL : memset(p, 0, n);
}

void *gv_mem_alloc_buffer(size_t n)
{
    return heap_alloc == NULL ? malloc(n) : heap_alloc(n);
}

void gv_mem_free(void *p)
{
    if (p == NULL)
        return;
    if (heap_release == NULL)
        free(p);
    else
        heap_release(p);
}

void gv_mem_replace(void *(*alloc)(size_t n), void (*release)(void *p))
{
    heap_alloc = alloc;
    heap_release = release;
}
