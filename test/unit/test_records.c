/* Records: are they found in any bytes, and do keys, numbers, limits and padding hold? The known
 * answers of TLS 1.3 are in test/vectors/test_rfc8448.c. */
#include "lib/exact.h"
#include "record/deframe.h"
#include "record/protect.h"
#include "wire/alert.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* ---- deframe ------------------------------------------------------------------------------ */

static void is_a_record_found_when_its_header_is_there(void **state)
{
    (void)state;
    struct span bytes = exact_hex("16 0303 0003 aabbcc 17");
    struct record r;
    bool found;

    for (size_t n = 0; n <= bytes.len; n++) {
        assert_err(gv_deframe(exact_copy(span_of(bytes.at, n)), &r, &found), OK);
        assert_int_equal(found, n >= RECORD_HEADER);
        if (!found)
            continue;
        assert_int_equal(r.type, CONTENT_HANDSHAKE);
        assert_int_equal(r.len, 3);
        assert_int_equal(r.complete, n >= RECORD_HEADER + 3);
    }
    assert_int_equal(gv_record_size(bytes), RECORD_HEADER + 3);
}

static void is_every_type_but_four_refused(void **state)
{
    (void)state;
    struct record r;
    bool found;
    for (unsigned type = 0; type < 256; type++) {
        const uint8_t header[] = {(uint8_t)type, 3, 3, 0, 1};
        bool known = type >= 20 && type <= 23;
        enum gv_err err = gv_deframe(SPAN_OF(header), &r, &found);
        assert_string_equal(gv_err_name(err), known ? "OK" : "RECORD_TYPE_UNKNOWN");
    }
}

/* Section 5.1: legacy_record_version is ignored; another major version is no TLS at all. */
static void is_only_the_major_version_looked_at(void **state)
{
    (void)state;
    struct record r;
    bool found;
    for (unsigned major = 0; major < 256; major++)
        for (unsigned minor = 0; minor < 256; minor++) {
            const uint8_t header[] = {22, (uint8_t)major, (uint8_t)minor, 0, 1};
            enum gv_err err = gv_deframe(SPAN_OF(header), &r, &found);
            assert_string_equal(gv_err_name(err), major == 3 ? "OK" : "RECORD_VERSION_UNKNOWN");
        }
}

static void is_a_long_record_refused_by_its_header(void **state)
{
    (void)state;
    struct record r;
    bool found;
    for (uint32_t len = 0; len < 65536; len++) {
        const uint8_t header[] = {22, 3, 3, (uint8_t)(len >> 8), (uint8_t)len};
        enum gv_err err = gv_deframe(SPAN_OF(header), &r, &found);
        assert_string_equal(gv_err_name(err), len <= 16384 + 2048 ? "OK" : "RECORD_TOO_LONG");
    }
    assert_int_equal(gv_alert_of(GV_E_RECORD_TOO_LONG), ALERT_RECORD_OVERFLOW);
}

/* ---- protect ------------------------------------------------------------------------------ */

/* Two halves with one key: what the one seals the other opens. */
struct halves {
    struct record_half seal, open;
};

static const uint8_t key[AEAD_KEY_MAX] = {1, 2, 3, 4, 5}, iv[AEAD_NONCE] = {6, 7, 8};

static void key_up(struct halves *h, const struct cipher_suite_info *suite, uint64_t limit)
{
    assert_err(gv_record_key(&h->seal, suite, key, iv, true, limit), OK);
    assert_err(gv_record_key(&h->open, suite, key, iv, false, limit), OK);
}

static void drop(struct halves *h)
{
    gv_record_half_drop(&h->seal);
    gv_record_half_drop(&h->open);
    exact_forget();
}

static const struct cipher_suite_info *suite13(void)
{
    return gv_openssl_provider()->suites[0];
}

