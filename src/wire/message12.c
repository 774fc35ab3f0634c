/* The handshake messages of TLS 1.2. */
#include "wire/message12.h"

enum { CURVE_TYPE_NAMED = 3 };   /* RFC 8422 section 5.4 */
enum { POINT_UNCOMPRESSED = 0 }; /* RFC 8422 section 5.1.2 */

/* ---- ServerHello ------------------------------------------------------------------------------ */

static bool is_empty(const struct extension_block *x, enum extension e)
{
    return x->body[e].len == 0;
}

enum gv_err gv_wire_read_server_hello12(const struct server_hello *m, struct server_hello12 *out)
{
    const struct extension_block *x = &m->extensions;

    *out = (struct server_hello12){0};
    if (!is_empty(x, EXT_SERVER_NAME) || !is_empty(x, EXT_EXTENDED_MASTER_SECRET) ||
        !is_empty(x, EXT_SESSION_TICKET) || !is_empty(x, EXT_STATUS_REQUEST))
        RAISE(DECODE_SERVER_HELLO);
    out->extended_master_secret = (x->seen & EXT_BIT(EXTENDED_MASTER_SECRET)) != 0;
    out->ticket = (x->seen & EXT_BIT(SESSION_TICKET)) != 0;
    out->ocsp = (x->seen & EXT_BIT(STATUS_REQUEST)) != 0;
    if ((x->seen & EXT_BIT(ALPN)) != 0)
        TRY(gv_wire_read_alpn_answer(x->body[EXT_ALPN], &out->alpn));
    if ((x->seen & EXT_BIT(RENEGOTIATION_INFO)) != 0) {
        struct rd r = rd_of(x->body[EXT_RENEGOTIATION_INFO]);
        struct span verify_data = rd_vec(&r, 1, 0, 255);
        if (!rd_end(&r))
            RAISE(DECODE_SERVER_HELLO);
        if (verify_data.len != 0)
            RAISE(RENEGOTIATION_INFO_WRONG);
    }
    if ((x->seen & EXT_BIT(EC_POINT_FORMATS)) != 0) {
        struct rd r = rd_of(x->body[EXT_EC_POINT_FORMATS]);
        struct span formats = rd_vec(&r, 1, 1, 255);
        if (!rd_end(&r))
            RAISE(DECODE_SERVER_HELLO);
        if (!gv_list_has_u8(formats, POINT_UNCOMPRESSED))
            RAISE(POINT_FORMAT_MISSING);
    }
    return GV_OK;
}

static void write_empty(struct wr *w, enum extension e, bool wanted)
{
    if (!wanted)
        return;
    wr_u16(w, gv_extension_code(e));
    wr_u16(w, 0);
}

static void write_extensions12(struct wr *w, const struct server_hello12_out *m)
{
    write_empty(w, EXT_SERVER_NAME, m->server_name);
    write_empty(w, EXT_EXTENDED_MASTER_SECRET, m->extended_master_secret);
    write_empty(w, EXT_SESSION_TICKET, m->ticket);
    write_empty(w, EXT_STATUS_REQUEST, m->ocsp);
    if (m->renegotiation_info) {
        wr_u16(w, gv_extension_code(EXT_RENEGOTIATION_INFO));
        WR_VEC(w, 2)
            wr_u8(w, 0); /* renegotiated_connection: empty (RFC 5746 section 3.6) */
    }
    if (m->point_formats) {
        wr_u16(w, gv_extension_code(EXT_EC_POINT_FORMATS));
        WR_VEC(w, 2)
            WR_VEC(w, 1)
                wr_u8(w, POINT_UNCOMPRESSED);
    }
    if (m->alpn.len != 0)
        gv_wire_write_alpn_answer(w, m->alpn);
}

void gv_wire_write_server_hello12(struct wr *w, const struct server_hello12_out *m)
{
    wr_u8(w, MSG_SERVER_HELLO);
    WR_VEC(w, 3) {
        wr_u16(w, TLS12);
        wr_bytes(w, m->random);
        WR_VEC(w, 1)
            wr_bytes(w, m->session_id);
        wr_u16(w, m->suite);
        wr_u8(w, 0); /* no compression */
        WR_VEC(w, 2)
            write_extensions12(w, m);
    }
}

/* ---- Certificate, CertificateStatus -------------------------------------------------------------- */

enum gv_err gv_wire_read_certificate12(struct span body, struct certificate12 *m)
{
    struct rd r = rd_of(body);

    *m = (struct certificate12){0};
    m->list = rd_vec(&r, 3, 0, 0xffffff);
    struct rd certificates = rd_of(m->list);
    while (rd_more(&certificates)) {
        m->bytes += rd_vec(&certificates, 3, 1, 0xffffff).len;
        m->count++;
    }
    if (!rd_end(&r) || !rd_end(&certificates))
        RAISE(DECODE_CERTIFICATE);
    return GV_OK;
}

bool gv_next_certificate12(struct span *list, struct span *der)
{
    struct rd r = rd_of(*list);
    if (!rd_more(&r))
        return false;
    *der = rd_vec(&r, 3, 1, 0xffffff);
    *list = (struct span){r.at, r.left};
    return !r.bad;
}

void gv_wire_write_certificate12(struct wr *w, const struct span *chain, size_t count)
{
    wr_u8(w, MSG_CERTIFICATE);
    WR_VEC(w, 3) {
        WR_VEC(w, 3) {
            for (size_t i = 0; i < count; i++)
                WR_VEC(w, 3)
                    wr_bytes(w, chain[i]);
        }
    }
}

