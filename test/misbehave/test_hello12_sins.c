/* What a peer does wrong with the hellos of TLS 1.2 (RFC 5246 section 7.4.1), beside what is wrong in
 * TLS 1.3 too (test_hello_sins.c). The numbers are those of test/misbehave/scenarios.tsv. */
#include "lib/exact.h"
#include "lib/script12.h"
#include "lib/sin.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum {
    EXT_SNI = 0,
    EXT_STATUS = 5,
    EXT_GROUPS = 10,
    EXT_FORMATS = 11,
    EXT_SIGALGS = 13,
    EXT_ALPN_CODE = 16,
    EXT_EMS = 23,
    EXT_TICKET = 35,
    EXT_PSK = 41,
    EXT_VERSIONS = 43,
    EXT_SHARE = 51,
    EXT_RENEGOTIATION = 65281
};

static void with_tls13(struct bare *p)
{
    p->client_config->common.tls13 = p->server_config->common.tls13 = true;
}

static void with_alpn(struct bare *p)
{
    static const struct span names[] = {{(const uint8_t *)"h2", 2}};
    assert_err(gv_alpn_list_set(&p->server_config->common.alpn, names, 1), OK);
    assert_err(gv_alpn_list_set(&p->client_config->common.alpn, names, 1), OK);
}

/* ---- ServerHello --------------------------------------------------------------------------------- */

#define ANSWER_WITH(name, change)                                                                  \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct hello h;                                                                            \
        script_take_hello(s);                                                                      \
        script_server_hello(s, &h);                                                                \
        change;                                                                                    \
        script_send_hello(s, &h);                                                                  \
    }

ANSWER_WITH(hostile_27_a_version_of_tls11, h.version = 0x0302)
ANSWER_WITH(hostile_27_a_version_of_tls13, h.version = TLS13)
ANSWER_WITH(hostile_27_a_version_of_ssl3, h.version = 0x0300)
ANSWER_WITH(hostile_27_a_selected_version_of_tls13, hello_add(&h, EXT_VERSIONS, "0304"))
ANSWER_WITH(hostile_27_a_suite_of_tls13, h.suites = exact_hex("1301"))
ANSWER_WITH(hostile_27_a_suite_of_cbc, h.suites = exact_hex("c009"))
ANSWER_WITH(hostile_27_a_suite_without_forward_secrecy, h.suites = exact_hex("009c"))
ANSWER_WITH(hostile_27_a_suite_that_signals, h.suites = exact_hex("00ff"))
ANSWER_WITH(hostile_27_the_sentinel_of_tls12,
            h.random = exact_hex("404142434445464748494a4b4c4d4e4f"
                                 "5051525354555657444f574e47524401"))
ANSWER_WITH(hostile_27_the_sentinel_of_tls11,
            h.random = exact_hex("404142434445464748494a4b4c4d4e4f"
                                 "5051525354555657444f574e47524400"))
ANSWER_WITH(a_session_id_of_33_bytes,
            h.session_id = exact_hex("000102030405060708090a0b0c0d0e0f"
                                     "101112131415161718191a1b1c1d1e1f20"))
ANSWER_WITH(a_session_that_was_not_offered, h.session_id = s->session_id)
ANSWER_WITH(hostile_29_a_repeated_extension, hello_add(&h, EXT_EMS, ""))
ANSWER_WITH(hostile_29_a_repeated_unknown_extension_of_a_server, hello_add(&h, 0x4a4a, "");
            hello_add(&h, 0x4a4a, "00"))
