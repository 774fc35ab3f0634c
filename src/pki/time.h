/* Times in certificates and revocation lists (RFC 5280 section 4.1.2.5), as seconds since 1970. */
#ifndef GALVAN_PKI_TIME_H
#define GALVAN_PKI_TIME_H

#include "pki/der.h"

enum { TIME_TEXT = sizeof "9999-12-31T23:59:59Z" };

/* A UTCTime as YYMMDDHHMMSSZ or a GeneralizedTime as YYYYMMDDHHMMSSZ: no fractions, no other zone,
 * no second 60. Fails the reader on any other. */
int64_t gv_time_read(struct rd *r);

/* Writes "2026-11-22T10:00:00Z". */
void gv_time_text(int64_t seconds, char out[TIME_TEXT]);

/* Seconds since 1970 of a day and a time of day; false where there is no such day or time. */
struct date_time {
    int year, month, day, hour, minute, second;
};
bool gv_time_of(const struct date_time *t, int64_t *out);

#endif
