/* Extensions (RFC 9846 section 4.2): one table that says what may stand where, and one function
 * that checks it, for every message that carries an extension block. */
#ifndef GALVAN_WIRE_EXTENSION_H
#define GALVAN_WIRE_EXTENSION_H

#include "base/error.h"
#include "base/reader.h"

/* Where an extension may stand. */
enum extension_place {
    IN_CLIENT_HELLO = 1,
    IN_SERVER_HELLO = 2,   /* TLS 1.3's */
    IN_SERVER_HELLO12 = 4, /* RFC 5246 section 7.4.1.4 */
    IN_HELLO_RETRY = 8,
    IN_ENCRYPTED_EXTENSIONS = 16,
    IN_CERTIFICATE = 32,
    IN_CERTIFICATE_REQUEST = 64,
    IN_NEW_SESSION_TICKET = 128,
    IN_ENCODED_INNER_HELLO = 256 /* RFC 9849 section 5.1 */
};

/* The table of RFC 9846 section 4.2, with the registrations of other RFCs: X(name, code, places).
 * One place is no RFC's: servers of TLS 1.2 are about that send supported_groups. */
#define EXTENSIONS(X)                                                                              \
    X(SERVER_NAME, 0, IN_CLIENT_HELLO | IN_ENCRYPTED_EXTENSIONS | IN_SERVER_HELLO12)               \
    X(STATUS_REQUEST, 5,                                                                           \
      IN_CLIENT_HELLO | IN_CERTIFICATE_REQUEST | IN_CERTIFICATE | IN_SERVER_HELLO12)               \
    X(SUPPORTED_GROUPS, 10, IN_CLIENT_HELLO | IN_ENCRYPTED_EXTENSIONS | IN_SERVER_HELLO12)         \
    X(EC_POINT_FORMATS, 11, IN_CLIENT_HELLO | IN_SERVER_HELLO12)                                   \
    X(SIGNATURE_ALGORITHMS, 13, IN_CLIENT_HELLO | IN_CERTIFICATE_REQUEST)                          \
    X(ALPN, 16, IN_CLIENT_HELLO | IN_ENCRYPTED_EXTENSIONS | IN_SERVER_HELLO12)                     \
    X(EXTENDED_MASTER_SECRET, 23, IN_CLIENT_HELLO | IN_SERVER_HELLO12)                             \
    X(COMPRESS_CERTIFICATE, 27, IN_CLIENT_HELLO | IN_CERTIFICATE_REQUEST)                          \
    X(SESSION_TICKET, 35, IN_CLIENT_HELLO | IN_SERVER_HELLO12)                                     \
    X(PRE_SHARED_KEY, 41, IN_CLIENT_HELLO | IN_SERVER_HELLO)                                       \
    X(EARLY_DATA, 42, IN_CLIENT_HELLO | IN_ENCRYPTED_EXTENSIONS | IN_NEW_SESSION_TICKET)           \
    X(SUPPORTED_VERSIONS, 43, IN_CLIENT_HELLO | IN_SERVER_HELLO | IN_HELLO_RETRY)                  \
    X(COOKIE, 44, IN_CLIENT_HELLO | IN_HELLO_RETRY)                                                \
    X(PSK_KEY_EXCHANGE_MODES, 45, IN_CLIENT_HELLO)                                                 \
    X(CERTIFICATE_AUTHORITIES, 47, IN_CLIENT_HELLO | IN_CERTIFICATE_REQUEST)                       \
    X(SIGNATURE_ALGORITHMS_CERT, 50, IN_CLIENT_HELLO | IN_CERTIFICATE_REQUEST)                     \
    X(KEY_SHARE, 51, IN_CLIENT_HELLO | IN_SERVER_HELLO | IN_HELLO_RETRY)                           \
    X(TICKET_REQUEST, 58, IN_CLIENT_HELLO | IN_ENCRYPTED_EXTENSIONS)                               \
    X(ECH_OUTER_EXTENSIONS, 64768, IN_ENCODED_INNER_HELLO)                                         \
    X(ENCRYPTED_CLIENT_HELLO, 65037, IN_CLIENT_HELLO | IN_HELLO_RETRY | IN_ENCRYPTED_EXTENSIONS)   \
    X(RENEGOTIATION_INFO, 65281, IN_CLIENT_HELLO | IN_SERVER_HELLO12)

enum extension {
#define X(name, code, places) EXT_##name,
    EXTENSIONS(X)
#undef X
        EXT_COUNT
};

#define EXT_BIT(name) (UINT32_C(1) << EXT_##name)

/* A block that was taken apart: spans borrow from it. */
struct extension_block {
    uint32_t seen;       /* a bit for each extension of the table that stands in it */
    bool unknown;        /* it has extensions that the table does not know */
    enum extension last; /* the last one; EXT_COUNT where unknown or none */
    struct span body[EXT_COUNT];
};

/* IANA's number of an extension. */
uint16_t gv_extension_code(enum extension e);

/* Takes a block apart. DECODE_EXTENSIONS where it is malformed, EXTENSION_REPEATED where one stands
 * in it twice, whether the table knows it or not. */
MUST_USE enum gv_err gv_extensions_read(struct span block, struct extension_block *out);

/* EXTENSION_MISPLACED where one of them may not stand in this place (section 4.2). */
MUST_USE enum gv_err gv_extensions_check_place(const struct extension_block *block,
                                               enum extension_place place);

#endif
