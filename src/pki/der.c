/* DER: tags, lengths and the few types whose content has rules of its own. */
#include "pki/der.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    TAG_NUMBER = 0x1f,   /* bits of the tag's number; all set: a number of 31 or more follows */
    LENGTH_LONG = 0x80,  /* this bit set: the other seven count the bytes of the length */
    LENGTH_BYTES_MAX = 4 /* lengths below 2^32 */
};

/* ITU-T X.690 section 10.1: the fewest bytes that hold the length. */
static size_t read_long_length(struct rd *r, uint8_t first)
{
    size_t width = (size_t)first - LENGTH_LONG;
    if (width == 0 || width > LENGTH_BYTES_MAX) {
        rd_fail(r);
        return 0;
    }
    size_t len = rd_uint(r, width);
    if (len < LENGTH_LONG || len >> (8 * (width - 1)) == 0)
        rd_fail(r);
    return len;
}

struct span gv_der_any(struct rd *r, uint8_t *tag)
{
    *tag = rd_u8(r);
    uint8_t first = rd_u8(r);
    size_t len = first < LENGTH_LONG ? first : read_long_length(r, first);
    if ((*tag & TAG_NUMBER) == TAG_NUMBER)
        rd_fail(r);
    return rd_bytes(r, r->bad ? 0 : len);
}

struct span gv_der_value(struct rd *r, uint8_t tag)
{
    uint8_t found;
    struct span s = gv_der_any(r, &found);
    if (found == tag)
        return s;
    rd_fail(r);
    return (struct span){NULL, 0};
}

struct span gv_der_element(struct rd *r, uint8_t tag)
{
    const uint8_t *start = r->at;
    struct span s = gv_der_value(r, tag);
    return r->bad ? s : (struct span){start, (size_t)(r->at - start)};
}

struct span gv_der_inside(struct span element)
{
    struct rd r = rd_of(element);
    uint8_t tag;
    return gv_der_any(&r, &tag);
}

bool gv_der_boolean_default_false(struct rd *r)
{
    if (!der_next_is(r, DER_BOOLEAN))
        return false;
    struct span s = gv_der_value(r, DER_BOOLEAN);
    if (s.len == 1 && (s.at[0] == 0xff || s.at[0] == 0))
        return s.at[0] == 0xff;
    rd_fail(r);
    return false;
}

uint8_t gv_der_u8(struct rd *r)
{
    struct span s = gv_der_value(r, DER_INTEGER);
    if (s.len == 1 && s.at[0] < 0x80)
        return s.at[0];
    if (s.len == 2 && s.at[0] == 0 && s.at[1] >= 0x80)
        return s.at[1];
    rd_fail(r);
    return 0;
}

struct span gv_der_bytes(struct rd *r)
{
    struct span s = gv_der_value(r, DER_BIT_STRING);
    if (s.len != 0 && s.at[0] == 0)
        return span_from(s, 1);
    rd_fail(r);
    return (struct span){NULL, 0};
}

/* ITU-T X.690 section 11.2: unused bits are zero. A trailing zero bit, which DER forbids in a list
 * of named bits, is met in the field and is read. */
uint16_t gv_der_flags(struct rd *r, struct span bit_string)
{
    struct span bits = span_from(bit_string, 1);
    uint8_t unused = bit_string.len == 0 ? 0xff : bit_string.at[0];
    bool padded = bits.len != 0 && unused < 8 &&
                  (bits.at[bits.len - 1] & ((1u << unused) - 1)) == 0;
    if (!padded && !(bits.len == 0 && unused == 0)) {
        rd_fail(r);
        return 0;
    }
    uint16_t flags = 0;
    for (size_t i = 0; i < 16 && i / 8 < bits.len; i++)
        flags |= (uint16_t)((bits.at[i / 8] >> (7 - i % 8) & 1) << i);
    return flags;
}

bool gv_der_integer_ok(struct span s)
{
    if (s.len < 2)
        return s.len == 1;
    return !(s.at[0] == 0 && s.at[1] < 0x80) && !(s.at[0] == 0xff && s.at[1] >= 0x80);
}

void gv_der_oid_text(struct span oid, char *out, size_t size)
{
    size_t used = 0;
    uint64_t arc = 0;
    bool first = true;
    out[0] = '\0';
    for (size_t i = 0; i < oid.len; i++) {
        arc = arc << 7 | (oid.at[i] & 0x7f);
        if (oid.at[i] >= 0x80)
            continue;
        uint64_t top = arc < 80 ? arc / 40 : 2;
        int n = first
                    ? snprintf(out + used, size - used, "%" PRIu64 ".%" PRIu64, top, arc - 40 * top)
                    : snprintf(out + used, size - used, ".%" PRIu64, arc);
        if (n < 0 || (size_t)n >= size - used) {
            if (size >= sizeof "...")
                memcpy(out + size - sizeof "...", "...", sizeof "...");
            return;
        }
        used += (size_t)n;
        arc = 0;
        first = false;
    }
}
