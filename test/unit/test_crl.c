/* Revocation lists: are they read, refused, matched and believed as RFC 5280 wants it? */
#include "base/mem.h"
#include "lib/certs.h"
#include "lib/heap.h"
#include "lib/x509.h"
#include "pki/cert.h"
#include "pki/revocation.h"
#include "pki/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ENTRIES = 5000, STEP = 3, MEMORY_FACTOR = 8 };

static int forget(void **state)
{
    (void)state;
    x509_forget();
    return 0;
}

static struct crl *crl_of(struct span der)
{
    struct crl *crl = NULL;
    assert_int_equal(GV_OK, gv_crl_new(der, &crl));
    return crl;
}

static enum gv_err refusal(struct span der)
{
    struct crl *crl = NULL;
    enum gv_err err = gv_crl_new(der, &crl);
    if (err == GV_OK)
        gv_crl_free(crl);
    return err;
}

static bool has(const struct crl *crl, uint32_t serial)
{
    uint8_t n[4] = {(uint8_t)(serial >> 24), (uint8_t)(serial >> 16), (uint8_t)(serial >> 8),
                    (uint8_t)serial};
    return gv_crl_has(crl, SPAN_OF(n));
}

static void is_every_entry_found_and_no_other(void **state)
{
    (void)state;
    const struct crl_recipe orders[] = {
        {.issuer = "a", .number = 1, .entries = ENTRIES, .first = 100, .step = STEP},
        {.issuer = "a",
         .number = 1,
         .entries = ENTRIES,
         .first = 100 + STEP * (ENTRIES - 1),
         .step = (uint32_t)-STEP},
        {.issuer = "a", .number = 1, .entries = ENTRIES, .first = 100, .step = 2654435761u},
    };
    for (size_t i = 0; i < 2; i++) {
        struct crl *crl = crl_of(x509_crl(&orders[i]));
        assert_int_equal(ENTRIES, crl->count);
        for (uint32_t n = 97; n < 103 + STEP * (ENTRIES - 1); n++)
            assert_int_equal(n >= 100 && (n - 100) % STEP == 0 && n <= 100 + STEP * (ENTRIES - 1),
                             has(crl, n));
        gv_crl_free(crl);
    }
    struct crl *mixed = crl_of(x509_crl(&orders[2]));
    for (uint32_t i = 0, serial = 100; i < ENTRIES; i++, serial += orders[2].step)
        assert_true(has(mixed, serial));
    assert_false(has(mixed, 99));
    gv_crl_free(mixed);
}

/* A serial number is a number: leading zeros, which neither side should have, do not hide it. */
static void do_leading_zeros_not_hide_a_serial_number(void **state)
{
    (void)state;
    struct crl *crl = crl_of(x509_crl(&(struct crl_recipe){
        .issuer = "a", .number = 1, .entries = 1, .first = 0x12345678, .step = 1}));
    assert_true(gv_crl_has(crl, DER_LITERAL("\x12\x34\x56\x78")));
    assert_true(gv_crl_has(crl, DER_LITERAL("\0\0\0\x12\x34\x56\x78")));
    assert_false(gv_crl_has(crl, DER_LITERAL("\x12\x34\x56\x78\0")));
    assert_false(gv_crl_has(crl, DER_LITERAL("\x34\x56\x78")));
    gv_crl_free(crl);
}

static void does_reading_a_list_take_bounded_memory(void **state)
{
    (void)state;
    struct span der = x509_crl(&(struct crl_recipe){
        .issuer = "a", .number = 1, .entries = ENTRIES, .first = 1, .step = 1});
    gv_mem_replace(heap_alloc, heap_release);
    heap_reset_peak();
    size_t before = heap_bytes();
    struct crl *crl = NULL;
    enum gv_err err = gv_crl_new(der, &crl);
    size_t peak = heap_peak() - before;
    if (err == GV_OK)
        gv_crl_free(crl);
    assert_int_equal(before, heap_bytes());
    heap_fail_at(2);
    enum gv_err without_memory = gv_crl_new(der, &crl);
    heap_fail_at(0);
    assert_int_equal(before, heap_bytes());
    gv_mem_replace(NULL, NULL);
    assert_int_equal(GV_OK, err);
    assert_int_equal(GV_E_NO_MEMORY, without_memory);
    assert_true(peak <= MEMORY_FACTOR * der.len);
}

/* ---- what is refused ------------------------------------------------------------------------- */

