/* Tickets: does only the holder of a key open them, do keys end when they should, and is no nonce
 * used twice, across threads and a fork? */
#include "base/mem.h"
#include "config/session_store.h"
#include "lib/heap.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { HEAD = 16 + 24, OVERHEAD = HEAD + 16, ROOM = 512 };
enum { NOW = 1000000, ROTATION = TICKET_ROTATION * 1000 };

static struct ticketer *ticketer;

static int setup(void **state)
{
    (void)state;
    (void)gv_openssl_provider();
    gv_mem_replace(heap_alloc, heap_release);
    ticketer = NULL;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    gv_ticketer_free(ticketer);
    heap_fail_at(0);
    gv_mem_replace(NULL, NULL);
    return heap_live() == 0 ? 0 : -1;
}

static struct ticketer *rotating(void)
{
    assert_int_equal(gv_ticketer_new(&ticketer, gv_openssl_provider()), GV_OK);
    return ticketer;
}

/* A key that is n's in every byte. */
static void key_of(uint8_t key[TICKET_KEY_LEN], uint8_t n)
{
    memset(key, n, TICKET_KEY_LEN);
}

static struct ticketer *with_keys(uint8_t first, uint8_t second)
{
    uint8_t keys[2][TICKET_KEY_LEN];
    struct ticketer *t;
    key_of(keys[0], first);
    key_of(keys[1], second);
    assert_int_equal(gv_ticketer_new_with_keys(&t, gv_openssl_provider(),
                                               (const uint8_t(*)[TICKET_KEY_LEN])keys, 2),
                     GV_OK);
    return t;
}

struct ticket {
    uint8_t at[ROOM];
    size_t len;
};

static struct ticket sealed(struct ticketer *t, int64_t now_ms)
{
    struct ticket ticket;
    assert_int_equal(
        gv_ticketer_seal(t, now_ms, span_str("a session"), ticket.at, ROOM, &ticket.len), GV_OK);
    return ticket;
}

static bool opens(struct ticketer *t, int64_t now_ms, const struct ticket *ticket)
{
    uint8_t out[ROOM];
    size_t len;
    if (!gv_ticketer_open(t, now_ms, span_of(ticket->at, ticket->len), out, sizeof out, &len))
        return false;
    assert_int_equal(len, 9);
    assert_memory_equal(out, "a session", 9);
    return true;
}

static void does_a_ticket_hide_its_session_and_open_again(void **state)
{
    (void)state;
    rotating();
    struct ticket ticket = sealed(ticketer, NOW);
    assert_int_equal(ticket.len, 9 + OVERHEAD);
    assert_true((size_t)OVERHEAD <= (size_t)TICKET_OVERHEAD_MAX);
    for (size_t i = 0; i + 4 <= ticket.len; i++)
        assert_memory_not_equal(ticket.at + i, "sess", 4);
    assert_true(opens(ticketer, NOW, &ticket));
    assert_true(opens(ticketer, NOW, &ticket));
}

static void may_a_session_be_empty_or_as_large_as_any(void **state)
{
    (void)state;
    enum { BIG = SESSION_ENCODED_MAX + TICKET_OVERHEAD_MAX };
    static uint8_t plain[SESSION_ENCODED_MAX], ticket[BIG], out[BIG];
    size_t len, out_len;
    rotating();
    memset(plain, 'x', sizeof plain);
    assert_int_equal(gv_ticketer_seal(ticketer, NOW, SPAN_OF(plain), ticket, sizeof ticket, &len),
                     GV_OK);
    assert_true(gv_ticketer_open(ticketer, NOW, span_of(ticket, len), out, sizeof out, &out_len));
    assert_int_equal(out_len, sizeof plain);
    assert_memory_equal(out, plain, sizeof plain);
    assert_int_equal(gv_ticketer_seal(ticketer, NOW, span_of(NULL, 0), ticket, OVERHEAD, &len),
                     GV_OK);
    assert_true(gv_ticketer_open(ticketer, NOW, span_of(ticket, len), out, sizeof out, &out_len));
    assert_int_equal(out_len, 0);
}

