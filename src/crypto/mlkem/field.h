/* Arithmetic modulo q = 3329 on single numbers, and the tables that all implementations share.
 * Nothing here branches on a value or divides by one. */
#ifndef GALVAN_CRYPTO_MLKEM_FIELD_H
#define GALVAN_CRYPTO_MLKEM_FIELD_H

#include "crypto/mlkem/ops.h"

enum {
    Q_INVERSE = -3327,        /* q^-1 mod 2^16 */
    MONTGOMERY_SQUARE = 1353, /* 2^32 mod q */
    MONTGOMERY_128TH = 512,   /* 2^16 / 128 mod q */
    BARRETT = 20159           /* 2^26 / q, rounded */
};

/* 17^bitreverse(i) * 2^16 mod q (FIPS 203 appendix A, in Montgomery's form) */
extern const int16_t gv_mlkem_zetas[128];

/* a * b / 2^16 mod q, between -q and q, for |a * b| < q * 2^15 */
static inline int16_t mod_mul(int16_t a, int16_t b)
{
    int32_t product = (int32_t)a * b;
    int16_t m = (int16_t)((uint32_t)product * (uint32_t)Q_INVERSE);
    return (int16_t)((product - (int32_t)m * MLKEM_Q) >> 16);
}

/* a mod q, between -q/2 and q/2 */
static inline int16_t mod_reduce(int16_t a)
{
    int32_t times = ((int32_t)a * BARRETT + (1 << 25)) >> 26;
    return (int16_t)(a - times * MLKEM_Q);
}

/* a mod q, between 0 and q - 1 */
static inline int16_t mod_canonical(int16_t a)
{
    int16_t r = mod_reduce(a);
    return (int16_t)(r + ((r >> 15) & MLKEM_Q));
}

/* Compress_d (FIPS 203 section 4.2.1): round(x * 2^d / q) mod 2^d. A multiplication by 2^40 / q,
 * rounded up, stands for the division: exact, since x * 2^d + q / 2 is below 2^23. */
static inline int16_t mod_compress(int16_t a, unsigned d)
{
    uint64_t scaled = ((uint64_t)(uint16_t)mod_canonical(a) << d) + MLKEM_Q / 2;
    return (int16_t)((scaled * 330282857 >> 40) & ((1u << d) - 1));
}

/* Decompress_d: round(y * q / 2^d) */
static inline int16_t mod_decompress(int16_t y, unsigned d)
{
    return (int16_t)((y * MLKEM_Q + (1 << (d - 1))) >> d);
}

/* Eight numbers of d bits each, the lowest bits first, into d bytes; and back (FIPS 203, algorithms
 * 5 and 6). */
static inline void bits_put(uint8_t *out, const int16_t numbers[8], unsigned d)
{
    uint64_t bits = 0;
    unsigned have = 0;
    for (size_t i = 0; i < 8; i++) {
        bits |= (uint64_t)(uint16_t)numbers[i] << have;
        for (have += d; have >= 8; have -= 8, bits >>= 8)
            *out++ = (uint8_t)bits;
    }
}

static inline void bits_get(int16_t numbers[8], const uint8_t *in, unsigned d)
{
    uint64_t bits = 0;
    unsigned have = 0;
    for (size_t i = 0; i < 8; i++) {
        for (; have < d; have += 8)
            bits |= (uint64_t)*in++ << have;
        numbers[i] = (int16_t)(bits & ((1u << d) - 1));
        bits >>= d;
        have -= d;
    }
}

#endif
