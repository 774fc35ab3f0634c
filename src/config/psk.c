/* External pre-shared keys: what makes one acceptable, the importer of RFC 9258, and where a server
 * has them from. Which one a handshake takes is not decided here. No key leaves a function here but
 * in a struct psk or psk_question, which are wiped by their owners. */
#include "config/psk.h"

#include "base/mem.h"
#include "base/reader.h"
#include "base/writer.h"
#include "crypto/hkdf.h"
#include "wire/codepoints.h"

enum {
    DISTINCT_MIN = 5, /* different bytes in a key: 16 random ones have fewer once in 10^20 */
    IMPORT_FIXED = PSK_WIRE_MAX -
                   PSK_IDENTITY_MAX, /* bytes of ImportedIdentity but for its names */
    KDF_HKDF_SHA256 = 1,             /* RFC 9258 section 10 */
    KDF_HKDF_SHA384 = 2
};

/* ---- what a key may be -------------------------------------------------------------------------- */

/* In a time that depends on the length alone. */
static unsigned count_distinct(struct span key)
{
    unsigned n = 0;

    for (size_t i = 0; i < key.len; i++) {
        unsigned seen = 0;
        for (size_t j = 0; j < i; j++)
            seen |= ((unsigned)(key.at[i] ^ key.at[j]) - 1) >> 31;
        n += 1 - seen;
    }
    return n;
}

enum gv_err gv_psk_check(const struct psk_source *from)
{
    if (from->identity.len == 0 || from->identity.len > PSK_IDENTITY_MAX ||
        from->context.len > PSK_IDENTITY_MAX - from->identity.len ||
        (!from->imported && from->context.len != 0) ||
        (from->hash_len != 32 && from->hash_len != 48) || from->key.len > PSK_KEY_MAX)
        RAISE(PSK_INVALID);
    if (from->key.len < PSK_KEY_MIN || count_distinct(from->key) < DISTINCT_MIN)
        RAISE(PSK_WEAK);
    return GV_OK;
}

const struct hash_alg *gv_psk_hash(const struct provider *provider, uint8_t len)
{
    for (const struct cipher_suite_info *const *s = provider->suites; *s != NULL; s++)
        if ((*s)->version == TLS13 && (*s)->hash->len == len)
            return (*s)->hash;
    return NULL;
}

/* The digest that an imported key is for need be no suite's: the same KDFs are HPKE's. */
static const struct hash_alg *import_hash(const struct provider *provider, uint8_t len)
{
    const struct hash_alg *alg = gv_psk_hash(provider, len);

    if (alg != NULL || provider->hpke == NULL)
        return alg;
    for (const struct hpke_kdf *const *k = provider->hpke->kdfs; *k != NULL; k++)
        if ((*k)->hash->len == len)
            return (*k)->hash;
    return NULL;
}

/* ---- the importer (RFC 9258 section 5.1) ---------------------------------------------------------- */

bool gv_psk_read_import(struct span wire, struct psk_name *out, uint8_t *kdf_len)
{
    struct rd r = rd_of(wire);

    *out = (struct psk_name){.wire = wire, .imported = true};
    out->identity = rd_vec(&r, 2, 1, UINT16_MAX);
    out->context = rd_vec(&r, 2, 0, UINT16_MAX);
    const uint16_t protocol = rd_u16(&r), kdf = rd_u16(&r);
    *kdf_len = kdf == KDF_HKDF_SHA256 ? 32 : 48;
    return rd_end(&r) && protocol == TLS13 && (kdf == KDF_HKDF_SHA256 || kdf == KDF_HKDF_SHA384);
}

/* Bytes of a name at most. */
static size_t wire_len(const struct psk_source *from)
{
    return from->identity.len + from->context.len + IMPORT_FIXED;
}

/* struct ImportedIdentity */
static struct span write_import(uint8_t *memory, const struct psk_source *from,
                                const struct hash_alg *target)
{
    struct wr w = wr_of(memory, wire_len(from));

    WR_VEC(&w, 2)
        wr_bytes(&w, from->identity);
    WR_VEC(&w, 2)
        wr_bytes(&w, from->context);
    wr_u16(&w, TLS13);
    wr_u16(&w, target->len == 32 ? KDF_HKDF_SHA256 : KDF_HKDF_SHA384);
    return wr_span(&w);
}

/* From epskx to ipskx. */
static enum gv_err expand_import(struct psk *out, const struct hash_alg *alg,
                                 const struct secret *epskx)
{
    uint8_t digest[HASH_MAX];
    struct hash h;
    struct hmac key;

    TRY(alg->start(alg, &h));
    TRY(alg->add(&h, out->name.wire));
    TRY(alg->finish(&h, digest));
    TRY(gv_hmac_key(&key, alg, secret_span(epskx)));
    out->key.len = out->hash->len;
    enum gv_err err = gv_hkdf_expand_label(&key, "derived psk", span_of(digest, alg->len),
                                           out->key.at, out->key.len);
    gv_hmac_drop(&key);
    return err;
}

static enum gv_err import(struct psk *out, uint8_t *memory, const struct psk_source *from,
                          const struct hash_alg *alg)
{
    uint8_t kdf_len;
    struct secret epskx;
    enum gv_err err = gv_hkdf_extract(alg, span_of(NULL, 0), from->key, &epskx);

    (void)gv_psk_read_import(write_import(memory, from, out->hash), &out->name, &kdf_len);
    if (err == GV_OK)
        err = expand_import(out, alg, &epskx);
    gv_secret_wipe(&epskx);
    return err;
}

