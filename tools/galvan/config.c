/* Configs. Each function owns what it makes until it hands it on; the builders of configs are used
 * up by building or freed. */
#include "config.h"

#include "base64.h"
#include "describe.h"
#include "tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- files ---------------------------------------------------------------------------------- */

bool config_read_file(struct text *out, const char *path)
{
    char part[4096];
    size_t n;
    FILE *file = fopen(path, "rb");
    *out = (struct text){.at = NULL};
    if (file == NULL) {
        tool_complain("%s: %s", path, strerror(errno));
        return false;
    }
    while (!out->failed && (n = fread(part, 1, sizeof part, file)) > 0)
        text_add_bytes(out, part, n);
    int error = ferror(file) ? errno : 0;
    (void)fclose(file);
    if (error != 0)
        tool_complain("%s: %s", path, strerror(error));
    else if (out->failed)
        tool_complain("%s: too large to be read (the limit is %d bytes)", path, TEXT_MAX);
    if (error == 0 && !out->failed)
        return true;
    text_drop(out);
    return false;
}

static const uint8_t *bytes_of(const struct text *t)
{
    return (const uint8_t *)(t->at == NULL ? "" : t->at);
}

static bool holds(const struct text *t, const char *word)
{
    return t->at != NULL && strstr(t->at, word) != NULL;
}

/* What stands in a file that holds no PEM that we read; " (...)", or nothing. */
static const char *what_it_is(const struct text *file)
{
    if (file->len == 0)
        return " (the file is empty)";
    if (file->at[0] == 0x30)
        return " (this looks like DER; PEM is wanted, text between BEGIN and END lines)";
    if (holds(file, "-----BEGIN ENCRYPTED PRIVATE KEY-----") ||
        holds(file, "Proc-Type: 4,ENCRYPTED"))
        return " (the key is encrypted: openssl pkey -in FILE -out PLAIN decrypts it)";
    if (!holds(file, "-----BEGIN "))
        return " (there is no PEM in it, no \"-----BEGIN\" line)";
    return "";
}

bool config_add_file(const char *list[KEYS_MAX], size_t *count, const char *path)
{
    if (*count == KEYS_MAX) {
        tool_complain("at most %d --cert, --key and --ech-key are accepted", KEYS_MAX);
        return false;
    }
    list[(*count)++] = path;
    return true;
}

/* ---- certified keys ------------------------------------------------------------------------- */

static void complain_of_pair(rustls_result result, const char *cert, const char *key,
                             const struct text *cert_text, const struct text *key_text)
{
    char words[RESULT_TEXT];
    if (result == RUSTLS_RESULT_PRIVATE_KEY_PARSE_ERROR)
        tool_complain("%s: no private key can be read%s", key, what_it_is(key_text));
    else if (result == RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR ||
             result == RUSTLS_RESULT_NO_CERTIFICATES_PRESENTED)
        tool_complain("%s: no certificate can be read%s", cert, what_it_is(cert_text));
    else if (result == RUSTLS_RESULT_INCONSISTENT_KEYS_KEYS_MISMATCH)
        tool_complain("%s: not the key of the first certificate in %s", key, cert);
    else if (result == RUSTLS_RESULT_GENERAL)
        tool_complain("%s: a kind or size of key that is not supported (RSA from 2048 to 8192 "
                      "bits, ECDSA on P-256, P-384 and P-521, and Ed25519 are)",
                      key);
    else
        tool_complain("%s: the first certificate cannot be used: %s", cert,
                      describe_result(result, words));
}

