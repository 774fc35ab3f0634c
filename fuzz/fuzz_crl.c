/* Revocation lists: any bytes. A list that is read is sorted, and finds each of its entries. */
#include "pki/crl.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t serial[] = {0x01, 0x02};
    struct crl *crl;

    if (gv_crl_new(span_of(data, size), &crl) != GV_OK)
        return 0;
    for (size_t i = 0; i < crl->count; i++) {
        struct rd r = rd_of(span_from(crl->der, crl->entries[i].at));
        struct crl_entry e;
        if (gv_crl_entry_read(&r, &e) != GV_OK || !gv_crl_has(crl, e.serial))
            abort();
    }
    (void)gv_crl_has(crl, SPAN_OF(serial));
    gv_crl_free(crl);
    return 0;
}
