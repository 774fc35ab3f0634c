/* Chunks in a list; the newest serves. A thing larger than a chunk gets a chunk of its own. */
#include "base/arena.h"

#include "base/mem.h"
#include "base/secret.h"

#include <stdalign.h>

struct arena_chunk {
    struct arena_chunk *below;
    size_t cap, used;
    alignas(max_align_t) uint8_t at[];
};

enum { CHUNK = 8192 - sizeof(struct arena_chunk) };

void gv_arena_init(struct arena *a, size_t limit)
{
    *a = (struct arena){.limit = limit};
}

static const size_t mask = alignof(max_align_t) - 1;

bool gv_arena_reserve(struct arena *a, size_t n)
{
    if (n > a->limit - a->taken || ((n + mask) & ~mask) > a->limit - a->taken)
        return false;
    n = (n + mask) & ~mask;
    if (a->top != NULL && n <= a->top->cap - a->top->used)
        return true;
    const size_t cap = n > CHUNK ? n : CHUNK;
    struct arena_chunk *c = gv_mem_alloc(sizeof *c + cap);
    if (c == NULL)
        return false;
    c->below = a->top;
    c->cap = cap;
    a->top = c;
    return true;
}

void *gv_arena_take(struct arena *a, size_t n)
{
    if (!gv_arena_reserve(a, n))
        return NULL;
    n = (n + mask) & ~mask;
    void *p = a->top->at + a->top->used;
    a->top->used += n;
    a->taken += n;
    return p;
}

bool gv_arena_copy(struct arena *a, struct span s, struct span *out)
{
    uint8_t *p = gv_arena_take(a, s.len);
    if (p == NULL)
        return false;
    span_copy(p, s);
    *out = (struct span){p, s.len};
    return true;
}

void gv_arena_drop(struct arena *a)
{
    for (struct arena_chunk *c = a->top, *below; c != NULL; c = below) {
        below = c->below;
        gv_wipe(c->at, c->used);
        gv_mem_free(c);
    }
    *a = (struct arena){.limit = a->limit};
}
