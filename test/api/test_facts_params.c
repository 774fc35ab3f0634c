/* facts-params: what rustls-ffi answered to arguments that are missing, empty, or no PEM, in the order
 * in which it was asked. Missing connections and names are in test_null.c, ECH is in test_ech.c. */
#include "lib/pair.h"

#include <stdlib.h>

static const uint8_t garbage[] = "garbage, and no PEM";
static const uint8_t bad_der[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
static const uint8_t bad_base64[] =
    "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n";
#define TEXT(array) (array), sizeof(array) - 1

static void what_do_config_builders_answer(void **state)
{
    (void)state;
    const struct rustls_slice_bytes empty = {garbage, 0};
    struct rustls_client_config_builder *client = rustls_client_config_builder_new();
    struct rustls_server_config_builder *server = rustls_server_config_builder_new();
    const struct rustls_server_config *config = NULL;
    assert_ok(rustls_client_config_builder_set_alpn_protocols(client, &empty, 1));
    assert_result(rustls_client_config_builder_set_alpn_protocols(client, NULL, 0), 7002);
    assert_result(rustls_client_config_builder_set_certified_key(client, NULL, 0), 7002);
    assert_ok(rustls_client_config_builder_set_key_log_file(client));
    assert_result(rustls_client_config_builder_set_key_log(client, NULL, NULL), 7002);
    rustls_client_config_builder_free(client);

    assert_result(rustls_server_config_builder_set_certified_keys(server, NULL, 0), 7002);
    assert_ok(rustls_server_config_builder_set_ignore_client_order(server, true));
    assert_ok(rustls_server_config_builder_set_send_tls13_tickets(server, 3));
    rustls_server_config_builder_set_client_verifier(server, NULL);
    assert_result(rustls_server_config_builder_build(server, &config), 7018);
    assert_null(config);

    const struct rustls_certified_key *keys[] = {test_certified_key("p256"),
                                                 test_certified_key("rsa2048")};
    server = rustls_server_config_builder_new();
    assert_ok(rustls_server_config_builder_set_certified_keys(server, keys, 2));
    rustls_server_config_builder_free(server);
    rustls_certified_key_free(keys[0]);
    rustls_certified_key_free(keys[1]);
}

static unsigned int add_pem(const uint8_t *pem, size_t len, bool strict)
{
    struct rustls_root_cert_store_builder *b = rustls_root_cert_store_builder_new();
    unsigned int result = rustls_root_cert_store_builder_add_pem(b, pem, len, strict);
    rustls_root_cert_store_builder_free(b);
    return result;
}

static void which_roots_can_be_added(void **state)
{
    (void)state;
    static const struct {
        const uint8_t *pem;
        size_t len;
        unsigned int strict, lenient;
    } facts[] = {
        {TEXT(garbage), 7005, 7000},
        {garbage, 0, 7005, 7000},
        {TEXT(bad_der), 7005, 7000},
        {TEXT(bad_base64), 7005, 7005},
    };
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        assert_result(add_pem(facts[i].pem, facts[i].len, true), facts[i].strict);
        assert_result(add_pem(facts[i].pem, facts[i].len, false), facts[i].lenient);
    }
    struct rustls_root_cert_store_builder *b = rustls_root_cert_store_builder_new();
    const struct rustls_root_cert_store *none = NULL, *again = NULL;
    assert_result(rustls_root_cert_store_builder_load_roots_from_file(b, "/no/such/file.pem", true),
                  7001);
    assert_ok(rustls_root_cert_store_builder_build(b, &none));
    assert_result(rustls_root_cert_store_builder_build(b, &again), 7013);
    assert_null(again);
    rustls_root_cert_store_builder_free(b);
    rustls_root_cert_store_free(none);
}

static const struct rustls_root_cert_store *no_roots(void)
{
    struct rustls_root_cert_store_builder *b = rustls_root_cert_store_builder_new();
    const struct rustls_root_cert_store *none = NULL;
    assert_ok(rustls_root_cert_store_builder_build(b, &none));
    rustls_root_cert_store_builder_free(b);
    return none;
}

