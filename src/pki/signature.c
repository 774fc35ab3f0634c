/* Signatures in X.509. */
#include "pki/signature.h"

static bool is_for(const struct signature_verifier *v, struct span algorithm)
{
    return (v->use & SIGNS_CERTIFICATES) != 0 && span_equal(v->signature_algorithm, algorithm);
}

enum gv_err gv_signature_check(const struct provider *provider, struct span key_algorithm,
                               struct span public_key, const struct signed_data *data)
{
    bool known = false;
    for (const struct signature_verifier *const *v = provider->verifiers; *v != NULL; v++) {
        if (!is_for(*v, data->algorithm))
            continue;
        known = true;
        if (!span_equal((*v)->key_algorithm, key_algorithm))
            continue;
        enum gv_err err = (*v)->verify(*v, public_key, data->message, data->signature);
        if (err == GV_E_BAD_SIGNATURE)
            RAISE(CERT_BAD_SIGNATURE);
        return err;
    }
    if (known)
        RAISE(CERT_KEY_MISFIT);
    RAISE(CERT_SIGNATURE_ALGORITHM);
}
