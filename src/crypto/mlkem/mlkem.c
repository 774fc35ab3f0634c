/* The algorithms of FIPS 203, section 5 (K-PKE) and section 6 (ML-KEM), over crypto/mlkem/ops.h. */
#include "crypto/mlkem/mlkem.h"

#include "base/cpu.h"
#include "base/secret.h"

const struct mlkem gv_mlkem_768 = {"ML-KEM-768", 3, 10, 4, 1184, 1088};
const struct mlkem gv_mlkem_1024 = {"ML-KEM-1024", 4, 11, 5, 1568, 1568};

const struct mlkem_ops *gv_mlkem_ops(void)
{
    return gv_mlkem_avx2 != NULL && gv_cpu_has_avx2() ? gv_mlkem_avx2 : &gv_mlkem_portable;
}

/* ---- the functions of section 4.1 ---------------------------------------------------------- */
static void hash_g(const struct mlkem_ops *ops, struct span a, struct span b, uint8_t out[64])
{
    gv_keccak_once((struct keccak_call){ops->permute, SHA3_512_RATE, SHA3_SUFFIX}, a, b, out, 64);
}

static void hash_h(const struct mlkem_ops *ops, struct span a, uint8_t out[32])
{
    const struct span none = {NULL, 0};
    gv_keccak_once((struct keccak_call){ops->permute, SHA3_256_RATE, SHA3_SUFFIX}, a, none, out,
                   32);
}

static void hash_j(const struct mlkem_ops *ops, struct span z, struct span ct, uint8_t out[32])
{
    gv_keccak_once((struct keccak_call){ops->permute, SHAKE256_RATE, SHAKE_SUFFIX}, z, ct, out, 32);
}

/* ---- polynomials -------------------------------------------------------------------------- */
static void add(struct poly *to, const struct poly *p)
{
    for (size_t i = 0; i < MLKEM_N; i++)
        to->c[i] = (int16_t)(to->c[i] + p->c[i]);
}

static void subtract_from(struct poly *p, const struct poly *from)
{
    for (size_t i = 0; i < MLKEM_N; i++)
        p->c[i] = (int16_t)(from->c[i] - p->c[i]);
}

/* Where the polynomials of a key stand. */
static const struct poly *key_t(const struct mlkem_key *key)
{
    return key->polys + (size_t)key->kem->k * key->kem->k;
}

static const struct poly *key_s(const struct mlkem_key *key)
{
    return key_t(key) + key->kem->k;
}

size_t gv_mlkem_key_size(const struct mlkem *kem)
{
    return sizeof(struct mlkem_key) + ((size_t)kem->k + 2) * kem->k * sizeof(struct poly);
}

/* ---- K-PKE -------------------------------------------------------------------------------- */
/* K-PKE.KeyGen (algorithm 13). The matrix is made transposed, as decapsulation needs it, and read
 * by columns here. */
void gv_mlkem_generate_from(struct mlkem_key *key, const uint8_t rho[32], const uint8_t sigma[32],
                            uint8_t *ek)
{
    const struct mlkem_ops *ops = key->ops;
    const uint8_t k = key->kem->k;
    struct poly *a = key->polys, *t = a + (size_t)k * k, *s = t + k;
    struct poly e[MLKEM_K_MAX], column[MLKEM_K_MAX];
    ops->matrix(a, rho, k);
    ops->noise(s, k, sigma, 0);
    ops->noise(e, k, sigma, k);
    for (size_t i = 0; i < k; i++) {
        ops->ntt(&s[i]);
        ops->ntt(&e[i]);
    }
    for (size_t i = 0; i < k; i++) {
        for (size_t j = 0; j < k; j++)
            column[j] = a[j * k + i];
        ops->dot(&t[i], column, s, k);
        add(&t[i], &e[i]);
        ops->encode(ek + i * MLKEM_POLY_BYTES, &t[i]);
    }
    memcpy(ek + (size_t)k * MLKEM_POLY_BYTES, rho, 32);
    gv_wipe(e, sizeof e);
}

/* The public half of a key pair, spread out: the matrix and t. */
struct public_half {
    const struct mlkem *kem;
    const struct mlkem_ops *ops;
    const struct poly *a, *t;
};

/* K-PKE.Encrypt (algorithm 14) */
static void encrypt(const struct public_half *to, const uint8_t message[MLKEM_MESSAGE],
                    const uint8_t random[32], uint8_t *ct)
{
    const struct mlkem *kem = to->kem;
    const struct mlkem_ops *ops = to->ops;
    const uint8_t k = kem->k;
    struct {
        struct poly y[MLKEM_K_MAX], e[MLKEM_K_MAX + 1], v, m;
    } w;
    ops->noise(w.y, k, random, 0);
    ops->noise(w.e, k + 1u, random, k);
    for (size_t i = 0; i < k; i++)
        ops->ntt(&w.y[i]);
    for (size_t i = 0; i < k; i++, ct += 32 * kem->du) {
        ops->dot(&w.v, to->a + i * k, w.y, k);
        ops->inverse(&w.v);
        add(&w.v, &w.e[i]);
        ops->compress(ct, &w.v, kem->du);
    }
    ops->dot(&w.v, to->t, w.y, k);
    ops->inverse(&w.v);
    add(&w.v, &w.e[k]);
    ops->decompress(&w.m, message, 1);
    add(&w.v, &w.m);
    ops->compress(ct, &w.v, kem->dv);
    gv_wipe(&w, sizeof w);
}

