/* Memory for a compression library: an arena that knows why it gave nothing. */
#include "compress/scratch.h"

#include <stdalign.h>

void gv_scratch_init(struct scratch *s, size_t limit)
{
    gv_arena_init(&s->arena, limit);
    s->starved = false;
}

void gv_scratch_drop(struct scratch *s)
{
    gv_arena_drop(&s->arena);
}

void *gv_scratch_take(void *scratch, size_t n)
{
    struct scratch *s = scratch;
    const size_t left = s->arena.limit - s->arena.taken;
    void *p = gv_arena_take(&s->arena, n);

    if (p == NULL && n < left && left - n >= alignof(max_align_t))
        s->starved = true;
    return p;
}

void gv_scratch_leave(void *scratch, void *p)
{
    (void)scratch;
    (void)p;
}
