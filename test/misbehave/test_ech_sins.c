/* Encrypted Client Hello at a client (RFC 9849 section 6): what a server may do with it, and what it
 * does wrong. The numbers are those of test/misbehave/scenarios.tsv. */
#include "lib/exact.h"
#include "lib/script_ech.h"
#include "lib/sin.h"

#include "base/reader.h"
#include "config/peer_name.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { PSK_CODE = 41, SHARE = 51, ECH = 65037 };

static const struct agreed *agreed(const struct script *s)
{
    return gv_connection_agreed(s->peer);
}

/* ---- whose certificate was asked for ------------------------------------------------------------------ */

static char verified[256]; /* the name that it had to be of */

static enum gv_err note_name(const struct verifier *v, const struct certificate_question *q,
                             struct detail *detail)
{
    const struct span name = gv_peer_name_bytes(q->name);
    (void)v;
    (void)detail;
    assert_true(name.len < sizeof verified);
    span_copy((uint8_t *)verified, name);
    verified[name.len] = '\0';
    return GV_OK;
}

static void offer(struct bare *p)
{
    verified[0] = '\0';
    p->client_config->verifier->verify = note_name;
    script_ech_enable(p);
}

static void pretend(struct bare *p)
{
    script_ech_enable_grease(p);
}

/* ---- a server that reads the inner hello ----------------------------------------------------------------- */

static void finish(struct script *s)
{
    script_certificate(s, "p256");
    script_certificate_verify(s, "p256", 0);
    script_finished(s);
    script_application_keys(s);
    script_flush(s);
    script_take(s, MSG_FINISHED);
    script_use(s, true, &s->server_ap);
    script_use(s, false, &s->client_ap);
}

static void accept_hello(struct script *s, const struct script_ech *e)
{
    struct hello h;
    script_server_hello(s, &h);
    script_ech_confirm(s, e, &h);
    script_send_hello(s, &h);
    script_handshake_keys(s);
}

static void assert_accepted(struct script *s)
{
    script_assert_fine(s);
    assert_false(gv_connection_is_handshaking(s->peer));
    assert_int_equal(agreed(s)->ech, ECH_ACCEPTED);
    assert_int_equal(agreed(s)->ech_retry_configs.len, 0);
}

static void may_it_be_accepted(struct script *s)
{
    struct script_ech e = {.outer = {NULL, 0}};

    assert_int_equal(agreed(s)->ech, ECH_OFFERED);
    script_ech_open(s, &e);
    assert_span(e.outer_read.server_name, span_str(SCRIPT_ECH_PUBLIC_NAME));
    assert_span(e.inner_read.server_name, span_str("localhost"));
    assert_span(e.inner_read.session_id, e.outer_read.session_id);
    assert_span(e.inner_read.versions, exact_hex("0304"));
    assert_false(span_equal(e.inner_read.random, e.outer_read.random));
    accept_hello(s, &e);
    script_encrypted_extensions(s);
    finish(s);
    assert_accepted(s);
    assert_string_equal(verified, "localhost");
    script_ech_drop(&e);
}

/* The HelloRetryRequest that confirms, and the second hello. */
static void retry(struct script *s, struct script_ech *e)
{
    struct hello h;

    script_ech_open(s, e);
    script_hash_retry(s);
    script_retry(s, &h, GROUP_SECP256R1);
    script_ech_confirm_retry(s, e, &h);
    script_send_hello(s, &h);
    script_share(s, GROUP_SECP256R1);
}

static void may_it_be_accepted_after_a_retry(struct script *s)
{
    struct script_ech e = {.outer = {NULL, 0}}, first;

    retry(s, &e);
    first = e;
    assert_int_equal(agreed(s)->ech, ECH_OFFERED);
    script_ech_open(s, &e);
    assert_int_equal(e.outer_read.ech.enc.len, 0);
    assert_int_equal(e.outer_read.ech.config_id, first.outer_read.ech.config_id);
    assert_span(e.inner_read.random, first.inner_read.random);
    assert_span(e.outer_read.random, first.outer_read.random);
    accept_hello(s, &e);
    script_encrypted_extensions(s);
    finish(s);
    assert_accepted(s);
    assert_int_equal(agreed(s)->kind, HANDSHAKE_RETRIED);
    script_ech_drop(&e);
}

