/* KeyUpdate, in both roles (RFC 9846 section 4.6.3). */
#include "handshake/internal.h"

enum gv_err gv_up13_key_update(struct hs *hs, const struct hs_in *in, uint8_t *next)
{
    uint8_t request;

    TRY(gv_wire_read_key_update(in->body, &request));
    TRY(hs->door->key_updated(hs->connection, request == KEY_UPDATE_REQUESTED));
    *next = hs->state;
    return GV_OK;
}

struct span gv_hs_key_update(bool request, uint8_t out[KEY_UPDATE_LEN])
{
    struct wr w = wr_of(out, KEY_UPDATE_LEN);

    gv_wire_write_key_update(&w, request ? KEY_UPDATE_REQUESTED : KEY_UPDATE_NOT_REQUESTED);
    return wr_span(&w);
}
