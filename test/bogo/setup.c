/* From flags to configs. */
#include "bogo/shim.h"

#include "bogo/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TLS12 = 0x0303, TLS13 = 0x0304 };

/* ---- files -------------------------------------------------------------------------------------- */

struct content {
    uint8_t *at;
    size_t len;
};

static bool load(const char *path, struct content *out)
{
    enum { FILE_MAX = 1 << 20 };
    FILE *f = fopen(path, "rb");

    if (f == NULL)
        return complain("cannot open %s", path);
    out->at = malloc(FILE_MAX);
    out->len = out->at == NULL ? 0 : fread(out->at, 1, FILE_MAX, f);
    fclose(f);
    return out->len != 0 || complain("cannot read %s", path);
}

/* ---- the certified key ------------------------------------------------------------------------------ */

/* Puts a better key in the place of the one before. */
static bool replace(const struct rustls_certified_key **key,
                    const struct rustls_certified_key *better)
{
    rustls_certified_key_free(*key);
    *key = better;
    return better != NULL || complain("no memory");
}

static bool add_ocsp(const struct options *o, const struct rustls_certified_key **key)
{
    const struct rustls_slice_bytes ocsp = {o->ocsp_response.at, o->ocsp_response.len};
    const struct rustls_certified_key *with = NULL;

    if (ocsp.data == NULL || o->decline_ocsp_callback)
        return true;
    rustls_result result = rustls_certified_key_clone_with_ocsp(*key, &ocsp, &with);
    if (result != RUSTLS_RESULT_OK)
        return complain_of_result("certified_key_clone_with_ocsp", result);
    return replace(key, with);
}

static bool load_key(const struct options *o, const struct rustls_certified_key **key)
{
    struct content chain = {0}, private = {0};
    rustls_result result = RUSTLS_RESULT_OK;

    if (o->cert_file == NULL || o->key_file == NULL)
        return true;
    bool good = load(o->cert_file, &chain) && load(o->key_file, &private);
    if (good)
        result = rustls_certified_key_build(chain.at, chain.len, private.at, private.len, key);
    if (result != RUSTLS_RESULT_OK)
        good = complain_of_result("certified_key_build", result);
    if (good && o->signing_prefs.len != 0)
        good = replace(key, inside_sign_with(*key, &o->signing_prefs));
    if (good && o->async)
        *key = signer_elsewhere(*key, chain.at, chain.len);
    free(chain.at);
    free(private.at);
    return good && *key != NULL && add_ocsp(o, key);
}

/* ---- Encrypted Client Hello ---------------------------------------------------------------------------- */

static bool uses_ech(const struct options *o)
{
    return o->ech_config_list.at != NULL || o->enable_ech_grease;
}

/* Where no configuration can be used, none is; then the pretence is what is left. */
static rustls_result set_ech(struct rustls_client_config_builder *b, const struct options *o)
{
    const struct rustls_hpke *hpke = rustls_supported_hpke();
    rustls_result r = RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_NO_COMPATIBLE_CONFIG;

    if (o->ech_config_list.at != NULL)
        r = rustls_client_config_builder_enable_ech(b, o->ech_config_list.at,
                                                    o->ech_config_list.len, hpke);
    if (r == RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_INVALID_CONFIG_LIST)
        complain(":INVALID_ECH_CONFIG_LIST:");
    if (r != RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_NO_COMPATIBLE_CONFIG)
        return r;
    return o->enable_ech_grease ? rustls_client_config_builder_enable_ech_grease(b, hpke)
                                : RUSTLS_RESULT_OK;
}

/* ---- what both roles have --------------------------------------------------------------------------- */

struct ingredients {
    const struct rustls_crypto_provider *provider;
    const struct rustls_certified_key *key; /* NULL: none */
    uint16_t versions[2];
    size_t versions_len;
};

static void list_versions(const struct options *o, struct ingredients *in)
{
    const long max = o->max_version == 0 ? TLS13 : o->max_version;

    if (!o->no_tls13 && max >= TLS13)
        in->versions[in->versions_len++] = TLS13;
    if (!o->no_tls12 && max >= TLS12 && o->min_version <= TLS12 && !uses_ech(o))
        in->versions[in->versions_len++] = TLS12;
}

static void drop_ingredients(struct ingredients *in)
{
    rustls_crypto_provider_free(in->provider);
    rustls_certified_key_free(in->key);
}