static void is_room_that_is_too_small_refused(void **state)
{
    (void)state;
    uint8_t out[ROOM];
    size_t len = 77;
    rotating();
    for (size_t cap = 0; cap < OVERHEAD + 9; cap++)
        assert_int_equal(gv_ticketer_seal(ticketer, NOW, span_str("a session"), out, cap, &len),
                         GV_E_INTERNAL);
    struct ticket ticket = sealed(ticketer, NOW);
    assert_false(
        gv_ticketer_open(ticketer, NOW, span_of(ticket.at, ticket.len), out, ticket.len - 1, &len));
    assert_int_equal(len, 77);
}

static void is_every_cut_and_every_flipped_byte_refused(void **state)
{
    (void)state;
    uint8_t out[ROOM];
    size_t len;
    rotating();
    struct ticket ticket = sealed(ticketer, NOW);
    for (size_t n = 0; n < ticket.len; n++) {
        uint8_t *exact = malloc(n + 1);
        assert_non_null(exact);
        memcpy(exact + 1, ticket.at, n);
        assert_false(gv_ticketer_open(ticketer, NOW, span_of(exact + 1, n), out, ROOM, &len));
        free(exact);
    }
    for (size_t i = 0; i < ticket.len; i++)
        for (unsigned flip = 1; flip < 256; flip++) {
            ticket.at[i] ^= (uint8_t)flip;
            assert_false(opens(ticketer, NOW, &ticket));
            ticket.at[i] ^= (uint8_t)flip;
        }
    ticket.at[ticket.len++] = 0;
    assert_false(opens(ticketer, NOW, &ticket));
}

/* The layout that src/config/ticketer.c gives, opened with libcrypto alone: servers of different
 * versions of the library share keys, so it must not change by accident. */
static void is_a_ticket_what_it_was(void **state)
{
    (void)state;
    uint8_t key[TICKET_KEY_LEN], info[13 + 24 + 1] = "galvan ticket", aead_key[32], plain[9];
    static const uint8_t nonce[12];
    int n;
    unsigned key_len;
    struct ticketer *t = with_keys(7, 8);
    struct ticket ticket = sealed(t, NOW);
    key_of(key, 7);
    assert_memory_equal(ticket.at, key, 16);
    memcpy(info + 13, ticket.at + 16, 24);
    info[37] = 1; /* HKDF-Expand's first block, RFC 5869 section 2.3 */
    assert_non_null(HMAC(EVP_sha256(), key + 16, 32, info, sizeof info, aead_key, &key_len));
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, aead_key, nonce), 1);
    assert_int_equal(EVP_DecryptUpdate(c, NULL, &n, ticket.at, HEAD), 1);
    assert_int_equal(EVP_DecryptUpdate(c, plain, &n, ticket.at + HEAD, sizeof plain), 1);
    assert_int_equal(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, 16, ticket.at + ticket.len - 16),
                     1);
    assert_int_equal(EVP_DecryptFinal_ex(c, plain, &n), 1);
    assert_memory_equal(plain, "a session", 9);
    EVP_CIPHER_CTX_free(c);
    gv_ticketer_free(t);
}

static void does_a_stranger_open_nothing(void **state)
{
    (void)state;
    struct ticketer *other;
    rotating();
    assert_int_equal(gv_ticketer_new(&other, gv_openssl_provider()), GV_OK);
    struct ticket ticket = sealed(ticketer, NOW);
    assert_false(opens(other, NOW, &ticket));
    gv_ticketer_free(other);
}

/* CVE-2020-13777: tickets that were sealed with a key of zeros until the first rotation. */
static void hostile_30_is_a_ticket_under_an_unset_key_refused(void **state)
{
    (void)state;
    static const uint8_t zeros[1][TICKET_KEY_LEN];
    struct ticketer *none = NULL;
    assert_int_equal(gv_ticketer_new_with_keys(&none, gv_openssl_provider(), zeros, 1),
                     GV_E_TICKET_KEYS_INVALID);
    uint8_t named[1][TICKET_KEY_LEN] = {{1, 2, 3}}; /* a name, and no secret behind it */
    assert_int_equal(gv_ticketer_new_with_keys(&none, gv_openssl_provider(),
                                               (const uint8_t(*)[TICKET_KEY_LEN])named, 1),
                     GV_E_TICKET_KEYS_INVALID);
    assert_null(none);
    /* The very first ticket of a new ticketer names a key, and its name is not all zeros. */
    rotating();
    struct ticket ticket = sealed(ticketer, NOW);
    assert_memory_not_equal(ticket.at, zeros, 16);
    memset(ticket.at, 0, 16);
    assert_false(opens(ticketer, NOW, &ticket));
}

