/* Certified keys as rustls.h has them: chains and keys come as PEM text, and nothing is held
 * against anything until somebody asks. */
#include "api/certified_key.h"

#include "api/objects.h"
#include "api/result.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "pki/pem.h"

enum {
    KEY_DER_MAX = 65536,        /* ours: RSA with 16384 bits needs 10 KiB */
    CERTIFICATE_MAX = 0xffffff, /* RFC 9846 section 4.4.2: opaque cert_data<1..2^24-1> */
    CHAIN_MAX = 0x1000000,      /* ours: no chain is longer than the field that it goes into */
    CHAIN_COUNT_MAX = 4096      /* ours */
};

enum gv_err gv_api_load_key(const struct provider *provider, struct span pem,
                            struct signing_key **out)
{
    struct pem text = {pem};
    struct buffer der; /* wiped when it is dropped */
    enum pem_kind kind;
    gv_buffer_init(&der, KEY_DER_MAX);
    enum gv_err err = gv_pem_next(&text, PEM_ANY_KEY, &kind, &der);
    if (err == GV_E_PEM_PARSE || (err == GV_OK && kind == PEM_END))
        err = RAISED(PRIVATE_KEY_PARSE);
    if (err == GV_OK)
        err = provider->load_key(gv_buffer_span(&der), out);
    gv_buffer_drop(&der);
    return err;
}

/* Everything that stands in the text, in its order. */
struct chain {
    struct arena bytes;
    struct buffer der;  /* of one certificate, to be copied */
    struct buffer list; /* struct span after struct span */
};

static void chain_init(struct chain *c)
{
    gv_arena_init(&c->bytes, CHAIN_MAX);
    gv_buffer_init(&c->der, CERTIFICATE_MAX);
    gv_buffer_init(&c->list, CHAIN_COUNT_MAX * sizeof(struct span));
}

static void chain_drop(struct chain *c)
{
    gv_arena_drop(&c->bytes);
    gv_buffer_drop(&c->der);
    gv_buffer_drop(&c->list);
}

static enum gv_err chain_add(struct chain *c)
{
    struct span copy;
    uint8_t *place = gv_buffer_reserve(&c->list, sizeof copy);
    if (place == NULL || !gv_arena_copy(&c->bytes, gv_buffer_span(&c->der), &copy))
        RAISE(NO_MEMORY);
    memcpy(place, &copy, sizeof copy);
    gv_buffer_commit(&c->list, sizeof copy);
    return GV_OK;
}

static enum gv_err chain_read(struct chain *c, struct span pem)
{
    struct pem text = {pem};
    for (;;) {
        enum pem_kind kind;
        TRY(gv_pem_next(&text, PEM_WANT(PEM_CERTIFICATE), &kind, &c->der));
        if (kind == PEM_END)
            return GV_OK;
        TRY(chain_add(c));
    }
}

static enum gv_err build(struct span pem, struct signing_key *key, struct certified_key **out)
{
    struct chain c;
    chain_init(&c);
    enum gv_err err = chain_read(&c, pem);
    struct span list = gv_buffer_span(&c.list);
    if (err == GV_OK)
        err = gv_certified_key_new(out, (const void *)list.at, list.len / sizeof(struct span), key,
                                   (struct span){NULL, 0});
    chain_drop(&c);
    return err;
}

static rustls_result build_and_release(struct span pem, struct signing_key *key,
                                       const struct rustls_certified_key **out)
{
    struct certified_key *k;
    enum gv_err err = build(pem, key, &k);
    gv_signing_key_free(key);
    if (err == GV_OK)
        *out = out_certified_key(k);
    return gv_api_result(err);
}

rustls_result rustls_certified_key_build(const uint8_t *cert_chain, size_t cert_chain_len,
                                         const uint8_t *private_key, size_t private_key_len,
                                         const struct rustls_certified_key **certified_key_out)
{
    if (cert_chain == NULL || private_key == NULL || certified_key_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    const struct provider *provider = gv_api_default_provider();
    if (provider == NULL)
        return RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER;
    struct signing_key *key;
    enum gv_err err = gv_api_load_key(provider, span_of(private_key, private_key_len), &key);
    if (err != GV_OK)
        return gv_api_result(err);
    return build_and_release(span_of(cert_chain, cert_chain_len), key, certified_key_out);
}

rustls_result rustls_certified_key_build_with_signing_key(
    const uint8_t *cert_chain, size_t cert_chain_len, struct rustls_signing_key *signing_key,
    const struct rustls_certified_key **certified_key_out)
{
    if (cert_chain == NULL || signing_key == NULL || certified_key_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return build_and_release(span_of(cert_chain, cert_chain_len), in_signing_key(signing_key),
                             certified_key_out);
}

const struct rustls_certificate *rustls_certified_key_get_certificate(
    const struct rustls_certified_key *certified_key, size_t i)
{
    const struct certified_key *k = in_certified_key(certified_key);
    return k == NULL || i >= k->count ? NULL : out_certificate(&k->chain[i]);
}

rustls_result rustls_certified_key_clone_with_ocsp(
    const struct rustls_certified_key *certified_key,
    const struct rustls_slice_bytes *ocsp_response,
    const struct rustls_certified_key **cloned_key_out)
{
    if (certified_key == NULL || cloned_key_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (ocsp_response != NULL && ocsp_response->data == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    const struct certified_key *k = in_certified_key(certified_key);
    struct span ocsp = {NULL, 0};
    if (ocsp_response != NULL)
        ocsp = span_of(ocsp_response->data, ocsp_response->len);
    struct certified_key *clone;
    enum gv_err err = gv_certified_key_new(&clone, k->chain, k->count, k->key, ocsp);
    if (err == GV_OK)
        *cloned_key_out = out_certified_key(clone);
    return gv_api_result(err);
}

rustls_result rustls_certified_key_keys_match(const struct rustls_certified_key *key)
{
    if (key == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_result(gv_certified_key_matches(in_certified_key(key)));
}

void rustls_certified_key_free(const struct rustls_certified_key *key)
{
    gv_certified_key_free(in_certified_key(key));
}

void rustls_signing_key_free(struct rustls_signing_key *signing_key)
{
    gv_signing_key_free(in_signing_key(signing_key));
}
