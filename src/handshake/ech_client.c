/* Encrypted Client Hello, the client's side (RFC 9849 section 6): one ClientHello inside another, what
 * the server took of the two, and the pretence of it (GREASE).
 *
 * The handshake goes on with the inner hello until the server has said that it did not read it: the
 * transcript, the random, the session, the name and the extensions in hs->work are the inner one's,
 * and the outer one's wait here. Invariant: of what was rejected nothing leaves but the outer hello. */
#include "handshake/internal.h"

#include "base/mem.h"
#include "config/peer_name.h"
#include "handshake/resume.h"

#include <stdio.h>

struct ech_offer {
    const struct ech_choice *choice;
    struct hpke hpke;
    struct ech_hello extension;          /* of the outer hello, as it was sent last */
    uint8_t enc[HPKE_ENC_MAX];           /* behind it */
    struct transcript transcript;        /* of the outer handshake */
    uint8_t random[RANDOM_LEN];          /* of the outer hello */
    uint32_t offered;                    /* bits of its extensions */
    struct psk_out psks[PSK_OFFERS_MAX]; /* its PSKs, which are none (section 6.1.2) */
    size_t psk_count;
    bool is_retry_accepted; /* a HelloRetryRequest said so */
    struct span retry_configs;
};

/* What only one of the two hellos may say stands in each by itself; all else is in both, and the inner
 * one refers to it. A server_name is never referred to: that it is the public name is a secret too. */
static const uint32_t unshared = EXT_BIT(SERVER_NAME) | EXT_BIT(PRE_SHARED_KEY) |
                                 EXT_BIT(ENCRYPTED_CLIENT_HELLO);

/* ---- the beginning ------------------------------------------------------------------------------------ */

/* Section 6.1. */
static enum gv_err begin_offer(struct hs *hs, struct ech_offer *ech)
{
    const struct ech_choice *choice = ech->choice;

    TRY(hs_provider(hs)->random(ech->random, RANDOM_LEN));
    TRY(gv_hpke_setup_sender(&ech->hpke, &choice->suite, choice->config.public_key, choice->info,
                             ech->enc));
    ech->extension = (struct ech_hello){
        .type = ECH_OUTER,
        .suite = choice->code,
        .config_id = choice->config.id,
        .enc = span_of(ech->enc, gv_hpke_public_len(choice->suite.kem)),
    };
    hs->agreed.ech = ECH_OFFERED;
    return GV_OK;
}

static size_t count_kdfs(const struct hpke_algorithms *a)
{
    size_t n = 0;
    while (a->kdfs[n] != NULL)
        n++;
    return n;
}

static size_t count_aeads(const struct hpke_algorithms *a)
{
    size_t n = 0;
    while (a->aeads[n] != NULL)
        n++;
    return n;
}

/* A key as a client would send it. */
static enum gv_err make_enc(const struct key_exchange_group *group, uint8_t *enc)
{
    struct key_exchange x = {.group = NULL};
    enum gv_err err = group->start(group, &x, enc);

    gv_key_exchange_drop(&x);
    return err;
}

/* Section 6.2.1: a suite by chance, under the key exchange that everybody has. */
static enum gv_err begin_grease(struct hs *hs, struct ech_offer *ech)
{
    const struct hpke_algorithms *a = hs_provider(hs)->hpke;
    const size_t kdfs = count_kdfs(a), aeads = count_aeads(a);
    uint8_t chance[3];

    if (kdfs == 0 || aeads == 0)
        RAISE(INTERNAL);
    TRY(hs_provider(hs)->random(chance, sizeof chance));
    TRY(make_enc(a->kems[0]->group, ech->enc));
    ech->extension = (struct ech_hello){
        .type = ECH_OUTER,
        .suite = {a->kdfs[chance[0] % kdfs]->id, a->aeads[chance[1] % aeads]->id},
        .config_id = chance[2],
        .enc = span_of(ech->enc, gv_hpke_public_len(a->kems[0])),
    };
    hs->agreed.ech = ECH_GREASE;
    return GV_OK;
}

enum gv_err gv_ech_begin(struct hs *hs)
{
    void *ech;

    if (hs->client->ech == NULL)
        return GV_OK;
    TRY(gv_hs_take_memory(hs, sizeof *hs->work->ech, &ech));
    hs->work->ech = ech;
    hs->work->ech->choice = hs->client->ech;
    return hs->client->ech->is_grease ? begin_grease(hs, ech) : begin_offer(hs, ech);
}

