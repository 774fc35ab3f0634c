/* Certificates in handshakes: for each chain that a server or a client shows, does either side answer
 * what rustls-ffi answers? */
#include "galvan.h"
#include "lib/pair.h"

#include <stdlib.h>

enum { ENFORCE = 1, ALLOW_UNKNOWN = 2, LEAF_ONLY = 4 };
enum { CERT = 1 }; /* the client's result is one of those about certificates */

struct fact {
    const char *name;  /* asked for */
    const char *chain; /* shown */
    const char *root;  /* trusted */
    const char *crl;   /* NULL: none */
    unsigned options;
    unsigned client, server; /* results */
    unsigned is_cert_error;
};

/* clang-format off */
static const struct fact facts[] = {
    {"localhost",         "p256",             "ca",               NULL,           0,             7000, 7000, 0},
    {"127.0.0.1",         "p256",             "ca",               NULL,           0,             7000, 7000, 0},
    {"example.org",       "p256",             "ca",               NULL,           0,             7128, 7208, CERT},
    {"10.0.0.1",          "p256",             "ca",               NULL,           0,             7128, 7208, CERT},
    {"::1",               "p256",             "ca",               NULL,           0,             7128, 7208, CERT},
    {"localhost",         "expired",          "ca",               NULL,           0,             7122, 7211, CERT},
    {"localhost",         "not-yet",          "ca",               NULL,           0,             7123, 7211, CERT},
    {"localhost",         "unknown",          "ca",               NULL,           0,             7126, 7214, CERT},
    {"localhost",         "self-signed",      "ca",               NULL,           0,             7126, 7214, CERT},
    {"localhost",         "self-signed-ca",   "ca",               NULL,           0,             7131, 7212, CERT},
    {"localhost",         "wrong-eku",        "ca",               NULL,           0,             7129, 7209, CERT},
    {"nosan",             "no-san",           "ca",               NULL,           0,             7128, 7208, CERT},
    {"localhost",         "no-eku",           "ca",               NULL,           0,             7000, 7000, 0},
    {"a.example.com",     "wildcard",         "ca",               NULL,           0,             7000, 7000, 0},
    {"a.b.example.com",   "wildcard",         "ca",               NULL,           0,             7128, 7208, CERT},
    {"example.com",       "wildcard",         "ca",               NULL,           0,             7128, 7208, CERT},
    {"localhost",         "critical",         "ca",               NULL,           0,             7131, 7212, CERT},
    {"localhost",         "ca-as-leaf",       "ca",               NULL,           0,             7131, 7212, CERT},
    {"localhost",         "p384",             "ca",               NULL,           0,             7000, 7000, 0},
    {"localhost",         "p521",             "ca",               NULL,           0,             7000, 7000, 0},
    {"localhost",         "ed25519",          "ca",               NULL,           0,             7000, 7000, 0},
    {"localhost",         "rsa2048",          "ca",               NULL,           0,             7000, 7000, 0},
    {"localhost",         "rsa-signed",       "rsa-ca",           NULL,           0,             7000, 7000, 0},
    {"localhost",         "sha1",             "ca",               NULL,           0,             7157, 7217, 0},
    {"localhost.",        "p256",             "ca",               NULL,           0,             7000, 7000, 0},
    {"LOCALHOST",         "p256",             "ca",               NULL,           0,             7000, 7000, 0},
    {"a_b",               "p256",             "ca",               NULL,           0,             7128, 7208, CERT},
    {"localhost",         "revoked",          "ca",               NULL,           0,             7000, 7000, 0},
    {"localhost",         "chain",            "ca",               NULL,           0,             7000, 7000, 0},
    {"localhost",         "chain-leaf-only",  "ca",               NULL,           0,             7126, 7214, CERT},
    {"localhost",         "self-signed-ca",   "self-signed-ca",   NULL,           0,             7131, 7212, CERT},
    {"localhost",         "self-signed-leaf", "self-signed-leaf", NULL,           0,             7000, 7000, 0},
    {"localhost",         "too-deep",         "ca",               NULL,           0,             7131, 7212, CERT},
    {"localhost",         "revoked",          "ca",               "crl",          0,             7124, 7210, CERT},
    {"localhost",         "p256",             "ca",               "crl",          0,             7000, 7000, 0},
    {"localhost",         "p256",             "ca",               "crl-other-ca", 0,             7154, 7214, CERT},
    {"localhost",         "p256",             "ca",               "crl-other-ca", ALLOW_UNKNOWN, 7000, 7000, 0},
    {"localhost",         "revoked",          "ca",               "crl-expired",  0,             7124, 7210, CERT},
    {"localhost",         "p256",             "ca",               "crl-expired",  0,             7000, 7000, 0},
    {"localhost",         "p256",             "ca",               "crl-expired",  ENFORCE,       7156, 7214, 0},
    {"localhost",         "chain",            "ca",               "crl",          0,             7154, 7214, CERT},
    {"localhost",         "chain",            "ca",               "crl",          LEAF_ONLY,     7154, 7214, CERT},
};
/* clang-format on */

