/* The application's callbacks as a config's chooser of certified keys. */
#ifndef GALVAN_API_CLIENT_HELLO_H
#define GALVAN_API_CLIENT_HELLO_H

#include "config/hello.h"
#include "galvan.h"

struct key_chooser gv_api_key_chooser(rustls_client_hello_callback callback);
struct key_chooser gv_api_key_chooser_later(galvan_client_hello_callback callback);
struct client_key_chooser gv_api_client_key_chooser(galvan_certificate_request_callback callback);

#endif
