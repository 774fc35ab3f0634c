/* What a peer does wrong with certificates, key exchange, signatures and Finished in TLS 1.2 (RFC 5246
 * section 7.4, RFC 8422 section 5). The numbers are those of test/misbehave/scenarios.tsv. */
#include "lib/exact.h"
#include "lib/script12.h"
#include "lib/sin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define X25519_OF_ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static void clients_welcome(struct bare *p)
{
    p->server_config->client_verifier = bare_trusting_verifier(true);
}

static void clients_may(struct bare *p)
{
    p->server_config->client_verifier = bare_trusting_verifier(false);
}

static void client_has_a_key(struct bare *p)
{
    const struct certified_key *own = bare_certified_key("p256");
    assert_err(gv_certified_key_list_set(&p->client_config->common.keys, &own, 1), OK);
}

/* ---- the server's Certificate --------------------------------------------------------------------------- */

/* Behind a good ServerHello with a suite of this kind of key. */
static void to_certificate(struct script *s, uint16_t suite)
{
    const struct cipher_suite_info *const *each = gv_openssl_provider()->suites;
    struct hello h;

    while ((*each)->code != suite)
        each++;
    s->suite = *each;
    script_take_hello(s);
    script_server_hello(s, &h);
    script_say_hello(s, &h);
}

#define CERTIFICATE_OF(name, hex)                                                                  \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        to_certificate(s, SUITE_ECDHE_ECDSA_AES_128_GCM_SHA256);                                   \
        script_say(s, MSG_CERTIFICATE, exact_hex(hex));                                            \
        script_flush(s);                                                                           \
    }

CERTIFICATE_OF(no_certificate, "000000")
CERTIFICATE_OF(no_list_of_certificates, "")
CERTIFICATE_OF(hostile_45_a_certificate_of_no_bytes, "000003 000000")
CERTIFICATE_OF(a_certificate_longer_than_its_list, "000004 000002 30")
CERTIFICATE_OF(a_list_shorter_than_its_message, "000004 000001 30 00")