static enum outcome gather(const struct options *o, struct ingredients *in)
{
    list_versions(o, in);
    in->provider = inside_provider(&o->curves, &o->verify_prefs);
    if (!o->server && o->reverify_on_resume) /* only servers ask again */
        return OUTCOME_UNIMPLEMENTED;
    if (in->versions_len == 0 || in->provider == NULL || !inside_can_sign(&o->signing_prefs))
        return OUTCOME_UNIMPLEMENTED;
    return load_key(o, &in->key) ? OUTCOME_GOOD : OUTCOME_BAD;
}

/* ---- clients ------------------------------------------------------------------------------------------ */

/* What -advertise-alpn has: names behind their lengths. */
static rustls_result set_client_alpn(struct rustls_client_config_builder *b, const char *wire)
{
    struct rustls_slice_bytes names[16];
    size_t count = 0;

    for (const char *at = wire; at != NULL && *at != '\0' && count < 16; count++) {
        size_t len = strnlen(at + 1, (uint8_t)*at);
        names[count] = (struct rustls_slice_bytes){(const uint8_t *)at + 1, len};
        at += 1 + len;
    }
    return rustls_client_config_builder_set_alpn_protocols(b, names, count);
}

/* Whom the certificates must be of: the public name, where the server could not read another. */
static bool is_name_expected(const struct exchange *x, struct rustls_str name)
{
    const bool retried = galvan_connection_early_data(x->conn) == GALVAN_EARLY_DATA_REJECTED;
    const struct options *o = retried ? x->retried : x->options;
    const char *want = o->expect_ech_name_override;

    if (want == NULL && !o->expect_no_ech_name_override)
        return true;
    if (want == NULL)
        want = o->host_name == NULL ? "test" : o->host_name;
    return (name.len == strlen(want) && memcmp(name.data, want, name.len) == 0) ||
           complain("the certificates are to be of %.*s", (int)name.len, name.data);
}

static uint32_t verify_server(void *userdata, const struct rustls_verify_server_cert_params *params)
{
    struct exchange *x = userdata;
    const struct options *o = x->options;

    if (!is_name_expected(x, params->server_name))
        return RUSTLS_RESULT_GENERAL;

    x->saw_ocsp = params->ocsp_response.len == o->expect_ocsp_response.len &&
                  (params->ocsp_response.len == 0 ||
                   memcmp(params->ocsp_response.data, o->expect_ocsp_response.at,
                          params->ocsp_response.len) == 0);
    if (!o->verify_fail || !o->verify_peer) /* nobody minds */
        return RUSTLS_RESULT_OK;
    return o->use_custom_verify_callback ? RUSTLS_RESULT_CERT_OTHER_ERROR : RUSTLS_RESULT_GENERAL;
}

static rustls_result fill_client(struct rustls_client_config_builder *b, const struct options *o,
                                 const struct ingredients *in)
{
    rustls_result r =
        rustls_client_config_builder_dangerous_set_certificate_verifier(b, verify_server);

    rustls_client_config_builder_set_enable_sni(b, o->host_name != NULL);
    rustls_client_config_builder_set_check_selected_alpn(b, !o->allow_unknown_alpn_protos);
    if (r == RUSTLS_RESULT_OK)
        r = set_client_alpn(b, o->advertise_alpn);
    if (r == RUSTLS_RESULT_OK && in->key != NULL)
        r = rustls_client_config_builder_set_certified_key(b, &in->key, 1);
    if (r == RUSTLS_RESULT_OK &&
        (o->async || o->fail_cert_callback || o->expect_client_ca_list != NULL))
        r = galvan_client_config_builder_set_certificate_callback(b, later_choose_by_request);
    if (r == RUSTLS_RESULT_OK)
        r = galvan_client_config_builder_set_early_data(b, o->enable_early_data);
    if (r == RUSTLS_RESULT_OK && uses_ech(o))
        r = set_ech(b, o);
    if (r == RUSTLS_RESULT_OK && o->export_traffic_secrets)
        r = rustls_client_config_builder_set_key_log(b, secrets_log, NULL);
    if (r == RUSTLS_RESULT_OK && o->max_cert_list != 0)
        r = galvan_client_config_builder_set_limit(b, GALVAN_LIMIT_CERTIFICATE_CHAIN,
                                                   (uint64_t)o->max_cert_list);
    return r;
}

