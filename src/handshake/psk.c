/* External pre-shared keys in a handshake of TLS 1.3 (RFC 9846 section 4.2.11, RFC 9258): what a
 * client offers beside its session, with the binders, and which one a server takes. A key is always
 * used together with a key exchange (psk_dhe_ke), and never for early data. */
#include "handshake/psk.h"

#include "base/mem.h"
#include "handshake/resume.h"

/* ---- both ----------------------------------------------------------------------------------------- */

static const char *binder_label(const struct psk *psk)
{
    return psk->name.imported ? "imp binder" : "ext binder";
}

/* The name outlives the handshake: the application may ask for it, and sessions carry it. mark: of
 * PSK_MARK_LEN bytes, or none. */
static enum gv_err keep_name(struct hs *hs, struct span wire, bool imported, struct span mark)
{
    struct psk_used *used = gv_mem_alloc(sizeof *used + wire.len);
    uint8_t kdf_len;

    if (used == NULL)
        RAISE(NO_MEMORY);
    span_copy(used->wire, wire);
    gv_psk_forget(hs);
    hs->psk_used = used;
    wire.at = used->wire;
    used->name = (struct psk_name){.wire = wire, .identity = wire};
    if (imported)
        (void)gv_psk_read_import(wire, &used->name, &kdf_len);
    if (mark.len == sizeof used->mark)
        span_copy(used->mark, mark);
    hs->agreed.psk = &used->name;
    return GV_OK;
}

struct span gv_psk_mark_of(const struct hs *hs)
{
    return hs->psk_used == NULL ? span_of(NULL, 0) : SPAN_OF(hs->psk_used->mark);
}

void gv_psk_forget(struct hs *hs)
{
    if (hs->psk_used == NULL)
        return;
    gv_wipe(hs->psk_used->mark, sizeof hs->psk_used->mark);
    gv_mem_free(hs->psk_used);
    hs->psk_used = NULL;
    hs->agreed.psk = NULL;
}

enum gv_err gv_psk_take_name(struct hs *hs, const struct session *s)
{
    if (s->psk.len == 0)
        return GV_OK;
    return keep_name(hs, s->psk, s->psk_imported, s->psk_mark);
}

/* ---- the client's offers ---------------------------------------------------------------------------- */

static void add_offer(struct psk_offers *offers, const struct psk_offer *offer,
                      struct span identity, uint32_t age)
{
    offers->shown[offers->count] =
        (struct psk_out){.identity = identity, .age = age, .binder_len = offer->by.hash->len};
    offers->at[offers->count++] = *offer;
}

/* Section 4.2.11.1: in milliseconds. The difference of two times that were cut to milliseconds may be one
 * more than what has passed; a server may take a ticket that seems older than it is for a replay. */
static uint32_t age_of(const struct hs *hs, const struct session *s)
{
    int64_t age = hs->now.ms - s->issued_ms;
    return age > 0 ? (uint32_t)(age - 1) : 0;
}

/* The age is hidden, modulo 2^32. */
static void offer_session(struct hs *hs, struct psk_offers *offers)
{
    const struct session *s = hs->work->session;

    if (s == NULL || s->version != TLS13)
        return;
    const struct psk_offer offer = {
        .by = {gv_find_suite(&hs->client->common, TLS13, s->suite)->hash, &s->secret,
               "res binder"}};
    add_offer(offers, &offer, s->ticket, age_of(hs, s) + s->age_add);
}

/* Section 4.1.4: where a HelloRetryRequest fixed the suite, only what goes with it. */
static bool is_offered(const struct hs *hs, const struct psk *psk)
{
    return hs->client->common.tls13 &&
           (hs->work->retry_suite == 0 || hs->agreed.suite->hash == psk->hash);
}

enum gv_err gv_psk_offer(struct hs *hs)
{
    const struct psk_list *psks = &hs->client->common.psks;
    struct psk_offers *offers = &hs->work->offers;

