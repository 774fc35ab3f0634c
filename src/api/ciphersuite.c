/* What can be asked of a cipher suite. */
#include "api/objects.h"
#include "api/slices.h"

uint16_t rustls_supported_ciphersuite_get_suite(
    const struct rustls_supported_ciphersuite *supported_ciphersuite)
{
    return supported_ciphersuite == NULL ? 0 : in_suite(supported_ciphersuite)->code;
}

struct rustls_str rustls_supported_ciphersuite_get_name(
    const struct rustls_supported_ciphersuite *supported_ciphersuite)
{
    return gv_api_text(supported_ciphersuite == NULL ? "" : in_suite(supported_ciphersuite)->name);
}

enum rustls_tls_version rustls_supported_ciphersuite_protocol_version(
    const struct rustls_supported_ciphersuite *supported_ciphersuite)
{
    if (supported_ciphersuite == NULL)
        return RUSTLS_TLS_VERSION_UNKNOWN;
    return (enum rustls_tls_version)in_suite(supported_ciphersuite)->version;
}
