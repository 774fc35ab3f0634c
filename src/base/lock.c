/* The lock, over POSIX. */
#include "base/lock.h"

#include <stdlib.h>

enum gv_err gv_lock_init(struct lock *l)
{
    if (pthread_mutex_init(&l->mutex, NULL) != 0)
        RAISE(NO_MEMORY);
    return GV_OK;
}

/* A lock that cannot be taken or left is a broken process, in which what it guards must not be
 * touched: there is no answer to give that a caller could use. */
void gv_lock_take(struct lock *l)
{
    if (pthread_mutex_lock(&l->mutex) != 0)
        abort();
}

void gv_lock_leave(struct lock *l)
{
    if (pthread_mutex_unlock(&l->mutex) != 0)
        abort();
}

void gv_lock_drop(struct lock *l)
{
    pthread_mutex_destroy(&l->mutex);
}
