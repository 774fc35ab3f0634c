/* Configurations and certified keys: what they copy, hold on to, refuse and give back. */
#include "base/mem.h"
#include "config/config.h"
#include "lib/heap.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* A provider and a key that do nothing but count. */
static const struct cipher_suite_info suite_a = {.name = "A", .code = 1, .version = TLS13};
static const struct cipher_suite_info suite_b = {.name = "B", .code = 2, .version = TLS12};
static const struct cipher_suite_info *const both_suites[] = {&suite_a, &suite_b, NULL};
static const struct provider base = {.name = "fake", .suites = both_suites};

static unsigned freed;

static void count_free(struct signing_key *key)
{
    (void)key;
    freed++;
}

static void count_log_free(struct key_log *log)
{
    (void)log;
    freed++;
}

static void count_verifier_free(struct verifier *v)
{
    (void)v;
    freed++;
}

static struct signing_key a_key(void)
{
    struct signing_key key = {.schemes = {SCHEME_RSA_PSS_RSAE_SHA256, SCHEME_RSA_PKCS1_SHA256},
                              .scheme_count = 2,
                              .free = count_free};
    gv_ref_init(&key.refs);
    return key;
}

static int setup(void **state)
{
    (void)state;
    freed = 0;
    gv_mem_replace(heap_alloc, heap_release);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    heap_fail_at(0);
    gv_mem_replace(NULL, NULL);
    return heap_live() == 0 ? 0 : -1;
}

static struct span bytes(const char *text)
{
    return span_str(text);
}

static void are_alpn_names_written_behind_their_lengths(void **state)
{
    (void)state;
    struct alpn_list list = {NULL, 0};
    const struct span names[] = {bytes("h2"), bytes("http/1.1")};
    assert_int_equal(gv_alpn_list_set(&list, names, 2), GV_OK);
    assert_int_equal(list.len, 12);
    assert_memory_equal(list.wire, "\2h2\10http/1.1", 12);
    assert_int_equal(gv_alpn_list_set(&list, names, 1), GV_OK); /* replaces */
    assert_int_equal(list.len, 3);
    assert_int_equal(gv_alpn_list_set(&list, NULL, 0), GV_OK);
    assert_int_equal(list.len, 0);
    gv_alpn_list_drop(&list);
}

static void is_an_alpn_name_out_of_range_refused(void **state)
{
    (void)state;
    static uint8_t big[256];
    struct alpn_list list = {NULL, 0};
    struct span kept = bytes("h2"), empty = {big, 0}, longest = {big, 255}, longer = {big, 256};
    assert_int_equal(gv_alpn_list_set(&list, &kept, 1), GV_OK);
    assert_int_equal(gv_alpn_list_set(&list, &empty, 1), GV_E_ALPN_INVALID);
    assert_int_equal(gv_alpn_list_set(&list, &longer, 1), GV_E_ALPN_INVALID);
    assert_memory_equal(list.wire, "\2h2", 3); /* a refused list changes nothing */
    assert_int_equal(gv_alpn_list_set(&list, &longest, 1), GV_OK);
    gv_alpn_list_drop(&list);
}

static void is_an_alpn_list_that_no_extension_holds_refused(void **state)
{
    (void)state;
    static uint8_t big[255];
    struct span names[256];
    struct alpn_list list = {NULL, 0};
    for (size_t i = 0; i < 256; i++)
        names[i] = (struct span){big, 255};
    assert_int_equal(gv_alpn_list_set(&list, names, 256), GV_E_ALPN_INVALID); /* 65536 */
    names[255].len = 252;
    assert_int_equal(gv_alpn_list_set(&list, names, 256), GV_OK); /* 65533 */
    assert_int_equal(list.len, 65533);
    gv_alpn_list_drop(&list);
}

static void does_a_certified_key_copy_what_it_is_given(void **state)
{
    (void)state;
    struct signing_key key = a_key();
    uint8_t leaf[] = "leaf", issuer[] = "issuer", ocsp[] = "ocsp";
    const struct span chain[] = {{leaf, 4}, {issuer, 6}};
    struct certified_key *k;
    assert_int_equal(gv_certified_key_new(&k, chain, 2, &key, (struct span){ocsp, 4}), GV_OK);
    memset(leaf, 0, 4), memset(issuer, 0, 6), memset(ocsp, 0, 4);
    assert_int_equal(k->count, 2);
    assert_int_equal(k->chain_bytes, 10);
    assert_true(span_equal(k->chain[0], bytes("leaf")));
    assert_true(span_equal(k->chain[1], bytes("issuer")));
    assert_true(span_equal(k->ocsp, bytes("ocsp")));
    gv_certified_key_free(gv_certified_key_ref(k));
    gv_signing_key_free(&key); /* the caller's own reference */
    assert_int_equal(freed, 0);
    gv_certified_key_free(k);
    assert_int_equal(freed, 1);
}

