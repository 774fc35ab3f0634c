/* What a peer does wrong between the hellos and the end of a TLS 1.3 handshake: messages skipped,
 * repeated, moved and changed. The numbers are those of test/misbehave/scenarios.tsv. */
#include "lib/exact.h"
#include "lib/sin.h"

#include "lib/certs.h"
#include "wire/alert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- the server's flight, in any order -------------------------------------------------------- */

static void to_handshake_keys(struct script *s)
{
    struct hello h;
    script_take_hello(s);
    script_server_hello(s, &h);
    script_say_hello(s, &h);
    script_flush(s);
    script_handshake_keys(s);
}

enum part { EE, CT, CV, FIN };

static void say_part(struct script *s, enum part part)
{
    switch (part) {
    case EE:
        script_encrypted_extensions(s);
        break;
    case CT:
        script_certificate(s, s->is_client ? "client" : "p256");
        break;
    case CV:
        script_certificate_verify(s, s->is_client ? "client" : "p256", 0);
        break;
    default:
        script_finished(s);
    }
    script_flush(s);
}

/* The order is of four parts or fewer, each a digit. */
static void server_says(const char *order)
{
    struct script *s = script_new(false);
    script_begin(s);
    to_handshake_keys(s);
    for (; *order != '\0' && s->err == GV_OK; order++)
        say_part(s, (enum part)(*order - '0'));
    script_assert_fails(s, GV_E_UNEXPECTED_HANDSHAKE_MESSAGE, ALERT_UNEXPECTED_MESSAGE);
    script_free(s);
}

/* One left out, one twice, two changed for each other: all of them. */
static void hostile_06_a_server_that_skips_repeats_or_reorders(void **state)
{
    (void)state;
    for (unsigned skipped = 0; skipped < 3; skipped++) {
        char order[8] = "";
        for (unsigned i = 0, n = 0; i < 4; i++)
            if (i != skipped)
                order[n++] = (char)('0' + i);
        server_says(order);
    }
    for (unsigned twice = 0; twice < 3; twice++) {
        char order[8] = "";
        for (unsigned i = 0; i <= twice; i++)
            order[i] = (char)('0' + i);
        order[twice + 1] = (char)('0' + twice);
        server_says(order);
    }
    for (unsigned a = 0; a < 4; a++)
        for (unsigned b = a + 1; b < 4; b++) {
            char order[8] = "0123";
            order[a] = (char)('0' + b);
            order[b] = (char)('0' + a);
            server_says(order);
        }
}

static void clients_welcome(struct bare *p)
{
    p->server_config->client_verifier = bare_trusting_verifier(true);
}

static void client_to_keys(struct script *s)
{
    struct hello h;
    script_client_hello(s, &h);
    script_say_hello(s, &h);
    script_flush(s);
    script_take_hello(s);
    script_handshake_keys(s);
    script_take_flight(s);
}

static void client_says(const char *order)
{
    struct script *s = script_new(true);
    clients_welcome(s->p);
    script_begin(s);
    client_to_keys(s);
    for (; *order != '\0' && s->err == GV_OK; order++)
        say_part(s, (enum part)(*order - '0'));
    script_assert_fails(s, GV_E_UNEXPECTED_HANDSHAKE_MESSAGE, ALERT_UNEXPECTED_MESSAGE);
    script_free(s);
}

static void hostile_04_06_a_client_that_skips_repeats_or_reorders(void **state)
{
    (void)state;
    static const char *const orders[] = {"3", "13", "23", "113", "1223", "213", "321", "0123"};
    for (size_t i = 0; i < COUNT_OF(orders); i++)
        client_says(orders[i]);
}

/* Every handshake type that no row waits for, in the connection's every state. */
static void say_type(struct script *s, unsigned type)
{
    const uint8_t header[] = {(uint8_t)type, 0, 0, 0};
    script_record(s, CONTENT_HANDSHAKE, SPAN_OF(header));
}