static struct span seal(struct halves *h, uint8_t type, struct span text)
{
    static uint8_t out[RECORD_MAX];
    size_t n = gv_record_sealed_len(&h->seal, text.len);
    assert_true(n <= sizeof out);
    assert_err(gv_record_seal(&h->seal, type, TLS12, text, out), OK);
    return exact_copy(span_of(out, n));
}

static void does_every_suite_open_what_it_sealed(void **state)
{
    (void)state;
    static uint8_t text[FRAGMENT_MAX];
    static const size_t sizes[] = {0, 1, 2, 15, 16, 17, 255, 1024, FRAGMENT_MAX - 1, FRAGMENT_MAX};

    for (const struct cipher_suite_info *const *s = gv_openssl_provider()->suites; *s != NULL;
         s++) {
        struct halves h = {0};
        key_up(&h, *s, 0);
        for (size_t i = 0; i < COUNT_OF(sizes); i++) {
            uint8_t type;
            struct span plain, record = seal(&h, CONTENT_ALERT, span_of(text, sizes[i]));
            assert_int_equal(record.at[0], (*s)->version == TLS13 ? 23 : CONTENT_ALERT);
            assert_int_equal(gv_record_size(record), record.len);
            assert_err(gv_record_open(&h.open, (uint8_t *)record.at, record.len, &type, &plain),
                       OK);
            assert_int_equal(type, CONTENT_ALERT);
            assert_span(plain, span_of(text, sizes[i]));
            assert_int_equal(h.open.sequence, i + 1);
        }
        drop(&h);
    }
}

/* Any byte of the record changed, header and tag too, and any cut. */
static void is_every_changed_record_refused(void **state)
{
    (void)state;
    for (const struct cipher_suite_info *const *s = gv_openssl_provider()->suites; *s != NULL;
         s++) {
        struct halves h = {0};
        uint8_t type;
        struct span plain;
        key_up(&h, *s, 0);
        struct span record = seal(&h, CONTENT_HANDSHAKE, span_str("a few bytes"));
        for (size_t at = 0; at < record.len; at++) {
            const bool ignored = (*s)->version == TLS12 && at > 0 && at < RECORD_HEADER;
            struct span bad = exact_flip(record, at, 0x10);
            enum gv_err err = gv_record_open(&h.open, (uint8_t *)bad.at, bad.len, &type, &plain);
            if (!ignored) /* a TLS 1.2 header's version and length are not read here */
                assert_string_equal(gv_err_name(err), "BAD_RECORD_MAC");
            h.open.sequence = 0;
        }
        for (size_t n = RECORD_HEADER; n < record.len; n++) {
            struct span cut = exact_copy(span_of(record.at, n));
            assert_err(gv_record_open(&h.open, (uint8_t *)cut.at, n, &type, &plain),
                       BAD_RECORD_MAC);
        }
        assert_int_equal(h.open.sequence, 0);
        drop(&h);
    }
}

/* The sequence number is part of the nonce: a record repeated, left out or moved does not open. */
static void are_records_opened_in_order_only(void **state)
{
    (void)state;
    struct halves h = {0};
    uint8_t type;
    struct span plain;

    key_up(&h, suite13(), 0);
    struct span first = seal(&h, CONTENT_APPLICATION_DATA, span_str("one"));
    struct span second = seal(&h, CONTENT_APPLICATION_DATA, span_str("two"));
    struct span again = exact_copy(first), early = exact_copy(second);
    assert_err(gv_record_open(&h.open, (uint8_t *)early.at, early.len, &type, &plain),
               BAD_RECORD_MAC);
    assert_err(gv_record_open(&h.open, (uint8_t *)first.at, first.len, &type, &plain), OK);
    assert_err(gv_record_open(&h.open, (uint8_t *)again.at, again.len, &type, &plain),
               BAD_RECORD_MAC);
    assert_err(gv_record_open(&h.open, (uint8_t *)second.at, second.len, &type, &plain), OK);
    drop(&h);
}

