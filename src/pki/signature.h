/* Signatures in X.509: which of the provider's verifiers fits an algorithm and a key, and what it
 * says. AlgorithmIdentifiers are compared as bytes, never parsed. */
#ifndef GALVAN_PKI_SIGNATURE_H
#define GALVAN_PKI_SIGNATURE_H

#include "crypto/provider.h"

struct signed_data {
    struct span message, algorithm, signature; /* algorithm: content of the AlgorithmIdentifier */
};

/* GV_OK where the signature is genuine; CERT_SIGNATURE_ALGORITHM where no verifier knows its
 * algorithm, CERT_KEY_MISFIT where none does with this kind of key, CERT_BAD_SIGNATURE,
 * CRYPTO_FAILED, NO_MEMORY. */
enum gv_err gv_signature_check(const struct provider *provider, struct span key_algorithm,
                               struct span public_key, const struct signed_data *data);

#endif
