/* Sending: plaintext and messages are sealed straight into the send buffer, records leave it. */
#include "connection/internal.h"

#include "record/deframe.h"

#include <errno.h>

/* ---- into the buffer ---------------------------------------------------------------------------- */

/* RFC 9846 section 5.1: an initial ClientHello, and nothing else, may say TLS 1.0, for the sake of
 * old servers. */
static uint16_t legacy_version(const struct connection *c, uint8_t type)
{
    return c->hs.client != NULL && c->hs.agreed.version == 0 && type == CONTENT_HANDSHAKE ? TLS10
                                                                                          : TLS12;
}

static enum gv_err seal_one(struct connection *c, struct record_half *half, uint8_t type,
                            struct span fragment)
{
    size_t n = gv_record_sealed_len(half, fragment.len);
    uint8_t *room = gv_buffer_reserve(&c->out, n);

    if (room == NULL)
        RAISE(NO_MEMORY);
    TRY(gv_record_seal(half, type, legacy_version(c, type), fragment, room));
    gv_buffer_commit(&c->out, n);
    return GV_OK;
}

/* Bytes on the wire of n bytes, cut into fragments. */
static size_t sealed_total(const struct record_half *half, size_t n)
{
    size_t fragments = (n + FRAGMENT_MAX - 1) / FRAGMENT_MAX;
    return n + fragments * gv_record_sealed_len(half, 0);
}

enum gv_err gv_connection_emit(struct connection *c, enum content_type type, struct span data)
{
    /* ChangeCipherSpec means nothing in TLS 1.3 and is never protected (appendix D.4). */
    static const struct record_half clear = {0};
    struct record_half passing = clear;
    struct record_half *half = type == CONTENT_CHANGE_CIPHER_SPEC ? &passing : &c->half[HS_WRITE];

    if (gv_buffer_reserve(&c->out, sealed_total(half, data.len)) == NULL)
        RAISE(NO_MEMORY);
    while (data.len != 0) {
        size_t n = data.len < FRAGMENT_MAX ? data.len : FRAGMENT_MAX;
        TRY(seal_one(c, half, (uint8_t)type, span_of(data.at, n)));
        data = span_from(data, n);
    }
    return GV_OK;
}

enum gv_err gv_connection_emit_alert(struct connection *c, uint8_t level, uint8_t alert)
{
    const uint8_t bytes[] = {level, alert};
    return gv_connection_emit(c, CONTENT_ALERT, SPAN_OF(bytes));
}

enum gv_err gv_connection_update_key(struct connection *c, bool request)
{
    uint8_t message[KEY_UPDATE_LEN];

    TRY(gv_connection_emit(c, CONTENT_HANDSHAKE, gv_hs_key_update(request, message)));
    c->key_update_due = false;
    c->key_update_asked |= request;
    return gv_connection_advance_key(c, HS_WRITE);
}

/* Application data; in front of it the KeyUpdate that is owed, or that the AEAD's limit asks for
 * (section 5.5). In TLS 1.2, which has none, the last record is left for an alert. */
static enum gv_err emit_data(struct connection *c, struct span data)
{
    const bool tls13 = c->hs.agreed.version == TLS13;

    while (data.len != 0) {
        size_t n = data.len < FRAGMENT_MAX ? data.len : FRAGMENT_MAX;
        if (tls13 && (c->key_update_due || gv_record_wants_rekey(&c->half[HS_WRITE])))
            TRY(gv_connection_update_key(c, false));
        if (!tls13 && gv_record_left(&c->half[HS_WRITE]) <= 1)
            RAISE(SEQUENCE_EXHAUSTED);
        TRY(seal_one(c, &c->half[HS_WRITE], CONTENT_APPLICATION_DATA, span_of(data.at, n)));
        data = span_from(data, n);
    }
    return GV_OK;
}

enum gv_err gv_connection_flush_early(struct connection *c)
{
    if (c->hs.agreed.early == EARLY_REJECTED && !c->hs.agreed.early_misfits)
        TRY(emit_data(c, gv_buffer_span(&c->sent_early)));
    TRY(emit_data(c, gv_buffer_span(&c->early)));
    gv_buffer_drop(&c->sent_early);
    gv_buffer_drop(&c->early);
    return GV_OK;
}

static struct span within_limit(const struct connection *c, struct span data, size_t used)
{
    size_t room = used < c->buffer_limit ? c->buffer_limit - used : 0;
    return span_of(data.at, data.len < room ? data.len : room);
}

static enum gv_err keep(struct buffer *b, struct span data)
{
    uint8_t *room = gv_buffer_reserve(b, data.len);

    if (room == NULL)
        RAISE(NO_MEMORY);
    span_copy(room, data);
    gv_buffer_commit(b, data.len);
    return GV_OK;
}

/* What failed halfway cannot be taken back or done again: records, and perhaps new keys, stand
 * behind it. It is the connection's failure, then. */
static enum gv_err settle(struct connection *c, enum gv_err err)
{
    return err == GV_OK ? GV_OK : gv_connection_fail(c, err);
}

static enum gv_err send_early(struct connection *c, struct span data)
{
    TRY(keep(&c->sent_early, data));
    TRY(settle(c, gv_connection_emit(c, CONTENT_APPLICATION_DATA, data)));
    c->early_bytes += data.len;
    return GV_OK;
}

enum gv_err gv_connection_write_early(struct connection *c, struct span plaintext, size_t *out_n)
{
    const struct agreed *a = &c->hs.agreed;
    const bool can = c->hs.client != NULL && !gv_hs_is_over(&c->hs) && c->failure.err == GV_OK &&
                     (a->early == EARLY_OFFERED || a->early == EARLY_ACCEPTED);
    size_t left = can ? a->early_limit - c->early_bytes : 0;
    struct span taken = span_of(plaintext.at, plaintext.len < left ? plaintext.len : left);

