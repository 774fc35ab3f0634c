/* An ECHConfigList: what is read can be walked and written again byte for byte, and is taken for a key's
 * or refused, but never half. */
#include "config/ech_keys.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

static void write_again(const struct ech_config *c)
{
    static uint8_t at[70000];
    struct wr w = wr_of(at, sizeof at);
    gv_wire_write_ech_config(&w, c);
    must(wr_done(&w) && span_equal(wr_span(&w), c->whole));
}

static size_t walk(struct span list)
{
    struct ech_config config;
    struct ech_suite suite;
    size_t ours = 0;
    while (gv_next_ech_config(&list, &config)) {
        if (config.version != ECH_VERSION)
            continue;
        ours++;
        size_t suites = 0;
        for (struct span rest = config.suites; gv_next_ech_suite(&rest, &suite);)
            suites++;
        must(suites != 0 && suites * 4 == config.suites.len);
        must(config.public_name.len != 0 && config.public_key.len != 0);
        (void)gv_ech_is_public_name(config.public_name);
        write_again(&config);
    }
    must(list.len == 0);
    return ours;
}

/* A private key whose public half stands in a seed. */
static void add(struct span list, size_t ours)
{
    static const uint8_t private_key[32] = {1};
    struct ech_keys *keys = NULL;
    size_t count = 0;
    must(gv_ech_keys_new(&keys, gv_openssl_provider()) == GV_OK);
    enum gv_err err = gv_ech_keys_add(keys, SPAN_OF(private_key), list, true);
    for (const struct ech_key *k = keys->first; k != NULL; k = k->next)
        count++;
    must(count == (err == GV_OK ? ours : 0));
    must((keys->retry_configs.len != 0) == (err == GV_OK));
    gv_ech_keys_free(keys);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span list;
    uint16_t kem;
    struct span key;
    (void)gv_ech_read_pkcs8(span_of(data, size), &kem, &key);
    if (gv_wire_read_ech_configs(span_of(data, size), &list) == GV_OK)
        add(span_of(data, size), walk(list));
    return 0;
}
