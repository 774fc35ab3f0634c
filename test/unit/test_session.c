/* Sessions as values: are they copied, written and read whole, refused where they are cut or
 * changed, and wiped when they go? */
#include "base/mem.h"
#include "config/limits.h"
#include "config/session.h"
#include "lib/heap.h"
#include "lib/sessions.h"
#include "wire/codepoints.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* A heap that looks, when a block is freed, for a byte that was left in it. */
static size_t watched_size;
static bool all_zero;

static void *watching_alloc(size_t n)
{
    watched_size = n;
    return heap_alloc(n);
}

static void watching_release(void *p)
{
    const uint8_t *at = p;
    all_zero = true;
    for (size_t i = 0; i < watched_size; i++)
        all_zero = all_zero && at[i] == 0;
    heap_release(p);
}

static int setup(void **state)
{
    (void)state;
    gv_mem_replace(heap_alloc, heap_release);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    heap_fail_at(0);
    gv_mem_replace(NULL, NULL);
    return heap_live() == 0 ? 0 : -1;
}

static void does_a_copy_have_everything_and_share_nothing(void **state)
{
    (void)state;
    struct session from = *full_session(), *copy;
    uint8_t name[] = "server.example";
    from.server_name = span_of(name, sizeof name - 1);
    size_t before = heap_calls();
    assert_int_equal(gv_session_copy(&from, &copy), GV_OK);
    assert_int_equal(heap_calls() - before, 1); /* one block */
    memset(name, 'x', sizeof name);
    assert_true(same_session(copy, full_session()));
    gv_session_free(copy);
}

static void does_a_session_live_until_the_last_reference(void **state)
{
    (void)state;
    struct session *s;
    assert_int_equal(gv_session_copy(full_session(), &s), GV_OK);
    assert_ptr_equal(gv_session_ref(s), s);
    gv_session_free(s);
    assert_true(same_session(s, full_session()));
    gv_session_free(s);
    gv_session_free(NULL);
}

static void is_a_session_wiped_when_it_goes(void **state)
{
    (void)state;
    uint8_t bytes[1024];
    size_t len;
    struct session *s;
    gv_mem_replace(watching_alloc, watching_release);
    assert_int_equal(gv_session_copy(full_session(), &s), GV_OK);
    gv_session_free(s);
    assert_true(all_zero);
    all_zero = false;
    assert_int_equal(gv_session_encode(full_session(), bytes, sizeof bytes, &len), GV_OK);
    assert_int_equal(gv_session_decode(span_of(bytes, len), &s), GV_OK);
    gv_session_free(s);
    assert_true(all_zero);
}

static void is_memory_that_is_out_an_error(void **state)
{
    (void)state;
    uint8_t bytes[1024];
    size_t len;
    struct session *s = NULL;
    heap_fail_at(1);
    assert_int_equal(gv_session_copy(full_session(), &s), GV_E_NO_MEMORY);
    assert_int_equal(gv_session_encode(full_session(), bytes, sizeof bytes, &len), GV_OK);
    heap_fail_at(1);
    assert_int_equal(gv_session_decode(span_of(bytes, len), &s), GV_E_NO_MEMORY);
    assert_null(s);
}

static void does_reading_give_what_was_written(void **state)
{
    (void)state;
    uint8_t bytes[1024];
    size_t len;
    struct session *s;
    assert_int_equal(gv_session_encode(full_session(), bytes, sizeof bytes, &len), GV_OK);
    size_t before = heap_calls();
    assert_int_equal(gv_session_decode(span_of(bytes, len), &s), GV_OK);
    assert_int_equal(heap_calls() - before, 1);
    memset(bytes, 'x', sizeof bytes); /* what was read owns its bytes */
    assert_true(same_session(s, full_session()));
    gv_session_free(s);

    struct session *bare = marked_session(TLS13, 7);
    assert_int_equal(gv_session_encode(bare, bytes, sizeof bytes, &len), GV_OK);
    assert_int_equal(gv_session_decode(span_of(bytes, len), &s), GV_OK);
    assert_true(same_session(s, bare));
    gv_session_free(s);
    gv_session_free(bare);
}

