/* Rules of the strict profile. Each is a function that says whether a certificate keeps it; BR is
 * the CA/Browser Forum's Baseline Requirements. */
#include "pki/strict.h"

#include "pki/constraints.h"
#include "pki/dn.h"
#include "pki/general_name.h"
#include "pki/signature.h"
#include "pki/time.h"

enum { SERIAL_MAX = 20 }; /* bytes; RFC 5280 section 4.1.2.2 */

struct rule_case {
    const struct strict_question *q;
    const struct certificate *cert;
    struct basic_constraints basic;
    uint16_t key_usage;
    uint8_t purposes;
};

/* ---- the certificate's own fields ------------------------------------------------------------- */

static bool version_is_3(const struct rule_case *c)
{
    return c->cert->version == CERT_V3;
}

/* Old roots have zero. */
static bool serial_is_positive(const struct rule_case *c)
{
    if (c->q->root)
        return true;
    struct span s = c->cert->serial;
    bool zero = s.len == 1 && s.at[0] == 0;
    return gv_der_integer_ok(s) && s.len <= SERIAL_MAX && s.at[0] < 0x80 && !zero;
}

static bool has_no_unique_ids(const struct rule_case *c)
{
    return !c->cert->unique_ids;
}

static bool has_issuer(const struct rule_case *c)
{
    return !gv_dn_is_empty(c->cert->issuer);
}

static bool authority_has_subject(const struct rule_case *c)
{
    return !gv_dn_is_empty(c->cert->subject);
}

/* RFC 5280 section 4.1.2.5: UTCTime through 2049, then GeneralizedTime. */
static bool read_time_in_form(struct rd *r)
{
    const int64_t year_2050 = INT64_C(2524608000);
    bool utc = der_next_is(r, DER_UTC_TIME);
    return (gv_time_read(r) < year_2050) == utc;
}

static bool times_are_in_form(const struct rule_case *c)
{
    struct rd r = rd_of(c->cert->validity);
    bool first = read_time_in_form(&r), second = read_time_in_form(&r);
    return rd_end(&r) && first && second;
}

/* ---- keys --------------------------------------------------------------------------------- */

static bool key_is_known(const struct rule_case *c)
{
    if (c->q->provider == NULL)
        return true;
    for (const struct signature_verifier *const *v = c->q->provider->verifiers; *v != NULL; v++) {
        if (span_equal((*v)->key_algorithm, c->cert->key_algorithm))
            return true;
    }
    return false;
}

