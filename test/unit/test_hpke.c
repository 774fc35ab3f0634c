/* HPKE where the vectors do not look: what a peer or a file may get wrong, every suite with itself,
 * and the end of the sequence numbers. */
#include "crypto/hpke.h"

#include "lib/hex.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct provider *provider;

static struct hpke_suite suite_of(uint16_t kem)
{
    struct hpke_suite suite;
    assert_true(gv_hpke_suite(provider, kem, HPKE_HKDF_SHA256, HPKE_AES_128_GCM, &suite));
    return suite;
}

static struct hpke_key key_of(const struct hpke_kem *kem)
{
    struct hpke_key key;
    struct secret private_key;
    assert_int_equal(gv_hpke_generate(kem, provider, &private_key), GV_OK);
    assert_int_equal(gv_hpke_key_init(&key, kem, secret_span(&private_key)), GV_OK);
    return key;
}

struct ends {
    struct hpke_key key;
    struct hpke sender, receiver;
};

static struct ends ends_of(const struct hpke_suite *suite)
{
    struct ends e = {.key = key_of(suite->kem)};
    uint8_t enc[HPKE_ENC_MAX];
    assert_int_equal(
        gv_hpke_setup_sender(&e.sender, suite, gv_hpke_public(&e.key), span_str("info"), enc),
        GV_OK);
    assert_int_equal(gv_hpke_setup_receiver(&e.receiver, suite, &e.key,
                                            span_of(enc, gv_hpke_public_len(suite->kem)),
                                            span_str("info")),
                     GV_OK);
    return e;
}

static void ends_drop(struct ends *e)
{
    gv_hpke_drop(&e->sender);
    gv_hpke_drop(&e->receiver);
    gv_hpke_key_drop(&e->key);
}

enum { TEXT = 5, SEALED = TEXT + AEAD_TAG };

static void seal(struct ends *e, uint8_t out[SEALED])
{
    assert_int_equal(gv_hpke_seal(&e->sender, span_str("aad"), span_str("hello"), out), GV_OK);
}

static void does_every_suite_open_what_it_sealed(void **state)
{
    (void)state;
    const struct hpke_algorithms *a = provider->hpke;
    size_t count = 0;
    for (size_t k = 0; a->kems[k] != NULL; k++)
        for (size_t d = 0; a->kdfs[d] != NULL; d++)
            for (size_t c = 0; a->aeads[c] != NULL; c++, count++) {
                struct hpke_suite suite = {a->kems[k], a->kdfs[d], a->aeads[c]};
                struct ends e = ends_of(&suite);
                uint8_t at[SEALED];
                for (size_t i = 0; i < 3; i++) {
                    seal(&e, at);
                    assert_int_equal(gv_hpke_open(&e.receiver, span_str("aad"), at, SEALED), GV_OK);
                    assert_memory_equal(at, "hello", TEXT);
                }
                ends_drop(&e);
            }
    assert_int_equal(count, 27);
}

static void is_a_suite_found_only_where_all_its_parts_are_known(void **state)
{
    (void)state;
    struct hpke_suite suite;
    struct provider without = *provider;
    without.hpke = NULL;
    assert_true(
        gv_hpke_suite(provider, HPKE_DHKEM_P384, HPKE_HKDF_SHA384, HPKE_AES_256_GCM, &suite));
    assert_int_equal(suite.kem->id, HPKE_DHKEM_P384);
    assert_int_equal(suite.kdf->id, HPKE_HKDF_SHA384);
    assert_int_equal(suite.aead->id, HPKE_AES_256_GCM);
    assert_false(gv_hpke_suite(provider, 0x0021, HPKE_HKDF_SHA384, HPKE_AES_256_GCM, &suite));
    assert_false(gv_hpke_suite(provider, HPKE_DHKEM_P384, 4, HPKE_AES_256_GCM, &suite));
    assert_false(gv_hpke_suite(provider, HPKE_DHKEM_P384, HPKE_HKDF_SHA384, 0xffff, &suite));
    assert_false(
        gv_hpke_suite(&without, HPKE_DHKEM_P384, HPKE_HKDF_SHA384, HPKE_AES_256_GCM, &suite));
}

