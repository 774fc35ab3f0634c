/* The handshakes of RFC 8448, from the private keys to the last record: are our secrets, keys,
 * Finished messages and records those of the RFC, byte for byte? */
#include "config/verifier.h"
#include "crypto/hkdf.h"
#include "crypto/openssl/openssl.h"
#include "keys/schedule13.h"
#include "keys/transcript.h"
#include "lib/exact.h"
#include "lib/file.h"
#include "record/deframe.h"
#include "record/protect.h"
#include "wire/hello.h"
#include "wire/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- the file ------------------------------------------------------------------------------ */

static char *text;

static int load(void **state)
{
    (void)state;
    text = (char *)test_file("vectors/rfc8448/traces.txt").data;
    return 0;
}

static int unload(void **state)
{
    (void)state;
    exact_forget();
    free(text);
    return 0;
}

/* The bytes of a name in a section; empty where there is none. */
static struct span value(unsigned section, const char *name)
{
    static char digits[4096];
    char head[16], key[64];
    snprintf(head, sizeof head, "[%u]", section);
    snprintf(key, sizeof key, "\n%s = ", name);
    const char *from = strstr(text, head);
    const char *to = strchr(from + 1, '[');
    const char *at = strstr(from, key);
    if (at == NULL || (to != NULL && at > to))
        return span_of(NULL, 0);
    at += strlen(key);
    size_t n = strcspn(at, "\n");
    assert_true(n < sizeof digits);
    memcpy(digits, at, n);
    digits[n] = '\0';
    return exact_hex(digits);
}

/* ---- a handshake under reconstruction ------------------------------------------------------ */

struct trace {
    unsigned section;
    const struct cipher_suite_info *suite;
    struct arena arena;
    struct transcript transcript;
    struct schedule13 schedule;
    struct secret client, server; /* traffic secrets of the epoch at hand */
    struct record_half opens, seals;
};

static const struct cipher_suite_info *suite_of(uint16_t code)
{
    const struct cipher_suite_info *const *s = gv_openssl_provider()->suites;
    while (*s != NULL && (*s)->code != code)
        s++;
    assert_non_null(*s);
    return *s;
}

static void trace_begin(struct trace *t, unsigned section)
{
    *t = (struct trace){.section = section};
    gv_arena_init(&t->arena, 65536);
}

static void trace_end(struct trace *t)
{
    gv_record_half_drop(&t->opens);
    gv_record_half_drop(&t->seals);
    gv_transcript_drop(&t->transcript);
    gv_arena_drop(&t->arena);
    exact_forget();
}

static void add(struct trace *t, struct span message)
{
    assert_err(gv_transcript_add(&t->transcript, &t->arena, message), OK);
}

static struct span digest(struct trace *t, uint8_t out[HASH_MAX])
{
    struct span d;
    assert_err(gv_transcript_peek(&t->transcript, out, &d), OK);
    return d;
}

static void derive(struct trace *t, const char *label, struct secret *out)
{
    uint8_t bytes[HASH_MAX];
    assert_err(gv_schedule13_derive(&t->schedule, label, digest(t, bytes), out), OK);
}

static void check_secret(struct trace *t, const char *name, const struct secret *s)
{
    struct span want = value(t->section, name);
    if (want.len != 0)
        assert_span(secret_span(s), want);
}

/* The stage of the key schedule is a key: with the trace's bytes as the key, the same comes out. */
static void check_stage(struct trace *t, const char *name)
{
    const struct hash_alg *alg = t->schedule.current.inner.alg;
    const struct span any = span_str("any text"), want = value(t->section, name);
    uint8_t found[HASH_MAX], expected[HASH_MAX];

    if (want.len == 0)
        return;
    assert_err(gv_hmac_of(&t->schedule.current, &any, 1, found), OK);
    assert_err(gv_hmac(alg, want, &any, 1, expected), OK);
    assert_memory_equal(found, expected, alg->len);
}

/* The fragment of a record in the clear, which must be of this type. */
static struct span fragment(struct span record, uint8_t type)
{
    struct record r;
    bool found;
    assert_err(gv_deframe(record, &r, &found), OK);
    assert_true(found && r.complete);
    assert_int_equal(r.type, type);
    return span_of(record.at + RECORD_HEADER, r.len);
}

/* Keys of a traffic secret, for opening its records and for sealing them again. */
static void use(struct trace *t, const struct secret *traffic)
{
    uint8_t key[AEAD_KEY_MAX], iv[AEAD_NONCE];
    assert_err(gv_traffic_key13(t->suite, traffic, key, iv), OK);
    assert_err(gv_record_key(&t->opens, t->suite, key, iv, false, 0), OK);
    assert_err(gv_record_key(&t->seals, t->suite, key, iv, true, 0), OK);
}

