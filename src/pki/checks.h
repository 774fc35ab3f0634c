/* What a certificate must satisfy by itself, whoever issued it (RFC 5280 section 6.1): each check
 * is a function, and one table says their order. */
#ifndef GALVAN_PKI_CHECKS_H
#define GALVAN_PKI_CHECKS_H

#include "pki/cert.h"

enum cert_role { ROLE_LEAF, ROLE_ISSUER };

struct check_question {
    const struct certificate *cert;
    enum cert_role role;
    enum key_purpose purpose; /* PURPOSE_SERVER or PURPOSE_CLIENT */
    int64_t now;              /* seconds since 1970 */
};

/* The first check that fails, or GV_OK. */
enum gv_err gv_checks_run(const struct check_question *q);

/* How much an error says to whoever mends it: of several candidate chains' errors, that with the
 * highest rank is told. */
unsigned gv_checks_rank(enum gv_err err);

#endif
