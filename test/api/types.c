/* The public types: layouts, as ABI, and callbacks, as pointers that must fit. scripts/compare-api
 * compiles this behind rustls.h; it is never linked. */
#include <stddef.h>
#include <sys/uio.h>

#define SAME_TYPE(a, b) _Static_assert(_Generic(*(a *)0, b : 1, default : 0), #a " is " #b)
#define FIELD(type, name, is)                                                                      \
    _Static_assert(_Generic(&((struct type *)0)->name, is * : 1, default : 0), #type "." #name)
#define DATA(name, pointer)                                                                        \
    _Static_assert(_Generic(&name, pointer : 1, default : 0), #name " is of another type")
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
_Static_assert(offsetof(struct rustls_client_hello, signature_schemes) == 2 * sizeof(void *) &&
                   offsetof(struct rustls_client_hello, named_groups) == 4 * sizeof(void *) &&
                   offsetof(struct rustls_client_hello, alpn) == 6 * sizeof(void *) &&
                   sizeof(struct rustls_client_hello) == 7 * sizeof(void *),
               "rustls_client_hello");
_Static_assert(offsetof(struct rustls_log_params, message) == sizeof(size_t), "rustls_log_params");

FIELD(rustls_str, data, const char *);
FIELD(rustls_str, len, size_t);
FIELD(rustls_slice_bytes, data, const uint8_t *);
FIELD(rustls_slice_bytes, len, size_t);
FIELD(rustls_slice_u16, data, const uint16_t *);
FIELD(rustls_slice_u16, len, size_t);
FIELD(rustls_verify_server_cert_params, end_entity_cert_der, struct rustls_slice_bytes);
FIELD(rustls_verify_server_cert_params, intermediate_certs_der,
      const struct rustls_slice_slice_bytes *);
FIELD(rustls_verify_server_cert_params, server_name, struct rustls_str);
FIELD(rustls_verify_server_cert_params, ocsp_response, struct rustls_slice_bytes);
FIELD(rustls_client_hello, server_name, struct rustls_str);
FIELD(rustls_client_hello, signature_schemes, struct rustls_slice_u16);
FIELD(rustls_client_hello, named_groups, struct rustls_slice_u16);
FIELD(rustls_client_hello, alpn, const struct rustls_slice_slice_bytes *);
FIELD(rustls_log_params, level, rustls_log_level);
FIELD(rustls_log_params, message, struct rustls_str);

DATA(RUSTLS_ALL_VERSIONS, const uint16_t (*)[2]);
DATA(RUSTLS_ALL_VERSIONS_LEN, const size_t *);
DATA(RUSTLS_DEFAULT_VERSIONS, const uint16_t (*)[2]);
DATA(RUSTLS_DEFAULT_VERSIONS_LEN, const size_t *);

_Static_assert(RUSTLS_VERSION_MAJOR == 0 && RUSTLS_VERSION_MINOR == 15 && RUSTLS_VERSION_PATCH == 3,
               "the version of the API");
_Static_assert(RUSTLS_VERSION_NUMBER == 0x000f0300, "the version of the API as a number");

SAME_TYPE(rustls_verify_server_cert_user_data, void *);
SAME_TYPE(rustls_client_hello_userdata, void *);
SAME_TYPE(rustls_session_store_userdata, void *);

typedef int read_fn(void *userdata, uint8_t *buf, size_t n, size_t *out_n);
typedef int write_fn(void *userdata, const uint8_t *buf, size_t n, size_t *out_n);
typedef int vectored_fn(void *userdata, const struct rustls_iovec *iov, size_t n, size_t *out_n);
typedef uint32_t verify_fn(void *userdata, const struct rustls_verify_server_cert_params *params);
typedef void keylog_fn(struct rustls_str label, const uint8_t *client_random, size_t random_len,
                       const uint8_t *secret, size_t secret_len);
typedef int will_log_fn(struct rustls_str label);
typedef void log_fn(void *userdata, const struct rustls_log_params *params);
typedef const struct rustls_certified_key *hello_fn(void *userdata,
                                                    const struct rustls_client_hello *hello);
typedef uint32_t get_fn(void *userdata, const struct rustls_slice_bytes *key, int remove_after,
                        uint8_t *buf, size_t count, size_t *out_n);
typedef uint32_t put_fn(void *userdata, const struct rustls_slice_bytes *key,
                        const struct rustls_slice_bytes *val);

SAME_TYPE(rustls_read_callback, read_fn *);
SAME_TYPE(rustls_write_callback, write_fn *);
SAME_TYPE(rustls_write_vectored_callback, vectored_fn *);
SAME_TYPE(rustls_verify_server_cert_callback, verify_fn *);
SAME_TYPE(rustls_keylog_log_callback, keylog_fn *);
SAME_TYPE(rustls_keylog_will_log_callback, will_log_fn *);
SAME_TYPE(rustls_log_callback, log_fn *);
SAME_TYPE(rustls_client_hello_callback, hello_fn *);
SAME_TYPE(rustls_session_store_get_callback, get_fn *);
SAME_TYPE(rustls_session_store_put_callback, put_fn *);
