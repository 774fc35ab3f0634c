/* Key sets for Encrypted Client Hello: what files may hold, what is refused, and what is told to clients. */
#include "config/ech_keys.h"

#include "base/mem.h"
#include "lib/certs.h"
#include "lib/exact.h"
#include "lib/heap.h"
#include "pki/pem.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct provider *provider;

static struct ech_keys *empty(void)
{
    struct ech_keys *keys;
    assert_err(gv_ech_keys_new(&keys, provider), OK);
    return keys;
}

/* In one of two static buffers. */
static struct span generated(uint16_t kem, uint8_t id, const char *name)
{
    static uint8_t pems[2][ECH_PEM_MAX];
    static size_t turn;
    struct wr w = wr_of(pems[turn++ % 2], ECH_PEM_MAX);
    const struct ech_wish wish = {kem, id, 64, span_str(name)};
    assert_err(gv_ech_generate(provider, &wish, &w), OK);
    return wr_span(&w);
}

/* A section of a PEM text, decoded into out. */
static struct span section(struct span text, enum pem_kind wanted, uint8_t *out, size_t cap)
{
    struct pem pem = {text};
    struct buffer der;
    enum pem_kind kind;
    gv_buffer_init(&der, cap);
    assert_err(gv_pem_next(&pem, PEM_WANT(wanted), &kind, &der), OK);
    assert_int_equal(kind, wanted);
    struct span s = gv_buffer_span(&der);
    span_copy(out, s);
    size_t len = s.len;
    gv_buffer_drop(&der);
    return span_of(out, len);
}

static void is_what_was_made_read_back(void **state)
{
    (void)state;
    static const uint16_t kems[] = {HPKE_DHKEM_X25519, HPKE_DHKEM_P256, HPKE_DHKEM_P384};
    for (size_t i = 0; i < COUNT_OF(kems); i++) {
        struct ech_keys *keys = empty();
        assert_err(gv_ech_keys_add_pem(keys, generated(kems[i], 42, "public.example"), true), OK);
        const struct ech_config *c = &keys->first->config;
        assert_null(keys->first->next);
        assert_int_equal(c->id, 42);
        assert_int_equal(c->kem, kems[i]);
        assert_int_equal(c->name_len_max, 64);
        assert_span(c->public_name, span_str("public.example"));
        assert_span(c->public_key, gv_hpke_public(&keys->first->pair));
        assert_int_equal(c->suites.len, 3 * 4);
        assert_span(keys->retry_configs, c->whole);
        assert_memory_equal(keys->first->info.at, "tls ech", 8);
        assert_span(span_from(keys->first->info, 8), c->whole);
        gv_ech_keys_free(keys);
    }
}

