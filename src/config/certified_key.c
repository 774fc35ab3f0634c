/* Certified keys. One block holds the struct, the list of certificates, and their bytes: what a
 * server keeps for its whole life costs one allocation, and nothing in it ever moves. */
#include "config/certified_key.h"

#include "base/mem.h"
#include "base/reader.h"
#include "pki/cert.h"
#include "wire/codepoints.h"

struct block {
    struct certified_key key;
    struct span chain[]; /* the certificates' bytes, then those of the OCSP response, follow */
};

/* The bytes of the block, and of the chain alone; false where no size_t counts them. */
static bool measure(const struct span *chain, size_t count, size_t ocsp_len, size_t *chain_bytes,
                    size_t *total)
{
    const size_t half = SIZE_MAX / 2;
    size_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        if (chain[i].len > half - sum)
            return false;
        sum += chain[i].len;
    }
    if (count > half / 2 / sizeof *chain || ocsp_len > half / 4 || sum > half / 4)
        return false;
    *chain_bytes = sum;
    *total = sizeof(struct block) + count * sizeof *chain + sum + ocsp_len;
    return true;
}

static struct span put(uint8_t **at, struct span from)
{
    struct span copy = {*at, from.len};
    span_copy(*at, from);
    *at += from.len;
    return copy;
}

enum gv_err gv_certified_key_new(struct certified_key **out, const struct span *chain, size_t count,
                                 struct signing_key *key, struct span ocsp)
{
    size_t chain_bytes, total;
    if (!measure(chain, count, ocsp.len, &chain_bytes, &total))
        RAISE(NO_MEMORY);
    struct block *b = gv_mem_alloc(total);
    if (b == NULL)
        RAISE(NO_MEMORY);
    uint8_t *at = (uint8_t *)&b->chain[count];
    for (size_t i = 0; i < count; i++)
        b->chain[i] = put(&at, chain[i]);
    gv_ref_init(&b->key.refs);
    b->key.key = gv_signing_key_ref(key);
    b->key.chain = b->chain;
    b->key.count = count;
    b->key.chain_bytes = chain_bytes;
    b->key.ocsp = put(&at, ocsp);
    *out = &b->key;
    return GV_OK;
}

void gv_certified_key_free(const struct certified_key *k)
{
    if (k == NULL || !gv_ref_release((struct refcount *)&k->refs))
        return;
    gv_signing_key_free(k->key);
    gv_packed_drop(gv_certified_key_packed(k));
    gv_mem_free((void *)k);
}

enum gv_err gv_certified_key_matches(const struct certified_key *k)
{
    if (k->key->spki.len == 0)
        RAISE(KEYS_UNKNOWN);
    if (k->count == 0)
        RAISE(KEYS_NO_CERTIFICATE);
    struct certificate leaf;
    TRY(gv_cert_parse(k->chain[0], &leaf));
    if (!span_equal(leaf.spki, k->key->spki))
        RAISE(KEYS_MISMATCH);
    return GV_OK;
}

struct span gv_certified_key_issuer(const struct certified_key *k, size_t i)
{
    struct certificate c;
    return gv_cert_parse(k->chain[i], &c) == GV_OK ? c.issuer : (struct span){NULL, 0};
}

/* RFC 9846 section 4.2.3: PKCS#1 v1.5 signs no handshake of TLS 1.3. ML-DSA signs no other. */
static bool version_allows(uint16_t version, uint16_t scheme)
{
    switch (scheme) {
    case SCHEME_RSA_PKCS1_SHA256:
    case SCHEME_RSA_PKCS1_SHA384:
    case SCHEME_RSA_PKCS1_SHA512:
        return version != TLS13;
    case SCHEME_MLDSA44:
    case SCHEME_MLDSA65:
    case SCHEME_MLDSA87:
        return version == TLS13;
    default:
        return true;
    }
}

static bool offered(struct span schemes, uint16_t scheme)
{
    for (size_t i = 0; i < schemes.len / 2; i++)
        if (span_u16(schemes, i) == scheme)
            return true;
    return false;
}

uint16_t gv_certified_key_scheme(const struct certified_key *k, uint16_t version,
                                 struct span peer_schemes)
{
    for (size_t i = 0; i < k->key->scheme_count; i++) {
        uint16_t scheme = k->key->schemes[i];
        if (version_allows(version, scheme) && offered(peer_schemes, scheme))
            return scheme;
    }
    return 0;
}
