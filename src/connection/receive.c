/* Receiving: from TLS bytes to records, to messages and plaintext. */
#include "connection/internal.h"

#include "base/reader.h"
#include "record/deframe.h"

#include <errno.h>

enum {
    READ_SIZE = 4096,               /* bytes asked of the callback at most, as rustls asks */
    PLAINTEXT_LIMIT = FRAGMENT_MAX, /* unread bytes past which no more are read */
    PLAINTEXT_ALERT = 2             /* bytes of an alert in the clear */
};

int gv_connection_read_tls(struct connection *c, gv_read_fn *read, void *userdata, size_t *out_n)
{
    size_t pending = gv_inbox_raw(&c->in).len, n = 0;

    if (c->closed) { /* what comes behind close_notify is nobody's (RFC 9846 section 6.1) */
        *out_n = 0;
        return 0;
    }
    if (c->in.plain_len > PLAINTEXT_LIMIT || pending >= RECORD_MAX)
        return EIO;
    size_t ask = RECORD_MAX - pending < READ_SIZE ? RECORD_MAX - pending : READ_SIZE;
    if (!gv_connection_enter(c))
        return EIO;
    uint8_t *room = gv_inbox_reserve(&c->in, ask, gv_hs_is_over(&c->hs));
    int error = room == NULL ? ENOMEM : read(userdata, room, ask, &n);
    if (error == 0 && n <= ask) {
        c->in.raw_end += n;
        c->end_of_input = n == 0;
    }
    gv_connection_leave(c);
    if (error != 0)
        return error;
    if (n > ask) /* the callback answers nonsense */
        return EIO;
    *out_n = n;
    return 0;
}

/* ---- alerts (RFC 9846 section 6) -------------------------------------------------------------------- */

static enum gv_err take_warning(struct connection *c, uint8_t alert)
{
    if (++c->counters.warning_alerts > gv_connection_limits(c)->warning_alerts)
        RAISE(ALERTS_TOO_MANY);
    /* user_canceled stays a warning in TLS 1.3, and means nothing by itself (section 6.1). */
    if (c->hs.agreed.version != TLS13 || alert == ALERT_USER_CANCELED)
        return GV_OK;
    c->failure.peer_alert = alert;
    RAISE(ALERT_WARNING_IN_TLS13);
}

static enum gv_err take_alert(struct connection *c, struct span plain)
{
    struct rd r = rd_of(plain);
    uint8_t level = rd_u8(&r), alert = rd_u8(&r);

    if (!rd_end(&r))
        RAISE(ALERT_UNDECODABLE);
    if (level != ALERT_LEVEL_WARNING && level != ALERT_LEVEL_FATAL)
        RAISE(ALERT_LEVEL_UNKNOWN);
    /* Nothing may come between the pieces of a handshake message (section 5.1), unless it ends all. */
    if (gv_join_is_midway(&c->join) &&
        (level == ALERT_LEVEL_WARNING || alert == ALERT_CLOSE_NOTIFY))
        RAISE(CONTENT_INSIDE_MESSAGE);
    if (alert == ALERT_CLOSE_NOTIFY && gv_hs_is_over(&c->hs)) {
        c->closed = true;
        return GV_OK;
    }
    if (level == ALERT_LEVEL_WARNING)
        return take_warning(c, alert);
    c->failure.peer_alert = alert;
    RAISE(ALERT_RECEIVED);
}

/* ---- handshake messages ------------------------------------------------------------------------------- */

static enum gv_err count_post_handshake(struct connection *c)
{
    if (gv_hs_is_over(&c->hs) &&
        ++c->counters.post_handshake > gv_connection_limits(c)->post_handshake)
        RAISE(POST_HANDSHAKE_TOO_MANY);
    return GV_OK;
}

enum gv_err gv_connection_take_messages(struct connection *c, struct span message, bool last)
{
    struct hs_now now = gv_connection_now(c);

    while (message.len != 0) {
        TRY(count_post_handshake(c));
        TRY(gv_hs_take(&c->hs, message, last, &now));
        TRY(gv_join_next(&c->join, &message, &last));
    }
    return GV_OK;
}

static enum gv_err take_handshake(struct connection *c, struct span plain)
{
    struct span message;
    bool last;

    gv_join_feed(&c->join, plain);
    TRY(gv_join_next(&c->join, &message, &last));
    return gv_connection_take_messages(c, message, last);
}

/* ---- records ------------------------------------------------------------------------------------------- */

static enum gv_err take_empty(struct connection *c, uint8_t type)
{
    if (type == CONTENT_HANDSHAKE || type == CONTENT_ALERT) {
        if (c->half[HS_READ].suite != NULL) /* section 5.4 */
            RAISE(EMPTY_FRAGMENT_PROTECTED);
        RAISE(EMPTY_FRAGMENT);
    }
    if (++c->counters.empty_records > gv_connection_limits(c)->empty_records)
        RAISE(EMPTY_RECORDS_TOO_MANY);
    return GV_OK;
}

