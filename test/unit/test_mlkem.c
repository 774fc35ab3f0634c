/* ML-KEM's parts: Keccak against libcrypto's, each fast arithmetic against the portable one, and
 * what a peer's encapsulation key must keep. */
#include "base/cpu.h"
#include "crypto/mlkem/mlkem.h"

#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static uint64_t numbers = 1;

static uint8_t next(void)
{
    numbers = numbers * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint8_t)(numbers >> 56);
}

static void fill(void *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        ((uint8_t *)at)[i] = next();
}

static void hold_against_libcrypto(keccak_permute *permute, const char *name, uint8_t rate,
                                   uint8_t suffix, size_t out_len)
{
    uint8_t in[600], ours[500], theirs[500];
    EVP_MD *md = EVP_MD_fetch(NULL, name, NULL);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    fill(in, sizeof in);
    for (size_t len = 0; len < sizeof in; len += 1 + len / 50) {
        gv_keccak_once((struct keccak_call){permute, rate, suffix}, span_of(in, len / 3),
                       span_of(in + len / 3, len - len / 3), ours, out_len);
        assert_int_equal(EVP_DigestInit_ex(ctx, md, NULL), 1);
        assert_int_equal(EVP_DigestUpdate(ctx, in, len), 1);
        if (suffix == SHAKE_SUFFIX)
            assert_int_equal(EVP_DigestFinalXOF(ctx, theirs, out_len), 1);
        else
            assert_int_equal(EVP_DigestFinal_ex(ctx, theirs, NULL), 1);
        assert_memory_equal(ours, theirs, out_len);
    }
    EVP_MD_CTX_free(ctx);
    EVP_MD_free(md);
}

static const struct mlkem_ops *fast(void)
{
    if (gv_mlkem_avx2 != NULL && gv_cpu_has_avx2())
        return gv_mlkem_avx2;
    print_message("left out, this machine has no other arithmetic\n");
    skip();
    return NULL;
}

static void is_keccak_sha_3_and_shake(void **state)
{
    (void)state;
    const struct mlkem_ops *both[] = {&gv_mlkem_portable, gv_mlkem_ops()};
    for (size_t i = 0; i < COUNT_OF(both); i++) {
        hold_against_libcrypto(both[i]->permute, "SHA3-256", SHA3_256_RATE, SHA3_SUFFIX, 32);
        hold_against_libcrypto(both[i]->permute, "SHA3-512", SHA3_512_RATE, SHA3_SUFFIX, 64);
        hold_against_libcrypto(both[i]->permute, "SHAKE128", SHAKE128_RATE, SHAKE_SUFFIX, 500);
        hold_against_libcrypto(both[i]->permute, "SHAKE256", SHAKE256_RATE, SHAKE_SUFFIX, 500);
    }
}

/* In each case both are asked for bytes, the only thing that they must agree on. */
static void assert_same(const struct poly *portable, const struct poly *other, bool transformed)
{
    uint8_t a[MLKEM_POLY_BYTES], b[MLKEM_POLY_BYTES];
    if (transformed) {
        gv_mlkem_portable.encode(a, portable);
        fast()->encode(b, other);
        assert_memory_equal(a, b, sizeof a);
        return;
    }
    for (size_t i = 0; i < MLKEM_N; i++)
        assert_int_equal((portable->c[i] - other->c[i]) % MLKEM_Q, 0);
}

static void do_the_arithmetics_sample_the_same(void **state)
{
    (void)state;
    const struct mlkem_ops *f = fast(), *p = &gv_mlkem_portable;
    static struct poly a[16], b[16];
    for (size_t round = 0; round < 50; round++) {
        uint8_t seed[32];
        unsigned k = round % 2 == 0 ? 3 : 4;
        fill(seed, sizeof seed);
        p->matrix(a, seed, k);
        f->matrix(b, seed, k);
        for (size_t i = 0; i < k * k; i++)
            assert_same(&a[i], &b[i], true);
        for (unsigned n = 1; n <= 9; n++) {
            p->noise(a, n, seed, (uint8_t)round);
            f->noise(b, n, seed, (uint8_t)round);
            for (size_t i = 0; i < n; i++)
                assert_same(&a[i], &b[i], false);
        }
    }
}

static void fill_poly(struct poly *p, int bound)
{
    for (size_t i = 0; i < MLKEM_N; i++)
        p->c[i] = (int16_t)((next() << 8 | next()) % (2 * bound - 1) - (bound - 1));
}

static void do_the_arithmetics_compute_the_same(void **state)
{
    (void)state;
    const struct mlkem_ops *f = fast(), *p = &gv_mlkem_portable;
    static struct poly a[4], b[4], c[4], d[4], x, y;
    for (size_t round = 0; round < 200; round++) {
        unsigned k = round % 2 == 0 ? 3 : 4;
        for (size_t i = 0; i < k; i++) {
            fill_poly(&a[i], MLKEM_Q);
            fill_poly(&b[i], MLKEM_Q);
            c[i] = a[i];
            d[i] = b[i];
            p->ntt(&a[i]);
            f->ntt(&c[i]);
            assert_same(&a[i], &c[i], true);
            p->ntt(&b[i]);
            f->ntt(&d[i]);
        }
        p->dot(&x, a, b, k);
        f->dot(&y, c, d, k);
        assert_same(&x, &y, true);
        p->inverse(&x);
        f->inverse(&y);
        assert_same(&x, &y, false);
    }
}

