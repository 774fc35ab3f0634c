/* No GnuTLS was there when the benchmarks were built: its contenders are left out. */
#include "peer/gnutls_peer.h"

bool bench_gnutls_parse(struct der certificate)
{
    (void)certificate;
    return false;
}

void *bench_gnutls_trust(struct der root)
{
    (void)root;
    return NULL;
}

bool bench_gnutls_verify(void *trust, const struct der *chain, size_t count, const char *host)
{
    (void)trust;
    (void)chain;
    (void)count;
    (void)host;
    return false;
}

void bench_gnutls_free(void *trust)
{
    (void)trust;
}
