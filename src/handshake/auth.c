/* Authentication (RFC 9846 section 4.4): the peer's certificates and signature, and ours. The two
 * decisions that ask someone else, verifying a chain and signing, are one call each, here. */
#include "handshake/internal.h"

#include "base/mem.h"

/* ---- the peer's -------------------------------------------------------------------------------- */

/* The chain outlives the handshake, for the application may ask for it. It is one block of memory:
 * the spans, then the certificates. */
struct chain_writer {
    struct span *chain;
    uint8_t *to;
};

static enum gv_err begin_chain(struct hs *hs, size_t count, size_t bytes, struct chain_writer *w)
{
    gv_mem_free(hs->peer_memory);
    hs->peer_memory = gv_mem_alloc(count * sizeof *w->chain + bytes);
    if (hs->peer_memory == NULL)
        RAISE(NO_MEMORY);
    w->chain = (struct span *)(void *)hs->peer_memory;
    w->to = hs->peer_memory + count * sizeof *w->chain;
    hs->agreed.peer_chain = w->chain;
    hs->agreed.peer_count = 0;
    return GV_OK;
}

static void add_to_chain(struct hs *hs, struct chain_writer *w, struct span der)
{
    span_copy(w->to, der);
    w->chain[hs->agreed.peer_count++] = span_of(w->to, der.len);
    w->to += der.len;
}

enum gv_err gv_auth_copy_chain(struct hs *hs, const struct span *chain, size_t count)
{
    struct chain_writer w = {0};
    size_t bytes = 0;

    if (count == 0)
        return GV_OK;
    for (size_t i = 0; i < count; i++)
        bytes += chain[i].len;
    TRY(begin_chain(hs, count, bytes, &w));
    for (size_t i = 0; i < count; i++)
        add_to_chain(hs, &w, chain[i]);
    return GV_OK;
}

static enum gv_err keep_chain(struct hs *hs, const struct certificate *m, uint32_t offered)
{
    struct span list = m->entries;
    struct chain_writer w = {0};

    TRY(begin_chain(hs, m->count, m->bytes, &w));
    for (size_t i = 0; i < m->count; i++) {
        struct certificate_entry entry;
        TRY(gv_wire_next_certificate(&list, &entry));
        TRY(gv_extensions_check_place(&entry.extensions, IN_CERTIFICATE));
        if (entry.extensions.unknown || (entry.extensions.seen & ~offered) != 0)
            RAISE(EXTENSION_NOT_OFFERED);
        if (i == 0)
            TRY(gv_hs_keep(hs, entry.ocsp, &hs->work->peer_ocsp));
        add_to_chain(hs, &w, entry.der);
    }
    return GV_OK;
}

enum gv_err gv_auth13_read_certificate(struct hs *hs, struct span body, uint32_t offered)
{
    struct certificate m;

    if (body.len > hs_common(hs)->limits.certificate_chain)
        RAISE(CERTIFICATE_CHAIN_TOO_LONG);
    TRY(gv_wire_read_certificate(body, &m));
    if (m.context.len != 0) /* section 4.4.2: empty in the handshake */
        RAISE(CERTIFICATE_CONTEXT_WRONG);
    if (m.count == 0)
        return GV_OK;
    return keep_chain(hs, &m, offered);
}

/* What CertificateVerify signs (section 4.4.3): 64 spaces, the context, a zero, the transcript. */
enum { SIGNED_PAD = 64, SIGNED_MAX = SIGNED_PAD + 33 + 1 + HASH_MAX };

static struct span signed_content(const char *context, struct span transcript,
                                  uint8_t out[SIGNED_MAX])
{
    struct wr w = wr_of(out, SIGNED_MAX);

    memset(wr_room(&w, SIGNED_PAD), ' ', SIGNED_PAD);
    wr_bytes(&w, span_str(context));
    wr_u8(&w, 0);
    wr_bytes(&w, transcript);
    return wr_span(&w);
}

enum gv_err gv_auth_check_chain(struct hs *hs, const struct verifier *verifier)
{
    const struct certificate_question question = {
        .chain = hs->agreed.peer_chain,
        .count = hs->agreed.peer_count,
        .name = hs->work->name,
        .ocsp = hs->work->peer_ocsp,
        .now = hs->now.ms / 1000,
        .userdata = hs->now.userdata,
    };

    if (hs->now.ms < 0)
        RAISE(NO_CLOCK);
    return verifier->verify(verifier, &question, &hs->work->detail);
}

/* The scheme must be one that we offered, and fit the key (section 4.4.3, RFC 8422 section 5.4). */
static enum gv_err check_signature(struct hs *hs, const struct verifier *verifier, uint16_t scheme,
                                   struct span content, struct span signature)
{
    struct number_list offered = {.len = 0};

    gv_list_schemes(verifier->provider, &offered);
    if (!gv_list_has_u16(list_span(&offered), scheme))
        RAISE(SIGNATURE_SCHEME_NOT_OFFERED);
    TRY(gv_verify_peer_signature(verifier->provider, hs->agreed.peer_chain[0], hs->agreed.version,
                                 scheme, content, signature));
    hs->agreed.signature_scheme = scheme;
    return GV_OK;
}

enum gv_err gv_auth13_check(struct hs *hs, const struct verifier *verifier, struct span body,
                            const char *context)
{
    struct certificate_verify m;
    uint8_t content[SIGNED_MAX];

    TRY(gv_wire_read_certificate_verify(body, &m));
    TRY(gv_auth_check_chain(hs, verifier));
    return check_signature(hs, verifier, m.scheme, signed_content(context, hs_before(hs), content),
                           m.signature);
}

enum gv_err gv_auth12_read_certificate(struct hs *hs, struct span body)
{
    struct certificate12 m;
    struct chain_writer w = {0};
    struct span der;