static const struct rustls_certified_key *load_pair(const char *cert, const char *key)
{
    const struct rustls_certified_key *pair = NULL;
    struct text cert_text, key_text;
    if (!config_read_file(&cert_text, cert))
        return NULL;
    if (config_read_file(&key_text, key)) {
        rustls_result result = rustls_certified_key_build(bytes_of(&cert_text), cert_text.len,
                                                          bytes_of(&key_text), key_text.len, &pair);
        if (result == RUSTLS_RESULT_OK)
            result = rustls_certified_key_keys_match(pair);
        if (result != RUSTLS_RESULT_OK && result != RUSTLS_RESULT_INCONSISTENT_KEYS_UNKNOWN) {
            complain_of_pair(result, cert, key, &cert_text, &key_text);
            rustls_certified_key_free(pair);
            pair = NULL;
        }
        text_wipe(&key_text);
    }
    text_drop(&cert_text);
    return pair;
}

struct pairs {
    const struct rustls_certified_key *at[KEYS_MAX];
    size_t count;
};

static void drop_pairs(struct pairs *p)
{
    while (p->count > 0)
        rustls_certified_key_free(p->at[--p->count]);
}

static bool load_pairs(struct pairs *p, const struct tls_options *o)
{
    p->count = 0;
    if (o->cert_count != o->key_count) {
        tool_complain("each --cert needs a --key: %zu and %zu were given", o->cert_count,
                      o->key_count);
        return false;
    }
    for (size_t i = 0; i < o->cert_count; i++) {
        const struct rustls_certified_key *pair = load_pair(o->cert[i], o->key[i]);
        if (pair == NULL) {
            drop_pairs(p);
            return false;
        }
        p->at[p->count++] = pair;
    }
    return true;
}

/* ---- trust ---------------------------------------------------------------------------------- */

const struct rustls_root_cert_store *config_roots(const char *path)
{
    const struct rustls_root_cert_store *roots = NULL;
    struct text pem;
    if (!config_read_file(&pem, path))
        return NULL;
    struct rustls_root_cert_store_builder *builder = rustls_root_cert_store_builder_new();
    rustls_result result =
        rustls_root_cert_store_builder_add_pem(builder, bytes_of(&pem), pem.len, true);
    if (result == RUSTLS_RESULT_OK)
        result = rustls_root_cert_store_builder_build(builder, &roots);
    if (result != RUSTLS_RESULT_OK)
        tool_complain("%s: no certificate authority can be read%s", path, what_it_is(&pem));
    rustls_root_cert_store_builder_free(builder);
    text_drop(&pem);
    return roots;
}

static struct rustls_server_cert_verifier *verify_by_file(const char *path)
{
    char words[RESULT_TEXT];
    struct rustls_server_cert_verifier *verifier = NULL;
    const struct rustls_root_cert_store *roots = config_roots(path);
    if (roots == NULL)
        return NULL;
    struct rustls_web_pki_server_cert_verifier_builder *builder =
        rustls_web_pki_server_cert_verifier_builder_new(roots);
    rustls_result result = rustls_web_pki_server_cert_verifier_builder_build(builder, &verifier);
    if (result != RUSTLS_RESULT_OK)
        tool_complain("%s: %s", path, describe_result(result, words));
    rustls_web_pki_server_cert_verifier_builder_free(builder);
    rustls_root_cert_store_free(roots);
    return verifier;
}

static struct rustls_server_cert_verifier *verify_by_system(void)
{
    struct rustls_server_cert_verifier *verifier = NULL;
    if (rustls_platform_server_cert_verifier(&verifier) == RUSTLS_RESULT_OK)
        return verifier;
    tool_complain("the system has no trusted authorities: install them (the package "
                  "ca-certificates), or name a file of them with --ca");
    return NULL;
}

static uint32_t accept_any(void *userdata, const struct rustls_verify_server_cert_params *params)
{
    (void)userdata;
    (void)params;
    return RUSTLS_RESULT_OK;
}

static bool set_server_trust(struct rustls_client_config_builder *builder,
                             const struct tls_options *o)
{
    if (o->insecure)
        return rustls_client_config_builder_dangerous_set_certificate_verifier(
                   builder, accept_any) == RUSTLS_RESULT_OK;
    struct rustls_server_cert_verifier *verifier = o->ca == NULL ? verify_by_system()
                                                                 : verify_by_file(o->ca);
    if (verifier == NULL)
        return false;
    rustls_client_config_builder_set_server_verifier(builder, verifier);
    rustls_server_cert_verifier_free(verifier);
    return true;
}

