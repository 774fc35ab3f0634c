/* DER (ITU-T X.690 section 10) over the reader of base: definite lengths in their shortest form,
 * tags below 31, and no value that has two encodings. What it answers is the content, a span into
 * the bytes that are read; the reader remembers a failure until rd_end is asked. It knows no
 * certificate. */
#ifndef GALVAN_PKI_DER_H
#define GALVAN_PKI_DER_H

#include "base/reader.h"

enum der_tag {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_OID = 0x06,
    DER_ENUMERATED = 0x0a,
    DER_UTF8_STRING = 0x0c,
    DER_PRINTABLE_STRING = 0x13,
    DER_TELETEX_STRING = 0x14,
    DER_IA5_STRING = 0x16,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_UNIVERSAL_STRING = 0x1c,
    DER_BMP_STRING = 0x1e,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31
};
/* [n] IMPLICIT of a primitive type, and [n] of a constructed one or EXPLICIT. */
#define DER_CONTEXT(n) (0x80 | (n))
#define DER_CONTEXT_CONSTRUCTED(n) (0xa0 | (n))

/* The next element, whatever it is: its content, and its tag in *tag (0 where there is none). */
struct span gv_der_any(struct rd *r, uint8_t *tag);

/* The content of the next element, which must have this tag. */
struct span gv_der_value(struct rd *r, uint8_t tag);

/* The next element with its tag and length: the bytes that are signed, hashed or compared. */
struct span gv_der_element(struct rd *r, uint8_t tag);

/* The content of a whole element, as gv_der_element answered it; empty for an empty span. */
struct span gv_der_inside(struct span element);

static inline bool der_next_is(const struct rd *r, uint8_t tag)
{
    return r->left != 0 && *r->at == tag;
}

/* The next element's content where it has this tag; else an empty span at NULL, nothing read. */
static inline struct span der_optional(struct rd *r, uint8_t tag)
{
    return der_next_is(r, tag) ? gv_der_value(r, tag) : (struct span){NULL, 0};
}

/* BOOLEAN DEFAULT FALSE. An encoded FALSE, which DER forbids, is met in the field and is read. */
bool gv_der_boolean_default_false(struct rd *r);

/* An INTEGER from 0 to 255, in its shortest form. */
uint8_t gv_der_u8(struct rd *r);

/* A BIT STRING of whole bytes. */
struct span gv_der_bytes(struct rd *r);

/* The content of a BIT STRING of named bits as a mask: bit 0 is 1 << 0, and so on up to 15;
 * padding must be zero. Fails the reader on any other. */
uint16_t gv_der_flags(struct rd *r, struct span bit_string);

/* True where the content of an INTEGER is one: not empty, and without needless leading bytes. */
bool gv_der_integer_ok(struct span content);

/* Writes an OID's content as "2.5.29.17"; cut with "..." where it does not fit. */
void gv_der_oid_text(struct span oid, char *out, size_t size);

#endif
