/* Reports: facts are collected once, and written in either form. */
#include "report.h"

#include "describe.h"
#include "tool.h"

#include <string.h>

static struct rustls_str str_of(const char *s)
{
    return (struct rustls_str){s, strlen(s)};
}

static struct rustls_str version_name(uint16_t version)
{
    switch (version) {
    case RUSTLS_TLS_VERSION_TLSV1_3:
        return str_of("TLS 1.3");
    case RUSTLS_TLS_VERSION_TLSV1_2:
        return str_of("TLS 1.2");
    default:
        return str_of("");
    }
}

static struct rustls_str alpn_of(const struct rustls_connection *conn)
{
    const uint8_t *data;
    size_t len;
    rustls_connection_get_alpn_protocol(conn, &data, &len);
    return (struct rustls_str){(const char *)data, len};
}

static struct rustls_str early_data_of(const struct rustls_connection *conn)
{
    switch (galvan_connection_early_data(conn)) {
    case GALVAN_EARLY_DATA_OFFERED:
        return str_of("offered");
    case GALVAN_EARLY_DATA_ACCEPTED:
        return str_of("accepted");
    case GALVAN_EARLY_DATA_REJECTED:
        return str_of("rejected");
    default:
        return str_of("");
    }
}

static struct rustls_str psk_of(const struct rustls_connection *conn)
{
    struct rustls_slice_bytes identity = {NULL, 0};
    (void)galvan_connection_get_psk_identity(conn, &identity, NULL);
    return (struct rustls_str){(const char *)identity.data, identity.len};
}

static struct rustls_str ech_of(const struct rustls_connection *conn)
{
    switch (galvan_connection_ech(conn)) {
    case GALVAN_ECH_GREASE:
        return str_of("pretended");
    case GALVAN_ECH_ACCEPTED:
        return str_of("accepted");
    default:
        return str_of("");
    }
}

size_t report_facts(const struct rustls_connection *conn, struct fact facts[FACTS_MAX])
{
    const struct fact all[] = {
        {"version", "Version", version_name(rustls_connection_get_protocol_version(conn))},
        {"handshake", "Handshake",
         rustls_handshake_kind_str(rustls_connection_handshake_kind(conn))},
        {"cipher_suite", "Cipher suite", rustls_connection_get_negotiated_ciphersuite_name(conn)},
        {"group", "Key exchange", rustls_connection_get_negotiated_key_exchange_group_name(conn)},
        {"signature_scheme", "Signature",
         galvan_signature_scheme_name(galvan_connection_get_signature_scheme(conn))},
        {"peer_cert_compression", "Peer's certs",
         galvan_cert_compression_name(galvan_connection_get_peer_cert_compression(conn))},
        {"own_cert_compression", "Our certs",
         galvan_cert_compression_name(galvan_connection_get_own_cert_compression(conn))},
        {"alpn", "ALPN", alpn_of(conn)},
        {"early_data", "Early data", early_data_of(conn)},
        {"psk_identity", "Shared key", psk_of(conn)},
        {"ech", "Hidden hello", ech_of(conn)},
        {"server_name", "Server name", rustls_server_connection_get_server_name(conn)},
    };
    _Static_assert(COUNT_OF(all) <= FACTS_MAX, "all may be known");
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (all[i].value.len != 0)
            facts[count++] = all[i];
    }
    return count;
}

void report_printable(struct text *t, struct rustls_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.data[i] >= ' ' && s.data[i] <= '~' ? s.data[i] : '?';
        text_add_bytes(t, &c, 1);
    }
}

void report_agreed(struct text *t, const struct rustls_connection *conn)
{
    struct fact facts[FACTS_MAX];
    size_t count = report_facts(conn, facts);
    for (size_t i = 0; i < count; i++) {
        text_format(t, "  %-13s ", facts[i].label);
        report_printable(t, facts[i].value);
        text_add(t, "\n");
    }
}

