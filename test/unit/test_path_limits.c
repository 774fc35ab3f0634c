/* Chains that are made to explode: does the search end at its limits, and take bounded memory? */
#include "base/mem.h"
#include "lib/fake_provider.h"
#include "lib/heap.h"
#include "lib/x509.h"
#include "pki/path.h"
#include "pki/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { CHAIN_ROOM = 2000, MEMORY_FACTOR = 8 };

static struct span chain[CHAIN_ROOM];
static size_t count;

static int begin(void **state)
{
    (void)state;
    count = 0;
    return 0;
}

static int forget(void **state)
{
    (void)state;
    x509_forget();
    return 0;
}

/* Puts a certificate into the chain; it is signed by nobody, which the fake provider believes and
 * the real one does not. */
static void put(const char *subject, const char *issuer, const char *key, bool ca)
{
    chain[count++] = x509_certificate(&(struct recipe){
        .subject = subject, .issuer = issuer, .key = key, .ca = ca, .path_len = -1, .dns = NULL});
}

static struct anchor_set *root(const char *name, const char *constraints)
{
    struct anchor_builder b;
    struct anchor_set *set;
    static struct derw w;
    w.len = 0;
    if (constraints != NULL)
        x509_name_constraints(&w, constraints, NULL);
    gv_anchor_builder_init(&b, NULL);
    assert_int_equal(GV_OK, gv_anchor_builder_add(
                                &b, x509_certificate(&(struct recipe){.subject = name,
                                                                      .issuer = name,
                                                                      .key = "ca",
                                                                      .ca = true,
                                                                      .path_len = -1,
                                                                      .more = derw_span(&w)})));
    assert_int_equal(GV_OK, gv_anchor_builder_build(&b, &set));
    gv_anchor_builder_drop(&b);
    return set;
}

static enum gv_err search(const struct provider *provider, struct anchor_set *anchors)
{
    struct path path;
    struct path_question q = {.provider = provider,
                              .anchors = anchors,
                              .chain = chain,
                              .count = count,
                              .purpose = PURPOSE_SERVER,
                              .limits = PATH_LIMITS_DEFAULT};
    assert_true(gv_time_of(&(struct date_time){2026, 1, 1, 0, 0, 0}, &q.now));
    enum gv_err err = gv_path_verify(&q, &path, NULL);
    gv_anchor_set_free(anchors);
    return err;
}

/* Every authority is certified by every other. */
static void put_cross_signed(unsigned authorities)
{
    char subject[16], issuer[16];
    put("leaf", "A0", "p256", false);
    for (unsigned i = 0; i < authorities; i++) {
        for (unsigned j = 0; j < authorities; j++) {
            (void)snprintf(subject, sizeof subject, "A%u", i);
            (void)snprintf(issuer, sizeof issuer, "A%u", j);
            if (i != j)
                put(subject, issuer, "intermediate", true);
        }
    }
}

/* CVE-2018-16875, RUSTSEC-2023-0052 */
static void hostile_53_does_a_web_of_authorities_end_at_the_budget_of_paths(void **state)
{
    (void)state;
    put_cross_signed(16);
    assert_int_equal(GV_E_BUDGET_PATH_CALLS, search(fake_provider(), root("nobody", NULL)));
}

static void is_a_root_found_behind_a_web_of_authorities(void **state)
{
    (void)state;
    put_cross_signed(16);
    put("A15", "root", "intermediate", true);
    assert_int_equal(GV_OK, search(fake_provider(), root("root", NULL)));
}

/* Many certificates of the leaf's issuer, all genuine, none with the key that signed the leaf. */
static void hostile_53_do_many_keys_of_one_name_end_at_the_budget_of_signatures(void **state)
{
    (void)state;
    put("leaf", "A", "p256", false);
    for (uint8_t i = 1; i <= 60; i++)
        chain[count++] = x509_certificate(&(struct recipe){.subject = "A",
                                                           .issuer = "root",
                                                           .key = "intermediate",
                                                           .signer = "ca",
                                                           .serial = {&i, 1},
                                                           .ca = true,
                                                           .path_len = -1});
    assert_int_equal(GV_E_BUDGET_SIGNATURES, search(gv_openssl_provider(), root("root", NULL)));
}

/* CVE-2025-14831, CVE-2025-58187 */
static void hostile_52_do_many_names_by_many_constraints_end_at_their_budget(void **state)
{
    (void)state;
    static char names[60000], constraints[30000];
    size_t n = 0, c = 0;
    for (int i = 0; i < 2000; i++)
        n += (size_t)snprintf(names + n, sizeof names - n, "n%d.example ", i);
    for (int i = 0; i < 1000; i++)
        c += (size_t)snprintf(constraints + c, sizeof constraints - c, "c%d.example ", i);
    (void)snprintf(constraints + c, sizeof constraints - c, "example");
    chain[count++] = x509_certificate(
        &(struct recipe){.subject = "leaf", .issuer = "root", .key = "p256", .dns = names});
    assert_int_equal(GV_E_BUDGET_NAME_CONSTRAINTS,
                     search(fake_provider(), root("root", constraints)));
}

