/* Certificates and revocation lists made to order. */
#include "lib/x509.h"

#include "lib/keys.h"
#include "pki/cert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- memory ----------------------------------------------------------------------------------- */

struct kept {
    struct kept *below;
    uint8_t at[];
};
static struct kept *kept;

static uint8_t *keep(size_t n)
{
    struct kept *k = malloc(sizeof *k + n);
    assert_non_null(k);
    k->below = kept;
    kept = k;
    return k->at;
}

void x509_forget(void)
{
    while (kept != NULL) {
        struct kept *below = kept->below;
        free(kept);
        kept = below;
    }
}

static struct span kept_copy(struct span s)
{
    uint8_t *copy = keep(s.len);
    span_copy(copy, s);
    return (struct span){copy, s.len};
}

/* ---- DER -------------------------------------------------------------------------------------- */

static size_t header(uint8_t out[6], uint8_t tag, size_t len)
{
    size_t n = 0, width = 0;
    out[n++] = tag;
    while (len >> (8 * width) != 0)
        width++;
    if (len < 0x80) {
        out[n++] = (uint8_t)len;
        return n;
    }
    out[n++] = (uint8_t)(0x80 | width);
    while (width-- > 0)
        out[n++] = (uint8_t)(len >> (8 * width));
    return n;
}

void derw_bytes(struct derw *w, struct span bytes)
{
    assert_true(bytes.len <= sizeof w->at - w->len);
    span_copy(w->at + w->len, bytes);
    w->len += bytes.len;
}

void derw_value(struct derw *w, uint8_t tag, struct span content)
{
    uint8_t h[6];
    derw_bytes(w, (struct span){h, header(h, tag, content.len)});
    derw_bytes(w, content);
}

size_t derw_begin(struct derw *w, uint8_t tag)
{
    derw_bytes(w, (struct span){&tag, 1});
    return w->len;
}

void derw_end(struct derw *w, size_t begin)
{
    uint8_t h[6];
    size_t len = w->len - begin, n = header(h, 0, len) - 1; /* without the tag, which is there */
    assert_true(n <= sizeof w->at - w->len);
    memmove(w->at + begin + n, w->at + begin, len);
    memcpy(w->at + begin, h + 1, n);
    w->len += n;
}

static void put_name(struct derw *w, const char *common_name)
{
    size_t name = derw_begin(w, DER_SEQUENCE);
    if (common_name[0] != '\0') {
        size_t set = derw_begin(w, DER_SET), one = derw_begin(w, DER_SEQUENCE);
        derw_value(w, DER_OID, DER_LITERAL("\x55\x04\x03"));
        derw_value(w, DER_UTF8_STRING, span_str(common_name));
        derw_end(w, one);
        derw_end(w, set);
    }
    derw_end(w, name);
}

/* The first of January; GeneralizedTime from 2050. */
static void put_year(struct derw *w, int64_t year)
{
    char text[32];
    (void)snprintf(text, sizeof text, year < 2050 ? "%02d0101000000Z" : "%04d0101000000Z",
                   (int)(year < 2050 ? year % 100 : year));
    derw_value(w, year < 2050 ? DER_UTC_TIME : DER_GENERALIZED_TIME, span_str(text));
}

/* ecdsa-with-SHA256 */
static void put_algorithm(struct derw *w)
{
    size_t algorithm = derw_begin(w, DER_SEQUENCE);
    derw_value(w, DER_OID, DER_LITERAL("\x2a\x86\x48\xce\x3d\x04\x03\x02"));
    derw_end(w, algorithm);
}

static void put_bits(struct derw *w, struct span bytes)
{
    size_t bits = derw_begin(w, DER_BIT_STRING);
    derw_bytes(w, DER_LITERAL("\0"));
    derw_bytes(w, bytes);
    derw_end(w, bits);
}

/* Puts a signature by test/certs/SIGNER.key over what stands from `begin` on. */
static void put_signature(struct derw *w, const char *signer, struct span message)
{
    const uint16_t ecdsa_secp256r1_sha256 = 0x0403;
    uint8_t signature[SIGNATURE_MAX] = {0};
    size_t len = 1;
    if (signer != NULL) {
        struct signing_key *key = test_key(signer);
        assert_int_equal(GV_OK, key->sign(key, ecdsa_secp256r1_sha256, message, signature, &len));
        gv_signing_key_free(key);
    }
    put_bits(w, (struct span){signature, len});
}

