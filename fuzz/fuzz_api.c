/* A program of calls of the public API, made from the input: a byte names a call, the bytes behind it
 * are what it is given. In whatever order they come, with whatever in them, each call answers; nothing
 * crashes, leaks or goes on for ever. One builder, one config and one connection of each role are there
 * or not, as the calls have it: what is not there is passed as NULL. */
#include "galvan.h"
#include "lib/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CALLS_MAX = 200, WIRE_MAX = 1 << 17, CLIENT = 0, SERVER = 1 };

struct wire {
    uint8_t at[WIRE_MAX];
    size_t start, end;
};

struct world {
    const uint8_t *rest;
    size_t left;
    struct rustls_client_config_builder *client_builder;
    struct rustls_server_config_builder *server_builder;
    const struct rustls_client_config *client;
    const struct rustls_server_config *server;
    struct rustls_connection *conn[2];
    struct rustls_acceptor *acceptor;
    struct wire wire[2]; /* what each role is to read */
};

/* ---- arguments ------------------------------------------------------------------------------------------ */

static uint8_t arg(struct world *w)
{
    if (w->left == 0)
        return 0;
    w->left--;
    return *w->rest++;
}

/* A length in a byte, and as many bytes as there are. */
static struct rustls_slice_bytes arg_bytes(struct world *w)
{
    size_t n = arg(w);
    n = n < w->left ? n : w->left;
    struct rustls_slice_bytes out = {w->rest, n};
    w->rest += n;
    w->left -= n;
    return out;
}

static const char *arg_text(struct world *w)
{
    static char text[256];
    struct rustls_slice_bytes bytes = arg_bytes(w);
    memcpy(text, bytes.data, bytes.len);
    text[bytes.len] = '\0';
    return text;
}

static struct rustls_connection *arg_conn(struct world *w)
{
    return w->conn[arg(w) & 1];
}

/* ---- what all programs share ---------------------------------------------------------------------------- */

static const struct rustls_certified_key *certified_key(void)
{
    static const struct rustls_certified_key *key;

    if (key != NULL)
        return key;
    struct file chain = test_file("certs/p256.pem"), private_key = test_file("certs/p256.key");
    if (rustls_certified_key_build(chain.data, chain.len, private_key.data, private_key.len,
                                   &key) != RUSTLS_RESULT_OK)
        abort();
    free(chain.data);
    free(private_key.data);
    return key;
}

static uint32_t believe(void *userdata, const struct rustls_verify_server_cert_params *params)
{
    (void)userdata, (void)params;
    return RUSTLS_RESULT_OK;
}

/* ---- the calls ------------------------------------------------------------------------------------------ */

static void new_client_builder(struct world *w)
{
    rustls_client_config_builder_free(w->client_builder);
    w->client_builder = rustls_client_config_builder_new();
    (void)rustls_client_config_builder_dangerous_set_certificate_verifier(w->client_builder,
                                                                          believe);
}

static void new_server_builder(struct world *w)
{
    const struct rustls_certified_key *key = certified_key();
    rustls_server_config_builder_free(w->server_builder);
    w->server_builder = rustls_server_config_builder_new();
    (void)rustls_server_config_builder_set_certified_keys(w->server_builder, &key, 1);
}

static void build_client(struct world *w)
{
    rustls_client_config_free(w->client);
    w->client = NULL;
    if (w->client_builder != NULL)
        (void)rustls_client_config_builder_build(w->client_builder, &w->client);
    w->client_builder = NULL;
}

static void build_server(struct world *w)
{
    rustls_server_config_free(w->server);
    w->server = NULL;
    if (w->server_builder != NULL)
        (void)rustls_server_config_builder_build(w->server_builder, &w->server);
    w->server_builder = NULL;
}

static void set_alpn(struct world *w)
{
    const bool server = arg(w) & 1;
    struct rustls_slice_bytes names[2] = {arg_bytes(w), arg_bytes(w)};
    if (server)
        (void)rustls_server_config_builder_set_alpn_protocols(w->server_builder, names, 2);
    else
        (void)rustls_client_config_builder_set_alpn_protocols(w->client_builder, names, 2);
}

static void set_ech(struct world *w)
{
    struct rustls_slice_bytes list = arg_bytes(w);
    (void)rustls_client_config_builder_enable_ech(w->client_builder, list.data, list.len,
                                                  rustls_supported_hpke());
}