ANSWER_WITH(signature_algorithms_in_server_hello, hello_add(&h, EXT_SIGALGS, "0002 0403"))
ANSWER_WITH(a_key_share_in_server_hello, hello_add(&h, EXT_SHARE, "001d 0001 00"))
ANSWER_WITH(hostile_35_an_alpn_that_was_not_offered, hello_add(&h, EXT_ALPN_CODE, "0003 02 6833"))
ANSWER_WITH(hostile_35_an_empty_alpn, hello_add(&h, EXT_ALPN_CODE, "0000"))
ANSWER_WITH(hostile_35_an_alpn_name_of_no_bytes, hello_add(&h, EXT_ALPN_CODE, "0001 00"))
ANSWER_WITH(hostile_35_two_alpns, hello_add(&h, EXT_ALPN_CODE, "0006 02 6832 02 6832"))
ANSWER_WITH(a_server_name_that_is_not_empty, hello_add(&h, EXT_SNI, "00"))
ANSWER_WITH(an_extended_master_secret_that_is_not_empty, hello_set(&h, EXT_EMS, "00"))
ANSWER_WITH(a_ticket_in_server_hello, hello_add(&h, EXT_TICKET, "aa"))
ANSWER_WITH(a_status_in_server_hello, hello_add(&h, EXT_STATUS, "01"))
ANSWER_WITH(hostile_46_renegotiation_info_in_an_answer,
            hello_set(&h, EXT_RENEGOTIATION, "0c 000102030405060708090a0b"))
ANSWER_WITH(hostile_46_renegotiation_info_of_one_byte, hello_set(&h, EXT_RENEGOTIATION, "01 00"))
ANSWER_WITH(hostile_46_renegotiation_info_malformed, hello_set(&h, EXT_RENEGOTIATION, "02 00"))
ANSWER_WITH(hostile_46_renegotiation_info_of_no_bytes, hello_set(&h, EXT_RENEGOTIATION, ""))
ANSWER_WITH(hostile_43_compressed_points_only, hello_add(&h, EXT_FORMATS, "01 01"))
ANSWER_WITH(no_point_formats, hello_add(&h, EXT_FORMATS, "00"))

/* HelloRetryRequest is TLS 1.3's (RFC 9846 section 4.1.4). */
static void hostile_22_a_retry_where_there_is_none(struct script *s)
{
    struct hello h;
    script_take_hello(s);
    script_retry(s, &h, GROUP_SECP256R1);
    hello_drop(&h, EXT_SHARE);
    h.suites = exact_hex("c02b");
    script_send_hello(s, &h);
}

/* The hello is good; so is all behind it. */
static void go_on(struct script *s, const struct hello *h)
{
    script_say_hello(s, h);
    script12_server_flight(s, "p256");
    script12_take_client_flight(s);
    script12_take_end(s);
    script12_end(s);
    assert_false(gv_connection_is_handshaking(s->peer));
}

#define MAY_ANSWER_WITH(name, change)                                                              \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct hello h;                                                                            \
        script_take_hello(s);                                                                      \
        script_server_hello(s, &h);                                                                \
        change;                                                                                    \
        go_on(s, &h);                                                                              \
    }

/* Only a client that could have had TLS 1.3 was cheated of it. */
MAY_ANSWER_WITH(may_hostile_27_the_sentinel_come_to_a_client_of_tls12,
                h.random = exact_hex("404142434445464748494a4b4c4d4e4f"
                                     "5051525354555657444f574e47524401"))
MAY_ANSWER_WITH(may_hostile_46_the_master_secret_not_be_extended, hello_drop(&h, EXT_EMS))
MAY_ANSWER_WITH(may_hostile_46_a_server_say_nothing_of_renegotiation,
                hello_drop(&h, EXT_RENEGOTIATION))
MAY_ANSWER_WITH(may_a_server_answer_with_all_that_it_may, hello_add(&h, EXT_SNI, "");
                hello_add(&h, EXT_FORMATS, "03 01 00 02"); hello_add(&h, EXT_GROUPS, "0002 001d"))

/* Such a connection cannot be told from another by what it exports (RFC 9266 section 4.2). */
static void may_hostile_46_nothing_be_bound_to_a_secret_that_is_not_extended(struct script *s)
{
    uint8_t binding[TLS_EXPORTER_LEN];
    may_hostile_46_the_master_secret_not_be_extended(s);
    assert_err(gv_connection_tls_exporter(s->peer, binding), BINDING_NOT_UNIQUE);
}

