/* Wycheproof's and NIST's vectors for ML-KEM, with every arithmetic that this machine can run. */
#include "lib/vectors.h"

#include "base/cpu.h"
#include "crypto/mlkem/mlkem.h"
#include "lib/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const struct mlkem *kem;
static const struct mlkem_ops *ops;

enum { DK_MAX = MLKEM_K_MAX * MLKEM_POLY_BYTES + MLKEM_EK_MAX + 64 };

static struct mlkem_key *new_key(void)
{
    /* aligned_alloc wants a multiple of the alignment; polynomials stand on 32 bytes. */
    struct mlkem_key *key = aligned_alloc(32, (gv_mlkem_key_size(kem) + 31) / 32 * 32);
    assert_non_null(key);
    key->kem = kem;
    key->ops = ops;
    return key;
}

static struct mlkem_key *generate(struct span seed, uint8_t *ek)
{
    struct mlkem_key *key = new_key();
    assert_int_equal(seed.len, MLKEM_SEED);
    gv_mlkem_generate(key, seed.at, ek);
    return key;
}

/* FIPS 203, algorithm 16: dk = s, ek, H(ek), z */
static bool is_dk(const struct mlkem_key *key, const uint8_t *ek, struct span dk)
{
    uint8_t s[MLKEM_K_MAX * MLKEM_POLY_BYTES];
    size_t k = kem->k, s_len = k * MLKEM_POLY_BYTES;
    for (size_t i = 0; i < k; i++)
        ops->encode(s + i * MLKEM_POLY_BYTES, &key->polys[k * k + k + i]);
    return dk.len == s_len + kem->ek_len + 64 && memcmp(dk.at, s, s_len) == 0 &&
           memcmp(dk.at + s_len, ek, kem->ek_len) == 0 &&
           memcmp(dk.at + s_len + kem->ek_len, key->ek_hash, 32) == 0 &&
           memcmp(dk.at + s_len + kem->ek_len + 32, key->z, 32) == 0;
}

static bool check_keygen(const struct vector *v, bool *counts)
{
    (void)counts;
    uint8_t ek[MLKEM_EK_MAX];
    struct mlkem_key *key = generate(vector_hex(v->test, "seed"), ek);
    bool ok = span_equal(span_of(ek, kem->ek_len), vector_hex(v->test, "ek")) &&
              is_dk(key, ek, vector_hex(v->test, "dk"));
    free(key);
    return ok && v->valid;
}

static bool check_encaps(const struct vector *v, bool *counts)
{
    struct span ek = vector_hex(v->test, "ek"), m = vector_hex(v->test, "m");
    uint8_t ct[MLKEM_CT_MAX], secret[MLKEM_SECRET];
    /* Lengths are the group's to check. */
    *counts = ek.len == kem->ek_len;
    if (!*counts)
        return !v->valid;
    bool ok = gv_mlkem_encapsulate(kem, ops, ek.at, m.at, ct, secret);
    if (!ok || !v->valid)
        return ok == v->valid;
    return span_equal(span_of(ct, kem->ct_len), vector_hex(v->test, "c")) &&
           span_equal(SPAN_OF(secret), vector_hex(v->test, "K"));
}

static bool check_decaps(const struct vector *v, bool *counts)
{
    struct span seed = vector_hex(v->test, "seed"), ct = vector_hex(v->test, "c");
    uint8_t ek[MLKEM_EK_MAX], secret[MLKEM_SECRET];
    *counts = ct.len == kem->ct_len && seed.len == MLKEM_SEED;
    if (!*counts)
        return !v->valid;
    struct mlkem_key *key = generate(seed, ek);
    gv_mlkem_decapsulate(key, ct.at, secret);
    free(key);
    return span_equal(span_of(ek, kem->ek_len), vector_hex(v->test, "ek")) &&
           span_equal(SPAN_OF(secret), vector_hex(v->test, "K")) && v->valid;
}

/* ---- NIST's, which have lines of "name: hex" ------------------------------------------------ */
/* The bytes behind the next "name: " at or after *at, which moves behind them; false at the end. */
static bool next_value(char **at, const char *name, uint8_t *out, size_t len)
{
    char *value = strstr(*at, name);
    if (value == NULL)
        return false;
    value += strlen(name);
    *at = value + strspn(value, "0123456789ABCDEFabcdef");
    assert_int_equal(*at - value, 2 * len);
    char end = **at;
    **at = '\0';
    hex_read(out, len, value);
    **at = end;
    return true;
}

