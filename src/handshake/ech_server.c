/* The server's side of Encrypted Client Hello (RFC 9849 section 7): decryption, and what it means for the
 * handshake. That a hello could not be decrypted is no error: it may have pretended (GREASE), or come from
 * a client with an old configuration, which learns the new one. */
#include "handshake/ech_server.h"
#include "handshake/internal.h"

#include "base/mem.h"
#include "wire/ech_inner.h"

/* ---- reading ------------------------------------------------------------------------------------------ */

static enum gv_err read_hello(struct span message, struct client_hello *m)
{
    TRY(gv_wire_read_client_hello(span_from(message, HANDSHAKE_HEADER), m));
    return gv_extensions_check_place(&m->extensions, IN_CLIENT_HELLO);
}

static bool has_ech(const struct client_hello *m)
{
    return (m->extensions.seen & EXT_BIT(ENCRYPTED_CLIENT_HELLO)) != 0;
}

static bool offers_older_than_tls13(const struct client_hello *m)
{
    for (size_t i = 0; i < m->versions.len / 2; i++)
        if (span_u16(m->versions, i) < TLS13)
            return true;
    return m->versions.len == 0;
}

/* Section 7.1: of the inner hello. */
static enum gv_err check_inner(struct span message)
{
    struct client_hello m;

    TRY(read_hello(message, &m));
    if (!has_ech(&m) || m.ech.type != ECH_INNER)
        RAISE(INNER_HELLO_UNMARKED);
    if (offers_older_than_tls13(&m))
        RAISE(INNER_HELLO_TLS12);
    return GV_OK;
}

/* ---- decrypting ---------------------------------------------------------------------------------------- */

/* A ClientHelloOuter, and memory for what decrypting it needs. */
struct attempt {
    const struct client_hello *m;
    struct span body;
    uint8_t *aad;     /* ClientHelloOuterAAD, as long as body */
    uint8_t *payload; /* decrypted in place, afresh for each key */
};

static enum gv_err decrypt(struct hpke *hpke, const struct attempt *a)
{
    span_copy(a->payload, a->m->ech.payload);
    return gv_hpke_open(hpke, span_of(a->aad, a->body.len), a->payload, a->m->ech.payload.len);
}

static bool has_suite(const struct ech_config *config, struct ech_suite wanted)
{
    struct span suites = config->suites;
    struct ech_suite suite;

    while (gv_next_ech_suite(&suites, &suite))
        if (suite.kdf == wanted.kdf && suite.aead == wanted.aead)
            return true;
    return false;
}

static bool is_for(const struct ech_opener *o, const struct ech_key *key,
                   const struct ech_hello *ech, struct hpke_suite *suite)
{
    return key->config.id == ech->config_id && has_suite(&key->config, ech->suite) &&
           gv_hpke_suite(o->keys->provider, key->config.kem, ech->suite.kdf, ech->suite.aead,
                         suite);
}

/* BAD_KEY_SHARE and BAD_RECORD_MAC where the hello is not for this key; else the opener keeps the
 * context, for a second hello. */
static enum gv_err open_with(struct ech_opener *o, const struct ech_key *key,
                             const struct hpke_suite *suite, const struct attempt *a)
{
    TRY(gv_hpke_setup_receiver(&o->hpke, suite, &key->pair, a->m->ech.enc, key->info));
    enum gv_err err = decrypt(&o->hpke, a);
    if (err != GV_OK)
        gv_hpke_drop(&o->hpke);
    return err;
}

/* Ids may collide, so each key of this id is tried; their number is the configuration's. */
static enum gv_err decrypt_first(struct ech_opener *o, const struct attempt *a)
{
    struct hpke_suite suite;

    o->suite = a->m->ech.suite;
    for (const struct ech_key *key = o->keys->first; key != NULL; key = key->next) {
        if (!is_for(o, key, &a->m->ech, &suite))
            continue;
        enum gv_err err = open_with(o, key, &suite, a);
        if (err == GV_OK)
            o->key = key;
        if (err != GV_E_BAD_KEY_SHARE && err != GV_E_BAD_RECORD_MAC)
            return err;
    }
    return GV_OK;
}

/* Section 7.1.1: with the same context, whose key the second hello does not bring again. */
static enum gv_err decrypt_second(struct ech_opener *o, const struct attempt *a)
{
    const struct ech_hello *ech = &a->m->ech;

    if (ech->suite.kdf != o->suite.kdf || ech->suite.aead != o->suite.aead ||
        ech->config_id != o->key->config.id || ech->enc.len != 0)
        RAISE(ECH_CHANGED);
    enum gv_err err = decrypt(&o->hpke, a);
    if (err == GV_E_BAD_RECORD_MAC)
        RAISE(ECH_UNDECRYPTABLE);
    return err;
}

static enum gv_err decode(const struct attempt *a, struct arena *arena, struct span *inner)
{
    const struct span encoded = span_of(a->payload, a->m->ech.payload.len - AEAD_TAG);
    const size_t room = gv_wire_inner_hello_max(encoded, a->body);
    uint8_t *memory = gv_arena_take(arena, room);

    if (memory == NULL)
        RAISE(NO_MEMORY);
    struct wr w = wr_of(memory, room);
    TRY(gv_wire_decode_inner_hello(encoded, a->body, &w));
    TRY(check_inner(wr_span(&w)));
    *inner = wr_span(&w);
    return GV_OK;
}