static void hostile_45_a_raw_key_for_a_certificate(struct script *s)
{
    to_certificate(s, SUITE_ECDHE_ECDSA_AES_128_GCM_SHA256);
    script_say(s, MSG_CERTIFICATE,
               exact_hex("00005e 00005b 3059301306072a8648ce3d020106082a8648ce3d030107034200"
                         "04000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                         "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
    struct key_exchange12 x = script12_key_exchange(s, "p256");
    script12_say_key_exchange(s, &x);
    script_flush(s);
}

static void small_limits(struct bare *p)
{
    p->client_config->common.limits.certificate_chain = 60000;
    p->client_config->common.limits.handshake_message = 70000;
}

static void a_chain_over_the_limit(struct script *s)
{
    static struct put body;
    to_certificate(s, SUITE_ECDHE_ECDSA_AES_128_GCM_SHA256);
    body.len = 0;
    for (unsigned i = 0; i < 130; i++) {
        put_uint(&body, 3, 500);
        body.len += 500;
    }
    put_vec(&body, 0, 3);
    script_say(s, MSG_CERTIFICATE, put_of(&body));
    script_flush(s);
}

/* CertificateStatus: nobody said that it would come; and it is none. */
static void say_status(struct script *s, bool promised, const char *body)
{
    struct hello h;
    script_take_hello(s);
    script_server_hello(s, &h);
    if (promised)
        hello_add(&h, 5, "");
    script_say_hello(s, &h);
    script_certificate(s, "p256");
    script_say(s, MSG_CERTIFICATE_STATUS, exact_hex(body));
    script_flush(s);
}

static void a_status_that_was_not_promised(struct script *s)
{
    say_status(s, false, "01 000001 30");
}

static void a_status_of_an_unknown_type(struct script *s)
{
    say_status(s, true, "02 000001 30");
}

static void a_status_of_no_bytes(struct script *s)
{
    say_status(s, true, "01 000000");
}

static void may_a_promised_status_not_come(struct script *s)
{
    struct hello h;
    script_take_hello(s);
    script_server_hello(s, &h);
    hello_add(&h, 5, "");
    script_say_hello(s, &h);
    script12_server_flight(s, "p256");
}

/* ---- ServerKeyExchange ------------------------------------------------------------------------------------ */

static void exchange_with(struct script *s, uint16_t suite, const char *certificate,
                          void (*change)(struct script *s, struct key_exchange12 *x))
{
    to_certificate(s, suite);
    script_certificate(s, certificate);
    struct key_exchange12 x = script12_key_exchange(s, certificate);
    change(s, &x);
    script12_say_key_exchange(s, &x);
    script_flush(s);
    if (s->err == GV_OK) /* a point is looked at when it is used */
        script12_done(s);
}

#define EXCHANGE_UNDER(suite, name, certificate, change)                                           \
    static void change_of_##name(struct script *s, struct key_exchange12 *x)                       \
    {                                                                                              \
        (void)s;                                                                                   \
        change;                                                                                    \
    }                                                                                              \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        exchange_with(s, suite, certificate, change_of_##name);                                    \
    }
#define EXCHANGE_OF(name, certificate, change)                                                     \
    EXCHANGE_UNDER(SUITE_ECDHE_ECDSA_AES_128_GCM_SHA256, name, certificate, change)
#define RSA_EXCHANGE_OF(name, certificate, change)                                                 \
    EXCHANGE_UNDER(SUITE_ECDHE_RSA_AES_256_GCM_SHA384, name, certificate, change)

/* Of the script's share, made for another group. */
static void take_group(struct script *s, struct key_exchange12 *x, uint16_t group)
{
    script_share(s, group);
    x->group = group;
    x->point = s->share_key;
}

EXCHANGE_OF(hostile_44_a_curve_that_was_not_offered, "p256", x->group = 0x0016)
EXCHANGE_OF(hostile_44_a_group_of_tls13, "p256", x->group = 0x11ec)
EXCHANGE_OF(hostile_44_a_group_that_does_not_exist, "p256", x->group = 0)
EXCHANGE_OF(a_curve_of_its_own, "p256", x->curve_type = 1)
EXCHANGE_OF(a_curve_type_that_does_not_exist, "p256", x->curve_type = 0)
EXCHANGE_OF(hostile_43_a_point_of_no_bytes, "p256", x->point = exact_hex(""))
EXCHANGE_OF(hostile_43_a_short_x25519_key, "p256", x->point = exact_hex("0102"))
EXCHANGE_OF(hostile_43_a_long_x25519_key, "p256", x->point = exact_join(x->point, exact_hex("00")))
EXCHANGE_OF(hostile_43_an_x25519_key_of_zeros, "p256", x->point = exact_hex(X25519_OF_ZEROS))
EXCHANGE_OF(hostile_43_a_point_off_the_curve, "p256", take_group(s, x, GROUP_SECP256R1);
            x->point = exact_flip(x->point, 64, 1))
EXCHANGE_OF(hostile_43_a_compressed_point, "p256", take_group(s, x, GROUP_SECP256R1);
            x->point = exact_join(exact_hex("02"), span_of(x->point.at + 1, 32)))
EXCHANGE_OF(hostile_43_a_hybrid_form_of_a_point, "p256", take_group(s, x, GROUP_SECP256R1);
            x->point = exact_flip(x->point, 0, 4 ^ (6 | (x->point.at[64] & 1))))
EXCHANGE_OF(hostile_43_the_point_at_infinity, "p256", take_group(s, x, GROUP_SECP256R1);
            x->point = exact_hex("00"))
EXCHANGE_OF(hostile_43_a_point_of_another_curve, "p256", take_group(s, x, GROUP_SECP384R1);
            x->group = GROUP_SECP256R1)
EXCHANGE_OF(hostile_43_a_point_cut_short, "p256", take_group(s, x, GROUP_SECP256R1);
            x->point.len = 64)
EXCHANGE_OF(a_signature_over_another_clients_random, "p256",
            x->client_random = exact_flip(x->client_random, 0, 1))
EXCHANGE_OF(a_signature_over_another_servers_random, "p256",
            x->server_random = exact_flip(x->server_random, 31, 1))
EXCHANGE_OF(a_signature_over_the_randoms_in_the_other_order, "p256",
            x->client_random = s->server_random;
            x->server_random = s->client_random)
EXCHANGE_OF(a_signature_without_the_randoms, "p256",
            x->client_random = x->server_random = exact_hex(""))
EXCHANGE_OF(a_signature_of_another_key, "p256", x->signer = "client")
EXCHANGE_OF(a_signature_of_another_kind_of_key, "p256", x->signer = "rsa2048")
EXCHANGE_OF(hostile_05_ed25519_for_a_p256_certificate, "p256", x->scheme = SCHEME_ED25519)
EXCHANGE_OF(hostile_05_sha384_for_a_signature_with_sha256, "p256",
            x->scheme = SCHEME_ECDSA_SECP384R1_SHA384)
EXCHANGE_OF(hostile_05_rsa_for_a_p256_certificate, "p256", x->scheme = SCHEME_RSA_PSS_RSAE_SHA256)
EXCHANGE_OF(hostile_05_ecdsa_for_an_rsa_certificate, "rsa2048",
            x->scheme = SCHEME_ECDSA_SECP256R1_SHA256)
EXCHANGE_OF(hostile_05_an_rsa_certificate_for_an_ecdsa_suite, "rsa2048", (void)x)
RSA_EXCHANGE_OF(may_an_rsa_key_sign_under_its_suite, "rsa2048", (void)x)
RSA_EXCHANGE_OF(hostile_05_a_p256_certificate_for_an_rsa_suite, "p256", (void)x)
RSA_EXCHANGE_OF(hostile_05_ecdsa_under_an_rsa_suite, "rsa2048",
                x->scheme = SCHEME_ECDSA_SECP256R1_SHA256)
RSA_EXCHANGE_OF(hostile_05_pkcs1_for_a_pss_signature, "rsa2048",
                x->scheme = SCHEME_RSA_PKCS1_SHA256)
RSA_EXCHANGE_OF(hostile_28_rsa_with_sha1, "rsa2048", x->scheme = 0x0201)
EXCHANGE_OF(hostile_28_ecdsa_with_sha1, "p256", x->scheme = 0x0203)
EXCHANGE_OF(hostile_28_rsa_with_md5, "p256", x->scheme = 0x0101)
EXCHANGE_OF(hostile_28_a_scheme_of_nobody, "p256", x->scheme = 0xffff)

/* CVE-2026-25834: the scheme fits key and suite, and the verifier does not have it. */
static void without_p256(struct bare *p)
{
    static const struct signature_verifier *rest[64];
    static struct provider narrowed;
    const struct signature_verifier *const *v = gv_openssl_provider()->verifiers;
    size_t n = 0;

    for (; *v != NULL; v++)
        if ((*v)->scheme != SCHEME_ECDSA_SECP256R1_SHA256 && n + 1 < COUNT_OF(rest))
            rest[n++] = *v;
    rest[n] = NULL;
    narrowed = *gv_openssl_provider();
    narrowed.verifiers = rest;
    p->client_config->verifier->provider = &narrowed;
    if (p->server_config->client_verifier != NULL)
        p->server_config->client_verifier->provider = &narrowed;
}

EXCHANGE_OF(hostile_28_a_scheme_that_was_not_offered, "p256", (void)x)

static void exchange_of(struct script *s, struct span body)
{
    to_certificate(s, SUITE_ECDHE_ECDSA_AES_128_GCM_SHA256);
    script_certificate(s, "p256");
    script_say(s, MSG_SERVER_KEY_EXCHANGE, body);
    script_flush(s);
}

static void an_exchange_of_no_bytes(struct script *s)
{
    exchange_of(s, exact_hex(""));
}

static void an_exchange_without_a_signature(struct script *s)
{
    exchange_of(s, exact_join(exact_hex("03 001d 20"), exact_hex(X25519_OF_ZEROS)));
}

static void an_exchange_with_a_signature_of_no_bytes(struct script *s)
{
    exchange_of(s, exact_join(exact_hex("03 001d 20"), exact_hex(X25519_OF_ZEROS "0403 0000")));
}

static void an_exchange_with_bytes_behind_it(struct script *s)
{
    exchange_of(s,
                exact_join(exact_hex("03 001d 20"), exact_hex(X25519_OF_ZEROS "0403 0001 00 00")));
}

/* FREAK and Logjam: the exchange of another kind of suite. */
static void hostile_06_an_exchange_of_dhe(struct script *s)
{
    exchange_of(s, exact_hex("0004 ffffffff 0001 02 0004 01020304 0401 0000"));
}

/* ---- CertificateRequest, ServerHelloDone ------------------------------------------------------------------- */

#define REQUEST_OF(name, hex)                                                                      \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        to_certificate(s, SUITE_ECDHE_ECDSA_AES_128_GCM_SHA256);                                   \
        script_certificate(s, "p256");                                                             \
        struct key_exchange12 x = script12_key_exchange(s, "p256");                                \
        script12_say_key_exchange(s, &x);                                                          \
        script_say(s, MSG_CERTIFICATE_REQUEST, exact_hex(hex));                                    \
        script_flush(s);                                                                           \
    }

REQUEST_OF(a_request_without_types, "00 0002 0403 0000")
REQUEST_OF(a_request_without_schemes, "01 40 0000 0000")
REQUEST_OF(a_request_with_half_a_scheme, "01 40 0003 040304 0000")
REQUEST_OF(a_request_of_tls11, "01 40 0000")
REQUEST_OF(a_request_with_a_name_of_no_bytes, "01 40 0002 0403 0002 0000")
REQUEST_OF(a_request_with_a_name_longer_than_its_list, "01 40 0002 0403 0003 0002 30")

static void a_server_hello_done_with_a_body(struct script *s)
{
    to_certificate(s, SUITE_ECDHE_ECDSA_AES_128_GCM_SHA256);
    script_certificate(s, "p256");
    struct key_exchange12 x = script12_key_exchange(s, "p256");
    script12_say_key_exchange(s, &x);
    script_say(s, MSG_SERVER_HELLO_DONE, exact_hex("00"));
    script_flush(s);
}

static void hostile_02_a_message_behind_server_hello_done(struct script *s)
{
    to_certificate(s, SUITE_ECDHE_ECDSA_AES_128_GCM_SHA256);
    script_certificate(s, "p256");
    struct key_exchange12 x = script12_key_exchange(s, "p256");
    script12_say_key_exchange(s, &x);
    script_say(s, MSG_SERVER_HELLO_DONE, exact_hex(""));
    script_finished(s);
    script_flush(s);
}

/* No certificate of the client's fits what is asked for: it comes without one. */
static void request_what_is_not_there(struct script *s, const char *request)
{
    to_certificate(s, SUITE_ECDHE_ECDSA_AES_128_GCM_SHA256);
    script_certificate(s, "p256");
    struct key_exchange12 x = script12_key_exchange(s, "p256");
    script12_say_key_exchange(s, &x);
    script_say(s, MSG_CERTIFICATE_REQUEST, exact_hex(request));
    script12_done(s);
    assert_span(span_from(script_take(s, MSG_CERTIFICATE), HANDSHAKE_HEADER), exact_hex("000000"));
}

static void may_a_request_fit_no_key_of_the_clients(struct script *s)
{
    request_what_is_not_there(s, "01 01 0002 0804 0000");
}

static void may_a_request_name_no_kind_of_the_clients_key(struct script *s)
{
    request_what_is_not_there(s, "01 01 0006 0403 0807 0804 0000");
}

/* ---- the client's flight ------------------------------------------------------------------------------------- */

static void to_client_flight(struct script *s, const char *groups)
{
    struct hello h;
    script_client_hello(s, &h);
    hello_set(&h, 10, groups);
    script_say_hello(s, &h);
    script_flush(s);
    script_take_hello(s);
    script12_take_server_flight(s);
}

#define X25519_ALONE "0002 001d"
#define P256_ALONE "0002 0017"

#define CLIENT_EXCHANGE_OF(name, body)                                                             \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        to_client_flight(s, X25519_ALONE);                                                         \
        script_say(s, MSG_CLIENT_KEY_EXCHANGE, body);                                              \
        script_flush(s);                                                                           \
    }

