/* Is a failure told so that a person understands it, and a program can use it? */
#include "api/detail.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct detail expired(void)
{
    struct detail d;
    gv_detail_init(&d);
    d.certificate = 1;
    gv_detail_text(d.subject, span_str("CN=leaf"));
    gv_detail_text(d.issuer, span_str("CN=root"));
    gv_detail_note(&d, "validity period", "not after 2020", "2025");
    return d;
}

static struct failure failure(const struct detail *d)
{
    return (struct failure){.err = GV_E_NO_MEMORY,
                            .alert = ALERT_CERTIFICATE_EXPIRED,
                            .birth = "src/pki/path.c:1",
                            .step = "waiting for Certificate",
                            .detail = d};
}

static void is_everything_told_as_data(void **state)
{
    (void)state;
    struct detail d = expired();
    struct failure f = failure(&d);
    struct galvan_error_detail out;
    assert_int_equal(gv_api_detail(&f, &out, sizeof out), RUSTLS_RESULT_OK);
    assert_int_equal(out.result, RUSTLS_RESULT_GENERAL);
    assert_int_equal(out.alert, 45);
    assert_int_equal(out.certificate, 1);
    assert_string_equal(out.name, "NO_MEMORY");
    assert_string_equal(out.reason, "out of memory");
    assert_string_equal(out.step, "waiting for Certificate");
    assert_string_equal(out.check, "validity period");
    assert_string_equal(out.expected, "not after 2020");
    assert_string_equal(out.found, "2025");
    assert_string_equal(out.subject, "CN=leaf");
    assert_string_equal(out.issuer, "CN=root");
    assert_string_equal(out.origin, "src/pki/path.c:1");
}

static void is_everything_told_in_a_sentence(void **state)
{
    (void)state;
    struct detail d = expired();
    struct failure f = failure(&d);
    struct galvan_error_detail out;
    assert_int_equal(gv_api_detail(&f, &out, sizeof out), RUSTLS_RESULT_OK);
    assert_string_equal(out.sentence,
                        "out of memory; certificate 1, CN=leaf, issued by CN=root; validity "
                        "period: expected not after 2020, found 2025; waiting for Certificate; "
                        "the peer was told certificate_expired (45)");
}

static void is_what_is_not_known_left_out(void **state)
{
    (void)state;
    struct failure f = {.err = GV_E_NO_MEMORY, .alert = -1};
    struct galvan_error_detail out;
    assert_int_equal(gv_api_detail(&f, &out, sizeof out), RUSTLS_RESULT_OK);
    assert_int_equal(out.alert, -1);
    assert_int_equal(out.certificate, -1);
    assert_string_equal(out.subject, "");
    assert_string_equal(out.check, "");
    assert_string_equal(out.origin, "");
    assert_string_equal(out.sentence, "out of memory");
}

static void is_a_finding_without_an_expectation_a_sentence_too(void **state)
{
    (void)state;
    struct detail d;
    gv_detail_init(&d);
    gv_detail_note(&d, "key usage", "", "keyCertSign");
    struct failure f = {.err = GV_E_NO_MEMORY, .alert = -1, .detail = &d};
    struct galvan_error_detail out;
    assert_int_equal(gv_api_detail(&f, &out, sizeof out), RUSTLS_RESULT_OK);
    assert_string_equal(out.sentence, "out of memory; key usage: found keyCertSign");
}

static void does_the_longest_sentence_end_in_its_room(void **state)
{
    (void)state;
    struct detail d;
    gv_detail_init(&d);
    d.certificate = INT32_MAX;
    memset(d.subject, 's', DETAIL_TEXT - 1);
    memset(d.issuer, 'i', DETAIL_TEXT - 1);
    memset(d.expected, 'e', DETAIL_TEXT - 1);
    memset(d.found, 'f', DETAIL_TEXT - 1);
    char check[2 * sizeof((struct galvan_error_detail *)NULL)->sentence];
    memset(check, 'c', sizeof check);
    check[sizeof check - 1] = '\0';
    d.check = check;
    struct failure f = failure(&d);
    struct galvan_error_detail out;
    assert_int_equal(gv_api_detail(&f, &out, sizeof out), RUSTLS_RESULT_OK);
    assert_int_equal(strlen(out.sentence), sizeof out.sentence - 1);
}

static void does_an_older_program_get_what_it_knows(void **state)
{
    (void)state;
    struct failure f = failure(NULL);
    struct galvan_error_detail out;
    memset(&out, 0x55, sizeof out);
    size_t known = offsetof(struct galvan_error_detail, reason);
    assert_int_equal(gv_api_detail(&f, &out, known), RUSTLS_RESULT_OK);
    assert_string_equal(out.name, "NO_MEMORY");
    assert_int_equal(((const unsigned char *)&out)[known], 0x55);
}

static void does_a_newer_program_get_zeros_for_what_is_new(void **state)
{
    (void)state;
    struct failure f = failure(NULL);
    struct {
        struct galvan_error_detail known;
        uint8_t added[16];
    } out;
    memset(&out, 0x55, sizeof out);
    assert_int_equal(gv_api_detail(&f, &out.known, sizeof out), RUSTLS_RESULT_OK);
    static const uint8_t zeros[sizeof out.added];
    assert_memory_equal(out.added, zeros, sizeof zeros);
}

static void is_there_nothing_to_tell_without_a_failure(void **state)
{
    (void)state;
    struct failure f = {.err = GV_OK, .alert = -1};
    struct galvan_error_detail out;
    memset(&out, 0x55, sizeof out);
    assert_int_equal(gv_api_detail(&f, &out, sizeof out), RUSTLS_RESULT_NOT_FOUND);
    assert_int_equal(out.certificate, 0x55555555);
    assert_int_equal(gv_api_detail(&f, NULL, sizeof out), RUSTLS_RESULT_NULL_PARAMETER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_everything_told_as_data),
        cmocka_unit_test(is_everything_told_in_a_sentence),
        cmocka_unit_test(is_what_is_not_known_left_out),
        cmocka_unit_test(is_a_finding_without_an_expectation_a_sentence_too),
        cmocka_unit_test(does_the_longest_sentence_end_in_its_room),
        cmocka_unit_test(does_an_older_program_get_what_it_knows),
        cmocka_unit_test(does_a_newer_program_get_zeros_for_what_is_new),
        cmocka_unit_test(is_there_nothing_to_tell_without_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