static void does_a_key_seal_for_six_hours_and_open_for_twelve(void **state)
{
    (void)state;
    rotating();
    struct ticket first = sealed(ticketer, NOW);
    struct ticket still = sealed(ticketer, NOW + ROTATION - 1);
    assert_memory_equal(first.at, still.at, 16);
    struct ticket second = sealed(ticketer, NOW + ROTATION);
    assert_memory_not_equal(first.at, second.at, 16);
    assert_true(opens(ticketer, NOW + ROTATION, &first));
    assert_true(opens(ticketer, NOW + 2 * ROTATION - 1, &first));
    assert_false(opens(ticketer, NOW + (int64_t)2 * ROTATION, &first));
    assert_true(opens(ticketer, NOW + (int64_t)2 * ROTATION, &second));
    assert_false(opens(ticketer, NOW + ROTATION, &first)); /* wiped, not only hidden */
}

static void does_an_idle_server_forget_its_keys_too(void **state)
{
    (void)state;
    rotating();
    struct ticket ticket = sealed(ticketer, NOW);
    assert_false(opens(ticketer, NOW + (int64_t)10 * ROTATION, &ticket));
}

static void does_what_is_promised_of_a_lifetime_hold(void **state)
{
    (void)state;
    rotating();
    for (int64_t at = 0; at < 3 * (int64_t)ROTATION; at += ROTATION / 7) {
        struct ticket ticket = sealed(ticketer, NOW + at);
        int64_t end = NOW + at + (int64_t)gv_ticketer_lifetime(ticketer) * 1000 - 1;
        assert_true(opens(ticketer, end, &ticket));
    }
    assert_int_equal(gv_ticketer_lifetime(ticketer), TICKET_ROTATION);
    struct ticketer *fleet = with_keys(1, 2);
    assert_int_equal(gv_ticketer_lifetime(fleet), SESSION_LIFETIME_MAX);
    gv_ticketer_free(fleet);
}

static void hostile_66_does_a_clock_that_jumps_keep_no_key_for_ever(void **state)
{
    (void)state;
    const int64_t future = (int64_t)1 << 50;
    rotating();
    struct ticket wrong = sealed(ticketer, future);
    struct ticket right = sealed(ticketer, NOW); /* the clock was set right */
    assert_memory_not_equal(wrong.at, right.at, 16);
    assert_false(opens(ticketer, NOW, &wrong));
    struct ticket later = sealed(ticketer, NOW + ROTATION);
    assert_memory_not_equal(right.at, later.at, 16);
    /* A step back of some seconds, or threads that read the clock in turn, change nothing. */
    struct ticket back = sealed(ticketer, NOW + ROTATION - 5000);
    assert_memory_equal(back.at, later.at, 16);
    assert_true(opens(ticketer, INT64_C(0), &later));
}

static void hostile_66_is_nothing_sealed_or_opened_without_a_clock(void **state)
{
    (void)state;
    uint8_t out[ROOM];
    size_t len;
    rotating();
    struct ticket ticket = sealed(ticketer, NOW);
    assert_int_equal(gv_ticketer_seal(ticketer, -1, span_str("x"), out, ROOM, &len), GV_E_NO_CLOCK);
    assert_false(opens(ticketer, -1, &ticket));
}

static void does_a_fleet_share_keys_while_it_changes_them(void **state)
{
    (void)state;
    struct ticketer *before = with_keys(1, 9), *between = with_keys(1, 2), *after = with_keys(2, 1),
                    *later = with_keys(3, 2);
    struct ticket old = sealed(before, NOW), new = sealed(after, NOW);
    assert_true(opens(between, NOW, &old) && opens(between, NOW, &new));
    assert_true(opens(after, NOW, &old) && opens(before, NOW, &old));
    assert_false(opens(before, NOW, &new));
    assert_true(opens(later, NOW, &new));
    assert_false(opens(later, NOW, &old));
    /* Keys of the application's are its to change, whatever the clock says. */
    assert_true(opens(after, (int64_t)1 << 50, &old));
    struct ticket much_later = sealed(after, (int64_t)1 << 50);
    assert_memory_equal(much_later.at, new.at, 16);
    gv_ticketer_free(before);
    gv_ticketer_free(between);
    gv_ticketer_free(after);
    gv_ticketer_free(later);
}

