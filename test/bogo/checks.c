/* What the runner wants to have been agreed, held against what the connection says. */
#include "bogo/inside.h"
#include "bogo/shim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A session that is taken up brings no signature with it, and in TLS 1.2 no key exchange. */
static bool check_numbers(const struct exchange *x, const struct options *o)
{
    const bool resumed = rustls_connection_handshake_kind(x->conn) == RUSTLS_HANDSHAKE_KIND_RESUMED;
    const bool no_group = resumed && rustls_connection_get_protocol_version(x->conn) ==
                                         RUSTLS_TLS_VERSION_TLSV1_2;
    const struct {
        const char *what;
        long want;
        uint16_t got;
    } numbers[] = {
        {"version", o->expect_version, rustls_connection_get_protocol_version(x->conn)},
        {"group", no_group ? 0 : o->expect_curve_id,
         rustls_connection_get_negotiated_key_exchange_group(x->conn)},
        {"cipher", o->expect_cipher, rustls_connection_get_negotiated_ciphersuite(x->conn)},
        {"cipher", o->expect_cipher_aes, rustls_connection_get_negotiated_ciphersuite(x->conn)},
        {"signature scheme", resumed ? 0 : o->expect_peer_signature_algorithm,
         galvan_connection_get_signature_scheme(x->conn)},
    };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i].want != 0 && numbers[i].want != numbers[i].got)
            return complain("%s %04lx expected, %04x agreed", numbers[i].what,
                            (unsigned long)numbers[i].want, numbers[i].got);
    return true;
}

static bool check_kind(const struct exchange *x, const struct options *o)
{
    const enum rustls_handshake_kind kind = rustls_connection_handshake_kind(x->conn);
    const bool resumed = kind == RUSTLS_HANDSHAKE_KIND_RESUMED;
    const bool retried = kind == RUSTLS_HANDSHAKE_KIND_FULL_WITH_HELLO_RETRY_REQUEST;

    if (resumed != (x->is_resume && !o->expect_session_miss))
        return complain("the session was unexpectedly%s resumed", resumed ? "" : " not");
    if (!resumed && o->expect_hrr != retried && (o->expect_hrr || o->expect_no_hrr))
        return complain("HelloRetryRequest: %d", retried);
    return true;
}

static bool check_early_data(const struct exchange *x, const struct options *o)
{
    const enum galvan_early_data early = galvan_connection_early_data(x->conn);

    if (x->is_resume && o->expect_accept_early_data && early != GALVAN_EARLY_DATA_ACCEPTED)
        return complain("early data: %d, expected to be accepted", (int)early);
    if (x->is_resume && o->expect_reject_early_data && early == GALVAN_EARLY_DATA_ACCEPTED)
        return complain("early data was accepted unexpectedly");
    return true;
}

static bool check_alpn(const struct exchange *x, const struct options *o)
{
    const char *want = o->server ? o->select_alpn : o->expect_alpn;
    const uint8_t *got = NULL;
    size_t len = 0;

    rustls_connection_get_alpn_protocol(x->conn, &got, &len);
    if (want == NULL || o->decline_alpn)
        want = "";
    if (len != strlen(want) || memcmp(got == NULL ? (const void *)"" : got, want, len) != 0)
        return complain("ALPN \"%s\" expected, \"%.*s\" agreed", want, (int)len,
                        got == NULL ? "" : (const char *)got);
    return true;
}

static bool check_server_name(const struct exchange *x, const struct options *o)
{
    const struct rustls_str got = rustls_server_connection_get_server_name(x->conn);

    if (!o->server || o->expect_server_name == NULL)
        return true;
    return (got.len == strlen(o->expect_server_name) &&
            memcmp(got.data, o->expect_server_name, got.len) == 0) ||
           complain("server name \"%.*s\"", (int)got.len, got.data);
}

/* ---- certificates ---------------------------------------------------------------------------------- */

