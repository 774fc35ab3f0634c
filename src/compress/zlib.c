/* zlib (RFC 1950), through the library of that name. */
#include "compress/compress.h"

#include "wire/codepoints.h"

#define ZLIB_CONST /* its input is const */
#include <zlib.h>

enum {
    WINDOW_BITS = 15, /* both the largest: a chain is packed once */
    MEMORY_LEVEL = 9,
    PACK_MEMORY =
        512 << 10 /* zconf.h: 2^(15 + 2) + 2^(9 + 9) and some KiB, twice that in zlib-ng */
};

static voidpf take(voidpf scratch, uInt items, uInt size)
{
    return size != 0 && items > SIZE_MAX / size ? NULL
                                                : gv_scratch_take(scratch, (size_t)items * size);
}

static void leave(voidpf scratch, voidpf p)
{
    gv_scratch_leave(scratch, p);
}

static z_stream stream_of(struct scratch *s, struct span in, uint8_t *out, size_t len)
{
    return (z_stream){
        .next_in = in.at,
        .avail_in = (uInt)in.len,
        .next_out = out,
        .avail_out = (uInt)len,
        .zalloc = take,
        .zfree = leave,
        .opaque = s,
    };
}

static enum gv_err pack(struct scratch *s, struct span in, uint8_t *out, size_t cap, size_t *len)
{
    z_stream z = stream_of(s, in, out, cap);

    *len = 0;
    if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        RAISE(NO_MEMORY);
    if (deflate(&z, Z_FINISH) == Z_STREAM_END)
        *len = cap - z.avail_out;
    (void)deflateEnd(&z);
    return GV_OK;
}

static enum gv_err unpack(struct scratch *s, struct span in, uint8_t *out, size_t len)
{
    z_stream z = stream_of(s, in, out, len);

    if (inflateInit(&z) != Z_OK)
        RAISE(NO_MEMORY);
    const int end = inflate(&z, Z_FINISH);
    (void)inflateEnd(&z);
    if (end != Z_STREAM_END || z.avail_in != 0 || z.avail_out != 0)
        RAISE(CERT_UNPACK_FAILED);
    return GV_OK;
}

static const struct cert_compressor zlib = {
    .algorithm = CERT_COMPRESSION_ZLIB,
    .name = "zlib",
    .pack_memory = PACK_MEMORY,
    .pack = pack,
    .unpack = unpack,
};

const struct cert_compressor *const gv_compressor_zlib = &zlib;