static void are_six_intermediates_the_most(void **state)
{
    (void)state;
    char subject[16], issuer[16];
    for (unsigned most = 6; most <= 7; most++) {
        count = 0;
        put("leaf", "A1", "p256", false);
        for (unsigned i = 1; i <= most; i++) {
            (void)snprintf(subject, sizeof subject, "A%u", i);
            (void)snprintf(issuer, sizeof issuer, i == most ? "root" : "A%u", i + 1);
            put(subject, issuer, "intermediate", true);
        }
        assert_int_equal(most == 6 ? GV_OK : GV_E_CERT_PATH_DEPTH,
                         search(fake_provider(), root("root", NULL)));
    }
}

/* Small certificates and garbage alike take no more than eight times what they are. */
static void does_a_search_take_bounded_memory(void **state)
{
    (void)state;
    size_t bytes = 0;
    put("l", "a", "p256", false);
    for (unsigned i = 0; i < 100; i++)
        put("", "", "p256", false);
    for (unsigned i = 0; i < 1000; i++)
        chain[count++] = span_str(i % 2 == 0 ? "" : "garbage");
    for (size_t i = 0; i < count; i++)
        bytes += chain[i].len;
    struct anchor_set *anchors = root("r", NULL);
    gv_mem_replace(heap_alloc, heap_release);
    heap_reset_peak();
    size_t before = heap_bytes();
    gv_ref_take(&anchors->refs);
    enum gv_err err = search(fake_provider(), anchors);
    size_t peak = heap_peak() - before;
    gv_mem_replace(NULL, NULL);
    gv_anchor_set_free(anchors);
    assert_int_equal(GV_E_CERT_BAD_DER, err);
    assert_true(peak <= MEMORY_FACTOR * bytes);
    assert_true(peak > 0);
}

/* Old roots are of version 1, and are trusted as others are; nothing else may be. */
static void may_a_root_and_a_root_alone_be_of_version_1(void **state)
{
    (void)state;
    struct anchor_builder b;
    struct anchor_set *set;
    struct recipe old = {.subject = "old", .issuer = "old", .key = "ca", .version1 = true};
    put("leaf", "old", "p256", false);
    gv_anchor_builder_init(&b, NULL);
    assert_int_equal(GV_OK, gv_anchor_builder_add(&b, x509_certificate(&old)));
    assert_int_equal(GV_OK, gv_anchor_builder_build(&b, &set));
    gv_anchor_builder_drop(&b);
    assert_int_equal(GV_OK, search(fake_provider(), set));
    old.issuer = "root";
    chain[count++] = x509_certificate(&old);
    assert_int_equal(GV_E_CERT_BAD_VERSION, search(fake_provider(), root("root", NULL)));
    chain[0] = chain[1];
    count = 1;
    assert_int_equal(GV_E_CERT_BAD_VERSION, search(fake_provider(), root("root", NULL)));
}

static void is_a_certificate_that_ends_before_it_begins_refused(void **state)
{
    (void)state;
    chain[count++] = x509_certificate(&(struct recipe){
        .subject = "leaf", .issuer = "root", .key = "p256", .from = 2030, .to = 2020});
    assert_int_equal(GV_E_CERT_BAD_VALIDITY, search(fake_provider(), root("root", NULL)));
}

/* RFC 5280 section 6.1.4 (n) */
static void may_an_authority_certify_whose_key_usage_does_not_say_so(void **state)
{
    (void)state;
    put("leaf", "A", "p256", false);
    struct recipe middle = {.subject = "A",
                            .issuer = "root",
                            .key = "intermediate",
                            .ca = true,
                            .path_len = -1,
                            .key_usage = KU_CRL_SIGN};
    chain[count++] = x509_certificate(&middle);
    assert_int_equal(GV_E_CERT_NO_CERT_SIGN, search(fake_provider(), root("root", NULL)));
    middle.key_usage = KU_KEY_CERT_SIGN;
    chain[1] = x509_certificate(&middle);
    assert_int_equal(GV_OK, search(fake_provider(), root("root", NULL)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            hostile_53_does_a_web_of_authorities_end_at_the_budget_of_paths, begin, forget),
        cmocka_unit_test_setup_teardown(is_a_root_found_behind_a_web_of_authorities, begin, forget),
        cmocka_unit_test_setup_teardown(
            hostile_53_do_many_keys_of_one_name_end_at_the_budget_of_signatures, begin, forget),
        cmocka_unit_test_setup_teardown(
            hostile_52_do_many_names_by_many_constraints_end_at_their_budget, begin, forget),
        cmocka_unit_test_setup_teardown(are_six_intermediates_the_most, begin, forget),
        cmocka_unit_test_setup_teardown(does_a_search_take_bounded_memory, begin, forget),
        cmocka_unit_test_setup_teardown(may_a_root_and_a_root_alone_be_of_version_1, begin, forget),
        cmocka_unit_test_setup_teardown(is_a_certificate_that_ends_before_it_begins_refused, begin,
                                        forget),
        cmocka_unit_test_setup_teardown(may_an_authority_certify_whose_key_usage_does_not_say_so,
                                        begin, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
