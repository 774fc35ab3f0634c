/* The verifier that asks the application about a server's certificates. It checks nothing itself:
 * name, path and time are the callback's business. CertificateVerify is not asked about here. */
#include "api/verifier_callback.h"

#include "api/slices.h"
#include "base/mem.h"
#include "pki/name.h"

#include <stdio.h>

struct callback_verifier {
    struct verifier verifier;
    rustls_verify_server_cert_callback callback;
};

/* The codes that refuse with an error of their own; each has a row in base/error.def. */
#define CALLBACK_CODES(X)                                                                          \
    X(ENCODING_BAD)                                                                                \
    X(EXPIRED)                                                                                     \
    X(NOT_YET_VALID)                                                                               \
    X(REVOKED)                                                                                     \
    X(UNHANDLED_CRITICAL_EXTENSION)                                                                \
    X(UNKNOWN_ISSUER)                                                                              \
    X(BAD_SIGNATURE)                                                                               \
    X(NOT_VALID_FOR_NAME)                                                                          \
    X(INVALID_PURPOSE)                                                                             \
    X(APPLICATION_VERIFICATION_FAILURE)                                                            \
    X(OTHER_ERROR)                                                                                 \
    X(EXPIRED_REVOCATION_LIST)

static enum gv_err error_of(uint32_t code)
{
    switch (code) {
    case RUSTLS_RESULT_OK:
        return GV_OK;
#define X(name)                                                                                    \
    case RUSTLS_RESULT_CERT_##name:                                                                \
        RAISE(CALLBACK_##name);
        CALLBACK_CODES(X)
#undef X
    default:
        RAISE(CALLBACK_GENERAL);
    }
}

static enum gv_err verify(const struct verifier *v, const struct certificate_question *q,
                          struct detail *detail)
{
    char ip[IP_TEXT], code[16];
    const struct rustls_slice_slice_bytes rest = {q->chain + 1, q->count - 1};
    const struct rustls_verify_server_cert_params params = {
        .end_entity_cert_der = gv_api_bytes(q->chain[0]),
        .intermediate_certs_der = &rest,
        .server_name = gv_api_str(gv_server_name_text(q->name, ip)),
        .ocsp_response = gv_api_bytes(q->ocsp),
    };
    uint32_t answer = ((const struct callback_verifier *)v)->callback(q->userdata, &params);
    enum gv_err err = error_of(answer);
    if (err != GV_OK) {
        (void)snprintf(code, sizeof code, "%lu", (unsigned long)answer);
        gv_detail_note(detail, "the application's verifier", "7000", code);
    }
    return err;
}

static void release(struct verifier *v)
{
    gv_provider_free(v->provider);
    gv_mem_free(v);
}

struct verifier *gv_api_callback_verifier_new(const struct provider *provider,
                                              rustls_verify_server_cert_callback callback)
{
    struct callback_verifier *v = gv_mem_alloc(sizeof *v);
    if (v == NULL)
        return NULL;
    gv_ref_init(&v->verifier.refs);
    v->verifier.verify = verify;
    v->verifier.free = release;
    v->verifier.provider = gv_provider_ref(provider);
    v->callback = callback;
    return &v->verifier;
}
