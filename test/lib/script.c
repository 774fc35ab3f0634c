/* The scripted peer. What it does by itself is right, so that what is wrong is the test's. */
#include "lib/script_inside.h"

#include "base/reader.h"
#include "lib/certs.h"
#include "lib/exact.h"
#include "lib/keys.h"
#include "record/deframe.h"

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
    script_use_version(s, TLS13);
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
    s->got.len = s->said.len = s->flight.len = s->hashed = s->messages.len = 0;
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
bool script_next_record(struct script *s, uint8_t *type, struct span *plain)
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
    if (s->in.suite != NULL && (s->version == TLS12 || r.type == CONTENT_APPLICATION_DATA))
        assert_err(gv_record_open(&s->in, (uint8_t *)record.at, record.len, type, plain), OK);
    return true;
}

/* ---- messages --------------------------------------------------------------------------------------- */

static void hash(struct script *s, struct span message)
{
    put_span(&s->messages, message);
    assert_err(gv_transcript_add(&s->transcript, &s->arena, message), OK);
}

struct span script_digest(struct script *s, uint8_t out[HASH_MAX])
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
    if (h->type == MSG_SERVER_HELLO) {
        assert_err(gv_transcript_start(&s->transcript, s->suite->hash), OK);
        s->server_random = h->random;
        s->extended = hello_has(h, 23);
    } else {
        s->client_random = h->random;
    }
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
        if (!script_next_record(s, &content, &plain))
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

/* ---- what versions share, and what each does in its own way ------------------------------------------- */

void script_use_version(struct script *s, uint16_t version)
{
    struct config_common *const each[] = {&s->p->client_config->common,
                                          &s->p->server_config->common};
    for (size_t i = 0; i < COUNT_OF(each); i++) {
        each[i]->tls12 = version == TLS12;
        each[i]->tls13 = version == TLS13;
    }
    s->version = version;
    s->parts = version == TLS12 ? &script_tls12 : &script_tls13;
    const struct cipher_suite_info *const *suite = gv_openssl_provider()->suites;
    while ((*suite)->version != version)
        suite++;
    s->suite = *suite;
}

static const struct key_exchange_group *find_group(uint16_t code)
{
    const struct key_exchange_group *const *g = gv_openssl_provider()->groups;
    while (*g != NULL && (*g)->code != code)
        g++;
    assert_non_null(*g);
    return *g;
}

struct span script_u16(uint16_t n)
{
    const uint8_t bytes[] = {(uint8_t)(n >> 8), (uint8_t)n};
    return exact_copy(SPAN_OF(bytes));
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

/* Read once: certs_der keeps what it reads. */
struct span script_der(const char *name)
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

struct span script_signature(const char *name, uint16_t scheme, struct span content)
{
    uint8_t signature[SIGNATURE_MAX];
    struct signing_key *key = test_key(name);
    const uint16_t own = key->schemes[0];
    size_t len = 0;

    assert_err(key->sign(key, own, content, signature, &len), OK);
    gv_signing_key_free(key);
    struct span head =
        exact_join(script_u16(scheme == 0 ? own : scheme), script_u16((uint16_t)len));
    return exact_join(head, span_of(signature, len));
}

void script_client_hello(struct script *s, struct hello *h)
{
    s->parts->client_hello(s, h);
}

void script_server_hello(struct script *s, struct hello *h)
{
    s->parts->server_hello(s, h);
}

bool script_take_hello(struct script *s)
{
    return s->parts->take_hello(s);
}

void script_certificate(struct script *s, const char *name)
{
    s->parts->certificate(s, name);
}

void script_certificate_verify(struct script *s, const char *name, uint16_t scheme)
{
    s->parts->certificate_verify(s, name, scheme);
}

void script_finished(struct script *s)
{
    s->parts->finished(s);
}

void script_handshake(struct script *s)
{
    s->parts->handshake(s);
    script_assert_fine(s);
    assert_false(gv_connection_is_handshaking(s->peer));
}

/* ---- what came of it ------------------------------------------------------------------------------------ */

/* The last record that the connection wrote is this fatal alert. */
static void assert_told(struct script *s, int alert)
{
    uint8_t type = 0;
    struct span plain = {NULL, 0};
    const uint8_t want[] = {ALERT_LEVEL_FATAL, (uint8_t)alert};

    while (script_next_record(s, &type, &plain))
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

void script_send_hello(struct script *s, const struct hello *h)
{
    script_say_hello(s, h);
    script_flush(s);
}

void script_use_suite(struct script *s, uint16_t code)
{
    for (const struct cipher_suite_info *const *c = gv_openssl_provider()->suites; *c != NULL; c++)
        if ((*c)->code == code)
            s->suite = *c;
}

void script_know_psks(struct config_common *c)
{
    const struct span key = exact_hex(SCRIPT_PSK_KEY);
    const struct psk_source from[] = {
        {.identity = span_str("a"), .key = key, .hash_len = 32},
        {.identity = span_str("b"), .key = key, .hash_len = 48},
        {.identity = span_str("c"), .key = key, .hash_len = 32, .imported = true},
    };
    assert_err(gv_psk_list_set(&c->psks, c->provider, from, COUNT_OF(from)), OK);
}
