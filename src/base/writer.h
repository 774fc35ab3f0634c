/* A writer into memory of a fixed size that remembers its failure. Vectors are opened and closed
 * around their content, so that no length is ever computed by hand:
 *
 *     WR_VEC(w, 2)
 *         wr_bytes(w, name);
 *
 * wr_done says at the end whether all fitted and every vector was closed. */
#ifndef GALVAN_BASE_WRITER_H
#define GALVAN_BASE_WRITER_H

#include "base/span.h"

enum { WR_DEPTH = 8 }; /* the deepest nesting of vectors in any message that we write */

struct wr {
    uint8_t *base;
    size_t len, cap;
    struct {
        uint32_t body;
        uint8_t width;
    } vec[WR_DEPTH]; /* vectors still open */
    uint8_t open;
    bool bad;
};

static inline struct wr wr_of(uint8_t *base, size_t cap)
{
    return (struct wr){.base = base, .cap = cap};
}

/* Room for n bytes that the caller fills, or NULL. */
static inline uint8_t *wr_room(struct wr *w, size_t n)
{
    if (w->bad || n > w->cap - w->len) {
        w->bad = true;
        return NULL;
    }
    w->len += n;
    return w->base + w->len - n;
}

static inline void wr_uint(struct wr *w, size_t width, uint32_t v)
{
    uint8_t *to = wr_room(w, width);
    if (to == NULL)
        return;
    for (size_t i = 0; i < width; i++)
        to[i] = (uint8_t)(v >> (8 * (width - 1 - i)));
}

static inline void wr_u8(struct wr *w, uint8_t v)
{
    wr_uint(w, 1, v);
}

static inline void wr_u16(struct wr *w, uint16_t v)
{
    wr_uint(w, 2, v);
}

static inline void wr_u24(struct wr *w, uint32_t v)
{
    wr_uint(w, 3, v);
}

static inline void wr_u32(struct wr *w, uint32_t v)
{
    wr_uint(w, 4, v);
}

static inline void wr_u64(struct wr *w, uint64_t v)
{
    wr_u32(w, (uint32_t)(v >> 32));
    wr_u32(w, (uint32_t)v);
}

static inline void wr_bytes(struct wr *w, struct span s)
{
    uint8_t *to = wr_room(w, s.len);
    if (to != NULL)
        span_copy(to, s);
}

static inline void wr_open(struct wr *w, uint8_t width)
{
    wr_uint(w, width, 0);
    if (w->open == WR_DEPTH)
        w->bad = true;
    if (w->bad)
        return;
    w->vec[w->open].body = (uint32_t)w->len;
    w->vec[w->open].width = width;
    w->open++;
}

static inline void wr_close(struct wr *w)
{
    if (w->bad || w->open == 0) {
        w->bad = true;
        return;
    }
    w->open--;
    size_t width = w->vec[w->open].width, body = w->vec[w->open].body, n = w->len - body;
    w->bad = width < sizeof n && n >> (8 * width) != 0;
    for (size_t i = 0; i < width; i++)
        w->base[body - width + i] = (uint8_t)(n >> (8 * (width - 1 - i)));
}

#define WR_GLUE2(a, b) a##b
#define WR_GLUE(a, b) WR_GLUE2(a, b)
/* WR_VEC(w, 2) { ... } writes what stands in the braces behind its length in 2 bytes. */
#define WR_VEC(w, width)                                                                           \
    for (bool WR_GLUE(once_, __LINE__) = (wr_open((w), (width)), true);                            \
         WR_GLUE(once_, __LINE__); WR_GLUE(once_, __LINE__) = (wr_close(w), false))

static inline bool wr_done(const struct wr *w)
{
    return !w->bad && w->open == 0;
}

static inline struct span wr_span(const struct wr *w)
{
    return (struct span){w->base, w->len};
}

#endif
