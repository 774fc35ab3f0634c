/* The handshake messages behind the hellos. */
#include "wire/message.h"

#include "wire/ech.h"
#include "wire/hello.h"

uint16_t gv_wire_message_type(struct span whole)
{
    struct rd r = rd_of(whole);
    uint8_t type = rd_u8(&r);

    rd_u24(&r); /* length */
    rd_u16(&r); /* legacy_version */
    if (type == MSG_SERVER_HELLO &&
        span_equal(rd_bytes(&r, RANDOM_LEN), SPAN_OF(gv_hello_retry_random)))
        return MSG_HELLO_RETRY_REQUEST;
    return type;
}

/* ---- EncryptedExtensions -------------------------------------------------------------------- */

enum gv_err gv_wire_read_alpn_answer(struct span body, struct span *name)
{
    struct rd r = rd_of(body);
    struct rd names = rd_of(rd_vec(&r, 2, 2, 65535));

    *name = rd_vec(&names, 1, 1, 255);
    if (!rd_end(&names) || !rd_end(&r))
        RAISE(DECODE_ALPN);
    return GV_OK;
}

void gv_wire_write_alpn_answer(struct wr *w, struct span name)
{
    wr_u16(w, gv_extension_code(EXT_ALPN));
    WR_VEC(w, 2)
        WR_VEC(w, 2)
            WR_VEC(w, 1)
                wr_bytes(w, name);
}

static enum gv_err read_retry_configs(struct encrypted_extensions *m)
{
    struct span list;

    if ((m->extensions.seen & EXT_BIT(ENCRYPTED_CLIENT_HELLO)) == 0)
        return GV_OK;
    m->retry_configs = m->extensions.body[EXT_ENCRYPTED_CLIENT_HELLO];
    if (gv_wire_read_ech_configs(m->retry_configs, &list) != GV_OK)
        RAISE(DECODE_ENCRYPTED_EXTENSIONS);
    return GV_OK;
}

enum gv_err gv_wire_read_encrypted_extensions(struct span body, struct encrypted_extensions *m)
{
    struct rd r = rd_of(body);

    *m = (struct encrypted_extensions){0};
    struct span block = rd_vec(&r, 2, 0, 65535);
    if (!rd_end(&r))
        RAISE(DECODE_ENCRYPTED_EXTENSIONS);
    TRY(gv_extensions_read(block, &m->extensions));
    if ((m->extensions.seen & EXT_BIT(ALPN)) != 0)
        TRY(gv_wire_read_alpn_answer(m->extensions.body[EXT_ALPN], &m->alpn));
    m->early_data = (m->extensions.seen & EXT_BIT(EARLY_DATA)) != 0;
    /* RFC 6066 section 3 and RFC 9846 section 4.2.10: both are empty here. */
    if (m->extensions.body[EXT_SERVER_NAME].len != 0 || m->extensions.body[EXT_EARLY_DATA].len != 0)
        RAISE(DECODE_ENCRYPTED_EXTENSIONS);
    return read_retry_configs(m);
}

static void write_retry_configs(struct wr *w, struct span configs)
{
    wr_u16(w, gv_extension_code(EXT_ENCRYPTED_CLIENT_HELLO));
    WR_VEC(w, 2)
        WR_VEC(w, 2)
            wr_bytes(w, configs);
}

void gv_wire_write_encrypted_extensions(struct wr *w, bool server_name, struct span alpn,
                                        bool early_data, struct span retry_configs)
{
    wr_u8(w, MSG_ENCRYPTED_EXTENSIONS);
    WR_VEC(w, 3) {
        WR_VEC(w, 2) {
            if (server_name) {
                wr_u16(w, gv_extension_code(EXT_SERVER_NAME));
                wr_u16(w, 0);
            }
            if (early_data) {
                wr_u16(w, gv_extension_code(EXT_EARLY_DATA));
                wr_u16(w, 0);
            }
            if (alpn.len != 0)
                gv_wire_write_alpn_answer(w, alpn);
            if (retry_configs.len != 0)
                write_retry_configs(w, retry_configs);
        }
    }
}

/* ---- CertificateRequest ----------------------------------------------------------------------- */

static void read_authorities(struct rd *r, struct span *out)
{
    *out = rd_vec(r, 2, 3, 65535);
    struct rd names = rd_of(*out);
    while (rd_more(&names))
        rd_vec(&names, 2, 1, 65535);
    if (!rd_end(&names))
        rd_fail(r);
}

enum gv_err gv_wire_read_certificate_request(struct span body, struct certificate_request *m)
{
    struct rd r = rd_of(body);

