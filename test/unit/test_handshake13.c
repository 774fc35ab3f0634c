/* TLS 1.3 between our client and our server: what is agreed, what flows, how it ends. */
#include "lib/bare.h"
#include "wire/codepoints.h"
#include "wire/hello.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct bare *connected(void)
{
    struct bare *p = bare_new();

    assert_non_null(p);
    assert_int_equal(bare_connect(p), GV_OK);
    bare_run(p);
    return p;
}

static void assert_up(const struct bare *p)
{
    assert_string_equal(gv_err_name(p->client_err), "OK");
    assert_string_equal(gv_err_name(p->server_err), "OK");
    assert_false(gv_connection_is_handshaking(p->client));
    assert_false(gv_connection_is_handshaking(p->server));
}

static void does_a_full_handshake_agree_on_the_first_choices(void **state)
{
    (void)state;
    struct bare *p = connected();
    const struct agreed *c = gv_connection_agreed(p->client), *s = gv_connection_agreed(p->server);

    assert_up(p);
    assert_int_equal(c->version, TLS13);
    assert_int_equal(s->version, TLS13);
    assert_int_equal(c->suite->code, SUITE_TLS_AES_256_GCM_SHA384);
    assert_int_equal(c->group, s->group);
    assert_int_equal(c->kind, HANDSHAKE_FULL);
    assert_int_equal(c->signature_scheme, SCHEME_ECDSA_SECP256R1_SHA256);
    assert_int_equal(c->peer_count, 1);
    assert_true(span_equal(s->server_name, span_str("localhost")));
    bare_free(p);
}

static void does_data_come_through_both_ways(void **state)
{
    (void)state;
    static uint8_t data[300000];
    struct bare *p = connected();

    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 31 + i / 256);
    assert_true(bare_transfer(p, p->client, SPAN_OF(data)));
    assert_true(bare_transfer(p, p->server, SPAN_OF(data)));
    assert_true(bare_transfer(p, p->client, span_of(data, 1)));
    bare_free(p);
}

static void does_one_byte_at_a_time_work(void **state)
{
    (void)state;
    struct bare *p = bare_new();

    assert_int_equal(bare_connect(p), GV_OK);
    p->to_client.piece = p->to_server.piece = 1;
    bare_run(p);
    assert_up(p);
    assert_true(bare_transfer(p, p->server, span_str("hello")));
    bare_free(p);
}

static void do_keys_change_when_asked(void **state)
{
    (void)state;
    struct bare *p = connected();

    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(gv_connection_refresh_keys(p->client), GV_OK);
        assert_true(bare_transfer(p, p->client, span_str("after the client's update")));
        assert_true(bare_transfer(p, p->server, span_str("after the server's answer")));
        assert_int_equal(gv_connection_refresh_keys(p->server), GV_OK);
        assert_true(bare_transfer(p, p->server, span_str("after the server's update")));
    }
    assert_up(p);
    bare_free(p);
}

static void do_keys_change_by_themselves_before_the_limit(void **state)
{
    (void)state;
    struct bare *p = bare_new();

    p->client_config->common.limits.records_per_key = 16;
    p->server_config->common.limits.records_per_key = 16;
    assert_int_equal(bare_connect(p), GV_OK);
    bare_run(p);
    for (unsigned i = 0; i < 100; i++) {
        assert_true(bare_transfer(p, p->client, span_str("ping")));
        assert_true(bare_transfer(p, p->server, span_str("pong")));
    }
    assert_up(p);
    bare_free(p);
}

/* ---- groups ------------------------------------------------------------------------------- */

/* The default provider with one group only. */
static struct provider provider_of(const struct key_exchange_group *const group[2])
{
    struct provider p = *gv_openssl_provider();

    p.groups = group;
    return p;
}

/* The ClientHello that waits in a pipe, behind a ChangeCipherSpec or not. */
static struct client_hello waiting_hello(const struct pipe *pipe)
{
    struct client_hello m;
    struct rd r = rd_of(span_of(pipe->at + pipe->start, pipe->end - pipe->start));
    struct span record;

    while (rd_u8(&r) == CONTENT_CHANGE_CIPHER_SPEC) {
        rd_u16(&r);
        rd_vec(&r, 2, 1, 1);
    }
    rd_u16(&r);
    record = rd_vec(&r, 2, 4, 65535);
    assert_false(r.bad);
    assert_int_equal(gv_wire_read_client_hello(span_from(record, 4), &m), GV_OK);
    return m;
}

static size_t waiting_shares(const struct pipe *pipe, struct key_share_entry shares[4])
{
    struct span rest = waiting_hello(pipe).key_shares;
    size_t n = 0;

    while (n < 4 && gv_next_key_share(&rest, &shares[n]))
        n++;
    return n;
}