static bool make_client(struct setup *out, const struct options *o, const struct ingredients *in)
{
    struct rustls_client_config_builder *b = NULL;
    rustls_result r =
        rustls_client_config_builder_new_custom(in->provider, in->versions, in->versions_len, &b);

    if (r == RUSTLS_RESULT_OK)
        r = fill_client(b, o, in);
    if (r != RUSTLS_RESULT_OK)
        rustls_client_config_builder_free(b);
    else
        r = rustls_client_config_builder_build(b, &out->client);
    return r == RUSTLS_RESULT_OK || complain_of_result("client config", r);
}

/* ---- servers -------------------------------------------------------------------------------------------- */

/* Sessions of all connections of the process. */
enum { STORED_MAX = 16, STORED_KEY_MAX = 64 };
static struct stored {
    uint8_t key[STORED_KEY_MAX];
    size_t key_len, len;
    uint8_t *value;
} stored[STORED_MAX];

static uint32_t store_put(void *userdata, const struct rustls_slice_bytes *key,
                          const struct rustls_slice_bytes *value)
{
    (void)userdata;
    for (struct stored *s = stored; s < stored + STORED_MAX && key->len <= STORED_KEY_MAX; s++) {
        if (s->value != NULL)
            continue;
        s->value = malloc(value->len);
        if (s->value == NULL)
            break;
        memcpy(s->value, value->data, value->len);
        memcpy(s->key, key->data, key->len);
        s->key_len = key->len;
        s->len = value->len;
        return RUSTLS_RESULT_OK;
    }
    return RUSTLS_RESULT_GENERAL;
}

static void forget(struct stored *s)
{
    free(s->value);
    *s = (struct stored){.key_len = 0};
}

uint32_t setup_get_session(const struct rustls_slice_bytes *key, int remove_after, uint8_t *buf,
                           size_t count, size_t *out_n)
{
    for (struct stored *s = stored; s < stored + STORED_MAX; s++) {
        if (s->value == NULL || s->key_len != key->len || s->len > count ||
            memcmp(s->key, key->data, key->len) != 0)
            continue;
        memcpy(buf, s->value, s->len);
        *out_n = s->len;
        if (remove_after)
            forget(s);
        return RUSTLS_RESULT_OK;
    }
    return RUSTLS_RESULT_NOT_FOUND;
}

/* Tickets are sealed, under a key of the process, as BoringSSL's are. Early data wants sessions that
 * are kept and given out once. */
static rustls_result set_sessions(struct rustls_server_config_builder *b, const struct options *o)
{
    static uint8_t key[GALVAN_TICKET_KEY_SIZE] = {1, 2, 3};
    enum { EARLY_MAX = 14336, SKIPPED_MAX = 16384 }; /* bytes; BoringSSL's numbers */

    memset(key + 16, 0x5a, sizeof key - 16);
    rustls_server_config_builder_set_persistence(b, later_get, store_put);
    rustls_result r =
        galvan_server_config_builder_set_limit(b, GALVAN_LIMIT_SKIPPED_EARLY_DATA, SKIPPED_MAX);
    if (r == RUSTLS_RESULT_OK && o->enable_early_data)
        r = galvan_server_config_builder_set_max_early_data(b, EARLY_MAX);
    if (r == RUSTLS_RESULT_OK && o->no_ticket)
        r = rustls_server_config_builder_set_send_tls13_tickets(b, 0);
    if (r == RUSTLS_RESULT_OK && !o->no_ticket && !o->keeps_sessions)
        r = galvan_server_config_builder_set_ticket_keys(b, key, 1);
    return r;
}

static rustls_result set_server_alpn(struct rustls_server_config_builder *b,
                                     const struct options *o)
{
    const char *name = o->reject_alpn ? "nothing that a client offers" : o->select_alpn;
    const struct rustls_slice_bytes slice = {(const uint8_t *)name,
                                             name == NULL ? 0 : strlen(name)};

    if (name == NULL || o->decline_alpn)
        return RUSTLS_RESULT_OK;
    return rustls_server_config_builder_set_alpn_protocols(b, &slice, 1);
}

static void set_client_verifier(struct rustls_server_config_builder *b, const struct options *o,
                                const struct ingredients *in)
{
    struct rustls_client_cert_verifier *v;

    if (!o->require_any_client_certificate && !o->verify_peer)
        return;
    v = inside_client_verifier(in->provider, o->require_any_client_certificate,
                               !o->verify_fail                 ? RUSTLS_RESULT_OK
                               : o->use_custom_verify_callback ? RUSTLS_RESULT_CERT_OTHER_ERROR
                                                               : RUSTLS_RESULT_GENERAL);
    rustls_server_config_builder_set_client_verifier(b, v);
    rustls_client_cert_verifier_free(v);
}

