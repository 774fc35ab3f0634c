/* What a client does wrong with external pre-shared keys, in TLS 1.3. The numbers are those of
 * test/misbehave/scenarios.tsv. */
#include "lib/exact.h"
#include "lib/sin.h"

#include "wire/hello.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { PSK = 41, EARLY = 42, MODES = 45, SCHEMES = 13 };

#define EXT "ext binder"
#define IMP "imp binder"

/* ---- configs ------------------------------------------------------------------------------------- */

static void with_keys(struct bare *p)
{
    script_know_psks(&p->server_config->common);
}

static void with_keys_alone(struct bare *p)
{
    with_keys(p);
    gv_certified_key_list_drop(&p->server_config->common.keys);
}

static void with_keys_and_retry(struct bare *p)
{
    static struct provider narrowed;
    static const struct key_exchange_group *one[2];
    const struct key_exchange_group *const *g = gv_openssl_provider()->groups;
    while ((*g)->code != GROUP_SECP256R1)
        g++;
    one[0] = *g;
    narrowed = *gv_openssl_provider();
    narrowed.groups = one;
    p->server_config->common.provider = &narrowed;
    with_keys(p);
}

static void with_certificates_required(struct bare *p)
{
    with_keys(p);
    p->server_config->client_verifier = bare_trusting_verifier(true);
}

static void with_early_data(struct bare *p)
{
    with_keys(p);
    p->server_config->max_early_data = 1000;
}

/* ---- a client's offers ------------------------------------------------------------------------------ */

struct offer {
    struct span identity, key;
    const char *label;
    uint8_t hash_len;
    bool forged; /* a bit of its binder is flipped */
};

static struct offer plain(void)
{
    return (struct offer){span_str("a"), exact_hex(SCRIPT_PSK_KEY), EXT, 32, false};
}

static struct offer plain384(void)
{
    return (struct offer){span_str("b"), exact_hex(SCRIPT_PSK_KEY), EXT, 48, false};
}

/* A copy of what the server itself has. */
static struct offer imported(const struct script *s, size_t which)
{
    const struct psk *psk = &s->p->server_config->common.psks.at[which];
    return (struct offer){psk->name.wire, secret_span(&psk->key), IMP, psk->hash->len, false};
}

static struct offer stranger(void)
{
    return (struct offer){span_str("nobody"), exact_hex(SCRIPT_PSK_KEY), EXT, 32, false};
}

static void make_binder(const struct script *s, const struct offer *o, struct span covered,
                        uint8_t out[HASH_MAX])
{
    const struct hash_alg *alg = gv_psk_hash(gv_openssl_provider(), o->hash_len);
    struct hash h = s->transcript.hash;
    struct schedule13 schedule;
    uint8_t sum[HASH_MAX];
    struct secret key;

    if (h.alg == NULL)
        assert_err(alg->start(alg, &h), OK);
    assert_err(h.alg->add(&h, covered), OK);
    assert_err(h.alg->finish(&h, sum), OK);
    assert_err(gv_schedule13_early(&schedule, alg, o->key), OK);
    assert_err(gv_schedule13_binder_key(&schedule, o->label, &key), OK);
    assert_err(gv_finished13(alg, &key, span_of(sum, alg->len), out), OK);
    out[0] ^= o->forged;
}

static struct span put_offers(const struct offer *offers, size_t identities, size_t binders,
                              uint8_t (*macs)[HASH_MAX])
{
    static struct put body;
    size_t from;

    body.len = 0;
    for (size_t i = 0; i < identities; i++) {
        from = body.len;
        put_span(&body, offers[i].identity);
        put_vec(&body, from, 2);
        put_uint(&body, 4, 0);
    }
    put_vec(&body, 0, 2);
    size_t list = body.len;
    for (size_t i = 0; i < binders; i++) {
        from = body.len;
        put_span(&body, span_of(macs[i], offers[i].hash_len));
        put_vec(&body, from, 1);
    }
    put_vec(&body, list, 2);
    return exact_copy(put_of(&body));
}

enum { OFFERS = 64 };

