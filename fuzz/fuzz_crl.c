/* A revocation list of any bytes: each of its entries is found, and reading it takes no more than
 * eight times its memory. */
#include "base/mem.h"
#include "lib/heap.h"
#include "pki/crl.h"
#include "pki/describe.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

static void ignore(void *context, const char *field, const char *value)
{
    (void)context;
    (void)field;
    (void)value;
}

static void find_all(const struct crl *crl)
{
    for (size_t i = 0; i < crl->count; i++) {
        struct rd r = rd_of(span_from(crl->der, crl->entries[i].at));
        struct crl_entry e;
        must(gv_crl_entry_read(&r, &e) == GV_OK);
        must(gv_crl_has(crl, e.serial));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { MEMORY_FACTOR = 8, FIXED = 512 }; /* the struct itself, where the list is tiny */
    struct crl *crl;
    gv_mem_replace(heap_alloc, heap_release);
    heap_reset_peak();
    size_t before = heap_bytes();
    if (gv_crl_new(span_of(data, size), &crl) == GV_OK) {
        find_all(crl);
        gv_crl_describe(crl, ignore, NULL);
        gv_crl_free(crl);
    }
    must(heap_bytes() == before && heap_peak() - before <= MEMORY_FACTOR * size + FIXED);
    gv_mem_replace(NULL, NULL);
    return 0;
}