/* ---- ClientHello ------------------------------------------------------------------------------------- */

#define HELLO_WITH(name, change)                                                                   \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct hello h;                                                                            \
        script_client_hello(s, &h);                                                                \
        change;                                                                                    \
        script_send_hello(s, &h);                                                                  \
    }

HELLO_WITH(hostile_27_a_client_of_tls11, h.version = 0x0302)
HELLO_WITH(hostile_27_a_client_of_ssl3, h.version = 0x0300)
HELLO_WITH(hostile_27_supported_versions_without_tls12, hello_add(&h, EXT_VERSIONS, "02 0302"))
HELLO_WITH(hostile_27_a_fallback_that_was_not_needed, h.suites = exact_hex("c02b 5600"))
HELLO_WITH(no_null_compression, h.compressions = exact_hex("01"))
HELLO_WITH(no_compression_methods, h.compressions = exact_hex(""))
HELLO_WITH(no_suites, h.suites = exact_hex(""))
HELLO_WITH(half_a_suite, h.suites = exact_hex("c02bc0"))
HELLO_WITH(no_suite_that_we_share, h.suites = exact_hex("c009 009c 002f"))
HELLO_WITH(suites_of_tls13_only, h.suites = exact_hex("1301 1302"))
HELLO_WITH(suites_of_another_kind_of_key, h.suites = exact_hex("c02f c030"))
HELLO_WITH(hostile_44_no_group_that_we_share_in_tls12, hello_set(&h, EXT_GROUPS, "0004 0100 0016"))
HELLO_WITH(hostile_44_hybrid_groups_only, hello_set(&h, EXT_GROUPS, "0004 11ec 11eb"))
HELLO_WITH(no_groups_in_their_list, hello_set(&h, EXT_GROUPS, "0000"))
HELLO_WITH(no_scheme_that_we_share, hello_set(&h, EXT_SIGALGS, "0004 0203 0201"))
HELLO_WITH(no_signature_algorithms, hello_drop(&h, EXT_SIGALGS))
HELLO_WITH(hostile_43_only_compressed_points_of_a_client, hello_set(&h, EXT_FORMATS, "01 01"))
HELLO_WITH(a_clients_session_id_of_33_bytes,
           h.session_id = exact_hex("000102030405060708090a0b0c0d0e0f"
                                    "101112131415161718191a1b1c1d1e1f20"))
HELLO_WITH(hostile_46_renegotiation_info_in_a_first_hello,
           hello_set(&h, EXT_RENEGOTIATION, "0c 000102030405060708090a0b"))
HELLO_WITH(hostile_46_renegotiation_info_beside_the_scsv, h.suites = exact_hex("c02b 00ff");
           hello_set(&h, EXT_RENEGOTIATION, "01 00"))
HELLO_WITH(hostile_46_renegotiation_info_that_is_malformed, hello_set(&h, EXT_RENEGOTIATION, "01"))
HELLO_WITH(an_extended_master_secret_with_a_body, hello_set(&h, EXT_EMS, "00"))

static void a_hello_behind_the_hello(struct script *s)
{
    struct hello h;
    script_client_hello(s, &h);
    put_hello(&s->flight, &h);
    script_send_hello(s, &h);
}

/* A good client behind a good hello. */
static void finish(struct script *s, const struct hello *h)
{
    script_send_hello(s, h);
    script_take_hello(s);
    script12_take_server_flight(s);
    script12_client_key_exchange(s);
    script12_end(s);
    script12_take_end(s);
    assert_false(gv_connection_is_handshaking(s->peer));
}

#define MAY_HELLO_WITH(name, change)                                                               \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct hello h;                                                                            \
        script_client_hello(s, &h);                                                                \
        change;                                                                                    \
        finish(s, &h);                                                                             \
    }

MAY_HELLO_WITH(may_hostile_27_a_client_be_of_tls_to_come, h.version = 0x0305)
MAY_HELLO_WITH(may_compression_be_offered, h.compressions = exact_hex("0100"))
MAY_HELLO_WITH(may_hostile_46_the_scsv_stand_alone, h.suites = exact_hex("c02b 00ff");
               hello_drop(&h, EXT_RENEGOTIATION))