static bool set_client_trust(struct rustls_server_config_builder *builder,
                             const struct tls_options *o)
{
    char words[RESULT_TEXT];
    struct rustls_client_cert_verifier *verifier = NULL;
    if (o->ca == NULL)
        return true;
    const struct rustls_root_cert_store *roots = config_roots(o->ca);
    if (roots == NULL)
        return false;
    struct rustls_web_pki_client_cert_verifier_builder *by =
        rustls_web_pki_client_cert_verifier_builder_new(roots);
    rustls_result result = RUSTLS_RESULT_OK;
    if (!o->require_client_cert)
        result = rustls_web_pki_client_cert_verifier_builder_allow_unauthenticated(by);
    if (result == RUSTLS_RESULT_OK)
        result = rustls_web_pki_client_cert_verifier_builder_build(by, &verifier);
    if (result == RUSTLS_RESULT_OK)
        rustls_server_config_builder_set_client_verifier(builder, verifier);
    else
        tool_complain("%s: %s", o->ca, describe_result(result, words));
    rustls_client_cert_verifier_free(verifier);
    rustls_web_pki_client_cert_verifier_builder_free(by);
    rustls_root_cert_store_free(roots);
    return result == RUSTLS_RESULT_OK;
}

/* ---- configs -------------------------------------------------------------------------------- */

/* The library appends to the file that SSLKEYLOGFILE names, and says nothing where it cannot. */
static bool prepare_keylog(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0 || setenv("SSLKEYLOGFILE", path, 1) != 0) {
        tool_complain("--keylog: %s: %s", path, strerror(errno));
        if (fd >= 0)
            (void)close(fd);
        return false;
    }
    return close(fd) == 0;
}

static bool check(rustls_result result)
{
    char words[RESULT_TEXT];
    if (result != RUSTLS_RESULT_OK)
        tool_complain("cannot be configured: %s", describe_result(result, words));
    return result == RUSTLS_RESULT_OK;
}

/* The default provider, with the groups that were chosen; NULL where they cannot be. */
static const struct rustls_crypto_provider *provider_of(const struct tls_options *o)
{
    const struct rustls_crypto_provider *provider = NULL;
    struct rustls_crypto_provider_builder *builder = NULL;
    rustls_result result = rustls_crypto_provider_builder_new_from_default(&builder);
    if (result == RUSTLS_RESULT_OK)
        result = galvan_crypto_provider_builder_set_groups(builder, o->groups.at, o->groups.count);
    if (result == RUSTLS_RESULT_OK)
        result = rustls_crypto_provider_builder_build(builder, &provider);
    rustls_crypto_provider_builder_free(builder);
    (void)check(result);
    return provider;
}

/* As rustls.h takes them; none chosen are the default ones. */
struct versions {
    uint16_t at[2];
    size_t count;
};

static struct versions versions_of(const struct tls_options *o)
{
    struct versions v = {.count = 0};
    const bool hides = o->ech != NULL || o->ech_grease; /* which TLS 1.3 alone does */
    bool none = !o->tls12 && !o->tls13 && !hides;
    for (size_t i = 0; i < RUSTLS_DEFAULT_VERSIONS_LEN && none; i++)
        v.at[v.count++] = RUSTLS_DEFAULT_VERSIONS[i];
    if (o->tls13 || hides)
        v.at[v.count++] = RUSTLS_TLS_VERSION_TLSV1_3;
    if (o->tls12)
        v.at[v.count++] = RUSTLS_TLS_VERSION_TLSV1_2;
    return v;
}

