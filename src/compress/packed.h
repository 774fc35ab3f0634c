/* What was packed once and is kept: the Certificate messages of one certified key, one for each
 * algorithm and form (with an OCSP response, without). Any number of threads may ask at once; each
 * form is packed by one of them, and whoever asks meanwhile does without. */
#ifndef GALVAN_COMPRESS_PACKED_H
#define GALVAN_COMPRESS_PACKED_H

#include "compress/compress.h"

#include <stdatomic.h>

struct packed {
    atomic_uint state; /* which form it is, and how far: packed.c */
    uint8_t *bytes;
    size_t len;
};

enum { PACKED_MAX = 4 }; /* two algorithms, with and without an OCSP response */
/* All zero when it begins. */
struct packed_cache {
    struct packed at[PACKED_MAX];
};

/* The packed content, which is the same at every call with that algorithm and form; it lives as long
 * as the cache. Empty where packing does not make it smaller by more than `overhead` bytes, or is not
 * done yet. */
struct span gv_packed_get(struct packed_cache *cache, const struct cert_compressor *c, uint8_t form,
                          struct span content, size_t overhead);

void gv_packed_drop(struct packed_cache *cache);

#endif
