/* Sessions as values: one block on the heap holds the struct and all that its spans point to, and
 * is wiped as one. What the fields mean, and whether a session may be taken up, is the handshake's
 * to say; here is only what holds for every session that was read: it is bounded, and its secret
 * is not empty. */
#include "config/session.h"

#include "base/mem.h"
#include "base/reader.h"
#include "base/writer.h"
#include "wire/codepoints.h"

enum {
    FORMAT = 3, /* another number for every other layout than that of wr_session */
    EXTENDED_MASTER_SECRET = 1,
    CLIENT_AUTHENTICATED = 2, /* flags */
    PSK_IMPORTED = 4,
    FLAGS_KNOWN = EXTENDED_MASTER_SECRET | CLIENT_AUTHENTICATED | PSK_IMPORTED,
    SESSION_ID_MAX = 32 /* RFC 5246 section 7.4.1.2 */
};

struct block {
    struct session session;
    size_t size;         /* of the whole block */
    struct span chain[]; /* the bytes of all spans follow */
};

/* A zeroed block for a chain of `count` and `bytes` bytes behind it. */
static struct block *new_block(size_t count, size_t bytes)
{
    const size_t half = SIZE_MAX / 2;
    if (count > half / 2 / sizeof(struct span) || bytes > half)
        return NULL;
    size_t size = sizeof(struct block) + count * sizeof(struct span) + bytes;
    struct block *b = gv_mem_alloc(size);
    if (b == NULL)
        return NULL;
    b->size = size;
    gv_ref_init(&b->session.refs);
    return b;
}

void gv_session_free(struct session *s)
{
    if (s == NULL || !gv_ref_release(&s->refs))
        return;
    struct block *b = (struct block *)s;
    gv_wipe(b, b->size);
    gv_mem_free(b);
}

/* ---- copying -------------------------------------------------------------------------------- */

static struct span put(uint8_t **at, struct span from)
{
    struct span copy = {*at, from.len};
    span_copy(*at, from);
    *at += from.len;
    return copy;
}

/* All fields but the count of references, which other threads may be changing in `from`. */
static void fill(struct block *b, const struct session *from, uint8_t *at)
{
    struct session *s = &b->session;
    s->version = from->version;
    s->suite = from->suite;
    s->group = from->group;
    s->secret = from->secret;
    s->extended_master_secret = from->extended_master_secret;
    s->client_authenticated = from->client_authenticated;
    s->issued_ms = from->issued_ms;
    s->lifetime = from->lifetime;
    s->age_add = from->age_add;
    s->max_early_data = from->max_early_data;
    s->ticket = put(&at, from->ticket);
    s->session_id = put(&at, from->session_id);
    s->server_name = put(&at, from->server_name);
    s->alpn = put(&at, from->alpn);
    s->psk = put(&at, from->psk);
    s->psk_imported = from->psk_imported;
    s->psk_mark = put(&at, from->psk_mark);
    for (size_t i = 0; i < from->peer_count; i++)
        b->chain[i] = put(&at, from->peer_chain[i]);
    s->peer_chain = b->chain;
    s->peer_count = from->peer_count;
}

enum gv_err gv_session_copy(const struct session *from, struct session **out)
{
    size_t bytes = from->ticket.len + from->session_id.len + from->server_name.len +
                   from->alpn.len + from->psk.len + from->psk_mark.len;
    for (size_t i = 0; i < from->peer_count; i++)
        bytes += from->peer_chain[i].len;
    struct block *b = new_block(from->peer_count, bytes);
    if (b == NULL)
        RAISE(NO_MEMORY);
    fill(b, from, (uint8_t *)&b->chain[from->peer_count]);
    *out = &b->session;
    return GV_OK;
}

/* ---- as bytes ------------------------------------------------------------------------------- */

static void wr_session(struct wr *w, const struct session *s)
{
    wr_u8(w, FORMAT);
    wr_u16(w, s->version);
    wr_u16(w, s->suite);
    wr_u16(w, s->group);
    wr_u8(w, (uint8_t)((s->extended_master_secret ? EXTENDED_MASTER_SECRET : 0) |
                       (s->client_authenticated ? CLIENT_AUTHENTICATED : 0) |
                       (s->psk_imported ? PSK_IMPORTED : 0)));
    wr_u64(w, (uint64_t)s->issued_ms);
    wr_u32(w, s->lifetime);
    wr_u32(w, s->age_add);
    wr_u32(w, s->max_early_data);
    WR_VEC(w, 1)
        wr_bytes(w, secret_span(&s->secret));
    WR_VEC(w, 2)
        wr_bytes(w, s->ticket);
    WR_VEC(w, 1)
        wr_bytes(w, s->session_id);
    WR_VEC(w, 1)
        wr_bytes(w, s->server_name);
    WR_VEC(w, 1)
        wr_bytes(w, s->alpn);
    WR_VEC(w, 2)
        wr_bytes(w, s->psk);
    WR_VEC(w, 1)
        wr_bytes(w, s->psk_mark);
    WR_VEC(w, 3) {
        for (size_t i = 0; i < s->peer_count; i++)
            WR_VEC(w, 3)
                wr_bytes(w, s->peer_chain[i]);
    }
}