    if (body.len > hs_common(hs)->limits.certificate_chain)
        RAISE(CERTIFICATE_CHAIN_TOO_LONG);
    TRY(gv_wire_read_certificate12(body, &m));
    if (m.count == 0)
        return GV_OK;
    TRY(begin_chain(hs, m.count, m.bytes, &w));
    while (gv_next_certificate12(&m.list, &der))
        add_to_chain(hs, &w, der);
    return GV_OK;
}

enum gv_err gv_auth12_check(struct hs *hs, const struct verifier *verifier, uint16_t scheme,
                            struct span content, struct span signature)
{
    TRY(gv_auth_check_chain(hs, verifier));
    return check_signature(hs, verifier, scheme, content, signature);
}

/* ---- ours ---------------------------------------------------------------------------------------- */

static bool take_key(struct hs *hs, const struct certified_key *key, uint16_t version,
                     enum tls12_auth kind, struct span peer_schemes)
{
    uint16_t scheme = gv_certified_key_scheme(key, version, peer_schemes);

    if (scheme == 0 || (kind != AUTH_ANY && gv_scheme_auth(scheme) != kind))
        return false;
    hs->work->own = key;
    hs->work->own_scheme = scheme;
    return true;
}

bool gv_auth_choose(struct hs *hs, uint16_t version, struct span peer_schemes)
{
    return gv_auth_choose_kind(hs, version, AUTH_ANY, peer_schemes);
}

bool gv_auth_choose_kind(struct hs *hs, uint16_t version, enum tls12_auth kind,
                         struct span peer_schemes)
{
    const struct certified_key_list asked = {&hs->work->chosen, 1};
    const struct certified_key_list *keys = hs->work->chosen != NULL ? &asked
                                                                     : &hs_common(hs)->keys;

    for (size_t i = 0; i < keys->count; i++)
        if (take_key(hs, keys->at[i], version, kind, peer_schemes))
            return true;
    return false;
}

static bool is_named(struct span authorities, struct span name)
{
    struct span each;

    while (gv_next_authority(&authorities, &each))
        if (span_equal(each, name))
            return true;
    return false;
}

static bool is_issued_by_one_of(const struct certified_key *key, struct span authorities)
{
    for (size_t i = 0; i < key->count; i++) {
        struct span issuer = gv_certified_key_issuer(key, i);
        if (issuer.len != 0 && is_named(authorities, issuer))
            return true;
    }
    return false;
}

bool gv_auth_choose_for_request(struct hs *hs, const struct request_facts *request)
{
    const struct certified_key_list *keys = &hs_common(hs)->keys;
    const uint16_t version = hs->agreed.version;

    for (size_t i = 0; keys->count > 1 && i < keys->count; i++)
        if (is_issued_by_one_of(keys->at[i], request->authorities) &&
            take_key(hs, keys->at[i], version, AUTH_ANY, request->schemes))
            return true;
    return gv_auth_choose(hs, version, request->schemes);
}

size_t gv_hints_size(const struct verifier *v)
{
    size_t n = 0;
    for (size_t i = 0; v != NULL && i < v->hint_count; i++)
        n += 2 + v->hints[i].len;
    return n;
}

size_t gv_auth_size(const struct certified_key *key)
{
    enum { EMPTY_CERTIFICATE = 8, ENTRY = 5, STATUS = 8, VERIFY = 8 }; /* lengths and types */

    if (key == NULL)
        return EMPTY_CERTIFICATE;
    return EMPTY_CERTIFICATE + key->count * ENTRY + key->chain_bytes + STATUS + key->ocsp.len +
           VERIFY + SIGNATURE_MAX;
}

static enum gv_err ask_signer(struct hs *hs, struct span content, uint8_t *out, size_t *len)
{
    const struct signing_key *key = hs->work->own->key;

    if (key->begin != NULL)
        return key->begin(key, hs->now.userdata, hs->work->own_scheme, content, out, len);
    return key->sign(key, hs->work->own_scheme, content, out, len);
}

enum gv_err gv_auth_sign(struct hs *hs, const struct hs_in *in, struct span content,
                         const struct wait_point *point, uint8_t *next)
{
    void *signature;
    size_t len = 0;

    TRY(gv_hs_take_memory(hs, SIGNATURE_MAX, &signature));
    enum gv_err err = ask_signer(hs, content, signature, &len);
    if (err == GV_E_ANSWER_PENDING)
        return gv_hs_wait(in, point->state, next);
    TRY(err);
    hs->work->signature = span_of(signature, len);
    return point->go_on(hs, in, next);
}

enum gv_err gv_auth13_sign(struct hs *hs, const struct hs_in *in, const char *context,
                           const struct wait_point *point, uint8_t *next)
{
    uint8_t digest[HASH_MAX], content[SIGNED_MAX];
    struct span transcript;

    TRY(gv_transcript_peek(&hs->work->transcript, digest, &transcript));
    return gv_auth_sign(hs, in, signed_content(context, transcript, content), point, next);
}

enum gv_err gv_auth_write_certificate_verify(struct hs *hs)
{
    gv_wire_write_certificate_verify(&hs->work->flight.w, hs->work->own_scheme,
                                     hs->work->signature);
    return gv_flight_message(hs);
}

enum gv_err gv_auth13_write_certificate(struct hs *hs, bool ocsp)
{
    const struct certified_key *own = hs->work->own;
    const struct span none = {NULL, 0};
    struct wr *w = &hs->work->flight.w;

    if (own == NULL)
        gv_wire_write_certificate(w, none, NULL, 0, none);
    else
        gv_wire_write_certificate(w, none, own->chain, own->count, ocsp ? own->ocsp : none);
    gv_auth13_compress(hs, ocsp);
    return gv_flight_message(hs);
}