enum gv_err gv_wire_read_certificate_status(struct span body, struct span *ocsp)
{
    struct rd r = rd_of(body);

    uint8_t type = rd_u8(&r);
    *ocsp = rd_vec(&r, 3, 1, 0xffffff);
    if (!rd_end(&r) || type != CERTIFICATE_STATUS_OCSP)
        RAISE(DECODE_CERTIFICATE_STATUS);
    return GV_OK;
}

void gv_wire_write_certificate_status(struct wr *w, struct span ocsp)
{
    wr_u8(w, MSG_CERTIFICATE_STATUS);
    WR_VEC(w, 3) {
        wr_u8(w, CERTIFICATE_STATUS_OCSP);
        WR_VEC(w, 3)
            wr_bytes(w, ocsp);
    }
}

/* ---- key exchange ----------------------------------------------------------------------------------- */

enum gv_err gv_wire_read_server_key_exchange(struct span body, struct server_key_exchange *m)
{
    struct rd r = rd_of(body);

    uint8_t curve_type = rd_u8(&r);
    m->group = rd_u16(&r);
    m->point = rd_vec(&r, 1, 1, 255);
    m->params = span_of(body.at, body.len - r.left);
    m->scheme = rd_u16(&r);
    m->signature = rd_vec(&r, 2, 0, 65535);
    if (!rd_end(&r))
        RAISE(DECODE_SERVER_KEY_EXCHANGE);
    if (curve_type != CURVE_TYPE_NAMED)
        RAISE(CURVE_TYPE_UNSUPPORTED);
    return GV_OK;
}

void gv_wire_write_ecdh_params(struct wr *w, uint16_t group, struct span point)
{
    wr_u8(w, CURVE_TYPE_NAMED);
    wr_u16(w, group);
    WR_VEC(w, 1)
        wr_bytes(w, point);
}

void gv_wire_write_server_key_exchange(struct wr *w, struct span params, uint16_t scheme,
                                       struct span signature)
{
    wr_u8(w, MSG_SERVER_KEY_EXCHANGE);
    WR_VEC(w, 3) {
        wr_bytes(w, params);
        wr_u16(w, scheme);
        WR_VEC(w, 2)
            wr_bytes(w, signature);
    }
}

enum gv_err gv_wire_read_client_key_exchange(struct span body, struct span *point)
{
    struct rd r = rd_of(body);

    *point = rd_vec(&r, 1, 1, 255);
    if (!rd_end(&r))
        RAISE(DECODE_CLIENT_KEY_EXCHANGE);
    return GV_OK;
}

void gv_wire_write_client_key_exchange(struct wr *w, struct span point)
{
    wr_u8(w, MSG_CLIENT_KEY_EXCHANGE);
    WR_VEC(w, 3)
        WR_VEC(w, 1)
            wr_bytes(w, point);
}

/* ---- the rest ------------------------------------------------------------------------------------------ */

enum gv_err gv_wire_read_certificate_request12(struct span body, struct certificate_request12 *m)
{
    struct rd r = rd_of(body);

    m->types = rd_vec(&r, 1, 1, 255);
    m->schemes = rd_list(&r, 2, 2);
    m->authorities = rd_vec(&r, 2, 0, 65535);
    struct rd names = rd_of(m->authorities);
    while (rd_more(&names))
        rd_vec(&names, 2, 1, 65535);
    if (!rd_end(&r) || !rd_end(&names))
        RAISE(DECODE_CERTIFICATE_REQUEST);
    return GV_OK;
}

void gv_wire_write_certificate_request12(struct wr *w, struct span schemes,
                                         const struct span *authorities, size_t count)
{
    wr_u8(w, MSG_CERTIFICATE_REQUEST);
    WR_VEC(w, 3) {
        WR_VEC(w, 1) {
            wr_u8(w, CERT_TYPE_RSA_SIGN);
            wr_u8(w, CERT_TYPE_ECDSA_SIGN);
        }
        WR_VEC(w, 2)
            wr_bytes(w, schemes);
        WR_VEC(w, 2) {
            for (size_t i = 0; i < count; i++)
                WR_VEC(w, 2)
                    wr_bytes(w, authorities[i]);
        }
    }
}

enum gv_err gv_wire_read_server_hello_done(struct span body)
{
    if (body.len != 0)
        RAISE(DECODE_SERVER_HELLO_DONE);
    return GV_OK;
}

void gv_wire_write_server_hello_done(struct wr *w)
{
    wr_u8(w, MSG_SERVER_HELLO_DONE);
    wr_u24(w, 0);
}

enum gv_err gv_wire_read_new_session_ticket12(struct span body, struct new_session_ticket12 *m)
{
    struct rd r = rd_of(body);

    m->lifetime = rd_u32(&r);
    m->ticket = rd_vec(&r, 2, 0, 65535);
    if (!rd_end(&r))
        RAISE(DECODE_NEW_SESSION_TICKET);
    return GV_OK;
}

void gv_wire_write_new_session_ticket12(struct wr *w, uint32_t lifetime, struct span ticket)
{
    wr_u8(w, MSG_NEW_SESSION_TICKET);
    WR_VEC(w, 3) {
        wr_u32(w, lifetime);
        WR_VEC(w, 2)
            wr_bytes(w, ticket);
    }
}
