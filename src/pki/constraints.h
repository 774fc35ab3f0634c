/* Name constraints (RFC 5280 section 4.2.1.10): what a certification authority may name. */
#ifndef GALVAN_PKI_CONSTRAINTS_H
#define GALVAN_PKI_CONSTRAINTS_H

#include "pki/general_name.h"

/* Holds every name of a certificate (its subject, and its alternative names) against the content
 * of a nameConstraints extension of an authority above it. Takes each comparison from *budget.
 * CERT_NAME_CONSTRAINT; CERT_BAD_NAME_CONSTRAINT; CERT_BAD_NAME where a name of a constrained kind
 * is malformed; CERT_BAD_EXTENSION; BUDGET_NAME_CONSTRAINTS. */
enum gv_err gv_constraints_check(struct span constraints, const struct certificate *c,
                                 uint32_t *budget);

/* Whether the extension is as RFC 5280 wants it: there are subtrees, DNS names have no dot in front,
 * addresses have a mask of their length. */
bool gv_constraints_are_strict(struct span constraints);

#endif
