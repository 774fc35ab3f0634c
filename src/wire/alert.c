/* The alert column of base/error.def, and the names of alerts. */
#include "wire/alert.h"

#include <stddef.h>

static const uint8_t alerts[GV_ERR_COUNT] = {
    [GV_OK] = ALERT_NONE,
#define GV_ERROR(name, alert, result, text) [GV_E_##name] = ALERT_##alert,
#include "base/error.def"
#undef GV_ERROR
};

enum alert gv_alert_of(enum gv_err err)
{
    return (enum alert)alerts[err];
}

static const struct {
    uint8_t code;
    const char *name;
} names[] = {
#define X(name, code, text) {code, text},
    ALERTS(X) ALERTS_WITHOUT_RESULT(X)
#undef X
};

const char *gv_alert_name(uint8_t alert)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].code == alert)
            return names[i].name;
    return "unknown";
}