    *m = (struct certificate_request){0};
    m->context = rd_vec(&r, 1, 0, 255);
    struct span block = rd_vec(&r, 2, 0, 65535);
    if (!rd_end(&r))
        RAISE(DECODE_CERTIFICATE_REQUEST);
    TRY(gv_extensions_read(block, &m->extensions));
    if ((m->extensions.seen & EXT_BIT(SIGNATURE_ALGORITHMS)) != 0) {
        r = rd_of(m->extensions.body[EXT_SIGNATURE_ALGORITHMS]);
        m->schemes = rd_list(&r, 2, 2);
        if (!rd_end(&r))
            RAISE(DECODE_CERTIFICATE_REQUEST);
    }
    if ((m->extensions.seen & EXT_BIT(COMPRESS_CERTIFICATE)) != 0) {
        r = rd_of(m->extensions.body[EXT_COMPRESS_CERTIFICATE]);
        m->compression_algorithms = rd_list(&r, 1, 2);
        if (!rd_end(&r))
            RAISE(DECODE_CERTIFICATE_REQUEST);
    }
    if ((m->extensions.seen & EXT_BIT(CERTIFICATE_AUTHORITIES)) != 0) {
        r = rd_of(m->extensions.body[EXT_CERTIFICATE_AUTHORITIES]);
        read_authorities(&r, &m->authorities);
        if (!rd_end(&r))
            RAISE(DECODE_CERTIFICATE_REQUEST);
    }
    return GV_OK;
}

bool gv_next_authority(struct span *list, struct span *name)
{
    struct rd r = rd_of(*list);

    if (!rd_more(&r))
        return false;
    *name = rd_vec(&r, 2, 1, UINT16_MAX);
    *list = rd_rest(&r);
    return !r.bad;
}

static void write_authorities(struct wr *w, const struct certificate_request_out *m)
{
    wr_u16(w, gv_extension_code(EXT_CERTIFICATE_AUTHORITIES));
    WR_VEC(w, 2)
        WR_VEC(w, 2)
            for (size_t i = 0; i < m->count; i++)
                WR_VEC(w, 2)
                    wr_bytes(w, m->authorities[i]);
}

static void write_compression_algorithms(struct wr *w, struct span algorithms)
{
    wr_u16(w, gv_extension_code(EXT_COMPRESS_CERTIFICATE));
    WR_VEC(w, 2)
        WR_VEC(w, 1)
            wr_bytes(w, algorithms);
}

void gv_wire_write_certificate_request(struct wr *w, const struct certificate_request_out *m)
{
    wr_u8(w, MSG_CERTIFICATE_REQUEST);
    WR_VEC(w, 3) {
        wr_u8(w, 0); /* certificate_request_context: empty in the handshake */
        WR_VEC(w, 2) {
            wr_u16(w, gv_extension_code(EXT_SIGNATURE_ALGORITHMS));
            WR_VEC(w, 2)
                WR_VEC(w, 2)
                    wr_bytes(w, m->schemes);
            if (m->count != 0)
                write_authorities(w, m);
            if (m->compression_algorithms.len != 0)
                write_compression_algorithms(w, m->compression_algorithms);
        }
    }
}

/* ---- Certificate ------------------------------------------------------------------------------ */

enum gv_err gv_wire_read_certificate(struct span body, struct certificate *m)
{
    struct rd r = rd_of(body);

    *m = (struct certificate){0};
    m->context = rd_vec(&r, 1, 0, 255);
    m->entries = rd_vec(&r, 3, 0, 0xffffff);
    struct rd entries = rd_of(m->entries);
    while (rd_more(&entries)) {
        m->bytes += rd_vec(&entries, 3, 1, 0xffffff).len;
        rd_vec(&entries, 2, 0, 65535);
        m->count++;
    }
    if (!rd_end(&r) || !rd_end(&entries))
        RAISE(DECODE_CERTIFICATE);
    return GV_OK;
}

/* CertificateStatus (RFC 6066 section 8) with an OCSPResponse of one byte at least. */
static struct span read_certificate_status(struct rd *r)
{
    if (rd_u8(r) != CERTIFICATE_STATUS_OCSP)
        rd_fail(r);
    return rd_vec(r, 3, 1, 0xffffff);
}

enum gv_err gv_wire_next_certificate(struct span *list, struct certificate_entry *out)
{
    struct rd r = rd_of(*list);

    out->der = rd_vec(&r, 3, 1, 0xffffff);
    struct span block = rd_vec(&r, 2, 0, 65535);
    if (r.bad)
        RAISE(DECODE_CERTIFICATE);
    *list = (struct span){r.at, r.left};
    out->ocsp = (struct span){NULL, 0};
    TRY(gv_extensions_read(block, &out->extensions));
    if ((out->extensions.seen & EXT_BIT(STATUS_REQUEST)) != 0) {
        r = rd_of(out->extensions.body[EXT_STATUS_REQUEST]);
        out->ocsp = read_certificate_status(&r);
        if (!rd_end(&r))
            RAISE(DECODE_CERTIFICATE_STATUS);
    }
    return GV_OK;
}

static void write_entry(struct wr *w, struct span der, struct span ocsp)
{
    WR_VEC(w, 3)
        wr_bytes(w, der);
    WR_VEC(w, 2) {
        if (ocsp.len != 0) {
            wr_u16(w, gv_extension_code(EXT_STATUS_REQUEST));
            WR_VEC(w, 2) {
                wr_u8(w, CERTIFICATE_STATUS_OCSP);
                WR_VEC(w, 3)
                    wr_bytes(w, ocsp);
            }
        }
    }
}