static void may_a_certified_key_have_no_certificate(void **state)
{
    (void)state;
    struct signing_key key = a_key();
    struct certified_key *k;
    const struct span none = {NULL, 0};
    assert_int_equal(gv_certified_key_new(&k, NULL, 0, &key, none), GV_OK);
    assert_int_equal(k->count, 0);
    gv_certified_key_free(k);
    gv_certified_key_free(NULL);
}

static void are_lengths_that_no_memory_holds_refused(void **state)
{
    (void)state;
    struct signing_key key = a_key();
    struct certified_key *k = NULL;
    const uint8_t byte = 0;
    const struct span huge[] = {{&byte, SIZE_MAX / 2}, {&byte, SIZE_MAX / 2}, {&byte, 3}};
    const struct span none = {NULL, 0};
    assert_int_equal(gv_certified_key_new(&k, huge, 3, &key, none), GV_E_NO_MEMORY);
    assert_int_equal(gv_certified_key_new(&k, huge, 0, &key, huge[0]), GV_E_NO_MEMORY);
    assert_int_equal(gv_certified_key_new(&k, huge, SIZE_MAX / 16, &key, none), GV_E_NO_MEMORY);
    assert_null(k);
}

/* RFC 9846 section 4.2.3: PKCS#1 v1.5 is for certificates alone in TLS 1.3. */
static void does_the_version_bound_the_signature_scheme(void **state)
{
    (void)state;
    struct signing_key key = a_key();
    struct certified_key *k;
    const uint8_t pkcs1_first[] = {0x04, 0x01, 0x08, 0x04}, pkcs1[] = {0x04, 0x01},
                  foreign[] = {0x08, 0x07, 0x04};
    assert_int_equal(gv_certified_key_new(&k, NULL, 0, &key, (struct span){NULL, 0}), GV_OK);
    assert_int_equal(gv_certified_key_scheme(k, TLS13, SPAN_OF(pkcs1_first)), 0x0804);
    assert_int_equal(gv_certified_key_scheme(k, TLS12, SPAN_OF(pkcs1_first)), 0x0804);
    assert_int_equal(gv_certified_key_scheme(k, TLS13, SPAN_OF(pkcs1)), 0);
    assert_int_equal(gv_certified_key_scheme(k, TLS12, SPAN_OF(pkcs1)), 0x0401);
    assert_int_equal(gv_certified_key_scheme(k, TLS13, SPAN_OF(foreign)), 0);
    assert_int_equal(gv_certified_key_scheme(k, TLS13, (struct span){NULL, 0}), 0);
    key.schemes[0] = SCHEME_MLDSA44;
    const uint8_t mldsa[] = {0x09, 0x04};
    assert_int_equal(gv_certified_key_scheme(k, TLS13, SPAN_OF(mldsa)), 0x0904);
    assert_int_equal(gv_certified_key_scheme(k, TLS12, SPAN_OF(mldsa)), 0);
    gv_certified_key_free(k);
}

static void does_a_key_without_its_public_half_fit_its_certificate(void **state)
{
    (void)state;
    struct signing_key key = a_key();
    struct certified_key *k;
    const struct span leaf = bytes("no certificate");
    assert_int_equal(gv_certified_key_new(&k, NULL, 0, &key, (struct span){NULL, 0}), GV_OK);
    assert_int_equal(gv_certified_key_matches(k), GV_E_KEYS_UNKNOWN);
    key.spki = bytes("spki");
    assert_int_equal(gv_certified_key_matches(k), GV_E_KEYS_NO_CERTIFICATE);
    gv_certified_key_free(k);
    assert_int_equal(gv_certified_key_new(&k, &leaf, 1, &key, (struct span){NULL, 0}), GV_OK);
    assert_int_equal(gv_certified_key_matches(k), GV_E_CERT_BAD_DER);
    gv_certified_key_free(k);
}

static void does_a_config_let_everything_go_at_its_end(void **state)
{
    (void)state;
    struct signing_key key = a_key();
    struct key_log log = {.free = count_log_free};
    struct verifier verifier = {.free = count_verifier_free};
    struct certified_key *k;
    const struct span name = bytes("h2");
    gv_ref_init(&log.refs);
    gv_ref_init(&verifier.refs);
    assert_int_equal(gv_certified_key_new(&k, NULL, 0, &key, (struct span){NULL, 0}), GV_OK);
    gv_signing_key_free(&key);

    struct server_config *c = gv_server_config_new(&base);
    assert_non_null(c);
    assert_int_equal(gv_alpn_list_set(&c->common.alpn, &name, 1), GV_OK);
    const struct certified_key *keys[] = {k, k};
    assert_int_equal(gv_certified_key_list_set(&c->common.keys, keys, 2), GV_OK);
    assert_int_equal(gv_certified_key_list_set(&c->common.keys, keys, 1), GV_OK);
    gv_certified_key_free(k);
    c->common.key_log = &log;
    c->client_verifier = &verifier;
    gv_server_config_free(gv_server_config_ref(c));
    assert_int_equal(freed, 0);
    gv_server_config_free(c);
    assert_int_equal(freed, 3);
    gv_server_config_free(NULL);
    gv_client_config_free(NULL);
}

