/* What the connection's own files share. */
#ifndef GALVAN_CONNECTION_INTERNAL_H
#define GALVAN_CONNECTION_INTERNAL_H

#include "base/buffer.h"
#include "connection/connection.h"
#include "record/join.h"
#include "record/protect.h"
#include "wire/codepoints.h"

/* Received bytes, all in one run of memory: plaintext that the application has not read, a gap of
 * what was header, tag or padding, and TLS bytes that were not processed. Records are opened where
 * they lie, so that the application's read is the only copy. */
struct inbox {
    uint8_t *base;
    size_t cap;
    size_t plain_at, plain_len;
    size_t raw_at, raw_end;
};

/* What a peer may not do without end; each is set back by data that means something. */
struct counters {
    uint32_t empty_records, warning_alerts, post_handshake, middlebox_ccs;
};

struct connection {
    struct hs hs;
    struct inbox in;
    struct join join;
    struct buffer out;            /* records to be written */
    size_t record_left;           /* bytes of the first record in out that are not yet written */
    struct buffer early;          /* plaintext written before the handshake's end */
    struct buffer sent_early;     /* client: early data that was sent, in case it is rejected */
    struct buffer received_early; /* server: early data that was not yet read */
    size_t early_bytes;           /* of early data, sent, received or passed over */
    size_t buffer_limit;
    struct record_half half[2]; /* by enum hs_direction */
    struct secret traffic[2];   /* TLS 1.3's traffic secrets behind their keys */
    struct counters counters;
    struct alpn_list alpn; /* of this connection alone; empty: the config's */
    struct failure failure;
    struct detail *detail; /* behind failure.detail */
    void *userdata;
    gv_log_fn *log;
    void *log_context;
    bool key_update_due;     /* the peer asked for an update of our keys */
    bool key_update_asked;   /* we asked for one of the peer's, and it has not come */
    bool close_sent, closed; /* close_notify, sent and received */
    bool end_of_input;
    bool busy, doomed; /* a callback is running; it freed the connection */
};

/* ---- connection.c ----------------------------------------------------------------------------- */
/* A connection with nothing in it, without a handshake; NULL where memory is out. */
struct connection *gv_connection_blank(const struct limits *limits);
/* Begins a server's handshake in a blank one. The config gets a reference. */
enum gv_err gv_connection_start_server(struct connection *c, const struct server_config *config);
/* Keeps the first error, tells the peer, and answers err. */
enum gv_err gv_connection_fail(struct connection *c, enum gv_err err);
void gv_connection_log(struct connection *c, enum log_level level, const char *what,
                       const char *more);
/* The time, and what callbacks are given. */
struct hs_now gv_connection_now(const struct connection *c);
const struct limits *gv_connection_limits(const struct connection *c);
/* Gives back the memory of buffers that are empty: once the handshake is over. */
void gv_connection_trim(struct connection *c);
/* Around everything that calls back: false where a callback is running already. While one is, every
 * call that could move what it looks at is refused. After leave, c may be gone. */
bool gv_connection_enter(struct connection *c);
void gv_connection_leave(struct connection *c);

/* ---- keys.c --------------------------------------------------------------------------------------- */
extern const struct hs_door gv_connection_door;
/* The next generation of the keys of one direction (RFC 9846 section 7.2). */
enum gv_err gv_connection_advance_key(struct connection *c, enum hs_direction direction);

/* ---- receive.c ------------------------------------------------------------------------------------- */
/* Hands a message of the join's to the handshake, and those that stand behind it in its record.
 * last: as gv_join_next said. */
enum gv_err gv_connection_take_messages(struct connection *c, struct span message, bool last);

/* ---- send.c ----------------------------------------------------------------------------------------- */
/* Seals data into records behind what waits to be written. */
enum gv_err gv_connection_emit(struct connection *c, enum content_type type, struct span data);
/* Sends one alert. */
enum gv_err gv_connection_emit_alert(struct connection *c, uint8_t level, uint8_t alert);
/* Sends KeyUpdate, asking for one in return or not, and changes our key. */
enum gv_err gv_connection_update_key(struct connection *c, bool request);
/* Whether anything waits for the handshake's end. */
static inline bool gv_connection_has_early(const struct connection *c)
{
    return gv_buffer_len(&c->early) != 0 || gv_buffer_len(&c->sent_early) != 0;
}
/* Seals what was written before the handshake's end. */
enum gv_err gv_connection_flush_early(struct connection *c);

/* ---- inbox.c ------------------------------------------------------------------------------------------ */
/* Room for n more TLS bytes, or NULL. generous: much more will come. */
uint8_t *gv_inbox_reserve(struct inbox *in, size_t n, bool generous);
static inline struct span gv_inbox_raw(const struct inbox *in)
{
    return span_of(in->base == NULL ? NULL : in->base + in->raw_at, in->raw_end - in->raw_at);
}
/* Makes the span, which lies in the record that was just taken off, plaintext to be read. */
void gv_inbox_add_plain(struct inbox *in, struct span plain);
/* Takes up to cap bytes of plaintext out. */
size_t gv_inbox_read(struct inbox *in, uint8_t *out, size_t cap);
/* Gives the memory back where nothing is in it. */
void gv_inbox_trim(struct inbox *in);
void gv_inbox_drop(struct inbox *in);

#endif
