/* Certificates, keys and revocation lists in words: each thing that a person asks about them, one
 * after the other. It judges nothing: what is malformed is left out, or is there as it stands. */
#ifndef GALVAN_PKI_DESCRIBE_H
#define GALVAN_PKI_DESCRIBE_H

#include "pki/cert.h"
#include "pki/crl.h"

enum { DESCRIBED_TEXT = 512 }; /* bytes of a value with its NUL; longer ones are cut */

/* field is static, one of those that galvan_certificate_describe and galvan_inspect list; value is printable ASCII
 * and lives as long as the call. */
typedef void gv_describe_fn(void *context, const char *field, const char *value);

void gv_cert_describe(const struct certificate *c, gv_describe_fn *tell, void *context);
void gv_crl_describe(const struct crl *crl, gv_describe_fn *tell, void *context);

/* The kind and size of the key in a SubjectPublicKeyInfo. False where it is malformed. */
bool gv_public_key_describe(struct span spki, gv_describe_fn *tell, void *context);

/* Tells bytes in hexadecimal. */
void gv_bytes_describe(const char *field, struct span bytes, gv_describe_fn *tell, void *context);

#endif
