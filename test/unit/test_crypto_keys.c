/* Private keys: every form that loads, what does not, and whether what they sign verifies. */
#include "crypto/openssl/openssl.h"
#include "lib/heap.h"
#include "lib/hex.h"
#include "lib/keys.h"
#include "lib/vectors.h"
#include "wire/codepoints.h"

#include "base/mem.h"

#include <openssl/rsa.h>
#include <openssl/x509.h>
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

static enum gv_err load(struct span der)
{
    struct signing_key *key = NULL;
    enum gv_err err = provider->load_key(der, &key);
    assert_int_equal(err == GV_OK, key != NULL);
    gv_signing_key_free(key);
    return err;
}

/* The verifier for a key and a scheme in one use of it, NULL where there is none; and the key as it
 * takes it. */
static const struct signature_verifier *verifier(const struct signing_key *key, uint16_t scheme,
                                                 uint8_t use, struct span *public_key)
{
    struct span algorithm;
    vector_spki(key->spki, &algorithm, public_key);
    const struct signature_verifier *const *v = provider->verifiers;
    while (*v != NULL && !((*v)->scheme == scheme && ((*v)->use & use) &&
                           span_equal((*v)->key_algorithm, algorithm)))
        v++;
    return *v;
}

static const struct {
    const char *name, *other_form;
    uint8_t schemes;
    uint16_t first;
} loads[] = {
    {"p256", "p256-sec1", 1, SCHEME_ECDSA_SECP256R1_SHA256},
    {"p384", "p384-sec1", 1, SCHEME_ECDSA_SECP384R1_SHA384},
    {"p521", "p521-sec1", 1, SCHEME_ECDSA_SECP521R1_SHA512},
    {"rsa2048", "rsa2048-pkcs1", 6, SCHEME_RSA_PSS_RSAE_SHA512},
    {"rsa3072", "rsa3072-pkcs1", 6, SCHEME_RSA_PSS_RSAE_SHA512},
    {"ed25519", NULL, 1, SCHEME_ED25519},
};

static void does_a_key_load_in_every_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(loads); i++) {
        struct signing_key *key = test_key(loads[i].name);
        assert_int_equal(key->scheme_count, loads[i].schemes);
        assert_int_equal(key->schemes[0], loads[i].first);
        if (loads[i].other_form != NULL) {
            struct signing_key *other = test_key(loads[i].other_form);
            assert_true(span_equal(key->spki, other->spki));
            gv_signing_key_free(other);
        }
        gv_signing_key_free(gv_signing_key_ref(key));
        gv_signing_key_free(key);
    }
    gv_signing_key_free(NULL);
}

static void sign_and_verify(const struct signing_key *key, uint16_t scheme, uint8_t use)
{
    struct span public;
    const struct signature_verifier *v = verifier(key, scheme, use, &public);
    if (v == NULL)
        return;
    uint8_t signature[SIGNATURE_MAX], message[] = "what is signed";
    size_t len = 0;
    assert_int_equal(key->sign(key, scheme, SPAN_OF(message), signature, &len), GV_OK);
    assert_true(len > 0 && len <= SIGNATURE_MAX);
    assert_int_equal(v->verify(v, public, SPAN_OF(message), span_of(signature, len)), GV_OK);
    message[0] ^= 1;
    assert_int_equal(v->verify(v, public, SPAN_OF(message), span_of(signature, len)),
                     GV_E_BAD_SIGNATURE);
    message[0] ^= 1;
    for (size_t cut = 0; cut < len; cut += 1 + cut / 8)
        assert_int_equal(v->verify(v, public, SPAN_OF(message), span_of(signature, cut)),
                         GV_E_BAD_SIGNATURE);
    assert_int_equal(v->verify(v, public, SPAN_OF(message), span_of(signature, len + 1)),
                     GV_E_BAD_SIGNATURE);
    for (size_t cut = 0; cut < public.len; cut += 1 + cut / 8)
        assert_int_equal(
            v->verify(v, span_of(public.at, cut), SPAN_OF(message), span_of(signature, len)),
            GV_E_BAD_SIGNATURE);
}

static void does_what_a_key_signs_verify(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(loads); i++) {
        struct signing_key *key = test_key(loads[i].name);
        for (size_t j = 0; j < key->scheme_count; j++) {
            struct span public;
            assert_non_null(verifier(key, key->schemes[j], SIGNS_TLS12, &public));
            sign_and_verify(key, key->schemes[j], SIGNS_TLS13);
            sign_and_verify(key, key->schemes[j], SIGNS_TLS12);
            sign_and_verify(key, key->schemes[j], SIGNS_CERTIFICATES);
        }
        uint8_t out[SIGNATURE_MAX];
        size_t len;
        assert_int_equal(key->sign(key, 0x0203, span_str(""), out, &len), GV_E_INTERNAL);
        gv_signing_key_free(key);
    }
}

