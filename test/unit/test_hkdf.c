/* HMAC, HKDF and the PRF of TLS 1.2 against published values. The long tables (Wycheproof) are in
 * test/vectors; here stand those that show a fault best. */
#include "crypto/hkdf.h"
#include "crypto/openssl/openssl.h"
#include "crypto/prf12.h"
#include "lib/hex.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct bytes {
    uint8_t at[256];
    size_t len;
};

static struct bytes hex(const char *text)
{
    struct bytes b;
    b.len = hex_read(b.at, sizeof b.at, text);
    return b;
}

static struct span span(const struct bytes *b)
{
    return (struct span){b->at, b->len};
}

static void assert_hex(const uint8_t *found, size_t len, const char *expected)
{
    struct bytes b = hex(expected);
    assert_int_equal(len, b.len);
    assert_memory_equal(found, b.at, len);
}

static struct hmac keyed(const struct hash_alg *alg, struct span key)
{
    struct hmac m;
    assert_int_equal(gv_hmac_key(&m, alg, key), GV_OK);
    return m;
}

static void does_hmac_hash_a_key_longer_than_a_block(void **state)
{
    (void)state;
    struct bytes key = {.len = 131};
    memset(key.at, 0xaa, key.len); /* RFC 4231 section 4.7 */
    struct span text[] = {span_str("Test Using Larger Than Block-Size Key"),
                          span_str(" - Hash Key First")};
    uint8_t out[HASH_MAX];
    assert_int_equal(gv_hmac(&gv_openssl_sha256, span(&key), text, 2, out), GV_OK);
    assert_hex(out, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    assert_int_equal(gv_hmac(&gv_openssl_sha384, span(&key), text, 2, out), GV_OK);
    assert_hex(out, 48,
               "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c6"
               "0c2ef6ab4030fe8296248df163f44952");
    assert_int_equal(gv_hmac(&gv_openssl_sha512, span(&key), text, 2, out), GV_OK);
    assert_hex(out, 64,
               "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352"
               "6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598");
}

static void does_hmac_answer_into_the_place_of_its_text(void **state)
{
    (void)state;
    uint8_t apart[32], place[32] = "thirty-two bytes that stand here";
    struct span part = SPAN_OF(place);
    assert_int_equal(gv_hmac(&gv_openssl_sha256, span_str("k"), &part, 1, apart), GV_OK);
    assert_int_equal(gv_hmac(&gv_openssl_sha256, span_str("k"), &part, 1, place), GV_OK);
    assert_memory_equal(apart, place, sizeof place);
}

struct rfc5869 {
    const char *ikm, *salt, *info, *prk, *okm;
};

/* RFC 5869 appendix A.1 to A.3 */
static const struct rfc5869 rfc5869[] = {
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c",
     "f0f1f2f3f4f5f6f7f8f9", "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
     "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"},
    {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
     "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
     "404142434445464748494a4b4c4d4e4f",
     "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
     "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
     "a0a1a2a3a4a5a6a7a8a9aaabacadaeaf",
     "b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
     "d0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeef"
     "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
     "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
     "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
     "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
     "cc30c58179ec3e87c14c01d5c1f3434f1d87"},
    {"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
     "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
     "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"},
};

static void does_hkdf_match_rfc_5869(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rfc5869); i++) {
        struct bytes ikm = hex(rfc5869[i].ikm), salt = hex(rfc5869[i].salt);
        struct bytes info = hex(rfc5869[i].info), okm = hex(rfc5869[i].okm);
        struct secret prk;
        uint8_t out[256];
        assert_int_equal(gv_hkdf_extract(&gv_openssl_sha256, span(&salt), span(&ikm), &prk), GV_OK);
        assert_hex(prk.at, prk.len, rfc5869[i].prk);
        struct hmac key = keyed(&gv_openssl_sha256, secret_span(&prk));
        assert_int_equal(gv_hkdf_expand(&key, span(&info), out, okm.len), GV_OK);
        assert_memory_equal(out, okm.at, okm.len);
    }
}

static void is_expand_bounded_at_255_blocks(void **state)
{
    (void)state;
    static uint8_t out[255 * 32 + 1];
    struct hmac prk = keyed(&gv_openssl_sha256, span_str("some key"));
    struct span none = {NULL, 0};
    assert_int_equal(gv_hkdf_expand(&prk, none, out, 255 * 32), GV_OK);
    assert_int_equal(gv_hkdf_expand(&prk, none, out, 255 * 32 + 1), GV_E_INTERNAL);
    assert_int_equal(gv_hkdf_expand(&prk, none, out, 0), GV_OK);
}

static void does_expand_label_refuse_what_does_not_fit_its_fields(void **state)
{
    (void)state;
    char label[251];
    memset(label, 'l', sizeof label);
    label[250] = '\0';
    uint8_t context[256] = {0}, out[32];
    struct hmac prk = keyed(&gv_openssl_sha256, span_str("some key"));
    assert_int_equal(gv_hkdf_expand_label(&prk, label, span_of(context, 255), out, 32),
                     GV_E_INTERNAL);
    label[249] = '\0';
    assert_int_equal(gv_hkdf_expand_label(&prk, label, span_of(context, 256), out, 32),
                     GV_E_INTERNAL);
    assert_int_equal(gv_hkdf_expand_label(&prk, label, span_of(context, 255), out, 32), GV_OK);
}

static void derive(const struct secret *from, const char *label, const char *transcript_hash,
                   struct secret *out)
{
    struct bytes hash = hex(transcript_hash);
    assert_int_equal(gv_hkdf_derive_from(&gv_openssl_sha256, from, label, span(&hash), out), GV_OK);
}