/* Opens the first record of *flight, seals it again to the same bytes, and moves on. */
static struct span open_next(struct trace *t, struct span *flight, uint8_t type)
{
    uint8_t got, again[2048];
    struct span plain;
    struct record r;
    bool found;

    assert_err(gv_deframe(*flight, &r, &found), OK);
    assert_true(found && r.complete);
    struct span record = exact_copy(span_of(flight->at, RECORD_HEADER + r.len));
    struct span mine = exact_copy(record);
    *flight = span_from(*flight, record.len);
    assert_err(gv_record_open(&t->opens, (uint8_t *)mine.at, mine.len, &got, &plain), OK);
    assert_int_equal(got, type);
    assert_int_equal(gv_record_sealed_len(&t->seals, plain.len), record.len);
    assert_err(gv_record_seal(&t->seals, type, TLS12, plain, again), OK);
    assert_span(span_of(again, record.len), record);
    return plain;
}

static void open_data(struct trace *t, const char *record, const char *data)
{
    struct span flight = value(t->section, record);
    assert_true(flight.len != 0);
    assert_span(open_next(t, &flight, CONTENT_APPLICATION_DATA), value(t->section, data));
}

static void open_close(struct trace *t, const char *record)
{
    struct span flight = value(t->section, record);
    assert_span(open_next(t, &flight, CONTENT_ALERT), exact_hex("0100"));
}

static void skip_change_cipher_spec(struct span *flight)
{
    if (flight->at[0] == CONTENT_CHANGE_CIPHER_SPEC) {
        assert_span(span_of(flight->at, 6), exact_hex("140303000101"));
        *flight = span_from(*flight, 6);
    }
}

static struct span next_message(struct span *messages)
{
    struct rd r = rd_of(*messages);
    rd_u8(&r);
    size_t n = HANDSHAKE_HEADER + rd_u24(&r);
    struct span whole = span_of(messages->at, n);
    assert_true(n <= messages->len);
    *messages = span_from(*messages, n);
    return whole;
}

/* ---- its steps ----------------------------------------------------------------------------- */

static void share_secret(struct trace *t, struct span client_hello, struct span server_hello,
                         struct secret *shared)
{
    struct client_hello c;
    struct server_hello s;
    struct server_hello13 s13;
    struct key_share_entry share = {0};
    struct key_exchange x = {NULL, NULL};
    struct secret other;

    assert_err(gv_wire_read_client_hello(span_from(client_hello, HANDSHAKE_HEADER), &c), OK);
    assert_err(gv_wire_read_server_hello(span_from(server_hello, HANDSHAKE_HEADER), &s), OK);
    assert_err(gv_wire_read_server_hello13(&s, &s13), OK);
    t->suite = suite_of(s.suite);
    while (gv_next_key_share(&c.key_shares, &share) && share.group != s13.share.group)
        continue;
    const bool x25519 = s13.share.group == GROUP_X25519;
    const struct key_exchange_group *g = x25519 ? &gv_openssl_x25519 : &gv_openssl_secp256r1;
    const char *const owner[] = {"client_private", "server_private"};
    struct span peer[] = {s13.share.key, share.key};
    for (unsigned i = 0; i < 2; i++) {
        struct span private_key = value(t->section, owner[i]);
        assert_err(x25519 ? gv_openssl_x25519_import(g, &x, private_key)
                          : gv_openssl_ecdh_import(g, &x, private_key),
                   OK);
        assert_err(g->finish(&x, peer[i], i == 0 ? shared : &other), OK);
        gv_key_exchange_drop(&x);
    }
    assert_span(secret_span(shared), secret_span(&other));
}

/* Section 4.2.11.2: the binder signs the hello up to the binders. */
static void check_binder(struct trace *t, struct span hello, const struct client_hello *m)
{
    const struct hash_alg *alg = t->schedule.current.inner.alg;
    uint8_t empty[HASH_MAX], partial[HASH_MAX], mac[HASH_MAX];
    struct span binders = m->psk_binders, binder;
    struct secret key;

    assert_err(gv_openssl_digest(alg, span_of(NULL, 0), empty), OK);
    assert_err(gv_openssl_digest(alg, span_of(hello.at, HANDSHAKE_HEADER + m->binders_at), partial),
               OK);
    assert_err(gv_schedule13_derive(&t->schedule, "res binder", span_of(empty, alg->len), &key),
               OK);
    assert_err(gv_finished13(alg, &key, span_of(partial, alg->len), mac), OK);
    assert_true(gv_next_vec8(&binders, &binder));
    assert_span(binder, span_of(mac, alg->len));
}

