/* Verifiers asked outside a connection: do they answer as inside one, and tell what they tried? */
#include "galvan.h"
#include "lib/heap.h"
#include "lib/pair.h"

#include <stdlib.h>

enum { CHAIN_MAX = 8 };

struct chain {
    struct rustls_slice_bytes at[CHAIN_MAX];
    size_t count;
};

static void keep(void *userdata, struct rustls_slice_bytes der)
{
    struct chain *c = userdata;
    uint8_t *copy = malloc(der.len);
    assert_non_null(copy);
    memcpy(copy, der.data, der.len);
    assert_true(c->count < CHAIN_MAX);
    c->at[c->count++] = (struct rustls_slice_bytes){copy, der.len};
}

static struct chain chain_of(const char *name)
{
    struct chain c = {.count = 0};
    char path[128];
    (void)snprintf(path, sizeof path, "certs/%s.pem", name);
    struct file pem = test_file(path);
    assert_ok(galvan_pem_certificates(pem.data, pem.len, keep, &c));
    free(pem.data);
    return c;
}

static void drop(struct chain *c)
{
    while (c->count > 0)
        free((void *)c->at[--c->count].data);
}

static struct rustls_server_cert_verifier *verifier_of(const char *root,
                                                       enum galvan_profile profile)
{
    const struct rustls_root_cert_store *store = test_roots(root);
    struct rustls_web_pki_server_cert_verifier_builder *b =
        rustls_web_pki_server_cert_verifier_builder_new(store);
    struct rustls_server_cert_verifier *v = NULL;
    assert_ok(galvan_web_pki_server_cert_verifier_builder_set_profile(b, profile));
    assert_ok(rustls_web_pki_server_cert_verifier_builder_build(b, &v));
    rustls_web_pki_server_cert_verifier_builder_free(b);
    rustls_root_cert_store_free(store);
    return v;
}

static void is_the_path_told_that_was_found(void **state)
{
    (void)state;
    struct chain c = chain_of("chain");
    struct rustls_server_cert_verifier *v = verifier_of("ca", GALVAN_PROFILE_STRICT);
    struct galvan_verification *r = NULL;
    struct galvan_error_detail d;
    struct galvan_path p;
    assert_ok(galvan_server_cert_verifier_verify(v, c.at, c.count, "localhost", &r));
    rustls_server_cert_verifier_free(v); /* what came of it does without */
    assert_result(galvan_verification_error_detail(r, &d, sizeof d), RUSTLS_RESULT_NOT_FOUND);
    assert_int_equal(1, galvan_verification_paths_len(r));
    assert_ok(galvan_verification_path(r, 0, &p, sizeof p));
    assert_result(p.result, RUSTLS_RESULT_OK);
    assert_int_equal(2, p.certificates_len);
    assert_int_equal(0, p.certificates[0]);
    assert_int_equal(1, p.certificates[1]);
    assert_string_equal("CN=Root,O=Galvan tests", p.root);
    assert_result(galvan_verification_path(r, 1, &p, sizeof p), RUSTLS_RESULT_NOT_FOUND);
    galvan_verification_free(r);
    drop(&c);
}

static void is_a_failure_told_as_a_connection_tells_it(void **state)
{
    (void)state;
    struct chain c = chain_of("chain");
    struct rustls_server_cert_verifier *v = verifier_of("other-ca", GALVAN_PROFILE_WEB_PKI);
    struct galvan_verification *r = NULL;
    struct galvan_error_detail d;
    struct galvan_path p;
    assert_result(galvan_server_cert_verifier_verify(v, c.at, c.count, "localhost", &r),
                  RUSTLS_RESULT_CERT_UNKNOWN_ISSUER);
    assert_result(galvan_server_cert_verifier_verify(v, c.at, c.count, "localhost", NULL),
                  RUSTLS_RESULT_CERT_UNKNOWN_ISSUER);
    assert_ok(galvan_verification_error_detail(r, &d, sizeof d));
    assert_result(d.result, RUSTLS_RESULT_CERT_UNKNOWN_ISSUER);
    assert_string_equal("CERT_UNKNOWN_ISSUER", d.name);
    assert_int_equal(1, d.certificate);
    assert_int_equal(-1, d.alert);
    assert_non_null(strstr(d.origin, "src/pki/"));
    assert_non_null(strstr(d.sentence, "CN=Intermediate"));
    assert_ok(galvan_verification_path(r, 0, &p, sizeof p));
    assert_result(p.result, RUSTLS_RESULT_CERT_UNKNOWN_ISSUER);
    assert_int_equal(1, p.failed);
    assert_string_equal("", p.root);
    p.failed = 77;
    assert_ok(galvan_verification_path(r, 0, &p, sizeof p.result)); /* an older program's struct */
    assert_int_equal(77, p.failed);
    galvan_verification_free(r);
    rustls_server_cert_verifier_free(v);
    drop(&c);
}

