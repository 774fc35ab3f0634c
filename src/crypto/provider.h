/* The door between the protocol and a cryptographic library: lists of objects in order of
 * preference, each object with the functions that do it. The protocol never asks for an algorithm
 * by name; it walks these lists. Nonces, sequence numbers and limits are not here: they are
 * record/protect's. An object is immutable and is used by any number of threads; a context
 * (struct hash, aead, key_exchange) belongs to one connection. No function here leaves an entry in
 * the library's error queue, or is swayed by one that stands in it.
 *
 * Every function that answers gv_err raises CRYPTO_FAILED or NO_MEMORY where the library fails;
 * what else it may raise stands beside it. */
#ifndef GALVAN_CRYPTO_PROVIDER_H
#define GALVAN_CRYPTO_PROVIDER_H

#include "base/error.h"
#include "base/refcount.h"
#include "base/secret.h"
#include "base/span.h"

#include <stdalign.h>

enum { HASH_MAX = 64, HASH_BLOCK_MAX = 128 }; /* SHA-512, bytes */

/* ---- digests ------------------------------------------------------------------------------ */
enum { HASH_STATE = 216 }; /* bytes, what SHA-384 and SHA-512 need */

struct hash;
struct hash_alg {
    const char *name;
    uint8_t len, block; /* bytes of the digest, of a block */
    /* Begins a digest in h, whatever h was before. */
    enum gv_err (*start)(const struct hash_alg *alg, struct hash *h);
    enum gv_err (*add)(struct hash *h, struct span data);
    /* The digest of all that was added, len bytes. After peek more may be added; after finish h
     * waits for a start. */
    enum gv_err (*peek)(struct hash *h, uint8_t *out);
    enum gv_err (*finish)(struct hash *h, uint8_t *out);
};

/* A digest under way is a plain value: it owns nothing, and a copy of it is a digest of its own. */
struct hash {
    const struct hash_alg *alg;
    alignas(8) uint8_t state[HASH_STATE];
};

/* Forgets what h digested, which may have been secret. */
static inline void gv_hash_drop(struct hash *h)
{
    gv_wipe(h, sizeof *h);
}

/* ---- authenticated encryption ------------------------------------------------------------- */
enum { AEAD_NONCE = 12, AEAD_TAG = 16, AEAD_KEY_MAX = 32 };

struct aead;
struct aead_alg {
    const char *name;
    uint8_t key_len;
    uint64_t record_limit; /* records that one key may seal (RFC 9846 section 5.5) */
    /* Puts a key into a, for sealing or for opening, making its context or using it again. */
    enum gv_err (*key)(const struct aead_alg *alg, struct aead *a, const uint8_t *key, bool seal);
    /* Writes text, then tail, encrypted, then the tag: text.len + tail.len + AEAD_TAG bytes at
     * out, which overlaps neither, or is text's very place. */
    enum gv_err (*seal)(struct aead *a, const uint8_t nonce[AEAD_NONCE], struct span aad,
                        struct span text, struct span tail, uint8_t *out);
    /* Opens len bytes (the tag, the last AEAD_TAG of them, included) in place. BAD_RECORD_MAC
     * where they are not genuine; then text holds nothing of use. */
    enum gv_err (*open)(struct aead *a, const uint8_t nonce[AEAD_NONCE], struct span aad,
                        uint8_t *text, size_t len);
    void (*drop)(struct aead *a);
    const void *impl;
};
struct aead {
    const struct aead_alg *alg;
    void *impl;
};

static inline void gv_aead_drop(struct aead *a)
{
    if (a->alg != NULL)
        a->alg->drop(a);
}

/* ---- key exchange ------------------------------------------------------------------------- */
enum { KEY_SHARE_MAX = 2048 }; /* bytes; SecP384r1MLKEM1024's client share is 1665 */

