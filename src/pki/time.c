/* Times: two digits after two digits, and the days of the Gregorian calendar. */
#include "pki/time.h"

#include <stdio.h>

enum {
    DAYS_TO_1970 = 719468, /* from 0000-03-01 */
    DAYS_IN_ERA = 146097,  /* 400 years */
    SECONDS_IN_DAY = 86400
};

static int two_digits(struct rd *r)
{
    unsigned tens = (unsigned)rd_u8(r) - '0', ones = (unsigned)rd_u8(r) - '0';
    if (tens > 9 || ones > 9) {
        rd_fail(r);
        return 0;
    }
    return (int)(10 * tens + ones);
}

static int days_in_month(int year, int month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Years begin in March here, so that the leap day is a year's last. */
static int64_t days_from_1970(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400, year_of_era = y % 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (int64_t)era * DAYS_IN_ERA + day_of_era - DAYS_TO_1970;
}

bool gv_time_of(const struct date_time *t, int64_t *out)
{
    if (t->year < 1 || t->year > 9999 || t->month < 1 || t->month > 12 || t->day < 1 ||
        t->day > days_in_month(t->year, t->month))
        return false;
    if (t->hour < 0 || t->hour > 23 || t->minute < 0 || t->minute > 59 || t->second < 0 ||
        t->second > 59)
        return false;
    *out = days_from_1970(t->year, t->month, t->day) * SECONDS_IN_DAY + t->hour * 3600 +
           t->minute * 60 + t->second;
    return true;
}

int64_t gv_time_read(struct rd *r)
{
    uint8_t tag;
    struct rd in = rd_of(gv_der_any(r, &tag));
    struct date_time t = {.year = two_digits(&in)};
    if (tag == DER_GENERALIZED_TIME)
        t.year = 100 * t.year + two_digits(&in);
    else if (tag == DER_UTC_TIME)
        t.year += t.year < 50 ? 2000 : 1900; /* RFC 5280 section 4.1.2.5.1 */
    else
        rd_fail(&in);
    t.month = two_digits(&in);
    t.day = two_digits(&in);
    t.hour = two_digits(&in);
    t.minute = two_digits(&in);
    t.second = two_digits(&in);
    int64_t seconds = 0;
    if (rd_u8(&in) != 'Z' || !rd_end(&in) || !gv_time_of(&t, &seconds))
        rd_fail(r);
    return seconds;
}

void gv_time_text(int64_t seconds, char out[TIME_TEXT])
{
    const int64_t last = INT64_C(253402300799), first = INT64_C(-62135596800); /* years 9999, 1 */
    seconds = seconds > last ? last : seconds < first ? first : seconds;
    int64_t shifted = seconds - first; /* since 0001-01-01, so that nothing below is negative */
    int64_t days = shifted / SECONDS_IN_DAY + 306; /* since 0000-03-01 */
    unsigned rest = (unsigned)(shifted % SECONDS_IN_DAY);
    unsigned era = (unsigned)(days / DAYS_IN_ERA), doe = (unsigned)(days % DAYS_IN_ERA);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100), march = (5 * doy + 2) / 153;
    unsigned day = doy - (153 * march + 2) / 5 + 1, month = march < 10 ? march + 3 : march - 9;
    unsigned year = 400 * era + yoe + (month <= 2);
    (void)snprintf(out, TIME_TEXT, "%04u-%02u-%02uT%02u:%02u:%02uZ", year % 10000, month % 100,
                   day % 100, rest / 3600 % 24, rest / 60 % 60, rest % 60);
}