static void is_a_key_too_small_unsuitable(void **state)
{
    (void)state;
    uint8_t place[TEST_KEY_DER_MAX];
    assert_int_equal(load(test_key_der("rsa1024", place)), GV_E_PRIVATE_KEY_UNSUITABLE);
}

/* PKCS#8 of a key that OpenSSL makes; consumes it. */
static struct span pkcs8(EVP_PKEY *key, uint8_t place[TEST_KEY_DER_MAX])
{
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key);
    assert_non_null(info);
    int len = i2d_PKCS8_PRIV_KEY_INFO(info, &(unsigned char *){place});
    assert_true(len > 0 && len <= TEST_KEY_DER_MAX);
    PKCS8_PRIV_KEY_INFO_free(info);
    EVP_PKEY_free(key);
    return span_of(place, (size_t)len);
}

static void are_kinds_of_keys_that_we_cannot_verify_unsuitable(void **state)
{
    (void)state;
    uint8_t place[TEST_KEY_DER_MAX];
    assert_int_equal(load(pkcs8(EVP_PKEY_Q_keygen(NULL, NULL, "X25519"), place)),
                     GV_E_PRIVATE_KEY_UNSUITABLE);
    assert_int_equal(load(pkcs8(EVP_PKEY_Q_keygen(NULL, NULL, "ED448"), place)),
                     GV_E_PRIVATE_KEY_UNSUITABLE);
    assert_int_equal(load(pkcs8(EVP_EC_gen("secp256k1"), place)), GV_E_PRIVATE_KEY_UNSUITABLE);
    assert_int_equal(load(pkcs8(EVP_EC_gen("P-224"), place)), GV_E_PRIVATE_KEY_UNSUITABLE);
}

static void is_a_curve_given_by_its_parameters_unsuitable(void **state)
{
    (void)state;
    uint8_t place[TEST_KEY_DER_MAX];
    EC_KEY *key = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
    assert_int_equal(EC_KEY_generate_key(key), 1);
    EC_KEY_set_asn1_flag(key, OPENSSL_EC_EXPLICIT_CURVE);
    int len = i2d_ECPrivateKey(key, &(unsigned char *){place});
    assert_true(len > 200);
    assert_int_equal(load(span_of(place, (size_t)len)), GV_E_PRIVATE_KEY_UNSUITABLE);
    EC_KEY_set_enc_flags(key, EC_PKEY_NO_PARAMETERS); /* SEC 1 that does not say its curve */
    len = i2d_ECPrivateKey(key, &(unsigned char *){place});
    assert_int_equal(load(span_of(place, (size_t)len)), GV_E_PRIVATE_KEY_PARSE);
    EC_KEY_free(key);
}

/* RFC 8410 section 10.3 */
static const char ed25519_v1[] = "302e020100300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad"
                                 "3afe7c28cbf1d4fbe097a88f44755842";
static const char ed25519_v2[] =
    "3072020101300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f"
    "44755842a01f301d060a2a864886f70d01090914310f0c0d437572646c6520436861697273812100"
    "19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";

static void does_the_second_version_of_pkcs8_load(void **state)
{
    (void)state;
    uint8_t der[128];
    size_t len = hex_read(der, sizeof der, ed25519_v1);
    assert_int_equal(load(span_of(der, len)), GV_OK);
    len = hex_read(der, sizeof der, ed25519_v2);
    assert_int_equal(load(span_of(der, len)), GV_OK);
    der[len - 1] ^= 1; /* a public key that is not this key's */
    assert_int_equal(load(span_of(der, len)), GV_E_PRIVATE_KEY_PARSE);
    der[len - 1] ^= 1;
    der[4] = 2; /* a version to come */
    assert_int_equal(load(span_of(der, len)), GV_E_PRIVATE_KEY_PARSE);
}

static void do_halves_that_do_not_fit_each_other_fail(void **state)
{
    (void)state;
    uint8_t place[TEST_KEY_DER_MAX];
    /* The last bytes are EC's public point, and RSA's qInv. */
    struct span der = test_key_der("p256", place);
    place[der.len - 1] ^= 1;
    assert_int_equal(load(der), GV_E_PRIVATE_KEY_PARSE);
    /* n of RSA, in its middle */
    der = test_key_der("rsa2048-pkcs1", place);
    place[150] ^= 1;
    assert_int_equal(load(der), GV_E_PRIVATE_KEY_PARSE);
}