MAY_HELLO_WITH(may_hostile_46_a_client_say_nothing_of_renegotiation,
               hello_drop(&h, EXT_RENEGOTIATION))
MAY_HELLO_WITH(may_hostile_46_a_clients_master_secret_not_be_extended, hello_drop(&h, EXT_EMS))
MAY_HELLO_WITH(may_hostile_25_suites_be_repeated, h.suites = exact_hex("c02b c02b c02b"))
MAY_HELLO_WITH(may_groups_and_formats_be_left_out, hello_drop(&h, EXT_GROUPS);
               hello_drop(&h, EXT_FORMATS))
MAY_HELLO_WITH(may_grease_be_everywhere, h.suites = exact_hex("1a1a c02b");
               hello_set(&h, EXT_GROUPS, "0004 0a0a 001d");
               hello_set(&h, EXT_SIGALGS, "0004 2a2a 0403"); hello_add(&h, 0x4a4a, "00"))

/* clang-format off */
static const struct sin sins[] = {
    SERVER_SINS(hostile_27_a_version_of_tls11, VERSION_NOT_SUPPORTED, PROTOCOL_VERSION),
    SERVER_SINS(hostile_27_a_version_of_tls13, VERSION_NOT_SUPPORTED, PROTOCOL_VERSION),
    SERVER_SINS(hostile_27_a_version_of_ssl3, VERSION_NOT_SUPPORTED, PROTOCOL_VERSION),
    SERVER_SINS_AT(with_tls13, hostile_27_a_version_of_tls11, VERSION_NOT_SUPPORTED, PROTOCOL_VERSION),
    SERVER_SINS(hostile_27_a_selected_version_of_tls13, VERSION_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_27_a_suite_of_tls13, SUITE_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(with_tls13, hostile_27_a_suite_of_tls13, SUITE_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_27_a_suite_of_cbc, SUITE_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_27_a_suite_without_forward_secrecy, SUITE_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_27_a_suite_that_signals, SUITE_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(with_tls13, hostile_27_the_sentinel_of_tls12, DOWNGRADE_DETECTED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(with_tls13, hostile_27_the_sentinel_of_tls11, DOWNGRADE_DETECTED, ILLEGAL_PARAMETER),
    SERVER_MAY(may_hostile_27_the_sentinel_come_to_a_client_of_tls12),
    SERVER_SINS(a_session_id_of_33_bytes, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS_AT(with_tls13, a_session_that_was_not_offered, SESSION_ID_ECHOED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_22_a_retry_where_there_is_none, VERSION_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_29_a_repeated_extension, EXTENSION_REPEATED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_29_a_repeated_unknown_extension_of_a_server, EXTENSION_REPEATED, ILLEGAL_PARAMETER),
    SERVER_SINS(signature_algorithms_in_server_hello, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_key_share_in_server_hello, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    SERVER_SINS_AT(with_tls13, a_key_share_in_server_hello, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_35_an_alpn_that_was_not_offered, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    SERVER_SINS_AT(with_alpn, hostile_35_an_alpn_that_was_not_offered, ALPN_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(with_alpn, hostile_35_an_empty_alpn, DECODE_ALPN, DECODE_ERROR),
    SERVER_SINS_AT(with_alpn, hostile_35_an_alpn_name_of_no_bytes, DECODE_ALPN, DECODE_ERROR),
    SERVER_SINS_AT(with_alpn, hostile_35_two_alpns, DECODE_ALPN, DECODE_ERROR),
    SERVER_SINS(a_server_name_that_is_not_empty, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS(an_extended_master_secret_that_is_not_empty, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS(a_ticket_in_server_hello, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS(a_status_in_server_hello, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS(hostile_46_renegotiation_info_in_an_answer, RENEGOTIATION_INFO_WRONG, HANDSHAKE_FAILURE),
    SERVER_SINS(hostile_46_renegotiation_info_of_one_byte, RENEGOTIATION_INFO_WRONG, HANDSHAKE_FAILURE),
    SERVER_SINS(hostile_46_renegotiation_info_malformed, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS(hostile_46_renegotiation_info_of_no_bytes, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS(hostile_43_compressed_points_only, POINT_FORMAT_MISSING, ILLEGAL_PARAMETER),
    SERVER_SINS(no_point_formats, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_MAY(may_hostile_46_the_master_secret_not_be_extended),
    SERVER_MAY(may_hostile_46_nothing_be_bound_to_a_secret_that_is_not_extended),
    SERVER_MAY(may_hostile_46_a_server_say_nothing_of_renegotiation),
    SERVER_MAY(may_a_server_answer_with_all_that_it_may),

    CLIENT_SINS(hostile_27_a_client_of_tls11, VERSION_NOT_SUPPORTED, PROTOCOL_VERSION),
    CLIENT_SINS(hostile_27_a_client_of_ssl3, VERSION_NOT_SUPPORTED, PROTOCOL_VERSION),
    CLIENT_SINS(hostile_27_supported_versions_without_tls12, VERSION_NOT_SUPPORTED, PROTOCOL_VERSION),
    CLIENT_SINS_AT(with_tls13, hostile_27_a_fallback_that_was_not_needed, FALLBACK_REFUSED, INAPPROPRIATE_FALLBACK),
    CLIENT_SINS(no_null_compression, COMPRESSION_MISSING, ILLEGAL_PARAMETER),
    CLIENT_SINS(no_compression_methods, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(no_suites, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(half_a_suite, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(no_suite_that_we_share, NO_SHARED_SUITE, ACCESS_DENIED),
    CLIENT_SINS(suites_of_tls13_only, NO_SHARED_SUITE, ACCESS_DENIED),
    CLIENT_SINS(suites_of_another_kind_of_key, NO_SHARED_SUITE, ACCESS_DENIED),
    CLIENT_SINS(hostile_44_no_group_that_we_share_in_tls12, NO_SHARED_GROUP, HANDSHAKE_FAILURE),
    CLIENT_SINS(hostile_44_hybrid_groups_only, NO_SHARED_GROUP, HANDSHAKE_FAILURE),
    CLIENT_SINS(no_groups_in_their_list, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(no_scheme_that_we_share, NO_SHARED_SUITE, ACCESS_DENIED),
    CLIENT_SINS(no_signature_algorithms, NO_SHARED_SUITE, ACCESS_DENIED),
    CLIENT_SINS(hostile_43_only_compressed_points_of_a_client, POINT_FORMAT_MISSING, ILLEGAL_PARAMETER),
    CLIENT_SINS(a_clients_session_id_of_33_bytes, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(hostile_46_renegotiation_info_in_a_first_hello, RENEGOTIATION_INFO_WRONG, HANDSHAKE_FAILURE),
    CLIENT_SINS(hostile_46_renegotiation_info_beside_the_scsv, RENEGOTIATION_INFO_WRONG, HANDSHAKE_FAILURE),
    CLIENT_SINS(hostile_46_renegotiation_info_that_is_malformed, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(an_extended_master_secret_with_a_body, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(a_hello_behind_the_hello, KEY_CHANGE_INSIDE_RECORD, UNEXPECTED_MESSAGE),
    CLIENT_MAY(may_hostile_27_a_client_be_of_tls_to_come),
    CLIENT_MAY(may_compression_be_offered),
    CLIENT_MAY(may_hostile_46_the_scsv_stand_alone),
    CLIENT_MAY(may_hostile_46_a_client_say_nothing_of_renegotiation),
    CLIENT_MAY(may_hostile_46_a_clients_master_secret_not_be_extended),
    CLIENT_MAY(may_hostile_25_suites_be_repeated),
    CLIENT_MAY(may_groups_and_formats_be_left_out),
    CLIENT_MAY(may_grease_be_everywhere),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS12, sins, COUNT_OF(sins));
}
