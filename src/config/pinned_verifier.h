/* A verifier that knows the certificates or keys that it wants to see. */
#ifndef GALVAN_CONFIG_PINNED_VERIFIER_H
#define GALVAN_CONFIG_PINNED_VERIFIER_H

#include "config/verifier.h"

enum { PIN_LEN = 32 }; /* SHA-256 */

struct pin {
    bool public_key; /* of the leaf's SubjectPublicKeyInfo; else of the whole leaf */
    uint8_t sha256[PIN_LEN];
};

/* Accepts a leaf that one of the pins is of, and that `also` (a reference is taken; may be NULL)
 * accepts too. Without `also` nothing else is asked: no authority, no name, no time. NO_MEMORY, and
 * CRYPTO_FAILED where the provider has no SHA-256. */
enum gv_err gv_pinned_verifier_new(const struct provider *provider, const struct pin *pins,
                                   size_t count, struct verifier *also, struct verifier **out);

#endif
