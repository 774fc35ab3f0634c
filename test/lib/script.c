/* The scripted peer. What it does by itself is right, so that what is wrong is the test's. */
#include "lib/script.h"

#include "crypto/hkdf.h"
#include "lib/certs.h"
#include "lib/exact.h"
#include "lib/keys.h"
#include "record/deframe.h"
#include "wire/hello.h"
#include "wire/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- life ------------------------------------------------------------------------------------- */

struct script *script_new(bool is_client)
{
    struct script *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->p = bare_new();
    assert_non_null(s->p);
    s->is_client = is_client;
    s->suite = gv_openssl_provider()->suites[0];
    gv_arena_init(&s->arena, 1 << 20);
    return s;
}

void script_free(struct script *s)
{
    gv_key_exchange_drop(&s->share);
    gv_record_half_drop(&s->in);
    gv_record_half_drop(&s->out);
    gv_transcript_drop(&s->transcript);
    gv_arena_drop(&s->arena);
    bare_free(s->p);
    free(s);
    exact_forget();
}

static int from_span(void *userdata, uint8_t *buf, size_t n, size_t *out_n)
{
    struct span *left = userdata;
    *out_n = n < left->len ? n : left->len;
    span_copy(buf, span_of(left->at, *out_n));
    *left = span_from(*left, *out_n);
    return 0;
}

static int into_got(void *userdata, const uint8_t *buf, size_t n, size_t *out_n)
{
    put_span(userdata, span_of(buf, n));
    *out_n = n;
    return 0;
}

static void collect(struct script *s)
{
    size_t n = 1;
    while (n != 0 && gv_connection_wants_write(s->peer))
        assert_int_equal(gv_connection_write_tls(s->peer, into_got, &s->got, &n), 0);
}

void script_begin(struct script *s)
{
    assert_err(bare_connect(s->p), OK);
    s->peer = s->is_client ? s->p->server : s->p->client;
    s->got.len = s->said.len = s->flight.len = s->hashed = 0;
    s->err = GV_OK;
    s->psk.len = 0;
    s->resumed = false;
    gv_record_half_drop(&s->in);
    gv_record_half_drop(&s->out);
    gv_transcript_drop(&s->transcript);
    collect(s);
}

/* ---- bytes and records --------------------------------------------------------------------------- */

void script_raw(struct script *s, struct span bytes)
{
    size_t n = 1;
    while (bytes.len != 0 && n != 0) {
        if (gv_connection_read_tls(s->peer, from_span, &bytes, &n) != 0)
            break;
        enum gv_err err = gv_connection_process(s->peer);
        if (s->err == GV_OK)
            s->err = err;
        collect(s);
    }
}

static void send_record(struct script *s, struct record_half *half, uint8_t type,
                        struct span fragment)
{
    static uint8_t record[PUT_MAX];
    size_t n = gv_record_sealed_len(half, fragment.len);
    assert_true(n <= sizeof record);
    assert_err(gv_record_seal(half, type, TLS12, fragment, record), OK);
    script_raw(s, span_of(record, n));
}

void script_record(struct script *s, uint8_t type, struct span fragment)
{
    send_record(s, &s->out, type, fragment);
}

void script_clear_record(struct script *s, uint8_t type, struct span fragment)
{
    struct record_half clear = {.suite = NULL};
    send_record(s, &clear, type, fragment);
}

void script_inner(struct script *s, struct span inner)
{
    static struct put record;
    const size_t len = inner.len + AEAD_TAG;
    uint8_t nonce[AEAD_NONCE];

    record.len = 0;
    put_uint(&record, 1, CONTENT_APPLICATION_DATA);
    put_uint(&record, 2, TLS12);
    put_uint(&record, 2, len);
    memcpy(nonce, s->out.iv, sizeof nonce);
    for (unsigned i = 0; i < 8; i++)
        nonce[AEAD_NONCE - 1 - i] ^= (uint8_t)(s->out.sequence >> 8 * i);
    s->out.sequence++;
    assert_err(s->out.aead.alg->seal(&s->out.aead, nonce, put_of(&record), inner, span_of(NULL, 0),
                                     record.at + record.len),
               OK);
    script_raw(s, span_of(record.at, record.len + len));
}

void script_alert(struct script *s, uint8_t level, uint8_t alert)
{
    const uint8_t bytes[] = {level, alert};
    script_record(s, CONTENT_ALERT, SPAN_OF(bytes));
}

void script_ccs(struct script *s)
{
    script_clear_record(s, CONTENT_CHANGE_CIPHER_SPEC, span_of("\1", 1));
}