enum { PEM_MAX = 65536, CERTIFICATE_MAX = 65536 };

static struct rustls_slice_bytes der_of(const struct rustls_certificate *certificate)
{
    const uint8_t *der = NULL;
    size_t len = 0;

    (void)rustls_certificate_get_der(certificate, &der, &len);
    return (struct rustls_slice_bytes){der, len};
}

/* Whether the peer's chain is that of the PEM text. */
static bool same_chain(const struct exchange *x, struct rustls_slice_bytes text)
{
    static uint8_t want[CERTIFICATE_MAX];
    size_t len, i = 0;

    for (; inside_next_certificate(&text, want, sizeof want, &len); i++) {
        const struct rustls_certificate *c = rustls_connection_get_peer_certificate(x->conn, i);
        if (c == NULL || der_of(c).len != len || memcmp(der_of(c).data, want, len) != 0)
            return false;
    }
    return rustls_connection_get_peer_certificate(x->conn, i) == NULL;
}

static bool check_chain(const struct exchange *x, const struct options *o)
{
    static uint8_t text[PEM_MAX];
    const char *path = o->expect_peer_cert_file;

    if (path == NULL)
        return true;
    FILE *f = fopen(path, "rb");
    bool good = f != NULL;
    if (good)
        good = same_chain(x, (struct rustls_slice_bytes){text, fread(text, 1, sizeof text, f)});
    if (f != NULL)
        (void)fclose(f);
    return good || complain("the peer's certificates are not those of %s", path);
}

static bool check_certificates(const struct exchange *x, const struct options *o)
{
    const bool has = rustls_connection_get_peer_certificate(x->conn, 0) != NULL;

    if (!has && (!o->server || o->require_any_client_certificate))
        return complain("the peer has no certificate");
    if (o->expect_ocsp_response.at != NULL && !x->is_resume && !x->saw_ocsp)
        return complain("the OCSP response is not the expected one");
    if (o->expect_client_ca_list != NULL && !x->is_resume && !x->saw_authorities)
        return complain("the server's list of authorities is not the expected one");
    return check_chain(x, o);
}

/* ---- Encrypted Client Hello ------------------------------------------------------------------------- */

static bool check_ech(const struct exchange *x, const struct options *o)
{
    const enum galvan_ech ech = galvan_connection_ech(x->conn);

    /* BoringSSL does not say of a backend server that it accepted what others decrypted. */
    const bool accepted =
        ech == GALVAN_ECH_ACCEPTED && (!o->server || o->ech_server_config.len != 0);

    return accepted == o->expect_ech_accept ||
           complain("Encrypted Client Hello: %d", (int)ech);
}

bool checks_pass_retry_configs(const struct exchange *x)
{
    const bool retried = galvan_connection_early_data(x->conn) == GALVAN_EARLY_DATA_REJECTED;
    const struct options *o = retried ? x->retried : x->options;
    const struct bytes *want = &o->expect_ech_retry_configs;
    struct rustls_slice_bytes got = {NULL, 0};
    const bool has = galvan_connection_ech_retry_configs(x->conn, &got) == RUSTLS_RESULT_OK &&
                     got.len != 0;

    if (o->expect_no_ech_retry_configs && has)
        return complain("there are retry configs");
    if (want->at == NULL)
        return true;
    return (has && got.len == want->len && memcmp(got.data, want->at, got.len) == 0) ||
           complain("these are not the retry configs");
}

bool checks_pass(const struct exchange *x)
{
    const bool retried = galvan_connection_early_data(x->conn) == GALVAN_EARLY_DATA_REJECTED &&
                         !x->options->server;
    const struct options *o = retried ? x->retried : x->options;

    if (o->handshake_never_done)
        return complain("the handshake is done unexpectedly");
    return check_numbers(x, o) && check_early_data(x, x->options) && check_kind(x, o) &&
           check_ech(x, o) && check_alpn(x, o) && check_server_name(x, o) &&
           check_certificates(x, o);
}