/* Puts so many identities and so many binders into a hello, which must not change after that. */
static void offer_uneven(struct script *s, struct hello *h, const struct offer *offers,
                         size_t identities, size_t binders)
{
    static struct put whole;
    static uint8_t macs[OFFERS][HASH_MAX];
    size_t list = 2;

    memset(macs, 0, sizeof macs);
    for (size_t i = 0; i < binders; i++)
        list += 1u + offers[i].hash_len;
    hello_set(h, MODES, "01 01");
    hello_drop(h, PSK);
    hello_set_span(h, PSK, put_offers(offers, identities, binders, macs));
    whole.len = 0;
    put_hello(&whole, h);
    for (size_t i = 0; i < binders; i++)
        make_binder(s, &offers[i], span_of(whole.at, whole.len - list), macs[i]);
    hello_set_span(h, PSK, put_offers(offers, identities, binders, macs));
}

static void offer(struct script *s, struct hello *h, const struct offer *offers, size_t count)
{
    offer_uneven(s, h, offers, count, count);
}

/* A first hello with these keys. */
static void say_offers(struct script *s, const struct offer *offers, size_t count)
{
    struct hello h;
    script_client_hello(s, &h);
    offer(s, &h, offers, count);
    script_send_hello(s, &h);
}

static void say_offer(struct script *s, struct offer o)
{
    say_offers(s, &o, 1);
}

/* Behind the hello, to the end: with that key, or with a certificate where it is NULL. */
static void finish(struct script *s, const struct offer *by)
{
    assert_true(script_take_hello(s));
    assert_int_equal(s->resumed, by != NULL);
    s->psk.len = 0;
    if (by != NULL) {
        s->psk.len = (uint8_t)by->key.len;
        span_copy(s->psk.at, by->key);
        assert_int_equal(s->suite->hash->len, by->hash_len);
    }
    script_handshake_keys(s);
    if (by == NULL) {
        script_take_flight(s);
    } else {
        script_take(s, MSG_ENCRYPTED_EXTENSIONS);
        script_take(s, MSG_FINISHED);
        script_application_keys(s);
        script_use(s, false, &s->server_ap);
    }
    script_finished(s);
    script_flush(s);
    assert_false(gv_connection_is_handshaking(s->peer));
    const struct agreed *agreed = gv_connection_agreed(s->peer);
    assert_span(agreed_psk(agreed), by == NULL ? span_of(NULL, 0) : by->identity);
    assert_int_not_equal(agreed->kind, HANDSHAKE_RESUMED);
}

static void may_a_client_come_with_a_key(struct script *s)
{
    const struct offer all[] = {plain(), plain384(), imported(s, 2), imported(s, 3)};
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        say_offers(s, &all[i], 1);
        finish(s, &all[i]);
        script_begin(s);
    }
}

static void hostile_21_a_wrong_binder(struct script *s)
{
    struct offer o = plain();
    o.forged = true;
    say_offer(s, o);
}

static void hostile_21_a_binder_of_another_key(struct script *s)
{
    struct offer o = plain();
    o.key = exact_flip(o.key, 15, 1);
    say_offer(s, o);
}

/* The binder of a session's key, and of one that was imported: what is signed is the same. */
static void hostile_21_a_binder_of_another_kind(struct script *s)
{
    struct offer o = plain();
    o.label = "res binder";
    say_offer(s, o);
}

static void hostile_21_a_binder_as_if_it_were_imported(struct script *s)
{
    struct offer o = plain();
    o.label = IMP;
    say_offer(s, o);
}

static void hostile_21_an_import_with_a_binder_of_no_import(struct script *s)
{
    struct offer o = imported(s, 2);
    o.label = EXT;
    say_offer(s, o);
}

/* Whoever has the key that was imported cannot use it as it is. */
static void hostile_21_an_import_with_the_key_itself(struct script *s)
{
    struct offer o = imported(s, 2);
    o.key = exact_hex(SCRIPT_PSK_KEY);
    say_offer(s, o);
}

static void hostile_21_a_binder_of_another_length(struct script *s)
{
    struct offer o = plain();
    o.hash_len = 48;
    say_offer(s, o);
}

static void hostile_21_a_wrong_binder_where_there_are_keys_alone(struct script *s)
{
    hostile_21_a_wrong_binder(s);
}

