/* The server's side of Encrypted Client Hello, hello by hello (RFC 9849 section 7.1): what an opener makes of
 * outer hellos that are built here byte by byte, right and wrong in each way. */
#include "handshake/ech_server.h"

#include "base/mem.h"
#include "crypto/hpke.h"
#include "lib/exact.h"
#include "lib/heap.h"
#include "lib/hex.h"
#include "wire/alert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define RANDOM_OUTER "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define RANDOM_INNER "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define INNER_HEAD "0303" RANDOM_INNER "00 0002 1301 01 00"
#define VERSIONS "002b 0003 02 0304"
#define MARK "fe0d 0001 01"

enum { ID = 7 };

/* A hello that offers TLS 1.3 and is well marked, and the message that it must become. */
static const char good[] = INNER_HEAD "000c" VERSIONS MARK "0000000000000000";
static const char good_decoded[] = "01 00003b 0303" RANDOM_INNER
                                   "04 51515151 0002 1301 01 00 000c" VERSIONS MARK;

struct fixture {
    struct ech_keys *keys;
    struct ech_opener opener;
    struct hpke sender;
    struct hpke_suite suite;
    uint8_t enc[HPKE_ENC_MAX];
    struct arena arena;
};

static const struct provider *provider;

static struct ech_keys *keys_of(uint8_t id)
{
    struct ech_keys *keys;
    uint8_t pem[ECH_PEM_MAX];
    struct wr w = wr_of(pem, sizeof pem);
    const struct ech_wish wish = {HPKE_DHKEM_X25519, id, 0, span_str("public.example")};
    assert_err(gv_ech_keys_new(&keys, provider), OK);
    assert_err(gv_ech_generate(provider, &wish, &w), OK);
    assert_err(gv_ech_keys_add_pem(keys, wr_span(&w), true), OK);
    return keys;
}

static int begin(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->keys = keys_of(ID);
    f->opener.keys = f->keys;
    gv_arena_init(&f->arena, 1 << 20);
    assert_true(
        gv_hpke_suite(provider, HPKE_DHKEM_X25519, HPKE_HKDF_SHA256, HPKE_AES_128_GCM, &f->suite));
    assert_err(gv_hpke_setup_sender(&f->sender, &f->suite, f->keys->first->config.public_key,
                                    f->keys->first->info, f->enc),
               OK);
    *state = f;
    return 0;
}

static int end(void **state)
{
    struct fixture *f = *state;
    gv_ech_opener_drop(&f->opener);
    gv_hpke_drop(&f->sender);
    gv_ech_keys_free(f->keys);
    gv_arena_drop(&f->arena);
    free(f);
    return 0;
}

/* An outer hello, and what may be wrong with its extension. */
struct outer {
    uint16_t kdf, aead;
    uint8_t type, id;
    struct span enc;
    const char *inner;
    bool left_out, corrupt;
};

static struct outer outer_of(const struct fixture *f)
{
    return (struct outer){.kdf = HPKE_HKDF_SHA256,
                          .aead = HPKE_AES_128_GCM,
                          .id = ID,
                          .enc = span_of(f->enc, 32),
                          .inner = good};
}

static void write_extension(struct wr *w, const struct outer *o, size_t payload_len, size_t *at)
{
    if (o->left_out)
        return;
    wr_u16(w, 0xfe0d);
    WR_VEC(w, 2) {
        wr_u8(w, o->type);
        if (o->type == ECH_OUTER) {
            wr_u16(w, o->kdf);
            wr_u16(w, o->aead);
            wr_u8(w, o->id);
            WR_VEC(w, 2)
                wr_bytes(w, o->enc);
            WR_VEC(w, 2) {
                *at = w->len;
                uint8_t *room = wr_room(w, payload_len);
                assert_non_null(room);
                memset(room, 0, payload_len);
            }
        }
    }
}

/* The message; sealed with the next number of the fixture's sender. */
static struct span write_outer(struct fixture *f, const struct outer *o)
{
    static uint8_t at[4096];
    uint8_t inner[1024], head[64];
    const size_t inner_len = hex_read(inner, sizeof inner, o->inner);
    struct wr w = wr_of(at, sizeof at);
    size_t payload = 0;
    wr_u8(&w, MSG_CLIENT_HELLO);
    WR_VEC(&w, 3) {
        size_t n = hex_read(head, sizeof head, "0303" RANDOM_OUTER "04 51515151 0002 1301 01 00");
        wr_bytes(&w, span_of(head, n));
        WR_VEC(&w, 2) {
            wr_bytes(&w, exact_hex("002b 0003 02 0304"));
            write_extension(&w, o, inner_len + AEAD_TAG, &payload);
        }
    }
    assert_true(wr_done(&w));
    if (payload == 0)
        return wr_span(&w);
    assert_err(gv_hpke_seal(&f->sender, span_of(at + HANDSHAKE_HEADER, w.len - HANDSHAKE_HEADER),
                            span_of(inner, inner_len), at + payload),
               OK);
    at[payload] ^= o->corrupt ? 1 : 0;
    return wr_span(&w);
}