static void is_a_message_refused_whose_tag_or_aad_is_not_its_own(void **state)
{
    (void)state;
    struct hpke_suite suite = suite_of(HPKE_DHKEM_X25519);
    struct ends e = ends_of(&suite);
    uint8_t at[SEALED], copy[SEALED];
    seal(&e, at);
    memcpy(copy, at, SEALED);
    assert_int_equal(gv_hpke_open(&e.receiver, span_str("AAD"), copy, SEALED), GV_E_BAD_RECORD_MAC);
    for (size_t i = 0; i < SEALED; i++) {
        memcpy(copy, at, SEALED);
        copy[i] ^= 1;
        assert_int_equal(gv_hpke_open(&e.receiver, span_str("aad"), copy, SEALED),
                         GV_E_BAD_RECORD_MAC);
    }
    for (size_t len = 0; len < SEALED; len++) {
        memcpy(copy, at, SEALED);
        assert_int_equal(gv_hpke_open(&e.receiver, span_str("aad"), copy, len),
                         GV_E_BAD_RECORD_MAC);
    }
    /* None of them was the message that the context waits for. */
    assert_int_equal(gv_hpke_open(&e.receiver, span_str("aad"), at, SEALED), GV_OK);
    ends_drop(&e);
}

static void is_a_message_refused_that_comes_out_of_turn(void **state)
{
    (void)state;
    struct hpke_suite suite = suite_of(HPKE_DHKEM_P256);
    struct ends e = ends_of(&suite);
    uint8_t first[SEALED], second[SEALED], again[SEALED];
    seal(&e, first);
    seal(&e, second);
    memcpy(again, first, SEALED);
    assert_int_equal(gv_hpke_open(&e.receiver, span_str("aad"), second, SEALED),
                     GV_E_BAD_RECORD_MAC);
    assert_int_equal(gv_hpke_open(&e.receiver, span_str("aad"), first, SEALED), GV_OK);
    assert_int_equal(gv_hpke_open(&e.receiver, span_str("aad"), again, SEALED),
                     GV_E_BAD_RECORD_MAC);
    ends_drop(&e);
}

static void does_other_info_give_other_keys(void **state)
{
    (void)state;
    struct hpke_suite suite = suite_of(HPKE_DHKEM_X25519);
    struct hpke_key key = key_of(suite.kem);
    struct hpke sender, receiver;
    uint8_t enc[HPKE_ENC_MAX], at[SEALED];
    assert_int_equal(
        gv_hpke_setup_sender(&sender, &suite, gv_hpke_public(&key), span_str("one"), enc), GV_OK);
    assert_int_equal(
        gv_hpke_setup_receiver(&receiver, &suite, &key, span_of(enc, 32), span_str("two")), GV_OK);
    assert_int_equal(gv_hpke_seal(&sender, span_str("aad"), span_str("hello"), at), GV_OK);
    assert_int_equal(gv_hpke_open(&receiver, span_str("aad"), at, SEALED), GV_E_BAD_RECORD_MAC);
    gv_hpke_drop(&sender);
    gv_hpke_drop(&receiver);
    gv_hpke_key_drop(&key);
}

/* Neither as a recipient's public key nor as a sender's. */
static void assert_refused(const struct hpke_suite *suite, struct span point)
{
    struct hpke_key key = key_of(suite->kem);
    struct hpke ctx;
    uint8_t enc[HPKE_ENC_MAX];
    assert_int_equal(gv_hpke_setup_sender(&ctx, suite, point, span_str("info"), enc),
                     GV_E_BAD_KEY_SHARE);
    assert_int_equal(gv_hpke_setup_receiver(&ctx, suite, &key, point, span_str("info")),
                     GV_E_BAD_KEY_SHARE);
    gv_hpke_key_drop(&key);
}

static void is_a_public_key_of_another_length_refused(void **state)
{
    (void)state;
    for (size_t i = 0; provider->hpke->kems[i] != NULL; i++) {
        struct hpke_suite suite = suite_of(provider->hpke->kems[i]->id);
        struct hpke_key key = key_of(suite.kem);
        uint8_t longer[HPKE_ENC_MAX + 1] = {0};
        size_t len = gv_hpke_public_len(suite.kem);
        span_copy(longer, gv_hpke_public(&key));
        assert_refused(&suite, span_of(NULL, 0));
        assert_refused(&suite, span_of(longer, len - 1));
        assert_refused(&suite, span_of(longer, len + 1));
        gv_hpke_key_drop(&key);
    }
}

