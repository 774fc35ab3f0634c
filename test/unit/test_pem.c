/* PEM: are sections found in any text, and is what is cut, mixed up or no base64 an error? */
#include "base/mem.h"
#include "lib/certs.h"
#include "lib/heap.h"
#include "pki/anchor.h"
#include "pki/pem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ROOM = 4096, ALL = 0xff };

/* The kind and the content of the first wanted section, "" at the end, "!" on an error. */
static const char *first(const char *text, unsigned wanted, enum pem_kind *kind)
{
    static char out[ROOM + 1];
    struct pem pem = {span_str(text)};
    struct buffer der;
    gv_buffer_init(&der, ROOM);
    enum gv_err err = gv_pem_next(&pem, wanted, kind, &der);
    struct span s = gv_buffer_span(&der);
    span_copy((uint8_t *)out, s);
    out[s.len] = '\0';
    gv_buffer_drop(&der);
    return err == GV_OK ? out : "!";
}

static void is_a_section_read_whatever_stands_around_it(void **state)
{
    (void)state;
    enum pem_kind kind;
    const char *text =
        "subject: x\n-----BEGIN CERTIFICATE-----\naGVs\r\nbG8=  \n-----END CERTIFICATE-----\nrest";
    assert_string_equal("hello", first(text, ALL, &kind));
    assert_int_equal(PEM_CERTIFICATE, kind);
    assert_string_equal(
        "hello",
        first("-----BEGIN X509 CRL-----\n aGVs bG8 = \n\n-----END X509 CRL-----", ALL, &kind));
    assert_int_equal(PEM_CRL, kind);
    assert_string_equal(
        "", first("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", ALL, &kind));
    assert_int_equal(PEM_PRIVATE_KEY, kind);
    assert_string_equal("", first("nothing here", ALL, &kind));
    assert_int_equal(PEM_END, kind);
    assert_string_equal("", first("", ALL, &kind));
    assert_int_equal(PEM_END, kind);
}

static void are_unwanted_and_unknown_sections_passed_over(void **state)
{
    (void)state;
    enum pem_kind kind;
    const char *text = "-----BEGIN EC PARAMETERS-----\n!!\n-----END EC PARAMETERS-----\n"
                       "-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n"
                       "-----BEGIN EC PRIVATE KEY-----\nYg==\n-----END EC PRIVATE KEY-----\n";
    assert_string_equal("b", first(text, PEM_ANY_KEY, &kind));
    assert_int_equal(PEM_EC_PRIVATE_KEY, kind);
}

static void are_malformed_sections_refused(void **state)
{
    (void)state;
    enum pem_kind kind;
    static const char *const bad[] = {
        "-----BEGIN CERTIFICATE-----\nYQ==\n",                         /* no end */
        "-----BEGIN CERTIFICATE-----\nYQ==\n-----END X509 CRL-----\n", /* another's end */
        "-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE\n",   /* a cut end */
        "-----BEGIN CERTIFICATE\nYQ==\n-----END CERTIFICATE-----\n",   /* a cut beginning */
        "-----BEGIN CERTIFICATE-----\nYQ=\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nYQ\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nY\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nYR==\n-----END CERTIFICATE-----\n", /* bits that are lost */
        "-----BEGIN CERTIFICATE-----\nYQ==YQ==\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nYWE===\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n====\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nY_-=\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n\nYQ==\n-----END CERTIFICATE-----\n",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        if (strcmp(first(bad[i], ALL, &kind), "!") != 0)
            fail_msg("was read:\n%s", bad[i]);
    }
}

static void do_all_letters_of_base64_have_their_values(void **state)
{
    (void)state;
    static const char text[] = "-----BEGIN CERTIFICATE-----\n"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/\n"
                               "-----END CERTIFICATE-----\n";
    struct pem pem = {span_str(text)};
    struct buffer der;
    enum pem_kind kind;
    gv_buffer_init(&der, ROOM);
    assert_int_equal(GV_OK, gv_pem_next(&pem, ALL, &kind, &der));
    struct span s = gv_buffer_span(&der);
    assert_int_equal(48, s.len);
    for (size_t i = 0; i < 64; i++) {
        size_t byte = i / 4 * 3;
        uint32_t group = (uint32_t)s.at[byte] << 16 | (uint32_t)s.at[byte + 1] << 8 |
                         s.at[byte + 2];
        assert_int_equal(i, group >> (18 - 6 * (i % 4)) & 63);
    }
    gv_buffer_drop(&der);
}

