/* Private keys of test/certs for tests of the crypto room. */
#ifndef GALVAN_TEST_KEYS_H
#define GALVAN_TEST_KEYS_H

#include "crypto/provider.h"

enum { TEST_KEY_DER_MAX = 4096 };

/* The DER in test/certs/NAME.key. Fails the test where there is none. */
struct span test_key_der(const char *name, uint8_t place[TEST_KEY_DER_MAX]);

/* That key, loaded with the OpenSSL provider. The caller frees it. */
struct signing_key *test_key(const char *name);

#endif
