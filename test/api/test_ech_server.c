/* Encrypted Client Hello (RFC 9849) between our client and our server, in every way in which it comes
 * out; and the public functions that a server has for it. */
#include "lib/ech.h"
#include "lib/hex.h"

#include <stdlib.h>

enum { X25519 = 0x0020, P256 = 0x0010, P384 = 0x0011 };

static void assert_ech(const struct pair *p, enum galvan_ech client, enum galvan_ech server)
{
    assert_int_equal(galvan_connection_ech(p->client), client);
    assert_int_equal(galvan_connection_ech(p->server), server);
}

static void assert_name(const struct pair *p, const char *name)
{
    assert_str(rustls_server_connection_get_server_name(p->server), name);
}

static void assert_accepted(struct pair *p)
{
    assert_int_equal(p->client_result, RUSTLS_RESULT_OK);
    assert_int_equal(p->server_result, RUSTLS_RESULT_OK);
    assert_ech(p, GALVAN_ECH_ACCEPTED, GALVAN_ECH_ACCEPTED);
    assert_name(p, ECH_HIDDEN);
    assert_string_equal(ech_name_seen(), ECH_HIDDEN);
    pair_say(p->client, "in private");
    pair_say(p->server, "so be it");
    pair_run(p);
    assert_hears(p->server, "in private");
    assert_hears(p->client, "so be it");
}

/* ---- accepted --------------------------------------------------------------------------------- */

static void accept_with(uint16_t kem, bool retries)
{
    struct galvan_ech_keys *keys = ech_keys_of(7, kem);
    struct ech_list list = ech_list_of(keys);
    struct pair *p = pair_new(ech_client(&list), ECH_HIDDEN, ech_server(keys, retries));
    galvan_ech_keys_free(keys); /* the config holds on to them */
    pair_flush(p->client, &p->to_server);
    assert_true(ech_is_on(&p->to_server, ECH_PUBLIC));
    assert_false(ech_is_on(&p->to_server, "example"));
    pair_run(p);
    assert_accepted(p);
    assert_int_equal(rustls_connection_handshake_kind(p->server),
                     retries ? RUSTLS_HANDSHAKE_KIND_FULL_WITH_HELLO_RETRY_REQUEST
                             : RUSTLS_HANDSHAKE_KIND_FULL);
    pair_free(p);
}

static void is_the_hidden_name_served(void **state)
{
    (void)state;
    accept_with(X25519, false);
    accept_with(P256, false);
    accept_with(P384, false);
}

static void is_the_hidden_name_served_behind_a_hello_retry_request(void **state)
{
    (void)state;
    accept_with(X25519, true);
    accept_with(P384, true);
}

/* Two have this id, and the second is the client's; a third has another. */
static void is_each_key_tried_whose_id_it_may_be(void **state)
{
    (void)state;
    struct galvan_ech_keys *keys = ech_keys_of(7, X25519), *other = ech_keys_of(7, X25519);
    struct galvan_ech_keys *all = NULL;
    struct ech_list list;
    uint8_t pem[GALVAN_ECH_PEM_SIZE];
    size_t n;
    const struct galvan_ech_config config = {ECH_PUBLIC, X25519, 7, 0};
    assert_ok(galvan_ech_keys_new(&all));
    ech_keys_put(all, 8, X25519, true);
    ech_keys_put(all, 7, P256, false);
    ech_keys_put(all, 7, X25519, false);
    assert_ok(galvan_ech_generate(&config, pem, sizeof pem, &n));
    assert_ok(galvan_ech_keys_add_pem(all, pem, n, false));
    galvan_ech_keys_free(keys);
    assert_ok(galvan_ech_keys_new(&keys));
    assert_ok(galvan_ech_keys_add_pem(keys, pem, n, true));
    list = ech_list_of(keys);
    struct pair *p = pair_new(ech_client(&list), ECH_HIDDEN, ech_server(all, false));
    pair_run(p);
    assert_accepted(p);
    pair_free(p);
    galvan_ech_keys_free(keys);
    galvan_ech_keys_free(other);
    galvan_ech_keys_free(all);
}