static void does_a_new_key_begin_at_number_zero(void **state)
{
    (void)state;
    struct halves h = {0};
    key_up(&h, suite13(), 0);
    struct span first = seal(&h, CONTENT_APPLICATION_DATA, span_str("same"));
    struct span second = seal(&h, CONTENT_APPLICATION_DATA, span_str("same"));
    assert_false(span_equal(first, second));
    key_up(&h, suite13(), 0);
    assert_span(seal(&h, CONTENT_APPLICATION_DATA, span_str("same")), first);
    drop(&h);
}

/* HOSTILE 17. Section 5.5: no record is sealed past the limit, and none opened past the last number
 * (5.3); one eighth before the limit, with room for a KeyUpdate, the key wants to be changed. */
static void hostile_17_does_the_limit_hold(void **state)
{
    (void)state;
    struct halves h = {0};
    uint8_t type, out[64];
    struct span plain;

    key_up(&h, suite13(), 16);
    for (unsigned i = 0; i < 16; i++) {
        assert_int_equal(gv_record_wants_rekey(&h.seal), i >= 13);
        struct span r = seal(&h, CONTENT_APPLICATION_DATA, span_str("x"));
        assert_err(gv_record_open(&h.open, (uint8_t *)r.at, r.len, &type, &plain), OK);
    }
    assert_err(gv_record_seal(&h.seal, CONTENT_ALERT, TLS12, span_str("x"), out),
               SEQUENCE_EXHAUSTED);
    h.open.sequence = UINT64_MAX;
    assert_err(gv_record_open(&h.open, out, 23, &type, &plain), SEQUENCE_EXHAUSTED);
    drop(&h);
}

/* The default is the AEAD's own, and a config cannot raise it. */
static void is_the_limit_at_most_the_aeads(void **state)
{
    (void)state;
    for (const struct cipher_suite_info *const *s = gv_openssl_provider()->suites; *s != NULL;
         s++) {
        struct halves h = {0};
        key_up(&h, *s, 0);
        assert_true(h.seal.limit == (*s)->aead->record_limit);
        assert_true(h.seal.limit <= UINT64_C(1) << 62);
        key_up(&h, *s, UINT64_MAX);
        assert_true(h.seal.limit == (*s)->aead->record_limit);
        drop(&h);
    }
    assert_false(gv_record_wants_rekey(&(struct record_half){0}));
}

static void does_a_half_without_key_pass_through(void **state)
{
    (void)state;
    struct record_half half = {0};
    uint8_t out[16], type, big[RECORD_HEADER + FRAGMENT_MAX + 1] = {22, 3, 3, 0x40, 1};
    struct span plain;

    assert_int_equal(gv_record_sealed_len(&half, 3), 8);
    assert_err(gv_record_seal(&half, CONTENT_HANDSHAKE, TLS10, span_str("abc"), out), OK);
    assert_span(span_of(out, 8), exact_hex("16 0301 0003 616263"));
    assert_err(gv_record_open(&half, out, 8, &type, &plain), OK);
    assert_int_equal(type, CONTENT_HANDSHAKE);
    assert_span(plain, span_str("abc"));
    assert_err(gv_record_open(&half, big, sizeof big - 1, &type, &plain), OK);
    assert_err(gv_record_open(&half, big, sizeof big, &type, &plain), RECORD_TOO_LONG);
    exact_forget();
}

/* ---- the inner plaintext of TLS 1.3 --------------------------------------------------------- */

/* Seals any inner plaintext, of which the last byte is the type. */
static enum gv_err open_inner(const uint8_t *inner, size_t len, uint8_t *type, struct span *plain)
{
    struct halves h = {0};
    key_up(&h, suite13(), 0);
    const size_t body = len + AEAD_TAG;
    uint8_t header[] = {23, 3, 3, (uint8_t)(body >> 8), (uint8_t)body};
    static uint8_t record[RECORD_MAX + 1024];
    memcpy(record, header, sizeof header);
    assert_err(h.seal.aead.alg->seal(&h.seal.aead, iv, SPAN_OF(header), span_of(inner, len),
                                     span_of(NULL, 0), record + RECORD_HEADER),
               OK);
    enum gv_err err = gv_record_open(&h.open, record, RECORD_HEADER + body, type, plain);
    drop(&h);
    return err;
}

