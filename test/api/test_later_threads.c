/* Connections that wait are handed over to another thread, which answers and lets them go on there.
 * ThreadSanitizer sees what they share. */
#include "lib/application.h"

#include <pthread.h>
#include <stdlib.h>

enum { COUPLES = 3, ROUNDS = 20 };

/* A place for one connection at a time, between the one who begins it and the one who ends it. */
struct counter {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct pair *p;
    struct application *app;
    const struct configs *configs;
    unsigned ended;
};

static void hand_over(struct counter *c, struct pair *p)
{
    pthread_mutex_lock(&c->lock);
    while (c->p != NULL)
        pthread_cond_wait(&c->changed, &c->lock);
    c->p = p;
    pthread_cond_signal(&c->changed);
    pthread_mutex_unlock(&c->lock);
}

static struct pair *take_over(struct counter *c)
{
    pthread_mutex_lock(&c->lock);
    while (c->p == NULL)
        pthread_cond_wait(&c->changed, &c->lock);
    struct pair *p = c->p;
    c->p = NULL;
    pthread_cond_signal(&c->changed);
    pthread_mutex_unlock(&c->lock);
    return p;
}

/* The one asks for a certificate, the other for a session, so that neither touches what the other
 * does of their application. */
static void *begin(void *arg)
{
    struct counter *c = arg;

    for (unsigned i = 0; i < ROUNDS; i++) {
        struct pair *p = pair_between(c->configs->client, "localhost", c->configs->server);
        rustls_connection_set_userdata(p->server, c->app);
        pair_run(p);
        hand_over(c, p);
    }
    return NULL;
}

static void *end(void *arg)
{
    struct counter *c = arg;

    for (unsigned i = 0; i < ROUNDS; i++) {
        struct pair *p = take_over(c);
        bool good = galvan_connection_question(p->server) == GALVAN_QUESTION_CERTIFIED_KEY &&
                    galvan_connection_set_certified_key(p->server, c->app->key) == RUSTLS_RESULT_OK;
        if (galvan_connection_question(p->server) == GALVAN_QUESTION_SESSION)
            good = galvan_connection_set_session(p->server, c->app->found.at, c->app->found.len) ==
                       RUSTLS_RESULT_OK &&
                   good;
        pair_run(p);
        c->ended += good && !rustls_connection_is_handshaking(p->server) &&
                    !rustls_connection_is_handshaking(p->client);
        pair_free(p);
    }
    return NULL;
}

static void may_another_thread_answer(void **state)
{
    (void)state;
    static const uint16_t versions[] = {0x0304, 0x0303};

    for (size_t v = 0; v < 2; v++) {
        struct configs configs = configs_of(versions[v]);
        struct counter counters[COUPLES];
        pthread_t threads[2 * COUPLES];
        for (size_t i = 0; i < COUPLES; i++) {
            counters[i] = (struct counter){.app = application(LATER, LATER), .configs = &configs};
            assert_int_equal(pthread_mutex_init(&counters[i].lock, NULL), 0);
            assert_int_equal(pthread_cond_init(&counters[i].changed, NULL), 0);
            assert_int_equal(pthread_create(&threads[2 * i], NULL, begin, &counters[i]), 0);
            assert_int_equal(pthread_create(&threads[2 * i + 1], NULL, end, &counters[i]), 0);
        }
        for (size_t i = 0; i < 2 * COUPLES; i++)
            assert_int_equal(pthread_join(threads[i], NULL), 0);
        for (size_t i = 0; i < COUPLES; i++) {
            assert_int_equal(counters[i].ended, ROUNDS);
            pthread_cond_destroy(&counters[i].changed);
            pthread_mutex_destroy(&counters[i].lock);
            application_free(counters[i].app);
        }
        configs_free(&configs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(may_another_thread_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
