/* External pre-shared keys through galvan.h: who may connect with one, who may not, and what is told
 * of it afterwards. */
#include "galvan.h"
#include "lib/pair.h"

#include <stdlib.h>

enum { FULL = 1, RESUMED = 3 };
enum { SHA256_SUITE = 0x1301, SHA384_SUITE = 0x1302 };

#define BYTES(text)                                                                                \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }
#define KEY "\x8f\x21\x00\x5c\xd3\x77\x9a\x10\xe4\x6b\x31\xc8\xf0\x0d\x52\xa9"
#define OTHER_KEY "\x8f\x21\x00\x5c\xd3\x77\x9a\x10\xe4\x6b\x31\xc8\xf0\x0d\x52\xa8"

static const struct galvan_psk plain = {.identity = BYTES("lamp 7"), .key = BYTES(KEY)};
static const struct galvan_psk plain384 = {
    .identity = BYTES("lamp 8"), .key = BYTES(KEY), .hash = GALVAN_PSK_SHA384};
static const struct galvan_psk imported = {.identity = BYTES("lamp 7"),
                                           .key = BYTES(KEY),
                                           .imported = true,
                                           .context = BYTES("hub to lamp")};
static const struct galvan_psk forged = {.identity = BYTES("lamp 7"), .key = BYTES(OTHER_KEY)};
static const struct galvan_psk stranger = {.identity = BYTES("lamp 9"), .key = BYTES(KEY)};

/* ---- configs ----------------------------------------------------------------------------------- */

static struct rustls_client_config_builder *client_with(const struct galvan_psk *psks, size_t count,
                                                        bool psk_only)
{
    struct rustls_client_config_builder *b = psk_only ? rustls_client_config_builder_new()
                                                      : test_client_builder("ca");
    assert_ok(galvan_client_config_builder_set_psks(b, psks, count, psk_only));
    return b;
}

/* With a certificate, or without. */
static struct rustls_server_config_builder *server_with(const struct galvan_psk *psks, size_t count,
                                                        bool psk_only)
{
    struct rustls_server_config_builder *b = psk_only ? rustls_server_config_builder_new()
                                                      : test_server_builder("p256");
    assert_ok(galvan_server_config_builder_set_psks(b, psks, count));
    return b;
}

static void assert_connected(struct pair *p)
{
    pair_run(p);
    assert_ok(p->client_result);
    assert_ok(p->server_result);
    pair_say(p->client, "ping");
    pair_run(p);
    assert_hears(p->server, "ping");
    pair_say(p->server, "pong");
    pair_run(p);
    assert_hears(p->client, "pong");
}

static void assert_psk(const struct rustls_connection *conn, const char *identity,
                       const char *context)
{
    struct rustls_slice_bytes name, more;
    assert_ok(galvan_connection_get_psk_identity(conn, &name, &more));
    assert_int_equal(name.len, strlen(identity));
    assert_memory_equal(name.data, identity, name.len);
    assert_int_equal(more.len, strlen(context));
    assert_memory_equal(more.data, context, more.len);
    assert_ok(galvan_connection_get_psk_identity(conn, &name, NULL));
}

/* Both say that they were authenticated by this key, and by nothing else. */
static void assert_by_psk(const struct pair *p, const char *identity, const char *context, int kind)
{
    const struct rustls_connection *both[] = {p->client, p->server};
    for (size_t i = 0; i < 2; i++) {
        assert_psk(both[i], identity, context);
        assert_int_equal(rustls_connection_handshake_kind(both[i]), kind);
        assert_null(rustls_connection_get_peer_certificate(both[i], 0));
        assert_int_equal(rustls_connection_get_protocol_version(both[i]), 0x0304);
        assert_int_equal(galvan_connection_get_signature_scheme(both[i]), 0);
    }
}

static void assert_by_certificate(const struct pair *p)
{
    struct rustls_slice_bytes name;
    assert_result(galvan_connection_get_psk_identity(p->client, &name, NULL),
                  RUSTLS_RESULT_NOT_FOUND);
    assert_result(galvan_connection_get_psk_identity(p->server, &name, NULL),
                  RUSTLS_RESULT_NOT_FOUND);
    assert_non_null(rustls_connection_get_peer_certificate(p->client, 0));
}