static struct rustls_server_cert_verifier *server_verifier(const struct fact *f)
{
    const struct rustls_root_cert_store *roots = test_roots(f->root);
    struct rustls_web_pki_server_cert_verifier_builder *b =
        rustls_web_pki_server_cert_verifier_builder_new(roots);
    struct rustls_server_cert_verifier *v = NULL;
    char path[128];
    if (f->crl != NULL) {
        (void)snprintf(path, sizeof path, "certs/%s.pem", f->crl);
        struct file crl = test_file(path);
        assert_ok(rustls_web_pki_server_cert_verifier_builder_add_crl(b, crl.data, crl.len));
        free(crl.data);
    }
    if ((f->options & ENFORCE) != 0)
        assert_ok(rustls_web_pki_server_cert_verifier_enforce_revocation_expiry(b));
    if ((f->options & ALLOW_UNKNOWN) != 0)
        assert_ok(rustls_web_pki_server_cert_verifier_allow_unknown_revocation_status(b));
    if ((f->options & LEAF_ONLY) != 0)
        assert_ok(rustls_web_pki_server_cert_verifier_only_check_end_entity_revocation(b));
    assert_ok(rustls_web_pki_server_cert_verifier_builder_build(b, &v));
    rustls_web_pki_server_cert_verifier_builder_free(b);
    rustls_root_cert_store_free(roots);
    return v;
}

/* One chain has no key of its own name. */
static struct rustls_server_config_builder *server_showing(const char *chain, uint16_t version)
{
    if (strcmp(chain, "chain-leaf-only") != 0)
        return test_server_builder_of(chain, version);
    struct rustls_server_config_builder *server = test_server_builder_of("chain", version);
    struct file pem = test_file("certs/chain-leaf-only.pem"), key = test_file("certs/chain.key");
    const struct rustls_certified_key *k = NULL;
    assert_ok(rustls_certified_key_build(pem.data, pem.len, key.data, key.len, &k));
    assert_ok(rustls_server_config_builder_set_certified_keys(server, &k, 1));
    rustls_certified_key_free(k);
    free(pem.data);
    free(key.data);
    return server;
}

static struct pair *shown(const struct fact *f, uint16_t version)
{
    struct rustls_client_config_builder *client = test_client_builder_of(f->root, version);
    struct rustls_server_cert_verifier *v = server_verifier(f);
    rustls_client_config_builder_set_server_verifier(client, v);
    rustls_server_cert_verifier_free(v);
    struct pair *p = pair_new(client, f->name, server_showing(f->chain, version));
    pair_run(p);
    return p;
}

static void assert_fact(const struct fact *f, uint16_t version)
{
    struct pair *p = shown(f, version);
    struct galvan_error_detail d;
    if (p->client_result != f->client || p->server_result != f->server)
        fail_msg("%s asked for, %s shown, %s trusted, list %s: client %u, server %u", f->name,
                 f->chain, f->root, f->crl == NULL ? "none" : f->crl, (unsigned)p->client_result,
                 (unsigned)p->server_result);
    assert_int_equal(f->is_cert_error, rustls_result_is_cert_error(p->client_result));
    assert_false(rustls_result_is_cert_error(p->server_result));
    assert_result(rustls_connection_process_new_packets(p->client), f->client); /* for ever */
    assert_result(rustls_connection_process_new_packets(p->server), f->server);
    if (f->client != RUSTLS_RESULT_OK) {
        assert_ok(galvan_connection_error_detail(p->client, &d, sizeof d));
        assert_true(d.certificate >= 0);
        assert_true(d.check[0] != '\0' && d.subject[0] != '\0' && d.issuer[0] != '\0');
    }
    pair_free(p);
}

