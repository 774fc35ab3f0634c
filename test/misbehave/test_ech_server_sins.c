/* What a client does wrong with Encrypted Client Hello (RFC 9849 sections 5.1 and 7.1), and what it may do,
 * against a server with keys. The scripted client seals its hellos by itself. */
#include "config/ech_keys.h"
#include "crypto/hpke.h"
#include "lib/exact.h"
#include "lib/sin.h"
#include "wire/hello.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum {
    ECH = 0xfe0d,
    OUTER_EXTENSIONS = 0xfd00,
    GROUPS = 0x000a,
    SCHEMES = 0x000d,
    VERSIONS = 0x002b
};
enum { ID = 7, OTHER_ID = 8 };

/* ---- servers -------------------------------------------------------------------------------------- */

static struct ech_keys *new_keys(void)
{
    struct ech_keys *keys;
    uint8_t pem[ECH_PEM_MAX];
    struct wr w = wr_of(pem, sizeof pem);
    const struct provider *p = gv_openssl_provider();
    const struct ech_wish wish = {HPKE_DHKEM_X25519, ID, 0, span_str("public.example")};
    assert_err(gv_ech_keys_new(&keys, p), OK);
    assert_err(gv_ech_generate(p, &wish, &w), OK);
    assert_err(gv_ech_keys_add_pem(keys, wr_span(&w), true), OK);
    return keys;
}

static void with_keys(struct bare *p)
{
    p->server_config->ech_keys = new_keys();
}

/* A client with a share for X25519 is asked to try again. */
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

/* ---- hellos ----------------------------------------------------------------------------------------- */

struct sealed {
    struct hpke hpke;
    uint8_t enc[32];
    size_t enc_len; /* bytes of it that are sent */
    uint8_t id;
    uint16_t aead;
    struct hello inner;   /* what is meant */
    struct hello encoded; /* what is encrypted for it, */
    const char *padding;  /* with that behind it */
    struct hello outer;
    bool corrupt;
};

static void prepare_hello(struct script *s, struct sealed *e)
{
    script_client_hello(s, &e->inner);
    e->outer = e->inner;
    e->outer.random = exact_flip(e->inner.random, 0, 1);
    hello_add(&e->inner, ECH, "01");
    e->encoded = e->inner;
    e->encoded.session_id = span_of(NULL, 0);
    e->padding = "00000000";
}

static void begin_ech(struct script *s, struct sealed *e)
{
    struct hpke_suite suite;
    const struct ech_key *key = s->p->server_config->ech_keys->first;
    *e = (struct sealed){.enc_len = sizeof e->enc, .id = ID, .aead = HPKE_AES_128_GCM};
    assert_true(gv_hpke_suite(gv_openssl_provider(), HPKE_DHKEM_X25519, HPKE_HKDF_SHA256,
                              HPKE_AES_128_GCM, &suite));
    assert_err(gv_hpke_setup_sender(&e->hpke, &suite, key->config.public_key, key->info, e->enc),
               OK);
    prepare_hello(s, e);
}

/* ECHClientHello of the outer form, around this payload. */
static struct span extension_of(const struct sealed *e, struct span payload)
{
    static struct put p;
    p.len = 0;
    put_uint(&p, 1, ECH_OUTER);
    put_uint(&p, 2, HPKE_HKDF_SHA256);
    put_uint(&p, 2, e->aead);
    put_uint(&p, 1, e->id);
    put_uint(&p, 2, e->enc_len);
    put_span(&p, span_of(e->enc, e->enc_len));
    put_uint(&p, 2, payload.len);
    put_span(&p, payload);
    return exact_copy(put_of(&p));
}

static struct span message_of(const struct hello *h)
{
    static struct put p;
    p.len = 0;
    put_hello(&p, h);
    return exact_copy(put_of(&p));
}

static struct span seal(struct sealed *e)
{
    static uint8_t at[PUT_MAX];
    static const uint8_t zeros[PUT_MAX];
    const struct span text =
        exact_join(span_from(message_of(&e->encoded), HANDSHAKE_HEADER), exact_hex(e->padding));
    hello_set_span(&e->outer, ECH, extension_of(e, span_of(zeros, text.len + AEAD_TAG)));
    assert_err(gv_hpke_seal(&e->hpke, span_from(message_of(&e->outer), HANDSHAKE_HEADER), text, at),
               OK);
    at[0] ^= e->corrupt ? 1 : 0;
    return exact_copy(span_of(at, text.len + AEAD_TAG));
}