static void set_client_key(struct world *w)
{
    const struct rustls_certified_key *key = certified_key();
    (void)rustls_client_config_builder_set_certified_key(w->client_builder, &key, arg(w) & 1);
}

static void set_tickets(struct world *w)
{
    (void)rustls_server_config_builder_set_send_tls13_tickets(w->server_builder, arg(w));
    (void)rustls_server_config_builder_set_ignore_client_order(w->server_builder, arg(w) & 1);
}

static void new_client(struct world *w)
{
    rustls_connection_free(w->conn[CLIENT]);
    w->conn[CLIENT] = NULL;
    w->wire[CLIENT].start = w->wire[CLIENT].end = 0;
    (void)rustls_client_connection_new(w->client, arg(w) == 0 ? "localhost" : arg_text(w),
                                       &w->conn[CLIENT]);
}

static void new_server(struct world *w)
{
    rustls_connection_free(w->conn[SERVER]);
    w->conn[SERVER] = NULL;
    w->wire[SERVER].start = w->wire[SERVER].end = 0;
    (void)rustls_server_connection_new(w->server, &w->conn[SERVER]);
}

static void drop_connection(struct world *w)
{
    const unsigned role = arg(w) & 1;
    rustls_connection_free(w->conn[role]);
    w->conn[role] = NULL;
}

static int put(void *userdata, const uint8_t *buf, size_t n, size_t *out_n)
{
    struct wire *wire = userdata;
    size_t room = WIRE_MAX - wire->end;
    *out_n = n < room ? n : room;
    memcpy(wire->at + wire->end, buf, *out_n);
    wire->end += *out_n;
    return 0;
}

static int take(void *userdata, uint8_t *buf, size_t n, size_t *out_n)
{
    struct wire *wire = userdata;
    size_t there = wire->end - wire->start;
    *out_n = n < there ? n : there;
    memcpy(buf, wire->at + wire->start, *out_n);
    wire->start += *out_n;
    return 0;
}

static void write_tls(struct world *w)
{
    const unsigned role = arg(w) & 1;
    size_t n;
    (void)rustls_connection_write_tls(w->conn[role], put, &w->wire[!role], &n);
}

static void read_tls(struct world *w)
{
    const unsigned role = arg(w) & 1;
    size_t n;
    (void)rustls_connection_read_tls(w->conn[role], take, &w->wire[role], &n);
}

/* Bytes that the other side never sent. */
static void inject(struct world *w)
{
    const unsigned role = arg(w) & 1;
    struct rustls_slice_bytes bytes = arg_bytes(w);
    size_t n;
    if (bytes.len != 0)
        (void)put(&w->wire[role], bytes.data, bytes.len, &n);
}

static void process(struct world *w)
{
    (void)rustls_connection_process_new_packets(arg_conn(w));
}

/* All that both have to say. */
static void talk(struct world *w)
{
    for (unsigned turn = 0; turn < 8; turn++)
        for (unsigned role = 0; role < 2; role++) {
            size_t n = 1;
            while (rustls_connection_wants_write(w->conn[role]) && n != 0)
                if (rustls_connection_write_tls(w->conn[role], put, &w->wire[!role], &n) != 0)
                    break;
            (void)rustls_connection_read_tls(w->conn[!role], take, &w->wire[!role], &n);
            (void)rustls_connection_process_new_packets(w->conn[!role]);
        }
}

static void write_plain(struct world *w)
{
    struct rustls_connection *conn = arg_conn(w);
    struct rustls_slice_bytes bytes = arg_bytes(w);
    size_t n;
    (void)rustls_connection_write(conn, bytes.data, bytes.len, &n);
}

static void write_early(struct world *w)
{
    struct rustls_connection *conn = arg_conn(w);
    struct rustls_slice_bytes bytes = arg_bytes(w);
    size_t n;
    (void)galvan_connection_write_early_data(conn, bytes.data, bytes.len, &n);
}

static void read_plain(struct world *w)
{
    struct rustls_connection *conn = arg_conn(w);
    uint8_t buf[256];
    size_t n;
    (void)rustls_connection_read(conn, buf, arg(w), &n);
    (void)galvan_connection_read_early_data(conn, buf, arg(w), &n);
}

static void close_notify(struct world *w)
{
    rustls_connection_send_close_notify(arg_conn(w));
}

static void refresh(struct world *w)
{
    (void)rustls_connection_refresh_traffic_keys(arg_conn(w));
}