void report_agreed_json(struct json *j, const struct rustls_connection *conn)
{
    struct fact facts[FACTS_MAX];
    size_t count = report_facts(conn, facts);
    for (size_t i = 0; i < count; i++)
        json_str(j, facts[i].key, facts[i].value);
}

/* ---- certificates --------------------------------------------------------------------------- */

static bool peer_certificate(const struct rustls_connection *conn, size_t i,
                             struct rustls_slice_bytes *der)
{
    const struct rustls_certificate *cert = rustls_connection_get_peer_certificate(conn, i);
    return cert != NULL &&
           rustls_certificate_get_der(cert, &der->data, &der->len) == RUSTLS_RESULT_OK;
}

void report_chain(struct text *t, const struct rustls_connection *conn)
{
    struct rustls_slice_bytes der;
    for (size_t i = 0; peer_certificate(conn, i, &der); i++) {
        text_format(t, "  Certificate %zu%s\n", i, i == 0 ? ", the peer's own" : "");
        describe_certificate(t, "    ", der);
    }
}

void report_chain_json(struct json *j, const struct rustls_connection *conn)
{
    struct rustls_slice_bytes der;
    json_open(j, "certificates", '[');
    for (size_t i = 0; peer_certificate(conn, i, &der); i++) {
        json_open(j, NULL, '{');
        describe_certificate_json(j, der);
        json_close(j, '}');
    }
    json_close(j, ']');
}

/* ---- failures ------------------------------------------------------------------------------- */

bool report_is_peers_alert(const struct galvan_error_detail *d)
{
    return d->result >= RUSTLS_RESULT_ALERT_CLOSE_NOTIFY &&
           d->result <= RUSTLS_RESULT_ALERT_UNKNOWN;
}

static void add_detail(struct text *t, const struct galvan_error_detail *d)
{
    if (d->step[0] != '\0')
        text_format(t, "  step         %s\n", d->step);
    if (d->certificate >= 0)
        text_format(t, "  certificate  %d: %s, issued by %s\n", (int)d->certificate, d->subject,
                    d->issuer);
    if (d->check[0] != '\0')
        text_format(t, "  check        %s\n", d->check);
    if (d->expected[0] != '\0')
        text_format(t, "  expected     %s\n", d->expected);
    if (d->found[0] != '\0')
        text_format(t, "  found        %s\n", d->found);
    if (d->alert < 0)
        return;
    struct rustls_str alert = galvan_alert_name(d->alert);
    text_format(t, "  alert        %s %.*s (%d)\n",
                report_is_peers_alert(d) ? "the peer sent" : "we sent", (int)alert.len, alert.data,
                (int)d->alert);
}

void report_failure(struct text *t, const struct failure *f)
{
    text_format(t, "%s\n", f->what);
    if (f->detail != NULL)
        add_detail(t, f->detail);
    text_format(t, "  try          %s\n", f->advice);
}

static void add_detail_json(struct json *j, const struct galvan_error_detail *d)
{
    const struct {
        const char *key, *value;
    } texts[] = {
        {"name", d->name},         {"step", d->step},         {"check", d->check},
        {"expected", d->expected}, {"found", d->found},       {"subject", d->subject},
        {"issuer", d->issuer},     {"sentence", d->sentence},
    };
    json_number(j, "result", d->result);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        if (texts[i].value[0] != '\0')
            json_string(j, texts[i].key, texts[i].value);
    }
    if (d->certificate >= 0)
        json_number(j, "certificate", d->certificate);
    if (d->alert < 0)
        return;
    json_number(j, "alert", d->alert);
    json_str(j, "alert_name", galvan_alert_name(d->alert));
    json_string(j, "alert_from", report_is_peers_alert(d) ? "peer" : "us");
}

void report_failure_json(struct json *j, const struct failure *f)
{
    json_open(j, "error", '{');
    json_string(j, "what", f->what);
    if (f->detail != NULL)
        add_detail_json(j, f->detail);
    json_string(j, "advice", f->advice);
    json_close(j, '}');
}
