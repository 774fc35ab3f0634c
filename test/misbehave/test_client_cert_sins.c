/* What a client shows of itself that it should not be believed, in both versions: whether it must show
 * a certificate or only may. The numbers are those of test/misbehave/scenarios.tsv. */
#include "lib/exact.h"
#include "lib/script12.h"
#include "lib/sin.h"

#include "config/webpki_verifier.h"
#include "lib/certs.h"
#include "pki/time.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void believe_the_authority(struct bare *p, bool required)
{
    struct webpki_options o = {.provider = gv_openssl_provider(),
                               .limits = PATH_LIMITS_DEFAULT,
                               .required = required,
                               .fixed_time = true};
    struct anchor_builder b;

    assert_true(gv_time_of(&(struct date_time){2026, 11, 22, 0, 0, 0}, &o.time));
    gv_anchor_builder_init(&b, gv_openssl_provider());
    assert_err(gv_anchor_builder_add(&b, certs_der("ca")), OK);
    assert_err(gv_anchor_builder_build(&b, &o.anchors), OK);
    gv_anchor_builder_drop(&b);
    assert_err(gv_webpki_client_verifier_new(&o, &p->server_config->client_verifier), OK);
    gv_anchor_set_free(o.anchors);
}

static void asked(struct bare *p)
{
    believe_the_authority(p, true);
}

static void asked_if_it_likes(struct bare *p)
{
    believe_the_authority(p, false);
}

static void shows13(struct script *s, const char *name)
{
    script_handshake_keys(s);
    script_take_flight(s);
    script_certificate(s, name);
    script_certificate_verify(s, name, 0);
}

static void shows12(struct script *s, const char *name)
{
    script12_take_server_flight(s);
    script_certificate(s, name);
    script12_client_key_exchange(s);
    script_certificate_verify(s, name, 0);
}

static void shows(struct script *s, const char *name)
{
    struct hello h;
    script_client_hello(s, &h);
    script_say_hello(s, &h);
    script_flush(s);
    assert_true(script_take_hello(s));
    s->version == TLS12 ? shows12(s, name) : shows13(s, name);
    script_flush(s);
}

#define SHOWS(name, certificate)                                                                   \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        shows(s, certificate);                                                                     \
    }

SHOWS(may_a_client_show_its_certificate, "client")
SHOWS(hostile_61_a_servers_certificate, "client-wrong-eku")
SHOWS(hostile_61_an_expired_certificate, "client-expired")
SHOWS(hostile_61_a_certificate_of_nobody, "client-unknown")
SHOWS(hostile_61_an_authoritys_certificate, "ca")

/* clang-format off */
static const struct sin sins[] = {
    CLIENT_MAY_AT(asked, may_a_client_show_its_certificate),
    CLIENT_MAY_AT(asked_if_it_likes, may_a_client_show_its_certificate),
    CLIENT_SINS_AT(asked, hostile_61_a_servers_certificate, CERT_INVALID_PURPOSE, UNSUPPORTED_CERTIFICATE),
    CLIENT_SINS_AT(asked_if_it_likes, hostile_61_a_servers_certificate, CERT_INVALID_PURPOSE, UNSUPPORTED_CERTIFICATE),
    CLIENT_SINS_AT(asked, hostile_61_an_expired_certificate, CERT_EXPIRED, CERTIFICATE_EXPIRED),
    CLIENT_SINS_AT(asked_if_it_likes, hostile_61_an_expired_certificate, CERT_EXPIRED, CERTIFICATE_EXPIRED),
    CLIENT_SINS_AT(asked, hostile_61_a_certificate_of_nobody, CERT_UNKNOWN_ISSUER, UNKNOWN_CA),
    CLIENT_SINS_AT(asked_if_it_likes, hostile_61_a_certificate_of_nobody, CERT_UNKNOWN_ISSUER, UNKNOWN_CA),
    CLIENT_SINS_AT(asked_if_it_likes, hostile_61_an_authoritys_certificate, CERT_NO_DIGITAL_SIGNATURE, CERTIFICATE_UNKNOWN),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS13, sins, COUNT_OF(sins)) + sins_run(TLS12, sins, COUNT_OF(sins));
}