static void assert_failed(struct pair *p, unsigned client, unsigned server)
{
    pair_run(p);
    assert_result(p->client_result, client);
    assert_result(p->server_result, server);
    pair_free(p);
}

/* ---- who may connect ------------------------------------------------------------------------------ */

static void does_a_key_connect(void **state)
{
    (void)state;
    static const struct {
        const struct galvan_psk *psk;
        const char *identity, *context;
        unsigned suite;
    } rows[] = {
        {&plain, "lamp 7", "", SHA256_SUITE},
        {&plain384, "lamp 8", "", SHA384_SUITE},
        {&imported, "lamp 7", "hub to lamp", SHA384_SUITE}, /* the suite preferred by both */
    };
    for (size_t i = 0; i < 3; i++)
        for (unsigned only = 0; only < 4; only++) {
            struct pair *p = pair_new(client_with(rows[i].psk, 1, only & 1), "localhost",
                                      server_with(rows[i].psk, 1, (only & 2) != 0));
            assert_connected(p);
            assert_by_psk(p, rows[i].identity, rows[i].context, FULL);
            assert_int_equal(rustls_connection_get_negotiated_ciphersuite(p->client),
                             rows[i].suite);
            assert_int_equal(rustls_connection_get_negotiated_key_exchange_group(p->server),
                             rustls_connection_get_negotiated_key_exchange_group(p->client));
            pair_free(p);
        }
}

/* A server whose suites are of one digest takes the import that was made for it. */
static void is_an_import_made_for_every_suite(void **state)
{
    (void)state;
    static const uint16_t suites[] = {SHA256_SUITE, SHA384_SUITE};
    for (size_t i = 0; i < 2; i++) {
        struct rustls_server_config_builder *server =
            test_server_builder_with("p256", test_provider_of(&suites[i], 1), 0x0304);
        assert_ok(galvan_server_config_builder_set_psks(server, &imported, 1));
        struct pair *p = pair_new(client_with(&imported, 1, true), "localhost", server);
        assert_connected(p);
        assert_by_psk(p, "lamp 7", "hub to lamp", FULL);
        assert_int_equal(rustls_connection_get_negotiated_ciphersuite(p->client), suites[i]);
        pair_free(p);
    }
}

static void is_the_first_known_key_of_several_taken(void **state)
{
    (void)state;
    const struct galvan_psk offered[] = {stranger, imported, plain, plain384};
    const struct galvan_psk known[] = {plain, plain384};
    struct pair *p =
        pair_new(client_with(offered, 4, true), "localhost", server_with(known, 2, true));
    assert_connected(p);
    assert_by_psk(p, "lamp 7", "", FULL);
    pair_free(p);
}

/* One name, used as it is on one side and imported on the other, is two keys. */
static void do_an_import_and_the_key_itself_differ(void **state)
{
    (void)state;
    struct pair *p =
        pair_new(client_with(&plain, 1, false), "localhost", server_with(&imported, 1, false));
    assert_connected(p);
    assert_by_certificate(p);
    pair_free(p);
    struct galvan_psk elsewhere = imported;
    elsewhere.context.len--;
    p = pair_new(client_with(&imported, 1, false), "localhost", server_with(&elsewhere, 1, false));
    assert_connected(p);
    assert_by_certificate(p);
    pair_free(p);
}

static void does_a_certificate_stand_in_where_no_key_is_known(void **state)
{
    (void)state;
    struct pair *p =
        pair_new(client_with(&stranger, 1, false), "localhost", server_with(&plain, 1, false));
    assert_connected(p);
    assert_by_certificate(p);
    pair_free(p);
    p = pair_new(client_with(&stranger, 1, false), "localhost", test_server_builder("p256"));
    assert_connected(p);
    assert_by_certificate(p);
    pair_free(p);
    p = pair_new(test_client_builder("ca"), "localhost", server_with(&plain, 1, false));
    assert_connected(p);
    assert_by_certificate(p);
    pair_free(p);
}

