/* A provider whose cryptography lets everything pass, for fuzzers that want to come behind it: its
 * lists are the OpenSSL provider's, with the same names, code points and lengths, but
 *
 *   - sealing copies the text and puts FAKE_TAG bytes behind it, opening drops them unseen;
 *   - every key share of the right length is good, and every secret is the same;
 *   - every signature verifies, but the empty one;
 *   - random bytes are the same in every run after fake_provider_reset.
 *
 * Digests are real. Private keys load as they do, and sign with one byte. */
#ifndef GALVAN_TEST_FAKE_PROVIDER_H
#define GALVAN_TEST_FAKE_PROVIDER_H

#include "crypto/provider.h"

enum { FAKE_TAG = 0xaa, FAKE_SECRET = 0x5e, FAKE_SIGNATURE = 0x51 };

/* Not thread-safe. */
const struct provider *fake_provider(void);

/* Random bytes begin again, in both streams; and which of the two they come from now, so that what
 * one side draws does not depend on what the other drew. The first, unless told otherwise. */
void fake_provider_reset(void);
void fake_provider_stream(bool second);

#endif
