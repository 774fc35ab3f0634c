/* Certificates in words. One function for each group of fields, and the names of the OIDs that
 * people know by name; any other is written as its numbers. */
#include "pki/describe.h"

#include "pki/dn.h"
#include "pki/general_name.h"
#include "pki/time.h"

#include <stdio.h>

struct teller {
    gv_describe_fn *tell;
    void *context;
};

static void tell(const struct teller *t, const char *field, const char *value)
{
    char text[DESCRIBED_TEXT];
    size_t n = 0;
    for (; value[n] != '\0' && n + 1 < sizeof text; n++)
        text[n] = value[n] >= ' ' && value[n] <= '~' ? value[n] : '?';
    text[n] = '\0';
    t->tell(t->context, field, text);
}

struct oid_name {
    const char *oid; /* its content */
    uint8_t len;
    const char *name;
};

/* clang-format off */
static const struct oid_name key_names[] = {
    {"\x2a\x86\x48\xce\x3d\x03\x01\x07",             8,  "ECDSA P-256"}, /* namedCurve, RFC 5480 section 2.1.1.1 */
    {"\x2b\x81\x04\x00\x22",                         5,  "ECDSA P-384"},
    {"\x2b\x81\x04\x00\x23",                         5,  "ECDSA P-521"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01",         9,  "RSA"},         /* RFC 8017 appendix A.1 */
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a",         9,  "RSA-PSS"},
    {"\x2b\x65\x70",                                 3,  "Ed25519"},     /* RFC 8410 section 3 */
    {"\x2b\x65\x71",                                 3,  "Ed448"},
    {"\x60\x86\x48\x01\x65\x03\x04\x03\x11",         9,  "ML-DSA-44"},   /* RFC 9881 section 2 */
    {"\x60\x86\x48\x01\x65\x03\x04\x03\x12",         9,  "ML-DSA-65"},
    {"\x60\x86\x48\x01\x65\x03\x04\x03\x13",         9,  "ML-DSA-87"},
};

static const struct oid_name signature_names[] = {
    {"\x2a\x86\x48\xce\x3d\x04\x01",                 7,  "ECDSA with SHA-1"}, /* RFC 3279 section 2.2.3 */
    {"\x2a\x86\x48\xce\x3d\x04\x03\x02",             8,  "ECDSA with SHA-256"}, /* RFC 5758 section 3.2 */
    {"\x2a\x86\x48\xce\x3d\x04\x03\x03",             8,  "ECDSA with SHA-384"},
    {"\x2a\x86\x48\xce\x3d\x04\x03\x04",             8,  "ECDSA with SHA-512"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04",         9,  "RSA PKCS #1 v1.5 with MD5"}, /* RFC 8017 appendix C */
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05",         9,  "RSA PKCS #1 v1.5 with SHA-1"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b",         9,  "RSA PKCS #1 v1.5 with SHA-256"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c",         9,  "RSA PKCS #1 v1.5 with SHA-384"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d",         9,  "RSA PKCS #1 v1.5 with SHA-512"},
    {"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a",         9,  "RSA-PSS"},
    {"\x2b\x65\x70",                                 3,  "Ed25519"},
    {"\x2b\x65\x71",                                 3,  "Ed448"},
    {"\x60\x86\x48\x01\x65\x03\x04\x03\x11",         9,  "ML-DSA-44"},
    {"\x60\x86\x48\x01\x65\x03\x04\x03\x12",         9,  "ML-DSA-65"},
    {"\x60\x86\x48\x01\x65\x03\x04\x03\x13",         9,  "ML-DSA-87"},
};

static const struct oid_name purpose_names[] = { /* RFC 5280 section 4.2.1.12 */
    {"\x2b\x06\x01\x05\x05\x07\x03\x01",             8,  "server authentication"},
    {"\x2b\x06\x01\x05\x05\x07\x03\x02",             8,  "client authentication"},
    {"\x2b\x06\x01\x05\x05\x07\x03\x03",             8,  "code signing"},
    {"\x2b\x06\x01\x05\x05\x07\x03\x04",             8,  "e-mail protection"},
    {"\x2b\x06\x01\x05\x05\x07\x03\x08",             8,  "time stamping"},
    {"\x2b\x06\x01\x05\x05\x07\x03\x09",             8,  "OCSP signing"},
    {"\x55\x1d\x25\x00",                             4,  "any purpose"},
};

static const struct {
    enum key_usage bit;
    const char *name;
} usage_names[] = {
    {KU_DIGITAL_SIGNATURE,  "digital signature"},
    {KU_CONTENT_COMMITMENT, "content commitment"},
    {KU_KEY_ENCIPHERMENT,   "key encipherment"},
    {KU_DATA_ENCIPHERMENT,  "data encipherment"},
    {KU_KEY_AGREEMENT,      "key agreement"},
    {KU_KEY_CERT_SIGN,      "certificate signing"},
    {KU_CRL_SIGN,           "CRL signing"},
    {KU_ENCIPHER_ONLY,      "encipher only"},
    {KU_DECIPHER_ONLY,      "decipher only"},
};
/* clang-format on */

static void name_oid(struct span oid, const struct oid_name *names, size_t count, char *out,
                     size_t size)
{
    for (size_t i = 0; i < count; i++) {
        if (span_equal(oid, span_of(names[i].oid, names[i].len))) {
            (void)snprintf(out, size, "%s", names[i].name);
            return;
        }
    }
    gv_der_oid_text(oid, out, size);
}

static void tell_hex(const struct teller *t, const char *field, struct span s)
{
    char hex[DESCRIBED_TEXT] = "";
    for (size_t i = 0; i < s.len && 2 * i + 2 < sizeof hex; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", s.at[i]);
    tell(t, field, hex);
}

static void tell_time(const struct teller *t, const char *field, int64_t seconds)
{
    char text[TIME_TEXT];
    gv_time_text(seconds, text);
    tell(t, field, text);
}

static void tell_who(const struct teller *t, const struct certificate *c)
{
    char text[DESCRIBED_TEXT];
    gv_dn_text(c->subject, text, sizeof text);
    tell(t, "subject", text);
    gv_dn_text(c->issuer, text, sizeof text);
    tell(t, "issuer", text);
    tell_hex(t, "serial", c->serial);
}

static void tell_validity(const struct teller *t, const struct certificate *c)
{
    int64_t not_before, not_after;
    if (gv_cert_validity(c, &not_before, &not_after) != GV_OK)
        return;
    tell_time(t, "not_before", not_before);
    tell_time(t, "not_after", not_after);
}

static void tell_names(const struct teller *t, const char *field, struct rd r)
{
    while (rd_more(&r)) {
        char text[DESCRIBED_TEXT];
        struct general_name n = gv_general_name_read(&r);
        if (r.bad)
            return;
        gv_general_name_text(n, text, sizeof text);
        tell(t, field, text);
    }
}

/* RFC 8017 appendix A.1.1: the modulus is the key's first number. */
static unsigned rsa_bits(struct span public_key)
{
    struct rd outer = rd_of(public_key);
    struct rd r = rd_of(gv_der_value(&outer, DER_SEQUENCE));
    struct span modulus = gv_der_value(&r, DER_INTEGER);
    while (modulus.len > 0 && modulus.at[0] == 0)
        modulus = span_from(modulus, 1);
    if (r.bad || modulus.len == 0 || modulus.len > UINT16_MAX)
        return 0;
    unsigned bits = 8 * (unsigned)modulus.len;
    for (unsigned top = modulus.at[0]; (top & 0x80) == 0; top <<= 1)
        bits--;
    return bits;
}

/* The curve of an EC key stands in its algorithm's parameters; the rest is told by the algorithm. */
static void tell_key(const struct teller *t, struct span algorithm, struct span public_key)
{
    static const uint8_t ec_public_key[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
    static const uint8_t rsa[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01};
    char text[DESCRIBED_TEXT];
    struct rd r = rd_of(algorithm);
    struct span oid = gv_der_value(&r, DER_OID);
    bool ec = span_equal(oid, SPAN_OF(ec_public_key));
    if (ec && der_next_is(&r, DER_OID))
        oid = gv_der_value(&r, DER_OID);
    name_oid(oid, key_names, COUNT_OF(key_names), text, sizeof text);
    bool is_rsa = oid.len > sizeof rsa && memcmp(oid.at, rsa, sizeof rsa) == 0;
    unsigned bits = is_rsa ? rsa_bits(public_key) : 0;
    if (bits != 0) {
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, " %u bits", bits);
    }
    tell(t, "key", text);
}

static void tell_signature(const struct teller *t, struct span algorithm)
{
    char text[DESCRIBED_TEXT];
    struct rd r = rd_of(algorithm);
    struct span oid = gv_der_value(&r, DER_OID);
    name_oid(oid, signature_names, COUNT_OF(signature_names), text, sizeof text);
    tell(t, "signature", text);
}

static void tell_authority(const struct teller *t, const struct certificate *c)
{
    struct basic_constraints b;
    char text[64];
    if (gv_cert_basic_constraints(c, &b) != GV_OK)
        return;
    (void)snprintf(text, sizeof text, "yes, with at most %d authorities below it", b.path_len);
    if (b.ca && b.path_len >= 0)
        tell(t, "authority", text);
    else
        tell(t, "authority", b.ca ? "yes" : "no");
}

static void tell_usage(const struct teller *t, const struct certificate *c)
{
    uint16_t usage;
    if (!cert_has(c, EXT_KEY_USAGE) || gv_cert_key_usage(c, &usage) != GV_OK)
        return;
    for (size_t i = 0; i < COUNT_OF(usage_names); i++) {
        if ((usage & usage_names[i].bit) != 0)
            tell(t, "usage", usage_names[i].name);
    }
}

static void tell_purposes(const struct teller *t, const struct certificate *c)
{
    struct rd outer = rd_of(c->ext[EXT_EXT_KEY_USAGE]);
    struct rd r = rd_of(der_optional(&outer, DER_SEQUENCE));
    while (rd_more(&r)) {
        char text[DESCRIBED_TEXT];
        struct span oid = gv_der_value(&r, DER_OID);
        if (r.bad)
            return;
        name_oid(oid, purpose_names, COUNT_OF(purpose_names), text, sizeof text);
        tell(t, "purpose", text);
    }
}

/* The names of each GeneralSubtree (RFC 5280 section 4.2.1.10). */
static void tell_subtrees(const struct teller *t, const char *field, struct span list)
{
    struct rd r = rd_of(list);
    while (rd_more(&r))
        tell_names(t, field, rd_of(gv_der_value(&r, DER_SEQUENCE)));
}

static void tell_name_constraints(const struct teller *t, const struct certificate *c)
{
    struct rd outer = rd_of(c->ext[EXT_NAME_CONSTRAINTS]);
    struct rd r = rd_of(der_optional(&outer, DER_SEQUENCE));
    tell_subtrees(t, "permitted", der_optional(&r, DER_CONTEXT_CONSTRUCTED(0)));
    tell_subtrees(t, "excluded", der_optional(&r, DER_CONTEXT_CONSTRUCTED(1)));
}

/* The full name of each DistributionPoint (RFC 5280 section 4.2.1.13). */
static void tell_distribution_points(const struct teller *t, const struct certificate *c)
{
    struct rd outer = rd_of(c->ext[EXT_CRL_DISTRIBUTION_POINTS]);
    struct rd r = rd_of(der_optional(&outer, DER_SEQUENCE));
    while (rd_more(&r)) {
        struct rd point = rd_of(gv_der_value(&r, DER_SEQUENCE));
        struct rd name = rd_of(der_optional(&point, DER_CONTEXT_CONSTRUCTED(0)));
        tell_names(t, "crl", rd_of(der_optional(&name, DER_CONTEXT_CONSTRUCTED(0))));
    }
}

static void tell_key_ids(const struct teller *t, const struct certificate *c)
{
    struct rd subject = rd_of(c->ext[EXT_SUBJECT_KEY_ID]);
    struct rd outer = rd_of(c->ext[EXT_AUTHORITY_KEY_ID]);
    struct rd authority = rd_of(der_optional(&outer, DER_SEQUENCE));
    if (der_next_is(&subject, DER_OCTET_STRING))
        tell_hex(t, "key_id", gv_der_value(&subject, DER_OCTET_STRING));
    if (der_next_is(&authority, DER_CONTEXT(0)))
        tell_hex(t, "issuer_key_id", gv_der_value(&authority, DER_CONTEXT(0)));
}

void gv_cert_describe(const struct certificate *c, gv_describe_fn *fn, void *context)
{
    struct teller t = {fn, context};
    tell_who(&t, c);
    tell_validity(&t, c);
    tell_names(&t, "name", gv_san_open(c));
    tell_key(&t, c->key_algorithm, c->public_key);
    tell_signature(&t, c->signature_algorithm);
    tell_authority(&t, c);
    tell_usage(&t, c);
    tell_purposes(&t, c);
    tell_name_constraints(&t, c);
    tell_distribution_points(&t, c);
    tell_key_ids(&t, c);
    if (c->unprocessed_critical)
        tell(&t, "critical", "an extension that is not processed");
}

bool gv_public_key_describe(struct span spki, gv_describe_fn *fn, void *context)
{
    struct teller t = {fn, context};
    struct rd outer = rd_of(spki);
    struct rd r = rd_of(gv_der_value(&outer, DER_SEQUENCE));
    struct span algorithm = gv_der_value(&r, DER_SEQUENCE), key = gv_der_bytes(&r);
    if (!rd_end(&outer) || !rd_end(&r))
        return false;
    tell_key(&t, algorithm, key);
    return true;
}

void gv_bytes_describe(const char *field, struct span bytes, gv_describe_fn *fn, void *context)
{
    tell_hex(&(struct teller){fn, context}, field, bytes);
}

/* ---- revocation lists --------------------------------------------------------------------- */

static void tell_entry(const struct teller *t, const struct crl_entry *e)
{
    static const char *const reasons[] = {
        /* RFC 5280 section 5.3.1, by its numbers */
        "",
        ", key compromise",
        ", CA compromise",
        ", affiliation changed",
        ", superseded",
        ", cessation of operation",
        ", on hold",
        "",
        ", removed from the list",
        ", privilege withdrawn",
        ", AA compromise",
    };
    char text[DESCRIBED_TEXT] = "", date[TIME_TEXT];
    size_t used = 0;
    gv_time_text(e->date, date);
    for (size_t i = 0; i < e->serial.len && used < sizeof text / 2; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "%02x", e->serial.at[i]);
    (void)snprintf(text + used, sizeof text - used, " at %s%s", date, reasons[e->reason]);
    tell(t, "revoked", text);
}

void gv_crl_describe(const struct crl *crl, gv_describe_fn *fn, void *context)
{
    struct teller t = {fn, context};
    char text[DESCRIBED_TEXT];
    gv_dn_text(crl->issuer, text, sizeof text);
    tell(&t, "issuer", text);
    tell_hex(&t, "number", crl->number);
    tell_time(&t, "this_update", crl->this_update);
    tell_time(&t, "next_update", crl->next_update);
    tell_signature(&t, crl->signed_data.algorithm);
    tell_names(&t, "scope", rd_of(crl->scope.full_names));
    for (size_t i = 0; i < crl->count; i++) {
        struct crl_entry e;
        struct rd r = rd_of(span_from(crl->der, crl->entries[i].at));
        if (gv_crl_entry_read(&r, &e) == GV_OK)
            tell_entry(&t, &e);
    }
}
