/* ML-KEM's random polynomials with AVX2: Keccak on four states at once, one in each 64-bit lane, and
 * numbers taken from its output a vector at a time. */
#include "crypto/mlkem/avx2.h"

#include "base/secret.h"

enum { STATES = 4, BLOCK_LANES = SHAKE128_RATE / 8, FIRST_BLOCKS = 3 };

static inline __m256i rotate4(__m256i a, int n)
{
    return _mm256_or_si256(_mm256_slli_epi64(a, n), _mm256_srli_epi64(a, 64 - n));
}

#define KECCAK_XOR(a, b) _mm256_xor_si256(a, b)
#define KECCAK_NOT_AND(a, b) _mm256_andnot_si256(a, b)
#define KECCAK_ROTATE(a, n) rotate4(a, n)
#include "crypto/mlkem/keccak_round.h"

static inline __m256i constant4(size_t round)
{
    return _mm256_set1_epi64x((long long)gv_keccak_constants[round]);
}

static void permute4(__m256i a[KECCAK_LANES])
{
    __m256i b[KECCAK_LANES];
    for (size_t i = 0; i < KECCAK_ROUNDS; i += 2) {
        KECCAK_ROUND(__m256i, b, a, constant4(i));
        KECCAK_ROUND(__m256i, a, b, constant4(i + 1));
    }
}

#undef KECCAK_XOR
#undef KECCAK_NOT_AND
#undef KECCAK_ROTATE
#define KECCAK_XOR(a, b) ((a) ^ (b))
#define KECCAK_NOT_AND(a, b) (~(a) & (b))
#define KECCAK_ROTATE(a, n) ((a) << (n) | (a) >> (64 - (n)))

/* As the portable one, but compiled for a machine that has these operations in one instruction. */
void gv_mlkem_avx2_permute(uint64_t a[KECCAK_LANES])
{
    uint64_t b[KECCAK_LANES];
    for (size_t i = 0; i < KECCAK_ROUNDS; i += 2) {
        KECCAK_ROUND(uint64_t, b, a, gv_keccak_constants[i]);
        KECCAK_ROUND(uint64_t, a, b, gv_keccak_constants[i + 1]);
    }
}

/* Four sponges of the same 32 bytes and up to four more each, with SHAKE's padding; a block of
 * output each comes with the next permute4. */
static void absorb4(__m256i a[KECCAK_LANES], const uint8_t seed[32], const uint64_t ends[STATES],
                    size_t rate)
{
    for (size_t i = 0; i < KECCAK_LANES; i++)
        a[i] = _mm256_setzero_si256();
    for (size_t i = 0; i < 4; i++) {
        int64_t lane;
        memcpy(&lane, seed + 8 * i, sizeof lane);
        a[i] = _mm256_set1_epi64x(lane);
    }
    a[4] =
        _mm256_set_epi64x((int64_t)ends[3], (int64_t)ends[2], (int64_t)ends[1], (int64_t)ends[0]);
    a[rate / 8 - 1] = _mm256_set1_epi64x(INT64_MIN);
}

/* Lanes 4i to 4i + 3 of four states, 32 bytes for each state. */
static inline void extract4(uint8_t *out[STATES], const __m256i *a)
{
    const __m256i b0 = _mm256_unpacklo_epi64(a[0], a[1]), b1 = _mm256_unpackhi_epi64(a[0], a[1]);
    const __m256i b2 = _mm256_unpacklo_epi64(a[2], a[3]), b3 = _mm256_unpackhi_epi64(a[2], a[3]);
    _mm256_storeu_si256((__m256i *)(void *)out[0], _mm256_permute2x128_si256(b0, b2, 0x20));
    _mm256_storeu_si256((__m256i *)(void *)out[1], _mm256_permute2x128_si256(b1, b3, 0x20));
    _mm256_storeu_si256((__m256i *)(void *)out[2], _mm256_permute2x128_si256(b0, b2, 0x31));
    _mm256_storeu_si256((__m256i *)(void *)out[3], _mm256_permute2x128_si256(b1, b3, 0x31));
}

/* ---- the matrix --------------------------------------------------------------------------- */
/* For each choice of four numbers, where the bytes of those that are kept go. */
#define KEEP(a, b, c, d)                                                                           \
    {                                                                                              \
        2 * (a), 2 * (a) + 1, 2 * (b), 2 * (b) + 1, 2 * (c), 2 * (c) + 1, 2 * (d), 2 * (d) + 1     \
    }
