/* Each row is a test of its own, named by what is done. */
#include "lib/sin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { NAME_MAX_LEN = 120 };
struct row {
    const struct sin *sin;
    uint16_t version;
    char name[NAME_MAX_LEN];
};

void sin_check(uint16_t version, const struct sin *sin)
{
    struct script *s = script_new(sin->by_client);

    script_use_version(s, version);
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

static void run(void **state)
{
    const struct row *row = *state;
    sin_check(row->version, row->sin);
}

static void make_row(struct row *row, struct CMUnitTest *test, uint16_t version,
                     const struct sin *sin)
{
    row->sin = sin;
    row->version = version;
    (void)snprintf(row->name, sizeof row->name, "%s %s: %s", version == TLS12 ? "TLS12" : "TLS13",
                   sin->by_client ? "server" : "client", sin->name);
    test->name = row->name;
    test->test_func = sin->whole != NULL ? sin->whole : run;
    test->initial_state = row;
}

static int list(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        puts(rows[i].name);
    return 0;
}

int sins_run(uint16_t version, const struct sin *sins, size_t count)
{
    struct CMUnitTest *tests = calloc(count, sizeof *tests);
    struct row *rows = calloc(count, sizeof *rows);
    int failed = 1;

    if (tests == NULL || rows == NULL)
        goto done;
    for (size_t i = 0; i < count; i++)
        make_row(&rows[i], &tests[i], version, &sins[i]);
    failed = getenv("GALVAN_LIST_TESTS") != NULL
                 ? list(rows, count)
                 : _cmocka_run_group_tests("sins", tests, count, NULL, NULL);
done:
    free(tests);
    free(rows);
    return failed;
}
