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

static void tell_serial(const struct teller *t, struct span serial)
{
    char hex[DESCRIBED_TEXT] = "";
    for (size_t i = 0; i < serial.len && 2 * i + 2 < sizeof hex; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", serial.at[i]);
    tell(t, "serial", hex);
}

static void tell_who(const struct teller *t, const struct certificate *c)
{
    char text[DESCRIBED_TEXT];
    gv_dn_text(c->subject, text, sizeof text);
    tell(t, "subject", text);
    gv_dn_text(c->issuer, text, sizeof text);
    tell(t, "issuer", text);
    tell_serial(t, c->serial);
}

static void tell_validity(const struct teller *t, const struct certificate *c)
{
    int64_t not_before, not_after;
    char text[TIME_TEXT];
    if (gv_cert_validity(c, &not_before, &not_after) != GV_OK)
        return;
    gv_time_text(not_before, text);
    tell(t, "not_before", text);
    gv_time_text(not_after, text);
    tell(t, "not_after", text);
}

static void tell_names(const struct teller *t, const struct certificate *c)
{
    struct rd r = gv_san_open(c);
    while (rd_more(&r)) {
        char text[DESCRIBED_TEXT];
        struct general_name n = gv_general_name_read(&r);
        if (r.bad)
            return;
        gv_general_name_text(n, text, sizeof text);
        tell(t, "name", text);
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
static void tell_key(const struct teller *t, const struct certificate *c)
{
    static const uint8_t ec_public_key[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
    static const uint8_t rsa[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01};
    char text[DESCRIBED_TEXT];
    struct rd r = rd_of(c->key_algorithm);
    struct span oid = gv_der_value(&r, DER_OID);
    bool ec = span_equal(oid, SPAN_OF(ec_public_key));
    if (ec && der_next_is(&r, DER_OID))
        oid = gv_der_value(&r, DER_OID);
    name_oid(oid, key_names, COUNT_OF(key_names), text, sizeof text);
    bool is_rsa = oid.len > sizeof rsa && memcmp(oid.at, rsa, sizeof rsa) == 0;
    unsigned bits = is_rsa ? rsa_bits(c->public_key) : 0;
    if (bits != 0) {
        size_t used = strlen(text);
        (void)snprintf(text + used, sizeof text - used, " %u bits", bits);
    }
    tell(t, "key", text);
}

static void tell_signature(const struct teller *t, const struct certificate *c)
{
    char text[DESCRIBED_TEXT];
    struct rd r = rd_of(c->signature_algorithm);
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

void gv_cert_describe(const struct certificate *c, gv_describe_fn *fn, void *context)
{
    struct teller t = {fn, context};
    tell_who(&t, c);
    tell_validity(&t, c);
    tell_names(&t, c);
    tell_key(&t, c);
    tell_signature(&t, c);
    tell_authority(&t, c);
    tell_usage(&t, c);
    tell_purposes(&t, c);
}
