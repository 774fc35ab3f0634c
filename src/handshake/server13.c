/* The server's steps in TLS 1.3 (RFC 9846 appendix A.2). */
#include "handshake/psk.h"
#include "handshake/resume.h"

/* ---- what is chosen from a ClientHello ------------------------------------------------------------------ */

static enum gv_err check_hello13(const struct client_hello *m)
{
    if (m->compressions.len != 1 || m->compressions.at[0] != 0) /* section 4.1.2 */
        RAISE(COMPRESSION_OFFERED);
    if (m->psk_identities.len != 0 && m->psk_modes.len == 0) /* section 4.2.9 */
        RAISE(PSK_MODES_MISSING);
    if (m->psk_identity_count != m->psk_binder_count) /* section 4.2.11 */
        RAISE(PSK_BINDERS_MISCOUNTED);
    /* Section 9.2: these three must stand together, the last of them where there is no PSK. */
    if (m->groups.len == 0 || (m->extensions.seen & EXT_BIT(KEY_SHARE)) == 0 ||
        (m->schemes.len == 0 && m->psk_identities.len == 0))
        RAISE(HELLO_EXTENSION_MISSING);
    return GV_OK;
}

/* An external PSK goes with suites of its digest alone, and a HelloRetryRequest with its own. */
static bool suite_fits(const struct hs *hs, const struct cipher_suite_info *s)
{
    const struct hs_work *w = hs->work;

    return (w->retry_suite == 0 || w->retry_suite == s->code) &&
           (w->psk == NULL || w->psk->hash == s->hash);
}

static const struct cipher_suite_info *suite_by_client(const struct hs *hs, struct span suites)
{
    for (size_t i = 0; i < suites.len / 2; i++) {
        const struct cipher_suite_info *s =
            gv_find_suite(&hs->server->common, TLS13, span_u16(suites, i));
        if (s != NULL && suite_fits(hs, s))
            return s;
    }
    return NULL;
}

static const struct cipher_suite_info *suite_by_server(const struct hs *hs, struct span suites)
{
    for (const struct cipher_suite_info *const *s = hs_provider(hs)->suites; *s != NULL; s++)
        if ((*s)->version == TLS13 && gv_list_has_u16(suites, (*s)->code) && suite_fits(hs, *s))
            return *s;
    return NULL;
}

static enum gv_err choose_suite(struct hs *hs, struct span suites)
{
    hs->agreed.suite = hs->server->ignore_client_order ? suite_by_server(hs, suites)
                                                       : suite_by_client(hs, suites);
    if (hs->agreed.suite == NULL)
        RAISE(NO_SHARED_SUITE);
    return gv_transcript_start(&hs->work->transcript, hs->agreed.suite->hash);
}

static bool find_share(struct span shares, uint16_t group, struct key_share_entry *out)
{
    while (gv_next_key_share(&shares, out))
        if (out->group == group)
            return true;
    return false;
}

/* Section 4.2.8: at most one share for a group, and only for groups in supported_groups. The list
 * is bounded by the groups, so that this is not quadratic in what a peer sends. */
static enum gv_err check_shares(const struct client_hello *m)
{
    struct span rest = m->key_shares;
    struct key_share_entry share, other;
    size_t count = 0;

    while (gv_next_key_share(&rest, &share)) {
        if (++count > LIST_MAX || !gv_list_has_u16(m->groups, share.group))
            RAISE(KEY_SHARE_NOT_IN_GROUPS);
        if (find_share(rest, share.group, &other))
            RAISE(KEY_SHARE_REPEATED);
    }
    return GV_OK;
}

/* The client's favourite of our groups, whether it sent a share for it or must be asked to: a guess
 * of what we can do must not outdo what it wants (as rustls chooses). Answers the share in the first
 * case, an empty one in the second. */
