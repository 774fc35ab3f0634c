/* What every parser must hold. Each input is a heap block of its own. */
#include "lib/parser.h"

#include "lib/exact.h"
#include "wire/alert.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void expect(const struct parser *p, struct span body, enum gv_err want, const char *what)
{
    enum gv_err err = p->read(body);
    if (err != want)
        fail_msg("%s, %s at %zu bytes: %s, not %s", p->name, what, body.len, gv_err_name(err),
                 gv_err_name(want));
}

static size_t check_cuts(const struct parser *p, struct span good)
{
    for (size_t n = 0; n < good.len; n++) {
        bool whole = p->optional_from != 0 && n == p->optional_from;
        expect(p, exact_copy(span_of(good.at, n)), whole ? GV_OK : p->malformed, "cut");
    }
    expect(p, exact_join(good, span_of("", 1)), p->malformed, "one more");
    return good.len + 1;
}

/* Whatever a changed byte means, the parser reads no byte that is not there, and finds fault with
 * what the peer sent, not with itself. */
static size_t check_bytes(const struct parser *p)
{
    size_t tried = 0;
    struct span good = exact_hex(p->good);
    for (size_t at = 0; at < good.len; at++) {
        for (unsigned with = 1; with < 256; with++, tried++) {
            enum gv_err err = p->read(exact_flip(good, at, (uint8_t)with));
            enum alert alert = gv_alert_of(err);
            if (err != GV_OK && alert != ALERT_DECODE_ERROR && alert != ALERT_ILLEGAL_PARAMETER)
                fail_msg("%s: byte %zu ^ %02x: %s", p->name, at, with, gv_err_name(err));
        }
        exact_forget();
        good = exact_hex(p->good);
    }
    return tried;
}

size_t parser_check(const struct parser *p)
{
    struct span good = exact_hex(p->good);
    expect(p, good, GV_OK, "whole");
    size_t tried = check_cuts(p, good) + check_bytes(p);
    exact_forget();
    return tried;
}