CLIENT_EXCHANGE_OF(a_client_exchange_of_no_bytes, exact_hex(""))
CLIENT_EXCHANGE_OF(hostile_43_a_clients_point_of_no_bytes, exact_hex("00"))
CLIENT_EXCHANGE_OF(a_client_exchange_cut_short, exact_hex("20 01"))
CLIENT_EXCHANGE_OF(a_client_exchange_with_a_byte_behind_it, exact_hex("01 01 00"))
CLIENT_EXCHANGE_OF(hostile_43_a_clients_short_x25519_key, exact_hex("02 0102"))
CLIENT_EXCHANGE_OF(hostile_43_a_clients_x25519_key_of_zeros, exact_hex("20" X25519_OF_ZEROS))
/* EncryptedPreMasterSecret, the exchange of RSA (RFC 5246 section 7.4.7.1) */
CLIENT_EXCHANGE_OF(hostile_06_a_client_exchange_of_rsa, exact_hex("0004 01020304"))

#define CLIENT_POINT_OF(name, change)                                                              \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        to_client_flight(s, P256_ALONE);                                                           \
        struct span point = s->share_key;                                                          \
        change;                                                                                    \
        script12_say_point(s, point);                                                              \
        script_flush(s);                                                                           \
    }

CLIENT_POINT_OF(hostile_43_a_clients_point_off_the_curve, point = exact_flip(point, 64, 1))
CLIENT_POINT_OF(hostile_43_a_clients_compressed_point,
                point = exact_join(exact_hex("03"), span_of(point.at + 1, 32)))
