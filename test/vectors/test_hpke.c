/* RFC 9180's vectors for HPKE's base mode, for every suite that we have, in both directions. */
#include "lib/vectors.h"

#include "crypto/hpke.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MESSAGE_MAX = 256 };

/* A KEM whose group starts with the vector's ephemeral key where the real one takes a random one. */
static struct key_exchange_group fixed_group;
static struct hpke_kem fixed_kem;
static struct span ephemeral;

static enum gv_err fixed_start(const struct key_exchange_group *g, struct key_exchange *x,
                               uint8_t *share)
{
    TRY(g->import(g, x, ephemeral));
    return g->export_share(x, share);
}

static struct hpke_suite with_ephemeral(const struct hpke_suite *suite, struct span key)
{
    fixed_group = *suite->kem->group;
    fixed_group.start = fixed_start;
    fixed_kem = *suite->kem;
    fixed_kem.group = &fixed_group;
    ephemeral = key;
    return (struct hpke_suite){&fixed_kem, suite->kdf, suite->aead};
}

/* All 257 messages of a vector's stream that it holds, in order; sealed by one, opened by the other. */
static void check_messages(const json_t *v, struct hpke *sender, struct hpke *receiver)
{
    size_t i;
    const json_t *m;
    json_array_foreach(json_object_get(v, "encryptions"), i, m)
    {
        uint8_t at[MESSAGE_MAX];
        struct span aad = vector_hex(m, "aad"), text = vector_hex(m, "pt"),
                    sealed = vector_hex(m, "ct");
        assert_true(sealed.len <= sizeof at && sealed.len == text.len + AEAD_TAG);
        assert_int_equal(gv_hpke_seal(sender, aad, text, at), GV_OK);
        assert_true(span_equal(span_of(at, sealed.len), sealed));
        assert_int_equal(gv_hpke_open(receiver, aad, at, sealed.len), GV_OK);
        assert_true(span_equal(span_of(at, text.len), text));
    }
    assert_int_equal(i, 257);
}

static void check_vector(const json_t *v, const struct hpke_suite *suite)
{
    struct secret derived;
    struct hpke_key key;
    struct hpke sender, receiver;
    uint8_t enc[HPKE_ENC_MAX];
    struct span info = vector_hex(v, "info"), expected = vector_hex(v, "enc");
    assert_int_equal(gv_hpke_derive(suite->kem, vector_hex(v, "ikmE"), &derived), GV_OK);
    assert_true(span_equal(secret_span(&derived), vector_hex(v, "skEm")));
    assert_int_equal(gv_hpke_derive(suite->kem, vector_hex(v, "ikmR"), &derived), GV_OK);
    assert_true(span_equal(secret_span(&derived), vector_hex(v, "skRm")));
    assert_int_equal(gv_hpke_key_init(&key, suite->kem, secret_span(&derived)), GV_OK);
    assert_true(span_equal(gv_hpke_public(&key), vector_hex(v, "pkRm")));

    struct hpke_suite fixed = with_ephemeral(suite, vector_hex(v, "skEm"));
    assert_int_equal(gv_hpke_setup_sender(&sender, &fixed, gv_hpke_public(&key), info, enc), GV_OK);
    assert_true(span_equal(span_of(enc, gv_hpke_public_len(suite->kem)), expected));
    assert_int_equal(gv_hpke_setup_receiver(&receiver, suite, &key, expected, info), GV_OK);
    check_messages(v, &sender, &receiver);
    gv_hpke_drop(&sender);
    gv_hpke_drop(&receiver);
    gv_hpke_key_drop(&key);
}

static void do_both_sides_match_rfc_9180_in_every_suite_that_we_have(void **state)
{
    (void)state;
    enum { MODE_BASE = 0 };
    const struct provider *p = gv_openssl_provider();
    assert_non_null(p);
    json_t *root = vectors_load("hpke/rfc9180-test-vectors");
    size_t i, tried = 0;
    json_t *v;
    json_array_foreach(root, i, v)
    {
        struct hpke_suite suite;
        if (vector_number(v, "mode") != MODE_BASE ||
            !gv_hpke_suite(p, (uint16_t)vector_number(v, "kem_id"),
                           (uint16_t)vector_number(v, "kdf_id"),
                           (uint16_t)vector_number(v, "aead_id"), &suite))
            continue;
        check_vector(v, &suite);
        tried++;
    }
    vectors_forget();
    json_decref(root);
    assert_int_equal(tried, 2 * 2 * 3); /* P-256, X25519; SHA-256, SHA-512; three AEADs */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(do_both_sides_match_rfc_9180_in_every_suite_that_we_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