static void is_a_session_resumed_under_the_hidden_name(void **state)
{
    (void)state;
    struct galvan_ech_keys *keys = ech_keys_of(7, X25519);
    struct ech_list list = ech_list_of(keys);
    struct rustls_client_config_builder *cb = ech_client(&list);
    struct rustls_server_config_builder *sb = ech_server(keys, false);
    assert_ok(galvan_client_config_builder_set_early_data(cb, true));
    assert_ok(galvan_server_config_builder_set_max_early_data(sb, 1000));
    const struct rustls_client_config *client = test_client_config(cb);
    const struct rustls_server_config *server = test_server_config(sb);
    struct pair *p = pair_between(client, ECH_HIDDEN, server);
    pair_run(p);
    assert_accepted(p);
    pair_free(p);
    p = pair_between(client, ECH_HIDDEN, server);
    size_t n = 0;
    uint8_t early[32];
    assert_ok(galvan_connection_write_early_data(p->client, (const uint8_t *)"early", 5, &n));
    assert_int_equal(n, 5);
    pair_run(p);
    assert_int_equal(rustls_connection_handshake_kind(p->client), RUSTLS_HANDSHAKE_KIND_RESUMED);
    assert_int_equal(galvan_connection_early_data(p->server), GALVAN_EARLY_DATA_ACCEPTED);
    assert_ok(galvan_connection_read_early_data(p->server, early, sizeof early, &n));
    assert_int_equal(n, 5);
    assert_ech(p, GALVAN_ECH_ACCEPTED, GALVAN_ECH_ACCEPTED);
    pair_free(p);
    rustls_client_config_free(client);
    rustls_server_config_free(server);
    galvan_ech_keys_free(keys);
}

/* ---- rejected ----------------------------------------------------------------------------------- */

static void reject_and_try_again(bool retries)
{
    struct galvan_ech_keys *old = ech_keys_of(7, X25519), *keys = ech_keys_of(9, X25519);
    struct ech_list list = ech_list_of(old), expected = ech_list_of(keys);
    const struct rustls_server_config *server = test_server_config(ech_server(keys, retries));
    const struct rustls_client_config *client = test_client_config(ech_client(&list));
    struct pair *p = pair_between(client, ECH_HIDDEN, server);
    struct rustls_slice_bytes told;
    pair_run(p);
    assert_int_equal(p->client_result, RUSTLS_RESULT_PEER_INCOMPATIBLE_ERROR);
    assert_ech(p, GALVAN_ECH_REJECTED, GALVAN_ECH_REJECTED);
    assert_name(p, ECH_PUBLIC);
    assert_ok(galvan_connection_ech_retry_configs(p->client, &told));
    assert_int_equal(told.len, expected.len);
    assert_memory_equal(told.data, expected.at, told.len);
    memcpy(list.at, told.data, told.len);
    list.len = told.len;
    pair_free(p);
    rustls_client_config_free(client);
    client = test_client_config(ech_client(&list));
    p = pair_between(client, ECH_HIDDEN, server);
    pair_run(p);
    assert_accepted(p);
    pair_free(p);
    rustls_client_config_free(client);
    rustls_server_config_free(server);
    galvan_ech_keys_free(old);
    galvan_ech_keys_free(keys);
}

static void is_a_client_with_an_old_config_told_the_new_one(void **state)
{
    (void)state;
    reject_and_try_again(false);
}

static void is_it_behind_a_hello_retry_request(void **state)
{
    (void)state;
    reject_and_try_again(true);
}

