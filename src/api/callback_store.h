/* Sessions in a store that is two functions of the application's. */
#ifndef GALVAN_API_CALLBACK_STORE_H
#define GALVAN_API_CALLBACK_STORE_H

#include "config/session_store.h"
#include "rustls.h"

/* Neither may be NULL. NO_MEMORY. */
enum gv_err gv_callback_store_new(struct session_store **out, rustls_session_store_get_callback get,
                                  rustls_session_store_put_callback put);

#endif