static void does_a_hello_have_the_hybrid_and_its_half(void **state)
{
    (void)state;
    struct bare *p = bare_new();
    struct key_share_entry shares[4];

    assert_int_equal(bare_connect(p), GV_OK);
    bare_collect(p->client, &p->to_server);
    assert_int_equal(waiting_shares(&p->to_server, shares), 2);
    assert_int_equal(shares[0].group, GROUP_X25519MLKEM768);
    assert_int_equal(shares[0].key.len, 1216);
    assert_int_equal(shares[1].group, GROUP_X25519);
    assert_true(span_equal(shares[1].key, span_from(shares[0].key, 1184)));
    bare_run(p);
    assert_up(p);
    assert_int_equal(gv_connection_agreed(p->server)->group, GROUP_X25519MLKEM768);
    bare_free(p);
}

static void does_the_hybrids_half_serve_alone(void **state)
{
    (void)state;
    struct bare *p = bare_new();
    const struct key_exchange_group *const x25519[] = {p->server_config->common.provider->groups[1],
                                                       NULL};
    struct provider classical = provider_of(x25519);

    p->server_config->common.provider = &classical;
    assert_int_equal(bare_connect(p), GV_OK);
    bare_run(p);
    assert_up(p);
    assert_int_equal(gv_connection_agreed(p->client)->group, GROUP_X25519);
    assert_int_equal(gv_connection_agreed(p->client)->kind, HANDSHAKE_FULL);
    assert_true(bare_transfer(p, p->client, span_str("agreed")));
    bare_free(p);
}

static void is_one_share_sent_where_the_server_chose(void **state)
{
    (void)state;
    struct bare *p = bare_new();
    const struct key_exchange_group *const p256[] = {p->server_config->common.provider->groups[2],
                                                     NULL};
    struct provider classical = provider_of(p256);
    struct key_share_entry shares[4];

    p->server_config->common.provider = &classical;
    assert_int_equal(bare_connect(p), GV_OK);
    bare_collect(p->client, &p->to_server);
    bare_deliver(&p->to_server, p->server, &p->server_err);
    bare_collect(p->server, &p->to_client);
    bare_deliver(&p->to_client, p->client, &p->client_err);
    bare_collect(p->client, &p->to_server);
    assert_int_equal(waiting_shares(&p->to_server, shares), 1);
    assert_int_equal(shares[0].group, GROUP_SECP256R1);
    bare_run(p);
    assert_up(p);
    assert_int_equal(gv_connection_agreed(p->client)->group, GROUP_SECP256R1);
    bare_free(p);
}

static void agree_on(const struct key_exchange_group *group)
{
    struct bare *p = bare_new();
    const struct key_exchange_group *const groups[] = {group, NULL};
    struct provider one = provider_of(groups);

    p->client_config->common.provider = &one;
    p->server_config->common.provider = &one;
    assert_int_equal(bare_connect(p), GV_OK);
    bare_run(p);
    assert_up(p);
    assert_int_equal(gv_connection_agreed(p->client)->group, group->code);
    assert_true(bare_transfer(p, p->server, span_str("agreed")));
    bare_free(p);
}

static void does_every_group_come_to_a_connection(void **state)
{
    (void)state;
    const struct provider *p = gv_openssl_provider();

    for (const struct key_exchange_group *const *g = p->groups; *g != NULL; g++)
        agree_on(*g);
    for (const struct key_exchange_group *const *g = p->more_groups; *g != NULL; g++)
        agree_on(*g);
}

/* What can verify certificates only (ML-DSA, where libcrypto has it) is no scheme of a hello. */
static void are_only_schemes_of_tls_offered(void **state)
{
    (void)state;
    static const struct signature_verifier certificates_only = {.scheme = SCHEME_MLDSA44,
                                                                .use = SIGNS_CERTIFICATES};
    struct bare *p = bare_new();
    struct provider with = *gv_openssl_provider();
    const struct signature_verifier *const verifiers[] = {&certificates_only, with.verifiers[0],
                                                          NULL};
    struct verifier *v = p->client_config->verifier;
    const struct provider *before = v->provider;
    struct span schemes;

    with.verifiers = verifiers;
    v->provider = &with;
    assert_int_equal(bare_connect(p), GV_OK);
    bare_collect(p->client, &p->to_server);
    schemes = waiting_hello(&p->to_server).schemes;
    assert_int_equal(schemes.len, 2);
    assert_int_equal(span_u16(schemes, 0), with.verifiers[1]->scheme);
    v->provider = before;
    bare_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_a_hello_have_the_hybrid_and_its_half),
        cmocka_unit_test(does_the_hybrids_half_serve_alone),
        cmocka_unit_test(is_one_share_sent_where_the_server_chose),
        cmocka_unit_test(does_every_group_come_to_a_connection),
        cmocka_unit_test(are_only_schemes_of_tls_offered),
        cmocka_unit_test(does_a_full_handshake_agree_on_the_first_choices),
        cmocka_unit_test(does_data_come_through_both_ways),
        cmocka_unit_test(does_one_byte_at_a_time_work),
        cmocka_unit_test(do_keys_change_when_asked),
        cmocka_unit_test(do_keys_change_by_themselves_before_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
