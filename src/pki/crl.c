/* Revocation lists: their form, and the index over their serial numbers. */
#include "pki/crl.h"

#include "base/mem.h"
#include "base/sort.h"
#include "pki/cert.h"
#include "pki/general_name.h"
#include "pki/time.h"

/* ---- serial numbers -------------------------------------------------------------------------- */

/* Leading zeros do not make another number, however a certificate or a list was encoded. */
static struct span without_zeros(struct span n)
{
    while (n.len > 1 && n.at[0] == 0)
        n = span_from(n, 1);
    return n;
}

static int compare_numbers(struct span a, struct span b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return memcmp(a.at, b.at, a.len);
}

/* Orders numbers as compare_numbers does, as far as it goes. */
static uint64_t key_of(struct span n)
{
    uint64_t key = n.len < UINT8_MAX ? n.len : UINT8_MAX;
    for (size_t i = 0; i < 7; i++)
        key = key << 8 | (i < n.len ? n.at[i] : 0);
    return key;
}

/* The serial number of an entry that was read before. */
static struct span serial_at(struct span der, uint32_t at)
{
    struct rd r = rd_of(gv_der_inside(span_from(der, at)));
    return without_zeros(gv_der_value(&r, DER_INTEGER));
}

/* How the entry at a place stands to a number with this key. */
static int compare_place(struct span der, const struct crl_place *place, uint64_t key,
                         struct span number)
{
    if (place->key != key)
        return place->key < key ? -1 : 1;
    return compare_numbers(serial_at(der, place->at), number);
}

static int compare_entries(const void *a, const void *b, const void *context)
{
    const struct span der = *(const struct span *)context;
    const struct crl_place *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return compare_place(der, x, y->key, serial_at(der, y->at));
}