/* The session is known to the server, but not to whom the outer hello belongs. */
static void is_early_data_of_a_rejected_client_passed_over(void **state)
{
    (void)state;
    struct galvan_ech_keys *old = ech_keys_of(7, X25519), *keys = ech_keys_of(9, X25519);
    struct ech_list list = ech_list_of(old);
    struct rustls_client_config_builder *cb = ech_client(&list);
    struct rustls_server_config_builder *sb[] = {ech_server(old, false), ech_server(keys, false)};
    const struct rustls_server_config *servers[2];
    assert_ok(galvan_client_config_builder_set_early_data(cb, true));
    for (int i = 0; i < 2; i++) {
        assert_ok(galvan_server_config_builder_set_max_early_data(sb[i], 1000));
        servers[i] = test_server_config(sb[i]);
    }
    const struct rustls_client_config *client = test_client_config(cb);
    struct pair *p = pair_between(client, ECH_HIDDEN, servers[0]);
    pair_run(p);
    assert_accepted(p);
    pair_free(p);
    p = pair_between(client, ECH_HIDDEN, servers[1]);
    size_t n = 0;
    uint8_t early[32];
    assert_ok(galvan_connection_write_early_data(p->client, (const uint8_t *)"early", 5, &n));
    assert_int_equal(n, 5);
    pair_run(p);
    assert_int_equal(p->client_result, RUSTLS_RESULT_PEER_INCOMPATIBLE_ERROR);
    assert_int_equal(p->server_result, RUSTLS_RESULT_ALERT_UNKNOWN); /* ech_required */
    assert_ech(p, GALVAN_ECH_REJECTED, GALVAN_ECH_REJECTED);
    assert_int_equal(galvan_connection_early_data(p->server), GALVAN_EARLY_DATA_REJECTED);
    assert_result(galvan_connection_read_early_data(p->server, early, sizeof early, &n),
                  RUSTLS_RESULT_PLAINTEXT_EMPTY);
    assert_result(rustls_connection_read(p->server, early, sizeof early, &n),
                  RUSTLS_RESULT_PLAINTEXT_EMPTY);
    pair_free(p);
    rustls_client_config_free(client);
    rustls_server_config_free(servers[0]);
    rustls_server_config_free(servers[1]);
    galvan_ech_keys_free(old);
    galvan_ech_keys_free(keys);
}

/* The id is the same, the key is not. */
static void is_a_config_of_another_key_rejected(void **state)
{
    (void)state;
    struct galvan_ech_keys *old = ech_keys_of(7, X25519), *keys = ech_keys_of(7, X25519);
    struct ech_list list = ech_list_of(old);
    struct pair *p = pair_new(ech_client(&list), ECH_HIDDEN, ech_server(keys, false));
    pair_run(p);
    assert_ech(p, GALVAN_ECH_REJECTED, GALVAN_ECH_REJECTED);
    pair_free(p);
    galvan_ech_keys_free(old);
    galvan_ech_keys_free(keys);
}

static void grease(struct galvan_ech_keys *keys, bool retries, enum galvan_ech server)
{
    struct pair *p = pair_new(ech_grease_client(), ECH_HIDDEN, ech_server(keys, retries));
    pair_run(p);
    assert_int_equal(p->client_result, RUSTLS_RESULT_OK);
    assert_int_equal(p->server_result, RUSTLS_RESULT_OK);
    assert_ech(p, GALVAN_ECH_GREASE, server);
    assert_name(p, ECH_HIDDEN);
    pair_free(p);
}

static void does_a_client_connect_that_only_pretends(void **state)
{
    (void)state;
    struct galvan_ech_keys *keys = ech_keys_of(7, X25519);
    for (int i = 0; i < 8; i++) /* its id and its suite are drawn */
        grease(keys, i % 2 == 1, GALVAN_ECH_REJECTED);
    grease(NULL, false, GALVAN_ECH_NOT_OFFERED);
    grease(NULL, true, GALVAN_ECH_NOT_OFFERED);
    galvan_ech_keys_free(keys);
}