static void limit(struct world *w)
{
    struct rustls_connection *conn = arg_conn(w);
    rustls_connection_set_buffer_limit(conn, (size_t)arg(w) * 64);
}

static void ask(struct world *w)
{
    struct rustls_connection *conn = arg_conn(w);
    struct rustls_slice_bytes identity, context;
    struct galvan_error_detail detail;
    const uint8_t *alpn;
    uint8_t out[64];
    size_t len;

    rustls_connection_get_alpn_protocol(conn, &alpn, &len);
    (void)rustls_connection_get_peer_certificate(conn, arg(w));
    (void)rustls_connection_get_negotiated_ciphersuite_name(conn);
    (void)rustls_connection_handshake_kind(conn);
    (void)rustls_server_connection_get_server_name(conn);
    (void)galvan_connection_error_detail(conn, &detail, sizeof detail);
    (void)galvan_connection_get_psk_identity(conn, &identity, &context);
    (void)galvan_connection_ech(conn);
    (void)galvan_connection_question(conn);
    (void)galvan_connection_export_keying_material(conn, arg_text(w), NULL, 0, out, arg(w) & 63);
}

static void answer_nothing(struct world *w)
{
    struct rustls_connection *conn = arg_conn(w);
    struct rustls_slice_bytes bytes = arg_bytes(w);
    (void)galvan_connection_set_signature(conn, bytes.data, bytes.len);
    (void)galvan_connection_set_session(conn, bytes.data, bytes.len);
    (void)galvan_connection_set_certified_key(conn, certified_key());
}

static void read_roots(struct world *w)
{
    struct rustls_root_cert_store_builder *builder = rustls_root_cert_store_builder_new();
    const struct rustls_root_cert_store *store = NULL;
    struct rustls_slice_bytes pem = arg_bytes(w);
    (void)rustls_root_cert_store_builder_add_pem(builder, pem.data, pem.len, arg(w) & 1);
    (void)rustls_root_cert_store_builder_build(builder, &store);
    rustls_root_cert_store_builder_free(builder);
    rustls_root_cert_store_free(store);
}

/* What the server is to read goes to an acceptor. */
static void accept_hello(struct world *w)
{
    struct rustls_accepted *accepted = NULL;
    struct rustls_accepted_alert *alert = NULL;
    size_t n;

    if (w->acceptor == NULL)
        w->acceptor = rustls_acceptor_new();
    (void)rustls_acceptor_read_tls(w->acceptor, take, &w->wire[SERVER], &n);
    if (rustls_acceptor_accept(w->acceptor, &accepted, &alert) == RUSTLS_RESULT_OK) {
        rustls_connection_free(w->conn[SERVER]);
        w->conn[SERVER] = NULL;
        (void)rustls_accepted_cipher_suite(accepted, arg(w));
        (void)rustls_accepted_alpn(accepted, arg(w));
        (void)rustls_accepted_into_connection(accepted, w->server, &w->conn[SERVER], &alert);
        rustls_acceptor_free(w->acceptor);
        w->acceptor = NULL;
    }
    rustls_accepted_free(accepted);
    rustls_accepted_alert_free(alert);
}

static void (*const calls[])(struct world *w) = {
    new_client_builder,
    new_server_builder,
    build_client,
    build_server,
    set_alpn,
    set_ech,
    set_client_key,
    set_tickets,
    new_client,
    new_server,
    drop_connection,
    write_tls,
    read_tls,
    inject,
    process,
    talk,
    write_plain,
    write_early,
    read_plain,
    close_notify,
    refresh,
    limit,
    ask,
    answer_nothing,
    read_roots,
    accept_hello,
};

static void leave(struct world *w)
{
    rustls_client_config_builder_free(w->client_builder);
    rustls_server_config_builder_free(w->server_builder);
    rustls_connection_free(w->conn[CLIENT]);
    rustls_connection_free(w->conn[SERVER]);
    rustls_client_config_free(w->client);
    rustls_server_config_free(w->server);
    rustls_acceptor_free(w->acceptor);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world *w = calloc(1, sizeof *w);

    if (w == NULL)
        return 0;
    w->rest = data;
    w->left = size;
    for (size_t i = 0; i < CALLS_MAX && w->left != 0; i++)
        calls[arg(w) % (sizeof calls / sizeof *calls)](w);
    leave(w);
    free(w);
    return 0;
}
