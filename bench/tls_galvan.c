/* Galvan, through its public headers; only the choice of groups is made inside, for the API has none. */
#include "api/objects.h"
#include "bench.h"
#include "galvan.h"
#include "tls.h"
#include "wire/codepoints.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct contexts {
    struct provider provider;
    const struct key_exchange_group *groups[2];
    const struct cipher_suite_info *suites[2];
    const struct rustls_client_config *client;
    const struct rustls_server_config *server;
};

static void ok(uint32_t result)
{
    char text[200];
    size_t n = 0;

    if (result == RUSTLS_RESULT_OK)
        return;
    rustls_error(result, text, sizeof text - 1, &n);
    text[n] = '\0';
    bench_want(false, text);
}

static struct rustls_slice_bytes read_file(const char *name, const char *suffix)
{
    static uint8_t memory[2][1 << 16];
    static unsigned turn;
    uint8_t *to = memory[turn++ % 2];
    char path[512];

    (void)snprintf(path, sizeof path, "%s/%s%s", BENCH_CERTS, name, suffix);
    FILE *f = fopen(path, "rb");
    bench_want(f != NULL, path);
    size_t n = fread(to, 1, sizeof memory[0], f);
    (void)fclose(f);
    return (struct rustls_slice_bytes){to, n};
}

/* The provider with one group, and one suite where the setup names it. */
static void narrow(struct contexts *c, const struct tls_setup *setup)
{
    const struct provider *whole = gv_openssl_provider();
    const uint16_t group = setup->hybrid ? GROUP_X25519MLKEM768 : GROUP_X25519;

    c->provider = *whole;
    c->provider.free = NULL; /* lives as long as the contexts */
    for (const struct key_exchange_group *const *g = whole->groups; *g != NULL; g++)
        if ((*g)->code == group)
            c->groups[0] = *g;
    bench_want(c->groups[0] != NULL, "the group is not there");
    c->provider.groups = c->groups;
    for (const struct cipher_suite_info *const *s = whole->suites; *s != NULL; s++)
        if ((*s)->code == setup->suite)
            c->suites[0] = *s;
    if (setup->suite != 0)
        c->provider.suites = c->suites;
}

static void make_client(struct contexts *c, const struct tls_setup *setup)
{
    const struct rustls_crypto_provider *provider = out_provider(&c->provider);
    struct rustls_root_cert_store_builder *roots = rustls_root_cert_store_builder_new();
    struct rustls_slice_bytes ca = read_file("ca", ".pem");
    struct rustls_web_pki_server_cert_verifier_builder *v;
    const struct rustls_root_cert_store *store = NULL;
    struct rustls_server_cert_verifier *verifier = NULL;
    struct rustls_client_config_builder *b = NULL;

    ok(rustls_root_cert_store_builder_add_pem(roots, ca.data, ca.len, true));
    ok(rustls_root_cert_store_builder_build(roots, &store));
    v = rustls_web_pki_server_cert_verifier_builder_new_with_provider(provider, store);
    ok(rustls_web_pki_server_cert_verifier_builder_build(v, &verifier));
    ok(rustls_client_config_builder_new_custom(provider, &setup->version, 1, &b));
    rustls_client_config_builder_set_server_verifier(b, verifier);
    ok(galvan_client_config_builder_set_cert_compression(b, &setup->compression,
                                                         setup->compression != 0));
    ok(rustls_client_config_builder_build(b, &c->client));
    rustls_server_cert_verifier_free(verifier);
    rustls_web_pki_server_cert_verifier_builder_free(v);
    rustls_root_cert_store_free(store);
    rustls_root_cert_store_builder_free(roots);
}

