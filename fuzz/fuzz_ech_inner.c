/* What a client encrypted, and the outer hello that it refers to, which stands in front behind two bytes
 * of length: the inner hello is no longer than both together, has the outer one's session id, and
 * refers to nothing any more. */
#include "wire/ech_inner.h"
#include "wire/hello.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

static void look_at(struct span message, struct span encoded, const struct client_hello *outer)
{
    struct client_hello m;
    must(message.len > HANDSHAKE_HEADER && message.at[0] == MSG_CLIENT_HELLO);
    if (gv_wire_read_client_hello(span_from(message, HANDSHAKE_HEADER), &m) != GV_OK)
        return; /* the contents of extensions are not decoding's business */
    must(span_equal(m.session_id, outer->session_id));
    must(memcmp(m.random.at, encoded.at + 2, RANDOM_LEN) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rd r = rd_of(span_of(data, size));
    const struct span outer = rd_vec(&r, 2, 0, 65535), encoded = rd_rest(&r);
    struct client_hello m;
    /* As the server asks first. */
    if (r.bad || gv_wire_read_client_hello(outer, &m) != GV_OK ||
        gv_extensions_check_place(&m.extensions, IN_CLIENT_HELLO) != GV_OK)
        return 0;
    const size_t room = gv_wire_inner_hello_max(encoded, outer);
    uint8_t *at = malloc(room);
    if (at == NULL)
        return 0;
    struct wr w = wr_of(at, room);
    if (gv_wire_decode_inner_hello(encoded, outer, &w) == GV_OK) {
        must(wr_done(&w));
        look_at(wr_span(&w), encoded, &m);
    }
    free(at);
    return 0;
}
