/* Writing hellos. */
#include "wire/hello.h"

/* ---- the contents of a ClientHello's extensions --------------------------------------------- */

static void write_server_name(struct wr *w, const struct client_hello_out *m)
{
    WR_VEC(w, 2) {
        wr_u8(w, NAME_TYPE_HOST);
        WR_VEC(w, 2)
            wr_bytes(w, m->server_name);
    }
}

static void write_status_request(struct wr *w, const struct client_hello_out *m)
{
    (void)m;
    wr_u8(w, CERTIFICATE_STATUS_OCSP);
    wr_u16(w, 0); /* responder_id_list */
    wr_u16(w, 0); /* request_extensions */
}

static void write_groups(struct wr *w, const struct client_hello_out *m)
{
    WR_VEC(w, 2)
        wr_bytes(w, m->groups);
}

static void write_schemes(struct wr *w, const struct client_hello_out *m)
{
    WR_VEC(w, 2)
        wr_bytes(w, m->schemes);
}

static void write_alpn(struct wr *w, const struct client_hello_out *m)
{
    WR_VEC(w, 2)
        wr_bytes(w, m->alpn);
}

static void write_versions(struct wr *w, const struct client_hello_out *m)
{
    WR_VEC(w, 1)
        wr_bytes(w, m->versions);
}

static void write_cookie(struct wr *w, const struct client_hello_out *m)
{
    WR_VEC(w, 2)
        wr_bytes(w, m->cookie);
}

static void write_psk_modes(struct wr *w, const struct client_hello_out *m)
{
    (void)m;
    WR_VEC(w, 1)
        wr_u8(w, PSK_MODE_DHE_KE);
}

static void write_key_shares(struct wr *w, const struct client_hello_out *m)
{
    WR_VEC(w, 2)
        wr_bytes(w, m->key_shares);
}

static void write_point_formats(struct wr *w, const struct client_hello_out *m)
{
    (void)m;
    WR_VEC(w, 1)
        wr_u8(w, 0); /* uncompressed (RFC 8422 section 5.1.2) */
}

static void write_nothing(struct wr *w, const struct client_hello_out *m)
{
    (void)w;
    (void)m;
}

static void write_session_ticket(struct wr *w, const struct client_hello_out *m)
{
    wr_bytes(w, m->session_ticket);
}

static void write_compress_certificate(struct wr *w, const struct client_hello_out *m)
{
    WR_VEC(w, 1)
        wr_bytes(w, m->compression_algorithms);
}

static void write_ticket_request(struct wr *w, const struct client_hello_out *m)
{
    wr_u8(w, m->tickets_new);
    wr_u8(w, m->tickets_resumed);
}

static void write_binder(struct wr *w, const struct psk_out *psk)
{
    uint8_t *binder = wr_room(w, psk->binder_len);

    if (binder != NULL && psk->binder.len == psk->binder_len)
        span_copy(binder, psk->binder);
    else if (binder != NULL)
        memset(binder, 0, psk->binder_len);
}

static void write_psks(struct wr *w, const struct client_hello_out *m)
{
    WR_VEC(w, 2) {
        for (size_t i = 0; i < m->psk_count; i++) {
            WR_VEC(w, 2)
                wr_bytes(w, m->psks[i].identity);
            wr_u32(w, m->psks[i].age);
        }
    }
    WR_VEC(w, 2) {
        for (size_t i = 0; i < m->psk_count; i++)
            WR_VEC(w, 1)
                write_binder(w, &m->psks[i]);
    }
}

static void write_ech(struct wr *w, const struct client_hello_out *m)
{
    gv_ech_write_hello(w, m->ech);
}

typedef void write_body(struct wr *w, const struct client_hello_out *m);

static write_body *const client_hello_bodies[EXT_COUNT] = {
    [EXT_SERVER_NAME] = write_server_name,
    [EXT_STATUS_REQUEST] = write_status_request,
    [EXT_SUPPORTED_GROUPS] = write_groups,
    [EXT_EC_POINT_FORMATS] = write_point_formats,
    [EXT_SIGNATURE_ALGORITHMS] = write_schemes,
    [EXT_ALPN] = write_alpn,
    [EXT_EXTENDED_MASTER_SECRET] = write_nothing,
    [EXT_COMPRESS_CERTIFICATE] = write_compress_certificate,
    [EXT_SESSION_TICKET] = write_session_ticket,
    [EXT_PRE_SHARED_KEY] = write_psks,
    [EXT_EARLY_DATA] = write_nothing,
    [EXT_SUPPORTED_VERSIONS] = write_versions,
    [EXT_COOKIE] = write_cookie,
    [EXT_PSK_KEY_EXCHANGE_MODES] = write_psk_modes,
    [EXT_KEY_SHARE] = write_key_shares,
    [EXT_TICKET_REQUEST] = write_ticket_request,
    [EXT_ENCRYPTED_CLIENT_HELLO] = write_ech,
};

