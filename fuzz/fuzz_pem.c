/* PEM of any bytes: sections come to an end, and no DER is longer than its base64. */
#include "pki/pem.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pem pem = {span_of(data, size)};
    struct buffer der;
    enum pem_kind kind;
    gv_buffer_init(&der, size);
    for (size_t sections = 0;; sections++) {
        size_t before = pem.rest.len;
        if (gv_pem_next(&pem, ~0u, &kind, &der) != GV_OK || kind == PEM_END)
            break;
        must(pem.rest.len < before && sections < size);
        must(kind < PEM_KIND_COUNT && gv_buffer_len(&der) <= before / 4 * 3);
    }
    gv_buffer_drop(&der);
    return 0;
}
