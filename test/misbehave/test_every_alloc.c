/* Each allocation of the library's fails in turn, in each kind of connection: is it an error or a
 * connection that goes on whole, never a crash, and is nothing leaked? (HOSTILE 63) */
#include "lib/heap.h"
#include "lib/life.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void fail_one(struct bare *p, const struct life_kind *kind, size_t n)
{
    life_again(p, kind);
    life_forget_packed(p);
    heap_fail_at(n);
    struct life_end end = life_run(p, kind);
    heap_fail_at(0);
    if (end.tampered)
        fail_msg("%s: allocation %zu fails, and something was tampered", kind->name, n);
}

static size_t fail_each(const struct life_kind *kind)
{
    struct bare *p = life_new(kind, gv_openssl_provider());
    size_t before = heap_calls(), live = 0;
    struct life_end end = life_run(p, kind);
    size_t calls = heap_calls() - before;

    life_assert_whole(&end, kind);
    life_again(p, kind);
    life_forget_packed(p);
    live = heap_live();
    for (size_t n = 1; n <= calls; n++) {
        fail_one(p, kind, n);
        life_again(p, kind);
        life_forget_packed(p);
        if (heap_live() != live)
            fail_msg("%s: allocation %zu fails, and %zu blocks stay", kind->name, n,
                     heap_live() - live);
    }
    bare_free(p);
    return calls;
}

static void hostile_63_is_every_failing_allocation_survived(void **state)
{
    (void)state;
    for (size_t k = 0; k < life_kind_count; k++)
        print_message("%s: %zu allocations\n", life_kinds[k].name, fail_each(&life_kinds[k]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_63_is_every_failing_allocation_survived),
    };
    gv_mem_replace(heap_alloc, heap_release);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