static void run_nist_keygen(const char *path)
{
    size_t len, n = 0, dk_len = (size_t)kem->k * MLKEM_POLY_BYTES + kem->ek_len + 64;
    char *text = vectors_unpack(path, &len), *at = text;
    uint8_t seed[MLKEM_SEED], ek[MLKEM_EK_MAX], expected[MLKEM_EK_MAX], dk[DK_MAX];
    for (; next_value(&at, "z: ", seed + 32, 32); n++) {
        assert_true(next_value(&at, "d: ", seed, 32));
        assert_true(next_value(&at, "ek: ", expected, kem->ek_len));
        assert_true(next_value(&at, "dk: ", dk, dk_len));
        struct mlkem_key *key = generate(SPAN_OF(seed), ek);
        assert_memory_equal(ek, expected, kem->ek_len);
        assert_true(is_dk(key, ek, span_of(dk, dk_len)));
        free(key);
    }
    free(text);
    print_message("%s: %zu vectors\n", path, n);
    assert_int_equal(n, 25);
}

/* A key from dk: nothing that TLS needs, so it stands here. */
static struct mlkem_key *import(const uint8_t *dk)
{
    struct mlkem_key *key = new_key();
    size_t k = kem->k, s_len = k * MLKEM_POLY_BYTES;
    for (size_t i = 0; i < k; i++) {
        assert_true(ops->decode(&key->polys[k * k + k + i], dk + i * MLKEM_POLY_BYTES));
        assert_true(ops->decode(&key->polys[k * k + i], dk + s_len + i * MLKEM_POLY_BYTES));
    }
    ops->matrix(key->polys, dk + 2 * s_len, kem->k);
    memcpy(key->ek_hash, dk + s_len + kem->ek_len, 32);
    memcpy(key->z, dk + s_len + kem->ek_len + 32, 32);
    return key;
}

static void run_nist_decap(const char *path)
{
    size_t len, n = 0, dk_len = (size_t)kem->k * MLKEM_POLY_BYTES + kem->ek_len + 64;
    char *text = vectors_unpack(path, &len), *at = text;
    uint8_t ct[MLKEM_CT_MAX], expected[MLKEM_SECRET], secret[MLKEM_SECRET], dk[DK_MAX];
    assert_true(next_value(&at, "dk: ", dk, dk_len));
    struct mlkem_key *key = import(dk);
    for (; next_value(&at, "c: ", ct, kem->ct_len); n++) {
        assert_true(next_value(&at, "k: ", expected, sizeof expected));
        gv_mlkem_decapsulate(key, ct, secret);
        assert_memory_equal(secret, expected, sizeof secret);
    }
    free(key);
    free(text);
    print_message("%s: %zu vectors\n", path, n);
    assert_int_equal(n, 10);
}

static void run_all(const struct mlkem_ops *with)
{
    ops = with;
    kem = &gv_mlkem_768;
    vectors_run("mlkem_768_keygen_seed_test", 100, check_keygen);
    vectors_run("mlkem_768_encaps_test", 245, check_encaps);
    vectors_run("mlkem_768_test", 153, check_decaps);
    run_nist_keygen("mlkem/mlkem768_nist_keygen_tests.txt.xz");
    run_nist_decap("mlkem/mlkem768_nist_decap_tests.txt.xz");
    kem = &gv_mlkem_1024;
    vectors_run("mlkem_1024_keygen_seed_test", 100, check_keygen);
    vectors_run("mlkem_1024_encaps_test", 249, check_encaps);
    vectors_run("mlkem_1024_test", 153, check_decaps);
    run_nist_keygen("mlkem/mlkem1024_nist_keygen_tests.txt.xz");
    run_nist_decap("mlkem/mlkem1024_nist_decap_tests.txt.xz");
}

static void does_the_portable_arithmetic_match(void **state)
{
    (void)state;
    run_all(&gv_mlkem_portable);
}

static void does_avx2_match(void **state)
{
    (void)state;
    if (gv_mlkem_avx2 == NULL || !gv_cpu_has_avx2()) {
        print_message("AVX2: left out, this machine has none\n");
        skip();
    }
    run_all(gv_mlkem_avx2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_the_portable_arithmetic_match),
        cmocka_unit_test(does_avx2_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
