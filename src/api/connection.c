/* Connections as rustls.h has them: checks for NULL, and calls of connection/. Nothing is decided
 * here, and nothing is kept. */
#include "api/detail.h"
#include "api/objects.h"
#include "api/result.h"
#include "api/slices.h"
#include "base/iovec.h"
#include "wire/codepoints.h"

#include <errno.h>

void rustls_connection_free(struct rustls_connection *conn)
{
    gv_connection_free(in_connection(conn));
}

void rustls_connection_set_userdata(struct rustls_connection *conn, void *userdata)
{
    if (conn != NULL)
        gv_connection_set_userdata(in_connection(conn), userdata);
}

/* The callback itself travels as the context: POSIX lets a pointer hold a function's address. */
_Static_assert(sizeof(rustls_log_callback) == sizeof(void *), "as POSIX asks (dlsym)");

static void log_to_callback(void *context, void *userdata, enum log_level level,
                            const char *message)
{
    const struct rustls_log_params params = {(rustls_log_level)level, gv_api_text(message)};
    rustls_log_callback callback;
    memcpy(&callback, &context, sizeof callback);
    callback(userdata, &params);
}

void rustls_connection_set_log_callback(struct rustls_connection *conn, rustls_log_callback cb)
{
    void *context;
    memcpy(&context, &cb, sizeof context);
    if (conn != NULL)
        gv_connection_set_log(in_connection(conn), cb == NULL ? NULL : log_to_callback, context);
}

void rustls_connection_set_buffer_limit(struct rustls_connection *conn, size_t n)
{
    if (conn != NULL)
        gv_connection_set_buffer_limit(in_connection(conn), n);
}

/* ---- moving bytes ------------------------------------------------------------------------- */

rustls_io_result rustls_connection_read_tls(struct rustls_connection *conn,
                                            rustls_read_callback callback, void *userdata,
                                            size_t *out_n)
{
    if (conn == NULL || callback == NULL || out_n == NULL)
        return EINVAL;
    return gv_connection_read_tls(in_connection(conn), callback, userdata, out_n);
}

rustls_io_result rustls_connection_write_tls(struct rustls_connection *conn,
                                             rustls_write_callback callback, void *userdata,
                                             size_t *out_n)
{
    if (conn == NULL || callback == NULL || out_n == NULL)
        return EINVAL;
    return gv_connection_write_tls(in_connection(conn), callback, userdata, out_n);
}

struct vectored_call {
    rustls_write_vectored_callback callback;
    void *userdata;
};

static int write_iovec(void *call, const struct span *parts, size_t count, size_t *out_n)
{
    const struct vectored_call *v = call;
    return v->callback(v->userdata, gv_iovec_of(parts), count, out_n);
}

rustls_io_result rustls_connection_write_tls_vectored(struct rustls_connection *conn,
                                                      rustls_write_vectored_callback callback,
                                                      void *userdata, size_t *out_n)
{
    if (conn == NULL || callback == NULL || out_n == NULL)
        return EINVAL;
    struct vectored_call call = {callback, userdata};
    return gv_connection_write_tls_vectored(in_connection(conn), write_iovec, &call, out_n);
}

