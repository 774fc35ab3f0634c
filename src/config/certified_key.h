/* A certificate chain with the key that speaks for it, and perhaps an OCSP response. Immutable but
 * for what it remembers of itself, reference counted. Any bytes are taken as certificates: whether they mean anything is for the
 * peer's verifier to say (as in rustls). */
#ifndef GALVAN_CONFIG_CERTIFIED_KEY_H
#define GALVAN_CONFIG_CERTIFIED_KEY_H

#include "compress/packed.h"
#include "crypto/provider.h"

struct certified_key {
    struct refcount refs;
    struct signing_key *key;
    const struct span *chain; /* DER, the leaf first */
    size_t count;
    size_t chain_bytes;         /* of all certificates together */
    struct span ocsp;           /* empty where there is none */
    struct packed_cache packed; /* its Certificate messages, compressed (RFC 8879) */
};

/* Copies the chain (and ocsp) and takes a reference to the key. NO_MEMORY. */
enum gv_err gv_certified_key_new(struct certified_key **out, const struct span *chain, size_t count,
                                 struct signing_key *key, struct span ocsp);

static inline const struct certified_key *gv_certified_key_ref(const struct certified_key *k)
{
    gv_ref_take((struct refcount *)&k->refs);
    return k;
}

/* Where its messages are kept: safe from any thread. */
static inline struct packed_cache *gv_certified_key_packed(const struct certified_key *k)
{
    return (struct packed_cache *)&k->packed;
}

void gv_certified_key_free(const struct certified_key *k);

/* GV_OK where the leaf's public key is the signing key's; KEYS_MISMATCH, or KEYS_UNKNOWN where the
 * signing key does not tell its public half. */
enum gv_err gv_certified_key_matches(const struct certified_key *k);

/* Who issued certificate i of the chain, as a DER name; empty where those bytes are no certificate. */
struct span gv_certified_key_issuer(const struct certified_key *k, size_t i);

/* The first of the key's schemes that stands in the peer's list (big-endian, two bytes each) and
 * may be used in this version (RFC 9846 section 4.2.3); 0 where there is none. */
uint16_t gv_certified_key_scheme(const struct certified_key *k, uint16_t version,
                                 struct span peer_schemes);

#endif
