/* External pre-shared keys: is a key imported as RFC 9258 says, is it offered and proven as RFC 9846
 * says, and does what cannot be one never become one? */
#include "base/clock.h"
#include "config/psk.h"
#include "config/session_store.h"
#include "connection/internal.h"
#include "lib/bare.h"
#include "lib/exact.h"
#include "lib/sessions.h"
#include "wire/hello.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define KEY "8f21005cd3779a10e46b31c8f00d52a9"

static const struct provider *provider(void)
{
    return gv_openssl_provider();
}

static struct psk_source source(const char *identity, const char *context, uint8_t hash_len)
{
    return (struct psk_source){.identity = span_str(identity),
                               .context = span_str(context),
                               .key = exact_hex(KEY),
                               .hash_len = hash_len,
                               .imported = context[0] != '\0'};
}

/* ---- the importer ------------------------------------------------------------------------------- */

/* Computed from RFC 9258 section 5.1 by a few lines of Python over its hmac and hashlib. */
static void is_a_key_imported_as_rfc9258_says(void **state)
{
    (void)state;
    static const struct {
        uint8_t hash_len, target;
        const char *name, *key;
    } rows[] = {
        {32, 32, "0006 6c616d702037 000b 68756220746f206c616d70 0304 0001",
         "3fe69a1c461b6aed60f564795e874d0e36927a08f0f52a25ca278c2dd1e1fe3b"},
        {32, 48, "0006 6c616d702037 000b 68756220746f206c616d70 0304 0002",
         "64e8c9db0f3d3ab650f7642ddef15530c2367ab081295d45479e17b91858910d"
         "dfb55686562374074477db232dc412c8"},
        {48, 32, "0006 6c616d702037 000b 68756220746f206c616d70 0304 0001",
         "e8cfc86aa56f15e86163694736c5fd1bbfbda1c8f4a4988d4383d093a0da0057"},
        {48, 48, "0006 6c616d702037 000b 68756220746f206c616d70 0304 0002",
         "676419aa42fa5123623f0194129b063ba0f6aef0a93528248a38544cc645999d"
         "74143733eb110bd9e30e86b0c0b24260"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct psk_source from = source("lamp 7", "hub to lamp", rows[i].hash_len);
        uint8_t memory[PSK_WIRE_MAX];
        struct psk psk = {.hash = NULL};
        assert_err(
            gv_psk_make(&psk, memory, &from, provider(), gv_psk_hash(provider(), rows[i].target)),
            OK);
        assert_span(psk.name.wire, exact_hex(rows[i].name));
        assert_span(psk.name.identity, span_str("lamp 7"));
        assert_span(psk.name.context, span_str("hub to lamp"));
        assert_true(psk.name.imported);
        assert_span(secret_span(&psk.key), exact_hex(rows[i].key));
    }
}

static void may_a_context_be_empty(void **state)
{
    (void)state;
    struct psk_source from = source("a", "", 32);
    uint8_t memory[PSK_WIRE_MAX];
    struct psk psk = {.hash = NULL};
    from.imported = true;
    assert_err(gv_psk_make(&psk, memory, &from, provider(), gv_psk_hash(provider(), 32)), OK);
    assert_span(psk.name.wire, exact_hex("0001 61 0000 0304 0001"));
    assert_span(secret_span(&psk.key),
                exact_hex("edac7978814a2a21ddc672f6023b217a39b96a6cda695b3012d67b455ac29bcc"));
}

static void is_a_key_used_as_it_is_where_nobody_imports_it(void **state)
{
    (void)state;
    const struct psk_source from = source("lamp 7", "", 32);
    uint8_t memory[PSK_WIRE_MAX];
    struct psk psk = {.hash = NULL};
    assert_err(gv_psk_make(&psk, memory, &from, provider(), gv_psk_hash(provider(), 32)), OK);
    assert_span(psk.name.wire, span_str("lamp 7"));
    assert_span(psk.name.identity, span_str("lamp 7"));
    assert_int_equal(psk.name.context.len, 0);
    assert_span(secret_span(&psk.key), exact_hex(KEY));
}

static void is_what_is_no_import_left_alone(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "00",
        "0000 0000 0304 0001",       /* no identity */
        "0001 61 0000 0304 0001 00", /* more behind it */
        "0001 61 0000 0304 00",      /* less */
        "0001 61 0000 0303 0001",    /* for TLS 1.2 */
        "0001 61 0000 fefc 0001",    /* for DTLS 1.3 */
        "0001 61 0000 0304 0000",    /* for no KDF, and another */
        "0001 61 0000 0304 0003",
        "0009 61 0000 0304 0001", /* lengths that are none */
        "0001 61 0009 0304 0001",
    };
    struct psk_name name;
    uint8_t kdf_len;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(gv_psk_read_import(exact_hex(bad[i]), &name, &kdf_len));
    assert_true(gv_psk_read_import(exact_hex("0001 61 0001 62 0304 0002"), &name, &kdf_len));
    assert_span(name.identity, span_str("a"));
    assert_span(name.context, span_str("b"));
    assert_int_equal(kdf_len, 48);
}

