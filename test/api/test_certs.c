/* What both sides are told about certificates, good and bad, and the client's as well. */
#include "lib/pair.h"

#include <stdlib.h>

static const uint16_t versions[] = {0x0304, 0x0303};

/* Runs a handshake, holds what both sides are told, and that it stays. */
static void assert_told(struct pair *p, unsigned int client, unsigned int server)
{
    uint8_t byte;
    size_t n = 99;
    pair_run(p);
    assert_result(p->client_result, client);
    assert_result(p->server_result, server);
    assert_result(rustls_connection_process_new_packets(p->client), client);
    assert_result(rustls_connection_process_new_packets(p->server), server);
    assert_result(rustls_connection_read(p->client, &byte, 1, &n), 7011);
    assert_int_equal(n, 99);
    assert_state(p->client, 1, 0, client != 7000 && rustls_connection_is_handshaking(p->client));
    pair_free(p);
}

static const struct {
    const char *certificate, *name;
    unsigned int client, server;
} facts[] = {
    {"p256", "localhost", 7000, 7000},
    {"p256", "127.0.0.1", 7000, 7000},
    {"p256", "localhost.", 7000, 7000},
    {"p256", "LOCALHOST", 7000, 7000},
    {"p256", "example.org", 7128, 7208},
    {"p256", "10.0.0.1", 7128, 7208},
    {"p256", "::1", 7128, 7208},
    {"p256", "a_b", 7128, 7208},
    {"wildcard", "a.example.com", 7000, 7000},
    {"wildcard", "a.b.example.com", 7128, 7208},
    {"wildcard", "example.com", 7128, 7208},
    {"no-san", "nosan", 7128, 7208},
    {"expired", "localhost", 7122, 7211},
    {"not-yet", "localhost", 7123, 7211},
    {"unknown", "localhost", 7126, 7214},
    {"self-signed", "localhost", 7126, 7214},
    {"self-signed-leaf", "localhost", 7126, 7214},
    {"self-signed-ca", "localhost", 7131, 7212},
    {"ca-as-leaf", "localhost", 7131, 7212},
    {"critical", "localhost", 7131, 7212},
    {"wrong-eku", "localhost", 7129, 7209},
    {"no-eku", "localhost", 7000, 7000},
    {"sha1", "localhost", 7157, 7217},
    {"revoked", "localhost", 7000, 7000}, /* no list says so */
    {"chain", "localhost", 7000, 7000},
    {"p384", "localhost", 7000, 7000},
    {"p521", "localhost", 7000, 7000},
    {"ed25519", "localhost", 7000, 7000},
    {"rsa2048", "localhost", 7000, 7000},
};

static void is_each_server_judged_as_programs_know(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        for (size_t v = 0; v < 2; v++) {
            print_message("%s as %s, %04x\n", facts[i].certificate, facts[i].name, versions[v]);
            assert_told(pair_new(test_client_builder_of("ca", versions[v]), facts[i].name,
                                 test_server_builder_of(facts[i].certificate, versions[v])),
                        facts[i].client, facts[i].server);
        }
    }
}

static void is_a_certificate_error_known_as_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++)
        assert_int_equal(rustls_result_is_cert_error(facts[i].client),
                         facts[i].client != 7000 && facts[i].client != 7157);
}

static void is_a_chain_without_its_intermediate_of_an_unknown_issuer(void **state)
{
    (void)state;
    struct file c = test_file("certs/chain-leaf-only.pem"), k = test_file("certs/chain.key");
    const struct rustls_certified_key *key = NULL;
    struct rustls_server_config_builder *server = test_server_builder("p256");
    assert_ok(rustls_certified_key_build(c.data, c.len, k.data, k.len, &key));
    assert_ok(rustls_server_config_builder_set_certified_keys(server, &key, 1));
    rustls_certified_key_free(key);
    free(c.data);
    free(k.data);
    assert_told(pair_new(test_client_builder("ca"), "localhost", server), 7126, 7214);
}

static void may_a_root_be_its_own_leaf(void **state)
{
    (void)state;
    assert_told(pair_new(test_client_builder("self-signed-leaf"), "localhost",
                         test_server_builder("self-signed-leaf")),
                7000, 7000);
    assert_told(pair_new(test_client_builder("self-signed-ca"), "localhost",
                         test_server_builder("self-signed-ca")),
                7131, 7212);
}

/* ---- revocation --------------------------------------------------------------------------- */

enum { UNKNOWN_PASSES = 1, LEAF_ALONE = 2, EXPIRY_COUNTS = 4 };

