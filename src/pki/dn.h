/* Distinguished names (RFC 5280 section 4.1.2.4): compared for name constraints, and written out
 * for people. Chains are joined by the bytes of names, never by these rules. */
#ifndef GALVAN_PKI_DN_H
#define GALVAN_PKI_DN_H

#include "pki/der.h"

/* Whether a name lies in the subtree of a base name: their first relative names are the same. What
 * cannot be compared here (letters beyond ASCII that differ, and may differ only in case) is
 * UNSURE; a caller takes it for the answer that refuses. MALFORMED where one is no Name. */
enum dn_relation { DN_OUTSIDE, DN_INSIDE, DN_UNSURE, DN_MALFORMED };
enum dn_relation gv_dn_relation(struct span name, struct span base);

/* True for a Name without any relative names; a malformed one is not empty. */
bool gv_dn_is_empty(struct span name);

/* The values of each attribute of a type in turn: begin with *at zero; false at the end. */
enum dn_attribute { DN_COMMON_NAME, DN_EMAIL_ADDRESS };
bool gv_dn_next(struct span name, enum dn_attribute type, size_t *at, struct span *out);

/* RFC 4514: "CN=leaf,O=Example". Most specific first; cut to fit. */
void gv_dn_text(struct span name, char *out, size_t size);

#endif
