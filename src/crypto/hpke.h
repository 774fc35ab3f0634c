/* Hybrid public key encryption (RFC 9180) in its base mode, over the groups, digests and AEADs of
 * the provider. It holds what Encrypted Client Hello needs: no sender's authentication, no exported
 * secrets. A key may be used by any number of threads, a context by one.
 *
 * Every function that answers gv_err may raise what the provider does, besides what stands beside
 * it. What is answered with an error holds nothing that has to be dropped. */
#ifndef GALVAN_CRYPTO_HPKE_H
#define GALVAN_CRYPTO_HPKE_H

#include "crypto/provider.h"

enum { HPKE_ENC_MAX = 97, HPKE_PRIVATE_MAX = 48 }; /* bytes: P-384's */

struct hpke_suite {
    const struct hpke_kem *kem;
    const struct hpke_kdf *kdf;
    const struct hpke_aead *aead;
};

/* The algorithms by IANA's number; NULL, or false, where the provider does not have them. */
const struct hpke_kem *gv_hpke_kem(const struct provider *p, uint16_t id);
bool gv_hpke_suite(const struct provider *p, uint16_t kem, uint16_t kdf, uint16_t aead,
                   struct hpke_suite *out);

/* Nenc and Npk, which are the same in every DHKEM. */
static inline size_t gv_hpke_public_len(const struct hpke_kem *kem)
{
    return kem->group->client_share_len;
}

/* ---- a recipient's keys -------------------------------------------------------------------- */
/* GenerateKeyPair() and DeriveKeyPair(ikm): the private key as it is kept, secret->len bytes. */
enum gv_err gv_hpke_generate(const struct hpke_kem *kem, const struct provider *p,
                             struct secret *private_key);
enum gv_err gv_hpke_derive(const struct hpke_kem *kem, struct span ikm, struct secret *private_key);

struct hpke_key {
    const struct hpke_kem *kem;
    struct key_exchange pair;
    uint8_t public_key[HPKE_ENC_MAX]; /* gv_hpke_public_len of them */
};

/* A key pair of its private half. BAD_KEY_SHARE where that is none of kem's. */
enum gv_err gv_hpke_key_init(struct hpke_key *key, const struct hpke_kem *kem,
                             struct span private_key);
/* A zeroed key is fine. */
void gv_hpke_key_drop(struct hpke_key *key);

static inline struct span gv_hpke_public(const struct hpke_key *key)
{
    return (struct span){key->public_key, gv_hpke_public_len(key->kem)};
}

/* ---- contexts ------------------------------------------------------------------------------- */
struct hpke {
    struct aead aead;
    uint8_t base_nonce[AEAD_NONCE];
    uint64_t sequence; /* of the next message; UINT64_MAX: no more */
};

/* SetupBaseS: writes gv_hpke_public_len bytes at enc. BAD_KEY_SHARE where public_key, of any length,
 * is no key of the suite's KEM. */
enum gv_err gv_hpke_setup_sender(struct hpke *ctx, const struct hpke_suite *suite,
                                 struct span public_key, struct span info, uint8_t *enc);

/* SetupBaseR: BAD_KEY_SHARE where enc, of any length, is no key of the suite's KEM. key is of that
 * KEM, and need not outlive the context. */
enum gv_err gv_hpke_setup_receiver(struct hpke *ctx, const struct hpke_suite *suite,
                                   const struct hpke_key *key, struct span enc, struct span info);

/* Writes text, encrypted, and AEAD_TAG bytes of tag at out, which may be text's very place.
 * SEQUENCE_EXHAUSTED after 2^64 - 1 messages. */
enum gv_err gv_hpke_seal(struct hpke *ctx, struct span aad, struct span text, uint8_t *out);

/* Opens len bytes in place, the last AEAD_TAG of them the tag. BAD_RECORD_MAC where they are not
 * genuine, or are shorter than a tag: text then holds nothing of use, and the context still waits for
 * this message. SEQUENCE_EXHAUSTED as there. */
enum gv_err gv_hpke_open(struct hpke *ctx, struct span aad, uint8_t *text, size_t len);

/* Wipes and drops; a zeroed context is fine. */
void gv_hpke_drop(struct hpke *ctx);

#endif
