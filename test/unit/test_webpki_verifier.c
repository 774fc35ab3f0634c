/* The verifiers: are server names, client certificates and revocation lists judged as rustls does? */
#include "config/webpki_verifier.h"
#include "lib/certs.h"
#include "pki/name.h"
#include "pki/pem.h"
#include "pki/time.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { MAX = 8 };
enum { ENFORCE = 1, ALLOW_UNKNOWN = 2, LEAF_ONLY = 4 };

static int64_t in_2026(void)
{
    int64_t t;
    assert_true(gv_time_of(&(struct date_time){2026, 11, 22, 0, 0, 0}, &t));
    return t;
}

static struct crl_set *crls(const char *name)
{
    struct crl_builder b;
    struct crl_set *set;
    gv_crl_builder_init(&b);
    if (name != NULL)
        assert_int_equal(GV_OK, gv_crl_builder_add(&b, certs_der(name)));
    assert_int_equal(GV_OK, gv_crl_builder_build(&b, &set));
    gv_crl_builder_drop(&b);
    return set;
}

static struct verifier *verifier(const char *root, const char *crl, unsigned flags, bool client)
{
    struct anchor_builder b;
    struct webpki_options o = {
        .provider = gv_openssl_provider(),
        .crls = crls(crl),
        .leaf_only = (flags & LEAF_ONLY) != 0,
        .allow_unknown = (flags & ALLOW_UNKNOWN) != 0,
        .enforce_expiry = (flags & ENFORCE) != 0,
        .limits = PATH_LIMITS_DEFAULT,
        .required = true,
    };
    struct verifier *v;
    struct certificate c;
    gv_anchor_builder_init(&b, gv_openssl_provider());
    assert_int_equal(GV_OK, gv_anchor_builder_add(&b, certs_der(root)));
    assert_int_equal(GV_OK, gv_anchor_builder_build(&b, &o.anchors));
    assert_int_equal(GV_OK, gv_cert_parse(certs_der(root), &c));
    o.hints = c.subject;
    assert_int_equal(GV_OK, client ? gv_webpki_client_verifier_new(&o, &v)
                                   : gv_webpki_server_verifier_new(&o, &v));
    gv_anchor_builder_drop(&b);
    gv_anchor_set_free(o.anchors);
    gv_crl_set_free(o.crls);
    return v;
}

static enum gv_err ask(struct verifier *v, const char *chain_name, const char *server,
                       struct detail *d)
{
    struct span chain[MAX];
    struct server_name name;
    struct certificate_question q = {.chain = chain,
                                     .count = certs_chain(chain_name, chain, MAX),
                                     .name = server == NULL ? NULL : &name,
                                     .now = in_2026()};
    if (server != NULL)
        assert_int_equal(GV_OK, gv_server_name_parse(&name, span_str(server)));
    enum gv_err err = v->verify(v, &q, d);
    gv_verifier_free(v);
    return err;
}

static void is_the_chain_judged_before_the_name(void **state)
{
    (void)state;
    struct detail d;
    gv_detail_init(&d);
    assert_int_equal(GV_OK, ask(verifier("ca", NULL, 0, false), "p256", "localhost", &d));
    assert_int_equal(GV_E_CERT_NAME_MISMATCH,
                     ask(verifier("ca", NULL, 0, false), "p256", "example.org", &d));
    assert_string_equal("server name", d.check);
    assert_string_equal("example.org", d.expected);
    assert_string_equal("DNS:localhost, IP:127.0.0.1", d.found);
    assert_int_equal(GV_E_CERT_EXPIRED,
                     ask(verifier("ca", NULL, 0, false), "expired", "example.org", &d));
    assert_int_equal(GV_E_CERT_NAME_MISMATCH,
                     ask(verifier("ca", NULL, 0, false), "no-san", "nosan", NULL));
}

/* CVE-2025-27809 */
static void hostile_62_does_no_name_at_all_match_nothing(void **state)
{
    (void)state;
    assert_int_equal(GV_E_CERT_NAME_MISMATCH,
                     ask(verifier("ca", NULL, 0, false), "p256", NULL, NULL));
}

static void are_revocation_lists_asked_as_they_were_told_to(void **state)
{
    (void)state;
    static const struct {
        const char *chain, *crl;
        unsigned flags;
        enum gv_err err;
    } cases[] = {
        {"revoked", NULL, 0, GV_OK},
        {"revoked", "crl", 0, GV_E_CERT_REVOKED},
        {"p256", "crl", 0, GV_OK},
        {"p256", "crl-other-ca", 0, GV_E_CERT_REVOCATION_UNKNOWN},
        {"p256", "crl-other-ca", ALLOW_UNKNOWN, GV_OK},
        {"revoked", "crl-expired", 0, GV_E_CERT_REVOKED},
        {"p256", "crl-expired", 0, GV_OK},
        {"p256", "crl-expired", ENFORCE, GV_E_CRL_EXPIRED},
        {"chain", "crl", 0, GV_E_CERT_REVOCATION_UNKNOWN},
        {"chain", "crl", LEAF_ONLY, GV_E_CERT_REVOCATION_UNKNOWN},
        {"chain", "crl", ALLOW_UNKNOWN, GV_OK},
        {"chain", "crl-intermediate", LEAF_ONLY, GV_OK},
        {"chain", "crl-intermediate", 0, GV_E_CERT_REVOCATION_UNKNOWN},
        {"chain-revoked", "crl-intermediate", LEAF_ONLY, GV_E_CERT_REVOKED},
        {"chain-revoked", "crl-intermediate", ALLOW_UNKNOWN, GV_E_CERT_REVOKED},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        enum gv_err err = ask(verifier("ca", cases[i].crl, cases[i].flags, false), cases[i].chain,
                              "localhost", NULL);
        if (err != cases[i].err)
            fail_msg("%zu: %s with %s: %s", i, cases[i].chain, cases[i].crl, gv_err_name(err));
    }
}