rustls_result rustls_connection_process_new_packets(struct rustls_connection *conn)
{
    if (conn == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    enum gv_err err = gv_connection_process(in_connection(conn));
    if (err == GV_OK || err == GV_E_CALLED_FROM_CALLBACK) /* conn may be gone */
        return gv_api_result(err);
    return gv_api_failure_result(gv_connection_failure(in_connection(conn)));
}

rustls_result galvan_connection_error_detail(const struct rustls_connection *conn,
                                             struct galvan_error_detail *detail_out,
                                             size_t detail_size)
{
    if (conn == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_detail(gv_connection_failure(in_seen(conn)), detail_out, detail_size);
}

bool rustls_connection_wants_read(const struct rustls_connection *conn)
{
    return conn != NULL && gv_connection_wants_read(in_seen(conn));
}

bool rustls_connection_wants_write(const struct rustls_connection *conn)
{
    return conn != NULL && gv_connection_wants_write(in_seen(conn));
}

rustls_result rustls_connection_write(struct rustls_connection *conn, const uint8_t *buf,
                                      size_t count, size_t *out_n)
{
    if (conn == NULL || buf == NULL || out_n == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_result(gv_connection_write(in_connection(conn), span_of(buf, count), out_n));
}

rustls_result rustls_connection_read(struct rustls_connection *conn, uint8_t *buf, size_t count,
                                     size_t *out_n)
{
    if (conn == NULL || buf == NULL || out_n == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_result(gv_connection_read(in_connection(conn), buf, count, out_n));
}

void rustls_connection_send_close_notify(struct rustls_connection *conn)
{
    if (conn != NULL)
        gv_connection_send_close_notify(in_connection(conn));
}

rustls_result rustls_connection_refresh_traffic_keys(struct rustls_connection *conn)
{
    if (conn == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_result(gv_connection_refresh_keys(in_connection(conn)));
}

/* ---- asking ------------------------------------------------------------------------------- */

bool rustls_connection_is_handshaking(const struct rustls_connection *conn)
{
    return conn != NULL && gv_connection_is_handshaking(in_seen(conn));
}

/* What was agreed; of NULL, nothing. */
static const struct agreed *agreed(const struct rustls_connection *conn)
{
    static const struct agreed nothing;
    return conn == NULL ? &nothing : gv_connection_agreed(in_seen(conn));
}

_Static_assert((int)HANDSHAKE_UNKNOWN == RUSTLS_HANDSHAKE_KIND_UNKNOWN &&
                   (int)HANDSHAKE_FULL == RUSTLS_HANDSHAKE_KIND_FULL &&
                   (int)HANDSHAKE_RETRIED == RUSTLS_HANDSHAKE_KIND_FULL_WITH_HELLO_RETRY_REQUEST &&
                   (int)HANDSHAKE_RESUMED == RUSTLS_HANDSHAKE_KIND_RESUMED,
               "the kinds of a handshake have one numbering");

enum rustls_handshake_kind rustls_connection_handshake_kind(const struct rustls_connection *conn)
{
    return (enum rustls_handshake_kind)agreed(conn)->kind;
}

uint32_t rustls_connection_get_tls13_tickets_received(const struct rustls_connection *conn)
{
    return agreed(conn)->tickets_received;
}

uint16_t rustls_connection_get_protocol_version(const struct rustls_connection *conn)
{
    return agreed(conn)->version;
}

uint16_t rustls_connection_get_negotiated_ciphersuite(const struct rustls_connection *conn)
{
    const struct cipher_suite_info *suite = agreed(conn)->suite;
    return suite == NULL ? 0 : suite->code;
}

struct rustls_str rustls_connection_get_negotiated_ciphersuite_name(
    const struct rustls_connection *conn)
{
    const struct cipher_suite_info *suite = agreed(conn)->suite;
    return gv_api_text(suite == NULL ? "" : suite->name);
}

uint16_t rustls_connection_get_negotiated_key_exchange_group(const struct rustls_connection *conn)
{
    return agreed(conn)->group;
}

struct rustls_str rustls_connection_get_negotiated_key_exchange_group_name(
    const struct rustls_connection *conn)
{
    switch (agreed(conn)->group) {
#define X(name, code, text)                                                                        \
    case code:                                                                                     \
        return gv_api_text(text);
        NAMED_GROUPS(X)
#undef X
    default:
        return gv_api_text("");
    }
}

void rustls_connection_get_alpn_protocol(const struct rustls_connection *conn,
                                         const uint8_t **protocol_out, size_t *protocol_out_len)
{
    if (conn == NULL || protocol_out == NULL || protocol_out_len == NULL)
        return;
    struct span alpn = agreed(conn)->alpn;
    *protocol_out = alpn.len == 0 ? NULL : alpn.at;
    *protocol_out_len = alpn.len;
}

const struct rustls_certificate *rustls_connection_get_peer_certificate(
    const struct rustls_connection *conn, size_t i)
{
    const struct agreed *a = agreed(conn);
    return i < a->peer_count ? out_certificate(&a->peer_chain[i]) : NULL;
}

struct rustls_str rustls_server_connection_get_server_name(const struct rustls_connection *conn)
{
    return gv_api_str(agreed(conn)->server_name);
}

bool rustls_connection_fips(const struct rustls_connection *conn)
{
    (void)conn;
    return false;
}
