/* Who we are, which versions of TLS we speak, and the names of the small enumerations. */
#include "api/slices.h"
#include "base/error.h"
#include "galvan.h"
#include "wire/codepoints.h"

#define API_VERSION                                                                                \
    GV_STRING(RUSTLS_VERSION_MAJOR)                                                                \
    "." GV_STRING(RUSTLS_VERSION_MINOR) "." GV_STRING(RUSTLS_VERSION_PATCH)

const uint16_t RUSTLS_ALL_VERSIONS[2] = {TLS13, TLS12};
const size_t RUSTLS_ALL_VERSIONS_LEN = COUNT_OF(RUSTLS_ALL_VERSIONS);
const uint16_t RUSTLS_DEFAULT_VERSIONS[2] = {TLS13, TLS12};
const size_t RUSTLS_DEFAULT_VERSIONS_LEN = COUNT_OF(RUSTLS_DEFAULT_VERSIONS);

/* Programs look for the beginning of it: curl's tests for "rustls-ffi/". */
struct rustls_str rustls_version(void)
{
    return gv_api_text("rustls-ffi/" API_VERSION "/galvan/" GALVAN_VERSION "/openssl");
}

struct rustls_str galvan_version(void)
{
    return gv_api_text(GALVAN_VERSION);
}

struct rustls_str rustls_handshake_kind_str(enum rustls_handshake_kind kind)
{
    switch (kind) {
    case RUSTLS_HANDSHAKE_KIND_FULL:
        return gv_api_text("full");
    case RUSTLS_HANDSHAKE_KIND_FULL_WITH_HELLO_RETRY_REQUEST:
        return gv_api_text("full with hello retry request");
    case RUSTLS_HANDSHAKE_KIND_RESUMED:
        return gv_api_text("resumed");
    case RUSTLS_HANDSHAKE_KIND_UNKNOWN:
    default:
        return gv_api_text("unknown");
    }
}

struct rustls_str rustls_log_level_str(rustls_log_level level)
{
    static const char *const names[] = {"INVALID", "ERROR", "WARN", "INFO", "DEBUG", "TRACE"};
    return gv_api_text(names[level < COUNT_OF(names) ? level : 0]);
}