static void an_identity_without_bytes(struct script *s)
{
    struct offer o = plain();
    o.identity = span_of(NULL, 0);
    say_offer(s, o);
}

/* As long as the limit of a handshake message allows, and longer. */
static void may_an_identity_be_long(struct script *s)
{
    static uint8_t name[65000];
    struct offer o = stranger();
    memset(name, 'a', sizeof name);
    o.identity = SPAN_OF(name);
    say_offer(s, o);
    finish(s, NULL);
}

static void an_identity_of_65535_bytes(struct script *s)
{
    static uint8_t name[65535 - 2 - 2 - 4 - 2 - 33]; /* the extension is full */
    struct offer o = stranger();
    memset(name, 'a', sizeof name);
    o.identity = SPAN_OF(name);
    say_offer(s, o);
}

static void may_identities_be_many(struct script *s)
{
    struct offer many[OFFERS];
    for (size_t i = 0; i < OFFERS; i++)
        many[i] = stranger();
    many[8] = plain();
    say_offers(s, many, OFFERS);
    finish(s, &many[8]);
}

/* No further than an honest client would offer is looked. */
static void may_the_search_for_a_key_end(struct script *s)
{
    struct offer many[OFFERS];
    for (size_t i = 0; i < OFFERS; i++)
        many[i] = stranger();
    many[9] = plain();
    say_offers(s, many, OFFERS);
    finish(s, NULL);
}

static void hostile_29_fewer_binders_than_identities(struct script *s)
{
    const struct offer offers[] = {stranger(), plain()};
    struct hello h;
    script_client_hello(s, &h);
    offer_uneven(s, &h, offers, 2, 1);
    script_send_hello(s, &h);
}

static void hostile_29_more_binders_than_identities(struct script *s)
{
    const struct offer offers[] = {plain(), plain384()};
    struct hello h;
    script_client_hello(s, &h);
    offer_uneven(s, &h, offers, 1, 2);
    script_send_hello(s, &h);
}

static void may_an_identity_stand_twice(struct script *s)
{
    const struct offer offers[] = {plain(), plain()};
    say_offers(s, offers, 2);
    finish(s, &offers[0]);
}

static void may_the_binder_of_a_key_not_taken_be_anything(struct script *s)
{
    struct offer offers[] = {stranger(), plain(), plain()};
    offers[0].forged = offers[2].forged = true;
    say_offers(s, offers, 3);
    finish(s, &offers[1]);
}

static void an_identity_twice_the_first_time_forged(struct script *s)
{
    struct offer offers[] = {plain(), plain()};
    offers[0].forged = true;
    say_offers(s, offers, 2);
}

/* The key's digest decides which suite, and without one of it the key is of no use. */
static void may_a_key_not_cross_hashes(struct script *s)
{
    const struct offer o = plain();
    struct hello h;
    script_client_hello(s, &h);
    h.suites = exact_hex("1302");
    offer(s, &h, &o, 1);
    script_send_hello(s, &h);
    finish(s, NULL);
}

static void may_the_next_key_fit_the_suite(struct script *s)
{
    const struct offer offers[] = {plain(), plain384()};
    struct hello h;
    script_client_hello(s, &h);
    h.suites = exact_hex("1302");
    offer(s, &h, offers, 2);
    script_send_hello(s, &h);
    finish(s, &offers[1]);
}

/* psk_ke alone is nothing that we do. */
static void psk_ke(struct script *s)
{
    const struct offer o = plain();
    struct hello h;
    script_client_hello(s, &h);
    hello_set(&h, MODES, "01 01");
    offer(s, &h, &o, 1);
    hello_set(&h, MODES, "01 00");
    script_send_hello(s, &h);
}

static void may_a_key_come_with_another_mode(struct script *s)
{
    psk_ke(s);
    finish(s, NULL);
}

static void another_mode_where_there_are_keys_alone(struct script *s)
{
    psk_ke(s);
}

static void modes_missing(struct script *s)
{
    const struct offer o = plain();
    struct hello h;
    script_client_hello(s, &h);
    offer(s, &h, &o, 1);
    hello_drop(&h, MODES);
    script_send_hello(s, &h);
}