/* A list with one more extension, and with one in each of its entries. */
static struct span with_extension(const char *oid, size_t oid_len, bool critical, struct span value)
{
    static struct derw w;
    w.len = 0;
    x509_extension(&w, span_of(oid, oid_len), critical, value);
    return x509_crl(&(struct crl_recipe){.issuer = "a", .number = 1, .more = derw_span(&w)});
}
#define WITH(oid, critical, value)                                                                 \
    with_extension(oid, sizeof(oid) - 1, critical, DER_LITERAL(value))

static struct span with_entry(const char *oid, size_t oid_len, bool critical, struct span value)
{
    static struct derw w;
    w.len = 0;
    x509_extension(&w, span_of(oid, oid_len), critical, value);
    return x509_crl(&(struct crl_recipe){.issuer = "a",
                                         .number = 1,
                                         .entries = 2,
                                         .first = 1,
                                         .step = 1,
                                         .of_entry = derw_span(&w)});
}
#define ENTRY(oid, critical, value) with_entry(oid, sizeof(oid) - 1, critical, DER_LITERAL(value))

#define CRL_NUMBER "\x55\x1d\x14"
#define DELTA "\x55\x1d\x1b"
#define SCOPE "\x55\x1d\x1c"
#define REASON "\x55\x1d\x15"
#define ENTRY_ISSUER "\x55\x1d\x1d"
#define UNKNOWN "\x55\x1d\x7f"
#define POINT "\xa0\x06\xa0\x04\x86\x02u:" /* [0] { [0] { URI "u:" } } */

static void hostile_55_is_each_unsupported_kind_refused_with_its_own_error(void **state)
{
    (void)state;
    assert_int_equal(GV_OK, refusal(x509_crl(&(struct crl_recipe){.issuer = "a", .number = 1})));
    assert_int_equal(GV_E_CRL_BAD, refusal(x509_crl(&(struct crl_recipe){.issuer = "a"})));
    assert_int_equal(GV_E_CRL_BAD, refusal(WITH(CRL_NUMBER, false, "\x02\x01\x02"))); /* two */
    assert_int_equal(GV_E_CRL_DELTA, refusal(WITH(DELTA, true, "\x02\x01\x01")));
    assert_int_equal(GV_OK, refusal(WITH(SCOPE, true, "\x30\x08" POINT)));
    assert_int_equal(GV_OK, refusal(WITH(SCOPE, true, "\x30\x0b" POINT "\x81\x01\xff")));
    assert_int_equal(GV_E_CRL_INDIRECT,
                     refusal(WITH(SCOPE, true, "\x30\x0b" POINT "\x84\x01\xff")));
    assert_int_equal(GV_E_CRL_SOME_REASONS,
                     refusal(WITH(SCOPE, true, "\x30\x0c" POINT "\x83\x02\x06\x40")));
    assert_int_equal(GV_E_CRL_BAD, refusal(WITH(SCOPE, true, "\x30\x0b" POINT "\x85\x01\xff")));
    assert_int_equal(GV_E_CRL_BAD,
                     refusal(WITH(SCOPE, true, "\x30\x03\x81\x01\xff"))); /* no name */
    assert_int_equal(GV_E_CRL_BAD_DER, refusal(WITH(SCOPE, true, "\x30\x0b" POINT "\x81\x01\x01")));
    assert_int_equal(GV_E_CRL_BAD_DER, refusal(WITH(SCOPE, true, "\x30\x01")));
    assert_int_equal(GV_E_CRL_CRITICAL_EXTENSION, refusal(WITH(UNKNOWN, true, "\x05\x00")));
    assert_int_equal(GV_OK, refusal(WITH(UNKNOWN, false, "\x05\x00")));

    assert_int_equal(GV_OK, refusal(ENTRY(REASON, false, "\x0a\x01\x01")));
    assert_int_equal(GV_E_CRL_BAD_REASON, refusal(ENTRY(REASON, false, "\x0a\x01\x07")));
    assert_int_equal(GV_E_CRL_BAD_REASON, refusal(ENTRY(REASON, false, "\x0a\x01\x0b")));
    assert_int_equal(GV_E_CRL_BAD_DER, refusal(ENTRY(REASON, false, "\x0a\x02\x01\x01")));
    assert_int_equal(GV_E_CRL_INDIRECT, refusal(ENTRY(ENTRY_ISSUER, true, "\x30\x00")));
    assert_int_equal(GV_E_CRL_CRITICAL_EXTENSION, refusal(ENTRY(UNKNOWN, true, "\x05\x00")));
    assert_int_equal(GV_OK, refusal(ENTRY(UNKNOWN, false, "\x05\x00")));
}

