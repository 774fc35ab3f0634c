/* Certificates and revocation lists made to order: whatever a test wants in them, well-formed or
 * not, signed by a key of test/certs or not at all. */
#ifndef GALVAN_TEST_X509_H
#define GALVAN_TEST_X509_H

#include "crypto/provider.h"

/* ---- DER, written inside out of nested begins and ends -------------------------------------------- */

enum { DER_ROOM = 1 << 16 };

struct derw {
    uint8_t at[DER_ROOM];
    size_t len;
};

void derw_bytes(struct derw *w, struct span bytes);
void derw_value(struct derw *w, uint8_t tag, struct span content);
/* What is written between the two becomes the content. */
size_t derw_begin(struct derw *w, uint8_t tag);
void derw_end(struct derw *w, size_t begin);
static inline struct span derw_span(const struct derw *w)
{
    return (struct span){w->at, w->len};
}
/* "\x55\x1d\x11" and the like, without its NUL. */
#define DER_LITERAL(text) ((struct span){(const uint8_t *)(text), sizeof(text) - 1})

/* ---- certificates ------------------------------------------------------------------------------ */

struct recipe {
    const char *subject, *issuer; /* a common name; "": an empty name */
    const char *key;              /* test/certs/KEY.key, P-256: whose public half is in it */
    const char *signer;           /* likewise: who signs; NULL: the signature is one byte */
    struct span serial;           /* empty: 1 */
    int64_t from, to;             /* years; 0: 2020 and 2050 */
    bool ca;
    int path_len;         /* with ca; below zero: none */
    uint16_t key_usage;   /* as enum key_usage; 0: no such extension */
    const char *dns;      /* a name, or several with blanks between; NULL: none */
    struct span purposes; /* content of the SEQUENCE of extended key usages */
    bool version1;        /* then no extension may stand in it */
    struct span more;     /* further Extensions, one behind the other */
};

/* The certificate's DER, which lives until x509_forget. */
struct span x509_certificate(const struct recipe *r);

/* An Extension for `more`, and a nameConstraints one with these DNS names (blanks between). */
void x509_extension(struct derw *w, struct span oid, bool critical, struct span value);
void x509_name_constraints(struct derw *w, const char *permitted, const char *excluded);

/* ---- revocation lists ---------------------------------------------------------------------------- */

struct crl_recipe {
    const char *issuer, *signer;
    uint32_t number; /* below 2^15; 0: none */
    size_t entries;  /* serial numbers first, first + step ... of four bytes */
    uint32_t first, step;
    int64_t next_update;  /* year; 0: 2050 */
    struct span more;     /* further Extensions of the list */
    struct span of_entry; /* Extensions of each entry */
};

/* The list's DER, which lives until x509_forget. May have any number of entries. */
struct span x509_crl(const struct crl_recipe *r);

void x509_forget(void);

#endif
