/* Record headers. */
#include "record/deframe.h"

#include "base/reader.h"

enum { VERSION_MAJOR = 3 }; /* SSL 3.0 to TLS 1.3 share it; legacy_record_version is ignored */

enum gv_err gv_deframe(struct span bytes, struct record *out, bool *found)
{
    struct rd r = rd_of(bytes);

    *found = false;
    if (bytes.len < RECORD_HEADER)
        return GV_OK;
    out->type = rd_u8(&r);
    uint8_t major = rd_u8(&r);
    rd_u8(&r);
    out->len = rd_u16(&r);
    if (out->type < CONTENT_CHANGE_CIPHER_SPEC || out->type > CONTENT_APPLICATION_DATA)
        RAISE(RECORD_TYPE_UNKNOWN);
    if (major != VERSION_MAJOR)
        RAISE(RECORD_VERSION_UNKNOWN);
    if (out->len > FRAGMENT_MAX + EXPANSION12)
        RAISE(RECORD_TOO_LONG);
    out->complete = r.left >= out->len;
    *found = true;
    return GV_OK;
}

size_t gv_record_size(struct span bytes)
{
    struct rd r = rd_of(bytes);
    rd_bytes(&r, RECORD_HEADER - 2);
    return RECORD_HEADER + rd_u16(&r);
}
