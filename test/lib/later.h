/* A side of a connection whose signer, chooser of certificates and store of sessions are elsewhere:
 * each of them is asked, answers "later", and is made to answer by the test. One connection of each
 * role at a time, for what is asked is kept in static memory, so that nothing is allocated. */
#ifndef GALVAN_TEST_LATER_H
#define GALVAN_TEST_LATER_H

#include "lib/bare.h"

/* Turns both sides' keys, and the server's store where it has one, into such as answer later. The
 * client's and the server's first certified key is what will be chosen. */
void later_install(struct bare *p);

/* Answers all that either side waits for; false where that is nothing. Errors go where bare_run's
 * go. */
bool later_answer(struct bare *p);

#endif
