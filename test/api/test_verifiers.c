/* Root stores and verifiers: do their builders answer as those of rustls-ffi? */
#include "lib/api.h"
#include "lib/file.h"

#include <stdlib.h>

#define PEM_BAD_DER(label) "-----BEGIN " label "-----\nMAMCAQU=\n-----END " label "-----\n"
#define PEM_BAD_BASE64(label) "-----BEGIN " label "-----\nMAMC*QU=\n-----END " label "-----\n"

static unsigned add_pem(struct rustls_root_cert_store_builder *b, const char *pem, bool strict)
{
    return rustls_root_cert_store_builder_add_pem(b, (const uint8_t *)pem, strlen(pem), strict);
}

static void is_what_is_no_certificate_an_error_where_strictness_is_asked(void **state)
{
    (void)state;
    struct rustls_root_cert_store_builder *b = rustls_root_cert_store_builder_new();
    assert_non_null(b);
    assert_result(add_pem(b, "garbage", true), RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR);
    assert_ok(add_pem(b, "garbage", false));
    assert_result(add_pem(b, "", true), RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR);
    assert_ok(add_pem(b, "", false));
    assert_result(add_pem(b, PEM_BAD_DER("CERTIFICATE"), true),
                  RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR);
    assert_ok(add_pem(b, PEM_BAD_DER("CERTIFICATE"), false));
    assert_result(add_pem(b, PEM_BAD_BASE64("CERTIFICATE"), true),
                  RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR);
    assert_result(add_pem(b, PEM_BAD_BASE64("CERTIFICATE"), false),
                  RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR);
    rustls_root_cert_store_builder_free(b);
}

static void are_files_read_as_texts_are(void **state)
{
    (void)state;
    struct rustls_root_cert_store_builder *b = rustls_root_cert_store_builder_new();
    assert_result(rustls_root_cert_store_builder_load_roots_from_file(b, TEST_DIR "/none", true),
                  RUSTLS_RESULT_IO);
    assert_result(rustls_root_cert_store_builder_load_roots_from_file(b, TEST_DIR, true),
                  RUSTLS_RESULT_IO);
    assert_result(
        rustls_root_cert_store_builder_load_roots_from_file(b, TEST_DIR "/certs/p256.key", true),
        RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR);
    assert_ok(
        rustls_root_cert_store_builder_load_roots_from_file(b, TEST_DIR "/certs/ca.pem", true));
    rustls_root_cert_store_builder_free(b);
}

static void is_a_built_builder_used_up(void **state)
{
    (void)state;
    struct rustls_root_cert_store_builder *b = rustls_root_cert_store_builder_new();
    const struct rustls_root_cert_store *store = NULL, *again = NULL;
    assert_ok(rustls_root_cert_store_builder_build(b, &store));
    assert_non_null(store);
    assert_result(rustls_root_cert_store_builder_build(b, &again), RUSTLS_RESULT_ALREADY_USED);
    assert_null(again);
    assert_result(add_pem(b, "", false), RUSTLS_RESULT_ALREADY_USED);
    assert_result(rustls_root_cert_store_builder_load_roots_from_file(b, "none", false),
                  RUSTLS_RESULT_ALREADY_USED);
    rustls_root_cert_store_builder_free(b);
    rustls_root_cert_store_free(store);
}

static const struct rustls_root_cert_store *store_of(const char *name)
{
    struct rustls_root_cert_store_builder *b = rustls_root_cert_store_builder_new();
    const struct rustls_root_cert_store *store = NULL;
    char path[256];
    (void)snprintf(path, sizeof path, TEST_DIR "/certs/%s.pem", name == NULL ? "" : name);
    if (name != NULL)
        assert_ok(rustls_root_cert_store_builder_load_roots_from_file(b, path, true));
    assert_ok(rustls_root_cert_store_builder_build(b, &store));
    rustls_root_cert_store_builder_free(b);
    return store;
}

static void does_a_server_verifier_need_roots(void **state)
{
    (void)state;
    const struct rustls_root_cert_store *store = store_of(NULL);
    struct rustls_web_pki_server_cert_verifier_builder *b =
        rustls_web_pki_server_cert_verifier_builder_new(store);
    struct rustls_server_cert_verifier *v = NULL;
    assert_result(rustls_web_pki_server_cert_verifier_builder_build(b, &v),
                  RUSTLS_RESULT_CLIENT_CERT_VERIFIER_BUILDER_NO_ROOT_ANCHORS);
    assert_null(v);
    assert_result(rustls_web_pki_server_cert_verifier_builder_build(b, &v),
                  RUSTLS_RESULT_ALREADY_USED);
    assert_result(rustls_web_pki_server_cert_verifier_builder_add_crl(b, (const uint8_t *)"x", 1),
                  RUSTLS_RESULT_ALREADY_USED);
    assert_result(rustls_web_pki_server_cert_verifier_enforce_revocation_expiry(b),
                  RUSTLS_RESULT_ALREADY_USED);
    rustls_web_pki_server_cert_verifier_builder_free(b);
    rustls_root_cert_store_free(store);
}