static void is_padding_taken_off(void **state)
{
    (void)state;
    static uint8_t inner[FRAGMENT_MAX + 1] = {'h', 'i', CONTENT_APPLICATION_DATA};
    uint8_t type;
    struct span plain;

    for (size_t n = 3; n <= sizeof inner; n = n < 300 ? n + 1 : n + 997) {
        assert_err(open_inner(inner, n, &type, &plain), OK);
        assert_int_equal(type, CONTENT_APPLICATION_DATA);
        assert_span(plain, span_str("hi"));
    }
    assert_err(open_inner(inner, sizeof inner, &type, &plain), OK);
    assert_err(open_inner(inner + 2, 1, &type, &plain), OK);
    assert_int_equal(plain.len, 0);
}

/* HOSTILE 12. Section 5.4: zeros only are an unexpected_message. */
static void hostile_12_are_zeros_only_refused(void **state)
{
    (void)state;
    static const uint8_t zeros[FRAGMENT_MAX + 1];
    uint8_t type;
    struct span plain;

    for (size_t n = 0; n <= sizeof zeros; n = n < 40 ? n + 1 : n + 4086)
        assert_err(open_inner(zeros, n, &type, &plain), INNER_TYPE_MISSING);
    assert_int_equal(gv_alert_of(GV_E_INNER_TYPE_MISSING), ALERT_UNEXPECTED_MESSAGE);
}

/* HOSTILE 13. Section 5.2: ciphertext over 2^14 + 256; section 5.4: inner plaintext over 2^14 + 1,
 * padding counted. */
static void hostile_13_are_oversize_records_refused(void **state)
{
    (void)state;
    static uint8_t inner[FRAGMENT_MAX + 2048];
    uint8_t type;
    struct span plain;

    memset(inner, 'x', FRAGMENT_MAX + 1);
    inner[FRAGMENT_MAX] = CONTENT_APPLICATION_DATA;
    assert_err(open_inner(inner, FRAGMENT_MAX + 1, &type, &plain), OK);
    assert_int_equal(plain.len, FRAGMENT_MAX);
    assert_err(open_inner(inner, FRAGMENT_MAX + 2, &type, &plain), FRAGMENT_TOO_LONG);
    assert_err(open_inner(inner, FRAGMENT_MAX + 256 - AEAD_TAG, &type, &plain), FRAGMENT_TOO_LONG);
    assert_err(open_inner(inner, FRAGMENT_MAX + 257 - AEAD_TAG, &type, &plain), RECORD_TOO_LONG);
    assert_int_equal(gv_alert_of(GV_E_FRAGMENT_TOO_LONG), ALERT_RECORD_OVERFLOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_record_found_when_its_header_is_there),
        cmocka_unit_test(is_every_type_but_four_refused),
        cmocka_unit_test(is_only_the_major_version_looked_at),
        cmocka_unit_test(is_a_long_record_refused_by_its_header),
        cmocka_unit_test(does_every_suite_open_what_it_sealed),
        cmocka_unit_test(is_every_changed_record_refused),
        cmocka_unit_test(are_records_opened_in_order_only),
        cmocka_unit_test(does_a_new_key_begin_at_number_zero),
        cmocka_unit_test(hostile_17_does_the_limit_hold),
        cmocka_unit_test(is_the_limit_at_most_the_aeads),
        cmocka_unit_test(does_a_half_without_key_pass_through),
        cmocka_unit_test(is_padding_taken_off),
        cmocka_unit_test(hostile_12_are_zeros_only_refused),
        cmocka_unit_test(hostile_13_are_oversize_records_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
