/* The tests' heap: the C library's, with each block's size kept before it. */
#include "lib/heap.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

union head {
    size_t n;
    max_align_t align;
};

static atomic_size_t live, calls, bytes, peak, fail_in;

static int must_fail(void)
{
    size_t left = atomic_load(&fail_in);
    while (left != 0)
        if (atomic_compare_exchange_weak(&fail_in, &left, left - 1))
            return left == 1;
    return 0;
}

void *heap_alloc(size_t n)
{
    atomic_fetch_add(&calls, 1);
    union head *h = must_fail() ? NULL : malloc(sizeof *h + n);
    if (h == NULL)
        return NULL;
    h->n = n;
    atomic_fetch_add(&live, 1);
    size_t now = atomic_fetch_add(&bytes, n) + n, most = atomic_load(&peak);
    while (now > most && !atomic_compare_exchange_weak(&peak, &most, now))
        continue;
    return h + 1;
}

void heap_release(void *p)
{
    union head *h = (union head *)p - 1;
    atomic_fetch_sub(&live, 1);
    atomic_fetch_sub(&bytes, h->n);
    free(h);
}

size_t heap_size(const void *p)
{
    return ((const union head *)p - 1)->n;
}

size_t heap_live(void)
{
    return atomic_load(&live);
}

size_t heap_calls(void)
{
    return atomic_load(&calls);
}

size_t heap_bytes(void)
{
    return atomic_load(&bytes);
}

size_t heap_peak(void)
{
    return atomic_load(&peak);
}

void heap_reset_peak(void)
{
    atomic_store(&peak, atomic_load(&bytes));
}

void heap_fail_at(size_t n)
{
    atomic_store(&fail_in, n);
}