static struct span finish(const struct derw *tbs, const char *signer)
{
    struct derw *w = calloc(1, sizeof *w);
    assert_non_null(w);
    size_t whole = derw_begin(w, DER_SEQUENCE);
    derw_bytes(w, derw_span(tbs));
    put_algorithm(w);
    put_signature(w, signer, derw_span(tbs));
    derw_end(w, whole);
    struct span der = kept_copy(derw_span(w));
    free(w);
    return der;
}

/* ---- extensions ------------------------------------------------------------------------------- */

void x509_extension(struct derw *w, struct span oid, bool critical, struct span value)
{
    size_t extension = derw_begin(w, DER_SEQUENCE);
    derw_value(w, DER_OID, oid);
    if (critical)
        derw_value(w, DER_BOOLEAN, DER_LITERAL("\xff"));
    derw_value(w, DER_OCTET_STRING, value);
    derw_end(w, extension);
}

/* The next word of a text with blanks between. */
static bool next_word(const char **text, struct span *word)
{
    *text += strspn(*text, " ");
    word->at = (const uint8_t *)*text;
    word->len = strcspn(*text, " ");
    *text += word->len;
    return word->len != 0;
}

static void put_subtrees(struct derw *w, uint8_t tag, const char *names)
{
    struct span name;
    if (names == NULL)
        return;
    size_t list = derw_begin(w, tag);
    while (next_word(&names, &name)) {
        size_t subtree = derw_begin(w, DER_SEQUENCE);
        derw_value(w, DER_CONTEXT(2), name);
        derw_end(w, subtree);
    }
    derw_end(w, list);
}

void x509_name_constraints(struct derw *w, const char *permitted, const char *excluded)
{
    struct derw *value = calloc(1, sizeof *value);
    assert_non_null(value);
    size_t all = derw_begin(value, DER_SEQUENCE);
    put_subtrees(value, DER_CONTEXT_CONSTRUCTED(0), permitted);
    put_subtrees(value, DER_CONTEXT_CONSTRUCTED(1), excluded);
    derw_end(value, all);
    x509_extension(w, DER_LITERAL("\x55\x1d\x1e"), true, derw_span(value));
    free(value);
}

static void put_basic_constraints(struct derw *w, const struct recipe *r)
{
    struct derw *value = calloc(1, sizeof *value);
    assert_non_null(value);
    uint8_t path_len = (uint8_t)r->path_len;
    size_t all = derw_begin(value, DER_SEQUENCE);
    derw_value(value, DER_BOOLEAN, DER_LITERAL("\xff"));
    if (r->path_len >= 0)
        derw_value(value, DER_INTEGER, (struct span){&path_len, 1});
    derw_end(value, all);
    x509_extension(w, DER_LITERAL("\x55\x1d\x13"), true, derw_span(value));
    free(value);
}

static void put_key_usage(struct derw *w, uint16_t usage)
{
    uint8_t value[5] = {DER_BIT_STRING, 3, 7, 0, 0};
    for (unsigned bit = 0; bit < 9; bit++)
        value[3 + bit / 8] |= (uint8_t)((usage >> bit & 1) << (7 - bit % 8));
    x509_extension(w, DER_LITERAL("\x55\x1d\x0f"), true, SPAN_OF(value));
}

static void put_names(struct derw *w, const char *names)
{
    struct derw *value = calloc(1, sizeof *value);
    assert_non_null(value);
    struct span name;
    size_t all = derw_begin(value, DER_SEQUENCE);
    while (next_word(&names, &name))
        derw_value(value, DER_CONTEXT(2), name);
    derw_end(value, all);
    x509_extension(w, DER_LITERAL("\x55\x1d\x11"), false, derw_span(value));
    free(value);
}

static void put_purposes(struct derw *w, struct span purposes)
{
    struct derw *value = calloc(1, sizeof *value);
    assert_non_null(value);
    derw_value(value, DER_SEQUENCE, purposes);
    x509_extension(w, DER_LITERAL("\x55\x1d\x25"), false, derw_span(value));
    free(value);
}

static void put_extensions(struct derw *w, const struct recipe *r)
{
    if (!r->ca && r->key_usage == 0 && r->dns == NULL && r->purposes.len + r->more.len == 0)
        return;
    size_t explicit = derw_begin(w, DER_CONTEXT_CONSTRUCTED(3));
    size_t list = derw_begin(w, DER_SEQUENCE);
    if (r->ca)
        put_basic_constraints(w, r);
    if (r->key_usage != 0)
        put_key_usage(w, r->key_usage);
    if (r->dns != NULL)
        put_names(w, r->dns);
    if (r->purposes.len != 0)
        put_purposes(w, r->purposes);
    derw_bytes(w, r->more);
    derw_end(w, list);
    derw_end(w, explicit);
}