static void no_place_for(bool is_client, unsigned type)
{
    struct script *s = script_new(is_client);
    script_begin(s);
    script_handshake(s);
    say_type(s, type);
    script_assert_fails(s, GV_E_UNEXPECTED_HANDSHAKE_MESSAGE, ALERT_UNEXPECTED_MESSAGE);
    script_free(s);
}

static void hostile_06_messages_that_have_no_place_from_a_server(void **state)
{
    (void)state;
    for (unsigned type = 0; type < 256; type++)
        if (type != MSG_NEW_SESSION_TICKET && type != MSG_KEY_UPDATE)
            no_place_for(false, type);
}

static void hostile_06_messages_that_have_no_place_from_a_client(void **state)
{
    (void)state;
    for (unsigned type = 0; type < 256; type++)
        if (type != MSG_KEY_UPDATE)
            no_place_for(true, type);
}

/* ---- EncryptedExtensions ------------------------------------------------------------------------ */

#define EXTENSIONS_OF(name, hex)                                                                   \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        to_handshake_keys(s);                                                                      \
        script_say(s, MSG_ENCRYPTED_EXTENSIONS, exact_hex(hex));                                   \
        script_flush(s);                                                                           \
    }

EXTENSIONS_OF(an_unknown_extension, "0004 4a4a 0000")
EXTENSIONS_OF(an_extension_that_was_not_offered, "0009 0010 0005 0003 02 6832")
EXTENSIONS_OF(hostile_29_a_repeated_extension, "0008 0000 0000 0000 0000")
EXTENSIONS_OF(a_share_among_the_extensions, "0006 0033 0002 001d")
EXTENSIONS_OF(signature_algorithms_among_the_extensions, "0008 000d 0004 0002 0403")
EXTENSIONS_OF(a_server_name_that_is_not_empty, "0005 0000 0001 00")
EXTENSIONS_OF(hostile_35_an_alpn_that_was_not_offered, "0009 0010 0005 0003 02 6833")
EXTENSIONS_OF(hostile_35_an_empty_alpn, "0006 0010 0002 0000")
EXTENSIONS_OF(hostile_35_two_alpns, "000c 0010 0008 0006 02 6832 02 6832")
EXTENSIONS_OF(hostile_34_early_data_that_was_not_offered, "0004 002a 0000")

static void with_alpn(struct bare *p)
{
    static const struct span names[] = {{(const uint8_t *)"h2", 2}};
    assert_err(gv_alpn_list_set(&p->client_config->common.alpn, names, 1), OK);
}

/* ---- CertificateRequest, Certificate --------------------------------------------------------------- */

#define REQUEST_OF(name, hex)                                                                      \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        to_handshake_keys(s);                                                                      \
        script_encrypted_extensions(s);                                                            \
        script_say(s, MSG_CERTIFICATE_REQUEST, exact_hex(hex));                                    \
        script_flush(s);                                                                           \
    }

REQUEST_OF(a_request_with_a_context, "01 aa 0008 000d 0004 0002 0403")
REQUEST_OF(a_request_without_schemes, "00 0000")
REQUEST_OF(a_request_with_a_misplaced_extension, "00 000e 000d 0004 0002 0403 0033 0002 001d")

static void two_requests(struct script *s)
{
    to_handshake_keys(s);
    script_encrypted_extensions(s);
    script_say(s, MSG_CERTIFICATE_REQUEST, exact_hex("00 0008 000d 0004 0002 0403"));
    script_say(s, MSG_CERTIFICATE_REQUEST, exact_hex("00 0008 000d 0004 0002 0403"));
    script_flush(s);
}

#define CERTIFICATE_OF(name, hex)                                                                  \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        if (s->is_client) {                                                                        \
            client_to_keys(s);                                                                     \
        } else {                                                                                   \
            to_handshake_keys(s);                                                                  \
            script_encrypted_extensions(s);                                                        \
        }                                                                                          \
        script_say(s, MSG_CERTIFICATE, exact_hex(hex));                                            \
        script_flush(s);                                                                           \
    }

