/* galvan.h: what Galvan adds to the API of rustls-ffi. The conventions are those of rustls.h,
 * except where a function says otherwise. */
#ifndef GALVAN_H
#define GALVAN_H

#include "rustls.h"

#define GALVAN_VERSION_MAJOR 0
#define GALVAN_VERSION_MINOR 1
#define GALVAN_VERSION_PATCH 0

/** One byte each for major, minor and patch, and a zero byte: 0x00010000 is 0.1.0. */
#define GALVAN_VERSION_NUMBER                                                                      \
    ((GALVAN_VERSION_MAJOR << 24) | (GALVAN_VERSION_MINOR << 16) | (GALVAN_VERSION_PATCH << 8))

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The version of the library that runs, "0.1.0"; the macros are of the header that was compiled
 * with. Static.
 */
struct rustls_str galvan_version(void);

/**
 * Why a connection failed: as data for a program, and as one sentence for a person. Every text is
 * terminated by a NUL and holds printable ASCII alone, whatever the peer sent; "" is one that is
 * not known. They live as long as the connection, except the sentence, which is in the struct.
 */
typedef struct galvan_error_detail {
    rustls_result result; /* what rustls_connection_process_new_packets answers */
    int32_t alert;        /* the alert that the peer was told, or, with RUSTLS_RESULT_ALERT_*, that
                             it sent (RFC 9846 section 6); -1 for none */
    int32_t certificate;  /* the one at fault, in the order in which the peer sent them, 0 its own;
                             -1 for none */
    const char *name;     /* finer than the result, and as stable: "CERT_EXPIRED" */
    const char *reason;   /* what is wrong, in words */
    const char *step;     /* where the handshake stood: "waiting for ServerHello" */
    const char *check;    /* what was checked: "validity period" */
    const char *expected; /* what would have passed */
    const char *found;    /* what was there instead */
    const char *subject;  /* of that certificate (RFC 4514) */
    const char *issuer;   /* of that certificate (RFC 4514) */
    const char *origin;   /* where in Galvan it was found: "src/pki/path.c:123" */
    char sentence[1024];  /* all of it that a person wants to read; no newline */
} galvan_error_detail;

/**
 * Fills *detail_out with what is known about the failure of the connection: its first, which is the
 * one that every later call answers. detail_size is sizeof *detail_out: a program and a library of
 * different versions fill what both know, and the rest of the program's is zero.
 * RUSTLS_RESULT_NOT_FOUND where the connection has not failed.
 */
rustls_result galvan_connection_error_detail(const struct rustls_connection *conn,
                                             struct galvan_error_detail *detail_out,
                                             size_t detail_size);

#ifdef __cplusplus
}
#endif

#endif /* GALVAN_H */
