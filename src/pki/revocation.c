/* Revocation: the lists that speak of a certificate, less those whose signature is not its
 * issuer's, less those that a newer one replaces. All that remain must not have it. */
#include "pki/revocation.h"

#include "pki/cert.h"

static bool same_scope(const struct crl *a, const struct crl *b)
{
    return (a->scope_extension.at == NULL) == (b->scope_extension.at == NULL) &&
           span_equal(a->scope_extension, b->scope_extension);
}

static bool is_newer(const struct crl *a, const struct crl *b)
{
    if (a->number.len != b->number.len)
        return a->number.len > b->number.len;
    return memcmp(a->number.at, b->number.at, a->number.len) > 0;
}

/* The errors that a certificate's signature gives mean the list's here. */
static enum gv_err check_signature(const struct revocation_question *q, const struct crl *crl)
{
    if (*q->signatures == 0)
        RAISE(BUDGET_SIGNATURES);
    --*q->signatures;
    enum gv_err err = gv_signature_check(q->provider, q->issuer_key_algorithm, q->issuer_public_key,
                                         &crl->signed_data);
    if (err == GV_E_CERT_BAD_SIGNATURE)
        RAISE(CRL_BAD_SIGNATURE);
    if (err == GV_E_CERT_SIGNATURE_ALGORITHM || err == GV_E_CERT_KEY_MISFIT)
        RAISE(CRL_SIGNATURE_ALGORITHM);
    return err;
}

/* Whether a newer list of the same scope stands in the set that covers the certificate and whose
 * signature is good, so that this one need not be asked. */
static bool is_replaced(const struct revocation_question *q, const struct crl *crl)
{
    const struct crl_set *set = q->options->crls;
    for (size_t i = 0; i < set->count; i++) {
        const struct crl *other = set->at[i];
        if (is_newer(other, crl) && same_scope(other, crl) &&
            gv_crl_covers(other, q->cert, q->leaf) && check_signature(q, other) == GV_OK)
            return true;
    }
    return false;
}

/* What a list says that covers the certificate. */
static enum gv_err ask(const struct revocation_question *q, const struct crl *crl)
{
    if (is_replaced(q, crl))
        return GV_OK;
    TRY(check_signature(q, crl));
    if (q->options->enforce_expiry && q->now >= crl->next_update)
        RAISE(CRL_EXPIRED);
    if ((q->issuer_key_usage & KU_CRL_SIGN) == 0)
        RAISE(CRL_BAD_ISSUER); /* RFC 5280 section 6.3.3 (f) */
    if (gv_crl_has(crl, q->cert->serial))
        RAISE(CERT_REVOKED);
    return GV_OK;
}

static bool is_unbelieved(enum gv_err err)
{
    return err == GV_E_CRL_BAD_SIGNATURE || err == GV_E_CRL_SIGNATURE_ALGORITHM;
}

enum gv_err gv_revocation_check(const struct revocation_question *q)
{
    const struct crl_set *set = q->options->crls;
    enum gv_err unbelieved = GV_OK;
    bool answered = false;
    if (set == NULL || set->count == 0 || (q->options->leaf_only && !q->leaf))
        return GV_OK;
    for (size_t i = 0; i < set->count; i++) {
        if (!gv_crl_covers(set->at[i], q->cert, q->leaf))
            continue;
        enum gv_err err = ask(q, set->at[i]);
        if (is_unbelieved(err))
            unbelieved = err;
        else if (err != GV_OK)
            return err;
        else
            answered = true;
    }
    if (answered)
        return GV_OK;
    if (unbelieved != GV_OK)
        return unbelieved;
    if (q->options->allow_unknown)
        return GV_OK;
    RAISE(CERT_REVOCATION_UNKNOWN);
}