bool config_is_psk_only(const struct tls_options *o)
{
    return o->psks.count != 0 && o->ca == NULL && !o->insecure;
}

/* ---- Encrypted Client Hello ------------------------------------------------------------------ */

/* The text between the lines of a PEM section of that kind; all of it where there is none. */
static void narrow_to_section(const char **at, size_t *len)
{
    static const char begin[] = "-----BEGIN ECHCONFIG-----", end[] = "-----END ECHCONFIG-----";
    const char *from = strstr(*at, begin);
    const char *to = from == NULL ? NULL : strstr(from, end);
    if (to == NULL)
        return;
    *at = from + strlen(begin);
    *len = (size_t)(to - *at);
}

/* A list begins with its length, which no base64 of one does. */
static bool is_list(const struct text *t)
{
    const uint8_t *at = bytes_of(t);
    return t->len >= 2 && (size_t)(at[0] << 8 | at[1]) == t->len - 2;
}

static bool read_base64_list(struct text *out, const char *at, size_t len)
{
    *out = (struct text){.at = NULL};
    narrow_to_section(&at, &len);
    if (base64_read(out, at, len) && !out->failed && is_list(out))
        return true;
    text_drop(out);
    return false;
}

/* What --ech names: the list itself in base64, or a file with it, as it is or in base64. */
static bool read_ech_list(struct text *out, const char *value)
{
    struct text file;
    if (read_base64_list(out, value, strlen(value)))
        return true;
    if (!config_read_file(&file, value))
        return false;
    if (is_list(&file)) {
        *out = file;
        return true;
    }
    bool done = file.at != NULL && read_base64_list(out, file.at, strlen(file.at));
    text_drop(&file);
    if (!done)
        tool_complain("--ech: %s: this is no ECHConfigList, neither as it is nor in base64", value);
    return done;
}

static bool set_ech_list(struct rustls_client_config_builder *builder, const char *value)
{
    char words[RESULT_TEXT];
    struct text list;
    if (!read_ech_list(&list, value))
        return false;
    rustls_result result = rustls_client_config_builder_enable_ech(
        builder, bytes_of(&list), list.len, rustls_supported_hpke());
    text_drop(&list);
    if (result == RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_NO_COMPATIBLE_CONFIG)
        tool_complain(
            "--ech: no configuration in the list can be used: other versions, algorithms or "
            "extensions are in it, or a public name that is no host name");
    else if (result != RUSTLS_RESULT_OK)
        tool_complain("--ech: %s", describe_result(result, words));
    return result == RUSTLS_RESULT_OK;
}

