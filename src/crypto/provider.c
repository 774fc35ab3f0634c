/* Providers made from other providers. */
#include "crypto/provider.h"

#include "base/mem.h"

struct derived {
    struct provider provider;
    const struct provider *base;
    const struct key_exchange_group *groups[NARROWED_GROUPS_MAX + 1]; /* these end with NULL */
    const struct cipher_suite_info *suites[];
};

static void derived_free(struct provider *p)
{
    struct derived *d = (struct derived *)p;
    gv_provider_free(d->base);
    gv_mem_free(d);
}

static struct derived *derived_new(const struct provider *base, size_t suites)
{
    struct derived *d = suites > SIZE_MAX / 2 / sizeof d->suites[0]
                            ? NULL
                            : gv_mem_alloc(sizeof *d + (suites + 1) * sizeof d->suites[0]);
    if (d == NULL)
        return NULL;
    d->base = gv_provider_ref(base);
    d->provider.name = base->name;
    d->provider.suites = base->suites;
    d->provider.groups = base->groups;
    d->provider.more_groups = base->more_groups;
    d->provider.verifiers = base->verifiers;
    d->provider.hpke = base->hpke;
    d->provider.random = base->random;
    d->provider.load_key = base->load_key;
    d->provider.fips = base->fips;
    d->provider.free = derived_free;
    gv_ref_init(&d->provider.refs);
    return d;
}

enum gv_err gv_provider_narrowed(const struct provider **out, const struct provider *base,
                                 const struct cipher_suite_info *const *suites,
                                 const struct key_exchange_group *const *groups)
{
    size_t count = 0;
    while (suites != NULL && suites[count] != NULL)
        count++;
    struct derived *d = derived_new(base, count);
    if (d == NULL)
        RAISE(NO_MEMORY);
    for (size_t i = 0; i < count; i++)
        d->suites[i] = suites[i];
    for (size_t i = 0; groups != NULL && i < NARROWED_GROUPS_MAX && groups[i] != NULL; i++)
        d->groups[i] = groups[i];
    if (suites != NULL)
        d->provider.suites = d->suites;
    if (groups != NULL)
        d->provider.groups = d->groups;
    *out = &d->provider;
    return GV_OK;
}

static const struct key_exchange_group *group_in(const struct key_exchange_group *const *list,
                                                 uint16_t code)
{
    for (; list != NULL && *list != NULL; list++)
        if ((*list)->code == code)
            return *list;
    return NULL;
}

const struct key_exchange_group *gv_provider_any_group(const struct provider *p, uint16_t code)
{
    const struct key_exchange_group *group = group_in(p->groups, code);
    return group != NULL ? group : group_in(p->more_groups, code);
}
