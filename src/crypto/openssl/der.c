/* DER (X.690 section 10), as far as public keys of RSA and private keys need it. Certificates are
 * pki/'s, which this room does not know. */
#include "crypto/openssl/der.h"

struct span gv_openssl_element(struct rd *r, uint8_t tag)
{
    if (rd_u8(r) != tag)
        rd_fail(r);
    uint32_t len = rd_u8(r);
    if (len > 0x7f) {
        size_t width = len & 0x7f;
        uint32_t least = width == 1 ? 0x80 : 0x100;
        len = width == 1 || width == 2 ? rd_uint(r, width) : 0;
        if (len < least)
            rd_fail(r);
    }
    return rd_bytes(r, r->bad ? 0 : len);
}

struct span gv_openssl_positive(struct rd *r)
{
    struct span n = gv_openssl_element(r, DER_INTEGER);
    if (n.at == NULL || n.len == 0) {
        rd_fail(r);
        return (struct span){NULL, 0};
    }
    const bool zero = n.at[0] == 0, high = n.len > (size_t)zero && n.at[zero] > 0x7f;
    if (zero != high)
        rd_fail(r);
    return r->bad ? (struct span){NULL, 0} : span_from(n, zero);
}
