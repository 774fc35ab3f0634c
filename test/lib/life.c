/* Lives. Nothing here asserts what a fault leads to; only the ground on which faults are tried is
 * asserted. */
#include "lib/life.h"

#include "config/session_store.h"
#include "config/webpki_verifier.h"
#include "lib/certs.h"
#include "lib/keys.h"
#include "lib/later.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

const struct life_kind life_kinds[] = {
    {.name = "TLS 1.3", .version = TLS13},
    {.name = "TLS 1.3, HelloRetryRequest", .version = TLS13, .retry = true},
    {.name = "TLS 1.3, client certificate", .version = TLS13, .client_auth = true},
    {.name = "TLS 1.3, resumed from memory", .version = TLS13, .resume = true},
    {.name = "TLS 1.3, resumed from a ticket, HelloRetryRequest",
     .version = TLS13,
     .retry = true,
     .resume = true,
     .sealed = true},
    {.name = "TLS 1.3, early data", .version = TLS13, .resume = true, .early = true},
    {.name = "TLS 1.3, early data, HelloRetryRequest",
     .version = TLS13,
     .retry = true,
     .resume = true,
     .early = true},
    {.name = "TLS 1.3, external PSK", .version = TLS13, .by = BY_PSK},
    {.name = "TLS 1.3, imported PSK, HelloRetryRequest",
     .version = TLS13,
     .retry = true,
     .by = BY_IMPORTED_PSK},
    {.name = "TLS 1.3, resumed from a ticket of an external PSK",
     .version = TLS13,
     .resume = true,
     .sealed = true,
     .by = BY_PSK},
    {.name = "TLS 1.3, client certificate, later",
     .version = TLS13,
     .client_auth = true,
     .later = true},
    {.name = "TLS 1.3, resumed from memory, HelloRetryRequest, later",
     .version = TLS13,
     .retry = true,
     .resume = true,
     .later = true},
    {.name = "TLS 1.3, certificates in brotli",
     .version = TLS13,
     .client_auth = true,
     .compress = CERT_COMPRESSION_BROTLI},
    {.name = "TLS 1.3, certificates in zlib",
     .version = TLS13,
     .client_auth = true,
     .compress = CERT_COMPRESSION_ZLIB},
    {.name = "TLS 1.3, Encrypted Client Hello", .version = TLS13, .client_auth = true, .ech = true},
    {.name = "TLS 1.3, Encrypted Client Hello, resumed from a ticket, HelloRetryRequest",
     .version = TLS13,
     .retry = true,
     .resume = true,
     .sealed = true,
     .ech = true},
    {.name = "TLS 1.2", .version = TLS12},
    {.name = "TLS 1.2, client certificate", .version = TLS12, .client_auth = true},
    {.name = "TLS 1.2, resumed from memory", .version = TLS12, .resume = true},
    {.name = "TLS 1.2, resumed from a ticket", .version = TLS12, .resume = true, .sealed = true},
    {.name = "TLS 1.2, client certificate, later",
     .version = TLS12,
     .client_auth = true,
     .later = true},
    {.name = "TLS 1.2, resumed from memory, later",
     .version = TLS12,
     .resume = true,
     .later = true},
};
const size_t life_kind_count = COUNT_OF(life_kinds);

enum { TALK_MAX = 600 };

/* ---- configurations ------------------------------------------------------------------------- */

enum { KEPT_MAX = 16 };

/* Made once for each provider, and kept: they are no part of what is tried. */
static const struct certified_key *certified_key(const struct provider *provider, const char *name)
{
    static struct {
        const struct provider *provider;
        const char *name;
        struct certified_key *key;
    } kept[KEPT_MAX];
    uint8_t place[TEST_KEY_DER_MAX];
    struct signing_key *key = NULL;
    struct span der = certs_der(name);
    size_t i = 0;

    while (i < KEPT_MAX && kept[i].key != NULL &&
           (kept[i].provider != provider || strcmp(kept[i].name, name) != 0))
        i++;
    assert_true(i < KEPT_MAX);
    if (kept[i].key != NULL)
        return kept[i].key;
    kept[i].provider = provider;
    kept[i].name = name;
    assert_int_equal(provider->load_key(test_key_der(name, place), &key), GV_OK);
    assert_int_equal(gv_certified_key_new(&kept[i].key, &der, 1, key, span_of(NULL, 0)), GV_OK);
    gv_signing_key_free(key);
    return kept[i].key;
}