/* Takes the first record off what the connection wrote; opened, where there are keys. */
static bool next_record(struct script *s, uint8_t *type, struct span *plain)
{
    struct record r;
    bool found;

    assert_err(gv_deframe(put_of(&s->got), &r, &found), OK);
    if (!found || !r.complete)
        return false;
    struct span record = exact_copy(span_of(s->got.at, RECORD_HEADER + r.len));
    s->got.len -= record.len;
    memmove(s->got.at, s->got.at + record.len, s->got.len);
    *type = r.type;
    *plain = span_from(record, RECORD_HEADER);
    if (s->in.suite != NULL && r.type == CONTENT_APPLICATION_DATA)
        assert_err(gv_record_open(&s->in, (uint8_t *)record.at, record.len, type, plain), OK);
    return true;
}

/* ---- messages --------------------------------------------------------------------------------------- */

static void hash(struct script *s, struct span message)
{
    assert_err(gv_transcript_add(&s->transcript, &s->arena, message), OK);
}

static struct span digest(struct script *s, uint8_t out[HASH_MAX])
{
    struct span d;
    assert_err(gv_transcript_peek(&s->transcript, out, &d), OK);
    return d;
}

/* What was put into the flight last is a message of the transcript. */
static void hash_flight(struct script *s)
{
    hash(s, span_from(put_of(&s->flight), s->hashed));
    s->hashed = s->flight.len;
}

void script_say(struct script *s, uint8_t type, struct span body)
{
    size_t from = s->flight.len;
    put_span(&s->flight, body);
    put_header(&s->flight, from, type);
    hash_flight(s);
}

void script_say_hello(struct script *s, const struct hello *h)
{
    if (h->type == MSG_SERVER_HELLO)
        assert_err(gv_transcript_start(&s->transcript, s->suite->hash), OK);
    put_hello(&s->flight, h);
    hash_flight(s);
}

void script_flush_in(struct script *s, size_t n)
{
    struct span rest = exact_copy(put_of(&s->flight));
    s->flight.len = s->hashed = 0;
    while (rest.len != 0) {
        struct span part = span_of(rest.at, n < rest.len ? n : rest.len);
        script_record(s, CONTENT_HANDSHAKE, part);
        rest = span_from(rest, part.len);
    }
}

void script_flush(struct script *s)
{
    script_flush_in(s, FRAGMENT_MAX);
}

static size_t message_len(struct span said)
{
    struct rd r = rd_of(said);
    rd_u8(&r);
    size_t n = rd_u24(&r);
    return r.bad || r.left < n ? 0 : HANDSHAKE_HEADER + n;
}

struct span script_take(struct script *s, uint8_t type)
{
    uint8_t content;
    struct span plain;
    size_t n;

    while ((n = message_len(put_of(&s->said))) == 0) {
        if (!next_record(s, &content, &plain))
            fail_msg("the connection (%s) says no message %u", gv_err_name(s->err), type);
        if (content == CONTENT_HANDSHAKE)
            put_span(&s->said, plain);
        else if (content != CONTENT_CHANGE_CIPHER_SPEC)
            fail_msg("content type %u (%s) where message %u is due", content, gv_err_name(s->err),
                     type);
    }
    struct span message = exact_copy(span_of(s->said.at, n));
    s->said.len -= n;
    memmove(s->said.at, s->said.at + n, s->said.len);
    assert_int_equal(message.at[0], type);
    hash(s, message);
    return message;
}

/* ---- the good peer's parts --------------------------------------------------------------------------- */

#define RANDOM_HEX "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"

static const struct key_exchange_group *find_group(uint16_t code)
{
    const struct key_exchange_group *const *g = gv_openssl_provider()->groups;
    while (*g != NULL && (*g)->code != code)
        g++;
    assert_non_null(*g);
    return *g;
}

static struct span number(uint16_t n)
{
    const uint8_t bytes[] = {(uint8_t)(n >> 8), (uint8_t)n};
    return exact_copy(SPAN_OF(bytes));
}

/* KeyShareEntry of the script's share. */
static struct span share_entry(struct script *s)
{
    return exact_join(exact_join(number(s->group), number((uint16_t)s->share_key.len)),
                      s->share_key);
}

void script_share(struct script *s, uint16_t group)
{
    static uint8_t key[KEY_SHARE_MAX];
    const struct key_exchange_group *g = find_group(group);
    gv_key_exchange_drop(&s->share);
    assert_err(g->start(g, &s->share, key), OK);
    s->group = group;
    s->share_key = exact_copy(span_of(key, g->client_share_len));
}