/* BR section 6.1.5 and 6.1.6: 2048 bits or more, a number of bits that 8 divides, an odd exponent. */
static bool rsa_key_is_good(const struct rule_case *c)
{
    static const uint8_t rsa_encryption[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
    enum { MODULUS_MIN = 256 }; /* bytes */
    struct rd algorithm = rd_of(c->cert->key_algorithm), outer = rd_of(c->cert->public_key);
    if (!span_equal(gv_der_value(&algorithm, DER_OID), SPAN_OF(rsa_encryption)))
        return true;
    struct rd r = rd_of(gv_der_value(&outer, DER_SEQUENCE));
    struct span n = gv_der_value(&r, DER_INTEGER), e = gv_der_value(&r, DER_INTEGER);
    if (!rd_end(&outer) || !rd_end(&r) || n.len < 2 || e.len == 0)
        return false;
    bool whole_bytes = n.at[0] == 0 && n.at[1] >= 0x80;
    bool odd = (e.at[e.len - 1] & 1) != 0 && !(e.len == 1 && e.at[0] == 1);
    return whole_bytes && n.len > MODULUS_MIN && odd;
}

/* ---- extensions --------------------------------------------------------------------------- */

static bool critical_ones_are_known(const struct rule_case *c)
{
    return !c->cert->unprocessed_critical;
}

/* RFC 5280 section 4.2.1.9 */
static bool authority_has_basic_constraints(const struct rule_case *c)
{
    return c->basic.ca && cert_is_critical(c->cert, EXT_BASIC_CONSTRAINTS);
}

static bool leaf_has_no_path_length(const struct rule_case *c)
{
    return c->basic.path_len < 0;
}

/* RFC 5280 section 4.2.1.3; a root, which nobody issued, may do without. */
static bool authority_signs_certificates(const struct rule_case *c)
{
    return (c->q->root || cert_has(c->cert, EXT_KEY_USAGE)) &&
           (c->key_usage & KU_KEY_CERT_SIGN) != 0;
}

static bool leaf_signs_no_certificates(const struct rule_case *c)
{
    return !cert_has(c->cert, EXT_KEY_USAGE) || (c->key_usage & KU_KEY_CERT_SIGN) == 0;
}

static struct span subject_key_id(const struct certificate *c)
{
    struct rd r = rd_of(c->ext[EXT_SUBJECT_KEY_ID]);
    struct span id = gv_der_value(&r, DER_OCTET_STRING);
    return rd_end(&r) ? id : (struct span){NULL, 0};
}

/* RFC 5280 section 4.2.1.2 */
static bool subject_key_id_is_not_critical(const struct rule_case *c)
{
    return !cert_is_critical(c->cert, EXT_SUBJECT_KEY_ID);
}

static bool authority_has_subject_key_id(const struct rule_case *c)
{
    return subject_key_id(c->cert).len != 0;
}

/* AuthorityKeyIdentifier with keyIdentifier alone (BR sections 7.1.2.1.3 and 7.1.2.11.1). */
static struct span authority_key_id(const struct certificate *c)
{
    struct rd outer = rd_of(c->ext[EXT_AUTHORITY_KEY_ID]);
    struct rd r = rd_of(gv_der_value(&outer, DER_SEQUENCE));
    struct span id = der_optional(&r, DER_CONTEXT(0));
    return rd_end(&outer) && rd_end(&r) ? id : (struct span){NULL, 0};
}

static bool is_self_signed(const struct rule_case *c)
{
    const struct certificate *cert = c->cert;
    const struct signed_data data = {cert->tbs, cert->signature_algorithm, cert->signature};
    if (span_equal(cert->issuer, cert->subject))
        return true;
    return c->q->provider != NULL && gv_signature_check(c->q->provider, cert->key_algorithm,
                                                        cert->public_key, &data) == GV_OK;
}

/* RFC 5280 section 4.2.1.1: all have one, but self-signed certificates may do without. */
static bool authority_key_id_is_in_form(const struct rule_case *c)
{
    if (cert_is_critical(c->cert, EXT_AUTHORITY_KEY_ID))
        return false;
    if (!cert_has(c->cert, EXT_AUTHORITY_KEY_ID))
        return c->q->root && is_self_signed(c);
    struct span id = authority_key_id(c->cert);
    bool own = span_equal(id, subject_key_id(c->cert));
    return id.len != 0 && (own || !c->q->root || !is_self_signed(c));
}

static bool names_are_critical_without_subject(const struct rule_case *c)
{
    if (!cert_has(c->cert, EXT_SUBJECT_ALT_NAME))
        return true;
    return cert_is_critical(c->cert, EXT_SUBJECT_ALT_NAME) == gv_dn_is_empty(c->cert->subject);
}

static bool leaf_has_no_name_constraints(const struct rule_case *c)
{
    return !cert_has(c->cert, EXT_NAME_CONSTRAINTS);
}

static bool name_constraints_are_in_form(const struct rule_case *c)
{
    return !cert_has(c->cert, EXT_NAME_CONSTRAINTS) ||
           gv_constraints_are_strict(c->cert->ext[EXT_NAME_CONSTRAINTS]);
}

/* RFC 5280 sections 4.2.1.11 and 4.2.1.14: these two must be critical, and are not processed. */
static bool has_no_policy_constraints(const struct rule_case *c)
{
    return !cert_has(c->cert, EXT_POLICY_CONSTRAINTS) && !cert_has(c->cert, EXT_INHIBIT_ANY_POLICY);
}

/* BR section 7.1.2.7.10; a client's is left to RFC 5280, which asks for nothing. */
static bool server_has_purpose(const struct rule_case *c)
{
    if (c->q->purpose != PURPOSE_SERVER)
        return true;
    return cert_has(c->cert, EXT_EXT_KEY_USAGE) && !cert_is_critical(c->cert, EXT_EXT_KEY_USAGE) &&
           (c->purposes & PURPOSE_ANY) == 0;
}

/* BR section 7.1.2.1.2 */
static bool root_has_no_purpose(const struct rule_case *c)
{
    return !c->q->root || !cert_has(c->cert, EXT_EXT_KEY_USAGE);
}

/* AuthorityInfoAccessSyntax ::= SEQUENCE OF SEQUENCE { accessMethod, accessLocation } */
static bool information_access_is_in_form(const struct rule_case *c)
{
    if (!cert_has(c->cert, EXT_AUTHORITY_INFO_ACCESS))
        return true;
    struct rd outer = rd_of(c->cert->ext[EXT_AUTHORITY_INFO_ACCESS]);
    struct rd r = rd_of(gv_der_value(&outer, DER_SEQUENCE));
    if (!rd_more(&r))
        return false;
    while (rd_more(&r)) {
        struct rd in = rd_of(gv_der_value(&r, DER_SEQUENCE));
        (void)gv_der_value(&in, DER_OID);
        (void)gv_general_name_read(&in);
        if (!rd_end(&in))
            return false;
    }
    return rd_end(&outer) && rd_end(&r);
}

/* ---- names -------------------------------------------------------------------------------- */

/* RFC 1034 section 3.5: letters, digits and hyphens; underscores, which others let pass, are not. */
static bool dns_names_are_in_form(const struct rule_case *c)
{
    struct rd r = gv_san_open(c->cert);
    while (rd_more(&r)) {
        struct general_name n = gv_general_name_read(&r);
        if (r.bad || n.kind != GN_DNS)
            continue;
        if (!gv_dns_is_presented(n.value) || memchr(n.value.at, '_', n.value.len) != NULL)
            return false;
    }
    return rd_end(&r);
}

/* Digits and colons, and hexadecimal ones. */
static bool looks_like_ip6(struct span s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '\0' || strchr("0123456789abcdefABCDEF:.", s.at[i]) == NULL)
            return false;
    }
    return s.len != 0 && memchr(s.at, ':', s.len) != NULL;
}