CERTIFICATE_OF(no_certificate, "00 000000")
CERTIFICATE_OF(a_certificate_with_a_context, "01 aa 000000")
CERTIFICATE_OF(hostile_45_a_certificate_of_no_bytes, "00 000005 000000 0000")
CERTIFICATE_OF(a_certificate_with_an_unknown_extension, "00 00000a 000001 30 0004 4a4a 0000")
CERTIFICATE_OF(a_certificate_with_a_misplaced_extension, "00 00000a 000001 30 0004 0000 0000")
CERTIFICATE_OF(a_stapled_response_of_no_kind, "00 00000f 000001 30 0009 0005 0005 02 000001 aa")

static void hostile_45_a_raw_key_for_a_certificate(struct script *s)
{
    to_handshake_keys(s);
    script_encrypted_extensions(s);
    script_say(s, MSG_CERTIFICATE,
               exact_hex("00 000060 00005b 3059301306072a8648ce3d020106082a8648ce3d030107034200"
                         "04000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                         "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f 0000"));
    script_certificate_verify(s, "p256", 0);
    script_flush(s);
}

static void a_chain_over_the_limit(struct script *s)
{
    static struct put body;
    to_handshake_keys(s);
    script_encrypted_extensions(s);
    body.len = 0;
    for (unsigned i = 0; i < 130; i++) {
        put_uint(&body, 3, 500);
        body.len += 500;
        put_uint(&body, 2, 0);
    }
    put_vec(&body, 0, 3);
    script_say(s, MSG_CERTIFICATE, exact_join(exact_hex("00"), put_of(&body)));
    script_flush(s);
}

static void small_limits(struct bare *p)
{
    p->client_config->common.limits.certificate_chain = 60000;
    p->client_config->common.limits.handshake_message = 70000;
}

/* ---- CertificateVerify --------------------------------------------------------------------------------- */

static void signed_with(struct script *s, const char *certificate, const char *key, uint16_t scheme)
{
    if (s->is_client) {
        client_to_keys(s);
    } else {
        to_handshake_keys(s);
        script_encrypted_extensions(s);
    }
    script_certificate(s, certificate);
    script_certificate_verify(s, key, scheme);
    script_flush(s);
}

static void hostile_05_ed25519_for_a_p256_certificate(struct script *s)
{
    signed_with(s, "p256", "p256", SCHEME_ED25519);
}

static void hostile_05_p384_for_a_p256_certificate(struct script *s)
{
    signed_with(s, "p256", "p256", SCHEME_ECDSA_SECP384R1_SHA384);
}

static void hostile_05_rsa_for_a_p256_certificate(struct script *s)
{
    signed_with(s, "p256", "p256", SCHEME_RSA_PSS_RSAE_SHA256);
}

static void hostile_05_pkcs1_in_tls13(struct script *s)
{
    signed_with(s, "rsa2048", "rsa2048", SCHEME_RSA_PKCS1_SHA256);
}

static void hostile_05_another_hash_than_said(struct script *s)
{
    signed_with(s, "rsa2048", "rsa2048", SCHEME_RSA_PSS_RSAE_SHA256);
}

static void hostile_27_28_a_scheme_that_was_not_offered(struct script *s)
{
    signed_with(s, "p256", "p256", 0x0203); /* ecdsa_sha1 */
}

static void another_keys_signature(struct script *s)
{
    signed_with(s, "p256", "client", 0);
}

static void a_signature_of_no_bytes(struct script *s)
{
    to_handshake_keys(s);
    script_encrypted_extensions(s);
    script_certificate(s, "p256");
    script_say(s, MSG_CERTIFICATE_VERIFY, exact_hex("0403 0000"));
    script_flush(s);
}

/* The context string tells the server's signature from the client's (RFC 9846 section 4.4.3). */
static void a_signature_made_for_the_other_role(struct script *s)
{
    const bool is_client = s->is_client;
    client_to_keys(s);
    script_certificate(s, "client");
    s->is_client = false;
    script_certificate_verify(s, "client", 0);
    s->is_client = is_client;
    script_flush(s);
}

/* ---- Finished -------------------------------------------------------------------------------------------- */

static void to_finished(struct script *s)
{
    if (s->is_client) {
        client_to_keys(s);
        return;
    }
    to_handshake_keys(s);
    script_encrypted_extensions(s);
    script_certificate(s, "p256");
    script_certificate_verify(s, "p256", 0);
}

static void a_wrong_finished(struct script *s)
{
    static const uint8_t zeros[48];
    to_finished(s);
    script_say(s, MSG_FINISHED, SPAN_OF(zeros));
    script_flush(s);
}

static void a_short_finished(struct script *s)
{
    static const uint8_t zeros[47];
    to_finished(s);
    script_say(s, MSG_FINISHED, SPAN_OF(zeros));
    script_flush(s);
}

static void an_empty_finished(struct script *s)
{
    to_finished(s);
    script_say(s, MSG_FINISHED, exact_hex(""));
    script_flush(s);
}

static void the_servers_finished_said_back(struct script *s)
{
    uint8_t mac[HASH_MAX];
    client_to_keys(s);
    struct span digest;
    uint8_t bytes[HASH_MAX];
    assert_err(gv_transcript_peek(&s->transcript, bytes, &digest), OK);
    assert_err(gv_finished13(s->suite->hash, &s->server_hs, digest, mac), OK);
    script_say(s, MSG_FINISHED, span_of(mac, s->suite->hash->len));
    script_flush(s);
}

/* ---- after the handshake ------------------------------------------------------------------------------------ */

static void a_request_after_the_handshake(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("0d00000b 00 0008 000d 0004 0002 0403"));
}

/* TLS 1.3 has no renegotiation (RFC 9846 section 4.1.2). */
static void hostile_46_a_hello_request(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("00000000"));
}

