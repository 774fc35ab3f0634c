/* Providers made from other providers. */
#include "crypto/provider.h"

#include "base/mem.h"

struct derived {
    struct provider provider;
    const struct provider *base;
    const struct cipher_suite_info *suites[]; /* ends with NULL */
};

static void derived_free(struct provider *p)
{
    struct derived *d = (struct derived *)p;
    gv_provider_free(d->base);
    gv_mem_free(d);
}

enum gv_err gv_provider_with_suites(const struct provider **out, const struct provider *base,
                                    const struct cipher_suite_info *const *suites, size_t count)
{
    if (count > SIZE_MAX / 2 / sizeof *suites)
        RAISE(NO_MEMORY);
    struct derived *d = gv_mem_alloc(sizeof *d + (count + 1) * sizeof *suites);
    if (d == NULL)
        RAISE(NO_MEMORY);
    for (size_t i = 0; i < count; i++)
        d->suites[i] = suites[i];
    d->base = gv_provider_ref(base);
    d->provider.name = base->name;
    d->provider.suites = d->suites;
    d->provider.groups = base->groups;
    d->provider.more_groups = base->more_groups;
    d->provider.verifiers = base->verifiers;
    d->provider.hpke = base->hpke;
    d->provider.random = base->random;
    d->provider.load_key = base->load_key;
    d->provider.fips = base->fips;
    d->provider.free = derived_free;
    gv_ref_init(&d->provider.refs);
    *out = &d->provider;
    return GV_OK;
}
