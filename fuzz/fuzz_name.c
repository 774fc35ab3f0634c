/* Names of any bytes, two in a line each: what is a name is one again, and the ways to compare two
 * agree with each other. */
#include "pki/name.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

static void read_name(struct span text)
{
    struct server_name name, again;
    char ip[IP_TEXT];
    if (gv_server_name_parse(&name, text) != GV_OK)
        return;
    struct span written = gv_server_name_text(&name, ip);
    must(gv_server_name_parse(&again, written) == GV_OK && again.kind == name.kind);
    must(span_equal(gv_server_name_bytes(&name), gv_server_name_bytes(&again)));
    struct span host = gv_server_name_host(&name);
    must((host.len == 0) == (name.kind == SERVER_NAME_IP));
    must(host.len == 0 || (host.at[host.len - 1] != '.' && gv_dns_is_host(host)));
}

static void compare(struct span a, struct span b)
{
    bool presented = gv_dns_is_presented(a), wildcard = presented && a.at[0] == '*';
    if (presented && gv_dns_is_host(b) && gv_dns_matches_host(a, b)) {
        must(a.len <= b.len + 1 || wildcard);
        must(wildcard || gv_dns_is_host(a));
    }
    if (!presented || !gv_dns_is_constraint(b))
        return;
    bool all = gv_dns_all_under(a, b);
    must(!all || gv_dns_any_under(a, b));
    must(wildcard || all == gv_dns_any_under(a, b));
    must(b.len != 0 || all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line_end = size == 0 ? NULL : memchr(data, '\n', size);
    size_t n = line_end == NULL ? size : (size_t)(line_end - data);
    struct span a = {data, n}, b = span_from(span_of(data, size), n + 1);
    read_name(a);
    read_name(b);
    compare(a, b);
    return 0;
}