/* K-PKE.Decrypt (algorithm 15) */
static void decrypt(const struct mlkem_key *key, const uint8_t *ct, uint8_t message[MLKEM_MESSAGE])
{
    const struct mlkem *kem = key->kem;
    const struct mlkem_ops *ops = key->ops;
    struct {
        struct poly u[MLKEM_K_MAX], v, w;
    } w;
    for (size_t i = 0; i < kem->k; i++, ct += 32 * kem->du) {
        ops->decompress(&w.u[i], ct, kem->du);
        ops->ntt(&w.u[i]);
    }
    ops->decompress(&w.v, ct, kem->dv);
    ops->dot(&w.w, key_s(key), w.u, kem->k);
    ops->inverse(&w.w);
    subtract_from(&w.w, &w.v);
    ops->compress(message, &w.w, 1);
    gv_wipe(&w, sizeof w);
}

/* ---- ML-KEM ------------------------------------------------------------------------------- */
void gv_mlkem_generate(struct mlkem_key *key, const uint8_t seed[MLKEM_SEED], uint8_t *ek)
{
    uint8_t expanded[64];
    hash_g(key->ops, span_of(seed, 32), span_of(&key->kem->k, 1), expanded);
    gv_mlkem_generate_from(key, expanded, expanded + 32, ek);
    hash_h(key->ops, span_of(ek, key->kem->ek_len), key->ek_hash);
    memcpy(key->z, seed + 32, 32);
    gv_wipe(expanded, sizeof expanded);
}

bool gv_mlkem_encapsulate(const struct mlkem *kem, const struct mlkem_ops *ops, const uint8_t *ek,
                          const uint8_t message[MLKEM_MESSAGE], uint8_t *ct,
                          uint8_t secret[MLKEM_SECRET])
{
    struct poly a[MLKEM_K_MAX * MLKEM_K_MAX], t[MLKEM_K_MAX];
    uint8_t ek_hash[32], expanded[64];
    for (size_t i = 0; i < kem->k; i++)
        if (!ops->decode(&t[i], ek + i * MLKEM_POLY_BYTES))
            return false;
    hash_h(ops, span_of(ek, kem->ek_len), ek_hash);
    hash_g(ops, span_of(message, MLKEM_MESSAGE), SPAN_OF(ek_hash), expanded);
    ops->matrix(a, ek + kem->k * MLKEM_POLY_BYTES, kem->k);
    encrypt(&(struct public_half){kem, ops, a, t}, message, expanded + 32, ct);
    memcpy(secret, expanded, MLKEM_SECRET);
    gv_wipe(expanded, sizeof expanded);
    return true;
}

/* 0xff where the bytes are the same, else 0; without a branch. */
static uint8_t same_mask(const uint8_t *a, const uint8_t *b, size_t len)
{
    uint32_t differs = 0;
    for (size_t i = 0; i < len; i++)
        differs |= (uint32_t)(a[i] ^ b[i]);
    /* Hides the value from the compiler, which could otherwise make a branch of the mask. */
    __asm__ __volatile__("" : "+r"(differs));
    return (uint8_t)((differs - 1) >> 8);
}

void gv_mlkem_decapsulate(const struct mlkem_key *key, const uint8_t *ct,
                          uint8_t secret[MLKEM_SECRET])
{
    const struct mlkem *kem = key->kem;
    struct {
        uint8_t message[MLKEM_MESSAGE], expanded[64], rejected[MLKEM_SECRET], ct[MLKEM_CT_MAX];
    } w;
    decrypt(key, ct, w.message);
    hash_g(key->ops, SPAN_OF(w.message), SPAN_OF(key->ek_hash), w.expanded);
    hash_j(key->ops, SPAN_OF(key->z), span_of(ct, kem->ct_len), w.rejected);
    encrypt(&(struct public_half){kem, key->ops, key->polys, key_t(key)}, w.message, w.expanded + 32,
            w.ct);
    uint8_t same = same_mask(ct, w.ct, kem->ct_len);
    for (size_t i = 0; i < MLKEM_SECRET; i++)
        secret[i] = (uint8_t)(w.rejected[i] ^ (same & (w.rejected[i] ^ w.expanded[i])));
    gv_wipe(&w, sizeof w);
}