static void does_a_client_config_begin_with_its_defaults(void **state)
{
    (void)state;
    struct client_config *c = gv_client_config_new(&base);
    assert_non_null(c);
    assert_true(c->send_server_name);
    assert_true(c->check_selected_alpn);
    assert_null(c->verifier);
    assert_ptr_equal(c->common.provider, &base);
    assert_int_equal(c->common.limits.handshake_message, LIMIT_HANDSHAKE_MESSAGE);
    assert_int_equal(c->common.limits.middlebox_ccs, LIMIT_MIDDLEBOX_CCS);
    assert_false(c->common.tls12 || c->common.tls13);
    gv_client_config_free(gv_client_config_ref(c));
    gv_client_config_free(c);
}

static void does_a_derived_provider_hold_its_base(void **state)
{
    (void)state;
    const struct provider *one, *two;
    const struct cipher_suite_info *const only_b[] = {&suite_b, NULL}, *const none[] = {NULL};
    const struct key_exchange_group group = {.code = 29}, *const groups[] = {&group, NULL};
    assert_int_equal(gv_provider_narrowed(&one, &base, only_b, NULL), GV_OK);
    assert_ptr_equal(one->suites[0], &suite_b);
    assert_null(one->suites[1]);
    assert_string_equal(one->name, "fake");
    assert_ptr_equal(one->groups, base.groups);
    assert_int_equal(gv_provider_narrowed(&two, one, none, groups), GV_OK);
    assert_null(two->suites[0]);
    assert_ptr_equal(two->groups[0], &group);
    assert_null(two->groups[1]);
    gv_provider_free(one);
    assert_int_equal(heap_live(), 2); /* two still needs it */
    gv_provider_free(gv_provider_ref(two));
    gv_provider_free(two);
    assert_int_equal(heap_live(), 0);
    gv_provider_free(gv_provider_ref(&base)); /* not counted */
    gv_provider_free(NULL);
}

static void does_each_failing_allocation_leave_things_as_they_were(void **state)
{
    (void)state;
    struct signing_key key = a_key();
    struct certified_key *k = NULL;
    const struct provider *p = NULL;
    struct alpn_list alpn = {NULL, 0};
    struct certified_key_list list = {NULL, 0};
    const struct span one = bytes("h2");
    heap_fail_at(1);
    assert_int_equal(gv_certified_key_new(&k, &one, 1, &key, one), GV_E_NO_MEMORY);
    assert_int_equal(gv_certified_key_new(&k, &one, 1, &key, one), GV_OK);
    const struct certified_key *const keys[] = {k};
    heap_fail_at(1);
    assert_int_equal(gv_certified_key_list_set(&list, keys, 1), GV_E_NO_MEMORY);
    heap_fail_at(1);
    assert_int_equal(gv_alpn_list_set(&alpn, &one, 1), GV_E_NO_MEMORY);
    heap_fail_at(1);
    assert_int_equal(gv_provider_narrowed(&p, &base, both_suites, NULL), GV_E_NO_MEMORY);
    heap_fail_at(1);
    assert_null(gv_client_config_new(&base));
    heap_fail_at(1);
    assert_null(gv_server_config_new(&base));
    assert_null(list.at);
    assert_null(alpn.wire);
    gv_signing_key_free(&key);
    gv_certified_key_free(k);
    assert_int_equal(freed, 1); /* no reference was left behind */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(are_alpn_names_written_behind_their_lengths),
        TEST(is_an_alpn_name_out_of_range_refused),
        TEST(is_an_alpn_list_that_no_extension_holds_refused),
        TEST(does_a_certified_key_copy_what_it_is_given),
        TEST(may_a_certified_key_have_no_certificate),
        TEST(are_lengths_that_no_memory_holds_refused),
        TEST(does_the_version_bound_the_signature_scheme),
        TEST(does_a_key_without_its_public_half_fit_its_certificate),
        TEST(does_a_config_let_everything_go_at_its_end),
        TEST(does_a_client_config_begin_with_its_defaults),
        TEST(does_a_derived_provider_hold_its_base),
        TEST(does_each_failing_allocation_leave_things_as_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
