/* X.509: reading and verifying certificates beside libcrypto and GnuTLS, the worst that a chain can
 * do within the budgets, and a long revocation list. Chains are made anew for each run of the
 * benchmarks, by libcrypto. */
#include "bench.h"
#include "config/webpki_verifier.h"
#include "peer/gnutls_peer.h"
#include "pki/constraints.h"
#include "pki/name.h"
#include "pki/signature.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CHAIN_ROOM = 400, CRL_ENTRIES = 100000 };
static const char host[] = "www.example.org";

/* ---- certificates made by libcrypto ------------------------------------------------------------- */

struct made {
    X509 *x509;
    EVP_PKEY *key;
    struct span der;
};

static void add_extension(X509 *x, int nid, const char *value)
{
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    bench_want(e != NULL && X509_add_ext(x, e, -1) == 1, "an extension cannot be made");
    X509_EXTENSION_free(e);
}

static void set_name(X509_NAME *name, const char *cn)
{
    bench_want(X509_NAME_add_entry_by_txt(name, "O", MBSTRING_ASC,
                                          (const unsigned char *)"Example Trust Services", -1, -1,
                                          0) == 1 &&
                   X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)cn,
                                              -1, -1, 0) == 1,
               "a name cannot be made");
}

/* A certificate for key, issued by signer; an authority's where names is NULL. */
static struct made make(const char *cn, EVP_PKEY *key, const char *issuer, EVP_PKEY *signer,
                        const char *names)
{
    static long serial;
    struct made m = {X509_new(), key, {NULL, 0}};
    bench_want(m.x509 != NULL && key != NULL, "no memory");
    (void)X509_set_version(m.x509, X509_VERSION_3);
    (void)ASN1_INTEGER_set(X509_get_serialNumber(m.x509), ++serial);
    (void)X509_gmtime_adj(X509_getm_notBefore(m.x509), -86400);
    (void)X509_gmtime_adj(X509_getm_notAfter(m.x509), 86400L * 365);
    set_name(X509_get_subject_name(m.x509), cn);
    set_name(X509_get_issuer_name(m.x509), issuer);
    (void)X509_set_pubkey(m.x509, key);
    add_extension(m.x509, NID_basic_constraints, names == NULL ? "critical,CA:TRUE" : "CA:FALSE");
    add_extension(m.x509, NID_key_usage,
                  names == NULL ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
    if (names != NULL) {
        add_extension(m.x509, NID_ext_key_usage, "serverAuth");
        add_extension(m.x509, NID_subject_alt_name, names);
    }
    const EVP_MD *md = EVP_PKEY_get_base_id(signer) == EVP_PKEY_ED25519 ? NULL : EVP_sha256();
    bench_want(X509_sign(m.x509, signer, md) > 0, "a certificate cannot be signed");
    unsigned char *der = NULL;
    int len = i2d_X509(m.x509, &der);
    bench_want(len > 0, "a certificate cannot be encoded");
    m.der = span_of(der, (size_t)len);
    return m;
}

static void drop(struct made *m)
{
    X509_free(m->x509);
    OPENSSL_free((void *)m->der.at);
}

static struct anchor_set *anchors_of(struct span root)
{
    struct anchor_builder b;
    struct anchor_set *set;
    gv_anchor_builder_init(&b, gv_openssl_provider());
    bench_want(gv_anchor_builder_add(&b, root) == GV_OK &&
                   gv_anchor_builder_build(&b, &set) == GV_OK,
               "no root store");
    gv_anchor_builder_drop(&b);
    return set;
}

/* ---- reading and verifying a chain --------------------------------------------------------------- */

struct scene {
    struct made root, middle, leaf;
    struct span chain[2];
    struct certificate parsed[2], parsed_root;
    struct verifier *verifier;
    struct server_name name;
    X509_STORE *store;
    void *gnutls;
};

static bool parse_galvan(void *context)
{
    struct certificate c;
    return gv_cert_parse(((struct scene *)context)->leaf.der, &c) == GV_OK;
}

static bool parse_libcrypto(void *context)
{
    struct span der = ((struct scene *)context)->leaf.der;
    const unsigned char *at = der.at;
    X509 *x = d2i_X509(NULL, &at, (long)der.len);
    X509_free(x);
    return x != NULL;
}

static struct der der_of(struct span s)
{
    return (struct der){s.at, s.len};
}

static bool parse_gnutls(void *context)
{
    return bench_gnutls_parse(der_of(((struct scene *)context)->leaf.der));
}

static bool verify_galvan(void *context)
{
    struct scene *s = context;
    const struct certificate_question q = {
        .chain = s->chain, .count = 2, .name = &s->name, .now = time(NULL)};
    return s->verifier->verify(s->verifier, &q, NULL) == GV_OK;
}

static bool check_signature(const struct certificate *c, const struct certificate *issuer)
{
    const struct signed_data data = {c->tbs, c->signature_algorithm, c->signature};
    return gv_signature_check(gv_openssl_provider(), issuer->key_algorithm, issuer->public_key,
                              &data) == GV_OK;
}

static bool verify_signatures_alone(void *context)
{
    struct scene *s = context;
    return check_signature(&s->parsed[1], &s->parsed_root) &&
           check_signature(&s->parsed[0], &s->parsed[1]);
}

static bool verify_libcrypto(void *context)
{
    struct scene *s = context;
    const unsigned char *leaf_at = s->chain[0].at, *middle_at = s->chain[1].at;
    X509 *leaf = d2i_X509(NULL, &leaf_at, (long)s->chain[0].len);
    X509 *middle = d2i_X509(NULL, &middle_at, (long)s->chain[1].len);
    STACK_OF(X509) *untrusted = sk_X509_new_null();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();
    (void)sk_X509_push(untrusted, middle);
    bool ok = X509_STORE_CTX_init(ctx, s->store, leaf, untrusted) == 1;
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
    (void)X509_VERIFY_PARAM_set1_host(param, host, 0);
    (void)X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER);
    ok = ok && X509_verify_cert(ctx) == 1;
    X509_STORE_CTX_free(ctx);
    sk_X509_free(untrusted);
    X509_free(leaf);
    X509_free(middle);
    return ok;
}

