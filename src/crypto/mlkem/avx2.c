/* ML-KEM's arithmetic with AVX2.
 *
 * A polynomial is 16 rows of 16 coefficients, a vector for each row. The four layers of the
 * transform that are 128 to 16 apart join whole rows. Then the square is turned over, and the layers
 * that are 8 to 2 apart join whole rows again, each lane with a zeta of its own. The order after
 * `ntt` is the turned one: the two coefficients of a factor X^2 - zeta stand in neighbouring rows,
 * in the same lane, so that products shuffle nothing. */
#include "crypto/mlkem/avx2.h"

#include "base/secret.h"

/* clang-format off */
/* The zetas of the layers 8, 4 and 2 apart: forward[0], forward[1..2], forward[3..6], a row for each
 * pair of rows of the turned square that they join, a lane for each of its lanes; and the way back. */
static const alignas(32) int16_t forward[7][VECTOR] = {
    {  573, -1325,   264,   383,  -829,  1458, -1602,  -130,  -681,  1017,   732,   608, -1542,   411,  -205, -1571},
    { 1223,  -552, -1293,  -282,   516,  -320, -1618,   126,  -853,  -271,   107,  -247,  -398, -1508,   448,   677},
    {  652,  1015,  1491, -1544,    -8,  -666, -1162,  1469,   -90,   830, -1421,  -951,   961,  -725, -1065, -1275},
    {-1103, -1251,   422,  -291,  -246,  -777, -1590,   418,   817,  1322, -1215,  -874, -1185, -1510,  -108,   958},
    {  430,   871,   587,  -460,   778,  1483,   644,   329,  1097, -1285,  -136,   220, -1530,  -854,  -308, -1460},
    {  555,  1550,   177,  1574,  1159,  -602,  -872,  -156,   603, -1465,  1218, -1187, -1278,  -870,   996,  1522},
    {  843,   105,  -235,  1653,  -147,  1119,   349,   -75,   610,   384, -1335, -1659,   794,   478,   991,  1628},
};
static const alignas(32) int16_t backward[7][VECTOR] = {
    {-1571,  -205,   411, -1542,   608,   732,  1017,  -681,  -130, -1602,  1458,  -829,   383,   264, -1325,   573},
    {-1275, -1065,  -725,   961,  -951, -1421,   830,   -90,  1469, -1162,  -666,    -8, -1544,  1491,  1015,   652},
    {  677,   448, -1508,  -398,  -247,   107,  -271,  -853,   126, -1618,  -320,   516,  -282, -1293,  -552,  1223},
    { 1628,   991,   478,   794, -1659, -1335,   384,   610,   -75,   349,  1119,  -147,  1653,  -235,   105,   843},
    { 1522,   996,  -870, -1278, -1187,  1218, -1465,   603,  -156,  -872,  -602,  1159,  1574,   177,  1550,   555},
    {-1460,  -308,  -854, -1530,   220,  -136, -1285,  1097,   329,   644,  1483,   778,  -460,   587,   871,   430},
    {  958,  -108, -1510, -1185,  -874, -1215,  1322,   817,   418, -1590,  -777,  -246,  -291,   422, -1251, -1103},
};
/* clang-format on */

/* ---- vectors of 16 numbers, as field.h has single ones --------------------------------------- */
/* b_inverse is b / q mod 2^16, made once where b serves more than once. */
static inline __m256i times_inverse(__m256i b)
{
    return _mm256_mullo_epi16(b, _mm256_set1_epi16(Q_INVERSE));
}

static inline __m256i multiply_by(__m256i a, __m256i b, __m256i b_inverse)
{
    const __m256i m = _mm256_mullo_epi16(a, b_inverse);
    return _mm256_sub_epi16(_mm256_mulhi_epi16(a, b),
                            _mm256_mulhi_epi16(m, _mm256_set1_epi16(MLKEM_Q)));
}

static inline __m256i multiply(__m256i a, __m256i b)
{
    return multiply_by(a, b, times_inverse(b));
}

