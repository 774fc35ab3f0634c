/* Private keys of test/certs for tests of the crypto room. */
#include "lib/keys.h"

#include <openssl/pem.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct span test_key_der(const char *name, uint8_t place[TEST_KEY_DER_MAX])
{
    char path[512], *label = NULL, *header = NULL;
    unsigned char *der = NULL;
    long len = 0;
    (void)snprintf(path, sizeof path, "%s/certs/%s.key", TEST_DIR, name);
    FILE *f = fopen(path, "rb");
    if (f == NULL || PEM_read(f, &label, &header, &der, &len) != 1 || len > TEST_KEY_DER_MAX)
        fail_msg("%s cannot be read", path);
    memcpy(place, der, (size_t)len);
    OPENSSL_free(label);
    OPENSSL_free(header);
    OPENSSL_free(der);
    (void)fclose(f);
    return span_of(place, (size_t)len);
}

struct signing_key *test_key(const char *name)
{
    uint8_t place[TEST_KEY_DER_MAX];
    struct signing_key *key = NULL;
    assert_int_equal(gv_openssl_provider()->load_key(test_key_der(name, place), &key), GV_OK);
    return key;
}