static void does_a_client_verifier_need_roots(void **state)
{
    (void)state;
    const struct rustls_root_cert_store *store = store_of(NULL);
    struct rustls_web_pki_client_cert_verifier_builder *b =
        rustls_web_pki_client_cert_verifier_builder_new(store);
    struct rustls_client_cert_verifier *v = NULL;
    assert_result(rustls_web_pki_client_cert_verifier_builder_build(b, &v),
                  RUSTLS_RESULT_CLIENT_CERT_VERIFIER_BUILDER_NO_ROOT_ANCHORS);
    assert_null(v);
    assert_result(rustls_web_pki_client_cert_verifier_builder_allow_unauthenticated(b),
                  RUSTLS_RESULT_ALREADY_USED);
    assert_result(rustls_web_pki_client_cert_verifier_add_root_hint_subjects(b, NULL),
                  RUSTLS_RESULT_ALREADY_USED);
    rustls_web_pki_client_cert_verifier_builder_free(b);
    rustls_root_cert_store_free(store);
}

static unsigned add_crl_text(struct rustls_web_pki_server_cert_verifier_builder *b, const char *pem)
{
    return rustls_web_pki_server_cert_verifier_builder_add_crl(b, (const uint8_t *)pem,
                                                               strlen(pem));
}

static unsigned add_crl_file(struct rustls_web_pki_server_cert_verifier_builder *b,
                             const char *path)
{
    struct file f = test_file(path);
    unsigned result = rustls_web_pki_server_cert_verifier_builder_add_crl(b, f.data, f.len);
    free(f.data);
    return result;
}

/* rustls-ffi tells of a malformed list only when the verifier is built; we do at once. */
static void is_a_malformed_list_an_error_at_the_call_that_gives_it(void **state)
{
    (void)state;
    const struct rustls_root_cert_store *store = store_of("ca");
    struct rustls_web_pki_server_cert_verifier_builder *b =
        rustls_web_pki_server_cert_verifier_builder_new(store);
    struct rustls_server_cert_verifier *v = NULL;
    assert_result(add_crl_text(b, "garbage"),
                  RUSTLS_RESULT_CERTIFICATE_REVOCATION_LIST_PARSE_ERROR);
    assert_result(add_crl_text(b, ""), RUSTLS_RESULT_CERTIFICATE_REVOCATION_LIST_PARSE_ERROR);
    assert_result(add_crl_file(b, "certs/ca.pem"),
                  RUSTLS_RESULT_CERTIFICATE_REVOCATION_LIST_PARSE_ERROR);
    assert_result(add_crl_text(b, PEM_BAD_BASE64("X509 CRL")),
                  RUSTLS_RESULT_CERTIFICATE_REVOCATION_LIST_PARSE_ERROR);
    assert_result(add_crl_text(b, PEM_BAD_DER("X509 CRL")),
                  RUSTLS_RESULT_CERT_REVOCATION_LIST_PARSE_ERROR);
    assert_ok(add_crl_file(b, "certs/crl.pem"));
    assert_ok(rustls_web_pki_server_cert_verifier_only_check_end_entity_revocation(b));
    assert_ok(rustls_web_pki_server_cert_verifier_allow_unknown_revocation_status(b));
    assert_ok(rustls_web_pki_server_cert_verifier_enforce_revocation_expiry(b));
    assert_ok(rustls_web_pki_server_cert_verifier_builder_build(b, &v));
    assert_non_null(v);
    rustls_web_pki_server_cert_verifier_builder_free(b);
    rustls_root_cert_store_free(store); /* the verifier keeps it */
    rustls_server_cert_verifier_free(v);
}