static enum gv_err try_keys(struct ech_opener *o, const struct attempt *a, struct arena *arena,
                            struct span *inner)
{
    gv_wire_outer_aad(a->body, a->m->ech.payload, a->aad);
    TRY(o->key != NULL ? decrypt_second(o, a) : decrypt_first(o, a));
    return o->key == NULL ? GV_OK : decode(a, arena, inner);
}

/* What decrypting needs for itself is given back at once. */
static enum gv_err open_outer(struct ech_opener *o, const struct client_hello *m, struct span body,
                              struct arena *arena, struct span *inner)
{
    const size_t size = body.len + m->ech.payload.len;
    uint8_t *memory = gv_mem_alloc_buffer(size);

    if (memory == NULL)
        RAISE(NO_MEMORY);
    const struct attempt a = {m, body, memory, memory + body.len};
    enum gv_err err = try_keys(o, &a, arena, inner);
    gv_wipe(memory, size);
    gv_mem_free(memory);
    return err;
}

enum gv_err gv_ech_open(struct ech_opener *o, struct span outer, struct arena *arena,
                        struct span *inner)
{
    const bool is_second = o->has_opened;
    struct client_hello m;

    *inner = span_of(NULL, 0);
    TRY(read_hello(outer, &m));
    o->has_opened = true;
    o->was_offered |= has_ech(&m);
    if (has_ech(&m) && m.ech.type == ECH_INNER)
        RAISE(ECH_INNER_IN_CLEAR);
    if (has_ech(&m) && m.ech.type != ECH_OUTER)
        RAISE(ECH_TYPE_UNKNOWN);
    if (is_second && o->key == NULL)
        return GV_OK; /* rejected once, rejected for good */
    if (is_second && !has_ech(&m))
        RAISE(ECH_DROPPED);
    if (!has_ech(&m))
        return GV_OK;
    return open_outer(o, &m, span_from(outer, HANDSHAKE_HEADER), arena, inner);
}

void gv_ech_opener_drop(struct ech_opener *o)
{
    if (o != NULL)
        gv_hpke_drop(&o->hpke);
}

/* ---- the handshake ------------------------------------------------------------------------------------ */

static enum gv_err opener_of(struct hs *hs, struct ech_opener **out)
{
    if (hs->work->ech_opener == NULL) {
        void *memory;
        TRY(gv_hs_take_memory(hs, sizeof **out, &memory));
        hs->work->ech_opener = memory;
        hs->work->ech_opener->keys = hs->server->ech_keys;
    }
    *out = hs->work->ech_opener;
    return GV_OK;
}

enum gv_err gv_s_open_hello(struct hs *hs, struct hs_in *in)
{
    struct ech_opener *o;
    struct span inner;

    if (hs->server->ech_keys == NULL)
        return GV_OK;
    TRY(opener_of(hs, &o));
    TRY(gv_ech_open(o, in->raw, &hs->arena, &inner));
    if (o->was_offered)
        hs->agreed.ech = o->key != NULL ? ECH_ACCEPTED : ECH_REJECTED;
    if (inner.len == 0)
        return GV_OK;
    in->raw = inner;
    in->body = span_from(inner, HANDSHAKE_HEADER);
    return GV_OK;
}

enum gv_err gv_s_note_ech(struct hs *hs, const struct client_hello *m)
{
    hs->work->ech_confirms = has_ech(m) && m->ech.type == ECH_INNER;
    if (has_ech(m) && m->ech.type != ECH_INNER && m->ech.type != ECH_OUTER)
        RAISE(ECH_TYPE_UNKNOWN);
    return GV_OK;
}

/* Section 7.2: eight bytes of the message that the flight ends with, which is not in the transcript yet. */
static enum gv_err confirm(struct hs *hs, size_t at, const char *label)
{
    struct hs_work *w = hs->work;
    const struct ech_answer answer = {span_from(wr_span(&w->flight.w), w->flight.marked), at,
                                      label};

    if (!wr_done(&w->flight.w))
        RAISE(MESSAGE_UNWRITABLE);
    hs->agreed.ech = ECH_ACCEPTED;
    return gv_ech_confirmation(&w->transcript.hash, span_of(w->client_random, RANDOM_LEN), &answer,
                               w->flight.w.base + w->flight.marked + at);
}

enum gv_err gv_s_confirm_hello(struct hs *hs)
{
    return hs->work->ech_confirms ? confirm(hs, SERVER_HELLO_CONFIRMATION, ECH_ACCEPT) : GV_OK;
}

/* To a client whose hello was not read, eight bytes of chance (section 7.1): what a HelloRetryRequest
 * says of its extensions tells nobody else whether it was. */
enum gv_err gv_s_confirm_retry(struct hs *hs)
{
    const struct flight *f = &hs->work->flight;
    const size_t at = f->w.len - f->marked - ECH_CONFIRMATION;

    if (!gv_s_answers_retry_with_ech(hs))
        return GV_OK;
    if (hs->work->ech_confirms)
        return confirm(hs, at, ECH_ACCEPT_RETRY);
    return hs_provider(hs)->random(f->w.base + f->marked + at, ECH_CONFIRMATION);
}

bool gv_s_answers_retry_with_ech(const struct hs *hs)
{
    return hs->work->ech_confirms || hs->agreed.ech == ECH_REJECTED;
}

struct span gv_s_retry_configs(const struct hs *hs)
{
    return hs->agreed.ech == ECH_REJECTED ? hs->server->ech_keys->retry_configs : span_of(NULL, 0);
}
