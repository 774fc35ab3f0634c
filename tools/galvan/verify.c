/* galvan verify: asks the library about a chain in a file, and draws the path that it found, or those
 * that it tried, with the certificate at which each failed. */
#include "advice.h"
#include "config.h"
#include "describe.h"
#include "json.h"
#include "tool.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

enum { CHAIN_MAX = 1000, CRLS_MAX = 16, PATHS_SHOWN = 8, NAME_TEXT = 512 };

struct verify {
    const char *ca, *name, *path;
    const char *crl[CRLS_MAX];
    size_t crl_count;
    bool strict, client, json, at_given;
    int64_t at;

    struct rustls_slice_bytes chain[CHAIN_MAX]; /* data is malloc's */
    size_t count;
    rustls_result result;
    struct galvan_verification *verification;
    struct galvan_error_detail detail; /* of a result that is not OK */
};

static const char help[] =
    "Usage: galvan verify [OPTION]... CHAIN.pem\n"
    "\n"
    "Says whether the certificates in a file, the first of them a server's, lead to a trusted\n"
    "root, and draws the path; where they do not, draws each path that was tried, and says what\n"
    "was wrong with it.\n"
    "\n"
    "  --ca FILE     trust the roots in this PEM file, not those of the system\n"
    "  --name NAME   the server name that the certificate must be for; else it may be any\n"
    "  --client      the chain is a client's\n"
    "  --crl FILE    revocation lists in PEM; may be given several times. No certificate of the\n"
    "                chain may be on one, and each needs one\n"
    "  --at TIME     as at that time: 2026-11-22 or 2026-11-22T10:00:00Z; else as of now\n"
    "  --strict      also want what RFC 5280 and the CA/Browser Forum want of certificates\n"
    "  --json        one JSON object on standard output\n"
    "  --help        this text\n"
    "\n"
    "Ends with 0 when the chain is good, 1 when it is not, 2 when an option or a file is wrong.\n";

/* ---- options ---------------------------------------------------------------------------------- */