/* The certificate that a server shows instead is verified as ever. */
static void is_such_a_certificate_verified(void **state)
{
    (void)state;
    struct rustls_client_config_builder *client = test_client_builder("other-ca");
    assert_ok(galvan_client_config_builder_set_psks(client, &stranger, 1, false));
    assert_failed(pair_new(client, "localhost", server_with(&plain, 1, false)),
                  RUSTLS_RESULT_CERT_UNKNOWN_ISSUER, RUSTLS_RESULT_ALERT_UNKNOWN_CA);
}

/* ---- who may not ------------------------------------------------------------------------------------- */

static void is_a_wrong_key_told_apart(void **state)
{
    (void)state;
    assert_failed(
        pair_new(client_with(&forged, 1, false), "localhost", server_with(&plain, 1, false)),
        RUSTLS_RESULT_ALERT_DECRYPT_ERROR, RUSTLS_RESULT_PEER_MISBEHAVED_ERROR);
}

static void is_nobody_let_in_without_a_key(void **state)
{
    (void)state;
    /* The server has keys alone. */
    assert_failed(
        pair_new(client_with(&stranger, 1, false), "localhost", server_with(&plain, 1, true)),
        RUSTLS_RESULT_ALERT_UNKNOWN_PSK_IDENTITY, RUSTLS_RESULT_PEER_INCOMPATIBLE_ERROR);
    assert_failed(pair_new(test_client_builder("ca"), "localhost", server_with(&plain, 1, true)),
                  RUSTLS_RESULT_ALERT_HANDSHAKE_FAILURE, RUSTLS_RESULT_PEER_INCOMPATIBLE_ERROR);
    assert_failed(
        pair_new(test_client_builder_of("ca", 0x0303), "localhost", server_with(&plain, 1, true)),
        RUSTLS_RESULT_ALERT_PROTOCOL_VERSION, RUSTLS_RESULT_PEER_INCOMPATIBLE_ERROR);
    /* The client does. */
    assert_failed(
        pair_new(client_with(&stranger, 1, true), "localhost", server_with(&plain, 1, false)),
        RUSTLS_RESULT_PEER_INCOMPATIBLE_ERROR, RUSTLS_RESULT_ALERT_HANDSHAKE_FAILURE);
    assert_failed(
        pair_new(client_with(&plain, 1, true), "localhost", test_server_builder_of("p256", 0x0303)),
        RUSTLS_RESULT_ALERT_PROTOCOL_VERSION, RUSTLS_RESULT_PEER_INCOMPATIBLE_ERROR);
}

static void is_tls12_done_without(void **state)
{
    (void)state;
    struct pair *p = pair_new(client_with(&plain, 1, false), "localhost",
                              test_server_builder_of("p256", 0x0303));
    assert_connected(p);
    assert_by_certificate(p);
    assert_int_equal(rustls_connection_get_protocol_version(p->client), 0x0303);
    pair_free(p);
}

/* ---- the look-up --------------------------------------------------------------------------------------- */

struct book {
    const struct galvan_psk *psk;
    uint32_t answer;  /* in place of the right one; 0: none */
    size_t key_len;   /* likewise */
    char asked[1024]; /* "lamp 7" or "import lamp 7, hub to lamp", one behind the other */
};

static void note(struct book *book, const struct galvan_psk_request *r)
{
    const size_t at = strlen(book->asked);
    if (r->identity.len > 64)
        snprintf(book->asked + at, sizeof book->asked - at, "(a ticket) ");
    else if (r->imported)
        snprintf(book->asked + at, sizeof book->asked - at, "import %.*s, %.*s; ",
                 (int)r->identity.len, (const char *)r->identity.data, (int)r->context.len,
                 (const char *)r->context.data);
    else
        snprintf(book->asked + at, sizeof book->asked - at, "%s; ",
                 r->identity.len == strlen("lamp 7") ? (const char *)"a lamp" : "an import");
}

