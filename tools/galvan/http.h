/* As much of HTTP/1.1 (RFC 9112) as a client needs that asks for one page, and a server that gives
 * one: each reads a message as its bytes come, with bounds on all of them. */
#ifndef GALVAN_TOOL_HTTP_H
#define GALVAN_TOOL_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HTTP_LINE_MAX = 8192, HTTP_PATH_MAX = 512 }; /* bytes */

/* ---- a response, at the client ---- */
enum http_part {
    HTTP_STATUS_LINE,
    HTTP_HEADER,
    HTTP_BODY,        /* `left` bytes of it to come */
    HTTP_BODY_TO_END, /* until the server closes */
    HTTP_CHUNK_SIZE,
    HTTP_CHUNK,
    HTTP_CHUNK_LINE_END,
    HTTP_TRAILER,
    HTTP_DONE
};

struct http_response {
    enum http_part part; /* begins as zeros */
    int status;          /* 0 until it is known, and where this is no HTTP */
    bool chunked, has_length, bad;
    uint64_t left;
    size_t line_len;
    char line[HTTP_LINE_MAX];
};

/* Takes the next n bytes, and leaves in their place what is to be shown: everything, but for the
 * marks of chunks and what follows the end. How many that are. */
size_t http_response_take(struct http_response *r, uint8_t *bytes, size_t n);

/* Whether all of it has come, the server having closed now or not. */
bool http_response_complete(const struct http_response *r, bool closed);

/* ---- a request, at the server ---- */
struct http_request {
    bool head;                    /* HEAD, else GET */
    char path[HTTP_PATH_MAX + 1]; /* printable ASCII; "" where it could not be read */
};

/* Reads the n bytes that have come so far. 0 where more have to come, 200 where *out is what is
 * asked for, else the status that says what is wrong with it. */
int http_request_read(struct http_request *out, const char *bytes, size_t n);

#endif
