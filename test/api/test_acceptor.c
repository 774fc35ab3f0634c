/* The acceptor: what it tells of a ClientHello, the connection that it becomes, and what a client is
 * told that is turned away. */
#include "galvan.h"
#include "lib/heap.h"
#include "lib/hex.h"
#include "lib/pair.h"

#include <errno.h>
#include <stdlib.h>

static const struct rustls_slice_bytes protocols[] = {{(const uint8_t *)"h2", 2},
                                                      {(const uint8_t *)"http/1.1", 8}};

static struct rustls_client_config_builder *client_with_alpn(uint16_t version)
{
    struct rustls_client_config_builder *b = version == 0 ? test_client_builder("ca")
                                                          : test_client_builder_of("ca", version);
    assert_ok(rustls_client_config_builder_set_alpn_protocols(b, protocols, 2));
    return b;
}

/* A pair whose client has spoken; its server is not made use of. */
static struct pair *spoken(struct rustls_client_config_builder *client)
{
    struct pair *p = pair_new(client, "localhost", test_server_builder("p256"));
    rustls_connection_free(p->server);
    p->server = NULL;
    pair_flush(p->client, &p->to_server);
    return p;
}

/* Reads until the acceptor has something to say; answers what. */
static rustls_result accept_from(struct rustls_acceptor *acceptor, struct wire *from,
                                 struct rustls_accepted **accepted,
                                 struct rustls_accepted_alert **alert)
{
    rustls_result result = rustls_acceptor_accept(acceptor, accepted, alert);
    while (result == RUSTLS_RESULT_ACCEPTOR_NOT_READY && from->len != 0) {
        size_t n = 0;
        assert_null(*accepted);
        assert_null(*alert);
        assert_int_equal(rustls_acceptor_read_tls(acceptor, wire_read, from, &n), 0);
        assert_true(n != 0);
        result = rustls_acceptor_accept(acceptor, accepted, alert);
    }
    return result;
}

static struct rustls_accepted *accepted_of(struct pair *p)
{
    struct rustls_acceptor *acceptor = rustls_acceptor_new();
    struct rustls_accepted *accepted = NULL;
    struct rustls_accepted_alert *alert = NULL;
    assert_ok(accept_from(acceptor, &p->to_server, &accepted, &alert));
    assert_non_null(accepted);
    assert_null(alert);
    rustls_acceptor_free(acceptor);
    return accepted;
}

/* Writes what is left of it; frees it. */
static void assert_alert(struct rustls_accepted_alert *alert, const void *bytes, size_t len)
{
    struct wire *wire = calloc(1, sizeof *wire);
    size_t n = 9, total = 0;
    assert_non_null(wire);
    assert_non_null(alert);
    do {
        assert_int_equal(rustls_accepted_alert_write_tls(alert, wire_write, wire, &n), 0);
        total += n;
    } while (n != 0);
    assert_int_equal(total, len);
    assert_memory_equal(wire->at, bytes, len);
    rustls_accepted_alert_free(alert);
    free(wire);
}

static void assert_fatal(struct rustls_accepted_alert *alert, int number)
{
    const uint8_t bytes[] = {21, 3, 3, 0, 2, 2, (uint8_t)number};
    assert_alert(alert, bytes, sizeof bytes);
}

static void is_a_hello_told_as_programs_know_it(void **state)
{
    (void)state;
    static const uint16_t schemes[] = {0x0503, 0x0403, 0x0603, 0x0807, 0x0806,
                                       0x0805, 0x0804, 0x0601, 0x0501, 0x0401};
    static const uint16_t suites[] = {0x1302, 0x1301, 0x1303, 0xc02c, 0xc02b,
                                      0xcca9, 0xc030, 0xc02f, 0xcca8, 0x00ff};
    struct pair *p = spoken(client_with_alpn(0));
    struct rustls_accepted *accepted = accepted_of(p);
    assert_str(rustls_accepted_server_name(accepted), "localhost");
    for (size_t i = 0; i < 10; i++) {
        assert_int_equal(rustls_accepted_signature_scheme(accepted, i), schemes[i]);
        assert_int_equal(rustls_accepted_cipher_suite(accepted, i), suites[i]);
    }
    assert_int_equal(rustls_accepted_signature_scheme(accepted, 10), 0);
    assert_int_equal(rustls_accepted_cipher_suite(accepted, 10), 0);
    assert_int_equal(rustls_accepted_cipher_suite(accepted, SIZE_MAX), 0);
    for (size_t i = 0; i < 2; i++) {
        struct rustls_slice_bytes name = rustls_accepted_alpn(accepted, i);
        assert_int_equal(name.len, protocols[i].len);
        assert_memory_equal(name.data, protocols[i].data, name.len);
    }
    assert_non_null(rustls_accepted_alpn(accepted, 2).data);
    assert_int_equal(rustls_accepted_alpn(accepted, 2).len, 0);
    assert_int_equal(rustls_accepted_alpn(accepted, SIZE_MAX).len, 0);
    rustls_accepted_free(accepted);
    pair_free(p);
}

