/* Revocation: what a set of lists says of a certificate (RFC 5280 section 6.3). */
#ifndef GALVAN_PKI_REVOCATION_H
#define GALVAN_PKI_REVOCATION_H

#include "pki/crl.h"

struct revocation_options {
    const struct crl_set *crls; /* NULL or empty: nothing is asked */
    bool leaf_only;             /* authorities are not asked for */
    bool allow_unknown;         /* a certificate of which no list speaks is taken */
    bool enforce_expiry;        /* a list past its nextUpdate is an error */
};

struct revocation_question {
    const struct revocation_options *options;
    const struct provider *provider;
    const struct certificate *cert;
    bool leaf;
    struct span issuer_key_algorithm, issuer_public_key;
    uint16_t issuer_key_usage; /* all bits where its certificate does not say */
    int64_t now;
    uint32_t *signatures; /* the budget of signature checks */
};

/* GV_OK where it is not revoked, or nothing is asked of it; CERT_REVOKED; CERT_REVOCATION_UNKNOWN;
 * CRL_EXPIRED; CRL_BAD_ISSUER, CRL_BAD_SIGNATURE, CRL_SIGNATURE_ALGORITHM where no list of its
 * issuer can be believed; BUDGET_SIGNATURES. */
enum gv_err gv_revocation_check(const struct revocation_question *q);

#endif
