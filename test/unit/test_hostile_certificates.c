/* Certificates that other libraries were fooled by: are they refused here? The numbers are those of
 * test/misbehave/scenarios.tsv. */
#include "lib/certs.h"
#include "lib/x509.h"
#include "pki/general_name.h"
#include "pki/path.h"
#include "pki/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static int forget(void **state)
{
    (void)state;
    x509_forget();
    return 0;
}

static struct anchor_set *anchor(struct span der)
{
    struct anchor_builder b;
    struct anchor_set *set;
    gv_anchor_builder_init(&b, gv_openssl_provider());
    assert_int_equal(GV_OK, gv_anchor_builder_add(&b, der));
    assert_int_equal(GV_OK, gv_anchor_builder_build(&b, &set));
    gv_anchor_builder_drop(&b);
    return set;
}

static enum gv_err verify(struct span root, const struct span *chain, size_t count)
{
    struct anchor_set *set = anchor(root);
    struct path path;
    struct path_question q = {.provider = gv_openssl_provider(),
                              .anchors = set,
                              .chain = chain,
                              .count = count,
                              .purpose = PURPOSE_SERVER,
                              .limits = PATH_LIMITS_DEFAULT};
    assert_true(gv_time_of(&(struct date_time){2026, 1, 1, 0, 0, 0}, &q.now));
    enum gv_err err = gv_path_verify(&q, &path, NULL);
    gv_anchor_set_free(set);
    return err;
}

/* ---- constraints that permit and exclude ------------------------------------------------------------ */

struct constraint {
    const char *permitted, *excluded;
};

static struct span authority(const char *name, const char *issuer, const char *key,
                             struct constraint constraint)
{
    static struct derw more;
    more.len = 0;
    if (constraint.permitted != NULL || constraint.excluded != NULL)
        x509_name_constraints(&more, constraint.permitted, constraint.excluded);
    return x509_certificate(&(struct recipe){.subject = name,
                                             .issuer = issuer,
                                             .key = key,
                                             .signer = "ca",
                                             .ca = true,
                                             .path_len = -1,
                                             .more = derw_span(&more)});
}

/* CVE-2026-42011: what is permitted here may be excluded there, in one authority or in two. */
static void hostile_50_is_what_is_excluded_refused_though_it_is_permitted(void **state)
{
    (void)state;
    static const struct {
        struct constraint root, intermediate;
        const char *names;
        enum gv_err err;
    } cases[] = {
        {{"example.org", "bad.example.org"}, {0}, "www.example.org", GV_OK},
        {{"example.org", "bad.example.org"}, {0}, "bad.example.org", GV_E_CERT_NAME_CONSTRAINT},
        {{"example.org", "bad.example.org"}, {0}, "a.bad.example.org", GV_E_CERT_NAME_CONSTRAINT},
        {{"example.org", "bad.example.org"}, {0}, "www.example.com", GV_E_CERT_NAME_CONSTRAINT},
        {{"example.org", "bad.example.org"},
         {0},
         "www.example.org bad.example.org",
         GV_E_CERT_NAME_CONSTRAINT},
        {{"example.org", NULL}, {NULL, "bad.example.org"}, "www.example.org", GV_OK},
        {{"example.org", NULL},
         {NULL, "bad.example.org"},
         "bad.example.org",
         GV_E_CERT_NAME_CONSTRAINT},
        {{NULL, "bad.example.org"},
         {"bad.example.org", NULL},
         "bad.example.org",
         GV_E_CERT_NAME_CONSTRAINT},
        {{"bad.example.org", "bad.example.org"}, {0}, "bad.example.org", GV_E_CERT_NAME_CONSTRAINT},
        {{"example.org", NULL},
         {"example.com", NULL},
         "www.example.com",
         GV_E_CERT_NAME_CONSTRAINT},
        {{"example.org", NULL},
         {"example.com", NULL},
         "www.example.org",
         GV_E_CERT_NAME_CONSTRAINT},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct span chain[2];
        struct span root = authority("root", "root", "ca", cases[i].root);
        chain[1] = authority("middle", "root", "intermediate", cases[i].intermediate);
        chain[0] = x509_certificate(&(struct recipe){.subject = "",
                                                     .issuer = "middle",
                                                     .key = "p256",
                                                     .signer = "intermediate",
                                                     .dns = cases[i].names});
        enum gv_err err = verify(root, chain, 2);
        if (err != cases[i].err)
            fail_msg("%zu: %s is %s", i, cases[i].names, gv_err_name(err));
    }
}

/* ---- names ------------------------------------------------------------------------------------------- */

/* Whether a certificate with the common name "localhost" and this alternative name is localhost's. */
static enum gv_err ask(uint8_t kind, struct span name)
{
    static struct derw names, more;
    struct certificate c;
    struct server_name server;

