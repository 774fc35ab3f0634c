/* The heap, as an application may replace it. */
#include "base/mem.h"
#include "galvan.h"

rustls_result galvan_set_memory_functions(void *(*alloc)(size_t n), void (*release)(void *p))
{
    if ((alloc == NULL) != (release == NULL))
        return RUSTLS_RESULT_NULL_PARAMETER;
    gv_mem_replace(alloc, release);
    return RUSTLS_RESULT_OK;
}