uint32_t gv_wire_client_hello_extensions(const struct client_hello_out *m)
{
    uint32_t bits = EXT_BIT(SUPPORTED_GROUPS) | EXT_BIT(SIGNATURE_ALGORITHMS) |
                    EXT_BIT(SUPPORTED_VERSIONS);

    if (m->server_name.len != 0)
        bits |= EXT_BIT(SERVER_NAME);
    if (m->ocsp)
        bits |= EXT_BIT(STATUS_REQUEST);
    if (m->alpn.len != 0)
        bits |= EXT_BIT(ALPN);
    if (m->cookie.len != 0)
        bits |= EXT_BIT(COOKIE);
    if (m->compression_algorithms.len != 0)
        bits |= EXT_BIT(COMPRESS_CERTIFICATE);
    if (m->ticket_request)
        bits |= EXT_BIT(TICKET_REQUEST);
    if (m->psk_count != 0)
        bits |= EXT_BIT(PRE_SHARED_KEY);
    if (m->early_data)
        bits |= EXT_BIT(EARLY_DATA);
    if (m->tls12)
        bits |= EXT_BIT(EC_POINT_FORMATS) | EXT_BIT(EXTENDED_MASTER_SECRET) |
                EXT_BIT(SESSION_TICKET);
    if (m->tls13)
        bits |= EXT_BIT(PSK_KEY_EXCHANGE_MODES) | EXT_BIT(KEY_SHARE);
    if (m->ech != NULL)
        bits |= EXT_BIT(ENCRYPTED_CLIENT_HELLO);
    return bits;
}

static void write_one(struct wr *w, const struct client_hello_out *m, enum extension e)
{
    wr_u16(w, gv_extension_code(e));
    WR_VEC(w, 2)
        client_hello_bodies[e](w, m);
}

/* Those of these bits, in the order's order. */
static void write_these(struct wr *w, const struct client_hello_out *m, uint32_t bits)
{
    for (size_t i = 0; i < m->order_count; i++)
        if ((bits >> m->order[i] & 1) != 0)
            write_one(w, m, m->order[i]);
}

/* ech_outer_extensions (RFC 9849 section 5.1): where those of these bits would stand, their numbers. */
static void write_references(struct wr *w, const struct client_hello_out *m, uint32_t bits)
{
    if (bits == 0)
        return;
    wr_u16(w, gv_extension_code(EXT_ECH_OUTER_EXTENSIONS));
    WR_VEC(w, 2)
        WR_VEC(w, 1)
            for (size_t i = 0; i < m->order_count; i++)
                if ((bits >> m->order[i] & 1) != 0)
                    wr_u16(w, gv_extension_code(m->order[i]));
}

typedef void write_shared(struct wr *w, const struct client_hello_out *m, uint32_t bits);

static void write_hello_body(struct wr *w, const struct client_hello_out *m, struct span session_id,
                             write_shared *shared)
{
    const uint32_t all = gv_wire_client_hello_extensions(m);
    const uint32_t bits = all & ~EXT_BIT(PRE_SHARED_KEY);

    wr_u16(w, TLS12);
    wr_bytes(w, m->random);
    WR_VEC(w, 1)
        wr_bytes(w, session_id);
    WR_VEC(w, 2)
        wr_bytes(w, m->suites);
    WR_VEC(w, 1)
        wr_u8(w, 0); /* no compression */
    WR_VEC(w, 2) {
        write_these(w, m, bits & ~m->shared);
        shared(w, m, bits & m->shared);
        if (all != bits)
            write_one(w, m, EXT_PRE_SHARED_KEY); /* section 4.2.11: the last */
    }
}

void gv_wire_write_client_hello(struct wr *w, const struct client_hello_out *m)
{
    wr_u8(w, MSG_CLIENT_HELLO);
    WR_VEC(w, 3)
        write_hello_body(w, m, m->session_id, write_these);
}

void gv_wire_write_encoded_inner_hello(struct wr *w, const struct client_hello_out *m)
{
    write_hello_body(w, m, span_of(NULL, 0), write_references);
}

/* ---- ServerHello --------------------------------------------------------------------------- */

static void write_selected_version(struct wr *w)
{
    wr_u16(w, gv_extension_code(EXT_SUPPORTED_VERSIONS));
    WR_VEC(w, 2)
        wr_u16(w, TLS13);
}

void gv_wire_write_server_hello13(struct wr *w, const struct server_hello_out *m)
{
    wr_u8(w, MSG_SERVER_HELLO);
    WR_VEC(w, 3) {
        wr_u16(w, TLS12);
        wr_bytes(w, m->random);
        WR_VEC(w, 1)
            wr_bytes(w, m->session_id);
        wr_u16(w, m->suite);
        wr_u8(w, 0); /* no compression */
        WR_VEC(w, 2) {
            wr_u16(w, gv_extension_code(EXT_KEY_SHARE));
            WR_VEC(w, 2) {
                wr_u16(w, m->group);
                WR_VEC(w, 2)
                    wr_bytes(w, m->share);
            }
            if (m->psk) {
                wr_u16(w, gv_extension_code(EXT_PRE_SHARED_KEY));
                WR_VEC(w, 2)
                    wr_u16(w, m->psk_index);
            }
            write_selected_version(w);
        }
    }
}

static void write_empty_confirmation(struct wr *w)
{
    wr_u16(w, gv_extension_code(EXT_ENCRYPTED_CLIENT_HELLO));
    WR_VEC(w, 2)
        wr_u64(w, 0);
}

void gv_wire_write_hello_retry_request(struct wr *w, const struct server_hello_out *m)
{
    wr_u8(w, MSG_SERVER_HELLO);
    WR_VEC(w, 3) {
        wr_u16(w, TLS12);
        wr_bytes(w, SPAN_OF(gv_hello_retry_random));
        WR_VEC(w, 1)
            wr_bytes(w, m->session_id);
        wr_u16(w, m->suite);
        wr_u8(w, 0);
        WR_VEC(w, 2) {
            wr_u16(w, gv_extension_code(EXT_KEY_SHARE));
            WR_VEC(w, 2)
                wr_u16(w, m->group);
            write_selected_version(w);
            if (m->ech)
                write_empty_confirmation(w);
        }
    }
}
