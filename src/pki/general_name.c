/* GeneralNames, and the match of a certificate's names with a server's. */
#include "pki/general_name.h"

#include "pki/dn.h"
#include "pki/public_suffix.h"

#include <stdio.h>

/* Kinds whose content is constructed; a directory name's tag is EXPLICIT, Name being a CHOICE. */
enum { CONSTRUCTED_KINDS = 1 << GN_OTHER | 1 << GN_X400 | 1 << GN_DIRECTORY | 1 << GN_EDI_PARTY };

struct general_name gv_general_name_read(struct rd *r)
{
    uint8_t tag;
    struct general_name n = {.value = gv_der_any(r, &tag)};
    n.kind = tag & 0x1f;
    bool constructed = n.kind <= GN_REGISTERED_ID && (CONSTRUCTED_KINDS >> n.kind & 1) != 0;
    unsigned wanted = constructed ? DER_CONTEXT_CONSTRUCTED(n.kind) : DER_CONTEXT(n.kind);
    if (n.kind > GN_REGISTERED_ID || tag != wanted)
        rd_fail(r);
    return n;
}

struct rd gv_san_open(const struct certificate *c)
{
    struct rd outer = rd_of(c->ext[EXT_SUBJECT_ALT_NAME]);
    if (!cert_has(c, EXT_SUBJECT_ALT_NAME))
        return outer;
    struct rd r = rd_of(gv_der_value(&outer, DER_SEQUENCE));
    if (!rd_end(&outer))
        rd_fail(&r);
    return r;
}

static bool is_name(struct general_name n, const struct server_name *name)
{
    struct span wanted = gv_server_name_bytes(name);
    if (name->kind == SERVER_NAME_IP)
        return n.kind == GN_IP && span_equal(n.value, wanted);
    return n.kind == GN_DNS && gv_dns_is_presented(n.value) && gv_dns_matches_host(n.value, wanted);
}

static bool is_too_wide(struct general_name n)
{
    bool wildcard = n.kind == GN_DNS && n.value.len > 2 && n.value.at[0] == '*';
    return wildcard && gv_is_public_suffix(span_from(n.value, 2));
}

enum gv_err gv_san_check(const struct certificate *c, const struct server_name *name, bool strict)
{
    struct rd r = gv_san_open(c);
    while (rd_more(&r)) {
        struct general_name n = gv_general_name_read(&r);
        if (!r.bad && is_name(n, name) && !(strict && is_too_wide(n)))
            return GV_OK;
    }
    if (!rd_end(&r))
        RAISE(CERT_BAD_EXTENSION);
    RAISE(CERT_NAME_MISMATCH);
}

/* A NUL must not end the text before the name's end: "bank.example\0.example.org" is no bank. */
static void write_printable(struct span value, char *out, size_t size)
{
    size_t n = 0;
    for (; n < value.len && n + 1 < size; n++)
        out[n] = value.at[n] >= ' ' && value.at[n] <= '~' ? (char)value.at[n] : '?';
    out[n] = '\0';
}

void gv_general_name_text(struct general_name name, char *out, size_t size)
{
    static const char *const labels[] = {
        "other name", "email:", "DNS:", "X.400 address",  "DN:",
        "EDI party",  "URI:",   "IP:",  "registered ID:",
    };
    char text[256];
    write_printable(name.value, text, sizeof text);
    if (name.kind == GN_IP)
        gv_ip_text(name.value, text);
    else if (name.kind == GN_DIRECTORY)
        gv_dn_text(name.value, text, sizeof text);
    else if (name.kind == GN_REGISTERED_ID)
        gv_der_oid_text(name.value, text, sizeof text);
    else if (name.kind != GN_EMAIL && name.kind != GN_DNS && name.kind != GN_URI)
        text[0] = '\0';
    (void)snprintf(out, size, "%s%s", labels[name.kind], text);
}