/* ---- what a key may be ------------------------------------------------------------------------------ */

static void is_a_poor_key_refused(void **state)
{
    (void)state;
    static const struct {
        const char *key;
        bool good;
    } rows[] = {
        {KEY, true},
        {"00010203040000000000000000000000", true}, /* five different bytes: more cannot be asked */
        {"00010203000000000000000000000000", false},
        {"00000000000000000000000000000000", false},
        {"8f21005cd3779a10e46b31c8f00d52", false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct psk_source from = source("a", "", 32);
        from.key = exact_hex(rows[i].key);
        assert_string_equal(gv_err_name(gv_psk_check(&from)), rows[i].good ? "OK" : "PSK_WEAK");
    }
}

static void is_a_list_replaced_as_a_whole(void **state)
{
    (void)state;
    struct psk_list list = {0};
    struct psk_source from[] = {source("a", "", 32), source("b", "c", 32), source("d", "", 48)};
    assert_err(gv_psk_list_set(&list, provider(), from, 3), OK);
    assert_int_equal(list.count,
                     4); /* the import once for each digest, the preferred suite's first */
    assert_span(list.at[0].name.wire, span_str("a"));
    assert_int_equal(list.at[1].hash->len, 48);
    assert_int_equal(list.at[2].hash->len, 32);
    assert_ptr_equal(gv_psk_list_find(&list, span_str("d")), &list.at[3]);
    assert_null(gv_psk_list_find(&list, span_str("e")));
    assert_null(gv_psk_list_find(&list, span_of(NULL, 0)));
    from[2].identity = span_str("a");
    assert_err(gv_psk_list_set(&list, provider(), from, 3), PSK_INVALID);
    assert_int_equal(list.count, 4);
    /* An import's name may not be another key's either. */
    from[2].identity = exact_hex("0001 62 0001 63 0304 0001");
    assert_err(gv_psk_list_set(&list, provider(), from, 3), PSK_INVALID);
    assert_err(gv_psk_list_set(&list, provider(), NULL, 0), OK);
    assert_int_equal(list.count, 0);
    gv_psk_list_drop(&list);
}

static void does_a_mark_tell_keys_apart_and_no_key(void **state)
{
    (void)state;
    uint8_t mark[3][PSK_MARK_LEN], memory[PSK_WIRE_MAX];
    const struct psk_source from = source("a", "", 32);
    struct psk psk = {.hash = NULL};
    assert_err(gv_psk_make(&psk, memory, &from, provider(), gv_psk_hash(provider(), 32)), OK);
    assert_err(gv_psk_mark(&psk, mark[0]), OK);
    assert_err(gv_psk_mark(&psk, mark[1]), OK);
    assert_memory_equal(mark[0], mark[1], PSK_MARK_LEN);
    psk.key.at[0] ^= 1;
    assert_err(gv_psk_mark(&psk, mark[2]), OK);
    assert_memory_not_equal(mark[0], mark[2], PSK_MARK_LEN);
    assert_memory_not_equal(mark[2], psk.key.at, psk.key.len);
}

/* ---- what a client offers --------------------------------------------------------------------------- */

/* HKDF by libcrypto's HMAC, for outputs of one block (RFC 5869, RFC 9846 section 7.1). */
struct digest {
    const EVP_MD *md;
    unsigned len;
};

static void mac(const struct digest *d, const uint8_t *key, size_t key_len, struct span text,
                uint8_t *out)
{
    unsigned n = 0;
    assert_non_null(HMAC(d->md, key, (int)key_len, text.at, text.len, out, &n));
    assert_int_equal(n, d->len);
}

static void hash(const struct digest *d, struct span text, uint8_t *out)
{
    unsigned n = 0;
    assert_int_equal(EVP_Digest(text.at, text.len, out, &n, d->md, NULL), 1);
}

static void expand_label(const struct digest *d, uint8_t *secret, const char *label,
                         struct span context)
{
    uint8_t info[128] = {0, (uint8_t)d->len, (uint8_t)(6 + strlen(label))};
    size_t n = 3;
    memcpy(info + n, "tls13 ", 6);
    memcpy(info + n + 6, label, strlen(label));
    n += 6 + strlen(label);
    info[n++] = (uint8_t)context.len;
    span_copy(info + n, context);
    n += context.len;
    info[n++] = 1;
    mac(d, secret, d->len, span_of(info, n), secret);
}

/* The binder of RFC 9846 section 4.2.11.2 for a hello as the first message. */
static void binder(const struct digest *d, struct span psk, const char *label, struct span covered,
                   uint8_t out[HASH_MAX])
{
    uint8_t secret[HASH_MAX], seen[HASH_MAX], none[HASH_MAX];
    static const uint8_t zeros[HASH_MAX];

    mac(d, zeros, d->len, psk, secret);
    hash(d, span_of(zeros, 0), none);
    expand_label(d, secret, label, span_of(none, d->len));
    expand_label(d, secret, "finished", span_of(zeros, 0));
    hash(d, covered, seen);
    mac(d, secret, d->len, span_of(seen, d->len), out);
}

/* The client's first message, header and all, which stands in one record. */
static struct span hello_of(struct bare *p)
{
    assert_err(bare_connect(p), OK);
    assert_true(bare_collect(p->client, &p->to_server));
    const uint8_t *at = p->to_server.at;
    return exact_copy(span_of(at + 5, (size_t)at[3] << 8 | at[4]));
}

static void is_each_offer_proven_with_its_own_key(void **state)
{
    (void)state;
    const struct digest sha256 = {EVP_sha256(), 32}, sha384 = {EVP_sha384(), 48};
    struct psk_source from[] = {source("plain", "", 32), source("other", "", 48),
                                source("lamp 7", "hub to lamp", 32)};
    const struct {
        const struct digest *d;
        const char *name, *key, *label;
    } rows[] = {
        {&sha256, "706c61696e", KEY, "ext binder"},
        {&sha384, "6f74686572", KEY, "ext binder"},
        {&sha384, "0006 6c616d702037 000b 68756220746f206c616d70 0304 0002",
         "64e8c9db0f3d3ab650f7642ddef15530c2367ab081295d45479e17b91858910d"
         "dfb55686562374074477db232dc412c8",
         "imp binder"},
        {&sha256, "0006 6c616d702037 000b 68756220746f206c616d70 0304 0001",
         "3fe69a1c461b6aed60f564795e874d0e36927a08f0f52a25ca278c2dd1e1fe3b", "imp binder"},
    };
    struct bare *p = bare_new();
    assert_err(gv_psk_list_set(&p->client_config->common.psks, provider(), from, 3), OK);
    struct span message = hello_of(p);
    struct client_hello m;
    assert_err(gv_wire_read_client_hello(span_from(message, HANDSHAKE_HEADER), &m), OK);
    assert_int_equal(m.psk_identity_count, 4);
    assert_int_equal(m.psk_binder_count, 4);
    assert_span(m.psk_modes, exact_hex("01")); /* psk_dhe_ke alone */
    assert_int_equal(m.extensions.seen & EXT_BIT(EARLY_DATA), 0);
    const struct span covered = span_of(message.at, HANDSHAKE_HEADER + m.binders_at);
    for (size_t i = 0; i < 4; i++) {
        struct psk_identity id;
        struct span got;
        uint8_t want[HASH_MAX];
        assert_true(gv_next_psk_identity(&m.psk_identities, &id));
        assert_true(gv_next_vec8(&m.psk_binders, &got));
        assert_span(id.identity, exact_hex(rows[i].name));
        assert_int_equal(id.obfuscated_age, 0); /* section 4.2.11 */
        binder(rows[i].d, exact_hex(rows[i].key), rows[i].label, covered, want);
        assert_span(got, span_of(want, rows[i].d->len));
    }
    bare_free(p);
}

/* ---- a session's age ---------------------------------------------------------------------------------- */

/* A server whose clock is finer than milliseconds would refuse early data (GnuTLS does). */
static void is_a_ticket_never_told_to_be_older_than_it_is(void **state)
{
    (void)state;
    enum { OLD = 5000 };
    struct bare *p = bare_new();
    struct session *s = marked_session(TLS13, 7);
    struct client_hello m;
    struct psk_identity id;
    int64_t before, after;

    assert_err(bare_connect(p), OK); /* finds nothing, and knows the key */
    assert_true(gv_clock_now(&before));
    s->suite = 0x1301;
    s->age_add = 0;
    s->issued_ms = before - OLD;
    const struct hs *hs = &p->client->hs;
    gv_client_sessions_put(p->client_config->sessions,
                           span_of(hs->session_key, hs->session_key_len), s);
    bare_drop_connections(p);
    struct span message = hello_of(p);
    assert_true(gv_clock_now(&after));
    assert_err(gv_wire_read_client_hello(span_from(message, HANDSHAKE_HEADER), &m), OK);
    assert_true(gv_next_psk_identity(&m.psk_identities, &id));
    assert_in_range(id.obfuscated_age, OLD - 1, OLD - 1 + (after - before));
    gv_session_free(s);
    bare_free(p);
}

/* ---- both keys and sessions --------------------------------------------------------------------------- */

static void set_both(struct bare *p, const struct psk_source *from, size_t count)
{
    assert_err(gv_psk_list_set(&p->client_config->common.psks, provider(), from, count), OK);
    assert_err(gv_psk_list_set(&p->server_config->common.psks, provider(), from, count), OK);
}

static void connect(struct bare *p, enum handshake_kind kind, bool psk)
{
    assert_err(bare_connect(p), OK);
    bare_run(p);
    assert_err(p->client_err, OK);
    assert_err(p->server_err, OK);
    const struct agreed *both[] = {gv_connection_agreed(p->client),
                                   gv_connection_agreed(p->server)};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(both[i]->kind, kind);
        assert_int_equal(both[i]->psk != NULL, psk);
    }
}

