/* Resumption between our client and our server: when it happens, when it must not, and what it
 * costs nobody where it cannot. */
#include "config/session_store.h"
#include "connection/internal.h"
#include "lib/bare.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum how { STORED, SEALED };

static struct bare *pair_for(uint16_t version, enum how how)
{
    struct bare *p = bare_new();

    assert_non_null(p);
    p->client_config->common.tls13 = p->server_config->common.tls13 = version == TLS13;
    p->client_config->common.tls12 = p->server_config->common.tls12 = version == TLS12;
    if (how == SEALED)
        assert_int_equal(gv_ticketer_new(&p->server_config->ticketer, gv_openssl_provider()),
                         GV_OK);
    return p;
}

static void connect_once(struct bare *p)
{
    assert_int_equal(bare_connect(p), GV_OK);
    bare_run(p);
    assert_string_equal(gv_err_name(p->client_err), "OK");
    assert_string_equal(gv_err_name(p->server_err), "OK");
    assert_true(bare_transfer(p, p->client, span_str("ping")));
    assert_true(bare_transfer(p, p->server, span_str("pong")));
}

static enum handshake_kind kind(const struct connection *c)
{
    return gv_connection_agreed(c)->kind;
}

static void assert_kind(const struct bare *p, enum handshake_kind want)
{
    assert_int_equal(kind(p->client), want);
    assert_int_equal(kind(p->server), want);
}

static const struct {
    uint16_t version;
    enum how how;
} ways[] = {{TLS13, STORED}, {TLS13, SEALED}, {TLS12, STORED}, {TLS12, SEALED}};

static void does_the_second_connection_resume(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct bare *p = pair_for(ways[i].version, ways[i].how);
        connect_once(p);
        assert_kind(p, HANDSHAKE_FULL);
        for (unsigned again = 0; again < 3; again++) {
            connect_once(p);
            assert_kind(p, HANDSHAKE_RESUMED);
            assert_int_equal(gv_connection_agreed(p->client)->peer_count, 1);
        }
        bare_free(p);
    }
}

static void are_two_tickets_sent_in_tls13(void **state)
{
    (void)state;
    struct bare *p = pair_for(TLS13, STORED);

    connect_once(p);
    assert_int_equal(gv_connection_agreed(p->client)->tickets_received, 2);
    bare_free(p);
}

static void are_no_more_tickets_sent_than_wanted(void **state)
{
    (void)state;
    struct bare *p = pair_for(TLS13, STORED);

    p->server_config->ticket_count = 5;
    connect_once(p);
    assert_int_equal(gv_connection_agreed(p->client)->tickets_received, 5);
    p->server_config->ticket_count = 0;
    connect_once(p);
    assert_int_equal(gv_connection_agreed(p->client)->tickets_received, 0);
    p->server_config->ticket_count = 2;
    p->server_config->ticket_count_max = 4;
    p->client_config->ticket_request = true;
    p->client_config->ticket_request_new = 7;
    p->client_config->ticket_request_resumed = 1;
    connect_once(p);
    assert_kind(p, HANDSHAKE_RESUMED);
    assert_int_equal(gv_connection_agreed(p->client)->tickets_received, 1);
    bare_free(p);
}

static void is_a_session_used_after_hello_retry_request(void **state)
{
    (void)state;
    static struct provider narrowed;
    static const struct key_exchange_group *one_group[2];
    struct bare *p = pair_for(TLS13, STORED);
    const struct provider *whole = p->server_config->common.provider;

    narrowed = *whole;
    for (const struct key_exchange_group *const *g = whole->groups; *g != NULL; g++)
        if ((*g)->code == GROUP_SECP384R1)
            one_group[0] = *g;
    narrowed.groups = one_group;
    p->server_config->common.provider = &narrowed;
    connect_once(p);
    assert_kind(p, HANDSHAKE_RETRIED);
    connect_once(p);
    assert_kind(p, HANDSHAKE_RESUMED);
    assert_int_equal(gv_connection_agreed(p->client)->group, GROUP_SECP384R1);
    p->server_config->common.provider = whole;
    bare_free(p);
}

static void does_a_server_without_memory_make_full_handshakes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ways); i += 2) {
        struct bare *p = pair_for(ways[i].version, STORED);
        struct session_store *store = p->server_config->sessions;
        p->server_config->sessions = NULL;
        connect_once(p);
        connect_once(p);
        assert_kind(p, HANDSHAKE_FULL);
        p->server_config->sessions = store;
        bare_free(p);
    }
}