/* The inner hello joins the transcript, the outer one is sent. */
static void say_sealed(struct script *s, struct sealed *e)
{
    hello_set_span(&e->outer, ECH, extension_of(e, seal(e)));
    script_say_hello(s, &e->inner);
    s->flight.len = 0;
    put_span(&s->flight, message_of(&e->outer));
    s->hashed = s->flight.len;
    script_flush(s);
}

/* What was rejected: the outer hello is all there is. */
static void say_outer(struct script *s, const struct hello *outer)
{
    script_say_hello(s, outer);
    script_flush(s);
}

static void finish(struct script *s)
{
    assert_true(script_take_hello(s));
    script_handshake_keys(s);
    script_take_flight(s);
    script_ccs(s);
    script_finished(s);
}

static enum ech_outcome outcome(const struct script *s)
{
    return gv_connection_agreed(s->peer)->ech;
}

/* ---- what a client may do ----------------------------------------------------------------------------- */

static void may_a_hello_be_sealed(struct script *s)
{
    struct sealed e;
    begin_ech(s, &e);
    say_sealed(s, &e);
    finish(s);
    assert_int_equal(outcome(s), ECH_ACCEPTED);
    gv_hpke_drop(&e.hpke);
}

static void move_out(struct sealed *e, const char *codes)
{
    hello_drop(&e->encoded, GROUPS);
    hello_drop(&e->encoded, SCHEMES);
    hello_add(&e->encoded, OUTER_EXTENSIONS, codes);
}

/* The inner hello's own order is what the references make of it. */
static void may_it_refer_to_the_outer_one(struct script *s)
{
    struct sealed e;
    begin_ech(s, &e);
    struct hello inner = e.inner;
    struct span groups = {NULL, 0}, schemes = {NULL, 0};
    size_t g = 0, a = 0;
    for (size_t i = 0; i < inner.extensions; i++) {
        if (inner.extension[i].code == GROUPS)
            g = i, groups = inner.extension[i].body;
        if (inner.extension[i].code == SCHEMES)
            a = i, schemes = inner.extension[i].body;
    }
    hello_drop(&e.inner, GROUPS);
    hello_drop(&e.inner, SCHEMES);
    hello_set_span(&e.inner, g < a ? GROUPS : SCHEMES, g < a ? groups : schemes);
    hello_set_span(&e.inner, g < a ? SCHEMES : GROUPS, g < a ? schemes : groups);
    move_out(&e, g < a ? "04 000a 000d" : "04 000d 000a");
    say_sealed(s, &e);
    finish(s);
    assert_int_equal(outcome(s), ECH_ACCEPTED);
    gv_hpke_drop(&e.hpke);
}

static void first_of_two(struct script *s, struct sealed *e)
{
    script_share(s, GROUP_X25519);
    begin_ech(s, e);
    say_sealed(s, e);
    script_hash_retry(s);
    assert_false(script_take_hello(s));
    script_share(s, GROUP_SECP256R1);
    struct span inner_random = e->inner.random;
    prepare_hello(s, e);
    e->inner.random = e->encoded.random = inner_random;
    e->enc_len = 0;
}

static void may_it_be_sealed_again_behind_a_retry(struct script *s)
{
    struct sealed e;
    first_of_two(s, &e);
    say_sealed(s, &e);
    finish(s);
    assert_int_equal(outcome(s), ECH_ACCEPTED);
    gv_hpke_drop(&e.hpke);
}

/* GREASE, or a configuration that is no more. */
static void reject(struct script *s, struct sealed *e)
{
    hello_set_span(&e->outer, ECH, extension_of(e, seal(e)));
    say_outer(s, &e->outer);
    finish(s);
    assert_int_equal(outcome(s), ECH_REJECTED);
    gv_hpke_drop(&e->hpke);
}

static void may_it_be_for_nobody(struct script *s)
{
    struct sealed e;
    begin_ech(s, &e);
    e.id = OTHER_ID;
    reject(s, &e);
}

static void may_its_key_be_of_another_length(struct script *s)
{
    struct sealed e;
    begin_ech(s, &e);
    e.enc_len = 31;
    reject(s, &e);
}

static void may_it_not_decrypt(struct script *s)
{
    struct sealed e;
    begin_ech(s, &e);
    e.corrupt = true;
    reject(s, &e);
}

static void may_a_rejected_client_leave_it_out_behind_a_retry(struct script *s)
{
    struct sealed e;
    struct hello again;
    script_share(s, GROUP_X25519);
    begin_ech(s, &e);
    e.id = OTHER_ID;
    hello_set_span(&e.outer, ECH, extension_of(&e, seal(&e)));
    say_outer(s, &e.outer);
    script_hash_retry(s);
    assert_false(script_take_hello(s));
    script_share(s, GROUP_SECP256R1);
    script_client_hello(s, &again);
    again.random = e.outer.random;
    say_outer(s, &again);
    finish(s);
    assert_int_equal(outcome(s), ECH_REJECTED);
    gv_hpke_drop(&e.hpke);
}

