/* A server's keys for Encrypted Client Hello (RFC 9849 section 4): configurations and the private keys that
 * belong to them, in the order in which they were added; how they are read from PEM (RFC 9934), made
 * and written. Filled by one thread, then immutable, reference counted and shared. */
#ifndef GALVAN_CONFIG_ECH_KEYS_H
#define GALVAN_CONFIG_ECH_KEYS_H

#include "base/refcount.h"
#include "crypto/hpke.h"
#include "wire/ech.h"

struct ech_key {
    struct ech_key *next;
    struct ech_config config; /* its spans live as long as the key */
    struct hpke_key pair;
    struct span info; /* of the HPKE context (RFC 9849 section 7.1) */
};

struct ech_keys {
    struct refcount refs;
    const struct provider *provider; /* a reference */
    struct ech_key *first;
    struct span retry_configs; /* an ECHConfigList without its length; owned */
    bool in_use;               /* by a config or an opener: nothing may be added any more */
};

enum gv_err gv_ech_keys_new(struct ech_keys **out, const struct provider *p);
void gv_ech_keys_free(const struct ech_keys *keys); /* drops a reference; NULL is fine */

static inline const struct ech_keys *gv_ech_keys_ref(const struct ech_keys *keys)
{
    if (keys != NULL)
        gv_ref_take((struct refcount *)&keys->refs);
    return keys;
}

/* Adds the configurations of our version in an ECHConfigList, all of this private key, which is as RFC
 * 9180 serializes it. retry: they are told to clients that used another (RFC 9849 section 7.1).
 * DECODE_ECH_CONFIGS; ECH_KEY_UNUSABLE where there is none of our version, or one is of no use to
 * clients or not of this key; ECH_KEYS_IN_USE; NO_MEMORY. Then nothing was added. */
enum gv_err gv_ech_keys_add(struct ech_keys *keys, struct span private_key, struct span list,
                            bool retry);

/* The same from PEM: a PRIVATE KEY, and the ECHCONFIG behind it. PEM_PARSE; ECH_PEM_INCOMPLETE where it
 * does not hold exactly one of each; PRIVATE_KEY_PARSE, PRIVATE_KEY_UNSUITABLE. */
enum gv_err gv_ech_keys_add_pem(struct ech_keys *keys, struct span pem, bool retry);

/* ---- making them ------------------------------------------------------------------------------ */
struct ech_wish {
    uint16_t kem;
    uint8_t config_id, name_len_max;
    struct span public_name;
};

enum { ECH_PEM_MAX = 2048 }; /* bytes: more than a P-384 key with the longest name takes */

/* Writes a fresh key and its configuration as PEM. ECH_KEY_UNUSABLE where the provider does not have
 * the KEM or clients would not take the name for one. */
enum gv_err gv_ech_generate(const struct provider *p, const struct ech_wish *wish, struct wr *pem);

/* ---- private keys in PKCS#8 (RFC 5958), ech_pkcs8.c -------------------------------------------- */
/* The private key of a KEM that ECH knows, as HPKE has it; *out borrows. PRIVATE_KEY_PARSE,
 * PRIVATE_KEY_UNSUITABLE. */
enum gv_err gv_ech_read_pkcs8(struct span der, uint16_t *kem, struct span *out);
void gv_ech_write_pkcs8(struct wr *w, uint16_t kem, struct span private_key);

#endif
