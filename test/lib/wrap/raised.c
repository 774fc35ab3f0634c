/* Notes which rows of base/error.def are raised, once each, in the file that GALVAN_RAISED names:
 * house/test_raised.sh asks that every row is. Linked with --wrap=gv_raise, so that the library knows
 * nothing of it. */
#include "base/error.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum gv_err __real_gv_raise(enum gv_err err, const char *where);
enum gv_err __wrap_gv_raise(enum gv_err err, const char *where);

static int notes = -1;
static atomic_bool noted[GV_ERR_COUNT];

__attribute__((constructor)) static void open_notes(void)
{
    const char *path = getenv("GALVAN_RAISED");
    if (path != NULL)
        notes = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
}

/* One write for each line, for children write into it too. */
static void note(const char *name)
{
    char line[128];
    size_t len = strlen(name);
    if (len + 1 > sizeof line)
        abort();
    memcpy(line, name, len);
    line[len] = '\n';
    if (write(notes, line, len + 1) < 0)
        abort();
}

enum gv_err __wrap_gv_raise(enum gv_err err, const char *where)
{
    if (notes >= 0 && !atomic_exchange(&noted[err], true))
        note(gv_err_name(err));
    return __real_gv_raise(err, where);
}