/* ---- sins in the first hello ---------------------------------------------------------------------------- */

/* SEALED_WITH(name, what is done to e before it is sealed) */
#define SEALED_WITH(name, change)                                                                  \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct sealed e;                                                                           \
        begin_ech(s, &e);                                                                          \
        change;                                                                                    \
        say_sealed(s, &e);                                                                         \
        gv_hpke_drop(&e.hpke);                                                                     \
    }

/* 127 references, all a list can hold, and not one of them is there: each is looked for in what the
 * one before has left, which is nothing. */
static const char *many_references(void)
{
    static char text[8 + 127 * 5];
    size_t n = (size_t)snprintf(text, sizeof text, "fe");
    for (unsigned i = 0; i < 127; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, " %04x", 0x2000 + i);
    return text;
}

SEALED_WITH(hostile_41_a_reference_to_what_is_not_there, move_out(&e, "06 000a 000d 1234"))
SEALED_WITH(hostile_41_a_reference_that_stands_twice, move_out(&e, "04 000a 000a"))
SEALED_WITH(hostile_41_references_in_both_orders, move_out(&e, "08 000a 000d 000a 000d"))
SEALED_WITH(hostile_41_as_many_references_as_there_can_be, move_out(&e, many_references()))
SEALED_WITH(hostile_41_a_reference_to_the_sealed_hello, move_out(&e, "02 fe0d"))
SEALED_WITH(hostile_41_two_lists_of_references,
            (move_out(&e, "02 000a"), hello_add(&e.encoded, OUTER_EXTENSIONS, "02 000d")))
SEALED_WITH(hostile_41_a_reference_to_what_is_inside_too,
            hello_add(&e.encoded, OUTER_EXTENSIONS, "02 000a"))
SEALED_WITH(hostile_41_a_list_of_no_references, hello_add(&e.encoded, OUTER_EXTENSIONS, "00"))
SEALED_WITH(hostile_41_references_that_are_cut, hello_add(&e.encoded, OUTER_EXTENSIONS, "04 000a"))
SEALED_WITH(hostile_41_outer_extensions_outside, hello_add(&e.outer, OUTER_EXTENSIONS, "02 000a"))
SEALED_WITH(padding_that_is_not_zeros, e.padding = "0000 0100")
SEALED_WITH(an_inner_session_id, e.encoded.session_id = exact_hex("51"))
SEALED_WITH(an_inner_hello_without_its_mark, hello_drop(&e.encoded, ECH))
SEALED_WITH(an_inner_hello_with_another_mark, hello_set(&e.encoded, ECH, "02"))
SEALED_WITH(an_inner_hello_that_offers_tls12, hello_set(&e.encoded, VERSIONS, "04 0304 0303"))
SEALED_WITH(an_inner_hello_without_versions, hello_drop(&e.encoded, VERSIONS))

static void say_plain(struct script *s, uint16_t code, const char *body)
{
    struct hello h;
    script_client_hello(s, &h);
    hello_add(&h, code, body);
    say_outer(s, &h);
}

static void hostile_41_outer_extensions_in_a_plain_hello(struct script *s)
{
    say_plain(s, OUTER_EXTENSIONS, "02 000a");
}

static void an_inner_hello_in_the_clear(struct script *s)
{
    say_plain(s, ECH, "01");
}

static void an_unknown_type(struct script *s)
{
    say_plain(s, ECH, "02");
}

static void an_extension_that_is_cut(struct script *s)
{
    say_plain(s, ECH, "00 0001 0001 07 0002 00");
}

static void an_inner_mark_with_bytes_behind(struct script *s)
{
    say_plain(s, ECH, "01 00");
}

/* ---- sins in the second hello ----------------------------------------------------------------------------- */

#define SEALED_AGAIN_WITH(name, change)                                                            \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct sealed e;                                                                           \
        first_of_two(s, &e);                                                                       \
        change;                                                                                    \
        say_sealed(s, &e);                                                                         \
        gv_hpke_drop(&e.hpke);                                                                     \
    }

SEALED_AGAIN_WITH(a_second_hello_for_another_config, e.id = OTHER_ID)
SEALED_AGAIN_WITH(a_second_hello_with_another_suite, e.aead = HPKE_AES_256_GCM)
SEALED_AGAIN_WITH(a_second_hello_with_a_key_again, e.enc_len = sizeof e.enc)
SEALED_AGAIN_WITH(a_second_hello_that_does_not_decrypt, e.corrupt = true)
SEALED_AGAIN_WITH(a_second_hello_of_another_message, e.hpke.sequence = 0)
SEALED_AGAIN_WITH(a_second_hello_without_its_mark, hello_drop(&e.encoded, ECH))
SEALED_AGAIN_WITH(a_second_hello_with_another_random,
                  e.encoded.random = exact_flip(e.inner.random, 5, 1))
