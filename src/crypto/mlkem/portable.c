/* ML-KEM's arithmetic in plain C, for every machine; what the others are tested against. */
#include "crypto/mlkem/field.h"

#include "base/secret.h"

#define KECCAK_XOR(a, b) ((a) ^ (b))
#define KECCAK_NOT_AND(a, b) (~(a) & (b))
#define KECCAK_ROTATE(a, n) ((a) << (n) | (a) >> (64 - (n)))
#include "crypto/mlkem/keccak_round.h"

/* clang-format off */
const int16_t gv_mlkem_zetas[128] = {
    -1044,  -758,  -359, -1517,  1493,  1422,   287,   202,  -171,   622,  1577,   182,   962, -1202, -1474,  1468,
      573, -1325,   264,   383,  -829,  1458, -1602,  -130,  -681,  1017,   732,   608, -1542,   411,  -205, -1571,
     1223,   652,  -552,  1015, -1293,  1491,  -282, -1544,   516,    -8,  -320,  -666, -1618, -1162,   126,  1469,
     -853,   -90,  -271,   830,   107, -1421,  -247,  -951,  -398,   961, -1508,  -725,   448, -1065,   677, -1275,
    -1103,   430,   555,   843, -1251,   871,  1550,   105,   422,   587,   177,  -235,  -291,  -460,  1574,  1653,
     -246,   778,  1159,  -147,  -777,  1483,  -602,  1119, -1590,   644,  -872,   349,   418,   329,  -156,   -75,
      817,  1097,   603,   610,  1322, -1285, -1465,   384, -1215,  -136,  1218, -1335,  -874,   220, -1187, -1659,
    -1185, -1530, -1278,   794, -1510,  -854,  -870,   478,  -108,  -308,   996,   991,   958, -1460,  1522,  1628,
};
/* clang-format on */

static void permute(uint64_t a[KECCAK_LANES])
{
    uint64_t b[KECCAK_LANES];
    for (size_t i = 0; i < KECCAK_ROUNDS; i += 2) {
        KECCAK_ROUND(uint64_t, b, a, gv_keccak_constants[i]);
        KECCAK_ROUND(uint64_t, a, b, gv_keccak_constants[i + 1]);
    }
    gv_wipe(b, sizeof b);
}

/* FIPS 203, algorithm 7 */
static void sample(struct poly *p, const uint8_t rho[32], uint8_t first, uint8_t second)
{
    struct keccak k;
    const uint8_t indices[] = {first, second};
    gv_keccak_init(&k, permute, SHAKE128_RATE);
    gv_keccak_absorb(&k, span_of(rho, 32));
    gv_keccak_absorb(&k, SPAN_OF(indices));
    gv_keccak_pad(&k, SHAKE_SUFFIX);
    for (size_t n = 0; n < MLKEM_N;) {
        uint8_t b[3];
        gv_keccak_squeeze(&k, b, 3);
        uint16_t d1 = (uint16_t)(b[0] | (b[1] & 15) << 8), d2 = (uint16_t)(b[1] >> 4 | b[2] << 4);
        if (d1 < MLKEM_Q)
            p->c[n++] = (int16_t)d1;
        if (d2 < MLKEM_Q && n < MLKEM_N)
            p->c[n++] = (int16_t)d2;
    }
}

static void matrix(struct poly *a, const uint8_t rho[32], unsigned k)
{
    for (unsigned i = 0; i < k; i++)
        for (unsigned j = 0; j < k; j++, a++)
            sample(a, rho, (uint8_t)i, (uint8_t)j);
}

/* FIPS 203, algorithm 8 with eta 2: two bits less two bits */
static void noise(struct poly *p, unsigned n, const uint8_t seed[32], uint8_t counter)
{
    uint8_t bytes[MLKEM_NOISE_BYTES];
    const struct keccak_call prf = {permute, SHAKE256_RATE, SHAKE_SUFFIX};
    for (unsigned i = 0; i < n; i++, counter++) {
        gv_keccak_once(prf, span_of(seed, 32), span_of(&counter, 1), bytes, sizeof bytes);
        for (size_t j = 0; j < MLKEM_N; j++) {
            unsigned four = (unsigned)bytes[j / 2] >> 4 * (j % 2);
            int plus = (int)((four & 1) + (four >> 1 & 1));
            int minus = (int)((four >> 2 & 1) + (four >> 3 & 1));
            p[i].c[j] = (int16_t)(plus - minus);
        }
    }
    gv_wipe(bytes, sizeof bytes);
}