static void early(struct trace *t, struct span hello)
{
    struct span psk = value(t->section, "psk");
    struct client_hello m;
    struct secret traffic;

    assert_err(gv_schedule13_early(&t->schedule, &gv_openssl_sha256, psk), OK);
    check_stage(t, "early_secret");
    add(t, hello);
    assert_err(gv_transcript_start(&t->transcript, &gv_openssl_sha256), OK);
    if (psk.len == 0)
        return;
    assert_err(gv_wire_read_client_hello(span_from(hello, HANDSHAKE_HEADER), &m), OK);
    assert_true((m.extensions.seen & EXT_BIT(EARLY_DATA)) != 0);
    check_binder(t, hello, &m);
    derive(t, "c e traffic", &traffic);
    t->suite = suite_of(SUITE_TLS_AES_128_GCM_SHA256);
    use(t, &traffic);
    open_data(t, "early_data_record", "early_data");
    t->client = traffic;
}

/* Both hellos, to the handshake traffic secrets. */
static void hellos(struct trace *t)
{
    struct span hello = fragment(value(t->section, "client_hello"), CONTENT_HANDSHAKE);
    struct span retry = value(t->section, "hello_retry_request");
    struct span answer = fragment(value(t->section, "server_hello"), CONTENT_HANDSHAKE);
    struct secret shared;

    early(t, hello);
    if (retry.len != 0) {
        assert_err(gv_transcript_retry(&t->transcript), OK);
        retry = fragment(retry, CONTENT_HANDSHAKE);
        assert_int_equal(gv_wire_message_type(retry), MSG_HELLO_RETRY_REQUEST);
        add(t, retry);
        hello = fragment(value(t->section, "client_hello_again"), CONTENT_HANDSHAKE);
        add(t, hello);
    }
    add(t, answer);
    share_secret(t, hello, answer, &shared);
    assert_err(gv_schedule13_handshake(&t->schedule, secret_span(&shared)), OK);
    check_stage(t, "handshake_secret");
}

static void check_finished(struct trace *t, struct span message, const struct secret *base)
{
    uint8_t bytes[HASH_MAX], mac[HASH_MAX];
    assert_int_equal(message.at[0], MSG_FINISHED);
    assert_err(gv_finished13(t->suite->hash, base, digest(t, bytes), mac), OK);
    assert_span(span_from(message, HANDSHAKE_HEADER), span_of(mac, t->suite->hash->len));
}

/* With the key in the certificate before it. RSA of 1024 bits is nothing that we verify. */
static void check_signature(struct trace *t, struct span leaf, struct span message)
{
    struct certificate_verify m;
    uint8_t content[64 + 33 + 1 + HASH_MAX], bytes[HASH_MAX];
    struct wr w = wr_of(content, sizeof content);

    assert_err(gv_wire_read_certificate_verify(span_from(message, HANDSHAKE_HEADER), &m), OK);
    if (m.scheme != SCHEME_ECDSA_SECP256R1_SHA256)
        return;
    memset(wr_room(&w, 64), ' ', 64);
    wr_bytes(&w, span_str("TLS 1.3, server CertificateVerify"));
    wr_u8(&w, 0);
    wr_bytes(&w, digest(t, bytes));
    assert_err(gv_verify_peer_signature(gv_openssl_provider(), leaf, TLS13, m.scheme, wr_span(&w),
                                        m.signature),
               OK);
}

/* The messages of a flight, each read by its parser, Finished the last. */
static void walk(struct trace *t, struct span messages, const struct secret *base)
{
    struct encrypted_extensions extensions;
    struct certificate_request request;
    struct certificate chain;
    struct certificate_entry leaf = {.der = {NULL, 0}};

    while (messages.len != 0) {
        struct span whole = next_message(&messages);
        struct span body = span_from(whole, HANDSHAKE_HEADER);
        switch (whole.at[0]) {
        case MSG_ENCRYPTED_EXTENSIONS:
            assert_err(gv_wire_read_encrypted_extensions(body, &extensions), OK);
            break;
        case MSG_CERTIFICATE_REQUEST:
            assert_err(gv_wire_read_certificate_request(body, &request), OK);
            break;
        case MSG_CERTIFICATE:
            assert_err(gv_wire_read_certificate(body, &chain), OK);
            assert_int_equal(chain.count, 1);
            assert_err(gv_wire_next_certificate(&chain.entries, &leaf), OK);
            break;
        case MSG_CERTIFICATE_VERIFY:
            check_signature(t, leaf.der, whole);
            break;
        default:
            check_finished(t, whole, base);
            assert_int_equal(messages.len, 0);
        }
        add(t, whole);
    }
}

