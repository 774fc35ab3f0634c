/* Encrypted Client Hello at the scripted server. */
#include "lib/script_ech.h"

#include "keys/ech_confirm.h"
#include "lib/exact.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ECH = 65037, OUTER_EXTENSIONS = 64768, ID = 7, OTHER_ID = 8, NAME_LEN_MAX = 32 };

/* ---- the key and its configuration ------------------------------------------------------------------ */

static void make_key(struct hpke_key *key, uint8_t id)
{
    const struct hpke_kem *kem = gv_hpke_kem(gv_openssl_provider(), HPKE_DHKEM_X25519);
    uint8_t seed[32] = {id};
    struct secret private_key;

    assert_err(gv_hpke_derive(kem, SPAN_OF(seed), &private_key), OK);
    assert_err(gv_hpke_key_init(key, kem, secret_span(&private_key)), OK);
}

/* An ECHConfig, put together by hand. */
static struct span make_config(uint8_t id)
{
    static struct put p;
    struct hpke_key key;
    size_t at;

    make_key(&key, id);
    p.len = 0;
    put_uint(&p, 1, id);
    put_uint(&p, 2, HPKE_DHKEM_X25519);
    at = p.len;
    put_span(&p, gv_hpke_public(&key));
    put_vec(&p, at, 2);
    put_uint(&p, 2, 4);
    put_uint(&p, 2, HPKE_HKDF_SHA256);
    put_uint(&p, 2, HPKE_AES_128_GCM);
    put_uint(&p, 1, NAME_LEN_MAX);
    at = p.len;
    put_span(&p, span_str(SCRIPT_ECH_PUBLIC_NAME));
    put_vec(&p, at, 1);
    put_uint(&p, 2, 0);
    put_vec(&p, 0, 2);
    gv_hpke_key_drop(&key);
    return exact_join(exact_hex("fe0d"), put_of(&p));
}

static struct span list_of(struct span config)
{
    const uint8_t len[] = {(uint8_t)(config.len >> 8), (uint8_t)config.len};
    return exact_join(SPAN_OF(len), config);
}

struct span script_ech_list(void)
{
    return list_of(make_config(ID));
}

struct span script_ech_other_list(void)
{
    return list_of(make_config(OTHER_ID));
}

void script_ech_enable(struct bare *p)
{
    gv_ech_choice_free(p->client_config->ech);
    assert_err(gv_ech_choice_new(&p->client_config->ech, gv_openssl_provider(), script_ech_list()),
               OK);
}

void script_ech_enable_grease(struct bare *p)
{
    assert_err(gv_ech_choice_new_grease(&p->client_config->ech), OK);
}

/* ---- opening (sections 5.1 and 7.1) ------------------------------------------------------------------- */

static struct span payload_of(struct span outer)
{
    struct client_hello m;
    assert_err(gv_wire_read_client_hello(outer, &m), OK);
    assert_int_equal(m.ech.type, ECH_OUTER);
    return m.ech.payload;
}

/* SetupBaseR for a first hello; Open, with the payload zeroed in what is authenticated. */
static struct span open_payload(struct script_ech *e, struct span outer)
{
    static const char label[] = "tls ech";
    const struct client_hello *m = &e->outer_read;
    struct span aad = exact_copy(outer), payload = exact_copy(payload_of(outer));
    struct span info = exact_join(span_of(label, sizeof label), make_config(ID));
    struct hpke_suite suite;
    struct hpke_key key;

    memset((uint8_t *)payload_of(aad).at, 0, payload.len);
    assert_true(gv_hpke_suite(gv_openssl_provider(), HPKE_DHKEM_X25519, m->ech.suite.kdf,
                              m->ech.suite.aead, &suite));
    assert_int_equal(m->ech.config_id, ID);
    if (m->ech.enc.len != 0) {
        make_key(&key, ID);
        assert_err(gv_hpke_setup_receiver(&e->context, &suite, &key, m->ech.enc, info), OK);
        gv_hpke_key_drop(&key);
    }
    assert_err(gv_hpke_open(&e->context, aad, (uint8_t *)payload.at, payload.len), OK);
    return span_of(payload.at, payload.len - AEAD_TAG);
}

/* The outer hello's extension of that code, whole, at or behind *at, which moves behind it. */
static struct span find_extension(struct span outer, uint16_t code, size_t *at)
{
    struct rd r = rd_of(span_from(outer, 2 + RANDOM_LEN));
    rd_vec(&r, 1, 0, 32);
    rd_vec(&r, 2, 2, 65535);
    rd_vec(&r, 1, 1, 255);
    struct rd all = rd_of(rd_vec(&r, 2, 0, 65535));
    size_t place = 0;
    while (rd_more(&all)) {
        const uint8_t *start = all.at;
        uint16_t found = rd_u16(&all);
        rd_vec(&all, 2, 0, 65535);
        if (place++ >= *at && found == code) {
            *at = place;
            return span_of(start, (size_t)(all.at - start));
        }
    }
    fail_msg("the outer hello has no extension %u, or not in that order", code);
    return span_of(NULL, 0);
}