void gv_ech_drop(struct hs_work *work)
{
    if (work->ech == NULL)
        return;
    gv_hpke_drop(&work->ech->hpke);
    gv_transcript_drop(&work->ech->transcript);
}

/* ---- the inner hello (sections 5.1, 6.1.3) --------------------------------------------------------------- */

/* m as it is inside. */
static enum gv_err inner_of(struct hs *hs, const struct client_hello_out *m,
                            struct client_hello_out *inner)
{
    static const struct ech_hello inside = {.type = ECH_INNER};

    *inner = *m;
    inner->ech = &inside;
    inner->shared = ~unshared;
    return gv_c_offer_psks(hs, inner);
}

/* The EncodedClientHelloInner, with room for a tag behind it. */
static enum gv_err encode(struct hs *hs, const struct client_hello_out *inner, struct span *out)
{
    const uint8_t name_len_max = hs->work->ech->choice->config.name_len_max;
    const size_t cap = gv_c_hello_bound(inner);
    void *memory;

    TRY(gv_hs_take_memory(hs, cap, &memory));
    struct wr w = wr_of(memory, cap);
    gv_wire_write_encoded_inner_hello(&w, inner);
    if (!wr_done(&w))
        RAISE(MESSAGE_UNWRITABLE);
    const size_t len = w.len + gv_ech_padding(w.len, inner->server_name.len, name_len_max);
    TRY(gv_hs_take_memory(hs, len + AEAD_TAG, &memory));
    span_copy(memory, wr_span(&w));
    *out = span_of(memory, len);
    return GV_OK;
}

/* Writes it whole, for the transcript and its binder, and encoded. */
static enum gv_err write_inner(struct hs *hs, const struct client_hello_out *inner,
                               struct span *encoded)
{
    struct hs_work *work = hs->work;
    const size_t cap = gv_c_hello_bound(inner);
    void *memory;

    TRY(gv_hs_take_memory(hs, cap, &memory));
    struct wr w = wr_of(memory, cap);
    TRY(gv_c_write_hello(hs, &w, inner));
    work->offered = gv_wire_client_hello_extensions(inner);
    TRY(gv_transcript_add(&work->transcript, &hs->arena, wr_span(&w)));
    return encode(hs, inner, encoded);
}

/* ---- the outer hello (sections 6.1.1, 6.1.2) --------------------------------------------------------------- */

static enum gv_err random_bytes(struct hs *hs, size_t len, struct span *out)
{
    void *bytes;

    TRY(gv_hs_take_memory(hs, len, &bytes));
    *out = span_of(bytes, len);
    return hs_provider(hs)->random(bytes, len);
}

/* PSKs that look like the inner ones: random bytes of the same lengths. A second hello shows the same
 * ones, as a second hello does. */
static enum gv_err make_psks(struct hs *hs, const struct client_hello_out *inner)
{
    struct ech_offer *ech = hs->work->ech;
    struct span age;

    if (hs->work->retry_suite != 0)
        return GV_OK;
    for (size_t i = 0; i < inner->psk_count; i++) {
        struct psk_out *psk = &ech->psks[i];
        TRY(random_bytes(hs, inner->psks[i].identity.len, &psk->identity));
        TRY(random_bytes(hs, 4, &age));
        struct rd r = rd_of(age);
        psk->age = rd_u32(&r);
        psk->binder_len = inner->psks[i].binder_len;
        ech->psk_count++;
    }
    return GV_OK;
}

/* RFC 9846 section 4.1.4 in mind: behind a HelloRetryRequest, only those that go with its suite. */
static enum gv_err show_psks(struct hs *hs, struct client_hello_out *outer)
{
    struct ech_offer *ech = hs->work->ech;
    size_t shown = 0;

    for (size_t i = 0; i < ech->psk_count; i++) {
        struct psk_out psk = ech->psks[i];
        if (hs->work->retry_suite != 0 && hs->agreed.suite->hash->len != psk.binder_len)
            continue;
        TRY(random_bytes(hs, psk.binder_len, &psk.binder));
        ech->psks[shown++] = psk;
    }
    ech->psk_count = shown;
    outer->psks = ech->psks;
    outer->psk_count = shown;
    return GV_OK;
}

/* m as everybody sees it. */
static enum gv_err outer_of(struct hs *hs, const struct client_hello_out *m,
                            struct client_hello_out *outer)
{
    struct ech_offer *ech = hs->work->ech;

