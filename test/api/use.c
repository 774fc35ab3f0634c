/* A program that uses the headers as programs do: types with and without their keyword, constants
 * in a switch and as values, a callback. C89 and C++ alike; test/house/test_headers.sh compiles it in
 * every dialect, and nothing runs it. */
#include "galvan.h"
#include "rustls.h"
static uint32_t accept_all(void *userdata, const rustls_verify_server_cert_params *params)
{
    (void)userdata;
    return params->server_name.len == 0 ? RUSTLS_RESULT_GENERAL : RUSTLS_RESULT_OK;
}
int use(struct rustls_client_config_builder *builder, rustls_connection *conn);
int use(rustls_client_config_builder *builder, struct rustls_connection *conn)
{
    rustls_result result;
    rustls_str text = rustls_version();
    struct rustls_str same;
    struct rustls_slice_bytes alpn;
    rustls_io_result io = 0;
    enum rustls_tls_version version = RUSTLS_TLS_VERSION_TLSV1_3;
    galvan_error_detail detail;
    same = text;
    alpn.data = NULL;
    alpn.len = same.len;
    result = rustls_client_config_builder_dangerous_set_certificate_verifier(builder, accept_all);
    if (result != RUSTLS_RESULT_OK || !rustls_connection_wants_read(conn))
        io = 1;
    switch (rustls_client_config_builder_set_alpn_protocols(builder, &alpn, 1)) {
    case RUSTLS_RESULT_OK:
        break;
    default:
        return rustls_result_is_cert_error(result) ? 1 : 0;
    }
    if (rustls_connection_get_protocol_version(conn) != (uint16_t)version)
        result = galvan_connection_error_detail(conn, &detail, sizeof detail);
    return RUSTLS_VERSION_NUMBER == 0x000f0300L ? io : (int)result;
}
