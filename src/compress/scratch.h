/* Memory for a compression library while it works: bounded, and given back all at once. The two
 * functions are what the libraries ask for: `scratch` is a struct scratch. */
#ifndef GALVAN_COMPRESS_SCRATCH_H
#define GALVAN_COMPRESS_SCRATCH_H

#include "base/arena.h"

struct scratch {
    struct arena arena;
    bool starved; /* memory was out, and not the limit reached */
};

void gv_scratch_init(struct scratch *s, size_t limit);
void gv_scratch_drop(struct scratch *s);

/* n zeroed bytes; NULL past the limit, or where memory is out. */
void *gv_scratch_take(void *scratch, size_t n);
/* Does nothing: what a library frees stays until the drop, and counts until then. */
void gv_scratch_leave(void *scratch, void *p);

#endif
