/* Each allocation of libcrypto's fails in turn, in each kind of connection: is it an error or a
 * connection that goes on whole, never a crash, never success without the work, and is nothing
 * leaked? (HOSTILE 63, 64) */
#include "lib/heap.h"
#include "lib/life.h"

#include <openssl/crypto.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void *crypto_alloc(size_t n, const char *file, int line)
{
    (void)file, (void)line;
    return heap_alloc(n);
}

static void crypto_release(void *p, const char *file, int line)
{
    (void)file, (void)line;
    if (p != NULL)
        heap_release(p);
}

static void *crypto_resize(void *p, size_t n, const char *file, int line)
{
    if (p == NULL)
        return crypto_alloc(n, file, line);
    void *larger = heap_alloc(n);
    if (larger == NULL)
        return NULL;
    size_t had = heap_size(p);
    memcpy(larger, p, had < n ? had : n);
    heap_release(p);
    return larger;
}

static void fail_one(struct bare *p, const struct life_kind *kind, size_t n)
{
    life_again(p, kind);
    heap_fail_at(n);
    struct life_end end = life_run(p, kind);
    heap_fail_at(0);
    if (end.tampered)
        fail_msg("%s: allocation %zu fails, and something was tampered", kind->name, n);
    if (end.told && end.whole)
        fail_msg("%s: allocation %zu fails, and the connection goes on", kind->name, n);
}

/* What libcrypto keeps for itself (error queues, caches) comes to rest after some lives. */
static size_t settle(struct bare *p, const struct life_kind *kind)
{
    for (unsigned i = 0; i < 3; i++) {
        struct life_end end = life_run(p, kind);
        life_assert_whole(&end, kind);
        life_again(p, kind);
    }
    return heap_live();
}

static size_t fail_each(const struct life_kind *kind)
{
    struct bare *p = life_new(kind, gv_openssl_provider());
    size_t live = settle(p, kind), before = heap_calls();
    struct life_end end = life_run(p, kind);
    size_t calls = heap_calls() - before;

    life_assert_whole(&end, kind);
    for (size_t n = 1; n <= calls; n++) {
        fail_one(p, kind, n);
        life_again(p, kind);
    }
    assert_int_equal(heap_live(), live);
    bare_free(p);
    return calls;
}

static void hostile_63_64_is_every_failing_allocation_of_libcrypto_survived(void **state)
{
    (void)state;
    for (size_t k = 0; k < life_kind_count; k++)
        print_message("%s: %zu allocations\n", life_kinds[k].name, fail_each(&life_kinds[k]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_63_64_is_every_failing_allocation_of_libcrypto_survived),
    };
    if (CRYPTO_set_mem_functions(crypto_alloc, crypto_resize, crypto_release) != 1) {
        fprintf(stderr, "libcrypto takes no other heap\n");
        return EXIT_FAILURE;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
