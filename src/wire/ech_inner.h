/* From an EncodedClientHelloInner to the ClientHelloInner that it stands for (RFC 9849 section 5.1): bytes
 * -> bytes, in one pass over each, so that what a client refers to is copied once at most. What the
 * hello then says is read as any ClientHello's. */
#ifndef GALVAN_WIRE_ECH_INNER_H
#define GALVAN_WIRE_ECH_INNER_H

#include "base/error.h"
#include "base/writer.h"

/* Bytes that the inner hello takes at most. */
static inline size_t gv_wire_inner_hello_max(struct span encoded, struct span outer)
{
    return encoded.len + outer.len;
}

/* Writes the inner hello as a whole message, header too. encoded: what was decrypted, padding too;
 * outer: the ClientHelloOuter without its header, found well-formed before. DECODE_INNER_HELLO,
 * INNER_HELLO_PADDING, INNER_HELLO_SESSION_ID, OUTER_EXTENSION_MISSING, OUTER_EXTENSION_ECH;
 * EXTENSION_REPEATED. */
MUST_USE enum gv_err gv_wire_decode_inner_hello(struct span encoded, struct span outer,
                                                struct wr *w);

/* ClientHelloOuterAAD (RFC 9849 section 5.2): outer, without its header, with zeros where its payload, a
 * span of it, stands. outer.len bytes at out. */
void gv_wire_outer_aad(struct span outer, struct span payload, uint8_t *out);

#endif
