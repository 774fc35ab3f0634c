/* The handshake messages behind the hellos (RFC 9846 sections 4.3 to 4.6, RFC 8879): bytes <-> structs.
 * Readers take the body, without the header of four bytes, and check all syntax; writers write
 * the whole message. Spans borrow. */
#ifndef GALVAN_WIRE_MESSAGE_H
#define GALVAN_WIRE_MESSAGE_H

#include "base/writer.h"
#include "wire/codepoints.h"
#include "wire/extension.h"

/* What message this is: its handshake type, or MSG_HELLO_RETRY_REQUEST for a ServerHello with that
 * random. whole is the message with its header. */
uint16_t gv_wire_message_type(struct span whole);

/* An ALPN answer has exactly one name (RFC 7301 section 3.1): the body of the extension, read; the
 * whole extension, written. DECODE_ALPN. */
MUST_USE enum gv_err gv_wire_read_alpn_answer(struct span body, struct span *name);
void gv_wire_write_alpn_answer(struct wr *w, struct span name);

/* ---- EncryptedExtensions (4.3.1) ------------------------------------------------------------ */
struct encrypted_extensions {
    struct extension_block extensions;
    struct span alpn;          /* the one protocol chosen; empty: none */
    bool early_data;           /* accepted (4.2.10) */
    struct span retry_configs; /* a whole ECHConfigList (RFC 9849 section 5); empty: none */
};

MUST_USE enum gv_err gv_wire_read_encrypted_extensions(struct span body,
                                                       struct encrypted_extensions *m);
/* server_name: acknowledge it; alpn: the protocol chosen, empty for none; retry_configs: an
 * ECHConfigList without its length, empty for none. */
void gv_wire_write_encrypted_extensions(struct wr *w, bool server_name, struct span alpn,
                                        bool early_data, struct span retry_configs);

/* ---- CertificateRequest (4.3.2) -------------------------------------------------------------- */
struct certificate_request {
    struct span context, schemes;
    struct span authorities;            /* DER names behind two length bytes each */
    struct span compression_algorithms; /* RFC 8879 */
    struct extension_block extensions;
};

MUST_USE enum gv_err gv_wire_read_certificate_request(struct span body,
                                                      struct certificate_request *m);
bool gv_next_authority(struct span *list, struct span *name); /* false at the end; in TLS 1.2 too */
/* schemes and compression_algorithms: two bytes each; authorities: count DER names. */
struct certificate_request_out {
    struct span schemes, compression_algorithms;
    const struct span *authorities;
    size_t count;
};
void gv_wire_write_certificate_request(struct wr *w, const struct certificate_request_out *m);

/* ---- Certificate (4.4.2) ---------------------------------------------------------------------- */
struct certificate {
    struct span context;
    struct span entries; /* CertificateEntry list, well-formed */
    size_t count;        /* of entries */
    size_t bytes;        /* of all certificates together */
};
struct certificate_entry {
    struct span der;
    struct extension_block extensions;
    struct span ocsp; /* of its status_request extension; empty: none */
};

MUST_USE enum gv_err gv_wire_read_certificate(struct span body, struct certificate *m);
/* The next entry of a list that was read above. *list must not be empty. Raises what its
 * extension block raises. */
MUST_USE enum gv_err gv_wire_next_certificate(struct span *list, struct certificate_entry *out);
/* ocsp: stapled to the leaf where it is not empty. */
void gv_wire_write_certificate(struct wr *w, struct span context, const struct span *chain,
                               size_t count, struct span ocsp);

/* ---- CompressedCertificate (RFC 8879 section 4) -------------------------------------------------- */
struct compressed_certificate {
    uint16_t algorithm;
    size_t uncompressed_length; /* claimed, of the Certificate message's body */
    struct span data;
};
enum { COMPRESSED_CERTIFICATE_FIXED = 8 }; /* bytes of the body besides the data */

MUST_USE enum gv_err gv_wire_read_compressed_certificate(struct span body,
                                                         struct compressed_certificate *m);
void gv_wire_write_compressed_certificate(struct wr *w, const struct compressed_certificate *m);

/* ---- CertificateVerify (4.4.3) ---------------------------------------------------------------- */
struct certificate_verify {
    uint16_t scheme;
    struct span signature;
};

MUST_USE enum gv_err gv_wire_read_certificate_verify(struct span body,
                                                     struct certificate_verify *m);
void gv_wire_write_certificate_verify(struct wr *w, uint16_t scheme, struct span signature);

/* ---- Finished (4.4.4), KeyUpdate (4.6.3), NewSessionTicket (4.6.1) ----------------------------- */
void gv_wire_write_finished(struct wr *w, struct span verify_data);

MUST_USE enum gv_err gv_wire_read_end_of_early_data(struct span body); /* 4.5 */
void gv_wire_write_end_of_early_data(struct wr *w);

MUST_USE enum gv_err gv_wire_read_key_update(struct span body, uint8_t *request);
void gv_wire_write_key_update(struct wr *w, uint8_t request);

struct new_session_ticket {
    uint32_t lifetime, age_add;
    struct span nonce, ticket;
    struct extension_block extensions;
    uint32_t max_early_data; /* 0: no early data */
};

MUST_USE enum gv_err gv_wire_read_new_session_ticket(struct span body,
                                                     struct new_session_ticket *m);
/* max_early_data 0: no early data. */
void gv_wire_write_new_session_ticket(struct wr *w, const struct new_session_ticket *m);

#endif