static void does_a_new_ticket_key_cost_one_full_handshake(void **state)
{
    (void)state;
    for (size_t i = 1; i < COUNT_OF(ways); i += 2) {
        struct bare *p = pair_for(ways[i].version, SEALED);
        connect_once(p);
        gv_ticketer_free(p->server_config->ticketer);
        assert_int_equal(gv_ticketer_new(&p->server_config->ticketer, gv_openssl_provider()),
                         GV_OK);
        connect_once(p);
        assert_kind(p, HANDSHAKE_FULL);
        bare_free(p);
    }
}

static void are_sessions_with_client_certificates_asked_about_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct bare *p = pair_for(ways[i].version, ways[i].how);
        const struct certified_key *own = bare_certified_key("p256");
        p->server_config->client_verifier = bare_trusting_verifier(true);
        assert_int_equal(gv_certified_key_list_set(&p->client_config->common.keys, &own, 1), GV_OK);
        connect_once(p);
        assert_kind(p, HANDSHAKE_FULL);
        connect_once(p);
        assert_kind(p, HANDSHAKE_RESUMED);
        assert_int_equal(gv_connection_agreed(p->server)->peer_count, 1);
        bare_free(p);
    }
}

static void hostile_31_is_a_session_without_certificate_no_way_around_a_required_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct bare *p = pair_for(ways[i].version, ways[i].how);
        connect_once(p);
        p->server_config->client_verifier = bare_trusting_verifier(true);
        assert_int_equal(bare_connect(p), GV_OK);
        bare_run(p);
        assert_string_equal(gv_err_name(p->server_err), "CLIENT_CERTIFICATE_MISSING");
        bare_free(p);
    }
}

static void do_sessions_stay_with_their_protocols(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct bare *p = pair_for(ways[i].version, ways[i].how);
        const struct span h2 = {(const uint8_t *)"h2", 2};
        connect_once(p);
        assert_int_equal(gv_alpn_list_set(&p->client_config->common.alpn, &h2, 1), GV_OK);
        connect_once(p);
        assert_kind(p, HANDSHAKE_FULL);
        bare_free(p);
    }
}

static void does_one_version_not_resume_the_other(void **state)
{
    (void)state;
    struct bare *p = pair_for(TLS13, STORED);

    connect_once(p);
    p->client_config->common.tls12 = p->server_config->common.tls12 = true;
    p->server_config->common.tls13 = false;
    connect_once(p);
    assert_kind(p, HANDSHAKE_FULL);
    assert_int_equal(gv_connection_agreed(p->client)->version, TLS12);
    p->server_config->common.tls13 = true;
    connect_once(p);
    assert_int_equal(gv_connection_agreed(p->client)->version, TLS13);
    bare_free(p);
}

/* ---- early data (RFC 9846 section 4.2.10) ----------------------------------------------------------- */

static struct bare *early_pair(void)
{
    struct bare *p = pair_for(TLS13, STORED);

    p->server_config->max_early_data = 1000;
    p->client_config->early_data = true;
    connect_once(p);
    assert_int_equal(gv_connection_agreed(p->client)->early, EARLY_NONE);
    assert_int_equal(bare_connect(p), GV_OK);
    return p;
}

static void send_early(struct bare *p, const char *text)
{
    size_t n = 0;
    assert_int_equal(gv_connection_write_early(p->client, span_str(text), &n), GV_OK);
    assert_int_equal(n, strlen(text));
}

static void assert_both_up(const struct bare *p)
{
    assert_string_equal(gv_err_name(p->client_err), "OK");
    assert_string_equal(gv_err_name(p->server_err), "OK");
    assert_false(gv_connection_is_handshaking(p->client));
    assert_false(gv_connection_is_handshaking(p->server));
}

static void assert_reads(struct connection *c, const char *text)
{
    uint8_t buf[2000];
    size_t n = 0;
    assert_int_equal(gv_connection_read(c, buf, sizeof buf, &n), GV_OK);
    assert_int_equal(n, strlen(text));
    assert_memory_equal(buf, text, n);
}

/* ---- tickets that others saw -------------------------------------------------------------------- */

/* The client's newest ticket, taken out of its memory; and put there. */
static struct session *take_ticket(struct bare *p)
{
    const struct hs *hs = &p->client->hs;
    struct session *s = gv_client_sessions_take(p->client_config->sessions,
                                                span_of(hs->session_key, hs->session_key_len),
                                                TLS13, hs->now.ms);

    assert_non_null(s);
    return s;
}

static void put_ticket(struct bare *p, struct session *s)
{
    const struct hs *hs = &p->client->hs;

    gv_client_sessions_put(p->client_config->sessions,
                           span_of(hs->session_key, hs->session_key_len), s);
}

