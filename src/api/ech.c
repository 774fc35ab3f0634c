/* Encrypted Client Hello of a connection (RFC 9849). */
#include "api/objects.h"
#include "galvan.h"

enum galvan_ech galvan_connection_ech(const struct rustls_connection *conn)
{
    static const enum galvan_ech outside[] = {
        [ECH_NOT_OFFERED] = GALVAN_ECH_NOT_OFFERED, [ECH_GREASE] = GALVAN_ECH_GREASE,
        [ECH_OFFERED] = GALVAN_ECH_OFFERED,         [ECH_ACCEPTED] = GALVAN_ECH_ACCEPTED,
        [ECH_REJECTED] = GALVAN_ECH_REJECTED,
    };

    if (conn == NULL)
        return GALVAN_ECH_NOT_OFFERED;
    return outside[gv_connection_agreed(in_seen(conn))->ech];
}

rustls_result galvan_connection_ech_retry_configs(const struct rustls_connection *conn,
                                                  struct rustls_slice_bytes *configs_out)
{
    if (conn == NULL || configs_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    const struct span configs = gv_connection_agreed(in_seen(conn))->ech_retry_configs;
    if (configs.len == 0)
        return RUSTLS_RESULT_NOT_FOUND;
    *configs_out = (struct rustls_slice_bytes){configs.at, configs.len};
    return RUSTLS_RESULT_OK;
}