static bool same(struct rustls_slice_bytes a, struct rustls_slice_bytes b)
{
    return a.len == b.len && memcmp(a.data, b.data, a.len) == 0;
}

static uint32_t look_up(struct galvan_psk_request *r)
{
    struct book *book = r->userdata;
    const struct galvan_psk *psk = book->psk;

    note(book, r);
    assert_int_equal(r->key_cap, GALVAN_PSK_KEY_MAX);
    if (book->answer != 0)
        return book->answer;
    if (psk == NULL || r->imported != psk->imported || !same(r->identity, psk->identity) ||
        (psk->imported && !same(r->context, psk->context)))
        return RUSTLS_RESULT_NOT_FOUND;
    memcpy(r->key, psk->key.data, psk->key.len);
    r->key_len = book->key_len == 0 ? psk->key.len : book->key_len;
    r->hash = psk->hash;
    return RUSTLS_RESULT_OK;
}

static struct pair *pair_with_book(const struct galvan_psk *psk, struct book *book, bool psk_only)
{
    struct rustls_server_config_builder *server = server_with(NULL, 0, psk_only);
    assert_ok(galvan_server_config_builder_set_psk_callback(server, look_up));
    struct pair *p = pair_new(client_with(psk, 1, false), "localhost", server);
    rustls_connection_set_userdata(p->server, book);
    return p;
}

static void is_a_key_looked_up(void **state)
{
    (void)state;
    const struct galvan_psk *rows[] = {&plain, &plain384, &imported};
    const char *asked[] = {"a lamp; ", "a lamp; ", "import lamp 7, hub to lamp; "};
    for (size_t i = 0; i < 3; i++) {
        struct book book = {.psk = rows[i]};
        struct pair *p = pair_with_book(rows[i], &book, true);
        assert_connected(p);
        assert_by_psk(p, i == 1 ? "lamp 8" : "lamp 7", i == 2 ? "hub to lamp" : "", FULL);
        assert_string_equal(book.asked, asked[i]);
        pair_free(p);
    }
}

static void is_every_name_asked_for_until_one_is_known(void **state)
{
    (void)state;
    struct book book = {0};
    struct pair *p = pair_with_book(&imported, &book, false);
    assert_connected(p);
    assert_by_certificate(p);
    assert_string_equal(book.asked, "import lamp 7, hub to lamp; an import; "
                                    "import lamp 7, hub to lamp; an import; ");
    pair_free(p);
}

static void does_a_failing_look_up_end_the_handshake(void **state)
{
    (void)state;
    struct book away = {.psk = &plain, .answer = RUSTLS_RESULT_GENERAL};
    assert_failed(pair_with_book(&plain, &away, false), RUSTLS_RESULT_ALERT_INTERNAL_ERROR,
                  RUSTLS_RESULT_GENERAL);
    static const size_t lens[] = {GALVAN_PSK_KEY_MIN - 1, GALVAN_PSK_KEY_MAX + 1, 256 + 16,
                                  SIZE_MAX};
    for (size_t i = 0; i < 4; i++) {
        struct book wrong = {.psk = &plain, .key_len = lens[i]};
        assert_failed(pair_with_book(&plain, &wrong, false), RUSTLS_RESULT_ALERT_INTERNAL_ERROR,
                      RUSTLS_RESULT_INVALID_PARAMETER);
    }
}

/* ---- sessions -------------------------------------------------------------------------------------------- */

static const uint8_t ticket_key[GALVAN_TICKET_KEY_SIZE] = {1, 2, 3, [20] = 4};

/* Servers that open each other's tickets. */
static const struct rustls_server_config *fleet(struct rustls_server_config_builder *b)
{
    assert_ok(galvan_server_config_builder_set_ticket_keys(b, ticket_key, 1));
    return test_server_config(b);
}

static struct pair *connected(const struct rustls_client_config *client,
                              const struct rustls_server_config *server)
{
    struct pair *p = pair_between(client, "localhost", server);
    assert_connected(p);
    return p;
}

