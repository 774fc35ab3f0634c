/* Digests, AEADs and key exchanges: what is used again, what is refused, what fits together. */
#include "crypto/openssl/openssl.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct provider *provider;

static int setup(void **state)
{
    (void)state;
    provider = gv_openssl_provider();
    return provider == NULL;
}

static void does_peek_leave_a_digest_as_it_was(void **state)
{
    (void)state;
    const struct hash_alg *algs[] = {&gv_openssl_sha256, &gv_openssl_sha384, &gv_openssl_sha512};
    for (size_t i = 0; i < COUNT_OF(algs); i++) {
        struct hash h, snapshot;
        uint8_t half[HASH_MAX], whole[HASH_MAX], out[HASH_MAX];
        assert_int_equal(gv_openssl_digest(algs[i], span_str("half"), half), GV_OK);
        assert_int_equal(gv_openssl_digest(algs[i], span_str("half and half"), whole), GV_OK);
        assert_int_equal(algs[i]->start(algs[i], &h), GV_OK);
        assert_int_equal(algs[i]->add(&h, (struct span){NULL, 0}), GV_OK);
        assert_int_equal(algs[i]->add(&h, span_str("half")), GV_OK);
        assert_int_equal(algs[i]->peek(&h, out), GV_OK);
        assert_memory_equal(out, half, algs[i]->len);
        snapshot = h;
        assert_int_equal(algs[i]->add(&h, span_str(" and half")), GV_OK);
        assert_int_equal(algs[i]->peek(&h, out), GV_OK);
        assert_memory_equal(out, whole, algs[i]->len);
        assert_int_equal(algs[i]->finish(&h, out), GV_OK);
        assert_memory_equal(out, whole, algs[i]->len);
        assert_int_equal(algs[i]->finish(&snapshot, out), GV_OK);
        assert_memory_equal(out, half, algs[i]->len);
        gv_hash_drop(&h);
        assert_null(h.alg);
    }
}

static const uint8_t key_a[AEAD_KEY_MAX] = {1, 2, 3}, key_b[AEAD_KEY_MAX] = {4, 5, 6};
static const uint8_t nonce[AEAD_NONCE] = {9};

static void seal_with(struct aead *a, const struct aead_alg *alg, const uint8_t *key, uint8_t *out)
{
    assert_int_equal(alg->key(alg, a, key, true), GV_OK);
    assert_int_equal(
        alg->seal(a, nonce, span_str("header"), span_str("hello"), span_str("\x17"), out), GV_OK);
}

static enum gv_err open_with(struct aead *a, const struct aead_alg *alg, const uint8_t *key,
                             const uint8_t *sealed)
{
    uint8_t text[6 + AEAD_TAG];
    memcpy(text, sealed, sizeof text);
    assert_int_equal(alg->key(alg, a, key, false), GV_OK);
    enum gv_err err = alg->open(a, nonce, span_str("header"), text, sizeof text);
    if (err == GV_OK)
        assert_memory_equal(text, "hello\x17", 6);
    return err;
}

static void does_a_context_take_key_after_key(void **state)
{
    (void)state;
    const struct aead_alg *algs[] = {&gv_openssl_aes_128_gcm, &gv_openssl_aes_256_gcm,
                                     &gv_openssl_chacha20_poly1305};
    struct aead a = {NULL, NULL};
    for (size_t round = 0; round < 9; round++) {
        const struct aead_alg *alg = algs[round % 3];
        uint8_t first[6 + AEAD_TAG], second[6 + AEAD_TAG], again[6 + AEAD_TAG];
        seal_with(&a, alg, key_a, first);
        seal_with(&a, alg, key_b, second);
        seal_with(&a, alg, key_a, again);
        assert_memory_equal(first, again, sizeof first);
        assert_memory_not_equal(first, second, sizeof first);
        assert_int_equal(open_with(&a, alg, key_b, second), GV_OK);
        assert_int_equal(open_with(&a, alg, key_a, second), GV_E_BAD_RECORD_MAC);
        assert_int_equal(open_with(&a, alg, key_a, first), GV_OK);
    }
    gv_aead_drop(&a);
    gv_aead_drop(&a);
    assert_null(a.impl);
}

