/* Certificate revocation lists (RFC 5280 section 5): read once, indexed by serial number, then
 * immutable. Reading a list checks its form; its signature is checked whenever it is asked, before
 * anything in it is believed. Delta and indirect lists, and lists for some reasons only, are refused
 * when they are read. */
#ifndef GALVAN_PKI_CRL_H
#define GALVAN_PKI_CRL_H

#include "base/buffer.h"
#include "base/refcount.h"
#include "pki/der.h"
#include "pki/signature.h"

struct certificate;

enum {
    CRL_LEN_MAX = 256 << 20, /* bytes: ours; the largest list in the field has some 30 MiB */
    CRL_NUMBER_MAX = 20      /* bytes; RFC 5280 section 5.2.3 */
};

/* What a list speaks of (RFC 5280 section 5.2.5). */
struct crl_scope {
    struct span full_names; /* GeneralNames of its distribution point; at NULL: no such extension */
    bool only_leaves, only_authorities;
};

/* Where an entry stands in the list, and so much of its serial number that most comparisons need no
 * more: the number of its bytes, and the first seven of them. */
struct crl_place {
    uint64_t key;
    uint32_t at;
};

struct crl {
    struct signed_data signed_data;
    struct span issuer; /* with tag and length */
    struct span number; /* without leading zeros */
    struct crl_scope scope;
    struct span scope_extension;      /* the same as it stands in the list */
    int64_t this_update, next_update; /* seconds since 1970 */
    struct span der;                  /* the whole, owned */
    size_t count;                     /* of revoked certificates */
    struct crl_place *entries;        /* sorted by serial number */
};

/* Reads a list, copying it. CRL_BAD_DER, CRL_BAD_VERSION, CRL_BAD_NUMBER, CRL_BAD_SERIAL, CRL_BAD,
 * CRL_CRITICAL_EXTENSION, CRL_DELTA, CRL_INDIRECT, CRL_SOME_REASONS, CRL_BAD_REASON, NO_MEMORY. The
 * caller owns it. */
enum gv_err gv_crl_new(struct span der, struct crl **out);
void gv_crl_free(struct crl *crl);

/* Whether the list has an entry for the serial number (content of an INTEGER). */
bool gv_crl_has(const struct crl *crl, struct span serial);

/* Whether the list is by the certificate's issuer, and speaks of certificates like it: of leaves
 * or authorities, and of one of its distribution points where both name such. */
bool gv_crl_covers(const struct crl *crl, const struct certificate *c, bool leaf);

/* Reads the next entry of revokedCertificates: its serial number, and the reason (RFC 5280 section
 * 5.3.1; 0 where none is given). CRL_BAD_DER and others of gv_crl_new. */
struct crl_entry {
    struct span serial;
    int64_t date;
    uint8_t reason;
};
enum gv_err gv_crl_entry_read(struct rd *r, struct crl_entry *e);

/* A set of lists: built once, immutable, reference counted. */
struct crl_set {
    struct refcount refs;
    size_t count;
    struct crl **at;
};

struct crl_builder {
    struct buffer crls; /* struct crl * each, owned */
};

void gv_crl_builder_init(struct crl_builder *b);
void gv_crl_builder_drop(struct crl_builder *b);

/* Reads a list into the builder; the errors of gv_crl_new. */
enum gv_err gv_crl_builder_add(struct crl_builder *b, struct span der);

size_t gv_crl_builder_count(const struct crl_builder *b);

/* Forgets all but the first `count` lists. */
void gv_crl_builder_cut(struct crl_builder *b, size_t count);

/* A set of what was added, with one reference, which the caller owns; the builder is then empty. */
enum gv_err gv_crl_builder_build(struct crl_builder *b, struct crl_set **out);

static inline struct crl_set *gv_crl_set_ref(struct crl_set *s)
{
    gv_ref_take(&s->refs);
    return s;
}

/* Drops a reference; NULL is fine. */
void gv_crl_set_free(struct crl_set *s);

#endif