static bool set_ech(struct rustls_client_config_builder *builder, const struct tls_options *o)
{
    if (o->ech != NULL)
        return set_ech_list(builder, o->ech);
    return !o->ech_grease ||
           check(rustls_client_config_builder_enable_ech_grease(builder, rustls_supported_hpke()));
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool fill_client(struct rustls_client_config_builder *builder, const struct tls_options *o)
{
    struct pairs pairs;
    const bool psk_only = config_is_psk_only(o);
    if ((!psk_only && !set_server_trust(builder, o)) || !load_pairs(&pairs, o))
        return false;
    bool done = pairs.count == 0 || check(rustls_client_config_builder_set_certified_key(
                                        builder, pairs.at, pairs.count));
    drop_pairs(&pairs);
    done = done && check(rustls_client_config_builder_set_alpn_protocols(builder, o->alpn.at,
                                                                         o->alpn.count));
    done = done && check(galvan_client_config_builder_set_early_data(builder, o->early_data));
    done = done && check(galvan_client_config_builder_set_psks(builder, o->psks.at, o->psks.count,
                                                               psk_only));
    done = done && set_ech(builder, o);
    return done &&
           (o->keylog == NULL || (prepare_keylog(o->keylog) &&
                                  check(rustls_client_config_builder_set_key_log_file(builder))));
}

const struct rustls_client_config *config_client(const struct tls_options *o)
{
    const struct rustls_client_config *config = NULL;
    const struct rustls_crypto_provider *provider = provider_of(o);
    struct rustls_client_config_builder *builder = NULL;
    struct versions v = versions_of(o);
    if (provider == NULL)
        return NULL;
    rustls_result result =
        rustls_client_config_builder_new_custom(provider, v.at, v.count, &builder);
    rustls_crypto_provider_free(provider);
    if (!check(result))
        return NULL;
    if (!fill_client(builder, o)) {
        rustls_client_config_builder_free(builder);
        return NULL;
    }
    return check(rustls_client_config_builder_build(builder, &config)) ? config : NULL;
}

/* The first is told to clients that used another. */
static bool add_ech_key(struct galvan_ech_keys *keys, const char *path, bool first)
{
    char words[RESULT_TEXT];
    struct text pem;
    if (!config_read_file(&pem, path))
        return false;
    rustls_result result = galvan_ech_keys_add_pem(keys, bytes_of(&pem), pem.len, first);
    if (result == RUSTLS_RESULT_INVALID_PARAMETER)
        tool_complain("%s: not one PRIVATE KEY and the ECHCONFIG that belongs to it%s", path,
                      what_it_is(&pem));
    else if (result != RUSTLS_RESULT_OK)
        tool_complain("%s: no key for Encrypted Client Hello: %s", path,
                      describe_result(result, words));
    text_wipe(&pem);
    return result == RUSTLS_RESULT_OK;
}

static bool set_ech_keys(struct rustls_server_config_builder *builder, const struct tls_options *o)
{
    struct galvan_ech_keys *keys = NULL;
    if (o->ech_key_count == 0)
        return true;
    bool done = check(galvan_ech_keys_new(&keys));
    for (size_t i = 0; done && i < o->ech_key_count; i++)
        done = add_ech_key(keys, o->ech_key[i], i == 0);
    done = done && check(galvan_server_config_builder_set_ech_keys(builder, keys));
    galvan_ech_keys_free(keys);
    return done;
}

static bool fill_server(struct rustls_server_config_builder *builder, const struct tls_options *o)
{
    struct pairs pairs;
    if (!set_client_trust(builder, o) || !load_pairs(&pairs, o))
        return false;
    bool done =
        check(rustls_server_config_builder_set_certified_keys(builder, pairs.at, pairs.count));
    done = done && check(galvan_server_config_builder_set_psks(builder, o->psks.at, o->psks.count));
    drop_pairs(&pairs);
    done = done && check(rustls_server_config_builder_set_alpn_protocols(builder, o->alpn.at,
                                                                         o->alpn.count));
    /* A client's order may be that of its age; ours is by strength. */
    done = done && check(rustls_server_config_builder_set_ignore_client_order(builder, true));
    done = done && check(galvan_server_config_builder_set_tickets(builder, o->tickets));
    done = done && check(galvan_server_config_builder_set_max_early_data(
                       builder, (uint32_t)o->max_early_data));
    done = done && set_ech_keys(builder, o);
    return done &&
           (o->keylog == NULL || (prepare_keylog(o->keylog) &&
                                  check(rustls_server_config_builder_set_key_log_file(builder))));
}

const struct rustls_server_config *config_server(const struct tls_options *o)
{
    const struct rustls_server_config *config = NULL;
    const struct rustls_crypto_provider *provider = provider_of(o);
    struct rustls_server_config_builder *builder = NULL;
    struct versions v = versions_of(o);
    if (provider == NULL)
        return NULL;
    rustls_result result =
        rustls_server_config_builder_new_custom(provider, v.at, v.count, &builder);
    rustls_crypto_provider_free(provider);
    if (!check(result))
        return NULL;
    if (!fill_server(builder, o)) {
        rustls_server_config_builder_free(builder);
        return NULL;
    }
    return check(rustls_server_config_builder_build(builder, &config)) ? config : NULL;
}
