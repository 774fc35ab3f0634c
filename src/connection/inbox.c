/* The receive buffer. Invariant: plain_at + plain_len <= raw_at <= raw_end <= cap. */
#include "connection/internal.h"

#include "base/mem.h"

enum { READ_SIZE = 4096, GENEROUS = RECORD_MAX + READ_SIZE };

/* Moves everything to the start of `to`, which may be the same memory. */
static void move_to(struct inbox *in, uint8_t *to)
{
    size_t raw_len = in->raw_end - in->raw_at;

    if (in->plain_len != 0)
        memmove(to, in->base + in->plain_at, in->plain_len);
    if (raw_len != 0)
        memmove(to + in->plain_len, in->base + in->raw_at, raw_len);
    in->plain_at = 0;
    in->raw_at = in->plain_len;
    in->raw_end = in->plain_len + raw_len;
}

static bool grow(struct inbox *in, size_t need, bool generous)
{
    size_t cap = generous || in->cap != 0 ? GENEROUS : READ_SIZE;
    while (cap < need)
        cap *= 2;
    uint8_t *base = gv_mem_alloc_buffer(cap);
    if (base == NULL)
        return false;
    if (in->base != NULL)
        move_to(in, base);
    gv_mem_free(in->base);
    in->base = base;
    in->cap = cap;
    return true;
}

uint8_t *gv_inbox_reserve(struct inbox *in, size_t n, bool generous)
{
    size_t used = in->plain_len + (in->raw_end - in->raw_at);

    if (n > in->cap - in->raw_end) {
        if (used + n <= in->cap)
            move_to(in, in->base);
        else if (!grow(in, used + n, generous))
            return NULL;
    }
    return in->base + in->raw_end;
}

void gv_inbox_add_plain(struct inbox *in, struct span plain)
{
    size_t at = (size_t)(plain.at - in->base);

    if (in->plain_len == 0)
        in->plain_at = at;
    else
        memmove(in->base + in->plain_at + in->plain_len, plain.at, plain.len);
    in->plain_len += plain.len;
}

size_t gv_inbox_read(struct inbox *in, uint8_t *out, size_t cap)
{
    size_t n = cap < in->plain_len ? cap : in->plain_len;

    if (n != 0)
        memcpy(out, in->base + in->plain_at, n);
    in->plain_at += n;
    in->plain_len -= n;
    return n;
}

void gv_inbox_trim(struct inbox *in)
{
    if (in->plain_len == 0 && in->raw_at == in->raw_end)
        gv_inbox_drop(in);
}

void gv_inbox_drop(struct inbox *in)
{
    gv_mem_free(in->base);
    *in = (struct inbox){0};
}
