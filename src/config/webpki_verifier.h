/* The verifiers over src/pki: what rustls calls WebPkiServerVerifier and WebPkiClientVerifier. */
#ifndef GALVAN_CONFIG_WEBPKI_VERIFIER_H
#define GALVAN_CONFIG_WEBPKI_VERIFIER_H

#include "config/verifier.h"
#include "pki/path.h"

struct webpki_options {
    const struct provider *provider; /* the verifier takes a reference to these three */
    struct anchor_set *anchors;
    struct crl_set *crls;                          /* may be NULL */
    bool leaf_only, allow_unknown, enforce_expiry; /* as in struct revocation_options */
    struct path_limits limits;
    bool strict;     /* the strict profile, see pki/strict.h */
    bool fixed_time; /* verify as at `time` (seconds since 1970), not as now */
    int64_t time;
    /* For a verifier of clients: */
    bool required;     /* a client without a certificate is turned away */
    struct span hints; /* names of acceptable authorities in DER, one behind the other; copied */
};

/* A verifier of servers' chains: their path, and that the leaf has the name asked for. NO_MEMORY.
 * The caller owns the reference. */
enum gv_err gv_webpki_server_verifier_new(const struct webpki_options *o, struct verifier **out);

/* A verifier of clients' chains: their path. NO_MEMORY; CERT_BAD_DER where the hints are no names. */
enum gv_err gv_webpki_client_verifier_new(const struct webpki_options *o, struct verifier **out);

#endif
