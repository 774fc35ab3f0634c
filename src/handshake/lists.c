/* Lists of numbers for our hellos, made from the provider's lists of objects. */
#include "handshake/internal.h"

void gv_list_append(struct number_list *list, uint16_t code)
{
    struct wr w = wr_of(list->at, sizeof list->at);

    w.len = list->len;
    wr_u16(&w, code);
    if (wr_done(&w))
        list->len = w.len;
}

static bool is_allowed(const struct config_common *c, uint16_t version)
{
    return version == TLS13 ? c->tls13 : c->tls12;
}

void gv_list_suites(const struct config_common *c, struct number_list *out)
{
    for (const struct cipher_suite_info *const *s = c->provider->suites; *s != NULL; s++)
        if (is_allowed(c, (*s)->version))
            gv_list_append(out, (*s)->code);
    if (c->tls12)
        gv_list_append(out, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV);
}

void gv_list_groups(const struct config_common *c, struct number_list *out)
{
    for (const struct key_exchange_group *const *g = c->provider->groups; *g != NULL; g++)
        if (c->tls13 || gv_group_fits_tls12((*g)->code))
            gv_list_append(out, (*g)->code);
}

bool gv_group_fits_tls12(uint16_t code)
{
    return code == GROUP_X25519 || code == GROUP_SECP256R1 || code == GROUP_SECP384R1;
}

enum tls12_auth gv_scheme_auth(uint16_t scheme)
{
    switch (scheme) {
    case SCHEME_RSA_PKCS1_SHA256:
    case SCHEME_RSA_PKCS1_SHA384:
    case SCHEME_RSA_PKCS1_SHA512:
    case SCHEME_RSA_PSS_RSAE_SHA256:
    case SCHEME_RSA_PSS_RSAE_SHA384:
    case SCHEME_RSA_PSS_RSAE_SHA512:
        return AUTH_RSA;
    default:
        return AUTH_ECDSA;
    }
}

void gv_list_schemes(const struct provider *p, struct number_list *out)
{
    for (const struct signature_verifier *const *v = p->verifiers; *v != NULL; v++)
        if (((*v)->use & (SIGNS_TLS12 | SIGNS_TLS13)) != 0 &&
            !gv_list_has_u16(list_span(out), (*v)->scheme))
            gv_list_append(out, (*v)->scheme);
}

const struct key_exchange_group *gv_find_group(const struct provider *p, uint16_t code)
{
    for (const struct key_exchange_group *const *g = p->groups; *g != NULL; g++)
        if ((*g)->code == code)
            return *g;
    return NULL;
}

const struct key_exchange_group *gv_group_by_client(const struct provider *p, uint16_t version,
                                                    struct span groups)
{
    for (size_t i = 0; i < groups.len / 2; i++) {
        const uint16_t code = span_u16(groups, i);
        const struct key_exchange_group *group = gv_find_group(p, code);
        if (group != NULL && (version == TLS13 || gv_group_fits_tls12(code)))
            return group;
    }
    return NULL;
}

const struct cipher_suite_info *gv_find_suite(const struct config_common *c, uint16_t version,
                                              uint16_t code)
{
    for (const struct cipher_suite_info *const *s = c->provider->suites; *s != NULL; s++)
        if ((*s)->code == code && (*s)->version == version && is_allowed(c, version))
            return *s;
    return NULL;
}