static struct anchor_set *roots(void)
{
    struct anchor_builder b;
    struct anchor_set *set = NULL;

    gv_anchor_builder_init(&b, NULL);
    assert_int_equal(gv_anchor_builder_add(&b, certs_der("ca")), GV_OK);
    assert_int_equal(gv_anchor_builder_build(&b, &set), GV_OK);
    gv_anchor_builder_drop(&b);
    return set;
}

static void set_verifiers(struct bare *p, const struct life_kind *kind)
{
    struct webpki_options options = {.provider = p->client_config->common.provider,
                                     .anchors = roots(),
                                     .limits = PATH_LIMITS_DEFAULT,
                                     .required = true};

    assert_int_equal(gv_webpki_server_verifier_new(&options, &p->client_config->verifier), GV_OK);
    if (kind->client_auth)
        assert_int_equal(
            gv_webpki_client_verifier_new(&options, &p->server_config->client_verifier), GV_OK);
    gv_anchor_set_free(options.anchors);
}

static void set_key(struct config_common *c, const char *name)
{
    const struct certified_key *key = certified_key(c->provider, name);
    assert_int_equal(gv_certified_key_list_set(&c->keys, &key, 1), GV_OK);
}

/* Where the build has no such compressor, the kind is one without. */
static void set_compression(struct config_common *c, uint16_t algorithm)
{
    c->compressors.at[0] = gv_compressor_find(&c->compressors, algorithm);
    c->compressors.count = c->compressors.at[0] != NULL;
}

static void forget_packed(const struct certified_key_list *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        struct packed_cache *cache = gv_certified_key_packed(keys->at[i]);
        gv_packed_drop(cache);
        memset(cache, 0, sizeof *cache);
    }
}

void life_forget_packed(struct bare *p)
{
    forget_packed(&p->client_config->common.keys);
    forget_packed(&p->server_config->common.keys);
}

static void set_psks(struct bare *p, const struct life_kind *kind)
{
    static const uint8_t key[] = "\x8f\x21\x00\x5c\xd3\x77\x9a\x10\xe4\x6b\x31\xc8\xf0\x0d\x52\xa9";
    const struct psk_source psk = {.identity = span_str("lamp 7"),
                                   .key = span_of(key, sizeof key - 1),
                                   .hash_len = 32,
                                   .imported = kind->by == BY_IMPORTED_PSK};
    struct config_common *both[] = {&p->client_config->common, &p->server_config->common};

    for (size_t i = 0; i < 2; i++)
        assert_int_equal(gv_psk_list_set(&both[i]->psks, both[i]->provider, &psk, 1), GV_OK);
    p->client_config->psk_only = true;
}

/* A key, and an ECHConfigList with one configuration for it: public.example hides localhost. */
static struct span make_ech_list(const struct provider *provider, struct secret *private_key,
                                 uint8_t out[256])
{
    static const uint8_t seed[32] = {7};
    const struct hpke_kem *kem = gv_hpke_kem(provider, HPKE_DHKEM_X25519);
    struct hpke_key key;
    struct wr w = wr_of(out, 256);

    assert_int_equal(gv_hpke_derive(kem, SPAN_OF(seed), private_key), GV_OK);
    assert_int_equal(gv_hpke_key_init(&key, kem, secret_span(private_key)), GV_OK);
    WR_VEC(&w, 2)
        gv_wire_write_ech_config(&w,
                                 &(struct ech_config){.id = 7,
                                                      .kem = HPKE_DHKEM_X25519,
                                                      .public_key = gv_hpke_public(&key),
                                                      .suites = span_of("\0\1\0\1", 4),
                                                      .public_name = span_str("public.example")});
    assert_true(wr_done(&w));
    gv_hpke_key_drop(&key);
    return wr_span(&w);
}

static void set_ech(struct bare *p)
{
    const struct provider *own = p->client_config->common.provider;
    const struct provider *provider = own->hpke != NULL ? own : gv_openssl_provider();
    struct secret private_key;
    struct ech_keys *keys;
    uint8_t bytes[256];
    struct span list = make_ech_list(provider, &private_key, bytes);

    assert_int_equal(gv_ech_choice_new(&p->client_config->ech, provider, list), GV_OK);
    assert_int_equal(gv_ech_keys_new(&keys, provider), GV_OK);
    assert_int_equal(gv_ech_keys_add(keys, secret_span(&private_key), list, true), GV_OK);
    p->server_config->ech_keys = keys;
}