static void does_a_client_connect_that_does_not_know_it(void **state)
{
    (void)state;
    static const uint16_t versions[] = {0x0304, 0x0303};
    struct galvan_ech_keys *keys = ech_keys_of(7, X25519);
    for (int i = 0; i < 2; i++) {
        struct pair *p = pair_new(test_client_builder_of("ca", versions[i]), ECH_PUBLIC,
                                  ech_server(keys, false));
        pair_run(p);
        assert_int_equal(p->server_result, RUSTLS_RESULT_OK);
        assert_ech(p, GALVAN_ECH_NOT_OFFERED, GALVAN_ECH_NOT_OFFERED);
        pair_free(p);
    }
    galvan_ech_keys_free(keys);
}

/* ---- chosen later ----------------------------------------------------------------------------------- */

static uint32_t choose_later(void *userdata, const struct rustls_client_hello *hello,
                             const struct rustls_certified_key **key_out)
{
    (void)userdata;
    (void)key_out;
    assert_str(hello->server_name, ECH_HIDDEN);
    return GALVAN_PENDING;
}

static void may_the_certificate_for_the_hidden_name_be_chosen_later(void **state)
{
    (void)state;
    for (int retries = 0; retries < 2; retries++) {
        struct galvan_ech_keys *keys = ech_keys_of(7, X25519);
        struct ech_list list = ech_list_of(keys);
        const struct rustls_certified_key *key = test_certified_key("wildcard");
        struct rustls_server_config_builder *b = ech_server(keys, retries != 0);
        assert_ok(galvan_server_config_builder_set_hello_callback(b, choose_later));
        struct pair *p = pair_new(ech_client(&list), ECH_HIDDEN, b);
        pair_run(p);
        assert_int_equal(galvan_connection_question(p->server), GALVAN_QUESTION_CERTIFIED_KEY);
        assert_ok(galvan_connection_set_certified_key(p->server, key));
        pair_run(p);
        assert_int_equal(p->client_result, RUSTLS_RESULT_OK);
        assert_ech(p, GALVAN_ECH_ACCEPTED, GALVAN_ECH_ACCEPTED);
        assert_false(rustls_connection_is_handshaking(p->client));
        assert_false(rustls_connection_is_handshaking(p->server));
        pair_free(p);
        rustls_certified_key_free(key);
        galvan_ech_keys_free(keys);
    }
}

/* ---- what an acceptor sees ------------------------------------------------------------------------- */

static void does_an_acceptor_see_the_public_name_and_its_connection_the_hidden_one(void **state)
{
    (void)state;
    struct galvan_ech_keys *keys = ech_keys_of(7, X25519);
    struct ech_list list = ech_list_of(keys);
    const struct rustls_server_config *config = test_server_config(ech_server(keys, false));
    const struct rustls_client_config *client = test_client_config(ech_client(&list));
    struct pair *p = pair_between(client, ECH_HIDDEN, config);
    struct rustls_acceptor *acceptor = rustls_acceptor_new();
    struct rustls_accepted *accepted = NULL;
    struct rustls_accepted_alert *alert = NULL;
    size_t n;
    pair_flush(p->client, &p->to_server);
    assert_int_equal(rustls_acceptor_read_tls(acceptor, wire_read, &p->to_server, &n), 0);
    assert_ok(rustls_acceptor_accept(acceptor, &accepted, &alert));
    assert_str(rustls_accepted_server_name(accepted), ECH_PUBLIC);
    rustls_connection_free(p->server);
    p->server = NULL;
    assert_ok(rustls_accepted_into_connection(accepted, config, &p->server, &alert));
    pair_run(p);
    assert_accepted(p);
    pair_free(p);
    rustls_accepted_free(accepted);
    rustls_acceptor_free(acceptor);
    rustls_client_config_free(client);
    rustls_server_config_free(config);
    galvan_ech_keys_free(keys);
}

/* ---- split mode --------------------------------------------------------------------------------------- */

/* Takes the ClientHello off the wire that the client wrote to, decrypts it, and puts the inner one in
 * its place. Answers the length of the inner one. */
