/* What -async is about: a private key, the choice of a certificate and the sessions are elsewhere.
 * The library asks, gets no answer, and is given it when the exchange comes round to it. */
#include "bogo/shim.h"

#include "bogo/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- signatures --------------------------------------------------------------------------------- */

static bool keep(struct exchange *x, const struct rustls_certified_key *key,
                 const struct galvan_sign_request *request)
{
    x->asked.message = malloc(request->message.len);
    if (x->asked.message == NULL)
        return false;
    memcpy(x->asked.message, request->message.data, request->message.len);
    x->asked.len = request->message.len;
    x->asked.scheme = request->scheme;
    x->asked.key = key;
    return true;
}

static uint32_t sign(void *context, struct galvan_sign_request *request)
{
    const struct rustls_certified_key *key = context;

    if (request->userdata != NULL)
        return keep(request->userdata, key, request) ? GALVAN_PENDING : RUSTLS_RESULT_GENERAL;
    /* An acceptor's connection has no userdata yet: there is no exchange to wait in. */
    return inside_sign(key, request->scheme, request->message, request->signature,
                       &request->signature_len)
               ? RUSTLS_RESULT_OK
               : RUSTLS_RESULT_GENERAL;
}

static void let_go(void *context)
{
    rustls_certified_key_free(context);
}

const struct rustls_certified_key *signer_elsewhere(const struct rustls_certified_key *key,
                                                    const uint8_t *chain, size_t chain_len)
{
    const struct rustls_certified_key *out = NULL;
    struct rustls_signing_key *signing = NULL;
    uint16_t schemes[6];
    const struct galvan_signer signer = {.schemes = schemes,
                                         .schemes_len = inside_schemes(key, schemes),
                                         .sign = sign,
                                         .free_context = let_go,
                                         .context = (void *)key};

    if (galvan_signing_key_new(&signer, &signing) == RUSTLS_RESULT_OK)
        (void)rustls_certified_key_build_with_signing_key(chain, chain_len, signing, &out);
    return out;
}

static rustls_result give_signature(struct exchange *x)
{
    uint8_t signature[1024];
    size_t len = 0;
    const struct rustls_slice_bytes message = {x->asked.message, x->asked.len};

    if (!inside_sign(x->asked.key, x->asked.scheme, message, signature, &len))
        len = 0;
    free(x->asked.message);
    x->asked.message = NULL;
    return galvan_connection_set_signature(x->conn, signature, len);
}

/* ---- certificates -------------------------------------------------------------------------------- */

/* Of the config at hand. An acceptor's connection has no userdata by which to find it. */
static const struct rustls_certified_key *own;

void later_own(const struct rustls_certified_key *key)
{
    rustls_certified_key_free(own);
    own = key;
}

/* x may be NULL: then there is nobody who could wait. */
static uint32_t choose(const struct exchange *x, const struct rustls_certified_key **out)
{
    if (x != NULL && x->options->fail_cert_callback)
        return RUSTLS_RESULT_GENERAL;
    if (x != NULL && x->options->async)
        return GALVAN_PENDING;
    *out = own;
    return RUSTLS_RESULT_OK;
}

uint32_t later_choose_by_hello(void *userdata, const struct rustls_client_hello *hello,
                               const struct rustls_certified_key **out)
{
    (void)hello;
    return choose(userdata, out);
}

/* The names as the runner writes them: in hexadecimal, with commas between. */
static bool are_names(const struct rustls_slice_slice_bytes *names, const char *expected)
{
    for (size_t i = 0; i < rustls_slice_slice_bytes_len(names); i++) {
        const struct rustls_slice_bytes name = rustls_slice_slice_bytes_get(names, i);
        if (i != 0 && *expected++ != ',')
            return false;
        for (size_t j = 0; j < name.len; j++, expected += 2) {
            char hex[3];
            (void)snprintf(hex, sizeof hex, "%02x", name.data[j]);
            if (strncmp(expected, hex, 2) != 0)
                return false;
        }
    }
    return *expected == '\0';
}

uint32_t later_choose_by_request(void *userdata, const struct galvan_certificate_request *request,
                                 const struct rustls_certified_key **out)
{
    struct exchange *x = userdata;
    const char *expected = x->options->expect_client_ca_list;

    x->saw_authorities = expected != NULL && are_names(request->authorities, expected);
    return choose(x, out);
}

/* ---- sessions -------------------------------------------------------------------------------------- */

uint32_t later_get(void *userdata, const struct rustls_slice_bytes *key, int remove_after,
                   uint8_t *buf, size_t count, size_t *out_n)
{
    struct exchange *x = userdata;

    if (x == NULL || !x->options->async || key->len > sizeof x->wanted.key)
        return setup_get_session(key, remove_after, buf, count, out_n);
    memcpy(x->wanted.key, key->data, key->len);
    x->wanted.len = key->len;
    x->wanted.remove_after = remove_after;
    return GALVAN_PENDING;
}

static rustls_result give_session(struct exchange *x)
{
    enum { VALUE_MAX = 66560 };
    const struct rustls_slice_bytes key = {x->wanted.key, x->wanted.len};
    uint8_t *value = malloc(VALUE_MAX);
    size_t len = 0;

    if (value == NULL ||
        setup_get_session(&key, x->wanted.remove_after, value, VALUE_MAX, &len) != RUSTLS_RESULT_OK)
        len = 0;
    rustls_result r = galvan_connection_set_session(x->conn, value, len);
    free(value);
    return r;
}

/* ---- answers --------------------------------------------------------------------------------------- */

rustls_result later_answer(struct exchange *x)
{
    switch (galvan_connection_question(x->conn)) {
    case GALVAN_QUESTION_SIGNATURE:
        return give_signature(x);
    case GALVAN_QUESTION_CERTIFIED_KEY:
        return galvan_connection_set_certified_key(x->conn, own);
    case GALVAN_QUESTION_SESSION:
        return give_session(x);
    default:
        return RUSTLS_RESULT_OK;
    }
}
