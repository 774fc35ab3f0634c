/* What a peer does wrong with hellos, in TLS 1.3: ClientHello, ServerHello, HelloRetryRequest; and
 * what of it is as wrong in TLS 1.2. The numbers are those of test/misbehave/scenarios.tsv. */
#include "lib/exact.h"
#include "lib/sin.h"

#include "base/mem.h"
#include "wire/hello.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum {
    EXT_SNI = 0,
    EXT_GROUPS = 10,
    EXT_SIGALGS = 13,
    EXT_ALPN_CODE = 16,
    EXT_PSK = 41,
    EXT_VERSIONS = 43,
    EXT_COOKIE_CODE = 44,
    EXT_PSK_MODES = 45,
    EXT_SHARE = 51,
    EXT_ECH = 65037
};

/* ---- ServerHello --------------------------------------------------------------------------------- */

/* A ServerHello with one thing changed. */
static struct hello answer(struct script *s)
{
    struct hello h;
    script_take_hello(s);
    script_server_hello(s, &h);
    return h;
}

#define ANSWER_WITH(name, change)                                                                  \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct hello h = answer(s);                                                                \
        change;                                                                                    \
        script_send_hello(s, &h);                                                                  \
    }

ANSWER_WITH(a_legacy_version_of_tls13, h.version = TLS13)
ANSWER_WITH(a_legacy_version_of_tls11, h.version = 0x0302)
ANSWER_WITH(another_session_id, h.session_id = exact_flip(s->session_id, 3, 1))
ANSWER_WITH(no_session_id, h.session_id = exact_hex(""))
ANSWER_WITH(compression, h.compressions = exact_hex("01"))
ANSWER_WITH(hostile_27_a_suite_that_was_not_offered, h.suites = exact_hex("1304"))
ANSWER_WITH(hostile_27_a_suite_of_tls12, h.suites = exact_hex("c02b"))
ANSWER_WITH(hostile_27_a_selected_version_of_tls12, hello_set(&h, EXT_VERSIONS, "0303"))
ANSWER_WITH(hostile_27_a_selected_version_beyond, hello_set(&h, EXT_VERSIONS, "0305"))
ANSWER_WITH(hostile_27_no_selected_version, hello_drop(&h, EXT_VERSIONS))
ANSWER_WITH(hostile_26_neither_share_nor_psk, hello_drop(&h, EXT_SHARE))
ANSWER_WITH(a_psk_that_was_not_offered, hello_add(&h, EXT_PSK, "0000"))
ANSWER_WITH(an_unknown_extension, hello_add(&h, 0x4a4a, ""))
ANSWER_WITH(hostile_29_a_repeated_extension, hello_add(&h, EXT_VERSIONS, "0304"))
ANSWER_WITH(a_misplaced_extension, hello_add(&h, EXT_GROUPS, "0002 001d"))
ANSWER_WITH(a_cookie_in_server_hello, hello_add(&h, EXT_COOKIE_CODE, "0001 00"))
ANSWER_WITH(a_malformed_share, hello_set(&h, EXT_SHARE, "001d 0021 00"))
ANSWER_WITH(hostile_44_a_share_of_a_group_without_share, hello_set(&h, EXT_SHARE, "0018 0001 04"))
ANSWER_WITH(hostile_43_a_short_x25519_share, hello_set(&h, EXT_SHARE, "001d 0002 0102"))
ANSWER_WITH(hostile_43_a_share_of_zeros, hello_set(&h, EXT_SHARE,
                                                   "001d 0020 00000000000000000000000000000000"
                                                   "00000000000000000000000000000000"))

static void hello_again_after_hello(struct script *s)
{
    struct hello h = answer(s);
    put_hello(&s->flight, &h);
    script_say_hello(s, &h);
    script_flush(s);
}

