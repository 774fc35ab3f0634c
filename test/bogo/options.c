/* The table of flags. */
#include "bogo/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum kind {
    NOTHING,    /* asks for what is so in any case, or for a check of what cannot be otherwise */
    NOTHING_OF, /* the same with a parameter */
    SWITCH,
    NUMBER,
    TEXT,
    BASE64,
    NUMBER_LIST, /* given once for each number, */
    BASE64_LIST, /* or for each of these */
};

struct flag {
    const char *name;
    enum kind kind;
    size_t at;
};

#define FLAG(name, kind, field)                                                                    \
    {                                                                                              \
        name, kind, offsetof(struct options, field)                                                \
    }

/* clang-format off */
static const struct flag flags[] = {
    FLAG("port", NUMBER, port),
    FLAG("shim-id", NUMBER, shim_id),
    FLAG("ipv6", SWITCH, ipv6),
    FLAG("is-handshaker-supported", SWITCH, is_handshaker_supported),
    FLAG("resume-count", NUMBER, resume_count),

    FLAG("server", SWITCH, server),
    FLAG("key-file", TEXT, key_file),
    FLAG("cert-file", TEXT, cert_file),
    FLAG("signing-prefs", NUMBER_LIST, signing_prefs),
    FLAG("verify-prefs", NUMBER_LIST, verify_prefs),
    FLAG("curves", NUMBER_LIST, curves),
    FLAG("no-tls12", SWITCH, no_tls12),
    FLAG("no-tls13", SWITCH, no_tls13),
    FLAG("min-version", NUMBER, min_version),
    FLAG("max-version", NUMBER, max_version),
    FLAG("host-name", TEXT, host_name),
    FLAG("advertise-alpn", TEXT, advertise_alpn),
    FLAG("select-alpn", TEXT, select_alpn),
    FLAG("decline-alpn", SWITCH, decline_alpn),
    FLAG("reject-alpn", SWITCH, reject_alpn),
    FLAG("allow-unknown-alpn-protos", SWITCH, allow_unknown_alpn_protos),
    FLAG("require-any-client-certificate", SWITCH, require_any_client_certificate),
    FLAG("verify-peer", SWITCH, verify_peer),
    FLAG("verify-fail", SWITCH, verify_fail),
    FLAG("reverify-on-resume", SWITCH, reverify_on_resume),
    FLAG("ocsp-response", BASE64, ocsp_response),
    FLAG("decline-ocsp-callback", SWITCH, decline_ocsp_callback),
    FLAG("no-ticket", SWITCH, no_ticket),
    FLAG("enable-early-data", SWITCH, enable_early_data),
    FLAG("server-preference", SWITCH, server_preference),
    FLAG("use-early-callback", SWITCH, use_early_callback),
    FLAG("fail-cert-callback", SWITCH, fail_cert_callback),
    FLAG("use-custom-verify-callback", SWITCH, use_custom_verify_callback),
    FLAG("max-cert-list", NUMBER, max_cert_list),
    FLAG("install-cert-compression-algs", SWITCH, install_cert_compression_algs),
    FLAG("install-one-cert-compression-alg", NUMBER, install_one_cert_compression_alg),
    FLAG("ech-config-list", BASE64, ech_config_list),
    FLAG("enable-ech-grease", SWITCH, enable_ech_grease),
    FLAG("ech-server-config", BASE64_LIST, ech_server_config),
    FLAG("ech-server-key", BASE64_LIST, ech_server_key),
    FLAG("ech-is-retry-config", NUMBER_LIST, ech_is_retry_config),

    FLAG("async", SWITCH, async),
    FLAG("implicit-handshake", SWITCH, implicit_handshake),
    FLAG("shim-writes-first", SWITCH, shim_writes_first),
    FLAG("shim-shuts-down", SWITCH, shim_shuts_down),
    FLAG("check-close-notify", SWITCH, check_close_notify),
    FLAG("read-with-unfinished-write", SWITCH, read_with_unfinished_write),
    FLAG("write-different-record-sizes", SWITCH, write_different_record_sizes),
    FLAG("key-update", SWITCH, key_update),
    FLAG("read-size", NUMBER, read_size),
    FLAG("resumption-delay", NUMBER, resumption_delay),
    FLAG("export-keying-material", NUMBER, export_keying_material),
    FLAG("export-label", TEXT, export_label),
    FLAG("export-context", TEXT, export_context),
    FLAG("use-export-context", SWITCH, use_export_context),
    FLAG("use-exporter-between-reads", SWITCH, use_exporter_between_reads),
    FLAG("export-traffic-secrets", SWITCH, export_traffic_secrets),

    FLAG("expect-server-name", TEXT, expect_server_name),
    FLAG("expect-alpn", TEXT, expect_alpn),
    FLAG("expect-advertised-alpn", TEXT, expect_advertised_alpn),
    FLAG("expect-peer-cert-file", TEXT, expect_peer_cert_file),
    FLAG("expect-client-ca-list", TEXT, expect_client_ca_list),
    FLAG("expect-ocsp-response", BASE64, expect_ocsp_response),
    FLAG("expect-version", NUMBER, expect_version),
    FLAG("expect-peer-signature-algorithm", NUMBER, expect_peer_signature_algorithm),
    FLAG("expect-curve-id", NUMBER, expect_curve_id),
    FLAG("expect-cipher", NUMBER, expect_cipher),
    FLAG("expect-cipher-aes", NUMBER, expect_cipher_aes),
    FLAG("expect-hrr", SWITCH, expect_hrr),
    FLAG("expect-no-hrr", SWITCH, expect_no_hrr),
    FLAG("expect-session-miss", SWITCH, expect_session_miss),
    FLAG("expect-no-session", SWITCH, expect_no_session),
    FLAG("handshake-never-done", SWITCH, handshake_never_done),
    FLAG("expect-ech-accept", SWITCH, expect_ech_accept),
    FLAG("expect-ech-retry-configs", BASE64, expect_ech_retry_configs),
    FLAG("expect-no-ech-retry-configs", SWITCH, expect_no_ech_retry_configs),
    FLAG("expect-ech-name-override", TEXT, expect_ech_name_override),
    FLAG("expect-no-ech-name-override", SWITCH, expect_no_ech_name_override),
    FLAG("expect-accept-early-data", SWITCH, expect_accept_early_data),
    FLAG("expect-reject-early-data", SWITCH, expect_reject_early_data),
    FLAG("expect-no-offer-early-data", SWITCH, expect_no_offer_early_data),

    /* TLS 1.0 and 1.1 are never spoken. */
    {"no-tls1", NOTHING, 0}, {"no-tls11", NOTHING, 0},
    /* Renegotiation is always refused. */
    {"forbid-renegotiation-after-handshake", NOTHING, 0},
    /* Always so: an OCSP response is asked for, renegotiation_info and extended_master_secret are
     * offered, extensions are shuffled, a key's usage is held against what it does. */
    {"enforce-rsa-key-usage", NOTHING, 0},
    {"enable-ocsp-stapling", NOTHING, 0}, {"expect-secure-renegotiation", NOTHING, 0},
    {"expect-extended-master-secret", NOTHING, 0}, {"permute-extensions", NOTHING, 0},
    /* How BoringSSL's API is used, which ours has one way for. */
    {"use-old-client-cert-callback", NOTHING, 0}, {"expect-verify-result", NOTHING, 0},
    {"partial-write", NOTHING, 0},
    {"use-ocsp-callback", NOTHING, 0}, {"set-ocsp-in-callback", NOTHING, 0},
    {"handshake-twice", NOTHING, 0}, {"no-op-extra-handshake", NOTHING, 0},
    {"new-x509-credential", NOTHING, 0}, {"trust-cert", NOTHING_OF, 0},
    /* A ticket that is taken up is always renewed. */
    {"use-ticket-callback", NOTHING, 0}, {"renew-ticket", NOTHING, 0},
    {"expect-ticket-renewal", NOTHING, 0},
    /* The next connection shows it. */
    {"expect-ticket-supports-early-data", NOTHING, 0},
    {"expect-session-id", NOTHING, 0}, {"expect-no-session-id", NOTHING, 0},
    /* BoringSSL's words for why. */
    {"expect-early-data-reason", NOTHING_OF, 0},
    /* For machines without instructions for AES. */
    {"expect-cipher-no-aes", NOTHING_OF, 0},
    {"write-settings", NOTHING_OF, 0}, {"allow-hint-mismatch", NOTHING, 0},
};
/* clang-format on */

