/* While a connection waits for an answer of the application's: what of answers that it does not wait
 * for, and of a peer or an application that does not wait? */
#include "lib/application.h"

static const uint16_t versions[] = {0x0304, 0x0303};

/* ---- answers that nobody waits for ------------------------------------------------------------ */

/* All answers but that to `question` change nothing. */
static void assert_strays_refused(struct pair *p, struct application *app,
                                  enum galvan_question question)
{
    static const uint8_t bytes[] = {1, 2, 3};

    if (question != GALVAN_QUESTION_SIGNATURE)
        assert_result(galvan_connection_set_signature(p->server, bytes, sizeof bytes),
                      RUSTLS_RESULT_INVALID_PARAMETER);
    if (question != GALVAN_QUESTION_CERTIFIED_KEY)
        assert_result(galvan_connection_set_certified_key(p->server, app->key),
                      RUSTLS_RESULT_INVALID_PARAMETER);
    if (question != GALVAN_QUESTION_SESSION)
        assert_result(galvan_connection_set_session(p->server, bytes, sizeof bytes),
                      RUSTLS_RESULT_INVALID_PARAMETER);
    assert_int_equal(galvan_connection_question(p->server), question);
}

static void are_answers_to_no_question_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct application *app = application(LATER, LATER);
        struct configs c = configs_of(versions[i]);
        make_session(&c, app);
        struct pair *p = pair_between(c.client, "localhost", c.server);
        rustls_connection_set_userdata(p->server, app);
        assert_strays_refused(p, app, GALVAN_QUESTION_NONE);
        pair_run(p);
        assert_strays_refused(p, app, GALVAN_QUESTION_CERTIFIED_KEY);
        assert_ok(galvan_connection_set_certified_key(p->server, app->key));
        assert_strays_refused(p, app, GALVAN_QUESTION_SESSION);
        assert_ok(galvan_connection_set_session(p->server, app->found.at, app->found.len));
        assert_strays_refused(p, app, GALVAN_QUESTION_NONE);
        pair_run(p);
        assert_connected(p, 3);
        assert_strays_refused(p, app, GALVAN_QUESTION_NONE);
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

static void is_an_answer_after_a_failure_that_failure(void **state)
{
    (void)state;
    struct application *app = application(LATER, AT_ONCE);
    struct configs c = configs_of(0x0304);
    struct pair *p = connect_in(&c, app);

    assert_result(galvan_connection_set_certified_key(p->server, NULL), RUSTLS_RESULT_GENERAL);
    assert_result(galvan_connection_set_certified_key(p->server, app->key), RUSTLS_RESULT_GENERAL);
    assert_result(galvan_connection_set_session(p->server, NULL, 0), RUSTLS_RESULT_GENERAL);
    assert_result(rustls_connection_process_new_packets(p->server), RUSTLS_RESULT_GENERAL);
    pair_free(p);
    configs_free(&c);
    application_free(app);
}