enum gv_err gv_session_encode(const struct session *s, uint8_t *out, size_t cap, size_t *out_len)
{
    struct wr w = wr_of(out, cap < SESSION_ENCODED_MAX ? cap : SESSION_ENCODED_MAX);
    wr_session(&w, s);
    if (wr_done(&w)) {
        *out_len = w.len;
        return GV_OK;
    }
    gv_wipe(out, w.len);
    if (cap < SESSION_ENCODED_MAX)
        RAISE(INTERNAL);
    RAISE(SESSION_TOO_LARGE);
}

/* The mirror of wr_session. What it answers points into r's bytes, but for the secret. */
static struct span rd_session(struct rd *r, struct session *s)
{
    if (rd_u8(r) != FORMAT)
        rd_fail(r);
    s->version = rd_u16(r);
    s->suite = rd_u16(r);
    s->group = rd_u16(r);
    uint8_t flags = rd_u8(r);
    s->extended_master_secret = (flags & EXTENDED_MASTER_SECRET) != 0;
    s->client_authenticated = (flags & CLIENT_AUTHENTICATED) != 0;
    s->psk_imported = (flags & PSK_IMPORTED) != 0;
    uint64_t issued_ms = rd_u64(r);
    s->issued_ms = (int64_t)(issued_ms & INT64_MAX);
    s->lifetime = rd_u32(r);
    s->age_add = rd_u32(r);
    s->max_early_data = rd_u32(r);
    struct span secret = rd_vec(r, 1, 1, SECRET_MAX);
    s->secret.len = (uint8_t)secret.len;
    span_copy(s->secret.at, secret);
    s->ticket = rd_vec(r, 2, 0, UINT16_MAX);
    s->session_id = rd_vec(r, 1, 0, SESSION_ID_MAX);
    s->server_name = rd_vec(r, 1, 0, UINT8_MAX);
    s->alpn = rd_vec(r, 1, 0, UINT8_MAX);
    s->psk = rd_vec(r, 2, 0, UINT16_MAX);
    s->psk_mark = rd_vec(r, 1, 0, UINT8_MAX);
    struct span chain = rd_vec(r, 3, 0, SESSION_ENCODED_MAX);
    if ((s->version != TLS12 && s->version != TLS13) || (flags & ~FLAGS_KNOWN) != 0 ||
        issued_ms > INT64_MAX || s->lifetime > SESSION_LIFETIME_MAX)
        rd_fail(r);
    return chain;
}

/* Puts the certificates into out, where there is one; false where they are not well-formed. */
static bool rd_chain(struct span chain, struct span *out, size_t *count)
{
    struct rd r = rd_of(chain);
    for (*count = 0; rd_more(&r); ++*count) {
        struct span certificate = rd_vec(&r, 3, 1, SESSION_ENCODED_MAX);
        if (out != NULL)
            out[*count] = certificate;
    }
    return rd_end(&r);
}

enum gv_err gv_session_decode(struct span bytes, struct session **out)
{
    if (bytes.len > SESSION_ENCODED_MAX)
        RAISE(SESSION_UNREADABLE);
    struct session seen;
    size_t count;
    struct rd r = rd_of(bytes);
    struct span chain = rd_session(&r, &seen);
    gv_secret_wipe(&seen.secret);
    if (!rd_end(&r) || !rd_chain(chain, NULL, &count))
        RAISE(SESSION_UNREADABLE);
    struct block *b = new_block(count, bytes.len);
    if (b == NULL)
        RAISE(NO_MEMORY);
    /* Read again from a copy of its own, into which all spans then point. */
    uint8_t *own = (uint8_t *)&b->chain[count];
    span_copy(own, bytes);
    r = rd_of(span_of(own, bytes.len));
    chain = rd_session(&r, &b->session);
    (void)rd_chain(chain, b->chain, &b->session.peer_count);
    b->session.peer_chain = b->chain;
    *out = &b->session;
    return GV_OK;
}