    if (!gv_connection_enter(c))
        RAISE(CALLED_FROM_CALLBACK);
    taken = within_limit(c, taken, gv_buffer_len(&c->out));
    enum gv_err err = taken.len == 0 ? GV_OK : send_early(c, taken);
    gv_connection_leave(c);
    TRY(err);
    *out_n = taken.len;
    return GV_OK;
}

static enum gv_err send_data(struct connection *c, struct span data)
{
    if (gv_buffer_reserve(&c->out, sealed_total(&c->half[HS_WRITE], data.len)) == NULL)
        RAISE(NO_MEMORY);
    return settle(c, emit_data(c, data));
}

/* What the key may still protect of data. TLS 1.2 cannot change it, so the last record is left for
 * close_notify: the peer hears an orderly end (RFC 5246 section 7.2.1), and writing fails. */
static enum gv_err within_key(struct connection *c, struct span *data)
{
    const uint64_t left = gv_record_left(&c->half[HS_WRITE]);

    if (c->hs.agreed.version == TLS13 || data->len == 0)
        return GV_OK;
    if (left <= 1) {
        gv_connection_send_close_notify(c);
        RAISE(SEQUENCE_EXHAUSTED);
    }
    if (left - 1 <= data->len / FRAGMENT_MAX && data->len > (left - 1) * FRAGMENT_MAX)
        data->len = (size_t)(left - 1) * FRAGMENT_MAX;
    return GV_OK;
}

enum gv_err gv_connection_write(struct connection *c, struct span plaintext, size_t *out_n)
{
    const bool now = gv_hs_may_send_data(&c->hs);
    size_t used = now ? gv_buffer_len(&c->out) : gv_buffer_len(&c->early);
    struct span taken = within_limit(c, plaintext, used);
    enum gv_err err = GV_OK;

    if (now && !c->busy)
        TRY(within_key(c, &taken));
    if (!gv_connection_enter(c))
        RAISE(CALLED_FROM_CALLBACK);
    if (taken.len != 0)
        err = now ? send_data(c, taken) : keep(&c->early, taken);
    gv_connection_leave(c);
    TRY(err);
    *out_n = taken.len;
    return GV_OK;
}

void gv_connection_set_buffer_limit(struct connection *c, size_t limit)
{
    c->buffer_limit = limit;
}

void gv_connection_send_close_notify(struct connection *c)
{
    if (c->close_sent || !gv_connection_enter(c))
        return;
    c->close_sent = true;
    enum gv_err err = gv_connection_emit_alert(c, ALERT_LEVEL_WARNING, ALERT_CLOSE_NOTIFY);
    if (err != GV_OK)
        gv_connection_fail(c, err);
    gv_connection_leave(c);
}

enum gv_err gv_connection_refresh_keys(struct connection *c)
{
    if (!gv_hs_is_over(&c->hs) || c->hs.agreed.version != TLS13)
        RAISE(HANDSHAKE_NOT_COMPLETE);
    if (!gv_connection_enter(c))
        RAISE(CALLED_FROM_CALLBACK);
    /* One request at a time is open (section 4.6.3). */
    enum gv_err err = settle(c, gv_connection_update_key(c, !c->key_update_asked));
    gv_connection_leave(c);
    return err;
}

/* ---- out of the buffer ------------------------------------------------------------------------------ */

static size_t first_record(struct connection *c)
{
    if (c->record_left == 0 && gv_buffer_len(&c->out) != 0)
        c->record_left = gv_record_size(gv_buffer_span(&c->out));
    return c->record_left;
}

/* n bytes left: whole records, and perhaps a part of one. */
static void consume(struct connection *c, size_t n)
{
    while (n != 0) {
        size_t of_record = first_record(c) < n ? c->record_left : n;
        gv_buffer_consume(&c->out, of_record);
        c->record_left -= of_record;
        n -= of_record;
    }
    if (gv_hs_is_over(&c->hs))
        gv_buffer_trim(&c->out);
}

int gv_connection_write_tls(struct connection *c, gv_write_fn *write, void *userdata, size_t *out_n)
{
    size_t n = first_record(c), written = 0;

    if (n != 0) {
        if (!gv_connection_enter(c))
            return EIO;
        int error = write(userdata, gv_buffer_span(&c->out).at, n, &written);
        if (error == 0 && written <= n)
            consume(c, written);
        gv_connection_leave(c);
        if (error != 0)
            return error;
        if (written > n) /* the callback answers nonsense */
            return EIO;
    }
    *out_n = written;
    return 0;
}

enum { PARTS_MAX = 64 }; /* records handed over in one vectored call */

static size_t list_records(struct connection *c, struct span parts[PARTS_MAX], size_t *total)
{
    struct span rest = gv_buffer_span(&c->out);
    size_t count = 0, n = first_record(c);

    for (*total = 0; rest.len != 0 && count < PARTS_MAX; n = gv_record_size(rest)) {
        parts[count++] = span_of(rest.at, n);
        *total += n;
        rest = span_from(rest, n);
        if (rest.len == 0)
            break;
    }
    return count;
}

int gv_connection_write_tls_vectored(struct connection *c, gv_write_vectored_fn *write,
                                     void *userdata, size_t *out_n)
{
    struct span parts[PARTS_MAX];
    size_t total, written = 0, count = list_records(c, parts, &total);

    if (count != 0) {
        if (!gv_connection_enter(c))
            return EIO;
        int error = write(userdata, parts, count, &written);
        if (error == 0 && written <= total)
            consume(c, written);
        gv_connection_leave(c);
        if (error != 0)
            return error;
        if (written > total)
            return EIO;
    }
    *out_n = written;
    return 0;
}
