/* Finds records in a stream of bytes (RFC 9846 section 5.1). It looks at headers only. */
#ifndef GALVAN_RECORD_DEFRAME_H
#define GALVAN_RECORD_DEFRAME_H

#include "base/error.h"
#include "base/span.h"
#include "record/limits.h"
#include "wire/codepoints.h"

struct record {
    uint8_t type;  /* a content type that exists */
    size_t len;    /* of the payload, RECORD_MAX - RECORD_HEADER at most */
    bool complete; /* the payload is all there */
};

/* Looks at the record that stands at the start of bytes. *found is false where its header is not
 * all there. RECORD_TYPE_UNKNOWN, RECORD_VERSION_UNKNOWN and RECORD_TOO_LONG as soon as the header
 * shows it, whether the payload has come or not. */
MUST_USE enum gv_err gv_deframe(struct span bytes, struct record *out, bool *found);

/* Bytes of the whole record that stands at the start of our own output. */
size_t gv_record_size(struct span bytes);

#endif
