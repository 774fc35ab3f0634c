/* The scripted peer in TLS 1.2 (RFC 5246, RFC 7627, RFC 8422): what a good client or server says, and
 * its keys. */
#include "lib/script12.h"

#include "config/session_store.h"
#include "lib/exact.h"
#include "lib/script_inside.h"
#include "wire/hello.h"
#include "wire/message12.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum {
    EXT_GROUPS_CODE = 10,
    EXT_EMS_CODE = 23,
    EXT_TICKET_CODE = 35,
    EXT_RENEGOTIATION_CODE = 65281
};
#define SERVER_RANDOM "404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"

/* ---- the key schedule ------------------------------------------------------------------------------ */

static const EVP_MD *digest_of(const struct script *s)
{
    return s->suite->hash->len == 48 ? EVP_sha384() : EVP_sha256();
}

/* RFC 5246 section 5: P_hash; A(i) is kept in front of label and seed. */
static void prf(struct script *s, const struct secret *secret, const char *label, struct span seed,
                uint8_t *out, size_t len)
{
    static struct put in;
    uint8_t a[EVP_MAX_MD_SIZE], block[EVP_MAX_MD_SIZE];
    const EVP_MD *md = digest_of(s);
    const size_t size = s->suite->hash->len;
    struct span first = exact_join(span_str(label), seed);

    HMAC(md, secret->at, secret->len, first.at, first.len, a, NULL);
    while (len != 0) {
        size_t n = len < size ? len : size;
        in.len = 0;
        put_span(&in, span_of(a, size));
        put_span(&in, first);
        HMAC(md, secret->at, secret->len, in.at, in.len, block, NULL);
        memcpy(out, block, n);
        out += n;
        len -= n;
        HMAC(md, secret->at, secret->len, a, size, a, NULL);
    }
}

static struct span messages_digest(struct script *s, uint8_t out[EVP_MAX_MD_SIZE])
{
    unsigned n = 0;
    assert_int_equal(EVP_Digest(s->messages.at, s->messages.len, out, &n, digest_of(s), NULL), 1);
    return span_of(out, n);
}

static void make_master(struct script *s)
{
    struct secret premaster;
    uint8_t bytes[EVP_MAX_MD_SIZE];

    assert_err(s->share.group->finish(&s->share, s->peer_key, &premaster), OK);
    s->master.len = 48;
    if (s->extended)
        prf(s, &premaster, "extended master secret", messages_digest(s, bytes), s->master.at, 48);
    else
        prf(s, &premaster, "master secret", exact_join(s->client_random, s->server_random),
            s->master.at, 48);
}

/* The key block: both keys, then both fixed parts of the nonce (section 6.3). */
static void use_key(struct script *s, struct record_half *half, bool of_client, bool seal)
{
    uint8_t block[2 * (AEAD_KEY_MAX + AEAD_NONCE)], iv[AEAD_NONCE] = {0};
    const size_t key_len = s->suite->aead->key_len, iv_len = s->suite->fixed_iv_len;
    const size_t which = of_client ? 0 : 1;

    prf(s, &s->master, "key expansion", exact_join(s->server_random, s->client_random), block,
        2 * (key_len + iv_len));
    memcpy(iv, block + 2 * key_len + which * iv_len, iv_len);
    assert_err(gv_record_key(half, s->suite, block + which * key_len, iv, seal, 0), OK);
}

static struct span verify_data(struct script *s, bool of_client)
{
    uint8_t bytes[EVP_MAX_MD_SIZE], out[12];

    prf(s, &s->master, of_client ? "client finished" : "server finished", messages_digest(s, bytes),
        out, sizeof out);
    return exact_copy(SPAN_OF(out));
}

/* ---- hellos --------------------------------------------------------------------------------------- */

