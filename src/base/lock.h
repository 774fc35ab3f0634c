/* A lock for the few things that threads share and change: caches, and keys that rotate. Held for
 * a look-up and a copy, never while a function of the application's runs. */
#ifndef GALVAN_BASE_LOCK_H
#define GALVAN_BASE_LOCK_H

#include "base/error.h"

#include <pthread.h>

struct lock {
    pthread_mutex_t mutex;
};

/* NO_MEMORY where the system has none for it; then there is nothing to drop. */
MUST_USE enum gv_err gv_lock_init(struct lock *l);
void gv_lock_take(struct lock *l);
void gv_lock_leave(struct lock *l);
void gv_lock_drop(struct lock *l);

#endif