static enum gv_err choose_group(struct hs *hs, const struct client_hello *m,
                                const struct key_exchange_group **group,
                                struct key_share_entry *share)
{
    *group = gv_group_by_client(hs_provider(hs), TLS13, m->groups);
    if (*group == NULL)
        RAISE(NO_SHARED_GROUP);
    if (!find_share(m->key_shares, (*group)->code, share))
        *share = (struct key_share_entry){0};
    return GV_OK;
}

/* ---- pre-shared keys (4.2.11) --------------------------------------------------------------------------------- */

enum { PSK_TRIES_MAX = 4 }; /* identities looked at: a client of sense offers one or two */

/* Leaves the session in hs->work->session where it may be taken up. */
static enum gv_err find_session(struct hs *hs, const struct client_hello *m, struct span identity)
{
    const struct hs_work *w = hs->work;

    if (hs->server->ticketer != NULL)
        gv_resume_open(hs, identity);
    else
        TRY(gv_resume_find(hs, identity));
    if (w->session != NULL && (w->session->suite != hs->agreed.suite->code ||
                               !gv_resume_is_usable(hs, w->session, m->server_name)))
        gv_resume_forget(hs);
    return GV_OK;
}

/* The session behind that identity may be taken up, if the client has its key and nobody was quicker:
 * then it is forgotten. */
static enum gv_err take_session(struct hs *hs, const struct client_hello *m, struct span raw,
                                struct span identity)
{
    const struct binder_by by = {hs->agreed.suite->hash, &hs->work->session->secret, "res binder"};

    TRY(gv_psk_check_binder(hs, m, raw, &by));
    if (!gv_resume_take_out(hs, identity)) {
        gv_resume_forget(hs);
        return GV_OK;
    }
    hs->work->psk = NULL;
    hs->agreed.kind = HANDSHAKE_RESUMED;
    return gv_resume_take_peer(hs, hs->work->session);
}

/* Where to look no further for sessions: the client prefers its external PSK to what is behind it. */
static uint16_t sessions_end(const struct hs *hs)
{
    const struct hs_work *w = hs->work;

    return w->psk != NULL && w->external_index < PSK_TRIES_MAX ? w->external_index : PSK_TRIES_MAX;
}

/* The first identity that is a session of ours and may be taken up, or an external PSK; none is no
 * error. Where a session was looked up later, it goes on with that. */
static enum gv_err choose_psk(struct hs *hs, const struct client_hello *m, struct span raw)
{
    const uint16_t end = sessions_end(hs);
    struct span rest = m->psk_identities;
    struct psk_identity psk;

    if (!gv_list_has_u8(m->psk_modes, PSK_MODE_DHE_KE))
        return GV_OK;
    for (uint16_t i = 0; i < end && gv_next_psk_identity(&rest, &psk); i++) {
        if (i < hs->work->psk_index)
            continue;
        hs->work->psk_index = i;
        hs->work->psk_age = psk.obfuscated_age;
        TRY(find_session(hs, m, psk.identity));
        if (hs->work->session != NULL)
            TRY(take_session(hs, m, raw, psk.identity));
        if (hs->work->session != NULL)
            return GV_OK;
    }
    return hs->work->psk != NULL ? gv_psk_prove(hs, m, raw) : GV_OK;
}

/* ---- early data (4.2.10, 8) --------------------------------------------------------------------------------------- */

enum { AGE_WINDOW = 10000 }; /* ms that the client's idea of a ticket's age may be off (8.3) */

static bool is_fresh(const struct hs *hs)
{
    const struct session *s = hs->work->session;
    int64_t theirs = (int64_t)(uint32_t)(hs->work->psk_age - s->age_add);
    int64_t ours = hs->now.ms - s->issued_ms;

    return theirs - ours < AGE_WINDOW && ours - theirs < AGE_WINDOW;
}

/* Only for the first PSK, under its own suite and protocol, and only where a session is taken out of
 * a store as it is used: a sealed ticket could be replayed (section 8.1). */
