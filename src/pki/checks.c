/* Checks of one certificate by itself. */
#include "pki/checks.h"

static enum gv_err check_version(const struct check_question *q)
{
    if (q->cert->version != CERT_V3)
        RAISE(CERT_BAD_VERSION);
    return GV_OK;
}

/* RFC 5280 section 4.2: "A certificate-using system MUST reject the certificate if it encounters a
 * critical extension it does not recognize or [...] cannot process." */
static enum gv_err check_critical(const struct check_question *q)
{
    if (q->cert->unprocessed_critical)
        RAISE(CERT_CRITICAL_EXTENSION);
    return GV_OK;
}

/* RFC 5280 section 4.1.2.5; both ends belong to the period. */
static enum gv_err check_validity(const struct check_question *q)
{
    int64_t not_before, not_after;
    TRY(gv_cert_validity(q->cert, &not_before, &not_after));
    if (not_before > not_after)
        RAISE(CERT_BAD_VALIDITY);
    if (q->now < not_before)
        RAISE(CERT_NOT_YET_VALID);
    if (q->now > not_after)
        RAISE(CERT_EXPIRED);
    return GV_OK;
}

/* An authority by all that it says: it signs certificates, and is for nothing else. */
static enum gv_err is_plain_authority(const struct certificate *c, bool *plain)
{
    uint16_t usage;
    TRY(gv_cert_key_usage(c, &usage));
    *plain = cert_has(c, EXT_KEY_USAGE) && !cert_has(c, EXT_EXT_KEY_USAGE) &&
             (usage & KU_KEY_CERT_SIGN) != 0 && (usage & KU_DIGITAL_SIGNATURE) == 0;
    return GV_OK;
}

/* RFC 5280 section 4.2.1.9. A path may end at an authority ("Usually, the last certificate is an
 * end entity certificate, but it can be a CA certificate"), which TLS then finds unable to sign;
 * but one that claims to be both is refused (Baseline Requirements section 7.1.2.7.8). */
static enum gv_err check_basic_constraints(const struct check_question *q)
{
    struct basic_constraints b;
    bool plain;
    TRY(gv_cert_basic_constraints(q->cert, &b));
    TRY(is_plain_authority(q->cert, &plain));
    if (q->role == ROLE_LEAF && b.ca && !plain)
        RAISE(CERT_CA_AS_LEAF);
    if (q->role == ROLE_ISSUER && !b.ca)
        RAISE(CERT_LEAF_AS_CA);
    return GV_OK;
}

/* RFC 5280 section 6.1.4 (n) */
static enum gv_err check_key_usage(const struct check_question *q)
{
    uint16_t usage;
    TRY(gv_cert_key_usage(q->cert, &usage));
    if (q->role == ROLE_ISSUER && (usage & KU_KEY_CERT_SIGN) == 0)
        RAISE(CERT_NO_CERT_SIGN);
    return GV_OK;
}

/* RFC 5280 section 4.2.1.12, along the chain as all who verify for TLS do; anyExtendedKeyUsage is
 * not taken for the purpose asked for. */
static enum gv_err check_purpose(const struct check_question *q)
{
    uint8_t purposes;
    TRY(gv_cert_purposes(q->cert, &purposes));
    if ((purposes & q->purpose) == 0)
        RAISE(CERT_INVALID_PURPOSE);
    return GV_OK;
}

enum gv_err gv_checks_run(const struct check_question *q)
{
    static enum gv_err (*const checks[])(const struct check_question *q) = {
        check_version,           check_critical,  check_validity,
        check_basic_constraints, check_key_usage, check_purpose,
    };
    for (size_t i = 0; i < COUNT_OF(checks); i++)
        TRY(checks[i](q));
    return GV_OK;
}

/* The order of webpki. What is not here, CERT_UNKNOWN_ISSUER first of all, has rank 0. */
unsigned gv_checks_rank(enum gv_err err)
{
    static const enum gv_err by_rank[] = {
        GV_E_CERT_BAD_DER,
        GV_E_CERT_BAD_TIME,
        GV_E_CERT_BAD_EXTENSION,
        GV_E_CERT_DUPLICATE_EXTENSION,
        GV_E_CERT_BAD_NAME_CONSTRAINT,
        GV_E_CERT_BAD_NAME,
        GV_E_CERT_PATH_DEPTH,
        GV_E_CRL_SIGNATURE_ALGORITHM,
        GV_E_CERT_BAD_VERSION,
        GV_E_CERT_CRITICAL_EXTENSION,
        GV_E_CERT_SIGNATURE_ALGORITHM,
        GV_E_CERT_KEY_MISFIT,
        GV_E_CERT_BAD_VALIDITY,
        GV_E_CERT_NOT_STRICT,
        GV_E_CRL_BAD_ISSUER,
        GV_E_CERT_LEAF_AS_CA,
        GV_E_CERT_CA_AS_LEAF,
        GV_E_CERT_NO_CERT_SIGN,
        GV_E_CERT_PATH_LENGTH,
        GV_E_CERT_NAME_CONSTRAINT,
        GV_E_CERT_INVALID_PURPOSE,
        GV_E_CERT_EMPTY_EKU,
        GV_E_CERT_ALGORITHMS_DIFFER,
        GV_E_CERT_BAD_SIGNATURE,
        GV_E_CRL_BAD_SIGNATURE,
        GV_E_CRL_EXPIRED,
        GV_E_CERT_REVOCATION_UNKNOWN,
        GV_E_CERT_REVOKED,
        GV_E_CERT_NAME_MISMATCH,
        GV_E_CERT_NOT_YET_VALID,
        GV_E_CERT_EXPIRED,
    };
    for (unsigned i = 0; i < COUNT_OF(by_rank); i++) {
        if (by_rank[i] == err)
            return i + 1;
    }
    return 0;
}
