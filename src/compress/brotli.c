/* brotli (RFC 7932), through Google's library. */
#include "compress/compress.h"

#include "wire/codepoints.h"

#include <brotli/decode.h>
#include <brotli/encode.h>

/* The best quality but two: those are 2% smaller at ten times the time, and their memory has no bound
 * to speak of. What this one needs was 3.0 MiB at most over contents of all kinds up to 64 KiB. It
 * must be there, for libbrotli ends the process when its encoder gets none. */
enum { QUALITY = 9, PACK_MEMORY = 4 << 20 };

/* A window that the whole input fits into, and no more: its size is what unpacking costs. */
static uint32_t window_bits(size_t len)
{
    enum { GAP = 16 }; /* RFC 7932 section 9.1: the window is 2^bits - 16 bytes */
    uint32_t bits = BROTLI_MIN_WINDOW_BITS;

    while (bits < BROTLI_MAX_WINDOW_BITS && ((size_t)1 << bits) - GAP < len)
        bits++;
    return bits;
}

static bool encode(BrotliEncoderState *state, struct span in, uint8_t *out, size_t cap, size_t *len)
{
    size_t left = in.len, room = cap;
    const uint8_t *from = in.at;

    if (!BrotliEncoderSetParameter(state, BROTLI_PARAM_QUALITY, QUALITY) ||
        !BrotliEncoderSetParameter(state, BROTLI_PARAM_LGWIN, window_bits(in.len)) ||
        !BrotliEncoderSetParameter(state, BROTLI_PARAM_SIZE_HINT, (uint32_t)in.len) ||
        !BrotliEncoderCompressStream(state, BROTLI_OPERATION_FINISH, &left, &from, &room, &out,
                                     NULL))
        return false;
    *len = BrotliEncoderIsFinished(state) ? cap - room : 0;
    return true;
}

static enum gv_err pack(struct scratch *s, struct span in, uint8_t *out, size_t cap, size_t *len)
{
    BrotliEncoderState *state = BrotliEncoderCreateInstance(gv_scratch_take, gv_scratch_leave, s);

    *len = 0;
    if (state == NULL)
        RAISE(NO_MEMORY);
    const bool done = encode(state, in, out, cap, len);
    BrotliEncoderDestroyInstance(state);
    if (!done)
        RAISE(NO_MEMORY);
    return GV_OK;
}

/* Large windows (BROTLI_DECODER_PARAM_LARGE_WINDOW) are off unless asked for: a stream that has one is
 * malformed. The window of a stream is not allocated as it claims, but as the content needs. */
static enum gv_err unpack(struct scratch *s, struct span in, uint8_t *out, size_t len)
{
    BrotliDecoderState *state = BrotliDecoderCreateInstance(gv_scratch_take, gv_scratch_leave, s);
    size_t left = in.len, room = len;
    const uint8_t *from = in.at;

    if (state == NULL)
        RAISE(NO_MEMORY);
    const BrotliDecoderResult end =
        BrotliDecoderDecompressStream(state, &left, &from, &room, &out, NULL);
    BrotliDecoderDestroyInstance(state);
    if (end != BROTLI_DECODER_RESULT_SUCCESS || left != 0 || room != 0)
        RAISE(CERT_UNPACK_FAILED);
    return GV_OK;
}

static const struct cert_compressor brotli = {
    .algorithm = CERT_COMPRESSION_BROTLI,
    .name = "brotli",
    .pack_memory = PACK_MEMORY,
    .pack = pack,
    .unpack = unpack,
};

const struct cert_compressor *const gv_compressor_brotli = &brotli;
