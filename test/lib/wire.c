/* A network in memory. Needs nothing of the library. */
#include "lib/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

rustls_io_result wire_read(void *userdata, uint8_t *buf, size_t n, size_t *out_n)
{
    struct wire *wire = userdata;
    wire->calls++;
    wire->asked = n;
    if (wire->error != 0)
        return wire->error;
    if (wire->len == 0 && !wire->ended)
        return EAGAIN;
    size_t given = least(n, wire->len);
    if (wire->at_most != 0)
        given = least(given, wire->at_most);
    memcpy(buf, wire->at, given);
    wire->len -= given;
    memmove(wire->at, wire->at + given, wire->len);
    *out_n = given;
    return 0;
}

/* Puts what fits, answers how much that is. */
static size_t append(struct wire *wire, const void *bytes, size_t n)
{
    size_t taken = least(n, WIRE_ROOM - wire->len);
    if (taken != 0)
        memcpy(wire->at + wire->len, bytes, taken);
    wire->len += taken;
    return taken;
}

rustls_io_result wire_write(void *userdata, const uint8_t *buf, size_t n, size_t *out_n)
{
    struct wire *wire = userdata;
    wire->calls++;
    if (wire->error != 0)
        return wire->error;
    if (wire->len == WIRE_ROOM)
        return EAGAIN;
    *out_n = append(wire, buf, wire->accepts != 0 ? least(n, wire->accepts) : n);
    return 0;
}

rustls_io_result wire_write_vectored(void *userdata, const struct rustls_iovec *parts, size_t count,
                                     size_t *out_n)
{
    struct wire *wire = userdata;
    const struct iovec *iov = (const struct iovec *)parts;
    wire->calls++;
    wire->parts = count;
    if (wire->error != 0)
        return wire->error;
    size_t left = wire->accepts != 0 ? wire->accepts : SIZE_MAX;
    size_t total = 0;
    for (size_t i = 0; i < count && left != 0; i++) {
        size_t taken = append(wire, iov[i].iov_base, least(iov[i].iov_len, left));
        left -= taken;
        total += taken;
    }
    *out_n = total;
    return 0;
}

void wire_put(struct wire *wire, const void *bytes, size_t n)
{
    append(wire, bytes, n);
}

void wire_clear(struct wire *wire)
{
    wire->len = 0;
}

bool wire_record(const struct wire *wire, size_t index, struct wire_record *out)
{
    enum { HEADER = 5 };
    size_t at = 0;
    for (;; index--) {
        if (wire->len - at < HEADER)
            return false;
        const uint8_t *header = wire->at + at;
        out->type = header[0];
        out->version = (uint16_t)(header[1] << 8 | header[2]);
        out->len = (size_t)header[3] << 8 | header[4];
        out->offset = at + HEADER;
        if (out->len > wire->len - out->offset)
            return false;
        if (index == 0)
            return true;
        at = out->offset + out->len;
    }
}

size_t wire_records(const struct wire *wire)
{
    struct wire_record record;
    size_t count = 0;
    while (wire_record(wire, count, &record))
        count++;
    return count;
}
