/* The provider that fuzzers use: is everything real replaced, and does it do what it promises? */
#include "lib/fake_provider.h"
#include "lib/keys.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void are_its_lists_the_real_ones_with_nothing_real_behind_them(void **state)
{
    (void)state;
    const struct provider *fake = fake_provider(), *real = gv_openssl_provider();
    size_t i;
    for (i = 0; real->suites[i] != NULL; i++) {
        assert_int_equal(fake->suites[i]->code, real->suites[i]->code);
        assert_true(fake->suites[i]->aead->open != real->suites[i]->aead->open);
    }
    assert_null(fake->suites[i]);
    for (i = 0; real->groups[i] != NULL; i++) {
        assert_int_equal(fake->groups[i]->code, real->groups[i]->code);
        assert_true(fake->groups[i]->finish != real->groups[i]->finish);
    }
    assert_null(fake->groups[i]);
    for (i = 0; real->verifiers[i] != NULL; i++) {
        assert_int_equal(fake->verifiers[i]->scheme, real->verifiers[i]->scheme);
        assert_true(fake->verifiers[i]->verify != real->verifiers[i]->verify);
    }
    assert_null(fake->verifiers[i]);
}

static void is_sealing_the_identity(void **state)
{
    (void)state;
    const struct aead_alg *alg = fake_provider()->suites[0]->aead;
    struct aead a = {NULL, NULL};
    uint8_t nonce[AEAD_NONCE] = {0}, key[AEAD_KEY_MAX] = {0}, out[5 + AEAD_TAG];
    assert_int_equal(alg->key(alg, &a, key, true), GV_OK);
    assert_int_equal(alg->seal(&a, nonce, span_str(""), span_str("text"), span_str("t"), out),
                     GV_OK);
    assert_memory_equal(out, "textt", 5);
    assert_int_equal(out[5], FAKE_TAG);
    assert_int_equal(alg->open(&a, nonce, span_str(""), out, sizeof out), GV_OK);
    assert_memory_equal(out, "textt", 5);
    assert_int_equal(alg->open(&a, nonce, span_str(""), out, 15), GV_E_BAD_RECORD_MAC);
    gv_aead_drop(&a);
}

static void do_key_exchanges_and_signatures_pass(void **state)
{
    (void)state;
    const struct provider *fake = fake_provider();
    uint8_t share[KEY_SHARE_MAX], place[TEST_KEY_DER_MAX], signature[SIGNATURE_MAX];
    struct secret a, b;
    struct key_exchange x = {NULL, NULL};
    const struct key_exchange_group *g = fake->groups[0];
    assert_int_equal(g->start(g, &x, share), GV_OK);
    assert_int_equal(g->finish(&x, span_of(share, g->server_share_len), &a), GV_OK);
    assert_int_equal(g->answer(g, span_of(share, g->client_share_len), share, &b), GV_OK);
    assert_true(gv_secret_equal(secret_span(&a), secret_span(&b)));
    assert_int_equal(g->finish(&x, span_of(share, 1), &a), GV_E_BAD_KEY_SHARE);
    gv_key_exchange_drop(&x);

    struct signing_key *key = NULL;
    size_t len = 0;
    assert_int_equal(fake->load_key(test_key_der("p256", place), &key), GV_OK);
    assert_int_equal(key->sign(key, key->schemes[0], span_str("m"), signature, &len), GV_OK);
    const struct signature_verifier *v = fake->verifiers[0];
    assert_int_equal(v->verify(v, span_str(""), span_str("m"), span_of(signature, len)), GV_OK);
    assert_int_equal(v->verify(v, span_str(""), span_str("m"), span_str("")), GV_E_BAD_SIGNATURE);
    gv_signing_key_free(key);
}

static void do_random_bytes_repeat_after_a_reset(void **state)
{
    (void)state;
    uint8_t a[64], b[64], c[64];
    fake_provider_reset();
    assert_int_equal(fake_provider()->random(a, sizeof a), GV_OK);
    assert_int_equal(fake_provider()->random(b, sizeof b), GV_OK);
    fake_provider_reset();
    assert_int_equal(fake_provider()->random(c, sizeof c), GV_OK);
    assert_memory_equal(a, c, sizeof a);
    assert_memory_not_equal(a, b, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_its_lists_the_real_ones_with_nothing_real_behind_them),
        cmocka_unit_test(is_sealing_the_identity),
        cmocka_unit_test(do_key_exchanges_and_signatures_pass),
        cmocka_unit_test(do_random_bytes_repeat_after_a_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