static void are_numbers_of_lists_positive_and_short(void **state)
{
    (void)state;
    const struct {
        struct span value;
        enum gv_err err;
    } cases[] = {
        {DER_LITERAL("\x02\x01\x00"), GV_OK},
        {DER_LITERAL("\x02\x14\x7f"
                     "0123456789012345678"),
         GV_OK},
        {DER_LITERAL("\x02\x15\x7f"
                     "01234567890123456789"),
         GV_E_CRL_BAD_NUMBER},
        {DER_LITERAL("\x02\x01\xff"), GV_E_CRL_BAD_NUMBER},
        {DER_LITERAL("\x02\x02\x00\x01"), GV_E_CRL_BAD_NUMBER},
        {DER_LITERAL("\x02\x00"), GV_E_CRL_BAD_NUMBER},
        {DER_LITERAL("\x04\x01\x01"), GV_E_CRL_BAD_NUMBER},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        static struct derw w;
        w.len = 0;
        x509_extension(&w, DER_LITERAL(CRL_NUMBER), false, cases[i].value);
        assert_int_equal(
            cases[i].err,
            refusal(x509_crl(&(struct crl_recipe){.issuer = "a", .more = derw_span(&w)})));
    }
}

static void is_an_entry_without_a_serial_number_refused(void **state)
{
    (void)state;
    struct crl_entry e;
    struct rd none = rd_of(DER_LITERAL("\x30\x11\x02\x00\x17\x0d"
                                       "210101000000Z"));
    struct rd five = rd_of(DER_LITERAL("\x30\x12\x02\x01\x05\x17\x0d"
                                       "210101000000Z"));
    assert_int_equal(GV_E_CRL_BAD_SERIAL, gv_crl_entry_read(&none, &e));
    assert_int_equal(GV_OK, gv_crl_entry_read(&five, &e));
}

static void is_every_cut_refused_and_any_changed_byte_survived(void **state)
{
    (void)state;
    static const char *const names[] = {"crl", "crl-intermediate"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct span der = certs_der(names[i]);
        for (size_t n = 0; n < der.len; n++) {
            uint8_t *copy = malloc(n + 1);
            assert_non_null(copy);
            memcpy(copy, der.at, n);
            assert_int_not_equal(GV_OK, refusal((struct span){copy, n}));
            free(copy);
        }
        for (size_t n = 0; n < 4 * der.len; n++) {
            static const uint8_t changes[] = {0x01, 0x80, 0xff, 0x20};
            uint8_t *copy = malloc(der.len);
            assert_non_null(copy);
            memcpy(copy, der.at, der.len);
            copy[n / 4] ^= changes[n % 4];
            (void)refusal((struct span){copy, der.len});
            free(copy);
        }
    }
}

/* ---- whom a list speaks of, and whether it is believed ------------------------------------------- */

/* SEQUENCE { DistributionPoint { [0] { [0] { URI } } } ... } */
#define POINTS_U "\x30\x0a\x30\x08" POINT
#define POINTS_OTHER "\x30\x0a\x30\x08\xa0\x06\xa0\x04\x86\x02x:"
#define POINTS_OTHER_THEN_U "\x30\x14\x30\x08\xa0\x06\xa0\x04\x86\x02x:\x30\x08" POINT
#define POINTS_U_WITH_REASONS "\x30\x0e\x30\x0c" POINT "\x81\x02\x06\x40"
#define POINTS_MALFORMED_THEN_U "\x30\x0c\x05\x00\x30\x08" POINT

static bool covers(struct span scope, struct span points, bool leaf)
{
    static struct derw list, leaf_extension;
    struct certificate c;
    list.len = leaf_extension.len = 0;
    if (scope.len != 0)
        x509_extension(&list, DER_LITERAL(SCOPE), true, scope);
    if (points.len != 0)
        x509_extension(&leaf_extension, DER_LITERAL("\x55\x1d\x1f"), false, points);
    struct crl *crl = crl_of(
        x509_crl(&(struct crl_recipe){.issuer = "a", .number = 1, .more = derw_span(&list)}));
    struct span der = x509_certificate(&(struct recipe){
        .subject = "s", .issuer = "a", .key = "p256", .more = derw_span(&leaf_extension)});
    assert_int_equal(GV_OK, gv_cert_parse(der, &c));
    bool answer = gv_crl_covers(crl, &c, leaf);
    gv_crl_free(crl);
    return answer;
}
#define COVERS(scope, points, leaf) covers(DER_LITERAL(scope), DER_LITERAL(points), leaf)