static void client_hello(struct script *s, struct hello *h)
{
    (void)s;
    *h = (struct hello){.type = MSG_CLIENT_HELLO,
                        .version = TLS12,
                        .random = exact_hex(SCRIPT_RANDOM),
                        .session_id = exact_hex(""),
                        .suites = exact_hex("c02b c02f c02c c030 cca9 cca8"),
                        .compressions = exact_hex("00")};
    hello_add(h, 0, "000c 00 0009 6c6f63616c686f7374");
    hello_add(h, EXT_GROUPS_CODE, "0006 001d 0017 0018");
    hello_add(h, 11, "01 00");
    hello_add(h, 13, "000c 0403 0503 0804 0807 0401 0501");
    hello_add(h, EXT_EMS_CODE, "");
    hello_add(h, EXT_TICKET_CODE, "");
    hello_add(h, EXT_RENEGOTIATION_CODE, "00");
}

static void server_hello(struct script *s, struct hello *h)
{
    *h = (struct hello){.type = MSG_SERVER_HELLO,
                        .version = TLS12,
                        .random = exact_hex(SERVER_RANDOM),
                        .session_id = exact_hex(""),
                        .suites = script_u16(s->suite->code),
                        .compressions = exact_hex("00")};
    hello_add(h, EXT_EMS_CODE, "");
    hello_add(h, EXT_RENEGOTIATION_CODE, "00");
}

static void read_client_hello(struct script *s, struct span body)
{
    struct client_hello m;

    assert_err(gv_wire_read_client_hello(body, &m), OK);
    s->client_random = m.random;
    s->session_id = m.session_id;
    script_share(s, GROUP_X25519);
}

static void read_server_hello(struct script *s, struct span body)
{
    struct server_hello m;
    struct server_hello12 x;

    assert_err(gv_wire_read_server_hello(body, &m), OK);
    assert_err(gv_wire_read_server_hello12(&m, &x), OK);
    for (const struct cipher_suite_info *const *c = gv_openssl_provider()->suites; *c != NULL; c++)
        if ((*c)->code == m.suite)
            s->suite = *c;
    s->server_random = m.random;
    s->resumed = m.session_id.len != 0 && span_equal(m.session_id, s->session_id);
    s->session_id = m.session_id;
    s->extended = x.extended_master_secret;
    s->ticket = x.ticket;
}

static bool take_hello(struct script *s)
{
    struct span m = script_take(s, s->is_client ? MSG_SERVER_HELLO : MSG_CLIENT_HELLO);
    struct span body = span_from(m, HANDSHAKE_HEADER);

    s->is_client ? read_server_hello(s, body) : read_client_hello(s, body);
    return true;
}

/* ---- certificates ------------------------------------------------------------------------------------ */

static void say_certificate(struct script *s, const char *name)
{
    static struct put body;
    body.len = 0;
    put_span(&body, script_der(name));
    put_vec(&body, 0, 3);
    put_vec(&body, 0, 3);
    script_say(s, MSG_CERTIFICATE, put_of(&body));
}

static void say_certificate_verify(struct script *s, const char *name, uint16_t scheme)
{
    script_say(s, MSG_CERTIFICATE_VERIFY, script_signature(name, scheme, put_of(&s->messages)));
}

void script12_request(struct script *s)
{
    script_say(s, MSG_CERTIFICATE_REQUEST, exact_hex("02 01 40 0006 0403 0804 0807 0000"));
}

/* ---- key exchange ------------------------------------------------------------------------------------- */

struct key_exchange12 script12_key_exchange(struct script *s, const char *signer)
{
    return (struct key_exchange12){.curve_type = 3,
                                   .group = s->group,
                                   .point = s->share_key,
                                   .client_random = s->client_random,
                                   .server_random = s->server_random,
                                   .signer = signer};
}

void script12_say_key_exchange(struct script *s, const struct key_exchange12 *x)
{
    static struct put params;
    params.len = 0;
    put_uint(&params, 1, x->curve_type);
    put_uint(&params, 2, x->group);
    put_uint(&params, 1, x->point.len);
    put_span(&params, x->point);
    struct span content =
        exact_join(exact_join(x->client_random, x->server_random), put_of(&params));
    script_say(s, MSG_SERVER_KEY_EXCHANGE,
               exact_join(put_of(&params), script_signature(x->signer, x->scheme, content)));
}

