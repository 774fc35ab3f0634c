/* Every byte of every flight of each kind of connection is changed once: is there an error on one
 * side at least, wherever the byte means anything, and is nothing ever read that was not written?
 * (HOSTILE 47's ground, RFC 9846 appendix F.1: what one side saw is what the other said.) */
#include "lib/exact.h"
#include "lib/life.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { MINOR_VERSION = 2 }; /* its place in a record's header */

/* The minor version in a record's header means nothing (RFC 9846 section 5.1), but where it is a
 * part of what TLS 1.3's AEAD authenticates. */
static bool is_ignored(const struct pipe *pipe, size_t place)
{
    for (size_t i = 0; i < pipe->records; i++)
        if (place == pipe->record[i] + MINOR_VERSION)
            return true;
    return false;
}

static struct bare *begin(const struct life_kind *kind, size_t *up, size_t *down)
{
    struct bare *p = life_new(kind, gv_openssl_provider());
    struct life_end end = life_run(p, kind);
    life_assert_whole(&end, kind);
    *up = p->to_server.passed;
    *down = p->to_client.passed;
    return p;
}

static const uint8_t patterns[] = {0x01, 0x80, 0x10, 0xff, 0x02, 0x40, 0x7f, 0x08};

static void change_one(struct bare *p, const struct life_kind *kind, struct pipe *pipe,
                       size_t place)
{
    bare_clear_faults(p);
    life_again(p, kind);
    pipe->flip = place + 1;
    pipe->flip_with = patterns[place % COUNT_OF(patterns)];
    struct life_end end = life_run(p, kind);
    if (end.tampered)
        fail_msg("%s: byte %zu %s changed, and taken", kind->name, place,
                 pipe == &p->to_server ? "up" : "down");
    if (end.whole && pipe->passed > place && !is_ignored(pipe, place))
        fail_msg("%s: byte %zu %s changed, and nobody minds", kind->name, place,
                 pipe == &p->to_server ? "up" : "down");
}

/* Signatures vary in length, so that a life may be some bytes shorter than the one measured. Where
 * answers come later the bytes are the same; early data that is rejected is passed over unread. */
static void change_every(bool client_auth, bool resume)
{
    for (size_t k = 0; k < life_kind_count; k++) {
        const struct life_kind *kind = &life_kinds[k];
        size_t up, down;
        if (kind->client_auth != client_auth || kind->resume != resume || kind->later ||
            (kind->early && kind->retry))
            continue;
        struct bare *p = begin(kind, &up, &down);
        print_message("%s: %zu bytes\n", kind->name, up + down);
        for (size_t place = 0; place < up; place++)
            change_one(p, kind, &p->to_server, place);
        for (size_t place = 0; place < down; place++)
            change_one(p, kind, &p->to_client, place);
        bare_free(p);
    }
}

static void is_a_changed_byte_found_in_full_handshakes(void **state)
{
    (void)state;
    change_every(false, false);
}

static void is_a_changed_byte_found_with_client_certificates(void **state)
{
    (void)state;
    change_every(true, false);
}

static void is_a_changed_byte_found_in_resumed_handshakes(void **state)
{
    (void)state;
    change_every(false, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_changed_byte_found_in_full_handshakes),
        cmocka_unit_test(is_a_changed_byte_found_with_client_certificates),
        cmocka_unit_test(is_a_changed_byte_found_in_resumed_handshakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
