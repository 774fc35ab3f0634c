/* The server's steps in TLS 1.2 (RFC 5246 section 7.3, with RFC 7627, RFC 8422 and RFC 6066). */
#include "handshake/resume.h"

/* ---- what is chosen from a ClientHello ---------------------------------------------------------------- */

enum { POINT_UNCOMPRESSED = 0 };

static enum gv_err check_hello12(const struct client_hello *m)
{
    if (!gv_list_has_u8(m->compressions, 0))
        RAISE(COMPRESSION_MISSING);
    if ((m->extensions.seen & EXT_BIT(EC_POINT_FORMATS)) != 0 &&
        !gv_list_has_u8(m->point_formats, POINT_UNCOMPRESSED))
        RAISE(POINT_FORMAT_MISSING);
    if (m->extensions.body[EXT_RENEGOTIATION_INFO].len > 1) /* an empty one is its length byte */
        RAISE(RENEGOTIATION_INFO_WRONG);
    return GV_OK;
}

/* In TLS 1.2 supported_groups speaks of certificates as well (RFC 8422 section 5.1.1): the schemes
 * without those of curves that do not stand in it. */
static enum gv_err schemes_of_its_curves(struct hs *hs, const struct client_hello *m,
                                         struct span *out)
{
    static const struct {
        uint16_t scheme, curve;
    } each[] = {{SCHEME_ECDSA_SECP256R1_SHA256, GROUP_SECP256R1},
                {SCHEME_ECDSA_SECP384R1_SHA384, GROUP_SECP384R1},
                {SCHEME_ECDSA_SECP521R1_SHA512, GROUP_SECP521R1}};
    struct number_list missing = {.len = 0};
    void *memory;

    for (size_t i = 0; i < COUNT_OF(each); i++)
        if (!gv_list_has_u16(m->groups, each[i].curve))
            gv_list_append(&missing, each[i].scheme);
    TRY(gv_hs_take_memory(hs, m->schemes.len, &memory));
    struct wr w = wr_of(memory, m->schemes.len);
    for (size_t i = 0; i < m->schemes.len / 2; i++)
        if (!gv_list_has_u16(list_span(&missing), span_u16(m->schemes, i)))
            wr_u16(&w, span_u16(m->schemes, i));
    *out = wr_span(&w);
    return GV_OK;
}

/* Certified keys that a client can verify in every respect come first. One whose curve it does not
 * name comes before none: not every client that does not name it lacks it. */
static bool choose_key(struct hs *hs, const struct client_hello *m, struct span of_curves,
                       enum tls12_auth kind)
{
    return gv_auth_choose_kind(hs, TLS12, kind, of_curves) ||
           gv_auth_choose_kind(hs, TLS12, kind, m->schemes);
}

static const struct cipher_suite_info *suite_by_client(const struct hs *hs, struct span suites,
                                                       unsigned kinds)
{
    for (size_t i = 0; i < suites.len / 2; i++) {
        const struct cipher_suite_info *s =
            gv_find_suite(&hs->server->common, TLS12, span_u16(suites, i));
        if (s != NULL && (kinds >> s->auth & 1) != 0)
            return s;
    }
    return NULL;
}

static const struct cipher_suite_info *suite_by_server(const struct hs *hs, struct span suites,
                                                       unsigned kinds)
{
    for (const struct cipher_suite_info *const *s = hs_provider(hs)->suites; *s != NULL; s++)
        if ((*s)->version == TLS12 && (kinds >> (*s)->auth & 1) != 0 &&
            gv_list_has_u16(suites, (*s)->code))
            return *s;
    return NULL;
}

/* A suite needs a certified key of its kind. Which kinds there are is found out once, and not for
 * every suite, of which a client may list thousands. */
static enum gv_err choose_suite(struct hs *hs, const struct client_hello *m)
{
    static const enum tls12_auth each[] = {AUTH_ECDSA, AUTH_RSA};
    struct span of_curves;
    unsigned kinds = 0;

    TRY(schemes_of_its_curves(hs, m, &of_curves));
    for (size_t i = 0; i < COUNT_OF(each); i++)
        if (choose_key(hs, m, of_curves, each[i]))
            kinds |= 1u << each[i];
    hs->agreed.suite = hs->server->ignore_client_order ? suite_by_server(hs, m->suites, kinds)
                                                       : suite_by_client(hs, m->suites, kinds);
    if (hs->agreed.suite == NULL)
        RAISE(NO_SHARED_SUITE);
    choose_key(hs, m, of_curves, hs->agreed.suite->auth);
    return GV_OK;
}