void script12_done(struct script *s)
{
    script_say(s, MSG_SERVER_HELLO_DONE, exact_hex(""));
    script_flush(s);
}

void script12_server_flight(struct script *s, const char *name)
{
    say_certificate(s, name);
    struct key_exchange12 x = script12_key_exchange(s, name);
    script12_say_key_exchange(s, &x);
    script12_done(s);
}

void script12_take_server_flight(struct script *s)
{
    struct server_key_exchange m;

    script_take(s, MSG_CERTIFICATE);
    struct span message = script_take(s, MSG_SERVER_KEY_EXCHANGE);
    assert_err(gv_wire_read_server_key_exchange(span_from(message, HANDSHAKE_HEADER), &m), OK);
    script_share(s, m.group);
    s->peer_key = m.point;
    if (s->p->server_config->client_verifier != NULL)
        script_take(s, MSG_CERTIFICATE_REQUEST);
    script_take(s, MSG_SERVER_HELLO_DONE);
}

void script12_say_point(struct script *s, struct span point)
{
    static struct put body;
    body.len = 0;
    put_span(&body, point);
    put_vec(&body, 0, 1);
    script_say(s, MSG_CLIENT_KEY_EXCHANGE, put_of(&body));
}

void script12_client_key_exchange(struct script *s)
{
    script12_say_point(s, s->share_key);
    make_master(s);
}

/* Whether it was asked is told by what comes. */
void script12_take_client_flight(struct script *s)
{
    struct span point;
    const bool asked = s->p->client_config->common.keys.count != 0;

    if (asked)
        script_take(s, MSG_CERTIFICATE);
    struct span message = script_take(s, MSG_CLIENT_KEY_EXCHANGE);
    assert_err(gv_wire_read_client_key_exchange(span_from(message, HANDSHAKE_HEADER), &point), OK);
    s->peer_key = point;
    make_master(s);
    if (asked)
        script_take(s, MSG_CERTIFICATE_VERIFY);
}

/* ---- the end -------------------------------------------------------------------------------------------- */

void script12_change(struct script *s)
{
    script_flush(s);
    script_ccs(s);
    use_key(s, &s->out, s->is_client, true);
}

void script12_take_change(struct script *s)
{
    uint8_t type;
    struct span plain;

    assert_int_equal(s->said.len, 0);
    if (!script_next_record(s, &type, &plain) || type != CONTENT_CHANGE_CIPHER_SPEC)
        fail_msg("no ChangeCipherSpec comes (%s)", gv_err_name(s->err));
    use_key(s, &s->in, !s->is_client, false);
}

static void say_finished(struct script *s)
{
    script_say(s, MSG_FINISHED, verify_data(s, s->is_client));
}

void script12_end(struct script *s)
{
    script12_change(s);
    say_finished(s);
    script_flush(s);
}

void script12_take_end(struct script *s)
{
    script12_take_change(s);
    struct span want = verify_data(s, !s->is_client);
    assert_span(span_from(script_take(s, MSG_FINISHED), HANDSHAKE_HEADER), want);
}

void script12_new_ticket(struct script *s, const char *ticket)
{
    static struct put body;
    body.len = 0;
    put_span(&body, exact_hex(ticket));
    put_vec(&body, 0, 2);
    script_say(s, MSG_NEW_SESSION_TICKET, exact_join(exact_hex("00000e10"), put_of(&body)));
}

static void client_handshake(struct script *s)
{
    struct hello h;
    client_hello(s, &h);
    script_say_hello(s, &h);
    script_flush(s);
    take_hello(s);
    script12_take_server_flight(s);
    script12_client_key_exchange(s);
    script12_end(s);
    if (s->ticket)
        script_take(s, MSG_NEW_SESSION_TICKET);
    script12_take_end(s);
}

static void server_handshake(struct script *s)
{
    struct hello h;
    take_hello(s);
    server_hello(s, &h);
    script_say_hello(s, &h);
    script12_server_flight(s, "p256");
    script12_take_client_flight(s);
    script12_take_end(s);
    script12_end(s);
}

