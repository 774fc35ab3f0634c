/* What to try when a connection failed: one table, from what the library says went wrong. */
#ifndef GALVAN_TOOL_ADVICE_H
#define GALVAN_TOOL_ADVICE_H

#include "galvan.h"

enum role { ROLE_CLIENT = 1, ROLE_SERVER = 2 };

/* A sentence for the person at this end; never NULL. */
const char *advice_for(const struct galvan_error_detail *failure, enum role role);

#endif