void gv_wire_write_certificate(struct wr *w, struct span context, const struct span *chain,
                               size_t count, struct span ocsp)
{
    wr_u8(w, MSG_CERTIFICATE);
    WR_VEC(w, 3) {
        WR_VEC(w, 1)
            wr_bytes(w, context);
        WR_VEC(w, 3)
            for (size_t i = 0; i < count; i++)
                write_entry(w, chain[i], i == 0 ? ocsp : (struct span){NULL, 0});
    }
}

/* ---- CompressedCertificate ------------------------------------------------------------------- */

enum gv_err gv_wire_read_compressed_certificate(struct span body, struct compressed_certificate *m)
{
    struct rd r = rd_of(body);

    m->algorithm = rd_u16(&r);
    m->uncompressed_length = rd_u24(&r);
    m->data = rd_vec(&r, 3, 1, 0xffffff);
    if (!rd_end(&r))
        RAISE(DECODE_COMPRESSED_CERTIFICATE);
    return GV_OK;
}

void gv_wire_write_compressed_certificate(struct wr *w, const struct compressed_certificate *m)
{
    wr_u8(w, MSG_COMPRESSED_CERTIFICATE);
    WR_VEC(w, 3) {
        wr_u16(w, m->algorithm);
        wr_u24(w, (uint32_t)m->uncompressed_length);
        WR_VEC(w, 3)
            wr_bytes(w, m->data);
    }
}

/* ---- CertificateVerify ------------------------------------------------------------------------ */

enum gv_err gv_wire_read_certificate_verify(struct span body, struct certificate_verify *m)
{
    struct rd r = rd_of(body);

    m->scheme = rd_u16(&r);
    m->signature = rd_vec(&r, 2, 0, 65535);
    if (!rd_end(&r))
        RAISE(DECODE_CERTIFICATE_VERIFY);
    return GV_OK;
}

void gv_wire_write_certificate_verify(struct wr *w, uint16_t scheme, struct span signature)
{
    wr_u8(w, MSG_CERTIFICATE_VERIFY);
    WR_VEC(w, 3) {
        wr_u16(w, scheme);
        WR_VEC(w, 2)
            wr_bytes(w, signature);
    }
}

/* ---- Finished, KeyUpdate, NewSessionTicket ------------------------------------------------------- */

void gv_wire_write_finished(struct wr *w, struct span verify_data)
{
    wr_u8(w, MSG_FINISHED);
    WR_VEC(w, 3)
        wr_bytes(w, verify_data);
}

enum gv_err gv_wire_read_end_of_early_data(struct span body)
{
    if (body.len != 0)
        RAISE(DECODE_END_OF_EARLY_DATA);
    return GV_OK;
}

void gv_wire_write_end_of_early_data(struct wr *w)
{
    wr_u8(w, MSG_END_OF_EARLY_DATA);
    wr_u24(w, 0);
}

enum gv_err gv_wire_read_key_update(struct span body, uint8_t *request)
{
    struct rd r = rd_of(body);

    *request = rd_u8(&r);
    if (!rd_end(&r))
        RAISE(DECODE_KEY_UPDATE);
    if (*request > KEY_UPDATE_REQUESTED)
        RAISE(KEY_UPDATE_VALUE);
    return GV_OK;
}

void gv_wire_write_key_update(struct wr *w, uint8_t request)
{
    wr_u8(w, MSG_KEY_UPDATE);
    WR_VEC(w, 3)
        wr_u8(w, request);
}

enum gv_err gv_wire_read_new_session_ticket(struct span body, struct new_session_ticket *m)
{
    struct rd r = rd_of(body);

    *m = (struct new_session_ticket){0};
    m->lifetime = rd_u32(&r);
    m->age_add = rd_u32(&r);
    m->nonce = rd_vec(&r, 1, 0, 255);
    m->ticket = rd_vec(&r, 2, 1, 65535);
    struct span block = rd_vec(&r, 2, 0, 65535);
    if (!rd_end(&r))
        RAISE(DECODE_NEW_SESSION_TICKET);
    TRY(gv_extensions_read(block, &m->extensions));
    if ((m->extensions.seen & EXT_BIT(EARLY_DATA)) != 0) {
        r = rd_of(m->extensions.body[EXT_EARLY_DATA]);
        m->max_early_data = rd_u32(&r);
        if (!rd_end(&r))
            RAISE(DECODE_NEW_SESSION_TICKET);
    }
    return GV_OK;
}

void gv_wire_write_new_session_ticket(struct wr *w, const struct new_session_ticket *m)
{
    wr_u8(w, MSG_NEW_SESSION_TICKET);
    WR_VEC(w, 3) {
        wr_u32(w, m->lifetime);
        wr_u32(w, m->age_add);
        WR_VEC(w, 1)
            wr_bytes(w, m->nonce);
        WR_VEC(w, 2)
            wr_bytes(w, m->ticket);
        WR_VEC(w, 2) {
            if (m->max_early_data != 0) {
                wr_u16(w, gv_extension_code(EXT_EARLY_DATA));
                WR_VEC(w, 2)
                    wr_u32(w, m->max_early_data);
            }
        }
    }
}
