/* Key sets for Encrypted Client Hello. */
#include "config/ech_keys.h"

#include "base/mem.h"
#include "pki/pem.h"
#include "wire/codepoints.h"

static const char info_label[] = "tls ech"; /* with its NUL (RFC 9849 section 7.1) */

enum gv_err gv_ech_keys_new(struct ech_keys **out, const struct provider *p)
{
    struct ech_keys *keys = gv_mem_alloc(sizeof *keys);
    if (keys == NULL)
        RAISE(NO_MEMORY);
    gv_ref_init(&keys->refs);
    keys->provider = gv_provider_ref(p);
    *out = keys;
    return GV_OK;
}

static void free_list(struct ech_key *key)
{
    while (key != NULL) {
        struct ech_key *next = key->next;
        gv_hpke_key_drop(&key->pair);
        gv_mem_free(key);
        key = next;
    }
}

void gv_ech_keys_free(const struct ech_keys *keys)
{
    struct ech_keys *k = (struct ech_keys *)keys;
    if (k == NULL || !gv_ref_release(&k->refs))
        return;
    free_list(k->first);
    gv_mem_free((uint8_t *)k->retry_configs.at);
    gv_provider_free(k->provider);
    gv_mem_free(k);
}

/* ---- adding ---------------------------------------------------------------------------------------- */

static bool has_usable_suite(const struct provider *p, const struct ech_config *config)
{
    struct span suites = config->suites;
    struct hpke_suite found;
    struct ech_suite suite;

    while (gv_next_ech_suite(&suites, &suite))
        if (gv_hpke_suite(p, config->kem, suite.kdf, suite.aead, &found))
            return true;
    return false;
}

/* A configuration that a client would pass over, or could not be understood with, is a mistake that
 * is better told now. */
static bool is_usable(const struct provider *p, const struct ech_config *config,
                      struct span private_key)
{
    const struct hpke_kem *kem = gv_hpke_kem(p, config->kem);
    struct hpke_key pair;

    if (kem == NULL || config->extensions_mandatory || config->extensions_repeated ||
        !gv_ech_is_public_name(config->public_name) || !has_usable_suite(p, config) ||
        gv_hpke_key_init(&pair, kem, private_key) != GV_OK)
        return false;
    bool matches = span_equal(gv_hpke_public(&pair), config->public_key);
    gv_hpke_key_drop(&pair);
    return matches;
}

/* The key with its configuration's bytes behind it, and before those the label. */
static enum gv_err new_key(struct ech_key **out, const struct provider *p, struct span config,
                           struct span private_key)
{
    struct ech_key *key = gv_mem_alloc(sizeof *key + sizeof info_label + config.len);
    if (key == NULL)
        RAISE(NO_MEMORY);
    uint8_t *info = (uint8_t *)(key + 1);
    memcpy(info, info_label, sizeof info_label);
    memcpy(info + sizeof info_label, config.at, config.len);
    key->info = span_of(info, sizeof info_label + config.len);
    struct span own = span_from(key->info, sizeof info_label);
    gv_next_ech_config(&own, &key->config);
    enum gv_err err = gv_hpke_key_init(&key->pair, gv_hpke_kem(p, key->config.kem), private_key);
    if (err != GV_OK)
        gv_mem_free(key);
    else
        *out = key;
    return err;
}

/* All keys of a list, in its order; *out is what was made, on an error too. */
static enum gv_err make_keys(struct ech_key **out, const struct provider *p, struct span list,
                             struct span private_key)
{
    struct ech_config config;

    *out = NULL;
    while (gv_next_ech_config(&list, &config)) {
        if (config.version != ECH_VERSION)
            continue;
        if (!is_usable(p, &config, private_key))
            RAISE(ECH_KEY_UNUSABLE);
        TRY(new_key(out, p, config.whole, private_key));
        out = &(*out)->next;
    }
    return GV_OK;
}

/* What is told to clients, with the configurations of these keys behind it. */
static enum gv_err grow_retry_configs(struct ech_keys *keys, const struct ech_key *added)
{
    size_t len = keys->retry_configs.len;

    for (const struct ech_key *k = added; k != NULL; k = k->next)
        len += k->config.whole.len;
    if (len > UINT16_MAX - 2) /* with its length, the extension's body */
        RAISE(ECH_KEY_UNUSABLE);
    uint8_t *grown = gv_mem_alloc_buffer(len);
    if (grown == NULL)
        RAISE(NO_MEMORY);
    struct wr w = wr_of(grown, len);
    wr_bytes(&w, keys->retry_configs);
    for (const struct ech_key *k = added; k != NULL; k = k->next)
        wr_bytes(&w, k->config.whole);
    gv_mem_free((uint8_t *)keys->retry_configs.at);
    keys->retry_configs = wr_span(&w);
    return GV_OK;
}

static void append(struct ech_keys *keys, struct ech_key *added)
{
    struct ech_key **end = &keys->first;
    while (*end != NULL)
        end = &(*end)->next;
    *end = added;
}