static void a_retry_that_confirms_and_a_hello_that_does_not(struct script *s)
{
    struct script_ech e = {.outer = {NULL, 0}};
    struct hello h;

    retry(s, &e);
    script_ech_open(s, &e);
    script_server_hello(s, &h);
    script_send_hello(s, &h);
    script_ech_drop(&e);
}

static void retry_configs_behind_acceptance(struct script *s)
{
    struct script_ech e = {.outer = {NULL, 0}};

    script_ech_open(s, &e);
    accept_hello(s, &e);
    script_ech_retry_configs(s, script_ech_other_list());
    script_flush(s);
    script_ech_drop(&e);
}

/* The name was in the outer hello alone. */
static void an_acknowledged_name_that_was_not_inside(struct script *s)
{
    struct script_ech e = {.outer = {NULL, 0}};

    script_ech_open(s, &e);
    assert_int_equal(e.inner_read.server_name.len, 0);
    accept_hello(s, &e);
    script_say(s, MSG_ENCRYPTED_EXTENSIONS, exact_hex("0004 0000 0000"));
    script_flush(s);
    script_ech_drop(&e);
}

static void offer_without_name(struct bare *p)
{
    offer(p);
    p->client_config->send_server_name = false;
}

/* ---- a server that does not ------------------------------------------------------------------------------------ */

/* Up to EncryptedExtensions. */
static void answer_outer(struct script *s)
{
    struct script_ech e = {.outer = {NULL, 0}};
    struct hello h;

    script_ech_read(s, &e);
    assert_int_equal(e.outer_read.ech.type, ECH_OUTER);
    script_server_hello(s, &h);
    script_send_hello(s, &h);
    script_handshake_keys(s);
}

static void reject(struct script *s)
{
    answer_outer(s);
    script_ech_retry_configs(s, script_ech_other_list());
    finish(s);
}

/* What the connection wrote and nobody read. */
static size_t records_left(const struct script *s)
{
    struct rd r = rd_of(put_of(&s->got));
    size_t n = 0;

    for (; rd_more(&r); n++) {
        rd_u24(&r);
        rd_vec(&r, 2, 0, 65535);
    }
    assert_true(rd_end(&r));
    return n;
}

/* Behind Finished there is the alert, which script_assert_fails reads, and nothing else. */
static void assert_rejected(struct script *s, struct span configs)
{
    assert_int_equal(records_left(s), 1);
    assert_int_equal(agreed(s)->ech, ECH_REJECTED);
    assert_span(agreed(s)->ech_retry_configs, configs);
    assert_true(gv_connection_is_handshaking(s->peer));
    assert_string_equal(verified, SCRIPT_ECH_PUBLIC_NAME);
}

static void hostile_40_a_rejection_with_configs(struct script *s)
{
    reject(s);
    assert_rejected(s, script_ech_other_list());
}

static void hostile_40_a_rejection_without_configs(struct script *s)
{
    answer_outer(s);
    script_encrypted_extensions(s);
    finish(s);
    assert_rejected(s, span_of(NULL, 0));
}

/* Nothing of a version that we know: the list is told as it came. */
static void hostile_40_a_rejection_with_configs_of_another_version(struct script *s)
{
    answer_outer(s);
    script_ech_retry_configs(s, exact_hex("0006 fe0c 0002 aabb"));
    finish(s);
    assert_rejected(s, exact_hex("0006 fe0c 0002 aabb"));
}

static void hostile_40_a_rejection_by_retry(struct script *s)
{
    struct script_ech first = {.outer = {NULL, 0}}, second = {.outer = {NULL, 0}};
    struct hello h;

    script_ech_read(s, &first);
    script_hash_retry(s);
    script_retry(s, &h, GROUP_SECP256R1);
    script_send_hello(s, &h);
    script_share(s, GROUP_SECP256R1);
    script_ech_read(s, &second);
    /* RFC 9846 section 4.1.2: the same hello, but for what the request asks for. */
    assert_span(second.outer_read.random, first.outer_read.random);
    assert_span(second.outer_read.server_name, span_str(SCRIPT_ECH_PUBLIC_NAME));
    assert_span(second.outer_read.ech.enc, first.outer_read.ech.enc);
    assert_span(second.outer_read.ech.payload, first.outer_read.ech.payload);
    script_server_hello(s, &h);
    script_send_hello(s, &h);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    finish(s);
    assert_rejected(s, span_of(NULL, 0));
}