static inline __m256i reduce(__m256i a)
{
    const __m256i high = _mm256_mulhi_epi16(a, _mm256_set1_epi16(BARRETT));
    const __m256i times =
        _mm256_mulhrs_epi16(high, _mm256_set1_epi16(1 << 5)); /* / 2^10, rounded */
    return _mm256_sub_epi16(a, _mm256_mullo_epi16(times, _mm256_set1_epi16(MLKEM_Q)));
}

static inline __m256i canonical(__m256i a)
{
    const __m256i r = reduce(a);
    return _mm256_add_epi16(r,
                            _mm256_and_si256(_mm256_srai_epi16(r, 15), _mm256_set1_epi16(MLKEM_Q)));
}

static inline void load_all(__m256i v[VECTORS], const struct poly *p)
{
    for (size_t i = 0; i < VECTORS; i++)
        v[i] = vec_load(p->c + VECTOR * i);
}

static inline void store_all(struct poly *p, const __m256i v[VECTORS])
{
    for (size_t i = 0; i < VECTORS; i++)
        vec_store(p->c + VECTOR * i, v[i]);
}

/* ---- turning the square over ------------------------------------------------------------------ */
/* Eight rows: each half of the result has the columns of the same half. */
static inline void transpose_halves(__m256i to[8], const __m256i r[8])
{
    __m256i a[8], b[8];
    for (size_t i = 0; i < 8; i += 2) {
        a[i] = _mm256_unpacklo_epi16(r[i], r[i + 1]);
        a[i + 1] = _mm256_unpackhi_epi16(r[i], r[i + 1]);
    }
    for (size_t i = 0; i < 8; i += 4) {
        b[i] = _mm256_unpacklo_epi32(a[i], a[i + 2]);
        b[i + 1] = _mm256_unpackhi_epi32(a[i], a[i + 2]);
        b[i + 2] = _mm256_unpacklo_epi32(a[i + 1], a[i + 3]);
        b[i + 3] = _mm256_unpackhi_epi32(a[i + 1], a[i + 3]);
    }
    for (size_t i = 0; i < 4; i++) {
        to[2 * i] = _mm256_unpacklo_epi64(b[i], b[i + 4]);
        to[2 * i + 1] = _mm256_unpackhi_epi64(b[i], b[i + 4]);
    }
}

static inline void transpose(__m256i v[VECTORS])
{
    __m256i upper[8], lower[8];
    transpose_halves(upper, v);
    transpose_halves(lower, v + 8);
    for (size_t i = 0; i < 8; i++) {
        v[i] = _mm256_permute2x128_si256(upper[i], lower[i], 0x20);
        v[i + 8] = _mm256_permute2x128_si256(upper[i], lower[i], 0x31);
    }
}

void gv_mlkem_avx2_transpose(struct poly *p)
{
    __m256i v[VECTORS];
    load_all(v, p);
    transpose(v);
    store_all(p, v);
}

/* ---- the transform ------------------------------------------------------------------------- */
/* Joins rows `apart` from each other, starting with row `first`, by one zeta (or one for each lane).
 */
static inline void join(__m256i v[VECTORS], size_t first, size_t apart, __m256i zeta)
{
    const __m256i inverse_zeta = times_inverse(zeta);
    for (size_t i = first; i < first + apart; i++) {
        const __m256i t = multiply_by(v[i + apart], zeta, inverse_zeta);
        v[i + apart] = _mm256_sub_epi16(v[i], t);
        v[i] = _mm256_add_epi16(v[i], t);
    }
}

static inline void part(__m256i v[VECTORS], size_t first, size_t apart, __m256i zeta)
{
    const __m256i inverse_zeta = times_inverse(zeta);
    for (size_t i = first; i < first + apart; i++) {
        const __m256i sum = _mm256_add_epi16(v[i], v[i + apart]);
        v[i + apart] = multiply_by(_mm256_sub_epi16(v[i + apart], v[i]), zeta, inverse_zeta);
        v[i] = reduce(sum);
    }
}

