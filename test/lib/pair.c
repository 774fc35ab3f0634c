/* Clients and servers for tests of the public API. Needs nothing of the library but rustls.h. */
#include "lib/pair.h"

#include <stdlib.h>

static struct file certs_file(const char *name, const char *ending)
{
    char path[128];
    (void)snprintf(path, sizeof path, "certs/%s.%s", name, ending);
    return test_file(path);
}

const struct rustls_certified_key *test_certified_key(const char *name)
{
    struct file chain = certs_file(name, "pem"), key = certs_file(name, "key");
    const struct rustls_certified_key *certified = NULL;
    assert_ok(rustls_certified_key_build(chain.data, chain.len, key.data, key.len, &certified));
    free(chain.data);
    free(key.data);
    return certified;
}

const struct rustls_root_cert_store *test_roots(const char *name)
{
    struct file pem = certs_file(name, "pem");
    struct rustls_root_cert_store_builder *builder = rustls_root_cert_store_builder_new();
    const struct rustls_root_cert_store *store = NULL;
    assert_non_null(builder);
    assert_ok(rustls_root_cert_store_builder_add_pem(builder, pem.data, pem.len, true));
    assert_ok(rustls_root_cert_store_builder_build(builder, &store));
    rustls_root_cert_store_builder_free(builder);
    free(pem.data);
    return store;
}

static struct rustls_client_config_builder *trusting(struct rustls_client_config_builder *client,
                                                     const char *authority)
{
    const struct rustls_root_cert_store *roots = test_roots(authority);
    struct rustls_web_pki_server_cert_verifier_builder *builder =
        rustls_web_pki_server_cert_verifier_builder_new(roots);
    struct rustls_server_cert_verifier *verifier = NULL;
    assert_non_null(client);
    assert_ok(rustls_web_pki_server_cert_verifier_builder_build(builder, &verifier));
    rustls_client_config_builder_set_server_verifier(client, verifier);
    rustls_server_cert_verifier_free(verifier);
    rustls_web_pki_server_cert_verifier_builder_free(builder);
    rustls_root_cert_store_free(roots);
    return client;
}

static struct rustls_server_config_builder *showing(struct rustls_server_config_builder *server,
                                                    const char *name)
{
    const struct rustls_certified_key *key = test_certified_key(name);
    assert_non_null(server);
    assert_ok(rustls_server_config_builder_set_certified_keys(server, &key, 1));
    rustls_certified_key_free(key);
    return server;
}

struct rustls_client_config_builder *test_client_builder(const char *authority)
{
    return trusting(rustls_client_config_builder_new(), authority);
}

struct rustls_server_config_builder *test_server_builder(const char *name)
{
    return showing(rustls_server_config_builder_new(), name);
}

const struct rustls_crypto_provider *test_provider_of(const uint16_t *suites, size_t count)
{
    const struct rustls_supported_ciphersuite *list[16] = {NULL};
    const struct rustls_crypto_provider *provider = NULL;
    struct rustls_crypto_provider_builder *builder = NULL;
    assert_true(count <= 16);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < rustls_default_crypto_provider_ciphersuites_len(); j++) {
            const struct rustls_supported_ciphersuite *s =
                rustls_default_crypto_provider_ciphersuites_get(j);
            if (rustls_supported_ciphersuite_get_suite(s) == suites[i])
                list[i] = s;
        }
    assert_ok(rustls_crypto_provider_builder_new_from_default(&builder));
    assert_ok(rustls_crypto_provider_builder_set_cipher_suites(builder, list, count));
    assert_ok(rustls_crypto_provider_builder_build(builder, &provider));
    rustls_crypto_provider_builder_free(builder);
    return provider;
}

struct rustls_client_config_builder *test_client_builder_with(
    const char *authority, const struct rustls_crypto_provider *provider, uint16_t version)
{
    struct rustls_client_config_builder *builder = NULL;
    assert_ok(rustls_client_config_builder_new_custom(provider, &version, 1, &builder));
    rustls_crypto_provider_free(provider);
    return trusting(builder, authority);
}

struct rustls_server_config_builder *test_server_builder_with(
    const char *name, const struct rustls_crypto_provider *provider, uint16_t version)
{
    struct rustls_server_config_builder *builder = NULL;
    assert_ok(rustls_server_config_builder_new_custom(provider, &version, 1, &builder));
    rustls_crypto_provider_free(provider);
    return showing(builder, name);
}

struct rustls_client_config_builder *test_client_builder_of(const char *authority, uint16_t version)
{
    return test_client_builder_with(authority, rustls_crypto_provider_default(), version);
}