/* Section 7.1: a server may send eight random bytes. */
static void hostile_40_a_retry_that_confirms_nothing(struct script *s)
{
    struct script_ech e = {.outer = {NULL, 0}};
    struct hello h;

    script_ech_read(s, &e);
    script_hash_retry(s);
    script_retry(s, &h, GROUP_SECP256R1);
    hello_set(&h, ECH, "0102030405060708");
    script_send_hello(s, &h);
    script_share(s, GROUP_SECP256R1);
    script_ech_read(s, &e);
    script_server_hello(s, &h);
    script_send_hello(s, &h);
    script_handshake_keys(s);
    script_ech_retry_configs(s, script_ech_other_list());
    finish(s);
    assert_rejected(s, script_ech_other_list());
}

/* Section 6.1.7: an empty Certificate. */
static void hostile_40_a_request_behind_rejection(struct script *s)
{
    answer_outer(s);
    script_encrypted_extensions(s);
    script_say(s, MSG_CERTIFICATE_REQUEST, exact_hex("00 0008 000d 0004 0002 0403"));
    script_certificate(s, "p256");
    script_certificate_verify(s, "p256", 0);
    script_finished(s);
    script_application_keys(s);
    script_flush(s);
    assert_span(script_take(s, MSG_CERTIFICATE), exact_hex("0b 000004 00 000000"));
    script_take(s, MSG_FINISHED);
    script_use(s, false, &s->client_ap);
    assert_rejected(s, span_of(NULL, 0));
}

static void with_a_key(struct bare *p)
{
    const struct certified_key *key = bare_certified_key("p256");

    offer(p);
    assert_err(gv_certified_key_list_set(&p->client_config->common.keys, &key, 1), OK);
}

/* Scenario 38: neither what was written before, nor what is written behind it. */
static void hostile_38_data_written_in_front_of_rejection(struct script *s)
{
    size_t n = 0;

    assert_err(gv_connection_write(s->peer, span_str("for localhost alone"), &n), OK);
    assert_int_equal(n, 19);
    reject(s);
    assert_err(gv_connection_write(s->peer, span_str("more"), &n), OK);
    assert_rejected(s, script_ech_other_list());
}

/* Section 6.1.7: "it MUST ignore all session tickets". */
static void hostile_40_tickets_behind_rejection(struct script *s)
{
    reject(s);
    script_record(s, CONTENT_HANDSHAKE,
                  exact_hex("04000011 00000e10 00000000 01 07 0003 aabbcc 0000"));
    assert_int_equal(agreed(s)->tickets_received, 0);
}

static enum gv_err disbelieve(const struct verifier *v, const struct certificate_question *q,
                              struct detail *detail)
{
    TRY(note_name(v, q, detail));
    RAISE(CERT_NAME_MISMATCH);
}

static void nobody_believes(struct bare *p)
{
    offer(p);
    p->client_config->verifier->verify = disbelieve;
}

static void hostile_40_a_rejection_by_somebody_else(struct script *s)
{
    answer_outer(s);
    script_ech_retry_configs(s, script_ech_other_list());
    script_certificate(s, "p256");
    script_certificate_verify(s, "p256", 0);
    script_flush(s);
    assert_string_equal(verified, SCRIPT_ECH_PUBLIC_NAME);
    assert_int_equal(agreed(s)->ech_retry_configs.len, 0);
}

/* The certificates are the public name's, the handshake is not. */
static void hostile_40_a_rejection_with_a_wrong_finished(struct script *s)
{
    uint8_t wrong[HASH_MAX] = {0};

    answer_outer(s);
    script_ech_retry_configs(s, script_ech_other_list());
    script_certificate(s, "p256");
    script_certificate_verify(s, "p256", 0);
    script_say(s, MSG_FINISHED, span_of(wrong, s->suite->hash->len));
    script_flush(s);
    assert_int_equal(agreed(s)->ech_retry_configs.len, 0);
}

static void hostile_27_a_server_hello_of_tls12(struct script *s)
{
    struct script_ech e = {.outer = {NULL, 0}};
    struct hello h;

    script_ech_read(s, &e);
    script_server_hello(s, &h);
    hello_drop(&h, 43);
    hello_drop(&h, SHARE);
    h.suites = exact_hex("c02b");
    script_send_hello(s, &h);
}

