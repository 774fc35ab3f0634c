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

/* True for the one caller who must now free the thing, after all that others did with it. (Acquired
 * in the same step, and not by a fence after it: ThreadSanitizer does not see fences.) */
static inline bool gv_ref_release(struct refcount *r)
{
    return atomic_fetch_sub_explicit(&r->n, 1, memory_order_acq_rel) == 1;
}

#endif