static void does_each_server_get_its_verdict_in_tls13(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        assert_fact(&facts[i], 0x0304);
}

static void does_each_server_get_its_verdict_in_tls12(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        assert_fact(&facts[i], 0x0303);
}

static void are_names_that_are_none_refused_at_once(void **state)
{
    (void)state;
    static const char *const bad[] = {"bad name", ""};
    const struct rustls_client_config *config = test_client_config(test_client_builder("ca"));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct rustls_connection *conn = NULL;
        assert_result(rustls_client_connection_new(config, bad[i], &conn), 7003);
        assert_null(conn);
    }
    rustls_client_config_free(config);
}

static void is_a_small_rsa_key_not_taken(void **state)
{
    (void)state;
    struct file chain = test_file("certs/rsa1024.pem"), key = test_file("certs/rsa1024.key");
    const struct rustls_certified_key *k = NULL;
    assert_result(rustls_certified_key_build(chain.data, chain.len, key.data, key.len, &k), 7112);
    assert_null(k);
    free(chain.data);
    free(key.data);
}

/* ---- clients ---------------------------------------------------------------------------------- */

struct client_fact {
    const char *chain; /* NULL: none is shown */
    const char *crl;
    bool optional;
    unsigned client, server;
};

static const struct client_fact client_facts[] = {
    {NULL, NULL, false, 7232, 7101},
    {NULL, NULL, true, 7000, 7000},
    {"client", NULL, false, 7000, 7000},
    {"client", NULL, true, 7000, 7000},
    {"client-ed25519", NULL, false, 7000, 7000},
    {"client-rsa2048", NULL, false, 7000, 7000},
    {"client-wrong-eku", NULL, false, 7209, 7129},
    {"client-wrong-eku", NULL, true, 7209, 7129}, /* CVE-2024-45159 */
    {"client-expired", NULL, false, 7211, 7122},
    {"client-unknown", NULL, false, 7214, 7126},
    {"client-revoked", "crl", false, 7210, 7124},
};

static void ask_clients(struct rustls_server_config_builder *server, const struct client_fact *f)
{
    const struct rustls_root_cert_store *roots = test_roots("ca");
    struct rustls_web_pki_client_cert_verifier_builder *b =
        rustls_web_pki_client_cert_verifier_builder_new(roots);
    struct rustls_client_cert_verifier *v = NULL;
    if (f->crl != NULL) {
        struct file crl = test_file("certs/crl.pem");
        assert_ok(rustls_web_pki_client_cert_verifier_builder_add_crl(b, crl.data, crl.len));
        free(crl.data);
    }
    if (f->optional)
        assert_ok(rustls_web_pki_client_cert_verifier_builder_allow_unauthenticated(b));
    assert_ok(rustls_web_pki_client_cert_verifier_builder_build(b, &v));
    rustls_server_config_builder_set_client_verifier(server, v);
    rustls_client_cert_verifier_free(v);
    rustls_web_pki_client_cert_verifier_builder_free(b);
    rustls_root_cert_store_free(roots);
}

static void assert_client_fact(const struct client_fact *f, uint16_t version)
{
    struct rustls_client_config_builder *client = test_client_builder_of("ca", version);
    struct rustls_server_config_builder *server = test_server_builder_of("p256", version);
    ask_clients(server, f);
    if (f->chain != NULL) {
        const struct rustls_certified_key *key = test_certified_key(f->chain);
        assert_ok(rustls_client_config_builder_set_certified_key(client, &key, 1));
        rustls_certified_key_free(key);
    }
    struct pair *p = pair_new(client, "localhost", server);
    pair_run(p);
    if (p->client_result != f->client || p->server_result != f->server)
        fail_msg("%s shown: client %u, server %u", f->chain == NULL ? "nothing" : f->chain,
                 (unsigned)p->client_result, (unsigned)p->server_result);
    assert_false(rustls_result_is_cert_error(p->client_result));
    assert_int_equal(f->server != 7000 && f->server != 7101,
                     rustls_result_is_cert_error(p->server_result));
    pair_free(p);
}

