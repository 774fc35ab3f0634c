/* Streams of compressed certificates: the first byte chooses the compressor, three more are the length
 * that is declared (up to the limit for chains), the rest is the stream. What comes out is exactly so
 * long, or an error. With the first byte's highest bit the rest is content, which must come back. */
#include "base/mem.h"
#include "compress/compress.h"
#include "config/limits.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void unpack(const struct cert_compressor *c, size_t len, struct span stream)
{
    uint8_t *out = malloc(len == 0 ? 1 : len); /* exactly, so that a sanitizer sees a byte more */

    if (out == NULL)
        abort();
    enum gv_err err = gv_cert_unpack(c, stream, out, len);
    if (err != GV_OK && err != GV_E_CERT_UNPACK_FAILED)
        abort();
    free(out);
}

static void pack_and_unpack(const struct cert_compressor *c, struct span content)
{
    uint8_t *packed = NULL, *out = malloc(content.len + 1);
    size_t len = 0;

    if (out == NULL || gv_cert_pack(c, content, 0, &packed, &len) != GV_OK)
        abort();
    if (packed != NULL && (gv_cert_unpack(c, span_of(packed, len), out, content.len) != GV_OK ||
                           !span_equal(span_of(out, content.len), content)))
        abort();
    gv_mem_free(packed);
    free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { HEAD = 4, PACKS = 0x80 };
    struct compressor_list built;

    gv_compressors_default(&built);
    if (size < HEAD || built.count == 0)
        return 0;
    const struct cert_compressor *c = built.at[data[0] % built.count];
    const size_t len = (size_t)data[1] << 16 | (size_t)data[2] << 8 | data[3];
    const struct span rest = span_of(data + HEAD, size - HEAD);
    if ((data[0] & PACKS) != 0)
        pack_and_unpack(c, rest);
    else if (len <= LIMIT_CERTIFICATE_CHAIN)
        unpack(c, len, rest);
    return 0;
}