/* Tickets go in the clear. Who shows one without its secret must not cost its owner the session. */
static void does_a_ticket_outlive_who_does_not_have_its_secret(void **state)
{
    (void)state;
    struct bare *p = pair_for(TLS13, STORED);

    connect_once(p);
    struct session *mine = take_ticket(p), *seen = NULL;
    assert_int_equal(gv_session_copy(mine, &seen), GV_OK);
    seen->secret.at[0] ^= 1;
    put_ticket(p, seen);
    assert_int_equal(bare_connect(p), GV_OK);
    bare_run(p);
    assert_int_equal(p->server_err, GV_E_BINDER_WRONG);
    put_ticket(p, mine);
    connect_once(p);
    assert_kind(p, HANDSHAKE_RESUMED);
    gv_session_free(mine);
    gv_session_free(seen);
    bare_free(p);
}

static void is_a_ticket_good_once(void **state)
{
    (void)state;
    struct bare *p = pair_for(TLS13, STORED);

    connect_once(p);
    struct session *mine = take_ticket(p);
    put_ticket(p, mine);
    connect_once(p);
    assert_kind(p, HANDSHAKE_RESUMED);
    put_ticket(p, mine);
    connect_once(p);
    assert_kind(p, HANDSHAKE_FULL);
    gv_session_free(mine);
    bare_free(p);
}

/* Two connections that show one ticket at the same time: the store gives it to the first. */
static bool somebody_was_quicker(const struct session_store *s, struct span key)
{
    (void)s, (void)key;
    return false;
}

static void does_who_comes_second_with_a_ticket_get_a_full_handshake(void **state)
{
    (void)state;
    struct bare *p = pair_for(TLS13, STORED);

    p->client_config->early_data = true;
    p->server_config->max_early_data = 1000;
    connect_once(p);
    p->server_config->sessions->remove = somebody_was_quicker;
    connect_once(p);
    assert_kind(p, HANDSHAKE_FULL);
    assert_int_equal(gv_connection_agreed(p->server)->early, EARLY_REJECTED);
    bare_free(p);
}

/* ---- early data --------------------------------------------------------------------------------- */

static void does_early_data_arrive_and_is_it_marked(void **state)
{
    (void)state;
    struct bare *p = early_pair();
    uint8_t buf[100];
    size_t n = 0;

    send_early(p, "early bird");
    bare_run(p);
    assert_both_up(p);
    assert_kind(p, HANDSHAKE_RESUMED);
    assert_int_equal(gv_connection_agreed(p->client)->early, EARLY_ACCEPTED);
    assert_int_equal(gv_connection_read(p->server, buf, sizeof buf, &n), GV_E_PLAINTEXT_EMPTY);
    assert_int_equal(gv_connection_read_early(p->server, buf, sizeof buf, &n), GV_OK);
    assert_int_equal(n, 10);
    assert_memory_equal(buf, "early bird", 10);
    assert_true(bare_transfer(p, p->client, span_str("late")));
    assert_true(bare_transfer(p, p->server, span_str("answer")));
    bare_free(p);
}

static void hostile_34_is_no_more_early_data_taken_than_the_session_allows(void **state)
{
    (void)state;
    struct bare *p = early_pair();
    static uint8_t data[3000];
    size_t n = 0;

    assert_int_equal(gv_connection_write_early(p->client, SPAN_OF(data), &n), GV_OK);
    assert_int_equal(n, 1000);
    assert_int_equal(gv_connection_write_early(p->client, SPAN_OF(data), &n), GV_OK);
    assert_int_equal(n, 0);
    bare_run(p);
    assert_both_up(p);
    bare_free(p);
}

static void is_rejected_early_data_sent_again_behind_the_handshake(void **state)
{
    (void)state;
    struct bare *p = early_pair();
    size_t n = 0;

    p->server_config->max_early_data = 0;
    send_early(p, "first ");
    assert_int_equal(gv_connection_write(p->client, span_str("second"), &n), GV_OK);
    bare_run(p);
    assert_both_up(p);
    assert_int_equal(gv_connection_agreed(p->client)->early, EARLY_REJECTED);
    assert_kind(p, HANDSHAKE_RESUMED);
    assert_reads(p->server, "first second");
    bare_free(p);
}

static void is_early_data_passed_over_where_the_session_is_gone(void **state)
{
    (void)state;
    struct bare *p = early_pair();
    struct session_store *store = p->server_config->sessions;

    p->server_config->sessions = NULL;
    send_early(p, "first");
    bare_run(p);
    assert_both_up(p);
    assert_kind(p, HANDSHAKE_FULL);
    assert_reads(p->server, "first");
    p->server_config->sessions = store;
    bare_free(p);
}

