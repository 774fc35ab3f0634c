/* Certificates: borrowed DER, and DER out of PEM. */
#include "api/objects.h"
#include "api/result.h"
#include "base/buffer.h"
#include "galvan.h"
#include "pki/pem.h"

enum { CERTIFICATE_MAX = 0xffffff }; /* RFC 9846 section 4.4.2: opaque cert_data<1..2^24-1> */

rustls_result rustls_certificate_get_der(const struct rustls_certificate *cert,
                                         const uint8_t **out_der_data, size_t *out_der_len)
{
    if (cert == NULL || out_der_data == NULL || out_der_len == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    *out_der_data = in_certificate(cert)->at;
    *out_der_len = in_certificate(cert)->len;
    return RUSTLS_RESULT_OK;
}

struct listener {
    void (*callback)(void *userdata, struct rustls_slice_bytes der);
    void *userdata;
};

static enum gv_err tell_each(struct span pem, struct buffer *der, const struct listener *l)
{
    struct pem text = {pem};
    for (size_t count = 0;; count++) {
        enum pem_kind kind;
        TRY(gv_pem_next(&text, PEM_WANT(PEM_CERTIFICATE), &kind, der));
        if (kind == PEM_END && count == 0)
            RAISE(PEM_PARSE);
        if (kind == PEM_END)
            return GV_OK;
        struct span s = gv_buffer_span(der);
        l->callback(l->userdata, (struct rustls_slice_bytes){s.at, s.len});
    }
}

rustls_result galvan_pem_certificates(const uint8_t *pem, size_t pem_len,
                                      void (*callback)(void *userdata,
                                                       struct rustls_slice_bytes der),
                                      void *userdata)
{
    struct buffer der;
    if (pem == NULL || callback == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    gv_buffer_init(&der, CERTIFICATE_MAX);
    enum gv_err err =
        tell_each(span_of(pem, pem_len), &der, &(struct listener){callback, userdata});
    gv_buffer_drop(&der);
    return gv_api_result(err);
}