/* The session stands before the key in the hello, and early data is its. */
static void does_a_session_come_before_the_key(void **state)
{
    (void)state;
    const struct psk_source from = source("a", "", 48);
    struct bare *p = bare_new();
    set_both(p, &from, 1);
    p->client_config->early_data = true;
    p->server_config->max_early_data = 1000;
    connect(p, HANDSHAKE_FULL, true);
    assert_int_equal(gv_connection_agreed(p->client)->early, EARLY_NONE);
    connect(p, HANDSHAKE_RESUMED, true);
    assert_int_equal(gv_connection_agreed(p->client)->early, EARLY_ACCEPTED);
    bare_free(p);
}

/* What a server does not find any more stands for nothing, and the key beside it is taken; early
 * data that was offered with the session is rejected. */
static void is_the_key_taken_where_the_session_is_lost(void **state)
{
    (void)state;
    const struct psk_source from = source("a", "", 48);
    struct bare *p = bare_new();
    set_both(p, &from, 1);
    p->client_config->early_data = true;
    p->server_config->max_early_data = 1000;
    connect(p, HANDSHAKE_FULL, true);
    bare_drop_connections(p);
    gv_session_store_free(p->server_config->sessions);
    p->server_config->sessions = NULL;
    connect(p, HANDSHAKE_FULL, true);
    assert_int_equal(gv_connection_agreed(p->client)->early, EARLY_REJECTED);
    assert_int_equal(gv_connection_agreed(p->server)->early, EARLY_REJECTED);
    bare_free(p);
}

