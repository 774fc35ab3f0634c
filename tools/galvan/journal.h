/* The server's log on standard output: one line for each event, for people or as JSON. */
#ifndef GALVAN_TOOL_JOURNAL_H
#define GALVAN_TOOL_JOURNAL_H

#include "peer.h"

void journal_listening(const struct service *service, const char *address);
void journal_stopped(const struct service *service, unsigned long connections);

/* Once for each peer, however often it is called. */
void journal_connection(struct peer *p);

#endif