static void hostile_46_a_client_hello_after_the_handshake(struct script *s)
{
    struct hello h;
    script_handshake(s);
    script_client_hello(s, &h);
    script_say_hello(s, &h);
    script_flush(s);
}

static void a_ticket_of_no_bytes(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("0400000d 00000e10 00000000 00 0000 0000"));
}

static void hostile_32_a_flood_of_tickets(struct script *s)
{
    script_handshake(s);
    for (unsigned i = 0; i < 33; i++)
        script_record(s, CONTENT_HANDSHAKE,
                      exact_hex("0400000e 00000e10 00000000 00 0001 aa 0000"));
}

/* Section 4.6.1: the client must not keep it for longer; it is no sin to say it. */
static void may_hostile_31_a_ticket_live_for_ever(struct script *s)
{
    script_handshake(s);
    script_record(s, CONTENT_HANDSHAKE, exact_hex("0400000e ffffffff 00000000 00 0001 aa 0000"));
}

/* clang-format off */
static const struct sin sins[] = {
    SERVER_TEST(hostile_06_a_server_that_skips_repeats_or_reorders),
    CLIENT_TEST(hostile_04_06_a_client_that_skips_repeats_or_reorders),
    SERVER_TEST(hostile_06_messages_that_have_no_place_from_a_server),
    CLIENT_TEST(hostile_06_messages_that_have_no_place_from_a_client),
    SERVER_SINS(an_unknown_extension, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    SERVER_SINS(an_extension_that_was_not_offered, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    SERVER_SINS(hostile_29_a_repeated_extension, EXTENSION_REPEATED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_share_among_the_extensions, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),
    SERVER_SINS(signature_algorithms_among_the_extensions, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_server_name_that_is_not_empty, DECODE_ENCRYPTED_EXTENSIONS, DECODE_ERROR),
    SERVER_SINS_AT(with_alpn, hostile_35_an_alpn_that_was_not_offered, ALPN_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(with_alpn, hostile_35_an_empty_alpn, DECODE_ALPN, DECODE_ERROR),
    SERVER_SINS_AT(with_alpn, hostile_35_two_alpns, DECODE_ALPN, DECODE_ERROR),
    SERVER_SINS(hostile_34_early_data_that_was_not_offered, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),

    SERVER_SINS(a_request_with_a_context, CERTIFICATE_CONTEXT_WRONG, ILLEGAL_PARAMETER),
    SERVER_SINS(a_request_without_schemes, SCHEMES_MISSING, MISSING_EXTENSION),
    SERVER_SINS(a_request_with_a_misplaced_extension, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),
    SERVER_SINS(two_requests, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(no_certificate, SERVER_CERTIFICATE_MISSING, DECODE_ERROR),
    CLIENT_SINS_AT(clients_welcome, no_certificate, CLIENT_CERTIFICATE_MISSING, CERTIFICATE_REQUIRED),
    SERVER_SINS(a_certificate_with_a_context, CERTIFICATE_CONTEXT_WRONG, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(clients_welcome, a_certificate_with_a_context, CERTIFICATE_CONTEXT_WRONG, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_45_a_certificate_of_no_bytes, DECODE_CERTIFICATE, DECODE_ERROR),
    CLIENT_SINS_AT(clients_welcome, hostile_45_a_certificate_of_no_bytes, DECODE_CERTIFICATE, DECODE_ERROR),
    SERVER_SINS(a_certificate_with_an_unknown_extension, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    SERVER_SINS(a_certificate_with_a_misplaced_extension, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_stapled_response_of_no_kind, DECODE_CERTIFICATE_STATUS, DECODE_ERROR),
    SERVER_SINS(hostile_45_a_raw_key_for_a_certificate, CERT_BAD_DER, BAD_CERTIFICATE),
    SERVER_SINS_AT(small_limits, a_chain_over_the_limit, CERTIFICATE_CHAIN_TOO_LONG, BAD_CERTIFICATE),

    SERVER_SINS(hostile_05_ed25519_for_a_p256_certificate, SIGNATURE_SCHEME_MISFIT, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(clients_welcome, hostile_05_ed25519_for_a_p256_certificate, SIGNATURE_SCHEME_MISFIT, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_05_p384_for_a_p256_certificate, SIGNATURE_SCHEME_MISFIT, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_05_rsa_for_a_p256_certificate, SIGNATURE_SCHEME_MISFIT, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_05_pkcs1_in_tls13, SIGNATURE_SCHEME_MISFIT, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_05_another_hash_than_said, BAD_SIGNATURE, DECRYPT_ERROR),
    SERVER_SINS(hostile_27_28_a_scheme_that_was_not_offered, SIGNATURE_SCHEME_NOT_OFFERED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(clients_welcome, hostile_27_28_a_scheme_that_was_not_offered, SIGNATURE_SCHEME_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(another_keys_signature, BAD_SIGNATURE, DECRYPT_ERROR),
    CLIENT_SINS_AT(clients_welcome, another_keys_signature, BAD_SIGNATURE, DECRYPT_ERROR),
    SERVER_SINS(a_signature_of_no_bytes, BAD_SIGNATURE, DECRYPT_ERROR),
    CLIENT_SINS_AT(clients_welcome, a_signature_made_for_the_other_role, BAD_SIGNATURE, DECRYPT_ERROR),

    SERVER_SINS(a_wrong_finished, FINISHED_WRONG, DECRYPT_ERROR),
    CLIENT_SINS(a_wrong_finished, FINISHED_WRONG, DECRYPT_ERROR),
    SERVER_SINS(a_short_finished, DECODE_FINISHED, DECODE_ERROR),
    CLIENT_SINS(a_short_finished, DECODE_FINISHED, DECODE_ERROR),
    CLIENT_SINS(an_empty_finished, DECODE_FINISHED, DECODE_ERROR),
    CLIENT_SINS(the_servers_finished_said_back, FINISHED_WRONG, DECRYPT_ERROR),

    SERVER_SINS(a_request_after_the_handshake, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_46_a_hello_request, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_46_a_client_hello_after_the_handshake, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(a_ticket_of_no_bytes, DECODE_NEW_SESSION_TICKET, DECODE_ERROR),
    SERVER_SINS(hostile_32_a_flood_of_tickets, POST_HANDSHAKE_TOO_MANY, UNEXPECTED_MESSAGE),
    SERVER_MAY(may_hostile_31_a_ticket_live_for_ever),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS13, sins, COUNT_OF(sins));
}