static void ntt(struct poly *p)
{
    __m256i v[VECTORS];
    load_all(v, p);
    for (size_t apart = 8, z = 1; apart >= 1; apart /= 2)
        for (size_t first = 0; first < VECTORS; first += 2 * apart, z++)
            join(v, first, apart, _mm256_set1_epi16(gv_mlkem_zetas[z]));
    transpose(v);
    for (size_t apart = 8, z = 0; apart >= 2; apart /= 2)
        for (size_t first = 0; first < VECTORS; first += 2 * apart, z++)
            join(v, first, apart, vec_load(forward[z]));
    for (size_t i = 0; i < VECTORS; i++)
        v[i] = reduce(v[i]);
    store_all(p, v);
}

static void inverse(struct poly *p)
{
    __m256i v[VECTORS];
    load_all(v, p);
    for (size_t apart = 2, row = 3; apart <= 8; row = (row - 1) / 2, apart *= 2)
        for (size_t first = 0, z = row; first < VECTORS; first += 2 * apart, z++)
            part(v, first, apart, vec_load(backward[z]));
    transpose(v);
    for (size_t apart = 1, z = 15; apart <= 8; apart *= 2)
        for (size_t first = 0; first < VECTORS; first += 2 * apart, z--)
            part(v, first, apart, _mm256_set1_epi16(gv_mlkem_zetas[z]));
    for (size_t i = 0; i < VECTORS; i++)
        v[i] = multiply(v[i], _mm256_set1_epi16(MONTGOMERY_128TH));
    store_all(p, v);
}

/* ---- products ------------------------------------------------------------------------------ */
/* FIPS 203, algorithm 12, for a pair of rows. The sums stay below 8q. */
static inline void dot_rows(int16_t *out, const struct poly *a, const struct poly *b, unsigned k,
                            size_t row)
{
    __m256i low = _mm256_setzero_si256(), high = low, cross = low;
    for (unsigned i = 0; i < k; i++) {
        const __m256i a0 = vec_load(a[i].c + row * VECTOR), b0 = vec_load(b[i].c + row * VECTOR);
        const __m256i a1 = vec_load(a[i].c + (row + 1) * VECTOR);
        const __m256i b1 = vec_load(b[i].c + (row + 1) * VECTOR);
        const __m256i b0_inverse = times_inverse(b0), b1_inverse = times_inverse(b1);
        low = _mm256_add_epi16(low, multiply_by(a0, b0, b0_inverse));
        high = _mm256_add_epi16(high, multiply_by(a1, b1, b1_inverse));
        cross = _mm256_add_epi16(cross, multiply_by(a0, b1, b1_inverse));
        cross = _mm256_add_epi16(cross, multiply_by(a1, b0, b0_inverse));
    }
    const __m256i scale = _mm256_set1_epi16(MONTGOMERY_SQUARE);
    const __m256i turned = multiply(high, vec_load(forward[3 + row / 4]));
    /* The factors' zetas are a number and its negative in turn. */
    low = row % 4 == 0 ? _mm256_add_epi16(low, turned) : _mm256_sub_epi16(low, turned);
    vec_store(out + row * VECTOR, multiply(low, scale));
    vec_store(out + (row + 1) * VECTOR, multiply(cross, scale));
}

static void dot(struct poly *out, const struct poly *a, const struct poly *b, unsigned k)
{
    for (size_t row = 0; row < VECTORS; row += 2)
        dot_rows(out->c, a, b, k, row);
}

/* ---- bytes --------------------------------------------------------------------------------- */
/* 16 numbers of 12 bits into 24 bytes. */
static inline void pack12(uint8_t *out, __m256i v)
{
    const __m256i pairs = _mm256_madd_epi16(v, _mm256_set1_epi32(0x10000000 | 1));
    const __m256i bytes = _mm256_shuffle_epi8(
        pairs, _mm256_setr_epi8(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1, 0, 1, 2, 4,
                                5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1));
    const __m256i joined =
        _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
    _mm_storeu_si128((__m128i *)(void *)out, _mm256_castsi256_si128(joined));
    _mm_storel_epi64((__m128i *)(void *)(out + 16), _mm256_extracti128_si256(joined, 1));
}

