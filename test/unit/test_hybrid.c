/* The hybrid groups: do the halves stand where RFC 10024 has them, is each half held to its rules,
 * and does another implementation come to the same secret? */
#include "crypto/hybrid.h"
#include "crypto/openssl/openssl.h"
#include "lib/heap.h"
#include "wire/codepoints.h"

#include "base/mem.h"

#include <openssl/err.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct hybrid_case {
    const struct key_exchange_group *group, *classical;
    const struct mlkem *kem;
    uint16_t code, client_len, server_len;
    uint8_t secret_len;
    bool classical_first;
    const char *openssl_name;
} cases[] = {
    {&gv_openssl_x25519mlkem768, &gv_openssl_x25519, &gv_mlkem_768, 0x11ec, 1216, 1120, 64, false,
     "X25519MLKEM768"},
    {&gv_openssl_secp256r1mlkem768, &gv_openssl_secp256r1, &gv_mlkem_768, 0x11eb, 1249, 1153, 64,
     true, "SecP256r1MLKEM768"},
    {&gv_openssl_secp384r1mlkem1024, &gv_openssl_secp384r1, &gv_mlkem_1024, 0x11ed, 1665, 1665, 80,
     true, "SecP384r1MLKEM1024"},
};

static int setup(void **state)
{
    (void)state;
    return gv_openssl_provider() == NULL;
}

static struct span half(struct span whole, size_t kem_len, bool classical_first, bool want_kem)
{
    size_t classical_len = whole.len - kem_len;
    if (want_kem)
        return span_of(whole.at + (classical_first ? classical_len : 0), kem_len);
    return span_of(whole.at + (classical_first ? 0 : kem_len), classical_len);
}

static void are_code_points_and_lengths_those_of_the_rfc(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct key_exchange_group *g = cases[i].group;
        assert_int_equal(g->code, cases[i].code);
        assert_int_equal(g->client_share_len, cases[i].client_len);
        assert_int_equal(g->server_share_len, cases[i].server_len);
        assert_true(g->client_share_len <= KEY_SHARE_MAX);
    }
}

/* A server made by hand of the two halves. */
static void do_the_halves_stand_where_they_should(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct hybrid_case *c = &cases[i];
        struct key_exchange x = {NULL, NULL};
        uint8_t client[KEY_SHARE_MAX], ct[MLKEM_CT_MAX], kem_secret[MLKEM_SECRET];
        uint8_t point[133], server[KEY_SHARE_MAX], message[MLKEM_MESSAGE] = {7};
        struct secret classical, out = {.len = 0};
        assert_int_equal(c->group->start(c->group, &x, client), GV_OK);
        struct span share = span_of(client, c->client_len);
        assert_true(gv_mlkem_encapsulate(c->kem, &gv_mlkem_portable,
                                         half(share, c->kem->ek_len, c->classical_first, true).at,
                                         message, ct, kem_secret));
        assert_int_equal(c->classical->answer(
                             c->classical, half(share, c->kem->ek_len, c->classical_first, false),
                             point, &classical),
                         GV_OK);
        size_t point_len = c->classical->server_share_len, ct_len = c->kem->ct_len;
        memcpy(server + (c->classical_first ? point_len : 0), ct, ct_len);
        memcpy(server + (c->classical_first ? 0 : ct_len), point, point_len);
        assert_int_equal(c->group->finish(&x, span_of(server, c->server_len), &out), GV_OK);
        assert_int_equal(out.len, c->secret_len);
        assert_memory_equal(half(secret_span(&out), 32, c->classical_first, true).at, kem_secret,
                            32);
        assert_memory_equal(half(secret_span(&out), 32, c->classical_first, false).at, classical.at,
                            classical.len);
        gv_key_exchange_drop(&x);
    }
}

