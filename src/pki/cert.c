/* Certificates: one pass over the DER, then each extension's content when it is asked for. */
#include "pki/cert.h"

#include "pki/time.h"

static const struct {
    const char *oid;
    uint8_t oid_len;
    bool may_be_critical;
} extensions[EXT_COUNT] = {
#define X(name, oid, critical) [EXT_##name] = {oid, sizeof(oid) - 1, critical},
    CERT_EXTENSIONS(X)
#undef X
};

/* Extension ::= SEQUENCE { extnID, critical DEFAULT FALSE, extnValue } */
struct x509_extension gv_extension_read(struct rd *r)
{
    struct rd in = rd_of(gv_der_value(r, DER_SEQUENCE));
    struct x509_extension e;
    e.oid = gv_der_value(&in, DER_OID);
    e.critical = gv_der_boolean_default_false(&in);
    e.value = gv_der_value(&in, DER_OCTET_STRING);
    if (!rd_end(&in))
        rd_fail(r);
    return e;
}

static enum cert_extension which_extension(struct span oid)
{
    for (int i = 0; i < EXT_COUNT; i++) {
        if (span_equal(oid, span_of(extensions[i].oid, extensions[i].oid_len)))
            return (enum cert_extension)i;
    }
    return EXT_COUNT;
}

/* RFC 5280 section 4.2: "A certificate MUST NOT include more than one instance of a particular
 * extension." Asked for the ones that we do not know, by reading the list again. */
static bool stands_before(struct span list, struct x509_extension wanted)
{
    struct rd r = rd_of(list);
    while (rd_more(&r)) {
        struct x509_extension e = gv_extension_read(&r);
        if (e.oid.at == wanted.oid.at)
            return false;
        if (span_equal(e.oid, wanted.oid))
            return true;
    }
    return false;
}

static enum gv_err keep_extension(struct certificate *c, struct span list, struct x509_extension e)
{
    enum cert_extension i = which_extension(e.oid);
    if (i == EXT_COUNT) {
        c->unprocessed_critical |= e.critical;
        if (stands_before(list, e))
            RAISE(CERT_DUPLICATE_EXTENSION);
        return GV_OK;
    }
    if (cert_has(c, i))
        RAISE(CERT_DUPLICATE_EXTENSION);
    c->ext[i] = e.value;
    c->critical |= (uint32_t)e.critical << i;
    c->unprocessed_critical |= e.critical && !extensions[i].may_be_critical;
    return GV_OK;
}

/* An empty list, which RFC 5280 section 4.1.2.9 forbids, is met in the field and is read. */
static enum gv_err read_extensions(struct certificate *c, struct span explicit)
{
    struct rd outer = rd_of(explicit);
    struct span list = gv_der_value(&outer, DER_SEQUENCE);
    if (!rd_end(&outer))
        RAISE(CERT_BAD_DER);
    struct rd r = rd_of(list);
    while (rd_more(&r)) {
        struct x509_extension e = gv_extension_read(&r);
        if (r.bad || ++c->extension_count > CERT_EXTENSIONS_MAX)
            RAISE(CERT_BAD_EXTENSION);
        TRY(keep_extension(c, list, e));
    }
    return GV_OK;
}

/* version [0] EXPLICIT INTEGER DEFAULT v1 */
static uint8_t read_version(struct rd *r)
{
    if (!der_next_is(r, DER_CONTEXT_CONSTRUCTED(0)))
        return CERT_V1;
    struct rd in = rd_of(gv_der_value(r, DER_CONTEXT_CONSTRUCTED(0)));
    uint8_t version = gv_der_u8(&in);
    if (!rd_end(&in))
        rd_fail(r);
    return version;
}

/* SubjectPublicKeyInfo ::= SEQUENCE { algorithm, subjectPublicKey } */
static void read_key(struct certificate *c, struct rd *r)
{
    c->spki = gv_der_element(r, DER_SEQUENCE);
    struct rd in = rd_of(gv_der_inside(c->spki));
    c->key_algorithm = gv_der_value(&in, DER_SEQUENCE);
    c->public_key = gv_der_bytes(&in);
    if (!rd_end(&in))
        rd_fail(r);
}

static bool read_unique_id(struct rd *r, uint8_t tag)
{
    return der_optional(r, tag).at != NULL;
}

