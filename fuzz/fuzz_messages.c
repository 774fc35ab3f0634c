/* Each parser of handshake messages: the first byte chooses it, the rest is the body. Every span that
 * it answers is read to its end, so that a sanitizer sees one that points elsewhere. */
#include "wire/hello.h"
#include "wire/message.h"
#include "wire/message12.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint8_t sink;

static void see(struct span s)
{
    uint8_t sum = 0;
    for (size_t i = 0; i < s.len; i++)
        sum = (uint8_t)(sum + s.at[i]);
    sink = sum;
}

static void see_block(const struct extension_block *block)
{
    for (unsigned e = 0; e < EXT_COUNT; e++)
        see(block->body[e]);
    for (unsigned place = IN_CLIENT_HELLO; place <= IN_NEW_SESSION_TICKET; place *= 2)
        if (gv_extensions_check_place(block, (enum extension_place)place) != GV_OK)
            sink = 1;
}

static void client_hello(struct span body)
{
    struct client_hello m;
    struct key_share_entry share;
    struct psk_identity psk;
    struct span name;

    if (gv_wire_read_client_hello(body, &m) != GV_OK)
        return;
    const struct span spans[] = {m.random,       m.session_id,     m.suites,
                                 m.compressions, m.groups,         m.schemes,
                                 m.versions,     m.server_name,    m.psk_modes,
                                 m.cookie,       m.session_ticket, m.compression_algorithms,
                                 m.point_formats};
    for (size_t i = 0; i < COUNT_OF(spans); i++)
        see(spans[i]);
    see_block(&m.extensions);
    while (gv_next_key_share(&m.key_shares, &share))
        see(share.key);
    while (gv_next_psk_identity(&m.psk_identities, &psk))
        see(psk.identity);
    while (gv_next_vec8(&m.psk_binders, &name))
        see(name);
    while (gv_next_vec8(&m.alpn, &name))
        see(name);
    if (m.key_shares.len != 0 || m.psk_identities.len != 0 || m.psk_binders.len != 0 ||
        m.alpn.len != 0) /* a list that was found well-formed is walked to its end */
        abort();
    if (m.binders_at > body.len)
        abort();
}

static void server_hello(struct span body)
{
    struct server_hello m;
    struct server_hello13 x;
    struct server_hello12 y;

    if (gv_wire_read_server_hello(body, &m) != GV_OK)
        return;
    see(m.random);
    see(m.session_id);
    see_block(&m.extensions);
    if (gv_wire_read_server_hello13(&m, &x) == GV_OK) {
        see(x.share.key);
        see(x.cookie);
    }
    if (gv_wire_read_server_hello12(&m, &y) == GV_OK)
        see(y.alpn);
}

static void encrypted_extensions(struct span body)
{
    struct encrypted_extensions m;
    if (gv_wire_read_encrypted_extensions(body, &m) != GV_OK)
        return;
    see(m.alpn);
    see_block(&m.extensions);
}

static void certificate_request(struct span body)
{
    struct certificate_request m;
    if (gv_wire_read_certificate_request(body, &m) != GV_OK)
        return;
    see(m.context);
    see(m.schemes);
    see(m.authorities);
    see(m.compression_algorithms);
    see_block(&m.extensions);
}

static void certificate(struct span body)
{
    struct certificate m;
    struct certificate_entry entry;
    size_t bytes = 0;

    if (gv_wire_read_certificate(body, &m) != GV_OK)
        return;
    for (size_t i = 0; i < m.count; i++) {
        if (gv_wire_next_certificate(&m.entries, &entry) != GV_OK)
            return;
        see(entry.der);
        see(entry.ocsp);
        see_block(&entry.extensions);
        bytes += entry.der.len;
    }
    if (m.entries.len != 0 || bytes != m.bytes)
        abort();
}

static void compressed_certificate(struct span body)
{
    struct compressed_certificate m;
    if (gv_wire_read_compressed_certificate(body, &m) != GV_OK)
        return;
    see(m.data);
    if (m.data.len == 0 || m.data.len + COMPRESSED_CERTIFICATE_FIXED != body.len)
        abort();
}

static void certificate_verify(struct span body)
{
    struct certificate_verify m;
    if (gv_wire_read_certificate_verify(body, &m) == GV_OK)
        see(m.signature);
}

static void new_session_ticket(struct span body)
{
    struct new_session_ticket m;
    if (gv_wire_read_new_session_ticket(body, &m) != GV_OK)
        return;
    see(m.nonce);
    see(m.ticket);
    see_block(&m.extensions);
}

static void key_update(struct span body)
{
    uint8_t request;
    if (gv_wire_read_key_update(body, &request) == GV_OK && request > KEY_UPDATE_REQUESTED)
        abort();
}

static void certificate12(struct span body)
{
    struct certificate12 m;
    struct span der;
    size_t bytes = 0, count = 0;

    if (gv_wire_read_certificate12(body, &m) != GV_OK)
        return;
    for (; gv_next_certificate12(&m.list, &der); count++) {
        see(der);
        bytes += der.len;
    }
    if (count != m.count || bytes != m.bytes)
        abort();
}

static void others12(struct span body)
{
    struct span ocsp, point;
    struct server_key_exchange k;
    struct certificate_request12 r;
    struct new_session_ticket12 t;

    if (gv_wire_read_certificate_status(body, &ocsp) == GV_OK)
        see(ocsp);
    if (gv_wire_read_client_key_exchange(body, &point) == GV_OK)
        see(point);
    if (gv_wire_read_server_key_exchange(body, &k) == GV_OK) {
        see(k.point);
        see(k.params);
        see(k.signature);
    }
    if (gv_wire_read_certificate_request12(body, &r) == GV_OK) {
        see(r.types);
        see(r.schemes);
        see(r.authorities);
    }
    if (gv_wire_read_new_session_ticket12(body, &t) == GV_OK)
        see(t.ticket);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const parsers[])(struct span body) = {
        client_hello,  server_hello,       encrypted_extensions,   certificate_request,
        certificate,   certificate_verify, new_session_ticket,     key_update,
        certificate12, others12,           compressed_certificate,
    };
    if (size != 0)
        parsers[data[0] % COUNT_OF(parsers)](span_of(data + 1, size - 1));
    return 0;
}
