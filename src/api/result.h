/* From the library's errors and the peer's alerts to the numbers of rustls.h. */
#ifndef GALVAN_API_RESULT_H
#define GALVAN_API_RESULT_H

#include "base/error.h"

#include <stdint.h>

/* The RUSTLS_RESULT_ of an error, by its row in base/error.def; RUSTLS_RESULT_OK for GV_OK. */
uint32_t gv_api_result(enum gv_err err);

/* The RUSTLS_RESULT_ALERT_ of an alert that the peer sent; _UNKNOWN for one of no registration. */
uint32_t gv_api_alert_result(uint8_t alert);

#endif
