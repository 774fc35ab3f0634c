/* Why a certificate was refused, in words: which check, what it expected, what it found. Written
 * after the fact, from the error and the certificate, so that the checks themselves only decide. */
#ifndef GALVAN_PKI_EXPLAIN_H
#define GALVAN_PKI_EXPLAIN_H

#include "base/detail.h"
#include "pki/name.h"
#include "pki/path.h"

struct path_failure {
    enum gv_err err;
    int32_t index;               /* of the certificate in the chain, or PATH_ANCHOR */
    const struct anchor *anchor; /* where the path came to one */
    const struct path_question *question;
    const struct server_name *name; /* NULL where none was asked for */
    const char *birth;              /* where the error was raised; not needed to explain it */
};

/* Fills *detail; it may be NULL. */
void gv_explain(const struct path_failure *f, struct detail *detail);

#endif
