/* The client's hellos (RFC 9846 sections 4.1.1 to 4.1.4): the ClientHello, the answer to a
 * HelloRetryRequest, and the choice of version in the ServerHello. */
#include "handshake/internal.h"

#include "base/mem.h"
#include "config/peer_name.h"
#include "handshake/psk.h"
#include "handshake/resume.h"

/* ---- ClientHello -------------------------------------------------------------------------------- */

/* Every extension that a ClientHello of ours may have, in an order of chance, so that nobody comes
 * to depend on one. */
static enum gv_err shuffle_extensions(struct hs *hs)
{
    enum extension *order = hs->work->order;
    uint8_t chance[2 * EXT_COUNT];

    TRY(hs_provider(hs)->random(chance, sizeof chance));
    for (unsigned i = 0; i < EXT_COUNT; i++) {
        /* 16 bits for at most 32 places: the bias is below one in a thousand, and harmless */
        unsigned j = span_u16(SPAN_OF(chance), i) % (i + 1);
        order[i] = order[j];
        order[j] = (enum extension)i;
    }
    return GV_OK;
}

static enum gv_err start_share(struct hs *hs, const struct key_exchange_group *group)
{
    struct key_exchange *x = &hs->work->share;
    void *key;

    gv_key_exchange_drop(x);
    TRY(gv_hs_take_memory(hs, group->client_share_len, &key));
    TRY(group->start(group, x, key));
    hs->work->share_key = span_of(key, group->client_share_len);
    return GV_OK;
}

static void write_key_share(struct wr *w, const struct key_exchange_group *group,
                            const uint8_t *key)
{
    wr_u16(w, group->code);
    WR_VEC(w, 2)
        wr_bytes(w, span_of(key, group->client_share_len));
}

/* A hybrid's classical half is a share of its own too: it costs nothing, and saves the round trip
 * where the server knows no hybrid. Where a HelloRetryRequest chose, there is one share only (RFC
 * 9846 section 4.1.2). */
static const struct key_exchange_group *component_share(const struct hs_work *work)
{
    const struct key_exchange_group *group = work->share.group;

    if (group == NULL || group->component == NULL || work->retry_group != 0 ||
        !gv_list_has_u16(list_span(&work->groups), group->component->code))
        return NULL;
    return group->component;
}

bool gv_c_sent_share(const struct hs_work *work, uint16_t code)
{
    const struct key_exchange_group *group = work->share.group;
    const struct key_exchange_group *component = component_share(work);

    return (group != NULL && group->code == code) || (component != NULL && component->code == code);
}

static void write_key_shares(struct wr *w, const struct hs_work *work)
{
    const struct key_exchange_group *group = work->share.group;
    const struct key_exchange_group *component = component_share(work);

    if (group != NULL)
        write_key_share(w, group, work->share_key.at);
    if (component != NULL)
        write_key_share(w, component, work->share_key.at + group->component_offset);
}

/* RFC 6066 section 3: a DNS name only, and no trailing dot. */
static struct span server_name(const struct hs *hs)
{
    if (!hs->client->send_server_name)
        return span_of(NULL, 0);
    return gv_peer_name_host(hs->work->name);
}

/* supported_versions, the higher first. */
static void list_versions(const struct config_common *c, struct wr *w)
{
    if (c->tls13)
        wr_u16(w, TLS13);
    if (c->tls12)
        wr_u16(w, TLS12);
}

enum gv_err gv_c_offer_psks(struct hs *hs, struct client_hello_out *m)
{
    const struct session *s = hs->work->session;

    TRY(gv_psk_offer(hs));
    m->psks = hs->work->offers.shown;
    m->psk_count = hs->work->offers.count;
    if (s == NULL)
        return GV_OK;
    if (s->version == TLS12) {
        m->session_ticket = s->ticket;
        return GV_OK;
    }
    /* Section 4.2.10: in the first hello alone. */
    m->early_data = hs->client->early_data && s->max_early_data != 0 && hs->work->retry_suite == 0;
    return GV_OK;
}

/* Bytes that they take in it at most. */
static size_t psks_len(const struct client_hello_out *m)
{
    enum { OFFER_FIXED = 6 }; /* length and age */
    size_t n = gv_wire_binders_len(m->psks, m->psk_count);

    for (size_t i = 0; i < m->psk_count; i++)
        n += OFFER_FIXED + m->psks[i].identity.len;
    return n;
}