CLIENT_POINT_OF(hostile_43_a_clients_point_at_infinity, point = exact_hex("00"))
CLIENT_POINT_OF(hostile_43_a_clients_point_with_a_byte_more,
                point = exact_join(point, exact_hex("00")))

static void no_certificate_of_a_client(struct script *s)
{
    to_client_flight(s, X25519_ALONE);
    script_say(s, MSG_CERTIFICATE, exact_hex("000000"));
    script_flush(s);
}

static void may_a_client_come_without_a_certificate(struct script *s)
{
    to_client_flight(s, X25519_ALONE);
    script_say(s, MSG_CERTIFICATE, exact_hex("000000"));
    script12_client_key_exchange(s);
    script12_end(s);
    script12_take_end(s);
}

static void hostile_04_a_verify_behind_no_certificate(struct script *s)
{
    to_client_flight(s, X25519_ALONE);
    script_say(s, MSG_CERTIFICATE, exact_hex("000000"));
    script12_client_key_exchange(s);
    script_certificate_verify(s, "client", 0);
    script_flush(s);
}

static void hostile_45_a_clients_certificate_of_no_bytes(struct script *s)
{
    to_client_flight(s, X25519_ALONE);
    script_say(s, MSG_CERTIFICATE, exact_hex("000003 000000"));
    script_flush(s);
}