static void hostile_55_do_all_distribution_points_count(void **state)
{
    (void)state;
    assert_true(COVERS("", "", true));
    assert_true(COVERS("", POINTS_OTHER, true)); /* a list without a scope speaks of all */
    assert_true(COVERS("\x30\x08" POINT, "", true));
    assert_true(COVERS("\x30\x08" POINT, POINTS_U, true));
    assert_false(COVERS("\x30\x08" POINT, POINTS_OTHER, true));
    assert_true(COVERS("\x30\x08" POINT, POINTS_OTHER_THEN_U, true)); /* RUSTSEC-2026-0049 */
    assert_false(COVERS("\x30\x08" POINT, POINTS_U_WITH_REASONS, true));
    assert_false(COVERS("\x30\x08" POINT, POINTS_MALFORMED_THEN_U, true));
    assert_false(COVERS("\x30\x0b" POINT "\x81\x01\xff", "", false)); /* only leaves */
    assert_true(COVERS("\x30\x0b" POINT "\x81\x01\xff", "", true));
    assert_false(COVERS("\x30\x0b" POINT "\x82\x01\xff", "", true)); /* only authorities */
    assert_true(COVERS("\x30\x0b" POINT "\x82\x01\xff", "", false));
}

struct scene {
    struct crl_recipe lists[3];
    size_t count;
    bool leaf_only, allow_unknown, enforce_expiry, no_crl_sign;
    bool sha224; /* says ecdsa-with-SHA224, inside and outside */
    uint32_t signatures;
};

/* The list with SHA-256 changed for another digest. */
static struct span with_sha224(struct span der)
{
    static const uint8_t sha256[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};
    static uint8_t copy[4096];
    assert_true(der.len <= sizeof copy);
    span_copy(copy, der);
    for (size_t i = 0; i + sizeof sha256 <= der.len; i++)
        if (memcmp(copy + i, sha256, sizeof sha256) == 0)
            copy[i + sizeof sha256 - 1] = 1;
    return span_of(copy, der.len);
}

/* What the lists say of the certificate with serial number 5 of the authority "a", which signs with
 * the key of ca. */
static enum gv_err ask(const struct scene *s)
{
    struct crl_builder b;
    struct crl_set *set;
    struct certificate cert, ca;
    uint32_t signatures = s->signatures == 0 ? 100 : s->signatures;
    gv_crl_builder_init(&b);
    for (size_t i = 0; i < s->count; i++) {
        struct span list = x509_crl(&s->lists[i]);
        assert_int_equal(GV_OK, gv_crl_builder_add(&b, s->sha224 ? with_sha224(list) : list));
    }
    assert_int_equal(GV_OK, gv_crl_builder_build(&b, &set));
    struct span der = x509_certificate(&(struct recipe){
        .subject = "s", .issuer = "a", .key = "p256", .serial = DER_LITERAL("\x05")});
    assert_int_equal(GV_OK, gv_cert_parse(der, &cert));
    assert_int_equal(GV_OK, gv_cert_parse(certs_der("ca"), &ca));
    const struct revocation_options options = {set, s->leaf_only, s->allow_unknown,
                                               s->enforce_expiry};
    struct revocation_question q = {.options = &options,
                                    .provider = gv_openssl_provider(),
                                    .cert = &cert,
                                    .leaf = !s->leaf_only,
                                    .issuer_key_algorithm = ca.key_algorithm,
                                    .issuer_public_key = ca.public_key,
                                    .issuer_key_usage = s->no_crl_sign ? 0 : UINT16_MAX,
                                    .signatures = &signatures};
    assert_true(gv_time_of(&(struct date_time){2026, 1, 1, 0, 0, 0}, &q.now));
    enum gv_err err = gv_revocation_check(&q);
    gv_crl_set_free(set);
    return err;
}

#define LIST(n, from, by)                                                                          \
    {                                                                                              \
        .issuer = "a", .signer = (by), .number = (n), .entries = 3, .first = (from), .step = 1     \
    }

