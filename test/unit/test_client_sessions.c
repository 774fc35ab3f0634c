/* The client's memory of sessions: who is remembered, for how long, how often, and who leaves? */
#include "base/mem.h"
#include "config/session_store.h"
#include "lib/heap.h"
#include "lib/sessions.h"
#include "wire/codepoints.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { NOW = SESSION_ISSUED_MS + 1000, NONE = -1 };

static struct client_sessions *sessions;

static struct client_sessions *with_capacity(size_t capacity)
{
    assert_int_equal(gv_client_sessions_new(&sessions, capacity), GV_OK);
    return sessions;
}

static int setup(void **state)
{
    (void)state;
    gv_mem_replace(heap_alloc, heap_release);
    sessions = NULL;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    gv_client_sessions_free(sessions);
    heap_fail_at(0);
    gv_mem_replace(NULL, NULL);
    return heap_live() == 0 ? 0 : -1;
}

static void put(const char *name, uint16_t version, uint8_t mark)
{
    struct session *s = marked_session(version, mark);
    gv_client_sessions_put(sessions, span_str(name), s);
    gv_session_free(s);
}

/* The mark of what is taken; NONE. */
static int take_at(const char *name, uint16_t version, int64_t now_ms)
{
    struct session *s = gv_client_sessions_take(sessions, span_str(name), version, now_ms);
    if (s == NULL)
        return NONE;
    assert_int_equal(s->version, version);
    int mark = s->ticket.at[0];
    gv_session_free(s);
    return mark;
}

static int take(const char *name, uint16_t version)
{
    return take_at(name, version, NOW);
}

static void is_a_ticket_given_out_once(void **state)
{
    (void)state;
    with_capacity(8);
    put("a", TLS13, 1);
    assert_int_equal(take("a", TLS13), 1);
    assert_int_equal(take("a", TLS13), NONE);
}

static void does_a_tls12_session_stay_until_removed(void **state)
{
    (void)state;
    with_capacity(8);
    put("a", TLS12, 1);
    assert_int_equal(take("a", TLS12), 1);
    assert_int_equal(take("a", TLS12), 1);
    put("a", TLS12, 2); /* replaces */
    assert_int_equal(take("a", TLS12), 2);
    gv_client_sessions_remove(sessions, span_str("b"), TLS12);
    gv_client_sessions_remove(sessions, span_str("a"), TLS13);
    assert_int_equal(take("a", TLS12), 2);
    gv_client_sessions_remove(sessions, span_str("a"), TLS12);
    assert_int_equal(take("a", TLS12), NONE);
}

static void does_removing_leave_the_other_version_alone(void **state)
{
    (void)state;
    with_capacity(8);
    put("a", TLS12, 1);
    put("a", TLS13, 2);
    put("a", TLS13, 3);
    put("b", TLS13, 4);
    gv_client_sessions_remove(sessions, span_str("a"), TLS13);
    assert_int_equal(take("a", TLS13), NONE);
    assert_int_equal(take("b", TLS13), 4);
    assert_int_equal(take("a", TLS12), 1);
}

static void is_nothing_given_to_another_name_or_version(void **state)
{
    (void)state;
    with_capacity(8);
    put("ab", TLS13, 1);
    assert_int_equal(take("a", TLS13), NONE);
    assert_int_equal(take("abc", TLS13), NONE);
    assert_int_equal(take("ab", TLS12), NONE);
    assert_int_equal(take("ab", TLS13), 1);
}

static void are_eight_tickets_kept_for_a_name_and_the_newest_taken_first(void **state)
{
    (void)state;
    with_capacity(CLIENT_SESSIONS_MAX);
    for (uint8_t i = 1; i <= CLIENT_TICKETS_PER_NAME + 2; i++)
        put("a", TLS13, i);
    for (int i = CLIENT_TICKETS_PER_NAME + 2; i > 2; i--)
        assert_int_equal(take("a", TLS13), i);
    assert_int_equal(take("a", TLS13), NONE);
}

static void does_the_server_used_longest_ago_leave(void **state)
{
    (void)state;
    with_capacity(3);
    put("a", TLS12, 1);
    put("b", TLS12, 2);
    put("c", TLS12, 3);
    assert_int_equal(take("a", TLS12), 1); /* used: b is the oldest now */
    put("d", TLS12, 4);
    assert_int_equal(take("b", TLS12), NONE);
    assert_int_equal(take("a", TLS12), 1);
    assert_int_equal(take("c", TLS12), 3);
    assert_int_equal(take("d", TLS12), 4);
}