enum { HELLO_FIXED = 1024 }; /* bytes: everything but the parts that are added up below */

size_t gv_c_hello_bound(const struct client_hello_out *m)
{
    const size_t ech_len = m->ech == NULL ? 0 : m->ech->enc.len + m->ech->payload.len;

    return HELLO_FIXED + m->alpn.len + m->key_shares.len + m->cookie.len + m->session_ticket.len +
           psks_len(m) + ech_len;
}

enum gv_err gv_c_write_hello(struct hs *hs, struct wr *w, const struct client_hello_out *m)
{
    gv_wire_write_client_hello(w, m);
    if (m->psk_count != 0 && m->psks[0].binder.len == 0)
        TRY(gv_psk_fill_binders(hs, w));
    if (!wr_done(w))
        RAISE(MESSAGE_UNWRITABLE);
    return GV_OK;
}

enum gv_err gv_c_send_this_hello(struct hs *hs, const struct client_hello_out *m)
{
    struct hs_work *work = hs->work;

    work->offered = gv_wire_client_hello_extensions(m);
    if (hs->client->common.tls12) /* the SCSV asks for it (RFC 5746 section 3.3) */
        work->offered |= EXT_BIT(RENEGOTIATION_INFO);
    TRY(gv_flight_begin(hs, gv_c_hello_bound(m)));
    TRY(gv_c_write_hello(hs, &work->flight.w, m));
    TRY(gv_flight_message(hs));
    return gv_flight_send(hs);
}

enum gv_err gv_c_send_hello(struct hs *hs)
{
    const struct config_common *c = &hs->client->common;
    struct hs_work *work = hs->work;
    uint8_t shares[2 * (KEY_SHARE_MAX + 4)], versions[4];
    struct wr shares_writer = wr_of(shares, sizeof shares);
    struct wr versions_writer = wr_of(versions, sizeof versions);
    struct number_list algorithms = {.len = 0};

    write_key_shares(&shares_writer, work);
    list_versions(c, &versions_writer);
    if (c->tls13) /* RFC 8879 section 3 */
        gv_list_compression_algorithms(c, &algorithms);
    if (!wr_done(&shares_writer) || !wr_done(&versions_writer))
        RAISE(MESSAGE_UNWRITABLE);
    struct client_hello_out m = {
        .random = span_of(work->client_random, RANDOM_LEN),
        .session_id = work->session_id,
        .suites = list_span(&work->suites),
        .order = work->order,
        .order_count = EXT_COUNT,
        .server_name = server_name(hs),
        .groups = list_span(&work->groups),
        .schemes = list_span(&work->schemes),
        .versions = wr_span(&versions_writer),
        .alpn = work->alpn,
        .key_shares = wr_span(&shares_writer),
        .cookie = work->cookie,
        .compression_algorithms = list_span(&algorithms),
        .ocsp = true,
        .tls12 = c->tls12,
        .tls13 = c->tls13,
        .ticket_request = hs->client->ticket_request && c->tls13,
        .tickets_new = hs->client->ticket_request_new,
        .tickets_resumed = hs->client->ticket_request_resumed,
    };
    if (work->ech != NULL)
        return gv_ech_send_hello(hs, &m);
    TRY(gv_c_offer_psks(hs, &m));
    return gv_c_send_this_hello(hs, &m);
}

/* The id of the session that is offered, if it has one. Else one of chance where one is needed: TLS
 * 1.3 hides behind it (appendix D.4), and a server of TLS 1.2 that takes a ticket up says so by
 * echoing it (RFC 5077 section 3.4). */
static enum gv_err make_session_id(struct hs *hs)
{
    const struct session *s = hs->work->session;
    void *session_id;

    if (s != NULL && s->session_id.len != 0) {
        hs->work->session_id = s->session_id;
        return GV_OK;
    }
    if (!hs->client->common.tls13 && s == NULL)
        return GV_OK;
    TRY(gv_hs_take_memory(hs, SESSION_ID_MAX, &session_id));
    TRY(hs_provider(hs)->random(session_id, SESSION_ID_MAX));
    hs->work->session_id = span_of(session_id, SESSION_ID_MAX);
    return GV_OK;
}