static void is_nothing_accepted_before_the_last_byte(void **state)
{
    (void)state;
    struct pair *p = spoken(client_with_alpn(0x0304));
    struct rustls_acceptor *acceptor = rustls_acceptor_new();
    struct rustls_accepted *accepted = NULL;
    struct rustls_accepted_alert *alert = NULL;
    size_t n = 0, reads = 0, bytes = p->to_server.len;
    p->to_server.at_most = 100;
    assert_result(rustls_acceptor_accept(acceptor, &accepted, &alert), 7012);
    while (p->to_server.len != 0) {
        assert_int_equal(rustls_acceptor_read_tls(acceptor, wire_read, &p->to_server, &n), 0);
        reads++;
        assert_result(rustls_acceptor_accept(acceptor, &accepted, &alert),
                      p->to_server.len == 0 ? 7000 : 7012);
    }
    assert_int_equal(reads, (bytes + 99) / 100);
    assert_non_null(accepted);
    assert_null(alert);
    rustls_accepted_free(accepted);
    rustls_acceptor_free(acceptor);
    pair_free(p);
}

static void does_an_accepted_become_a_connection(void **state)
{
    (void)state;
    for (uint16_t version = 0x0303; version <= 0x0304; version++) {
        const struct rustls_server_config *config = test_server_config(test_server_builder("p256"));
        struct pair *p = spoken(client_with_alpn(version));
        struct rustls_accepted *accepted = accepted_of(p);
        struct rustls_accepted_alert *alert = NULL;
        struct rustls_connection *again = NULL;
        assert_ok(rustls_accepted_into_connection(accepted, config, &p->server, &alert));
        assert_null(alert);
        assert_state(p->server, 0, 1, 1);
        assert_int_equal(rustls_connection_handshake_kind(p->server), RUSTLS_HANDSHAKE_KIND_FULL);
        assert_int_equal(rustls_connection_get_protocol_version(p->server), version);
        assert_int_equal(rustls_accepted_server_name(accepted).len, 0);
        assert_int_equal(rustls_accepted_cipher_suite(accepted, 0), 0);
        assert_result(rustls_accepted_into_connection(accepted, config, &again, &alert), 7013);
        assert_null(again);
        assert_null(alert);
        rustls_accepted_free(accepted);
        rustls_server_config_free(config);
        pair_run(p);
        assert_result(p->client_result, 7000);
        assert_result(p->server_result, 7000);
        assert_str(rustls_server_connection_get_server_name(p->server), "localhost");
        pair_say(p->client, "question");
        pair_say(p->server, "answer");
        pair_run(p);
        assert_hears(p->server, "question");
        assert_hears(p->client, "answer");
        pair_free(p);
    }
}

static void may_an_acceptor_accept_once_only(void **state)
{
    (void)state;
    struct pair *p = spoken(client_with_alpn(0x0304));
    struct rustls_acceptor *acceptor = rustls_acceptor_new();
    struct rustls_accepted *accepted = NULL, *second = NULL;
    struct rustls_accepted_alert *alert = NULL;
    size_t n = 99;
    assert_ok(accept_from(acceptor, &p->to_server, &accepted, &alert));
    assert_result(rustls_acceptor_accept(acceptor, &second, &alert), 7112);
    assert_null(second);
    assert_alert(alert, "", 0);
    wire_put(&p->to_server, "more", 4);
    assert_int_equal(rustls_acceptor_read_tls(acceptor, wire_read, &p->to_server, &n), EIO);
    assert_int_equal(n, 99);
    rustls_acceptor_free(acceptor);
    rustls_accepted_free(accepted); /* never made use of */
    pair_free(p);
}

