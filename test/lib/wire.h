/* One direction of a network, in memory: the callbacks of rustls.h write at its end and read at its
 * beginning, and a test looks at what is on it, or changes it. */
#ifndef GALVAN_TEST_WIRE_H
#define GALVAN_TEST_WIRE_H

#include "rustls.h"

enum { WIRE_ROOM = 256 * 1024 };

struct wire {
    uint8_t at[WIRE_ROOM];
    size_t len;     /* bytes that are on it */
    size_t at_most; /* bytes that one read gives; 0: as many as it asks for */
    size_t accepts; /* bytes that one write is let have; 0: all */
    bool ended;     /* an empty wire reads as the end of the stream, not as EAGAIN */
    int error;      /* what the next calls answer instead, where it is not 0 */
    size_t asked;   /* for how many bytes the last read asked */
    size_t calls;   /* of a callback, so far */
    size_t parts;   /* that the last vectored write brought */
};

/* With a struct wire as userdata. */
rustls_io_result wire_read(void *wire, uint8_t *buf, size_t n, size_t *out_n);
rustls_io_result wire_write(void *wire, const uint8_t *buf, size_t n, size_t *out_n);
rustls_io_result wire_write_vectored(void *wire, const struct rustls_iovec *iov, size_t count,
                                     size_t *out_n);

/* Puts bytes on it as a peer would. */
void wire_put(struct wire *wire, const void *bytes, size_t n);
void wire_clear(struct wire *wire);

/* The record at that index, counted from the beginning of the wire (RFC 9846 section 5.1). False
 * where the wire ends before it does. */
struct wire_record {
    uint8_t type;
    uint16_t version;
    size_t offset, len; /* of its payload */
};
bool wire_record(const struct wire *wire, size_t index, struct wire_record *out);
size_t wire_records(const struct wire *wire);

#endif
