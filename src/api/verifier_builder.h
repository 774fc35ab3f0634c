/* What the builders of server and client verifiers have in common. */
#ifndef GALVAN_API_VERIFIER_BUILDER_H
#define GALVAN_API_VERIFIER_BUILDER_H

#include "config/webpki_verifier.h"
#include "galvan.h"

struct verifier_builder {
    struct webpki_options options; /* provider and anchors are references; no lists yet */
    struct crl_builder crls;
    bool used; /* it was built, or that was tried */
};

/* Holds on to provider and store; a provider of NULL fails when the verifier is built. */
void gv_api_verifier_builder_init(struct verifier_builder *b, const struct provider *provider,
                                  const struct rustls_root_cert_store *store);
void gv_api_verifier_builder_drop(struct verifier_builder *b);

/* All of these answer RUSTLS_RESULT_ALREADY_USED where the builder was built.
 *
 * Adds every revocation list of the text, or none and an error. */
rustls_result gv_api_add_crls(struct verifier_builder *b, const uint8_t *pem, size_t len);

/* Sets one of its options. */
rustls_result gv_api_switch(struct verifier_builder *b, bool *option, bool value);

/* What galvan.h adds; b may be NULL. */
rustls_result gv_api_set_profile(struct verifier_builder *b, enum galvan_profile profile);
rustls_result gv_api_set_time(struct verifier_builder *b, int64_t seconds);
rustls_result gv_api_set_verifier_limit(struct verifier_builder *b,
                                        enum galvan_verifier_limit limit, uint64_t value);

/* Uses the builder up: the verifier that `make` makes of its options, or an error. out may be NULL,
 * which is one. */
rustls_result gv_api_build_verifier(struct verifier_builder *b,
                                    enum gv_err (*make)(const struct webpki_options *o,
                                                        struct verifier **out),
                                    struct verifier **out);

#endif
