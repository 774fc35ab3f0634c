/* Verifiers: who decides whether a peer's certificates are believed. Objects with one function;
 * immutable, reference counted, used by any number of threads. The Web PKI verifiers over src/pki
 * are made in config/webpki_verifier.c, the one that asks the application in api/. */
#ifndef GALVAN_CONFIG_VERIFIER_H
#define GALVAN_CONFIG_VERIFIER_H

#include "base/detail.h"
#include "base/error.h"
#include "base/refcount.h"
#include "crypto/provider.h"

struct server_name; /* pki/name.h: a DNS name or an IP address, checked and copied */
struct path;        /* pki/path.h */

/* The chain that a peer presented, and what it is held against. */
struct certificate_question {
    const struct span *chain; /* DER, the leaf first; count is 1 at least */
    size_t count;
    const struct server_name *name; /* of the server asked for; NULL for a client's chain */
    bool any_name;                  /* a server's may have any, where name is NULL */
    struct span ocsp;               /* stapled OCSP response, empty where there is none */
    int64_t now;                    /* seconds since 1970 */
    void *userdata;                 /* of the connection, for the application's callback */
    /* Told of each path that is tried, as in pki/path.h, by verifiers that build paths; or NULL. */
    void (*tried)(void *context, const struct path *path, enum gv_err err, int32_t index);
    void *tried_context;
};

struct verifier {
    struct refcount refs;
    /* GV_OK, or the error that the peer and the caller are told. detail may be NULL. */
    enum gv_err (*verify)(const struct verifier *v, const struct certificate_question *q,
                          struct detail *detail);
    void (*free)(struct verifier *v);
    /* Signature schemes that it can verify are the provider's; it is kept for CertificateVerify. */
    const struct provider *provider;
    /* For a server that asks clients: */
    bool required;                /* a client without a certificate is turned away */
    const struct span *hints;     /* DER names of acceptable authorities, hint_count of them */
    size_t hint_count;
};

static inline struct verifier *gv_verifier_ref(struct verifier *v)
{
    gv_ref_take(&v->refs);
    return v;
}

static inline void gv_verifier_free(struct verifier *v)
{
    if (v != NULL && gv_ref_release(&v->refs))
        v->free(v);
}

/* Verifies a signature of CertificateVerify or ServerKeyExchange: `scheme` must be one that the
 * provider verifies in this version with the key in the leaf certificate (RFC 9846 section 4.4.3).
 * SIGNATURE_SCHEME_MISFIT where key and scheme do not fit, BAD_SIGNATURE, or the leaf's errors. */
enum gv_err gv_verify_peer_signature(const struct provider *provider, struct span leaf,
                                     uint16_t version, uint16_t scheme, struct span message,
                                     struct span signature);

#endif
