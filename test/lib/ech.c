/* Keys, configs and names for tests of Encrypted Client Hello. */
#include "lib/ech.h"

static char seen[256];

void ech_keys_put(struct galvan_ech_keys *keys, uint8_t config_id, uint16_t kem, bool retry)
{
    uint8_t pem[GALVAN_ECH_PEM_SIZE];
    size_t n = 0;
    const struct galvan_ech_config config = {ECH_PUBLIC, kem, config_id, 64};
    assert_ok(galvan_ech_generate(&config, pem, sizeof pem, &n));
    assert_ok(galvan_ech_keys_add_pem(keys, pem, n, retry));
}

struct galvan_ech_keys *ech_keys_of(uint8_t config_id, uint16_t kem)
{
    struct galvan_ech_keys *keys = NULL;
    assert_ok(galvan_ech_keys_new(&keys));
    ech_keys_put(keys, config_id, kem, true);
    return keys;
}

struct ech_list ech_list_of(const struct galvan_ech_keys *keys)
{
    struct ech_list list;
    assert_ok(galvan_ech_keys_config_list(keys, list.at, sizeof list.at, &list.len));
    return list;
}

static const struct rustls_certified_key *choose(void *userdata,
                                                 const struct rustls_client_hello *hello)
{
    static const struct rustls_certified_key *open, *hidden;
    (void)userdata;
    if (open == NULL) {
        open = test_certified_key("p256");
        hidden = test_certified_key("wildcard");
    }
    (void)snprintf(seen, sizeof seen, "%.*s", (int)hello->server_name.len, hello->server_name.data);
    return strcmp(seen, ECH_HIDDEN) == 0 ? hidden : open;
}

const char *ech_name_seen(void)
{
    return seen;
}

static const struct rustls_crypto_provider *provider_of(bool retries)
{
    static const uint16_t groups[] = {0x0018, 0x0017};
    const struct rustls_crypto_provider *p = NULL;
    struct rustls_crypto_provider_builder *b = NULL;
    assert_ok(rustls_crypto_provider_builder_new_from_default(&b));
    if (retries)
        assert_ok(galvan_crypto_provider_builder_set_groups(b, groups, 2));
    assert_ok(rustls_crypto_provider_builder_build(b, &p));
    rustls_crypto_provider_builder_free(b);
    return p;
}

struct rustls_server_config_builder *ech_server(struct galvan_ech_keys *keys, bool retries)
{
    static const uint16_t versions[] = {0x0304, 0x0303};
    const struct rustls_crypto_provider *p = provider_of(retries);
    struct rustls_server_config_builder *b = NULL;
    assert_ok(rustls_server_config_builder_new_custom(p, versions, 2, &b));
    rustls_crypto_provider_free(p);
    assert_ok(rustls_server_config_builder_set_hello_callback(b, choose));
    if (keys != NULL)
        assert_ok(galvan_server_config_builder_set_ech_keys(b, keys));
    return b;
}

struct rustls_client_config_builder *ech_client(const struct ech_list *list)
{
    struct rustls_client_config_builder *b = test_client_builder("ca");
    assert_ok(
        rustls_client_config_builder_enable_ech(b, list->at, list->len, rustls_supported_hpke()));
    return b;
}

struct rustls_client_config_builder *ech_grease_client(void)
{
    struct rustls_client_config_builder *b = test_client_builder("ca");
    assert_ok(rustls_client_config_builder_enable_ech_grease(b, rustls_supported_hpke()));
    return b;
}

bool ech_is_on(const struct wire *w, const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i + n <= w->len; i++)
        if (memcmp(w->at + i, text, n) == 0)
            return true;
    return false;
}