/* ---- the whole -------------------------------------------------------------------------------- */

struct span x509_certificate(const struct recipe *r)
{
    struct derw *w = calloc(1, sizeof *w);
    assert_non_null(w);
    struct signing_key *key = test_key(r->key);
    size_t tbs = derw_begin(w, DER_SEQUENCE);
    if (!r->version1)
        derw_bytes(w, DER_LITERAL("\xa0\x03\x02\x01\x02")); /* version 3 */
    derw_value(w, DER_INTEGER, r->serial.len == 0 ? DER_LITERAL("\1") : r->serial);
    put_algorithm(w);
    put_name(w, r->issuer);
    size_t validity = derw_begin(w, DER_SEQUENCE);
    put_year(w, r->from == 0 ? 2020 : r->from);
    put_year(w, r->to == 0 ? 2050 : r->to);
    derw_end(w, validity);
    put_name(w, r->subject);
    derw_bytes(w, key->spki);
    put_extensions(w, r);
    derw_end(w, tbs);
    gv_signing_key_free(key);
    struct span der = finish(w, r->signer);
    free(w);
    return der;
}

/* SEQUENCE { INTEGER of four bytes, UTCTime, Extensions } without its header. */
static size_t entry(uint8_t *out, uint32_t serial, struct span extensions)
{
    struct derw w;
    w.len = 0;
    uint8_t number[5] = {0, (uint8_t)(serial >> 24), (uint8_t)(serial >> 16),
                         (uint8_t)(serial >> 8), (uint8_t)serial};
    size_t all = derw_begin(&w, DER_SEQUENCE);
    derw_value(&w, DER_INTEGER, SPAN_OF(number)); /* not in its shortest form where it is small */
    put_year(&w, 2021);
    if (extensions.len != 0)
        derw_value(&w, DER_SEQUENCE, extensions);
    derw_end(&w, all);
    if (out != NULL)
        memcpy(out, w.at, w.len);
    return w.len;
}

static void put_crl_extensions(struct derw *w, const struct crl_recipe *r)
{
    uint8_t number[] = {DER_INTEGER, 2, (uint8_t)(r->number >> 8 & 0x7f), (uint8_t)r->number};
    uint8_t small[] = {DER_INTEGER, 1, (uint8_t)(r->number & 0x7f)};
    size_t explicit = derw_begin(w, DER_CONTEXT_CONSTRUCTED(0));
    size_t list = derw_begin(w, DER_SEQUENCE);
    if (r->number != 0)
        x509_extension(w, DER_LITERAL("\x55\x1d\x14"), false,
                       r->number < 0x80 ? SPAN_OF(small) : SPAN_OF(number));
    derw_bytes(w, r->more);
    derw_end(w, list);
    derw_end(w, explicit);
}

/* A list may be longer than a derw: its parts are put together by hand. */
struct span x509_crl(const struct crl_recipe *r)
{
    struct derw *head = calloc(1, sizeof *head), *tail = calloc(1, sizeof *tail);
    struct derw *end = calloc(1, sizeof *end);
    assert_true(head != NULL && tail != NULL && end != NULL);
    derw_bytes(head, DER_LITERAL("\x02\x01\x01")); /* version 2 */
    put_algorithm(head);
    put_name(head, r->issuer);
    put_year(head, 2020);
    put_year(head, r->next_update == 0 ? 2050 : r->next_update);
    put_crl_extensions(tail, r);
    size_t one = entry(NULL, 0, r->of_entry), all = one * r->entries, at = 0;
    uint8_t h[6], *tbs = keep(all + head->len + tail->len + 64);
    size_t list_header = r->entries == 0 ? 0 : header(h, DER_SEQUENCE, all);
    at += header(tbs, DER_SEQUENCE, head->len + list_header + all + tail->len);
    memcpy(tbs + at, head->at, head->len);
    at += head->len;
    memcpy(tbs + at, h, list_header);
    at += list_header;
    for (size_t i = 0; i < r->entries; i++)
        at += entry(tbs + at, r->first + (uint32_t)i * r->step, r->of_entry);
    memcpy(tbs + at, tail->at, tail->len);
    at += tail->len;
    put_algorithm(end);
    put_signature(end, r->signer, (struct span){tbs, at});
    uint8_t *whole = keep(at + end->len + 8);
    size_t len = header(whole, DER_SEQUENCE, at + end->len);
    memcpy(whole + len, tbs, at);
    memcpy(whole + len + at, end->at, end->len);
    len += at + end->len;
    free(head);
    free(tail);
    free(end);
    return (struct span){whole, len};
}
