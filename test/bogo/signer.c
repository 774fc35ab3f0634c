/* A private key that is elsewhere: what -async is about. The library asks for a signature, gets none,
 * and is given it when the exchange comes round to it. */
#include "bogo/shim.h"

#include "bogo/inside.h"

#include <stdlib.h>
#include <string.h>

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

rustls_result signer_answer(struct exchange *x)
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