static void put_references(struct put *p, struct span outer, struct span body)
{
    struct rd r = rd_of(body);
    struct rd codes = rd_of(rd_vec(&r, 1, 2, 254));
    size_t at = 0;
    while (rd_more(&codes)) {
        uint16_t code = rd_u16(&codes);
        assert_int_not_equal(code, ECH);
        put_span(p, find_extension(outer, code, &at));
    }
}

static void put_extensions(struct put *p, struct span outer, struct rd all)
{
    while (rd_more(&all)) {
        const uint8_t *start = all.at;
        uint16_t code = rd_u16(&all);
        struct span body = rd_vec(&all, 2, 0, 65535);
        if (code == OUTER_EXTENSIONS)
            put_references(p, outer, body);
        else
            put_span(p, span_of(start, (size_t)(all.at - start)));
    }
    assert_true(rd_end(&all));
}

/* The ClientHelloInner, with its header. */
static struct span decode(struct span encoded, struct span outer, struct span session_id)
{
    static struct put p;
    struct rd r = rd_of(encoded);
    size_t at;

    p.len = 0;
    put_span(&p, rd_bytes(&r, 2 + RANDOM_LEN));
    assert_int_equal(rd_u8(&r), 0);
    put_uint(&p, 1, session_id.len);
    put_span(&p, session_id);
    struct span suites = rd_vec(&r, 2, 2, 65535);
    put_uint(&p, 2, suites.len);
    put_span(&p, suites);
    assert_span(rd_vec(&r, 1, 1, 255), exact_hex("00"));
    put_uint(&p, 2, 0x0100);
    at = p.len;
    put_extensions(&p, outer, rd_of(rd_vec(&r, 2, 0, 65535)));
    put_vec(&p, at, 2);
    put_header(&p, 0, MSG_CLIENT_HELLO);
    assert_false(r.bad);
    assert_int_equal(encoded.len % 32, 0);
    while (rd_more(&r))
        assert_int_equal(rd_u8(&r), 0);
    return exact_copy(put_of(&p));
}

/* ---- hellos --------------------------------------------------------------------------------------------- */

static void use(struct script *s, const struct client_hello *m)
{
    struct span shares = m->key_shares;
    struct key_share_entry share;

    s->client_random = m->random;
    s->session_id = m->session_id;
    s->peer_key = span_of(NULL, 0);
    if (s->share.group == NULL)
        script_share(s, GROUP_X25519);
    while (gv_next_key_share(&shares, &share))
        if (share.group == s->group)
            s->peer_key = share.key;
}

void script_ech_read(struct script *s, struct script_ech *e)
{
    e->outer = script_take(s, MSG_CLIENT_HELLO);
    assert_err(gv_wire_read_client_hello(span_from(e->outer, HANDSHAKE_HEADER), &e->outer_read),
               OK);
    use(s, &e->outer_read);
}

void script_ech_open(struct script *s, struct script_ech *e)
{
    const struct transcript before = s->transcript;

    script_ech_read(s, e);
    struct span outer = span_from(e->outer, HANDSHAKE_HEADER);
    e->inner = decode(open_payload(e, outer), outer, e->outer_read.session_id);
    assert_err(gv_wire_read_client_hello(span_from(e->inner, HANDSHAKE_HEADER), &e->inner_read),
               OK);
    assert_int_equal(e->inner_read.ech.type, ECH_INNER);
    s->transcript = before;
    assert_err(gv_transcript_add(&s->transcript, &s->arena, e->inner), OK);
    use(s, &e->inner_read);
}

/* ---- confirmations (sections 7.2 and 7.2.1) ----------------------------------------------------------------- */

static struct span confirmation(struct script *s, const struct script_ech *e, const struct hello *h,
                                struct span place, const char *label)
{
    static struct put p;
    uint8_t out[ECH_CONFIRMATION];

    assert_err(gv_transcript_start(&s->transcript, s->suite->hash), OK);
    p.len = 0;
    put_hello(&p, h);
    struct ech_answer answer = {put_of(&p), 0, label};
    while (!span_equal(span_of(p.at + answer.at, place.len), place))
        answer.at++;
    answer.at += place.len - ECH_CONFIRMATION;
    assert_err(gv_ech_confirmation(&s->transcript.hash, e->inner_read.random, &answer, out), OK);
    return exact_copy(SPAN_OF(out));
}

void script_ech_confirm(struct script *s, const struct script_ech *e, struct hello *h)
{
    struct span made = confirmation(s, e, h, h->random, ECH_ACCEPT);
    h->random = exact_join(span_of(h->random.at, RANDOM_LEN - ECH_CONFIRMATION), made);
}

void script_ech_confirm_retry(struct script *s, const struct script_ech *e, struct hello *h)
{
    struct span mark = exact_hex("a0a1a2a3a4a5a6a7");
    hello_set_span(h, ECH, mark);
    hello_set_span(h, ECH, confirmation(s, e, h, mark, ECH_ACCEPT_RETRY));
}

void script_ech_retry_configs(struct script *s, struct span list)
{
    static struct put p;

    p.len = 0;
    put_uint(&p, 2, ECH);
    put_uint(&p, 2, list.len);
    put_span(&p, list);
    put_vec(&p, 0, 2);
    script_say(s, MSG_ENCRYPTED_EXTENSIONS, put_of(&p));
}

void script_ech_drop(struct script_ech *e)
{
    gv_hpke_drop(&e->context);
}