static const struct {
    const char *bytes, *what;
    unsigned int result;
    int alert;
} garbage[] = {
    {"474554202f2048545450", "GET / HTTP", 7135, 50},
    {"160200000178", "a record of version 2.0", 7149, 50},
    {"16030148010100", "a record over the limit", 7142, 22},
    {"1603010000787878", "an empty handshake record", 7139, 50},
    {"16030100050200000100", "a ServerHello that cannot be read", 7144, 50},
    {"16030100040e000000", "a ServerHelloDone", 7110, 10},
    {"160301000463000000", "an unknown handshake message", 7110, 10},
    {"16030100050100000103", "a ClientHello that cannot be read", 7153, 50},
    {"1603010004010fffff", "a ClientHello over the limit", 7133, 47},
    {"15030300020228", "handshake_failure", 7109, 10},
    {"140303000101", "ChangeCipherSpec", 7109, 10},
    {"170303000378797a", "application data", 7109, 10},
    {"16030100020100140303000101", "ChangeCipherSpec inside a ClientHello", 7109, 10},
};

static void is_what_is_no_hello_turned_away(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof garbage / sizeof *garbage; i++) {
        struct wire *wire = calloc(1, sizeof *wire);
        struct rustls_acceptor *acceptor = rustls_acceptor_new();
        struct rustls_accepted *accepted = NULL;
        struct rustls_accepted_alert *alert = NULL;
        struct galvan_error_detail detail;
        uint8_t bytes[32];
        print_message("%s\n", garbage[i].what);
        wire_put(wire, bytes, hex_read(bytes, sizeof bytes, garbage[i].bytes));
        assert_result(accept_from(acceptor, wire, &accepted, &alert), garbage[i].result);
        assert_null(accepted);
        assert_ok(galvan_accepted_alert_error_detail(alert, &detail, sizeof detail));
        assert_int_equal(detail.result, garbage[i].result);
        assert_int_equal(detail.alert, garbage[i].alert);
        assert_string_equal(detail.step, "waiting for ClientHello");
        assert_fatal(alert, garbage[i].alert);
        alert = NULL;
        assert_result(rustls_acceptor_accept(acceptor, &accepted, &alert), 7112);
        assert_alert(alert, "", 0);
        rustls_acceptor_free(acceptor);
        free(wire);
    }
}

/* A connection that cannot be made says why: to the caller, and to the client. */
static void assert_refused(struct rustls_client_config_builder *client,
                           struct rustls_server_config_builder *server, unsigned int result,
                           unsigned int at_client)
{
    const struct rustls_server_config *config = test_server_config(server);
    struct pair *p = spoken(client);
    struct rustls_accepted *accepted = accepted_of(p);
    struct rustls_accepted_alert *alert = NULL;
    size_t n = 0;
    assert_result(rustls_accepted_into_connection(accepted, config, &p->server, &alert), result);
    assert_null(p->server);
    assert_result(rustls_accepted_into_connection(accepted, config, &p->server, &alert), 7013);
    do
        assert_int_equal(rustls_accepted_alert_write_tls(alert, wire_write, &p->to_client, &n), 0);
    while (n != 0);
    assert_result(pair_feed(p->client, &p->to_client), at_client);
    rustls_accepted_alert_free(alert);
    rustls_accepted_free(accepted);
    rustls_server_config_free(config);
    pair_free(p);
}

static void is_a_client_told_why_it_has_no_connection(void **state)
{
    (void)state;
    static const struct rustls_slice_bytes other = {(const uint8_t *)"other", 5};
    struct rustls_server_config_builder *alpn = test_server_builder("p256");
    struct rustls_server_config_builder *small = test_server_builder("p256");
    assert_ok(rustls_server_config_builder_set_alpn_protocols(alpn, &other, 1));
    assert_ok(galvan_server_config_builder_set_limit(small, GALVAN_LIMIT_HANDSHAKE_MESSAGE, 64));
    assert_refused(client_with_alpn(0x0303), test_server_builder_of("p256", 0x0304), 7107, 7219);
    assert_refused(client_with_alpn(0x0304), alpn, 7106, 7233);
    assert_refused(client_with_alpn(0x0304), small, 7133, 7213);
}

/* RFC 9846 section 5.1: a message may be cut into records at will. */
static void put_in_records(struct wire *wire, const uint8_t *message, size_t len, size_t piece)
{
    while (len != 0) {
        size_t n = len < piece ? len : piece;
        const uint8_t header[] = {22, 3, 1, (uint8_t)(n >> 8), (uint8_t)n};
        wire_put(wire, header, sizeof header);
        wire_put(wire, message, n);
        message += n;
        len -= n;
    }
}