static struct rustls_client_config_builder *holding(const char *crl, unsigned options)
{
    const struct rustls_root_cert_store *roots = test_roots("ca");
    struct rustls_web_pki_server_cert_verifier_builder *b =
        rustls_web_pki_server_cert_verifier_builder_new(roots);
    struct rustls_server_cert_verifier *verifier = NULL;
    struct rustls_client_config_builder *client = rustls_client_config_builder_new();
    struct file f = test_file(crl);
    assert_ok(rustls_web_pki_server_cert_verifier_builder_add_crl(b, f.data, f.len));
    if ((options & UNKNOWN_PASSES) != 0)
        assert_ok(rustls_web_pki_server_cert_verifier_allow_unknown_revocation_status(b));
    if ((options & LEAF_ALONE) != 0)
        assert_ok(rustls_web_pki_server_cert_verifier_only_check_end_entity_revocation(b));
    if ((options & EXPIRY_COUNTS) != 0)
        assert_ok(rustls_web_pki_server_cert_verifier_enforce_revocation_expiry(b));
    assert_ok(rustls_web_pki_server_cert_verifier_builder_build(b, &verifier));
    rustls_client_config_builder_set_server_verifier(client, verifier);
    rustls_server_cert_verifier_free(verifier);
    rustls_web_pki_server_cert_verifier_builder_free(b);
    rustls_root_cert_store_free(roots);
    free(f.data);
    return client;
}

static void is_revocation_looked_at_as_programs_know(void **state)
{
    (void)state;
    static const struct {
        const char *certificate, *crl;
        unsigned options, client, server;
    } lists[] = {
        {"revoked", "certs/crl.pem", 0, 7124, 7210},
        {"p256", "certs/crl.pem", 0, 7000, 7000},
        {"p256", "certs/crl-other-ca.pem", 0, 7154, 7214},
        {"p256", "certs/crl-other-ca.pem", UNKNOWN_PASSES, 7000, 7000},
        {"revoked", "certs/crl-expired.pem", 0, 7124, 7210},
        {"p256", "certs/crl-expired.pem", 0, 7000, 7000},
        {"p256", "certs/crl-expired.pem", EXPIRY_COUNTS, 7156, 7214},
        {"chain", "certs/crl.pem", 0, 7154, 7214}, /* of the root's: nothing about the leaf */
        {"chain", "certs/crl.pem", LEAF_ALONE, 7154, 7214},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        print_message("%s with %s\n", lists[i].certificate, lists[i].crl);
        assert_told(pair_new(holding(lists[i].crl, lists[i].options), "localhost",
                             test_server_builder(lists[i].certificate)),
                    lists[i].client, lists[i].server);
    }
}

/* ---- clients' certificates ---------------------------------------------------------------- */

static struct rustls_server_config_builder *asking(uint16_t version, bool optional, const char *crl)
{
    const struct rustls_root_cert_store *roots = test_roots("ca");
    struct rustls_web_pki_client_cert_verifier_builder *b =
        rustls_web_pki_client_cert_verifier_builder_new(roots);
    struct rustls_client_cert_verifier *verifier = NULL;
    struct rustls_server_config_builder *server = test_server_builder_of("p256", version);
    if (optional)
        assert_ok(rustls_web_pki_client_cert_verifier_builder_allow_unauthenticated(b));
    if (crl != NULL) {
        struct file f = test_file(crl);
        assert_ok(rustls_web_pki_client_cert_verifier_builder_add_crl(b, f.data, f.len));
        free(f.data);
    }
    assert_ok(rustls_web_pki_client_cert_verifier_builder_build(b, &verifier));
    rustls_server_config_builder_set_client_verifier(server, verifier);
    rustls_client_cert_verifier_free(verifier);
    rustls_web_pki_client_cert_verifier_builder_free(b);
    rustls_root_cert_store_free(roots);
    return server;
}

/* A client that shows NAME, or nothing where that is NULL. */
static struct rustls_client_config_builder *showing(const char *name, uint16_t version)
{
    struct rustls_client_config_builder *client = test_client_builder_of("ca", version);
    if (name != NULL) {
        const struct rustls_certified_key *key = test_certified_key(name);
        assert_ok(rustls_client_config_builder_set_certified_key(client, &key, 1));
        rustls_certified_key_free(key);
    }
    return client;
}

static void is_each_client_judged_as_programs_know(void **state)
{
    (void)state;
    static const struct {
        const char *certificate;
        bool optional;
        unsigned int client, server;
    } clients[] = {
        {"client", false, 7000, 7000},
        {"client-ed25519", false, 7000, 7000},
        {"client-rsa2048", false, 7000, 7000},
        {NULL, false, 7232, 7101},
        {NULL, true, 7000, 7000},
        {"client", true, 7000, 7000},
        {"client-wrong-eku", false, 7209, 7129},
        {"client-wrong-eku", true, 7209, 7129},
        {"client-expired", false, 7211, 7122},
        {"client-unknown", false, 7214, 7126},
        {"client-unknown", true, 7214, 7126},
        {"unknown", false, 7209, 7129}, /* its purpose is looked at before its issuer */
    };
    for (size_t i = 0; i < sizeof clients / sizeof *clients; i++) {
        for (size_t v = 0; v < 2; v++) {
            print_message("%s, %04x\n", clients[i].certificate, versions[v]);
            assert_told(pair_new(showing(clients[i].certificate, versions[v]), "localhost",
                                 asking(versions[v], clients[i].optional, NULL)),
                        clients[i].client, clients[i].server);
        }
    }
}

