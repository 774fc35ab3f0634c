/* The application's own heap: every allocation in turn fails, in both roles, and all that happens is
 * an error; afterwards nothing is left. */
#include "galvan.h"
#include "lib/heap.h"
#include "lib/pair.h"

#include <stdlib.h>

/* Files and objects that outlive one round are made with a heap that does not fail. */
static struct file ca, chain, key;

struct life {
    struct rustls_connection *client, *server;
    struct wire to_server, to_client;
};

static bool out_of_memory(rustls_result result)
{
    return result != RUSTLS_RESULT_OK;
}

static const struct rustls_client_config *client_config(void)
{
    const struct rustls_client_config *config = NULL;
    const struct rustls_slice_bytes h2 = {(const uint8_t *)"h2", 2};
    struct rustls_root_cert_store_builder *rb = rustls_root_cert_store_builder_new();
    const struct rustls_root_cert_store *roots = NULL;
    struct rustls_web_pki_server_cert_verifier_builder *vb = NULL;
    struct rustls_server_cert_verifier *verifier = NULL;
    struct rustls_client_config_builder *b = rustls_client_config_builder_new();
    (void)rustls_root_cert_store_builder_add_pem(rb, ca.data, ca.len, true);
    (void)rustls_root_cert_store_builder_build(rb, &roots);
    vb = rustls_web_pki_server_cert_verifier_builder_new(roots);
    (void)rustls_web_pki_server_cert_verifier_builder_build(vb, &verifier);
    rustls_client_config_builder_set_server_verifier(b, verifier);
    if (out_of_memory(rustls_client_config_builder_set_alpn_protocols(b, &h2, 1)))
        rustls_client_config_builder_free(b);
    else
        (void)rustls_client_config_builder_build(b, &config);
    rustls_server_cert_verifier_free(verifier);
    rustls_web_pki_server_cert_verifier_builder_free(vb);
    rustls_root_cert_store_free(roots);
    rustls_root_cert_store_builder_free(rb);
    return config;
}

static const struct rustls_server_config *server_config(void)
{
    const struct rustls_server_config *config = NULL;
    const struct rustls_certified_key *certified = NULL;
    struct rustls_server_config_builder *b = rustls_server_config_builder_new();
    if (out_of_memory(
            rustls_certified_key_build(chain.data, chain.len, key.data, key.len, &certified)) ||
        out_of_memory(rustls_server_config_builder_set_certified_keys(b, &certified, 1)))
        rustls_server_config_builder_free(b);
    else
        (void)rustls_server_config_builder_build(b, &config);
    rustls_certified_key_free(certified);
    return config;
}

/* One turn of a side; false where it failed. */
static bool turn(struct rustls_connection *conn, struct wire *from, struct wire *to)
{
    size_t n = 0;
    bool fine = true;
    while (fine && from->len != 0 && rustls_connection_wants_read(conn)) {
        fine = rustls_connection_read_tls(conn, wire_read, from, &n) == 0 &&
               rustls_connection_process_new_packets(conn) == RUSTLS_RESULT_OK;
    }
    while (rustls_connection_wants_write(conn))
        (void)rustls_connection_write_tls(conn, wire_write, to, &n);
    return fine;
}

static bool say(struct rustls_connection *conn, size_t len)
{
    static const uint8_t text[40000];
    size_t n = 0;
    return rustls_connection_write(conn, text, len, &n) == RUSTLS_RESULT_OK && n == len;
}

/* Reads all; adds to *heard. */
static bool hear(struct rustls_connection *conn, size_t *heard)
{
    static uint8_t text[50000];
    size_t n = 0;
    rustls_result result = rustls_connection_read(conn, text, sizeof text, &n);
    *heard += n;
    return result == RUSTLS_RESULT_OK || result == RUSTLS_RESULT_PLAINTEXT_EMPTY;
}

/* Data before and after the handshake, new keys, and close_notify. False where anything failed. */
static bool talk(struct life *l)
{
    size_t at_server = 0, at_client = 0;
    bool fine = say(l->client, 100);
    for (int round = 0; fine && round < 12; round++) {
        if (round == 4)
            fine = say(l->client, 40000) && say(l->server, 100) &&
                   rustls_connection_refresh_traffic_keys(l->client) == RUSTLS_RESULT_OK;
        if (round == 10)
            rustls_connection_send_close_notify(l->server);
        bool client = turn(l->client, &l->to_client, &l->to_server);
        bool server = turn(l->server, &l->to_server, &l->to_client);
        fine = fine && client && server && hear(l->server, &at_server) &&
               hear(l->client, &at_client);
    }
    return fine && at_server == 40100 && at_client == 100;
}

/* A whole life, from configs to close. Answers whether all of it went well. */
static bool live(void)
{
    struct life *l = calloc(1, sizeof *l);
    const struct rustls_client_config *client = client_config();
    const struct rustls_server_config *server = server_config();
    bool fine = rustls_client_connection_new(client, "localhost", &l->client) == RUSTLS_RESULT_OK &&
                rustls_server_connection_new(server, &l->server) == RUSTLS_RESULT_OK && talk(l);
    rustls_connection_free(l->client);
    rustls_connection_free(l->server);
    rustls_client_config_free(client);
    rustls_server_config_free(server);
    free(l);
    return fine;
}

static void does_each_failing_allocation_end_in_an_error(void **state)
{
    (void)state;
    assert_ok(galvan_set_memory_functions(heap_alloc, heap_release));
    size_t before = heap_calls();
    assert_true(live());
    size_t calls = heap_calls() - before, survived = 0;
    assert_int_equal(heap_live(), 0);
    for (size_t n = 1; n <= calls; n++) {
        heap_fail_at(n);
        survived += live();
        heap_fail_at(0);
        assert_int_equal(heap_live(), 0);
    }
    print_message("%zu allocations in a life, %zu of them can be done without\n", calls, survived);
    assert_true(calls > 20);
    assert_true(live());
    assert_ok(galvan_set_memory_functions(NULL, NULL));
}

static void are_both_functions_asked_for(void **state)
{
    (void)state;
    assert_result(galvan_set_memory_functions(heap_alloc, NULL), 7002);
    assert_result(galvan_set_memory_functions(NULL, heap_release), 7002);
    assert_ok(galvan_set_memory_functions(NULL, NULL));
}

static int read_files(void **state)
{
    (void)state;
    ca = test_file("certs/ca.pem");
    chain = test_file("certs/chain.pem");
    key = test_file("certs/chain.key");
    rustls_crypto_provider_free(rustls_crypto_provider_default()); /* made once for the process */
    return 0;
}

static int free_files(void **state)
{
    (void)state;
    free(ca.data);
    free(chain.data);
    free(key.data);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_each_failing_allocation_end_in_an_error),
        cmocka_unit_test(are_both_functions_asked_for),
    };
    return cmocka_run_group_tests(tests, read_files, free_files);
}