/* ALPN names that fill the ClientHello: more than a record, or than is taken at once, holds. */
static struct rustls_client_config_builder *large_client(void)
{
    enum { NAMES = 120 };
    static uint8_t name[250];
    struct rustls_slice_bytes names[NAMES];
    struct rustls_client_config_builder *b = test_client_builder_of("ca", 0x0304);
    memset(name, 'x', sizeof name);
    for (size_t i = 0; i < NAMES; i++)
        names[i] = (struct rustls_slice_bytes){name, sizeof name};
    assert_ok(rustls_client_config_builder_set_alpn_protocols(b, names, NAMES));
    return b;
}

static void is_a_hello_accepted_in_any_pieces(void **state)
{
    (void)state;
    static const struct {
        size_t record, read;
        bool large;
    } ways[] = {{1, 0, false}, {3, 1, false}, {16384, 0, true}, {16384, 7, true}, {999, 0, true}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const struct rustls_server_config *config = test_server_config(test_server_builder("p256"));
        struct pair *p = spoken(ways[i].large ? large_client() : client_with_alpn(0x0304));
        struct rustls_accepted_alert *alert = NULL;
        uint8_t *hello = malloc(WIRE_ROOM);
        size_t len = 0;
        struct wire_record r;
        assert_non_null(hello);
        for (size_t j = 0; wire_record(&p->to_server, j, &r); j++) {
            memcpy(hello + len, p->to_server.at + r.offset, r.len);
            len += r.len;
        }
        wire_clear(&p->to_server);
        put_in_records(&p->to_server, hello, len, ways[i].record);
        free(hello);
        p->to_server.at_most = ways[i].read;
        struct rustls_accepted *accepted = accepted_of(p);
        assert_str(rustls_accepted_server_name(accepted), "localhost");
        assert_int_equal(rustls_accepted_alpn(accepted, 119).len, ways[i].large ? 250 : 0);
        assert_ok(rustls_accepted_into_connection(accepted, config, &p->server, &alert));
        rustls_accepted_free(accepted);
        rustls_server_config_free(config);
        pair_run(p);
        assert_result(p->client_result, 7000);
        assert_result(p->server_result, 7000);
        pair_free(p);
    }
}

/* As for a connection: what is not looked at is not read without end. */
static void is_reading_bounded(void **state)
{
    (void)state;
    struct rustls_acceptor *acceptor = rustls_acceptor_new();
    struct wire *wire = calloc(1, sizeof *wire);
    size_t n = 0, total = 0;
    int error = 0;
    wire_put(wire, "\x16\3\1\x40\0", 5);
    wire->len = WIRE_ROOM;
    while (error == 0) {
        total += n;
        error = rustls_acceptor_read_tls(acceptor, wire_read, wire, &n);
    }
    assert_int_equal(error, EIO);
    assert_int_equal(total, 18437);
    wire->error = ECONNRESET;
    rustls_acceptor_free(acceptor);
    acceptor = rustls_acceptor_new();
    assert_int_equal(rustls_acceptor_read_tls(acceptor, wire_read, wire, &n), ECONNRESET);
    rustls_acceptor_free(acceptor);
    free(wire);
}

static void does_the_end_of_the_stream_accept_nothing(void **state)
{
    (void)state;
    struct rustls_acceptor *acceptor = rustls_acceptor_new();
    struct rustls_accepted *accepted = NULL;
    struct rustls_accepted_alert *alert = NULL;
    struct wire *wire = calloc(1, sizeof *wire);
    size_t n = 9;
    wire->ended = true;
    assert_int_equal(rustls_acceptor_read_tls(acceptor, wire_read, wire, &n), 0);
    assert_int_equal(n, 0);
    assert_result(rustls_acceptor_accept(acceptor, &accepted, &alert), 7012);
    rustls_acceptor_free(acceptor);
    free(wire);
}

/* What stands behind the ClientHello in its record, or behind its record, is not lost. */
static void is_what_follows_the_hello_looked_at(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        unsigned int result;
    } tails[] = {
        {"\x14\3\3\0\1\1", 6, 7000},     /* a client that cares for middleboxes */
        {"\x15\3\3\0\2\2\x28", 7, 7206}, /* one that has thought better of it */
        {"\x17\3\3\0\1x", 6, 7102},
    };
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        const struct rustls_server_config *config = test_server_config(test_server_builder("p256"));
        struct pair *p = spoken(client_with_alpn(0x0304));
        struct rustls_accepted_alert *alert = NULL;
        wire_put(&p->to_server, tails[i].bytes, tails[i].len);
        struct rustls_accepted *accepted = accepted_of(p);
        assert_result(rustls_accepted_into_connection(accepted, config, &p->server, &alert),
                      tails[i].result);
        assert_int_equal(alert == NULL, tails[i].result == 7000);
        rustls_accepted_alert_free(alert);
        rustls_accepted_free(accepted);
        rustls_server_config_free(config);
        pair_free(p);
    }
}

