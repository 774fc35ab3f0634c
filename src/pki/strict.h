/* The strict profile: rules of RFC 5280 and of the CA/Browser Forum's Baseline Requirements for
 * what stands in a certificate, beyond what a path needs to be believed. One table of rules; a
 * certificate that breaks one is refused. */
#ifndef GALVAN_PKI_STRICT_H
#define GALVAN_PKI_STRICT_H

#include "crypto/provider.h"
#include "pki/cert.h"
#include "pki/checks.h"

struct strict_question {
    const struct certificate *cert;
    enum cert_role role;
    enum key_purpose purpose;
    bool root;                       /* a trust anchor's own certificate */
    const struct provider *provider; /* whose keys are known; NULL: not asked */
};

/* The number of the first rule that is broken; 0 where all hold. */
uint8_t gv_strict_broken_rule(const struct strict_question *q);

/* What a rule is about, and what it wants, in words. Static. */
struct strict_text {
    const char *check, *expected;
};
struct strict_text gv_strict_rule_text(uint8_t rule);

#endif
