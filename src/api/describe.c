/* What galvan.h says in words: certificates, alerts and signature schemes. */
#include "pki/describe.h"
#include "api/objects.h"
#include "api/result.h"
#include "api/slices.h"
#include "galvan.h"
#include "wire/alert.h"

struct listener {
    galvan_describe_callback callback;
    void *userdata;
};

static void pass_on(void *context, const char *field, const char *value)
{
    const struct listener *l = context;
    l->callback(l->userdata, field, value);
}

rustls_result galvan_certificate_describe(const uint8_t *der, size_t der_len,
                                          galvan_describe_callback callback, void *userdata)
{
    if (der == NULL || callback == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    struct certificate cert;
    enum gv_err err = gv_cert_parse(span_of(der, der_len), &cert);
    if (err != GV_OK)
        return gv_api_result(err);
    gv_cert_describe(&cert, pass_on, &(struct listener){callback, userdata});
    return RUSTLS_RESULT_OK;
}

uint16_t galvan_connection_get_signature_scheme(const struct rustls_connection *conn)
{
    return conn == NULL ? 0 : gv_connection_agreed(in_seen(conn))->signature_scheme;
}

struct rustls_str galvan_signature_scheme_name(uint16_t scheme)
{
    switch (scheme) {
#define X(name, code, text)                                                                        \
    case code:                                                                                     \
        return gv_api_text(text);
        SIGNATURE_SCHEMES(X)
#undef X
    default:
        return gv_api_text("");
    }
}

struct rustls_str galvan_alert_name(int32_t alert)
{
    bool is_byte = alert >= 0 && alert <= UINT8_MAX;
    return gv_api_text(is_byte ? gv_alert_name((uint8_t)alert) : "unknown");
}