static void server_flight(struct trace *t)
{
    struct span flight = value(t->section, "server_flight");
    struct secret early_traffic = t->client;

    derive(t, "c hs traffic", &t->client);
    derive(t, "s hs traffic", &t->server);
    check_secret(t, "c_hs_traffic", &t->client);
    check_secret(t, "s_hs_traffic", &t->server);
    use(t, &t->server);
    skip_change_cipher_spec(&flight);
    walk(t, open_next(t, &flight, CONTENT_HANDSHAKE), &t->server);
    assert_int_equal(flight.len, 0);
    if (early_traffic.len != 0) { /* EndOfEarlyData, the second record under the early key */
        use(t, &early_traffic);
        t->opens.sequence = t->seals.sequence = 1;
    }
}

static void client_flight(struct trace *t, struct secret *client, struct secret *server)
{
    struct span flight = value(t->section, "client_flight");
    struct secret exporter;

    assert_err(gv_schedule13_main(&t->schedule), OK);
    check_stage(t, "main_secret");
    derive(t, "c ap traffic", client);
    derive(t, "s ap traffic", server);
    derive(t, "exp master", &exporter);
    check_secret(t, "c_ap_traffic", client);
    check_secret(t, "s_ap_traffic", server);
    check_secret(t, "exp_master", &exporter);
    skip_change_cipher_spec(&flight);
    if (value(t->section, "psk").len != 0) {
        struct span end = open_next(t, &flight, CONTENT_HANDSHAKE);
        assert_span(end, exact_hex("05000000"));
        add(t, end);
    }
    use(t, &t->client);
    walk(t, open_next(t, &flight, CONTENT_HANDSHAKE), &t->client);
    assert_int_equal(flight.len, 0);
}

/* The ticket, and the PSK that it stands for (RFC 9846 section 4.6.1). */
static void ticket(struct trace *t)
{
    struct span flight = value(t->section, "ticket_record");
    struct new_session_ticket m;
    struct secret master, psk = {.len = t->suite->hash->len};

    derive(t, "res master", &master);
    check_secret(t, "res_master", &master);
    struct span message = open_next(t, &flight, CONTENT_HANDSHAKE);
    assert_int_equal(message.at[0], MSG_NEW_SESSION_TICKET);
    assert_err(gv_wire_read_new_session_ticket(span_from(message, HANDSHAKE_HEADER), &m), OK);
    assert_err(gv_ticket_secret13(t->suite->hash, &master, m.nonce, &psk), OK);
    assert_span(secret_span(&psk), value(t->section, "resumption"));
    assert_span(secret_span(&psk), value(4, "psk"));
}

static void replay(unsigned section)
{
    struct trace t;
    struct secret client, server;
    const bool has_data = value(section, "client_data").len != 0;

    trace_begin(&t, section);
    hellos(&t);
    server_flight(&t);
    client_flight(&t, &client, &server);
    use(&t, &server);
    if (value(section, "ticket_record").len != 0)
        ticket(&t);
    if (has_data)
        open_data(&t, "server_data_record", "server_data");
    open_close(&t, "server_close_record");
    use(&t, &client);
    if (has_data)
        open_data(&t, "client_data_record", "client_data");
    open_close(&t, "client_close_record");
    trace_end(&t);
}

static void is_the_simple_handshake_that_of_section_3(void **state)
{
    (void)state;
    replay(3);
}

static void is_the_resumed_handshake_that_of_section_4(void **state)
{
    (void)state;
    replay(4);
}

static void is_the_retried_handshake_that_of_section_5(void **state)
{
    (void)state;
    replay(5);
}

static void is_the_authenticated_client_that_of_section_6(void **state)
{
    (void)state;
    replay(6);
}

static void is_the_compatible_handshake_that_of_section_7(void **state)
{
    (void)state;
    replay(7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_simple_handshake_that_of_section_3),
        cmocka_unit_test(is_the_resumed_handshake_that_of_section_4),
        cmocka_unit_test(is_the_retried_handshake_that_of_section_5),
        cmocka_unit_test(is_the_authenticated_client_that_of_section_6),
        cmocka_unit_test(is_the_compatible_handshake_that_of_section_7),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