/* The runner gives each ECHConfig alone; a list of one has its length before it. */
static rustls_result add_ech_key(struct galvan_ech_keys *keys, const struct options *o, size_t i)
{
    const struct bytes *config = &o->ech_server_config.at[i], *key = &o->ech_server_key.at[i];
    uint8_t list[4096];

    if (config->len > sizeof list - 2)
        return RUSTLS_RESULT_INSUFFICIENT_SIZE;
    list[0] = (uint8_t)(config->len >> 8);
    list[1] = (uint8_t)config->len;
    memcpy(list + 2, config->at, config->len);
    return galvan_ech_keys_add(keys, key->at, key->len, list, config->len + 2,
                               o->ech_is_retry_config.at[i] != 0);
}

static rustls_result set_ech_keys(struct rustls_server_config_builder *b, const struct options *o)
{
    const size_t count = o->ech_server_config.len;
    struct galvan_ech_keys *keys = NULL;

    if (count == 0)
        return RUSTLS_RESULT_OK;
    if (o->ech_server_key.len != count || o->ech_is_retry_config.len != count)
        return RUSTLS_RESULT_INVALID_PARAMETER;
    rustls_result r = galvan_ech_keys_new(&keys);
    for (size_t i = 0; i < count && r == RUSTLS_RESULT_OK; i++)
        r = add_ech_key(keys, o, i);
    if (r == RUSTLS_RESULT_OK)
        r = galvan_server_config_builder_set_ech_keys(b, keys);
    galvan_ech_keys_free(keys);
    return r;
}

static rustls_result fill_server(struct rustls_server_config_builder *b, const struct options *o,
                                 const struct ingredients *in)
{
    rustls_result r =
        o->async || o->fail_cert_callback
            ? galvan_server_config_builder_set_hello_callback(b, later_choose_by_hello)
            : rustls_server_config_builder_set_certified_keys(b, &in->key, 1);

    set_client_verifier(b, o, in);
    if (r == RUSTLS_RESULT_OK)
        r = set_sessions(b, o);
    if (r == RUSTLS_RESULT_OK)
        r = set_ech_keys(b, o);
    if (r == RUSTLS_RESULT_OK)
        r = set_server_alpn(b, o);
    if (r == RUSTLS_RESULT_OK && o->export_traffic_secrets)
        r = rustls_server_config_builder_set_key_log(b, secrets_log, NULL);
    if (r == RUSTLS_RESULT_OK)
        r = rustls_server_config_builder_set_ignore_client_order(b, o->server_preference);
    if (r == RUSTLS_RESULT_OK && o->max_cert_list != 0)
        r = galvan_server_config_builder_set_limit(b, GALVAN_LIMIT_CERTIFICATE_CHAIN,
                                                   (uint64_t)o->max_cert_list);
    return r;
}

static bool make_server(struct setup *out, const struct options *o, const struct ingredients *in)
{
    struct rustls_server_config_builder *b = NULL;
    rustls_result r =
        rustls_server_config_builder_new_custom(in->provider, in->versions, in->versions_len, &b);

    if (r == RUSTLS_RESULT_OK)
        r = fill_server(b, o, in);
    if (r != RUSTLS_RESULT_OK)
        rustls_server_config_builder_free(b);
    else
        r = rustls_server_config_builder_build(b, &out->server);
    return r == RUSTLS_RESULT_OK || complain_of_result("server config", r);
}

/* ---- both ------------------------------------------------------------------------------------------------- */

enum outcome setup_make(struct setup *out, const struct options *o, const struct setup *before)
{
    struct ingredients in = {.versions_len = 0};
    enum outcome outcome = gather(o, &in);

    if (outcome == OUTCOME_GOOD &&
        !(o->server ? make_server(out, o, &in) : make_client(out, o, &in)))
        outcome = OUTCOME_BAD;
    if (outcome == OUTCOME_GOOD)
        inside_compress(out->client, out->server, o);
    later_own(in.key);
    in.key = NULL;
    drop_ingredients(&in);
    if (outcome == OUTCOME_GOOD && before->client != NULL && out->client != NULL)
        inside_hand_sessions_over(before->client, out->client);
    return outcome;
}

void setup_drop(struct setup *s)
{
    rustls_client_config_free(s->client);
    rustls_server_config_free(s->server);
    *s = (struct setup){NULL, NULL};
}

void setup_forget_sessions(void)
{
    for (struct stored *s = stored; s < stored + STORED_MAX; s++)
        forget(s);
    later_own(NULL);
}
