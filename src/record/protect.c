/* RFC 9846 sections 5.2 to 5.5; RFC 5246 section 6.2.3.3 with RFC 5288 and RFC 7905. */
#include "record/protect.h"

#include "base/reader.h"
#include "base/writer.h"
#include "wire/codepoints.h"

/* Section 5.5 bounds what is encrypted. What a peer encrypted is not refused for it: TLS 1.2 has no
 * KeyUpdate, and not every peer that has sends one. */
static uint64_t sealing_limit(const struct aead_alg *aead, uint64_t limit)
{
    return limit == 0 || limit > aead->record_limit ? aead->record_limit : limit;
}

enum gv_err gv_record_key(struct record_half *half, const struct cipher_suite_info *suite,
                          const uint8_t *key, const uint8_t iv[AEAD_NONCE], bool seal,
                          uint64_t limit)
{
    if (half->aead.alg != suite->aead)
        gv_aead_drop(&half->aead);
    enum gv_err err = suite->aead->key(suite->aead, &half->aead, key, seal);
    if (err != GV_OK) { /* the key before is gone too: nothing may be sealed or opened any more */
        half->limit = 0;
        return err;
    }
    half->suite = suite;
    half->sequence = 0;
    half->limit = seal ? sealing_limit(suite->aead, limit) : UINT64_MAX;
    memcpy(half->iv, iv, sizeof half->iv);
    return GV_OK;
}

void gv_record_half_drop(struct record_half *half)
{
    gv_aead_drop(&half->aead);
    gv_wipe(half, sizeof *half);
}

bool gv_record_wants_rekey(const struct record_half *half)
{
    return half->suite != NULL && half->sequence + 1 >= half->limit - half->limit / 8;
}

uint64_t gv_record_left(const struct record_half *half)
{
    return half->sequence < half->limit ? half->limit - half->sequence : 0;
}

/* Section 5.3: the sequence number XORed into the right of the IV. */
static void nonce_xor(const struct record_half *half, uint8_t nonce[AEAD_NONCE])
{
    memcpy(nonce, half->iv, AEAD_NONCE);
    for (unsigned i = 0; i < 8; i++)
        nonce[AEAD_NONCE - 1 - i] ^= (uint8_t)(half->sequence >> 8 * i);
}

/* RFC 5288 section 3: the fixed part, then the explicit part that the record carries. */
static void nonce_explicit(const struct record_half *half, const uint8_t *explicit_part,
                           uint8_t nonce[AEAD_NONCE])
{
    memcpy(nonce, half->iv, half->suite->fixed_iv_len);
    memcpy(nonce + half->suite->fixed_iv_len, explicit_part, half->suite->explicit_nonce_len);
}

static bool is_tls13(const struct record_half *half)
{
    return half->suite->version == TLS13;
}

static size_t overhead(const struct record_half *half)
{
    if (half->suite == NULL)
        return 0;
    return AEAD_TAG + (is_tls13(half) ? 1 : half->suite->explicit_nonce_len);
}

size_t gv_record_sealed_len(const struct record_half *half, size_t n)
{
    return RECORD_HEADER + n + overhead(half);
}

static void write_header(uint8_t *out, uint8_t type, uint16_t version, size_t len)
{
    struct wr w = wr_of(out, RECORD_HEADER);
    wr_u8(&w, type);
    wr_u16(&w, version);
    wr_u16(&w, (uint16_t)len);
}

/* RFC 5246 section 6.2.3.3: seq_num + type + version + length, 13 bytes. */
enum { AAD12 = 13 };

static struct span aad12(const struct record_half *half, uint8_t type, size_t len,
                         uint8_t out[AAD12])
{
    struct wr w = wr_of(out, AAD12);
    wr_u64(&w, half->sequence);
    wr_u8(&w, type);
    wr_u16(&w, TLS12);
    wr_u16(&w, (uint16_t)len);
    return wr_span(&w);
}

/* ---- sealing -------------------------------------------------------------------------------- */

static enum gv_err seal13(struct record_half *half, uint8_t type, struct span fragment,
                          uint8_t *out)
{
    uint8_t nonce[AEAD_NONCE];

    write_header(out, CONTENT_APPLICATION_DATA, TLS12, fragment.len + overhead(half));
    nonce_xor(half, nonce);
    return half->aead.alg->seal(&half->aead, nonce, span_of(out, RECORD_HEADER), fragment,
                                span_of(&type, 1), out + RECORD_HEADER);
}