static void is_a_section_beyond_the_limit_an_error(void **state)
{
    (void)state;
    struct pem pem = {
        span_str("-----BEGIN CERTIFICATE-----\nYWFhYWFhYWFh\n-----END CERTIFICATE-----\n")};
    struct buffer der;
    enum pem_kind kind;
    gv_buffer_init(&der, 8);
    assert_int_equal(GV_E_NO_MEMORY, gv_pem_next(&pem, ALL, &kind, &der));
    gv_buffer_drop(&der);
}

static void are_all_sections_of_a_bundle_found(void **state)
{
    (void)state;
    struct span chain[8];
    assert_int_equal(2, certs_chain("chain", chain, 8));
    assert_true(span_equal(chain[1], certs_file("intermediate.der")));
    assert_true(span_equal(certs_der("crl"), certs_file("crl.der")));
}

/* A bundle of many sections, and one long section: eight times the text is the most. */
static void does_reading_take_bounded_memory(void **state)
{
    (void)state;
    enum { COPIES = 200, MEMORY_FACTOR = 8 };
    static char text[COPIES * 1200];
    struct span one = certs_file("ca.pem");
    struct anchor_builder b;
    struct anchor_set *set;
    struct buffer der;
    enum pem_kind kind = PEM_CERTIFICATE;
    size_t len = 0;
    for (size_t i = 0; i < COPIES; i++, len += one.len) {
        assert_true(one.len <= sizeof text - len);
        memcpy(text + len, one.at, one.len);
    }
    struct pem pem = {span_of(text, len)};
    gv_mem_replace(heap_alloc, heap_release);
    heap_reset_peak();
    gv_buffer_init(&der, len);
    gv_anchor_builder_init(&b, NULL);
    size_t added = 0;
    while (gv_pem_next(&pem, ALL, &kind, &der) == GV_OK && kind != PEM_END)
        added += gv_anchor_builder_add(&b, gv_buffer_span(&der)) == GV_OK;
    enum gv_err err = gv_anchor_builder_build(&b, &set);
    gv_anchor_builder_drop(&b);
    gv_buffer_drop(&der);
    if (err == GV_OK)
        gv_anchor_set_free(set);
    size_t peak = heap_peak(), live = heap_live();
    gv_mem_replace(NULL, NULL);
    assert_int_equal(COPIES, added);
    assert_int_equal(0, live);
    assert_true(peak <= MEMORY_FACTOR * len);
}

static void is_what_was_written_read_back_whatever_its_length(void **state)
{
    (void)state;
    uint8_t bytes[200], text[1024];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + 3); /* all letters, both that are none among them */
    for (size_t len = 1; len <= sizeof bytes; len++) {
        struct wr w = wr_of(text, gv_pem_size(len));
        struct buffer der;
        enum pem_kind kind;
        gv_pem_write(&w, PEM_ECHCONFIG, span_of(bytes, len));
        assert_true(wr_done(&w));
        struct pem pem = {wr_span(&w)};
        gv_buffer_init(&der, ROOM);
        assert_int_equal(gv_pem_next(&pem, ALL, &kind, &der), GV_OK);
        assert_int_equal(kind, PEM_ECHCONFIG);
        assert_true(span_equal(gv_buffer_span(&der), span_of(bytes, len)));
        assert_int_equal(pem.rest.len, 0);
        gv_buffer_drop(&der);
    }
    struct wr w = wr_of(text, sizeof text);
    gv_pem_write(&w, PEM_CRL, span_str("hello"));
    assert_true(span_equal(
        wr_span(&w), span_str("-----BEGIN X509 CRL-----\naGVsbG8=\n-----END X509 CRL-----\n")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_section_read_whatever_stands_around_it),
        cmocka_unit_test(are_unwanted_and_unknown_sections_passed_over),
        cmocka_unit_test(are_malformed_sections_refused),
        cmocka_unit_test(do_all_letters_of_base64_have_their_values),
        cmocka_unit_test(is_a_section_beyond_the_limit_an_error),
        cmocka_unit_test(are_all_sections_of_a_bundle_found),
        cmocka_unit_test(does_reading_take_bounded_memory),
        cmocka_unit_test(is_what_was_written_read_back_whatever_its_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
