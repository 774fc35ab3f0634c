/* The client's steps in TLS 1.2 (RFC 5246 section 7.3, with RFC 7627, RFC 8422 and RFC 6066). */
#include "handshake/resume.h"

/* ---- ServerHello -------------------------------------------------------------------------------- */

/* RFC 9846 section 4.1.3: a server that can do better says so where nobody can change it. */
static enum gv_err check_downgrade(const struct hs *hs, struct span random)
{
    struct span tail = span_from(random, RANDOM_LEN - sizeof gv_downgrade_tls12);

    if (hs->client->common.tls13 && (span_equal(tail, SPAN_OF(gv_downgrade_tls12)) ||
                                     span_equal(tail, SPAN_OF(gv_downgrade_tls11))))
        RAISE(DOWNGRADE_DETECTED);
    return GV_OK;
}

static enum gv_err check_server_hello12(const struct hs *hs, const struct server_hello *m)
{
    if (hs->state == C_HELLO_AGAIN) /* HelloRetryRequest was TLS 1.3's (CVE-2026-34873) */
        RAISE(VERSION_NOT_OFFERED);
    if (hs->agreed.early == EARLY_OFFERED) /* RFC 9846 appendix D.3 */
        RAISE(VERSION_AFTER_EARLY_DATA);
    if (m->version != TLS12 || !hs->client->common.tls12)
        RAISE(VERSION_NOT_SUPPORTED);
    TRY(check_downgrade(hs, m->random));
    if (m->compression != 0)
        RAISE(COMPRESSION_CHOSEN);
    if (m->extensions.unknown || (m->extensions.seen & ~hs->work->offered) != 0)
        RAISE(EXTENSION_NOT_OFFERED);
    return gv_extensions_check_place(&m->extensions, IN_SERVER_HELLO12);
}

/* The server echoed our session id: it takes the session up, with all that belongs to it (RFC 5246
 * section 7.4.1.3, RFC 7627 section 5.3). */
static enum gv_err resume(struct hs *hs, uint8_t *next)
{
    struct hs_work *w = hs->work;
    const struct session *s = w->session;

    if (s == NULL || s->version != TLS12)
        RAISE(SESSION_ID_ECHOED);
    if (s->suite != hs->agreed.suite->code)
        RAISE(SUITE_CHANGED);
    if (s->extended_master_secret != w->extended_master_secret)
        RAISE(EXTENDED_MASTER_SECRET_CHANGED);
    hs->agreed.kind = HANDSHAKE_RESUMED;
    w->master = s->secret;
    TRY(gv_hs_keep(hs, s->session_id, &w->session_id12));
    TRY(gv_resume_take_peer(hs, s));
    *next = w->expects_ticket ? C12_TICKET : C12_CCS;
    return gv_hs12_keys(hs);
}

enum gv_err gv_c12_server_hello(struct hs *hs, const struct server_hello *m, uint8_t *next)
{
    struct hs_work *w = hs->work;
    struct server_hello12 x;

    TRY(check_server_hello12(hs, m));
    TRY(gv_wire_read_server_hello12(m, &x));
    hs->agreed.version = TLS12;
    hs->agreed.kind = HANDSHAKE_FULL;
    hs->agreed.suite = gv_find_suite(&hs->client->common, TLS12, m->suite);
    if (hs->agreed.suite == NULL)
        RAISE(SUITE_NOT_OFFERED);
    TRY(gv_transcript_start(&w->transcript, hs->agreed.suite->hash));
    memcpy(w->server_random, m->random.at, RANDOM_LEN);
    w->extended_master_secret = x.extended_master_secret;
    w->expects_status = x.ocsp;
    w->expects_ticket = x.ticket;
    if (x.alpn.len != 0)
        TRY(gv_c_take_alpn(hs, x.alpn));
    if (m->session_id.len != 0 && span_equal(m->session_id, w->session_id))
        return resume(hs, next);
    if (w->session != NULL && w->session->version == TLS12)
        gv_client_sessions_remove(hs->client->sessions, gv_resume_key(hs), TLS12);
    gv_resume_forget(hs);
    *next = C12_CERT;
    return gv_hs_keep(hs, m->session_id, &w->session_id12);
}

