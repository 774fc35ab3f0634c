/* Reference counts for what connections and threads share. What is counted is immutable after it
 * is built, so the count is all that needs to be atomic. */
#ifndef GALVAN_BASE_REFCOUNT_H
#define GALVAN_BASE_REFCOUNT_H

#include <stdatomic.h>
#include <stdbool.h>

struct refcount {
    atomic_uint n;
};

static inline void gv_ref_init(struct refcount *r)
{
    atomic_init(&r->n, 1);
}

static inline void gv_ref_take(struct refcount *r)
{
    atomic_fetch_add_explicit(&r->n, 1, memory_order_relaxed);
}

/* True for the one caller who must now free the thing. */
static inline bool gv_ref_release(struct refcount *r)
{
    if (atomic_fetch_sub_explicit(&r->n, 1, memory_order_release) != 1)
        return false;
    atomic_thread_fence(memory_order_acquire);
    return true;
}

#endif