/* The server saw that certificate of the client's. */
static void assert_shown(const struct pair *p, const char *name)
{
    const struct rustls_certified_key *shown = test_certified_key(name);
    const uint8_t *got = NULL, *want = NULL;
    size_t got_len = 0, want_len = 0;
    assert_ok(rustls_certificate_get_der(rustls_connection_get_peer_certificate(p->server, 0), &got,
                                         &got_len));
    assert_ok(rustls_certificate_get_der(rustls_certified_key_get_certificate(shown, 0), &want,
                                         &want_len));
    assert_int_equal(got_len, want_len);
    assert_memory_equal(got, want, got_len);
    rustls_certified_key_free(shown);
}

/* The first of these that fits is shown; names ends with NULL. */
static struct rustls_client_config_builder *showing_one_of(const char *const *names,
                                                           uint16_t version)
{
    struct rustls_client_config_builder *client = test_client_builder_of("ca", version);
    const struct rustls_certified_key *keys[4];
    size_t count = 0;
    for (; names[count] != NULL; count++)
        keys[count] = test_certified_key(names[count]);
    assert_ok(rustls_client_config_builder_set_certified_key(client, keys, count));
    for (size_t i = 0; i < count; i++)
        rustls_certified_key_free(keys[i]);
    return client;
}

/* A server that believes in ca and names this authority, or none. */
static struct rustls_server_config_builder *naming(const char *authority, uint16_t version)
{
    struct rustls_server_config_builder *server = test_server_builder_of("p256", version);
    const struct rustls_root_cert_store *roots = test_roots("ca");
    struct rustls_web_pki_client_cert_verifier_builder *b =
        rustls_web_pki_client_cert_verifier_builder_new(roots);
    struct rustls_client_cert_verifier *verifier = NULL;
    rustls_root_cert_store_free(roots);
    assert_ok(rustls_web_pki_client_cert_verifier_clear_root_hint_subjects(b));
    if (authority != NULL) {
        roots = test_roots(authority);
        assert_ok(rustls_web_pki_client_cert_verifier_add_root_hint_subjects(b, roots));
        rustls_root_cert_store_free(roots);
    }
    assert_ok(rustls_web_pki_client_cert_verifier_builder_build(b, &verifier));
    rustls_server_config_builder_set_client_verifier(server, verifier);
    rustls_client_cert_verifier_free(verifier);
    rustls_web_pki_client_cert_verifier_builder_free(b);
    return server;
}

/* "client-unknown" is of other-ca, the others are of ca. */
static void is_a_clients_certificate_chosen_by_the_authorities_that_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *shows[4], *named, *chosen;
    } cases[] = {
        {{"client-unknown", "client-rsa2048", "client"}, "ca", "client-rsa2048"},
        {{"client-unknown", "client"}, "ca", "client"},
        {{"client", "client-unknown"}, "other-ca", "client-unknown"},
        {{"client-unknown", "client"}, NULL, "client-unknown"},
        {{"client", "client-unknown"}, "self-signed-ca", "client"},
        {{"client-unknown"}, "ca", "client-unknown"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t v = 0; v < 2; v++) {
            bool good = strcmp(cases[i].chosen, "client-unknown") != 0;
            struct pair *p = pair_new(showing_one_of(cases[i].shows, versions[v]), "localhost",
                                      naming(cases[i].named, versions[v]));
            pair_run(p);
            assert_result(p->server_result, good ? 7000 : 7126);
            if (good)
                assert_shown(p, cases[i].chosen);
            pair_free(p);
        }
    }
}

static void is_a_revoked_client_refused(void **state)
{
    (void)state;
    assert_told(pair_new(showing("client-revoked", 0x0304), "localhost",
                         asking(0x0304, false, "certs/crl.pem")),
                7210, 7124);
    assert_told(
        pair_new(showing("client", 0x0304), "localhost", asking(0x0304, false, "certs/crl.pem")),
        7000, 7000);
}

static void does_the_server_know_the_clients_certificate(void **state)
{
    (void)state;
    struct pair *p = pair_new(showing("client", 0x0304), "localhost", asking(0x0304, false, NULL));
    pair_run(p);
    assert_shown(p, "client");
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_each_server_judged_as_programs_know),
        cmocka_unit_test(is_a_certificate_error_known_as_one),
        cmocka_unit_test(is_a_chain_without_its_intermediate_of_an_unknown_issuer),
        cmocka_unit_test(may_a_root_be_its_own_leaf),
        cmocka_unit_test(is_revocation_looked_at_as_programs_know),
        cmocka_unit_test(is_each_client_judged_as_programs_know),
        cmocka_unit_test(is_a_clients_certificate_chosen_by_the_authorities_that_are_named),
        cmocka_unit_test(is_a_revoked_client_refused),
        cmocka_unit_test(does_the_server_know_the_clients_certificate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