static void is_the_classical_half_a_share_of_its_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct key_exchange_group *g = cases[i].group, *classical = g->component;
        struct key_exchange x = {NULL, NULL};
        uint8_t client[KEY_SHARE_MAX], server[133];
        struct secret a, b;
        assert_ptr_equal(classical, cases[i].classical);
        assert_int_equal(g->start(g, &x, client), GV_OK);
        struct span share = span_of(client + g->component_offset, classical->client_share_len);
        assert_int_equal(classical->answer(classical, share, server, &a), GV_OK);
        assert_int_equal(g->finish_component(&x, span_of(server, classical->server_share_len), &b),
                         GV_OK);
        assert_true(gv_secret_equal(secret_span(&a), secret_span(&b)));
        assert_int_equal(
            g->finish_component(&x, span_of(server, classical->server_share_len - 1u), &b),
            GV_E_BAD_KEY_SHARE);
        gv_key_exchange_drop(&x);
    }
}

static void hostile_42_is_each_half_held_to_its_rules(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct hybrid_case *c = &cases[i];
        const struct key_exchange_group *g = c->group;
        struct key_exchange x = {NULL, NULL};
        uint8_t client[KEY_SHARE_MAX + 1] = {0}, server[KEY_SHARE_MAX + 1] = {0}, changed[2048];
        struct secret out;
        assert_int_equal(g->start(g, &x, client), GV_OK);
        struct span share = span_of(client, c->client_len);
        assert_int_equal(g->answer(g, share, server, &out), GV_OK);
        for (size_t len = 0; len < sizeof client; len++) {
            if (len != c->client_len)
                assert_int_equal(g->answer(g, span_of(client, len), changed, &out),
                                 GV_E_BAD_KEY_SHARE);
            if (len != c->server_len)
                assert_int_equal(g->finish(&x, span_of(server, len), &out), GV_E_BAD_KEY_SHARE);
        }
        /* An encapsulation key with a coefficient of 4095 */
        size_t kem_at = (size_t)(half(share, c->kem->ek_len, c->classical_first, true).at - client);
        memcpy(changed, client, c->client_len);
        changed[kem_at + 1] = changed[kem_at] = 0xff;
        assert_int_equal(g->answer(g, span_of(changed, c->client_len), server, &out),
                         GV_E_BAD_KEY_SHARE);
        /* A point off the curve, or of small order */
        size_t at = c->classical_first ? 0 : c->kem->ek_len;
        memcpy(changed, client, c->client_len);
        memset(changed + at + (c->classical_first ? 1 : 0), 0, c->classical_first ? 64 : 32);
        assert_int_equal(g->answer(g, span_of(changed, c->client_len), server, &out),
                         GV_E_BAD_KEY_SHARE);
        at = c->classical_first ? 0 : c->kem->ct_len;
        memcpy(changed, server, c->server_len);
        memset(changed + at + (c->classical_first ? 1 : 0), 0, c->classical_first ? 64 : 32);
        assert_int_equal(g->finish(&x, span_of(changed, c->server_len), &out), GV_E_BAD_KEY_SHARE);
        gv_key_exchange_drop(&x);
    }
}

/* FIPS 203: a changed ciphertext is no error, but another secret. */
static void does_a_changed_ciphertext_change_the_secret(void **state)
{
    (void)state;
    const struct key_exchange_group *g = &gv_openssl_x25519mlkem768;
    struct key_exchange x = {NULL, NULL};
    uint8_t client[KEY_SHARE_MAX], server[KEY_SHARE_MAX];
    struct secret a, b;
    assert_int_equal(g->start(g, &x, client), GV_OK);
    assert_int_equal(g->answer(g, span_of(client, 1216), server, &a), GV_OK);
    server[0] ^= 1;
    assert_int_equal(g->finish(&x, span_of(server, 1120), &b), GV_OK);
    assert_memory_not_equal(a.at, b.at, 32);
    assert_memory_equal(a.at + 32, b.at + 32, 32);
    gv_key_exchange_drop(&x);
}

