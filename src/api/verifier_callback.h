/* The verifier that asks the application. */
#ifndef GALVAN_API_VERIFIER_CALLBACK_H
#define GALVAN_API_VERIFIER_CALLBACK_H

#include "config/verifier.h"
#include "rustls.h"

/* NULL where memory is out. Holds on to the provider. */
struct verifier *gv_api_callback_verifier_new(const struct provider *provider,
                                              rustls_verify_server_cert_callback callback);

#endif
