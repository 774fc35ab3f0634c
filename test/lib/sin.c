/* Each row is a test of its own, named by what is done. */
#include "lib/sin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void run(void **state)
{
    const struct sin *sin = *state;
    struct script *s = script_new(sin->by_client);

    if (sin->prepare != NULL)
        sin->prepare(s->p);
    script_begin(s);
    sin->act(s);
    if (sin->err == GV_OK)
        script_assert_fine(s);
    else
        script_assert_fails(s, sin->err, sin->alert);
    script_free(s);
}

int sins_run(const struct sin *sins, size_t count)
{
    struct CMUnitTest *tests = calloc(count, sizeof *tests);
    if (tests == NULL)
        return 1;
    for (size_t i = 0; i < count; i++) {
        tests[i].name = sins[i].name;
        tests[i].test_func = run;
        tests[i].initial_state = (void *)(uintptr_t)&sins[i];
    }
    int failed = _cmocka_run_group_tests("sins", tests, count, NULL, NULL);
    free(tests);
    return failed;
}