static void no_key_where_there_are_keys_alone(struct script *s)
{
    struct hello h;
    script_client_hello(s, &h);
    script_send_hello(s, &h);
}

static void an_unknown_key_where_there_are_keys_alone(struct script *s)
{
    say_offer(s, stranger());
}

/* RFC 9846 section 9.2: who comes with a key need not say what signatures it can verify. */
static void without_schemes(struct script *s, struct offer o)
{
    struct hello h;
    script_client_hello(s, &h);
    hello_drop(&h, SCHEMES);
    offer(s, &h, &o, 1);
    script_send_hello(s, &h);
}

static void may_signature_algorithms_be_missing(struct script *s)
{
    const struct offer o = plain();
    without_schemes(s, o);
    finish(s, &o);
}

static void signature_algorithms_missing_for_the_certificate(struct script *s)
{
    without_schemes(s, stranger());
}

/* A key may not stand in for the certificate that is required. */
static void hostile_31_a_key_without_the_certificate_required(struct script *s)
{
    say_offer(s, plain());
    assert_true(script_take_hello(s));
    assert_false(s->resumed);
    s->psk.len = 0;
    script_handshake_keys(s);
    script_take_flight(s);
    script_say(s, MSG_CERTIFICATE, exact_hex("00 000000"));
    script_flush(s);
}

static void may_hostile_34_early_data_come_with_a_key(struct script *s)
{
    const struct offer o = plain();
    struct hello h;
    script_client_hello(s, &h);
    hello_add(&h, EARLY, "");
    offer(s, &h, &o, 1);
    script_send_hello(s, &h);
    finish(s, &o);
    assert_int_equal(gv_connection_agreed(s->peer)->early, EARLY_REJECTED);
}

/* ---- after a HelloRetryRequest ------------------------------------------------------------------------ */

/* The second hello, which shall still be given its keys. */
static struct hello retried(struct script *s, const struct offer *first, uint16_t suite)
{
    struct hello h;
    script_client_hello(s, &h);
    offer(s, &h, first, 1);
    script_send_hello(s, &h);
    script_use_suite(s, suite);
    script_hash_retry(s);
    assert_false(script_take_hello(s));
    assert_int_equal(s->suite->code, suite);
    script_share(s, GROUP_SECP256R1);
    script_client_hello(s, &h);
    return h;
}

static void may_a_key_come_again_after_a_retry(struct script *s)
{
    const struct offer o = plain();
    struct hello h = retried(s, &o, 0x1301);
    offer(s, &h, &o, 1);
    script_send_hello(s, &h);
    finish(s, &o);
}

/* The suite stays what the HelloRetryRequest said, though the key that decided it is gone. */
static void may_hostile_20_the_second_hello_drop_its_key(struct script *s)
{
    const struct offer o = plain();
    struct hello h = retried(s, &o, 0x1301);
    hello_set(&h, MODES, "01 01");
    script_send_hello(s, &h);
    finish(s, NULL);
    assert_int_equal(s->suite->code, 0x1301);
}

static void may_the_second_hello_bring_a_key_for_another_suite(struct script *s)
{
    const struct offer first = plain(), second = plain384();
    struct hello h = retried(s, &first, 0x1301);
    struct offer offers[] = {second, first};
    offers[0].hash_len = 32; /* as long as the transcript's: it must not even be looked at */
    offer(s, &h, offers, 2);
    script_send_hello(s, &h);
    finish(s, &first);
}

static void hostile_21_a_wrong_binder_after_a_retry(struct script *s)
{
    struct offer o = plain();
    struct hello h = retried(s, &o, 0x1301);
    o.forged = true;
    offer(s, &h, &o, 1);
    script_send_hello(s, &h);
}

