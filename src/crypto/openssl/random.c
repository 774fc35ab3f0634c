/* Random bytes. libcrypto keeps two generators for each thread, seeded from the system: one for
 * what is sent, one for what is kept. */
#include "crypto/openssl/openssl.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/rand.h>

static enum gv_err fill(int (*generate)(unsigned char *out, int len), uint8_t *out, size_t len)
{
    bool ok = true;
    ERR_set_mark();
    while (ok && len != 0) {
        int n = len < INT_MAX ? (int)len : INT_MAX;
        ok = generate(out, n) == 1;
        out += n;
        len -= (size_t)n;
    }
    ERR_pop_to_mark();
    if (!ok)
        RAISE(RANDOM_FAILED);
    return GV_OK;
}

enum gv_err gv_openssl_random(uint8_t *out, size_t len)
{
    return fill(RAND_bytes, out, len);
}

enum gv_err gv_openssl_random_private(uint8_t *out, size_t len)
{
    return fill(RAND_priv_bytes, out, len);
}
