/* The certificates of test/certs, read with the library's own PEM reader. */
#ifndef GALVAN_TEST_CERTS_H
#define GALVAN_TEST_CERTS_H

#include "base/span.h"

/* A whole file of test/certs; it lives until the program ends. Stops the program where there is no
 * such file. */
struct span certs_file(const char *name);

/* The DER of the first section of NAME.pem, and of up to max sections of it in order. */
struct span certs_der(const char *name);
size_t certs_chain(const char *name, struct span *out, size_t max);

#endif
