/* The texts of base/error.def, and where the newest error of each thread was born. */
#include "base/error.h"

static const struct {
    const char *name, *text;
} rows[GV_ERR_COUNT] = {
    [GV_OK] = {"OK", "no error"},
#define GV_ERROR(name, alert, result, text) [GV_E_##name] = {#name, text},
#include "base/error.def"
#undef GV_ERROR
};

static _Thread_local const char *birth = "";

enum gv_err gv_raise(enum gv_err err, const char *where)
{
    birth = where;
    return err;
}

const char *gv_err_birth(void)
{
    return birth;
}

const char *gv_err_name(enum gv_err err)
{
    return rows[err < GV_ERR_COUNT ? err : GV_OK].name;
}

const char *gv_err_text(enum gv_err err)
{
    return rows[err < GV_ERR_COUNT ? err : GV_OK].text;
}