static bool verify_gnutls(void *context)
{
    struct scene *s = context;
    const struct der chain[] = {der_of(s->chain[0]), der_of(s->chain[1])};
    return bench_gnutls_verify(s->gnutls, chain, 2, host);
}

static void open_scene(struct scene *s, EVP_PKEY *keys[3])
{
    s->root = make("Example Root R1", keys[0], "Example Root R1", keys[0], NULL);
    s->middle = make("Example Authority A1", keys[1], "Example Root R1", keys[0], NULL);
    s->leaf = make("www.example.org", keys[2], "Example Authority A1", keys[1],
                   "DNS:example.org,DNS:www.example.org");
    s->chain[0] = s->leaf.der;
    s->chain[1] = s->middle.der;
    struct anchor_set *anchors = anchors_of(s->root.der);
    const struct webpki_options o = {
        .provider = gv_openssl_provider(), .anchors = anchors, .limits = PATH_LIMITS_DEFAULT};
    bench_want(gv_webpki_server_verifier_new(&o, &s->verifier) == GV_OK &&
                   gv_server_name_parse(&s->name, span_str(host)) == GV_OK &&
                   gv_cert_parse(s->chain[0], &s->parsed[0]) == GV_OK &&
                   gv_cert_parse(s->chain[1], &s->parsed[1]) == GV_OK &&
                   gv_cert_parse(s->root.der, &s->parsed_root) == GV_OK,
               "no verifier");
    gv_anchor_set_free(anchors);
    s->store = X509_STORE_new();
    (void)X509_STORE_add_cert(s->store, s->root.x509);
    s->gnutls = bench_gnutls_trust(der_of(s->root.der));
}

