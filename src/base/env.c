/* The environment, over POSIX. */
#include "base/env.h"

#include <stdlib.h>
#include <unistd.h>

const char *gv_env_get(const char *name)
{
    if (getuid() != geteuid() || getgid() != getegid())
        return NULL;
    const char *value = getenv(name);
    return value == NULL || *value == '\0' ? NULL : value;
}
