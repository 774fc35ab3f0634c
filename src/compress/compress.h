/* Certificate compression (RFC 8879): what packs and unpacks a Certificate message. Each algorithm
 * is an object, and what a connection offers and uses is a list of them, in order of preference.
 *
 * What comes from a peer is bounded before a byte of it is looked at: the memory that unpacking may
 * have follows from the length that was declared and allowed, and not from the stream. */
#ifndef GALVAN_COMPRESS_COMPRESS_H
#define GALVAN_COMPRESS_COMPRESS_H

#include "base/error.h"
#include "base/span.h"
#include "compress/scratch.h"

struct cert_compressor {
    uint16_t algorithm; /* IANA's number (RFC 8879 section 7.3) */
    const char *name;
    size_t pack_memory; /* bytes that packing may need; they are there before it begins */
    /* Packs all of in into cap bytes at out; *len is 0 where it does not fit. NO_MEMORY. */
    enum gv_err (*pack)(struct scratch *s, struct span in, uint8_t *out, size_t cap, size_t *len);
    /* Unpacks in, which must be one whole stream with nothing behind it, into exactly len bytes at
     * out. CERT_UNPACK_FAILED, NO_MEMORY. */
    enum gv_err (*unpack)(struct scratch *s, struct span in, uint8_t *out, size_t len);
};

/* Of this build: NULL where the library for it was left out. */
extern const struct cert_compressor *const gv_compressor_brotli, *const gv_compressor_zlib;

enum { COMPRESSORS_MAX = 4 };
struct compressor_list {
    const struct cert_compressor *at[COMPRESSORS_MAX];
    size_t count;
};

/* All that this build has: brotli before zlib, as rustls offers them. */
void gv_compressors_default(struct compressor_list *out);

/* The list's object for an algorithm, or NULL. */
const struct cert_compressor *gv_compressor_find(const struct compressor_list *list,
                                                 uint16_t algorithm);

/* Packs in where that makes it smaller by more than `overhead` bytes: *out is to be freed with
 * gv_mem_free, and is NULL where there is nothing to gain. NO_MEMORY. */
MUST_USE enum gv_err gv_cert_pack(const struct cert_compressor *c, struct span in, size_t overhead,
                                  uint8_t **out, size_t *len);

/* Unpacks in into exactly len bytes at out. CERT_UNPACK_FAILED where it is not one stream of that
 * content, or wants more memory than its content gives reason for; NO_MEMORY. */
MUST_USE enum gv_err gv_cert_unpack(const struct cert_compressor *c, struct span in, uint8_t *out,
                                    size_t len);

#endif
