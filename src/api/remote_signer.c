/* Signing keys that are elsewhere: in a token, another process, another machine. The application
 * signs, at once or later. */
#include "api/objects.h"
#include "base/mem.h"
#include "galvan.h"

struct remote_key {
    struct signing_key key; /* first: it is what the rooms below see */
    galvan_sign_callback sign;
    galvan_free_callback free_context;
    void *context;
    uint8_t spki[];
};

static const struct remote_key *remote(const struct signing_key *key)
{
    return (const struct remote_key *)(const void *)key;
}

static enum gv_err ask(
    const struct signing_key *key, void *userdata, uint16_t scheme, struct span message,
    /* NOLINTNEXTLINE(readability-non-const-parameter): written to, through asked */
    uint8_t out[SIGNATURE_MAX], size_t *out_len)
{
    const struct remote_key *r = remote(key);
    struct galvan_sign_request asked = {userdata, scheme,        {message.at, message.len},
                                        out,      SIGNATURE_MAX, 0};

    switch (r->sign(r->context, &asked)) {
    case GALVAN_PENDING:
        RAISE(ANSWER_PENDING);
    case RUSTLS_RESULT_OK:
        break;
    default:
        RAISE(SIGNATURE_REFUSED);
    }
    if (asked.signature_len == 0 || asked.signature_len > SIGNATURE_MAX)
        RAISE(SIGNATURE_REFUSED);
    *out_len = asked.signature_len;
    return GV_OK;
}

/* Where nobody can wait, only an answer at once is one. */
static enum gv_err ask_now(const struct signing_key *key, uint16_t scheme, struct span message,
                           uint8_t out[SIGNATURE_MAX], size_t *out_len)
{
    enum gv_err err = ask(key, NULL, scheme, message, out, out_len);
    return err == GV_E_ANSWER_PENDING ? RAISED(SIGNATURE_REFUSED) : err;
}

static void free_remote(struct signing_key *key)
{
    struct remote_key *r = (struct remote_key *)(void *)key;

    if (r->free_context != NULL)
        r->free_context(r->context);
    gv_mem_free(r);
}

rustls_result galvan_signing_key_new(const struct galvan_signer *signer,
                                     struct rustls_signing_key **out)
{
    if (signer == NULL || out == NULL || signer->schemes == NULL || signer->sign == NULL ||
        (signer->public_key.data == NULL && signer->public_key.len != 0))
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (signer->schemes_len == 0 || signer->schemes_len > SIGNING_SCHEMES_MAX)
        return RUSTLS_RESULT_INVALID_PARAMETER;
    struct remote_key *r = gv_mem_alloc(sizeof *r + signer->public_key.len);
    if (r == NULL)
        return RUSTLS_RESULT_GENERAL;
    gv_ref_init(&r->key.refs);
    memcpy(r->key.schemes, signer->schemes, signer->schemes_len * sizeof *signer->schemes);
    r->key.scheme_count = (uint8_t)signer->schemes_len;
    span_copy(r->spki, span_of(signer->public_key.data, signer->public_key.len));
    r->key.spki = span_of(r->spki, signer->public_key.len);
    r->key.sign = ask_now;
    r->key.begin = ask;
    r->key.free = free_remote;
    r->sign = signer->sign;
    r->free_context = signer->free_context;
    r->context = signer->context;
    *out = out_signing_key(&r->key);
    return RUSTLS_RESULT_OK;
}
