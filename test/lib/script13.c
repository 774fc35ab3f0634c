/* The scripted peer in TLS 1.3: what a good client or server says, and its keys. */
#include "lib/script_inside.h"

#include "lib/exact.h"
#include "wire/hello.h"
#include "wire/message.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* ---- hellos --------------------------------------------------------------------------------------- */

/* KeyShareEntry of the script's share. */
static struct span share_entry(struct script *s)
{
    return exact_join(exact_join(script_u16(s->group), script_u16((uint16_t)s->share_key.len)),
                      s->share_key);
}

static void client_hello(struct script *s, struct hello *h)
{
    if (s->share.group == NULL)
        script_share(s, GROUP_X25519);
    *h = (struct hello){.type = MSG_CLIENT_HELLO,
                        .version = TLS12,
                        .random = exact_hex(SCRIPT_RANDOM),
                        .session_id = exact_hex(SCRIPT_RANDOM),
                        .suites = exact_hex("130213011303"),
                        .compressions = exact_hex("00")};
    hello_add(h, 0, "000c 00 0009 6c6f63616c686f7374");
    hello_add(h, 10, "0006 001d 0017 0018");
    hello_add(h, 13, "0008 0403 0503 0804 0807");
    hello_add(h, 43, "02 0304");
    struct span entry = share_entry(s);
    hello_set_span(h, 51, exact_join(script_u16((uint16_t)entry.len), entry));
}

static void server_hello(struct script *s, struct hello *h)
{
    *h = (struct hello){.type = MSG_SERVER_HELLO,
                        .version = TLS12,
                        .random = exact_hex(SCRIPT_RANDOM),
                        .session_id = s->session_id,
                        .suites = script_u16(s->suite->code),
                        .compressions = exact_hex("00")};
    hello_add(h, 43, "0304");
    hello_set_span(h, 51, share_entry(s));
}

void script_retry(struct script *s, struct hello *h, uint16_t group)
{
    server_hello(s, h);
    h->random = exact_copy(SPAN_OF(gv_hello_retry_random));
    hello_set_span(h, 51, script_u16(group));
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

static bool take_hello(struct script *s)
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
    assert_err(gv_schedule13_derive(&s->schedule, label, script_digest(s, bytes), out), OK);
}

void script_use(struct script *s, bool out, const struct secret *traffic)
{
    uint8_t key[AEAD_KEY_MAX], iv[AEAD_NONCE];
    assert_err(gv_traffic_key13(s->suite, traffic, key, iv), OK);
    assert_err(gv_record_key(out ? &s->out : &s->in, s->suite, key, iv, out, 0), OK);
}

void script_handshake_keys(struct script *s)
{
    struct secret shared;

    assert_err(gv_transcript_start(&s->transcript, s->suite->hash), OK);
    assert_err(s->share.group->finish(&s->share, s->peer_key, &shared), OK);
    assert_err(gv_schedule13_early(&s->schedule, s->suite->hash, secret_span(&s->psk)), OK);
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

static void say_certificate(struct script *s, const char *name)
{
    static struct put body;
    body.len = 0;
    put_span(&body, script_der(name));
    put_vec(&body, 0, 3);
    put_uint(&body, 2, 0);
    put_vec(&body, 0, 3);
    uint8_t context = 0;
    struct span whole = exact_join(span_of(&context, 1), put_of(&body));
    script_say(s, MSG_CERTIFICATE, whole);
}

static void say_certificate_verify(struct script *s, const char *name, uint16_t scheme)
{
    static struct put content;
    uint8_t bytes[HASH_MAX];

    content.len = 0;
    for (unsigned i = 0; i < 64; i++)
        put_uint(&content, 1, ' ');
    put_span(&content, span_str(s->is_client ? "TLS 1.3, client CertificateVerify"
                                             : "TLS 1.3, server CertificateVerify"));
    put_uint(&content, 1, 0);
    put_span(&content, script_digest(s, bytes));
    script_say(s, MSG_CERTIFICATE_VERIFY, script_signature(name, scheme, put_of(&content)));
}

static void say_finished(struct script *s)
{
    uint8_t bytes[HASH_MAX], mac[HASH_MAX];
    const struct secret *base = s->is_client ? &s->client_hs : &s->server_hs;
    assert_err(gv_finished13(s->suite->hash, base, script_digest(s, bytes), mac), OK);
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
    client_hello(s, &h);
    script_say_hello(s, &h);
    script_flush(s);
    assert_true(take_hello(s));
    script_handshake_keys(s);
    script_take_flight(s);
    say_finished(s);
    script_flush(s);
    script_use(s, true, &s->client_ap);
    derive(s, "res master", &s->resumption);
}

static void server_handshake(struct script *s)
{
    struct hello h;
    take_hello(s);
    server_hello(s, &h);
    script_say_hello(s, &h);
    script_flush(s);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    say_certificate(s, "p256");
    say_certificate_verify(s, "p256", 0);
    say_finished(s);
    script_application_keys(s);
    script_flush(s);
    script_take(s, MSG_FINISHED);
    derive(s, "res master", &s->resumption);
    script_use(s, true, &s->server_ap);
    script_use(s, false, &s->client_ap);
}

static void handshake(struct script *s)
{
    s->is_client ? client_handshake(s) : server_handshake(s);
}

/* ---- resumption ----------------------------------------------------------------------------------------- */

static void derive_psk(struct script *s, struct span nonce, struct secret *psk)
{
    assert_err(gv_ticket_secret13(s->suite->hash, &s->resumption, nonce, psk), OK);
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

struct script_ticket script_first(struct script *s)
{
    struct hello h;
    client_hello(s, &h);
    hello_set(&h, 45, "01 01");
    script_say_hello(s, &h);
    script_flush(s);
    assert_true(take_hello(s));
    script_handshake_keys(s);
    script_take_flight(s);
    say_finished(s);
    script_flush(s);
    derive(s, "res master", &s->resumption);
    struct script_ticket t = script_take_ticket(s);
    script_begin(s);
    return t;
}

void script_early_key(struct script *s)
{
    assert_err(gv_transcript_start(&s->transcript, s->suite->hash), OK);
    assert_err(gv_schedule13_early(&s->schedule, s->suite->hash, secret_span(&s->psk)), OK);
    derive(s, "c e traffic", &s->early);
    script_use(s, s->is_client, &s->early);
}

/* The binder over the hello without its list of binders, behind what the transcript has. */
static void make_binder(struct script *s, struct span partial, uint8_t out[HASH_MAX])
{
    const struct hash_alg *alg = s->suite->hash;
    struct hash h = s->transcript.hash;
    uint8_t sum[HASH_MAX];
    struct secret key;

    if (h.alg == NULL)
        assert_err(alg->start(alg, &h), OK);
    assert_err(alg->add(&h, partial), OK);
    assert_err(alg->finish(&h, sum), OK);
    assert_err(gv_schedule13_early(&s->schedule, alg, secret_span(&s->psk)), OK);
    assert_err(gv_schedule13_binder_key(&s->schedule, "res binder", &key), OK);
    assert_err(gv_finished13(alg, &key, span_of(sum, alg->len), out), OK);
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

const struct script_parts script_tls13 = {
    .client_hello = client_hello,
    .server_hello = server_hello,
    .take_hello = take_hello,
    .certificate = say_certificate,
    .certificate_verify = say_certificate_verify,
    .finished = say_finished,
    .handshake = handshake,
};
