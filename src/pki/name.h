/* The name of the server that is asked for: a DNS name or an IP address, checked and copied, so
 * that nobody's string needs to outlive the call. */
#ifndef GALVAN_PKI_NAME_H
#define GALVAN_PKI_NAME_H

#include "base/error.h"
#include "pki/dns.h"

enum { IP4_LEN = 4, IP6_LEN = 16, IP_TEXT = 46 }; /* IP_TEXT: the longest text and its NUL */

enum server_name_kind { SERVER_NAME_DNS, SERVER_NAME_IP };

struct server_name {
    uint8_t kind; /* enum server_name_kind */
    uint8_t len;
    uint8_t at[DNS_NAME_MAX]; /* the name as it was given, or the 4 or 16 bytes of the address */
};

/* Reads a DNS name ("example.org", "example.org.") or an IP address without brackets or zone.
 * INVALID_DNS_NAME where it is neither. */
enum gv_err gv_server_name_parse(struct server_name *name, struct span text);

static inline struct span gv_server_name_bytes(const struct server_name *name)
{
    return (struct span){name->at, name->len};
}

/* The host name for the server_name extension: without the trailing dot, and empty for an IP
 * address (RFC 6066 section 3). */
struct span gv_server_name_host(const struct server_name *name);

/* The name in words for messages: the text given, or the address written out. */
struct span gv_server_name_text(const struct server_name *name, char ip[IP_TEXT]);

/* Reads "192.0.2.1" or "2001:db8::1" (RFC 4291 section 2.2); *len becomes 4 or 16. */
bool gv_ip_parse(struct span text, uint8_t out[IP6_LEN], uint8_t *len);

/* Writes an address of 4 or 16 bytes, an IPv6 one as RFC 5952 wants it; "?" for another length. */
void gv_ip_text(struct span address, char out[IP_TEXT]);

#endif
