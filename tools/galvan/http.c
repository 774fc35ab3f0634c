/* HTTP/1.1, read a line at a time. */
#include "http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- responses ------------------------------------------------------------------------------ */

enum { STATUS_MIN = 100, STATUS_MAX = 999 };

static void not_http(struct http_response *r)
{
    r->bad = true;
    r->part = HTTP_BODY_TO_END;
}

static void take_status_line(struct http_response *r)
{
    const char *code = strchr(r->line, ' ');
    if (strncmp(r->line, "HTTP/1.", 7) != 0 || code == NULL) {
        not_http(r);
        return;
    }
    long status = strtol(code, NULL, 10);
    if (status < STATUS_MIN || status > STATUS_MAX) {
        not_http(r);
        return;
    }
    r->status = (int)status;
    r->chunked = r->has_length = false;
    r->part = HTTP_HEADER;
}

/* A number of the base with nothing but spaces or ';' behind it. */
static bool read_number(const char *text, int base, uint64_t *out)
{
    char *end;
    text += strspn(text, " \t");
    size_t digits = strspn(text, base == 16 ? "0123456789abcdefABCDEF" : "0123456789");
    unsigned long long value = strtoull(text, &end, base);
    end += strspn(end, " \t");
    *out = value;
    return digits > 0 && digits < 16 && (*end == '\0' || *end == ';');
}

static void take_header(struct http_response *r, const char *line)
{
    static const char length[] = "content-length:", coding[] = "transfer-encoding:";
    if (strncasecmp(line, length, sizeof length - 1) == 0) {
        r->has_length = true;
        if (!read_number(line + sizeof length - 1, 10, &r->left))
            not_http(r);
    }
    /* "chunked" is the last coding and comes once (RFC 9112 section 6.1). */
    size_t len = strlen(line);
    if (strncasecmp(line, coding, sizeof coding - 1) == 0 && len >= 7)
        r->chunked = strcasecmp(line + len - 7, "chunked") == 0;
}

/* RFC 9112 section 6.3 */
static void end_header(struct http_response *r)
{
    if (r->status < 200 && r->status != 101)
        r->part = HTTP_STATUS_LINE; /* an interim response; the one asked for follows */
    else if (r->status == 204 || r->status == 304)
        r->part = HTTP_DONE;
    else if (r->chunked)
        r->part = HTTP_CHUNK_SIZE;
    else if (!r->has_length)
        r->part = HTTP_BODY_TO_END;
    else
        r->part = r->left == 0 ? HTTP_DONE : HTTP_BODY;
}

static void take_line(struct http_response *r)
{
    size_t len = r->line_len;
    if (len > 0 && r->line[len - 1] == '\r')
        len--;
    r->line[len] = '\0';
    r->line_len = 0;
    switch (r->part) {
    case HTTP_STATUS_LINE:
        take_status_line(r);
        break;
    case HTTP_HEADER:
        if (len == 0)
            end_header(r);
        else
            take_header(r, r->line);
        break;
    case HTTP_CHUNK_SIZE:
        if (!read_number(r->line, 16, &r->left))
            not_http(r);
        else
            r->part = r->left == 0 ? HTTP_TRAILER : HTTP_CHUNK;
        break;
    case HTTP_CHUNK_LINE_END:
        r->part = HTTP_CHUNK_SIZE;
        break;
    default: /* HTTP_TRAILER */
        if (len == 0)
            r->part = HTTP_DONE;
        break;
    }
}

static void take_line_byte(struct http_response *r, uint8_t byte)
{
    if (byte == '\n')
        take_line(r);
    else if (r->line_len + 1 < sizeof r->line)
        r->line[r->line_len++] = (char)byte;
    else
        not_http(r);
}

/* Bytes of a body, up to n; how many. */
static size_t take_body(struct http_response *r, size_t n)
{
    if (r->part == HTTP_BODY_TO_END)
        return n;
    size_t some = r->left < n ? (size_t)r->left : n;
    r->left -= some;
    if (r->left == 0)
        r->part = r->part == HTTP_BODY ? HTTP_DONE : HTTP_CHUNK_LINE_END;
    return some;
}

size_t http_response_take(struct http_response *r, uint8_t *bytes, size_t n)
{
    size_t shown = 0;
    for (size_t i = 0; i < n && r->part != HTTP_DONE;) {
        bool body = r->part == HTTP_BODY || r->part == HTTP_BODY_TO_END || r->part == HTTP_CHUNK;
        bool header = r->part == HTTP_STATUS_LINE || r->part == HTTP_HEADER;
        size_t some = body ? take_body(r, n - i) : 1;
        if (!body)
            take_line_byte(r, bytes[i]);
        if (body || header) {
            memmove(bytes + shown, bytes + i, some);
            shown += some;
        }
        i += some;
    }
    return shown;
}

bool http_response_complete(const struct http_response *r, bool closed)
{
    return r->part == HTTP_DONE || (closed && r->part == HTTP_BODY_TO_END);
}

/* ---- requests ------------------------------------------------------------------------------- */

/* "GET /path HTTP/1.1" without its line end. */
static int read_request_line(struct http_request *out, const char *line, size_t len)
{
    const char *path = memchr(line, ' ', len);
    if (path == NULL)
        return 400;
    size_t method_len = (size_t)(path++ - line), rest = len - method_len - 1;
    const char *version = memchr(path, ' ', rest);
    if (version == NULL)
        return 400;
    size_t path_len = (size_t)(version++ - path), version_len = rest - path_len - 1;
    if (path_len > HTTP_PATH_MAX)
        return 414;
    for (size_t i = 0; i < path_len; i++) {
        if (path[i] <= ' ' || path[i] > '~')
            return 400;
    }
    memcpy(out->path, path, path_len);
    out->path[path_len] = '\0';
    if (version_len != 8 || memcmp(version, "HTTP/1.", 7) != 0)
        return memcmp(version, "HTTP/", version_len < 5 ? version_len : 5) == 0 ? 505 : 400;
    out->head = method_len == 4 && memcmp(line, "HEAD", 4) == 0;
    if (!out->head && (method_len != 3 || memcmp(line, "GET", 3) != 0))
        return 405;
    return path[0] == '/' ? 200 : 400;
}

int http_request_read(struct http_request *out, const char *bytes, size_t n)
{
    *out = (struct http_request){.head = false};
    const char *line_end = n == 0 ? NULL : memchr(bytes, '\n', n);
    if (line_end == NULL)
        return n < HTTP_LINE_MAX ? 0 : 414;
    size_t len = (size_t)(line_end - bytes);
    int status = read_request_line(out, bytes, len > 0 && bytes[len - 1] == '\r' ? len - 1 : len);
    if (status != 200)
        return status;
    /* The header ends with an empty line; what it says does not matter here. */
    for (size_t i = len; i + 1 < n; i++) {
        if (bytes[i] != '\n')
            continue;
        if (bytes[i + 1] == '\n' || (bytes[i + 1] == '\r' && i + 2 < n && bytes[i + 2] == '\n'))
            return 200;
    }
    return n < HTTP_LINE_MAX ? 0 : 431;
}