static void do_tickets_of_a_name_in_use_outlive_those_of_one_that_is_not(void **state)
{
    (void)state;
    with_capacity(4);
    put("a", TLS13, 1);
    put("a", TLS13, 2);
    put("b", TLS13, 3);
    put("b", TLS13, 4);
    put("a", TLS13, 5); /* b was used longer ago, and loses its oldest */
    assert_int_equal(take("b", TLS13), 4);
    assert_int_equal(take("b", TLS13), NONE);
    assert_int_equal(take("a", TLS13), 5);
    assert_int_equal(take("a", TLS13), 2);
    assert_int_equal(take("a", TLS13), 1);
}

static void hostile_32_is_the_number_of_sessions_bounded(void **state)
{
    (void)state;
    with_capacity(CLIENT_SESSIONS_MAX);
    size_t most = 0;
    for (unsigned i = 0; i < 4 * CLIENT_SESSIONS_MAX; i++) {
        char name[16];
        snprintf(name, sizeof name, "host-%u", i / 3);
        put(name, i % 2 == 0 ? TLS13 : TLS12, 1);
        most = heap_live() > most ? heap_live() : most;
    }
    /* A session and its server at most for each, the memory itself, and the one being put. */
    assert_true(most <= 2 * CLIENT_SESSIONS_MAX + 4);
    put("small", TLS13, 9);
    assert_int_equal(take("small", TLS13), 9);
}

static void does_memory_for_one_keep_the_last(void **state)
{
    (void)state;
    with_capacity(1);
    put("a", TLS13, 1);
    put("a", TLS13, 2);
    assert_int_equal(take("a", TLS13), 2);
    put("a", TLS12, 3);
    put("b", TLS13, 4);
    assert_int_equal(take("a", TLS12), NONE);
    assert_int_equal(take("b", TLS13), 4);
}

static void does_memory_for_none_keep_none(void **state)
{
    (void)state;
    with_capacity(0);
    put("a", TLS13, 1);
    assert_int_equal(take("a", TLS13), NONE);
}

static void does_a_session_end_with_its_lifetime(void **state)
{
    (void)state;
    const int64_t end = SESSION_ISSUED_MS + (int64_t)SESSION_LIFETIME * 1000;
    const uint16_t versions[] = {TLS12, TLS13};
    with_capacity(8);
    for (int i = 0; i < 2; i++) {
        put("a", versions[i], 1);
        assert_int_equal(take_at("a", versions[i], end - 1), 1);
        put("a", versions[i], 1);
        assert_int_equal(take_at("a", versions[i], end), NONE);
        assert_int_equal(take_at("a", versions[i], NOW), NONE); /* gone for good */
        put("a", versions[i], 1);
        assert_int_equal(take_at("a", versions[i], INT64_MAX), NONE);
    }
}

static void is_a_dead_ticket_passed_over_for_a_live_one(void **state)
{
    (void)state;
    with_capacity(8);
    put("a", TLS13, 1);
    struct session *shorter = marked_session(TLS13, 2);
    shorter->lifetime = 1;
    gv_client_sessions_put(sessions, span_str("a"), shorter);
    gv_session_free(shorter);
    assert_int_equal(take_at("a", TLS13, NOW), 1);
}

/* RFC 9846 section 4.6.1: "Clients MUST NOT use tickets for longer than 7 days after issuance". */
static void hostile_31_is_a_lifetime_over_seven_days_cut(void **state)
{
    (void)state;
    with_capacity(8);
    for (int days = 6; days <= 8; days++) {
        struct session *s = marked_session(TLS13, 1);
        s->lifetime = UINT32_MAX;
        gv_client_sessions_put(sessions, span_str("a"), s);
        gv_session_free(s);
        int64_t then = SESSION_ISSUED_MS + (int64_t)days * 24 * 3600 * 1000;
        assert_int_equal(take_at("a", TLS13, then), days < 7 ? 1 : NONE);
    }
}

static void hostile_66_does_a_clock_that_ran_back_end_a_session(void **state)
{
    (void)state;
    with_capacity(8);
    put("a", TLS13, 1);
    assert_int_equal(take_at("a", TLS13, SESSION_ISSUED_MS - 1), NONE);
    put("a", TLS13, 1);
    assert_int_equal(take_at("a", TLS13, -1), NONE); /* no clock at all: it stays */
    assert_int_equal(take_at("a", TLS13, SESSION_ISSUED_MS), 1);
}

