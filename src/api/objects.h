/* The types of rustls.h that a program holds by pointer are, for the most part, types of the rooms
 * below under another name: the same pointer, seen from outside or from inside. Which is which
 * stands here and nowhere else; no other file of api/ casts between them. */
#ifndef GALVAN_API_OBJECTS_H
#define GALVAN_API_OBJECTS_H

#include "base/span.h"
#include "config/config.h"
#include "connection/acceptor.h"
#include "connection/connection.h"
#include "crypto/provider.h"
#include "galvan.h"

/* API_TYPE(name, outside, inside) makes in_name() and out_name(), the two views of one pointer. */
#define API_TYPE(name, outside, inside)                                                            \
    static inline inside *in_##name(outside *p)                                                    \
    {                                                                                              \
        return (inside *)p;                                                                        \
    }                                                                                              \
    static inline outside *out_##name(inside *p)                                                   \
    {                                                                                              \
        return (outside *)p;                                                                       \
    }

/* Shared by reference count, and never changed: seen as const. */
API_TYPE(provider, const struct rustls_crypto_provider, const struct provider)
API_TYPE(client_config, const struct rustls_client_config, const struct client_config)
API_TYPE(server_config, const struct rustls_server_config, const struct server_config)
API_TYPE(certified_key, const struct rustls_certified_key, const struct certified_key)

API_TYPE(roots, const struct rustls_root_cert_store, struct anchor_set)

/* Borrowed. */
API_TYPE(suite, const struct rustls_supported_ciphersuite, const struct cipher_suite_info)
API_TYPE(hpke, const struct rustls_hpke, const struct hpke_algorithms)
API_TYPE(certificate, const struct rustls_certificate, const struct span)

/* An alert for a client that never came to be a connection's is kept in a connection that failed. */
API_TYPE(acceptor, struct rustls_acceptor, struct acceptor)
API_TYPE(accepted_hello, struct rustls_accepted, struct accepted)
API_TYPE(seen_hello, const struct rustls_accepted, const struct accepted)
API_TYPE(accepted_alert, struct rustls_accepted_alert, struct connection)
API_TYPE(seen_alert, const struct rustls_accepted_alert, const struct connection)

/* Owned, or counted. */
API_TYPE(server_verifier, struct rustls_server_cert_verifier, struct verifier)
API_TYPE(client_verifier, struct rustls_client_cert_verifier, struct verifier)
API_TYPE(signing_key, struct rustls_signing_key, struct signing_key)
API_TYPE(connection, struct rustls_connection, struct connection)
API_TYPE(seen, const struct rustls_connection, const struct connection)
API_TYPE(ech_keys, struct galvan_ech_keys, struct ech_keys)
API_TYPE(seen_ech_keys, const struct galvan_ech_keys, const struct ech_keys)

/* The provider that stands in where none is given, alive as long as the process; NULL where there
 * is none. From the first call on no other can be installed. */
const struct provider *gv_api_default_provider(void);

#endif
