/* What a peer says, as far as the choice of a config or of a certificate hangs on it, and who chooses
 * the certificate where the application wants to do so itself. */
#ifndef GALVAN_CONFIG_HELLO_H
#define GALVAN_CONFIG_HELLO_H

#include "base/error.h"
#include "config/certified_key.h"

/* What a client says in its ClientHello. Spans borrow from the message. Lists of numbers are two bytes each, big-endian. */
struct hello_facts {
    struct span server_name; /* host_name (RFC 6066 section 3); empty: none */
    struct span suites, schemes, groups;
    struct span alpn; /* names behind a length byte each */
};

/* Stands in a server's config in place of certified keys. */
struct key_chooser {
    /* GV_OK with the key in *out, borrowed until the caller has taken a reference; NULL: none fits.
     * ANSWER_PENDING: it comes later. Any other error ends the handshake. userdata: of the connection. */
    enum gv_err (*choose)(const struct key_chooser *chooser, const struct hello_facts *hello,
                          void *userdata, const struct certified_key **out);
    void (*callback)(void); /* choose's own business: to be cast to the type that it was */
};

/* What a server says in its CertificateRequest. authorities: DER names behind two length bytes each. */
struct request_facts {
    struct span schemes, authorities;
};

/* Stands in a client's config in place of certified keys. As above; NULL: none is sent. */
struct client_key_chooser {
    enum gv_err (*choose)(const struct client_key_chooser *chooser,
                          const struct request_facts *request, void *userdata,
                          const struct certified_key **out);
    void (*callback)(void);
};

#endif
