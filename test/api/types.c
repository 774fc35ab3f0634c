/* The public types: layouts, as ABI, and callbacks, as pointers that must fit. scripts/compare-api
 * compiles this behind rustls.h; it is never linked. */
#include <stddef.h>
#include <sys/uio.h>

#define SAME_TYPE(a, b) _Static_assert(_Generic(*(a *)0, b : 1, default : 0), #a " is " #b)
#define SECOND(type, first, second)                                                                \
    _Static_assert(offsetof(struct type, first) == 0 &&                                            \
                       offsetof(struct type, second) == sizeof(void *),                            \
                   #type)

SAME_TYPE(rustls_result, uint32_t);
SAME_TYPE(rustls_io_result, int);
SAME_TYPE(rustls_log_level, size_t);

SECOND(rustls_str, data, len);
SECOND(rustls_slice_bytes, data, len);
SECOND(rustls_slice_u16, data, len);
_Static_assert(sizeof(struct rustls_str) == sizeof(struct iovec), "rustls_str");
_Static_assert(offsetof(struct rustls_verify_server_cert_params, intermediate_certs_der) ==
                       2 * sizeof(void *) &&
                   offsetof(struct rustls_verify_server_cert_params, server_name) ==
                       3 * sizeof(void *) &&
                   offsetof(struct rustls_verify_server_cert_params, ocsp_response) ==
                       5 * sizeof(void *) &&
                   sizeof(struct rustls_verify_server_cert_params) == 7 * sizeof(void *),
               "rustls_verify_server_cert_params");
_Static_assert(offsetof(struct rustls_log_params, message) == sizeof(size_t), "rustls_log_params");

typedef int read_fn(void *userdata, uint8_t *buf, size_t n, size_t *out_n);
typedef int write_fn(void *userdata, const uint8_t *buf, size_t n, size_t *out_n);
typedef int vectored_fn(void *userdata, const struct rustls_iovec *iov, size_t n, size_t *out_n);
typedef uint32_t verify_fn(void *userdata, const struct rustls_verify_server_cert_params *params);
typedef void keylog_fn(struct rustls_str label, const uint8_t *client_random, size_t random_len,
                       const uint8_t *secret, size_t secret_len);
typedef int will_log_fn(struct rustls_str label);
typedef void log_fn(void *userdata, const struct rustls_log_params *params);

SAME_TYPE(rustls_read_callback, read_fn *);
SAME_TYPE(rustls_write_callback, write_fn *);
SAME_TYPE(rustls_write_vectored_callback, vectored_fn *);
SAME_TYPE(rustls_verify_server_cert_callback, verify_fn *);
SAME_TYPE(rustls_keylog_log_callback, keylog_fn *);
SAME_TYPE(rustls_keylog_will_log_callback, will_log_fn *);
SAME_TYPE(rustls_log_callback, log_fn *);
