/* The arithmetic under ML-KEM, which each kind of machine may do in its own way.
 *
 * A polynomial has 256 coefficients modulo q = 3329, in 16-bit numbers of either sign, between -q
 * and q unless it says otherwise. After `ntt` they stand in whatever order the implementation likes;
 * `matrix` and `decode` give that order too, `dot` and `encode` take it, `inverse` leaves it. So
 * nobody but an implementation may look at single coefficients there.
 *
 * All run in constant time, but `matrix` and `decode`, whose inputs are public. */
#ifndef GALVAN_CRYPTO_MLKEM_OPS_H
#define GALVAN_CRYPTO_MLKEM_OPS_H

#include "crypto/mlkem/keccak.h"

#include <stdalign.h>

enum { MLKEM_Q = 3329, MLKEM_N = 256, MLKEM_POLY_BYTES = 384, MLKEM_NOISE_BYTES = 128 };

struct poly {
    alignas(32) int16_t c[MLKEM_N];
};

struct mlkem_ops {
    const char *name;
    keccak_permute *permute;
    /* The transposed matrix that rho stands for, k rows of k polynomials each: row i, column j is
     * sampled from XOF(rho, i, j) (FIPS 203, algorithm 7). */
    void (*matrix)(struct poly *a, const uint8_t rho[32], unsigned k);
    /* n polynomials from PRF(seed, counter), PRF(seed, counter + 1), ..., with eta 2 (algorithm 8) */
    void (*noise)(struct poly *p, unsigned n, const uint8_t seed[32], uint8_t counter);
    void (*ntt)(struct poly *p);     /* algorithm 9 */
    void (*inverse)(struct poly *p); /* algorithm 10 */
    /* out = a[0] * b[0] + ... + a[k - 1] * b[k - 1] (algorithm 11) */
    void (*dot)(struct poly *out, const struct poly *a, const struct poly *b, unsigned k);
    /* ByteEncode_12 (algorithm 5) after ntt, of coefficients of any size */
    void (*encode)(uint8_t out[MLKEM_POLY_BYTES], const struct poly *p);
    /* ByteDecode_12 (algorithm 6); false where a coefficient is not below q (section 7.2) */
    bool (*decode)(struct poly *p, const uint8_t in[MLKEM_POLY_BYTES]);
    /* ByteEncode_d(Compress_d(p)), 32 * d bytes, of coefficients of any size; and the way back. d is
     * 1, 4, 5, 10 or 11. */
    void (*compress)(uint8_t *out, const struct poly *p, unsigned d);
    void (*decompress)(struct poly *p, const uint8_t *in, unsigned d);
};

extern const struct mlkem_ops gv_mlkem_portable;
/* NULL where it was not compiled. Whether the machine has AVX2 is for the caller to ask. */
extern const struct mlkem_ops *const gv_mlkem_avx2;

#endif