/* ---- misuse ------------------------------------------------------------------------------- */

static void is_a_missing_argument_answered(void **state)
{
    (void)state;
    const struct rustls_server_config *config = test_server_config(test_server_builder("p256"));
    struct pair *p = spoken(client_with_alpn(0x0304));
    struct rustls_acceptor *acceptor = rustls_acceptor_new();
    struct rustls_accepted *accepted = NULL;
    struct rustls_accepted_alert *alert = NULL;
    struct galvan_error_detail detail;
    size_t n = 9;
    assert_int_equal(rustls_acceptor_read_tls(NULL, wire_read, &p->to_server, &n), EINVAL);
    assert_int_equal(rustls_acceptor_read_tls(acceptor, NULL, &p->to_server, &n), EINVAL);
    assert_int_equal(rustls_acceptor_read_tls(acceptor, wire_read, &p->to_server, NULL), EINVAL);
    assert_result(rustls_acceptor_accept(NULL, &accepted, &alert), 7002);
    assert_result(rustls_acceptor_accept(acceptor, NULL, &alert), 7002);
    assert_result(rustls_acceptor_accept(acceptor, &accepted, NULL), 7002);
    assert_ok(accept_from(acceptor, &p->to_server, &accepted, &alert));
    assert_result(rustls_accepted_into_connection(NULL, config, &p->server, &alert), 7002);
    assert_result(rustls_accepted_into_connection(accepted, NULL, &p->server, &alert), 7002);
    assert_result(rustls_accepted_into_connection(accepted, config, NULL, &alert), 7002);
    assert_result(rustls_accepted_into_connection(accepted, config, &p->server, NULL), 7002);
    assert_int_equal(rustls_accepted_server_name(NULL).len, 0);
    assert_int_equal(rustls_accepted_signature_scheme(NULL, 0), 0);
    assert_int_equal(rustls_accepted_cipher_suite(NULL, 0), 0);
    assert_int_equal(rustls_accepted_alpn(NULL, 0).len, 0);
    assert_int_equal(rustls_accepted_alert_write_tls(NULL, wire_write, &p->to_client, &n), EINVAL);
    assert_result(galvan_accepted_alert_error_detail(NULL, &detail, sizeof detail), 7002);
    assert_result(rustls_acceptor_accept(acceptor, &accepted, &alert), 7112);
    assert_int_equal(rustls_accepted_alert_write_tls(alert, NULL, &p->to_client, &n), EINVAL);
    assert_int_equal(rustls_accepted_alert_write_tls(alert, wire_write, &p->to_client, NULL),
                     EINVAL);
    assert_int_equal(n, 9);
    assert_result(galvan_accepted_alert_error_detail(alert, NULL, sizeof detail), 7002);
    rustls_accepted_alert_free(alert);
    rustls_accepted_free(accepted);
    rustls_acceptor_free(acceptor);
    rustls_acceptor_free(NULL);
    rustls_accepted_free(NULL);
    rustls_accepted_alert_free(NULL);
    rustls_server_config_free(config);
    pair_free(p);
}

static int read_that_accepts(void *acceptor, uint8_t *buf, size_t n, size_t *out_n)
{
    struct rustls_accepted *accepted = NULL;
    struct rustls_accepted_alert *alert = NULL;
    assert_result(rustls_acceptor_accept(acceptor, &accepted, &alert), 7112);
    assert_null(alert);
    assert_int_equal(rustls_acceptor_read_tls(acceptor, wire_read, NULL, out_n), EIO);
    *out_n = 1;
    buf[0] = 22;
    return n == 0;
}

static int read_that_frees(void *acceptor, uint8_t *buf, size_t n, size_t *out_n)
{
    rustls_acceptor_free(acceptor);
    memset(buf, 22, n);
    *out_n = n;
    return 0;
}

static int read_that_lies(void *acceptor, uint8_t *buf, size_t n, size_t *out_n)
{
    (void)acceptor;
    (void)buf;
    *out_n = n + 1;
    return 0;
}