struct key_exchange;
struct key_exchange_group {
    const char *name; /* IANA's */
    uint16_t code;
    uint16_t client_share_len, server_share_len; /* bytes */
    /* Client: makes a key pair in x, writes the public share (client_share_len bytes). */
    enum gv_err (*start)(const struct key_exchange_group *g, struct key_exchange *x,
                         uint8_t *share);
    /* Client: the shared secret from the server's share. BAD_KEY_SHARE where that is not valid. */
    enum gv_err (*finish)(struct key_exchange *x, struct span server_share, struct secret *out);
    /* Server: answers a client's share in one step, writing server_share_len bytes.
     * BAD_KEY_SHARE where the client's is not valid. */
    enum gv_err (*answer)(const struct key_exchange_group *g, struct span client_share,
                          uint8_t *share, struct secret *out);
    void (*drop)(struct key_exchange *x);
    /* The key pair of a private key that was kept, private_len bytes: BAD_KEY_SHARE where it is no
     * private key of the group. finish does not change such an x, which any number of threads may
     * use. NULL, NULL and 0 in a group whose keys are never kept. */
    enum gv_err (*import)(const struct key_exchange_group *g, struct key_exchange *x,
                          struct span private_key);
    enum gv_err (*export_share)(const struct key_exchange *x, uint8_t *share);
    uint8_t private_len; /* bytes */
    /* A hybrid's classical half, where a client may offer that too without computing it twice: the
     * component's share is what stands at component_offset of the hybrid's client share, and
     * finish_component takes the server's share where the server chose the component alone. NULL
     * and 0 in a group that has no such half. */
    const struct key_exchange_group *component;
    uint16_t component_offset;
    enum gv_err (*finish_component)(struct key_exchange *x, struct span server_share,
                                    struct secret *out);
    const void *impl;
};
struct key_exchange {
    const struct key_exchange_group *group;
    void *impl;
};

static inline void gv_key_exchange_drop(struct key_exchange *x)
{
    if (x->group != NULL)
        x->group->drop(x);
}

/* ---- signatures --------------------------------------------------------------------------- */
enum signature_use { SIGNS_CERTIFICATES = 1, SIGNS_TLS12 = 2, SIGNS_TLS13 = 4 };

/* One way to verify: a kind of key and a kind of signature. Both are matched as the bytes inside
 * X.509's AlgorithmIdentifier SEQUENCE (without its tag and length), never parsed. */
struct signature_verifier {
    const char *name;
    struct span key_algorithm, signature_algorithm;
    uint16_t scheme; /* TLS's name for it, 0 where it has none */
    uint8_t use;     /* of enum signature_use */
    /* public_key is the content of subjectPublicKey behind its unused-bits byte. BAD_SIGNATURE
     * where the signature is not genuine, or where key or signature are malformed. */
    enum gv_err (*verify)(const struct signature_verifier *v, struct span public_key,
                          struct span message, struct span signature);
    const void *impl;
};

enum { SIGNATURE_MAX = 1024 }; /* bytes: RSA with 8192 bits */
enum { SIGNING_SCHEMES_MAX = 6 };

/* A private key that signs. Shared by reference count; immutable. */
struct signing_key {
    struct refcount refs;
    uint16_t schemes[SIGNING_SCHEMES_MAX]; /* what it can sign, its own preference first */
    uint8_t scheme_count;
    struct span spki; /* the DER SubjectPublicKeyInfo of its public half; empty where unknown */
    /* Signs message with one of the schemes; writes at most SIGNATURE_MAX bytes. */
    enum gv_err (*sign)(const struct signing_key *key, uint16_t scheme, struct span message,
                        uint8_t out[SIGNATURE_MAX], size_t *out_len);
    /* NULL, or what is called instead of sign: it may raise ANSWER_PENDING, and the signature comes
     * later through the connection. userdata: of that connection. */
    enum gv_err (*begin)(const struct signing_key *key, void *userdata, uint16_t scheme,
                         struct span message, uint8_t out[SIGNATURE_MAX], size_t *out_len);
    void (*free)(struct signing_key *key);
    void *impl;
};

static inline struct signing_key *gv_signing_key_ref(struct signing_key *key)
{
    gv_ref_take(&key->refs);
    return key;
}