static size_t hand_on(struct galvan_ech_opener *opener, struct wire *w)
{
    static uint8_t inner[WIRE_ROOM];
    struct wire_record r;
    size_t index = 0, n = 0;
    do /* behind a HelloRetryRequest a ChangeCipherSpec comes first */
        assert_true(wire_record(w, index++, &r));
    while (r.type != 22);
    assert_ok(galvan_ech_opener_open(opener, w->at + r.offset, r.len, inner, sizeof inner, &n));
    assert_int_equal(galvan_ech_opener_alert(opener), -1);
    if (n == 0)
        return 0;
    const uint8_t header[] = {22, 3, 3, (uint8_t)(n >> 8), (uint8_t)n};
    assert_int_equal(r.offset + r.len, w->len);
    w->len = r.offset - sizeof header;
    wire_put(w, header, sizeof header);
    wire_put(w, inner, n);
    return n;
}

static void split(bool retries)
{
    struct galvan_ech_keys *keys = ech_keys_of(7, X25519);
    struct ech_list list = ech_list_of(keys);
    struct galvan_ech_opener *opener = NULL;
    struct pair *p = pair_new(ech_client(&list), ECH_HIDDEN, ech_server(NULL, retries));
    assert_ok(galvan_ech_opener_new(keys, &opener));
    galvan_ech_keys_free(keys);
    for (int i = 0; i < (retries ? 2 : 1); i++) {
        pair_flush(p->client, &p->to_server);
        assert_true(hand_on(opener, &p->to_server) != 0);
        assert_true(ech_is_on(&p->to_server, ECH_HIDDEN));
        assert_int_equal(pair_feed(p->server, &p->to_server), RUSTLS_RESULT_OK);
        pair_flush(p->server, &p->to_client);
        assert_int_equal(pair_feed(p->client, &p->to_client), RUSTLS_RESULT_OK);
    }
    pair_run(p);
    assert_accepted(p);
    pair_free(p);
    galvan_ech_opener_free(opener);
}

static void does_split_mode_hand_the_hidden_hello_on(void **state)
{
    (void)state;
    split(false);
}

static void does_it_behind_a_hello_retry_request(void **state)
{
    (void)state;
    split(true);
}

static void does_split_mode_leave_alone_what_is_not_for_it(void **state)
{
    (void)state;
    struct galvan_ech_keys *keys = ech_keys_of(7, X25519), *other = ech_keys_of(8, X25519);
    struct ech_list list = ech_list_of(other);
    struct rustls_client_config_builder *clients[] = {ech_client(&list), ech_grease_client(),
                                                      test_client_builder("ca")};
    for (size_t i = 0; i < 3; i++) {
        struct galvan_ech_opener *opener = NULL;
        struct pair *p = pair_new(clients[i], ECH_HIDDEN, ech_server(NULL, false));
        assert_ok(galvan_ech_opener_new(keys, &opener));
        pair_flush(p->client, &p->to_server);
        assert_int_equal(hand_on(opener, &p->to_server), 0);
        pair_free(p);
        galvan_ech_opener_free(opener);
    }
    galvan_ech_keys_free(keys);
    galvan_ech_keys_free(other);
}