static void a_server_hello_from_a_client(struct script *s)
{
    struct hello h;
    script_client_hello(s, &h);
    h.type = MSG_SERVER_HELLO;
    h.suites = exact_hex("1301");
    put_hello(&s->flight, &h);
    script_flush(s);
}

/* ---- HelloRetryRequest ----------------------------------------------------------------------------- */

static struct hello retry(struct script *s)
{
    struct hello h;
    script_take_hello(s);
    script_retry(s, &h, GROUP_SECP256R1);
    return h;
}

#define RETRY_WITH(name, change)                                                                   \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct hello h = retry(s);                                                                 \
        change;                                                                                    \
        script_send_hello(s, &h);                                                                  \
    }

RETRY_WITH(hostile_23_a_retry_for_a_share_that_was_sent, hello_set(&h, EXT_SHARE, "001d"))
RETRY_WITH(hostile_23_a_retry_for_a_group_not_offered, hello_set(&h, EXT_SHARE, "0019"))
RETRY_WITH(hostile_23_a_retry_without_change, hello_drop(&h, EXT_SHARE))
RETRY_WITH(hostile_23_a_retry_with_an_empty_cookie, hello_add(&h, EXT_COOKIE_CODE, "0000"))
RETRY_WITH(hostile_23_a_retry_with_a_whole_share, hello_set(&h, EXT_SHARE, "0017 0001 04"))
RETRY_WITH(a_retry_without_version, hello_drop(&h, EXT_VERSIONS))
RETRY_WITH(a_retry_of_tls12, hello_set(&h, EXT_VERSIONS, "0303"))
RETRY_WITH(a_retry_with_an_unknown_extension, hello_add(&h, 0x4a4a, ""))
RETRY_WITH(a_retry_with_an_extension_not_offered, hello_add(&h, EXT_ECH, "0000000000000000"))
RETRY_WITH(a_retry_with_a_psk, hello_add(&h, EXT_PSK, "0000"))
RETRY_WITH(a_retry_with_another_session_id, h.session_id = exact_flip(h.session_id, 0, 1))
RETRY_WITH(a_retry_with_a_suite_not_offered, h.suites = exact_hex("1304"))

/* The client's second hello is taken; what comes then is the test's. */
static struct hello retried(struct script *s)
{
    struct hello h = retry(s);
    s->suite = gv_openssl_provider()->suites[0];
    script_hash_retry(s);
    script_send_hello(s, &h);
    script_share(s, GROUP_SECP256R1);
    script_take_hello(s);
    script_server_hello(s, &h);
    return h;
}

static void hostile_23_a_second_retry(struct script *s)
{
    struct hello h = retried(s);
    script_retry(s, &h, GROUP_SECP384R1);
    script_send_hello(s, &h);
}

static void hostile_24_another_suite_after_a_retry(struct script *s)
{
    struct hello h = retried(s);
    h.suites = exact_hex("1301");
    script_send_hello(s, &h);
}

static void another_group_after_a_retry(struct script *s)
{
    struct hello h = retried(s);
    script_share(s, GROUP_X25519);
    script_server_hello(s, &h);
    script_send_hello(s, &h);
}

static void hostile_22_tls12_after_a_retry(struct script *s)
{
    struct hello h = retried(s);
    hello_drop(&h, EXT_VERSIONS);
    hello_drop(&h, EXT_SHARE);
    h.suites = exact_hex("c02b");
    script_send_hello(s, &h);
}

static void with_tls12(struct bare *p)
{
    p->client_config->common.tls12 = p->server_config->common.tls12 = true;
}

static void server_flight(struct script *s)
{
    script_flush(s);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    script_certificate(s, "p256");
    script_certificate_verify(s, "p256", 0);
    script_finished(s);
    script_flush(s);
    script_take(s, MSG_FINISHED);
}

