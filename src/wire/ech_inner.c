/* Decoding inner hellos. */
#include "wire/ech_inner.h"

#include "wire/hello.h"

/* A ClientHello up to its extensions; spans borrow. */
struct hello_head {
    struct span before_id;       /* legacy_version and random */
    struct span session_id;      /* legacy_session_id */
    struct span suites, methods; /* as vectors, without their lengths */
    struct span extensions;      /* the block */
};

/* Leaves r behind the hello. */
static bool read_head(struct rd *r, struct hello_head *out)
{
    out->before_id = rd_bytes(r, 2 + RANDOM_LEN);
    out->session_id = rd_vec(r, 1, 0, SESSION_ID_MAX);
    out->suites = rd_list(r, 2, 2);
    out->methods = rd_vec(r, 1, 1, 255);
    out->extensions = rd_vec(r, 2, 0, 65535);
    return !r->bad;
}

static bool are_zeros(struct span s)
{
    uint8_t any = 0;
    for (size_t i = 0; i < s.len; i++)
        any |= s.at[i];
    return any == 0;
}

static void write_extension(struct wr *w, uint16_t code, struct span body)
{
    wr_u16(w, code);
    WR_VEC(w, 2)
        wr_bytes(w, body);
}

static bool next_extension(struct rd *block, uint16_t *code, struct span *body)
{
    if (!rd_more(block))
        return false;
    *code = rd_u16(block);
    *body = rd_vec(block, 2, 0, 65535);
    return !block->bad;
}

/* RFC 9849 appendix B: the outer block is walked once, and only forward, so that an extension that is
 * referred to twice or out of order is not found. */
static enum gv_err copy_referenced(struct wr *w, struct span codes, struct rd *outer)
{
    for (size_t i = 0; i < codes.len / 2; i++) {
        const uint16_t wanted = span_u16(codes, i);
        struct span body = {NULL, 0};
        uint16_t code;
        if (wanted == gv_extension_code(EXT_ENCRYPTED_CLIENT_HELLO))
            RAISE(OUTER_EXTENSION_ECH);
        do {
            if (!next_extension(outer, &code, &body))
                RAISE(OUTER_EXTENSION_MISSING);
        } while (code != wanted);
        write_extension(w, code, body);
    }
    return GV_OK;
}

static enum gv_err copy_extensions(struct wr *w, struct span inner, struct span outer_block)
{
    struct rd r = rd_of(inner), outer = rd_of(outer_block);
    uint16_t code;
    struct span body;

    while (next_extension(&r, &code, &body)) {
        if (code != gv_extension_code(EXT_ECH_OUTER_EXTENSIONS)) {
            write_extension(w, code, body);
            continue;
        }
        struct rd list = rd_of(body);
        struct span codes = rd_list(&list, 1, 2); /* ExtensionType OuterExtensions<2..254> */
        if (!rd_end(&list))
            RAISE(DECODE_INNER_HELLO);
        TRY(copy_referenced(w, codes, &outer));
    }
    return GV_OK;
}

static enum gv_err write_inner(struct wr *w, const struct hello_head *inner,
                               const struct hello_head *outer)
{
    enum gv_err err = GV_OK;

    wr_u8(w, MSG_CLIENT_HELLO);
    WR_VEC(w, 3) {
        wr_bytes(w, inner->before_id);
        WR_VEC(w, 1)
            wr_bytes(w, outer->session_id);
        WR_VEC(w, 2)
            wr_bytes(w, inner->suites);
        WR_VEC(w, 1)
            wr_bytes(w, inner->methods);
        WR_VEC(w, 2)
            err = copy_extensions(w, inner->extensions, outer->extensions);
    }
    return err;
}

enum gv_err gv_wire_decode_inner_hello(struct span encoded, struct span outer, struct wr *w)
{
    struct rd r = rd_of(encoded), outer_r = rd_of(outer);
    struct hello_head inner, outside;
    struct extension_block block;

    if (!read_head(&r, &inner) || !read_head(&outer_r, &outside))
        RAISE(DECODE_INNER_HELLO);
    if (!are_zeros(rd_rest(&r)))
        RAISE(INNER_HELLO_PADDING);
    if (inner.session_id.len != 0)
        RAISE(INNER_HELLO_SESSION_ID);
    /* Two lists of references would each begin at the outer hello's start. */
    TRY(gv_extensions_read(inner.extensions, &block));
    TRY(write_inner(w, &inner, &outside));
    if (!wr_done(w)) /* more than an extension block can hold */
        RAISE(DECODE_INNER_HELLO);
    return GV_OK;
}

void gv_wire_outer_aad(struct span outer, struct span payload, uint8_t *out)
{
    span_copy(out, outer);
    memset(out + (payload.at - outer.at), 0, payload.len);
}
