/* Wycheproof's vectors for the AEADs, through the provider. */
#include "lib/vectors.h"

#include "crypto/openssl/openssl.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { TEXT_MAX = 4096 };

/* One context for all vectors of a file: each key finds a context that was used before. */
static struct aead sealer, opener;

static bool seals(const struct aead_alg *alg, const struct vector *v, struct span sealed)
{
    struct span text = vector_hex(v->test, "msg");
    uint8_t out[TEXT_MAX + AEAD_TAG];
    /* The tail is sealed as if it stood behind the text, wherever the two are cut. */
    for (size_t cut = 0; cut <= text.len; cut += 1 + text.len / 3) {
        memset(out, 0x55, sizeof out);
        if (alg->key(alg, &sealer, vector_hex(v->test, "key").at, true) != GV_OK ||
            alg->seal(&sealer, vector_hex(v->test, "iv").at, vector_hex(v->test, "aad"),
                      span_of(text.at, cut), span_from(text, cut), out) != GV_OK)
            return false;
        if ((memcmp(out, sealed.at, sealed.len) == 0) != v->valid || out[sealed.len] != 0x55)
            return false;
    }
    return true;
}

static bool opens(const struct aead_alg *alg, const struct vector *v, struct span sealed)
{
    struct span text = vector_hex(v->test, "msg");
    uint8_t place[TEXT_MAX + AEAD_TAG];
    span_copy(place, sealed);
    if (alg->key(alg, &opener, vector_hex(v->test, "key").at, false) != GV_OK)
        return false;
    enum gv_err err = alg->open(&opener, vector_hex(v->test, "iv").at, vector_hex(v->test, "aad"),
                                place, sealed.len);
    if (!v->valid)
        return err == GV_E_BAD_RECORD_MAC;
    return err == GV_OK && span_equal(text, span_of(place, text.len));
}

static bool check(const struct aead_alg *alg, const struct vector *v, bool *counts)
{
    *counts = vector_number(v->group, "ivSize") == 8 * AEAD_NONCE &&
              vector_number(v->group, "tagSize") == 8 * AEAD_TAG &&
              vector_number(v->group, "keySize") == 8 * (size_t)alg->key_len;
    if (!*counts)
        return true;
    struct span text = vector_hex(v->test, "ct"), tag = vector_hex(v->test, "tag");
    uint8_t sealed[TEXT_MAX + AEAD_TAG];
    assert_true(text.len <= TEXT_MAX && tag.len == AEAD_TAG);
    span_copy(sealed, text);
    span_copy(sealed + text.len, tag);
    struct span both = span_of(sealed, text.len + AEAD_TAG);
    return seals(alg, v, both) && opens(alg, v, both);
}

static bool check_aes_128(const struct vector *v, bool *counts)
{
    return check(&gv_openssl_aes_128_gcm, v, counts);
}

static bool check_aes_256(const struct vector *v, bool *counts)
{
    return check(&gv_openssl_aes_256_gcm, v, counts);
}

static bool check_chacha20(const struct vector *v, bool *counts)
{
    return check(&gv_openssl_chacha20_poly1305, v, counts);
}

static void does_aes_gcm_match(void **state)
{
    (void)state;
    assert_non_null(gv_openssl_provider());
    vectors_run("aes_gcm_test", 66, check_aes_128);
    vectors_run("aes_gcm_test", 66, check_aes_256);
}

static void does_chacha20_poly1305_match(void **state)
{
    (void)state;
    assert_non_null(gv_openssl_provider());
    vectors_run("chacha20_poly1305_test", 316, check_chacha20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_aes_gcm_match),
        cmocka_unit_test(does_chacha20_poly1305_match),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    gv_aead_drop(&sealer);
    gv_aead_drop(&opener);
    return failed;
}