static void is_a_name_that_is_none_passed_over(void **state)
{
    (void)state;
    char name[300];
    memset(name, 'a', sizeof name);
    name[256] = '\0';
    with_capacity(8);
    put(name, TLS13, 1);
    assert_int_equal(take(name, TLS13), NONE);
    name[255] = '\0';
    put(name, TLS13, 1);
    assert_int_equal(take(name, TLS13), 1);
}

static void is_memory_that_is_out_no_more_than_a_session_less(void **state)
{
    (void)state;
    struct session *s = marked_session(TLS13, 1);
    struct client_sessions *none = NULL;
    heap_fail_at(1);
    assert_int_equal(gv_client_sessions_new(&none, 8), GV_E_NO_MEMORY);
    assert_null(none);
    with_capacity(8);
    put("a", TLS13, 2);
    heap_fail_at(1);
    gv_client_sessions_put(sessions, span_str("b"), s);
    assert_int_equal(take("b", TLS13), NONE);
    assert_int_equal(take("a", TLS13), 2);
    gv_session_free(s);
}

enum { THREADS = 4, ROUNDS = 2000 };

static void *put_and_take(void *arg)
{
    unsigned seed = *(unsigned *)arg;
    for (unsigned i = 0; i < ROUNDS; i++) {
        char name[16];
        uint16_t version = (i + seed) % 3 == 0 ? TLS12 : TLS13;
        snprintf(name, sizeof name, "host-%u", (i * 7 + seed) % 40);
        struct session *s = marked_session(version, (uint8_t)i);
        gv_client_sessions_put(sessions, span_str(name), s);
        gv_session_free(s);
        s = gv_client_sessions_take(sessions, span_str(name), version, NOW);
        if (s != NULL && s->ticket.len != 1)
            return arg;
        gv_session_free(s);
        if (i % 50 == 0)
            gv_client_sessions_remove(sessions, span_str(name), version);
    }
    return NULL;
}

static void may_several_threads_use_it(void **state)
{
    (void)state;
    pthread_t thread[THREADS];
    unsigned seed[THREADS];
    with_capacity(32);
    for (unsigned i = 0; i < THREADS; i++) {
        seed[i] = i;
        assert_int_equal(pthread_create(&thread[i], NULL, put_and_take, &seed[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        void *failed;
        assert_int_equal(pthread_join(thread[i], &failed), 0);
        assert_null(failed);
    }
}

static pthread_barrier_t start;
static atomic_uint taken;

static void *take_all(void *arg)
{
    struct session *s;
    pthread_barrier_wait(&start);
    while ((s = gv_client_sessions_take(sessions, span_str("a"), TLS13, NOW))) {
        atomic_fetch_add(&taken, 1);
        gv_session_free(s);
    }
    return arg;
}

static void is_a_ticket_given_to_one_thread_alone(void **state)
{
    (void)state;
    pthread_t thread[THREADS];
    with_capacity(8);
    assert_int_equal(pthread_barrier_init(&start, NULL, THREADS), 0);
    for (uint8_t i = 0; i < CLIENT_TICKETS_PER_NAME; i++)
        put("a", TLS13, i);
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, take_all, NULL), 0);
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    pthread_barrier_destroy(&start);
    assert_int_equal(atomic_load(&taken), CLIENT_TICKETS_PER_NAME);
}

int main(void)
{
#define ASKS(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ASKS(is_a_ticket_given_out_once),
        ASKS(does_a_tls12_session_stay_until_removed),
        ASKS(does_removing_leave_the_other_version_alone),
        ASKS(is_nothing_given_to_another_name_or_version),
        ASKS(are_eight_tickets_kept_for_a_name_and_the_newest_taken_first),
        ASKS(does_the_server_used_longest_ago_leave),
        ASKS(do_tickets_of_a_name_in_use_outlive_those_of_one_that_is_not),
        ASKS(hostile_32_is_the_number_of_sessions_bounded),
        ASKS(does_memory_for_one_keep_the_last),
        ASKS(does_memory_for_none_keep_none),
        ASKS(does_a_session_end_with_its_lifetime),
        ASKS(is_a_dead_ticket_passed_over_for_a_live_one),
        ASKS(hostile_31_is_a_lifetime_over_seven_days_cut),
        ASKS(hostile_66_does_a_clock_that_ran_back_end_a_session),
        ASKS(is_a_name_that_is_none_passed_over),
        ASKS(is_memory_that_is_out_no_more_than_a_session_less),
        ASKS(may_several_threads_use_it),
        ASKS(is_a_ticket_given_to_one_thread_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
