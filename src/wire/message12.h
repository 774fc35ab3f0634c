/* The handshake messages of TLS 1.2 (RFC 5246 section 7.4, RFC 8422 section 5, RFC 5077, RFC 6066):
 * bytes <-> structs, as in wire/message.h. */
#ifndef GALVAN_WIRE_MESSAGE12_H
#define GALVAN_WIRE_MESSAGE12_H

#include "base/writer.h"
#include "wire/codepoints.h"
#include "wire/hello.h"
#include "wire/message.h"

/* ---- ServerHello ------------------------------------------------------------------------------ */
/* The contents of its extensions (RFC 5246 section 7.4.1.3). */
struct server_hello12 {
    struct span alpn; /* empty: none */
    bool extended_master_secret, ticket, ocsp;
};
/* RENEGOTIATION_INFO_WRONG where it is not empty (RFC 5746 section 3.4). */
MUST_USE enum gv_err gv_wire_read_server_hello12(const struct server_hello *m,
                                                 struct server_hello12 *out);

struct server_hello12_out {
    struct span random, session_id;
    uint16_t suite;
    struct span alpn;
    bool server_name, extended_master_secret, ticket, ocsp, point_formats, renegotiation_info;
};
void gv_wire_write_server_hello12(struct wr *w, const struct server_hello12_out *m);

/* ---- Certificate, CertificateStatus -------------------------------------------------------------- */
struct certificate12 {
    struct span list; /* certificates behind three length bytes each, well-formed */
    size_t count, bytes;
};
MUST_USE enum gv_err gv_wire_read_certificate12(struct span body, struct certificate12 *m);
bool gv_next_certificate12(struct span *list, struct span *der); /* false at the end */
void gv_wire_write_certificate12(struct wr *w, const struct span *chain, size_t count);

MUST_USE enum gv_err gv_wire_read_certificate_status(struct span body, struct span *ocsp);
void gv_wire_write_certificate_status(struct wr *w, struct span ocsp);

/* ---- key exchange ----------------------------------------------------------------------------------- */
struct server_key_exchange {
    uint16_t group;
    struct span point, params; /* params: what the signature covers, point included */
    uint16_t scheme;
    struct span signature;
};
MUST_USE enum gv_err gv_wire_read_server_key_exchange(struct span body,
                                                      struct server_key_exchange *m);
/* ServerECDHParams alone: what is signed. */
void gv_wire_write_ecdh_params(struct wr *w, uint16_t group, struct span point);
void gv_wire_write_server_key_exchange(struct wr *w, struct span params, uint16_t scheme,
                                       struct span signature);

MUST_USE enum gv_err gv_wire_read_client_key_exchange(struct span body, struct span *point);
void gv_wire_write_client_key_exchange(struct wr *w, struct span point);

/* ---- the rest ------------------------------------------------------------------------------------------ */
enum { CERT_TYPE_RSA_SIGN = 1, CERT_TYPE_ECDSA_SIGN = 64 }; /* RFC 8422 section 5.5 */

struct certificate_request12 {
    struct span types; /* CERT_TYPE_*, a byte each */
    struct span schemes, authorities;
};
MUST_USE enum gv_err gv_wire_read_certificate_request12(struct span body,
                                                        struct certificate_request12 *m);
void gv_wire_write_certificate_request12(struct wr *w, struct span schemes,
                                         const struct span *authorities, size_t count);

MUST_USE enum gv_err gv_wire_read_server_hello_done(struct span body);
void gv_wire_write_server_hello_done(struct wr *w);

struct new_session_ticket12 {
    uint32_t lifetime; /* seconds, a hint */
    struct span ticket;
};
MUST_USE enum gv_err gv_wire_read_new_session_ticket12(struct span body,
                                                       struct new_session_ticket12 *m);
void gv_wire_write_new_session_ticket12(struct wr *w, uint32_t lifetime, struct span ticket);

#endif