/* clang-format off */
static const alignas(8) uint8_t kept[16][8] = {
    KEEP(0, 0, 0, 0), KEEP(0, 0, 0, 0), KEEP(1, 0, 0, 0), KEEP(0, 1, 0, 0),
    KEEP(2, 0, 0, 0), KEEP(0, 2, 0, 0), KEEP(1, 2, 0, 0), KEEP(0, 1, 2, 0),
    KEEP(3, 0, 0, 0), KEEP(0, 3, 0, 0), KEEP(1, 3, 0, 0), KEEP(0, 1, 3, 0),
    KEEP(2, 3, 0, 0), KEEP(0, 2, 3, 0), KEEP(1, 2, 3, 0), KEEP(0, 1, 2, 3),
};
/* clang-format on */

/* Writes those of four numbers whose bit in `which` is set, and as many more as make four. */
static inline size_t keep4(int16_t *out, __m128i four, unsigned which)
{
    const __m128i order = _mm_loadl_epi64((const __m128i *)(const void *)kept[which]);
    _mm_storel_epi64((__m128i *)(void *)out, _mm_shuffle_epi8(four, order));
    return (size_t)__builtin_popcount(which);
}

/* Of the 16 numbers in 24 bytes, those below q; writes no further than the polynomial's end. */
static size_t keep16(struct poly *p, size_t n, const uint8_t bytes[24])
{
    const __m256i v = vec_unpack12(bytes);
    const __m256i below = _mm256_cmpgt_epi16(_mm256_set1_epi16(MLKEM_Q), v);
    const unsigned which = (unsigned)_mm_movemask_epi8(
        _mm_packs_epi16(_mm256_castsi256_si128(below), _mm256_extracti128_si256(below, 1)));
    const __m128i low = _mm256_castsi256_si128(v), high = _mm256_extracti128_si256(v, 1);
    int16_t kept_here[VECTOR + 4], *at = n + VECTOR <= MLKEM_N ? p->c + n : kept_here;
    size_t count = keep4(at, low, which & 15);
    count += keep4(at + count, _mm_srli_si128(low, 8), which >> 4 & 15);
    count += keep4(at + count, high, which >> 8 & 15);
    count += keep4(at + count, _mm_srli_si128(high, 8), which >> 12);
    if (at == kept_here) {
        count = count < MLKEM_N - n ? count : MLKEM_N - n;
        /* cppcheck-suppress uninitvar; keep4 has written it, through at */
        memcpy(p->c + n, kept_here, count * sizeof *kept_here);
    }
    return n + count;
}

/* Takes numbers from one block of SHAKE128. */
static size_t keep_block(struct poly *p, size_t n, const uint8_t block[SHAKE128_RATE])
{
    for (size_t i = 0; i < SHAKE128_RATE && n < MLKEM_N; i += 24)
        n = keep16(p, n, block + i);
    return n;
}

static uint64_t matrix_end(unsigned index, unsigned k)
{
    return index / k | index % k << 8 | (uint64_t)SHAKE_SUFFIX << 16;
}

static void sample4(struct poly *p, const uint8_t rho[32], unsigned index, unsigned k)
{
    __m256i a[KECCAK_LANES];
    uint8_t blocks[STATES][SHAKE128_RATE + 24];
    size_t n[STATES] = {0};
    const uint64_t ends[] = {matrix_end(index, k), matrix_end(index + 1, k),
                             matrix_end(index + 2, k), matrix_end(index + 3, k)};
    absorb4(a, rho, ends, SHAKE128_RATE);
    while (n[0] < MLKEM_N || n[1] < MLKEM_N || n[2] < MLKEM_N || n[3] < MLKEM_N) {
        permute4(a);
        for (size_t i = 0; i < BLOCK_LANES; i += 4) /* the last of these takes three too many */
            extract4((uint8_t *[]){blocks[0] + 8 * i, blocks[1] + 8 * i, blocks[2] + 8 * i,
                                   blocks[3] + 8 * i},
                     a + i);
        for (size_t i = 0; i < STATES; i++)
            n[i] = keep_block(&p[i], n[i], blocks[i]);
    }
}

