/* Sessions for tests: made of a few bytes that tell them apart. */
#ifndef GALVAN_TEST_SESSIONS_H
#define GALVAN_TEST_SESSIONS_H

#include "config/session_store.h"

enum { SESSION_ISSUED_MS = 1000000, SESSION_LIFETIME = 3600 };

/* One with everything in it, two certificates too. Static. */
const struct session *full_session(void);

/* A new one of that version whose ticket is the one byte `mark`, issued at
 * SESSION_ISSUED_MS for SESSION_LIFETIME. Stops the test where memory is out. */
struct session *marked_session(uint16_t version, uint8_t mark);

/* What the store has under the key, where it fits into cap bytes: out and *len. */
enum session_found sessions_get(const struct session_store *store, void *userdata, struct span key,
                                bool remove, uint8_t *out, size_t cap, size_t *len);

/* Everything but the references is the same. */
bool same_session(const struct session *a, const struct session *b);

#endif