/* Every cut and every flipped bit of a hello; nothing may be decrypted that was changed. */
static void does_split_mode_survive_hostile_bytes(void **state)
{
    (void)state;
    struct galvan_ech_keys *keys = ech_keys_of(7, X25519);
    struct ech_list list = ech_list_of(keys);
    struct pair *p = pair_new(ech_client(&list), ECH_HIDDEN, ech_server(NULL, false));
    struct wire_record r;
    static uint8_t hello[WIRE_ROOM], inner[WIRE_ROOM];
    size_t n;
    pair_flush(p->client, &p->to_server);
    assert_true(wire_record(&p->to_server, 0, &r));
    for (size_t i = 0; i < r.len; i++) {
        for (int cut = 0; cut < 2; cut++) {
            struct galvan_ech_opener *opener = NULL;
            assert_ok(galvan_ech_opener_new(keys, &opener));
            memcpy(hello, p->to_server.at + r.offset, r.len);
            hello[i] ^= (uint8_t)(1u << i % 8);
            n = 0;
            rustls_result result =
                galvan_ech_opener_open(opener, hello, cut ? i : r.len, inner, sizeof inner, &n);
            assert_int_equal(n, 0);
            if (cut)
                assert_int_not_equal(result, RUSTLS_RESULT_OK);
            if (result != RUSTLS_RESULT_OK) {
                assert_true(galvan_ech_opener_alert(opener) > 0);
                assert_result(galvan_ech_opener_open(opener, p->to_server.at + r.offset, r.len,
                                                     inner, sizeof inner, &n),
                              result); /* what has failed stays so */
            }
            galvan_ech_opener_free(opener);
        }
    }
    pair_free(p);
    galvan_ech_keys_free(keys);
}

/* ---- the functions -------------------------------------------------------------------------------------- */

static void is_null_refused(void **state)
{
    (void)state;
    struct galvan_ech_keys *keys = ech_keys_of(7, X25519);
    struct galvan_ech_opener *opener = NULL;
    struct rustls_server_config_builder *b = rustls_server_config_builder_new();
    const struct galvan_ech_config config = {NULL, X25519, 0, 0}, good = {ECH_PUBLIC, X25519, 0, 0};
    uint8_t at[GALVAN_ECH_PEM_SIZE] = {0};
    size_t n;
    const rustls_result null = RUSTLS_RESULT_NULL_PARAMETER;
    assert_result(galvan_ech_keys_new(NULL), null);
    assert_result(galvan_ech_keys_add_pem(NULL, at, 1, true), null);
    assert_result(galvan_ech_keys_add_pem(keys, NULL, 1, true), null);
    assert_result(galvan_ech_keys_add(NULL, at, 1, at, 1, true), null);
    assert_result(galvan_ech_keys_add(keys, NULL, 1, at, 1, true), null);
    assert_result(galvan_ech_keys_add(keys, at, 1, NULL, 1, true), null);
    assert_result(galvan_ech_keys_config_list(NULL, at, 1, &n), null);
    assert_result(galvan_ech_keys_config_list(keys, NULL, 1, &n), null);
    assert_result(galvan_ech_keys_config_list(keys, at, 1, NULL), null);
    assert_result(galvan_server_config_builder_set_ech_keys(NULL, keys), null);
    assert_result(galvan_server_config_builder_set_ech_keys(b, NULL), null);
    assert_result(galvan_ech_generate(NULL, at, sizeof at, &n), null);
    assert_result(galvan_ech_generate(&config, at, sizeof at, &n), null);
    assert_result(galvan_ech_generate(&good, NULL, sizeof at, &n), null);
    assert_result(galvan_ech_generate(&good, at, sizeof at, NULL), null);
    assert_result(galvan_ech_opener_new(NULL, &opener), null);
    assert_result(galvan_ech_opener_new(keys, NULL), null);
    assert_ok(galvan_ech_opener_new(keys, &opener));
    assert_result(galvan_ech_opener_open(NULL, at, 1, at, 2, &n), null);
    assert_result(galvan_ech_opener_open(opener, NULL, 1, at, 2, &n), null);
    assert_result(galvan_ech_opener_open(opener, at, 1, NULL, 2, &n), null);
    assert_result(galvan_ech_opener_open(opener, at, 1, at, 2, NULL), null);
    assert_int_equal(galvan_ech_opener_alert(NULL), -1);
    galvan_ech_opener_free(NULL);
    galvan_ech_keys_free(NULL);
    galvan_ech_opener_free(opener);
    galvan_ech_keys_free(keys);
    rustls_server_config_builder_free(b);
}