static enum gv_err open_outer(struct fixture *f, const struct outer *o, struct span *inner)
{
    struct span message = exact_copy(write_outer(f, o));
    enum gv_err err = gv_ech_open(&f->opener, message, &f->arena, inner);
    exact_forget();
    return err;
}

#define assert_opens(f, o, name)                                                                   \
    do {                                                                                           \
        struct span inner_;                                                                        \
        assert_err(open_outer((f), (o), &inner_), name);                                           \
    } while (0)

static void assert_alert(enum gv_err err, enum alert alert)
{
    assert_int_equal(gv_alert_of(err), alert);
}

/* ---- the first hello ------------------------------------------------------------------------------ */

static void is_the_inner_hello_found(void **state)
{
    struct fixture *f = *state;
    struct outer o = outer_of(f);
    struct span inner;
    assert_err(open_outer(f, &o, &inner), OK);
    assert_span(inner, exact_hex(good_decoded));
    assert_true(f->opener.was_offered);
    assert_ptr_equal(f->opener.key, f->keys->first);
}

static void assert_left_alone(struct fixture *f, const struct outer *o, bool offered)
{
    struct span inner;
    assert_err(open_outer(f, o, &inner), OK);
    assert_int_equal(inner.len, 0);
    assert_null(f->opener.key);
    assert_int_equal(f->opener.was_offered, offered);
}

static void is_a_hello_without_it_left_alone(void **state)
{
    struct outer o = outer_of(*state);
    o.left_out = true;
    assert_left_alone(*state, &o, false);
}

static void is_an_unknown_config_id_no_error(void **state)
{
    struct outer o = outer_of(*state);
    o.id = ID + 1;
    assert_left_alone(*state, &o, true);
}

static void is_an_unknown_suite_no_error(void **state)
{
    struct outer o = outer_of(*state);
    o.aead = 0xffff;
    assert_left_alone(*state, &o, true);
}

/* Known to the provider, but not in the configuration. */
static void is_a_suite_that_was_not_offered_no_error(void **state)
{
    struct outer o = outer_of(*state);
    o.kdf = HPKE_HKDF_SHA512;
    assert_left_alone(*state, &o, true);
}

static void is_an_enc_of_another_length_no_error(void **state)
{
    struct fixture *f = *state;
    for (size_t len = 0; len < 40; len++) {
        struct outer o = outer_of(f);
        struct ech_opener opener = {.keys = f->keys};
        if (len == 32)
            continue;
        o.enc = span_of(f->enc, len);
        f->opener = opener;
        assert_left_alone(f, &o, true);
    }
}

static void is_an_enc_of_low_order_no_error(void **state)
{
    static const uint8_t zeros[32];
    struct outer o = outer_of(*state);
    o.enc = SPAN_OF(zeros);
    assert_left_alone(*state, &o, true);
}

static void is_a_changed_payload_no_error(void **state)
{
    struct outer o = outer_of(*state);
    o.corrupt = true;
    assert_left_alone(*state, &o, true);
}

static void is_an_unknown_type_refused(void **state)
{
    struct outer o = outer_of(*state);
    o.type = 2;
    assert_opens(*state, &o, ECH_TYPE_UNKNOWN);
    assert_alert(GV_E_ECH_TYPE_UNKNOWN, ALERT_ILLEGAL_PARAMETER);
}

static void is_an_inner_hello_in_the_clear_refused(void **state)
{
    struct outer o = outer_of(*state);
    o.type = ECH_INNER;
    assert_opens(*state, &o, ECH_INNER_IN_CLEAR);
    assert_alert(GV_E_ECH_INNER_IN_CLEAR, ALERT_ILLEGAL_PARAMETER);
}

static void is_an_inner_hello_without_its_mark_refused(void **state)
{
    struct outer o = outer_of(*state);
    o.inner = INNER_HEAD "0007" VERSIONS;
    assert_opens(*state, &o, INNER_HELLO_UNMARKED);
    assert_alert(GV_E_INNER_HELLO_UNMARKED, ALERT_ILLEGAL_PARAMETER);
}

