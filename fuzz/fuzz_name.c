/* Names: any text as that of the server that is asked for. What is read is no longer than a name may
 * be, and its own text is read as the same name again. */
#include "pki/dns.h"
#include "pki/name.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct span text = span_of(data, size);
    struct server_name name, again;
    char ip[IP_TEXT];

    if (gv_server_name_parse(&name, text) != GV_OK)
        return 0;
    must(gv_server_name_bytes(&name).len <= DNS_NAME_MAX);
    must(gv_server_name_host(&name).len <= text.len);
    struct span words = gv_server_name_text(&name, ip);
    must(gv_server_name_parse(&again, words) == GV_OK);
    must(span_equal(gv_server_name_bytes(&name), gv_server_name_bytes(&again)));
    return 0;
}