static enum gv_err seal12(struct record_half *half, uint8_t type, struct span fragment,
                          uint8_t *out)
{
    uint8_t nonce[AEAD_NONCE], aad[AAD12];
    size_t explicit_len = half->suite->explicit_nonce_len;
    struct wr w = wr_of(out + RECORD_HEADER, explicit_len);

    write_header(out, type, TLS12, fragment.len + overhead(half));
    if (explicit_len != 0) {
        wr_u64(&w, half->sequence);
        nonce_explicit(half, out + RECORD_HEADER, nonce);
    } else {
        nonce_xor(half, nonce);
    }
    return half->aead.alg->seal(&half->aead, nonce, aad12(half, type, fragment.len, aad), fragment,
                                span_of(NULL, 0), out + RECORD_HEADER + explicit_len);
}

enum gv_err gv_record_seal(struct record_half *half, uint8_t type, uint16_t legacy_version,
                           struct span fragment, uint8_t *out)
{
    if (half->suite == NULL) {
        write_header(out, type, legacy_version, fragment.len);
        span_copy(out + RECORD_HEADER, fragment);
        return GV_OK;
    }
    if (half->sequence >= half->limit)
        RAISE(SEQUENCE_EXHAUSTED);
    TRY(is_tls13(half) ? seal13(half, type, fragment, out) : seal12(half, type, fragment, out));
    half->sequence++;
    return GV_OK;
}

/* ---- opening -------------------------------------------------------------------------------- */

/* Section 5.4: the last byte that is not zero is the type; zeros behind it are padding. */
static enum gv_err strip_padding(uint8_t *type, struct span *plain)
{
    size_t n = plain->len;

    while (n != 0 && plain->at[n - 1] == 0)
        n--;
    if (n == 0)
        RAISE(INNER_TYPE_MISSING);
    *type = plain->at[n - 1];
    plain->len = n - 1;
    return GV_OK;
}

static enum gv_err open13(struct record_half *half, uint8_t *record, size_t len, uint8_t *type,
                          struct span *plain)
{
    uint8_t nonce[AEAD_NONCE];

    if (len > RECORD_HEADER + FRAGMENT_MAX + EXPANSION13)
        RAISE(RECORD_TOO_LONG);
    if (len < RECORD_HEADER + AEAD_TAG)
        RAISE(BAD_RECORD_MAC);
    nonce_xor(half, nonce);
    TRY(half->aead.alg->open(&half->aead, nonce, span_of(record, RECORD_HEADER),
                             record + RECORD_HEADER, len - RECORD_HEADER));
    *plain = span_of(record + RECORD_HEADER, len - RECORD_HEADER - AEAD_TAG);
    if (plain->len > FRAGMENT_MAX + 1) /* section 5.4: the whole TLSInnerPlaintext */
        RAISE(FRAGMENT_TOO_LONG);
    return strip_padding(type, plain);
}

static enum gv_err open12(struct record_half *half, uint8_t *record, size_t len, uint8_t *type,
                          struct span *plain)
{
    uint8_t nonce[AEAD_NONCE], aad[AAD12];
    const size_t explicit_len = half->suite->explicit_nonce_len;
    uint8_t *sealed = record + RECORD_HEADER + explicit_len;

    if (len < RECORD_HEADER + overhead(half))
        RAISE(BAD_RECORD_MAC);
    size_t text_len = len - RECORD_HEADER - overhead(half);
    if (text_len > FRAGMENT_MAX)
        RAISE(FRAGMENT_TOO_LONG);
    *type = record[0];
    if (explicit_len != 0)
        nonce_explicit(half, record + RECORD_HEADER, nonce);
    else
        nonce_xor(half, nonce);
    TRY(half->aead.alg->open(&half->aead, nonce, aad12(half, *type, text_len, aad), sealed,
                             text_len + AEAD_TAG));
    *plain = span_of(sealed, text_len);
    return GV_OK;
}

enum gv_err gv_record_open(struct record_half *half, uint8_t *record, size_t len, uint8_t *type,
                           struct span *plain)
{
    if (half->suite == NULL) {
        *type = record[0];
        *plain = span_of(record + RECORD_HEADER, len - RECORD_HEADER);
        if (plain->len > FRAGMENT_MAX)
            RAISE(RECORD_TOO_LONG);
        return GV_OK;
    }
    if (half->sequence >= half->limit)
        RAISE(SEQUENCE_EXHAUSTED);
    TRY(is_tls13(half) ? open13(half, record, len, type, plain)
                       : open12(half, record, len, type, plain));
    half->sequence++;
    return GV_OK;
}