/* Early data flows right behind the hello, under a key of the session's (section 4.2.10). */
static enum gv_err start_early_data(struct hs *hs)
{
    const struct session *s = hs->work->session;

    if ((hs->work->offered & EXT_BIT(EARLY_DATA)) == 0)
        return GV_OK;
    const struct cipher_suite_info *suite = gv_find_suite(&hs->client->common, TLS13, s->suite);
    TRY(gv_hs13_early_secret(hs, suite->hash));
    TRY(hs->door->send_change_cipher_spec(hs->connection));
    TRY(gv_hs_keep(hs, s->alpn, &hs->work->early_alpn));
    hs->agreed.early = EARLY_OFFERED;
    hs->agreed.early_limit = s->max_early_data;
    return hs->door->install(hs->connection, HS_WRITE, suite, &hs->work->client_early);
}

/* Whose signatures can be verified; where nobody verifies, no certificate will do (psk_only). */
static const struct provider *schemes_of(const struct client_config *c)
{
    return c->verifier != NULL ? c->verifier->provider : c->common.provider;
}

enum gv_err gv_hs_start_client(struct hs *hs, const struct hs_start *start)
{
    const struct config_common *c = &hs->client->common;

    hs->rows = gv_hs_client_rows;
    hs->state = C_HELLO;
    TRY(gv_hs_begin(hs, start));
    TRY(gv_peer_name_keep(&hs->arena, start->name, &hs->work->name));
    hs->work->alpn = start->alpn;
    hs->work->transcript.keeps = c->tls12 &&
                                 (c->keys.count != 0 || hs->client->chooser.choose != NULL);
    TRY(hs_provider(hs)->random(hs->work->client_random, RANDOM_LEN));
    gv_list_suites(c, &hs->work->suites);
    gv_list_groups(c, &hs->work->groups);
    gv_list_schemes(schemes_of(hs->client), &hs->work->schemes);
    TRY(shuffle_extensions(hs));
    TRY(gv_resume_choose(hs));
    TRY(make_session_id(hs));
    if (c->tls13)
        TRY(start_share(hs, hs_provider(hs)->groups[0]));
    TRY(gv_ech_begin(hs));
    TRY(gv_c_send_hello(hs));
    return start_early_data(hs);
}

/* ---- what comes back ------------------------------------------------------------------------------- */

/* Section 4.1.3: the fields that ServerHello and HelloRetryRequest must carry unchanged. */
static enum gv_err check_echo(struct hs *hs, const struct server_hello *m)
{
    if (m->version != TLS12)
        RAISE(LEGACY_VERSION_WRONG);
    if (!span_equal(m->session_id, hs->work->session_id))
        RAISE(SESSION_ID_NOT_ECHOED);
    if (m->compression != 0)
        RAISE(COMPRESSION_CHOSEN);
    return GV_OK;
}

/* The suite must be one that we offered, and stay what a HelloRetryRequest said (4.1.4). */
static enum gv_err choose_suite(struct hs *hs, uint16_t code)
{
    hs->agreed.suite = gv_find_suite(&hs->client->common, TLS13, code);
    if (hs->agreed.suite == NULL)
        RAISE(SUITE_NOT_OFFERED);
    if (hs->work->retry_suite != 0 && hs->work->retry_suite != code)
        RAISE(SUITE_CHANGED);
    return gv_transcript_start(&hs->work->transcript, hs->agreed.suite->hash);
}

/* The group that a HelloRetryRequest asks for: offered, and without a share so far (4.1.4). */
static enum gv_err retry_group(struct hs *hs, uint16_t code)
{
    if (!gv_list_has_u16(list_span(&hs->work->groups), code))
        RAISE(GROUP_NOT_OFFERED);
    if (gv_c_sent_share(hs->work, code))
        RAISE(RETRY_FOR_SHARE_SENT);
    hs->work->retry_group = code;
    return start_share(hs, gv_find_group(hs_provider(hs), code));
}

/* Section 4.1.4: a PSK whose digest is not that of the suite now chosen is not offered again. */
static void forget_misfit(struct hs *hs)
{
    const struct session *s = hs->work->session;

    if (s != NULL && s->version == TLS13 &&
        gv_find_suite(&hs->client->common, TLS13, s->suite)->hash != hs->agreed.suite->hash)
        gv_resume_forget(hs);
}

