/* The provider's first use, by many threads at once; and one signing key used by all of them. */
#include "crypto/provider.h"
#include "lib/keys.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { THREADS = 8, ROUNDS = 20 };

static pthread_barrier_t line;
static struct signing_key *shared[2];

/* Threads count their failures: cmocka's assertions belong to the main one. */
struct worker {
    pthread_t thread;
    const struct provider *provider;
    size_t failures;
};

static void agree(struct worker *w, const struct key_exchange_group *g)
{
    struct key_exchange x = {NULL, NULL};
    struct secret a = {.len = 0}, b = {.len = 1};
    uint8_t client[KEY_SHARE_MAX], server[KEY_SHARE_MAX];
    bool ok = g->start(g, &x, client) == GV_OK &&
              g->answer(g, span_of(client, g->client_share_len), server, &a) == GV_OK &&
              g->finish(&x, span_of(server, g->server_share_len), &b) == GV_OK &&
              gv_secret_equal(secret_span(&a), secret_span(&b));
    gv_key_exchange_drop(&x);
    w->failures += !ok;
}

static void seal_and_open(struct worker *w, const struct aead_alg *alg)
{
    struct aead a = {NULL, NULL};
    uint8_t key[AEAD_KEY_MAX] = {1}, nonce[AEAD_NONCE] = {2}, text[4 + AEAD_TAG];
    bool ok = alg->key(alg, &a, key, true) == GV_OK &&
              alg->seal(&a, nonce, span_str(""), span_str("text"), span_str(""), text) == GV_OK &&
              alg->key(alg, &a, key, false) == GV_OK &&
              alg->open(&a, nonce, span_str(""), text, sizeof text) == GV_OK && text[0] == 't';
    gv_aead_drop(&a);
    w->failures += !ok;
}

static void *first_use(void *arg)
{
    struct worker *w = arg;
    pthread_barrier_wait(&line);
    w->provider = gv_openssl_provider();
    if (w->provider == NULL) {
        w->failures++;
        return NULL;
    }
    for (const struct key_exchange_group *const *g = w->provider->groups; *g != NULL; g++)
        agree(w, *g);
    for (const struct cipher_suite_info *const *s = w->provider->suites; *s != NULL; s++)
        seal_and_open(w, (*s)->aead);
    return NULL;
}

static void *sign(void *arg)
{
    struct worker *w = arg;
    uint8_t signature[SIGNATURE_MAX];
    size_t len;
    pthread_barrier_wait(&line);
    for (size_t i = 0; i < ROUNDS; i++) {
        struct signing_key *key = gv_signing_key_ref(shared[i % 2]);
        w->failures += key->sign(key, key->schemes[0], span_str("message"), signature, &len) !=
                       GV_OK;
        gv_signing_key_free(key);
    }
    return NULL;
}

static void run(void *(*work)(void *arg), struct worker workers[THREADS])
{
    pthread_barrier_init(&line, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.failures = 0};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_barrier_destroy(&line);
}

static void may_eight_threads_be_the_first(void **state)
{
    (void)state;
    struct worker workers[THREADS];
    run(first_use, workers);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(workers[i].failures, 0);
        assert_ptr_equal(workers[i].provider, workers[0].provider);
    }
}

static void may_eight_threads_sign_with_one_key(void **state)
{
    (void)state;
    struct worker workers[THREADS];
    shared[0] = test_key("p256");
    shared[1] = test_key("rsa2048");
    run(sign, workers);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(workers[i].failures, 0);
    gv_signing_key_free(shared[0]);
    gv_signing_key_free(shared[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(may_eight_threads_be_the_first),
        cmocka_unit_test(may_eight_threads_sign_with_one_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