static void are_null_arguments_refused(void **state)
{
    (void)state;
    struct application *app = application(LATER, LATER);
    struct configs c = configs_of(0x0304);
    struct pair *p = connect_in(&c, app);

    assert_int_equal(galvan_connection_question(NULL), GALVAN_QUESTION_NONE);
    assert_result(galvan_connection_set_certified_key(NULL, app->key),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(galvan_connection_set_session(NULL, NULL, 0), RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(galvan_connection_set_session(p->server, NULL, 1), RUSTLS_RESULT_NULL_PARAMETER);
    assert_waits(p, GALVAN_QUESTION_CERTIFIED_KEY);
    pair_free(p);
    configs_free(&c);
    application_free(app);
}

/* From within the callback that asks: the answer is what it returns. */
static uint32_t hasty_choose(void *userdata, const struct rustls_client_hello *hello,
                             const struct rustls_certified_key **out)
{
    struct pair *p = userdata;
    const struct rustls_certified_key *key = test_certified_key("p256");

    (void)hello;
    assert_result(galvan_connection_set_certified_key(p->server, key),
                  RUSTLS_RESULT_INVALID_PARAMETER);
    rustls_certified_key_free(key);
    *out = NULL;
    return GALVAN_PENDING;
}

static void is_an_answer_inside_the_question_refused(void **state)
{
    (void)state;
    struct rustls_server_config_builder *b = rustls_server_config_builder_new();
    const struct rustls_certified_key *key = test_certified_key("p256");

    assert_ok(galvan_server_config_builder_set_hello_callback(b, hasty_choose));
    struct pair *p = pair_new(test_client_builder("ca"), "localhost", b);
    rustls_connection_set_userdata(p->server, p);
    pair_run(p);
    assert_waits(p, GALVAN_QUESTION_CERTIFIED_KEY);
    assert_ok(galvan_connection_set_certified_key(p->server, key));
    pair_run(p);
    assert_connected(p, 1);
    rustls_certified_key_free(key);
    pair_free(p);
}

/* ---- peers that do not wait ------------------------------------------------------------------- */

static const uint8_t cancelled[] = {21, 3, 3, 0, 2, 2, 90};

/* Freed while it waits: nothing is leaked, which the build with sanitizers sees. */
static void may_a_connection_be_freed_while_it_waits(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct application *app = application(i / 2 == 0 ? LATER : AT_ONCE, LATER);
        struct configs c = configs_of(versions[i % 2]);
        make_session(&c, app);
        struct pair *p = connect_in(&c, app);
        assert_waits(p, i / 2 == 0 ? GALVAN_QUESTION_CERTIFIED_KEY : GALVAN_QUESTION_SESSION);
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

/* What comes meanwhile is looked at when the answer is there: an alert then ends the handshake. */
static void does_an_alert_wait_for_the_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct application *app = application(LATER, AT_ONCE);
        struct configs c = configs_of(versions[i]);
        struct pair *p = connect_in(&c, app);
        size_t n = 0;
        wire_put(&p->to_server, cancelled, sizeof cancelled);
        assert_int_equal(rustls_connection_read_tls(p->server, wire_read, &p->to_server, &n), 0);
        assert_int_equal(n, sizeof cancelled);
        assert_waits(p, GALVAN_QUESTION_CERTIFIED_KEY);
        assert_result(galvan_connection_set_certified_key(p->server, app->key),
                      RUSTLS_RESULT_ALERT_USER_CANCELED);
        assert_result(galvan_connection_set_certified_key(p->server, app->key),
                      RUSTLS_RESULT_ALERT_USER_CANCELED);
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

/* The application ran out of patience: it closes, and the peer hears of it. */
static void may_the_application_close_while_it_waits(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct application *app = application(LATER, AT_ONCE);
        struct configs c = configs_of(versions[i]);
        struct pair *p = connect_in(&c, app);
        rustls_connection_send_close_notify(p->server);
        assert_int_equal(galvan_connection_question(p->server), GALVAN_QUESTION_CERTIFIED_KEY);
        assert_result(galvan_connection_set_certified_key(p->server, NULL), RUSTLS_RESULT_GENERAL);
        pair_run(p);
        assert_true(p->client_result != RUSTLS_RESULT_OK);
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

/* The stream ends while it waits: the answer is taken, and the handshake never ends. */
static void does_an_end_of_the_stream_wait_for_the_answer(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct application *app = application(LATER, AT_ONCE);
        struct configs c = configs_of(versions[i]);
        struct pair *p = connect_in(&c, app);
        uint8_t byte;
        size_t n = 1;
        pair_cut(p->server, &p->to_server);
        assert_int_equal(galvan_connection_question(p->server), GALVAN_QUESTION_CERTIFIED_KEY);
        assert_ok(galvan_connection_set_certified_key(p->server, app->key));
        assert_true(rustls_connection_is_handshaking(p->server));
        assert_result(rustls_connection_read(p->server, &byte, 1, &n),
                      RUSTLS_RESULT_UNEXPECTED_EOF);
        pair_free(p);
        configs_free(&c);
        application_free(app);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_answers_to_no_question_refused),
        cmocka_unit_test(is_an_answer_after_a_failure_that_failure),
        cmocka_unit_test(are_null_arguments_refused),
        cmocka_unit_test(is_an_answer_inside_the_question_refused),
        cmocka_unit_test(may_a_connection_be_freed_while_it_waits),
        cmocka_unit_test(does_an_alert_wait_for_the_answer),
        cmocka_unit_test(may_the_application_close_while_it_waits),
        cmocka_unit_test(does_an_end_of_the_stream_wait_for_the_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