static bool may_accept_early_data(const struct hs *hs)
{
    const struct hs_work *w = hs->work;

    return hs->server->max_early_data != 0 && hs->server->ticketer == NULL && w->session != NULL &&
           w->psk_index == 0 && w->retry_group == 0 && w->session->max_early_data != 0 &&
           span_equal(w->session->alpn, hs->agreed.alpn) && is_fresh(hs);
}

static enum gv_err settle_early_data(struct hs *hs, const struct client_hello *m)
{
    hs->skips_early = false;
    if ((m->extensions.seen & EXT_BIT(EARLY_DATA)) == 0)
        return GV_OK;
    if (hs->work->retry_group != 0)
        RAISE(EARLY_DATA_AFTER_RETRY);
    hs->agreed.early = may_accept_early_data(hs) ? EARLY_ACCEPTED : EARLY_REJECTED;
    hs->skips_early = hs->agreed.early == EARLY_REJECTED;
    if (hs->skips_early)
        return GV_OK;
    hs->agreed.early_limit = hs->work->session->max_early_data;
    return gv_hs13_early_secret(hs, hs->agreed.suite->hash);
}

/* How many tickets the client is to get (section 4.6.1, RFC 9149 section 3). */
static void note_tickets(struct hs *hs, const struct client_hello *m)
{
    const struct server_config *c = hs->server;
    const bool asked = (m->extensions.seen & EXT_BIT(TICKET_REQUEST)) != 0;
    size_t wanted = hs->work->session != NULL ? m->tickets_resumed : m->tickets_new;

    if (!gv_list_has_u8(m->psk_modes, PSK_MODE_DHE_KE))
        return;
    hs->work->ticket_count = c->ticket_count;
    if (asked && c->ticket_count_max != 0)
        hs->work->ticket_count = wanted < c->ticket_count_max ? wanted : c->ticket_count_max;
}

/* ---- HelloRetryRequest (4.1.4) ----------------------------------------------------------------------------- */

static enum gv_err send_retry(struct hs *hs, const struct client_hello *m, uint16_t group)
{
    enum { RETRY_MAX = 128 };
    const struct server_hello_out retry = {.session_id = m->session_id,
                                           .suite = hs->agreed.suite->code,
                                           .group = group,
                                           .ech = gv_s_answers_retry_with_ech(hs)};

    TRY(gv_transcript_retry(&hs->work->transcript));
    TRY(gv_flight_begin(hs, RETRY_MAX));
    gv_wire_write_hello_retry_request(&hs->work->flight.w, &retry);
    TRY(gv_s_confirm_retry(hs));
    TRY(gv_flight_message(hs));
    TRY(gv_flight_send(hs));
    hs->work->retry_suite = retry.suite;
    hs->work->retry_group = group;
    hs->agreed.kind = HANDSHAKE_RETRIED;
    return hs->door->send_change_cipher_spec(hs->connection);
}

static enum gv_err ask_again(struct hs *hs, const struct client_hello *m, const struct hs_in *in,
                             uint16_t group)
{
    if (hs->work->retry_group != 0)
        RAISE(SECOND_HELLO_WITHOUT_SHARE);
    TRY(gv_hs_keep(hs, in->body, &hs->work->first_hello));
    if ((m->extensions.seen & EXT_BIT(EARLY_DATA)) != 0) {
        hs->agreed.early = EARLY_REJECTED; /* the second hello cannot offer it (4.2.10) */
        hs->skips_early = true;
    }
    return send_retry(hs, m, group);
}

/* ---- the server's flight --------------------------------------------------------------------------------------- */

