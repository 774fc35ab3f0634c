/* What a ClientHello or CertificateRequest says to those who choose by it: an acceptor's owner a
 * config, the application's callbacks a certified key. Nothing is decided here. */
#include "config/hello.h"
#include "handshake/internal.h"

static struct hello_facts facts_of(const struct client_hello *m)
{
    return (struct hello_facts){.server_name = m->server_name,
                                .suites = m->suites,
                                .schemes = m->schemes,
                                .groups = m->groups,
                                .alpn = m->alpn};
}

/* ---- before there is a handshake ------------------------------------------------------------- */

/* Every other message has no place here; programs know a ServerHello that cannot even be read by an
 * error of its own. */
static enum gv_err refuse(uint16_t type, struct span body)
{
    struct server_hello m;

    if ((type == MSG_SERVER_HELLO || type == MSG_HELLO_RETRY_REQUEST) &&
        gv_wire_read_server_hello(body, &m) != GV_OK)
        RAISE(SERVER_HELLO_UNREADABLE);
    RAISE(UNEXPECTED_HANDSHAKE_MESSAGE);
}

enum gv_err gv_hs_read_hello(struct span message, struct hello_facts *out)
{
    const uint16_t type = gv_wire_message_type(message);
    const struct span body = span_from(message, HANDSHAKE_HEADER);
    struct client_hello m;

    if (type != MSG_CLIENT_HELLO)
        return refuse(type, body);
    TRY(gv_wire_read_client_hello(body, &m));
    TRY(gv_extensions_check_place(&m.extensions, IN_CLIENT_HELLO));
    *out = facts_of(&m);
    return GV_OK;
}

/* ---- the server's callback -------------------------------------------------------------------------------- */

/* The kinds of key, as bits, that the shared suites of the version can be used with. */
static unsigned shared_kinds(const struct hs *hs, struct span suites)
{
    unsigned kinds = 0;

    for (const struct cipher_suite_info *const *s = hs_provider(hs)->suites; *s != NULL; s++)
        if ((*s)->version == hs->agreed.version && gv_list_has_u16(suites, (*s)->code))
            kinds |= 1u << (*s)->auth;
    return kinds;
}

/* In TLS 1.2 a suite names the kind of key, and clients list schemes that none of their suites can
 * use: those are left out, so that a key that is chosen by scheme fits a suite. */
static enum gv_err usable_schemes(struct hs *hs, const struct client_hello *m, struct span *out)
{
    const unsigned kinds = shared_kinds(hs, m->suites);
    void *memory;

    TRY(gv_hs_take_memory(hs, m->schemes.len, &memory));
    struct wr w = wr_of(memory, m->schemes.len);
    for (size_t i = 0; i < m->schemes.len / 2; i++) {
        uint16_t scheme = span_u16(m->schemes, i);
        if ((kinds & (1u << AUTH_ANY | 1u << gv_scheme_auth(scheme))) != 0)
            wr_u16(&w, scheme);
    }
    *out = wr_span(&w);
    return GV_OK;
}

enum gv_err gv_s_ask_for_key(struct hs *hs, const struct client_hello *m)
{
    const struct key_chooser *chooser = &hs->server->chooser;
    struct hello_facts facts = facts_of(m);
    const struct certified_key *key = NULL;

    if (chooser->choose == NULL)
        return GV_OK;
    TRY(usable_schemes(hs, m, &facts.schemes));
    TRY(chooser->choose(chooser, &facts, hs->now.userdata, &key));
    if (key == NULL)
        RAISE(NO_SUITABLE_KEY);
    hs->work->chosen = gv_certified_key_ref(key);
    return GV_OK;
}

/* ---- the client's callback ------------------------------------------------------------------- */

/* Asked when the server has proved who it is, not before. */
static bool is_to_ask(const struct hs *hs)
{
    return hs->work->certificate_requested && hs->client->chooser.choose != NULL &&
           hs->agreed.ech != ECH_REJECTED;
}

enum gv_err gv_c_note_request(struct hs *hs, const struct request_facts *request)
{
    struct request_facts *kept = &hs->work->request;

    hs->work->certificate_requested = true;
    if (hs->agreed.ech == ECH_REJECTED) /* no key is for the public name (RFC 9849 section 6.1.7) */
        return GV_OK;
    if (!is_to_ask(hs)) {
        gv_auth_choose_for_request(hs, request);
        return GV_OK;
    }
    TRY(gv_hs_keep(hs, request->schemes, &kept->schemes));
    return gv_hs_keep(hs, request->authorities, &kept->authorities);
}

enum gv_err gv_c_ask_for_key(struct hs *hs, const struct hs_in *in, const struct wait_point *point,
                             uint8_t *next)
{
    const struct client_key_chooser *chooser = &hs->client->chooser;
    const struct certified_key *key = NULL;

    if (!is_to_ask(hs))
        return point->go_on(hs, in, next);
    enum gv_err err = chooser->choose(chooser, &hs->work->request, hs->now.userdata, &key);
    if (err == GV_E_ANSWER_PENDING)
        return gv_hs_wait(in, point->state, next);
    TRY(err);
    if (key != NULL)
        hs->work->chosen = gv_certified_key_ref(key);
    return point->go_on(hs, in, next);
}

void gv_c_settle_key(struct hs *hs)
{
    if (hs->work->chosen != NULL)
        gv_auth_choose(hs, hs->agreed.version, hs->work->request.schemes);
}
