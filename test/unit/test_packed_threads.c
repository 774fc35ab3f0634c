/* One certified key's cache, used by many threads at once: is each form packed once, does whoever gets
 * something get the whole of it, and does everybody have it in the end? */
#include "compress/packed.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>

#include <cmocka.h>

enum { THREADS = 8, ROUNDS = 200, FORMS = 2, LEN = 512 };
static pthread_barrier_t line;
static struct packed_cache caches[ROUNDS];
static atomic_uint packings;

static enum gv_err halve(struct scratch *s, struct span in, uint8_t *to, size_t cap, size_t *len)
{
    (void)s;
    (void)cap;
    atomic_fetch_add(&packings, 1);
    *len = in.len / 2;
    memset(to, in.at[0], *len);
    return GV_OK;
}

static const struct cert_compressor halver = {.algorithm = 9, .pack = halve};

/* Threads count their failures: cmocka's assertions belong to the main one. */
struct worker {
    pthread_t thread;
    size_t failures;
};

static bool is_whole(struct span got, uint8_t form)
{
    for (size_t i = 0; i < got.len; i++)
        if (got.at[i] != form)
            return false;
    return got.len == LEN / 2;
}

static void *ask(void *arg)
{
    struct worker *w = arg;
    uint8_t content[LEN];

    for (size_t round = 0; round < ROUNDS; round++) {
        pthread_barrier_wait(&line);
        for (uint8_t form = 0; form < FORMS; form++) {
            memset(content, form, sizeof content);
            struct span got = gv_packed_get(&caches[round], &halver, form, SPAN_OF(content), 0);
            w->failures += got.len != 0 && !is_whole(got, form);
        }
    }
    return NULL;
}

static void is_each_form_packed_by_one_thread(void **state)
{
    (void)state;
    struct worker workers[THREADS] = {0};
    uint8_t content[LEN] = {0};

    assert_int_equal(pthread_barrier_init(&line, NULL, THREADS), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&workers[i].thread, NULL, ask, &workers[i]), 0);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
        assert_int_equal(workers[i].failures, 0);
    }
    assert_int_equal(packings, FORMS * ROUNDS);
    for (size_t round = 0; round < ROUNDS; round++) {
        assert_true(is_whole(gv_packed_get(&caches[round], &halver, 0, SPAN_OF(content), 0), 0));
        gv_packed_drop(&caches[round]);
    }
    assert_int_equal(packings, FORMS * ROUNDS);
    pthread_barrier_destroy(&line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_each_form_packed_by_one_thread)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
