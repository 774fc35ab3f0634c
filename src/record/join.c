/* Fragments to messages. Invariant: `pending` holds the start of at most one message, unless it was
 * just handed on. It grows as bytes come, never by what a header claims (CVE-2016-6307). */
#include "record/join.h"

#include "base/reader.h"
#include "wire/codepoints.h"

void gv_join_init(struct join *j, size_t message_limit)
{
    *j = (struct join){.message_limit = message_limit};
    gv_buffer_init(&j->pending, HANDSHAKE_HEADER + message_limit);
}

void gv_join_feed(struct join *j, struct span fragment)
{
    j->fresh = fragment;
}

/* Bytes of the message that starts here, 0 where its header is not all there. */
static size_t message_size(struct span start)
{
    struct rd r = rd_of(start);
    rd_u8(&r);
    size_t body = rd_u24(&r);
    return r.bad ? 0 : HANDSHAKE_HEADER + body;
}

static enum gv_err append(struct join *j, size_t n)
{
    if (n > j->fresh.len)
        n = j->fresh.len;
    if (n == 0)
        return GV_OK;
    uint8_t *room = gv_buffer_reserve(&j->pending, n);
    if (room == NULL)
        RAISE(NO_MEMORY);
    memcpy(room, j->fresh.at, n);
    gv_buffer_commit(&j->pending, n);
    j->fresh = span_from(j->fresh, n);
    return GV_OK;
}

static enum gv_err check_size(const struct join *j, size_t size)
{
    if (size > HANDSHAKE_HEADER + j->message_limit)
        RAISE(MESSAGE_TOO_LONG);
    return GV_OK;
}

enum gv_err gv_join_limit(struct join *j, size_t message_limit, struct span message)
{
    j->message_limit = message_limit;
    j->pending.limit = HANDSHAKE_HEADER + message_limit;
    return check_size(j, message.len);
}

/* Completes the message that pending holds the start of. */
static enum gv_err next_joined(struct join *j, struct span *message)
{
    size_t have = gv_buffer_len(&j->pending);

    if (have < HANDSHAKE_HEADER)
        TRY(append(j, HANDSHAKE_HEADER - have));
    size_t size = message_size(gv_buffer_span(&j->pending));
    if (size == 0)
        return GV_OK;
    TRY(check_size(j, size));
    TRY(append(j, size - gv_buffer_len(&j->pending)));
    if (gv_buffer_len(&j->pending) == size) {
        *message = gv_buffer_span(&j->pending);
        j->taken = size;
    }
    return GV_OK;
}

static enum gv_err next_in_place(struct join *j, struct span *message)
{
    size_t size = message_size(j->fresh);

    if (size != 0)
        TRY(check_size(j, size));
    if (size == 0 || size > j->fresh.len)
        return append(j, j->fresh.len);
    *message = span_of(j->fresh.at, size);
    j->fresh = span_from(j->fresh, size);
    return GV_OK;
}

enum gv_err gv_join_next(struct join *j, struct span *message, bool *last)
{
    *message = (struct span){NULL, 0};
    if (j->taken != 0) {
        gv_buffer_consume(&j->pending, j->taken);
        gv_buffer_trim(&j->pending);
        j->taken = 0;
    }
    if (gv_buffer_len(&j->pending) != 0)
        TRY(next_joined(j, message));
    else
        TRY(next_in_place(j, message));
    *last = j->fresh.len == 0;
    return GV_OK;
}

bool gv_join_is_midway(const struct join *j)
{
    return gv_buffer_len(&j->pending) != j->taken;
}

void gv_join_drop(struct join *j)
{
    gv_buffer_drop(&j->pending);
    j->fresh = (struct span){NULL, 0};
    j->taken = 0;
}