static void hostile_45_a_clients_raw_key_for_a_certificate(struct script *s)
{
    to_client_flight(s, X25519_ALONE);
    script_say(s, MSG_CERTIFICATE,
               exact_hex("00005e 00005b 3059301306072a8648ce3d020106082a8648ce3d030107034200"
                         "04000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                         "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
    script12_client_key_exchange(s);
    script_certificate_verify(s, "client", 0);
    script_flush(s);
}

static void client_signs(struct script *s, const char *certificate, const char *key,
                         uint16_t scheme)
{
    to_client_flight(s, X25519_ALONE);
    script_certificate(s, certificate);
    script12_client_key_exchange(s);
    script_certificate_verify(s, key, scheme);
    script_flush(s);
}

#define CLIENT_SIGNS(name, certificate, key, scheme)                                               \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        client_signs(s, certificate, key, scheme);                                                 \
    }

CLIENT_SIGNS(hostile_05_a_clients_ed25519_for_p256, "client", "client", SCHEME_ED25519)
CLIENT_SIGNS(hostile_05_a_clients_rsa_for_p256, "client", "client", SCHEME_RSA_PSS_RSAE_SHA256)
CLIENT_SIGNS(hostile_05_a_clients_p256_for_rsa, "client-rsa2048", "client-rsa2048",
             SCHEME_ECDSA_SECP256R1_SHA256)
CLIENT_SIGNS(hostile_05_a_clients_other_hash, "client-rsa2048", "client-rsa2048",
             SCHEME_RSA_PKCS1_SHA384)
CLIENT_SIGNS(hostile_28_a_clients_ecdsa_with_sha1, "client", "client", 0x0203)
CLIENT_SIGNS(hostile_27_a_clients_scheme_of_nobody, "client", "client", 0xffff)
CLIENT_SIGNS(another_clients_signature, "client", "client-wrong-eku", 0)

static void a_clients_verify_of_no_bytes(struct script *s)
{
    to_client_flight(s, X25519_ALONE);
    script_certificate(s, "client");
    script12_client_key_exchange(s);
    script_say(s, MSG_CERTIFICATE_VERIFY, exact_hex(""));
    script_flush(s);
}

static void a_clients_signature_of_no_bytes(struct script *s)
{
    to_client_flight(s, X25519_ALONE);
    script_certificate(s, "client");
    script12_client_key_exchange(s);
    script_say(s, MSG_CERTIFICATE_VERIFY, exact_hex("0403 0000"));
    script_flush(s);
}

/* RFC 5246 section 7.4.8: over all messages, not over all but one. */
static void a_signature_over_fewer_messages(struct script *s)
{
    to_client_flight(s, X25519_ALONE);
    script_certificate(s, "client");
    const size_t before = s->messages.len;
    script12_client_key_exchange(s);
    const size_t whole = s->messages.len;
    s->messages.len = before;
    script_certificate_verify(s, "client", 0);
    s->messages.len = whole;
    script_flush(s);
}

/* ---- Finished -------------------------------------------------------------------------------------------------- */

static void to_finished(struct script *s)
{
    if (s->is_client) {
        to_client_flight(s, X25519_ALONE);
        script12_client_key_exchange(s);
    } else {
        to_certificate(s, SUITE_ECDHE_ECDSA_AES_128_GCM_SHA256);
        script12_server_flight(s, "p256");
        script12_take_client_flight(s);
        script12_take_end(s);
    }
    script12_change(s);
}

/* The good verify_data, which is changed and said. */
static struct span good_finished(struct script *s)
{
    to_finished(s);
    script_finished(s);
    struct span message = exact_copy(put_of(&s->flight));
    s->flight.len = s->hashed = 0;
    return span_from(message, HANDSHAKE_HEADER);
}

#define FINISHED_OF(name, change)                                                                  \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct span data = good_finished(s);                                                       \
        change;                                                                                    \
        script_say(s, MSG_FINISHED, data);                                                         \
        script_flush(s);                                                                           \
    }

