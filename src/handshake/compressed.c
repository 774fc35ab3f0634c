/* Certificate compression in the handshake (RFC 8879): which algorithms are offered and chosen, and
 * Certificate messages in their compressed form. What comes is held against the limits before a byte
 * of it is unpacked; what goes out was packed once for its certified key. */
#include "handshake/internal.h"

#include "base/mem.h"

void gv_list_compression_algorithms(const struct config_common *c, struct number_list *out)
{
    for (size_t i = 0; i < c->compressors.count; i++)
        gv_list_append(out, c->compressors.at[i]->algorithm);
}

static enum gv_err check_distinct(struct span offered)
{
    for (size_t i = 0; i < offered.len / 2; i++) /* 127 at most: the vector's length is a byte */
        if (gv_list_has_u16(span_from(offered, 2 * (i + 1)), span_u16(offered, i)))
            RAISE(CERT_COMPRESSION_REPEATED);
    return GV_OK;
}

/* Section 3: the peer's list has no order of preference, so ours counts. */
enum gv_err gv_choose_compressor(struct hs *hs, struct span offered)
{
    const struct compressor_list *ours = &hs_common(hs)->compressors;

    TRY(check_distinct(offered));
    hs->work->packs_with = NULL;
    for (size_t i = 0; i < ours->count && hs->work->packs_with == NULL; i++)
        if (gv_list_has_u16(offered, ours->at[i]->algorithm))
            hs->work->packs_with = ours->at[i];
    return GV_OK;
}

/* ---- the peer's ------------------------------------------------------------------------------------ */

static enum gv_err unpack(struct hs *hs, const struct cert_compressor *c,
                          const struct compressed_certificate *m, uint32_t offered)
{
    uint8_t *body = gv_mem_alloc_buffer(m->uncompressed_length);

    if (body == NULL)
        RAISE(NO_MEMORY);
    enum gv_err err = gv_cert_unpack(c, m->data, body, m->uncompressed_length);
    if (err == GV_OK)
        err = gv_auth13_read_certificate(hs, span_of(body, m->uncompressed_length), offered);
    gv_mem_free(body);
    return err;
}

enum gv_err gv_auth13_read_compressed(struct hs *hs, struct span body, uint32_t offered)
{
    const struct config_common *common = hs_common(hs);
    struct compressed_certificate m;

    if (common->compressors.count == 0)
        RAISE(COMPRESSED_CERTIFICATE_NOT_OFFERED);
    TRY(gv_wire_read_compressed_certificate(body, &m));
    const struct cert_compressor *c = gv_compressor_find(&common->compressors, m.algorithm);
    if (c == NULL)
        RAISE(CERT_COMPRESSION_NOT_OFFERED);
    if (m.uncompressed_length > common->limits.certificate_chain)
        RAISE(CERTIFICATE_CHAIN_TOO_LONG);
    if (m.uncompressed_length == 0)
        RAISE(CERT_UNPACK_FAILED);
    hs->agreed.peer_compression = m.algorithm;
    return unpack(hs, c, &m, offered);
}

/* ---- ours ------------------------------------------------------------------------------------------ */

void gv_auth13_compress(struct hs *hs, bool ocsp)
{
    const struct cert_compressor *c = hs->work->packs_with;
    struct flight *f = &hs->work->flight;

    if (c == NULL || hs->work->own == NULL || !wr_done(&f->w))
        return;
    const struct span body = span_from(wr_span(&f->w), f->marked + HANDSHAKE_HEADER);
    const struct compressed_certificate m = {
        .algorithm = c->algorithm,
        .uncompressed_length = body.len,
        .data = gv_packed_get(gv_certified_key_packed(hs->work->own), c, ocsp, body,
                              COMPRESSED_CERTIFICATE_FIXED),
    };
    if (m.data.len == 0)
        return;
    f->w.len = f->marked;
    gv_wire_write_compressed_certificate(&f->w, &m);
    hs->agreed.own_compression = c->algorithm;
}