/* The outer form, well-formed, stands inside. */
static void is_an_inner_hello_with_the_other_mark_refused(void **state)
{
    struct outer o = outer_of(*state);
    o.inner = INNER_HEAD "0016" VERSIONS "fe0d 000b 00 0001 0001 07 0000 0001 00";
    assert_opens(*state, &o, INNER_HELLO_UNMARKED);
}

static void is_an_inner_hello_refused_that_offers_tls12(void **state)
{
    struct outer o = outer_of(*state);
    o.inner = INNER_HEAD "000e"
                         "002b 0005 04 0304 0303" MARK;
    assert_opens(*state, &o, INNER_HELLO_TLS12);
    assert_alert(GV_E_INNER_HELLO_TLS12, ALERT_ILLEGAL_PARAMETER);
}

static void is_an_inner_hello_refused_without_versions(void **state)
{
    struct outer o = outer_of(*state);
    o.inner = INNER_HEAD "0005" MARK;
    assert_opens(*state, &o, INNER_HELLO_TLS12);
}

/* GREASE among the versions is no old one. */
static void is_an_inner_hello_taken_with_unknown_versions(void **state)
{
    struct outer o = outer_of(*state);
    o.inner = INNER_HEAD "0010"
                         "002b 0007 06 0a0a 0304 7f1c" MARK;
    assert_opens(*state, &o, OK);
}

static void is_what_decoding_finds_told(void **state)
{
    struct outer o = outer_of(*state);
    o.inner = INNER_HEAD "000c" VERSIONS MARK "0000000000000001";
    assert_opens(*state, &o, INNER_HELLO_PADDING);
}

static void is_a_reference_refused_that_makes_one_extension_two(void **state)
{
    struct outer o = outer_of(*state);
    o.inner = INNER_HEAD "0013" VERSIONS MARK "fd00 0003 02 002b";
    assert_opens(*state, &o, EXTENSION_REPEATED);
}

/* Each allocation in turn: an error, and nothing left behind. */
static void is_memory_that_runs_out_only_an_error(void **state)
{
    struct fixture *f = *state;
    struct outer o = outer_of(f);
    struct span message = exact_copy(write_outer(f, &o)), inner;
    for (size_t n = 1;; n++) {
        struct ech_opener opener = {.keys = f->keys};
        struct arena arena;
        gv_arena_init(&arena, 1 << 20);
        gv_mem_replace(heap_alloc, heap_release);
        heap_fail_at(n);
        enum gv_err err = gv_ech_open(&opener, message, &arena, &inner);
        heap_fail_at(0);
        gv_ech_opener_drop(&opener);
        gv_arena_drop(&arena);
        assert_int_equal(heap_live(), 0);
        gv_mem_replace(NULL, NULL);
        if (err == GV_OK) {
            assert_true(n == 3); /* what decrypting needs, and the arena's */
            break;
        }
        assert_err(err, NO_MEMORY);
    }
    exact_forget();
}

static enum gv_err fail_to_open(struct aead *a, const uint8_t nonce[AEAD_NONCE], struct span aad,
                                uint8_t *text, size_t len)
{
    (void)a, (void)nonce, (void)aad, (void)text, (void)len;
    RAISE(CRYPTO_FAILED);
}

/* Nobody is told that his configuration is old because libcrypto failed. */
static void is_a_cipher_that_fails_no_rejection(void **state)
{
    struct fixture *f = *state;
    struct aead_alg broken = *f->suite.aead->aead;
    struct hpke_aead row = *f->suite.aead;
    const struct hpke_aead *const rows[] = {&row, NULL};
    const struct hpke_algorithms all = {provider->hpke->kems, provider->hpke->kdfs, rows};
    struct provider failing = *provider;
    struct outer o = outer_of(f);
    broken.open = fail_to_open;
    row.aead = &broken;
    failing.hpke = &all;
    f->keys->provider = &failing;
    assert_opens(f, &o, CRYPTO_FAILED);
    assert_null(f->opener.key);
    f->keys->provider = provider;
}

/* ---- the second hello -------------------------------------------------------------------------------- */

static void open_first(struct fixture *f)
{
    struct outer o = outer_of(f);
    struct span inner;
    assert_err(open_outer(f, &o, &inner), OK);
    assert_int_not_equal(inner.len, 0);
}