static void is_a_name_asked_for_only_where_it_is_given(void **state)
{
    (void)state;
    struct chain c = chain_of("p256");
    struct rustls_server_cert_verifier *v = verifier_of("ca", GALVAN_PROFILE_WEB_PKI);
    assert_ok(galvan_server_cert_verifier_verify(v, c.at, c.count, NULL, NULL));
    assert_ok(galvan_server_cert_verifier_verify(v, c.at, c.count, "127.0.0.1", NULL));
    assert_result(galvan_server_cert_verifier_verify(v, c.at, c.count, "example.org", NULL), 7128);
    assert_result(galvan_server_cert_verifier_verify(v, c.at, c.count, "bad name", NULL), 7003);
    assert_result(galvan_server_cert_verifier_verify(v, c.at, 0, NULL, NULL),
                  RUSTLS_RESULT_INVALID_PARAMETER);
    assert_result(galvan_server_cert_verifier_verify(v, NULL, 1, NULL, NULL), 7002);
    assert_result(galvan_server_cert_verifier_verify(NULL, c.at, 1, NULL, NULL), 7002);
    assert_result(galvan_client_cert_verifier_verify(NULL, c.at, 1, NULL), 7002);
    rustls_server_cert_verifier_free(v);
    drop(&c);
}

static rustls_result set_limit(struct rustls_web_pki_client_cert_verifier_builder *b,
                               enum galvan_verifier_limit limit, uint64_t value)
{
    return galvan_web_pki_client_cert_verifier_builder_set_limit(b, limit, value);
}

static void are_options_of_builders_checked(void **state)
{
    (void)state;
    const struct rustls_root_cert_store *store = test_roots("ca");
    struct rustls_web_pki_client_cert_verifier_builder *b =
        rustls_web_pki_client_cert_verifier_builder_new(store);
    struct rustls_client_cert_verifier *v = NULL;
    struct chain expired = chain_of("client-expired"), good = chain_of("client");
    assert_result(
        galvan_web_pki_client_cert_verifier_builder_set_profile(b, (enum galvan_profile)9),
        RUSTLS_RESULT_INVALID_PARAMETER);
    assert_result(set_limit(b, GALVAN_VERIFIER_LIMIT_INTERMEDIATES, 7), 7009);
    assert_result(set_limit(b, GALVAN_VERIFIER_LIMIT_SIGNATURES, (uint64_t)1 << 32), 7009);
    assert_result(set_limit(b, (enum galvan_verifier_limit)4, 1), 7009);
    assert_result(set_limit(NULL, GALVAN_VERIFIER_LIMIT_SIGNATURES, 1), 7002);
    assert_ok(set_limit(b, GALVAN_VERIFIER_LIMIT_SIGNATURES, 1));
    assert_ok(set_limit(b, GALVAN_VERIFIER_LIMIT_PATHS, 0));
    assert_ok(set_limit(b, GALVAN_VERIFIER_LIMIT_NAME_COMPARISONS, 0));
    assert_result(galvan_web_pki_client_cert_verifier_builder_set_time(NULL, 0), 7002);
    assert_ok(set_limit(b, GALVAN_VERIFIER_LIMIT_INTERMEDIATES, 0));
    assert_ok(galvan_web_pki_client_cert_verifier_builder_set_time(b, 1590000000)); /* in 2020 */
    assert_ok(rustls_web_pki_client_cert_verifier_builder_build(b, &v));
    assert_result(galvan_web_pki_client_cert_verifier_builder_set_time(b, 0), 7013);
    assert_ok(galvan_client_cert_verifier_verify(v, expired.at, expired.count, NULL));
    assert_ok(galvan_client_cert_verifier_verify(v, good.at, good.count, NULL));
    rustls_client_cert_verifier_free(v);
    rustls_web_pki_client_cert_verifier_builder_free(b);
    rustls_root_cert_store_free(store);
    drop(&expired);
    drop(&good);
}

static void does_the_strict_profile_refuse_what_breaks_its_rules(void **state)
{
    (void)state;
    struct chain c = chain_of("no-eku");
    struct rustls_server_cert_verifier *v = verifier_of("ca", GALVAN_PROFILE_STRICT);
    struct galvan_verification *r = NULL;
    struct galvan_error_detail d;
    assert_result(galvan_server_cert_verifier_verify(v, c.at, c.count, "localhost", &r), 7131);
    assert_ok(galvan_verification_error_detail(r, &d, sizeof d));
    assert_string_equal("CERT_NOT_STRICT", d.name);
    assert_string_equal("extended key usage", d.check);
    galvan_verification_free(r);
    rustls_server_cert_verifier_free(v);
    drop(&c);
}