/* Sharing a store between versions of the library is safe only while the first byte changes with
 * the layout, so the layout is held here byte for byte. */
static void is_the_format_what_it_was(void **state)
{
    (void)state;
    /* clang-format off */
    static const uint8_t want[] = {
        3, 3, 4, 0x13, 1, 0, 29, 4,               /* format, version, suite, group, flags */
        0, 0, 0, 0, 0, 0, 0, 5,                   /* issued */
        0, 0, 0, 6, 0, 0, 0, 7, 0, 0, 0, 8,       /* lifetime, age_add, max_early_data */
        2, 0xaa, 0xbb,                            /* secret */
        0, 1, 't', 1, 'i', 1, 'n', 1, 'a',         /* the strings */
        0, 1, 'p', 1, 'm',                        /* an external PSK's name and mark */
        0, 0, 4, 0, 0, 1, 'c',                    /* the chain */
    };
    /* clang-format on */
    const struct span chain[] = {span_str("c")};
    const struct session s = {.version = TLS13,
                              .suite = 0x1301,
                              .group = 29,
                              .secret = {2, {0xaa, 0xbb}},
                              .issued_ms = 5,
                              .lifetime = 6,
                              .age_add = 7,
                              .max_early_data = 8,
                              .ticket = span_str("t"),
                              .session_id = span_str("i"),
                              .server_name = span_str("n"),
                              .alpn = span_str("a"),
                              .psk = span_str("p"),
                              .psk_mark = span_str("m"),
                              .psk_imported = true,
                              .peer_chain = chain,
                              .peer_count = 1};
    uint8_t bytes[256];
    size_t len;
    assert_int_equal(gv_session_encode(&s, bytes, sizeof bytes, &len), GV_OK);
    assert_int_equal(len, sizeof want);
    assert_memory_equal(bytes, want, len);
}

static void is_every_cut_refused(void **state)
{
    (void)state;
    uint8_t bytes[1024];
    size_t len;
    assert_int_equal(gv_session_encode(full_session(), bytes, sizeof bytes, &len), GV_OK);
    for (size_t n = 0; n < len; n++) {
        uint8_t *exact = malloc(n + 1); /* so that a sanitizer sees a read behind the end */
        struct session *s = NULL;
        assert_non_null(exact);
        memcpy(exact + 1, bytes, n);
        assert_int_equal(gv_session_decode(span_of(exact + 1, n), &s), GV_E_SESSION_UNREADABLE);
        assert_null(s);
        free(exact);
    }
    struct session *s;
    bytes[len] = 0;
    assert_int_equal(gv_session_decode(span_of(bytes, len + 1), &s), GV_E_SESSION_UNREADABLE);
}

/* What holds of any session that was read, whatever the bytes were. */
static void assert_sound(const struct session *s)
{
    uint8_t bytes[SESSION_ENCODED_MAX];
    size_t len;
    assert_true(s->version == TLS12 || s->version == TLS13);
    assert_in_range(s->secret.len, 1, SECRET_MAX);
    assert_true(s->lifetime <= SESSION_LIFETIME_MAX && s->issued_ms >= 0);
    assert_int_equal(gv_session_encode(s, bytes, sizeof bytes, &len), GV_OK);
}

static void is_every_flipped_byte_refused_or_read_soundly(void **state)
{
    (void)state;
    uint8_t bytes[1024];
    size_t len;
    assert_int_equal(gv_session_encode(full_session(), bytes, sizeof bytes, &len), GV_OK);
    for (size_t i = 0; i < len; i++)
        for (unsigned flip = 1; flip < 256; flip++) {
            uint8_t *exact = malloc(len);
            struct session *s;
            assert_non_null(exact);
            memcpy(exact, bytes, len);
            exact[i] ^= (uint8_t)flip;
            enum gv_err err = gv_session_decode(span_of(exact, len), &s);
            free(exact);
            assert_true(err == GV_OK || err == GV_E_SESSION_UNREADABLE);
            if (err != GV_OK)
                continue;
            assert_sound(s);
            gv_session_free(s);
        }
}