static void hostile_61_are_clients_judged_for_client_authentication(void **state)
{
    (void)state;
    assert_int_equal(GV_OK, ask(verifier("ca", NULL, 0, true), "client", NULL, NULL));
    assert_int_equal(GV_OK, ask(verifier("ca", NULL, 0, true), "client-ed25519", NULL, NULL));
    assert_int_equal(GV_E_CERT_INVALID_PURPOSE,
                     ask(verifier("ca", NULL, 0, true), "client-wrong-eku", NULL, NULL));
    assert_int_equal(GV_E_CERT_UNKNOWN_ISSUER,
                     ask(verifier("ca", NULL, 0, true), "client-unknown", NULL, NULL));
    assert_int_equal(GV_E_CERT_REVOKED,
                     ask(verifier("ca", "crl", 0, true), "client-revoked", NULL, NULL));
}

static void does_a_client_verifier_name_its_authorities(void **state)
{
    (void)state;
    struct verifier *v = verifier("ca", NULL, 0, true);
    struct certificate c;
    assert_int_equal(GV_OK, gv_cert_parse(certs_der("ca"), &c));
    assert_true(v->required);
    assert_int_equal(1, v->hint_count);
    assert_true(span_equal(c.subject, v->hints[0]));
    gv_verifier_free(v);
}

/* A signature of the text "message" by test/certs/NAME.key. */
static struct span sign(const char *key_name, uint16_t scheme, uint8_t out[SIGNATURE_MAX])
{
    struct pem text = {certs_file(key_name)};
    struct buffer der;
    enum pem_kind kind;
    struct signing_key *key;
    size_t len;
    gv_buffer_init(&der, 1 << 16);
    assert_int_equal(GV_OK, gv_pem_next(&text, PEM_ANY_KEY, &kind, &der));
    assert_int_equal(GV_OK, gv_openssl_provider()->load_key(gv_buffer_span(&der), &key));
    gv_buffer_drop(&der);
    assert_int_equal(GV_OK, key->sign(key, scheme, span_str("message"), out, &len));
    gv_signing_key_free(key);
    return (struct span){out, len};
}

static enum gv_err check(const char *leaf, uint16_t version, uint16_t scheme, const char *message,
                         struct span signature)
{
    return gv_verify_peer_signature(gv_openssl_provider(), certs_der(leaf), version, scheme,
                                    span_str(message), signature);
}

static void is_a_peers_signature_held_against_scheme_and_version(void **state)
{
    (void)state;
    uint8_t room[SIGNATURE_MAX];
    const uint16_t p256 = SCHEME_ECDSA_SECP256R1_SHA256, p384 = SCHEME_ECDSA_SECP384R1_SHA384;
    struct span s = sign("p256.key", p256, room);
    assert_int_equal(GV_OK, check("p256", TLS13, p256, "message", s));
    assert_int_equal(GV_OK, check("p256", TLS12, p256, "message", s));
    assert_int_equal(GV_E_BAD_SIGNATURE, check("p256", TLS13, p256, "massage", s));
    assert_int_equal(GV_E_BAD_SIGNATURE, check("p256", TLS13, p256, "message", span_str("x")));
    assert_int_equal(GV_E_SIGNATURE_SCHEME_MISFIT,
                     check("p256", TLS13, SCHEME_RSA_PSS_RSAE_SHA256, "message", s));
    /* TLS 1.3 binds a curve to its hash, TLS 1.2 does not; PKCS #1 is for TLS 1.2 alone. */
    assert_int_equal(GV_E_SIGNATURE_SCHEME_MISFIT, check("p256", TLS13, p384, "message", s));
    assert_int_equal(GV_E_BAD_SIGNATURE, check("p256", TLS12, p384, "message", s));
    assert_int_equal(GV_E_SIGNATURE_SCHEME_MISFIT,
                     check("rsa2048", TLS13, SCHEME_RSA_PKCS1_SHA256, "message", s));
    assert_int_equal(GV_E_BAD_SIGNATURE,
                     check("rsa2048", TLS12, SCHEME_RSA_PKCS1_SHA256, "message", s));
}

/* RFC 9846 section 4.4.2.2 */
static void does_a_key_that_may_not_sign_not_speak_for_a_peer(void **state)
{
    (void)state;
    uint8_t room[SIGNATURE_MAX];
    const uint16_t p256 = SCHEME_ECDSA_SECP256R1_SHA256;
    struct span s = sign("no-signing.key", p256, room);
    assert_int_equal(GV_E_CERT_NO_DIGITAL_SIGNATURE,
                     check("no-signing", TLS13, p256, "message", s));
    assert_int_equal(GV_E_CERT_NO_DIGITAL_SIGNATURE,
                     check("no-signing", TLS12, p256, "message", s));
    assert_int_equal(GV_E_CERT_NO_DIGITAL_SIGNATURE, check("ca", TLS13, p256, "message", s));
    s = sign("no-eku.key", p256, room); /* it has no key usage either */
    assert_int_equal(GV_OK, check("no-eku", TLS13, p256, "message", s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_chain_judged_before_the_name),
        cmocka_unit_test(hostile_62_does_no_name_at_all_match_nothing),
        cmocka_unit_test(are_revocation_lists_asked_as_they_were_told_to),
        cmocka_unit_test(hostile_61_are_clients_judged_for_client_authentication),
        cmocka_unit_test(does_a_client_verifier_name_its_authorities),
        cmocka_unit_test(is_a_peers_signature_held_against_scheme_and_version),
        cmocka_unit_test(does_a_key_that_may_not_sign_not_speak_for_a_peer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