static void are_client_verifiers_built_with_hints_and_lists(void **state)
{
    (void)state;
    const struct rustls_root_cert_store *store = store_of("ca"), *other = store_of("other-ca");
    struct rustls_web_pki_client_cert_verifier_builder *b =
        rustls_web_pki_client_cert_verifier_builder_new(store);
    struct rustls_client_cert_verifier *v = NULL;
    struct file crl = test_file("certs/crl.pem");
    assert_ok(rustls_web_pki_client_cert_verifier_builder_add_crl(b, crl.data, crl.len));
    assert_ok(rustls_web_pki_client_cert_verifier_only_check_end_entity_revocation(b));
    assert_ok(rustls_web_pki_client_cert_verifier_allow_unknown_revocation_status(b));
    assert_ok(rustls_web_pki_client_cert_verifier_builder_allow_unauthenticated(b));
    assert_ok(rustls_web_pki_client_cert_verifier_clear_root_hint_subjects(b));
    assert_ok(rustls_web_pki_client_cert_verifier_add_root_hint_subjects(b, other));
    assert_result(rustls_web_pki_client_cert_verifier_add_root_hint_subjects(b, NULL),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_ok(rustls_web_pki_client_cert_verifier_builder_build(b, &v));
    assert_non_null(v);
    free(crl.data);
    rustls_web_pki_client_cert_verifier_builder_free(b);
    rustls_root_cert_store_free(store);
    rustls_root_cert_store_free(other);
    rustls_client_cert_verifier_free(v);
}

static void is_null_told_apart_or_let_pass(void **state)
{
    (void)state;
    struct rustls_root_cert_store_builder *b = rustls_root_cert_store_builder_new();
    assert_result(add_pem(NULL, "", true), RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(rustls_root_cert_store_builder_add_pem(b, NULL, 0, true),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(rustls_root_cert_store_builder_load_roots_from_file(b, NULL, true),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(rustls_root_cert_store_builder_build(b, NULL), RUSTLS_RESULT_NULL_PARAMETER);
    assert_null(rustls_web_pki_server_cert_verifier_builder_new(NULL));
    assert_null(rustls_web_pki_client_cert_verifier_builder_new(NULL));
    assert_null(rustls_web_pki_server_cert_verifier_builder_new_with_provider(NULL, NULL));
    assert_null(rustls_web_pki_client_cert_verifier_builder_new_with_provider(NULL, NULL));
    assert_result(add_crl_text(NULL, ""), RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(rustls_web_pki_server_cert_verifier_builder_build(NULL, NULL),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(rustls_web_pki_client_cert_verifier_builder_build(NULL, NULL),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(rustls_certificate_get_der(NULL, NULL, NULL), RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(rustls_platform_server_cert_verifier(NULL), RUSTLS_RESULT_NULL_PARAMETER);
    rustls_root_cert_store_builder_free(b);
    rustls_root_cert_store_builder_free(NULL);
    rustls_root_cert_store_free(NULL);
    rustls_web_pki_server_cert_verifier_builder_free(NULL);
    rustls_web_pki_client_cert_verifier_builder_free(NULL);
    rustls_server_cert_verifier_free(NULL);
    rustls_client_cert_verifier_free(NULL);
}

/* The environment's file is believed; before there is one, there is nothing to trust. */
static void are_the_platforms_roots_those_of_the_environment(void **state)
{
    (void)state;
    const struct rustls_crypto_provider *p = rustls_crypto_provider_default();
    struct rustls_server_cert_verifier *v = NULL;
    assert_int_equal(0, unsetenv("SSL_CERT_DIR"));
    assert_int_equal(0, setenv("SSL_CERT_FILE", TEST_DIR "/none", 1));
    assert_result(rustls_platform_server_cert_verifier(&v), RUSTLS_RESULT_GENERAL);
    assert_int_equal(0, setenv("SSL_CERT_DIR", "/none:" TEST_DIR "/certs", 1));
    assert_ok(rustls_platform_server_cert_verifier(&v));
    assert_non_null(v);
    rustls_server_cert_verifier_free(v);
    v = NULL;
    assert_ok(rustls_platform_server_cert_verifier_try_with_provider(p, &v));
    assert_non_null(v);
    rustls_server_cert_verifier_free(v);
    rustls_crypto_provider_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_what_is_no_certificate_an_error_where_strictness_is_asked),
        cmocka_unit_test(are_files_read_as_texts_are),
        cmocka_unit_test(is_a_built_builder_used_up),
        cmocka_unit_test(does_a_server_verifier_need_roots),
        cmocka_unit_test(does_a_client_verifier_need_roots),
        cmocka_unit_test(is_a_malformed_list_an_error_at_the_call_that_gives_it),
        cmocka_unit_test(are_client_verifiers_built_with_hints_and_lists),
        cmocka_unit_test(is_null_told_apart_or_let_pass),
        cmocka_unit_test(are_the_platforms_roots_those_of_the_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
