/* Making connections of configs. */
#include "api/config_builder.h"
#include "api/objects.h"
#include "api/result.h"
#include "pki/name.h"

/* alpn NULL: what the config offers. */
static rustls_result new_client(const struct rustls_client_config *config, const char *server_name,
                                const struct alpn_list *alpn, struct rustls_connection **conn_out)
{
    struct server_name name;
    struct connection *c;
    enum gv_err err = gv_server_name_parse(&name, span_str(server_name));
    if (err == GV_OK)
        err = gv_connection_new_client(&c, in_client_config(config), &name, alpn);
    if (err == GV_OK)
        *conn_out = out_connection(c);
    return gv_api_result(err);
}

rustls_result rustls_client_connection_new(const struct rustls_client_config *config,
                                           const char *server_name,
                                           struct rustls_connection **conn_out)
{
    if (config == NULL || server_name == NULL || conn_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return new_client(config, server_name, NULL, conn_out);
}

rustls_result rustls_client_connection_new_alpn(const struct rustls_client_config *config,
                                                const char *server_name,
                                                const struct rustls_slice_bytes *alpn_protocols,
                                                size_t alpn_protocols_len,
                                                struct rustls_connection **conn_out)
{
    if (config == NULL || server_name == NULL || conn_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    struct alpn_list alpn = {NULL, 0};
    rustls_result result = gv_api_set_alpn(&alpn, alpn_protocols, alpn_protocols_len);
    if (result == RUSTLS_RESULT_OK)
        result = new_client(config, server_name, &alpn, conn_out);
    gv_alpn_list_drop(&alpn);
    return result;
}

rustls_result rustls_server_connection_new(const struct rustls_server_config *config,
                                           struct rustls_connection **conn_out)
{
    if (config == NULL || conn_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    struct connection *c;
    enum gv_err err = gv_connection_new_server(&c, in_server_config(config));
    if (err == GV_OK)
        *conn_out = out_connection(c);
    return gv_api_result(err);
}