static void sample1(struct poly *p, const uint8_t rho[32], unsigned index, unsigned k)
{
    struct keccak sponge;
    uint8_t block[SHAKE128_RATE];
    const uint8_t indices[] = {(uint8_t)(index / k), (uint8_t)(index % k)};
    gv_keccak_init(&sponge, gv_mlkem_avx2_permute, SHAKE128_RATE);
    gv_keccak_absorb(&sponge, span_of(rho, 32));
    gv_keccak_absorb(&sponge, SPAN_OF(indices));
    gv_keccak_pad(&sponge, SHAKE_SUFFIX);
    for (size_t n = 0; n < MLKEM_N;) {
        gv_keccak_squeeze(&sponge, block, sizeof block);
        n = keep_block(p, n, block);
    }
}

void gv_mlkem_avx2_matrix(struct poly *a, const uint8_t rho[32], unsigned k)
{
    unsigned index = 0;
    for (; index + STATES <= k * k; index += STATES)
        sample4(a + index, rho, index, k);
    for (; index < k * k; index++)
        sample1(a + index, rho, index, k);
    for (index = 0; index < k * k; index++)
        gv_mlkem_avx2_transpose(a + index);
}

/* ---- noise -------------------------------------------------------------------------------- */
/* 64 coefficients from 32 bytes: of each four bits, the first two less the last two. */
static inline void centered(int16_t *out, __m256i bits)
{
    const __m256i ones = _mm256_set1_epi8(0x55), twos = _mm256_set1_epi8(0x33);
    const __m256i low_half = _mm256_set1_epi8(0x0f), three = _mm256_set1_epi8(3);
    const __m256i sums = _mm256_add_epi8(_mm256_and_si256(bits, ones),
                                         _mm256_and_si256(_mm256_srli_epi16(bits, 1), ones));
    /* In each half byte, 3 more than the coefficient, so that no half borrows from another. */
    const __m256i raised = _mm256_sub_epi8(_mm256_add_epi8(_mm256_and_si256(sums, twos), twos),
                                           _mm256_and_si256(_mm256_srli_epi16(sums, 2), twos));
    const __m256i even = _mm256_sub_epi8(_mm256_and_si256(raised, low_half), three);
    const __m256i odd =
        _mm256_sub_epi8(_mm256_and_si256(_mm256_srli_epi16(raised, 4), low_half), three);
    const __m256i a = _mm256_unpacklo_epi8(even, odd), b = _mm256_unpackhi_epi8(even, odd);
    vec_store(out, _mm256_cvtepi8_epi16(_mm256_castsi256_si128(a)));
    vec_store(out + 16, _mm256_cvtepi8_epi16(_mm256_castsi256_si128(b)));
    vec_store(out + 32, _mm256_cvtepi8_epi16(_mm256_extracti128_si256(a, 1)));
    vec_store(out + 48, _mm256_cvtepi8_epi16(_mm256_extracti128_si256(b, 1)));
}

static uint64_t noise_end(unsigned counter)
{
    return (uint8_t)counter | (uint64_t)SHAKE_SUFFIX << 8;
}

void gv_mlkem_avx2_noise(struct poly *p, unsigned n, const uint8_t seed[32], uint8_t counter)
{
    struct {
        __m256i a[KECCAK_LANES];
        uint8_t bytes[STATES][MLKEM_NOISE_BYTES];
    } w;
    for (unsigned done = 0; done < n; done += STATES) {
        const uint64_t ends[] = {noise_end(counter + done), noise_end(counter + done + 1),
                                 noise_end(counter + done + 2), noise_end(counter + done + 3)};
        absorb4(w.a, seed, ends, SHAKE256_RATE);
        permute4(w.a);
        for (size_t i = 0; i < MLKEM_NOISE_BYTES / 8; i += 4)
            extract4((uint8_t *[]){w.bytes[0] + 8 * i, w.bytes[1] + 8 * i, w.bytes[2] + 8 * i,
                                   w.bytes[3] + 8 * i},
                     w.a + i);
        for (size_t i = 0; i < STATES && done + i < n; i++)
            for (size_t j = 0; j < MLKEM_NOISE_BYTES; j += 32)
                centered(p[done + i].c + 2 * j,
                         _mm256_loadu_si256((const __m256i *)(const void *)(w.bytes[i] + j)));
    }
    gv_wipe(&w, sizeof w);
}
