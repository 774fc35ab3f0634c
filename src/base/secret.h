/* Secrets: where keys live, how they are compared, and how they end. */
#ifndef GALVAN_BASE_SECRET_H
#define GALVAN_BASE_SECRET_H

#include "base/span.h"

enum { SECRET_MAX = 96 }; /* the largest: an external PSK or a hybrid shared secret is at most this */

struct secret {
    uint8_t len;
    uint8_t at[SECRET_MAX];
};

static inline struct span secret_span(const struct secret *s)
{
    return (struct span){s->at, s->len};
}

/* Overwrites n bytes in a way that no compiler removes. */
void gv_wipe(void *p, size_t n);

static inline void gv_secret_wipe(struct secret *s)
{
    gv_wipe(s, sizeof *s);
}

/* Compares in a time that depends on the lengths alone. Lengths are public. */
bool gv_secret_equal(struct span a, struct span b);

#endif
