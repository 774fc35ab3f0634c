/* Certificate compression (RFC 8879): what a config uses, and what a connection used. */
#include "api/config_builder.h"
#include "api/slices.h"

rustls_result gv_api_set_compressors(struct compressor_list *list, const uint16_t *algorithms,
                                     size_t count)
{
    struct compressor_list built, chosen = {.count = 0};

    if (algorithms == NULL && count != 0)
        return RUSTLS_RESULT_NULL_PARAMETER;
    gv_compressors_default(&built);
    for (size_t i = 0; i < count; i++) {
        const struct cert_compressor *c = gv_compressor_find(&built, algorithms[i]);
        if (c == NULL || gv_compressor_find(&chosen, algorithms[i]) != NULL)
            return RUSTLS_RESULT_INVALID_PARAMETER;
        chosen.at[chosen.count++] = c;
    }
    *list = chosen;
    return RUSTLS_RESULT_OK;
}

uint16_t galvan_connection_get_peer_cert_compression(const struct rustls_connection *conn)
{
    return conn == NULL ? 0 : gv_connection_agreed(in_seen(conn))->peer_compression;
}

uint16_t galvan_connection_get_own_cert_compression(const struct rustls_connection *conn)
{
    return conn == NULL ? 0 : gv_connection_agreed(in_seen(conn))->own_compression;
}

struct rustls_str galvan_cert_compression_name(uint16_t algorithm)
{
    struct compressor_list built;

    gv_compressors_default(&built);
    const struct cert_compressor *c = gv_compressor_find(&built, algorithm);
    return gv_api_text(c == NULL ? "" : c->name);
}