static enum gv_err send_server_hello(struct hs *hs, const struct client_hello *m,
                                     const struct key_exchange_group *group,
                                     const struct key_share_entry *share)
{
    enum { HELLO_MAX = 160 };
    uint8_t random[RANDOM_LEN];
    struct secret shared;
    void *key;

    TRY(hs_provider(hs)->random(random, sizeof random));
    TRY(gv_hs_take_memory(hs, group->server_share_len, &key));
    TRY(gv_flight_begin(hs, (size_t)HELLO_MAX + group->server_share_len));
    TRY(group->answer(group, share->key, key, &shared));
    hs->agreed.group = group->code;
    const struct server_hello_out hello = {
        .random = SPAN_OF(random),
        .session_id = m->session_id,
        .suite = hs->agreed.suite->code,
        .group = group->code,
        .share = span_of(key, group->server_share_len),
        .psk = hs_is_by_psk(hs),
        .psk_index = hs->work->psk_index,
    };
    gv_wire_write_server_hello13(&hs->work->flight.w, &hello);
    enum gv_err err = gv_s_confirm_hello(hs);
    if (err == GV_OK)
        err = gv_flight_message(hs);
    if (err == GV_OK)
        err = gv_hs13_handshake_secrets(hs, &shared);
    gv_secret_wipe(&shared);
    TRY(err);
    return gv_flight_send(hs);
}

static enum gv_err write_certificate_request(struct hs *hs, const struct verifier *v)
{
    struct number_list schemes = {.len = 0}, algorithms = {.len = 0};

    gv_list_schemes(v->provider, &schemes);
    gv_list_compression_algorithms(hs_common(hs), &algorithms);
    const struct certificate_request_out m = {
        .schemes = list_span(&schemes),
        .compression_algorithms = list_span(&algorithms),
        .authorities = v->hints,
        .count = v->hint_count,
    };
    gv_wire_write_certificate_request(&hs->work->flight.w, &m);
    return gv_flight_message(hs);
}

/* EncryptedExtensions, and behind them what a PSK makes needless (section 4.4). */
static enum gv_err write_rest_of_flight(struct hs *hs, const struct client_hello *m)
{
    enum { REST_MAX = 768 }; /* EncryptedExtensions, CertificateRequest, Finished */
    const struct verifier *v = hs->server->client_verifier;

    const struct span retry_configs = gv_s_retry_configs(hs);

    TRY(gv_flight_begin(hs, REST_MAX + retry_configs.len + gv_hints_size(v) +
                                gv_auth_size(hs->work->own)));
    gv_wire_write_encrypted_extensions(&hs->work->flight.w, hs_confirms_name(hs, m),
                                       hs->agreed.alpn, hs->agreed.early == EARLY_ACCEPTED,
                                       retry_configs);
    TRY(gv_flight_message(hs));
    if (hs_is_by_psk(hs))
        return GV_OK;
    if (v != NULL)
        TRY(write_certificate_request(hs, v));
    return gv_auth13_write_certificate(hs, m->ocsp);
}

static enum gv_err send_flight(struct hs *hs, const struct client_hello *m,
                               const struct key_exchange_group *group,
                               const struct key_share_entry *share)
{
    struct hs_work *w = hs->work;

    TRY(send_server_hello(hs, m, group, share));
    if (w->retry_group == 0)
        TRY(hs->door->send_change_cipher_spec(hs->connection));
    TRY(hs->door->install(hs->connection, HS_READ, hs->agreed.suite,
                          hs->agreed.early == EARLY_ACCEPTED ? &w->client_early
                                                             : &w->client_handshake));
    TRY(hs->door->install(hs->connection, HS_WRITE, hs->agreed.suite, &w->server_handshake));
    return write_rest_of_flight(hs, m);
}

static uint8_t state_behind_flight(const struct hs *hs)
{
    if (hs->agreed.early == EARLY_ACCEPTED)
        return S13_EARLY;
    return hs->server->client_verifier != NULL && !hs_is_by_psk(hs) ? S13_CERT : S13_FIN;
}

/* Section 4.2.3: who wants a certificate says what signatures it can verify. */
static enum gv_err choose_certificate(struct hs *hs, const struct client_hello *m)
{
    TRY(gv_psk_refuse_without(hs, m));
    if (m->schemes.len == 0)
        RAISE(HELLO_EXTENSION_MISSING);
    if (!gv_auth_choose(hs, TLS13, m->schemes))
        RAISE(NO_SUITABLE_KEY);
    return GV_OK;
}

