/* libcrypto's error queue belongs to the caller: whatever stands in it, no function of the provider
 * answers otherwise, and none leaves an entry or takes one away. */
#include "crypto/openssl/openssl.h"
#include "lib/keys.h"
#include "lib/vectors.h"
#include "wire/codepoints.h"

#include <openssl/err.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct provider *provider;

static void aeads(void)
{
    struct aead a = {NULL, NULL};
    for (const struct cipher_suite_info *const *s = provider->suites; *s != NULL; s++) {
        const struct aead_alg *alg = (*s)->aead;
        uint8_t key[AEAD_KEY_MAX] = {1}, nonce[AEAD_NONCE] = {2}, text[4 + AEAD_TAG];
        assert_int_equal(alg->key(alg, &a, key, true), GV_OK);
        assert_int_equal(alg->seal(&a, nonce, span_str("a"), span_str("tex"), span_str("t"), text),
                         GV_OK);
        assert_int_equal(alg->key(alg, &a, key, false), GV_OK);
        assert_int_equal(alg->open(&a, nonce, span_str("a"), text, sizeof text), GV_OK);
        assert_int_equal(alg->open(&a, nonce, span_str("a"), text, sizeof text),
                         GV_E_BAD_RECORD_MAC);
        assert_int_equal(alg->open(&a, nonce, span_str("a"), text, 3), GV_E_BAD_RECORD_MAC);
    }
    gv_aead_drop(&a);
}

static void key_exchanges(void)
{
    for (const struct key_exchange_group *const *g = provider->groups; *g != NULL; g++) {
        struct key_exchange x = {NULL, NULL};
        uint8_t client[KEY_SHARE_MAX], server[KEY_SHARE_MAX], zeros[KEY_SHARE_MAX] = {0};
        struct secret secret;
        size_t len = (*g)->client_share_len, server_len = (*g)->server_share_len;
        assert_int_equal((*g)->start(*g, &x, client), GV_OK);
        assert_int_equal((*g)->answer(*g, span_of(client, len), server, &secret), GV_OK);
        assert_int_equal((*g)->finish(&x, span_of(server, server_len), &secret), GV_OK);
        zeros[0] = 4; /* off the curve */
        if ((*g)->code != GROUP_X25519)
            assert_int_equal((*g)->answer(*g, span_of(zeros, len), server, &secret),
                             GV_E_BAD_KEY_SHARE);
        zeros[0] = 0; /* of small order */
        assert_int_equal((*g)->finish(&x, span_of(zeros, server_len), &secret), GV_E_BAD_KEY_SHARE);
        gv_key_exchange_drop(&x);
    }
}

static void signatures(void)
{
    static const char *const names[] = {"p256", "rsa2048", "ed25519"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct signing_key *key = test_key(names[i]);
        struct span algorithm, public_key;
        uint8_t signature[SIGNATURE_MAX];
        size_t len;
        vector_spki(key->spki, &algorithm, &public_key);
        const struct signature_verifier *const *v = provider->verifiers;
        while (!span_equal((*v)->key_algorithm, algorithm) || (*v)->scheme != key->schemes[0])
            v++;
        struct span message = span_str("message");
        assert_int_equal(key->sign(key, key->schemes[0], message, signature, &len), GV_OK);
        assert_int_equal((*v)->verify(*v, public_key, message, span_of(signature, len)), GV_OK);
        assert_int_equal((*v)->verify(*v, public_key, message, span_of(signature, len - 1)),
                         GV_E_BAD_SIGNATURE);
        assert_int_equal(
            (*v)->verify(*v, span_of(public_key.at, 1), message, span_of(signature, len)),
            GV_E_BAD_SIGNATURE);
        signature[len - 1] ^= 1;
        assert_int_equal((*v)->verify(*v, public_key, message, span_of(signature, len)),
                         GV_E_BAD_SIGNATURE);
        memset(signature, 0xff, sizeof signature);
        assert_int_equal((*v)->verify(*v, public_key, message, span_of(signature, len)),
                         GV_E_BAD_SIGNATURE);
        gv_signing_key_free(key);
    }
}

static void keys_that_do_not_load(void)
{
    static const uint8_t garbage[] = {0x30, 0x03, 0x02, 0x01, 0x00};
    uint8_t place[TEST_KEY_DER_MAX];
    struct signing_key *key = NULL;
    assert_int_equal(provider->load_key(SPAN_OF(garbage), &key), GV_E_PRIVATE_KEY_PARSE);
    assert_int_equal(provider->load_key(test_key_der("rsa1024", place), &key),
                     GV_E_PRIVATE_KEY_UNSUITABLE);
    struct span der = test_key_der("p256-sec1", place);
    place[der.len - 1] ^= 1;
    assert_int_equal(provider->load_key(der, &key), GV_E_PRIVATE_KEY_PARSE);
}

static void random_numbers(void)
{
    uint8_t out[32];
    assert_int_equal(provider->random(out, sizeof out), GV_OK);
}

static void all(void)
{
    /* The first of these is what makes the provider. */
    provider = gv_openssl_provider();
    assert_non_null(provider);
    aeads();
    key_exchanges();
    signatures();
    keys_that_do_not_load();
    random_numbers();
}

static void is_an_empty_queue_left_empty(void **state)
{
    (void)state;
    all();
    assert_int_equal(ERR_peek_error(), 0);
}

static void are_the_callers_entries_left_alone(void **state)
{
    (void)state;
    static const unsigned long entries[] = {ERR_PACK(ERR_LIB_USER, 0, 101),
                                            ERR_PACK(ERR_LIB_ASN1, 0, 102),
                                            ERR_PACK(ERR_LIB_EVP, 0, ERR_R_MALLOC_FAILURE)};
    for (size_t i = 0; i < COUNT_OF(entries); i++) {
        ERR_new();
        ERR_set_error(ERR_GET_LIB(entries[i]), ERR_GET_REASON(entries[i]), "the caller's");
    }
    all();
    for (size_t i = 0; i < COUNT_OF(entries); i++) {
        const char *data = NULL;
        assert_int_equal(ERR_get_error_all(NULL, NULL, NULL, &data, NULL), entries[i]);
        assert_string_equal(data, "the caller's");
    }
    assert_int_equal(ERR_peek_error(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_an_empty_queue_left_empty),
        cmocka_unit_test(are_the_callers_entries_left_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
