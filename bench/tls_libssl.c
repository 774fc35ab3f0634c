/* OpenSSL's libssl, over memory BIOs. */
#include "bench.h"
#include "tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>

struct contexts {
    SSL_CTX *client, *server;
    SSL_SESSION *session; /* the newest that a server gave */
};

static void ok(bool did, const char *what)
{
    if (!did)
        ERR_print_errors_fp(stderr);
    bench_want(did, what);
}

static int keep_session(SSL *ssl, SSL_SESSION *session)
{
    struct contexts *c = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));

    SSL_SESSION_free(c->session);
    c->session = session;
    return 1; /* ours now */
}

static const char *suite_name(uint16_t suite)
{
    switch (suite) {
    case 0x1301:
        return "TLS_AES_128_GCM_SHA256";
    case 0x1303:
        return "TLS_CHACHA20_POLY1305_SHA256";
    default:
        return "TLS_AES_256_GCM_SHA384";
    }
}

static SSL_CTX *context(const struct tls_setup *setup, const SSL_METHOD *method)
{
    SSL_CTX *c = SSL_CTX_new(method);

    ok(c != NULL, "no context");
    ok(SSL_CTX_set_min_proto_version(c, setup->version) == 1 &&
           SSL_CTX_set_max_proto_version(c, setup->version) == 1,
       "the version is not there");
    if (setup->suite != 0)
        ok(SSL_CTX_set_ciphersuites(c, suite_name(setup->suite)) == 1, "the suite is not there");
    if (!setup->resumes) {
        (void)SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
        (void)SSL_CTX_set_options(c, SSL_OP_NO_TICKET);
    }
    return c;
}

static void open_client(struct contexts *c)
{
    ok(SSL_CTX_load_verify_locations(c->client, BENCH_CERTS "/ca.pem", NULL) == 1, "no ca.pem");
    SSL_CTX_set_verify(c->client, SSL_VERIFY_PEER, NULL);
    (void)SSL_CTX_set_app_data(c->client, c);
}

static void open_server(struct contexts *c, const struct tls_setup *setup)
{
    char path[512];

    (void)snprintf(path, sizeof path, "%s/%s.pem", BENCH_CERTS, setup->certificate);
    ok(SSL_CTX_use_certificate_chain_file(c->server, path) == 1, path);
    (void)snprintf(path, sizeof path, "%s/%s.key", BENCH_CERTS, setup->certificate);
    ok(SSL_CTX_use_PrivateKey_file(c->server, path, SSL_FILETYPE_PEM) == 1, path);
    (void)SSL_CTX_set_num_tickets(c->server, setup->resumes ? 1 : 0);
}

static void *open_contexts(const struct tls_setup *setup)
{
    struct contexts *c = calloc(1, sizeof *c);
    /* In TLS 1.2 it wants the certificate's curve in the list, too. */
    const char *group = setup->hybrid ? "X25519MLKEM768" : "X25519:P-256";

    bench_want(c != NULL, "no memory");
    c->client = context(setup, TLS_client_method());
    c->server = context(setup, TLS_server_method());
    if (SSL_CTX_set1_groups_list(c->client, group) != 1 ||
        SSL_CTX_set1_groups_list(c->server, group) != 1) {
        ERR_clear_error();
        SSL_CTX_free(c->client);
        SSL_CTX_free(c->server);
        free(c);
        return NULL;
    }
    open_client(c);
    open_server(c, setup);
    if (setup->resumes) {
        (void)SSL_CTX_set_session_cache_mode(c->client,
                                             SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(c->client, keep_session);
    }
    return c;
}

static void close_contexts(void *contexts)
{
    struct contexts *c = contexts;

    SSL_SESSION_free(c->session);
    SSL_CTX_free(c->client);
    SSL_CTX_free(c->server);
    free(c);
}

static SSL *connection(SSL_CTX *ctx)
{
    SSL *ssl = SSL_new(ctx);
    BIO *in = BIO_new(BIO_s_mem()), *out = BIO_new(BIO_s_mem());

    ok(ssl != NULL && in != NULL && out != NULL, "no connection");
    SSL_set_bio(ssl, in, out);
    return ssl;
}

static void *client(void *contexts)
{
    struct contexts *c = contexts;
    SSL *ssl = connection(c->client);

    SSL_set_connect_state(ssl);
    ok(SSL_set1_host(ssl, "localhost") == 1 && SSL_set_tlsext_host_name(ssl, "localhost") == 1,
       "no name");
    if (c->session != NULL)
        ok(SSL_set_session(ssl, c->session) == 1, "no session");
    return ssl;
}

static void *server(void *contexts)
{
    SSL *ssl = connection(((struct contexts *)contexts)->server);

    SSL_set_accept_state(ssl);
    return ssl;
}

static void take_in(SSL *ssl, struct wire *in)
{
    size_t n = 0;

    if (in->start != in->end)
        ok(BIO_write_ex(SSL_get_rbio(ssl), in->at + in->start, in->end - in->start, &n) == 1,
           "nothing is read");
    in->start += n;
}

static void give_out(SSL *ssl, struct wire *out)
{
    uint8_t buf[20000];
    size_t n = 0;

    while (BIO_read_ex(SSL_get_wbio(ssl), buf, sizeof buf, &n) == 1)
        wire_put(out, buf, n);
}

/* What comes behind the handshake, tickets, is read too. */
static void step(void *conn, struct wire *in, struct wire *out)
{
    SSL *ssl = conn;
    uint8_t byte;
    size_t n = 0;

    take_in(ssl, in);
    int r = SSL_is_init_finished(ssl) ? SSL_read_ex(ssl, &byte, 1, &n) : SSL_do_handshake(ssl);
    if (r != 1)
        ok(SSL_get_error(ssl, r) == SSL_ERROR_WANT_READ, "the handshake fails");
    give_out(ssl, out);
}

static bool is_done(void *conn)
{
    return SSL_is_init_finished(conn) == 1;
}

static bool has_resumed(void *conn)
{
    return SSL_session_reused(conn) == 1;
}

static void send_data(void *conn, const uint8_t *data, size_t len, struct wire *out)
{
    size_t n = 0;

    ok(SSL_write_ex(conn, data, len, &n) == 1 && n == len, "not all was taken");
    give_out(conn, out);
}

static size_t receive(void *conn, struct wire *in, uint8_t *out, size_t cap)
{
    size_t all = 0, n = 0;

    take_in(conn, in);
    while (all < cap && SSL_read_ex(conn, out + all, cap - all, &n) == 1)
        all += n;
    return all;
}

/* A session whose connection was not shut down is not resumed. */
static void free_connection(void *conn)
{
    SSL_set_shutdown(conn, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(conn);
}

const struct tls_library bench_libssl = {
    "libssl", open_contexts, close_contexts, client,  server,          step,
    is_done,  has_resumed,   send_data,      receive, free_connection,
};