/* Puts a value at an offset of a good session and asks what becomes of it. */
static void with(size_t offset, uint8_t value, bool readable)
{
    uint8_t bytes[1024];
    size_t len;
    struct session *s = NULL;
    assert_int_equal(gv_session_encode(full_session(), bytes, sizeof bytes, &len), GV_OK);
    bytes[offset] = value;
    assert_int_equal(gv_session_decode(span_of(bytes, len), &s) == GV_OK, readable);
    gv_session_free(s);
}

static void are_values_that_no_session_has_refused(void **state)
{
    (void)state;
    with(0, 3, true);
    with(0, 2, false); /* format */
    with(0, 1, false);
    with(0, 4, false);
    with(2, 4, true); /* version */
    with(2, 5, false);
    with(2, 2, false);
    with(7, 0, true); /* flags */
    with(7, 8, false);
    with(8, 0x80, false); /* issued before 1970, or in a very far future */
    with(16, 1, false);   /* lifetime over seven days */
}

/* CVE-2026-34873 resumed with a secret of no bytes. */
static void is_a_session_without_a_secret_refused(void **state)
{
    (void)state;
    uint8_t bytes[256];
    size_t len;
    struct session *out;
    struct session *s = marked_session(TLS13, 1);
    s->secret.len = 0;
    assert_int_equal(gv_session_encode(s, bytes, sizeof bytes, &len), GV_OK);
    assert_int_equal(gv_session_decode(span_of(bytes, len), &out), GV_E_SESSION_UNREADABLE);
    gv_session_free(s);
}

static void does_a_chain_of_the_default_limit_fit(void **state)
{
    (void)state;
    static uint8_t certificate[LIMIT_CERTIFICATE_CHAIN / 2], out[SESSION_ENCODED_MAX];
    const struct span chain[] = {SPAN_OF(certificate), SPAN_OF(certificate)};
    struct session s = *full_session(), *again;
    size_t len;
    s.ticket = (struct span){NULL, 0};
    s.peer_chain = chain;
    assert_int_equal(gv_session_encode(&s, out, sizeof out, &len), GV_OK);
    assert_int_equal(gv_session_decode(span_of(out, len), &again), GV_OK);
    assert_true(same_session(again, &s));
    gv_session_free(again);
}

static void is_what_does_not_fit_left_unwritten(void **state)
{
    (void)state;
    static uint8_t certificate[SESSION_ENCODED_MAX], out[2 * SESSION_ENCODED_MAX];
    const struct span chain[] = {SPAN_OF(certificate)};
    struct session s = *full_session();
    uint8_t small[64];
    size_t len = 77;
    memset(small, 0, sizeof small);
    assert_int_equal(gv_session_encode(&s, small, sizeof small, &len), GV_E_INTERNAL);
    for (size_t i = 0; i < sizeof small; i++)
        assert_int_equal(small[i], 0); /* no half of a secret stays behind */
    s.peer_chain = chain;
    s.peer_count = 1;
    assert_int_equal(gv_session_encode(&s, out, sizeof out, &len), GV_E_SESSION_TOO_LARGE);
    assert_int_equal(len, 77);
    struct session *none;
    assert_int_equal(gv_session_decode(SPAN_OF(out), &none), GV_E_SESSION_UNREADABLE);
}

int main(void)
{
#define ASKS(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        ASKS(does_a_copy_have_everything_and_share_nothing),
        ASKS(does_a_session_live_until_the_last_reference),
        ASKS(is_a_session_wiped_when_it_goes),
        ASKS(is_memory_that_is_out_an_error),
        ASKS(does_reading_give_what_was_written),
        ASKS(is_the_format_what_it_was),
        ASKS(is_every_cut_refused),
        ASKS(is_every_flipped_byte_refused_or_read_soundly),
        ASKS(are_values_that_no_session_has_refused),
        ASKS(is_a_session_without_a_secret_refused),
        ASKS(does_a_chain_of_the_default_limit_fit),
        ASKS(is_what_does_not_fit_left_unwritten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