static void does_the_key_schedule_of_rfc_8448_come_out(void **state)
{
    (void)state;
    /* RFC 8448 section 3 */
    static const char none[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    static const char hello[] = "860c06edc07858ee8e78f0e7428c58edd6b43f2ca3e6e95f02ed063cf0e1cad8";
    struct secret zeros = {.len = 32}, early, derived, handshake, client, server, master;
    struct span no_salt = {NULL, 0};
    const struct hash_alg *alg = &gv_openssl_sha256;

    assert_int_equal(gv_hkdf_extract(alg, no_salt, secret_span(&zeros), &early), GV_OK);
    assert_hex(early.at, early.len,
               "33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a");
    derive(&early, "derived", none, &derived);
    assert_hex(derived.at, derived.len,
               "6f2615a108c702c5678f54fc9dbab69716c076189c48250cebeac3576c3611ba");
    struct bytes ecdhe = hex("8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d");
    assert_int_equal(gv_hkdf_extract(alg, secret_span(&derived), span(&ecdhe), &handshake), GV_OK);
    assert_hex(handshake.at, handshake.len,
               "1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac");
    derive(&handshake, "c hs traffic", hello, &client);
    assert_hex(client.at, client.len,
               "b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21");
    derive(&handshake, "s hs traffic", hello, &server);
    assert_hex(server.at, server.len,
               "b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38");
    derive(&handshake, "derived", none, &derived);
    assert_int_equal(gv_hkdf_extract(alg, secret_span(&derived), secret_span(&zeros), &master),
                     GV_OK);
    assert_hex(master.at, master.len,
               "18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919");

    uint8_t key[16], iv[12];
    struct hmac traffic = keyed(alg, secret_span(&server));
    assert_int_equal(gv_hkdf_expand_label(&traffic, "key", no_salt, key, 16), GV_OK);
    assert_hex(key, 16, "3fce516009c21727d0f2e4e86ee403bc");
    assert_int_equal(gv_hkdf_expand_label(&traffic, "iv", no_salt, iv, 12), GV_OK);
    assert_hex(iv, 12, "5d313eb2671276ee13000b30");
}

static void does_the_tls_1_2_prf_match(void **state)
{
    (void)state;
    uint8_t out[100];
    /* The values that the TLS working group's list passed round for RFC 5246. */
    struct bytes secret = hex("9bbe436ba940f017b17652849a71db35");
    struct bytes seed = hex("a0ba9f936cda311827a6f796ffd5198c");
    struct hmac key = keyed(&gv_openssl_sha256, span(&secret));
    const struct span halves[2] = {span_of(seed.at, 7), span_from(span(&seed), 7)};
    assert_int_equal(gv_prf12(&key, "test label", halves, out, 100), GV_OK);
    assert_hex(out, 100,
               "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a"
               "6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def17abfd3797c0564bab"
               "4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff701"
               "87347b66");

    /* A secret over one block of SHA-256, and SHA-384: computed with two other implementations. */
    uint8_t counting[128];
    for (uint8_t i = 0; i < sizeof counting; i++)
        counting[i] = i;
    const struct span seeds[2] = {{counting + 0x40, 32}, {counting + 0x60, 32}};
    key = keyed(&gv_openssl_sha256, span_of(counting, 96));
    assert_int_equal(gv_prf12(&key, "key expansion", seeds, out, 72), GV_OK);
    assert_hex(out, 72,
               "947b1d6481bc297a407b83554f73ebfac732a2f2732f3a3ed45502ed7b7b41b0"
               "b3a4ef635f5860a16a6e4bb33f2fa17021a148a82225d4d7e6319af42b475f0e"
               "93340be3d2a4804b");
    key = keyed(&gv_openssl_sha384, span_of(counting, 48));
    assert_int_equal(gv_prf12(&key, "master secret", seeds, out, 48), GV_OK);
    assert_hex(out, 48,
               "f1833cbe385cd1d77da7e185a0279d6471c067901abaa5feb17860e7afa8a334"
               "250190a51fc6cf664b42afbd9cb61f83");
}

static enum gv_err broken(struct hash *h, uint8_t *out)
{
    (void)h, (void)out;
    RAISE(CRYPTO_FAILED);
}

static void does_a_failing_digest_fail_them_all(void **state)
{
    (void)state;
    struct hash_alg alg = gv_openssl_sha256;
    alg.finish = broken;
    struct secret out;
    struct span key = span_str("k"), none = {NULL, 0};
    const struct span seeds[2] = {{NULL, 0}, {NULL, 0}};
    struct hmac prk = keyed(&alg, key);
    uint8_t bytes[40];
    assert_int_equal(gv_hmac(&alg, key, NULL, 0, bytes), GV_E_CRYPTO_FAILED);
    assert_int_equal(gv_hkdf_extract(&alg, none, key, &out), GV_E_CRYPTO_FAILED);
    assert_int_equal(gv_hkdf_expand(&prk, none, bytes, 40), GV_E_CRYPTO_FAILED);
    assert_int_equal(gv_hkdf_expand_label(&prk, "l", none, bytes, 40), GV_E_CRYPTO_FAILED);
    assert_int_equal(gv_prf12(&prk, "l", seeds, bytes, 40), GV_E_CRYPTO_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_hmac_hash_a_key_longer_than_a_block),
        cmocka_unit_test(does_hmac_answer_into_the_place_of_its_text),
        cmocka_unit_test(does_hkdf_match_rfc_5869),
        cmocka_unit_test(is_expand_bounded_at_255_blocks),
        cmocka_unit_test(does_expand_label_refuse_what_does_not_fit_its_fields),
        cmocka_unit_test(does_the_key_schedule_of_rfc_8448_come_out),
        cmocka_unit_test(does_the_tls_1_2_prf_match),
        cmocka_unit_test(does_a_failing_digest_fail_them_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
