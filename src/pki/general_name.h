/* GeneralNames (RFC 5280 section 4.2.1.6): the names in subjectAltName, name constraints and
 * distribution points, and the question whether a certificate names a server. */
#ifndef GALVAN_PKI_GENERAL_NAME_H
#define GALVAN_PKI_GENERAL_NAME_H

#include "pki/cert.h"
#include "pki/name.h"

enum general_name_kind { /* their tags' numbers */
                         GN_OTHER = 0,
                         GN_EMAIL = 1,
                         GN_DNS = 2,
                         GN_X400 = 3,
                         GN_DIRECTORY = 4,
                         GN_EDI_PARTY = 5,
                         GN_URI = 6,
                         GN_IP = 7,
                         GN_REGISTERED_ID = 8
};

struct general_name {
    uint8_t kind;      /* enum general_name_kind */
    struct span value; /* content; of a directory name, the Name with tag and length */
};

struct general_name gv_general_name_read(struct rd *r);

/* Begins to read the names in the certificate's subjectAltName: *r is empty where it has none, and
 * bad where the extension is malformed. Read while rd_more, and ask rd_end at the end. */
struct rd gv_san_open(const struct certificate *c);

/* RFC 9525 section 6: whether one of the certificate's names is the server's. The common name is
 * never asked. With strict, a wildcard for all names under a public suffix names nobody.
 * CERT_NAME_MISMATCH, CERT_BAD_EXTENSION. */
enum gv_err gv_san_check(const struct certificate *c, const struct server_name *name, bool strict);

/* A name in words, "DNS:example.org", cut to fit. */
void gv_general_name_text(struct general_name name, char *out, size_t size);

#endif