static void close_scene(struct scene *s)
{
    gv_verifier_free(s->verifier);
    X509_STORE_free(s->store);
    bench_gnutls_free(s->gnutls);
    drop(&s->leaf);
    drop(&s->middle);
    drop(&s->root);
}

static void compare_chain(const char *kind, EVP_PKEY *keys[3])
{
    struct scene s;
    char what[80];
    open_scene(&s, keys);
    struct contender parse[] = {{"galvan", parse_galvan, &s, 0},
                                {"libcrypto", parse_libcrypto, &s, 0},
                                {"GnuTLS", parse_gnutls, &s, 0}};
    struct contender verify[] = {{"galvan", verify_galvan, &s, 0},
                                 {"its signatures alone", verify_signatures_alone, &s, 0},
                                 {"libcrypto", verify_libcrypto, &s, 0},
                                 {"GnuTLS", verify_gnutls, &s, 0}};
    (void)snprintf(what, sizeof what, "X.509: read a certificate, %s", kind);
    bench_compare(what, parse, sizeof parse / sizeof *parse);
    (void)snprintf(what, sizeof what, "X.509: verify leaf, authority, root, %s", kind);
    bench_compare(what, verify, sizeof verify / sizeof *verify);
    (void)printf("%-50s  %.3f\n", "  the whole by its signatures alone",
                 verify[0].median_ns / verify[1].median_ns);
    close_scene(&s);
}

/* ---- the worst within the budgets ---------------------------------------------------------------- */

struct worst {
    struct made made[CHAIN_ROOM];
    struct span chain[CHAIN_ROOM];
    size_t count;
    struct anchor_set *anchors;
    enum gv_err ends_with;
};

static bool search_worst(void *context)
{
    struct worst *w = context;
    struct path path;
    const struct path_question q = {.provider = gv_openssl_provider(),
                                    .anchors = w->anchors,
                                    .chain = w->chain,
                                    .count = w->count,
                                    .purpose = PURPOSE_SERVER,
                                    .now = time(NULL),
                                    .limits = PATH_LIMITS_DEFAULT};
    return gv_path_verify(&q, &path, NULL) == w->ends_with;
}

static void put(struct worst *w, struct made m)
{
    bench_want(w->count < CHAIN_ROOM, "the chain is too long");
    w->made[w->count] = m;
    w->chain[w->count++] = m.der;
}

static void end_worst(struct worst *w, const char *what)
{
    struct contender c = {"galvan", search_worst, w, 0};
    bench_measure(&c, 1);
    (void)printf("%-50s  %.1f ms\n", what, c.median_ns / 1e6);
    for (size_t i = 0; i < w->count; i++)
        drop(&w->made[i]);
    gv_anchor_set_free(w->anchors);
    free(w);
}

static struct worst *begin_worst(EVP_PKEY *root, enum gv_err ends_with)
{
    struct worst *w = calloc(1, sizeof *w);
    bench_want(w != NULL, "no memory");
    struct made m = make("root", root, "root", root, NULL);
    w->anchors = anchors_of(m.der);
    w->ends_with = ends_with;
    drop(&m);
    return w;
}

/* Authorities that all certify each other, and none the root. */
static void worst_paths(EVP_PKEY *key)
{
    struct worst *w = begin_worst(key, GV_E_BUDGET_PATH_CALLS);
    char a[16], b[16];
    put(w, make("leaf", key, "A0", key, "DNS:a.example"));
    for (int i = 0; i < 19; i++) {
        for (int j = 0; j < 19; j++) {
            (void)snprintf(a, sizeof a, "A%d", i);
            (void)snprintf(b, sizeof b, "A%d", j);
            if (i != j)
                put(w, make(a, key, b, key, NULL));
        }
    }
    end_worst(w, "X.509: 200,000 paths are tried");
}

