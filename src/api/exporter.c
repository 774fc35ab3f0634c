/* Keying material and channel binding, as galvan.h has them. */
#include "api/objects.h"
#include "api/result.h"
#include "galvan.h"

rustls_result galvan_connection_export_keying_material(const struct rustls_connection *conn,
                                                       const char *label, const uint8_t *context,
                                                       size_t context_len, uint8_t *out,
                                                       size_t out_len)
{
    if (conn == NULL || label == NULL || out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    const struct span given = span_of(context, context_len);
    return gv_api_result(
        gv_connection_export(in_seen(conn), label, context == NULL ? NULL : &given, out, out_len));
}

_Static_assert(GALVAN_TLS_EXPORTER_SIZE == TLS_EXPORTER_LEN, "the binding has one size");

rustls_result galvan_connection_tls_exporter_binding(const struct rustls_connection *conn,
                                                     uint8_t binding_out[GALVAN_TLS_EXPORTER_SIZE])
{
    if (conn == NULL || binding_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_result(gv_connection_tls_exporter(in_seen(conn), binding_out));
}