static enum gv_err take_data(struct connection *c, struct span plain)
{
    if (plain.len == 0)
        return GV_OK;
    c->counters = (struct counters){.middlebox_ccs = c->counters.middlebox_ccs};
    gv_inbox_add_plain(&c->in, plain);
    return GV_OK;
}

/* ---- early data (section 4.2.10) ------------------------------------------------------------------ */

static enum gv_err take_early_data(struct connection *c, struct span plain)
{
    if (plain.len == 0)
        return take_empty(c, CONTENT_APPLICATION_DATA);
    if (plain.len > c->hs.agreed.early_limit - c->early_bytes)
        RAISE(EARLY_DATA_TOO_MUCH);
    uint8_t *room = gv_buffer_reserve(&c->received_early, plain.len);
    if (room == NULL)
        RAISE(NO_MEMORY);
    span_copy(room, plain);
    gv_buffer_commit(&c->received_early, plain.len);
    c->early_bytes += plain.len;
    return GV_OK;
}

enum gv_err gv_connection_read_early(struct connection *c, uint8_t *out, size_t cap, size_t *out_n)
{
    struct span have = gv_buffer_span(&c->received_early);
    size_t n = cap < have.len ? cap : have.len;

    if (c->busy)
        RAISE(CALLED_FROM_CALLBACK);
    if (have.len == 0 && cap != 0)
        RAISE(PLAINTEXT_EMPTY);
    span_copy(out, span_of(have.at, n));
    gv_buffer_consume(&c->received_early, n);
    gv_buffer_trim(&c->received_early);
    *out_n = n;
    return GV_OK;
}

/* Early data that was not accepted is passed over: records of application data before the second
 * ClientHello, or records that the handshake's key does not open, up to a bound (section 4.2.10). */
static bool may_skip(const struct connection *c, const struct record *r)
{
    return c->hs.skips_early && r->type == CONTENT_APPLICATION_DATA &&
           c->half[HS_READ].sequence == 0;
}

static enum gv_err skip(struct connection *c, const struct record *r)
{
    const uint32_t accepted = c->hs.server->max_early_data;
    const uint32_t skipped = gv_connection_limits(c)->skipped_early;
    const size_t allowed = accepted > skipped ? accepted : skipped;

    if (gv_join_is_midway(&c->join)) /* section 5.1 */
        RAISE(CONTENT_INSIDE_MESSAGE);
    c->early_bytes += r->len;
    if (c->early_bytes > allowed)
        RAISE(EARLY_DATA_TOO_MUCH);
    return GV_OK;
}

static enum gv_err take_content(struct connection *c, uint8_t type, struct span plain)
{
    if (gv_join_is_midway(&c->join) && type != CONTENT_HANDSHAKE && type != CONTENT_ALERT)
        RAISE(CONTENT_INSIDE_MESSAGE);
    if (type == CONTENT_APPLICATION_DATA && gv_hs_takes_early_data(&c->hs))
        return take_early_data(c, plain);
    if (type == CONTENT_APPLICATION_DATA && !gv_hs_is_over(&c->hs))
        RAISE(UNEXPECTED_CONTENT);
    if (plain.len == 0)
        TRY(take_empty(c, type));
    switch (type) {
    case CONTENT_ALERT:
        return take_alert(c, plain);
    case CONTENT_HANDSHAKE:
        return take_handshake(c, plain);
    case CONTENT_APPLICATION_DATA:
        return take_data(c, plain);
    default:
        RAISE(UNEXPECTED_CONTENT);
    }
}

/* In TLS 1.2 it is a message of the handshake. In TLS 1.3 it may stand between the first
 * ClientHello and Finished, means nothing, and is dropped (RFC 9846 appendix D.4). */
static enum gv_err take_change_cipher_spec(struct connection *c, struct span payload)
{
    static const uint8_t one[] = {1};
    struct hs_now now = gv_connection_now(c);

    if (gv_join_is_midway(&c->join))
        RAISE(CONTENT_INSIDE_MESSAGE);
    if (!gv_hs_drops_change_cipher_spec(&c->hs))
        return span_equal(payload, SPAN_OF(one)) ? gv_hs_take_change_cipher_spec(&c->hs, &now)
                                                 : RAISED(CHANGE_CIPHER_SPEC_INVALID);
    if (!span_equal(payload, SPAN_OF(one)))
        RAISE(CHANGE_CIPHER_SPEC_INVALID);
    if (++c->counters.middlebox_ccs > gv_connection_limits(c)->middlebox_ccs)
        RAISE(CHANGE_CIPHER_SPECS_TOO_MANY);
    return GV_OK;
}