/* clang-format off */
static const struct sin sins[] = {
    CLIENT_MAY_AT(with_keys, may_a_client_come_with_a_key),
    CLIENT_SINS_AT(with_keys, hostile_21_a_wrong_binder, BINDER_WRONG, DECRYPT_ERROR),
    CLIENT_SINS_AT(with_keys, hostile_21_a_binder_of_another_key, BINDER_WRONG, DECRYPT_ERROR),
    CLIENT_SINS_AT(with_keys, hostile_21_a_binder_of_another_kind, BINDER_WRONG, DECRYPT_ERROR),
    CLIENT_SINS_AT(with_keys, hostile_21_a_binder_as_if_it_were_imported, BINDER_WRONG, DECRYPT_ERROR),
    CLIENT_SINS_AT(with_keys, hostile_21_an_import_with_a_binder_of_no_import, BINDER_WRONG, DECRYPT_ERROR),
    CLIENT_SINS_AT(with_keys, hostile_21_an_import_with_the_key_itself, BINDER_WRONG, DECRYPT_ERROR),
    CLIENT_SINS_AT(with_keys, hostile_21_a_binder_of_another_length, BINDER_WRONG, DECRYPT_ERROR),
    CLIENT_SINS_AT(with_keys_alone, hostile_21_a_wrong_binder_where_there_are_keys_alone, BINDER_WRONG, DECRYPT_ERROR),
    CLIENT_SINS_AT(with_keys, an_identity_without_bytes, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_MAY_AT(with_keys, may_an_identity_be_long),
    CLIENT_SINS_AT(with_keys, an_identity_of_65535_bytes, MESSAGE_TOO_LONG, ILLEGAL_PARAMETER),
    CLIENT_MAY_AT(with_keys, may_identities_be_many),
    CLIENT_MAY_AT(with_keys, may_the_search_for_a_key_end),
    CLIENT_SINS_AT(with_keys, hostile_29_fewer_binders_than_identities, PSK_BINDERS_MISCOUNTED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, hostile_29_more_binders_than_identities, PSK_BINDERS_MISCOUNTED, ILLEGAL_PARAMETER),
    CLIENT_MAY_AT(with_keys, may_an_identity_stand_twice),
    CLIENT_MAY_AT(with_keys, may_the_binder_of_a_key_not_taken_be_anything),
    CLIENT_SINS_AT(with_keys, an_identity_twice_the_first_time_forged, BINDER_WRONG, DECRYPT_ERROR),
    CLIENT_MAY_AT(with_keys, may_a_key_not_cross_hashes),
    CLIENT_MAY_AT(with_keys, may_the_next_key_fit_the_suite),
    CLIENT_MAY_AT(with_keys, may_a_key_come_with_another_mode),
    CLIENT_SINS_AT(with_keys_alone, another_mode_where_there_are_keys_alone, PSK_MISSING, HANDSHAKE_FAILURE),
    CLIENT_SINS_AT(with_keys, modes_missing, PSK_MODES_MISSING, MISSING_EXTENSION),
    CLIENT_SINS_AT(with_keys_alone, no_key_where_there_are_keys_alone, PSK_MISSING, HANDSHAKE_FAILURE),
    CLIENT_SINS_AT(with_keys_alone, an_unknown_key_where_there_are_keys_alone, PSK_UNKNOWN, UNKNOWN_PSK_IDENTITY),
    CLIENT_MAY_AT(with_keys, may_signature_algorithms_be_missing),
    CLIENT_SINS_AT(with_keys, signature_algorithms_missing_for_the_certificate, HELLO_EXTENSION_MISSING, MISSING_EXTENSION),
    CLIENT_SINS_AT(with_certificates_required, hostile_31_a_key_without_the_certificate_required, CLIENT_CERTIFICATE_MISSING, CERTIFICATE_REQUIRED),
    CLIENT_MAY_AT(with_early_data, may_hostile_34_early_data_come_with_a_key),
    CLIENT_MAY_AT(with_keys_and_retry, may_a_key_come_again_after_a_retry),
    CLIENT_MAY_AT(with_keys_and_retry, may_hostile_20_the_second_hello_drop_its_key),
    CLIENT_MAY_AT(with_keys_and_retry, may_the_second_hello_bring_a_key_for_another_suite),
    CLIENT_SINS_AT(with_keys_and_retry, hostile_21_a_wrong_binder_after_a_retry, BINDER_WRONG, DECRYPT_ERROR),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS13, sins, COUNT_OF(sins));
}
