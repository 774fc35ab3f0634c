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

typedef void write_body(struct wr *w, const struct client_hello_out *m);

static write_body *const client_hello_bodies[EXT_COUNT] = {
    [EXT_SERVER_NAME] = write_server_name,
    [EXT_STATUS_REQUEST] = write_status_request,
    [EXT_SUPPORTED_GROUPS] = write_groups,
    [EXT_SIGNATURE_ALGORITHMS] = write_schemes,
    [EXT_ALPN] = write_alpn,
    [EXT_SUPPORTED_VERSIONS] = write_versions,
    [EXT_COOKIE] = write_cookie,
    [EXT_PSK_KEY_EXCHANGE_MODES] = write_psk_modes,
    [EXT_KEY_SHARE] = write_key_shares,
};

/* Whether the hello has something to say under this extension. */
static bool is_offered(const struct client_hello_out *m, enum extension e)
{
    switch (e) {
    case EXT_SERVER_NAME:
        return m->server_name.len != 0;
    case EXT_STATUS_REQUEST:
        return m->ocsp;
    case EXT_ALPN:
        return m->alpn.len != 0;
    case EXT_COOKIE:
        return m->cookie.len != 0;
    case EXT_PSK_KEY_EXCHANGE_MODES:
        return m->psk_dhe;
    default:
        return client_hello_bodies[e] != NULL;
    }
}

void gv_wire_write_client_hello(struct wr *w, const struct client_hello_out *m)
{
    wr_u8(w, MSG_CLIENT_HELLO);
    WR_VEC(w, 3) {
        wr_u16(w, TLS12);
        wr_bytes(w, m->random);
        WR_VEC(w, 1)
            wr_bytes(w, m->session_id);
        WR_VEC(w, 2)
            wr_bytes(w, m->suites);
        WR_VEC(w, 1)
            wr_u8(w, 0); /* no compression */
        WR_VEC(w, 2) {
            for (size_t i = 0; i < m->order_count; i++) {
                if (!is_offered(m, m->order[i]))
                    continue;
                wr_u16(w, gv_extension_code(m->order[i]));
                WR_VEC(w, 2)
                    client_hello_bodies[m->order[i]](w, m);
            }
        }
    }
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
            write_selected_version(w);
        }
    }
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
        }
    }
}