/* A cookie alone may come without having been offered (section 4.2.2). */
static enum gv_err check_retry_extensions(const struct hs *hs, const struct server_hello *m)
{
    const uint32_t expected = hs->work->offered | EXT_BIT(COOKIE);

    TRY(gv_extensions_check_place(&m->extensions, IN_HELLO_RETRY));
    if (m->extensions.unknown || (m->extensions.seen & ~expected) != 0)
        RAISE(EXTENSION_NOT_OFFERED);
    return GV_OK;
}

/* Early data is rejected with it (section 4.2.10), and the second hello goes in the clear. */
static enum gv_err answer_retry(struct hs *hs)
{
    if (hs->agreed.early == EARLY_OFFERED) {
        hs->agreed.early = EARLY_REJECTED;
        hs->door->clear_write(hs->connection);
    } else {
        TRY(hs->door->send_change_cipher_spec(hs->connection));
    }
    return gv_c_send_hello(hs);
}

enum gv_err gv_c_hello_retry(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    struct server_hello m;
    struct server_hello13 x;

    TRY(gv_wire_read_server_hello(in->body, &m));
    TRY(check_retry_extensions(hs, &m));
    TRY(gv_wire_read_server_hello13(&m, &x));
    if (x.selected_version != TLS13 || !hs->client->common.tls13)
        RAISE(VERSION_NOT_OFFERED);
    TRY(check_echo(hs, &m));
    if (x.share.group == 0 && x.cookie.len == 0)
        RAISE(RETRY_WITHOUT_CHANGE);
    TRY(gv_hs_keep(hs, x.cookie, &hs->work->cookie));
    TRY(choose_suite(hs, m.suite));
    TRY(gv_transcript_retry(&hs->work->transcript));
    TRY(gv_ech_settle_retry(hs, in, &x));
    TRY(gv_transcript_add(&hs->work->transcript, &hs->arena, in->raw));
    hs->work->retry_suite = m.suite;
    forget_misfit(hs);
    if (x.share.group != 0)
        TRY(retry_group(hs, x.share.group));
    hs->agreed.version = TLS13;
    hs->agreed.kind = HANDSHAKE_RETRIED;
    *next = C_HELLO_AGAIN;
    return answer_retry(hs);
}

enum gv_err gv_c_server_hello(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    struct server_hello m;
    struct server_hello13 x;

    TRY(gv_wire_read_server_hello(in->body, &m));
    if ((m.extensions.seen & EXT_BIT(SUPPORTED_VERSIONS)) == 0) {
        TRY(gv_transcript_add(&hs->work->transcript, &hs->arena, in->raw));
        return gv_c12_server_hello(hs, &m, next);
    }
    TRY(gv_wire_read_server_hello13(&m, &x));
    if (x.selected_version != TLS13 || !hs->client->common.tls13)
        RAISE(VERSION_NOT_OFFERED);
    TRY(check_echo(hs, &m));
    TRY(choose_suite(hs, m.suite));
    TRY(gv_ech_settle(hs, in, &m));
    TRY(gv_transcript_add(&hs->work->transcript, &hs->arena, in->raw));
    TRY(gv_hs_at_record_end(in));
    gv_transcript_stop_keeping(&hs->work->transcript);
    return gv_c13_server_hello(hs, &m, &x, next);
}

/* ---- ALPN ------------------------------------------------------------------------------------------ */

static bool find_alpn(struct span offered, struct span chosen, struct span *out)
{
    while (gv_next_vec8(&offered, out))
        if (span_equal(*out, chosen))
            return true;
    return false;
}

/* RFC 7301 section 3.2: the answer is one of the names that were offered. */
enum gv_err gv_c_take_alpn(struct hs *hs, struct span chosen)
{
    if (find_alpn(hs->work->alpn, chosen, &hs->agreed.alpn))
        return GV_OK;
    hs->agreed.alpn = span_of(NULL, 0);
    if (hs->client->check_selected_alpn)
        RAISE(ALPN_NOT_OFFERED);
    hs->name_memory = gv_mem_alloc(chosen.len);
    if (hs->name_memory == NULL)
        RAISE(NO_MEMORY);
    span_copy(hs->name_memory, chosen);
    hs->agreed.alpn = span_of(hs->name_memory, chosen.len);
    return GV_OK;
}
