/* ML-KEM-768 and ML-KEM-1024 (FIPS 203), of our own, for a libcrypto that has none. Everything
 * that depends on a secret runs in constant time, and what it leaves on the stack is wiped. */
#ifndef GALVAN_CRYPTO_MLKEM_MLKEM_H
#define GALVAN_CRYPTO_MLKEM_MLKEM_H

#include "crypto/mlkem/ops.h"

enum {
    MLKEM_K_MAX = 4,
    MLKEM_SEED = 64,    /* d and z */
    MLKEM_MESSAGE = 32, /* the random m of an encapsulation */
    MLKEM_SECRET = 32,
    MLKEM_EK_MAX = 1568,
    MLKEM_CT_MAX = 1568
};

struct mlkem {
    const char *name;
    uint8_t k, du, dv;       /* FIPS 203 section 8; eta1 and eta2 are 2 in both */
    uint16_t ek_len, ct_len; /* bytes of an encapsulation key and of a ciphertext */
};
extern const struct mlkem gv_mlkem_768, gv_mlkem_1024;

/* The fastest arithmetic that this machine has. */
const struct mlkem_ops *gv_mlkem_ops(void);

/* What the owner of a key pair keeps between making and using it: the matrix and both halves, spread
 * out, because making the matrix again would cost half as much as decapsulating. Wipe and free it
 * soon; it takes gv_mlkem_key_size bytes. */
struct mlkem_key {
    const struct mlkem *kem;
    const struct mlkem_ops *ops;
    uint8_t ek_hash[32], z[32];
    struct poly polys[]; /* k * k of the transposed matrix, k of t, k of s */
};
size_t gv_mlkem_key_size(const struct mlkem *kem);

/* ML-KEM.KeyGen_internal (algorithm 16): key, of which kem and ops are set, and the encapsulation
 * key, from a random seed. */
void gv_mlkem_generate(struct mlkem_key *key, const uint8_t seed[MLKEM_SEED], uint8_t *ek);

/* ML-KEM.Encaps_internal (algorithm 17) from a random message. False where ek fails the check of
 * section 7.2; its length is the caller's to check. */
bool gv_mlkem_encapsulate(const struct mlkem *kem, const struct mlkem_ops *ops, const uint8_t *ek,
                          const uint8_t message[MLKEM_MESSAGE], uint8_t *ct,
                          uint8_t secret[MLKEM_SECRET]);

/* ML-KEM.Decaps_internal (algorithm 18): cannot fail, since a wrong ciphertext gives a secret of
 * its own. The ciphertext's length is the caller's to check. */
void gv_mlkem_decapsulate(const struct mlkem_key *key, const uint8_t *ct,
                          uint8_t secret[MLKEM_SECRET]);

/* The second half of key generation, from the two values that the seed's first half expands to.
 * rho is public, sigma is not: a test of constant time marks them so. */
void gv_mlkem_generate_from(struct mlkem_key *key, const uint8_t rho[32], const uint8_t sigma[32],
                            uint8_t *ek);

#endif