/* Without supported_groups the choice is ours (RFC 8422 section 4). */
static enum gv_err choose_group(struct hs *hs, const struct client_hello *m,
                                const struct key_exchange_group **out)
{
    struct number_list ours = {.len = 0};
    struct span groups = m->groups;

    if ((m->extensions.seen & EXT_BIT(SUPPORTED_GROUPS)) == 0) {
        gv_list_groups(&hs->server->common, &ours);
        groups = list_span(&ours);
    }
    *out = gv_group_by_client(hs_provider(hs), TLS12, groups);
    if (*out == NULL)
        RAISE(NO_SHARED_GROUP);
    return GV_OK;
}

/* ---- the server's flight --------------------------------------------------------------------------------- */

/* With the sentinel of RFC 9846 section 4.1.3 where TLS 1.3 could have been. */
static enum gv_err make_random(struct hs *hs)
{
    uint8_t *random = hs->work->server_random;

    TRY(hs_provider(hs)->random(random, RANDOM_LEN));
    if (hs->server->common.tls13)
        memcpy(random + RANDOM_LEN - sizeof gv_downgrade_tls12, gv_downgrade_tls12,
               sizeof gv_downgrade_tls12);
    return GV_OK;
}

static bool staples(const struct hs *hs, const struct client_hello *m)
{
    return m->ocsp && hs->work->own != NULL && hs->work->own->ocsp.len != 0;
}

static enum gv_err write_hello(struct hs *hs, const struct client_hello *m)
{
    const uint32_t seen = m->extensions.seen;
    const struct server_hello12_out hello = {
        .random = span_of(hs->work->server_random, RANDOM_LEN),
        .session_id = hs->work->session_id12,
        .suite = hs->agreed.suite->code,
        .ticket = hs->work->expects_ticket,
        .alpn = hs->agreed.alpn,
        .server_name = hs_confirms_name(hs, m),
        .extended_master_secret = hs->work->extended_master_secret,
        .ocsp = staples(hs, m),
        .point_formats = (seen & EXT_BIT(EC_POINT_FORMATS)) != 0,
        .renegotiation_info = (seen & EXT_BIT(RENEGOTIATION_INFO)) != 0 ||
                              gv_list_has_u16(m->suites, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV),
    };

    gv_wire_write_server_hello12(&hs->work->flight.w, &hello);
    return gv_flight_message(hs);
}

static enum gv_err write_certificates(struct hs *hs, bool staple)
{
    const struct certified_key *own = hs->work->own;

    gv_wire_write_certificate12(&hs->work->flight.w, own->chain, own->count);
    TRY(gv_flight_message(hs));
    if (!staple)
        return GV_OK;
    gv_wire_write_certificate_status(&hs->work->flight.w, own->ocsp);
    return gv_flight_message(hs);
}

/* What it signs: both randoms and the parameters (RFC 8422 section 5.4). */
enum { PARAMS_MAX = 4 + UINT8_MAX, SIGNED12_MAX = 2 * RANDOM_LEN + PARAMS_MAX };

/* Makes our share, and what is to be signed of it. */
static enum gv_err make_params(struct hs *hs, const struct key_exchange_group *group)
{
    uint8_t share[UINT8_MAX];
    void *content;

    TRY(gv_hs_take_memory(hs, SIGNED12_MAX, &content));
    TRY(group->start(group, &hs->work->share, share));
    struct wr w = wr_of(content, SIGNED12_MAX);
    wr_bytes(&w, span_of(hs->work->client_random, RANDOM_LEN));
    wr_bytes(&w, span_of(hs->work->server_random, RANDOM_LEN));
    gv_wire_write_ecdh_params(&w, group->code, span_of(share, group->client_share_len));
    if (!wr_done(&w))
        RAISE(MESSAGE_UNWRITABLE);
    hs->work->signed_params = wr_span(&w);
    return GV_OK;
}

static enum gv_err write_key_exchange(struct hs *hs)
{
    gv_wire_write_server_key_exchange(&hs->work->flight.w,
                                      span_from(hs->work->signed_params, 2 * RANDOM_LEN),
                                      hs->work->own_scheme, hs->work->signature);
    return gv_flight_message(hs);
}

static enum gv_err write_certificate_request(struct hs *hs, const struct verifier *v)
{
    struct number_list schemes = {.len = 0};

    gv_list_schemes(v->provider, &schemes);
    gv_wire_write_certificate_request12(&hs->work->flight.w, list_span(&schemes), v->hints,
                                        v->hint_count);
    return gv_flight_message(hs);
}

