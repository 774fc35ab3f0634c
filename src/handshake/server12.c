/* The server's steps in TLS 1.2 (RFC 5246 section 7.3, with RFC 7627, RFC 8422 and RFC 6066). */
#include "handshake/internal.h"

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

/* A suite needs a certified key of its kind, with a scheme that the client accepts. */
static bool try_suite(struct hs *hs, const struct client_hello *m, uint16_t code)
{
    const struct cipher_suite_info *suite = gv_find_suite(&hs->server->common, TLS12, code);

    if (suite == NULL || !gv_auth_choose_kind(hs, TLS12, suite->auth, m->schemes))
        return false;
    hs->agreed.suite = suite;
    return true;
}

/* The client's order of suites, or ours where the configuration says so. */
static enum gv_err choose_suite(struct hs *hs, const struct client_hello *m)
{
    if (hs->server->ignore_client_order) {
        const struct cipher_suite_info *const *s = hs_provider(hs)->suites;
        for (; *s != NULL; s++)
            if (gv_list_has_u16(m->suites, (*s)->code) && try_suite(hs, m, (*s)->code))
                return GV_OK;
    } else {
        for (size_t i = 0; i < m->suites.len / 2; i++)
            if (try_suite(hs, m, span_u16(m->suites, i)))
                return GV_OK;
    }
    RAISE(NO_SHARED_SUITE);
}

/* Without supported_groups the choice is ours (RFC 8422 section 4). */
static enum gv_err choose_group(struct hs *hs, const struct client_hello *m,
                                const struct key_exchange_group **out)
{
    const bool any = (m->extensions.seen & EXT_BIT(SUPPORTED_GROUPS)) == 0;

    for (const struct key_exchange_group *const *g = hs_provider(hs)->groups; *g != NULL; g++)
        if (gv_group_fits_tls12((*g)->code) && (any || gv_list_has_u16(m->groups, (*g)->code))) {
            *out = *g;
            return GV_OK;
        }
    RAISE(NO_SHARED_GROUP);
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
    return m->ocsp && hs->work->own->ocsp.len != 0;
}

static enum gv_err write_hello(struct hs *hs, const struct client_hello *m)
{
    const uint32_t seen = m->extensions.seen;
    const struct server_hello12_out hello = {
        .random = span_of(hs->work->server_random, RANDOM_LEN),
        .suite = hs->agreed.suite->code,
        .alpn = hs->agreed.alpn,
        .server_name = m->server_name.len != 0,
        .extended_master_secret = hs->work->extended_master_secret,
        .ocsp = staples(hs, m),
        .point_formats = (seen & EXT_BIT(EC_POINT_FORMATS)) != 0,
        .renegotiation_info =
            (seen & EXT_BIT(RENEGOTIATION_INFO)) != 0 ||
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

static enum gv_err write_key_exchange(struct hs *hs, const struct key_exchange_group *group)
{
    uint8_t share[UINT8_MAX], content[SIGNED12_MAX], signature[SIGNATURE_MAX];
    struct wr w = wr_of(content, sizeof content);
    size_t len = 0;

    TRY(group->start(group, &hs->work->shares[0], share));
    wr_bytes(&w, span_of(hs->work->client_random, RANDOM_LEN));
    wr_bytes(&w, span_of(hs->work->server_random, RANDOM_LEN));
    gv_wire_write_ecdh_params(&w, group->code, span_of(share, group->client_share_len));
    if (!wr_done(&w))
        RAISE(MESSAGE_UNWRITABLE);
    TRY(gv_auth_sign(hs, wr_span(&w), signature, &len));
    gv_wire_write_server_key_exchange(&hs->work->flight.w, span_from(wr_span(&w), 2 * RANDOM_LEN),
                                      hs->work->own_scheme, span_of(signature, len));
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

static enum gv_err send_flight(struct hs *hs, const struct client_hello *m,
                               const struct key_exchange_group *group)
{
    enum { REST_MAX = 1024 }; /* ServerHello, parameters, CertificateRequest, ServerHelloDone */
    const struct verifier *v = hs->server->client_verifier;

    TRY(gv_flight_begin(hs, REST_MAX + hs->agreed.alpn.len + gv_hints_size(v) +
                                gv_auth_size(hs->work->own)));
    TRY(write_hello(hs, m));
    TRY(write_certificates(hs, staples(hs, m)));
    TRY(write_key_exchange(hs, group));
    if (v != NULL)
        TRY(write_certificate_request(hs, v));
    gv_wire_write_server_hello_done(&hs->work->flight.w);
    TRY(gv_flight_message(hs));
    return gv_flight_send(hs);
}

enum gv_err gv_s12_client_hello(struct hs *hs, const struct client_hello *m, uint8_t *next)
{
    const struct key_exchange_group *group = NULL;

    TRY(check_hello12(m));
    TRY(choose_suite(hs, m));
    TRY(choose_group(hs, m, &group));
    TRY(gv_s_choose_alpn(hs, m->alpn));
    TRY(make_random(hs));
    hs->work->extended_master_secret = (m->extensions.seen & EXT_BIT(EXTENDED_MASTER_SECRET)) != 0;
    hs->agreed.kind = HANDSHAKE_FULL;
    TRY(gv_transcript_start(&hs->work->transcript, hs->agreed.suite->hash));
    TRY(send_flight(hs, m, group));
    *next = hs->server->client_verifier != NULL ? S12_CERT : S12_CKE;
    return GV_OK;
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
    struct key_exchange *x = &hs->work->shares[0];
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
    enum { FINISHED_MAX = HANDSHAKE_HEADER + VERIFY_DATA12_LEN };

    TRY(gv_hs12_check_finished(hs, in->body, FINISHED_CLIENT));
    TRY(gv_hs12_change_write_key(hs));
    TRY(gv_flight_begin(hs, FINISHED_MAX));
    TRY(gv_hs12_write_finished(hs, FINISHED_SERVER));
    *next = S12_UP;
    return gv_flight_send(hs);
}