/* A provider with P-256 as its one group, which is not the client's first. */
static void narrow(struct bare *p)
{
    static struct provider narrowed;
    static const struct key_exchange_group *one[2];
    const struct key_exchange_group *const *g = provider()->groups;
    while ((*g)->code != GROUP_SECP256R1)
        g++;
    one[0] = *g;
    narrowed = *provider();
    narrowed.groups = one;
    p->server_config->common.provider = &narrowed;
}

/* Keys whose digest is not that of the suite in the HelloRetryRequest are not offered again, and the
 * places of the others change (RFC 9846 section 4.1.4). */
static void are_the_fitting_keys_offered_behind_a_retry(void **state)
{
    (void)state;
    struct psk_source from[] = {source("sha256", "", 32), source("sha384", "", 48),
                                source("imported", "x", 32)};
    for (size_t known = 0; known < 3; known++) {
        struct bare *p = bare_new();
        assert_err(gv_psk_list_set(&p->client_config->common.psks, provider(), from, 3), OK);
        assert_err(gv_psk_list_set(&p->server_config->common.psks, provider(), &from[known], 1),
                   OK);
        p->client_config->psk_only = true;
        narrow(p);
        connect(p, HANDSHAKE_RETRIED, true);
        assert_span(gv_connection_agreed(p->server)->psk->identity, from[known].identity);
        assert_span(gv_connection_agreed(p->client)->psk->identity, from[known].identity);
        connect(p, HANDSHAKE_RESUMED, true);
        bare_free(p);
    }
}