/* RUSTSEC-2026-0349: what a failed handshake's server wanted is no advice for the next. */
static void may_hostile_33_a_failed_retry_leave_no_hint(struct script *s)
{
    struct client_hello m;
    struct key_share_entry first = {0}, next = {0};
    struct hello h;
    struct span message = span_from(script_take(s, MSG_CLIENT_HELLO), HANDSHAKE_HEADER);

    assert_err(gv_wire_read_client_hello(message, &m), OK);
    s->session_id = m.session_id;
    script_share(s, GROUP_X25519);
    script_retry(s, &h, GROUP_SECP256R1);
    assert_true(gv_next_key_share(&m.key_shares, &first));
    script_send_hello(s, &h);
    script_take(s, MSG_CLIENT_HELLO);
    script_alert(s, ALERT_LEVEL_FATAL, ALERT_HANDSHAKE_FAILURE);
    script_begin(s);
    message = span_from(script_take(s, MSG_CLIENT_HELLO), HANDSHAKE_HEADER);
    assert_err(gv_wire_read_client_hello(message, &m), OK);
    assert_true(gv_next_key_share(&m.key_shares, &next));
    assert_int_equal(next.group, first.group);
}

static void may_a_retry_come_with_a_cookie(struct script *s)
{
    struct hello h = retry(s);
    hello_add(&h, EXT_COOKIE_CODE, "0004 c00c1e05");
    s->suite = gv_openssl_provider()->suites[0];
    script_hash_retry(s);
    script_send_hello(s, &h);
    script_share(s, GROUP_SECP256R1);
    script_take_hello(s);
    script_server_hello(s, &h);
    script_say_hello(s, &h);
    server_flight(s);
}

static void hostile_43_a_point_off_the_curve(struct script *s)
{
    struct hello h = retried(s);
    struct span entry = exact_join(exact_hex("0017 0041"), s->share_key);
    hello_set_span(&h, EXT_SHARE, exact_flip(entry, 68, 1));
    script_send_hello(s, &h);
}

static void hostile_43_a_compressed_point(struct script *s)
{
    struct hello h = retried(s);
    struct span x = span_of(s->share_key.at + 1, 32);
    hello_set_span(&h, EXT_SHARE, exact_join(exact_hex("0017 0021 02"), x));
    script_send_hello(s, &h);
}

/* ---- ClientHello ------------------------------------------------------------------------------------- */

static struct hello first(struct script *s)
{
    struct hello h;
    script_client_hello(s, &h);
    return h;
}

#define HELLO_WITH(name, change)                                                                   \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct hello h = first(s);                                                                 \
        change;                                                                                    \
        script_send_hello(s, &h);                                                                  \
    }

HELLO_WITH(an_unneeded_fallback, hello_set(&h, EXT_VERSIONS, "02 0303");
           h.suites = exact_hex("c02b 5600"))
HELLO_WITH(hostile_27_versions_we_do_not_speak, hello_set(&h, EXT_VERSIONS, "04 0305 0302"))
HELLO_WITH(compression_offered, h.compressions = exact_hex("0100"))
HELLO_WITH(no_null_compression, h.compressions = exact_hex("01"))
HELLO_WITH(no_groups, hello_drop(&h, EXT_GROUPS))
HELLO_WITH(no_signature_algorithms, hello_drop(&h, EXT_SIGALGS))
HELLO_WITH(no_key_share, hello_drop(&h, EXT_SHARE))
HELLO_WITH(no_suite_that_we_share, h.suites = exact_hex("1304 1305 c02b"))
HELLO_WITH(no_scheme_that_we_share, hello_set(&h, EXT_SIGALGS, "0002 0804"))
HELLO_WITH(hostile_44_no_group_that_we_share, hello_set(&h, EXT_GROUPS, "0004 0100 0019");
           hello_set(&h, EXT_SHARE, "0000"))
HELLO_WITH(hostile_44_a_share_of_an_unknown_group_only, hello_set(&h, EXT_GROUPS, "0002 0019");
           hello_set(&h, EXT_SHARE, "0005 0019 0001 04"))