/* Every value a coefficient may have, far outside its usual bounds too, in every width. */
static void do_the_arithmetics_write_and_read_the_same(void **state)
{
    (void)state;
    const struct mlkem_ops *f = fast(), *p = &gv_mlkem_portable;
    static const unsigned widths[] = {1, 4, 5, 10, 11};
    struct poly in, x, y;
    uint8_t a[32 * 12], b[32 * 12];
    for (int from = -8 * MLKEM_Q; from < 8 * MLKEM_Q; from += MLKEM_N) {
        for (int i = 0; i < MLKEM_N; i++)
            in.c[i] = (int16_t)(from + i);
        for (size_t w = 0; w < COUNT_OF(widths); w++) {
            unsigned d = widths[w];
            p->compress(a, &in, d);
            f->compress(b, &in, d);
            assert_memory_equal(a, b, 32 * d);
            p->decompress(&x, a, d);
            f->decompress(&y, a, d);
            assert_memory_equal(&x, &y, sizeof x);
        }
    }
}

/* FIPS 203 section 4.2.1, by the definition: round(2^d / q * x) mod 2^d, and no further from x than
 * half a step after the way back. */
static void is_compression_the_rounded_quotient(void **state)
{
    (void)state;
    static const unsigned widths[] = {1, 4, 5, 10, 11};
    for (size_t w = 0; w < COUNT_OF(widths); w++) {
        unsigned d = widths[w];
        for (int from = 0; from < MLKEM_Q; from += 8) {
            struct poly p = {.c = {0}};
            uint8_t out[32 * 12];
            for (int i = 0; i < 8 && from + i < MLKEM_Q; i++)
                p.c[i] = (int16_t)(from + i);
            gv_mlkem_portable.compress(out, &p, d);
            uint64_t low = 0, high = 0;
            for (size_t i = 0; i < d; i++)
                *(i < 8 ? &low : &high) |= (uint64_t)out[i] << 8 * (i % 8);
            for (unsigned i = 0; i < 8 && from + (int)i < MLKEM_Q; i++) {
                unsigned bit = i * d;
                uint64_t y = bit < 64 ? low >> bit : high >> (bit - 64);
                if (bit < 64 && bit + d > 64)
                    y |= high << (64 - bit);
                unsigned x = (unsigned)from + i;
                unsigned expected = (2 * (x << d) + MLKEM_Q) / (2 * MLKEM_Q) % (1u << d);
                assert_int_equal(y & ((1u << d) - 1), expected);
            }
        }
    }
}

/* FIPS 203 section 7.2: every coefficient must be below q, each of them is looked at. */
static void hostile_42_is_a_coefficient_not_below_q_refused(void **state)
{
    (void)state;
    const struct mlkem_ops *both[] = {&gv_mlkem_portable, gv_mlkem_ops()};
    for (size_t o = 0; o < COUNT_OF(both); o++) {
        for (size_t i = 0; i < MLKEM_N; i++) {
            uint8_t ek[MLKEM_EK_MAX] = {0}, ct[MLKEM_CT_MAX], secret[MLKEM_SECRET];
            static const uint8_t message[MLKEM_MESSAGE];
            /* q is 0xd01 */
            uint8_t *at = ek + (i % 3) * MLKEM_POLY_BYTES + i / 2 * 3;
            if (i % 2 == 0) {
                at[0] = 0x01;
                at[1] = 0x0d;
            } else {
                at[1] = 0x10;
                at[2] = 0xd0;
            }
            assert_false(gv_mlkem_encapsulate(&gv_mlkem_768, both[o], ek, message, ct, secret));
            at[i % 2] = (uint8_t)(at[i % 2] - (i % 2 == 0 ? 1 : 0x10)); /* q - 1 */
            assert_true(gv_mlkem_encapsulate(&gv_mlkem_768, both[o], ek, message, ct, secret));
        }
    }
}

/* FIPS 203, algorithm 18: a changed ciphertext gives a secret, and always the same one. */
static void does_every_changed_byte_change_the_secret(void **state)
{
    (void)state;
    const struct mlkem *kem = &gv_mlkem_768;
    struct mlkem_key *key = aligned_alloc(32, (gv_mlkem_key_size(kem) + 31) / 32 * 32);
    uint8_t seed[MLKEM_SEED], message[MLKEM_MESSAGE], ek[MLKEM_EK_MAX], ct[MLKEM_CT_MAX];
    uint8_t sent[MLKEM_SECRET], got[MLKEM_SECRET], again[MLKEM_SECRET];
    assert_non_null(key);
    fill(seed, sizeof seed);
    fill(message, sizeof message);
    key->kem = kem;
    key->ops = gv_mlkem_ops();
    gv_mlkem_generate(key, seed, ek);
    assert_true(gv_mlkem_encapsulate(kem, key->ops, ek, message, ct, sent));
    gv_mlkem_decapsulate(key, ct, got);
    assert_memory_equal(sent, got, sizeof sent);
    for (size_t i = 0; i < kem->ct_len; i++) {
        ct[i] ^= (uint8_t)(1 << i % 8);
        gv_mlkem_decapsulate(key, ct, got);
        gv_mlkem_decapsulate(key, ct, again);
        assert_memory_not_equal(sent, got, sizeof sent);
        assert_memory_equal(got, again, sizeof got);
        ct[i] ^= (uint8_t)(1 << i % 8);
    }
    free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_keccak_sha_3_and_shake),
        cmocka_unit_test(do_the_arithmetics_sample_the_same),
        cmocka_unit_test(do_the_arithmetics_compute_the_same),
        cmocka_unit_test(do_the_arithmetics_write_and_read_the_same),
        cmocka_unit_test(is_compression_the_rounded_quotient),
        cmocka_unit_test(hostile_42_is_a_coefficient_not_below_q_refused),
        cmocka_unit_test(does_every_changed_byte_change_the_secret),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