static void is_a_verifier_made_of_no_roots(void **state)
{
    (void)state;
    const struct rustls_root_cert_store *none = no_roots();
    struct rustls_web_pki_server_cert_verifier_builder *server =
        rustls_web_pki_server_cert_verifier_builder_new(none);
    struct rustls_web_pki_client_cert_verifier_builder *client =
        rustls_web_pki_client_cert_verifier_builder_new(none);
    struct rustls_server_cert_verifier *server_verifier = NULL;
    struct rustls_client_cert_verifier *client_verifier = NULL;
    assert_result(rustls_web_pki_server_cert_verifier_builder_build(server, &server_verifier),
                  7500);
    assert_result(rustls_web_pki_server_cert_verifier_builder_build(server, &server_verifier),
                  7013);
    assert_result(rustls_web_pki_server_cert_verifier_builder_add_crl(server, TEXT(garbage)), 7013);
    assert_result(rustls_web_pki_client_cert_verifier_builder_build(client, &client_verifier),
                  7500);
    assert_null(server_verifier);
    assert_null(client_verifier);
    rustls_web_pki_server_cert_verifier_builder_free(server);
    rustls_web_pki_client_cert_verifier_builder_free(client);
    rustls_root_cert_store_free(none);
}

static void which_lists_of_revoked_can_be_added(void **state)
{
    (void)state;
    const struct rustls_root_cert_store *roots = test_roots("ca");
    struct file cert = test_file("certs/p256.pem");
    struct rustls_web_pki_server_cert_verifier_builder *b =
        rustls_web_pki_server_cert_verifier_builder_new(roots);
    assert_result(rustls_web_pki_server_cert_verifier_builder_add_crl(b, TEXT(garbage)), 7014);
    assert_result(rustls_web_pki_server_cert_verifier_builder_add_crl(b, cert.data, cert.len),
                  7014);
    /* One that is no CRL inside its PEM is told of at once, which is later there: test_verifiers.c. */
    rustls_web_pki_server_cert_verifier_builder_free(b);
    rustls_root_cert_store_free(roots);
    free(cert.data);
}

/* The result of making a certified key; *match is what comes of comparing its halves. */
static unsigned int build(const struct file *cert, const struct file *key, unsigned int *match)
{
    const struct rustls_certified_key *made = NULL;
    unsigned int result =
        rustls_certified_key_build(cert->data, cert->len, key->data, key->len, &made);
    *match = result == 7000 && match != NULL ? rustls_certified_key_keys_match(made) : 0;
    rustls_certified_key_free(made);
    return result;
}

static void which_certified_keys_can_be_made(void **state)
{
    (void)state;
    struct file cert = test_file("certs/p256.pem"), key = test_file("certs/p256.key"),
                other = test_file("certs/p384.key"), none = {.data = cert.data, .len = 0},
                text = {.data = (uint8_t *)(uintptr_t)garbage, .len = sizeof garbage - 1};
    unsigned int match;
    assert_result(build(&text, &key, &match), 7000);
    assert_result(build(&cert, &text, &match), 7006);
    assert_result(build(&none, &key, &match), 7000);
    assert_result(build(&cert, &other, &match), 7000);
    assert_result(match, 7600);
    assert_result(build(&cert, &key, &match), 7000);
    assert_result(match, 7000);

    const struct rustls_slice_bytes response = {garbage, 3};
    const struct rustls_certified_key *good = test_certified_key("p256"), *clone = NULL;
    assert_non_null(rustls_certified_key_get_certificate(good, 0));
    assert_null(rustls_certified_key_get_certificate(good, 1));
    assert_ok(rustls_certified_key_clone_with_ocsp(good, &response, &clone));
    rustls_certified_key_free(clone);
    assert_ok(rustls_certified_key_clone_with_ocsp(good, NULL, &clone));
    rustls_certified_key_free(clone);
    rustls_certified_key_free(good);

    const struct rustls_crypto_provider *provider = rustls_crypto_provider_default();
    struct rustls_signing_key *signing_key = NULL;
    assert_result(rustls_crypto_provider_load_key(provider, TEXT(garbage), &signing_key), 7006);
    assert_null(signing_key);
    assert_ok(rustls_crypto_provider_load_key(provider, key.data, key.len, &signing_key));
    rustls_signing_key_free(signing_key);
    rustls_crypto_provider_free(provider);
    free(cert.data);
    free(key.data);
    free(other.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_do_config_builders_answer),
        cmocka_unit_test(which_roots_can_be_added),
        cmocka_unit_test(is_a_verifier_made_of_no_roots),
        cmocka_unit_test(which_lists_of_revoked_can_be_added),
        cmocka_unit_test(which_certified_keys_can_be_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
