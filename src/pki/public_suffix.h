/* Names under which anybody can have a name, for the strict profile's rule that no wildcard stands
 * for all of them (CA/Browser Forum Baseline Requirements section 3.2.2.6). It knows the form of
 * registries' suffixes and the best known of the others, not the whole Public Suffix List. */
#ifndef GALVAN_PKI_PUBLIC_SUFFIX_H
#define GALVAN_PKI_PUBLIC_SUFFIX_H

#include "base/span.h"

/* name: well-formed, without a wildcard. */
bool gv_is_public_suffix(struct span name);

#endif
