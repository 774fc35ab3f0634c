/* Lists of compressors, and the memory that one may have. */
#include "compress/compress.h"

#include "base/mem.h"

enum {
    PACK_INPUT_MAX = 65536 - 16, /* bytes; brotli's small window, and no more do peers take */
    UNPACK_MEMORY = 256 << 10,   /* bytes; state and tables: brotli's are 40 KiB for real chains */
    UNPACK_WINDOWS = 4           /* times the content: brotli's window is twice that, and grows */
};

static void append(struct compressor_list *list, const struct cert_compressor *c)
{
    if (c != NULL)
        list->at[list->count++] = c;
}

void gv_compressors_default(struct compressor_list *out)
{
    out->count = 0;
    append(out, gv_compressor_brotli);
    append(out, gv_compressor_zlib);
}

const struct cert_compressor *gv_compressor_find(const struct compressor_list *list,
                                                 uint16_t algorithm)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->at[i]->algorithm == algorithm)
            return list->at[i];
    return NULL;
}

static enum gv_err copy_out(struct span packed, uint8_t **out)
{
    *out = gv_mem_alloc_buffer(packed.len);
    if (*out == NULL)
        RAISE(NO_MEMORY);
    span_copy(*out, packed);
    return GV_OK;
}

/* Packs into memory of the scratch's, and copies what came of it. */
static enum gv_err pack(const struct cert_compressor *c, struct scratch *s, struct span in,
                        size_t cap, uint8_t **out, size_t *len)
{
    uint8_t *room = NULL;

    if (gv_arena_reserve(&s->arena, c->pack_memory + cap))
        room = gv_scratch_take(s, cap);
    if (room == NULL)
        RAISE(NO_MEMORY);
    TRY(c->pack(s, in, room, cap, len));
    return *len == 0 ? GV_OK : copy_out(span_of(room, *len), out);
}

enum gv_err gv_cert_pack(const struct cert_compressor *c, struct span in, size_t overhead,
                         uint8_t **out, size_t *len)
{
    struct scratch s;

    *out = NULL;
    *len = 0;
    if (in.len <= overhead + 1 || in.len > PACK_INPUT_MAX)
        return GV_OK;
    gv_scratch_init(&s, 2 * (c->pack_memory + in.len));
    enum gv_err err = pack(c, &s, in, in.len - overhead - 1, out, len);
    gv_scratch_drop(&s);
    return err;
}

enum gv_err gv_cert_unpack(const struct cert_compressor *c, struct span in, uint8_t *out,
                           size_t len)
{
    struct scratch s;

    if (len == 0)
        RAISE(CERT_UNPACK_FAILED);
    gv_scratch_init(&s, UNPACK_MEMORY + UNPACK_WINDOWS * len);
    enum gv_err err = c->unpack(&s, in, out, len);
    if (err != GV_OK && s.starved)
        err = RAISED(NO_MEMORY);
    gv_scratch_drop(&s);
    return err;
}