static enum gv_err read_tbs(struct certificate *c)
{
    struct rd r = rd_of(gv_der_inside(c->tbs));
    c->version = read_version(&r);
    c->serial = gv_der_value(&r, DER_INTEGER);
    struct span algorithm = gv_der_value(&r, DER_SEQUENCE);
    c->issuer = gv_der_element(&r, DER_SEQUENCE);
    c->validity = gv_der_value(&r, DER_SEQUENCE);
    c->subject = gv_der_element(&r, DER_SEQUENCE);
    read_key(c, &r);
    c->unique_ids = read_unique_id(&r, DER_CONTEXT(1));
    c->unique_ids |= read_unique_id(&r, DER_CONTEXT(2));
    struct span explicit = der_optional(&r, DER_CONTEXT_CONSTRUCTED(3));
    if (!rd_end(&r) || c->serial.len == 0)
        RAISE(CERT_BAD_DER);
    if (c->version > CERT_V3 || (c->version < CERT_V3 && explicit.at != NULL))
        RAISE(CERT_BAD_VERSION);
    if (!span_equal(algorithm, c->signature_algorithm))
        RAISE(CERT_ALGORITHMS_DIFFER); /* RFC 5280 section 4.1.1.2 */
    return explicit.at == NULL ? GV_OK : read_extensions(c, explicit);
}

enum gv_err gv_cert_parse(struct span der, struct certificate *c)
{
    *c = (struct certificate){.der = der};
    struct rd outer = rd_of(der);
    struct rd r = rd_of(gv_der_value(&outer, DER_SEQUENCE));
    c->tbs = gv_der_element(&r, DER_SEQUENCE);
    c->signature_algorithm = gv_der_value(&r, DER_SEQUENCE);
    c->signature = gv_der_bytes(&r);
    if (!rd_end(&outer) || !rd_end(&r))
        RAISE(CERT_BAD_DER);
    return read_tbs(c);
}

enum gv_err gv_cert_validity(const struct certificate *c, int64_t *not_before, int64_t *not_after)
{
    struct rd r = rd_of(c->validity);
    *not_before = gv_time_read(&r);
    *not_after = gv_time_read(&r);
    if (!rd_end(&r))
        RAISE(CERT_BAD_TIME);
    return GV_OK;
}

enum gv_err gv_cert_basic_constraints(const struct certificate *c, struct basic_constraints *out)
{
    *out = (struct basic_constraints){.path_len = -1};
    if (!cert_has(c, EXT_BASIC_CONSTRAINTS))
        return GV_OK;
    struct rd outer = rd_of(c->ext[EXT_BASIC_CONSTRAINTS]);
    struct rd r = rd_of(gv_der_value(&outer, DER_SEQUENCE));
    out->ca = gv_der_boolean_default_false(&r);
    if (rd_more(&r))
        out->path_len = gv_der_u8(&r);
    if (!rd_end(&outer) || !rd_end(&r))
        RAISE(CERT_BAD_EXTENSION);
    return GV_OK;
}

enum gv_err gv_cert_key_usage(const struct certificate *c, uint16_t *out)
{
    *out = UINT16_MAX;
    if (!cert_has(c, EXT_KEY_USAGE))
        return GV_OK;
    struct rd r = rd_of(c->ext[EXT_KEY_USAGE]);
    *out = gv_der_flags(&r, gv_der_value(&r, DER_BIT_STRING));
    if (!rd_end(&r))
        RAISE(CERT_BAD_EXTENSION);
    return GV_OK;
}

static enum key_purpose which_purpose(struct span oid)
{
    static const struct {
        const char *oid;
        uint8_t len;
        enum key_purpose purpose;
    } purposes[] = {
        {"\x2b\x06\x01\x05\x05\x07\x03\x01", 8, PURPOSE_SERVER}, /* id-kp-serverAuth */
        {"\x2b\x06\x01\x05\x05\x07\x03\x02", 8, PURPOSE_CLIENT}, /* id-kp-clientAuth */
        {"\x55\x1d\x25\x00", 4, PURPOSE_ANY},                    /* anyExtendedKeyUsage */
    };
    for (size_t i = 0; i < COUNT_OF(purposes); i++) {
        if (span_equal(oid, span_of(purposes[i].oid, purposes[i].len)))
            return purposes[i].purpose;
    }
    return PURPOSE_OTHER;
}

enum gv_err gv_cert_purposes(const struct certificate *c, uint8_t *out)
{
    *out = UINT8_MAX;
    if (!cert_has(c, EXT_EXT_KEY_USAGE))
        return GV_OK;
    struct rd outer = rd_of(c->ext[EXT_EXT_KEY_USAGE]);
    struct rd r = rd_of(gv_der_value(&outer, DER_SEQUENCE));
    if (rd_end(&outer) && rd_end(&r))
        RAISE(CERT_EMPTY_EKU);
    *out = 0;
    while (rd_more(&r))
        *out |= (uint8_t)which_purpose(gv_der_value(&r, DER_OID));
    if (!rd_end(&outer) || !rd_end(&r))
        RAISE(CERT_BAD_EXTENSION);
    return GV_OK;
}