/* Any other eight bytes are no confirmation: each bit counts. */
static void hostile_40_confirmations_with_one_wrong_bit(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 64; bit++) {
        struct script *s = script_new(false);
        struct script_ech e = {.outer = {NULL, 0}};
        struct hello h;

        offer(s->p);
        script_begin(s);
        script_ech_open(s, &e);
        script_server_hello(s, &h);
        script_ech_confirm(s, &e, &h);
        h.random = exact_flip(h.random, RANDOM_LEN - 8 + bit / 8, (uint8_t)(1u << bit % 8));
        script_send_hello(s, &h);
        script_assert_fine(s);
        assert_int_equal(agreed(s)->ech, ECH_REJECTED);
        script_ech_drop(&e);
        script_free(s);
    }
}

/* ---- what is malformed, or out of place ---------------------------------------------------------------------------- */

#define CONFIGS_WITH(name, hex)                                                                    \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        answer_outer(s);                                                                           \
        script_ech_retry_configs(s, exact_hex(hex));                                               \
        script_flush(s);                                                                           \
    }
CONFIGS_WITH(hostile_39_retry_configs_of_no_bytes, "")
CONFIGS_WITH(hostile_39_an_empty_list_of_retry_configs, "0000")
CONFIGS_WITH(hostile_39_retry_configs_that_are_cut, "0006 fe0c 0003 aabb")
CONFIGS_WITH(hostile_39_retry_configs_with_bytes_behind, "0006 fe0c 0002 aabb 00")
CONFIGS_WITH(hostile_39_retry_configs_that_are_malformed_inside, "0005 fe0d 0001 07")

static void retry_configs_that_nobody_asked_for(struct script *s)
{
    struct hello h;
    script_take_hello(s);
    script_server_hello(s, &h);
    script_send_hello(s, &h);
    script_handshake_keys(s);
    script_ech_retry_configs(s, script_ech_other_list());
    script_flush(s);
}

#define RETRY_WITH(name, hex)                                                                      \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct script_ech e = {.outer = {NULL, 0}};                                                \
        struct hello h;                                                                            \
        script_ech_read(s, &e);                                                                    \
        script_retry(s, &h, GROUP_SECP256R1);                                                      \
        hello_set(&h, ECH, hex);                                                                   \
        script_send_hello(s, &h);                                                                  \
    }
RETRY_WITH(hostile_23_a_retry_with_an_empty_confirmation, "")
RETRY_WITH(hostile_23_a_retry_with_a_short_confirmation, "01020304050607")
RETRY_WITH(hostile_23_a_retry_with_a_long_confirmation, "010203040506070809")

static void the_extension_in_server_hello(struct script *s)
{
    struct script_ech e = {.outer = {NULL, 0}};
    struct hello h;
    script_ech_read(s, &e);
    script_server_hello(s, &h);
    hello_set(&h, ECH, "0102030405060708");
    script_send_hello(s, &h);
}

static void outer_extensions_from_a_server(struct script *s)
{
    struct script_ech e = {.outer = {NULL, 0}};
    struct hello h;
    script_ech_read(s, &e);
    script_server_hello(s, &h);
    hello_set(&h, 64768, "02 0033");
    script_send_hello(s, &h);
}

/* ---- sessions -------------------------------------------------------------------------------------------------------- */

/* A first connection, accepted, which leaves a ticket; then the next one begins. */
static struct script_ticket first(struct script *s)
{
    struct script_ech e = {.outer = {NULL, 0}};
    uint8_t bytes[HASH_MAX];
    struct span digest;

    script_ech_open(s, &e);
    accept_hello(s, &e);
    script_encrypted_extensions(s);
    finish(s);
    assert_accepted(s);
    assert_err(gv_transcript_peek(&s->transcript, bytes, &digest), OK);
    assert_err(gv_schedule13_derive(&s->schedule, "res master", digest, &s->resumption), OK);
    struct script_ticket t = script_send_ticket(s);
    script_begin(s);
    script_ech_drop(&e);
    return t;
}

static struct psk_identity identity(const struct client_hello *m)
{
    struct span list = m->psk_identities;
    struct psk_identity id = {.identity = {NULL, 0}};
    assert_true(gv_next_psk_identity(&list, &id));
    return id;
}

