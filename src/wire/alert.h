/* Which alert an error is told the peer with, and what alerts are called. */
#ifndef GALVAN_WIRE_ALERT_H
#define GALVAN_WIRE_ALERT_H

#include "base/error.h"
#include "wire/codepoints.h"

/* The alert of base/error.def's row; ALERT_NONE where the peer is told nothing. */
enum alert gv_alert_of(enum gv_err err);

/* IANA's name, "unexpected_message"; "unknown" for a number without one. Static. */
const char *gv_alert_name(uint8_t alert);

#endif