/* Genuine authorities of the leaf's issuer's name, none of which signed it, with the slowest keys. */
static void worst_signatures(EVP_PKEY *root, EVP_PKEY *authority, EVP_PKEY *other, const char *what)
{
    struct worst *w = begin_worst(root, GV_E_BUDGET_SIGNATURES);
    put(w, make("leaf", root, "A", other, "DNS:a.example"));
    for (int i = 0; i < 60; i++)
        put(w, make("A", authority, "root", root, NULL));
    end_worst(w, what);
}

struct names_scene {
    struct certificate cert;
    struct span constraints;
    uint8_t *name_bytes, *constraint_bytes;
};

/* SEQUENCE OF [2] "n123.example", or of GeneralSubtree under [0]; all of one length. */
static size_t write_names(uint8_t *out, char letter, size_t count, bool subtrees)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        char name[40];
        int len = snprintf(name, sizeof name, "a-rather-long-%c%04d.example", letter, (int)i);
        if (subtrees) {
            out[n++] = 0x30;
            out[n++] = (uint8_t)(len + 2);
        }
        out[n++] = 0x82;
        out[n++] = (uint8_t)len;
        memcpy(out + n, name, (size_t)len);
        n += (size_t)len;
    }
    return n;
}

static size_t wrap(uint8_t *out, uint8_t tag, size_t len)
{
    memmove(out + 4, out, len);
    out[0] = tag;
    out[1] = 0x82;
    out[2] = (uint8_t)(len >> 8);
    out[3] = (uint8_t)len;
    return len + 4;
}

static bool compare_names(void *context)
{
    struct names_scene *s = context;
    uint32_t budget = PATH_NAME_COMPARISONS_MAX;
    return gv_constraints_check(s->constraints, &s->cert, &budget) == GV_E_BUDGET_NAME_CONSTRAINTS;
}

static void worst_names(void)
{
    struct names_scene s = {.name_bytes = malloc(1 << 16), .constraint_bytes = malloc(1 << 16)};
    bench_want(s.name_bytes != NULL && s.constraint_bytes != NULL, "no memory");
    size_t n = write_names(s.name_bytes, 'n', 1500, false);
    size_t c = write_names(s.constraint_bytes, 'c', 1500, true);
    s.cert = (struct certificate){.subject = span_of("\x30\x00", 2)};
    s.cert.ext[EXT_SUBJECT_ALT_NAME] = span_of(s.name_bytes, wrap(s.name_bytes, 0x30, n));
    c = wrap(s.constraint_bytes, 0xa1, c);
    s.constraints = span_of(s.constraint_bytes, wrap(s.constraint_bytes, 0x30, c));
    struct contender contender = {"galvan", compare_names, &s, 0};
    bench_measure(&contender, 1);
    (void)printf("%-50s  %.1f ms\n", "X.509: 250,000 names are held to constraints",
                 contender.median_ns / 1e6);
    free(s.name_bytes);
    free(s.constraint_bytes);
}

/* ---- a long revocation list --------------------------------------------------------------------- */

struct crl_scene {
    struct span der;
    struct crl *crl;
    X509_CRL *x509;
    ASN1_INTEGER *wanted;
    struct span serial;
};

static X509_CRL *make_crl(EVP_PKEY *key)
{
    X509_CRL *crl = X509_CRL_new();
    X509_NAME *name = X509_NAME_new();
    ASN1_TIME *from = X509_gmtime_adj(NULL, -86400), *to = X509_gmtime_adj(NULL, 86400);
    ASN1_INTEGER *number = ASN1_INTEGER_new();
    set_name(name, "Example Authority A1");
    (void)X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    (void)X509_CRL_set_issuer_name(crl, name);
    (void)X509_CRL_set1_lastUpdate(crl, from);
    (void)X509_CRL_set1_nextUpdate(crl, to);
    for (uint64_t i = 0, serial = 88172645463325252u; i < CRL_ENTRIES; i++) {
        X509_REVOKED *entry = X509_REVOKED_new();
        serial ^= serial << 13; /* xorshift */
        serial ^= serial >> 7;
        serial ^= serial << 17;
        (void)ASN1_INTEGER_set_uint64(number, serial | 1);
        (void)X509_REVOKED_set_serialNumber(entry, number);
        (void)X509_REVOKED_set_revocationDate(entry, from);
        (void)X509_CRL_add0_revoked(crl, entry);
    }
    (void)ASN1_INTEGER_set(number, 7);
    bench_want(X509_CRL_add1_ext_i2d(crl, NID_crl_number, number, 0, 0) == 1 &&
                   X509_CRL_sign(crl, key, EVP_sha256()) > 0,
               "a revocation list cannot be made");
    X509_NAME_free(name);
    ASN1_TIME_free(from);
    ASN1_TIME_free(to);
    ASN1_INTEGER_free(number);
    return crl;
}

