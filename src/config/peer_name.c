/* Server names, carried. */
#include "config/peer_name.h"

#include "pki/name.h"

enum gv_err gv_peer_name_keep(struct arena *arena, const struct server_name *name,
                              const struct server_name **out)
{
    struct server_name *copy = gv_arena_take(arena, sizeof *copy);

    if (copy == NULL)
        RAISE(NO_MEMORY);
    *copy = *name;
    *out = copy;
    return GV_OK;
}

struct span gv_peer_name_host(const struct server_name *name)
{
    return gv_server_name_host(name);
}

struct span gv_peer_name_bytes(const struct server_name *name)
{
    return gv_server_name_bytes(name);
}