/* ---- the server's authentication ------------------------------------------------------------------- */

enum gv_err gv_c12_certificate(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    TRY(gv_auth12_read_certificate(hs, in->body));
    if (hs->agreed.peer_count == 0)
        RAISE(SERVER_CERTIFICATE_MISSING);
    *next = hs->work->expects_status ? C12_STATUS : C12_SKE;
    return GV_OK;
}

enum gv_err gv_c12_certificate_status(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    struct span ocsp;

    TRY(gv_wire_read_certificate_status(in->body, &ocsp));
    *next = C12_SKE;
    return gv_hs_keep(hs, ocsp, &hs->work->peer_ocsp);
}

/* What ServerKeyExchange signs: both randoms and the parameters (RFC 8422 section 5.4). */
static enum gv_err signed_params(struct hs *hs, struct span params, struct span *out)
{
    void *memory;
    size_t len = 2 * RANDOM_LEN + params.len;

    TRY(gv_hs_take_memory(hs, len, &memory));
    struct wr w = wr_of(memory, len);
    wr_bytes(&w, span_of(hs->work->client_random, RANDOM_LEN));
    wr_bytes(&w, span_of(hs->work->server_random, RANDOM_LEN));
    wr_bytes(&w, params);
    *out = wr_span(&w);
    return GV_OK;
}

enum gv_err gv_c12_server_key_exchange(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    struct server_key_exchange m;
    struct span content;

    TRY(gv_wire_read_server_key_exchange(in->body, &m));
    if (!gv_group_fits_tls12(m.group) || !gv_list_has_u16(list_span(&hs->work->groups), m.group))
        RAISE(GROUP_NOT_ALLOWED);
    if (!gv_list_has_u16(list_span(&hs->work->schemes), m.scheme)) /* CVE-2026-25834 */
        RAISE(SIGNATURE_SCHEME_NOT_OFFERED);
    if (gv_scheme_auth(m.scheme) != hs->agreed.suite->auth)
        RAISE(KEY_NOT_FOR_SUITE);
    TRY(signed_params(hs, m.params, &content));
    TRY(gv_auth12_check(hs, hs->client->verifier, m.scheme, content, m.signature));
    hs->agreed.group = m.group;
    *next = C12_CR_DONE;
    return gv_hs_keep(hs, m.point, &hs->work->peer_point);
}

static bool has_type(struct span types, uint8_t type)
{
    return types.len != 0 && memchr(types.at, type, types.len) != NULL;
}

/* A request also names kinds of keys, and what signs with another kind is not to be sent
 * (RFC 5246 section 7.4.4; ecdsa_sign is Ed25519's too, RFC 8422 section 5.5). */
static enum gv_err usable_schemes(struct hs *hs, const struct certificate_request12 *m,
                                  struct span *out)
{
    const bool rsa = has_type(m->types, CERT_TYPE_RSA_SIGN);
    const bool ecdsa = has_type(m->types, CERT_TYPE_ECDSA_SIGN);
    void *memory;

    TRY(gv_hs_take_memory(hs, m->schemes.len, &memory));
    struct wr w = wr_of(memory, m->schemes.len);
    for (size_t i = 0; i < m->schemes.len / 2; i++) {
        uint16_t scheme = span_u16(m->schemes, i);
        if (gv_scheme_auth(scheme) == AUTH_RSA ? rsa : ecdsa)
            wr_u16(&w, scheme);
    }
    *out = wr_span(&w);
    return GV_OK;
}

enum gv_err gv_c12_certificate_request(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    struct certificate_request12 m;

    TRY(gv_wire_read_certificate_request12(in->body, &m));
    TRY(usable_schemes(hs, &m, &m.schemes));
    *next = C12_DONE;
    return gv_c_note_request(hs, &(struct request_facts){m.schemes, m.authorities});
}

/* ---- the client's flight ------------------------------------------------------------------------------ */

static enum gv_err write_key_exchange(struct hs *hs)
{
    const struct key_exchange_group *group = gv_find_group(hs_provider(hs), hs->agreed.group);
    struct key_exchange *x = &hs->work->share;
    uint8_t share[UINT8_MAX]; /* a point's length is one byte */
    struct secret shared;

