/* The OpenSSL provider, whose nth call fails: every digest, cipher, key exchange, signature and
 * random number is counted, and one of them answers an error instead of being done. */
#ifndef GALVAN_TEST_FAILING_PROVIDER_H
#define GALVAN_TEST_FAILING_PROVIDER_H

#include "crypto/provider.h"

/* Not thread-safe. */
const struct provider *failing_provider(void);

/* Lets the nth call from now on (1 is the next) fail; 0: none. */
void failing_provider_fail_at(size_t n);

/* Calls so far; and the name of the one that failed last, "aead.seal"; NULL: none did. */
size_t failing_provider_calls(void);
const char *failing_provider_failed(void);

#endif