/* Keys that the openssl command made: with a public half in P-256's and P-384's. */
static void are_private_keys_of_openssl_read(void **state)
{
    (void)state;
    static const struct {
        const char *file;
        uint16_t kem;
        enum gv_err err;
    } rows[] = {
        {"p256.key", HPKE_DHKEM_P256, GV_OK},
        {"p384.key", HPKE_DHKEM_P384, GV_OK},
        {"p521.key", 0, GV_E_PRIVATE_KEY_UNSUITABLE},
        {"ed25519.key", 0, GV_E_PRIVATE_KEY_UNSUITABLE},
        {"rsa2048.key", 0, GV_E_PRIVATE_KEY_UNSUITABLE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t der[4096];
        uint16_t kem = 0;
        struct span key, text = certs_file(rows[i].file);
        struct hpke_key pair;
        enum gv_err err =
            gv_ech_read_pkcs8(section(text, PEM_PRIVATE_KEY, der, sizeof der), &kem, &key);
        assert_int_equal(err, rows[i].err);
        assert_int_equal(kem, rows[i].kem);
        if (err == GV_OK) {
            assert_err(gv_hpke_key_init(&pair, gv_hpke_kem(provider, kem), key), OK);
            gv_hpke_key_drop(&pair);
        }
    }
}

static void is_a_private_key_refused_that_is_cut_or_changed(void **state)
{
    (void)state;
    static const uint16_t kems[] = {HPKE_DHKEM_X25519, HPKE_DHKEM_P256, HPKE_DHKEM_P384};
    for (size_t i = 0; i < COUNT_OF(kems); i++) {
        uint8_t der[256];
        uint16_t kem;
        struct span key,
            all = section(generated(kems[i], 1, "a.example"), PEM_PRIVATE_KEY, der, sizeof der);
        assert_err(gv_ech_read_pkcs8(all, &kem, &key), OK);
        for (size_t n = 0; n < all.len; n++) {
            assert_int_not_equal(gv_ech_read_pkcs8(exact_copy(span_of(all.at, n)), &kem, &key),
                                 GV_OK);
            exact_forget();
        }
        for (size_t n = 0; n < all.len - key.len; n++) /* the key itself is any bytes */
            (void)gv_ech_read_pkcs8(exact_flip(all, n, 0x40), &kem, &key);
        exact_forget();
    }
}

static void hostile_39_is_a_list_refused_that_is_cut(void **state)
{
    (void)state;
    uint8_t key_der[256], list[512];
    struct span pem = generated(HPKE_DHKEM_X25519, 1, "a.example");
    struct span der = section(pem, PEM_PRIVATE_KEY, key_der, sizeof key_der), key;
    struct span all = section(pem, PEM_ECHCONFIG, list, sizeof list);
    struct ech_keys *keys = empty();
    uint16_t kem;
    assert_err(gv_ech_read_pkcs8(der, &kem, &key), OK);
    for (size_t n = 0; n < all.len; n++)
        assert_err(gv_ech_keys_add(keys, key, exact_copy(span_of(all.at, n)), true),
                   DECODE_ECH_CONFIGS);
    exact_forget();
    assert_null(keys->first);
    assert_err(gv_ech_keys_add(keys, key, all, true), OK);
    gv_ech_keys_free(keys);
}

static void is_a_key_refused_that_is_not_the_configs(void **state)
{
    (void)state;
    uint8_t key_der[256], list[512];
    uint16_t kem;
    struct span key;
    struct ech_keys *keys = empty();
    struct span other = section(generated(HPKE_DHKEM_X25519, 1, "a.example"), PEM_PRIVATE_KEY,
                                key_der, sizeof key_der);
    struct span configs =
        section(generated(HPKE_DHKEM_X25519, 1, "a.example"), PEM_ECHCONFIG, list, sizeof list);
    assert_err(gv_ech_read_pkcs8(other, &kem, &key), OK);
    assert_err(gv_ech_keys_add(keys, key, configs, true), ECH_KEY_UNUSABLE);
    assert_null(keys->first);
    assert_int_equal(keys->retry_configs.len, 0);
    gv_ech_keys_free(keys);
}

/* Two configurations of one key, and one of another version, in one list. */
static void are_all_configs_of_a_key_added(void **state)
{
    (void)state;
    uint8_t key_der[256], one[512], all[1024];
    uint16_t kem;
    struct span key, pem = generated(HPKE_DHKEM_X25519, 1, "a.example");
    struct span list = section(pem, PEM_ECHCONFIG, one, sizeof one), config = span_from(list, 2);
    struct ech_keys *keys = empty();
    struct wr w = wr_of(all, sizeof all);
    WR_VEC(&w, 2) {
        wr_bytes(&w, exact_hex("fe0a 0003 010203"));
        wr_bytes(&w, config);
        wr_bytes(&w, config);
    }
    assert_err(
        gv_ech_read_pkcs8(section(pem, PEM_PRIVATE_KEY, key_der, sizeof key_der), &kem, &key), OK);
    assert_err(gv_ech_keys_add(keys, key, wr_span(&w), true), OK);
    assert_non_null(keys->first->next);
    assert_null(keys->first->next->next);
    assert_span(keys->retry_configs, exact_join(config, config));
    assert_err(gv_ech_keys_add(keys, key, exact_hex("0007 fe0a 0003 010203"), true),
               ECH_KEY_UNUSABLE); /* none is of our version */
    exact_forget();
    gv_ech_keys_free(keys);
}

static void are_only_those_told_that_are_to_be(void **state)
{
    (void)state;
    struct ech_keys *keys = empty();
    assert_err(gv_ech_keys_add_pem(keys, generated(HPKE_DHKEM_X25519, 1, "a.example"), false), OK);
    assert_int_equal(keys->retry_configs.len, 0);
    assert_err(gv_ech_keys_add_pem(keys, generated(HPKE_DHKEM_X25519, 2, "a.example"), true), OK);
    assert_err(gv_ech_keys_add_pem(keys, generated(HPKE_DHKEM_P256, 3, "a.example"), true), OK);
    const struct ech_key *second = keys->first->next;
    assert_span(keys->retry_configs, exact_join(second->config.whole, second->next->config.whole));
    exact_forget();
    gv_ech_keys_free(keys);
}

static void is_a_name_refused_that_clients_would_not_take(void **state)
{
    (void)state;
    static const char *const names[] = {"",           "127.0.0.1",   "a..example",
                                        "a.example.", "a_b.example", "-a.example"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        uint8_t pem[ECH_PEM_MAX];
        struct wr w = wr_of(pem, sizeof pem);
        const struct ech_wish wish = {HPKE_DHKEM_X25519, 1, 0, span_str(names[i])};
        assert_err(gv_ech_generate(provider, &wish, &w), ECH_KEY_UNUSABLE);
    }
}

static void is_an_unknown_kem_refused(void **state)
{
    (void)state;
    uint8_t pem[ECH_PEM_MAX];
    struct wr w = wr_of(pem, sizeof pem);
    const struct ech_wish wish = {0x0021, 1, 0, span_str("a.example")};
    assert_err(gv_ech_generate(provider, &wish, &w), ECH_KEY_UNUSABLE);
}

static void does_the_longest_name_fit_into_its_file(void **state)
{
    (void)state;
    char name[256];
    for (size_t i = 0; i < 255; i++)
        name[i] = i % 50 == 49 ? '.' : 'a';
    name[255] = '\0';
    struct ech_keys *keys = empty();
    assert_err(gv_ech_keys_add_pem(keys, generated(HPKE_DHKEM_P384, 1, name), true), OK);
    gv_ech_keys_free(keys);
}

static enum gv_err add_text(const char *a, struct span b, const char *c)
{
    static uint8_t text[3 * ECH_PEM_MAX];
    struct wr w = wr_of(text, sizeof text);
    struct ech_keys *keys = empty();
    wr_bytes(&w, span_str(a));
    wr_bytes(&w, b);
    wr_bytes(&w, span_str(c));
    enum gv_err err = gv_ech_keys_add_pem(keys, wr_span(&w), true);
    gv_ech_keys_free(keys);
    return err;
}

static void does_a_file_hold_one_key_and_one_list(void **state)
{
    (void)state;
    static char key[ECH_PEM_MAX];
    struct span good = generated(HPKE_DHKEM_X25519, 1, "a.example"), none = {NULL, 0};
    const char *list = strstr((const char *)good.at, "-----BEGIN ECHCONFIG");
    const size_t key_len = (size_t)(list - (const char *)good.at);
    char *const list_text = malloc(good.len - key_len + 1);
    assert_non_null(list_text);
    memcpy(key, good.at, key_len);
    memcpy(list_text, list, good.len - key_len);
    list_text[good.len - key_len] = '\0';
    assert_err(add_text("words before\n", good, "and behind\n"), OK);
    assert_err(add_text(list_text, none, key), OK);
    assert_err(add_text("", none, ""), ECH_PEM_INCOMPLETE);
    assert_err(add_text(key, none, ""), ECH_PEM_INCOMPLETE);
    assert_err(add_text(list_text, none, ""), ECH_PEM_INCOMPLETE);
    assert_err(add_text(key, good, ""), ECH_PEM_INCOMPLETE);
    assert_err(add_text(list_text, good, ""), ECH_PEM_INCOMPLETE);
    assert_err(add_text(key, none, "-----BEGIN ECHCONFIG-----\n"), PEM_PARSE);
    free(list_text);
}

/* Each allocation in turn: nothing is lost, nothing half-made stays. */
static void is_memory_that_runs_out_only_an_error(void **state)
{
    (void)state;
    struct span pem = generated(HPKE_DHKEM_P256, 1, "a.example");
    size_t failed = 0;
    for (size_t n = 1;; n++) {
        struct ech_keys *keys = NULL;
        gv_mem_replace(heap_alloc, heap_release);
        heap_fail_at(n);
        enum gv_err err = gv_ech_keys_new(&keys, provider);
        if (err == GV_OK)
            err = gv_ech_keys_add_pem(keys, pem, true);
        heap_fail_at(0);
        if (err != GV_OK && keys != NULL)
            assert_null(keys->first);
        gv_ech_keys_free(keys);
        assert_int_equal(heap_live(), 0);
        gv_mem_replace(NULL, NULL);
        if (err == GV_OK)
            break;
        assert_int_equal(err, GV_E_NO_MEMORY);
        failed++;
    }
    assert_true(failed > 3);
}

int main(void)
{
    provider = gv_openssl_provider();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_what_was_made_read_back),
        cmocka_unit_test(are_private_keys_of_openssl_read),
        cmocka_unit_test(is_a_private_key_refused_that_is_cut_or_changed),
        cmocka_unit_test(hostile_39_is_a_list_refused_that_is_cut),
        cmocka_unit_test(is_a_key_refused_that_is_not_the_configs),
        cmocka_unit_test(are_all_configs_of_a_key_added),
        cmocka_unit_test(are_only_those_told_that_are_to_be),
        cmocka_unit_test(is_a_name_refused_that_clients_would_not_take),
        cmocka_unit_test(is_an_unknown_kem_refused),
        cmocka_unit_test(does_the_longest_name_fit_into_its_file),
        cmocka_unit_test(does_a_file_hold_one_key_and_one_list),
        cmocka_unit_test(is_memory_that_runs_out_only_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