static void hostile_34_is_early_data_passed_over_before_a_second_hello(void **state)
{
    (void)state;
    static struct provider narrowed;
    static const struct key_exchange_group *one_group[2];
    struct bare *p = early_pair();
    const struct provider *whole = p->server_config->common.provider;

    narrowed = *whole;
    for (const struct key_exchange_group *const *g = whole->groups; *g != NULL; g++)
        if ((*g)->code == GROUP_SECP384R1)
            one_group[0] = *g;
    narrowed.groups = one_group;
    p->server_config->common.provider = &narrowed;
    send_early(p, "first");
    bare_run(p);
    assert_both_up(p);
    assert_int_equal(gv_connection_agreed(p->client)->early, EARLY_REJECTED);
    assert_int_equal(gv_connection_agreed(p->server)->early, EARLY_REJECTED);
    assert_reads(p->server, "first");
    p->server_config->common.provider = whole;
    bare_free(p);
}

static void hostile_34_is_a_replayed_hello_not_taken_early(void **state)
{
    (void)state;
    struct bare *p = early_pair();
    static uint8_t flight[4096];
    uint8_t buf[100];
    size_t n = 0, len;

    send_early(p, "pay 100");
    bare_collect(p->client, &p->to_server);
    len = p->to_server.end - p->to_server.start;
    memcpy(flight, p->to_server.at + p->to_server.start, len);
    bare_run(p);
    assert_int_equal(gv_connection_read_early(p->server, buf, sizeof buf, &n), GV_OK);
    assert_int_equal(bare_connect(p), GV_OK); /* a new server; its peer is the recorded flight */
    memcpy(p->to_server.at, flight, len);
    p->to_server.start = 0;
    p->to_server.end = len;
    bare_deliver(&p->to_server, p->server, &p->server_err);
    assert_int_equal(gv_connection_agreed(p->server)->early, EARLY_REJECTED);
    assert_int_equal(gv_connection_read_early(p->server, buf, sizeof buf, &n),
                     GV_E_PLAINTEXT_EMPTY);
    bare_free(p);
}

static void is_an_old_hello_not_taken_early(void **state)
{
    (void)state;
    struct bare *p = pair_for(TLS13, STORED);
    struct session *older;

    p->server_config->max_early_data = 1000;
    p->client_config->early_data = true;
    connect_once(p);
    /* The client believes that its ticket is an hour older than it is. */
    struct session *found = take_ticket(p);
    assert_int_equal(gv_session_copy(found, &older), GV_OK);
    older->issued_ms -= 3600 * 1000;
    put_ticket(p, older);
    gv_session_free(older);
    gv_session_free(found);
    assert_int_equal(bare_connect(p), GV_OK);
    send_early(p, "first");
    bare_run(p);
    assert_both_up(p);
    assert_int_equal(gv_connection_agreed(p->client)->early, EARLY_REJECTED);
    assert_kind(p, HANDSHAKE_RESUMED);
    assert_reads(p->server, "first");
    bare_free(p);
}

static void are_sealed_tickets_without_early_data(void **state)
{
    (void)state;
    struct bare *p = pair_for(TLS13, SEALED);
    size_t n = 1;

    p->server_config->max_early_data = 1000;
    p->client_config->early_data = true;
    connect_once(p);
    assert_int_equal(bare_connect(p), GV_OK);
    assert_int_equal(gv_connection_write_early(p->client, span_str("x"), &n), GV_OK);
    assert_int_equal(n, 0);
    bare_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_the_second_connection_resume),
        cmocka_unit_test(are_two_tickets_sent_in_tls13),
        cmocka_unit_test(are_no_more_tickets_sent_than_wanted),
        cmocka_unit_test(is_a_session_used_after_hello_retry_request),
        cmocka_unit_test(does_a_server_without_memory_make_full_handshakes),
        cmocka_unit_test(does_a_new_ticket_key_cost_one_full_handshake),
        cmocka_unit_test(are_sessions_with_client_certificates_asked_about_again),
        cmocka_unit_test(hostile_31_is_a_session_without_certificate_no_way_around_a_required_one),
        cmocka_unit_test(do_sessions_stay_with_their_protocols),
        cmocka_unit_test(does_one_version_not_resume_the_other),
        cmocka_unit_test(does_a_ticket_outlive_who_does_not_have_its_secret),
        cmocka_unit_test(is_a_ticket_good_once),
        cmocka_unit_test(does_who_comes_second_with_a_ticket_get_a_full_handshake),
        cmocka_unit_test(does_early_data_arrive_and_is_it_marked),
        cmocka_unit_test(hostile_34_is_no_more_early_data_taken_than_the_session_allows),
        cmocka_unit_test(is_rejected_early_data_sent_again_behind_the_handshake),
        cmocka_unit_test(is_early_data_passed_over_where_the_session_is_gone),
        cmocka_unit_test(hostile_34_is_early_data_passed_over_before_a_second_hello),
        cmocka_unit_test(hostile_34_is_a_replayed_hello_not_taken_early),
        cmocka_unit_test(is_an_old_hello_not_taken_early),
        cmocka_unit_test(are_sealed_tickets_without_early_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
