/* The default provider of a process, in a process where nothing has used one yet. */
#include "lib/api.h"

#include <pthread.h>

enum { THREADS = 4 };

static void *install(void *answer)
{
    const struct rustls_crypto_provider *base = rustls_ring_crypto_provider();
    const struct rustls_supported_ciphersuite *only =
        rustls_crypto_provider_ciphersuites_get(base, 2);
    struct rustls_crypto_provider_builder *b = rustls_crypto_provider_builder_new_with_base(base);
    rustls_crypto_provider_builder_set_cipher_suites(b, &only, 1);
    *(rustls_result *)answer = rustls_crypto_provider_builder_build_as_default(b);
    rustls_crypto_provider_builder_free(b);
    rustls_crypto_provider_free(base);
    return NULL;
}

static void does_one_of_several_threads_install_the_default(void **state)
{
    (void)state;
    pthread_t thread[THREADS];
    rustls_result answer[THREADS];
    unsigned won = 0;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, install, &answer[i]), 0);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(thread[i], NULL), 0);
        won += answer[i] == RUSTLS_RESULT_OK;
        assert_true(answer[i] == RUSTLS_RESULT_OK || answer[i] == RUSTLS_RESULT_ALREADY_USED);
    }
    assert_int_equal(won, 1);

    assert_int_equal(rustls_default_crypto_provider_ciphersuites_len(), 1);
    const struct rustls_supported_ciphersuite *suite =
        rustls_default_crypto_provider_ciphersuites_get(0);
    assert_int_equal(rustls_supported_ciphersuite_get_suite(suite), 0x1303);
    const struct rustls_crypto_provider *p = rustls_crypto_provider_default();
    assert_int_equal(rustls_crypto_provider_ciphersuites_len(p), 1);
    rustls_crypto_provider_free(p);
    rustls_crypto_provider_free(rustls_aws_lc_rs_crypto_provider()); /* not the default, unharmed */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_one_of_several_threads_install_the_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
