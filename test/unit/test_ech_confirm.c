/* The confirmation of Encrypted Client Hello (RFC 9849 section 7.2), against values that were computed
 * apart, from the RFC's text, with Python's hashlib and hmac. */
#include "keys/ech_confirm.h"

#include "crypto/openssl/openssl.h"
#include "lib/hex.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { MESSAGE = 80, IN_RANDOM = 30, AT_END = MESSAGE - ECH_CONFIRMATION };

/* A transcript of "everything before", a random of 0, 1, 2 ..., a message of 100, 101, 102 ... */
static void confirm(const struct hash_alg *alg, size_t at, const char *label,
                    const uint8_t *message, uint8_t out[ECH_CONFIRMATION])
{
    struct hash before;
    uint8_t random[32];
    const struct ech_answer answer = {span_of(message, MESSAGE), at, label};
    for (size_t i = 0; i < sizeof random; i++)
        random[i] = (uint8_t)i;
    assert_int_equal(alg->start(alg, &before), GV_OK);
    assert_int_equal(alg->add(&before, span_str("everything before")), GV_OK);
    assert_int_equal(gv_ech_confirmation(&before, SPAN_OF(random), &answer, out), GV_OK);
}

static void fill(uint8_t message[MESSAGE])
{
    for (size_t i = 0; i < MESSAGE; i++)
        message[i] = (uint8_t)(100 + i);
}

struct row {
    const struct hash_alg *alg;
    size_t at;
    const char *label, *expected;
};
static const struct row rows[] = {
    {&gv_openssl_sha256, IN_RANDOM, ECH_ACCEPT, "8aa0fb2f2b84cda2"},
    {&gv_openssl_sha256, AT_END, ECH_ACCEPT_RETRY, "010fda3130a4352b"},
    {&gv_openssl_sha384, IN_RANDOM, ECH_ACCEPT, "85ca677a0cbd4f71"},
    {&gv_openssl_sha384, AT_END, ECH_ACCEPT_RETRY, "c33985f6e8327937"},
};

static void is_the_confirmation_what_the_rfc_says(void **state)
{
    (void)state;
    uint8_t message[MESSAGE], found[ECH_CONFIRMATION], expected[ECH_CONFIRMATION];
    fill(message);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        confirm(rows[i].alg, rows[i].at, rows[i].label, message, found);
        assert_int_equal(hex_read(expected, sizeof expected, rows[i].expected), sizeof expected);
        assert_memory_equal(found, expected, sizeof expected);
    }
}

static void is_what_stands_in_its_place_of_no_account_and_all_else_of_some(void **state)
{
    (void)state;
    uint8_t message[MESSAGE], found[ECH_CONFIRMATION], other[ECH_CONFIRMATION];
    fill(message);
    confirm(&gv_openssl_sha256, IN_RANDOM, ECH_ACCEPT, message, found);
    for (size_t i = 0; i < MESSAGE; i++) {
        message[i] ^= 1;
        confirm(&gv_openssl_sha256, IN_RANDOM, ECH_ACCEPT, message, other);
        message[i] ^= 1;
        assert_int_equal(memcmp(found, other, sizeof found) == 0,
                         i >= IN_RANDOM && i < IN_RANDOM + ECH_CONFIRMATION);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_confirmation_what_the_rfc_says),
        cmocka_unit_test(is_what_stands_in_its_place_of_no_account_and_all_else_of_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
