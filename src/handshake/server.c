/* The server's answer to a ClientHello, as far as no version is chosen (RFC 9846 section 4.2.1). */
#include "handshake/internal.h"

#include "base/mem.h"

enum gv_err gv_hs_start_server(struct hs *hs, const struct hs_start *start)
{
    hs->rows = gv_hs_server_rows;
    hs->state = S_HELLO;
    TRY(gv_hs_begin(hs, start));
    hs->work->transcript.keeps = hs->server->common.tls12 && hs->server->client_verifier != NULL;
    return GV_OK;
}

/* Kept for the application, which may ask after the handshake. */
static enum gv_err keep_server_name(struct hs *hs, struct span name)
{
    if (name.len == 0)
        return GV_OK;
    gv_mem_free(hs->name_memory);
    hs->name_memory = gv_mem_alloc(name.len);
    if (hs->name_memory == NULL)
        RAISE(NO_MEMORY);
    span_copy(hs->name_memory, name);
    hs->agreed.server_name = span_of(hs->name_memory, name.len);
    return GV_OK;
}

/* RFC 7301 section 3.2: our order wins. */
enum gv_err gv_s_choose_alpn(struct hs *hs, struct span offered)
{
    const struct alpn_list *ours = &hs->server->common.alpn;
    struct span mine = span_of(ours->wire, ours->len), name, theirs;

    if (ours->len == 0 || offered.len == 0)
        return GV_OK;
    while (gv_next_vec8(&mine, &name))
        for (struct span rest = offered; gv_next_vec8(&rest, &theirs);)
            if (span_equal(name, theirs)) {
                hs->agreed.alpn = name;
                return GV_OK;
            }
    RAISE(NO_SHARED_ALPN);
}

/* supported_versions decides alone where it stands (RFC 9846 section 4.2.1); else legacy_version,
 * which may be higher than ours (RFC 5246 appendix E.1). */
static bool client_offers(const struct client_hello *m, uint16_t version)
{
    if (m->versions.len != 0)
        return gv_list_has_u16(m->versions, version);
    return version == TLS12 && m->version >= TLS12;
}

/* RFC 7507 section 3: a client that tries again with an older version than it could says so, and is
 * told where that is not needed: somebody may have made it do so. */
static enum gv_err check_fallback(const struct config_common *c, const struct client_hello *m,
                                  uint16_t version)
{
    const uint16_t best = c->tls13 ? TLS13 : TLS12;

    if (version < best && gv_list_has_u16(m->suites, SUITE_FALLBACK_SCSV))
        RAISE(FALLBACK_REFUSED);
    return GV_OK;
}

static enum gv_err choose_version(struct hs *hs, const struct client_hello *m)
{
    const struct config_common *c = &hs->server->common;

    if (c->tls13 && client_offers(m, TLS13))
        hs->agreed.version = TLS13;
    else if (c->tls12 && client_offers(m, TLS12))
        hs->agreed.version = TLS12;
    TRY(check_fallback(c, m, hs->agreed.version));
    if (hs->agreed.version == 0)
        RAISE(VERSION_NOT_SUPPORTED);
    return GV_OK;
}

static enum gv_err read_hello(struct hs *hs, const struct hs_in *in, struct client_hello *m)
{
    TRY(gv_wire_read_client_hello(in->body, m));
    TRY(gv_extensions_check_place(&m->extensions, IN_CLIENT_HELLO));
    TRY(gv_choose_compressor(hs, m->compression_algorithms));
    memcpy(hs->work->client_random, m->random.at, RANDOM_LEN);
    return gv_s_note_ech(hs, m);
}

static enum gv_err answer_hello(struct hs *hs, const struct client_hello *m, const struct hs_in *in,
                                uint8_t *next)
{
    TRY(gv_hs_at_record_end(in)); /* a client has nothing more to say before our answer */
    if (hs->agreed.version == TLS12)
        return gv_s12_client_hello(hs, m, in, next);
    gv_transcript_stop_keeping(&hs->work->transcript);
    return gv_s13_client_hello(hs, m, in, next);
}

enum gv_err gv_s_client_hello(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    struct client_hello m;

    TRY(read_hello(hs, in, &m));
    TRY(choose_version(hs, &m));
    TRY(keep_server_name(hs, m.server_name));
    enum gv_err err = gv_s_ask_for_key(hs, &m);
    if (err == GV_E_ANSWER_PENDING)
        return gv_hs_wait_with_hello(hs, in, S_CHOOSE, next);
    TRY(err);
    return answer_hello(hs, &m, in, next);
}

enum gv_err gv_s_certified_key(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    const struct hs_in hello = gv_hs_kept_hello(hs);
    struct client_hello m;

    (void)in;
    if (hs->work->chosen == NULL)
        RAISE(NO_SUITABLE_KEY);
    TRY(gv_wire_read_client_hello(hello.body, &m));
    return answer_hello(hs, &m, &hello, next);
}

/* Section 4.1.2: what a second ClientHello may change; all else must stay as it was. */
static const uint32_t may_change = EXT_BIT(KEY_SHARE) | EXT_BIT(EARLY_DATA) | EXT_BIT(COOKIE) |
                                   EXT_BIT(PRE_SHARED_KEY);

static bool is_same_hello(const struct client_hello *a, const struct client_hello *b,
                          uint32_t may_differ)
{
    if (!span_equal(a->random, b->random) || !span_equal(a->session_id, b->session_id) ||
        !span_equal(a->suites, b->suites) || !span_equal(a->compressions, b->compressions) ||
        a->version != b->version || ((a->extensions.seen ^ b->extensions.seen) & ~may_differ) != 0)
        return false;
    for (unsigned e = 0; e < EXT_COUNT; e++)
        if ((may_differ >> e & 1) == 0 && !span_equal(a->extensions.body[e], b->extensions.body[e]))
            return false;
    return true;
}

enum gv_err gv_s_client_hello_again(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    /* What was not decrypted is another ciphertext now, or is left out (RFC 9849 section 7.1.1). */
    const uint32_t ech = hs->work->ech_confirms ? 0 : EXT_BIT(ENCRYPTED_CLIENT_HELLO);
    struct client_hello first, m;

    TRY(gv_wire_read_client_hello(hs->work->first_hello, &first));
    TRY(read_hello(hs, in, &m));
    if (!is_same_hello(&first, &m, may_change | ech))
        RAISE(SECOND_HELLO_CHANGED);
    TRY(gv_hs_at_record_end(in));
    return gv_s13_client_hello(hs, &m, in, next);
}