/* RFC 7748 section 6.1: those that make a secret of zeros, whatever the private key. */
static void is_a_point_of_low_order_refused(void **state)
{
    (void)state;
    static const char *const points[] = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    };
    struct hpke_suite suite = suite_of(HPKE_DHKEM_X25519);
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        uint8_t at[32];
        assert_int_equal(hex_read(at, sizeof at, points[i]), 32);
        assert_refused(&suite, SPAN_OF(at));
    }
}

static void is_a_point_that_is_not_on_its_curve_refused(void **state)
{
    (void)state;
    static const uint16_t kems[] = {HPKE_DHKEM_P256, HPKE_DHKEM_P384};
    for (size_t i = 0; i < COUNT_OF(kems); i++) {
        struct hpke_suite suite = suite_of(kems[i]);
        struct hpke_key key = key_of(suite.kem);
        struct span good = gv_hpke_public(&key);
        key.public_key[good.len - 1] ^= 1;
        assert_refused(&suite, good);
        key.public_key[good.len - 1] ^= 1;
        key.public_key[0] = 0x02; /* compressed, by its first byte */
        assert_refused(&suite, good);
        assert_refused(&suite, span_of(key.public_key, (good.len + 1) / 2));
        memset(key.public_key, 0, good.len); /* infinity, in no form */
        assert_refused(&suite, good);
        gv_hpke_key_drop(&key);
    }
}

static void is_a_private_key_refused_that_is_none(void **state)
{
    (void)state;
    struct hpke_key key;
    uint8_t zeros[HPKE_PRIVATE_MAX] = {0}, ones[HPKE_PRIVATE_MAX];
    memset(ones, 0xff, sizeof ones);
    for (size_t i = 0; provider->hpke->kems[i] != NULL; i++) {
        const struct hpke_kem *kem = provider->hpke->kems[i];
        size_t len = kem->group->private_len;
        assert_int_equal(gv_hpke_key_init(&key, kem, span_of(ones, len - 1)), GV_E_BAD_KEY_SHARE);
        if (!kem->rejects)
            continue;
        assert_int_equal(gv_hpke_key_init(&key, kem, span_of(zeros, len)), GV_E_BAD_KEY_SHARE);
        assert_int_equal(gv_hpke_key_init(&key, kem, span_of(ones, len)), GV_E_BAD_KEY_SHARE);
    }
}

static void do_the_messages_end_with_their_numbers(void **state)
{
    (void)state;
    struct hpke_suite suite = suite_of(HPKE_DHKEM_X25519);
    struct ends e = ends_of(&suite);
    uint8_t at[SEALED];
    e.sender.sequence = e.receiver.sequence = UINT64_MAX - 1;
    seal(&e, at);
    assert_int_equal(gv_hpke_open(&e.receiver, span_str("aad"), at, SEALED), GV_OK);
    assert_int_equal(gv_hpke_seal(&e.sender, span_str("aad"), span_str("hello"), at),
                     GV_E_SEQUENCE_EXHAUSTED);
    assert_int_equal(gv_hpke_open(&e.receiver, span_str("aad"), at, SEALED),
                     GV_E_SEQUENCE_EXHAUSTED);
    ends_drop(&e);
}

int main(void)
{
    provider = gv_openssl_provider();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_every_suite_open_what_it_sealed),
        cmocka_unit_test(is_a_suite_found_only_where_all_its_parts_are_known),
        cmocka_unit_test(is_a_message_refused_whose_tag_or_aad_is_not_its_own),
        cmocka_unit_test(is_a_message_refused_that_comes_out_of_turn),
        cmocka_unit_test(does_other_info_give_other_keys),
        cmocka_unit_test(is_a_public_key_of_another_length_refused),
        cmocka_unit_test(is_a_point_of_low_order_refused),
        cmocka_unit_test(is_a_point_that_is_not_on_its_curve_refused),
        cmocka_unit_test(is_a_private_key_refused_that_is_none),
        cmocka_unit_test(do_the_messages_end_with_their_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