bool gv_crl_has(const struct crl *crl, struct span serial)
{
    struct span wanted = without_zeros(serial);
    uint64_t key = key_of(wanted);
    size_t low = 0, high = crl->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_place(crl->der, &crl->entries[middle], key, wanted);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* ---- entries --------------------------------------------------------------------------------- */

/* RFC 5280 section 5.3.1: 7 is not used, above 10 nothing is. */
static enum gv_err read_reason(struct span value, uint8_t *reason)
{
    struct rd r = rd_of(value);
    struct span s = gv_der_value(&r, DER_ENUMERATED);
    if (!rd_end(&r) || s.len != 1)
        RAISE(CRL_BAD_DER);
    *reason = s.at[0];
    if (*reason == 7 || *reason > 10)
        RAISE(CRL_BAD_REASON);
    return GV_OK;
}

static enum gv_err read_entry_extension(struct x509_extension x, struct crl_entry *e)
{
    static const uint8_t reason_code[] = {0x55, 0x1d, 0x15};
    static const uint8_t certificate_issuer[] = {0x55, 0x1d, 0x1d};
    if (span_equal(x.oid, SPAN_OF(reason_code)))
        return read_reason(x.value, &e->reason);
    if (span_equal(x.oid, SPAN_OF(certificate_issuer)))
        RAISE(CRL_INDIRECT); /* RFC 5280 section 5.3.3 */
    if (x.critical)
        RAISE(CRL_CRITICAL_EXTENSION);
    return GV_OK;
}

enum gv_err gv_crl_entry_read(struct rd *r, struct crl_entry *e)
{
    *e = (struct crl_entry){.reason = 0};
    struct rd in = rd_of(gv_der_value(r, DER_SEQUENCE));
    e->serial = gv_der_value(&in, DER_INTEGER);
    e->date = gv_time_read(&in);
    struct rd list = rd_of(der_optional(&in, DER_SEQUENCE));
    if (r->bad || !rd_end(&in))
        RAISE(CRL_BAD_DER);
    if (e->serial.len == 0)
        RAISE(CRL_BAD_SERIAL);
    while (rd_more(&list)) {
        struct x509_extension x = gv_extension_read(&list);
        if (list.bad)
            RAISE(CRL_BAD_DER);
        TRY(read_entry_extension(x, e));
    }
    return GV_OK;
}

/* ---- extensions of the list ------------------------------------------------------------------ */

/* BOOLEAN under a context tag; an encoded FALSE is met in the field. */
static bool flag_of(struct rd *r, uint8_t tag)
{
    struct span s = der_optional(r, tag);
    if (s.at == NULL)
        return false;
    if (s.len != 1 || (s.at[0] != 0 && s.at[0] != 0xff))
        rd_fail(r);
    return !r->bad && s.at[0] != 0;
}

/* IssuingDistributionPoint (RFC 5280 section 5.2.5). Only a full name is a distribution point that
 * can be compared with a certificate's. */
static enum gv_err read_scope(struct span extension, struct crl_scope *scope)
{
    struct rd outer = rd_of(extension);
    struct rd r = rd_of(gv_der_value(&outer, DER_SEQUENCE));
    struct span point = der_optional(&r, DER_CONTEXT_CONSTRUCTED(0));
    scope->only_leaves = flag_of(&r, DER_CONTEXT(1));
    scope->only_authorities = flag_of(&r, DER_CONTEXT(2));
    bool some_reasons = der_optional(&r, DER_CONTEXT(3)).at != NULL;
    bool indirect = flag_of(&r, DER_CONTEXT(4));
    bool only_attributes = flag_of(&r, DER_CONTEXT(5));
    struct rd names = rd_of(point);
    scope->full_names = der_optional(&names, DER_CONTEXT_CONSTRUCTED(0));
    if (!rd_end(&outer) || !rd_end(&r))
        RAISE(CRL_BAD_DER);
    if (indirect)
        RAISE(CRL_INDIRECT);
    if (some_reasons)
        RAISE(CRL_SOME_REASONS);
    if (only_attributes || scope->full_names.at == NULL || !rd_end(&names))
        RAISE(CRL_BAD);
    return GV_OK;
}

/* CRLNumber (RFC 5280 section 5.2.3), which "MUST" not be critical. */
static enum gv_err read_number(struct x509_extension x, struct crl *crl)
{
    struct rd r = rd_of(x.value);
    struct span n = gv_der_value(&r, DER_INTEGER);
    if (crl->number.at != NULL)
        RAISE(CRL_BAD);
    bool positive = gv_der_integer_ok(n) && n.at[0] < 0x80;
    if (!rd_end(&r) || !positive || x.critical)
        RAISE(CRL_BAD_NUMBER);
    crl->number = without_zeros(n);
    if (crl->number.len > CRL_NUMBER_MAX)
        RAISE(CRL_BAD_NUMBER);
    return GV_OK;
}

static enum gv_err read_list_extension(struct x509_extension x, struct crl *crl)
{
    static const uint8_t id_ce[] = {0x55, 0x1d};
    enum { CRL_NUMBER = 20, DELTA_CRL_INDICATOR = 27, ISSUING_POINT = 28, AUTHORITY_KEY_ID = 35 };
    bool ours = x.oid.len == 3 && memcmp(x.oid.at, id_ce, sizeof id_ce) == 0;
    switch (ours ? x.oid.at[2] : 0) {
    case CRL_NUMBER:
        return read_number(x, crl);
    case DELTA_CRL_INDICATOR:
        RAISE(CRL_DELTA);
    case ISSUING_POINT:
        if (crl->scope_extension.at != NULL)
            RAISE(CRL_BAD);
        crl->scope_extension = x.value;
        return read_scope(x.value, &crl->scope);
    case AUTHORITY_KEY_ID:
        return GV_OK;
    default:
        if (x.critical)
            RAISE(CRL_CRITICAL_EXTENSION);
        return GV_OK;
    }
}

/* Extensions are required: a list without a number is not of RFC 5280's profile. */
static enum gv_err read_list_extensions(struct span explicit, struct crl *crl)
{
    struct rd outer = rd_of(explicit);
    struct rd r = rd_of(gv_der_value(&outer, DER_SEQUENCE));
    while (rd_more(&r)) {
        struct x509_extension x = gv_extension_read(&r);
        if (r.bad)
            RAISE(CRL_BAD_DER);
        TRY(read_list_extension(x, crl));
    }
    if (!rd_end(&outer) || !rd_end(&r))
        RAISE(CRL_BAD_DER);
    if (crl->number.at == NULL)
        RAISE(CRL_BAD);
    return GV_OK;
}

/* ---- the list -------------------------------------------------------------------------------- */

/* TBSCertList; *revoked becomes the content of revokedCertificates. */
static enum gv_err read_tbs(struct crl *crl, struct span *revoked)
{
    struct rd r = rd_of(gv_der_inside(crl->signed_data.message));
    uint8_t version = gv_der_u8(&r);
    struct span algorithm = gv_der_value(&r, DER_SEQUENCE);
    crl->issuer = gv_der_element(&r, DER_SEQUENCE);
    crl->this_update = gv_time_read(&r);
    crl->next_update = gv_time_read(&r);
    *revoked = der_optional(&r, DER_SEQUENCE);
    struct span explicit = der_optional(&r, DER_CONTEXT_CONSTRUCTED(0));
    if (!rd_end(&r))
        RAISE(CRL_BAD_DER);
    if (version != 1)
        RAISE(CRL_BAD_VERSION); /* RFC 5280 section 5.1.2.1: 1 is version 2 */
    if (!span_equal(algorithm, crl->signed_data.algorithm))
        RAISE(CRL_BAD);
    return read_list_extensions(explicit, crl);
}

/* Reads all entries: once to count them, and once to note where each stands. */
static enum gv_err read_entries(struct crl *crl, struct span revoked, struct crl_place *entries)
{
    struct rd r = rd_of(revoked);
    for (crl->count = 0; rd_more(&r); crl->count++) {
        struct crl_entry e;
        const uint8_t *at = r.at;
        TRY(gv_crl_entry_read(&r, &e));
        if (entries != NULL)
            entries[crl->count] =
                (struct crl_place){key_of(without_zeros(e.serial)), (uint32_t)(at - crl->der.at)};
    }
    return GV_OK;
}

static enum gv_err read_crl(struct crl *crl, struct span *revoked)
{
    struct rd outer = rd_of(crl->der);
    struct rd r = rd_of(gv_der_value(&outer, DER_SEQUENCE));
    crl->signed_data.message = gv_der_element(&r, DER_SEQUENCE);
    crl->signed_data.algorithm = gv_der_value(&r, DER_SEQUENCE);
    crl->signed_data.signature = gv_der_bytes(&r);
    if (!rd_end(&outer) || !rd_end(&r))
        RAISE(CRL_BAD_DER);
    TRY(read_tbs(crl, revoked));
    return read_entries(crl, *revoked, NULL);
}

static enum gv_err index_entries(struct crl *crl, struct span revoked)
{
    if (crl->count == 0)
        return GV_OK;
    crl->entries = gv_mem_alloc(crl->count * sizeof *crl->entries);
    if (crl->entries == NULL)
        RAISE(NO_MEMORY);
    TRY(read_entries(crl, revoked, crl->entries));
    gv_sort(crl->entries, crl->count, sizeof *crl->entries, compare_entries, &crl->der);
    return GV_OK;
}

static enum gv_err read_and_index(struct crl *crl)
{
    struct span revoked = {NULL, 0};
    TRY(read_crl(crl, &revoked));
    return index_entries(crl, revoked);
}

enum gv_err gv_crl_new(struct span der, struct crl **out)
{
    if (der.len == 0 || der.len > CRL_LEN_MAX)
        RAISE(CRL_BAD_DER);
    struct crl *crl = gv_mem_alloc(sizeof *crl + der.len);
    if (crl == NULL)
        RAISE(NO_MEMORY);
    span_copy((uint8_t *)(crl + 1), der);
    crl->der = (struct span){(uint8_t *)(crl + 1), der.len};
    enum gv_err err = read_and_index(crl);
    if (err == GV_OK)
        *out = crl;
    else
        gv_crl_free(crl);
    return err;
}

void gv_crl_free(struct crl *crl)
{
    if (crl == NULL)
        return;
    gv_mem_free(crl->entries);
    gv_mem_free(crl);
}

/* ---- whom a list speaks of -------------------------------------------------------------------- */

static bool has_uri(struct span names, struct span uri)
{
    struct rd r = rd_of(names);
    while (rd_more(&r)) {
        struct general_name n = gv_general_name_read(&r);
        if (!r.bad && n.kind == GN_URI && span_equal(n.value, uri))
            return true;
    }
    return false;
}

static bool share_uri(struct span a, struct span b)
{
    struct rd r = rd_of(a);
    while (rd_more(&r)) {
        struct general_name n = gv_general_name_read(&r);
        if (!r.bad && n.kind == GN_URI && has_uri(b, n.value))
            return true;
    }
    return false;
}

/* DistributionPoint (RFC 5280 section 4.2.1.13): its full name, where it is for all reasons and of
 * the certificate's own issuer; else an empty span. */
static struct span read_point(struct rd *r)
{
    struct rd in = rd_of(gv_der_value(r, DER_SEQUENCE));
    struct rd point = rd_of(der_optional(&in, DER_CONTEXT_CONSTRUCTED(0)));
    bool partial = rd_more(&in); /* reasons or cRLIssuer follow */
    struct span names = der_optional(&point, DER_CONTEXT_CONSTRUCTED(0));
    return partial || !rd_end(&point) ? (struct span){NULL, 0} : names;
}

static bool has_point(const struct crl *crl, const struct certificate *c)
{
    struct rd outer = rd_of(c->ext[EXT_CRL_DISTRIBUTION_POINTS]);
    struct rd r = rd_of(gv_der_value(&outer, DER_SEQUENCE));
    while (rd_more(&r)) {
        if (share_uri(read_point(&r), crl->scope.full_names))
            return true;
    }
    return false;
}

bool gv_crl_covers(const struct crl *crl, const struct certificate *c, bool leaf)
{
    if (!span_equal(crl->issuer, c->issuer))
        return false;
    if (crl->scope_extension.at == NULL)
        return true;
    if (leaf ? crl->scope.only_authorities : crl->scope.only_leaves)
        return false;
    return !cert_has(c, EXT_CRL_DISTRIBUTION_POINTS) || has_point(crl, c);
}

/* ---- sets ------------------------------------------------------------------------------------ */

enum { CRLS_MAX = 1 << 16 };

void gv_crl_builder_init(struct crl_builder *b)
{
    gv_buffer_init(&b->crls, CRLS_MAX * sizeof(struct crl *));
}

size_t gv_crl_builder_count(const struct crl_builder *b)
{
    return gv_buffer_len(&b->crls) / sizeof(struct crl *);
}

void gv_crl_builder_cut(struct crl_builder *b, size_t count)
{
    size_t all = gv_crl_builder_count(b);
    for (size_t i = count; i < all; i++) {
        struct crl *crl;
        memcpy(&crl, gv_buffer_span(&b->crls).at + i * sizeof crl, sizeof crl);
        gv_crl_free(crl);
    }
    if (count < all)
        gv_buffer_cut(&b->crls, count * sizeof(struct crl *));
}

void gv_crl_builder_drop(struct crl_builder *b)
{
    gv_crl_builder_cut(b, 0);
    gv_buffer_drop(&b->crls);
}

enum gv_err gv_crl_builder_add(struct crl_builder *b, struct span der)
{
    struct crl *crl;
    uint8_t *to = gv_buffer_reserve(&b->crls, sizeof crl);
    if (to == NULL)
        RAISE(NO_MEMORY);
    TRY(gv_crl_new(der, &crl));
    memcpy(to, &crl, sizeof crl);
    gv_buffer_commit(&b->crls, sizeof crl);
    return GV_OK;
}

enum gv_err gv_crl_builder_build(struct crl_builder *b, struct crl_set **out)
{
    struct span crls = gv_buffer_span(&b->crls);
    struct crl_set *s = gv_mem_alloc(sizeof *s + crls.len);
    if (s == NULL)
        RAISE(NO_MEMORY);
    gv_ref_init(&s->refs);
    s->count = gv_crl_builder_count(b);
    s->at = (struct crl **)(s + 1);
    span_copy((uint8_t *)s->at, crls);
    gv_buffer_drop(&b->crls);
    *out = s;
    return GV_OK;
}

void gv_crl_set_free(struct crl_set *s)
{
    if (s == NULL || !gv_ref_release(&s->refs))
        return;
    for (size_t i = 0; i < s->count; i++)
        gv_crl_free(s->at[i]);
    gv_mem_free(s);
}
