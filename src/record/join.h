/* Joins fragments of handshake messages (RFC 9846 section 5.1). A message that lies whole in one
 * record is handed on where it lies; only one that is split is copied. */
#ifndef GALVAN_RECORD_JOIN_H
#define GALVAN_RECORD_JOIN_H

#include "base/buffer.h"
#include "base/error.h"

struct join {
    struct buffer pending; /* the start of a message whose rest has not come */
    struct span fresh;     /* of the record at hand: what was not yet taken */
    size_t message_limit;  /* bytes of a body */
    size_t taken;          /* bytes of pending that were handed on, to be dropped next time */
};

/* message_limit: the largest body, in bytes. */
void gv_join_init(struct join *j, size_t message_limit);

/* Sets another limit. MESSAGE_TOO_LONG where `message`, which was handed on already, is over it. */
MUST_USE enum gv_err gv_join_limit(struct join *j, size_t message_limit, struct span message);

/* Gives it the fragment of a record. The last one's messages must have been taken. */
void gv_join_feed(struct join *j, struct span fragment);

/* The next whole message, header too, in *message, which lives until the next call; or *message
 * empty where more is needed. *last: no byte stands behind it in its record. MESSAGE_TOO_LONG as
 * soon as the header claims it; NO_MEMORY. */
MUST_USE enum gv_err gv_join_next(struct join *j, struct span *message, bool *last);

/* True inside a message: another content type must not come now. */
bool gv_join_is_midway(const struct join *j);

void gv_join_drop(struct join *j);

#endif
