/* The NIST curves, through libcrypto's EC_GROUP and EC_KEY, made once. These functions are
 * deprecated in favour of EVP_PKEY, which costs many times as much: a P-256 public key takes 102 us
 * to import with d2i_PUBKEY, 15 with EVP_PKEY_fromdata, 1.8 by copying a blank EC_KEY and setting
 * its point (OpenSSL 3.0); EVP_PKEY_derive 96 us where the two calls beneath it take 45. */
#include "crypto/openssl/openssl.h"

#include <openssl/obj_mac.h>

struct curve gv_openssl_curves[CURVE_COUNT] = {
    [CURVE_P256] = {.nid = NID_X9_62_prime256v1, .len = 32},
    [CURVE_P384] = {.nid = NID_secp384r1, .len = 48},
    [CURVE_P521] = {.nid = NID_secp521r1, .len = 66},
};

bool gv_openssl_curve_init(void)
{
    for (size_t i = 0; i < CURVE_COUNT; i++) {
        struct curve *c = &gv_openssl_curves[i];
        c->group = EC_GROUP_new_by_curve_name(c->nid);
        c->blank = EC_KEY_new_by_curve_name(c->nid);
        if (c->group == NULL || c->blank == NULL)
            return false;
    }
    return true;
}

bool gv_openssl_is_uncompressed(const struct curve *curve, struct span point)
{
    return point.len == 1 + 2 * (size_t)curve->len && *point.at == POINT_CONVERSION_UNCOMPRESSED;
}
