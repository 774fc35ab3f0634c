/* The sponge of FIPS 202 section 4, byte by byte where blocks end, lane by lane between. */
#include "crypto/mlkem/keccak.h"

#include "base/secret.h"

const uint64_t gv_keccak_constants[KECCAK_ROUNDS] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

/* Little-endian; written so that compilers see one load in it. */
static uint64_t load_lane(const uint8_t *at)
{
    return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24 |
           (uint64_t)at[4] << 32 | (uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 |
           (uint64_t)at[7] << 56;
}

static void xor_byte(struct keccak *k, size_t at, uint8_t byte)
{
    k->lanes[at / 8] ^= (uint64_t)byte << (8 * (at % 8));
}

void gv_keccak_init(struct keccak *k, keccak_permute *permute, uint8_t rate)
{
    *k = (struct keccak){.permute = permute, .rate = rate};
}

void gv_keccak_absorb(struct keccak *k, struct span data)
{
    while (data.len != 0) {
        size_t n = 1;
        if (k->at % 8 == 0 && data.len >= 8) {
            k->lanes[k->at / 8] ^= load_lane(data.at);
            n = 8;
        } else {
            xor_byte(k, k->at, *data.at);
        }
        data = span_from(data, n);
        k->at = (uint8_t)(k->at + n);
        if (k->at == k->rate) {
            k->permute(k->lanes);
            k->at = 0;
        }
    }
}

void gv_keccak_pad(struct keccak *k, uint8_t suffix)
{
    xor_byte(k, k->at, suffix);
    xor_byte(k, (size_t)k->rate - 1, 0x80);
    k->at = k->rate;
}

void gv_keccak_squeeze(struct keccak *k, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (k->at == k->rate) {
            k->permute(k->lanes);
            k->at = 0;
        }
        out[i] = (uint8_t)(k->lanes[k->at / 8] >> (8 * (k->at % 8)));
        k->at++;
    }
}

void gv_keccak_once(struct keccak_call call, struct span a, struct span b, uint8_t *out, size_t len)
{
    struct keccak k;
    gv_keccak_init(&k, call.permute, call.rate);
    gv_keccak_absorb(&k, a);
    gv_keccak_absorb(&k, b);
    gv_keccak_pad(&k, call.suffix);
    gv_keccak_squeeze(&k, out, len);
    gv_wipe(&k, sizeof k);
}
