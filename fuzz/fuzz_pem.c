/* PEM: any text. It comes to an end, and gives no more bytes than the text has. */
#include "pki/pem.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const unsigned any = PEM_ANY_KEY | PEM_WANT(PEM_CERTIFICATE) | PEM_WANT(PEM_CRL);
    struct pem pem = {span_of(data, size)};
    struct buffer der;
    enum pem_kind kind;
    size_t given = 0;

    gv_buffer_init(&der, 1 << 20);
    while (gv_pem_next(&pem, any, &kind, &der) == GV_OK && kind != PEM_END)
        given += gv_buffer_len(&der);
    if (given > size)
        abort();
    gv_buffer_drop(&der);
    return 0;
}