static struct outer second_of(const struct fixture *f)
{
    struct outer o = outer_of(f);
    o.enc = span_of(NULL, 0);
    return o;
}

static void is_a_second_hello_decrypted_with_the_first_ones_key(void **state)
{
    struct fixture *f = *state;
    struct outer o = second_of(f);
    struct span inner;
    open_first(f);
    assert_err(open_outer(f, &o, &inner), OK);
    assert_span(inner, exact_hex(good_decoded));
}

static void is_a_second_hello_refused_without_it(void **state)
{
    struct fixture *f = *state;
    struct outer o = second_of(f);
    open_first(f);
    o.left_out = true;
    assert_opens(f, &o, ECH_DROPPED);
    assert_alert(GV_E_ECH_DROPPED, ALERT_MISSING_EXTENSION);
}

static void is_a_second_hello_refused_for_another_config(void **state)
{
    struct fixture *f = *state;
    struct outer o = second_of(f);
    open_first(f);
    o.id++;
    assert_opens(f, &o, ECH_CHANGED);
    assert_alert(GV_E_ECH_CHANGED, ALERT_ILLEGAL_PARAMETER);
}

static void is_a_second_hello_refused_with_another_suite(void **state)
{
    struct fixture *f = *state;
    struct outer o = second_of(f);
    open_first(f);
    o.aead = HPKE_AES_256_GCM;
    assert_opens(f, &o, ECH_CHANGED);
}

static void is_a_second_hello_refused_that_brings_a_key_again(void **state)
{
    struct fixture *f = *state;
    struct outer o = outer_of(f);
    open_first(f);
    assert_opens(f, &o, ECH_CHANGED);
}

static void is_a_second_hello_refused_that_cannot_be_decrypted(void **state)
{
    struct fixture *f = *state;
    struct outer o = second_of(f);
    open_first(f);
    o.corrupt = true;
    assert_opens(f, &o, ECH_UNDECRYPTABLE);
    assert_alert(GV_E_ECH_UNDECRYPTABLE, ALERT_DECRYPT_ERROR);
}

/* What was rejected is not looked at again, whatever it says now. */
static void is_a_rejected_client_left_alone_the_second_time(void **state)
{
    struct fixture *f = *state;
    struct outer o = outer_of(f);
    o.id++;
    assert_left_alone(f, &o, true);
    o = outer_of(f);
    assert_left_alone(f, &o, true);
    o.left_out = true;
    assert_left_alone(f, &o, true);
}

static void is_a_client_left_alone_that_begins_with_the_second(void **state)
{
    struct fixture *f = *state;
    struct outer o = outer_of(f);
    o.left_out = true;
    assert_left_alone(f, &o, false);
    o.left_out = false;
    assert_left_alone(f, &o, true);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    provider = gv_openssl_provider();
    const struct CMUnitTest tests[] = {
        TEST(is_the_inner_hello_found),
        TEST(is_a_hello_without_it_left_alone),
        TEST(is_an_unknown_config_id_no_error),
        TEST(is_an_unknown_suite_no_error),
        TEST(is_a_suite_that_was_not_offered_no_error),
        TEST(is_an_enc_of_another_length_no_error),
        TEST(is_an_enc_of_low_order_no_error),
        TEST(is_a_changed_payload_no_error),
        TEST(is_an_unknown_type_refused),
        TEST(is_an_inner_hello_in_the_clear_refused),
        TEST(is_an_inner_hello_without_its_mark_refused),
        TEST(is_an_inner_hello_with_the_other_mark_refused),
        TEST(is_an_inner_hello_refused_that_offers_tls12),
        TEST(is_an_inner_hello_refused_without_versions),
        TEST(is_an_inner_hello_taken_with_unknown_versions),
        TEST(is_what_decoding_finds_told),
        TEST(is_a_reference_refused_that_makes_one_extension_two),
        TEST(is_memory_that_runs_out_only_an_error),
        TEST(is_a_cipher_that_fails_no_rejection),
        TEST(is_a_second_hello_decrypted_with_the_first_ones_key),
        TEST(is_a_second_hello_refused_without_it),
        TEST(is_a_second_hello_refused_for_another_config),
        TEST(is_a_second_hello_refused_with_another_suite),
        TEST(is_a_second_hello_refused_that_brings_a_key_again),
        TEST(is_a_second_hello_refused_that_cannot_be_decrypted),
        TEST(is_a_rejected_client_left_alone_the_second_time),
        TEST(is_a_client_left_alone_that_begins_with_the_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
