/* Anchor sets: one block with the anchors and, behind them, the bytes that they point into. */
#include "pki/anchor.h"

#include "base/mem.h"
#include "base/sort.h"
#include "pki/strict.h"

enum anchor_part { SUBJECT, KEY_ALGORITHM, PUBLIC_KEY, NAME_CONSTRAINTS, PART_COUNT };

/* Where an anchor's parts stand in the builder's bytes: one after the other from `start`. */
struct record {
    size_t start, len[PART_COUNT];
    bool constrained;
    uint16_t key_usage;
    uint8_t broken_rule;
    int64_t not_before, not_after;
};

void gv_anchor_builder_init(struct anchor_builder *b, const struct provider *provider)
{
    b->provider = provider;
    gv_buffer_init(&b->bytes, ANCHOR_BYTES_MAX);
    gv_buffer_init(&b->records, ANCHOR_BYTES_MAX);
}

void gv_anchor_builder_drop(struct anchor_builder *b)
{
    gv_buffer_drop(&b->bytes);
    gv_buffer_drop(&b->records);
}

static struct record record_at(const struct anchor_builder *b, size_t i)
{
    struct record r;
    memcpy(&r, gv_buffer_span(&b->records).at + i * sizeof r, sizeof r);
    return r;
}

size_t gv_anchor_builder_count(const struct anchor_builder *b)
{
    return gv_buffer_len(&b->records) / sizeof(struct record);
}

enum gv_err gv_anchor_builder_add(struct anchor_builder *b, struct span certificate)
{
    struct certificate c;
    TRY(gv_cert_parse(certificate, &c));
    const struct span parts[PART_COUNT] = {c.subject, c.key_algorithm, c.public_key,
                                           c.ext[EXT_NAME_CONSTRAINTS]};
    struct record r = {.start = gv_buffer_len(&b->bytes),
                       .constrained = cert_has(&c, EXT_NAME_CONSTRAINTS)};
    TRY(gv_cert_key_usage(&c, &r.key_usage));
    r.broken_rule = gv_strict_broken_rule(
        &(struct strict_question){&c, ROLE_ISSUER, PURPOSE_ANY, true, b->provider});
    if (r.broken_rule == 0) /* one of the rules is that this succeeds */
        TRY(gv_cert_validity(&c, &r.not_before, &r.not_after));
    uint8_t *to = gv_buffer_reserve(&b->bytes, certificate.len);
    uint8_t *record = gv_buffer_reserve(&b->records, sizeof r);
    if (to == NULL || record == NULL)
        RAISE(NO_MEMORY);
    size_t n = 0;
    for (size_t i = 0; i < PART_COUNT; i++) {
        span_copy(to + n, parts[i]);
        n += r.len[i] = parts[i].len;
    }
    memcpy(record, &r, sizeof r);
    gv_buffer_commit(&b->bytes, n);
    gv_buffer_commit(&b->records, sizeof r);
    return GV_OK;
}

void gv_anchor_builder_cut(struct anchor_builder *b, size_t count)
{
    if (count >= gv_anchor_builder_count(b))
        return;
    gv_buffer_cut(&b->bytes, record_at(b, count).start);
    gv_buffer_cut(&b->records, count * sizeof(struct record));
}

/* Shorter ones first, so that most comparisons are of two numbers. */
static int compare_spans(struct span a, struct span b)
{
    if (a.len != b.len)
        return a.len < b.len ? -1 : 1;
    return a.len == 0 ? 0 : memcmp(a.at, b.at, a.len);
}

static int compare_anchors(const void *a, const void *b, const void *context)
{
    const struct anchor *x = a, *y = b;
    (void)context;
    int by_name = compare_spans(x->subject, y->subject);
    return by_name != 0 ? by_name : compare_spans(x->public_key, y->public_key);
}

static bool is_same(const struct anchor *a, const struct anchor *b)
{
    return compare_anchors(a, b, NULL) == 0 && span_equal(a->key_algorithm, b->key_algorithm) &&
           span_equal(a->name_constraints, b->name_constraints) && a->key_usage == b->key_usage;
}

/* Bundles that overlap are common; a search would try the same anchor again. */
static size_t drop_repetitions(struct anchor *at, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !is_same(&at[i], &at[kept - 1]))
            at[kept++] = at[i];
    }
    return kept;
}

static struct anchor anchor_of(struct record r, const uint8_t *bytes)
{
    struct span parts[PART_COUNT] = {{NULL, 0}};
    const uint8_t *at = bytes + r.start;
    for (size_t i = 0; i < PART_COUNT; at += r.len[i++])
        parts[i] = (struct span){at, r.len[i]};
    if (!r.constrained)
        parts[NAME_CONSTRAINTS] = (struct span){NULL, 0};
    return (struct anchor){.subject = parts[SUBJECT],
                           .key_algorithm = parts[KEY_ALGORITHM],
                           .public_key = parts[PUBLIC_KEY],
                           .name_constraints = parts[NAME_CONSTRAINTS],
                           .key_usage = r.key_usage,
                           .broken_rule = r.broken_rule,
                           .not_before = r.not_before,
                           .not_after = r.not_after};
}

enum gv_err gv_anchor_builder_build(const struct anchor_builder *b, struct anchor_set **out)
{
    size_t count = gv_anchor_builder_count(b), header = sizeof(struct anchor_set);
    struct span bytes = gv_buffer_span(&b->bytes);
    struct anchor_set *s = gv_mem_alloc(header + count * sizeof *s->at + bytes.len);
    if (s == NULL)
        RAISE(NO_MEMORY);
    gv_ref_init(&s->refs);
    s->at = (struct anchor *)(s + 1);
    uint8_t *to = (uint8_t *)(s->at + count);
    span_copy(to, bytes);
    for (size_t i = 0; i < count; i++)
        s->at[i] = anchor_of(record_at(b, i), to);
    gv_sort(s->at, count, sizeof *s->at, compare_anchors, NULL);
    s->count = drop_repetitions(s->at, count);
    *out = s;
    return GV_OK;
}

void gv_anchor_set_free(struct anchor_set *s)
{
    if (s != NULL && gv_ref_release(&s->refs))
        gv_mem_free(s);
}

/* The first anchor that does not stand before the subject; where `behind`, that stands behind it. */
static size_t bound(const struct anchor_set *s, struct span subject, bool behind)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_spans(s->at[middle].subject, subject);
        if (order < 0 || (behind && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void gv_anchor_set_find(const struct anchor_set *s, struct span subject, size_t *first,
                        size_t *count)
{
    *first = bound(s, subject, false);
    *count = bound(s, subject, true) - *first;
}