static void may_the_inner_hello_resume(struct script *s)
{
    struct script_ticket t = first(s);
    struct script_ech e = {.outer = {NULL, 0}};
    struct hello h;

    script_ech_open(s, &e);
    assert_span(identity(&e.inner_read).identity, t.ticket);
    /* Section 6.1.2: one that looks like it. */
    assert_int_equal(e.outer_read.psk_identity_count, 1);
    assert_int_equal(identity(&e.outer_read).identity.len, t.ticket.len);
    assert_false(span_equal(identity(&e.outer_read).identity, t.ticket));
    assert_int_equal(e.outer_read.psk_binders.len, e.inner_read.psk_binders.len);
    s->psk = t.psk;
    script_server_hello(s, &h);
    hello_add(&h, PSK_CODE, "0000");
    script_ech_confirm(s, &e, &h);
    script_send_hello(s, &h);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    script_finished(s);
    script_application_keys(s);
    script_flush(s);
    script_take(s, MSG_FINISHED);
    assert_accepted(s);
    assert_int_equal(agreed(s)->kind, HANDSHAKE_RESUMED);
    script_ech_drop(&e);
}

static void hostile_40_a_session_resumed_behind_rejection(struct script *s)
{
    struct script_ech e = {.outer = {NULL, 0}};
    struct hello h;

    first(s);
    script_ech_read(s, &e);
    script_server_hello(s, &h);
    hello_add(&h, PSK_CODE, "0000");
    script_send_hello(s, &h);
}

/* A second hello shows the PSK of the first one, under another binder. */
static void hostile_40_a_pretended_psk_behind_a_retry(struct script *s)
{
    struct script_ech one = {.outer = {NULL, 0}}, two = {.outer = {NULL, 0}};
    struct hello h;

    first(s);
    script_ech_read(s, &one);
    script_hash_retry(s);
    script_retry(s, &h, GROUP_SECP256R1);
    script_send_hello(s, &h);
    script_share(s, GROUP_SECP256R1);
    script_ech_read(s, &two);
    assert_span(identity(&two.outer_read).identity, identity(&one.outer_read).identity);
    assert_int_equal(identity(&two.outer_read).obfuscated_age,
                     identity(&one.outer_read).obfuscated_age);
    assert_false(span_equal(two.outer_read.psk_binders, one.outer_read.psk_binders));
    script_server_hello(s, &h);
    script_send_hello(s, &h);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    finish(s);
    assert_rejected(s, span_of(NULL, 0));
}

/* ---- pretence (section 6.2) --------------------------------------------------------------------------------------------- */

static void may_a_pretence_be_passed_over(struct script *s)
{
    script_handshake(s);
    assert_int_equal(agreed(s)->ech, ECH_GREASE);
}

static void may_a_pretence_be_answered(struct script *s)
{
    answer_outer(s);
    script_ech_retry_configs(s, script_ech_other_list());
    finish(s);
    script_assert_fine(s);
    assert_false(gv_connection_is_handshaking(s->peer));
    assert_int_equal(agreed(s)->ech, ECH_GREASE);
    assert_int_equal(agreed(s)->ech_retry_configs.len, 0);
}

/* Section 6.2.1: the same extension again, whatever the HelloRetryRequest says. */
static void may_a_pretence_be_retried(struct script *s)
{
    struct script_ech one = {.outer = {NULL, 0}}, two = {.outer = {NULL, 0}};
    struct hello h;

    script_ech_read(s, &one);
    script_hash_retry(s);
    script_retry(s, &h, GROUP_SECP256R1);
    hello_set(&h, ECH, "0102030405060708");
    script_send_hello(s, &h);
    script_share(s, GROUP_SECP256R1);
    script_ech_read(s, &two);
    assert_span(two.outer_read.extensions.body[EXT_ENCRYPTED_CLIENT_HELLO],
                one.outer_read.extensions.body[EXT_ENCRYPTED_CLIENT_HELLO]);
    script_server_hello(s, &h);
    script_send_hello(s, &h);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    finish(s);
    script_assert_fine(s);
    assert_int_equal(agreed(s)->ech, ECH_GREASE);
}