void script_client_hello(struct script *s, struct hello *h)
{
    if (s->share.group == NULL)
        script_share(s, GROUP_X25519);
    *h = (struct hello){.type = MSG_CLIENT_HELLO,
                        .version = TLS12,
                        .random = exact_hex(RANDOM_HEX),
                        .session_id = exact_hex(RANDOM_HEX),
                        .suites = exact_hex("130213011303"),
                        .compressions = exact_hex("00")};
    hello_add(h, 0, "000c 00 0009 6c6f63616c686f7374");
    hello_add(h, 10, "0006 001d 0017 0018");
    hello_add(h, 13, "0008 0403 0503 0804 0807");
    hello_add(h, 43, "02 0304");
    struct span entry = share_entry(s);
    hello_set_span(h, 51, exact_join(number((uint16_t)entry.len), entry));
}

void script_server_hello(struct script *s, struct hello *h)
{
    *h = (struct hello){.type = MSG_SERVER_HELLO,
                        .version = TLS12,
                        .random = exact_hex(RANDOM_HEX),
                        .session_id = s->session_id,
                        .suites = number(s->suite->code),
                        .compressions = exact_hex("00")};
    hello_add(h, 43, "0304");
    hello_set_span(h, 51, share_entry(s));
}

void script_retry(struct script *s, struct hello *h, uint16_t group)
{
    script_server_hello(s, h);
    h->random = exact_copy(SPAN_OF(gv_hello_retry_random));
    hello_set_span(h, 51, number(group));
}

void script_hash_retry(struct script *s)
{
    assert_err(gv_transcript_start(&s->transcript, s->suite->hash), OK);
    assert_err(gv_transcript_retry(&s->transcript), OK);
}

/* A client's hello: what it sent, and its share for a group of ours. */
static void read_client_hello(struct script *s, struct span body)
{
    struct client_hello m;
    struct key_share_entry share;

    assert_err(gv_wire_read_client_hello(body, &m), OK);
    s->client_random = m.random;
    s->session_id = m.session_id;
    s->peer_key = span_of(NULL, 0);
    if (s->share.group == NULL)
        script_share(s, GROUP_X25519);
    while (gv_next_key_share(&m.key_shares, &share))
        if (share.group == s->group)
            s->peer_key = share.key;
}

static bool read_server_hello(struct script *s, struct span body)
{
    struct server_hello m;
    struct server_hello13 x;

    assert_err(gv_wire_read_server_hello(body, &m), OK);
    assert_err(gv_wire_read_server_hello13(&m, &x), OK);
    for (const struct cipher_suite_info *const *c = gv_openssl_provider()->suites; *c != NULL; c++)
        if ((*c)->code == m.suite)
            s->suite = *c;
    s->peer_key = x.share.key;
    s->resumed = x.has_psk;
    return !m.is_retry;
}

bool script_take_hello(struct script *s)
{
    struct span m = script_take(s, s->is_client ? MSG_SERVER_HELLO : MSG_CLIENT_HELLO);
    struct span body = span_from(m, HANDSHAKE_HEADER);

    if (s->is_client)
        return read_server_hello(s, body);
    read_client_hello(s, body);
    return true;
}

static void derive(struct script *s, const char *label, struct secret *out)
{
    uint8_t bytes[HASH_MAX];
    assert_err(gv_schedule13_derive(&s->schedule, label, digest(s, bytes), out), OK);
}

void script_use(struct script *s, bool out, const struct secret *traffic)
{
    uint8_t key[AEAD_KEY_MAX], iv[AEAD_NONCE];
    assert_err(gv_traffic_key13(s->suite, &s->scratch, traffic, key, iv), OK);
    assert_err(gv_record_key(out ? &s->out : &s->in, s->suite, key, iv, out, 0), OK);
}

void script_handshake_keys(struct script *s)
{
    struct secret shared;

    assert_err(gv_transcript_start(&s->transcript, s->suite->hash), OK);
    assert_err(s->share.group->finish(&s->share, s->peer_key, &shared), OK);
    assert_err(gv_schedule13_early(&s->schedule, s->suite->hash, &s->scratch, secret_span(&s->psk)),
               OK);
    assert_err(gv_schedule13_handshake(&s->schedule, secret_span(&shared)), OK);
    derive(s, "c hs traffic", &s->client_hs);
    derive(s, "s hs traffic", &s->server_hs);
    script_use(s, true, s->is_client ? &s->client_hs : &s->server_hs);
    script_use(s, false, s->is_client ? &s->server_hs : &s->client_hs);
}

