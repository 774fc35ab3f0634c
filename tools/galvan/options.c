/* Options' values: hosts and ports, numbers, lists. */
#include "options.h"

#include "tool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PROTOCOL_MAX = 255, PORT_MAX = 65535 }; /* RFC 7301 section 3.1; RFC 9293 section 3.1 */

bool option_number(long *out, const char *name, const char *text, long min, long max)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    bool digits = text[0] >= '0' && text[0] <= '9' && *end == '\0';
    if (!digits || errno != 0 || value < min || value > max) {
        tool_complain("%s: \"%s\" is not a number from %ld to %ld", name, text, min, max);
        return false;
    }
    *out = value;
    return true;
}

/* Where the host ends and the port begins: NULL where no port stands there. */
static const char *find_port(const char *text)
{
    const char *colon = strrchr(text, ':');
    if (text[0] == '[')
        return colon != NULL && colon > text && colon[-1] == ']' ? colon : NULL;
    bool ipv6 = colon != NULL && strchr(text, ':') != colon;
    return ipv6 ? NULL : colon;
}

bool option_endpoint(struct endpoint *out, const char *text, long min_port)
{
    const char *colon = find_port(text), *host = text;
    size_t len = colon == NULL ? strlen(text) : (size_t)(colon - text);
    if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
        host++;
        len -= 2;
    }
    if (len == 0 || len >= sizeof out->host) {
        tool_complain("\"%s\" is not HOST or HOST:PORT: the host is %s", text,
                      len == 0 ? "missing" : "too long");
        return false;
    }
    memcpy(out->host, host, len);
    out->host[len] = '\0';
    if (colon == NULL)
        return true;
    long port;
    if (!option_number(&port, "port", colon + 1, min_port, PORT_MAX))
        return false;
    (void)snprintf(out->port, sizeof out->port, "%hu", (unsigned short)port);
    return true;
}

bool option_alpn(struct alpn *out, const char *text)
{
    out->count = 0;
    for (;;) {
        size_t len = strcspn(text, ",");
        if (len == 0 || len > PROTOCOL_MAX || out->count == ALPN_MAX) {
            tool_complain("--alpn: wants 1 to %d names, with commas between them and 1 to %d "
                          "characters each, such as h2,http/1.1",
                          ALPN_MAX, PROTOCOL_MAX);
            return false;
        }
        out->at[out->count++] = (struct rustls_slice_bytes){(const uint8_t *)text, len};
        if (text[len] == '\0')
            return true;
        text += len + 1;
    }
}

static const struct {
    const char *name;
    uint16_t code;
} known_groups[GROUPS_MAX] = {
    {"X25519MLKEM768", 0x11ec},    {"X25519", 0x001d},
    {"secp256r1", 0x0017},         {"secp384r1", 0x0018},
    {"SecP256r1MLKEM768", 0x11eb}, {"SecP384r1MLKEM1024", 0x11ed},
};

/* 0 where there is none of that name. */
static uint16_t group_code(const char *name, size_t len)
{
    for (size_t i = 0; i < GROUPS_MAX; i++)
        if (strlen(known_groups[i].name) == len &&
            strncasecmp(known_groups[i].name, name, len) == 0)
            return known_groups[i].code;
    return 0;
}

bool option_groups(struct groups *out, const char *text)
{
    out->count = 0;
    for (;;) {
        size_t len = strcspn(text, ",");
        uint16_t code = group_code(text, len);
        if (code == 0 || out->count == GROUPS_MAX) {
            tool_complain("--groups: wants some of X25519MLKEM768,X25519,secp256r1,secp384r1,"
                          "SecP256r1MLKEM768,SecP384r1MLKEM1024, each once");
            return false;
        }
        out->at[out->count++] = code;
        if (text[len] == '\0')
            return true;
        text += len + 1;
    }
}
