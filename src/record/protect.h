/* Sealing and opening records: nonces, sequence numbers and limits are kept here and nowhere else.
 * A half is one direction of a connection; zeroed, it passes records through in the clear. */
#ifndef GALVAN_RECORD_PROTECT_H
#define GALVAN_RECORD_PROTECT_H

#include "crypto/provider.h"
#include "record/limits.h"

struct record_half {
    const struct cipher_suite_info *suite; /* NULL: in the clear */
    struct aead aead;
    uint8_t iv[AEAD_NONCE];
    uint64_t sequence, limit; /* of records; limit: what it may reach with this key */
};

/* Sets the key of a half, with its sequence number at zero. A sealing key seals limit records, or what
 * the AEAD allows where that is 0 or more; an opening key all that have a number. key and iv
 * are the suite's; in TLS 1.2 the first fixed_iv_len bytes of iv count. */
enum gv_err gv_record_key(struct record_half *half, const struct cipher_suite_info *suite,
                          const uint8_t *key, const uint8_t iv[AEAD_NONCE], bool seal,
                          uint64_t limit);
void gv_record_half_drop(struct record_half *half);

/* True where the key should be changed before the limit is reached, at seven eighths of it, while
 * there is room for the KeyUpdate. */
bool gv_record_wants_rekey(const struct record_half *half);

/* Records that the key may still protect. */
uint64_t gv_record_left(const struct record_half *half);

/* Bytes on the wire of a fragment of n bytes. */
size_t gv_record_sealed_len(const struct record_half *half, size_t n);

/* Writes one record with a fragment of at most FRAGMENT_MAX bytes; out has room for
 * gv_record_sealed_len of it. SEQUENCE_EXHAUSTED past the limit. */
enum gv_err gv_record_seal(struct record_half *half, uint8_t type, uint16_t legacy_version,
                           struct span fragment, uint8_t *out);

/* Opens a whole record (header and payload) in place. *type and *plain: what was in it; plain
 * borrows from it. BAD_RECORD_MAC, RECORD_TOO_LONG, FRAGMENT_TOO_LONG, INNER_TYPE_MISSING,
 * SEQUENCE_EXHAUSTED. */
enum gv_err gv_record_open(struct record_half *half, uint8_t *record, size_t len, uint8_t *type,
                           struct span *plain);

#endif
