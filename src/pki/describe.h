/* A certificate in words: each thing that a person asks about it, one after the other. It judges
 * nothing: what is malformed is left out, or is there as it stands. */
#ifndef GALVAN_PKI_DESCRIBE_H
#define GALVAN_PKI_DESCRIBE_H

#include "pki/cert.h"

enum { DESCRIBED_TEXT = 512 }; /* bytes of a value with its NUL; longer ones are cut */

/* field is static, one of those that galvan_certificate_describe lists; value is printable ASCII
 * and lives as long as the call. */
typedef void gv_describe_fn(void *context, const char *field, const char *value);

void gv_cert_describe(const struct certificate *c, gv_describe_fn *tell, void *context);

#endif