void script_application_keys(struct script *s)
{
    assert_err(gv_schedule13_main(&s->schedule), OK);
    derive(s, "c ap traffic", &s->client_ap);
    derive(s, "s ap traffic", &s->server_ap);
}

void script_encrypted_extensions(struct script *s)
{
    script_say(s, MSG_ENCRYPTED_EXTENSIONS, exact_hex("0000"));
}

/* Read once: certs_der keeps what it reads. */
static struct span certificate(const char *name)
{
    static struct {
        const char *name;
        struct span der;
    } kept[16];
    size_t i = 0;
    while (kept[i].name != NULL && strcmp(kept[i].name, name) != 0)
        i++;
    assert_true(i < COUNT_OF(kept) - 1);
    if (kept[i].name == NULL) {
        kept[i].name = name;
        kept[i].der = certs_der(name);
    }
    return kept[i].der;
}

void script_certificate(struct script *s, const char *name)
{
    static struct put body;
    body.len = 0;
    put_span(&body, certificate(name));
    put_vec(&body, 0, 3);
    put_uint(&body, 2, 0);
    put_vec(&body, 0, 3);
    uint8_t context = 0;
    struct span whole = exact_join(span_of(&context, 1), put_of(&body));
    script_say(s, MSG_CERTIFICATE, whole);
}

void script_certificate_verify(struct script *s, const char *name, uint16_t scheme)
{
    static struct put content;
    uint8_t bytes[HASH_MAX], signature[SIGNATURE_MAX];
    struct signing_key *key = test_key(name);
    size_t len = 0;

    content.len = 0;
    for (unsigned i = 0; i < 64; i++)
        put_uint(&content, 1, ' ');
    put_span(&content, span_str(s->is_client ? "TLS 1.3, client CertificateVerify"
                                             : "TLS 1.3, server CertificateVerify"));
    put_uint(&content, 1, 0);
    put_span(&content, digest(s, bytes));
    const uint16_t own = key->schemes[0];
    assert_err(key->sign(key, own, put_of(&content), signature, &len), OK);
    gv_signing_key_free(key);
    struct span head = exact_join(number(scheme == 0 ? own : scheme), number((uint16_t)len));
    script_say(s, MSG_CERTIFICATE_VERIFY, exact_join(head, span_of(signature, len)));
}

void script_finished(struct script *s)
{
    uint8_t bytes[HASH_MAX], mac[HASH_MAX];
    const struct secret *base = s->is_client ? &s->client_hs : &s->server_hs;
    assert_err(gv_finished13(s->suite->hash, &s->scratch, base, digest(s, bytes), mac), OK);
    script_say(s, MSG_FINISHED, span_of(mac, s->suite->hash->len));
}

void script_take_flight(struct script *s)
{
    script_take(s, MSG_ENCRYPTED_EXTENSIONS);
    if (s->p->server_config->client_verifier != NULL)
        script_take(s, MSG_CERTIFICATE_REQUEST);
    script_take(s, MSG_CERTIFICATE);
    script_take(s, MSG_CERTIFICATE_VERIFY);
    script_take(s, MSG_FINISHED);
    script_application_keys(s);
    script_use(s, false, &s->server_ap);
}

static void client_handshake(struct script *s)
{
    struct hello h;
    script_client_hello(s, &h);
    script_say_hello(s, &h);
    script_flush(s);
    assert_true(script_take_hello(s));
    script_handshake_keys(s);
    script_take_flight(s);
    script_finished(s);
    script_flush(s);
    script_use(s, true, &s->client_ap);
    derive(s, "res master", &s->resumption);
}

static void server_handshake(struct script *s)
{
    struct hello h;
    script_take_hello(s);
    script_server_hello(s, &h);
    script_say_hello(s, &h);
    script_flush(s);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    script_certificate(s, "p256");
    script_certificate_verify(s, "p256", 0);
    script_finished(s);
    script_application_keys(s);
    script_flush(s);
    script_take(s, MSG_FINISHED);
    derive(s, "res master", &s->resumption);
    script_use(s, true, &s->server_ap);
    script_use(s, false, &s->client_ap);
}

void script_handshake(struct script *s)
{
    s->is_client ? client_handshake(s) : server_handshake(s);
    script_assert_fine(s);
    assert_false(gv_connection_is_handshaking(s->peer));
}

/* ---- resumption ----------------------------------------------------------------------------------------- */