/* From the choice of a session on. */
static enum gv_err answer_hello(struct hs *hs, const struct client_hello *m, const struct hs_in *in,
                                const struct key_exchange_group *group,
                                const struct key_share_entry *share, uint8_t *next)
{
    static const struct wait_point behind = {S13_SIGN, gv_s13_signature};

    enum gv_err err = choose_psk(hs, m, in->raw);
    if (err == GV_E_ANSWER_PENDING)
        return gv_hs_wait_with_hello(hs, in, S13_LOOK_UP, next);
    TRY(err);
    TRY(settle_early_data(hs, m));
    note_tickets(hs, m);
    if (hs->agreed.kind == HANDSHAKE_UNKNOWN)
        hs->agreed.kind = HANDSHAKE_FULL;
    if (!hs_is_by_psk(hs))
        TRY(choose_certificate(hs, m));
    TRY(send_flight(hs, m, group, share));
    if (!hs_is_by_psk(hs))
        return gv_auth13_sign(hs, in, CONTEXT_SERVER, &behind, next);
    return gv_s13_signature(hs, in, next);
}

enum gv_err gv_s13_client_hello(struct hs *hs, const struct client_hello *m, const struct hs_in *in,
                                uint8_t *next)
{
    const struct key_exchange_group *group = NULL;
    struct key_share_entry share = {0};

    TRY(check_hello13(m));
    TRY(check_shares(m));
    TRY(gv_psk_seek(hs, m));
    TRY(choose_suite(hs, m->suites));
    TRY(choose_group(hs, m, &group, &share));
    TRY(gv_s_choose_alpn(hs, m->alpn));
    if (share.key.len == 0) {
        *next = S_HELLO_AGAIN;
        return ask_again(hs, m, in, group->code);
    }
    if (hs->work->retry_group != 0 && hs->work->retry_group != share.group)
        RAISE(SECOND_HELLO_WITHOUT_SHARE);
    return answer_hello(hs, m, in, group, &share, next);
}

enum gv_err gv_s13_session(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    const struct hs_in hello = gv_hs_kept_hello(hs);
    const struct key_exchange_group *group = NULL;
    struct key_share_entry share = {0};
    struct client_hello m;

    (void)in;
    TRY(gv_wire_read_client_hello(hello.body, &m));
    TRY(choose_group(hs, &m, &group, &share));
    return answer_hello(hs, &m, &hello, group, &share, next);
}

enum gv_err gv_s13_signature(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    struct hs_work *w = hs->work;

    (void)in;
    if (!hs_is_by_psk(hs))
        TRY(gv_auth_write_certificate_verify(hs));
    TRY(gv_hs13_write_finished(hs, &w->server_handshake));
    TRY(gv_flight_send(hs));
    TRY(gv_hs13_application_secrets(hs));
    *next = state_behind_flight(hs);
    return hs->door->install(hs->connection, HS_WRITE, hs->agreed.suite, &w->server_application);
}

/* ---- the client's flight ------------------------------------------------------------------------------------------- */

enum gv_err gv_s13_end_of_early_data(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    TRY(gv_wire_read_end_of_early_data(in->body));
    *next = S13_FIN;
    return hs->door->install(hs->connection, HS_READ, hs->agreed.suite,
                             &hs->work->client_handshake);
}

static enum gv_err take_chain(const struct hs *hs, uint8_t *next)
{
    *next = S13_CV;
    if (hs->agreed.peer_count != 0)
        return GV_OK;
    if (hs->server->client_verifier->required)
        RAISE(CLIENT_CERTIFICATE_MISSING);
    *next = S13_FIN;
    return GV_OK;
}

enum gv_err gv_s13_certificate(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    TRY(gv_auth13_read_certificate(hs, in->body, 0));
    return take_chain(hs, next);
}

