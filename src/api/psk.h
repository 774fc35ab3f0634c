/* External pre-shared keys, between galvan.h and the library. */
#ifndef GALVAN_API_PSK_H
#define GALVAN_API_PSK_H

#include "api/objects.h"
#include "galvan.h"

/* Replaces the keys of a config. */
rustls_result gv_api_set_psks(struct config_common *c, const struct galvan_psk *psks, size_t count);

/* All zero for NULL. */
struct psk_finder gv_api_psk_finder(galvan_psk_callback callback);

#endif
