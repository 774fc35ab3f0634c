/* The client's steps in TLS 1.3, from ServerHello to Finished (RFC 9846 appendix A.1). */
#include "handshake/psk.h"
#include "handshake/resume.h"

/* ---- ServerHello (4.1.3) ---------------------------------------------------------------------------- */

static enum gv_err check_server_hello13(const struct server_hello *m,
                                        const struct server_hello13 *x)
{
    if (m->extensions.unknown)
        RAISE(EXTENSION_NOT_OFFERED);
    TRY(gv_extensions_check_place(&m->extensions, IN_SERVER_HELLO));
    if (x->share.group == 0)
        RAISE(KEY_SHARE_MISSING);
    return GV_OK;
}

static enum gv_err finish_key_exchange(struct hs *hs, const struct key_share_entry *share)
{
    struct key_exchange *x = &hs->work->share;
    struct secret shared;

    if (!gv_c_sent_share(hs->work, share->group) ||
        (hs->work->retry_group != 0 && hs->work->retry_group != share->group))
        RAISE(KEY_SHARE_NOT_OFFERED);
    if (x->group->code == share->group)
        TRY(x->group->finish(x, share->key, &shared));
    else
        TRY(x->group->finish_component(x, share->key, &shared));
    hs->agreed.group = share->group;
    return gv_hs13_handshake_secrets(hs, &shared);
}

static enum gv_err use_handshake_key(struct hs *hs)
{
    return hs->door->install(hs->connection, HS_WRITE, hs->agreed.suite,
                             &hs->work->client_handshake);
}

enum gv_err gv_c13_server_hello(struct hs *hs, const struct server_hello *m,
                                const struct server_hello13 *x, uint8_t *next)
{
    TRY(check_server_hello13(m, x));
    hs->agreed.version = TLS13;
    if (hs->agreed.kind == HANDSHAKE_UNKNOWN) {
        hs->agreed.kind = HANDSHAKE_FULL;
        if (hs->agreed.early == EARLY_NONE)
            TRY(hs->door->send_change_cipher_spec(hs->connection));
    }
    TRY(gv_psk_take_answer(hs, x));
    TRY(finish_key_exchange(hs, &x->share));
    TRY(hs->door->install(hs->connection, HS_READ, hs->agreed.suite, &hs->work->server_handshake));
    *next = C13_EE;
    if (hs->agreed.early == EARLY_OFFERED) /* EncryptedExtensions tell what becomes of it */
        return GV_OK;
    return use_handshake_key(hs);
}

/* ---- EncryptedExtensions (4.3.1) ---------------------------------------------------------------------- */

/* Section 4.2.10: what is accepted early is accepted under the session's suite and protocol. Where it
 * is rejected, the handshake's key comes into use now instead of behind EndOfEarlyData. */
static enum gv_err settle_early_data(struct hs *hs, bool accepted)
{
    const struct session *s = hs->work->session;

    hs->agreed.early_misfits = !span_equal(hs->work->early_alpn, hs->agreed.alpn);
    if (accepted && s == NULL)
        RAISE(EXTENSION_NOT_OFFERED);
    if (accepted && (s->suite != hs->agreed.suite->code || !span_equal(s->alpn, hs->agreed.alpn)))
        RAISE(EARLY_DATA_MISFIT);
    if (hs->agreed.early != EARLY_OFFERED)
        return GV_OK;
    hs->agreed.early = accepted ? EARLY_ACCEPTED : EARLY_REJECTED;
    return accepted ? GV_OK : use_handshake_key(hs);
}

enum gv_err gv_c13_encrypted_extensions(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    struct encrypted_extensions m;

    TRY(gv_wire_read_encrypted_extensions(in->body, &m));
    if (m.extensions.unknown || (m.extensions.seen & ~hs->work->offered) != 0)
        RAISE(EXTENSION_NOT_OFFERED);
    TRY(gv_extensions_check_place(&m.extensions, IN_ENCRYPTED_EXTENSIONS));
    if (m.alpn.len != 0)
        TRY(gv_c_take_alpn(hs, m.alpn));
    TRY(gv_ech_take_retry_configs(hs, m.retry_configs));
    TRY(settle_early_data(hs, m.early_data));
    *next = hs_is_by_psk(hs) ? C13_FIN : C13_CERT_CR;
    return GV_OK;
}

/* ---- the server's authentication (4.3.2, 4.4) ----------------------------------------------------------- */

enum gv_err gv_c13_certificate_request(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    struct certificate_request m;

    TRY(gv_wire_read_certificate_request(in->body, &m));
    TRY(gv_extensions_check_place(&m.extensions, IN_CERTIFICATE_REQUEST));
    if (m.context.len != 0)
        RAISE(CERTIFICATE_CONTEXT_WRONG);
    if (m.schemes.len == 0)
        RAISE(SCHEMES_MISSING);
    TRY(gv_choose_compressor(hs, m.compression_algorithms));
    *next = C13_CERT;
    return gv_c_note_request(hs, &(struct request_facts){m.schemes, m.authorities});
}