    offers->count = 0;
    offer_session(hs, offers); /* the first: early data is of that one (section 4.2.10) */
    for (size_t i = 0; i < psks->count; i++) {
        const struct psk *psk = &psks->at[i];
        const struct psk_offer offer = {.by = {psk->hash, &psk->key, binder_label(psk)},
                                        .external = psk};
        if (is_offered(hs, psk))
            add_offer(offers, &offer, psk->name.wire, 0);
    }
    if (offers->count == 0 && hs->client->psk_only)
        RAISE(PSK_DECLINED);
    return GV_OK;
}

enum gv_err gv_psk_fill_binders(struct hs *hs, struct wr *w)
{
    struct psk_offers *offers = &hs->work->offers;
    const size_t len = gv_wire_binders_len(offers->shown, offers->count);

    if (!wr_done(w))
        RAISE(MESSAGE_UNWRITABLE);
    const struct span covered = span_of(w->base, w->len - len);
    uint8_t *at = w->base + covered.len + 2;
    for (size_t i = 0; i < offers->count; i++) {
        uint8_t binder[HASH_MAX];
        const uint8_t n = offers->shown[i].binder_len;
        TRY(gv_hs13_binder(&offers->at[i].by, &hs->work->transcript.hash, covered, binder));
        memcpy(at + 1, binder, n);
        offers->shown[i].binder = span_of(at + 1, n);
        at += 1 + n;
    }
    return GV_OK;
}

enum gv_err gv_psk_take_answer(struct hs *hs, const struct server_hello13 *m)
{
    const struct psk_offers *offers = &hs->work->offers;

    if (!m->has_psk) {
        gv_resume_forget(hs);
        if (hs->client->psk_only)
            RAISE(PSK_DECLINED);
        return GV_OK;
    }
    if (hs->agreed.ech == ECH_REJECTED) /* RFC 9849 section 6.1.2 */
        RAISE(ECH_PSK_CHOSEN);
    if (offers->count == 0)
        RAISE(EXTENSION_NOT_OFFERED);
    if (m->psk >= offers->count || offers->at[m->psk].by.hash != hs->agreed.suite->hash)
        RAISE(PSK_NOT_OFFERED);
    hs->work->psk = offers->at[m->psk].external;
    if (hs->work->psk == NULL) {
        hs->agreed.kind = HANDSHAKE_RESUMED;
        return gv_resume_take_peer(hs, hs->work->session);
    }
    gv_resume_forget(hs);
    return keep_name(hs, hs->work->psk->name.wire, hs->work->psk->name.imported, span_of(NULL, 0));
}

/* ---- the server's choice --------------------------------------------------------------------------------- */

static bool has_psks(const struct server_config *c)
{
    return c->common.psks.count != 0 || c->psk_finder.find != NULL;
}

static enum gv_err ask(struct hs *hs, struct psk_question *q, const struct psk **out)
{
    void *psk, *memory;

    TRY(gv_hs_take_memory(hs, sizeof **out, &psk));
    TRY(gv_hs_take_memory(hs, PSK_WIRE_MAX, &memory));
    TRY(gv_psk_ask(&hs->server->psk_finder, hs_provider(hs), q, psk, memory));
    *out = q->found ? psk : NULL;
    return GV_OK;
}

/* The key of that name, from the config's list or the application; NULL: none. It lives as long as
 * the handshake's arena. */
static enum gv_err find(struct hs *hs, struct span wire, const struct psk **out)
{
    struct psk_question q = {.userdata = hs->now.userdata, .name = {.wire = wire}};

    *out = gv_psk_list_find(&hs->server->common.psks, wire);
    if (*out != NULL || hs->server->psk_finder.find == NULL || wire.len > PSK_WIRE_MAX)
        return GV_OK;
    enum gv_err err = ask(hs, &q, out);
    gv_secret_wipe(&q.key);
    return err;
}