    gv_key_exchange_drop(x);
    TRY(group->start(group, x, share));
    TRY(group->finish(x, hs->work->peer_point, &shared));
    gv_wire_write_client_key_exchange(&hs->work->flight.w, span_of(share, group->client_share_len));
    enum gv_err err = gv_flight_message(hs);
    if (err == GV_OK)
        err = gv_hs12_secrets(hs, &shared);
    gv_secret_wipe(&shared);
    return err;
}

static enum gv_err write_certificate(struct hs *hs)
{
    const struct certified_key *own = hs->work->own;

    gv_wire_write_certificate12(&hs->work->flight.w, own == NULL ? NULL : own->chain,
                                own == NULL ? 0 : own->count);
    return gv_flight_message(hs);
}

enum gv_err gv_c12_server_hello_done(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    static const struct wait_point behind = {C12_CHOOSE, gv_c12_certified_key};

    TRY(gv_wire_read_server_hello_done(in->body));
    TRY(gv_hs_at_record_end(in)); /* a server has nothing more to say before our answer */
    return gv_c_ask_for_key(hs, in, &behind, next);
}

enum gv_err gv_c12_certified_key(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    static const struct wait_point behind = {C12_SIGN, gv_c12_signature};
    enum { REST_MAX = 512 }; /* ClientKeyExchange */
    struct hs_work *w = hs->work;

    gv_c_settle_key(hs);
    TRY(gv_flight_begin(hs, REST_MAX + (w->certificate_requested ? gv_auth_size(w->own) : 0)));
    if (w->certificate_requested)
        TRY(write_certificate(hs));
    TRY(write_key_exchange(hs));
    if (w->own != NULL) /* CertificateVerify signs all messages so far (RFC 5246 section 7.4.8) */
        return gv_auth_sign(hs, in, gv_buffer_span(&w->transcript.kept), &behind, next);
    return gv_c12_signature(hs, in, next);
}

enum gv_err gv_c12_signature(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    (void)in;
    if (hs->work->own != NULL)
        TRY(gv_auth_write_certificate_verify(hs));
    TRY(gv_flight_send(hs));
    *next = hs->work->expects_ticket ? C12_TICKET : C12_CCS;
    return gv_hs12_send_finished(hs, FINISHED_CLIENT);
}

/* ---- the end ------------------------------------------------------------------------------------------- */

enum gv_err gv_c12_new_session_ticket(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    struct new_session_ticket12 m;

    TRY(gv_wire_read_new_session_ticket12(in->body, &m));
    hs->work->new_ticket_lifetime12 = m.lifetime;
    *next = C12_CCS;
    return gv_hs_keep(hs, m.ticket, &hs->work->new_ticket12);
}

enum gv_err gv_c12_change_cipher_spec(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    (void)in;
    *next = C12_FIN;
    return gv_hs12_change_read_key(hs);
}

/* A new ticket replaces the old one; without one, an id given in a full handshake is what there is. */
static void keep_session(struct hs *hs)
{
    struct hs_work *w = hs->work;

    if (w->new_ticket12.len == 0 &&
        (hs->agreed.kind == HANDSHAKE_RESUMED || w->session_id12.len == 0))
        return;
    struct session s = gv_resume_describe(hs, &w->master);
    s.ticket = w->new_ticket12;
    s.session_id = w->new_ticket12.len == 0 ? w->session_id12 : span_of(NULL, 0);
    s.lifetime = w->new_ticket_lifetime12 != 0 && w->new_ticket_lifetime12 < SESSION_LIFETIME_MAX
                     ? w->new_ticket_lifetime12
                     : SESSION_LIFETIME;
    gv_resume_keep(hs, &s);
    gv_secret_wipe(&s.secret);
}

enum gv_err gv_c12_finished(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    TRY(gv_hs12_check_finished(hs, in->body, FINISHED_SERVER));
    if (hs->agreed.kind == HANDSHAKE_RESUMED)
        TRY(gv_hs12_send_finished(hs, FINISHED_CLIENT));
    keep_session(hs);
    *next = C12_UP;
    return GV_OK;
}

enum gv_err gv_up12_renegotiation(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    (void)in;
    *next = hs->state;
    RAISE(RENEGOTIATION_REFUSED);
}