/* With no key left for the suite that a HelloRetryRequest chose, it is over there and then. */
static void does_a_client_of_keys_alone_end_at_a_retry_without_them(void **state)
{
    (void)state;
    const struct psk_source from = source("sha256", "", 32);
    struct bare *p = bare_new();
    assert_err(gv_psk_list_set(&p->client_config->common.psks, provider(), &from, 1), OK);
    p->client_config->psk_only = true;
    narrow(p); /* it has no keys, so it asks for its favourite suite, which is of SHA-384 */
    assert_err(bare_connect(p), OK);
    bare_run(p);
    assert_err(p->client_err, PSK_DECLINED);
    bare_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_key_imported_as_rfc9258_says),
        cmocka_unit_test(may_a_context_be_empty),
        cmocka_unit_test(is_a_key_used_as_it_is_where_nobody_imports_it),
        cmocka_unit_test(is_what_is_no_import_left_alone),
        cmocka_unit_test(is_a_poor_key_refused),
        cmocka_unit_test(is_a_list_replaced_as_a_whole),
        cmocka_unit_test(does_a_mark_tell_keys_apart_and_no_key),
        cmocka_unit_test(is_each_offer_proven_with_its_own_key),
        cmocka_unit_test(is_a_ticket_never_told_to_be_older_than_it_is),
        cmocka_unit_test(does_a_session_come_before_the_key),
        cmocka_unit_test(is_the_key_taken_where_the_session_is_lost),
        cmocka_unit_test(are_the_fitting_keys_offered_behind_a_retry),
        cmocka_unit_test(does_a_client_of_keys_alone_end_at_a_retry_without_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
