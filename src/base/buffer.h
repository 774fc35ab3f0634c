/* A queue of bytes that grows on demand, never past its limit, and can be freed when it is empty.
 * Bytes go in at the end (reserve, then commit) and out at the start (consume). */
#ifndef GALVAN_BASE_BUFFER_H
#define GALVAN_BASE_BUFFER_H

#include "base/span.h"

struct buffer {
    uint8_t *base;
    size_t start, end, cap, limit; /* bytes */
};

void gv_buffer_init(struct buffer *b, size_t limit);

static inline size_t gv_buffer_len(const struct buffer *b)
{
    return b->end - b->start;
}

static inline struct span gv_buffer_span(const struct buffer *b)
{
    if (b->base == NULL)
        return (struct span){NULL, 0};
    return (struct span){b->base + b->start, b->end - b->start};
}

/* Room for n bytes behind the content, or NULL past the limit or where memory is out; then the
 * content is as it was. Moves the content: spans into it are void. */
uint8_t *gv_buffer_reserve(struct buffer *b, size_t n);

/* The first n bytes of the room last reserved are content now. */
void gv_buffer_commit(struct buffer *b, size_t n);

/* Takes n bytes off the start. */
void gv_buffer_consume(struct buffer *b, size_t n);

/* Wipes all behind the first n bytes of the content; n is not above its length. */
void gv_buffer_cut(struct buffer *b, size_t n);

/* Gives the memory back where the buffer is empty. */
void gv_buffer_trim(struct buffer *b);

/* Wipes the content and frees the memory; the limit stays. What was consumed before is freed as it
 * is: it went out as it was. */
void gv_buffer_drop(struct buffer *b);

#endif