static void hostile_55_is_a_signature_checked_before_the_content_is_believed(void **state)
{
    (void)state;
    assert_int_equal(GV_E_CERT_REVOKED, ask(&(struct scene){{LIST(1, 4, "ca")}, .count = 1}));
    assert_int_equal(GV_OK, ask(&(struct scene){{LIST(1, 14, "ca")}, .count = 1}));
    assert_int_equal(GV_E_CRL_BAD_SIGNATURE,
                     ask(&(struct scene){{LIST(1, 4, "other-ca")}, .count = 1}));
    assert_int_equal(GV_E_CRL_BAD_SIGNATURE, ask(&(struct scene){{LIST(1, 4, NULL)}, .count = 1}));
    assert_int_equal(GV_E_CRL_SIGNATURE_ALGORITHM,
                     ask(&(struct scene){{LIST(1, 14, "ca")}, .count = 1, .sha224 = true}));
    /* One that cannot be believed does not hide one that can, whatever number it gives itself. */
    assert_int_equal(GV_E_CERT_REVOKED,
                     ask(&(struct scene){{LIST(1, 4, "ca"), LIST(9, 14, "other-ca")}, .count = 2}));
    assert_int_equal(GV_OK,
                     ask(&(struct scene){{LIST(1, 14, "ca"), LIST(9, 4, "other-ca")}, .count = 2}));
    assert_int_equal(GV_E_BUDGET_SIGNATURES,
                     ask(&(struct scene){{LIST(1, 4, "ca"), LIST(2, 4, "ca"), LIST(3, 4, "ca")},
                                         .count = 3,
                                         .signatures = 1}));
}

static void does_a_newer_list_replace_an_older_one(void **state)
{
    (void)state;
    assert_int_equal(GV_OK,
                     ask(&(struct scene){{LIST(1, 4, "ca"), LIST(2, 14, "ca")}, .count = 2}));
    assert_int_equal(GV_OK,
                     ask(&(struct scene){{LIST(300, 14, "ca"), LIST(2, 4, "ca")}, .count = 2}));
    assert_int_equal(GV_E_CERT_REVOKED,
                     ask(&(struct scene){{LIST(2, 4, "ca"), LIST(1, 14, "ca")}, .count = 2}));
    assert_int_equal(GV_E_CERT_REVOKED, /* of the same number, both count */
                     ask(&(struct scene){{LIST(2, 14, "ca"), LIST(2, 4, "ca")}, .count = 2}));
}

static void do_the_options_mean_what_they_say(void **state)
{
    (void)state;
    const struct crl_recipe old = {.issuer = "a", .signer = "ca", .number = 1, .next_update = 2021};
    const struct crl_recipe others = {.issuer = "b", .signer = "ca", .number = 1};
    assert_int_equal(GV_OK, ask(&(struct scene){.count = 0}));
    assert_int_equal(GV_OK, ask(&(struct scene){{old}, .count = 1}));
    assert_int_equal(GV_E_CRL_EXPIRED,
                     ask(&(struct scene){{old}, .count = 1, .enforce_expiry = true}));
    assert_int_equal(GV_E_CERT_REVOCATION_UNKNOWN, ask(&(struct scene){{others}, .count = 1}));
    assert_int_equal(GV_OK, ask(&(struct scene){{others}, .count = 1, .allow_unknown = true}));
    assert_int_equal(GV_OK,
                     ask(&(struct scene){{LIST(1, 4, "ca")}, .count = 1, .leaf_only = true}));
    assert_int_equal(GV_E_CRL_BAD_ISSUER,
                     ask(&(struct scene){{LIST(1, 14, "ca")}, .count = 1, .no_crl_sign = true}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(is_every_entry_found_and_no_other, forget),
        cmocka_unit_test_teardown(do_leading_zeros_not_hide_a_serial_number, forget),
        cmocka_unit_test_teardown(does_reading_a_list_take_bounded_memory, forget),
        cmocka_unit_test_teardown(hostile_55_is_each_unsupported_kind_refused_with_its_own_error,
                                  forget),
        cmocka_unit_test_teardown(are_numbers_of_lists_positive_and_short, forget),
        cmocka_unit_test(is_an_entry_without_a_serial_number_refused),
        cmocka_unit_test_teardown(is_every_cut_refused_and_any_changed_byte_survived, forget),
        cmocka_unit_test_teardown(hostile_55_do_all_distribution_points_count, forget),
        cmocka_unit_test_teardown(hostile_55_is_a_signature_checked_before_the_content_is_believed,
                                  forget),
        cmocka_unit_test_teardown(does_a_newer_list_replace_an_older_one, forget),
        cmocka_unit_test_teardown(do_the_options_mean_what_they_say, forget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