static void derive_psk(struct script *s, struct span nonce, struct secret *psk)
{
    psk->len = s->suite->hash->len;
    assert_err(gv_hkdf_expand_label(s->suite->hash, &s->scratch, secret_span(&s->resumption),
                                    "resumption", nonce, psk->at, psk->len),
               OK);
}

struct script_ticket script_take_ticket(struct script *s)
{
    struct span message = script_take(s, MSG_NEW_SESSION_TICKET);
    struct new_session_ticket m;
    struct script_ticket t;

    assert_err(gv_wire_read_new_session_ticket(span_from(message, HANDSHAKE_HEADER), &m), OK);
    t.ticket = m.ticket;
    t.age_add = m.age_add;
    derive_psk(s, m.nonce, &t.psk);
    return t;
}

struct script_ticket script_send_ticket(struct script *s)
{
    struct script_ticket t = {.ticket = exact_hex("aabbcc"), .age_add = 0};
    script_record(s, CONTENT_HANDSHAKE,
                  exact_hex("04000011 00000e10 00000000 01 07 0003 aabbcc 0000"));
    derive_psk(s, exact_hex("07"), &t.psk);
    return t;
}

/* The binder over the hello without its list of binders, behind what the transcript has. */
static void make_binder(struct script *s, struct span partial, uint8_t out[HASH_MAX])
{
    const struct hash_alg *alg = s->suite->hash;
    struct hash h = s->transcript.hash;
    uint8_t empty[HASH_MAX], sum[HASH_MAX];
    struct secret key;

    assert_err(alg->start(alg, &s->scratch), OK);
    assert_err(alg->finish(&s->scratch, empty), OK);
    if (h.alg == NULL)
        assert_err(alg->start(alg, &h), OK);
    assert_err(alg->add(&h, partial), OK);
    assert_err(alg->finish(&h, sum), OK);
    assert_err(gv_schedule13_early(&s->schedule, alg, &s->scratch, secret_span(&s->psk)), OK);
    assert_err(gv_schedule13_derive(&s->schedule, "res binder", span_of(empty, alg->len), &key),
               OK);
    assert_err(gv_finished13(alg, &s->scratch, &key, span_of(sum, alg->len), out), OK);
}

void script_offer(struct script *s, struct hello *h, const struct script_ticket *t)
{
    static struct put body, whole;
    const size_t len = t->psk.len, binders = 2 + 1 + len;
    uint8_t mac[HASH_MAX] = {0};

    s->psk = t->psk;
    hello_set(h, 45, "01 01");
    hello_drop(h, 41);
    body.len = 0;
    put_span(&body, t->ticket);
    put_vec(&body, 0, 2);
    put_uint(&body, 4, t->age_add);
    put_vec(&body, 0, 2);
    put_uint(&body, 2, 1 + len);
    put_uint(&body, 1, len);
    put_span(&body, span_of(mac, len));
    hello_set_span(h, 41, exact_copy(put_of(&body)));
    whole.len = 0;
    put_hello(&whole, h);
    make_binder(s, span_of(whole.at, whole.len - binders), mac);
    body.len -= len;
    put_span(&body, span_of(mac, len));
    hello_set_span(h, 41, exact_copy(put_of(&body)));
}

/* ---- what came of it ------------------------------------------------------------------------------------ */

/* The last record that the connection wrote is this fatal alert. */
static void assert_told(struct script *s, int alert)
{
    uint8_t type = 0;
    struct span plain = {NULL, 0};
    const uint8_t want[] = {ALERT_LEVEL_FATAL, (uint8_t)alert};

    while (next_record(s, &type, &plain))
        continue;
    assert_int_equal(type, CONTENT_ALERT);
    assert_span(plain, SPAN_OF(want));
}

void script_assert_fails(struct script *s, enum gv_err err, int alert)
{
    const struct failure *f = gv_connection_failure(s->peer);

    if (f->err != err)
        fail_msg("%s (%s), not %s", gv_err_name(f->err), f->birth == NULL ? "" : f->birth,
                 gv_err_name(err));
    assert_int_equal(s->err, err);
    assert_int_equal(f->alert, alert == ALERT_NONE ? -1 : alert);
    if (alert != ALERT_NONE)
        assert_told(s, alert);
    assert_int_equal(gv_connection_process(s->peer), err);
    assert_false(gv_connection_wants_write(s->peer));
}

void script_assert_fine(struct script *s)
{
    const struct failure *f = gv_connection_failure(s->peer);
    if (f->err != GV_OK)
        fail_msg("%s (%s)", gv_err_name(f->err), f->birth);
}