enum gv_err gv_psk_make(struct psk *out, uint8_t *memory, const struct psk_source *from,
                        const struct provider *provider, const struct hash_alg *target)
{
    const struct hash_alg *alg = import_hash(provider, from->hash_len);

    if (alg == NULL || target == NULL)
        RAISE(PSK_INVALID);
    out->hash = target;
    if (from->imported)
        return import(out, memory, from, alg);
    span_copy(memory, from->identity);
    out->name.wire = out->name.identity = span_of(memory, from->identity.len);
    out->key.len = (uint8_t)from->key.len;
    span_copy(out->key.at, from->key);
    return GV_OK;
}

enum gv_err gv_psk_mark(const struct psk *psk, uint8_t out[PSK_MARK_LEN])
{
    struct secret mark;
    enum gv_err err = gv_hkdf_extract(psk->hash, span_str("galvan session of a psk"),
                                      secret_span(&psk->key), &mark);

    if (err == GV_OK)
        memcpy(out, mark.at, PSK_MARK_LEN);
    gv_secret_wipe(&mark);
    return err;
}

/* ---- lists ----------------------------------------------------------------------------------------- */

void gv_psk_list_drop(struct psk_list *list)
{
    if (list->at != NULL)
        gv_wipe(list->at, list->count * sizeof *list->at);
    gv_mem_free(list->at);
    gv_mem_free(list->names);
    *list = (struct psk_list){0};
}

const struct psk *gv_psk_list_find(const struct psk_list *list, struct span wire)
{
    for (size_t i = 0; i < list->count; i++)
        if (span_equal(list->at[i].name.wire, wire))
            return &list->at[i];
    return NULL;
}

static void add_made(struct psk_list *list, const struct psk *made)
{
    list->at[list->count++] = *made;
    list->names_len += made->name.wire.len;
}

static enum gv_err add(struct psk_list *list, const struct provider *provider,
                       const struct psk_source *from, const struct hash_alg *target)
{
    struct psk made = {0};
    enum gv_err err = gv_psk_make(&made, list->names + list->names_len, from, provider, target);

    if (err == GV_OK && gv_psk_list_find(list, made.name.wire) != NULL)
        err = RAISED(PSK_INVALID);
    if (err == GV_OK)
        add_made(list, &made);
    gv_wipe(&made, sizeof made);
    return err;
}

/* Imports come in the order of the suites, so that the preferred one is offered first. */
static enum gv_err add_source(struct psk_list *list, const struct provider *provider,
                              const struct psk_source *from)
{
    const struct hash_alg *last = NULL;
    size_t targets = 0;

    if (!from->imported)
        return add(list, provider, from, gv_psk_hash(provider, from->hash_len));
    for (const struct cipher_suite_info *const *s = provider->suites; *s != NULL; s++) {
        if ((*s)->version != TLS13 || (*s)->hash == last || targets == PSK_TARGETS ||
            ((*s)->hash->len != 32 && (*s)->hash->len != 48))
            continue;
        last = (*s)->hash;
        targets++;
        TRY(add(list, provider, from, last));
    }
    if (targets == 0)
        RAISE(PSK_INVALID);
    return GV_OK;
}

static enum gv_err reserve(struct psk_list *list, const struct psk_source *from, size_t count)
{
    size_t bytes = 0;

    for (size_t i = 0; i < count; i++) {
        TRY(gv_psk_check(&from[i]));
        bytes += PSK_TARGETS * wire_len(&from[i]);
    }
    list->at = gv_mem_alloc(count * PSK_TARGETS * sizeof *list->at);
    list->names = gv_mem_alloc(bytes);
    if (list->at == NULL || list->names == NULL)
        RAISE(NO_MEMORY);
    return GV_OK;
}

enum gv_err gv_psk_list_set(struct psk_list *list, const struct provider *provider,
                            const struct psk_source *from, size_t count)
{
    struct psk_list made = {0};
    enum gv_err err = count == 0 ? GV_OK : reserve(&made, from, count);

    for (size_t i = 0; err == GV_OK && i < count; i++)
        err = add_source(&made, provider, &from[i]);
    if (err != GV_OK) {
        gv_psk_list_drop(&made);
        return err;
    }
    gv_psk_list_drop(list);
    *list = made;
    return GV_OK;
}

/* ---- what the application looks up ------------------------------------------------------------------ */

static enum gv_err take_answer(const struct provider *provider, const struct psk_question *q,
                               const struct hash_alg *target, struct psk *out, uint8_t *memory)
{
    const struct psk_source from = {.identity = q->name.identity,
                                    .context = q->name.context,
                                    .key = secret_span(&q->key),
                                    .hash_len = q->hash_len,
                                    .imported = q->name.imported};

    TRY(gv_psk_check(&from));
    return gv_psk_make(out, memory, &from, provider, target);
}

enum gv_err gv_psk_ask(const struct psk_finder *finder, const struct provider *provider,
                       struct psk_question *q, struct psk *out, uint8_t *memory)
{
    const struct span wire = q->name.wire;
    const struct hash_alg *target = NULL;
    uint8_t kdf_len;

    if (gv_psk_read_import(wire, &q->name, &kdf_len))
        target = gv_psk_hash(provider, kdf_len);
    if (target != NULL)
        TRY(finder->find(finder, q));
    if (q->found)
        return take_answer(provider, q, target, out, memory);
    q->name = (struct psk_name){.wire = wire, .identity = wire};
    TRY(finder->find(finder, q));
    return q->found ? take_answer(provider, q, gv_psk_hash(provider, q->hash_len), out, memory)
                    : GV_OK;
}
