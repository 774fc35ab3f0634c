/* A certificate (RFC 5280 section 4.1) taken apart: spans into its DER, nothing copied, nothing
 * allocated. Reading checks the form alone; whether a certificate may be believed is decided in
 * pki/checks and pki/path. */
#ifndef GALVAN_PKI_CERT_H
#define GALVAN_PKI_CERT_H

#include "base/error.h"
#include "pki/der.h"

/* The extensions that we read: X(name, its OID's content as a string, may it be critical). One that
 * may not be critical is not processed, or MUST NOT be (RFC 5280 section 4.2). */
#define CERT_EXTENSIONS(X)                                                                         \
    X(SUBJECT_KEY_ID, "\x55\x1d\x0e", false)                                                       \
    X(KEY_USAGE, "\x55\x1d\x0f", true)                                                             \
    X(SUBJECT_ALT_NAME, "\x55\x1d\x11", true)                                                      \
    X(BASIC_CONSTRAINTS, "\x55\x1d\x13", true)                                                     \
    X(NAME_CONSTRAINTS, "\x55\x1d\x1e", true)                                                      \
    X(CRL_DISTRIBUTION_POINTS, "\x55\x1d\x1f", true)                                               \
    X(CERTIFICATE_POLICIES, "\x55\x1d\x20", false)                                                 \
    X(POLICY_MAPPINGS, "\x55\x1d\x21", false)                                                      \
    X(AUTHORITY_KEY_ID, "\x55\x1d\x23", false)                                                     \
    X(POLICY_CONSTRAINTS, "\x55\x1d\x24", false)                                                   \
    X(EXT_KEY_USAGE, "\x55\x1d\x25", true)                                                         \
    X(INHIBIT_ANY_POLICY, "\x55\x1d\x36", false)                                                   \
    X(AUTHORITY_INFO_ACCESS, "\x2b\x06\x01\x05\x05\x07\x01\x01", false)                            \
    X(SCT_LIST, "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02", false)
enum cert_extension {
#define X(name, oid, critical) EXT_##name,
    CERT_EXTENSIONS(X)
#undef X
        EXT_COUNT
};

enum {
    CERT_EXTENSIONS_MAX = 64, /* ours: the CA/Browser Forum's profiles have a dozen */
    CERT_LEN_MIN = 80         /* bytes: names and signature empty, key and times in their least */
};

enum { CERT_V1 = 0, CERT_V2 = 1, CERT_V3 = 2 }; /* RFC 5280 section 4.1.2.1 */

struct certificate {
    struct span der;                 /* the whole */
    struct span tbs;                 /* what is signed, with its tag and length */
    struct span signature_algorithm; /* content of the AlgorithmIdentifier, as are the next two */
    struct span key_algorithm;
    struct span serial; /* content of the INTEGER */
    struct span issuer; /* with tag and length */
    struct span validity;
    struct span subject;               /* with tag and length */
    struct span spki;                  /* with tag and length */
    struct span public_key, signature; /* whole bytes of their BIT STRINGs */
    struct span ext[EXT_COUNT];        /* content of extnValue; at NULL: there is none */
    uint32_t critical;                 /* 1 << EXT_..., of those that are */
    uint8_t version;                   /* CERT_V1 ... */
    uint8_t extension_count;
    bool unprocessed_critical; /* has a critical extension that we do not process */
    bool unique_ids;           /* has an issuerUniqueID or subjectUniqueID */
};

/* CERT_BAD_DER, CERT_BAD_EXTENSION, CERT_DUPLICATE_EXTENSION, CERT_ALGORITHMS_DIFFER,
 * CERT_BAD_VERSION. */
enum gv_err gv_cert_parse(struct span der, struct certificate *c);

static inline bool cert_has(const struct certificate *c, enum cert_extension e)
{
    return c->ext[e].at != NULL;
}

static inline bool cert_is_critical(const struct certificate *c, enum cert_extension e)
{
    return (c->critical >> e & 1) != 0;
}

/* notBefore and notAfter, seconds since 1970. CERT_BAD_TIME. */
enum gv_err gv_cert_validity(const struct certificate *c, int64_t *not_before, int64_t *not_after);

/* RFC 5280 section 4.2.1.9; path_len is -1 where there is none. CERT_BAD_EXTENSION. */
struct basic_constraints {
    bool ca;
    int path_len;
};
enum gv_err gv_cert_basic_constraints(const struct certificate *c, struct basic_constraints *out);

/* RFC 5280 section 4.2.1.3, as a mask; no extension: all bits. CERT_BAD_EXTENSION. */
enum key_usage {
    KU_DIGITAL_SIGNATURE = 1 << 0,
    KU_CONTENT_COMMITMENT = 1 << 1,
    KU_KEY_ENCIPHERMENT = 1 << 2,
    KU_DATA_ENCIPHERMENT = 1 << 3,
    KU_KEY_AGREEMENT = 1 << 4,
    KU_KEY_CERT_SIGN = 1 << 5,
    KU_CRL_SIGN = 1 << 6,
    KU_ENCIPHER_ONLY = 1 << 7,
    KU_DECIPHER_ONLY = 1 << 8
};
enum gv_err gv_cert_key_usage(const struct certificate *c, uint16_t *out);

/* RFC 5280 section 4.2.1.12: the purposes that TLS asks for, as a mask; no extension: all.
 * CERT_EMPTY_EKU, CERT_BAD_EXTENSION. */
enum key_purpose { PURPOSE_SERVER = 1, PURPOSE_CLIENT = 2, PURPOSE_ANY = 4, PURPOSE_OTHER = 8 };
enum gv_err gv_cert_purposes(const struct certificate *c, uint8_t *out);

/* One Extension of an Extensions field, here and in revocation lists. */
struct x509_extension {
    struct span oid, value;
    bool critical;
};
struct x509_extension gv_extension_read(struct rd *r);

#endif
