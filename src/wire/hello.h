/* ClientHello, ServerHello and HelloRetryRequest: bytes <-> structs. A reader checks all syntax,
 * that of the extensions' contents too, so that nothing behind it parses; it decides nothing.
 * Spans borrow from the message. */
#ifndef GALVAN_WIRE_HELLO_H
#define GALVAN_WIRE_HELLO_H

#include "base/writer.h"
#include "wire/codepoints.h"
#include "wire/ech.h"
#include "wire/extension.h"

enum { RANDOM_LEN = 32, SESSION_ID_MAX = 32 };

/* A list that was found well-formed: `items` in wire form, walked with gv_list_next. */
struct key_share_entry {
    uint16_t group;
    struct span key;
};
struct psk_identity {
    struct span identity;
    uint32_t obfuscated_age;
};

/* RFC 9846 section 4.1.2. Where an extension is absent, its span is empty and its bit in
 * extensions.seen is clear. Lists of numbers are two bytes each, big-endian. */
struct client_hello {
    uint16_t version; /* legacy_version */
    struct span random, session_id, suites, compressions;
    struct extension_block extensions;
    struct span server_name;     /* host_name (RFC 6066 section 3) */
    struct span groups, schemes; /* supported_groups, signature_algorithms */
    struct span versions;        /* supported_versions */
    struct span alpn;            /* ProtocolNameList: names behind a length byte each */
    struct span key_shares;      /* KeyShareEntry list */
    struct span psk_modes;       /* a byte each */
    struct span cookie;
    struct span psk_identities, psk_binders;
    size_t psk_identity_count, psk_binder_count;
    struct span session_ticket;           /* RFC 5077 */
    struct span compression_algorithms;   /* RFC 8879 */
    struct span point_formats;            /* RFC 8422 */
    bool ocsp;                            /* status_request asks for OCSP */
    uint8_t tickets_new, tickets_resumed; /* ticket_request (RFC 9149 section 2) */
    struct ech_hello ech;                 /* encrypted_client_hello (RFC 9849 section 5) */
    struct span outer_extensions;         /* of an encoded inner hello (RFC 9849 section 5.1) */
    size_t binders_at; /* bytes of the message before the binders: what they sign (4.2.11.2) */
};

/* body is the message without its header of four bytes. DECODE_CLIENT_HELLO, and what
 * gv_extensions_read raises; PSK_NOT_LAST where pre_shared_key is not the last extension. */
MUST_USE enum gv_err gv_wire_read_client_hello(struct span body, struct client_hello *m);

/* Walk lists that were checked above; false at the end. */
bool gv_next_key_share(struct span *list, struct key_share_entry *out);
bool gv_next_psk_identity(struct span *list, struct psk_identity *out);
bool gv_next_vec8(struct span *list, struct span *out); /* ALPN names, binders */

/* Whether a list of two-byte numbers, or of bytes, has this one. */
bool gv_list_has_u16(struct span list, uint16_t code);
bool gv_list_has_u8(struct span list, uint8_t code);

/* RFC 9846 section 4.1.3 and RFC 5246 section 7.4.1.3; HelloRetryRequest is one with a fixed
 * random. The contents of extensions are read by version, below. */
struct server_hello {
    uint16_t version; /* legacy_version */
    struct span random, session_id;
    uint16_t suite;
    uint8_t compression;
    bool is_retry;
    struct extension_block extensions;
};

MUST_USE enum gv_err gv_wire_read_server_hello(struct span body, struct server_hello *m);

/* The contents of a ServerHello's or HelloRetryRequest's extensions in TLS 1.3. */
struct server_hello13 {
    uint16_t selected_version;    /* 0: absent */
    struct key_share_entry share; /* group 0: absent; in a HelloRetryRequest the key is empty */
    struct span cookie;
    bool has_psk;
    uint16_t psk;
    struct span ech_confirmation; /* HelloRetryRequest (RFC 9849 section 7.2.1); empty: absent */
};

MUST_USE enum gv_err gv_wire_read_server_hello13(const struct server_hello *m,
                                                 struct server_hello13 *out);

/* ---- writing ------------------------------------------------------------------------------ */

/* A pre-shared key as a ClientHello offers it (section 4.2.11). */
struct psk_out {
    struct span identity;
    uint32_t age; /* obfuscated_ticket_age */
    uint8_t binder_len;
    struct span binder; /* so many bytes; empty: zeros */
};

/* What a ClientHello is written from. Extensions are written in the given order; those whose
 * content is absent are not. */
struct client_hello_out {
    struct span random, session_id, suites;
    const enum extension *order;
    size_t order_count;
    struct span server_name, groups, schemes, versions, alpn;
    struct span key_shares; /* entries in wire form */
    struct span cookie;
    struct span session_ticket;         /* RFC 5077; may be empty and offered all the same */
    struct span compression_algorithms; /* RFC 8879, two bytes each */
    const struct psk_out *psks;
    size_t psk_count;                     /* 0: none is offered */
    uint8_t tickets_new, tickets_resumed; /* RFC 9149 */
    bool ocsp, tls12, tls13, ticket_request, early_data;
    const struct ech_hello *ech; /* NULL: none */
    uint32_t shared; /* an inner hello: bits of what the outer one has too, word for word */
};

/* The extensions that such a hello has, as bits. */
uint32_t gv_wire_client_hello_extensions(const struct client_hello_out *m);

/* Writes the whole message, header too. What is shared stands behind the rest, in the order's order;
 * pre_shared_key comes last, whatever the order says. */
void gv_wire_write_client_hello(struct wr *w, const struct client_hello_out *m);

/* Writes the EncodedClientHelloInner of that hello, without padding (RFC 9849 section 5.1). */
void gv_wire_write_encoded_inner_hello(struct wr *w, const struct client_hello_out *m);

/* Bytes at the end of such a hello that its binders do not cover: their list. */
static inline size_t gv_wire_binders_len(const struct psk_out *psks, size_t count)
{
    size_t n = 2;
    for (size_t i = 0; i < count; i++)
        n += 1u + psks[i].binder_len;
    return n;
}

struct server_hello_out {
    struct span random, session_id;
    uint16_t suite;
    uint16_t group;    /* key_share */
    struct span share; /* empty in a HelloRetryRequest */
    bool psk;          /* the identity psk_index is used */
    bool ech;          /* HelloRetryRequest: it ends with encrypted_client_hello, of zeros */
    uint16_t psk_index;
};

void gv_wire_write_server_hello13(struct wr *w, const struct server_hello_out *m);
void gv_wire_write_hello_retry_request(struct wr *w, const struct server_hello_out *m);

/* Where in a whole ServerHello the confirmation of RFC 9849 section 7.2 stands: the last bytes of its
 * random. */
enum { SERVER_HELLO_CONFIRMATION = HANDSHAKE_HEADER + 2 + RANDOM_LEN - ECH_CONFIRMATION_LEN };

/* The random that makes a ServerHello a HelloRetryRequest (section 4.1.3), 32 bytes. */
extern const uint8_t gv_hello_retry_random[RANDOM_LEN];

/* The last eight bytes of a ServerHello's random from a server that could do better (4.1.3). */
extern const uint8_t gv_downgrade_tls12[8], gv_downgrade_tls11[8];

#endif