    *outer = *m;
    outer->random = span_of(ech->random, RANDOM_LEN);
    outer->server_name = gv_peer_name_host(ech->choice->public_name);
    outer->ech = &ech->extension;
    return show_psks(hs, outer);
}

/* Puts the encoded inner hello, sealed, in the place that waits for it with zeros (section 5.2: those
 * zeros are what is authenticated). */
static enum gv_err seal_into(struct hs *hs, struct span hello, struct span encoded)
{
    struct ech_offer *ech = hs->work->ech;
    const struct span aad = span_from(hello, HANDSHAKE_HEADER);
    uint8_t *sealed = (uint8_t *)encoded.at;
    struct client_hello m;

    TRY(gv_wire_read_client_hello(aad, &m)); /* which knows where it stands */
    TRY(gv_hpke_seal(&ech->hpke, aad, encoded, sealed));
    ech->extension.payload = span_of(sealed, encoded.len + AEAD_TAG);
    span_copy((uint8_t *)m.ech.payload.at, ech->extension.payload);
    return GV_OK;
}

static enum gv_err send_outer(struct hs *hs, const struct client_hello_out *outer,
                              struct span encoded)
{
    struct ech_offer *ech = hs->work->ech;
    struct flight *f = &hs->work->flight;

    ech->offered = gv_wire_client_hello_extensions(outer);
    TRY(gv_flight_begin(hs, gv_c_hello_bound(outer)));
    TRY(gv_c_write_hello(hs, &f->w, outer));
    TRY(seal_into(hs, wr_span(&f->w), encoded));
    if (hs->work->retry_suite == 0) /* else the server has chosen the inner one */
        TRY(gv_transcript_add(&ech->transcript, &hs->arena, wr_span(&f->w)));
    return gv_flight_send(hs);
}

static enum gv_err send_both(struct hs *hs, const struct client_hello_out *m)
{
    struct ech_offer *ech = hs->work->ech;
    struct client_hello_out inner, outer;
    struct span encoded;
    void *zeros;

    TRY(inner_of(hs, m, &inner));
    TRY(write_inner(hs, &inner, &encoded));
    TRY(make_psks(hs, &inner));
    TRY(gv_hs_take_memory(hs, encoded.len + AEAD_TAG, &zeros));
    ech->extension.payload = span_of(zeros, encoded.len + AEAD_TAG);
    if (hs->work->retry_suite != 0)
        ech->extension.enc = span_of(NULL, 0); /* section 6.1.5 */
    TRY(outer_of(hs, m, &outer));
    outer.early_data = inner.early_data; /* section 6.1: so that it is passed over */
    return send_outer(hs, &outer, encoded);
}

/* Section 6.1.6: the second hello after a HelloRetryRequest that rejected. It shows the extension of the
 * first one again (RFC 9846 section 4.1.2). */
static enum gv_err send_rejected(struct hs *hs, const struct client_hello_out *m)
{
    struct client_hello_out outer;

    TRY(outer_of(hs, m, &outer));
    return gv_c_send_this_hello(hs, &outer);
}

/* Section 6.2.1: as long as a real one would be, and the same in a second hello. */
static enum gv_err send_grease(struct hs *hs, struct client_hello_out *m)
{
    struct ech_offer *ech = hs->work->ech;
    struct client_hello_out inner;
    struct span payload;

    TRY(inner_of(hs, m, &inner));
    if (ech->extension.payload.len == 0) {
        TRY(encode(hs, &inner, &payload));
        payload.len += AEAD_TAG;
        TRY(hs_provider(hs)->random((uint8_t *)payload.at, payload.len));
        ech->extension.payload = payload;
    }
    TRY(gv_c_offer_psks(hs, m));
    m->ech = &ech->extension;
    return gv_c_send_this_hello(hs, m);
}

enum gv_err gv_ech_send_hello(struct hs *hs, struct client_hello_out *m)
{
    switch (hs->agreed.ech) {
    case ECH_OFFERED:
        return send_both(hs, m);
    case ECH_REJECTED:
        return send_rejected(hs, m);
    default:
        return send_grease(hs, m);
    }
}

/* ---- what the server took (section 6.1.4) -------------------------------------------------------------------- */

