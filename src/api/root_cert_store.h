/* Trusted certificates out of PEM text and files. */
#ifndef GALVAN_API_ROOT_CERT_STORE_H
#define GALVAN_API_ROOT_CERT_STORE_H

#include "pki/anchor.h"
#include "rustls.h"

/* Adds every certificate of the text, or none and an error: PEM_PARSE, NO_MEMORY. With strict, also
 * PEM_PARSE where there is none or one is malformed. */
enum gv_err gv_api_add_roots(struct anchor_builder *b, struct span pem, bool strict);

/* The same for a file; RUSTLS_RESULT_IO where it cannot be read. */
rustls_result gv_api_add_roots_of_file(struct anchor_builder *b, const char *path, bool strict);

#endif