enum gv_err gv_s13_compressed_certificate(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    TRY(gv_auth13_read_compressed(hs, in->body, 0));
    return take_chain(hs, next);
}

enum gv_err gv_s13_certificate_verify(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    TRY(gv_auth13_check(hs, hs->server->client_verifier, in->body, CONTEXT_CLIENT));
    *next = S13_FIN;
    return GV_OK;
}

/* ---- NewSessionTicket (4.6.1) --------------------------------------------------------------------------------------- */

static enum gv_err write_ticket(struct hs *hs, const struct session *s, struct span nonce,
                                struct span ticket)
{
    const struct new_session_ticket m = {
        .lifetime = s->lifetime,
        .age_add = s->age_add,
        .nonce = nonce,
        .ticket = ticket,
        .max_early_data = s->max_early_data,
    };

    gv_wire_write_new_session_ticket(&hs->work->flight.w, &m);
    return gv_flight_message(hs);
}

/* Sealed tickets need no key; stored ones are found by a key of chance. */
static enum gv_err ticket_key(struct hs *hs, uint8_t memory[SESSION_KEY_MAX], struct span *key)
{
    *key = span_of(memory, hs->server->ticketer != NULL ? 0 : SESSION_KEY_MAX);
    return key->len == 0 ? GV_OK : gv_resume_make_key(hs, memory);
}

/* base: the session but for what is the ticket's own. */
static enum gv_err issue_ticket(struct hs *hs, const struct session *base, uint8_t number)
{
    uint8_t memory[SESSION_KEY_MAX], age_add[4];
    const struct span nonce = span_of(&number, 1);
    struct session s = *base;
    struct span key, ticket;

    TRY(hs_provider(hs)->random(age_add, sizeof age_add));
    TRY(ticket_key(hs, memory, &key));
    struct rd r = rd_of(SPAN_OF(age_add));
    s.age_add = rd_u32(&r);
    enum gv_err err = gv_hs13_ticket_secret(hs, &base->secret, nonce, &s.secret);
    if (err == GV_OK && gv_resume_issue(hs, &s, key, &ticket))
        err = write_ticket(hs, &s, nonce, ticket);
    gv_secret_wipe(&s.secret);
    return err;
}

/* All in one flight; fewer where they are so large (with a client's chain in them) that they would
 * fill the arena. */
static enum gv_err send_tickets(struct hs *hs)
{
    enum { TICKET_FIXED = 64, TICKETS_BYTES = 64 * 1024, TICKETS_MAX = UINT8_MAX };
    size_t count = hs->work->ticket_count;
    struct secret resumption;
    enum gv_err err;

    if (count == 0 || (hs->server->ticketer == NULL && hs->server->sessions == NULL))
        return GV_OK;
    TRY(gv_hs13_resumption_secret(hs, &resumption));
    struct session base = gv_resume_describe(hs, &resumption);
    base.max_early_data = hs->server->ticketer == NULL ? hs->server->max_early_data : 0;
    size_t each = TICKET_FIXED + gv_resume_ticket_bound(hs, &base);
    if (count > TICKETS_BYTES / each)
        count = TICKETS_BYTES / each;
    if (count > TICKETS_MAX)
        count = TICKETS_MAX;
    err = gv_flight_begin(hs, count * each + 1);
    for (size_t i = 0; err == GV_OK && i < count; i++)
        err = issue_ticket(hs, &base, (uint8_t)i);
    if (err == GV_OK)
        err = gv_flight_send(hs);
    gv_secret_wipe(&resumption);
    gv_secret_wipe(&base.secret);
    return err;
}

enum gv_err gv_s13_finished(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    TRY(gv_hs13_check_finished(hs, in->body, &hs->work->client_handshake));
    TRY(hs->door->install(hs->connection, HS_READ, hs->agreed.suite,
                          &hs->work->client_application));
    *next = S13_UP;
    return send_tickets(hs);
}