static void are_keys_out_of_range_refused(void **state)
{
    (void)state;
    uint8_t keys[5][TICKET_KEY_LEN];
    const uint8_t(*given)[TICKET_KEY_LEN] = (const uint8_t(*)[TICKET_KEY_LEN])keys;
    struct ticketer *t = NULL;
    for (uint8_t i = 0; i < 5; i++)
        key_of(keys[i], (uint8_t)(i + 1));
    const struct provider *p = gv_openssl_provider();
    assert_int_equal(gv_ticketer_new_with_keys(&t, p, given, 0), GV_E_TICKET_KEYS_INVALID);
    assert_int_equal(gv_ticketer_new_with_keys(&t, p, given, 5), GV_E_TICKET_KEYS_INVALID);
    memcpy(keys[2], keys[0], 16); /* two of one name */
    assert_int_equal(gv_ticketer_new_with_keys(&t, p, given, 4), GV_E_TICKET_KEYS_INVALID);
    assert_null(t);
    assert_int_equal(gv_ticketer_new_with_keys(&t, p, given, 2), GV_OK);
    gv_ticketer_free(t);
}

/* ---- what fails beneath ---------------------------------------------------------------------- */

static int draws_left;

static enum gv_err failing_random(uint8_t *out, size_t len)
{
    if (draws_left-- <= 0)
        return GV_E_RANDOM_FAILED;
    return gv_openssl_provider()->random(out, len);
}

static void hostile_65_is_no_ticket_sealed_without_random_bytes(void **state)
{
    (void)state;
    struct provider p = *gv_openssl_provider();
    struct ticketer *t = NULL;
    uint8_t out[ROOM];
    size_t len;
    p.random = failing_random;
    for (int draws = 0; draws < 2; draws++) { /* name and secret of the first key */
        draws_left = draws;
        assert_int_equal(gv_ticketer_new(&t, &p), GV_E_RANDOM_FAILED);
        assert_null(t);
    }
    draws_left = 3;
    assert_int_equal(gv_ticketer_new(&t, &p), GV_OK);
    struct ticket ticket = sealed(t, NOW);
    for (int draws = 0; draws < 3; draws++) { /* name, secret, salt */
        draws_left = draws;
        assert_int_equal(gv_ticketer_seal(t, NOW + ROTATION, span_str("x"), out, ROOM, &len),
                         GV_E_RANDOM_FAILED);
        assert_true(opens(t, NOW + ROTATION, &ticket)); /* what was given out holds */
    }
    gv_ticketer_free(t);
}

static enum gv_err failing_key(const struct aead_alg *alg, struct aead *a, const uint8_t *key,
                               bool seal)
{
    (void)alg, (void)a, (void)key, (void)seal;
    return GV_E_CRYPTO_FAILED;
}

static void is_a_cipher_that_fails_an_error(void **state)
{
    (void)state;
    struct provider p = *gv_openssl_provider();
    struct cipher_suite_info suite = *p.suites[0];
    struct aead_alg aead = *suite.aead;
    const struct cipher_suite_info *const suites[] = {&suite, NULL};
    uint8_t out[ROOM];
    size_t len;
    struct ticketer *t;
    suite.aead = &aead;
    p.suites = suites;
    assert_int_equal(gv_ticketer_new(&t, &p), GV_OK);
    struct ticket ticket = sealed(t, NOW);
    aead.key = failing_key;
    assert_int_equal(gv_ticketer_seal(t, NOW, span_str("x"), out, ROOM, &len), GV_E_CRYPTO_FAILED);
    assert_false(opens(t, NOW, &ticket));
    gv_ticketer_free(t);

    const struct cipher_suite_info *const no_suites[] = {NULL};
    p.suites = no_suites;
    assert_int_equal(gv_ticketer_new(&t, &p), GV_E_CRYPTO_FAILED);
}

static void is_memory_that_is_out_an_error(void **state)
{
    (void)state;
    struct ticketer *t = NULL;
    uint8_t key[1][TICKET_KEY_LEN];
    key_of(key[0], 1);
    heap_fail_at(1);
    assert_int_equal(gv_ticketer_new(&t, gv_openssl_provider()), GV_E_NO_MEMORY);
    heap_fail_at(1);
    assert_int_equal(gv_ticketer_new_with_keys(&t, gv_openssl_provider(),
                                               (const uint8_t(*)[TICKET_KEY_LEN])key, 1),
                     GV_E_NO_MEMORY);
    assert_null(t);
    gv_ticketer_free(NULL);
}

