/* A connection: the records, buffers and keys of one peer, and the handshake that it is in. It does
 * no I/O: TLS bytes come and go through callbacks, and the clock is asked once for each call.
 * A connection belongs to one thread at a time.
 *
 * Errors are sticky: the first one is kept, told to the peer in an alert, and answered by every
 * later call of gv_connection_process. */
#ifndef GALVAN_CONNECTION_CONNECTION_H
#define GALVAN_CONNECTION_CONNECTION_H

#include "base/detail.h"
#include "base/error.h"
#include "base/log.h"
#include "base/span.h"
#include "config/config.h"
#include "handshake/handshake.h"

struct connection;
struct server_name;

/* Callbacks answer 0 and set *out_n, or an errno value; read answers 0 bytes at the end of input. */
typedef int gv_read_fn(void *userdata, uint8_t *buf, size_t n, size_t *out_n);
typedef int gv_write_fn(void *userdata, const uint8_t *buf, size_t n, size_t *out_n);
typedef int gv_write_vectored_fn(void *userdata, const struct span *parts, size_t count,
                                 size_t *out_n);

/* Makes a client that has its ClientHello ready to be written. The config gets a reference; name is
 * copied. alpn NULL: the config's list. NO_MEMORY and what building a ClientHello raises. */
enum gv_err gv_connection_new_client(struct connection **out, const struct client_config *config,
                                     const struct server_name *name, const struct alpn_list *alpn);
enum gv_err gv_connection_new_server(struct connection **out, const struct server_config *config);
void gv_connection_free(struct connection *c); /* NULL is fine; wipes everything secret */

void gv_connection_set_userdata(struct connection *c, void *userdata);
void *gv_connection_userdata(const struct connection *c);

/* Takes TLS bytes from the callback: one call of it. 0, an errno value of the callback's, or EIO
 * where the buffer is full. *out_n is set on 0 only. */
int gv_connection_read_tls(struct connection *c, gv_read_fn *read, void *userdata, size_t *out_n);
/* Hands one record (or what is left of it) to the callback. */
int gv_connection_write_tls(struct connection *c, gv_write_fn *write, void *userdata,
                            size_t *out_n);
/* Hands records over in one call, one part each. */
int gv_connection_write_tls_vectored(struct connection *c, gv_write_vectored_fn *write,
                                     void *userdata, size_t *out_n);
/* Works on everything that was read. The sticky error where there is one; CALLED_FROM_CALLBACK,
 * which is not kept, where a callback is running, or freed c. */
enum gv_err gv_connection_process(struct connection *c);

/* What the handshake waits for that comes from elsewhere on our side: MSG_SIGNATURE,
 * MSG_CERTIFIED_KEY or MSG_SESSION; 0: nothing. While it does, the connection wants neither reading
 * nor writing, and process does nothing. */
uint16_t gv_connection_awaits(const struct connection *c);
/* Gives it and goes on, as process does. NOTHING_PENDING where this is not waited for. */
enum gv_err gv_connection_take_answer(struct connection *c, const struct hs_answer *answer);

/* Takes plaintext to be sent, as much as the limit allows; *out_n may be 0. Before the handshake's
 * end it is kept. */
enum gv_err gv_connection_write(struct connection *c, struct span plaintext, size_t *out_n);
/* Client: sends plaintext before the handshake's end, under the key of the session that is offered
 * (RFC 9846 section 4.2.10); what is sent so can be replayed by others. Takes what the session's limit
 * allows; *out_n is 0 where early data cannot be sent (agreed.early tells why). What is rejected is
 * sent again when the handshake is over, in front of everything else. */
enum gv_err gv_connection_write_early(struct connection *c, struct span plaintext, size_t *out_n);
/* Server: gives early data that was accepted. PLAINTEXT_EMPTY where there is none (now). */
enum gv_err gv_connection_read_early(struct connection *c, uint8_t *out, size_t cap, size_t *out_n);
/* Gives received plaintext. PLAINTEXT_EMPTY where there is none now; GV_OK and 0 for ever after the
 * peer's close_notify; UNEXPECTED_EOF where the input ended without it (RFC 9846 section 6.1). */
enum gv_err gv_connection_read(struct connection *c, uint8_t *out, size_t cap, size_t *out_n);
void gv_connection_send_close_notify(struct connection *c);
/* Changes our key and, unless such a request is open, asks the peer to change its own (RFC 9846
 * section 4.6.3). HANDSHAKE_NOT_COMPLETE before the
 * handshake's end and in TLS 1.2. */
enum gv_err gv_connection_refresh_keys(struct connection *c);
/* As gv_hs_export and gv_hs_tls_exporter. */
enum gv_err gv_connection_export(const struct connection *c, const char *label,
                                 const struct span *context, uint8_t *out, size_t len);
enum gv_err gv_connection_tls_exporter(const struct connection *c, uint8_t out[TLS_EXPORTER_LEN]);
void gv_connection_set_buffer_limit(struct connection *c, size_t limit);

bool gv_connection_wants_read(const struct connection *c);
bool gv_connection_wants_write(const struct connection *c);
bool gv_connection_is_handshaking(const struct connection *c);

/* What was agreed; zeros and NULLs where it is not known yet. Spans live as long as c. */
const struct agreed *gv_connection_agreed(const struct connection *c);

/* The sticky error, and what is known about it. detail is NULL where nothing is. */
struct failure {
    enum gv_err err;    /* GV_OK: none */
    int16_t alert;      /* that the peer was told; -1: none */
    int16_t peer_alert; /* that the peer told us; -1: none */
    const char *birth;  /* static: where it was raised, "src/room/file.c:123" */
    const char *step;   /* static: what the handshake waited for, "waiting for ServerHello" */
    const struct detail *detail;
};
const struct failure *gv_connection_failure(const struct connection *c);

/* Where the connection tells what happens to it; NULL: nowhere, as at first. */
void gv_connection_set_log(struct connection *c, gv_log_fn *log, void *context);

#endif
