/* The verifiers over src/pki: what rustls calls WebPkiServerVerifier and WebPkiClientVerifier. */
#ifndef GALVAN_CONFIG_WEBPKI_VERIFIER_H
#define GALVAN_CONFIG_WEBPKI_VERIFIER_H

#include "config/verifier.h"
#include "pki/anchor.h"
#include "pki/path.h"

struct webpki_options {
    const struct provider *provider; /* must outlive the verifier */
    struct anchor_set *anchors;      /* the verifier takes a reference */
    struct path_limits limits;
};

/* A verifier of servers' chains: their path, and that the leaf has the name asked for. NO_MEMORY. */
enum gv_err gv_webpki_server_verifier_new(const struct webpki_options *o, struct verifier **out);

#endif