/* A last part that is a number, in whatever base: some readers take it for an IPv4 address (WHATWG
 * URL, "ends in a number"). */
static bool ends_in_number(struct span s)
{
    size_t last = s.len, digits = 0;
    while (last > 0 && s.at[last - 1] != '.')
        last--;
    struct span part = span_from(s, last);
    while (digits < part.len && part.at[digits] >= '0' && part.at[digits] <= '9')
        digits++;
    bool hex = part.len > 2 && part.at[0] == '0' && (part.at[1] | 0x20) == 'x';
    return hex || (part.len != 0 && digits == part.len);
}

/* Whether an alternative name says the same in the same letters, or names something below it. */
static bool is_repeated_by(struct general_name n, struct span cn)
{
    char ip[IP_TEXT];
    if (n.kind == GN_IP) {
        gv_ip_text(n.value, ip);
        return span_equal(cn, span_str(ip));
    }
    if (n.kind != GN_DNS || n.value.len < cn.len)
        return false;
    size_t extra = n.value.len - cn.len;
    return span_equal(span_from(n.value, extra), cn) &&
           (extra == 0 || n.value.at[extra - 1] == '.');
}

/* BR section 7.1.4.3: a common name repeats an alternative name, letter by letter. The domain above
 * a name that is there is let pass, and so is what is no host's name: nobody is let in by it. */
static bool common_name_is_repeated(const struct certificate *c, struct span cn)
{
    bool address = looks_like_ip6(cn) || ends_in_number(cn), comparable = address;
    if (memchr(cn.at, ' ', cn.len) != NULL || (!address && memchr(cn.at, '.', cn.len) == NULL))
        return true;
    struct rd r = gv_san_open(c);
    while (rd_more(&r)) {
        struct general_name n = gv_general_name_read(&r);
        if (!r.bad && is_repeated_by(n, cn))
            return true;
        comparable |= n.kind == GN_DNS;
    }
    return !comparable;
}

static bool common_names_are_repeated(const struct rule_case *c)
{
    struct span cn;
    for (size_t at = 0; gv_dn_next(c->cert->subject, DN_COMMON_NAME, &at, &cn);) {
        if (!common_name_is_repeated(c->cert, cn))
            return false;
    }
    return true;
}

