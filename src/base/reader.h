/* A reader that remembers its failure, so that a parser reads like the struct in the RFC: every
 * call on a failed reader answers zero or an empty span, and rd_end says at the end whether all
 * went well. It copies nothing; what it answers points into the bytes that it reads. */
#ifndef GALVAN_BASE_READER_H
#define GALVAN_BASE_READER_H

#include "base/span.h"

struct rd {
    const uint8_t *at;
    size_t left;
    bool bad;
};

static inline struct rd rd_of(struct span s)
{
    return (struct rd){s.at, s.len, false};
}

static inline void rd_fail(struct rd *r)
{
    *r = (struct rd){NULL, 0, true};
}

static inline struct span rd_bytes(struct rd *r, size_t n)
{
    if (n > r->left) {
        rd_fail(r);
        return (struct span){NULL, 0};
    }
    struct span s = {r->at, n};
    if (n != 0) {
        r->at += n;
        r->left -= n;
    }
    return s;
}

/* A big-endian number of `width` bytes, four at most. */
static inline uint32_t rd_uint(struct rd *r, size_t width)
{
    struct span s = rd_bytes(r, width);
    uint32_t v = 0;
    for (size_t i = 0; i < s.len; i++)
        v = v << 8 | s.at[i];
    return v;
}

static inline uint8_t rd_u8(struct rd *r)
{
    return (uint8_t)rd_uint(r, 1);
}

static inline uint16_t rd_u16(struct rd *r)
{
    return (uint16_t)rd_uint(r, 2);
}

static inline uint32_t rd_u24(struct rd *r)
{
    return rd_uint(r, 3);
}

static inline uint32_t rd_u32(struct rd *r)
{
    return rd_uint(r, 4);
}

static inline uint64_t rd_u64(struct rd *r)
{
    uint64_t high = rd_u32(r);
    return high << 32 | rd_u32(r);
}

/* opaque x<min..max>, its length in `width` bytes (RFC 9846 section 3.4). */
static inline struct span rd_vec(struct rd *r, size_t width, size_t min, size_t max)
{
    size_t len = rd_uint(r, width);
    if (len < min || len > max)
        rd_fail(r);
    return rd_bytes(r, r->bad ? 0 : len);
}

/* A vector of items of `item` bytes each, one at least: its bytes must be a multiple of it. */
static inline struct span rd_list(struct rd *r, size_t width, size_t item)
{
    struct span s = rd_vec(r, width, item, 65535);
    if (s.len % item != 0)
        rd_fail(r);
    return r->bad ? (struct span){NULL, 0} : s;
}

static inline struct span rd_rest(struct rd *r)
{
    return rd_bytes(r, r->left);
}

static inline bool rd_more(const struct rd *r)
{
    return r->left != 0;
}

/* True where nothing failed and nothing is left: the one question to ask before a value is used. */
static inline bool rd_end(const struct rd *r)
{
    return !r->bad && r->left == 0;
}

static inline uint16_t span_u16(struct span s, size_t index)
{
    return (uint16_t)(s.at[2 * index] << 8 | s.at[2 * index + 1]);
}

#endif