static enum gv_err take_chain(const struct hs *hs, uint8_t *next)
{
    if (hs->agreed.peer_count == 0)
        RAISE(SERVER_CERTIFICATE_MISSING);
    *next = C13_CV;
    return GV_OK;
}

enum gv_err gv_c13_certificate(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    TRY(gv_auth13_read_certificate(hs, in->body, EXT_BIT(STATUS_REQUEST)));
    return take_chain(hs, next);
}

enum gv_err gv_c13_compressed_certificate(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    TRY(gv_auth13_read_compressed(hs, in->body, EXT_BIT(STATUS_REQUEST)));
    return take_chain(hs, next);
}

enum gv_err gv_c13_certificate_verify(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    TRY(gv_auth13_check(hs, hs->client->verifier, in->body, CONTEXT_SERVER));
    *next = C13_FIN;
    return GV_OK;
}

/* ---- Finished (4.4.4) ------------------------------------------------------------------------------------- */

/* Section 4.5: the last message under the early key. */
static enum gv_err end_early_data(struct hs *hs)
{
    if (hs->agreed.early != EARLY_ACCEPTED)
        return GV_OK;
    TRY(gv_flight_begin(hs, HANDSHAKE_HEADER));
    gv_wire_write_end_of_early_data(&hs->work->flight.w);
    TRY(gv_flight_message(hs));
    TRY(gv_flight_send(hs));
    return use_handshake_key(hs);
}

/* Finished, behind our signature where there is one. */
enum gv_err gv_c13_certified_key(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    static const struct wait_point behind = {C13_SIGN, gv_c13_signature};
    enum { FINISHED_MAX = HANDSHAKE_HEADER + HASH_MAX };
    const bool asked = hs->work->certificate_requested;

    gv_c_settle_key(hs);
    TRY(gv_flight_begin(hs, FINISHED_MAX + (asked ? gv_auth_size(hs->work->own) : 0)));
    if (asked)
        TRY(gv_auth13_write_certificate(hs, false));
    if (hs->work->own != NULL)
        return gv_auth13_sign(hs, in, CONTEXT_CLIENT, &behind, next);
    return gv_c13_signature(hs, in, next);
}

enum gv_err gv_c13_finished(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    static const struct wait_point behind = {C13_CHOOSE, gv_c13_certified_key};

    TRY(gv_hs13_check_finished(hs, in->body, &hs->work->server_handshake));
    TRY(gv_hs13_application_secrets(hs));
    TRY(end_early_data(hs));
    return gv_c_ask_for_key(hs, in, &behind, next);
}

enum gv_err gv_c13_signature(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    struct hs_work *w = hs->work;

    (void)in;
    if (w->own != NULL)
        TRY(gv_auth_write_certificate_verify(hs));
    TRY(gv_hs13_write_finished(hs, &w->client_handshake));
    TRY(gv_flight_send(hs));
    TRY(gv_hs13_resumption_secret(hs, &hs->resumption));
    TRY(hs->door->install(hs->connection, HS_READ, hs->agreed.suite, &w->server_application));
    TRY(hs->door->install(hs->connection, HS_WRITE, hs->agreed.suite, &w->client_application));
    *next = C13_UP;
    return gv_ech_finish(hs);
}

/* ---- after the handshake ------------------------------------------------------------------------------------ */

/* A lifetime of zero says that it is not to be kept; more than seven days are cut (4.6.1). */
static enum gv_err keep_ticket(struct hs *hs, const struct new_session_ticket *m)
{
    struct secret psk;

    if (m->lifetime == 0 || hs->client->sessions == NULL)
        return GV_OK;
    TRY(gv_hs13_ticket_secret(hs, &hs->resumption, m->nonce, &psk));
    struct session s = gv_resume_describe(hs, &psk);
    s.lifetime = m->lifetime < SESSION_LIFETIME_MAX ? m->lifetime : SESSION_LIFETIME_MAX;
    s.age_add = m->age_add;
    s.ticket = m->ticket;
    s.max_early_data = m->max_early_data;
    gv_resume_keep(hs, &s);
    gv_secret_wipe(&psk);
    gv_secret_wipe(&s.secret);
    return GV_OK;
}

enum gv_err gv_c13_new_session_ticket(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    struct new_session_ticket m;

    TRY(gv_wire_read_new_session_ticket(in->body, &m));
    TRY(gv_extensions_check_place(&m.extensions, IN_NEW_SESSION_TICKET));
    hs->agreed.tickets_received++;
    *next = C13_UP;
    return keep_ticket(hs, &m);
}