static void encode(uint8_t out[MLKEM_POLY_BYTES], const struct poly *p)
{
    __m256i v[VECTORS];
    load_all(v, p);
    transpose(v);
    for (size_t i = 0; i < VECTORS; i++)
        pack12(out + 24 * i, canonical(v[i]));
}

static bool decode(struct poly *p, const uint8_t in[MLKEM_POLY_BYTES])
{
    __m256i v[VECTORS], above = _mm256_setzero_si256();
    for (size_t i = 0; i < VECTORS; i++) {
        v[i] = vec_unpack12(in + 24 * i);
        above = _mm256_or_si256(above, _mm256_cmpgt_epi16(v[i], _mm256_set1_epi16(MLKEM_Q - 1)));
    }
    transpose(v);
    store_all(p, v);
    return _mm256_testz_si256(above, above) != 0;
}

/* Compress_d without its last reduction: x * 2^d / q, rounded. `times` is 2^(16 + d) / q, rounded
 * up: the product's upper half is the quotient rounded down, or sometimes up where that is the nearer
 * side; the remainder then says whether to round it up. */
static inline __m256i quotient(__m256i x, unsigned d, __m256i times)
{
    const __m256i down = _mm256_mulhi_epu16(x, times);
    const __m256i rest = _mm256_sub_epi16(_mm256_slli_epi16(x, (int)d),
                                          _mm256_mullo_epi16(down, _mm256_set1_epi16(MLKEM_Q)));
    return _mm256_sub_epi16(down, _mm256_cmpgt_epi16(rest, _mm256_set1_epi16(MLKEM_Q / 2)));
}

/* 16 numbers of 10 bits into 20 bytes. */
static inline void pack10(uint8_t *out, __m256i v)
{
    const __m256i pairs = _mm256_madd_epi16(v, _mm256_set1_epi32(0x04000000 | 1)); /* 20 bits */
    const __m256i moved = _mm256_sllv_epi32(pairs, _mm256_set1_epi64x(12));
    const __m256i fours = _mm256_srli_epi64(moved, 12); /* 40 bits */
    const __m256i bytes = _mm256_shuffle_epi8(
        fours, _mm256_setr_epi8(0, 1, 2, 3, 4, 8, 9, 10, 11, 12, -1, -1, -1, -1, -1, -1, 0, 1, 2, 3,
                                4, 8, 9, 10, 11, 12, -1, -1, -1, -1, -1, -1));
    uint8_t both[32];
    _mm256_storeu_si256((__m256i *)(void *)both, bytes);
    memcpy(out, both, 10);
    memcpy(out + 10, both + 16, 10);
}

/* 16 numbers of 4 bits into 8 bytes. */
static inline void pack4(uint8_t *out, __m256i v)
{
    const __m256i pairs = _mm256_or_si256(v, _mm256_srli_epi32(v, 12));
    const __m256i bytes = _mm256_shuffle_epi8(
        pairs, _mm256_setr_epi8(0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0, 4,
                                8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1));
    const uint32_t halves[] = {(uint32_t)_mm256_extract_epi32(bytes, 0),
                               (uint32_t)_mm256_extract_epi32(bytes, 4)};
    memcpy(out, halves, 8);
}

static inline void pack1(uint8_t *out, __m256i v)
{
    const __m256i signs = _mm256_slli_epi16(v, 15);
    const __m128i bytes =
        _mm_packs_epi16(_mm256_castsi256_si128(signs), _mm256_extracti128_si256(signs, 1));
    const unsigned bits = (unsigned)_mm_movemask_epi8(bytes);
    out[0] = (uint8_t)bits;
    out[1] = (uint8_t)(bits >> 8);
}

static inline void pack(uint8_t *out, __m256i v, unsigned d)
{
    alignas(32) int16_t numbers[VECTOR];
    if (d == 10) {
        pack10(out, v);
    } else if (d == 4) {
        pack4(out, v);
    } else if (d == 1) {
        pack1(out, v);
    } else {
        vec_store(numbers, v);
        bits_put(out, numbers, d);
        bits_put(out + d, numbers + 8, d);
    }
}

