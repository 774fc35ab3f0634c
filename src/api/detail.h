/* How a connection's failure is told to the application, beyond its number. */
#ifndef GALVAN_API_DETAIL_H
#define GALVAN_API_DETAIL_H

#include "connection/connection.h"
#include "galvan.h"

/* The RUSTLS_RESULT_ of a failure; for an alert of the peer's, the one of that alert. */
uint32_t gv_api_failure_result(const struct failure *f);

/* Does what galvan_connection_error_detail says, for a failure that was found. */
uint32_t gv_api_detail(const struct failure *f, struct galvan_error_detail *out, size_t size);

#endif