static enum gv_err begin_flight(struct hs *hs, const struct client_hello *m)
{
    enum { REST_MAX = 1024 }; /* ServerHello, parameters, CertificateRequest, ServerHelloDone */

    TRY(gv_flight_begin(hs, REST_MAX + hs->agreed.alpn.len +
                                gv_hints_size(hs->server->client_verifier) +
                                gv_auth_size(hs->work->own)));
    TRY(write_hello(hs, m));
    return write_certificates(hs, staples(hs, m));
}

enum gv_err gv_s12_signature(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    const struct verifier *v = hs->server->client_verifier;

    (void)in;
    TRY(write_key_exchange(hs));
    if (v != NULL)
        TRY(write_certificate_request(hs, v));
    gv_wire_write_server_hello_done(&hs->work->flight.w);
    TRY(gv_flight_message(hs));
    *next = v != NULL ? S12_CERT : S12_CKE;
    return gv_flight_send(hs);
}

/* ---- resumption (RFC 5077, RFC 5246 section 7.3) ----------------------------------------------------------- */

/* NewSessionTicket. It was promised in ServerHello: where none can be made, an empty one is sent
 * (RFC 5077 section 3.3). */
static enum gv_err send_ticket(struct hs *hs)
{
    enum { TICKET_FIXED = 16 };
    const struct span sealed = {NULL, 0};
    struct session s = gv_resume_describe(hs, &hs->work->master);
    struct span ticket = {NULL, 0};

    if (!gv_resume_issue(hs, &s, sealed, &ticket))
        ticket = sealed;
    gv_secret_wipe(&s.secret);
    TRY(gv_flight_begin(hs, TICKET_FIXED + ticket.len));
    gv_wire_write_new_session_ticket12(&hs->work->flight.w, s.lifetime, ticket);
    TRY(gv_flight_message(hs));
    return gv_flight_send(hs);
}

static void store_session(struct hs *hs)
{
    struct session s = gv_resume_describe(hs, &hs->work->master);
    struct span ticket;

    /* A session that cannot be kept costs a later full handshake, nothing now. */
    if (hs->work->session_id12.len != 0)
        (void)gv_resume_issue(hs, &s, hs->work->session_id12, &ticket);
    gv_secret_wipe(&s.secret);
}

static enum gv_err find_session(struct hs *hs, const struct client_hello *m)
{
    if (m->session_ticket.len == 0 || hs->server->ticketer == NULL)
        return gv_resume_find(hs, m->session_id);
    gv_resume_open(hs, m->session_ticket);
    return GV_OK;
}

/* RFC 7627 section 5.3: a client that had the extension must have it again; one that has it only
 * now gets a full handshake. */
static enum gv_err check_extended(struct hs *hs, const struct session *s, bool *usable)
{
    const bool now = hs->work->extended_master_secret;

    if (s->extended_master_secret && !now)
        RAISE(EXTENDED_MASTER_SECRET_CHANGED);
    *usable = *usable && s->extended_master_secret == now;
    return GV_OK;
}

/* Leaves the session in hs->work->session where it may be taken up. */
static enum gv_err choose_session(struct hs *hs, const struct client_hello *m)
{
    struct hs_work *w = hs->work;

    TRY(find_session(hs, m));
    if (w->session == NULL)
        return GV_OK;
    bool usable = gv_resume_is_usable(hs, w->session, m->server_name) &&
                  gv_list_has_u16(m->suites, w->session->suite) &&
                  gv_find_suite(&hs->server->common, TLS12, w->session->suite) != NULL;
    if (usable)
        TRY(check_extended(hs, w->session, &usable));
    if (!usable)
        gv_resume_forget(hs);
    return GV_OK;
}

static enum gv_err send_resumption(struct hs *hs, const struct client_hello *m, uint8_t *next)
{
    enum { HELLO_MAX = 512 };
    struct hs_work *w = hs->work;

    hs->agreed.kind = HANDSHAKE_RESUMED;
    hs->agreed.suite = gv_find_suite(&hs->server->common, TLS12, w->session->suite);
    w->master = w->session->secret;
    TRY(gv_hs_keep(hs, m->session_id, &w->session_id12));
    TRY(gv_resume_take_peer(hs, w->session));
    TRY(gv_transcript_start(&w->transcript, hs->agreed.suite->hash));
    TRY(gv_flight_begin(hs, HELLO_MAX + hs->agreed.alpn.len));
    TRY(write_hello(hs, m));
    TRY(gv_flight_send(hs));
    TRY(gv_hs12_keys(hs));
    if (w->expects_ticket)
        TRY(send_ticket(hs));
    *next = S12_CCS;
    return gv_hs12_send_finished(hs, FINISHED_SERVER);
}

