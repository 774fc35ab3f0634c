/* Each call of a primitive fails in turn, in each kind of connection: does it always come out as an
 * error, never as success, and is the peer told? (HOSTILE 47, 64, 65; CVE-2025-27810) */
#include "lib/failing_provider.h"
#include "lib/heap.h"
#include "lib/life.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A ticket that cannot be made, kept or opened costs a full handshake, and is no error. */
static bool is_forgiven(const struct life_kind *kind, const char *name)
{
    return kind->resume && name != NULL;
}

static void fail_one(struct bare *p, const struct life_kind *kind, size_t n)
{
    life_again(p, kind);
    failing_provider_fail_at(n);
    struct life_end end = life_run(p, kind);
    const char *name = failing_provider_failed();
    failing_provider_fail_at(0);
    if (end.tampered)
        fail_msg("%s: call %zu (%s) fails, and something was tampered", kind->name, n, name);
    if (name != NULL && end.whole && !end.told && !is_forgiven(kind, name))
        fail_msg("%s: call %zu (%s) fails, and nobody minds", kind->name, n, name);
    if (end.told && end.whole)
        fail_msg("%s: call %zu (%s) fails, and the connection goes on", kind->name, n, name);
}

static size_t fail_each(const struct life_kind *kind)
{
    struct bare *p = life_new(kind, failing_provider());
    size_t before = failing_provider_calls(), live = 0;
    struct life_end end = life_run(p, kind);
    size_t calls = failing_provider_calls() - before;

    life_assert_whole(&end, kind);
    life_again(p, kind);
    live = heap_live();
    for (size_t n = 1; n <= calls; n++) {
        fail_one(p, kind, n);
        life_again(p, kind);
        assert_int_equal(heap_live(), live);
    }
    bare_free(p);
    return calls;
}

static void hostile_47_64_65_is_every_failing_primitive_an_error(void **state)
{
    (void)state;
    for (size_t k = 0; k < life_kind_count; k++)
        print_message("%s: %zu calls\n", life_kinds[k].name, fail_each(&life_kinds[k]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_47_64_65_is_every_failing_primitive_an_error),
    };
    gv_mem_replace(heap_alloc, heap_release);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