/* ---- the table ---------------------------------------------------------------------------- */

enum { LEAF = 1, AUTHORITY = 2, ALL = LEAF | AUTHORITY };

/* clang-format off */
static const struct {
    uint8_t whose;
    bool (*holds)(const struct rule_case *c);
    struct strict_text text;
} rules[] = {
    {ALL,       version_is_3,                    {"version", "version 3"}},
    {ALL,       serial_is_positive,              {"serial number", "a positive number of at most 20 bytes"}},
    {ALL,       times_are_in_form,               {"validity", "UTCTime through 2049, GeneralizedTime from 2050"}},
    {ALL,       has_no_unique_ids,               {"unique identifiers", "none"}},
    {ALL,       has_issuer,                      {"issuer", "a name that is not empty"}},
    {AUTHORITY, authority_has_subject,           {"subject", "a name that is not empty"}},
    {ALL,       key_is_known,                    {"public key", "a kind of key that is supported"}},
    {ALL,       rsa_key_is_good,                 {"public key", "RSA of 2048 bits or more, in whole bytes, with an odd exponent"}},
    {ALL,       critical_ones_are_known,         {"critical extensions", "only critical extensions that are known"}},
    {AUTHORITY, authority_has_basic_constraints, {"basic constraints", "an authority, critical"}},
    {LEAF,      leaf_has_no_path_length,         {"basic constraints", "no path length"}},
    {AUTHORITY, authority_signs_certificates,    {"key usage", "certificate signing"}},
    {LEAF,      leaf_signs_no_certificates,      {"key usage", "no certificate signing"}},
    {ALL,       subject_key_id_is_not_critical,  {"subject key identifier", "not critical"}},
    {AUTHORITY, authority_has_subject_key_id,    {"subject key identifier", "one"}},
    {ALL,       authority_key_id_is_in_form,     {"authority key identifier", "a key identifier alone, not critical, the root's own in a root"}},
    {ALL,       names_are_critical_without_subject, {"subject alternative name", "critical where the subject is empty, and only there"}},
    {LEAF,      leaf_has_no_name_constraints,    {"name constraints", "none in a certificate that is no authority's"}},
    {AUTHORITY, name_constraints_are_in_form,    {"name constraints", "subtrees, with names in their form"}},
    {ALL,       has_no_policy_constraints,       {"policy constraints", "none, as they are not processed"}},
    {LEAF,      server_has_purpose,              {"extended key usage", "server authentication, not critical, not any purpose"}},
    {AUTHORITY, root_has_no_purpose,             {"extended key usage", "none in a root"}},
    {ALL,       information_access_is_in_form,   {"authority information access", "a list of methods and locations"}},
    {LEAF,      dns_names_are_in_form,           {"subject alternative name", "DNS names of letters, digits and hyphens"}},
    {LEAF,      common_names_are_repeated,       {"common name", "a name that is repeated among the alternative names"}},
};
/* clang-format on */

enum { MALFORMED = COUNT_OF(rules) + 1 }; /* the number of a rule that all of them stand on */

static bool open_case(const struct strict_question *q, struct rule_case *c)
{
    *c = (struct rule_case){.q = q, .cert = q->cert};
    return gv_cert_basic_constraints(q->cert, &c->basic) == GV_OK &&
           gv_cert_key_usage(q->cert, &c->key_usage) == GV_OK &&
           gv_cert_purposes(q->cert, &c->purposes) == GV_OK;
}

uint8_t gv_strict_broken_rule(const struct strict_question *q)
{
    struct rule_case c;
    if (!open_case(q, &c))
        return MALFORMED;
    unsigned whose = q->root || q->role == ROLE_ISSUER || c.basic.ca ? AUTHORITY : LEAF;
    for (size_t i = 0; i < COUNT_OF(rules); i++) {
        if ((rules[i].whose & whose) != 0 && !rules[i].holds(&c))
            return (uint8_t)(i + 1);
    }
    return 0;
}

struct strict_text gv_strict_rule_text(uint8_t rule)
{
    if (rule == 0 || rule >= MALFORMED)
        return (struct strict_text){"extensions", "well-formed extensions"};
    return rules[rule - 1].text;
}
