/* Answers of the application's that come later, in both versions: the choice of a server's
 * certificate, and the look-up of a session. (Signatures: test_remote_signer.c; answers that nobody
 * waits for: test_later_strays.c.) */
#include "lib/application.h"

enum { TOO_LONG = 66561 }; /* bytes: one more than a session can have */

static const uint16_t versions[] = {0x0304, 0x0303};

/* ---- certificates --------------------------------------------------------------------------- */

static void is_a_certificate_chosen_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct application *app = application(AT_ONCE, AT_ONCE);
        struct configs c = configs_of(versions[i]);
        struct pair *p = connect_in(&c, app);
        assert_connected(p, 1);
        assert_int_equal(app->choices, 1);
        assert_string_equal(app->asked_for, "localhost");
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

static void does_a_connection_wait_for_its_certificate(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct application *app = application(LATER, AT_ONCE);
        struct configs c = configs_of(versions[i]);
        struct pair *p = connect_in(&c, app);
        assert_waits(p, GALVAN_QUESTION_CERTIFIED_KEY);
        assert_ok(galvan_connection_set_certified_key(p->server, app->key));
        rustls_certified_key_free(app->key); /* the connection has its own hold on it */
        app->key = NULL;
        pair_run(p);
        assert_connected(p, 1);
        assert_int_equal(app->choices, 1);
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

/* What a callback of rustls.h says with NULL: access_denied for the client, GENERAL here. */
static void does_no_certificate_end_the_handshake(void **state)
{
    (void)state;
    static const enum manner manners[] = {NONE, LATER};

    for (size_t i = 0; i < 4; i++) {
        struct application *app = application(manners[i / 2], AT_ONCE);
        struct configs c = configs_of(versions[i % 2]);
        struct pair *p = connect_in(&c, app);
        if (app->choice == LATER)
            p->server_result = galvan_connection_set_certified_key(p->server, NULL);
        assert_result(p->server_result, RUSTLS_RESULT_GENERAL);
        pair_run(p);
        assert_result(p->client_result, RUSTLS_RESULT_ALERT_ACCESS_DENIED);
        assert_int_equal(galvan_connection_question(p->server), GALVAN_QUESTION_NONE);
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

static void does_a_certificate_that_does_not_fit_end_the_handshake(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct application *app = application(LATER, AT_ONCE);
        const uint16_t suite = versions[i] == 0x0304 ? 0x1301 : 0xc02b; /* of ECDSA, in TLS 1.2 */
        const struct rustls_certified_key *rsa = test_certified_key("rsa2048");
        struct configs c = {test_client_config(test_client_builder_with(
                                "ca", test_provider_of(&suite, 1), versions[i])),
                            test_server_config(asking_builder(versions[i]))};
        struct pair *p = connect_in(&c, app);
        if (versions[i] == 0x0304)
            assert_ok(galvan_connection_set_certified_key(p->server, rsa));
        else
            assert_result(galvan_connection_set_certified_key(p->server, rsa),
                          RUSTLS_RESULT_GENERAL);
        rustls_certified_key_free(rsa);
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

static void does_a_choice_that_fails_end_the_handshake(void **state)
{
    (void)state;
    struct galvan_error_detail detail;

    for (size_t i = 0; i < 2; i++) {
        struct application *app = application(REFUSING, AT_ONCE);
        struct configs c = configs_of(versions[i]);
        struct pair *p = connect_in(&c, app);
        assert_result(p->server_result, RUSTLS_RESULT_GENERAL);
        assert_result(p->client_result, RUSTLS_RESULT_ALERT_INTERNAL_ERROR);
        assert_ok(galvan_connection_error_detail(p->server, &detail, sizeof detail));
        assert_string_equal(detail.name, "CHOICE_REFUSED");
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

/* The one that is set last counts. */
static void does_one_kind_of_callback_replace_the_other(void **state)
{
    (void)state;
    struct rustls_server_config_builder *b = rustls_server_config_builder_new();
    struct application *app = application(AT_ONCE, AT_ONCE);

    assert_result(galvan_server_config_builder_set_hello_callback(NULL, application_choose),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(galvan_server_config_builder_set_hello_callback(b, NULL),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_ok(galvan_server_config_builder_set_hello_callback(b, application_choose));
    assert_ok(rustls_server_config_builder_set_certified_keys(b, &app->key, 1));
    assert_ok(galvan_server_config_builder_set_hello_callback(b, application_choose));
    struct configs c = {test_client_config(test_client_builder("ca")), test_server_config(b)};
    struct pair *p = connect_in(&c, app);
    assert_connected(p, 1);
    assert_int_equal(app->choices, 1);
    pair_free(p);
    configs_free(&c);
    application_free(app);
}

/* ---- sessions ------------------------------------------------------------------------------- */

static void does_a_connection_wait_for_a_session(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct application *app = application(AT_ONCE, LATER);
        struct configs c = configs_of(versions[i]);
        make_session(&c, app);
        struct pair *p = connect_in(&c, app);
        assert_waits(p, GALVAN_QUESTION_SESSION);
        assert_true(app->found.len != 0);
        assert_ok(galvan_connection_set_session(p->server, app->found.at, app->found.len));
        pair_run(p);
        assert_connected(p, 3);
        assert_int_equal(app->lookups, 1);
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

/* Nothing found, nothing that can be read, too much, a byte too few: a full handshake. */
static void does_what_is_no_session_cost_a_full_handshake(void **state)
{
    (void)state;
    static uint8_t nonsense[TOO_LONG];

    for (size_t i = 0; i < 8; i++) {
        struct application *app = application(AT_ONCE, LATER);
        struct configs c = configs_of(versions[i % 2]);
        make_session(&c, app);
        struct pair *p = connect_in(&c, app);
        assert_waits(p, GALVAN_QUESTION_SESSION);
        const size_t lengths[] = {0, 100, TOO_LONG, app->found.len - 1};
        const uint8_t *bytes = i / 2 == 3 ? app->found.at : nonsense;
        assert_ok(galvan_connection_set_session(p->server, bytes, lengths[i / 2]));
        pair_run(p);
        assert_connected(p, 1);
        assert_int_equal(app->lookups, 1);
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

/* In TLS 1.3 its secret is what the binder proves. */
static void is_a_session_that_was_changed_found_out(void **state)
{
    (void)state;
    struct application *app = application(AT_ONCE, LATER);
    struct configs c = configs_of(0x0304);

    make_session(&c, app);
    struct pair *p = connect_in(&c, app);
    struct value other = app->found;
    for (struct value *v = app->values; v < app->values + VALUES_MAX; v++)
        if (v->len != 0) /* of the client's other ticket */
            other = *v;
    assert_result(galvan_connection_set_session(p->server, other.at, other.len),
                  RUSTLS_RESULT_PEER_MISBEHAVED_ERROR);
    pair_run(p);
    assert_result(p->client_result, RUSTLS_RESULT_ALERT_DECRYPT_ERROR);
    pair_free(p);
    configs_free(&c);
    application_free(app);
}

/* ---- one after the other ---------------------------------------------------------------------- */

static void does_a_connection_ask_one_question_at_a_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct application *app = application(LATER, LATER);
        struct configs c = configs_of(versions[i]);
        make_session(&c, app);
        struct pair *p = connect_in(&c, app);
        assert_waits(p, GALVAN_QUESTION_CERTIFIED_KEY);
        assert_int_equal(app->lookups, 0);
        assert_ok(galvan_connection_set_certified_key(p->server, app->key));
        assert_waits(p, GALVAN_QUESTION_SESSION);
        assert_ok(galvan_connection_set_session(p->server, app->found.at, app->found.len));
        pair_run(p);
        assert_connected(p, 3);
        assert_int_equal(app->choices, 1);
        assert_int_equal(app->lookups, 1);
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

/* What was accepted beforehand is answered as far as the first question. */
static void does_an_accepted_connection_wait(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct application *app = application(LATER, LATER);
        struct configs c = configs_of(versions[i]);
        struct rustls_acceptor *acceptor = rustls_acceptor_new();
        struct rustls_accepted *accepted = NULL;
        struct rustls_accepted_alert *alert = NULL;
        size_t n = 0;
        make_session(&c, app);
        struct pair *p = pair_between(c.client, "localhost", c.server);
        rustls_connection_free(p->server);
        pair_flush(p->client, &p->to_server);
        assert_int_equal(rustls_acceptor_read_tls(acceptor, wire_read, &p->to_server, &n), 0);
        assert_ok(rustls_acceptor_accept(acceptor, &accepted, &alert));
        nobodys = app;
        assert_ok(rustls_accepted_into_connection(accepted, c.server, &p->server, &alert));
        rustls_connection_set_userdata(p->server, app);
        rustls_accepted_free(accepted);
        rustls_acceptor_free(acceptor);
        assert_waits(p, GALVAN_QUESTION_CERTIFIED_KEY);
        assert_ok(galvan_connection_set_certified_key(p->server, app->key));
        assert_waits(p, GALVAN_QUESTION_SESSION);
        assert_ok(galvan_connection_set_session(p->server, app->found.at, app->found.len));
        pair_run(p);
        assert_connected(p, 3);
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

/* ---- early data ------------------------------------------------------------------------------- */

/* It stays where it is until the session is there, and is taken or passed over then. */
static void is_early_data_taken_when_its_session_comes(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct application *app = application(LATER, LATER);
        struct rustls_client_config_builder *client = test_client_builder_of("ca", 0x0304);
        struct rustls_server_config_builder *server = asking_builder(0x0304);
        uint8_t buf[16];
        size_t n = 0;
        assert_ok(galvan_client_config_builder_set_early_data(client, true));
        assert_ok(galvan_server_config_builder_set_max_early_data(server, 100));
        struct configs c = {test_client_config(client), test_server_config(server)};
        make_session(&c, app);
        struct pair *p = pair_between(c.client, "localhost", c.server);
        rustls_connection_set_userdata(p->server, app);
        assert_ok(galvan_connection_write_early_data(p->client, (const uint8_t *)"early", 5, &n));
        assert_int_equal(n, 5);
        pair_run(p);
        assert_waits(p, GALVAN_QUESTION_CERTIFIED_KEY);
        assert_ok(galvan_connection_set_certified_key(p->server, app->key));
        assert_waits(p, GALVAN_QUESTION_SESSION);
        assert_result(galvan_connection_read_early_data(p->server, buf, sizeof buf, &n),
                      RUSTLS_RESULT_PLAINTEXT_EMPTY);
        assert_ok(
            galvan_connection_set_session(p->server, app->found.at, i == 0 ? app->found.len : 0));
        pair_run(p);
        assert_int_equal(galvan_connection_early_data(p->server),
                         i == 0 ? GALVAN_EARLY_DATA_ACCEPTED : GALVAN_EARLY_DATA_REJECTED);
        if (i == 0) {
            assert_ok(galvan_connection_read_early_data(p->server, buf, sizeof buf, &n));
            assert_int_equal(n, 5);
            assert_memory_equal(buf, "early", 5);
        } else {
            assert_hears(p->server, "early"); /* sent again */
        }
        assert_connected(p, i == 0 ? 3 : 1);
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_certificate_chosen_at_once),
        cmocka_unit_test(does_a_connection_wait_for_its_certificate),
        cmocka_unit_test(does_no_certificate_end_the_handshake),
        cmocka_unit_test(does_a_certificate_that_does_not_fit_end_the_handshake),
        cmocka_unit_test(does_a_choice_that_fails_end_the_handshake),
        cmocka_unit_test(does_one_kind_of_callback_replace_the_other),
        cmocka_unit_test(does_a_connection_wait_for_a_session),
        cmocka_unit_test(does_what_is_no_session_cost_a_full_handshake),
        cmocka_unit_test(is_a_session_that_was_changed_found_out),
        cmocka_unit_test(does_a_connection_ask_one_question_at_a_time),
        cmocka_unit_test(does_an_accepted_connection_wait),
        cmocka_unit_test(is_early_data_taken_when_its_session_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
