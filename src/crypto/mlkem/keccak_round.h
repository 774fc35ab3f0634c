/* A round of Keccak-f[1600] (FIPS 202 section 3.2), written once for whatever a lane is. Who
 * includes this defines before
 *
 *   KECCAK_XOR(a, b)   KECCAK_NOT_AND(a, b), which is ~a & b   KECCAK_ROTATE(a, n), to the left
 *
 * and then has KECCAK_ROUND(lane, to, from, constant): theta, rho and pi gather five lanes for each
 * row of the result, chi and iota finish it. */
#ifndef GALVAN_CRYPTO_MLKEM_KECCAK_ROUND_H
#define GALVAN_CRYPTO_MLKEM_KECCAK_ROUND_H

#define KECCAK_PARITY(a, x)                                                                        \
    KECCAK_XOR(KECCAK_XOR((a)[x], (a)[(x) + 5]),                                                   \
               KECCAK_XOR(KECCAK_XOR((a)[(x) + 10], (a)[(x) + 15]), (a)[(x) + 20]))

#define KECCAK_MOVED(from, d, i, turn) KECCAK_ROTATE(KECCAK_XOR((from)[i], (d)[(i) % 5]), turn)

/* Row y of the result from lanes i0 to i4, each turned; the first lane is never turned by more than
 * the others are, but for lane 0, which stands still. */
#define KECCAK_ROW(lane, to, y, b0, from, d, i1, r1, i2, r2, i3, r3, i4, r4)                       \
    do {                                                                                           \
        const lane b_0 = (b0), b_1 = KECCAK_MOVED(from, d, i1, r1),                                \
                   b_2 = KECCAK_MOVED(from, d, i2, r2), b_3 = KECCAK_MOVED(from, d, i3, r3),       \
                   b_4 = KECCAK_MOVED(from, d, i4, r4);                                            \
        (to)[5 * (y) + 0] = KECCAK_XOR(b_0, KECCAK_NOT_AND(b_1, b_2));                             \
        (to)[5 * (y) + 1] = KECCAK_XOR(b_1, KECCAK_NOT_AND(b_2, b_3));                             \
        (to)[5 * (y) + 2] = KECCAK_XOR(b_2, KECCAK_NOT_AND(b_3, b_4));                             \
        (to)[5 * (y) + 3] = KECCAK_XOR(b_3, KECCAK_NOT_AND(b_4, b_0));                             \
        (to)[5 * (y) + 4] = KECCAK_XOR(b_4, KECCAK_NOT_AND(b_0, b_1));                             \
    } while (0)

#define KECCAK_ROUND(lane, to, from, constant)                                                     \
    do {                                                                                           \
        const lane c_0 = KECCAK_PARITY(from, 0), c_1 = KECCAK_PARITY(from, 1),                     \
                   c_2 = KECCAK_PARITY(from, 2), c_3 = KECCAK_PARITY(from, 3),                     \
                   c_4 = KECCAK_PARITY(from, 4);                                                   \
        const lane d_[5] = {                                                                       \
            KECCAK_XOR(c_4, KECCAK_ROTATE(c_1, 1)), KECCAK_XOR(c_0, KECCAK_ROTATE(c_2, 1)),        \
            KECCAK_XOR(c_1, KECCAK_ROTATE(c_3, 1)), KECCAK_XOR(c_2, KECCAK_ROTATE(c_4, 1)),        \
            KECCAK_XOR(c_3, KECCAK_ROTATE(c_0, 1))};                                               \
        KECCAK_ROW(lane, to, 0, KECCAK_XOR((from)[0], d_[0]), from, d_, 6, 44, 12, 43, 18, 21, 24, \
                   14);                                                                            \
        KECCAK_ROW(lane, to, 1, KECCAK_MOVED(from, d_, 3, 28), from, d_, 9, 20, 10, 3, 16, 45, 22, \
                   61);                                                                            \
        KECCAK_ROW(lane, to, 2, KECCAK_MOVED(from, d_, 1, 1), from, d_, 7, 6, 13, 25, 19, 8, 20,   \
                   18);                                                                            \
        KECCAK_ROW(lane, to, 3, KECCAK_MOVED(from, d_, 4, 27), from, d_, 5, 36, 11, 10, 17, 15,    \
                   23, 56);                                                                        \
        KECCAK_ROW(lane, to, 4, KECCAK_MOVED(from, d_, 2, 62), from, d_, 8, 55, 14, 39, 15, 41,    \
                   21, 2);                                                                         \
        (to)[0] = KECCAK_XOR((to)[0], constant);                                                   \
    } while (0)

#endif