static const struct flag *find(const char *name)
{
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (strcmp(flags[i].name, name) == 0)
            return &flags[i];
    return NULL;
}

/* ---- values ------------------------------------------------------------------------------------- */

static bool read_number(const char *text, long *out)
{
    char *end;

    errno = 0;
    *out = strtol(text, &end, 0);
    return errno == 0 && end != text && *end == '\0';
}

static int base64_value(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c == '\0' ? NULL : strchr(digits, c);

    return at == NULL ? -1 : (int)(at - digits);
}

static bool read_base64(const char *text, struct bytes *out)
{
    uint32_t bits = 0;
    unsigned have = 0;

    free(out->at);
    *out = (struct bytes){malloc(strlen(text) + 1), 0};
    for (; out->at != NULL && *text != '\0' && *text != '='; text++) {
        int value = base64_value(*text);
        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out->at[out->len++] = (uint8_t)(bits >> have);
        }
    }
    return out->at != NULL;
}

static bool add_number(const char *text, struct numbers *list)
{
    long n;

    if (!read_number(text, &n) || n < 0 || n > UINT16_MAX || list->len == NUMBERS_MAX)
        return false;
    list->at[list->len++] = (uint16_t)n;
    return true;
}

static bool add_bytes(const char *text, struct bytes_list *list)
{
    return list->len < NUMBERS_MAX && read_base64(text, &list->at[list->len++]);
}

