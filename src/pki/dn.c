/* Distinguished names. A Name is a SEQUENCE of relative names, each a SET of attributes. */
#include "pki/dn.h"

#include <stdio.h>

enum { ASCII_MAX = 0x7f };
static const uint32_t CHAR_END = UINT32_MAX; /* no character is */

struct attribute {
    struct span type, value;
    uint8_t tag;
};

static struct attribute read_attribute(struct rd *set)
{
    struct rd in = rd_of(gv_der_value(set, DER_SEQUENCE));
    struct attribute a;
    a.type = gv_der_value(&in, DER_OID);
    a.value = gv_der_any(&in, &a.tag);
    if (!rd_end(&in))
        rd_fail(set);
    return a;
}

/* ---- comparison (RFC 5280 section 7.1) ------------------------------------------------------ */

/* The characters of a directory string, whatever its encoding, with letters of ASCII in lower case
 * and runs of spaces as one. */
struct text {
    struct rd r;
    uint8_t tag;
    bool started;
};

static bool is_string(uint8_t tag)
{
    return tag == DER_UTF8_STRING || tag == DER_PRINTABLE_STRING || tag == DER_IA5_STRING ||
           tag == DER_TELETEX_STRING || tag == DER_BMP_STRING || tag == DER_UNIVERSAL_STRING;
}

static uint32_t read_utf8(struct rd *r)
{
    uint32_t c = rd_u8(r);
    unsigned more = c < 0xc0 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
    if (more != 0)
        c &= 0x3fu >> more;
    while (more-- > 0 && rd_more(r))
        c = c << 6 | (rd_u8(r) & 0x3fu);
    return c;
}

static uint32_t read_char(struct text *t)
{
    if (t->tag == DER_UTF8_STRING)
        return read_utf8(&t->r);
    if (t->tag == DER_BMP_STRING)
        return rd_u16(&t->r);
    return t->tag == DER_UNIVERSAL_STRING ? rd_u32(&t->r) : rd_u8(&t->r);
}

static uint32_t next_char(struct text *t)
{
    bool space = false;
    while (rd_more(&t->r)) {
        struct text here = *t;
        uint32_t c = read_char(t);
        if (c == ' ') {
            space = true;
            continue;
        }
        if (space && t->started) {
            *t = here;
            t->started = false; /* the space is given once; the character comes next */
            return ' ';
        }
        t->started = true;
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }
    return CHAR_END;
}

static enum dn_relation compare_strings(struct attribute a, struct attribute b)
{
    struct text x = {rd_of(a.value), a.tag, false}, y = {rd_of(b.value), b.tag, false};
    for (;;) {
        uint32_t c = next_char(&x), d = next_char(&y);
        if (c == d && c == CHAR_END)
            return x.r.bad || y.r.bad ? DN_UNSURE : DN_INSIDE;
        if (c != d)
            return (c > ASCII_MAX && c != CHAR_END) || (d > ASCII_MAX && d != CHAR_END)
                       ? DN_UNSURE
                       : DN_OUTSIDE;
    }
}

static enum dn_relation compare_attributes(struct attribute a, struct attribute b)
{
    if (!span_equal(a.type, b.type))
        return DN_OUTSIDE;
    if (a.tag == b.tag && span_equal(a.value, b.value))
        return DN_INSIDE;
    return is_string(a.tag) && is_string(b.tag) ? compare_strings(a, b) : DN_OUTSIDE;
}

/* Attributes of a SET stand in the order of their encodings (ITU-T X.690 section 10.3), so that
 * pairs are compared; of sets with several, whose order may turn on letter case, a difference is
 * UNSURE. */
static enum dn_relation compare_sets(struct span a, struct span b)
{
    struct rd x = rd_of(a), y = rd_of(b);
    bool several = false;
    enum dn_relation all = DN_INSIDE;
    while (rd_more(&x) && rd_more(&y)) {
        struct attribute p = read_attribute(&x), q = read_attribute(&y);
        if (x.bad || y.bad)
            return DN_MALFORMED;
        several |= rd_more(&x) && rd_more(&y);
        enum dn_relation one = compare_attributes(p, q);
        if (one != DN_INSIDE && all != DN_OUTSIDE)
            all = one;
    }
    if (rd_more(&x) || rd_more(&y))
        return DN_OUTSIDE;
    return all == DN_OUTSIDE && several ? DN_UNSURE : all;
}

