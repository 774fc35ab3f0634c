/* A span is a borrowed run of bytes: it owns nothing, and lives no longer than what it points into. */
#ifndef GALVAN_BASE_SPAN_H
#define GALVAN_BASE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct span {
    const uint8_t *at;
    size_t len;
};

#define SPAN_OF(array) ((struct span){(array), sizeof(array)})
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static inline struct span span_of(const void *at, size_t len)
{
    return (struct span){at, len};
}

static inline struct span span_str(const char *text)
{
    return (struct span){(const uint8_t *)text, strlen(text)};
}

/* For public bytes only; secrets are compared with gv_secret_equal. */
static inline bool span_equal(struct span a, struct span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static inline struct span span_from(struct span s, size_t offset)
{
    return offset > s.len ? (struct span){NULL, 0} : (struct span){s.at + offset, s.len - offset};
}

/* memcpy that allows a NULL source of no bytes. */
static inline void span_copy(uint8_t *to, struct span from)
{
    if (from.len != 0)
        memcpy(to, from.at, from.len);
}

#endif