/* clang-format off */
static const struct sin sins[] = {
    SERVER_MAY_AT(offer, may_it_be_accepted),
    SERVER_MAY_AT(offer, may_it_be_accepted_after_a_retry),
    SERVER_SINS_AT(offer, a_retry_that_confirms_and_a_hello_that_does_not, ECH_NOT_CONFIRMED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(offer, retry_configs_behind_acceptance, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    SERVER_SINS_AT(offer_without_name, an_acknowledged_name_that_was_not_inside, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),

    SERVER_SINS_AT(offer, hostile_40_a_rejection_with_configs, ECH_REJECTED, ECH_REQUIRED),
    SERVER_SINS_AT(offer, hostile_40_a_rejection_without_configs, ECH_REJECTED, ECH_REQUIRED),
    SERVER_SINS_AT(offer, hostile_40_a_rejection_with_configs_of_another_version, ECH_REJECTED, ECH_REQUIRED),
    SERVER_SINS_AT(offer, hostile_40_a_rejection_by_retry, ECH_REJECTED, ECH_REQUIRED),
    SERVER_SINS_AT(offer, hostile_40_a_retry_that_confirms_nothing, ECH_REJECTED, ECH_REQUIRED),
    SERVER_SINS_AT(with_a_key, hostile_40_a_request_behind_rejection, ECH_REJECTED, ECH_REQUIRED),
    SERVER_SINS_AT(offer, hostile_38_data_written_in_front_of_rejection, ECH_REJECTED, ECH_REQUIRED),
    SERVER_SINS_AT(offer, hostile_40_tickets_behind_rejection, ECH_REJECTED, ECH_REQUIRED),
    SERVER_SINS_AT(nobody_believes, hostile_40_a_rejection_by_somebody_else, CERT_NAME_MISMATCH, BAD_CERTIFICATE),
    SERVER_SINS_AT(offer, hostile_40_a_rejection_with_a_wrong_finished, FINISHED_WRONG, DECRYPT_ERROR),
    SERVER_SINS_AT(offer, hostile_27_a_server_hello_of_tls12, VERSION_NOT_SUPPORTED, PROTOCOL_VERSION),
    SERVER_TEST(hostile_40_confirmations_with_one_wrong_bit),

    SERVER_SINS_AT(offer, hostile_39_retry_configs_of_no_bytes, DECODE_ENCRYPTED_EXTENSIONS, DECODE_ERROR),
    SERVER_SINS_AT(offer, hostile_39_an_empty_list_of_retry_configs, DECODE_ENCRYPTED_EXTENSIONS, DECODE_ERROR),
    SERVER_SINS_AT(offer, hostile_39_retry_configs_that_are_cut, DECODE_ENCRYPTED_EXTENSIONS, DECODE_ERROR),
    SERVER_SINS_AT(offer, hostile_39_retry_configs_with_bytes_behind, DECODE_ENCRYPTED_EXTENSIONS, DECODE_ERROR),
    SERVER_SINS_AT(offer, hostile_39_retry_configs_that_are_malformed_inside, DECODE_ENCRYPTED_EXTENSIONS, DECODE_ERROR),
    SERVER_SINS_AT(pretend, hostile_39_retry_configs_that_are_cut, DECODE_ENCRYPTED_EXTENSIONS, DECODE_ERROR),
    SERVER_SINS(retry_configs_that_nobody_asked_for, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    SERVER_SINS_AT(offer, hostile_23_a_retry_with_an_empty_confirmation, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS_AT(offer, hostile_23_a_retry_with_a_short_confirmation, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS_AT(offer, hostile_23_a_retry_with_a_long_confirmation, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS_AT(pretend, hostile_23_a_retry_with_a_short_confirmation, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS_AT(offer, the_extension_in_server_hello, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(offer, outer_extensions_from_a_server, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),

    SERVER_MAY_AT(offer, may_the_inner_hello_resume),
    SERVER_SINS_AT(offer, hostile_40_a_session_resumed_behind_rejection, ECH_PSK_CHOSEN, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(offer, hostile_40_a_pretended_psk_behind_a_retry, ECH_REJECTED, ECH_REQUIRED),

    SERVER_MAY_AT(pretend, may_a_pretence_be_passed_over),
    SERVER_MAY_AT(pretend, may_a_pretence_be_answered),
    SERVER_MAY_AT(pretend, may_a_pretence_be_retried),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS13, sins, COUNT_OF(sins));
}
