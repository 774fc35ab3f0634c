/* What the files of this room share; nothing outside crypto/openssl includes it, but its tests.
 *
 * Two rules hold in every file here. libcrypto's error queue is the caller's: where a call may
 * leave an entry, ERR_set_mark and ERR_pop_to_mark stand around it, and no result is ever read
 * from the queue. And what libcrypto finds by a name or makes with effort is found and made once,
 * by the _init functions, when the provider is made. */
#ifndef GALVAN_CRYPTO_OPENSSL_OPENSSL_H
#define GALVAN_CRYPTO_OPENSSL_OPENSSL_H

#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/provider.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

/* hash.c */
extern const struct hash_alg gv_openssl_sha256, gv_openssl_sha384, gv_openssl_sha512;
enum gv_err gv_openssl_digest(const struct hash_alg *alg, struct span message,
                              uint8_t out[HASH_MAX]);

/* aead.c */
extern const struct aead_alg gv_openssl_aes_128_gcm, gv_openssl_aes_256_gcm,
    gv_openssl_chacha20_poly1305;
bool gv_openssl_aead_init(void);

/* curve.c: the curves, made once and only read after */
struct curve {
    int nid;
    uint8_t len; /* bytes of a coordinate, and of a scalar */
    EC_GROUP *group;
    EC_KEY *blank; /* a key of this curve with nothing in it, to be copied */
};
enum { CURVE_P256, CURVE_P384, CURVE_P521, CURVE_COUNT };
enum { CURVE_LEN_MAX = 66 };
extern struct curve gv_openssl_curves[CURVE_COUNT];
bool gv_openssl_curve_init(void);
/* True for the one form of a point that TLS and the Web PKI know, by length and first byte. */
bool gv_openssl_is_uncompressed(const struct curve *curve, struct span point);

/* ecdh.c, x25519.c, and the import functions of their groups */
extern const struct key_exchange_group gv_openssl_secp256r1, gv_openssl_secp384r1,
    gv_openssl_x25519;
enum gv_err gv_openssl_ecdh_import(const struct key_exchange_group *g, struct key_exchange *x,
                                   struct span scalar);
enum gv_err gv_openssl_x25519_import(const struct key_exchange_group *g, struct key_exchange *x,
                                     struct span scalar);

/* hybrids.c */
extern const struct key_exchange_group gv_openssl_x25519mlkem768, gv_openssl_secp256r1mlkem768,
    gv_openssl_secp384r1mlkem1024;

/* hpkes.c */
extern const struct hpke_algorithms gv_openssl_hpke;

/* verifiers.c: the list, complete after its init */
extern const struct signature_verifier *gv_openssl_verifiers[];
void gv_openssl_verifiers_init(void);

/* ecdsa.c: impl of its verifiers is the curve, impl of its keys an EC_KEY */
enum gv_err gv_openssl_ecdsa_verify(const struct signature_verifier *v, struct span public_key,
                                    struct span message, struct span signature);
enum gv_err gv_openssl_ecdsa_sign(const struct signing_key *key, uint16_t scheme,
                                  struct span message, uint8_t out[SIGNATURE_MAX], size_t *out_len);

/* rsa.c: impl of its keys is an RSA */
enum { RSA_BITS_MIN = 2048, RSA_BITS_MAX = 8192 };
enum gv_err gv_openssl_rsa_verify(const struct signature_verifier *v, struct span public_key,
                                  struct span message, struct span signature);
enum gv_err gv_openssl_rsa_sign(const struct signing_key *key, uint16_t scheme, struct span message,
                                uint8_t out[SIGNATURE_MAX], size_t *out_len);

/* raw.c: impl of its verifiers is the algorithm's name, a string; impl of its keys an EVP_PKEY */
enum gv_err gv_openssl_raw_verify(const struct signature_verifier *v, struct span public_key,
                                  struct span message, struct span signature);
bool gv_openssl_raw_exists(const char *name);
enum gv_err gv_openssl_ed25519_sign(const struct signing_key *key, uint16_t scheme,
                                    struct span message, uint8_t out[SIGNATURE_MAX],
                                    size_t *out_len);

/* key.c, random.c */
enum gv_err gv_openssl_load_key(struct span der, struct signing_key **out);
enum gv_err gv_openssl_random(uint8_t *out, size_t len);
/* The same from the generator whose output never leaves this process (RAND_priv_bytes). */
enum gv_err gv_openssl_random_private(uint8_t *out, size_t len);

#endif