static void is_a_session_resumed(void **state)
{
    (void)state;
    const struct galvan_psk *rows[] = {&plain, &imported};
    for (size_t i = 0; i < 4; i++) {
        const struct galvan_psk *psk = rows[i % 2];
        const struct rustls_client_config *client = test_client_config(client_with(psk, 1, true));
        struct rustls_server_config_builder *b = server_with(psk, 1, true);
        const struct rustls_server_config *server = i < 2 ? fleet(b) : test_server_config(b);
        for (int kind = FULL; kind <= RESUMED; kind += RESUMED - FULL) {
            struct pair *p = connected(client, server);
            assert_by_psk(p, "lamp 7", i % 2 == 1 ? "hub to lamp" : "", kind);
            assert_int_equal(rustls_connection_get_tls13_tickets_received(p->client), 2);
            pair_free(p);
        }
        rustls_client_config_free(client);
        rustls_server_config_free(server);
    }
}

/* A session is worth what its key is: at a server without it, or with another of that name, or that
 * wants certificates, it is worth nothing. */
static void does_a_session_end_with_its_key(void **state)
{
    (void)state;
    const struct rustls_server_config *home = fleet(server_with(&plain, 1, false));
    struct galvan_psk renewed[] = {forged, stranger};
    for (size_t i = 0; i < 3; i++) {
        const struct rustls_client_config *client =
            test_client_config(client_with(&plain, 1, false));
        const struct rustls_server_config *other =
            fleet(i == 0 ? test_server_builder("p256") : server_with(&renewed[i - 1], 1, false));
        pair_free(connected(client, home));
        struct pair *p = pair_between(client, "localhost", other);
        if (i != 1) { /* the other key of that name is met by the offer beside the session */
            assert_connected(p);
            assert_by_certificate(p);
            assert_int_equal(rustls_connection_handshake_kind(p->client), FULL);
            pair_free(p);
        } else {
            assert_failed(p, RUSTLS_RESULT_ALERT_DECRYPT_ERROR,
                          RUSTLS_RESULT_PEER_MISBEHAVED_ERROR);
        }
        rustls_client_config_free(client);
        rustls_server_config_free(other);
    }
    rustls_server_config_free(home);
}

static void is_a_session_asked_about_again(void **state)
{
    (void)state;
    struct rustls_server_config_builder *b = server_with(NULL, 0, false);
    assert_ok(galvan_server_config_builder_set_psk_callback(b, look_up));
    const struct rustls_server_config *server = fleet(b);
    const struct rustls_client_config *client = test_client_config(client_with(&plain, 1, false));
    struct book book = {.psk = &plain};
    const struct {
        const struct galvan_psk *psk;
        int kind;
    } rows[] = {{&plain, FULL}, {&plain, RESUMED}, {NULL, FULL}};
    for (size_t i = 0; i < 3; i++) {
        struct pair *p = pair_between(client, "localhost", server);
        book.psk = rows[i].psk;
        rustls_connection_set_userdata(p->server, &book);
        assert_connected(p);
        assert_int_equal(rustls_connection_handshake_kind(p->server), rows[i].kind);
        if (rows[i].psk == NULL)
            assert_by_certificate(p);
        else
            assert_by_psk(p, "lamp 7", "", rows[i].kind);
        pair_free(p);
    }
    rustls_client_config_free(client);
    rustls_server_config_free(server);
}

/* ---- what else a connection does ------------------------------------------------------------------------ */

static void do_both_export_the_same(void **state)
{
    (void)state;
    uint8_t out[3][32];
    struct pair *p =
        pair_new(client_with(&plain, 1, true), "localhost", server_with(&plain, 1, true));
    assert_connected(p);
    assert_ok(
        galvan_connection_export_keying_material(p->client, "EXPORTER-x", NULL, 0, out[0], 32));
    assert_ok(
        galvan_connection_export_keying_material(p->server, "EXPORTER-x", NULL, 0, out[1], 32));
    assert_memory_equal(out[0], out[1], 32);
    pair_free(p);
    p = pair_new(client_with(&plain, 1, true), "localhost", server_with(&plain, 1, true));
    assert_connected(p);
    assert_ok(
        galvan_connection_export_keying_material(p->client, "EXPORTER-x", NULL, 0, out[2], 32));
    assert_memory_not_equal(out[0], out[2], 32);
    pair_free(p);
}

