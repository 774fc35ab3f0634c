/* A client and a server in one program, made through rustls.h with the certificates of test/certs,
 * joined by two wires. Whatever a test does not expect to fail fails the test. */
#ifndef GALVAN_TEST_PAIR_H
#define GALVAN_TEST_PAIR_H

#include "lib/api.h"
#include "lib/file.h"
#include "lib/wire.h"

/* What test/certs/README.md calls NAME: its chain and its key. */
const struct rustls_certified_key *test_certified_key(const char *name);
const struct rustls_root_cert_store *test_roots(const char *name);

/* A client that trusts the authority NAME; a server that shows NAME. For the default provider, and
 * for one version only. */
struct rustls_client_config_builder *test_client_builder(const char *authority);
struct rustls_server_config_builder *test_server_builder(const char *name);
struct rustls_client_config_builder *test_client_builder_of(const char *authority,
                                                            uint16_t version);
struct rustls_server_config_builder *test_server_builder_of(const char *name, uint16_t version);
/* The default provider with these of its suites, in this order; the same with one, which they use
 * up. */
const struct rustls_crypto_provider *test_provider_of(const uint16_t *suites, size_t count);
struct rustls_client_config_builder *test_client_builder_with(
    const char *authority, const struct rustls_crypto_provider *provider, uint16_t version);
struct rustls_server_config_builder *test_server_builder_with(
    const char *name, const struct rustls_crypto_provider *provider, uint16_t version);
/* These use the builder up. */
const struct rustls_client_config *test_client_config(struct rustls_client_config_builder *b);
const struct rustls_server_config *test_server_config(struct rustls_server_config_builder *b);

struct pair {
    struct rustls_connection *client, *server;
    rustls_result client_result, server_result; /* of processing: the first that was not OK */
    struct wire to_server, to_client;
};

/* One more connection between two configs, which remain the caller's. */
struct pair *pair_between(const struct rustls_client_config *client, const char *server_name,
                          const struct rustls_server_config *server);
/* Uses both builders up. */
struct pair *pair_new(struct rustls_client_config_builder *client, const char *server_name,
                      struct rustls_server_config_builder *server);
/* Client and server of p256, for localhost; and with the handshake done. */
struct pair *pair_of(uint16_t version);
struct pair *pair_up(uint16_t version);
void pair_free(struct pair *p);

/* Writes all that is queued; answers how many bytes that was. */
size_t pair_flush(struct rustls_connection *conn, struct wire *to);
/* Reads and processes while bytes are there and wanted, or until processing fails. */
rustls_result pair_feed(struct rustls_connection *conn, struct wire *from);
/* Lets both talk until neither has anything to say. */
void pair_run(struct pair *p);
/* The end of the stream, without a close_notify. */
void pair_cut(struct rustls_connection *conn, struct wire *from);

/* Plaintext: all of it is taken; exactly that is there to be read. */
void pair_say(struct rustls_connection *conn, const char *text);
void assert_hears(struct rustls_connection *conn, const char *text);

#define assert_state(conn, wants_read, wants_write, handshaking)                                   \
    do {                                                                                           \
        assert_int_equal(rustls_connection_wants_read(conn), (wants_read));                        \
        assert_int_equal(rustls_connection_wants_write(conn), (wants_write));                      \
        assert_int_equal(rustls_connection_is_handshaking(conn), (handshaking));                   \
    } while (0)

#endif