/* Each layer may add q to a coefficient's size: 8q < 2^15 at the end. */
static void ntt(struct poly *p)
{
    size_t z = 1;
    for (size_t len = 128; len >= 2; len /= 2)
        for (size_t start = 0; start < MLKEM_N; start += 2 * len, z++)
            for (size_t j = start; j < start + len; j++) {
                int16_t t = mod_mul(gv_mlkem_zetas[z], p->c[j + len]);
                p->c[j + len] = (int16_t)(p->c[j] - t);
                p->c[j] = (int16_t)(p->c[j] + t);
            }
    for (size_t j = 0; j < MLKEM_N; j++)
        p->c[j] = mod_reduce(p->c[j]);
}

static void inverse(struct poly *p)
{
    size_t z = 127;
    for (size_t len = 2; len <= 128; len *= 2)
        for (size_t start = 0; start < MLKEM_N; start += 2 * len, z--)
            for (size_t j = start; j < start + len; j++) {
                int16_t t = p->c[j];
                p->c[j] = mod_reduce((int16_t)(t + p->c[j + len]));
                p->c[j + len] = mod_mul(gv_mlkem_zetas[z], (int16_t)(p->c[j + len] - t));
            }
    for (size_t j = 0; j < MLKEM_N; j++)
        p->c[j] = mod_mul(p->c[j], MONTGOMERY_128TH);
}

/* (a0 + a1 X)(b0 + b1 X) modulo X^2 - zeta (FIPS 203, algorithm 12), over 2^16; summed over k
 * products it stays below 8q. */
static void multiply_pair(int16_t sum[2], const int16_t a[2], const int16_t b[2], int16_t zeta)
{
    sum[0] = (int16_t)(sum[0] + mod_mul(mod_mul(a[1], b[1]), zeta) + mod_mul(a[0], b[0]));
    sum[1] = (int16_t)(sum[1] + mod_mul(a[0], b[1]) + mod_mul(a[1], b[0]));
}

static void dot(struct poly *out, const struct poly *a, const struct poly *b, unsigned k)
{
    for (size_t j = 0; j < MLKEM_N; j += 2) {
        int16_t zeta = gv_mlkem_zetas[64 + j / 4], sum[2] = {0, 0};
        for (unsigned i = 0; i < k; i++)
            multiply_pair(sum, &a[i].c[j], &b[i].c[j], (int16_t)(j % 4 == 0 ? zeta : -zeta));
        out->c[j] = mod_mul(sum[0], MONTGOMERY_SQUARE);
        out->c[j + 1] = mod_mul(sum[1], MONTGOMERY_SQUARE);
    }
}

static void compress(uint8_t *out, const struct poly *p, unsigned d)
{
    int16_t numbers[8];
    for (size_t j = 0; j < MLKEM_N; j += 8, out += d) {
        for (size_t i = 0; i < 8; i++)
            numbers[i] = mod_compress(p->c[j + i], d);
        bits_put(out, numbers, d);
    }
    gv_wipe(numbers, sizeof numbers);
}

static void decompress(struct poly *p, const uint8_t *in, unsigned d)
{
    int16_t numbers[8];
    for (size_t j = 0; j < MLKEM_N; j += 8, in += d) {
        bits_get(numbers, in, d);
        for (size_t i = 0; i < 8; i++)
            p->c[j + i] = mod_decompress(numbers[i], d);
    }
    gv_wipe(numbers, sizeof numbers);
}

static void encode(uint8_t out[MLKEM_POLY_BYTES], const struct poly *p)
{
    int16_t numbers[8];
    for (size_t j = 0; j < MLKEM_N; j += 8, out += 12) {
        for (size_t i = 0; i < 8; i++)
            numbers[i] = mod_canonical(p->c[j + i]);
        bits_put(out, numbers, 12);
    }
}

static bool decode(struct poly *p, const uint8_t in[MLKEM_POLY_BYTES])
{
    int16_t numbers[8];
    bool ok = true;
    for (size_t j = 0; j < MLKEM_N; j += 8, in += 12) {
        bits_get(numbers, in, 12);
        for (size_t i = 0; i < 8; i++) {
            ok = ok && numbers[i] < MLKEM_Q;
            p->c[j + i] = numbers[i];
        }
    }
    return ok;
}

const struct mlkem_ops gv_mlkem_portable = {
    .name = "portable",
    .permute = permute,
    .matrix = matrix,
    .noise = noise,
    .ntt = ntt,
    .inverse = inverse,
    .dot = dot,
    .encode = encode,
    .decode = decode,
    .compress = compress,
    .decompress = decompress,
};
