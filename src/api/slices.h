/* What rustls.h passes as slices, and the ways from spans to them. Nothing here owns bytes. */
#ifndef GALVAN_API_SLICES_H
#define GALVAN_API_SLICES_H

#include "base/span.h"
#include "rustls.h"

/* Borrowed arrays of borrowed byte strings, and of texts. */
struct rustls_slice_slice_bytes {
    const struct span *at;
    size_t count;
};
struct rustls_slice_str {
    const struct span *at;
    size_t count;
};

/* Neither answers NULL data: what is empty points at an empty string. */
static inline struct rustls_str gv_api_str(struct span s)
{
    return (struct rustls_str){s.at == NULL ? "" : (const char *)s.at, s.len};
}

static inline struct rustls_slice_bytes gv_api_bytes(struct span s)
{
    return (struct rustls_slice_bytes){s.at == NULL ? (const uint8_t *)"" : s.at, s.len};
}

/* A literal, or another text that ends with a NUL. */
static inline struct rustls_str gv_api_text(const char *text)
{
    return gv_api_str(span_str(text));
}

#endif