static void is_a_client_without_memory_told(void **state)
{
    (void)state;
    const struct key_exchange_group *g = &gv_openssl_x25519mlkem768;
    struct key_exchange x = {NULL, NULL};
    uint8_t client[KEY_SHARE_MAX];
    gv_mem_replace(heap_alloc, heap_release);
    heap_fail_at(1);
    assert_int_equal(g->start(g, &x, client), GV_E_NO_MEMORY);
    assert_null(x.impl);
    heap_fail_at(0);
    assert_int_equal(g->start(g, &x, client), GV_OK);
    gv_key_exchange_drop(&x);
    assert_int_equal(heap_live(), 0);
    gv_mem_replace(NULL, NULL);
}

/* ---- against libcrypto's own --------------------------------------------------------------- */
static bool libcrypto_has(const char *name)
{
    ERR_set_mark();
    EVP_KEYMGMT *found = EVP_KEYMGMT_fetch(NULL, name, NULL);
    EVP_KEYMGMT_free(found);
    ERR_pop_to_mark();
    return found != NULL;
}

static void client_against_libcrypto(const struct hybrid_case *c)
{
    struct key_exchange x = {NULL, NULL};
    uint8_t client[KEY_SHARE_MAX], server[KEY_SHARE_MAX], theirs[SECRET_MAX];
    size_t server_len = sizeof server, secret_len = sizeof theirs;
    struct secret ours;
    assert_int_equal(c->group->start(c->group, &x, client), GV_OK);
    EVP_PKEY *template = EVP_PKEY_Q_keygen(NULL, NULL, c->openssl_name), *peer = EVP_PKEY_new();
    assert_int_equal(EVP_PKEY_copy_parameters(peer, template), 1);
    assert_int_equal(EVP_PKEY_set1_encoded_public_key(peer, client, c->client_len), 1);
    EVP_PKEY_free(template);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, peer, NULL);
    assert_int_equal(EVP_PKEY_encapsulate_init(ctx, NULL), 1);
    assert_int_equal(EVP_PKEY_encapsulate(ctx, server, &server_len, theirs, &secret_len), 1);
    assert_int_equal(server_len, c->server_len);
    assert_int_equal(c->group->finish(&x, span_of(server, server_len), &ours), GV_OK);
    assert_true(span_equal(secret_span(&ours), span_of(theirs, secret_len)));
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(peer);
    gv_key_exchange_drop(&x);
}

static void server_against_libcrypto(const struct hybrid_case *c)
{
    uint8_t server[KEY_SHARE_MAX], theirs[SECRET_MAX];
    unsigned char *client = NULL;
    size_t client_len, secret_len = sizeof theirs;
    struct secret ours;
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, c->openssl_name);
    assert_non_null(key);
    client_len = EVP_PKEY_get1_encoded_public_key(key, &client);
    assert_int_equal(client_len, c->client_len);
    assert_int_equal(c->group->answer(c->group, span_of(client, client_len), server, &ours), GV_OK);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    assert_int_equal(EVP_PKEY_decapsulate_init(ctx, NULL), 1);
    assert_int_equal(EVP_PKEY_decapsulate(ctx, theirs, &secret_len, server, c->server_len), 1);
    assert_true(span_equal(secret_span(&ours), span_of(theirs, secret_len)));
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
    OPENSSL_free(client);
}

static void does_libcrypto_come_to_the_same_secret(void **state)
{
    (void)state;
    size_t tried = 0;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        if (!libcrypto_has(cases[i].openssl_name))
            continue;
        client_against_libcrypto(&cases[i]);
        server_against_libcrypto(&cases[i]);
        tried++;
    }
    print_message("%zu groups that this libcrypto has (3.5 has three)\n", tried);
    if (tried == 0)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_code_points_and_lengths_those_of_the_rfc),
        cmocka_unit_test(do_the_halves_stand_where_they_should),
        cmocka_unit_test(is_the_classical_half_a_share_of_its_own),
        cmocka_unit_test(hostile_42_is_each_half_held_to_its_rules),
        cmocka_unit_test(does_a_changed_ciphertext_change_the_secret),
        cmocka_unit_test(is_a_client_without_memory_told),
        cmocka_unit_test(does_libcrypto_come_to_the_same_secret),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
