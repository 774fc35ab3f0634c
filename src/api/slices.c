/* Reading arrays of byte strings and texts, one element at a time. An index past the end is
 * answered with NULL data, which no element has. */
#include "api/slices.h"

size_t rustls_slice_slice_bytes_len(const struct rustls_slice_slice_bytes *input)
{
    return input == NULL ? 0 : input->count;
}

struct rustls_slice_bytes rustls_slice_slice_bytes_get(const struct rustls_slice_slice_bytes *input,
                                                       size_t n)
{
    if (n >= rustls_slice_slice_bytes_len(input))
        return (struct rustls_slice_bytes){NULL, 0};
    return gv_api_bytes(input->at[n]);
}

size_t rustls_slice_str_len(const struct rustls_slice_str *input)
{
    return input == NULL ? 0 : input->count;
}

struct rustls_str rustls_slice_str_get(const struct rustls_slice_str *input, size_t n)
{
    if (n >= rustls_slice_str_len(input))
        return (struct rustls_str){NULL, 0};
    return gv_api_str(input->at[n]);
}