static void make_server(struct contexts *c, const struct tls_setup *setup)
{
    struct rustls_slice_bytes chain = read_file(setup->certificate, ".pem");
    struct rustls_slice_bytes key = read_file(setup->certificate, ".key");
    struct rustls_server_config_builder *b = NULL;
    const struct rustls_certified_key *certified = NULL;

    ok(rustls_certified_key_build(chain.data, chain.len, key.data, key.len, &certified));
    ok(rustls_server_config_builder_new_custom(out_provider(&c->provider), &setup->version, 1, &b));
    ok(rustls_server_config_builder_set_certified_keys(b, &certified, 1));
    ok(galvan_server_config_builder_set_cert_compression(b, &setup->compression,
                                                         setup->compression != 0));
    ok(rustls_server_config_builder_set_send_tls13_tickets(b, setup->resumes ? 1 : 0));
    ok(rustls_server_config_builder_build(b, &c->server));
    rustls_certified_key_free(certified);
}

/* Without sessions nothing is kept, on neither side. */
static void forget_sessions(struct contexts *c)
{
    struct client_config *client = (struct client_config *)in_client_config(c->client);
    struct server_config *server = (struct server_config *)in_server_config(c->server);

    gv_client_sessions_free(client->sessions);
    client->sessions = NULL;
    gv_session_store_free(server->sessions);
    server->sessions = NULL;
}

static void *open_contexts(const struct tls_setup *setup)
{
    struct contexts *c = calloc(1, sizeof *c);

    bench_want(c != NULL, "no memory");
    narrow(c, setup);
    make_client(c, setup);
    make_server(c, setup);
    if (!setup->resumes)
        forget_sessions(c);
    return c;
}

static void close_contexts(void *contexts)
{
    struct contexts *c = contexts;

    rustls_client_config_free(c->client);
    rustls_server_config_free(c->server);
    free(c);
}

static void *client(void *contexts)
{
    struct rustls_connection *out = NULL;
    ok(rustls_client_connection_new(((struct contexts *)contexts)->client, "localhost", &out));
    return out;
}

static void *server(void *contexts)
{
    struct rustls_connection *out = NULL;
    ok(rustls_server_connection_new(((struct contexts *)contexts)->server, &out));
    return out;
}

static int take(void *userdata, uint8_t *buf, size_t n, size_t *out_n)
{
    *out_n = wire_take(userdata, buf, n);
    return 0;
}

static int put(void *userdata, const uint8_t *buf, size_t n, size_t *out_n)
{
    wire_put(userdata, buf, n);
    *out_n = n;
    return 0;
}

static void read_all(struct rustls_connection *c, struct wire *in)
{
    size_t n;

    while (in->start != in->end && rustls_connection_wants_read(c)) {
        bench_want(rustls_connection_read_tls(c, take, in, &n) == 0, "nothing is read");
        ok(rustls_connection_process_new_packets(c));
    }
}

static void write_all(struct rustls_connection *c, struct wire *out)
{
    size_t n;

    while (rustls_connection_wants_write(c))
        bench_want(rustls_connection_write_tls(c, put, out, &n) == 0, "nothing is written");
}

static void step(void *connection, struct wire *in, struct wire *out)
{
    read_all(connection, in);
    write_all(connection, out);
}

static bool is_done(void *connection)
{
    return !rustls_connection_is_handshaking(connection);
}

static bool has_resumed(void *connection)
{
    return rustls_connection_handshake_kind(connection) == RUSTLS_HANDSHAKE_KIND_RESUMED;
}

static void send_data(void *connection, const uint8_t *data, size_t len, struct wire *out)
{
    size_t n = 0;

    ok(rustls_connection_write(connection, data, len, &n));
    bench_want(n == len, "not all was taken");
    write_all(connection, out);
}

static size_t receive(void *connection, struct wire *in, uint8_t *out, size_t cap)
{
    size_t all = 0, n = 0;

    while (in->start != in->end) {
        read_all(connection, in);
        while (all < cap &&
               rustls_connection_read(connection, out + all, cap - all, &n) == RUSTLS_RESULT_OK)
            all += n;
    }
    return all;
}

static void free_connection(void *connection)
{
    rustls_connection_free(connection);
}

const struct tls_library bench_galvan = {
    "galvan", open_contexts, close_contexts, client,  server,          step,
    is_done,  has_resumed,   send_data,      receive, free_connection,
};
