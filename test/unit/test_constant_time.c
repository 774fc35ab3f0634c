/* Does anything of our own that works on secrets branch on them, or look something up by them?
 *
 * Under valgrind, secrets are marked as memory that was never written: memcheck then reports every
 * jump and every address that depends on them (test/house/test_constant_time.sh asks for that).
 * Without valgrind this is a plain test of the same functions. `test-unit-constant_time leak` does on
 * purpose what must be found, to show that it would be. */
#include "base/cpu.h"
#include "base/secret.h"
#include "crypto/mlkem/mlkem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define SECRET(at, n) VALGRIND_MAKE_MEM_UNDEFINED(at, n)
#define PUBLIC(at, n) VALGRIND_MAKE_MEM_DEFINED(at, n)
#else
#define SECRET(at, n) ((void)(at), (void)(n))
#define PUBLIC(at, n) ((void)(at), (void)(n))
#endif

static void run_mlkem(const struct mlkem *kem, const struct mlkem_ops *ops)
{
    struct mlkem_key *key = aligned_alloc(32, (gv_mlkem_key_size(kem) + 31) / 32 * 32);
    uint8_t rho[32] = {1}, sigma[32] = {2}, message[MLKEM_MESSAGE] = {3};
    uint8_t ek[MLKEM_EK_MAX], ct[MLKEM_CT_MAX], a[MLKEM_SECRET], b[MLKEM_SECRET];
    assert_non_null(key);
    key->kem = kem;
    key->ops = ops;
    memset(key->ek_hash, 0, sizeof key->ek_hash);
    memset(key->z, 4, sizeof key->z);
    SECRET(sigma, sizeof sigma);
    SECRET(key->z, sizeof key->z);
    gv_mlkem_generate_from(key, rho, sigma, ek);
    PUBLIC(ek, sizeof ek);
    gv_keccak_once((struct keccak_call){ops->permute, SHA3_256_RATE, SHA3_SUFFIX},
                   span_of(ek, kem->ek_len), (struct span){NULL, 0}, key->ek_hash, 32);

    SECRET(message, sizeof message);
    assert_true(gv_mlkem_encapsulate(kem, ops, ek, message, ct, a));
    PUBLIC(ct, sizeof ct);
    gv_mlkem_decapsulate(key, ct, b);
    PUBLIC(a, sizeof a);
    PUBLIC(b, sizeof b);
    assert_memory_equal(a, b, sizeof a);
    ct[kem->ct_len - 1] ^= 1; /* the way of the wrong ciphertext is the same */
    gv_mlkem_decapsulate(key, ct, b);
    PUBLIC(b, sizeof b);
    assert_memory_not_equal(a, b, sizeof a);
    free(key);
}

static void does_portable_ml_kem_take_no_secret_turn(void **state)
{
    (void)state;
    run_mlkem(&gv_mlkem_768, &gv_mlkem_portable);
    run_mlkem(&gv_mlkem_1024, &gv_mlkem_portable);
}

static void does_ml_kem_with_avx2_take_no_secret_turn(void **state)
{
    (void)state;
    if (gv_mlkem_avx2 == NULL || !gv_cpu_has_avx2())
        skip();
    run_mlkem(&gv_mlkem_768, gv_mlkem_avx2);
    run_mlkem(&gv_mlkem_1024, gv_mlkem_avx2);
}

static void does_a_comparison_of_secrets_take_no_secret_turn(void **state)
{
    (void)state;
    uint8_t a[32] = {1}, b[32] = {1};
    SECRET(a, sizeof a);
    bool equal = gv_secret_equal(SPAN_OF(a), SPAN_OF(b));
    PUBLIC(&equal, sizeof equal);
    assert_true(equal);
}

static int leak(void)
{
    uint8_t secret[32] = {1};
    SECRET(secret, sizeof secret);
    if (secret[0] == 1)
        print_message("a turn was taken\n");
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_portable_ml_kem_take_no_secret_turn),
        cmocka_unit_test(does_ml_kem_with_avx2_take_no_secret_turn),
        cmocka_unit_test(does_a_comparison_of_secrets_take_no_secret_turn),
    };
    if (argc == 2 && strcmp(argv[1], "leak") == 0)
        return leak();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