static void are_pins_asked_for_and_bounded(void **state)
{
    (void)state;
    struct rustls_server_cert_verifier *v = NULL;
    const struct galvan_pin pin = {.kind = GALVAN_PIN_CERTIFICATE};
    assert_result(galvan_pinned_server_cert_verifier_new(NULL, 1, NULL, &v), 7002);
    assert_result(galvan_pinned_server_cert_verifier_new(&pin, 1, NULL, NULL), 7002);
    assert_result(galvan_pinned_server_cert_verifier_new(&pin, 0, NULL, &v), 7009);
    assert_result(galvan_pinned_server_cert_verifier_new(&pin, 1025, NULL, &v), 7009);
    assert_null(v);
}

static void ignore(void *userdata, const char *field, const char *value)
{
    (void)field;
    (void)value;
    ++*(size_t *)userdata;
}

static void is_what_cannot_be_read_no_certificate(void **state)
{
    (void)state;
    static const uint8_t garbage[] = "garbage";
    size_t fields = 0;
    struct chain none = {.count = 0};
    assert_result(galvan_inspect(garbage, sizeof garbage, ignore, &fields), 7005);
    assert_result(galvan_inspect(NULL, 0, ignore, &fields), 7002);
    assert_int_equal(0, fields);
    assert_result(galvan_pem_certificates(garbage, sizeof garbage, keep, &none), 7005);
    assert_int_equal(0, none.count);
}

/* Every allocation fails once: an error or the right answer, and nothing is left behind. */
static rustls_result build_and_ask(const struct file *root, const struct file *crl,
                                   const struct chain *c)
{
    struct rustls_root_cert_store_builder *sb = rustls_root_cert_store_builder_new();
    struct rustls_web_pki_server_cert_verifier_builder *vb = NULL;
    const struct rustls_root_cert_store *store = NULL;
    struct rustls_server_cert_verifier *v = NULL;
    struct galvan_verification *r = NULL;
    rustls_result result = rustls_root_cert_store_builder_add_pem(sb, root->data, root->len, true);
    if (result == RUSTLS_RESULT_OK)
        result = rustls_root_cert_store_builder_build(sb, &store);
    if (result == RUSTLS_RESULT_OK) {
        vb = rustls_web_pki_server_cert_verifier_builder_new(store);
        result = rustls_web_pki_server_cert_verifier_builder_add_crl(vb, crl->data, crl->len);
    }
    if (result == RUSTLS_RESULT_OK)
        result = rustls_web_pki_server_cert_verifier_builder_build(vb, &v);
    if (result == RUSTLS_RESULT_OK)
        result = galvan_server_cert_verifier_verify(v, c->at, c->count, "localhost", &r);
    galvan_verification_free(r);
    rustls_server_cert_verifier_free(v);
    rustls_web_pki_server_cert_verifier_builder_free(vb);
    rustls_root_cert_store_free(store);
    rustls_root_cert_store_builder_free(sb);
    return result;
}

static void does_any_allocation_that_fails_leave_an_error_and_nothing_else(void **state)
{
    (void)state;
    struct file root = test_file("certs/ca.pem"), crl = test_file("certs/crl.pem");
    struct chain c = chain_of("p256");
    rustls_result result = RUSTLS_RESULT_GENERAL;
    assert_ok(build_and_ask(&root, &crl, &c)); /* makes what lives as long as the process */
    assert_ok(galvan_set_memory_functions(heap_alloc, heap_release));
    size_t n = 0;
    while (result != RUSTLS_RESULT_OK && n < 100) {
        heap_fail_at(++n);
        result = build_and_ask(&root, &crl, &c);
        heap_fail_at(0);
        assert_true(result == RUSTLS_RESULT_OK || result == RUSTLS_RESULT_GENERAL ||
                    result == RUSTLS_RESULT_NULL_PARAMETER);
        assert_int_equal(0, heap_live());
    }
    assert_ok(galvan_set_memory_functions(NULL, NULL));
    assert_true(n > 5 && n < 100);
    free(root.data);
    free(crl.data);
    drop(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_path_told_that_was_found),
        cmocka_unit_test(is_a_failure_told_as_a_connection_tells_it),
        cmocka_unit_test(is_a_name_asked_for_only_where_it_is_given),
        cmocka_unit_test(are_options_of_builders_checked),
        cmocka_unit_test(does_the_strict_profile_refuse_what_breaks_its_rules),
        cmocka_unit_test(are_pins_asked_for_and_bounded),
        cmocka_unit_test(is_what_cannot_be_read_no_certificate),
        cmocka_unit_test(does_any_allocation_that_fails_leave_an_error_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
