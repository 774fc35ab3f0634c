/* The key schedule of TLS 1.3 (RFC 9846 section 7): secrets in, secrets out. It knows no record and
 * no message. Digests are passed in as spans of the hash's length. */
#ifndef GALVAN_KEYS_SCHEDULE13_H
#define GALVAN_KEYS_SCHEDULE13_H

#include "crypto/hmac.h"

struct schedule13 {
    struct hmac current; /* keyed with the Early, Handshake, then Main Secret */
};

/* To the Early Secret; psk empty: none. */
enum gv_err gv_schedule13_early(struct schedule13 *s, const struct hash_alg *alg, struct span psk);
/* From the Early to the Handshake Secret. */
enum gv_err gv_schedule13_handshake(struct schedule13 *s, struct span shared_secret);
/* From the Handshake to the Main Secret. */
enum gv_err gv_schedule13_main(struct schedule13 *s);

/* Derive-Secret(current, label, digest): "c hs traffic" and its kin. */
enum gv_err gv_schedule13_derive(const struct schedule13 *s, const char *label, struct span digest,
                                 struct secret *out);
/* Derive-Secret(current, label, ""): "res binder" and its kin. */
enum gv_err gv_schedule13_binder_key(const struct schedule13 *s, const char *label,
                                     struct secret *out);

/* The verify_data of Finished (section 4.4.4), or a PSK binder, from a base key. */
enum gv_err gv_finished13(const struct hash_alg *alg, const struct secret *base, struct span digest,
                          uint8_t out[HASH_MAX]);

/* The traffic secret after this one (section 7.2), in place. */
enum gv_err gv_next_traffic_secret(const struct hash_alg *alg, struct secret *traffic);

/* The PSK of a ticket with that nonce, from the resumption secret (section 4.6.1). */
enum gv_err gv_ticket_secret13(const struct hash_alg *alg, const struct secret *resumption,
                               struct span nonce, struct secret *out);

/* TLS-Exporter (section 7.5) over exporter_secret; INTERNAL where label or len are longer than their
 * fields. */
enum gv_err gv_exporter13(const struct hash_alg *alg, const struct secret *exporter,
                          const char *label, struct span context, uint8_t *out, size_t len);

/* Key and IV of a traffic secret (section 7.3). */
enum gv_err gv_traffic_key13(const struct cipher_suite_info *suite, const struct secret *traffic,
                             uint8_t key[AEAD_KEY_MAX], uint8_t iv[AEAD_NONCE]);

#endif
