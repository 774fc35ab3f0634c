/* GnuTLS measured beside, where it is there when the benchmarks are built. Chains are DER, the leaf
 * first. */
#ifndef GALVAN_BENCH_GNUTLS_PEER_H
#define GALVAN_BENCH_GNUTLS_PEER_H

#include <stdbool.h>
#include <stddef.h>

struct der {
    const unsigned char *at;
    size_t len;
};

/* Reads a certificate and frees it. False where GnuTLS is not there. */
bool bench_gnutls_parse(struct der certificate);

/* Reads the chain, verifies it up to the root, and that it names the host. */
void *bench_gnutls_trust(struct der root); /* NULL where GnuTLS is not there */
bool bench_gnutls_verify(void *trust, const struct der *chain, size_t count, const char *host);
void bench_gnutls_free(void *trust);

#endif
