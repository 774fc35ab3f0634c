/* Reading hellos. Each function is a struct of the RFC, top to bottom. */
#include "wire/hello.h"

const uint8_t gv_hello_retry_random[RANDOM_LEN] = {
    0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
    0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
const uint8_t gv_downgrade_tls12[8] = {'D', 'O', 'W', 'N', 'G', 'R', 'D', 1};
const uint8_t gv_downgrade_tls11[8] = {'D', 'O', 'W', 'N', 'G', 'R', 'D', 0};

/* ---- lists -------------------------------------------------------------------------------- */

bool gv_next_key_share(struct span *list, struct key_share_entry *out)
{
    struct rd r = rd_of(*list);
    if (!rd_more(&r))
        return false;
    out->group = rd_u16(&r);
    out->key = rd_vec(&r, 2, 1, 65535);
    *list = (struct span){r.at, r.left};
    return !r.bad;
}

bool gv_next_psk_identity(struct span *list, struct psk_identity *out)
{
    struct rd r = rd_of(*list);
    if (!rd_more(&r))
        return false;
    out->identity = rd_vec(&r, 2, 1, 65535);
    out->obfuscated_age = rd_u32(&r);
    *list = (struct span){r.at, r.left};
    return !r.bad;
}

bool gv_next_vec8(struct span *list, struct span *out)
{
    struct rd r = rd_of(*list);
    if (!rd_more(&r))
        return false;
    *out = rd_vec(&r, 1, 1, 255);
    *list = (struct span){r.at, r.left};
    return !r.bad;
}

bool gv_list_has_u16(struct span list, uint16_t code)
{
    for (size_t i = 0; i < list.len / 2; i++)
        if (span_u16(list, i) == code)
            return true;
    return false;
}

bool gv_list_has_u8(struct span list, uint8_t code)
{
    return list.len != 0 && memchr(list.at, code, list.len) != NULL;
}

/* ---- the contents of a ClientHello's extensions --------------------------------------------- */

/* A reader for each; what it answers is whether the content is well-formed. */
typedef bool read_body(struct rd *r, struct client_hello *m);

/* ServerName: one host_name at most; other types of name are passed over (RFC 6066 section 3). */
static bool read_server_name(struct rd *r, struct client_hello *m)
{
    struct rd names = rd_of(rd_vec(r, 2, 1, 65535));
    while (rd_more(&names)) {
        uint8_t type = rd_u8(&names);
        struct span name = rd_vec(&names, 2, 1, 65535);
        if (type != NAME_TYPE_HOST)
            continue;
        if (m->server_name.len != 0)
            return false;
        m->server_name = name;
    }
    return rd_end(&names);
}

static bool read_status_request(struct rd *r, struct client_hello *m)
{
    uint8_t type = rd_u8(r);
    if (type != CERTIFICATE_STATUS_OCSP) {
        rd_rest(r);
        return true;
    }
    rd_vec(r, 2, 0, 65535); /* responder_id_list */
    rd_vec(r, 2, 0, 65535); /* request_extensions */
    m->ocsp = !r->bad;
    return true;
}

static bool read_groups(struct rd *r, struct client_hello *m)
{
    m->groups = rd_list(r, 2, 2);
    return true;
}

static bool read_point_formats(struct rd *r, struct client_hello *m)
{
    m->point_formats = rd_vec(r, 1, 1, 255);
    return true;
}

static bool read_schemes(struct rd *r, struct client_hello *m)
{
    m->schemes = rd_list(r, 2, 2);
    return true;
}

static bool read_alpn(struct rd *r, struct client_hello *m)
{
    m->alpn = rd_vec(r, 2, 2, 65535);
    struct rd names = rd_of(m->alpn);
    while (rd_more(&names))
        rd_vec(&names, 1, 1, 255);
    return rd_end(&names);
}

static bool read_nothing(struct rd *r, struct client_hello *m)
{
    (void)r;
    (void)m;
    return true;
}

static bool read_compress_certificate(struct rd *r, struct client_hello *m)
{
    m->compression_algorithms = rd_list(r, 1, 2);
    return true;
}

static bool read_session_ticket(struct rd *r, struct client_hello *m)
{
    m->session_ticket = rd_rest(r);
    return true;
}

static bool read_versions(struct rd *r, struct client_hello *m)
{
    m->versions = rd_list(r, 1, 2);
    return true;
}

static bool read_cookie(struct rd *r, struct client_hello *m)
{
    m->cookie = rd_vec(r, 2, 1, 65535);
    return true;
}

static bool read_psk_modes(struct rd *r, struct client_hello *m)
{
    m->psk_modes = rd_vec(r, 1, 1, 255);
    return true;
}

/* Lists that we have no use for are checked all the same. */
static bool read_authorities(struct rd *r, struct client_hello *m)
{
    (void)m;
    struct rd names = rd_of(rd_vec(r, 2, 3, 65535));
    while (rd_more(&names))
        rd_vec(&names, 2, 1, 65535);
    return rd_end(&names);
}

static bool read_schemes_cert(struct rd *r, struct client_hello *m)
{
    (void)m;
    rd_list(r, 2, 2);
    return true;
}

static bool read_key_shares(struct rd *r, struct client_hello *m)
{
    m->key_shares = rd_vec(r, 2, 0, 65535);
    struct rd shares = rd_of(m->key_shares);
    while (rd_more(&shares)) {
        rd_u16(&shares);
        rd_vec(&shares, 2, 1, 65535);
    }
    return rd_end(&shares);
}

static bool read_ticket_request(struct rd *r, struct client_hello *m)
{
    m->tickets_new = rd_u8(r);
    m->tickets_resumed = rd_u8(r);
    return true;
}

static bool read_renegotiation_info(struct rd *r, struct client_hello *m)
{
    (void)m;
    rd_vec(r, 1, 0, 255);
    return true;
}

/* OfferedPsks (RFC 9846 section 4.2.11). */
static bool read_psks(struct rd *r, struct client_hello *m)
{
    m->psk_identities = rd_vec(r, 2, 7, 65535);
    struct rd ids = rd_of(m->psk_identities);
    for (; rd_more(&ids); m->psk_identity_count++) {
        rd_vec(&ids, 2, 1, 65535);
        rd_u32(&ids);
    }
    m->psk_binders = rd_vec(r, 2, 33, 65535);
    struct rd macs = rd_of(m->psk_binders);
    for (; rd_more(&macs); m->psk_binder_count++)
        rd_vec(&macs, 1, 32, 255);
    return rd_end(&ids) && rd_end(&macs);
}

static bool read_ech(struct rd *r, struct client_hello *m)
{
    return gv_ech_read_hello(r, &m->ech);
}

static bool read_outer_extensions(struct rd *r, struct client_hello *m)
{
    m->outer_extensions = rd_list(r, 1, 2);
    return true;
}

static read_body *const client_hello_bodies[EXT_COUNT] = {
    [EXT_SERVER_NAME] = read_server_name,
    [EXT_STATUS_REQUEST] = read_status_request,
    [EXT_SUPPORTED_GROUPS] = read_groups,
    [EXT_EC_POINT_FORMATS] = read_point_formats,
    [EXT_SIGNATURE_ALGORITHMS] = read_schemes,
    [EXT_ALPN] = read_alpn,
    [EXT_EXTENDED_MASTER_SECRET] = read_nothing,
    [EXT_COMPRESS_CERTIFICATE] = read_compress_certificate,
    [EXT_SESSION_TICKET] = read_session_ticket,
    [EXT_PRE_SHARED_KEY] = read_psks,
    [EXT_EARLY_DATA] = read_nothing,
    [EXT_SUPPORTED_VERSIONS] = read_versions,
    [EXT_COOKIE] = read_cookie,
    [EXT_PSK_KEY_EXCHANGE_MODES] = read_psk_modes,
    [EXT_CERTIFICATE_AUTHORITIES] = read_authorities,
    [EXT_SIGNATURE_ALGORITHMS_CERT] = read_schemes_cert,
    [EXT_KEY_SHARE] = read_key_shares,
    [EXT_TICKET_REQUEST] = read_ticket_request,
    [EXT_ECH_OUTER_EXTENSIONS] = read_outer_extensions,
    [EXT_ENCRYPTED_CLIENT_HELLO] = read_ech,
    [EXT_RENEGOTIATION_INFO] = read_renegotiation_info,
};

static bool read_client_hello_bodies(struct client_hello *m)
{
    for (unsigned slot = 0; slot < EXT_COUNT; slot++) {
        if ((m->extensions.seen >> slot & 1) == 0)
            continue;
        struct rd r = rd_of(m->extensions.body[slot]);
        if (!client_hello_bodies[slot](&r, m) || !rd_end(&r))
            return false;
    }
    return true;
}

/* ---- ClientHello --------------------------------------------------------------------------- */

enum gv_err gv_wire_read_client_hello(struct span body, struct client_hello *m)
{
    struct rd r = rd_of(body);
    struct span block = {NULL, 0};

    *m = (struct client_hello){0};
    m->version = rd_u16(&r);
    m->random = rd_bytes(&r, RANDOM_LEN);
    m->session_id = rd_vec(&r, 1, 0, SESSION_ID_MAX);
    m->suites = rd_list(&r, 2, 2);
    m->compressions = rd_vec(&r, 1, 1, 255);
    if (rd_more(&r)) /* TLS 1.2 allows a hello without the block (RFC 5246 section 7.4.1.2) */
        block = rd_vec(&r, 2, 0, 65535);
    if (!rd_end(&r))
        RAISE(DECODE_CLIENT_HELLO);
    TRY(gv_extensions_read(block, &m->extensions));
    if (!read_client_hello_bodies(m))
        RAISE(DECODE_CLIENT_HELLO);
    if ((m->extensions.seen & EXT_BIT(PRE_SHARED_KEY)) != 0) {
        if (m->extensions.last != EXT_PRE_SHARED_KEY)
            RAISE(PSK_NOT_LAST);
        m->binders_at = body.len - m->psk_binders.len - 2;
    }
    return GV_OK;
}

/* ---- ServerHello --------------------------------------------------------------------------- */

enum gv_err gv_wire_read_server_hello(struct span body, struct server_hello *m)
{
    struct rd r = rd_of(body);
    struct span block = {NULL, 0};

    *m = (struct server_hello){0};
    m->version = rd_u16(&r);
    m->random = rd_bytes(&r, RANDOM_LEN);
    m->session_id = rd_vec(&r, 1, 0, SESSION_ID_MAX);
    m->suite = rd_u16(&r);
    m->compression = rd_u8(&r);
    if (rd_more(&r))
        block = rd_vec(&r, 2, 0, 65535);
    if (!rd_end(&r))
        RAISE(DECODE_SERVER_HELLO);
    m->is_retry = span_equal(m->random, SPAN_OF(gv_hello_retry_random));
    return gv_extensions_read(block, &m->extensions);
}

enum gv_err gv_wire_read_server_hello13(const struct server_hello *m, struct server_hello13 *out)
{
    const struct extension_block *x = &m->extensions;

    *out = (struct server_hello13){0};
    if ((x->seen & EXT_BIT(SUPPORTED_VERSIONS)) != 0) {
        struct rd r = rd_of(x->body[EXT_SUPPORTED_VERSIONS]);
        out->selected_version = rd_u16(&r);
        if (!rd_end(&r))
            RAISE(DECODE_SERVER_HELLO);
    }
    if ((x->seen & EXT_BIT(KEY_SHARE)) != 0) {
        struct rd r = rd_of(x->body[EXT_KEY_SHARE]);
        out->share.group = rd_u16(&r);
        if (!m->is_retry)
            out->share.key = rd_vec(&r, 2, 1, 65535);
        if (!rd_end(&r))
            RAISE(DECODE_SERVER_HELLO);
    }
    if ((x->seen & EXT_BIT(COOKIE)) != 0) {
        struct rd r = rd_of(x->body[EXT_COOKIE]);
        out->cookie = rd_vec(&r, 2, 1, 65535);
        if (!rd_end(&r))
            RAISE(DECODE_SERVER_HELLO);
    }
    if ((x->seen & EXT_BIT(PRE_SHARED_KEY)) != 0) {
        struct rd r = rd_of(x->body[EXT_PRE_SHARED_KEY]);
        out->has_psk = true;
        out->psk = rd_u16(&r);
        if (!rd_end(&r))
            RAISE(DECODE_SERVER_HELLO);
    }
    if ((x->seen & EXT_BIT(ENCRYPTED_CLIENT_HELLO)) != 0) {
        out->ech_confirmation = x->body[EXT_ENCRYPTED_CLIENT_HELLO];
        if (out->ech_confirmation.len != ECH_CONFIRMATION_LEN)
            RAISE(DECODE_SERVER_HELLO);
    }
    return GV_OK;
}