static inline void gv_signing_key_free(struct signing_key *key)
{
    if (key != NULL && gv_ref_release(&key->refs))
        key->free(key);
}

/* ---- hybrid public key encryption (RFC 9180), which crypto/hpke.h makes of these --------------- */
struct hpke_kem {
    const char *name;
    uint16_t id;
    const struct key_exchange_group *group; /* one with import */
    const struct hash_alg *hash;
    bool rejects; /* DeriveKeyPair tries again where it found no scalar: the NIST curves */
};
struct hpke_kdf {
    const char *name;
    uint16_t id;
    const struct hash_alg *hash;
};
struct hpke_aead {
    const char *name;
    uint16_t id;
    const struct aead_alg *aead;
};
/* Lists end with NULL, and are in order of preference. */
struct hpke_algorithms {
    const struct hpke_kem *const *kems;
    const struct hpke_kdf *const *kdfs;
    const struct hpke_aead *const *aeads;
};

/* ---- cipher suites and the whole ----------------------------------------------------------- */
enum tls12_auth { AUTH_ANY, AUTH_ECDSA, AUTH_RSA }; /* AUTH_ECDSA includes Ed25519 (RFC 8422) */

struct cipher_suite_info {
    const char *name;       /* as rustls prints it: TLS13_AES_128_GCM_SHA256 */
    const char *iana_name;  /* TLS_AES_128_GCM_SHA256 */
    uint16_t code, version; /* TLS12 or TLS13 */
    const struct hash_alg *hash;
    const struct aead_alg *aead;
    enum tls12_auth auth;
    uint8_t fixed_iv_len, explicit_nonce_len; /* TLS 1.2's split of the nonce (RFC 5288, 7905) */
};

/* Lists end with NULL. */
struct provider {
    struct refcount refs;
    const char *name; /* with its version: "OpenSSL 3.0.19" */
    const struct cipher_suite_info *const *suites;
    const struct key_exchange_group *const *groups; /* what hellos offer */
    const struct key_exchange_group *const
        *more_groups; /* what else there is, for who asks for it */
    const struct signature_verifier *const
        *verifiers;                                  /* the schemes' order is the order in hellos */
    const struct hpke_algorithms *hpke;              /* NULL where there is none */
    enum gv_err (*random)(uint8_t *out, size_t len); /* RANDOM_FAILED */
    /* A PKCS#8, PKCS#1 or SEC1 key in DER. PRIVATE_KEY_PARSE where it cannot be read,
     * PRIVATE_KEY_UNSUITABLE where it is not of a kind in verifiers, or RSA outside 2048..8192. */
    enum gv_err (*load_key)(struct span der, struct signing_key **out);
    bool fips;
    void (*free)(struct provider *p); /* NULL: it lives as long as the process, uncounted */
};

/* NULL is fine in both. */
static inline const struct provider *gv_provider_ref(const struct provider *p)
{
    if (p != NULL && p->free != NULL)
        gv_ref_take((struct refcount *)&p->refs);
    return p;
}

static inline void gv_provider_free(const struct provider *p)
{
    if (p != NULL && p->free != NULL && gv_ref_release((struct refcount *)&p->refs))
        p->free((struct provider *)p);
}

/* A provider that is base, which it holds on to, with these suites and groups in these orders. Both
 * lists end with NULL; NULL for one of them is the base's. */
enum { NARROWED_GROUPS_MAX = 16 };
enum gv_err gv_provider_narrowed(const struct provider **out, const struct provider *base,
                                 const struct cipher_suite_info *const *suites,
                                 const struct key_exchange_group *const *groups);

/* One that hellos offer, or one of the others; NULL where it has none of that number. */
const struct key_exchange_group *gv_provider_any_group(const struct provider *p, uint16_t code);

/* The provider over libcrypto, made at the first call and kept for the process; NULL where
 * libcrypto lacks what we need. Thread-safe. */
const struct provider *gv_openssl_provider(void);

#endif
