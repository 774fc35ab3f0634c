/* The transcript: is it the digest of all messages, whenever it is told which digest? */
#include "crypto/openssl/openssl.h"
#include "keys/transcript.h"
#include "lib/exact.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena arena;

static int prepare(void **state)
{
    (void)state;
    gv_arena_init(&arena, 4096);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    gv_arena_drop(&arena);
    exact_forget();
    return 0;
}

static void add(struct transcript *t, const char *hex)
{
    assert_err(gv_transcript_add(t, &arena, exact_hex(hex)), OK);
}

static void assert_digest(struct transcript *t, const struct hash_alg *alg, struct span of)
{
    uint8_t mine[HASH_MAX], theirs[HASH_MAX];
    struct span got;
    assert_err(gv_openssl_digest(alg, of, theirs), OK);
    assert_err(gv_transcript_peek(t, mine, &got), OK);
    assert_span(got, span_of(theirs, alg->len));
}

static void do_messages_wait_for_their_digest(void **state)
{
    (void)state;
    const struct hash_alg *algs[] = {&gv_openssl_sha256, &gv_openssl_sha384};
    for (size_t i = 0; i < COUNT_OF(algs); i++) {
        struct transcript t = {.waiting = {NULL, 0}};
        add(&t, "0102");
        add(&t, "03");
        assert_err(gv_transcript_start(&t, algs[i]), OK);
        assert_digest(&t, algs[i], exact_hex("010203"));
        add(&t, "0405");
        assert_digest(&t, algs[i], exact_hex("0102030405"));
        assert_digest(&t, algs[i], exact_hex("0102030405"));
        gv_transcript_drop(&t);
    }
}

static void may_it_be_started_twice_with_the_same_only(void **state)
{
    (void)state;
    struct transcript t = {.waiting = {NULL, 0}};
    add(&t, "01");
    assert_err(gv_transcript_start(&t, &gv_openssl_sha256), OK);
    add(&t, "02");
    assert_err(gv_transcript_start(&t, &gv_openssl_sha256), OK);
    assert_digest(&t, &gv_openssl_sha256, exact_hex("0102"));
    assert_err(gv_transcript_start(&t, &gv_openssl_sha384), INTERNAL);
    gv_transcript_drop(&t);
}

/* RFC 9846 section 4.4.1: message_hash, 00 00 Hash.length, Hash(ClientHello1) */
static void does_a_retry_replace_the_first_hello(void **state)
{
    (void)state;
    struct transcript t = {.waiting = {NULL, 0}};
    uint8_t first[HASH_MAX];
    add(&t, "0100000100");
    assert_err(gv_transcript_start(&t, &gv_openssl_sha384), OK);
    assert_err(gv_transcript_retry(&t), OK);
    add(&t, "02000000");
    assert_err(gv_openssl_digest(&gv_openssl_sha384, exact_hex("0100000100"), first), OK);
    struct span want = exact_join(exact_hex("fe000030"), span_of(first, 48));
    assert_digest(&t, &gv_openssl_sha384, exact_join(want, exact_hex("02000000")));
    gv_transcript_drop(&t);
}

static void is_what_waits_bounded(void **state)
{
    (void)state;
    static const uint8_t big[5000];
    struct transcript t = {.waiting = {NULL, 0}};
    assert_err(gv_transcript_add(&t, &arena, SPAN_OF(big)), NO_MEMORY);
    gv_transcript_drop(&t);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, prepare, finish)
    const struct CMUnitTest tests[] = {
        TEST(do_messages_wait_for_their_digest),
        TEST(may_it_be_started_twice_with_the_same_only),
        TEST(does_a_retry_replace_the_first_hello),
        TEST(is_what_waits_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
