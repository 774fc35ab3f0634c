/* Trust anchors (RFC 5280 section 6.1.1): the name and key of each root, its name constraints, and
 * what the strict profile asks about it; the rest of its certificate is dropped. A set is built
 * once, then immutable, reference counted, and sorted by name, so that an issuer is found in
 * logarithmic time. */
#ifndef GALVAN_PKI_ANCHOR_H
#define GALVAN_PKI_ANCHOR_H

#include "base/buffer.h"
#include "base/refcount.h"
#include "crypto/provider.h"
#include "pki/cert.h"

struct anchor {
    struct span subject; /* with tag and length */
    struct span key_algorithm, public_key;
    struct span name_constraints; /* content of the extension; at NULL: none */
    uint16_t key_usage;           /* whether it may sign revocation lists is asked of it */
    /* Asked by the strict profile alone: */
    uint8_t broken_rule; /* the first that its certificate breaks, 0: none */
    int64_t not_before, not_after;
};

struct anchor_set {
    struct refcount refs;
    size_t count;
    struct anchor *at; /* sorted by subject */
};

struct anchor_builder {
    const struct provider *provider; /* for the strict profile's rules; NULL: some are broken */
    struct buffer bytes;             /* what the anchors will point into */
    struct buffer records;           /* which of the bytes are which part */
};

enum { ANCHOR_BYTES_MAX = 64 << 20 }; /* ours: Linux's own store has 0.1 MiB of them */

/* Borrows the provider, which may be NULL. */
void gv_anchor_builder_init(struct anchor_builder *b, const struct provider *provider);
void gv_anchor_builder_drop(struct anchor_builder *b);

/* Copies what is kept of a trusted certificate; it may be of version 1, and is not verified. The
 * errors of gv_cert_parse; NO_MEMORY. On an error nothing was added. */
enum gv_err gv_anchor_builder_add(struct anchor_builder *b, struct span certificate);

size_t gv_anchor_builder_count(const struct anchor_builder *b);

/* Forgets all but the first `count` anchors. */
void gv_anchor_builder_cut(struct anchor_builder *b, size_t count);

/* A set of what was added, each anchor once, with one reference, which the caller owns. NO_MEMORY. */
enum gv_err gv_anchor_builder_build(const struct anchor_builder *b, struct anchor_set **out);

static inline struct anchor_set *gv_anchor_set_ref(struct anchor_set *s)
{
    gv_ref_take(&s->refs);
    return s;
}

/* Drops a reference; NULL is fine. */
void gv_anchor_set_free(struct anchor_set *s);

/* The anchors with this subject are s->at[*first] and *count - 1 behind it. */
void gv_anchor_set_find(const struct anchor_set *s, struct span subject, size_t *first,
                        size_t *count);

#endif