/* Where a HelloRetryRequest was sent its suite stands; else any that both have will do. */
static bool has_suite(const struct hs *hs, const struct client_hello *m, const struct psk *psk)
{
    for (const struct cipher_suite_info *const *s = hs_provider(hs)->suites; *s != NULL; s++)
        if ((*s)->version == TLS13 && (*s)->hash == psk->hash &&
            gv_list_has_u16(m->suites, (*s)->code) &&
            (hs->work->retry_suite == 0 || hs->work->retry_suite == (*s)->code))
            return true;
    return false;
}

/* A client with a PSK is not asked for a certificate (section 4.3.2), so that none can be taken
 * where one is required. */
static bool may_take(const struct hs *hs, const struct client_hello *m)
{
    const struct verifier *v = hs->server->client_verifier;

    return has_psks(hs->server) && (v == NULL || !v->required) &&
           gv_list_has_u8(m->psk_modes, PSK_MODE_DHE_KE);
}

enum gv_err gv_psk_seek(struct hs *hs, const struct client_hello *m)
{
    struct span rest = m->psk_identities;
    struct psk_identity id;
    const struct psk *psk;

    hs->work->psk = NULL;
    if (!may_take(hs, m))
        return GV_OK;
    for (uint16_t i = 0; i < PSK_OFFERS_MAX && gv_next_psk_identity(&rest, &id); i++) {
        TRY(find(hs, id.identity, &psk));
        if (psk == NULL || !has_suite(hs, m, psk))
            continue;
        hs->work->psk = psk;
        hs->work->external_index = i;
        return GV_OK;
    }
    return GV_OK;
}

enum gv_err gv_psk_check_binder(struct hs *hs, const struct client_hello *m, struct span raw,
                                const struct binder_by *by)
{
    struct span rest = m->psk_binders, binder = {NULL, 0};
    uint8_t expected[HASH_MAX];

    for (unsigned i = 0; i <= hs->work->psk_index; i++)
        gv_next_vec8(&rest, &binder);
    TRY(gv_hs13_binder(by, &hs->work->forked, span_of(raw.at, HANDSHAKE_HEADER + m->binders_at),
                       expected));
    if (!gv_secret_equal(binder, span_of(expected, by->hash->len)))
        RAISE(BINDER_WRONG);
    return GV_OK;
}

enum gv_err gv_psk_prove(struct hs *hs, const struct client_hello *m, struct span raw)
{
    const struct psk *psk = hs->work->psk;
    const struct binder_by by = {psk->hash, &psk->key, binder_label(psk)};
    uint8_t mark[PSK_MARK_LEN];

    hs->work->psk_index = hs->work->external_index;
    TRY(gv_psk_check_binder(hs, m, raw, &by));
    TRY(gv_psk_mark(psk, mark));
    enum gv_err err = keep_name(hs, psk->name.wire, psk->name.imported, SPAN_OF(mark));
    gv_wipe(mark, sizeof mark);
    return err;
}

bool gv_psk_is_still_known(struct hs *hs, const struct session *s)
{
    uint8_t mark[PSK_MARK_LEN];
    const struct psk *psk = NULL;

    if (s->psk.len == 0)
        return true;
    return find(hs, s->psk, &psk) == GV_OK && psk != NULL &&
           psk->name.imported == s->psk_imported && gv_psk_mark(psk, mark) == GV_OK &&
           gv_secret_equal(s->psk_mark, SPAN_OF(mark));
}

enum gv_err gv_psk_refuse_without(const struct hs *hs, const struct client_hello *m)
{
    const struct server_config *c = hs->server;

    if (!has_psks(c) || c->common.keys.count != 0 || c->chooser.choose != NULL)
        return GV_OK;
    if (m->psk_identities.len != 0 && gv_list_has_u8(m->psk_modes, PSK_MODE_DHE_KE))
        RAISE(PSK_UNKNOWN);
    RAISE(PSK_MISSING);
}