/* A fresh id under which the session will be stored; none where tickets do it, or nothing can. */
static enum gv_err make_session_id(struct hs *hs)
{
    void *id;

    if (hs->work->expects_ticket || hs->server->sessions == NULL)
        return GV_OK;
    TRY(gv_hs_take_memory(hs, SESSION_ID_MAX, &id));
    TRY(gv_resume_make_key(hs, id));
    hs->work->session_id12 = span_of(id, SESSION_ID_MAX);
    return GV_OK;
}

/* From the choice of a session on. */
static enum gv_err answer_hello(struct hs *hs, const struct client_hello *m, const struct hs_in *in,
                                uint8_t *next)
{
    static const struct wait_point behind = {S12_SIGN, gv_s12_signature};
    const struct key_exchange_group *group = NULL;
    struct hs_work *w = hs->work;

    enum gv_err err = choose_session(hs, m);
    if (err == GV_E_ANSWER_PENDING)
        return gv_hs_wait_with_hello(hs, in, S12_LOOK_UP, next);
    TRY(err);
    if (w->session != NULL)
        return send_resumption(hs, m, next);
    TRY(choose_suite(hs, m));
    TRY(choose_group(hs, m, &group));
    TRY(make_session_id(hs));
    hs->agreed.kind = HANDSHAKE_FULL;
    TRY(gv_transcript_start(&w->transcript, hs->agreed.suite->hash));
    TRY(begin_flight(hs, m));
    TRY(make_params(hs, group));
    return gv_auth_sign(hs, in, w->signed_params, &behind, next);
}

enum gv_err gv_s12_client_hello(struct hs *hs, const struct client_hello *m, const struct hs_in *in,
                                uint8_t *next)
{
    const uint32_t seen = m->extensions.seen;
    struct hs_work *w = hs->work;

    TRY(check_hello12(m));
    TRY(gv_s_choose_alpn(hs, m->alpn));
    TRY(make_random(hs));
    w->extended_master_secret = (seen & EXT_BIT(EXTENDED_MASTER_SECRET)) != 0;
    w->expects_ticket = (seen & EXT_BIT(SESSION_TICKET)) != 0 && hs->server->ticketer != NULL;
    return answer_hello(hs, m, in, next);
}

enum gv_err gv_s12_session(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    const struct hs_in hello = gv_hs_kept_hello(hs);
    struct client_hello m;

    (void)in;
    TRY(gv_wire_read_client_hello(hello.body, &m));
    return answer_hello(hs, &m, &hello, next);
}

/* ---- the client's flight ------------------------------------------------------------------------------------ */

enum gv_err gv_s12_certificate(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    TRY(gv_auth12_read_certificate(hs, in->body));
    if (hs->agreed.peer_count == 0 && hs->server->client_verifier->required)
        RAISE(CLIENT_CERTIFICATE_MISSING);
    *next = S12_CKE;
    return GV_OK;
}

enum gv_err gv_s12_client_key_exchange(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    struct key_exchange *x = &hs->work->share;
    struct secret shared;
    struct span point;

    TRY(gv_wire_read_client_key_exchange(in->body, &point));
    hs->agreed.group = x->group->code;
    TRY(x->group->finish(x, point, &shared));
    TRY(gv_hs12_secrets(hs, &shared));
    /* What CertificateVerify signs ends here (RFC 5246 section 7.4.8). */
    hs->work->transcript.keeps = false;
    *next = hs->agreed.peer_count != 0 ? S12_CV : S12_CCS;
    return GV_OK;
}

enum gv_err gv_s12_certificate_verify(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    struct certificate_verify m;

    TRY(gv_wire_read_certificate_verify(in->body, &m));
    TRY(gv_auth12_check(hs, hs->server->client_verifier, m.scheme,
                        gv_buffer_span(&hs->work->transcript.kept), m.signature));
    *next = S12_CCS;
    return GV_OK;
}

enum gv_err gv_s12_change_cipher_spec(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    (void)in;
    *next = S12_FIN;
    return gv_hs12_change_read_key(hs);
}

enum gv_err gv_s12_finished(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    TRY(gv_hs12_check_finished(hs, in->body, FINISHED_CLIENT));
    *next = S12_UP;
    if (!hs->work->expects_ticket)
        store_session(hs); /* one that was resumed too: it was used, and should leave later */
    if (hs->agreed.kind == HANDSHAKE_RESUMED)
        return GV_OK;
    if (hs->work->expects_ticket)
        TRY(send_ticket(hs));
    return gv_hs12_send_finished(hs, FINISHED_SERVER);
}
