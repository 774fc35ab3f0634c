/* How a server tells the client that it read the encrypted hello (RFC 9849 sections 7.2 and 7.2.1): eight
 * bytes of its answer come from the transcript of the inner handshake. The server writes them, the
 * client computes and compares them. */
#ifndef GALVAN_KEYS_ECH_CONFIRM_H
#define GALVAN_KEYS_ECH_CONFIRM_H

#include "crypto/provider.h"

enum { ECH_CONFIRMATION = 8 }; /* bytes */

/* A ServerHello or HelloRetryRequest, with its header, and where in it the confirmation stands. What
 * stands there now is of no account. */
struct ech_answer {
    struct span message;
    size_t at; /* at most message.len - ECH_CONFIRMATION */
    const char *label;
};

#define ECH_ACCEPT "ech accept confirmation"
#define ECH_ACCEPT_RETRY "hrr ech accept confirmation"

/* transcript: of the inner handshake before this message; behind a HelloRetryRequest, and for one, it
 * begins with the message_hash of the first inner hello, whose random is inner_random. It is not
 * changed. */
enum gv_err gv_ech_confirmation(const struct hash *transcript, struct span inner_random,
                                const struct ech_answer *answer, uint8_t out[ECH_CONFIRMATION]);

#endif