static bool set(struct options *o, const struct flag *f, const char *value)
{
    void *field = (char *)o + f->at;

    switch (f->kind) {
    case SWITCH:
        *(bool *)field = true;
        return true;
    case NUMBER:
        return read_number(value, field);
    case TEXT:
        *(const char **)field = value;
        return true;
    case BASE64:
        return read_base64(value, field);
    case NUMBER_LIST:
        return add_number(value, field);
    case BASE64_LIST:
        return add_bytes(value, field);
    default:
        return true;
    }
}

/* ---- the command line ------------------------------------------------------------------------------- */

static bool strip(const char **name, const char *prefix)
{
    size_t n = strlen(prefix);

    if (strncmp(*name, prefix, n) != 0)
        return false;
    *name += n;
    return true;
}

/* Which connections a flag is for, as bits. */
static unsigned scope(const char **name)
{
    static const char *const prefixes[CONNECTION_KINDS] = {"on-initial-", "on-resume-",
                                                           "on-retry-"};

    for (unsigned k = 0; k < CONNECTION_KINDS; k++)
        if (strip(name, prefixes[k]))
            return 1u << k;
    return (1u << CONNECTION_KINDS) - 1;
}

static bool set_all(struct options *out, unsigned kinds, const struct flag *f, const char *value)
{
    for (unsigned k = 0; k < CONNECTION_KINDS; k++)
        if ((kinds >> k & 1) != 0 && !set(&out[k], f, value))
            return false;
    return true;
}

const char *options_read(struct options *out, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *given = argv[i], *name = argv[i], *value = NULL;

        while (*name == '-')
            name++;
        const bool elsewhere = strip(&name, "on-handshaker-"); /* a process that we do not have */
        (void)strip(&name, "on-shim-");
        unsigned kinds = scope(&name);
        const struct flag *f = find(name);
        if (f == NULL)
            return given;
        if (f->kind != SWITCH && f->kind != NOTHING)
            value = ++i < argc ? argv[i] : "";
        if (elsewhere)
            continue;
        if (!set_all(out, kinds, f, value))
            return given;
        if (f->at == offsetof(struct options, shim_id))
            out[INITIAL].has_shim_id = true;
    }
    const bool keeps = out[INITIAL].enable_early_data || out[RESUMED].enable_early_data;
    out[INITIAL].keeps_sessions = out[RESUMED].keeps_sessions = keeps;
    return NULL;
}

static void drop_list(struct bytes_list *list)
{
    for (size_t i = 0; i < list->len; i++)
        free(list->at[i].at);
}

void options_drop(struct options *all)
{
    for (unsigned k = 0; k < CONNECTION_KINDS; k++) {
        free(all[k].ocsp_response.at);
        free(all[k].expect_ocsp_response.at);
        free(all[k].ech_config_list.at);
        free(all[k].expect_ech_retry_configs.at);
        drop_list(&all[k].ech_server_config);
        drop_list(&all[k].ech_server_key);
    }
}
