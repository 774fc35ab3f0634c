/* The transcript of a handshake: a digest of all its messages (RFC 9846 section 4.4.1), which can
 * begin before it is known which digest: the first message waits until then. */
#ifndef GALVAN_KEYS_TRANSCRIPT_H
#define GALVAN_KEYS_TRANSCRIPT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "crypto/provider.h"

struct transcript {
    struct hash hash;
    struct span waiting; /* messages added before gv_transcript_start; in the arena */
    struct buffer kept;  /* all messages, where `keeps` says so */
    bool keeps;          /* TLS 1.2's CertificateVerify signs them, not their digest */
};

/* Adds a whole message, header too. Before the start it is copied into the arena. NO_MEMORY. */
enum gv_err gv_transcript_add(struct transcript *t, struct arena *arena, struct span message);

/* Says which digest it is, and digests what waited. Later calls with the same one do nothing; with
 * another they raise INTERNAL. */
enum gv_err gv_transcript_start(struct transcript *t, const struct hash_alg *alg);

/* Puts the message_hash of section 4.4.1 in place of the ClientHello, the only message so far. */
enum gv_err gv_transcript_retry(struct transcript *t);

/* The digest so far, HASH_MAX bytes at most; *out borrows from `digest`. */
enum gv_err gv_transcript_peek(struct transcript *t, uint8_t digest[HASH_MAX], struct span *out);

/* Forgets the messages that were kept, and keeps no more. */
void gv_transcript_stop_keeping(struct transcript *t);

void gv_transcript_drop(struct transcript *t);

#endif