enum gv_err gv_ech_keys_add(struct ech_keys *keys, struct span private_key, struct span list,
                            bool retry)
{
    struct span configs;
    struct ech_key *added;

    if (keys->in_use)
        RAISE(ECH_KEYS_IN_USE);
    TRY(gv_wire_read_ech_configs(list, &configs));
    enum gv_err err = make_keys(&added, keys->provider, configs, private_key);
    if (err == GV_OK && added == NULL)
        err = RAISED(ECH_KEY_UNUSABLE);
    if (err == GV_OK && retry)
        err = grow_retry_configs(keys, added);
    if (err == GV_OK)
        append(keys, added);
    else
        free_list(added);
    return err;
}

/* ---- PEM --------------------------------------------------------------------------------------------- */

enum { PEM_SECTION_MAX = 64 * 1024 }; /* bytes of a list: what its length can say */

/* The one section of this kind. */
static enum gv_err only_section(struct span text, enum pem_kind wanted, struct buffer *out)
{
    struct pem pem = {text};
    struct buffer second;
    enum pem_kind kind;

    TRY(gv_pem_next(&pem, PEM_WANT(wanted), &kind, out));
    if (kind == PEM_END)
        RAISE(ECH_PEM_INCOMPLETE);
    gv_buffer_init(&second, PEM_SECTION_MAX);
    enum gv_err err = gv_pem_next(&pem, PEM_WANT(wanted), &kind, &second);
    gv_buffer_drop(&second);
    if (err == GV_OK && kind != PEM_END)
        RAISE(ECH_PEM_INCOMPLETE);
    return err;
}

static enum gv_err add_sections(struct ech_keys *keys, struct span key_der, struct span list,
                                bool retry)
{
    struct span private_key;
    uint16_t kem;

    TRY(gv_ech_read_pkcs8(key_der, &kem, &private_key));
    return gv_ech_keys_add(keys, private_key, list, retry);
}

enum gv_err gv_ech_keys_add_pem(struct ech_keys *keys, struct span pem, bool retry)
{
    struct buffer key, list;

    gv_buffer_init(&key, PEM_SECTION_MAX);
    gv_buffer_init(&list, PEM_SECTION_MAX);
    enum gv_err err = only_section(pem, PEM_PRIVATE_KEY, &key);
    if (err == GV_OK)
        err = only_section(pem, PEM_ECHCONFIG, &list);
    if (err == GV_OK)
        err = add_sections(keys, gv_buffer_span(&key), gv_buffer_span(&list), retry);
    gv_buffer_drop(&key); /* which wipes it */
    gv_buffer_drop(&list);
    return err;
}

/* ---- making ------------------------------------------------------------------------------------------- */

/* The KEM's own hash, with every AEAD: what RFC 9849 section 9 asks for is among them. */
static void write_suites(struct wr *w, const struct hpke_algorithms *all,
                         const struct hpke_kem *kem)
{
    for (const struct hpke_kdf *const *d = all->kdfs; *d != NULL; d++)
        for (const struct hpke_aead *const *a = all->aeads; *a != NULL; a++)
            if ((*d)->hash == kem->hash) {
                wr_u16(w, (*d)->id);
                wr_u16(w, (*a)->id);
            }
}

static enum gv_err write_config_pem(struct wr *pem, const struct provider *p,
                                    const struct ech_wish *wish, struct span public_key)
{
    uint8_t suites[64], list[512];
    struct wr s = wr_of(suites, sizeof suites), w = wr_of(list, sizeof list);

    write_suites(&s, p->hpke, gv_hpke_kem(p, wish->kem));
    const struct ech_config config = {.id = wish->config_id,
                                      .name_len_max = wish->name_len_max,
                                      .kem = wish->kem,
                                      .public_key = public_key,
                                      .suites = wr_span(&s),
                                      .public_name = wish->public_name};
    WR_VEC(&w, 2)
        gv_wire_write_ech_config(&w, &config);
    if (!wr_done(&s) || !wr_done(&w))
        RAISE(INTERNAL);
    gv_pem_write(pem, PEM_ECHCONFIG, wr_span(&w));
    return GV_OK;
}

static enum gv_err write_pair(const struct provider *p, const struct ech_wish *wish,
                              const struct secret *private_key, struct wr *pem)
{
    uint8_t der[128];
    struct wr w = wr_of(der, sizeof der);
    struct hpke_key pair;

    TRY(gv_hpke_key_init(&pair, gv_hpke_kem(p, wish->kem), secret_span(private_key)));
    gv_ech_write_pkcs8(&w, wish->kem, secret_span(private_key));
    gv_pem_write(pem, PEM_PRIVATE_KEY, wr_span(&w));
    gv_wipe(der, sizeof der);
    enum gv_err err = write_config_pem(pem, p, wish, gv_hpke_public(&pair));
    gv_hpke_key_drop(&pair);
    return err;
}

enum gv_err gv_ech_generate(const struct provider *p, const struct ech_wish *wish, struct wr *pem)
{
    const struct hpke_kem *kem = gv_hpke_kem(p, wish->kem);
    struct secret private_key;

    if (kem == NULL || wish->public_name.len > ECH_NAME_LEN_MAX ||
        !gv_ech_is_public_name(wish->public_name))
        RAISE(ECH_KEY_UNUSABLE);
    enum gv_err err = gv_hpke_generate(kem, p, &private_key);
    if (err == GV_OK)
        err = write_pair(p, wish, &private_key, pem);
    gv_secret_wipe(&private_key);
    if (err == GV_OK && !wr_done(pem))
        RAISE(INTERNAL);
    return err;
}
