/* Server names, and IP addresses as text. */
#include "pki/name.h"

#include <stdio.h>

enum { IP6_GROUPS = 8 };

enum gv_err gv_server_name_parse(struct server_name *name, struct span text)
{
    *name = (struct server_name){.kind = SERVER_NAME_IP};
    if (gv_ip_parse(text, name->at, &name->len))
        return GV_OK;
    if (!gv_dns_is_host(text))
        RAISE(INVALID_DNS_NAME);
    *name = (struct server_name){.kind = SERVER_NAME_DNS, .len = (uint8_t)text.len};
    span_copy(name->at, text);
    return GV_OK;
}

struct span gv_server_name_host(const struct server_name *name)
{
    struct span host = gv_server_name_bytes(name);
    if (name->kind != SERVER_NAME_DNS)
        return (struct span){NULL, 0};
    if (host.at[host.len - 1] == '.')
        host.len--;
    return host;
}

struct span gv_server_name_text(const struct server_name *name, char ip[IP_TEXT])
{
    if (name->kind == SERVER_NAME_DNS)
        return gv_server_name_bytes(name);
    gv_ip_text(gv_server_name_bytes(name), ip);
    return span_str(ip);
}

/* Four decimal numbers without leading zeros. */
static bool parse_ip4(struct span text, uint8_t out[IP4_LEN])
{
    size_t part = 0, digits = 0;
    unsigned value = 0;
    for (size_t i = 0; i <= text.len; i++) {
        if (i == text.len || text.at[i] == '.') {
            if (digits == 0 || part == IP4_LEN)
                return false;
            out[part++] = (uint8_t)value;
            digits = value = 0;
            continue;
        }
        unsigned digit = (unsigned)text.at[i] - '0';
        if (digit > 9 || (digits != 0 && value == 0))
            return false;
        value = 10 * value + digit;
        digits++;
        if (value > 255)
            return false;
    }
    return part == IP4_LEN;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One group of up to four hexadecimal digits; answers how many bytes of text it took, or 0. */
static size_t parse_group(struct span text, uint8_t out[2])
{
    unsigned value = 0;
    size_t n = 0;
    for (; n < text.len && n < 5 && hex_digit(text.at[n]) >= 0; n++)
        value = value << 4 | (unsigned)hex_digit(text.at[n]);
    if (n > 4)
        return 0;
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
    return n;
}

/* Groups between colons, the last two perhaps as an IPv4 address; answers the bytes written, or
 * SIZE_MAX. `room` is how many bytes may be written. */
static size_t parse_groups(struct span text, uint8_t *out, size_t room)
{
    size_t used = 0;
    if (text.len == 0)
        return 0;
    for (;;) {
        if (room - used >= IP4_LEN && parse_ip4(text, out + used))
            return used + IP4_LEN;
        size_t n = room - used >= 2 ? parse_group(text, out + used) : 0;
        if (n == 0)
            return SIZE_MAX;
        used += 2;
        if (n == text.len)
            return used;
        if (text.at[n] != ':')
            return SIZE_MAX;
        text = span_from(text, n + 1);
    }
}

static bool parse_ip6(struct span text, uint8_t out[IP6_LEN])
{
    size_t gap = 0;
    while (gap + 1 < text.len && !(text.at[gap] == ':' && text.at[gap + 1] == ':'))
        gap++;
    if (gap + 1 >= text.len)
        return parse_groups(text, out, IP6_LEN) == IP6_LEN;
    uint8_t tail[IP6_LEN];
    struct span before = {text.at, gap};
    if (memchr(text.at, '.', gap) != NULL)
        return false; /* an IPv4 address may stand only at the end */
    size_t head_len = parse_groups(before, out, IP6_LEN - 2);
    size_t tail_len = parse_groups(span_from(text, gap + 2), tail, IP6_LEN - 2);
    if (head_len == SIZE_MAX || tail_len == SIZE_MAX || head_len + tail_len > IP6_LEN - 2)
        return false;
    memset(out + head_len, 0, IP6_LEN - head_len);
    memcpy(out + IP6_LEN - tail_len, tail, tail_len);
    return true;
}

bool gv_ip_parse(struct span text, uint8_t out[IP6_LEN], uint8_t *len)
{
    if (text.len == 0 || text.len >= IP_TEXT)
        return false;
    *len = IP4_LEN;
    if (parse_ip4(text, out))
        return true;
    *len = IP6_LEN;
    return parse_ip6(text, out);
}

/* RFC 5952 section 4.2: the first longest run of two zero groups or more becomes "::". */
static void longest_zeros(const uint8_t ip[IP6_LEN], size_t *start, size_t *len)
{
    *start = *len = 0;
    for (size_t i = 0; i < IP6_GROUPS; i++) {
        size_t n = 0;
        while (i + n < IP6_GROUPS && ip[2 * (i + n)] == 0 && ip[2 * (i + n) + 1] == 0)
            n++;
        if (n > 1 && n > *len) {
            *start = i;
            *len = n;
        }
    }
}

static void ip6_text(const uint8_t ip[IP6_LEN], char out[IP_TEXT])
{
    size_t zeros, zeros_len, used = 0;
    longest_zeros(ip, &zeros, &zeros_len);
    for (size_t i = 0; i < IP6_GROUPS; i++) {
        if (zeros_len != 0 && i == zeros) {
            used += (size_t)snprintf(out + used, IP_TEXT - used, "::");
            i += zeros_len - 1;
            continue;
        }
        const char *colon = i == 0 || (zeros_len != 0 && i == zeros + zeros_len) ? "" : ":";
        unsigned group = (unsigned)ip[2 * i] << 8 | ip[2 * i + 1];
        used += (size_t)snprintf(out + used, IP_TEXT - used, "%s%x", colon, group);
    }
}

void gv_ip_text(struct span address, char out[IP_TEXT])
{
    if (address.len == IP4_LEN)
        (void)snprintf(out, IP_TEXT, "%u.%u.%u.%u", address.at[0], address.at[1], address.at[2],
                       address.at[3]);
    else if (address.len == IP6_LEN)
        ip6_text(address.at, out);
    else
        (void)snprintf(out, IP_TEXT, "?");
}