/* A provider with P-256 as its one group, which is not the client's first. */
static void narrow(struct bare *p)
{
    static struct provider narrowed;
    static const struct key_exchange_group *one[2];
    const struct key_exchange_group *const *g = p->server_config->common.provider->groups;

    narrowed = *p->server_config->common.provider;
    while (*g != NULL && (*g)->code != GROUP_SECP256R1)
        g++;
    one[0] = *g;
    narrowed.groups = one;
    p->server_config->common.provider = &narrowed;
}

static void set_sessions(struct bare *p, const struct life_kind *kind)
{
    struct client_config *c = p->client_config;
    struct server_config *s = p->server_config;

    gv_client_sessions_free(c->sessions);
    c->sessions = NULL;
    if (s->sessions != NULL)
        s->sessions->free(s->sessions);
    s->sessions = NULL;
    if (!kind->resume)
        return;
    assert_int_equal(gv_client_sessions_new(&c->sessions, CLIENT_SESSIONS_MAX), GV_OK);
    if (!kind->sealed)
        assert_int_equal(gv_memory_store_new(&s->sessions, SERVER_SESSIONS_MAX), GV_OK);
    else if (s->ticketer == NULL)
        assert_int_equal(gv_ticketer_new(&s->ticketer, s->common.provider), GV_OK);
}

struct bare *life_new(const struct life_kind *kind, const struct provider *provider)
{
    static const struct span alpn = {(const uint8_t *)"h2", 2};
    struct bare *p = calloc(1, sizeof *p);

    assert_non_null(p);
    p->client_config = gv_client_config_new(provider);
    p->server_config = gv_server_config_new(provider);
    assert_true(p->client_config != NULL && p->server_config != NULL);
    p->client_config->common.tls13 = p->server_config->common.tls13 = kind->version == TLS13;
    p->client_config->common.tls12 = p->server_config->common.tls12 = kind->version == TLS12;
    set_compression(&p->client_config->common, kind->compress);
    set_compression(&p->server_config->common, kind->compress);
    set_verifiers(p, kind);
    if (kind->by == BY_CERTIFICATE)
        set_key(&p->server_config->common, "p256");
    else
        set_psks(p, kind);
    if (kind->client_auth)
        set_key(&p->client_config->common, "client");
    if (kind->ech)
        set_ech(p);
    if (kind->retry)
        narrow(p);
    p->client_config->early_data = kind->early;
    p->server_config->max_early_data = kind->early ? TALK_MAX : 0;
    assert_int_equal(gv_alpn_list_set(&p->client_config->common.alpn, &alpn, 1), GV_OK);
    assert_int_equal(gv_alpn_list_set(&p->server_config->common.alpn, &alpn, 1), GV_OK);
    life_again(p, kind);
    return p;
}

void life_again(struct bare *p, const struct life_kind *kind)
{
    bare_drop_connections(p);
    set_sessions(p, kind);
    if (kind->later)
        later_install(p);
    if (!kind->resume)
        return;
    struct life_end end = life_run(p, kind);
    assert_true(end.whole && !end.resumed);
    bare_drop_connections(p);
}

/* ---- a life ------------------------------------------------------------------------------------ */

/* What one side has said so far, and heard from the other. */
struct side {
    struct connection *c;
    bool is_client;
    size_t said;
    uint8_t heard[2 * TALK_MAX];
    size_t len;
    bool closed, told;
};

static struct span talk(bool of_client)
{
    static uint8_t words[2][TALK_MAX];
    for (size_t i = 0; i < TALK_MAX; i++)
        words[of_client][i] = (uint8_t)(i * (of_client ? 5 : 3) + of_client);
    return span_of(words[of_client], TALK_MAX);
}

static void hear_early(struct side *s)
{
    size_t n;
    while (s->len < sizeof s->heard &&
           gv_connection_read_early(s->c, s->heard + s->len, sizeof s->heard - s->len, &n) ==
               GV_OK &&
           n != 0)
        s->len += n;
}

static void hear(struct side *s)
{
    size_t n = 1;
    if (!s->is_client)
        hear_early(s);
    while (n != 0 && s->len < sizeof s->heard && !s->closed) {
        if (gv_connection_read(s->c, s->heard + s->len, sizeof s->heard - s->len, &n) != GV_OK)
            return;
        s->len += n;
        s->closed = n == 0;
    }
}

