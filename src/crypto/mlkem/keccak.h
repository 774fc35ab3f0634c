/* Keccak's sponge as far as ML-KEM needs it: SHA3-256, SHA3-512, SHAKE128, SHAKE256 (FIPS 202).
 * The permutation comes from outside, so that each machine brings its own. */
#ifndef GALVAN_CRYPTO_MLKEM_KECCAK_H
#define GALVAN_CRYPTO_MLKEM_KECCAK_H

#include "base/span.h"

enum { KECCAK_LANES = 25, KECCAK_ROUNDS = 24 };
extern const uint64_t gv_keccak_constants[KECCAK_ROUNDS]; /* FIPS 202 section 3.2.5 */

typedef void keccak_permute(uint64_t lanes[KECCAK_LANES]);

/* Bytes of a block, and the bits that end a message with the first bits of its padding. */
enum {
    SHA3_256_RATE = 136,
    SHA3_512_RATE = 72,
    SHAKE128_RATE = 168,
    SHAKE256_RATE = 136,
    SHA3_SUFFIX = 0x06,
    SHAKE_SUFFIX = 0x1f
};

struct keccak {
    uint64_t lanes[KECCAK_LANES];
    keccak_permute *permute;
    uint8_t rate, at; /* bytes */
};

void gv_keccak_init(struct keccak *k, keccak_permute *permute, uint8_t rate);
void gv_keccak_absorb(struct keccak *k, struct span data);
/* Ends the message; squeezing comes after. */
void gv_keccak_pad(struct keccak *k, uint8_t suffix);
/* The next len bytes of the output. */
void gv_keccak_squeeze(struct keccak *k, uint8_t *out, size_t len);

/* All of it at once over two parts; the state is wiped. */
struct keccak_call {
    keccak_permute *permute;
    uint8_t rate, suffix;
};
void gv_keccak_once(struct keccak_call call, struct span a, struct span b, uint8_t *out,
                    size_t len);

#endif
