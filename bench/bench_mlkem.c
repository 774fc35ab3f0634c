/* ML-KEM: ours with each arithmetic that the machine has, and libcrypto's where it has any. */
#include "base/cpu.h"
#include "bench.h"
#include "crypto/mlkem/mlkem.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

/* A key pair and what was made for it, of ours or of libcrypto's. */
struct scene {
    const struct mlkem *kem;
    const struct mlkem_ops *ops; /* NULL: the machine lacks it */
    struct mlkem_key *key;
    uint8_t ek[MLKEM_EK_MAX], ct[MLKEM_CT_MAX], secret[MLKEM_SECRET];
    EVP_PKEY_CTX *generates, *uses; /* NULL: libcrypto lacks it */
    EVP_PKEY *pkey;
    size_t ct_len, secret_len;
};

static const uint8_t seed[MLKEM_SEED] = {1, 2, 3}, message[MLKEM_MESSAGE] = {4, 5, 6};

static bool generate(void *context)
{
    struct scene *s = context;
    if (s->ops == NULL)
        return false;
    gv_mlkem_generate(s->key, seed, s->ek);
    return true;
}

static bool encapsulate(void *context)
{
    struct scene *s = context;
    return s->ops != NULL && gv_mlkem_encapsulate(s->kem, s->ops, s->ek, message, s->ct, s->secret);
}

static bool decapsulate(void *context)
{
    struct scene *s = context;
    if (s->ops == NULL)
        return false;
    gv_mlkem_decapsulate(s->key, s->ct, s->secret);
    return true;
}

static bool generate_libcrypto(void *context)
{
    struct scene *s = context;
    EVP_PKEY *key = NULL;
    bool did = s->generates != NULL && EVP_PKEY_generate(s->generates, &key) == 1;
    EVP_PKEY_free(key);
    return did;
}

static bool encapsulate_libcrypto(void *context)
{
    struct scene *s = context;
    return s->uses != NULL && EVP_PKEY_encapsulate_init(s->uses, NULL) == 1 &&
           EVP_PKEY_encapsulate(s->uses, s->ct, &s->ct_len, s->secret, &s->secret_len) == 1;
}

static bool decapsulate_libcrypto(void *context)
{
    struct scene *s = context;
    return s->uses != NULL && EVP_PKEY_decapsulate_init(s->uses, NULL) == 1 &&
           EVP_PKEY_decapsulate(s->uses, s->secret, &s->secret_len, s->ct, s->ct_len) == 1;
}

static void open_ours(struct scene *s, const struct mlkem *kem, const struct mlkem_ops *ops)
{
    *s = (struct scene){.kem = kem, .ops = ops};
    size_t n = (gv_mlkem_key_size(kem) + 31) / 32 * 32;
    s->key = aligned_alloc(32, n);
    bench_want(s->key != NULL, "no memory");
    s->key->kem = kem;
    s->key->ops = ops;
}

static void open_libcrypto(struct scene *s, const struct mlkem *kem)
{
    *s = (struct scene){.ct_len = kem->ct_len, .secret_len = MLKEM_SECRET};
    s->generates = EVP_PKEY_CTX_new_from_name(NULL, kem->name, NULL);
    if (s->generates != NULL && EVP_PKEY_keygen_init(s->generates) == 1 &&
        EVP_PKEY_generate(s->generates, &s->pkey) == 1)
        s->uses = EVP_PKEY_CTX_new_from_pkey(NULL, s->pkey, NULL);
    ERR_clear_error(); /* of a libcrypto that has none */
}

static void close_scene(struct scene *s)
{
    free(s->key);
    EVP_PKEY_CTX_free(s->generates);
    EVP_PKEY_CTX_free(s->uses);
    EVP_PKEY_free(s->pkey);
}

static void compare(const char *what, struct scene s[3], bool (*ours)(void *),
                    bool (*theirs)(void *))
{
    char line[64];
    struct contender c[] = {{"galvan, AVX2", ours, &s[0], 0},
                            {"galvan, portable", ours, &s[1], 0},
                            {"libcrypto", theirs, &s[2], 0}};
    (void)snprintf(line, sizeof line, "%s: %s", s[0].kem->name, what);
    bench_compare(line, c, 3);
}

void bench_mlkem(void)
{
    static const struct mlkem *const kems[] = {&gv_mlkem_768, &gv_mlkem_1024};
    const struct mlkem_ops *fast = gv_cpu_has_avx2() ? gv_mlkem_avx2 : NULL;
    static struct scene s[3];
    for (size_t i = 0; i < 2; i++) {
        open_ours(&s[0], kems[i], fast);
        open_ours(&s[1], kems[i], &gv_mlkem_portable);
        open_libcrypto(&s[2], kems[i]);
        compare("make a key", s, generate, generate_libcrypto);
        compare("encapsulate", s, encapsulate, encapsulate_libcrypto);
        compare("decapsulate", s, decapsulate, decapsulate_libcrypto);
        for (size_t j = 0; j < 3; j++)
            close_scene(&s[j]);
    }
}
