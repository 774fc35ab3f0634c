/* The content stands between start and end; room before start is used again before the memory
 * grows, and the memory grows by doubling. */
#include "base/buffer.h"

#include "base/mem.h"
#include "base/secret.h"

enum { SMALLEST = 1024 };

void gv_buffer_init(struct buffer *b, size_t limit)
{
    *b = (struct buffer){.limit = limit};
}

static size_t grown(const struct buffer *b, size_t need)
{
    size_t cap = b->cap == 0 ? SMALLEST : b->cap;
    while (cap < need)
        cap *= 2;
    return cap < b->limit ? cap : b->limit;
}

uint8_t *gv_buffer_reserve(struct buffer *b, size_t n)
{
    size_t len = b->end - b->start;
    if (n > b->limit - len || b->limit == 0)
        return NULL;
    if (b->base != NULL && n <= b->cap - b->end)
        return b->base + b->end;
    if (b->base == NULL || n > b->cap - len) { /* for no bytes too: NULL is an error */
        size_t cap = grown(b, len + n);
        uint8_t *base = gv_mem_alloc_buffer(cap);
        if (base == NULL)
            return NULL;
        span_copy(base, gv_buffer_span(b));
        gv_wipe(b->base, b->base == NULL ? 0 : b->end);
        gv_mem_free(b->base);
        b->base = base;
        b->cap = cap;
    } else if (len != 0) {
        memmove(b->base, b->base + b->start, len);
    }
    b->start = 0;
    b->end = len;
    return b->base + b->end;
}

void gv_buffer_commit(struct buffer *b, size_t n)
{
    b->end += n;
}

void gv_buffer_consume(struct buffer *b, size_t n)
{
    b->start += n;
    if (b->start == b->end)
        b->start = b->end = 0;
}

void gv_buffer_cut(struct buffer *b, size_t n)
{
    if (b->base == NULL)
        return;
    gv_wipe(b->base + b->start + n, b->end - b->start - n);
    b->end = b->start + n;
}

void gv_buffer_trim(struct buffer *b)
{
    if (b->start == b->end)
        gv_buffer_drop(b);
}

void gv_buffer_drop(struct buffer *b)
{
    gv_wipe(b->base, b->base == NULL ? 0 : b->end);
    gv_mem_free(b->base);
    *b = (struct buffer){.limit = b->limit};
}
