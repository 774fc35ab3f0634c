/* The key schedule of TLS 1.2 (RFC 5246 sections 6.3, 7.4.9, 8.1; RFC 7627): secrets in, secrets
 * out. */
#ifndef GALVAN_KEYS_SCHEDULE12_H
#define GALVAN_KEYS_SCHEDULE12_H

#include "crypto/hmac.h"

enum { MASTER_SECRET_LEN = 48, VERIFY_DATA12_LEN = 12 };

/* Keys and fixed parts of the nonces of both directions. The IVs are padded with zeros. */
struct keys12 {
    uint8_t client_key[AEAD_KEY_MAX], server_key[AEAD_KEY_MAX];
    uint8_t client_iv[AEAD_NONCE], server_iv[AEAD_NONCE];
};

/* master_secret from the randoms (RFC 5246 section 8.1), or, extended, from the digest of the
 * handshake up to ClientKeyExchange (RFC 7627 section 4). */
enum gv_err gv_master_secret(const struct hash_alg *alg, struct span premaster,
                             struct span client_random, struct span server_random,
                             struct secret *out);
enum gv_err gv_extended_master_secret(const struct hash_alg *alg, struct span premaster,
                                      struct span session_digest, struct secret *out);

/* The key block (section 6.3); master is keyed with the master secret, here and below. */
enum gv_err gv_keys12(const struct cipher_suite_info *suite, const struct hmac *master,
                      struct span client_random, struct span server_random, struct keys12 *out);

/* Exported keying material (RFC 5705 section 4). context NULL: none, which is not the same as an
 * empty one; its length must fit into two bytes. */
struct exporter12 {
    const struct hash_alg *alg;
    const struct secret *master;
    struct span client_random, server_random;
};
enum gv_err gv_exporter12(const struct exporter12 *e, const char *label, const struct span *context,
                          uint8_t *out, size_t len);

/* verify_data of Finished (section 7.4.9): label "client finished" or "server finished". */
enum gv_err gv_finished12(const struct hmac *master, const char *label, struct span digest,
                          uint8_t out[VERIFY_DATA12_LEN]);

#endif