HELLO_WITH(hostile_29_a_repeated_known_extension, hello_add(&h, EXT_GROUPS, "0002 001d"))
HELLO_WITH(hostile_29_a_repeated_unknown_extension, hello_add(&h, 0x4a4a, "");
           hello_add(&h, 0x4a4a, "00"))
HELLO_WITH(hostile_29_a_share_outside_the_groups, hello_set(&h, EXT_GROUPS, "0002 0017"))
HELLO_WITH(hostile_29_a_psk_that_is_not_last,
           hello_add(&h, EXT_PSK,
                     "0007 0001 61 00000000 0021 20"
                     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
           hello_add(&h, 0x4a4a, ""))
HELLO_WITH(hostile_29_more_identities_than_binders, hello_add(&h, EXT_PSK_MODES, "01 01");
           hello_add(&h, EXT_PSK,
                     "000e 0001 61 00000000 0001 62 00000000 0021 20"
                     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"))
HELLO_WITH(hostile_35_an_empty_alpn_list, hello_add(&h, EXT_ALPN_CODE, "0000"))
HELLO_WITH(hostile_35_an_empty_alpn_name, hello_add(&h, EXT_ALPN_CODE, "0003 00 01 61"))
HELLO_WITH(hostile_35_an_alpn_that_we_do_not_speak, hello_add(&h, EXT_ALPN_CODE, "0003 02 6833"))
HELLO_WITH(hostile_43_a_clients_share_of_zeros,
           hello_set(&h, EXT_SHARE,
                     "0024 001d 0020 00000000000000000000000000000000"
                     "00000000000000000000000000000000"))
HELLO_WITH(hostile_43_a_clients_share_that_is_short,
           hello_set(&h, EXT_SHARE, "0006 001d 0002 0102"))
HELLO_WITH(two_host_names, hello_set(&h, EXT_SNI, "0008 00 0001 61 00 0001 62"))
HELLO_WITH(a_host_name_of_no_bytes, hello_set(&h, EXT_SNI, "0003 00 0000"))
HELLO_WITH(a_retrys_extension_in_a_hello, hello_add(&h, EXT_COOKIE_CODE, "0000"))

static void hostile_29_two_shares_of_one_group(struct script *s)
{
    struct hello h = first(s);
    struct span entry = exact_join(exact_hex("001d 0020"), s->share_key);
    hello_set_span(&h, EXT_SHARE, exact_join(exact_hex("0048"), exact_join(entry, entry)));
    script_send_hello(s, &h);
}

static void hostile_43_a_clients_point_off_the_curve(struct script *s)
{
    script_share(s, GROUP_SECP256R1);
    struct hello h = first(s);
    struct span entry = exact_join(exact_hex("0045 0017 0041"), s->share_key);
    hello_set(&h, EXT_GROUPS, "0002 0017");
    hello_set_span(&h, EXT_SHARE, exact_flip(entry, 70, 1));
    script_send_hello(s, &h);
}

static void may_grease_be_everywhere(struct script *s)
{
    struct hello h = first(s);
    struct span entry = exact_join(exact_hex("0a0a 0001 00 001d 0020"), s->share_key);
    h.suites = exact_hex("1a1a 1301");
    hello_set(&h, EXT_GROUPS, "0004 0a0a 001d");
    hello_set(&h, EXT_SIGALGS, "0004 2a2a 0403");
    hello_set(&h, EXT_VERSIONS, "04 3a3a 0304");
    hello_set_span(&h, EXT_SHARE, exact_join(exact_hex("0029"), entry));
    hello_add(&h, 0x4a4a, "00");
    hello_add(&h, 0x5a5a, "");
    script_send_hello(s, &h);
    script_take_hello(s);
    script_handshake_keys(s);
    script_take_flight(s);
}

/* ---- the second ClientHello --------------------------------------------------------------------------- */

static void p256_only(struct bare *p)
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
}

/* The second hello, as the retry asked for it. */
static struct hello second(struct script *s)
{
    struct hello h = first(s);
    script_send_hello(s, &h);
    s->suite = gv_openssl_provider()->suites[0];
    script_hash_retry(s);
    assert_false(script_take_hello(s));
    script_share(s, GROUP_SECP256R1);
    script_client_hello(s, &h);
    return h;
}

#define AGAIN_WITH(name, change)                                                                   \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct hello h = second(s);                                                                \
        change;                                                                                    \
        script_send_hello(s, &h);                                                                  \
    }

AGAIN_WITH(hostile_24_another_server_name_after_a_retry, hello_set(&h, EXT_SNI, "0004 00 0001 61"))
AGAIN_WITH(hostile_24_no_server_name_after_a_retry, hello_drop(&h, EXT_SNI))
AGAIN_WITH(hostile_24_other_suites_after_a_retry, h.suites = exact_hex("1301"))
AGAIN_WITH(hostile_24_another_random_after_a_retry, h.random = exact_flip(h.random, 0, 1))
AGAIN_WITH(hostile_24_another_session_id_after_a_retry,
           h.session_id = exact_flip(h.session_id, 0, 1))
AGAIN_WITH(hostile_24_other_groups_after_a_retry, hello_set(&h, EXT_GROUPS, "0004 0017 001d"))
AGAIN_WITH(hostile_24_other_schemes_after_a_retry, hello_set(&h, EXT_SIGALGS, "0002 0403"))
AGAIN_WITH(hostile_24_alpn_after_a_retry, hello_add(&h, EXT_ALPN_CODE, "0003 02 6832"))
AGAIN_WITH(no_share_after_a_retry, hello_set(&h, EXT_SHARE, "0000"))
AGAIN_WITH(hostile_43_a_compressed_point_after_a_retry,
           hello_set_span(&h, EXT_SHARE,
                          exact_join(exact_hex("0025 0017 0021 02"),
                                     span_of(s->share_key.at + 1, 32))))

/* CVE-2026-34873, from the other side. */
AGAIN_WITH(hostile_22_a_second_hello_of_tls12, hello_set(&h, EXT_VERSIONS, "02 0303");
           h.suites = exact_hex("c02b"))

static void the_same_share_after_a_retry(struct script *s)
{
    struct hello h = first(s);
    script_send_hello(s, &h);
    script_send_hello(s, &h);
}

static void may_a_second_hello_bring_the_share(struct script *s)
{
    struct hello h = second(s);
    script_send_hello(s, &h);
    assert_true(script_take_hello(s));
    script_handshake_keys(s);
    script_take_flight(s);
    script_finished(s);
    script_flush(s);
    assert_false(gv_connection_is_handshaking(s->peer));
}

static void with_alpn(struct bare *p)
{
    static const struct span names[] = {{(const uint8_t *)"h2", 2}};
    assert_err(gv_alpn_list_set(&p->server_config->common.alpn, names, 1), OK);
    assert_err(gv_alpn_list_set(&p->client_config->common.alpn, names, 1), OK);
}

/* clang-format off */
static const struct sin sins[] = {
    SERVER_SINS(a_legacy_version_of_tls13, LEGACY_VERSION_WRONG, ILLEGAL_PARAMETER),
    SERVER_SINS(a_legacy_version_of_tls11, LEGACY_VERSION_WRONG, ILLEGAL_PARAMETER),
    SERVER_SINS(another_session_id, SESSION_ID_NOT_ECHOED, ILLEGAL_PARAMETER),
    SERVER_SINS(no_session_id, SESSION_ID_NOT_ECHOED, ILLEGAL_PARAMETER),
    SERVER_SINS(compression, COMPRESSION_CHOSEN, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_27_a_suite_that_was_not_offered, SUITE_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(with_tls12, hostile_27_a_suite_of_tls12, SUITE_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_27_a_selected_version_of_tls12, VERSION_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(with_tls12, hostile_27_a_selected_version_of_tls12, VERSION_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_27_a_selected_version_beyond, VERSION_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_27_no_selected_version, VERSION_NOT_SUPPORTED, PROTOCOL_VERSION),
    SERVER_SINS(hostile_26_neither_share_nor_psk, KEY_SHARE_MISSING, MISSING_EXTENSION),
    SERVER_SINS(a_psk_that_was_not_offered, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    SERVER_SINS(an_unknown_extension, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    SERVER_SINS(hostile_29_a_repeated_extension, EXTENSION_REPEATED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_misplaced_extension, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_cookie_in_server_hello, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_malformed_share, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS(hostile_44_a_share_of_a_group_without_share, KEY_SHARE_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_43_a_short_x25519_share, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_43_a_share_of_zeros, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    SERVER_SINS(hello_again_after_hello, KEY_CHANGE_INSIDE_RECORD, UNEXPECTED_MESSAGE),
    CLIENT_SINS(a_server_hello_from_a_client, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),

    SERVER_SINS(hostile_23_a_retry_for_a_share_that_was_sent, RETRY_FOR_SHARE_SENT, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_23_a_retry_for_a_group_not_offered, GROUP_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_23_a_retry_without_change, RETRY_WITHOUT_CHANGE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_23_a_retry_with_an_empty_cookie, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS(hostile_23_a_retry_with_a_whole_share, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS(hostile_23_a_second_retry, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(a_retry_without_version, VERSION_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_retry_of_tls12, VERSION_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_retry_with_an_unknown_extension, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    SERVER_SINS(a_retry_with_an_extension_not_offered, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    SERVER_SINS(a_retry_with_a_psk, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_retry_with_another_session_id, SESSION_ID_NOT_ECHOED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_retry_with_a_suite_not_offered, SUITE_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_24_another_suite_after_a_retry, SUITE_CHANGED, ILLEGAL_PARAMETER),
    SERVER_SINS(another_group_after_a_retry, KEY_SHARE_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(with_tls12, hostile_22_tls12_after_a_retry, VERSION_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_MAY(may_a_retry_come_with_a_cookie),
    SERVER_MAY(may_hostile_33_a_failed_retry_leave_no_hint),
    SERVER_SINS(hostile_43_a_point_off_the_curve, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_43_a_compressed_point, BAD_KEY_SHARE, ILLEGAL_PARAMETER),

    CLIENT_SINS(hostile_27_versions_we_do_not_speak, VERSION_NOT_SUPPORTED, PROTOCOL_VERSION),
    CLIENT_SINS(an_unneeded_fallback, FALLBACK_REFUSED, INAPPROPRIATE_FALLBACK),
    CLIENT_SINS(compression_offered, COMPRESSION_OFFERED, ILLEGAL_PARAMETER),
    CLIENT_SINS(no_null_compression, COMPRESSION_OFFERED, ILLEGAL_PARAMETER),
    CLIENT_SINS(no_groups, HELLO_EXTENSION_MISSING, MISSING_EXTENSION),
    CLIENT_SINS(no_signature_algorithms, HELLO_EXTENSION_MISSING, MISSING_EXTENSION),
    CLIENT_SINS(no_key_share, HELLO_EXTENSION_MISSING, MISSING_EXTENSION),
    CLIENT_SINS(no_suite_that_we_share, NO_SHARED_SUITE, ACCESS_DENIED),
    CLIENT_SINS(no_scheme_that_we_share, NO_SUITABLE_KEY, ACCESS_DENIED),
    CLIENT_SINS(hostile_44_no_group_that_we_share, NO_SHARED_GROUP, HANDSHAKE_FAILURE),
    CLIENT_SINS(hostile_44_a_share_of_an_unknown_group_only, NO_SHARED_GROUP, HANDSHAKE_FAILURE),
    CLIENT_SINS(hostile_29_a_repeated_known_extension, EXTENSION_REPEATED, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_29_a_repeated_unknown_extension, EXTENSION_REPEATED, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_29_two_shares_of_one_group, KEY_SHARE_REPEATED, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_29_a_share_outside_the_groups, KEY_SHARE_NOT_IN_GROUPS, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_29_a_psk_that_is_not_last, PSK_NOT_LAST, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_29_more_identities_than_binders, PSK_BINDERS_MISCOUNTED, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_35_an_empty_alpn_list, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(hostile_35_an_empty_alpn_name, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS_AT(with_alpn, hostile_35_an_alpn_that_we_do_not_speak, NO_SHARED_ALPN, NO_APPLICATION_PROTOCOL),
    CLIENT_SINS(hostile_43_a_clients_share_of_zeros, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_43_a_clients_share_that_is_short, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_43_a_clients_point_off_the_curve, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    CLIENT_SINS(two_host_names, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(a_host_name_of_no_bytes, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(a_retrys_extension_in_a_hello, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_MAY(may_grease_be_everywhere),

    CLIENT_SINS_AT(p256_only, hostile_24_another_server_name_after_a_retry, SECOND_HELLO_CHANGED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(p256_only, hostile_24_no_server_name_after_a_retry, SECOND_HELLO_CHANGED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(p256_only, hostile_24_other_suites_after_a_retry, SECOND_HELLO_CHANGED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(p256_only, hostile_24_another_random_after_a_retry, SECOND_HELLO_CHANGED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(p256_only, hostile_24_another_session_id_after_a_retry, SECOND_HELLO_CHANGED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(p256_only, hostile_24_other_groups_after_a_retry, SECOND_HELLO_CHANGED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(p256_only, hostile_24_other_schemes_after_a_retry, SECOND_HELLO_CHANGED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(p256_only, hostile_24_alpn_after_a_retry, SECOND_HELLO_CHANGED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(p256_only, no_share_after_a_retry, SECOND_HELLO_WITHOUT_SHARE, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(p256_only, hostile_22_a_second_hello_of_tls12, SECOND_HELLO_CHANGED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(p256_only, the_same_share_after_a_retry, SECOND_HELLO_WITHOUT_SHARE, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(p256_only, hostile_43_a_compressed_point_after_a_retry, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    CLIENT_MAY_AT(p256_only, may_a_second_hello_bring_the_share),
};

/* The same, said to those who speak TLS 1.2 alone. */
static const struct sin sins12[] = {
    SERVER_SINS(compression, COMPRESSION_CHOSEN, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_27_a_suite_that_was_not_offered, SUITE_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_27_a_selected_version_of_tls12, VERSION_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_27_a_selected_version_beyond, VERSION_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_psk_that_was_not_offered, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    SERVER_SINS(an_unknown_extension, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    CLIENT_SINS(a_server_hello_from_a_client, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_27_versions_we_do_not_speak, VERSION_NOT_SUPPORTED, PROTOCOL_VERSION),
    CLIENT_SINS(hostile_29_a_repeated_known_extension, EXTENSION_REPEATED, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_29_a_repeated_unknown_extension, EXTENSION_REPEATED, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_29_a_psk_that_is_not_last, PSK_NOT_LAST, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_35_an_empty_alpn_list, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(hostile_35_an_empty_alpn_name, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS_AT(with_alpn, hostile_35_an_alpn_that_we_do_not_speak, NO_SHARED_ALPN, NO_APPLICATION_PROTOCOL),
    CLIENT_SINS(two_host_names, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(a_host_name_of_no_bytes, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(a_retrys_extension_in_a_hello, DECODE_CLIENT_HELLO, DECODE_ERROR),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS13, sins, COUNT_OF(sins)) + sins_run(TLS12, sins12, COUNT_OF(sins12));
}
