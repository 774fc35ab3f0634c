/* An arena: memory for things that end together. It has an upper limit, and is wiped when it is
 * dropped, because handshakes keep their secrets in it. */
#ifndef GALVAN_BASE_ARENA_H
#define GALVAN_BASE_ARENA_H

#include "base/span.h"

struct arena_chunk;
struct arena {
    struct arena_chunk *top;
    size_t taken, limit; /* bytes */
};

/* An empty arena of at most `limit` bytes; nothing is allocated yet. */
void gv_arena_init(struct arena *a, size_t limit);

/* Makes room so that the next n bytes, as they are aligned, need no further memory; false past the
 * limit or where memory is out. */
bool gv_arena_reserve(struct arena *a, size_t n);

/* n zeroed bytes aligned for any type, living as long as the arena; NULL past the limit or where
 * memory is out. n may be 0. */
void *gv_arena_take(struct arena *a, size_t n);

/* A copy of s in the arena; false past the limit or where memory is out. */
bool gv_arena_copy(struct arena *a, struct span s, struct span *out);

/* Wipes and frees everything; the arena is then empty and may be used again. */
void gv_arena_drop(struct arena *a);

#endif