static const char *const every_kind[] = {"p256",    "p256-sec1",     "p384",    "p521-sec1",
                                         "rsa2048", "rsa2048-pkcs1", "ed25519", "rsa1024"};

static void is_every_truncation_refused(void **state)
{
    (void)state;
    uint8_t place[TEST_KEY_DER_MAX + 1];
    for (size_t i = 0; i < COUNT_OF(every_kind); i++) {
        struct span der = test_key_der(every_kind[i], place);
        for (size_t len = 0; len < der.len; len++)
            assert_int_equal(load(span_of(place, len)), GV_E_PRIVATE_KEY_PARSE);
        place[der.len] = 0;
        assert_int_equal(load(span_of(place, der.len + 1)), GV_E_PRIVATE_KEY_PARSE);
    }
}

/* No answer is expected here (a bit of a seed makes another good key), only that there is one. */
static void does_every_changed_byte_end_well(void **state)
{
    (void)state;
    uint8_t place[TEST_KEY_DER_MAX];
    for (size_t i = 0; i < COUNT_OF(every_kind); i++) {
        struct span der = test_key_der(every_kind[i], place);
        size_t step = der.len > 300 ? 7 : 1;
        for (size_t at = 0; at < der.len; at += at < 40 ? 1 : step) {
            place[at] ^= (uint8_t)(1 << at % 8);
            enum gv_err err = load(der);
            assert_true(err == GV_OK || err == GV_E_PRIVATE_KEY_PARSE ||
                        err == GV_E_PRIVATE_KEY_UNSUITABLE);
            place[at] ^= (uint8_t)(1 << at % 8);
        }
    }
}

static void is_no_memory_told(void **state)
{
    (void)state;
    uint8_t place[TEST_KEY_DER_MAX];
    struct span der = test_key_der("p256", place);
    gv_mem_replace(heap_alloc, heap_release);
    heap_fail_at(1);
    assert_int_equal(load(der), GV_E_NO_MEMORY);
    heap_fail_at(0);
    assert_int_equal(load(der), GV_OK);
    assert_int_equal(heap_live(), 0);
    gv_mem_replace(NULL, NULL);
}

static void are_rsa_keys_of_odd_form_refused(void **state)
{
    (void)state;
    struct signing_key *key = test_key("rsa2048");
    struct span public;
    const struct signature_verifier *v =
        verifier(key, SCHEME_RSA_PSS_RSAE_SHA256, SIGNS_TLS13, &public);
    uint8_t signature[SIGNATURE_MAX], changed[300];
    size_t len;
    struct span message = span_str("message");
    assert_int_equal(key->sign(key, v->scheme, message, signature, &len), GV_OK);
    assert_int_equal(v->verify(v, public, message, span_of(signature, len)), GV_OK);

    memcpy(changed, public.at, public.len);
    changed[public.len - 1] = 2; /* an even exponent */
    assert_int_equal(v->verify(v, span_of(changed, public.len), message, span_of(signature, len)),
                     GV_E_BAD_SIGNATURE);
    memcpy(changed, public.at, public.len);
    changed[public.len - 6] ^= 1; /* an even modulus */
    assert_int_equal(v->verify(v, span_of(changed, public.len), message, span_of(signature, len)),
                     GV_E_BAD_SIGNATURE);
    memcpy(changed, public.at, public.len);
    changed[public.len] = 0; /* a byte too many */
    assert_int_equal(
        v->verify(v, span_of(changed, public.len + 1), message, span_of(signature, len)),
        GV_E_BAD_SIGNATURE);
    memset(signature, 0xff, len); /* not below the modulus */
    assert_int_equal(v->verify(v, public, message, span_of(signature, len)), GV_E_BAD_SIGNATURE);
    gv_signing_key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_a_key_load_in_every_form),
        cmocka_unit_test(does_what_a_key_signs_verify),
        cmocka_unit_test(is_a_key_too_small_unsuitable),
        cmocka_unit_test(are_kinds_of_keys_that_we_cannot_verify_unsuitable),
        cmocka_unit_test(is_a_curve_given_by_its_parameters_unsuitable),
        cmocka_unit_test(does_the_second_version_of_pkcs8_load),
        cmocka_unit_test(do_halves_that_do_not_fit_each_other_fail),
        cmocka_unit_test(is_every_truncation_refused),
        cmocka_unit_test(does_every_changed_byte_end_well),
        cmocka_unit_test(is_no_memory_told),
        cmocka_unit_test(are_rsa_keys_of_odd_form_refused),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
