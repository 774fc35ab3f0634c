/* Path building (RFC 4158) and validation (RFC 5280 section 6): from a leaf over any order of
 * intermediates to one of the trust anchors. The search is bounded by budgets, so that no set of
 * certificates keeps it busy; of all that failed, the most useful error is told. */
#ifndef GALVAN_PKI_PATH_H
#define GALVAN_PKI_PATH_H

#include "base/detail.h"
#include "crypto/provider.h"
#include "pki/anchor.h"
#include "pki/checks.h"
#include "pki/revocation.h"

enum {
    PATH_SIGNATURES_MAX = 100,          /* checks in one search: Go's remedy of CVE-2018-16875 */
    PATH_CALLS_MAX = 200000,            /* certificates put on a path: mozilla::pkix */
    PATH_NAME_COMPARISONS_MAX = 250000, /* names against constraints: Go's crypto/x509 */
    PATH_INTERMEDIATES_MAX = 6,         /* between leaf and anchor: webpki */
    PATH_CHAIN_MAX = 1000 /* certificates: ours; more cannot stand in a chain of 65,536 bytes */
};

enum { PATH_ANCHOR = -1 }; /* where the index of a certificate is asked for: it is the anchor's */

struct path_limits {
    uint32_t signatures, calls, name_comparisons;
    uint8_t intermediates; /* PATH_INTERMEDIATES_MAX at most; self-issued ones are not counted */
};
#define PATH_LIMITS_DEFAULT                                                                        \
    {                                                                                              \
        PATH_SIGNATURES_MAX, PATH_CALLS_MAX, PATH_NAME_COMPARISONS_MAX, PATH_INTERMEDIATES_MAX     \
    }

/* A path from the leaf upwards, as indices into the chain that was given. */
struct path {
    size_t length;
    uint16_t at[PATH_INTERMEDIATES_MAX + 1];
    const struct anchor *anchor; /* NULL where it has not come so far */
};

struct path_question {
    const struct provider *provider;
    const struct anchor_set *anchors;
    const struct span *chain; /* DER, the leaf first, the others in any order */
    size_t count;             /* 1 at least; those behind PATH_CHAIN_MAX are not looked at */
    enum key_purpose purpose; /* PURPOSE_SERVER or PURPOSE_CLIENT */
    int64_t now;              /* seconds since 1970 */
    struct revocation_options revocation;
    bool strict; /* the rules of pki/strict.h hold too, and of anchors as well */
    struct path_limits limits;
    /* Told of each path as far as it came: with its error and the index of the certificate that
     * failed, or PATH_ANCHOR; at last, with GV_OK, of the one that is good. May be NULL. */
    void (*tried)(void *context, const struct path *path, enum gv_err err, int32_t index);
    void *tried_context;
};

/* GV_OK and the path found; or the error of the most useful failure, and in *detail, which may be
 * NULL, what it was. A leaf that is itself an anchor, and no authority, is accepted. */
enum gv_err gv_path_verify(const struct path_question *q, struct path *out, struct detail *detail);

#endif