static void compress(uint8_t *out, const struct poly *p, unsigned d)
{
    const __m256i times = _mm256_set1_epi16((int16_t)(((1u << (16 + d)) + MLKEM_Q - 1) / MLKEM_Q));
    const __m256i mask = _mm256_set1_epi16((int16_t)((1u << d) - 1));
    for (size_t i = 0; i < VECTORS; i++, out += 2 * d) {
        const __m256i x = canonical(vec_load(p->c + VECTOR * i));
        pack(out, _mm256_and_si256(quotient(x, d, times), mask), d);
    }
}

/* 16 numbers of 10 bits from 20 bytes, each moved to the upper end of 15 bits. */
static inline __m256i unpack10(const uint8_t *in)
{
    const __m256i bytes = _mm256_set_m128i(_mm_loadu_si128((const __m128i *)(const void *)(in + 4)),
                                           _mm_loadu_si128((const __m128i *)(const void *)in));
    const __m256i pairs = _mm256_shuffle_epi8(
        bytes, _mm256_setr_epi8(0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 6, 7, 7, 8, 8, 9, 6, 7, 7, 8, 8, 9, 9,
                                10, 11, 12, 12, 13, 13, 14, 14, 15));
    const __m256i high = _mm256_mullo_epi16(pairs, _mm256_set1_epi64x(0x0001000400100040));
    return _mm256_and_si256(_mm256_srli_epi16(high, 1), _mm256_set1_epi16(0x7fe0));
}

/* 16 numbers of 4 bits from 8 bytes, likewise. */
static inline __m256i unpack4(const uint8_t *in)
{
    const __m128i bytes = _mm_loadl_epi64((const __m128i *)(const void *)in);
    const __m256i pairs = _mm256_cvtepu8_epi16(_mm_unpacklo_epi8(bytes, bytes));
    const __m256i high = _mm256_mullo_epi16(pairs, _mm256_set1_epi32(0x00800800));
    return _mm256_and_si256(high, _mm256_set1_epi16(0x7800));
}

/* 16 numbers of 1 bit, likewise. */
static inline __m256i unpack1(const uint8_t *in)
{
    const __m256i bits = _mm256_set1_epi16((int16_t)(in[0] | in[1] << 8));
    const __m256i mask = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096,
                                           8192, 16384, INT16_MIN);
    return _mm256_and_si256(_mm256_cmpeq_epi16(_mm256_and_si256(bits, mask), mask),
                            _mm256_set1_epi16(1 << 14));
}

static inline __m256i unpack(const uint8_t *in, unsigned d)
{
    alignas(32) int16_t numbers[VECTOR];
    if (d == 10)
        return unpack10(in);
    if (d == 4)
        return unpack4(in);
    if (d == 1)
        return unpack1(in);
    bits_get(numbers, in, d);
    bits_get(numbers + 8, in + d, d);
    return _mm256_slli_epi16(vec_load(numbers), (int)(15 - d));
}

/* round(y * q / 2^d), as (y * 2^(15 - d)) * q / 2^15, which is one instruction. */
static void decompress(struct poly *p, const uint8_t *in, unsigned d)
{
    for (size_t i = 0; i < VECTORS; i++, in += 2 * d)
        vec_store(p->c + VECTOR * i,
                  _mm256_mulhrs_epi16(unpack(in, d), _mm256_set1_epi16(MLKEM_Q)));
}

static const struct mlkem_ops ops = {
    .name = "AVX2",
    .permute = gv_mlkem_avx2_permute,
    .matrix = gv_mlkem_avx2_matrix,
    .noise = gv_mlkem_avx2_noise,
    .ntt = ntt,
    .inverse = inverse,
    .dot = dot,
    .encode = encode,
    .decode = decode,
    .compress = compress,
    .decompress = decompress,
};
const struct mlkem_ops *const gv_mlkem_avx2 = &ops;
