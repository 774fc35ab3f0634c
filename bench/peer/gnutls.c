/* GnuTLS, through its trust lists. */
#include "peer/gnutls_peer.h"

#include <gnutls/gnutls.h>
#include <gnutls/x509.h>

enum { CHAIN_MAX = 8 };

static gnutls_datum_t datum(struct der d)
{
    return (gnutls_datum_t){(unsigned char *)d.at, (unsigned)d.len};
}

static bool import(gnutls_x509_crt_t *crt, struct der d)
{
    gnutls_datum_t data = datum(d);
    return gnutls_x509_crt_init(crt) == 0 &&
           gnutls_x509_crt_import(*crt, &data, GNUTLS_X509_FMT_DER) == 0;
}

bool bench_gnutls_parse(struct der certificate)
{
    gnutls_x509_crt_t crt;
    bool ok = import(&crt, certificate);
    gnutls_x509_crt_deinit(crt);
    return ok;
}

void *bench_gnutls_trust(struct der root)
{
    gnutls_x509_trust_list_t list;
    gnutls_x509_crt_t crt;
    if (gnutls_x509_trust_list_init(&list, 0) != 0 || !import(&crt, root) ||
        gnutls_x509_trust_list_add_cas(list, &crt, 1, 0) != 1)
        return NULL;
    return list;
}

bool bench_gnutls_verify(void *trust, const struct der *chain, size_t count, const char *host)
{
    gnutls_x509_crt_t crts[CHAIN_MAX];
    gnutls_typed_vdata_st name = {GNUTLS_DT_DNS_HOSTNAME, (unsigned char *)host, 0};
    unsigned status = 1, n = 0;
    if (trust == NULL || count > CHAIN_MAX)
        return false;
    while (n < count && import(&crts[n], chain[n]))
        n++;
    int err = gnutls_x509_trust_list_verify_crt2(trust, crts, n, &name, 1, 0, &status, NULL);
    while (n > 0)
        gnutls_x509_crt_deinit(crts[--n]);
    return err == 0 && status == 0;
}

void bench_gnutls_free(void *trust)
{
    if (trust != NULL)
        gnutls_x509_trust_list_deinit(trust, 1);
}