enum dn_relation gv_dn_relation(struct span name, struct span base)
{
    struct rd outer_name = rd_of(name), outer_base = rd_of(base);
    struct rd x = rd_of(gv_der_value(&outer_name, DER_SEQUENCE));
    struct rd y = rd_of(gv_der_value(&outer_base, DER_SEQUENCE));
    if (!rd_end(&outer_name) || !rd_end(&outer_base))
        return DN_MALFORMED;
    enum dn_relation all = DN_INSIDE;
    while (rd_more(&y)) {
        struct span q = gv_der_value(&y, DER_SET);
        if (y.bad)
            return DN_MALFORMED;
        if (!rd_more(&x))
            return DN_OUTSIDE;
        struct span p = gv_der_value(&x, DER_SET);
        enum dn_relation one = x.bad ? DN_MALFORMED : compare_sets(p, q);
        if (one == DN_OUTSIDE || one == DN_MALFORMED)
            return one;
        if (one == DN_UNSURE)
            all = DN_UNSURE;
    }
    return all;
}

bool gv_dn_is_empty(struct span name)
{
    struct rd outer = rd_of(name);
    return gv_der_value(&outer, DER_SEQUENCE).len == 0 && rd_end(&outer);
}

/* ---- attributes in turn ---------------------------------------------------------------------- */

bool gv_dn_next(struct span name, enum dn_attribute type, size_t *at, struct span *out)
{
    static const uint8_t common_name[] = {0x55, 0x04, 0x03};
    static const uint8_t email_address[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01};
    struct span oid = type == DN_COMMON_NAME ? SPAN_OF(common_name) : SPAN_OF(email_address);
    struct rd r = rd_of(gv_der_inside(name));
    for (size_t i = 0; rd_more(&r);) {
        struct rd set = rd_of(gv_der_value(&r, DER_SET));
        for (; rd_more(&set); i++) {
            struct attribute a = read_attribute(&set);
            if (set.bad || i < *at || !span_equal(a.type, oid))
                continue;
            *at = i + 1;
            *out = a.value;
            return true;
        }
    }
    return false;
}

/* ---- text (RFC 4514) ------------------------------------------------------------------------ */

static const char *short_name(struct span type)
{
    static const struct {
        const char *oid;
        uint8_t len;
        const char *name;
    } names[] = {
        {"\x55\x04\x03", 3, "CN"},
        {"\x55\x04\x05", 3, "serialNumber"},
        {"\x55\x04\x06", 3, "C"},
        {"\x55\x04\x07", 3, "L"},
        {"\x55\x04\x08", 3, "ST"},
        {"\x55\x04\x09", 3, "STREET"},
        {"\x55\x04\x0a", 3, "O"},
        {"\x55\x04\x0b", 3, "OU"},
        {"\x55\x04\x61", 3, "organizationIdentifier"},
        {"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", 10, "UID"},
        {"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", 10, "DC"},
        {"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", 9, "emailAddress"},
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (span_equal(type, span_of(names[i].oid, names[i].len)))
            return names[i].name;
    }
    return NULL;
}

/* Text that is built from its end to its start: a Name has the most general part first, its text
 * the most specific, and what does not fit is the general part's end. */
struct out {
    char *at;
    size_t size, used;
};

static void put(struct out *o, const char *text)
{
    for (; *text != '\0' && o->used + 1 < o->size; text++)
        o->at[o->used++] = *text;
    o->at[o->used] = '\0';
}

static void put_char(struct out *o, uint32_t c)
{
    char one[4] = {(char)c, '\0'};
    if (c < 0x20 || c >= ASCII_MAX)
        (void)snprintf(one, sizeof one, "?");
    else if (c < 0x80 && strchr(",+\"\\<>;=", (int)c) != NULL)
        (void)snprintf(one, sizeof one, "\\%c", (int)c);
    put(o, one);
}

static void put_attribute(struct out *o, struct attribute a)
{
    char oid[64];
    const char *name = short_name(a.type);
    gv_der_oid_text(a.type, oid, sizeof oid);
    put(o, name != NULL ? name : oid);
    put(o, "=");
    struct text t = {rd_of(is_string(a.tag) ? a.value : (struct span){NULL, 0}), a.tag, false};
    while (rd_more(&t.r) && o->used + 1 < o->size)
        put_char(o, read_char(&t));
}

static void put_set(struct out *o, struct span content)
{
    struct rd set = rd_of(content);
    for (const char *glue = o->used == 0 ? "" : ","; rd_more(&set); glue = "+") {
        struct attribute a = read_attribute(&set);
        if (set.bad)
            return;
        put(o, glue);
        put_attribute(o, a);
    }
}

enum { SETS_MAX = 32 }; /* relative names that are written; names in use have a handful */

void gv_dn_text(struct span name, char *out, size_t size)
{
    struct span sets[SETS_MAX];
    size_t count = 0;
    struct out o = {out, size, 0};
    out[0] = '\0';
    struct rd r = rd_of(gv_der_inside(name));
    while (rd_more(&r) && count < SETS_MAX)
        sets[count++] = gv_der_value(&r, DER_SET);
    while (count > 0)
        put_set(&o, sets[--count]);
}
