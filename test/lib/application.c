/* Applications for tests. */
#include "lib/application.h"

#include <stdlib.h>

/* ---- the callbacks -------------------------------------------------------------------------- */

struct application *nobodys;

static struct application *application_of(void *userdata)
{
    return userdata != NULL ? userdata : nobodys;
}

uint32_t application_choose(void *userdata, const struct rustls_client_hello *hello,
                            const struct rustls_certified_key **out)
{
    struct application *app = application_of(userdata);

    app->choices++;
    assert_null(*out);
    (void)snprintf(app->asked_for, sizeof app->asked_for, "%.*s", (int)hello->server_name.len,
                   hello->server_name.data);
    if (app->choice == AT_ONCE)
        *out = app->key;
    if (app->choice == REFUSING)
        return RUSTLS_RESULT_IO;
    return app->choice == LATER ? GALVAN_PENDING : RUSTLS_RESULT_OK;
}

static uint32_t put(void *userdata, const struct rustls_slice_bytes *key,
                    const struct rustls_slice_bytes *value)
{
    struct application *app = application_of(userdata);

    assert_int_equal(key->len, 32);
    for (struct value *v = app->values; v < app->values + VALUES_MAX; v++)
        if (v->len == 0 || memcmp(v->key, key->data, 32) == 0) {
            assert_true(value->len <= VALUE_MAX);
            memcpy(v->key, key->data, 32);
            memcpy(v->at, value->data, value->len);
            v->len = value->len;
            return RUSTLS_RESULT_OK;
        }
    return RUSTLS_RESULT_GENERAL;
}

static void look_up(struct application *app, const struct rustls_slice_bytes *key, int remove)
{
    app->found.len = 0;
    for (struct value *v = app->values; v < app->values + VALUES_MAX; v++)
        if (v->len != 0 && key->len == 32 && memcmp(v->key, key->data, 32) == 0) {
            app->found = *v;
            v->len = remove ? 0 : v->len;
        }
}

static uint32_t get(void *userdata, const struct rustls_slice_bytes *key, int remove, uint8_t *buf,
                    size_t count, size_t *out_n)
{
    struct application *app = application_of(userdata);

    app->lookups++;
    look_up(app, key, remove);
    if (app->store == LATER)
        return GALVAN_PENDING;
    if (app->store == NONE || app->found.len == 0 || app->found.len > count)
        return RUSTLS_RESULT_NOT_FOUND;
    memcpy(buf, app->found.at, app->found.len);
    *out_n = app->found.len;
    return RUSTLS_RESULT_OK;
}

/* ---- servers that ask ----------------------------------------------------------------------- */

struct application *application(enum manner choice, enum manner store)
{
    struct application *app = calloc(1, sizeof *app);

    assert_non_null(app);
    app->choice = choice;
    app->store = store;
    app->key = test_certified_key("p256");
    return app;
}

void application_free(struct application *app)
{
    rustls_certified_key_free(app->key);
    free(app);
}

struct rustls_server_config_builder *asking_builder(uint16_t version)
{
    struct rustls_server_config_builder *b = test_server_builder_of("p256", version);

    assert_ok(galvan_server_config_builder_set_hello_callback(b, application_choose));
    rustls_server_config_builder_set_persistence(b, get, put);
    return b;
}

struct configs configs_of(uint16_t version)
{
    return (struct configs){test_client_config(test_client_builder_of("ca", version)),
                            test_server_config(asking_builder(version))};
}

void configs_free(struct configs *c)
{
    rustls_client_config_free(c->client);
    rustls_server_config_free(c->server);
}

struct pair *connect_in(const struct configs *c, struct application *app)
{
    struct pair *p = pair_between(c->client, "localhost", c->server);

    rustls_connection_set_userdata(p->server, app);
    pair_run(p);
    return p;
}

void assert_connected(struct pair *p, int kind)
{
    assert_ok(p->client_result);
    assert_ok(p->server_result);
    assert_false(rustls_connection_is_handshaking(p->server));
    assert_int_equal(galvan_connection_question(p->server), GALVAN_QUESTION_NONE);
    assert_int_equal(rustls_connection_handshake_kind(p->server), kind);
    pair_say(p->client, "ping");
    pair_run(p);
    assert_hears(p->server, "ping");
}

void assert_asks(struct rustls_connection *conn, enum galvan_question question)
{
    assert_true(galvan_connection_is_pending(conn));
    assert_int_equal(galvan_connection_question(conn), question);
    assert_state(conn, 0, 0, 1);
    assert_ok(rustls_connection_process_new_packets(conn));
    assert_int_equal(galvan_connection_question(conn), question);
}

void assert_waits(struct pair *p, enum galvan_question question)
{
    assert_ok(p->client_result);
    assert_ok(p->server_result);
    assert_asks(p->server, question);
}

void make_session(const struct configs *c, struct application *app)
{
    const struct application before = *app;

    app->choice = app->store = AT_ONCE;
    struct pair *p = connect_in(c, app);
    assert_connected(p, 1);
    pair_free(p);
    app->choice = before.choice;
    app->store = before.store;
    app->choices = app->lookups = 0;
}
