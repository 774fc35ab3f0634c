/* What is typed behind options, made into values. Each function answers false after it said on
 * standard error what is wrong. */
#ifndef GALVAN_TOOL_OPTIONS_H
#define GALVAN_TOOL_OPTIONS_H

#include "rustls.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    HOST_MAX = 256, /* with its NUL: a DNS name has at most 253 characters */
    PORT_TEXT = 6,  /* "65535" */
    ALPN_MAX = 16,  /* protocols on the command line */
    GROUPS_MAX = 6  /* that there are */
};

struct endpoint {
    char host[HOST_MAX];
    char port[PORT_TEXT];
};

/* "HOST", "HOST:PORT", "[IPv6]:PORT", "[IPv6]" or "IPv6"; without a port, that of *out stays. */
bool option_endpoint(struct endpoint *out, const char *text, long min_port);

/* A whole number from min to max; name is the option's, for the complaint. */
bool option_number(long *out, const char *name, const char *text, long min, long max);

/* "h2,http/1.1"; what is in it points into text. */
struct alpn {
    struct rustls_slice_bytes at[ALPN_MAX];
    size_t count;
};
bool option_alpn(struct alpn *out, const char *text);

/* "X25519MLKEM768,secp256r1": names of key exchange groups, as IANA has them, in any case. */
struct groups {
    uint16_t at[GROUPS_MAX];
    size_t count;
};
bool option_groups(struct groups *out, const char *text);

#endif