/* ---- threads and processes ------------------------------------------------------------------- */

/* Together they go through less than two rotations, so that every ticket opens whatever their
 * order. */
enum { THREADS = 4, ROUNDS = 500, STEP = ROTATION / (THREADS * ROUNDS) + ROTATION / 10000 };
static atomic_long clock_ms;

static void *seal_and_open(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        uint8_t ticket[ROOM], out[ROOM];
        size_t len, out_len;
        int64_t now = NOW + atomic_fetch_add(&clock_ms, STEP);
        if (gv_ticketer_seal(ticketer, now, span_str("a session"), ticket, ROOM, &len) != GV_OK ||
            !gv_ticketer_open(ticketer, now, span_of(ticket, len), out, ROOM, &out_len))
            return arg;
    }
    return NULL;
}

static void may_several_threads_use_it(void **state)
{
    (void)state;
    pthread_t thread[THREADS];
    rotating();
    struct ticket first = sealed(ticketer, NOW);
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, seal_and_open, ticketer), 0);
    for (unsigned i = 0; i < THREADS; i++) {
        void *failed;
        assert_int_equal(pthread_join(thread[i], &failed), 0);
        assert_null(failed);
    }
    struct ticket last = sealed(ticketer, NOW + atomic_load(&clock_ms));
    assert_memory_not_equal(first.at, last.at, 16); /* they did change keys on the way */
}

/* A child has the same key and must have other salts: parent and child seal the same session many
 * times, at the same time, and no two tickets may agree behind the key's name. */
static void hostile_70_does_a_fork_repeat_no_nonce(void **state)
{
    (void)state;
    enum { EACH = 64 };
    static struct ticket ticket[2 * EACH];
    int fds[2];
    rotating();
    (void)sealed(ticketer, NOW); /* the generator is seeded and in use before the fork */
    assert_int_equal(pipe(fds), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        bool ok = true;
        for (int i = 0; ok && i < EACH; i++) {
            struct ticket t = {.len = 0};
            ok = gv_ticketer_seal(ticketer, NOW, span_str("a session"), t.at, ROOM, &t.len) ==
                     GV_OK &&
                 write(fds[1], &t, sizeof t) == (ssize_t)sizeof t;
        }
        _exit(ok ? 0 : 1);
    }
    close(fds[1]);
    for (int i = 0; i < EACH; i++)
        ticket[i] = sealed(ticketer, NOW);
    uint8_t *to = (uint8_t *)&ticket[EACH];
    size_t left = EACH * sizeof ticket[0];
    for (ssize_t n; left != 0 && (n = read(fds[0], to, left)) > 0; left -= (size_t)n)
        to += n;
    close(fds[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(left, 0);
    for (int i = 0; i < 2 * EACH; i++) {
        assert_true(opens(ticketer, NOW, &ticket[i])); /* the key is shared */
        for (int k = 0; k < i; k++)
            assert_memory_not_equal(ticket[i].at + 16, ticket[k].at + 16, 24);
    }
}

int main(void)
{
#define ASKS(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ASKS(does_a_ticket_hide_its_session_and_open_again),
        ASKS(may_a_session_be_empty_or_as_large_as_any),
        ASKS(is_room_that_is_too_small_refused),
        ASKS(is_every_cut_and_every_flipped_byte_refused),
        ASKS(is_a_ticket_what_it_was),
        ASKS(does_a_stranger_open_nothing),
        ASKS(hostile_30_is_a_ticket_under_an_unset_key_refused),
        ASKS(does_a_key_seal_for_six_hours_and_open_for_twelve),
        ASKS(does_an_idle_server_forget_its_keys_too),
        ASKS(does_what_is_promised_of_a_lifetime_hold),
        ASKS(hostile_66_does_a_clock_that_jumps_keep_no_key_for_ever),
        ASKS(hostile_66_is_nothing_sealed_or_opened_without_a_clock),
        ASKS(does_a_fleet_share_keys_while_it_changes_them),
        ASKS(are_keys_out_of_range_refused),
        ASKS(hostile_65_is_no_ticket_sealed_without_random_bytes),
        ASKS(is_a_cipher_that_fails_an_error),
        ASKS(is_memory_that_is_out_an_error),
        ASKS(may_several_threads_use_it),
        ASKS(hostile_70_does_a_fork_repeat_no_nonce),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
