/* Certificates, revocation lists and keys in words. */
#include "api/objects.h"
#include "base/buffer.h"
#include "galvan.h"
#include "pki/describe.h"
#include "pki/pem.h"

enum { SHA256_LEN = 32 };

struct inspection {
    const struct provider *provider;
    galvan_describe_callback callback;
    void *userdata;
};

static void pass_on(void *context, const char *field, const char *value)
{
    const struct inspection *in = context;
    in->callback(in->userdata, field, value);
}

/* Not told where the provider has no SHA-256. */
static void tell_digest(struct inspection *in, const char *field, struct span data)
{
    uint8_t out[HASH_MAX];
    struct hash h;
    const struct cipher_suite_info *const *s = in->provider->suites;
    while (*s != NULL && (*s)->hash->len != SHA256_LEN)
        s++;
    if (*s != NULL && (*s)->hash->start((*s)->hash, &h) == GV_OK && h.alg->add(&h, data) == GV_OK &&
        h.alg->finish(&h, out) == GV_OK)
        gv_bytes_describe(field, (struct span){out, SHA256_LEN}, pass_on, in);
}

static enum gv_err describe_certificate(struct inspection *in, struct span der)
{
    struct certificate c;
    TRY(gv_cert_parse(der, &c));
    pass_on(in, "is", "certificate");
    gv_cert_describe(&c, pass_on, in);
    tell_digest(in, "sha256", der);
    tell_digest(in, "key_sha256", c.spki);
    return GV_OK;
}

static enum gv_err describe_crl(struct inspection *in, struct span der)
{
    struct crl *crl;
    TRY(gv_crl_new(der, &crl));
    pass_on(in, "is", "revocation list");
    gv_crl_describe(crl, pass_on, in);
    gv_crl_free(crl);
    return GV_OK;
}

static enum gv_err describe_key(struct inspection *in, struct span der)
{
    struct signing_key *key;
    TRY(in->provider->load_key(der, &key));
    pass_on(in, "is", "private key");
    if (gv_public_key_describe(key->spki, pass_on, in))
        tell_digest(in, "key_sha256", key->spki);
    gv_signing_key_free(key);
    return GV_OK;
}

static enum gv_err describe(struct inspection *in, enum pem_kind kind, struct span der)
{
    switch (kind) {
    case PEM_CERTIFICATE:
        return describe_certificate(in, der);
    case PEM_CRL:
        return describe_crl(in, der);
    default:
        return describe_key(in, der);
    }
}

/* All sections of the text; *count says how many there were. */
static enum gv_err describe_pem(struct inspection *in, struct span text, struct buffer *der,
                                size_t *count)
{
    const unsigned wanted = PEM_WANT(PEM_CERTIFICATE) | PEM_WANT(PEM_CRL) | PEM_ANY_KEY;
    struct pem pem = {text};
    for (*count = 0;; ++*count) {
        enum pem_kind kind;
        TRY(gv_pem_next(&pem, wanted, &kind, der));
        if (kind == PEM_END)
            return GV_OK;
        TRY(describe(in, kind, gv_buffer_span(der)));
    }
}

/* DER does not say what it is: each kind is tried. */
static enum gv_err describe_der(struct inspection *in, struct span der)
{
    static const enum pem_kind kinds[] = {PEM_CERTIFICATE, PEM_CRL, PEM_PRIVATE_KEY};
    enum gv_err err = GV_E_PEM_PARSE;
    for (size_t i = 0; i < COUNT_OF(kinds) && err != GV_OK; i++)
        err = describe(in, kinds[i], der);
    return err;
}

static enum gv_err inspect(struct inspection *in, struct span data)
{
    struct buffer der; /* may hold a private key: it is wiped when it is dropped */
    size_t count;
    gv_buffer_init(&der, CRL_LEN_MAX);
    enum gv_err err = describe_pem(in, data, &der, &count);
    gv_buffer_drop(&der);
    return err == GV_OK && count == 0 ? describe_der(in, data) : err;
}

rustls_result galvan_inspect(const uint8_t *data, size_t data_len,
                             galvan_describe_callback callback, void *userdata)
{
    struct inspection in = {NULL, callback, userdata};
    if (data == NULL || callback == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    in.provider = gv_api_default_provider();
    if (in.provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    enum gv_err err = inspect(&in, span_of(data, data_len));
    return err == GV_OK ? RUSTLS_RESULT_OK : RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR;
}
