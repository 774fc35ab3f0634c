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

bool gv_time_of(int year, int month, int day, int hour, int minute, int second, int64_t *out)
{
    if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month))
        return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return false;
    *out = days_from_1970(year, month, day) * SECONDS_IN_DAY + hour * 3600 + minute * 60 + second;
    return true;
}

int64_t gv_time_read(struct rd *r)
{
    uint8_t tag;
    struct rd t = rd_of(gv_der_any(r, &tag));
    int year = two_digits(&t);
    if (tag == DER_GENERALIZED_TIME)
        year = 100 * year + two_digits(&t);
    else if (tag == DER_UTC_TIME)
        year += year < 50 ? 2000 : 1900; /* RFC 5280 section 4.1.2.5.1 */
    else
        rd_fail(&t);
    int month = two_digits(&t), day = two_digits(&t);
    int hour = two_digits(&t), minute = two_digits(&t), second = two_digits(&t);
    int64_t seconds = 0;
    if (rd_u8(&t) != 'Z' || !rd_end(&t) ||
        !gv_time_of(year, month, day, hour, minute, second, &seconds))
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