/* As much as may be said with the hello: nothing, where no session allows it. */
static void say_early(struct side *s, size_t upto)
{
    size_t written = 0;
    if (gv_connection_write_early(s->c, span_of(talk(true).at, upto), &written) == GV_OK)
        s->said = written;
    else
        s->told = true;
}

/* What this side has to say, up to here. What is not taken is said the next time. */
static void say(struct side *s, size_t upto)
{
    size_t written = 0;
    struct span rest = span_of(talk(s->is_client).at + s->said, upto - s->said);
    if (gv_connection_write(s->c, rest, &written) == GV_OK)
        s->said += written;
    else
        s->told = true;
}

static void change_keys(struct side *s)
{
    if (gv_connection_refresh_keys(s->c) != GV_OK)
        s->told = gv_connection_agreed(s->c)->version == TLS13;
}

static bool is_beginning(const struct side *s)
{
    return s->len <= TALK_MAX && memcmp(s->heard, talk(!s->is_client).at, s->len) == 0;
}

static bool agree(const struct bare *p, const struct life_kind *kind)
{
    const struct agreed *c = gv_connection_agreed(p->client), *s = gv_connection_agreed(p->server);
    return c->version == kind->version && s->version == kind->version && c->suite == s->suite &&
           c->group == s->group && span_equal(c->alpn, s->alpn) &&
           span_equal(s->server_name, span_str("localhost")) &&
           span_equal(agreed_psk(c), agreed_psk(s)) &&
           (c->psk != NULL) == (kind->by != BY_CERTIFICATE) && c->ech == s->ech &&
           c->ech == (kind->ech ? ECH_ACCEPTED : ECH_NOT_OFFERED) &&
           c->peer_compression == s->own_compression && s->peer_compression == c->own_compression &&
           s->peer_count == (kind->client_auth ? 1 : 0) && c->early == s->early;
}

static bool is_connected(const struct bare *p)
{
    return p->client_err == GV_OK && p->server_err == GV_OK &&
           !gv_connection_is_handshaking(p->client) && !gv_connection_is_handshaking(p->server);
}

/* Until nothing more moves, and nobody waits for an answer. */
static void run(struct bare *p)
{
    do
        bare_run(p);
    while (later_answer(p));
}

/* Data before and after the handshake's end, then with new keys, then the end. */
static void live(struct bare *p, const struct life_kind *kind, struct side *client,
                 struct side *server)
{
    static const size_t client_says[] = {400, TALK_MAX}, server_says[] = {300, TALK_MAX};

    if (kind->early)
        say_early(client, 100);
    say(client, 200);
    run(p);
    for (size_t part = 0; part < 2; part++) {
        hear(client);
        hear(server);
        change_keys(part == 0 ? client : server);
        say(server, server_says[part]);
        say(client, client_says[part]);
        run(p);
    }
    hear(client);
    hear(server);
    gv_connection_send_close_notify(p->client);
    gv_connection_send_close_notify(p->server);
    run(p);
    hear(client);
    hear(server);
}

struct life_end life_run(struct bare *p, const struct life_kind *kind)
{
    struct life_end end = {.started = bare_connect(p) == GV_OK};
    struct side client = {.c = p->client, .is_client = true}, server = {.c = p->server};

    end.told = !end.started;
    if (!end.started)
        return end;
    live(p, kind, &client, &server);
    end.connected = is_connected(p);
    end.told = client.told || server.told || p->client_err != GV_OK || p->server_err != GV_OK ||
               gv_connection_failure(p->client)->err != GV_OK ||
               gv_connection_failure(p->server)->err != GV_OK;
    end.whole = end.connected && client.len == TALK_MAX && server.len == TALK_MAX &&
                client.closed && server.closed;
    end.resumed = end.connected && gv_connection_agreed(p->client)->kind == HANDSHAKE_RESUMED &&
                  gv_connection_agreed(p->server)->kind == HANDSHAKE_RESUMED;
    end.early = gv_connection_agreed(p->client)->early;
    end.tampered = !is_beginning(&client) || !is_beginning(&server) ||
                   (end.connected && !agree(p, kind));
    return end;
}

void life_assert_whole(const struct life_end *end, const struct life_kind *kind)
{
    if (kind->early)
        assert_int_equal(end->early, kind->retry ? EARLY_REJECTED : EARLY_ACCEPTED);
    if (!end->whole || end->tampered || end->resumed != kind->resume)
        fail_msg("%s: started %d, connected %d, whole %d, resumed %d, tampered %d", kind->name,
                 end->started, end->connected, end->whole, end->resumed, end->tampered);
}