static enum gv_err is_confirmed(struct hs *hs, const struct ech_answer *answer, struct span got,
                                bool *out)
{
    uint8_t expected[ECH_CONFIRMATION];

    TRY(gv_ech_confirmation(&hs->work->transcript.hash,
                            span_of(hs->work->client_random, RANDOM_LEN), answer, expected));
    *out = gv_secret_equal(got, SPAN_OF(expected));
    return GV_OK;
}

/* Section 6.1.6: what was said of the inner hello is as if it had never been. */
static enum gv_err reject(struct hs *hs)
{
    struct hs_work *work = hs->work;
    struct ech_offer *ech = work->ech;

    gv_transcript_drop(&work->transcript);
    work->transcript = ech->transcript;
    ech->transcript = (struct transcript){.keeps = false};
    memcpy(work->client_random, ech->random, RANDOM_LEN);
    work->offered = ech->offered;
    work->name = ech->choice->public_name;
    work->offers.count = 0;
    gv_resume_forget(hs);
    hs->agreed.ech = ECH_REJECTED;
    return gv_transcript_start(&work->transcript, hs->agreed.suite->hash);
}

enum gv_err gv_ech_settle_retry(struct hs *hs, const struct hs_in *in,
                                const struct server_hello13 *x)
{
    const struct span got = x->ech_confirmation;
    bool confirmed = false;

    if (hs->agreed.ech != ECH_OFFERED)
        return GV_OK;
    if (got.len != 0) {
        const struct ech_answer answer = {in->raw, (size_t)(got.at - in->raw.at), ECH_ACCEPT_RETRY};
        TRY(is_confirmed(hs, &answer, got, &confirmed));
    }
    hs->work->ech->is_retry_accepted = confirmed;
    if (confirmed)
        return GV_OK;
    TRY(reject(hs));
    return gv_transcript_retry(&hs->work->transcript);
}

static void accept(struct hs *hs)
{
    hs->agreed.ech = ECH_ACCEPTED;
    hs->work->offered &=
        ~EXT_BIT(ENCRYPTED_CLIENT_HELLO); /* section 5: nothing more is said of it */
}

enum gv_err gv_ech_settle(struct hs *hs, const struct hs_in *in, const struct server_hello *m)
{
    const struct span got = span_from(m->random, RANDOM_LEN - ECH_CONFIRMATION);
    const struct ech_answer answer = {in->raw, (size_t)(got.at - in->raw.at), ECH_ACCEPT};
    bool confirmed;

    if (hs->agreed.ech != ECH_OFFERED)
        return GV_OK;
    TRY(is_confirmed(hs, &answer, got, &confirmed));
    if (confirmed) {
        accept(hs);
        return GV_OK;
    }
    if (hs->work->ech->is_retry_accepted) /* section 6.1.5 */
        RAISE(ECH_NOT_CONFIRMED);
    if (hs->agreed.early == EARLY_OFFERED)
        hs->agreed.early = EARLY_REJECTED;
    return reject(hs);
}

/* ---- rejected (section 6.1.6) ------------------------------------------------------------------------------- */

enum gv_err gv_ech_take_retry_configs(struct hs *hs, struct span configs)
{
    if (hs->agreed.ech != ECH_REJECTED)
        return GV_OK;
    return gv_hs_keep(hs, configs, &hs->work->ech->retry_configs);
}

static void explain(struct hs *hs)
{
    const struct ech_offer *ech = hs->work->ech;
    const struct span name = ech->choice->config.public_name;
    char expected[DETAIL_TEXT];

    snprintf(expected, sizeof expected, "a server that can decrypt for %.*s with its key %u",
             (int)name.len, (const char *)name.at, ech->choice->config.id);
    gv_detail_note(&hs->work->detail, "Encrypted Client Hello", expected,
                   ech->retry_configs.len != 0 ? "one that has other keys, and told them"
                                               : "one that has none: it is switched off there");
}

enum gv_err gv_ech_finish(struct hs *hs)
{
    if (hs->agreed.ech != ECH_REJECTED)
        return GV_OK;
    const struct span configs = hs->work->ech->retry_configs;
    if (configs.len != 0) {
        hs->ech_memory = gv_mem_alloc(configs.len);
        if (hs->ech_memory == NULL)
            RAISE(NO_MEMORY);
        span_copy(hs->ech_memory, configs);
        hs->agreed.ech_retry_configs = span_of(hs->ech_memory, configs.len);
    }
    explain(hs);
    RAISE(ECH_REJECTED);
}