    names.len = more.len = 0;
    size_t list = derw_begin(&names, DER_SEQUENCE);
    derw_value(&names, kind == GN_OTHER ? DER_CONTEXT_CONSTRUCTED(0) : (uint8_t)DER_CONTEXT(kind),
               name);
    derw_end(&names, list);
    x509_extension(&more, DER_LITERAL("\x55\x1d\x11"), false, derw_span(&names));
    struct span der = x509_certificate(&(struct recipe){
        .subject = "localhost", .issuer = "a", .key = "p256", .more = derw_span(&more)});
    assert_int_equal(GV_OK, gv_cert_parse(der, &c));
    assert_int_equal(GV_OK, gv_server_name_parse(&server, span_str("localhost")));
    return gv_san_check(&c, &server, false);
}

/* CVE-2026-42012, CVE-2026-42013: whatever stands where a DNS name could. */
static void hostile_51_is_the_common_name_never_asked(void **state)
{
    (void)state;
    static uint8_t oversized[70000];
    /* id-on-dnsSRV: _https.localhost */
    struct span srv = DER_LITERAL("\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x07\xa0\x12\x16\x10"
                                  "_https.localhost");
    memset(oversized, 'a', sizeof oversized);
    assert_int_equal(GV_OK, ask(GN_DNS, span_str("localhost")));
    assert_int_equal(GV_E_CERT_NAME_MISMATCH, ask(GN_URI, span_str("https://localhost/")));
    assert_int_equal(GV_E_CERT_NAME_MISMATCH, ask(GN_EMAIL, span_str("user@localhost")));
    assert_int_equal(GV_E_CERT_NAME_MISMATCH, ask(GN_OTHER, srv));
    assert_int_not_equal(GV_OK, ask(GN_DNS, span_of(oversized, 300)));
    assert_int_not_equal(GV_OK, ask(GN_DNS, span_of(oversized, 60000)));
    assert_int_not_equal(GV_OK, ask(GN_DNS, span_str("")));
}

/* CVE-2026-42010 */
static void hostile_60_does_a_name_go_on_behind_a_nul(void **state)
{
    (void)state;
    assert_int_not_equal(GV_OK, ask(GN_DNS, DER_LITERAL("localhost\0.evil.example")));
    assert_int_not_equal(GV_OK, ask(GN_DNS, DER_LITERAL("localhost\0")));
    assert_int_not_equal(GV_OK, ask(GN_DNS, DER_LITERAL("\0localhost")));
}

/* ---- algorithms -------------------------------------------------------------------------------------- */

/* The chain of p256 with the last byte of ecdsa-with-SHA256's OID changed, in the certificate that is
 * signed and in the signature that is beside it. */
static enum gv_err with_algorithms(uint8_t inside, uint8_t outside)
{
    static const uint8_t oid[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};
    uint8_t copy[2048];
    struct span der = certs_der("p256"), chain;
    unsigned seen = 0;

    span_copy(copy, der);
    for (size_t i = 0; i + sizeof oid <= der.len; i++)
        if (memcmp(copy + i, oid, sizeof oid) == 0)
            copy[i + sizeof oid - 1] = seen++ == 0 ? inside : outside;
    assert_int_equal(2, seen);
    chain = span_of(copy, der.len);
    return verify(certs_der("ca"), &chain, 1);
}

/* CVE-2026-5194: SHA-1 and SHA-224 are smaller than what a P-256 key may sign. */
static void hostile_54_is_a_digest_what_the_certificate_says_twice(void **state)
{
    (void)state;
    enum { SHA224 = 1, SHA256 = 2, SHA384 = 3 };
    assert_int_equal(GV_OK, with_algorithms(SHA256, SHA256));
    assert_int_equal(GV_E_CERT_ALGORITHMS_DIFFER, with_algorithms(SHA256, SHA384));
    assert_int_equal(GV_E_CERT_ALGORITHMS_DIFFER, with_algorithms(SHA384, SHA256));
    assert_int_equal(GV_E_CERT_ALGORITHMS_DIFFER, with_algorithms(SHA224, SHA256));
    assert_int_equal(GV_E_CERT_SIGNATURE_ALGORITHM, with_algorithms(SHA224, SHA224));
    assert_int_equal(GV_E_CERT_BAD_SIGNATURE, with_algorithms(SHA384, SHA384));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(hostile_50_is_what_is_excluded_refused_though_it_is_permitted,
                                  forget),
        cmocka_unit_test_teardown(hostile_51_is_the_common_name_never_asked, forget),
        cmocka_unit_test_teardown(hostile_60_does_a_name_go_on_behind_a_nul, forget),
        cmocka_unit_test(hostile_54_is_a_digest_what_the_certificate_says_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