SEALED_AGAIN_WITH(a_second_hello_with_an_extension_more, hello_add(&e.encoded, 0x0017, ""))

static void a_second_hello_without_it(struct script *s)
{
    struct sealed e;
    first_of_two(s, &e);
    say_outer(s, &e.outer);
    gv_hpke_drop(&e.hpke);
}

/* clang-format off */
static const struct sin sins[] = {
    CLIENT_MAY_AT(with_keys, may_a_hello_be_sealed),
    CLIENT_MAY_AT(with_keys, may_it_refer_to_the_outer_one),
    CLIENT_MAY_AT(with_keys_and_retry, may_it_be_sealed_again_behind_a_retry),
    CLIENT_MAY_AT(with_keys, may_it_be_for_nobody),
    CLIENT_MAY_AT(with_keys, may_its_key_be_of_another_length),
    CLIENT_MAY_AT(with_keys, may_it_not_decrypt),
    CLIENT_MAY_AT(with_keys_and_retry, may_a_rejected_client_leave_it_out_behind_a_retry),

    CLIENT_SINS_AT(with_keys, hostile_41_a_reference_to_what_is_not_there, OUTER_EXTENSION_MISSING, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, hostile_41_a_reference_that_stands_twice, OUTER_EXTENSION_MISSING, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, hostile_41_references_in_both_orders, OUTER_EXTENSION_MISSING, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, hostile_41_as_many_references_as_there_can_be, OUTER_EXTENSION_MISSING, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, hostile_41_a_reference_to_the_sealed_hello, OUTER_EXTENSION_ECH, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, hostile_41_two_lists_of_references, EXTENSION_REPEATED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, hostile_41_a_reference_to_what_is_inside_too, EXTENSION_REPEATED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, hostile_41_a_list_of_no_references, DECODE_INNER_HELLO, DECODE_ERROR),
    CLIENT_SINS_AT(with_keys, hostile_41_references_that_are_cut, DECODE_INNER_HELLO, DECODE_ERROR),
    CLIENT_SINS_AT(with_keys, hostile_41_outer_extensions_outside, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, hostile_41_outer_extensions_in_a_plain_hello, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_41_outer_extensions_in_a_plain_hello, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, padding_that_is_not_zeros, INNER_HELLO_PADDING, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, an_inner_session_id, INNER_HELLO_SESSION_ID, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, an_inner_hello_without_its_mark, INNER_HELLO_UNMARKED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, an_inner_hello_with_another_mark, INNER_HELLO_UNMARKED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, an_inner_hello_that_offers_tls12, INNER_HELLO_TLS12, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, an_inner_hello_without_versions, INNER_HELLO_TLS12, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, an_inner_hello_in_the_clear, ECH_INNER_IN_CLEAR, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys, an_unknown_type, ECH_TYPE_UNKNOWN, ILLEGAL_PARAMETER),
    CLIENT_SINS(an_unknown_type, ECH_TYPE_UNKNOWN, ILLEGAL_PARAMETER),
    CLIENT_SINS(an_extension_that_is_cut, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(an_inner_mark_with_bytes_behind, DECODE_CLIENT_HELLO, DECODE_ERROR),

    CLIENT_SINS_AT(with_keys_and_retry, a_second_hello_without_it, ECH_DROPPED, MISSING_EXTENSION),
    CLIENT_SINS_AT(with_keys_and_retry, a_second_hello_for_another_config, ECH_CHANGED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys_and_retry, a_second_hello_with_another_suite, ECH_CHANGED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys_and_retry, a_second_hello_with_a_key_again, ECH_CHANGED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys_and_retry, a_second_hello_that_does_not_decrypt, ECH_UNDECRYPTABLE, DECRYPT_ERROR),
    CLIENT_SINS_AT(with_keys_and_retry, a_second_hello_of_another_message, ECH_UNDECRYPTABLE, DECRYPT_ERROR),
    CLIENT_SINS_AT(with_keys_and_retry, a_second_hello_without_its_mark, INNER_HELLO_UNMARKED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys_and_retry, a_second_hello_with_another_random, SECOND_HELLO_CHANGED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(with_keys_and_retry, a_second_hello_with_an_extension_more, SECOND_HELLO_CHANGED, ILLEGAL_PARAMETER),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS13, sins, COUNT_OF(sins));
}