static bool read_crl_galvan(void *context)
{
    struct crl *crl;
    if (gv_crl_new(((struct crl_scene *)context)->der, &crl) != GV_OK)
        return false;
    gv_crl_free(crl);
    return true;
}

static bool read_crl_libcrypto(void *context)
{
    struct span der = ((struct crl_scene *)context)->der;
    const unsigned char *at = der.at;
    X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)der.len);
    X509_CRL_free(crl);
    return crl != NULL;
}

static bool ask_crl_galvan(void *context)
{
    struct crl_scene *s = context;
    return !gv_crl_has(s->crl, s->serial);
}

static bool ask_crl_libcrypto(void *context)
{
    struct crl_scene *s = context;
    X509_REVOKED *found;
    return X509_CRL_get0_by_serial(s->x509, &found, s->wanted) == 0;
}

static void long_crl(EVP_PKEY *key)
{
    static const uint8_t serial[] = {0x51, 0x17, 0x29, 0x33, 0x44, 0x58, 0x69, 0x7a};
    struct crl_scene s = {.x509 = make_crl(key), .serial = SPAN_OF(serial)};
    unsigned char *der = NULL;
    int len = i2d_X509_CRL(s.x509, &der);
    bench_want(len > 0, "a revocation list cannot be encoded");
    s.der = span_of(der, (size_t)len);
    s.wanted = ASN1_INTEGER_new();
    (void)ASN1_INTEGER_set_uint64(s.wanted, UINT64_C(0x511729334458697a));
    bench_want(gv_crl_new(s.der, &s.crl) == GV_OK, "a revocation list cannot be read");
    struct contender read[] = {{"galvan", read_crl_galvan, &s, 0},
                               {"libcrypto", read_crl_libcrypto, &s, 0}};
    struct contender ask[] = {{"galvan", ask_crl_galvan, &s, 0},
                              {"libcrypto", ask_crl_libcrypto, &s, 0}};
    bench_compare("X.509: read a list of 100,000 revoked", read, 2);
    bench_compare("X.509: look a serial number up in it", ask, 2);
    gv_crl_free(s.crl);
    X509_CRL_free(s.x509);
    ASN1_INTEGER_free(s.wanted);
    OPENSSL_free(der);
}

/* ---- all of it -------------------------------------------------------------------------------- */

void bench_pki(void)
{
    EVP_PKEY *ec[3], *rsa[3], *p521[3];
    for (int i = 0; i < 3; i++) {
        ec[i] = EVP_EC_gen("P-256");
        rsa[i] = EVP_RSA_gen(2048);
        p521[i] = EVP_EC_gen("P-521");
    }
    compare_chain("ECDSA P-256", ec);
    compare_chain("RSA 2048", rsa);
    worst_paths(ec[0]);
    worst_signatures(ec[0], ec[1], ec[2], "X.509: 100 signatures are tried, ECDSA P-256");
    worst_signatures(p521[0], p521[1], p521[2], "X.509: 100 signatures are tried, ECDSA P-521");
    worst_names();
    long_crl(ec[0]);
    for (int i = 0; i < 3; i++) {
        EVP_PKEY_free(ec[i]);
        EVP_PKEY_free(rsa[i]);
        EVP_PKEY_free(p521[i]);
    }
}
