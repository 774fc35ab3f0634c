/* The table of extensions as data, and the one pass that takes a block apart. */
#include "wire/extension.h"

static const struct {
    uint16_t code, places;
} table[EXT_COUNT] = {
#define X(name, code, places) [EXT_##name] = {code, places},
    EXTENSIONS(X)
#undef X
};

uint16_t gv_extension_code(enum extension e)
{
    return table[e].code;
}

static enum extension slot_of(uint16_t code)
{
    for (unsigned slot = 0; slot < EXT_COUNT; slot++)
        if (table[slot].code == code)
            return (enum extension)slot;
    return EXT_COUNT;
}

enum gv_err gv_extensions_read(struct span block, struct extension_block *out)
{
    struct rd r = rd_of(block);
    uint8_t met[65536 / 8] = {0}; /* a bit for each possible code: repetition in linear time */

    *out = (struct extension_block){.last = EXT_COUNT};
    while (rd_more(&r)) {
        uint16_t code = rd_u16(&r);
        struct span body = rd_vec(&r, 2, 0, 65535);
        if (r.bad)
            break;
        if ((met[code / 8] & 1u << code % 8) != 0)
            RAISE(EXTENSION_REPEATED);
        met[code / 8] |= (uint8_t)(1u << code % 8);
        out->last = slot_of(code);
        if (out->last == EXT_COUNT) {
            out->unknown = true;
            continue;
        }
        out->seen |= UINT32_C(1) << out->last;
        out->body[out->last] = body;
    }
    if (!rd_end(&r))
        RAISE(DECODE_EXTENSIONS);
    return GV_OK;
}

enum gv_err gv_extensions_check_place(const struct extension_block *block,
                                      enum extension_place place)
{
    for (unsigned slot = 0; slot < EXT_COUNT; slot++)
        if ((block->seen >> slot & 1) != 0 && (table[slot].places & place) == 0)
            RAISE(EXTENSION_MISPLACED);
    return GV_OK;
}
