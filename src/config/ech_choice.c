/* Choosing a configuration. A key that is none is found out here, where the list comes in, and not when
 * the first connection is made. */
#include "config/ech_choice.h"

#include "base/mem.h"
#include "pki/name.h"

/* What a choice is made of. */
struct ech_choice_block {
    struct ech_choice choice;
    struct server_name public_name;
    uint8_t info[]; /* the configuration's bytes are its end */
};

/* ---- what can be used -------------------------------------------------------------------------------- */

/* Section 6.1: the first that both have. */
static bool find_suite(const struct provider *p, const struct ech_config *config,
                       struct ech_choice *out)
{
    struct span suites = config->suites;

    while (gv_next_ech_suite(&suites, &out->code))
        if (gv_hpke_suite(p, config->kem, out->code.kdf, out->code.aead, &out->suite))
            return true;
    return false;
}

static bool has_public_name(const struct ech_config *config, struct server_name *out)
{
    return gv_ech_is_public_name(config->public_name) &&
           gv_server_name_parse(out, config->public_name) == GV_OK && out->kind == SERVER_NAME_DNS;
}

static enum gv_err check_key(const struct ech_choice *c, bool *good)
{
    const struct span no_info = {NULL, 0};
    uint8_t enc[HPKE_ENC_MAX];
    struct hpke trial = {.sequence = 0};
    enum gv_err err = gv_hpke_setup_sender(&trial, &c->suite, c->config.public_key, no_info, enc);

    gv_hpke_drop(&trial);
    *good = err == GV_OK;
    return err == GV_E_BAD_KEY_SHARE ? GV_OK : err;
}

static enum gv_err check(const struct provider *p, const struct ech_config *config, bool *good)
{
    struct ech_choice choice = {.config = *config};
    struct server_name name;

    *good = config->version == ECH_VERSION && !config->extensions_mandatory &&
            !config->extensions_repeated && has_public_name(config, &name) &&
            find_suite(p, config, &choice);
    return *good ? check_key(&choice, good) : GV_OK;
}

/* ---- life ---------------------------------------------------------------------------------------------- */

static enum gv_err keep(struct ech_choice **out, const struct provider *p,
                        const struct ech_config *config)
{
    static const char label[] = "tls ech"; /* with its zero byte */
    struct ech_choice_block *b = gv_mem_alloc(sizeof *b + sizeof label + config->whole.len);
    struct span copy;

    if (b == NULL)
        RAISE(NO_MEMORY);
    memcpy(b->info, label, sizeof label);
    span_copy(b->info + sizeof label, config->whole);
    b->choice.info = span_of(b->info, sizeof label + config->whole.len);
    copy = span_from(b->choice.info, sizeof label);
    gv_next_ech_config(&copy, &b->choice.config);
    find_suite(p, &b->choice.config, &b->choice);
    has_public_name(&b->choice.config, &b->public_name);
    b->choice.public_name = &b->public_name;
    *out = &b->choice;
    return GV_OK;
}

enum gv_err gv_ech_choice_new(struct ech_choice **out, const struct provider *p, struct span list)
{
    struct ech_config config;
    struct span configs;
    bool good;

    TRY(gv_wire_read_ech_configs(list, &configs));
    while (gv_next_ech_config(&configs, &config)) {
        TRY(check(p, &config, &good));
        if (good)
            return keep(out, p, &config);
    }
    RAISE(ECH_NO_CONFIG);
}

enum gv_err gv_ech_choice_new_grease(struct ech_choice **out)
{
    struct ech_choice *c = gv_mem_alloc(sizeof *c);

    if (c == NULL)
        RAISE(NO_MEMORY);
    c->is_grease = true;
    *out = c;
    return GV_OK;
}

void gv_ech_choice_free(struct ech_choice *c)
{
    gv_mem_free(c);
}