static void does_each_client_get_its_verdict(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof client_facts / sizeof *client_facts; i++) {
        assert_client_fact(&client_facts[i], 0x0304);
        assert_client_fact(&client_facts[i], 0x0303);
    }
}

/* ---- what galvan.h adds ------------------------------------------------------------------- */

/* Takes the digest of the kind that it looks for from galvan_inspect. */
static void take_pin(void *userdata, const char *field, const char *value)
{
    struct galvan_pin *pin = userdata;
    if (strcmp(field, pin->kind == GALVAN_PIN_PUBLIC_KEY ? "key_sha256" : "sha256") != 0)
        return;
    for (size_t i = 0; i < sizeof pin->sha256; i++) {
        char digits[3] = {value[2 * i], value[2 * i + 1], '\0'};
        pin->sha256[i] = (uint8_t)strtoul(digits, NULL, 16);
    }
}

static struct galvan_pin pin_of(const char *name, enum galvan_pin_kind kind)
{
    struct galvan_pin pin = {.kind = kind};
    char path[128];
    (void)snprintf(path, sizeof path, "certs/%s.pem", name);
    struct file pem = test_file(path);
    assert_ok(galvan_inspect(pem.data, pem.len, take_pin, &pin));
    free(pem.data);
    return pin;
}

static unsigned pinned(const struct galvan_pin *pin, const struct rustls_server_cert_verifier *also,
                       const char *name, const char *chain)
{
    struct rustls_client_config_builder *client = test_client_builder("ca");
    struct rustls_server_cert_verifier *v = NULL;
    assert_ok(galvan_pinned_server_cert_verifier_new(pin, 1, also, &v));
    rustls_client_config_builder_set_server_verifier(client, v);
    rustls_server_cert_verifier_free(v);
    struct pair *p = pair_new(client, name, test_server_builder(chain));
    pair_run(p);
    unsigned result = p->client_result;
    assert_result(p->server_result, result == 7130 ? 7215 : result == 7128 ? 7208 : 7000);
    pair_free(p);
    return result;
}

static void does_a_pin_stand_for_all_else(void **state)
{
    (void)state;
    static const enum galvan_pin_kind kinds[] = {GALVAN_PIN_CERTIFICATE, GALVAN_PIN_PUBLIC_KEY};
    for (size_t i = 0; i < 2; i++) {
        struct galvan_pin pin = pin_of("self-signed", kinds[i]);
        assert_result(pinned(&pin, NULL, "other.example", "self-signed"), 7000);
        assert_result(pinned(&pin, NULL, "localhost", "p256"), 7130);
        pin.sha256[31] ^= 1;
        assert_result(pinned(&pin, NULL, "other.example", "self-signed"), 7130);
    }
}

static void may_a_pin_stand_beside_a_verifier(void **state)
{
    (void)state;
    const struct fact f = {"localhost", "p256", "ca", NULL, 0, 7000, 7000, 0};
    struct rustls_server_cert_verifier *also = server_verifier(&f);
    struct galvan_pin pin = pin_of("p256", GALVAN_PIN_PUBLIC_KEY);
    assert_result(pinned(&pin, also, "localhost", "p256"), 7000);
    assert_result(pinned(&pin, also, "other.example", "p256"), 7128);
    assert_result(pinned(&pin, also, "localhost", "p384"), 7130);
    rustls_server_cert_verifier_free(also);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_each_server_get_its_verdict_in_tls13),
        cmocka_unit_test(does_each_server_get_its_verdict_in_tls12),
        cmocka_unit_test(are_names_that_are_none_refused_at_once),
        cmocka_unit_test(is_a_small_rsa_key_not_taken),
        cmocka_unit_test(does_each_client_get_its_verdict),
        cmocka_unit_test(does_a_pin_stand_for_all_else),
        cmocka_unit_test(may_a_pin_stand_beside_a_verifier),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
