/* Explanations: a table from errors to the check's name and to the functions that write what was
 * expected and what was found. */
#include "pki/explain.h"

#include "pki/dn.h"
#include "pki/general_name.h"
#include "pki/strict.h"
#include "pki/time.h"

#include <stdio.h>

struct scene {
    const struct path_failure *f;
    const struct certificate *cert;
};

typedef void writer(const struct scene *s, char *out, size_t size);

static void write_span(char *out, size_t size, struct span s)
{
    int n = (int)(s.len < size ? s.len : size);
    (void)snprintf(out, size, "%.*s", n, (const char *)s.at);
}

static bool is_anchor(const struct scene *s)
{
    return s->f->index == PATH_ANCHOR;
}

static void write_period(const struct scene *s, char *out, size_t size)
{
    char from[TIME_TEXT], to[TIME_TEXT];
    int64_t not_before = 0, not_after = 0;
    if (is_anchor(s)) {
        not_before = s->f->anchor->not_before;
        not_after = s->f->anchor->not_after;
    } else if (gv_cert_validity(s->cert, &not_before, &not_after) != GV_OK) {
        return;
    }
    gv_time_text(not_before, from);
    gv_time_text(not_after, to);
    (void)snprintf(out, size, "from %s to %s", from, to);
}

static void write_now(const struct scene *s, char *out, size_t size)
{
    char now[TIME_TEXT];
    gv_time_text(s->f->question->now, now);
    (void)snprintf(out, size, "%s", now);
}

static void write_server_name(const struct scene *s, char *out, size_t size)
{
    char ip[IP_TEXT];
    if (s->f->name != NULL)
        write_span(out, size, gv_server_name_text(s->f->name, ip));
}

static void write_names(const struct scene *s, char *out, size_t size)
{
    struct rd r = gv_san_open(s->cert);
    size_t used = 0;
    (void)snprintf(out, size, "no subject alternative name");
    while (rd_more(&r) && used + 1 < size) {
        struct general_name n = gv_general_name_read(&r);
        if (r.bad)
            return;
        if (used != 0)
            used += (size_t)snprintf(out + used, size - used, ", ");
        if (used + 1 >= size)
            return;
        gv_general_name_text(n, out + used, size - used);
        used += strlen(out + used);
    }
}

static void write_trust(const struct scene *s, char *out, size_t size)
{
    (void)snprintf(out, size, "an issuer among %zu trusted roots and %zu certificates of the chain",
                   s->f->question->anchors->count, s->f->question->count - 1);
}

static void write_issuer(const struct scene *s, char *out, size_t size)
{
    if (span_equal(s->cert->issuer, s->cert->subject)) {
        (void)snprintf(out, size, "it is signed by itself, and is not trusted");
        return;
    }
    gv_dn_text(s->cert->issuer, out, size);
}

static void write_purpose(const struct scene *s, char *out, size_t size)
{
    bool server = s->f->question->purpose == PURPOSE_SERVER;
    (void)snprintf(out, size, "%s", server ? "server authentication" : "client authentication");
}

static void write_purposes(const struct scene *s, char *out, size_t size)
{
    static const struct {
        enum key_purpose purpose;
        const char *text;
    } names[] = {
        {PURPOSE_SERVER, "server authentication "},
        {PURPOSE_CLIENT, "client authentication "},
        {PURPOSE_ANY, "any purpose "},
        {PURPOSE_OTHER, "other purposes "},
    };
    uint8_t purposes;
    size_t used = 0;
    if (gv_cert_purposes(s->cert, &purposes) != GV_OK)
        return;
    for (size_t i = 0; i < COUNT_OF(names) && used < size; i++) {
        if ((purposes & names[i].purpose) != 0)
            used += (size_t)snprintf(out + used, size - used, "%s", names[i].text);
    }
    if (used > 0 && used < size)
        out[used - 1] = '\0';
}

static void write_algorithm(const struct scene *s, char *out, size_t size)
{
    struct rd r = rd_of(s->cert->signature_algorithm);
    gv_der_oid_text(gv_der_value(&r, DER_OID), out, size);
}

static void write_path_len(const struct scene *s, char *out, size_t size)
{
    struct basic_constraints b;
    if (gv_cert_basic_constraints(s->cert, &b) == GV_OK && b.path_len >= 0)
        (void)snprintf(out, size, "at most %d intermediate certificates below it", b.path_len);
}

static void write_intermediates(const struct scene *s, char *out, size_t size)
{
    (void)snprintf(out, size, "at most %u intermediate certificates",
                   (unsigned)s->f->question->limits.intermediates);
}