FINISHED_OF(a_finished_wrong_in_its_first_byte, data = exact_flip(data, 0, 1))
FINISHED_OF(a_finished_wrong_in_its_last_byte, data = exact_flip(data, 11, 0x80))
FINISHED_OF(a_short_finished, data.len = 11)
FINISHED_OF(a_long_finished, data = exact_join(data, exact_hex("00")))
FINISHED_OF(an_empty_finished, data.len = 0)

/* The other role's label. */
static void a_finished_of_the_other_role(struct script *s)
{
    to_finished(s);
    s->is_client = !s->is_client;
    script_finished(s);
    s->is_client = !s->is_client;
    script_flush(s);
}

/* It does not know the secret, and finishes all the same. */
static void a_finished_of_another_secret(struct script *s)
{
    to_finished(s);
    s->master.at[47] ^= 1;
    script_finished(s);
    script_flush(s);
}

static void hostile_02_a_message_behind_finished(struct script *s)
{
    to_finished(s);
    script_finished(s);
    put_span(&s->flight, exact_hex("00000000"));
    script_flush(s);
    if (s->is_client)
        script12_take_end(s);
}

/* clang-format off */
static const struct sin sins[] = {
    SERVER_SINS(no_certificate, SERVER_CERTIFICATE_MISSING, DECODE_ERROR),
    SERVER_SINS(no_list_of_certificates, DECODE_CERTIFICATE, DECODE_ERROR),
    SERVER_SINS(hostile_45_a_certificate_of_no_bytes, DECODE_CERTIFICATE, DECODE_ERROR),
    SERVER_SINS(a_certificate_longer_than_its_list, DECODE_CERTIFICATE, DECODE_ERROR),
    SERVER_SINS(a_list_shorter_than_its_message, DECODE_CERTIFICATE, DECODE_ERROR),
    SERVER_SINS(hostile_45_a_raw_key_for_a_certificate, CERT_BAD_DER, BAD_CERTIFICATE),
    SERVER_SINS_AT(small_limits, a_chain_over_the_limit, CERTIFICATE_CHAIN_TOO_LONG, BAD_CERTIFICATE),
    SERVER_SINS(a_status_that_was_not_promised, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS(a_status_of_an_unknown_type, DECODE_CERTIFICATE_STATUS, DECODE_ERROR),
    SERVER_SINS(a_status_of_no_bytes, DECODE_CERTIFICATE_STATUS, DECODE_ERROR),
    SERVER_MAY(may_a_promised_status_not_come),

    SERVER_SINS(hostile_44_a_curve_that_was_not_offered, GROUP_NOT_ALLOWED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_44_a_group_of_tls13, GROUP_NOT_ALLOWED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_44_a_group_that_does_not_exist, GROUP_NOT_ALLOWED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_curve_of_its_own, CURVE_TYPE_UNSUPPORTED, ILLEGAL_PARAMETER),
    SERVER_SINS(a_curve_type_that_does_not_exist, CURVE_TYPE_UNSUPPORTED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_43_a_point_of_no_bytes, DECODE_SERVER_KEY_EXCHANGE, DECODE_ERROR),
    SERVER_SINS(hostile_43_a_short_x25519_key, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_43_a_long_x25519_key, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_43_an_x25519_key_of_zeros, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_43_a_point_off_the_curve, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_43_a_compressed_point, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_43_a_hybrid_form_of_a_point, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_43_the_point_at_infinity, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_43_a_point_of_another_curve, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_43_a_point_cut_short, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    SERVER_SINS(a_signature_over_another_clients_random, BAD_SIGNATURE, DECRYPT_ERROR),
    SERVER_SINS(a_signature_over_another_servers_random, BAD_SIGNATURE, DECRYPT_ERROR),
    SERVER_SINS(a_signature_over_the_randoms_in_the_other_order, BAD_SIGNATURE, DECRYPT_ERROR),
    SERVER_SINS(a_signature_without_the_randoms, BAD_SIGNATURE, DECRYPT_ERROR),
    SERVER_SINS(a_signature_of_another_key, BAD_SIGNATURE, DECRYPT_ERROR),
    SERVER_SINS(a_signature_of_another_kind_of_key, KEY_NOT_FOR_SUITE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_05_ed25519_for_a_p256_certificate, SIGNATURE_SCHEME_MISFIT, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_05_sha384_for_a_signature_with_sha256, BAD_SIGNATURE, DECRYPT_ERROR),
    SERVER_SINS(hostile_05_rsa_for_a_p256_certificate, KEY_NOT_FOR_SUITE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_05_ecdsa_for_an_rsa_certificate, SIGNATURE_SCHEME_MISFIT, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_05_an_rsa_certificate_for_an_ecdsa_suite, KEY_NOT_FOR_SUITE, ILLEGAL_PARAMETER),
    SERVER_MAY(may_an_rsa_key_sign_under_its_suite),
    SERVER_SINS(hostile_05_a_p256_certificate_for_an_rsa_suite, KEY_NOT_FOR_SUITE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_05_ecdsa_under_an_rsa_suite, KEY_NOT_FOR_SUITE, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_05_pkcs1_for_a_pss_signature, BAD_SIGNATURE, DECRYPT_ERROR),
    SERVER_SINS(hostile_28_rsa_with_sha1, SIGNATURE_SCHEME_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_28_ecdsa_with_sha1, SIGNATURE_SCHEME_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_28_rsa_with_md5, SIGNATURE_SCHEME_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(hostile_28_a_scheme_of_nobody, SIGNATURE_SCHEME_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(without_p256, hostile_28_a_scheme_that_was_not_offered, SIGNATURE_SCHEME_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS(an_exchange_of_no_bytes, DECODE_SERVER_KEY_EXCHANGE, DECODE_ERROR),
    SERVER_SINS(an_exchange_without_a_signature, DECODE_SERVER_KEY_EXCHANGE, DECODE_ERROR),
    SERVER_SINS(an_exchange_with_a_signature_of_no_bytes, BAD_SIGNATURE, DECRYPT_ERROR),
    SERVER_SINS(an_exchange_with_bytes_behind_it, DECODE_SERVER_KEY_EXCHANGE, DECODE_ERROR),
    SERVER_SINS(hostile_06_an_exchange_of_dhe, DECODE_SERVER_KEY_EXCHANGE, DECODE_ERROR),

    SERVER_SINS(a_request_without_types, DECODE_CERTIFICATE_REQUEST, DECODE_ERROR),
    SERVER_SINS(a_request_without_schemes, DECODE_CERTIFICATE_REQUEST, DECODE_ERROR),
    SERVER_SINS(a_request_with_half_a_scheme, DECODE_CERTIFICATE_REQUEST, DECODE_ERROR),
    SERVER_SINS(a_request_of_tls11, DECODE_CERTIFICATE_REQUEST, DECODE_ERROR),
    SERVER_SINS(a_request_with_a_name_of_no_bytes, DECODE_CERTIFICATE_REQUEST, DECODE_ERROR),
    SERVER_SINS(a_request_with_a_name_longer_than_its_list, DECODE_CERTIFICATE_REQUEST, DECODE_ERROR),
    SERVER_MAY_AT(client_has_a_key, may_a_request_fit_no_key_of_the_clients),
    SERVER_MAY_AT(client_has_a_key, may_a_request_name_no_kind_of_the_clients_key),
    SERVER_SINS(a_server_hello_done_with_a_body, DECODE_SERVER_HELLO_DONE, DECODE_ERROR),
    SERVER_SINS(hostile_02_a_message_behind_server_hello_done, KEY_CHANGE_INSIDE_RECORD, UNEXPECTED_MESSAGE),

    CLIENT_SINS(a_client_exchange_of_no_bytes, DECODE_CLIENT_KEY_EXCHANGE, DECODE_ERROR),
    CLIENT_SINS(hostile_43_a_clients_point_of_no_bytes, DECODE_CLIENT_KEY_EXCHANGE, DECODE_ERROR),
    CLIENT_SINS(a_client_exchange_cut_short, DECODE_CLIENT_KEY_EXCHANGE, DECODE_ERROR),
    CLIENT_SINS(a_client_exchange_with_a_byte_behind_it, DECODE_CLIENT_KEY_EXCHANGE, DECODE_ERROR),
    CLIENT_SINS(hostile_43_a_clients_short_x25519_key, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_43_a_clients_x25519_key_of_zeros, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_06_a_client_exchange_of_rsa, DECODE_CLIENT_KEY_EXCHANGE, DECODE_ERROR),
    CLIENT_SINS(hostile_43_a_clients_point_off_the_curve, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_43_a_clients_compressed_point, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_43_a_clients_point_at_infinity, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    CLIENT_SINS(hostile_43_a_clients_point_with_a_byte_more, BAD_KEY_SHARE, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(clients_welcome, no_certificate_of_a_client, CLIENT_CERTIFICATE_MISSING, CERTIFICATE_REQUIRED),
    CLIENT_MAY_AT(clients_may, may_a_client_come_without_a_certificate),
    CLIENT_SINS_AT(clients_may, hostile_04_a_verify_behind_no_certificate, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    CLIENT_SINS_AT(clients_welcome, hostile_45_a_clients_certificate_of_no_bytes, DECODE_CERTIFICATE, DECODE_ERROR),
    CLIENT_SINS_AT(clients_welcome, hostile_45_a_clients_raw_key_for_a_certificate, CERT_BAD_DER, BAD_CERTIFICATE),
    CLIENT_SINS_AT(clients_welcome, hostile_05_a_clients_ed25519_for_p256, SIGNATURE_SCHEME_MISFIT, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(clients_welcome, hostile_05_a_clients_rsa_for_p256, SIGNATURE_SCHEME_MISFIT, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(clients_welcome, hostile_05_a_clients_p256_for_rsa, SIGNATURE_SCHEME_MISFIT, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(clients_welcome, hostile_05_a_clients_other_hash, BAD_SIGNATURE, DECRYPT_ERROR),
    CLIENT_SINS_AT(clients_welcome, hostile_28_a_clients_ecdsa_with_sha1, SIGNATURE_SCHEME_NOT_OFFERED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(clients_welcome, hostile_27_a_clients_scheme_of_nobody, SIGNATURE_SCHEME_NOT_OFFERED, ILLEGAL_PARAMETER),
    CLIENT_SINS_AT(clients_welcome, another_clients_signature, BAD_SIGNATURE, DECRYPT_ERROR),
    CLIENT_SINS_AT(clients_welcome, a_clients_verify_of_no_bytes, DECODE_CERTIFICATE_VERIFY, DECODE_ERROR),
    CLIENT_SINS_AT(clients_welcome, a_clients_signature_of_no_bytes, BAD_SIGNATURE, DECRYPT_ERROR),
    CLIENT_SINS_AT(clients_welcome, a_signature_over_fewer_messages, BAD_SIGNATURE, DECRYPT_ERROR),

    SERVER_SINS(a_finished_wrong_in_its_first_byte, FINISHED_WRONG, DECRYPT_ERROR),
    CLIENT_SINS(a_finished_wrong_in_its_first_byte, FINISHED_WRONG, DECRYPT_ERROR),
    SERVER_SINS(a_finished_wrong_in_its_last_byte, FINISHED_WRONG, DECRYPT_ERROR),
    CLIENT_SINS(a_finished_wrong_in_its_last_byte, FINISHED_WRONG, DECRYPT_ERROR),
    SERVER_SINS(a_short_finished, DECODE_FINISHED, DECODE_ERROR),
    CLIENT_SINS(a_short_finished, DECODE_FINISHED, DECODE_ERROR),
    SERVER_SINS(a_long_finished, DECODE_FINISHED, DECODE_ERROR),
    CLIENT_SINS(a_long_finished, DECODE_FINISHED, DECODE_ERROR),
    SERVER_SINS(an_empty_finished, DECODE_FINISHED, DECODE_ERROR),
    CLIENT_SINS(an_empty_finished, DECODE_FINISHED, DECODE_ERROR),
    SERVER_SINS(a_finished_of_the_other_role, FINISHED_WRONG, DECRYPT_ERROR),
    CLIENT_SINS(a_finished_of_the_other_role, FINISHED_WRONG, DECRYPT_ERROR),
    SERVER_SINS(a_finished_of_another_secret, FINISHED_WRONG, DECRYPT_ERROR),
    CLIENT_SINS(a_finished_of_another_secret, FINISHED_WRONG, DECRYPT_ERROR),
    SERVER_SINS(hostile_02_a_message_behind_finished, RENEGOTIATION_REFUSED, NO_RENEGOTIATION),
    CLIENT_SINS(hostile_02_a_message_behind_finished, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS12, sins, COUNT_OF(sins));
}
