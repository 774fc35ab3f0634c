/* However the network cuts the bytes, does each kind of connection live as if it had not, and where
 * the bytes end early, does nobody take that for an orderly end? (HOSTILE 14, 15, 16, 69)
 *
 * The provider is the fake one: what is tried is where bytes are, not what they are. */
#include "lib/exact.h"
#include "lib/fake_provider.h"
#include "lib/life.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* One life with the faults that are set in the pipes. */
static struct life_end once(struct bare *p, const struct life_kind *kind)
{
    fake_provider_reset();
    return life_run(p, kind);
}

static void renew(struct bare *p, const struct life_kind *kind)
{
    bare_clear_faults(p);
    fake_provider_reset();
    life_again(p, kind);
}

static struct bare *begin(const struct life_kind *kind, size_t *to_server, size_t *to_client)
{
    fake_provider_reset();
    struct bare *p = life_new(kind, fake_provider());
    struct life_end end = once(p, kind);
    life_assert_whole(&end, kind);
    *to_server = p->to_server.passed;
    *to_client = p->to_client.passed;
    print_message("%s: %zu bytes up, %zu down\n", kind->name, *to_server, *to_client);
    return p;
}

static void hostile_14_does_one_cut_anywhere_change_nothing(void **state)
{
    (void)state;
    for (size_t k = 0; k < life_kind_count; k++) {
        size_t up, down;
        struct bare *p = begin(&life_kinds[k], &up, &down);
        for (size_t place = 1; place < (up > down ? up : down); place++) {
            renew(p, &life_kinds[k]);
            p->to_server.cut = p->to_client.cut = place;
            struct life_end end = once(p, &life_kinds[k]);
            life_assert_whole(&end, &life_kinds[k]);
        }
        bare_free(p);
    }
}

static void hostile_14_do_pieces_of_any_size_change_nothing(void **state)
{
    (void)state;
    for (size_t k = 0; k < life_kind_count; k++) {
        size_t up, down;
        struct bare *p = begin(&life_kinds[k], &up, &down);
        for (size_t piece = 1; piece < 80; piece++) {
            renew(p, &life_kinds[k]);
            p->to_server.piece = piece;
            p->to_client.piece = 81 - piece;
            struct life_end end = once(p, &life_kinds[k]);
            life_assert_whole(&end, &life_kinds[k]);
        }
        bare_free(p);
    }
}

/* The end of the stream is told to the one whose bytes ended, and asked about. */
static void assert_told_apart(struct connection *c, const struct life_kind *kind, size_t place)
{
    uint8_t byte;
    size_t n = 7;

    bare_end(c);
    enum gv_err err = gv_connection_read(c, &byte, 1, &n);
    if (gv_connection_failure(c)->err == GV_OK && err != GV_E_UNEXPECTED_EOF)
        fail_msg("%s, ends at %zu: reading answers %s", kind->name, place, gv_err_name(err));
    if (!gv_connection_is_handshaking(c))
        assert_false(gv_connection_wants_read(c));
}

static void hostile_15_16_69_is_an_early_end_no_orderly_end(void **state)
{
    (void)state;
    for (size_t k = 0; k < life_kind_count; k++) {
        size_t total[2];
        struct bare *p = begin(&life_kinds[k], &total[0], &total[1]);
        for (unsigned way = 0; way < 2; way++)
            for (size_t place = 1; place < total[way]; place++) {
                renew(p, &life_kinds[k]);
                (way == 0 ? &p->to_server : &p->to_client)->ends = place;
                struct life_end end = once(p, &life_kinds[k]);
                if (end.tampered || end.whole)
                    fail_msg("%s: whole without its last bytes, from %zu", life_kinds[k].name,
                             place);
                assert_told_apart(way == 0 ? p->server : p->client, &life_kinds[k], place);
            }
        bare_free(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_14_does_one_cut_anywhere_change_nothing),
        cmocka_unit_test(hostile_14_do_pieces_of_any_size_change_nothing),
        cmocka_unit_test(hostile_15_16_69_is_an_early_end_no_orderly_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