static void hostile_67_does_a_read_callback_that_misbehaves_do_no_harm(void **state)
{
    (void)state;
    struct rustls_acceptor *acceptor = rustls_acceptor_new();
    size_t n = 0;
    assert_int_equal(rustls_acceptor_read_tls(acceptor, read_that_accepts, acceptor, &n), 0);
    assert_int_equal(rustls_acceptor_read_tls(acceptor, read_that_lies, acceptor, &n), EIO);
    assert_int_equal(rustls_acceptor_read_tls(acceptor, read_that_frees, acceptor, &n), 0);
}

/* ---- without memory ------------------------------------------------------------------------- */

static const struct rustls_certified_key *chosen;

static const struct rustls_certified_key *choose(void *userdata,
                                                 const struct rustls_client_hello *hello)
{
    (void)userdata;
    (void)hello;
    return chosen;
}

/* From the first byte to a connection that has answered; true where all of it went well. */
static bool live(const struct wire *hello, const struct rustls_server_config *config)
{
    static struct wire wire;
    struct rustls_acceptor *acceptor = rustls_acceptor_new();
    struct rustls_accepted *accepted = NULL;
    struct rustls_accepted_alert *alert = NULL;
    struct rustls_connection *conn = NULL;
    size_t n = 0;
    wire = *hello;
    rustls_result result = RUSTLS_RESULT_ACCEPTOR_NOT_READY;
    while (acceptor != NULL && result == RUSTLS_RESULT_ACCEPTOR_NOT_READY &&
           rustls_acceptor_read_tls(acceptor, wire_read, &wire, &n) == 0)
        result = rustls_acceptor_accept(acceptor, &accepted, &alert);
    if (result == RUSTLS_RESULT_OK) {
        result = rustls_accepted_into_connection(accepted, config, &conn, &alert);
        assert_int_equal(conn != NULL, result == RUSTLS_RESULT_OK);
    }
    rustls_acceptor_free(acceptor);
    rustls_accepted_free(accepted);
    rustls_accepted_alert_free(alert);
    rustls_connection_free(conn);
    return result == RUSTLS_RESULT_OK;
}

static void does_each_failing_allocation_end_in_an_error(void **state)
{
    (void)state;
    for (uint16_t version = 0x0303; version <= 0x0304; version++) {
        struct rustls_server_config_builder *b = rustls_server_config_builder_new();
        assert_ok(rustls_server_config_builder_set_hello_callback(b, choose));
        const struct rustls_server_config *config = test_server_config(b);
        struct pair *p = spoken(client_with_alpn(version));
        p->to_server.at_most = 600; /* so that the hello comes in pieces */
        chosen = test_certified_key("p256");
        assert_true(live(&p->to_server, config)); /* the key's chain is compressed, and kept */
        assert_ok(galvan_set_memory_functions(heap_alloc, heap_release));
        size_t before = heap_calls();
        assert_true(live(&p->to_server, config));
        size_t calls = heap_calls() - before;
        assert_int_equal(heap_live(), 0);
        assert_true(calls > 5);
        for (size_t n = 1; n <= calls; n++) {
            heap_fail_at(n);
            (void)live(&p->to_server, config);
            heap_fail_at(0);
            assert_int_equal(heap_live(), 0);
        }
        assert_true(live(&p->to_server, config));
        assert_ok(galvan_set_memory_functions(NULL, NULL));
        rustls_certified_key_free(chosen);
        rustls_server_config_free(config);
        pair_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_hello_told_as_programs_know_it),
        cmocka_unit_test(is_nothing_accepted_before_the_last_byte),
        cmocka_unit_test(does_an_accepted_become_a_connection),
        cmocka_unit_test(may_an_acceptor_accept_once_only),
        cmocka_unit_test(is_what_is_no_hello_turned_away),
        cmocka_unit_test(is_a_client_told_why_it_has_no_connection),
        cmocka_unit_test(is_a_hello_accepted_in_any_pieces),
        cmocka_unit_test(is_reading_bounded),
        cmocka_unit_test(does_the_end_of_the_stream_accept_nothing),
        cmocka_unit_test(is_what_follows_the_hello_looked_at),
        cmocka_unit_test(is_a_missing_argument_answered),
        cmocka_unit_test(hostile_67_does_a_read_callback_that_misbehaves_do_no_harm),
        cmocka_unit_test(does_each_failing_allocation_end_in_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
