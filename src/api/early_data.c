/* Early data of a connection (RFC 9846 section 4.2.10). */
#include "api/objects.h"
#include "api/result.h"
#include "galvan.h"

enum galvan_early_data galvan_connection_early_data(const struct rustls_connection *conn)
{
    static const enum galvan_early_data outside[] = {
        [EARLY_NONE] = GALVAN_EARLY_DATA_NONE,
        [EARLY_OFFERED] = GALVAN_EARLY_DATA_OFFERED,
        [EARLY_ACCEPTED] = GALVAN_EARLY_DATA_ACCEPTED,
        [EARLY_REJECTED] = GALVAN_EARLY_DATA_REJECTED,
    };

    if (conn == NULL)
        return GALVAN_EARLY_DATA_NONE;
    return outside[gv_connection_agreed(in_seen(conn))->early];
}

rustls_result galvan_connection_write_early_data(struct rustls_connection *conn, const uint8_t *buf,
                                                 size_t count, size_t *out_n)
{
    if (conn == NULL || buf == NULL || out_n == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_result(
        gv_connection_write_early(in_connection(conn), span_of(buf, count), out_n));
}

rustls_result galvan_connection_read_early_data(struct rustls_connection *conn, uint8_t *buf,
                                                size_t count, size_t *out_n)
{
    if (conn == NULL || buf == NULL || out_n == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_result(gv_connection_read_early(in_connection(conn), buf, count, out_n));
}
