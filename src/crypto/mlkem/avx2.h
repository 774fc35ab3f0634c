/* What the two files with AVX2 share. Both are compiled for it, and run only where the machine has
 * it; nothing else includes this. */
#ifndef GALVAN_CRYPTO_MLKEM_AVX2_H
#define GALVAN_CRYPTO_MLKEM_AVX2_H

#include "crypto/mlkem/field.h"

#include <immintrin.h>

enum { VECTOR = 16, VECTORS = MLKEM_N / VECTOR }; /* numbers in a vector, vectors in a polynomial */

static inline __m256i vec_load(const int16_t *at)
{
    return _mm256_load_si256((const __m256i *)(const void *)at);
}

static inline void vec_store(int16_t *at, __m256i v)
{
    _mm256_store_si256((__m256i *)(void *)at, v);
}

/* 16 numbers of 12 bits from 24 bytes. */
static inline __m256i vec_unpack12(const uint8_t *in)
{
    const __m256i bytes = _mm256_set_m128i(_mm_loadu_si128((const __m128i *)(const void *)(in + 8)),
                                           _mm_loadu_si128((const __m128i *)(const void *)in));
    const __m256i pairs = _mm256_shuffle_epi8(
        bytes, _mm256_setr_epi8(0, 1, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8, 9, 10, 10, 11, 4, 5, 5, 6, 7, 8,
                                8, 9, 10, 11, 11, 12, 13, 14, 14, 15));
    const __m256i even = _mm256_and_si256(pairs, _mm256_set1_epi16(0xfff));
    return _mm256_blend_epi16(even, _mm256_srli_epi16(pairs, 4), 0xaa);
}

/* avx2.c: a polynomial seen as 16 rows of 16 numbers, turned over */
void gv_mlkem_avx2_transpose(struct poly *p);

/* avx2_sample.c */
void gv_mlkem_avx2_permute(uint64_t a[KECCAK_LANES]);
void gv_mlkem_avx2_matrix(struct poly *a, const uint8_t rho[32], unsigned k);
void gv_mlkem_avx2_noise(struct poly *p, unsigned n, const uint8_t seed[32], uint8_t counter);

#endif