static void is_a_buffer_refused_that_is_too_small(void **state)
{
    (void)state;
    struct galvan_ech_keys *keys = ech_keys_of(7, X25519);
    struct galvan_ech_opener *opener = NULL;
    struct ech_list list = ech_list_of(keys);
    uint8_t at[GALVAN_ECH_PEM_SIZE];
    size_t n = 77;
    const struct galvan_ech_config config = {ECH_PUBLIC, X25519, 0, 0};
    assert_ok(galvan_ech_opener_new(keys, &opener));
    assert_result(galvan_ech_keys_config_list(keys, at, list.len - 1, &n),
                  RUSTLS_RESULT_INSUFFICIENT_SIZE);
    assert_ok(galvan_ech_keys_config_list(keys, at, list.len, &n));
    n = 77;
    assert_result(galvan_ech_generate(&config, at, sizeof at - 1, &n),
                  RUSTLS_RESULT_INSUFFICIENT_SIZE);
    assert_result(galvan_ech_opener_open(opener, at, 100, at, 199, &n),
                  RUSTLS_RESULT_INSUFFICIENT_SIZE);
    assert_int_equal(n, 77);
    galvan_ech_opener_free(opener);
    galvan_ech_keys_free(keys);
}

static void can_keys_that_are_in_use_grow(void **state)
{
    (void)state;
    struct galvan_ech_keys *keys = ech_keys_of(7, X25519);
    uint8_t pem[GALVAN_ECH_PEM_SIZE];
    size_t n;
    const struct galvan_ech_config config = {ECH_PUBLIC, X25519, 9, 0};
    struct rustls_server_config_builder *b = ech_server(keys, false);
    assert_ok(galvan_ech_generate(&config, pem, sizeof pem, &n));
    assert_result(galvan_ech_keys_add_pem(keys, pem, n, true), RUSTLS_RESULT_ALREADY_USED);
    rustls_server_config_builder_free(b);
    galvan_ech_keys_free(keys);
}

static void are_keys_refused_without_tls13(void **state)
{
    (void)state;
    struct galvan_ech_keys *keys = ech_keys_of(7, X25519);
    struct rustls_server_config_builder *b = test_server_builder_of("p256", 0x0303);
    const struct rustls_server_config *config = NULL;
    assert_ok(galvan_server_config_builder_set_ech_keys(b, keys));
    assert_result(rustls_server_config_builder_build(b, &config),
                  RUSTLS_RESULT_BUILDER_INCOMPATIBLE_TLS_VERSIONS);
    galvan_ech_keys_free(keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_hidden_name_served),
        cmocka_unit_test(is_the_hidden_name_served_behind_a_hello_retry_request),
        cmocka_unit_test(is_each_key_tried_whose_id_it_may_be),
        cmocka_unit_test(is_a_session_resumed_under_the_hidden_name),
        cmocka_unit_test(is_a_client_with_an_old_config_told_the_new_one),
        cmocka_unit_test(is_it_behind_a_hello_retry_request),
        cmocka_unit_test(is_early_data_of_a_rejected_client_passed_over),
        cmocka_unit_test(is_a_config_of_another_key_rejected),
        cmocka_unit_test(may_the_certificate_for_the_hidden_name_be_chosen_later),
        cmocka_unit_test(does_a_client_connect_that_only_pretends),
        cmocka_unit_test(does_a_client_connect_that_does_not_know_it),
        cmocka_unit_test(does_an_acceptor_see_the_public_name_and_its_connection_the_hidden_one),
        cmocka_unit_test(does_split_mode_hand_the_hidden_hello_on),
        cmocka_unit_test(does_it_behind_a_hello_retry_request),
        cmocka_unit_test(does_split_mode_leave_alone_what_is_not_for_it),
        cmocka_unit_test(does_split_mode_survive_hostile_bytes),
        cmocka_unit_test(is_null_refused),
        cmocka_unit_test(is_a_buffer_refused_that_is_too_small),
        cmocka_unit_test(can_keys_that_are_in_use_grow),
        cmocka_unit_test(are_keys_refused_without_tls13),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
