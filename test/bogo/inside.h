/* What the shim does to the library that its public headers do not offer, because nobody but a test
 * has a use for it. */
#ifndef GALVAN_TEST_BOGO_INSIDE_H
#define GALVAN_TEST_BOGO_INSIDE_H

#include "bogo/options.h"
#include "galvan.h"

/* Lets the library's clock go by so much. */
void inside_advance_clock(long seconds);

/* The default provider, with these groups and these schemes to verify in this order; an empty list
 * leaves them as they are. NULL where one of them is not there. */
const struct rustls_crypto_provider *inside_provider(const struct numbers *groups,
                                                     const struct numbers *schemes);

/* Whether every number is a scheme that keys can sign with. */
bool inside_can_sign(const struct numbers *schemes);
/* The same certified key, which signs with these schemes alone, in this order. */
const struct rustls_certified_key *inside_sign_with(const struct rustls_certified_key *key,
                                                    const struct numbers *schemes);

/* What a certified key signs with; and a signature. */
size_t inside_schemes(const struct rustls_certified_key *key, uint16_t out[6]);
bool inside_sign(const struct rustls_certified_key *key, uint16_t scheme,
                 struct rustls_slice_bytes message, uint8_t out[1024], size_t *out_len);

/* A verifier that asks clients for a certificate, and says OK, _GENERAL or _CERT_OTHER_ERROR to
 * every one. */
struct rustls_client_cert_verifier *inside_client_verifier(
    const struct rustls_crypto_provider *provider, bool required, rustls_result answer);

/* Reads the next certificate of a PEM text, and moves the text on behind it. False behind the last. */
bool inside_next_certificate(struct rustls_slice_bytes *text, uint8_t *der, size_t cap, size_t *len);

/* Replaces the compressors of certificates, of one of the two, by those of the runner's that the
 * options name. */
void inside_compress(const struct rustls_client_config *client,
                     const struct rustls_server_config *server, const struct options *o);

/* Gives what one client remembers of its sessions to another. */
void inside_hand_sessions_over(const struct rustls_client_config *from,
                               const struct rustls_client_config *to);

/* Client: drops what is kept of early data in case the server rejects it. */
void inside_forget_early_data(struct rustls_connection *conn);

#endif