static void handshake(struct script *s)
{
    s->is_client ? client_handshake(s) : server_handshake(s);
}

/* ---- resumption ----------------------------------------------------------------------------------------- */

/* A server that gives a session out, by its id or in a ticket. */
static struct session12 give(struct script *s, bool ticket, bool extended)
{
    struct session12 out = {.id = exact_hex(ticket ? "" : SERVER_RANDOM),
                            .ticket = exact_hex(ticket ? "aabbcc" : "")};
    struct hello h;

    take_hello(s);
    server_hello(s, &h);
    h.session_id = out.id;
    if (ticket)
        hello_add(&h, EXT_TICKET_CODE, "");
    if (!extended)
        hello_drop(&h, EXT_EMS_CODE);
    script_say_hello(s, &h);
    script12_server_flight(s, "p256");
    script12_take_client_flight(s);
    script12_take_end(s);
    if (ticket)
        script12_new_ticket(s, "aabbcc");
    script12_end(s);
    return out;
}

/* A client that is given one, by a server with a ticketer or without. */
static struct session12 receive(struct script *s, bool extended)
{
    struct session12 out = {.id = exact_hex(""), .ticket = exact_hex("")};
    struct hello h;

    client_hello(s, &h);
    if (!extended)
        hello_drop(&h, EXT_EMS_CODE);
    script_say_hello(s, &h);
    script_flush(s);
    take_hello(s);
    out.id = s->session_id;
    script12_take_server_flight(s);
    script12_client_key_exchange(s);
    script12_end(s);
    if (s->ticket) {
        struct span m = script_take(s, MSG_NEW_SESSION_TICKET);
        out.ticket = span_from(m, HANDSHAKE_HEADER + 4 + 2);
    }
    script12_take_end(s);
    return out;
}

struct session12 script12_first(struct script *s, bool ticket, bool extended)
{
    struct server_config *config = s->p->server_config;

    if (s->is_client && ticket && config->ticketer == NULL)
        assert_err(gv_ticketer_new(&config->ticketer, gv_openssl_provider()), OK);
    struct session12 out = s->is_client ? receive(s, extended) : give(s, ticket, extended);
    script_assert_fine(s);
    assert_false(gv_connection_is_handshaking(s->peer));
    out.master = s->master;
    out.extended = s->extended;
    script_begin(s);
    return out;
}

/* RFC 5077 section 3.4: a ticket comes with an id of chance, so that its echo can tell. */
static void offer(struct script *s, struct hello *h, const struct session12 *from)
{
    client_hello(s, h);
    h->session_id = from->id.len != 0 ? from->id : exact_hex(SCRIPT_RANDOM);
    hello_set_span(h, EXT_TICKET_CODE, from->ticket);
    s->session_id = h->session_id;
}

static void accept(struct script *s, struct hello *h)
{
    take_hello(s);
    server_hello(s, h);
    h->session_id = s->session_id;
}

void script12_again(struct script *s, struct hello *h, const struct session12 *from)
{
    if (s->is_client)
        offer(s, h, from);
    else
        accept(s, h);
    if (!from->extended)
        hello_drop(h, EXT_EMS_CODE);
}

void script12_say_again(struct script *s, struct hello *h, const struct session12 *from)
{
    s->master = from->master;
    script_say_hello(s, h);
    if (!s->is_client) {
        script12_end(s);
        script12_take_end(s);
        return;
    }
    script_flush(s);
    take_hello(s);
    assert_true(s->resumed);
    if (s->ticket)
        script_take(s, MSG_NEW_SESSION_TICKET);
    script12_take_end(s);
    script12_end(s);
}

const struct script_parts script_tls12 = {
    .client_hello = client_hello,
    .server_hello = server_hello,
    .take_hello = take_hello,
    .certificate = say_certificate,
    .certificate_verify = say_certificate_verify,
    .finished = say_finished,
    .handshake = handshake,
};
