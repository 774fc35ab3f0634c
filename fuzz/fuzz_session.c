/* Sessions as a store gives them back: any bytes. What is read is sound, and writing it gives the
 * very bytes that were read: there is one form of each session. */
#include "base/mem.h"
#include "config/session.h"
#include "wire/codepoints.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t again[SESSION_ENCODED_MAX];
    struct session *s;
    size_t len;
    if (gv_session_decode(span_of(data, size), &s) != GV_OK)
        return 0;
    must(s->version == TLS12 || s->version == TLS13);
    must(s->secret.len != 0 && s->lifetime <= SESSION_LIFETIME_MAX && s->issued_ms >= 0);
    must(gv_session_encode(s, again, sizeof again, &len) == GV_OK);
    must(span_equal(span_of(again, len), span_of(data, size)));
    gv_session_free(s);
    return 0;
}