/* Days since 1970 of a day in the Gregorian calendar; years begin in March here. */
static int64_t days_of(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year, m = month <= 2 ? month + 9 : month - 3;
    return 365LL * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* A number of so many digits, and what stands behind it: "2026-" is a year. */
static bool take_number(const char **at, int digits, const char *behind, int *out)
{
    *out = 0;
    for (; digits > 0; digits--, ++*at) {
        if (**at < '0' || **at > '9')
            return false;
        *out = 10 * *out + (**at - '0');
    }
    size_t n = strlen(behind);
    bool right = strncmp(*at, behind, n) == 0;
    *at += right ? n : 0;
    return right;
}

static bool option_time(struct verify *v, const char *text)
{
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    const char *at = text;
    bool good = take_number(&at, 4, "-", &year) && take_number(&at, 2, "-", &month) &&
                take_number(&at, 2, "", &day);
    if (good && *at == 'T') {
        at++;
        good = take_number(&at, 2, ":", &hour) && take_number(&at, 2, ":", &minute) &&
               take_number(&at, 2, "Z", &second);
    }
    if (!good || *at != '\0' || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 ||
        minute > 59 || second > 59) {
        tool_complain("--at: \"%s\" is no time such as 2026-11-22 or 2026-11-22T10:00:00Z", text);
        return false;
    }
    v->at = days_of(year, month, day) * 86400 + hour * 3600LL + minute * 60LL + second;
    return v->at_given = true;
}

enum option_id { OPT_CA = 256, OPT_NAME, OPT_CLIENT, OPT_CRL, OPT_AT, OPT_STRICT, OPT_JSON };

static const struct option options[] = {
    {"ca", required_argument, NULL, OPT_CA},
    {"name", required_argument, NULL, OPT_NAME},
    {"client", no_argument, NULL, OPT_CLIENT},
    {"crl", required_argument, NULL, OPT_CRL},
    {"at", required_argument, NULL, OPT_AT},
    {"strict", no_argument, NULL, OPT_STRICT},
    {"json", no_argument, NULL, OPT_JSON},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

static bool take_option(struct verify *v, int id, const char *value)
{
    switch (id) {
    case OPT_CA:
        v->ca = value;
        return true;
    case OPT_NAME:
        v->name = value;
        return true;
    case OPT_CLIENT:
        return v->client = true;
    case OPT_CRL:
        if (v->crl_count == CRLS_MAX)
            tool_complain("at most %d --crl are accepted", CRLS_MAX);
        else
            v->crl[v->crl_count++] = value;
        return v->crl[v->crl_count - 1] == value;
    case OPT_AT:
        return option_time(v, value);
    case OPT_STRICT:
        return v->strict = true;
    default: /* OPT_JSON */
        return v->json = true;
    }
}

/* -1: go on; else the status to end with. */
static int parse(struct verify *v, int argc, char **argv)
{
    for (int id; (id = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (id == 'h')
            return fputs(help, stdout) < 0 ? STATUS_FAILED : STATUS_OK;
        if (id == '?' || !take_option(v, id, optarg))
            return STATUS_USAGE;
    }
    if (argc - optind != 1) {
        tool_complain("wants one CHAIN.pem, got %d; --help says more", argc - optind);
        return STATUS_USAGE;
    }
    if (v->client && v->name != NULL) {
        tool_complain(
            "--client and --name contradict each other: a client's name is not asked for");
        return STATUS_USAGE;
    }
    v->path = argv[optind];
    return -1;
}

/* ---- the chain and the verifier ------------------------------------------------------------------- */

static void keep_certificate(void *userdata, struct rustls_slice_bytes der)
{
    struct verify *v = userdata;
    uint8_t *copy = malloc(der.len + 1);
    if (copy == NULL || v->count == CHAIN_MAX) {
        free(copy);
        return;
    }
    memcpy(copy, der.data, der.len);
    v->chain[v->count++] = (struct rustls_slice_bytes){copy, der.len};
    /* cppcheck-suppress memleak; the chain owns it */
}

/* PEM, or one certificate in DER. */
static bool read_chain(struct verify *v)
{
    struct text file;
    if (!config_read_file(&file, v->path))
        return false;
    const uint8_t *data = (const uint8_t *)(file.at == NULL ? "" : file.at);
    if (file.len != 0 && data[0] == 0x30)
        keep_certificate(v, (struct rustls_slice_bytes){data, file.len});
    else
        (void)galvan_pem_certificates(data, file.len, keep_certificate, v);
    text_drop(&file);
    if (v->count == 0)
        tool_complain("%s: no certificate can be read", v->path);
    return v->count != 0;
}

static const struct rustls_root_cert_store *roots_of(const struct verify *v)
{
    const struct rustls_root_cert_store *store = NULL;
    if (v->ca != NULL)
        return config_roots(v->ca);
    if (galvan_platform_root_cert_store(&store) != RUSTLS_RESULT_OK)
        tool_complain("the system has no trusted roots; give some with --ca FILE");
    return store;
}

typedef rustls_result add_crl_fn(void *builder, const uint8_t *pem, size_t len);

static rustls_result add_server_crl(void *builder, const uint8_t *pem, size_t len)
{
    return rustls_web_pki_server_cert_verifier_builder_add_crl(builder, pem, len);
}

static rustls_result add_client_crl(void *builder, const uint8_t *pem, size_t len)
{
    return rustls_web_pki_client_cert_verifier_builder_add_crl(builder, pem, len);
}

static bool add_crls(const struct verify *v, add_crl_fn *add, void *builder)
{
    char words[RESULT_TEXT];
    for (size_t i = 0; i < v->crl_count; i++) {
        struct text file;
        if (!config_read_file(&file, v->crl[i]))
            return false;
        rustls_result result =
            add(builder, (const uint8_t *)(file.at == NULL ? "" : file.at), file.len);
        text_drop(&file);
        if (result == RUSTLS_RESULT_OK)
            continue;
        tool_complain("%s: %s", v->crl[i], describe_result(result, words));
        return false;
    }
    return true;
}

/* All true, or the builder could not be had. */
static bool ask_server(struct verify *v, const struct rustls_root_cert_store *roots)
{
    struct rustls_web_pki_server_cert_verifier_builder *b =
        rustls_web_pki_server_cert_verifier_builder_new(roots);
    struct rustls_server_cert_verifier *verifier = NULL;
    bool ok = b != NULL && add_crls(v, add_server_crl, b);
    if (ok && v->strict)
        (void)galvan_web_pki_server_cert_verifier_builder_set_profile(b, GALVAN_PROFILE_STRICT);
    if (ok && v->at_given)
        (void)galvan_web_pki_server_cert_verifier_builder_set_time(b, v->at);
    ok = ok && rustls_web_pki_server_cert_verifier_builder_build(b, &verifier) == RUSTLS_RESULT_OK;
    if (ok)
        v->result = galvan_server_cert_verifier_verify(verifier, v->chain, v->count, v->name,
                                                       &v->verification);
    rustls_server_cert_verifier_free(verifier);
    rustls_web_pki_server_cert_verifier_builder_free(b);
    return ok;
}

static bool ask_client(struct verify *v, const struct rustls_root_cert_store *roots)
{
    struct rustls_web_pki_client_cert_verifier_builder *b =
        rustls_web_pki_client_cert_verifier_builder_new(roots);
    struct rustls_client_cert_verifier *verifier = NULL;
    bool ok = b != NULL && add_crls(v, add_client_crl, b);
    if (ok && v->strict)
        (void)galvan_web_pki_client_cert_verifier_builder_set_profile(b, GALVAN_PROFILE_STRICT);
    if (ok && v->at_given)
        (void)galvan_web_pki_client_cert_verifier_builder_set_time(b, v->at);
    ok = ok && rustls_web_pki_client_cert_verifier_builder_build(b, &verifier) == RUSTLS_RESULT_OK;
    if (ok)
        v->result =
            galvan_client_cert_verifier_verify(verifier, v->chain, v->count, &v->verification);
    rustls_client_cert_verifier_free(verifier);
    rustls_web_pki_client_cert_verifier_builder_free(b);
    return ok;
}

/* False after a complaint. */
static bool ask(struct verify *v)
{
    char words[RESULT_TEXT];
    const struct rustls_root_cert_store *roots = roots_of(v);
    bool ok = roots != NULL && (v->client ? ask_client(v, roots) : ask_server(v, roots));
    rustls_root_cert_store_free(roots);
    if (ok && v->verification == NULL)
        tool_complain("%s: %s", v->name == NULL ? v->path : v->name,
                      describe_result(v->result, words));
    if (!ok || v->verification == NULL)
        return false;
    (void)galvan_verification_error_detail(v->verification, &v->detail, sizeof v->detail);
    return true;
}

/* ---- drawing ---------------------------------------------------------------------------------- */

struct wanted {
    const char *field;
    char value[NAME_TEXT];
};

static void take_field(void *userdata, const char *field, const char *value)
{
    struct wanted *w = userdata;
    if (strcmp(field, w->field) == 0)
        (void)snprintf(w->value, sizeof w->value, "%s", value);
}

/* What a certificate of the chain says under a field. */
static struct wanted field_of(const struct verify *v, size_t index, const char *field)
{
    struct wanted w = {field, "(it cannot be read)"};
    (void)galvan_certificate_describe(v->chain[index].data, v->chain[index].len, take_field, &w);
    return w;
}

/* A path may be good, and its leaf be for another name. */
static const char *reason_at(const struct verify *v, const struct galvan_path *p, int32_t index)
{
    if (p->result != RUSTLS_RESULT_OK)
        return p->failed == index ? p->reason : NULL;
    return v->result != RUSTLS_RESULT_OK && v->detail.certificate == index ? v->detail.reason
                                                                           : NULL;
}

static void draw_certificate(struct text *t, const struct verify *v, size_t index,
                             const char *reason)
{
    struct wanted subject = field_of(v, index, "subject");
    text_format(t, "  %s %3zu  %s\n", reason == NULL ? " " : "X", index,
                subject.value[0] == '\0' ? "(no subject)" : subject.value);
    if (reason != NULL)
        text_format(t, "         `-- %s\n", reason);
}

static bool is_on(const struct galvan_path *p, int32_t index)
{
    for (size_t i = 0; i < p->certificates_len; i++) {
        if (p->certificates[i] == index)
            return true;
    }
    return index < 0;
}

static void draw_end(struct text *t, const struct verify *v, const struct galvan_path *p)
{
    if (p->root[0] != '\0') {
        const char *reason = reason_at(v, p, -1);
        text_format(t, "    |\n  %s  ca  %s\n", reason == NULL ? " " : "X", p->root);
        if (reason != NULL)
            text_format(t, "         `-- %s\n", reason);
        return;
    }
    if (!is_on(p, p->failed)) {
        if (p->certificates_len != 0)
            text_add(t, "    |\n");
        draw_certificate(t, v, (size_t)p->failed, p->reason);
    } else if (p->certificates_len != 0 && strcmp(p->name, "CERT_UNKNOWN_ISSUER") == 0) {
        struct wanted issuer = field_of(v, (size_t)p->failed, "issuer");
        text_format(t, "    |\n    ?    %s\n", issuer.value);
    }
}

/* From the leaf upwards; X marks the certificate that failed. */
static void draw_path(struct text *t, const struct verify *v, const struct galvan_path *p)
{
    for (size_t i = 0; i < p->certificates_len; i++) {
        if (i != 0)
            text_add(t, "    |\n");
        draw_certificate(t, v, p->certificates[i], reason_at(v, p, p->certificates[i]));
    }
    draw_end(t, v, p);
}

static void draw_paths(struct text *t, const struct verify *v)
{
    size_t count = galvan_verification_paths_len(v->verification);
    struct galvan_path p;
    bool good = count != 0 &&
                galvan_verification_path(v->verification, count - 1, &p, sizeof p) ==
                    RUSTLS_RESULT_OK &&
                p.result == RUSTLS_RESULT_OK;
    for (size_t i = good ? count - 1 : 0; i < count && (good || i < PATHS_SHOWN); i++) {
        (void)galvan_verification_path(v->verification, i, &p, sizeof p);
        text_add(t, "\n");
        draw_path(t, v, &p);
    }
    if (!good && count > PATHS_SHOWN)
        text_format(t, "\n  (and %zu more)\n", count - PATHS_SHOWN);
}

static void add_row(struct text *t, const char *label, const char *value)
{
    if (value != NULL && value[0] != '\0')
        text_format(t, "  %-10s %s\n", label, value);
}

static void write_words(struct text *t, const struct verify *v)
{
    const struct galvan_error_detail *d = &v->detail;
    bool good = v->result == RUSTLS_RESULT_OK;
    text_format(t, "%s: %s", v->path, good ? "good" : "NOT good");
    if (v->name != NULL)
        text_format(t, " for \"%s\"", v->name);
    text_add(t, good ? "\n" : ": ");
    if (!good)
        text_format(t, "%s\n", d->reason);
    draw_paths(t, v);
    if (good)
        return;
    text_add(t, "\n");
    add_row(t, "check", d->check);
    add_row(t, "expected", d->expected);
    add_row(t, "found", d->found);
    add_row(t, "try", advice_for(d, v->client ? ROLE_SERVER : ROLE_CLIENT));
}

/* ---- JSON ------------------------------------------------------------------------------------- */

static void write_path(struct json *j, const struct galvan_path *p)
{
    json_open(j, NULL, '{');
    json_open(j, "certificates", '[');
    for (size_t i = 0; i < p->certificates_len; i++)
        json_number(j, NULL, p->certificates[i]);
    json_close(j, ']');
    if (p->root[0] != '\0')
        json_string(j, "root", p->root);
    json_bool(j, "good", p->result == RUSTLS_RESULT_OK);
    if (p->result != RUSTLS_RESULT_OK) {
        json_number(j, "failed", p->failed);
        json_string(j, "name", p->name);
        json_string(j, "reason", p->reason);
    }
    json_close(j, '}');
}

static void write_error(struct json *j, const struct galvan_error_detail *d)
{
    json_open(j, "error", '{');
    json_number(j, "result", d->result);
    json_string(j, "name", d->name);
    json_string(j, "reason", d->reason);
    json_number(j, "certificate", d->certificate);
    json_string(j, "check", d->check);
    json_string(j, "expected", d->expected);
    json_string(j, "found", d->found);
    json_string(j, "subject", d->subject);
    json_string(j, "issuer", d->issuer);
    json_string(j, "sentence", d->sentence);
    json_close(j, '}');
}

static void write_json(struct text *t, const struct verify *v)
{
    struct json j = {t, false};
    struct galvan_path p;
    json_open(&j, NULL, '{');
    json_string(&j, "file", v->path);
    json_bool(&j, "good", v->result == RUSTLS_RESULT_OK);
    if (v->name != NULL)
        json_string(&j, "name", v->name);
    if (v->result != RUSTLS_RESULT_OK)
        write_error(&j, &v->detail);
    json_open(&j, "paths", '[');
    for (size_t i = 0;
         galvan_verification_path(v->verification, i, &p, sizeof p) == RUSTLS_RESULT_OK; i++)
        write_path(&j, &p);
    json_close(&j, ']');
    json_open(&j, "certificates", '[');
    for (size_t i = 0; i < v->count; i++) {
        json_open(&j, NULL, '{');
        describe_certificate_json(&j, v->chain[i]);
        json_close(&j, '}');
    }
    json_close(&j, ']');
    json_close(&j, '}');
    text_add(t, "\n");
}

/* ---- the whole -------------------------------------------------------------------------------- */

static int verify(struct verify *v)
{
    struct text t = {.at = NULL};
    if (!read_chain(v) || !ask(v))
        return STATUS_USAGE;
    if (v->json)
        write_json(&t, v);
    else
        write_words(&t, v);
    if (!text_print(&t, stdout))
        return STATUS_FAILED;
    return v->result == RUSTLS_RESULT_OK ? STATUS_OK : STATUS_FAILED;
}

int galvan_tool_verify(int argc, char **argv)
{
    static struct verify v;
    int status = parse(&v, argc, argv);
    if (status < 0)
        status = verify(&v);
    galvan_verification_free(v.verification);
    while (v.count > 0)
        free((void *)v.chain[--v.count].data);
    return status;
}