/* A peer that could not read our ServerHello has no keys to say so with: until its first protected
 * record, an alert in the clear is believed. */
static bool is_early_alert(const struct connection *c, const struct record *r)
{
    return r->type == CONTENT_ALERT && r->len == PLAINTEXT_ALERT && !gv_hs_is_over(&c->hs) &&
           c->half[HS_READ].sequence == 0;
}

/* What a record's outer type may be once there are keys (section 5.2). */
static enum gv_err check_outer_type(const struct record *r)
{
    if (r->type == CONTENT_ALERT)
        RAISE(BAD_RECORD_MAC);
    if (r->type != CONTENT_APPLICATION_DATA)
        RAISE(UNEXPECTED_CONTENT);
    return GV_OK;
}

static enum gv_err take_record(struct connection *c, const struct record *r, uint8_t *bytes)
{
    const struct span payload = span_of(bytes + RECORD_HEADER, r->len);
    struct record_half *half = &c->half[HS_READ];
    const bool is13 = half->suite != NULL && half->suite->version == TLS13;
    struct span plain;
    uint8_t type;

    if (r->type == CONTENT_CHANGE_CIPHER_SPEC && (half->suite == NULL || is13))
        return take_change_cipher_spec(c, payload);
    if (is13) {
        if (is_early_alert(c, r))
            return take_alert(c, payload);
        TRY(check_outer_type(r));
    }
    if (half->suite == NULL && may_skip(c, r))
        return skip(c, r);
    enum gv_err err = gv_record_open(half, bytes, RECORD_HEADER + r->len, &type, &plain);
    if (err == GV_E_BAD_RECORD_MAC && may_skip(c, r))
        return skip(c, r);
    TRY(err);
    return take_content(c, type, plain);
}

static enum gv_err take_records(struct connection *c)
{
    struct record r;
    bool found;

    while (!c->closed && gv_hs_awaits(&c->hs) == 0) {
        struct span raw = gv_inbox_raw(&c->in);
        TRY(gv_deframe(raw, &r, &found));
        if (!found || !r.complete)
            return GV_OK;
        uint8_t *bytes = c->in.base + c->in.raw_at;
        c->in.raw_at += RECORD_HEADER + r.len;
        TRY(take_record(c, &r, bytes));
        if (gv_hs_may_send_data(&c->hs) && gv_connection_has_early(c))
            TRY(gv_connection_flush_early(c));
    }
    if (c->closed)
        c->in.raw_at = c->in.raw_end;
    return GV_OK;
}

/* Works on what was read, behind something that answered err; then lets a callback's wishes come
 * true. c may be gone afterwards. */
static enum gv_err finish_work(struct connection *c, enum gv_err err)
{
    if (err == GV_OK)
        err = take_records(c);
    if (err != GV_OK)
        gv_connection_fail(c, err);
    else if (gv_hs_is_over(&c->hs))
        gv_connection_trim(c);
    bool gone = c->doomed;
    gv_connection_leave(c);
    return gone ? RAISED(CALLED_FROM_CALLBACK) : err;
}

enum gv_err gv_connection_process(struct connection *c)
{
    if (c->failure.err != GV_OK)
        return c->failure.err;
    if (!gv_connection_enter(c))
        RAISE(CALLED_FROM_CALLBACK);
    return finish_work(c, GV_OK);
}

enum gv_err gv_connection_take_answer(struct connection *c, const struct hs_answer *answer)
{
    const struct hs_now now = gv_connection_now(c);

    if (c->failure.err != GV_OK)
        return c->failure.err;
    if (gv_connection_awaits(c) != answer->to)
        RAISE(NOTHING_PENDING);
    if (!gv_connection_enter(c))
        RAISE(CALLED_FROM_CALLBACK);
    enum gv_err err = gv_hs_take_answer(&c->hs, answer, &now);
    if (err == GV_OK && gv_hs_may_send_data(&c->hs) && gv_connection_has_early(c))
        err = gv_connection_flush_early(c);
    return finish_work(c, err);
}

enum gv_err gv_connection_read(struct connection *c, uint8_t *out, size_t cap, size_t *out_n)
{
    if (c->busy)
        RAISE(CALLED_FROM_CALLBACK);
    if (c->in.plain_len == 0 && !c->closed) {
        if (c->end_of_input)
            RAISE(UNEXPECTED_EOF);
        if (cap != 0)
            RAISE(PLAINTEXT_EMPTY);
    }
    *out_n = gv_inbox_read(&c->in, out, cap);
    if (gv_hs_is_over(&c->hs))
        gv_inbox_trim(&c->in);
    return GV_OK;
}
