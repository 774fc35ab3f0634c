/* The transcript. */
#include "keys/transcript.h"

#include "wire/codepoints.h"

static enum gv_err keep_waiting(struct transcript *t, struct arena *arena, struct span message)
{
    uint8_t *all = gv_arena_take(arena, t->waiting.len + message.len);
    if (all == NULL)
        RAISE(NO_MEMORY);
    span_copy(all, t->waiting);
    span_copy(all + t->waiting.len, message);
    t->waiting = span_of(all, t->waiting.len + message.len);
    return GV_OK;
}

enum {
    KEPT_MAX = 256 * 1024
}; /* bytes: two certificate chains of the largest kind, and the rest */

static enum gv_err keep(struct transcript *t, struct span message)
{
    if (t->kept.limit == 0)
        gv_buffer_init(&t->kept, KEPT_MAX);
    uint8_t *room = gv_buffer_reserve(&t->kept, message.len);
    if (room == NULL)
        RAISE(NO_MEMORY);
    span_copy(room, message);
    gv_buffer_commit(&t->kept, message.len);
    return GV_OK;
}

enum gv_err gv_transcript_add(struct transcript *t, struct arena *arena, struct span message)
{
    if (t->keeps)
        TRY(keep(t, message));
    if (t->hash.alg == NULL)
        return keep_waiting(t, arena, message);
    return t->hash.alg->add(&t->hash, message);
}

enum gv_err gv_transcript_start(struct transcript *t, const struct hash_alg *alg)
{
    if (t->hash.alg == alg)
        return GV_OK;
    if (t->hash.alg != NULL)
        RAISE(INTERNAL);
    TRY(alg->start(alg, &t->hash));
    return alg->add(&t->hash, t->waiting);
}

enum gv_err gv_transcript_retry(struct transcript *t)
{
    const struct hash_alg *alg = t->hash.alg;
    const uint8_t header[] = {MSG_MESSAGE_HASH, 0, 0, alg->len};
    uint8_t digest[HASH_MAX];

    TRY(alg->finish(&t->hash, digest));
    TRY(alg->start(alg, &t->hash));
    TRY(alg->add(&t->hash, SPAN_OF(header)));
    return alg->add(&t->hash, span_of(digest, alg->len));
}

enum gv_err gv_transcript_peek(struct transcript *t, uint8_t digest[HASH_MAX], struct span *out)
{
    TRY(t->hash.alg->peek(&t->hash, digest));
    *out = span_of(digest, t->hash.alg->len);
    return GV_OK;
}

void gv_transcript_stop_keeping(struct transcript *t)
{
    gv_buffer_drop(&t->kept);
    t->keeps = false;
}

void gv_transcript_drop(struct transcript *t)
{
    gv_hash_drop(&t->hash);
    gv_buffer_drop(&t->kept);
    *t = (struct transcript){0};
}
