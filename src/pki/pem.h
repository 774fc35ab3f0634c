/* PEM (RFC 7468): sections of base64 between BEGIN and END lines; all other text is passed over.
 * Base64 is read and written without branches or tables on its letters, since keys are in it too. */
#ifndef GALVAN_PKI_PEM_H
#define GALVAN_PKI_PEM_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/writer.h"

/* X(name, label) */
#define PEM_KINDS(X)                                                                               \
    X(CERTIFICATE, "CERTIFICATE")                                                                  \
    X(CRL, "X509 CRL")                                                                             \
    X(PRIVATE_KEY, "PRIVATE KEY")         /* PKCS#8, RFC 5958 */                                   \
    X(RSA_PRIVATE_KEY, "RSA PRIVATE KEY") /* PKCS#1, RFC 8017 appendix A.1.2 */                    \
    X(EC_PRIVATE_KEY, "EC PRIVATE KEY")   /* RFC 5915 */                                           \
    X(ECHCONFIG, "ECHCONFIG")             /* RFC 9934 */
enum pem_kind {
    PEM_END, /* no further section */
#define X(name, label) PEM_##name,
    PEM_KINDS(X)
#undef X
        PEM_KIND_COUNT
};
#define PEM_WANT(kind) (1u << (kind))
#define PEM_ANY_KEY                                                                                \
    (PEM_WANT(PEM_PRIVATE_KEY) | PEM_WANT(PEM_RSA_PRIVATE_KEY) | PEM_WANT(PEM_EC_PRIVATE_KEY))

/* A text being read: begin with the whole of it. */
struct pem {
    struct span rest;
};

/* Goes to the next section of a wanted kind and makes its DER the content of *der, replacing what
 * it held; *kind is PEM_END behind the last. PEM_PARSE where a section has no end or is no base64;
 * NO_MEMORY, also where the DER is longer than the buffer's limit. The caller drops the buffer. */
enum gv_err gv_pem_next(struct pem *p, unsigned wanted, enum pem_kind *kind, struct buffer *der);

/* Writes a section of that kind: base64 in lines of 64 letters between its BEGIN and END lines. */
void gv_pem_write(struct wr *w, enum pem_kind kind, struct span der);

/* Bytes of such a section at most. */
static inline size_t gv_pem_size(size_t der_len)
{
    return 64 + (der_len + 2) / 3 * 4 + der_len / 48 + 2 + 64;
}

#endif
