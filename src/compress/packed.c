/* The cache: slots that are claimed once, and never change again once they are done. */
#include "compress/packed.h"

#include "base/mem.h"

/* A state is the algorithm, the form, and one of these; 0 is a slot that nobody has claimed. */
enum { BUSY = 1, READY = 2, USELESS = 3, STAGE = 0xff };

static unsigned key_of(const struct cert_compressor *c, uint8_t form)
{
    return (unsigned)c->algorithm << 16 | (unsigned)form << 8;
}

/* Answers the slot's new state. Where memory is out it is free again, and the next who asks tries. */
static unsigned fill(struct packed *p, unsigned key, const struct cert_compressor *c,
                     struct span content, size_t overhead)
{
    const enum gv_err err = gv_cert_pack(c, content, overhead, &p->bytes, &p->len);
    const unsigned done = key | (p->bytes == NULL ? USELESS : READY);
    const unsigned state = err == GV_OK ? done : 0;

    atomic_store_explicit(&p->state, state, memory_order_release);
    return state;
}

/* The state of a slot, after claiming it if it was free: then it is 0, and the caller's to fill. */
static unsigned claim(struct packed *p, unsigned key)
{
    unsigned seen = atomic_load_explicit(&p->state, memory_order_acquire);

    if (seen == 0)
        (void)atomic_compare_exchange_strong_explicit(&p->state, &seen, key | BUSY,
                                                      memory_order_acq_rel, memory_order_acquire);
    return seen;
}

static struct span content_of(const struct packed *p, unsigned state, unsigned key)
{
    return state == (key | READY) ? span_of(p->bytes, p->len) : span_of(NULL, 0);
}

struct span gv_packed_get(struct packed_cache *cache, const struct cert_compressor *c, uint8_t form,
                          struct span content, size_t overhead)
{
    const unsigned key = key_of(c, form);

    for (size_t i = 0; i < PACKED_MAX; i++) {
        struct packed *p = &cache->at[i];
        unsigned seen = claim(p, key);
        if (seen == 0)
            return content_of(p, fill(p, key, c, content, overhead), key);
        if ((seen & ~(unsigned)STAGE) == key)
            return content_of(p, seen, key);
    }
    return span_of(NULL, 0);
}

void gv_packed_drop(struct packed_cache *cache)
{
    for (size_t i = 0; i < PACKED_MAX; i++)
        gv_mem_free(cache->at[i].bytes);
}
