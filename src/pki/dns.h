/* DNS names in certificates and in what they are compared with (RFC 9525 section 6.3, RFC 5280
 * sections 4.2.1.6 and 4.2.1.10): their syntax, and how one matches another. Everything is ASCII,
 * letters match without case, internationalised names are the A-labels that they are. */
#ifndef GALVAN_PKI_DNS_H
#define GALVAN_PKI_DNS_H

#include "base/span.h"

enum {
    DNS_NAME_MAX = 253, /* bytes in text form; RFC 1035 section 2.3.4 less the root and a length */
    DNS_LABEL_MAX = 63  /* bytes; RFC 1035 section 2.3.4 */
};

/* A host name to look for: letters, digits, hyphens inside labels, underscores (in use, if not
 * legal), a last label that is not a number, and perhaps a dot at the end. */
bool gv_dns_is_host(struct span name);

/* A dNSName in a certificate: a host name without a dot at the end, perhaps behind "*."; a
 * wildcard needs two labels behind it. */
bool gv_dns_is_presented(struct span name);

/* A dNSName in a name constraint: empty (all names), or a host name, perhaps behind a dot. */
bool gv_dns_is_constraint(struct span name);

/* Whether a presented name, wildcard or not, stands for the host (both well-formed). A wildcard
 * stands for one whole label, the left-most. */
bool gv_dns_matches_host(struct span presented, struct span host);

/* Whether all that a presented name stands for lies under the constraint. */
bool gv_dns_all_under(struct span presented, struct span constraint);

/* Whether anything that a presented name stands for lies under the constraint. */
bool gv_dns_any_under(struct span presented, struct span constraint);

/* Equal but for the case of ASCII letters. */
bool gv_ascii_equal(struct span a, struct span b);

#endif