static void write_serial(const struct scene *s, char *out, size_t size)
{
    struct span n = s->cert->serial;
    size_t used = (size_t)snprintf(out, size, "serial number ");
    for (size_t i = 0; i < n.len && used + 2 < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%02x", n.at[i]);
}

static void write_version(const struct scene *s, char *out, size_t size)
{
    (void)snprintf(out, size, "version %u", s->cert->version + 1u);
}

/* clang-format off */
static const struct {
    enum gv_err err;
    const char *check;
    const char *expected; /* or what `expects` writes */
    writer *expects, *finds;
} explanations[] = {
    {GV_E_CERT_BAD_DER,            "encoding",              "DER",                                   NULL,                NULL},
    {GV_E_CERT_BAD_TIME,           "validity",              "two times as RFC 5280 wants them",      NULL,                NULL},
    {GV_E_CERT_BAD_VERSION,        "version",               "version 3",                             NULL,                write_version},
    {GV_E_CERT_BAD_EXTENSION,      "extensions",            "well-formed extensions",                NULL,                NULL},
    {GV_E_CERT_DUPLICATE_EXTENSION,"extensions",            "each extension once",                   NULL,                NULL},
    {GV_E_CERT_CRITICAL_EXTENSION, "critical extensions",   "only critical extensions that are known", NULL,              NULL},
    {GV_E_CERT_ALGORITHMS_DIFFER,  "signature algorithm",   "the same inside and outside",           NULL,                write_algorithm},
    {GV_E_CERT_EXPIRED,            "validity",              NULL,                                    write_period,        write_now},
    {GV_E_CERT_NOT_YET_VALID,      "validity",              NULL,                                    write_period,        write_now},
    {GV_E_CERT_BAD_VALIDITY,       "validity",              "an end behind the beginning",           NULL,                write_period},
    {GV_E_CERT_UNKNOWN_ISSUER,     "issuer",                NULL,                                    write_trust,         write_issuer},
    {GV_E_CERT_NAME_MISMATCH,      "server name",           NULL,                                    write_server_name,   write_names},
    {GV_E_CERT_INVALID_PURPOSE,    "extended key usage",    NULL,                                    write_purpose,       write_purposes},
    {GV_E_CERT_EMPTY_EKU,          "extended key usage",    NULL,                                    write_purpose,       NULL},
    {GV_E_CERT_CA_AS_LEAF,         "basic constraints",     "a certificate that is no authority's",  NULL,                NULL},
    {GV_E_CERT_LEAF_AS_CA,         "basic constraints",     "an authority",                          NULL,                NULL},
    {GV_E_CERT_NO_CERT_SIGN,       "key usage",             "certificate signing",                   NULL,                NULL},
    {GV_E_CERT_PATH_LENGTH,        "path length",           NULL,                                    write_path_len,      NULL},
    {GV_E_CERT_NAME_CONSTRAINT,    "name constraints",      "names that the authorities above may give", NULL,            write_names},
    {GV_E_CERT_BAD_NAME_CONSTRAINT,"name constraints",      "well-formed constraints",               NULL,                NULL},
    {GV_E_CERT_BAD_NAME,           "names",                 "well-formed names",                     NULL,                write_names},
    {GV_E_CERT_BAD_SIGNATURE,      "signature",             "a signature by the issuer's key",       NULL,                write_algorithm},
    {GV_E_CERT_SIGNATURE_ALGORITHM,"signature algorithm",   "an algorithm that is supported",        NULL,                write_algorithm},
    {GV_E_CERT_KEY_MISFIT,         "signature algorithm",   "an algorithm that fits the issuer's key", NULL,              write_algorithm},
    {GV_E_CERT_REVOKED,            "revocation",            "a certificate that is on no list of its issuer", NULL,       write_serial},
    {GV_E_CERT_REVOCATION_UNKNOWN, "revocation",            "a list of the issuer",                  NULL,                write_issuer},
    {GV_E_CRL_EXPIRED,             "revocation",            "a list that is up to date",             NULL,                write_now},
    {GV_E_CRL_BAD_SIGNATURE,       "revocation",            "a list signed by the issuer's key",     NULL,                write_issuer},
    {GV_E_CRL_SIGNATURE_ALGORITHM, "revocation",            "a list signed with an algorithm that is supported", NULL,    write_issuer},
    {GV_E_CRL_BAD_ISSUER,          "revocation",            "an issuer whose key usage has CRL signing", NULL,            write_issuer},
    {GV_E_CERT_PATH_DEPTH,         "path length",           NULL,                                    write_intermediates, NULL},
};
/* clang-format on */

static void explain_check(const struct scene *s, struct detail *d)
{
    char expected[DETAIL_TEXT] = "", found[DETAIL_TEXT] = "";
    for (size_t i = 0; i < COUNT_OF(explanations); i++) {
        if (explanations[i].err != s->f->err)
            continue;
        if (explanations[i].expects != NULL)
            explanations[i].expects(s, expected, sizeof expected);
        if (explanations[i].finds != NULL)
            explanations[i].finds(s, found, sizeof found);
        const char *fixed = explanations[i].expected;
        gv_detail_note(d, explanations[i].check, fixed != NULL ? fixed : expected, found);
        return;
    }
    gv_detail_note(d, "limits", "certificates that can be verified within the limits", "");
}

static void explain_rule(const struct scene *s, struct detail *d)
{
    const struct path_question *q = s->f->question;
    uint8_t rule = is_anchor(s) ? s->f->anchor->broken_rule
                                : gv_strict_broken_rule(&(struct strict_question){
                                      .cert = s->cert,
                                      .role = s->f->index == 0 ? ROLE_LEAF : ROLE_ISSUER,
                                      .purpose = q->purpose,
                                      .provider = q->provider});
    struct strict_text text = gv_strict_rule_text(rule);
    gv_detail_note(d, text.check, text.expected, is_anchor(s) ? "a trusted root without" : "");
}

static void explain_names(struct detail *d, struct span subject, struct span issuer)
{
    char text[DETAIL_TEXT];
    gv_dn_text(subject, text, sizeof text);
    gv_detail_text(d->subject, span_str(text));
    gv_dn_text(issuer, text, sizeof text);
    gv_detail_text(d->issuer, span_str(text));
}

void gv_explain(const struct path_failure *f, struct detail *d)
{
    struct certificate cert;
    const struct scene scene = {f, &cert};
    if (d == NULL)
        return;
    d->certificate = f->index;
    if (f->index == PATH_ANCHOR) {
        cert = (struct certificate){.subject = f->anchor->subject};
        explain_names(d, f->anchor->subject, (struct span){NULL, 0});
    } else {
        (void)gv_cert_parse(f->question->chain[f->index], &cert); /* what can be read is there */
        explain_names(d, cert.subject, cert.issuer);
    }
    if (f->err == GV_E_CERT_NOT_STRICT)
        explain_rule(&scene, d);
    else
        explain_check(&scene, d);
}