struct rustls_server_config_builder *test_server_builder_of(const char *name, uint16_t version)
{
    return test_server_builder_with(name, rustls_crypto_provider_default(), version);
}

const struct rustls_client_config *test_client_config(struct rustls_client_config_builder *b)
{
    const struct rustls_client_config *config = NULL;
    assert_ok(rustls_client_config_builder_build(b, &config));
    return config;
}

const struct rustls_server_config *test_server_config(struct rustls_server_config_builder *b)
{
    const struct rustls_server_config *config = NULL;
    assert_ok(rustls_server_config_builder_build(b, &config));
    return config;
}

struct pair *pair_between(const struct rustls_client_config *client, const char *server_name,
                          const struct rustls_server_config *server)
{
    struct pair *p = calloc(1, sizeof *p);
    assert_non_null(p);
    p->client_result = p->server_result = RUSTLS_RESULT_OK;
    assert_ok(rustls_client_connection_new(client, server_name, &p->client));
    assert_ok(rustls_server_connection_new(server, &p->server));
    return p;
}

struct pair *pair_new(struct rustls_client_config_builder *client, const char *server_name,
                      struct rustls_server_config_builder *server)
{
    const struct rustls_client_config *of_client = test_client_config(client);
    const struct rustls_server_config *of_server = test_server_config(server);
    struct pair *p = pair_between(of_client, server_name, of_server);
    rustls_client_config_free(of_client);
    rustls_server_config_free(of_server);
    return p;
}

struct pair *pair_of(uint16_t version)
{
    return pair_new(test_client_builder_of("ca", version), "localhost",
                    test_server_builder_of("p256", version));
}

struct pair *pair_up(uint16_t version)
{
    struct pair *p = pair_of(version);
    pair_run(p);
    assert_result(p->client_result, RUSTLS_RESULT_OK);
    assert_result(p->server_result, RUSTLS_RESULT_OK);
    assert_false(rustls_connection_is_handshaking(p->client));
    assert_false(rustls_connection_is_handshaking(p->server));
    return p;
}

void pair_free(struct pair *p)
{
    rustls_connection_free(p->client);
    rustls_connection_free(p->server);
    free(p);
}

size_t pair_flush(struct rustls_connection *conn, struct wire *to)
{
    size_t total = 0;
    while (rustls_connection_wants_write(conn)) {
        size_t n = 0;
        assert_int_equal(rustls_connection_write_tls(conn, wire_write, to, &n), 0);
        assert_true(n != 0);
        total += n;
    }
    return total;
}

rustls_result pair_feed(struct rustls_connection *conn, struct wire *from)
{
    while (from->len != 0 && rustls_connection_wants_read(conn)) {
        size_t n = 0;
        assert_int_equal(rustls_connection_read_tls(conn, wire_read, from, &n), 0);
        rustls_result result = rustls_connection_process_new_packets(conn);
        if (result != RUSTLS_RESULT_OK)
            return result;
    }
    return RUSTLS_RESULT_OK;
}

static size_t turn(struct rustls_connection *conn, struct wire *from, struct wire *to,
                   rustls_result *result)
{
    size_t before = from->len;
    if (*result == RUSTLS_RESULT_OK)
        *result = pair_feed(conn, from);
    return before - from->len + pair_flush(conn, to);
}

void pair_run(struct pair *p)
{
    size_t moved;
    do {
        moved = turn(p->client, &p->to_client, &p->to_server, &p->client_result);
        moved += turn(p->server, &p->to_server, &p->to_client, &p->server_result);
    } while (moved != 0);
}

void pair_cut(struct rustls_connection *conn, struct wire *from)
{
    size_t n = 99;
    from->ended = true;
    assert_int_equal(rustls_connection_read_tls(conn, wire_read, from, &n), 0);
    assert_int_equal(n, 0);
    assert_ok(rustls_connection_process_new_packets(conn));
}

void pair_say(struct rustls_connection *conn, const char *text)
{
    size_t n = 0;
    assert_ok(rustls_connection_write(conn, (const uint8_t *)text, strlen(text), &n));
    assert_int_equal(n, strlen(text));
}

void assert_hears(struct rustls_connection *conn, const char *text)
{
    uint8_t got[256];
    size_t n = 0;
    assert_true(strlen(text) < sizeof got);
    assert_ok(rustls_connection_read(conn, got, sizeof got, &n));
    assert_int_equal(n, strlen(text));
    assert_memory_equal(got, text, n);
}