/* ---- what the builders refuse ------------------------------------------------------------------------------ */

static void is_a_bad_key_refused(void **state)
{
    (void)state;
    static const uint8_t zeros[GALVAN_PSK_KEY_MAX + 1], long_name[GALVAN_PSK_IDENTITY_MAX + 1];
    const struct galvan_psk rows[] = {
        {.identity = BYTES(""), .key = BYTES(KEY)},
        {.identity = {long_name, sizeof long_name}, .key = BYTES(KEY)},
        {.identity = BYTES("a"), .key = {(const uint8_t *)KEY, GALVAN_PSK_KEY_MIN - 1}},
        {.identity = BYTES("a"), .key = {zeros, sizeof zeros}},
        {.identity = BYTES("a"), .key = {zeros, 32}},
        {.identity = BYTES("a"), .key = BYTES("aabbaabbccddccddaabb")},
        {.identity = BYTES("a"), .key = BYTES(KEY), .context = BYTES("b")},
        {.identity = BYTES("a"), .key = BYTES(KEY), .hash = (enum galvan_psk_hash)2},
        {.identity = BYTES("a"),
         .key = BYTES(KEY),
         .imported = true,
         .context = {long_name, GALVAN_PSK_IDENTITY_MAX}},
    };
    struct rustls_client_config_builder *client = test_client_builder("ca");
    struct rustls_server_config_builder *server = test_server_builder("p256");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_result(galvan_client_config_builder_set_psks(client, &rows[i], 1, false),
                      RUSTLS_RESULT_INVALID_PARAMETER);
        assert_result(galvan_server_config_builder_set_psks(server, &rows[i], 1),
                      RUSTLS_RESULT_INVALID_PARAMETER);
    }
    const struct galvan_psk twice[] = {plain, forged};
    assert_result(galvan_client_config_builder_set_psks(client, twice, 2, false),
                  RUSTLS_RESULT_INVALID_PARAMETER);
    assert_result(galvan_client_config_builder_set_psks(client, NULL, 0, true),
                  RUSTLS_RESULT_INVALID_PARAMETER);
    assert_result(galvan_client_config_builder_set_psks(client, twice, 5, true),
                  RUSTLS_RESULT_INVALID_PARAMETER);
    assert_result(galvan_server_config_builder_set_psks(server, twice, 65),
                  RUSTLS_RESULT_INVALID_PARAMETER);
    assert_result(galvan_client_config_builder_set_psks(client, NULL, 1, false),
                  RUSTLS_RESULT_NULL_PARAMETER);
    const struct galvan_psk missing = {.identity = BYTES("a"), .key = {NULL, 16}};
    assert_result(galvan_server_config_builder_set_psks(server, &missing, 1),
                  RUSTLS_RESULT_NULL_PARAMETER);
    rustls_client_config_builder_free(client);
    rustls_server_config_builder_free(server);
}

static void is_a_key_of_the_longest_kind_taken(void **state)
{
    (void)state;
    uint8_t key[GALVAN_PSK_KEY_MAX], name[GALVAN_PSK_IDENTITY_MAX];
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (uint8_t)i;
    memset(name, 0, sizeof name);
    const struct galvan_psk whole = {.identity = {name, sizeof name}, .key = {key, sizeof key}};
    struct galvan_psk psks[] = {whole, whole, whole, whole};
    for (uint8_t i = 0; i < 4; i++) {
        psks[i].imported = true;
        psks[i].identity.len -= i;
        psks[i].context = (struct rustls_slice_bytes){name, i};
    }
    psks[0].imported = false;
    struct pair *p =
        pair_new(client_with(psks, 4, true), "localhost", server_with(psks + 3, 1, true));
    assert_connected(p);
    pair_free(p);
    p = pair_new(client_with(psks, 4, true), "localhost", server_with(psks, 1, true));
    assert_connected(p);
    pair_free(p);
}

