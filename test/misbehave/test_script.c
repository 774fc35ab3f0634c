/* Is the scripted peer of the misbehaviour tests understood when it behaves? */
#include "lib/script.h"

#include "lib/exact.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void is_the_good_peer_understood(void **state)
{
    (void)state;
    for (unsigned is_client = 0; is_client < 2; is_client++) {
        uint8_t got[8];
        size_t n = 0;
        struct script *s = script_new(is_client != 0);
        script_begin(s);
        script_handshake(s);
        script_record(s, CONTENT_APPLICATION_DATA, span_str("hello"));
        assert_err(gv_connection_read(s->peer, got, sizeof got, &n), OK);
        assert_span(span_of(got, n), span_str("hello"));
        script_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_the_good_peer_understood)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
