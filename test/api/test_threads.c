/* May eight threads share one client config and one server config, with all that these keep: full
 * handshakes and resumptions, in both versions, with sessions that are kept and that are sealed into
 * tickets? Under ThreadSanitizer there are ten thousand of them. */
#include "galvan.h"
#include "lib/pair.h"

#include <pthread.h>
#include <stdatomic.h>

enum { THREADS = 8, ROUNDS = TEST_THREAD_ROUNDS };

struct shared {
    const struct rustls_client_config *client;
    const struct rustls_server_config *server;
    atomic_uint full, resumed;
};

/* A connection like no other, for which there is no session: those are kept by the protocols offered. */
static void connect_anew(struct shared *s, struct pair *p)
{
    static atomic_uint serial;
    char name[32];
    struct rustls_slice_bytes alpn = {(const uint8_t *)name, 0};
    int len = snprintf(name, sizeof name, "protocol-%u", atomic_fetch_add(&serial, 1));
    alpn.len = (size_t)len;
    assert_ok(rustls_client_connection_new_alpn(s->client, "localhost", &alpn, 1, &p->client));
}

static void talk(struct pair *p)
{
    pair_run(p);
    assert_ok(p->client_result);
    assert_ok(p->server_result);
    pair_say(p->client, "ping");
    pair_run(p);
    assert_hears(p->server, "ping");
    pair_say(p->server, "pong");
    pair_run(p);
    assert_hears(p->client, "pong");
}

static void connect_once(struct shared *s, bool anew)
{
    struct pair *p = pair_between(s->client, "localhost", s->server);
    if (anew) {
        rustls_connection_free(p->client);
        connect_anew(s, p);
    }
    talk(p);
    enum rustls_handshake_kind kind = rustls_connection_handshake_kind(p->client);
    assert_int_equal(rustls_connection_handshake_kind(p->server), kind);
    atomic_fetch_add(kind == RUSTLS_HANDSHAKE_KIND_RESUMED ? &s->resumed : &s->full, 1);
    pair_free(p);
}

static void *connect_often(void *shared)
{
    for (int i = 0; i < ROUNDS; i++)
        connect_once(shared, i % 2 == 0);
    return NULL;
}

static void share(uint16_t version, bool sealed)
{
    struct rustls_server_config_builder *server = test_server_builder_of("p256", version);
    struct shared s = {.client = test_client_config(test_client_builder_of("ca", version))};
    pthread_t thread[THREADS];
    assert_ok(galvan_server_config_builder_set_tickets(server, sealed));
    s.server = test_server_config(server);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, connect_often, &s), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(thread[i], NULL), 0);
    assert_int_equal(s.full + s.resumed, THREADS * ROUNDS);
    assert_true(s.full >= THREADS * ROUNDS / 2);
    assert_true(s.resumed >= THREADS * ROUNDS / 4); /* some find the tickets in use */
    rustls_client_config_free(s.client);
    rustls_server_config_free(s.server);
}

static void may_threads_share_kept_sessions(void **state)
{
    (void)state;
    share(0x0303, false);
    share(0x0304, false);
}

static void may_threads_share_sealed_sessions(void **state)
{
    (void)state;
    share(0x0303, true);
    share(0x0304, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(may_threads_share_kept_sessions),
        cmocka_unit_test(may_threads_share_sealed_sessions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