static void is_a_config_refused_that_cannot_be_kept(void **state)
{
    (void)state;
    const uint16_t tls12 = 0x0303;
    const struct rustls_client_config *client = NULL;
    const struct rustls_server_config *server = NULL;
    struct rustls_client_config_builder *c = test_client_builder_of("ca", tls12);
    assert_ok(galvan_client_config_builder_set_psks(c, &plain, 1, true));
    assert_result(rustls_client_config_builder_build(c, &client), RUSTLS_RESULT_GENERAL);
    struct rustls_server_config_builder *s = NULL;
    const struct rustls_crypto_provider *provider = rustls_crypto_provider_default();
    assert_ok(rustls_server_config_builder_new_custom(provider, &tls12, 1, &s));
    rustls_crypto_provider_free(provider);
    assert_ok(galvan_server_config_builder_set_psks(s, &plain, 1));
    assert_result(rustls_server_config_builder_build(s, &server), RUSTLS_RESULT_GENERAL);

    const struct rustls_root_cert_store *roots = test_roots("ca");
    struct rustls_web_pki_client_cert_verifier_builder *vb =
        rustls_web_pki_client_cert_verifier_builder_new(roots);
    struct rustls_client_cert_verifier *verifier = NULL;
    assert_ok(rustls_web_pki_client_cert_verifier_builder_build(vb, &verifier));
    s = server_with(&plain, 1, false);
    rustls_server_config_builder_set_client_verifier(s, verifier);
    assert_result(rustls_server_config_builder_build(s, &server), RUSTLS_RESULT_INVALID_PARAMETER);
    rustls_client_cert_verifier_free(verifier);
    rustls_web_pki_client_cert_verifier_builder_free(vb);
    rustls_root_cert_store_free(roots);
    s = server_with(NULL, 0, true);
    assert_result(rustls_server_config_builder_build(s, &server), RUSTLS_RESULT_NO_CERT_RESOLVER);
}

static void is_null_answered(void **state)
{
    (void)state;
    struct rustls_slice_bytes name;
    assert_result(galvan_client_config_builder_set_psks(NULL, &plain, 1, false), 7002);
    assert_result(galvan_server_config_builder_set_psks(NULL, &plain, 1), 7002);
    assert_result(galvan_server_config_builder_set_psk_callback(NULL, look_up), 7002);
    assert_result(galvan_connection_get_psk_identity(NULL, &name, NULL), 7002);
    struct pair *p = pair_of(0x0304);
    assert_result(galvan_connection_get_psk_identity(p->client, NULL, NULL), 7002);
    pair_free(p);
    struct rustls_server_config_builder *b = test_server_builder("p256");
    assert_ok(galvan_server_config_builder_set_psk_callback(b, NULL));
    rustls_server_config_builder_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_a_key_connect),
        cmocka_unit_test(is_an_import_made_for_every_suite),
        cmocka_unit_test(is_the_first_known_key_of_several_taken),
        cmocka_unit_test(do_an_import_and_the_key_itself_differ),
        cmocka_unit_test(does_a_certificate_stand_in_where_no_key_is_known),
        cmocka_unit_test(is_such_a_certificate_verified),
        cmocka_unit_test(is_a_wrong_key_told_apart),
        cmocka_unit_test(is_nobody_let_in_without_a_key),
        cmocka_unit_test(is_tls12_done_without),
        cmocka_unit_test(is_a_key_looked_up),
        cmocka_unit_test(is_every_name_asked_for_until_one_is_known),
        cmocka_unit_test(does_a_failing_look_up_end_the_handshake),
        cmocka_unit_test(is_a_session_resumed),
        cmocka_unit_test(does_a_session_end_with_its_key),
        cmocka_unit_test(is_a_session_asked_about_again),
        cmocka_unit_test(do_both_export_the_same),
        cmocka_unit_test(is_a_bad_key_refused),
        cmocka_unit_test(is_a_key_of_the_longest_kind_taken),
        cmocka_unit_test(is_a_config_refused_that_cannot_be_kept),
        cmocka_unit_test(is_null_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