static void does_every_changed_bit_spoil_a_record(void **state)
{
    (void)state;
    struct aead a = {NULL, NULL};
    for (const struct cipher_suite_info *const *s = provider->suites; *s != NULL; s++) {
        uint8_t sealed[6 + AEAD_TAG];
        seal_with(&a, (*s)->aead, key_a, sealed);
        for (size_t bit = 0; bit < 8 * sizeof sealed; bit++) {
            sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
            assert_int_equal(open_with(&a, (*s)->aead, key_a, sealed), GV_E_BAD_RECORD_MAC);
            sealed[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
    }
    gv_aead_drop(&a);
}

static void is_what_is_shorter_than_a_tag_refused(void **state)
{
    (void)state;
    struct aead a = {NULL, NULL};
    uint8_t text[AEAD_TAG] = {0};
    const struct aead_alg *alg = &gv_openssl_aes_128_gcm;
    assert_int_equal(alg->key(alg, &a, key_a, false), GV_OK);
    for (size_t len = 0; len <= AEAD_TAG; len++)
        assert_int_equal(alg->open(&a, nonce, span_str(""), text, len), GV_E_BAD_RECORD_MAC);
    gv_aead_drop(&a);
}

static void may_a_record_be_sealed_in_its_place(void **state)
{
    (void)state;
    struct aead a = {NULL, NULL};
    for (const struct cipher_suite_info *const *s = provider->suites; *s != NULL; s++) {
        const struct aead_alg *alg = (*s)->aead;
        uint8_t apart[6 + AEAD_TAG], place[6 + AEAD_TAG] = "hello";
        seal_with(&a, alg, key_a, apart);
        assert_int_equal(
            alg->seal(&a, nonce, span_str("header"), span_of(place, 5), span_str("\x17"), place),
            GV_OK);
        assert_memory_equal(apart, place, sizeof apart);
    }
    gv_aead_drop(&a);
}

static void do_both_sides_come_to_one_secret(void **state)
{
    (void)state;
    for (const struct key_exchange_group *const *g = provider->groups; *g != NULL; g++) {
        struct key_exchange x = {NULL, NULL};
        uint8_t client[KEY_SHARE_MAX], server[KEY_SHARE_MAX], other[KEY_SHARE_MAX];
        struct secret a, b, c;
        assert_int_equal((*g)->start(*g, &x, client), GV_OK);
        assert_int_equal((*g)->answer(*g, span_of(client, (*g)->client_share_len), server, &a),
                         GV_OK);
        assert_int_equal((*g)->answer(*g, span_of(client, (*g)->client_share_len), other, &c),
                         GV_OK);
        assert_int_equal((*g)->finish(&x, span_of(server, (*g)->server_share_len), &b), GV_OK);
        assert_true(gv_secret_equal(secret_span(&a), secret_span(&b)));
        assert_false(gv_secret_equal(secret_span(&a), secret_span(&c)));
        assert_true(a.len >= 32);
        gv_key_exchange_drop(&x);
        gv_key_exchange_drop(&x);
    }
}

/* Both roles must refuse the share; x belongs to the client. */
static void refuses(struct key_exchange *x, struct span share)
{
    struct secret secret;
    uint8_t out[KEY_SHARE_MAX];
    const struct key_exchange_group *g = x->group;
    assert_int_equal(g->finish(x, share, &secret), GV_E_BAD_KEY_SHARE);
    assert_int_equal(g->answer(g, share, out, &secret), GV_E_BAD_KEY_SHARE);
}

static void are_shares_of_another_length_refused(void **state)
{
    (void)state;
    for (const struct key_exchange_group *const *g = provider->groups; *g != NULL; g++) {
        struct key_exchange x = {NULL, NULL};
        uint8_t share[KEY_SHARE_MAX + 1] = {0};
        assert_int_equal((*g)->start(*g, &x, share), GV_OK);
        for (size_t len = 0; len < sizeof share; len++)
            if (len != (*g)->client_share_len && len != (*g)->server_share_len)
                refuses(&x, span_of(share, len));
        gv_key_exchange_drop(&x);
    }
}

static void are_unusual_points_refused(void **state)
{
    (void)state;
    const struct key_exchange_group *groups[] = {&gv_openssl_secp256r1, &gv_openssl_secp384r1};
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        struct key_exchange x = {NULL, NULL};
        uint8_t share[97];
        size_t len = groups[i]->client_share_len;
        assert_int_equal(groups[i]->start(groups[i], &x, share), GV_OK);
        share[len - 1] ^= 1; /* off the curve */
        refuses(&x, span_of(share, len));
        share[len - 1] ^= 1;
        uint8_t even_or_odd = share[len - 1] & 1;
        share[0] = 2 + even_or_odd; /* compressed: RFC 8422 section 5.11 */
        refuses(&x, span_of(share, (len + 1) / 2));
        refuses(&x, span_of(share, len));
        share[0] = 6 + even_or_odd; /* hybrid */
        refuses(&x, span_of(share, len));
        memset(share, 0, len); /* infinity, and infinity made as long as a point */
        refuses(&x, span_of(share, 1));
        refuses(&x, span_of(share, len));
        memset(share + 1, 0xff, len - 1); /* coordinates above the field's prime */
        share[0] = 4;
        refuses(&x, span_of(share, len));
        gv_key_exchange_drop(&x);
    }
}

/* RFC 7748 section 6.1: all points of small order lead to the secret of zeros. */
static void are_points_of_small_order_refused(void **state)
{
    (void)state;
    static const uint8_t order_8[32] = {0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae,
                                        0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
                                        0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd,
                                        0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00};
    struct key_exchange x = {NULL, NULL};
    uint8_t share[32];
    assert_int_equal(gv_openssl_x25519.start(&gv_openssl_x25519, &x, share), GV_OK);
    refuses(&x, SPAN_OF(order_8));
    memset(share, 0, sizeof share);
    refuses(&x, SPAN_OF(share));
    share[0] = 1;
    refuses(&x, SPAN_OF(share));
    gv_key_exchange_drop(&x);
}

static void are_private_scalars_out_of_range_refused(void **state)
{
    (void)state;
    uint8_t scalar[48];
    struct key_exchange x = {NULL, NULL};
    memset(scalar, 0xff, sizeof scalar);
    const struct key_exchange_group *g = &gv_openssl_secp256r1;
    assert_int_equal(gv_openssl_ecdh_import(g, &x, span_of(scalar, 32)), GV_E_BAD_KEY_SHARE);
    assert_int_equal(gv_openssl_ecdh_import(g, &x, span_of(scalar, 48)), GV_E_BAD_KEY_SHARE);
    memset(scalar, 0, sizeof scalar);
    assert_int_equal(gv_openssl_ecdh_import(g, &x, span_of(scalar, 32)), GV_E_BAD_KEY_SHARE);
    g = &gv_openssl_x25519;
    assert_int_equal(gv_openssl_x25519_import(g, &x, span_of(scalar, 31)), GV_E_BAD_KEY_SHARE);
    assert_null(x.impl);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_peek_leave_a_digest_as_it_was),
        cmocka_unit_test(does_a_context_take_key_after_key),
        cmocka_unit_test(does_every_changed_bit_spoil_a_record),
        cmocka_unit_test(is_what_is_shorter_than_a_tag_refused),
        cmocka_unit_test(may_a_record_be_sealed_in_its_place),
        cmocka_unit_test(do_both_sides_come_to_one_secret),
        cmocka_unit_test(are_shares_of_another_length_refused),
        cmocka_unit_test(are_unusual_points_refused),
        cmocka_unit_test(are_points_of_small_order_refused),
        cmocka_unit_test(are_private_scalars_out_of_range_refused),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
