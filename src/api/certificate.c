/* Certificates: borrowed DER. */
#include "api/objects.h"

rustls_result rustls_certificate_get_der(const struct rustls_certificate *cert,
                                         const uint8_t **out_der_data, size_t *out_der_len)
{
    if (cert == NULL || out_der_data == NULL || out_der_len == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    *out_der_data = in_certificate(cert)->at;
    *out_der_len = in_certificate(cert)->len;
    return RUSTLS_RESULT_OK;
}
