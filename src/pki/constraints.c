/* Name constraints. Each kind of name has one function that says how a name stands to a base; one
 * loop over the subtrees makes the verdict of it. A kind without such a function is refused as soon
 * as a constraint speaks of it. */
#include "pki/constraints.h"

#include "pki/dn.h"

/* How much of what a name stands for lies in a subtree. PART is refused by permitted and by
 * excluded subtrees alike. */
enum relation { OUTSIDE, INSIDE, PART, BAD_NAME, BAD_BASE };

static enum relation relate_dns(struct span name, struct span base)
{
    if (!gv_dns_is_presented(name))
        return BAD_NAME;
    if (!gv_dns_is_constraint(base))
        return BAD_BASE;
    if (gv_dns_all_under(name, base))
        return INSIDE;
    return gv_dns_any_under(name, base) ? PART : OUTSIDE;
}

/* An address and a mask of ones, then zeros (RFC 4632 section 3.1). */
static bool is_prefix_mask(struct span mask)
{
    bool ended = false;
    for (size_t i = 0; i < 8 * mask.len; i++) {
        bool one = (mask.at[i / 8] >> (7 - i % 8) & 1) != 0;
        if (one && ended)
            return false;
        ended |= !one;
    }
    return true;
}

static enum relation relate_ip(struct span name, struct span base)
{
    if (name.len != IP4_LEN && name.len != IP6_LEN)
        return BAD_NAME;
    if (base.len != 2 * IP4_LEN && base.len != 2 * IP6_LEN)
        return BAD_BASE;
    if (!is_prefix_mask(span_from(base, base.len / 2)))
        return BAD_BASE;
    if (base.len != 2 * name.len)
        return OUTSIDE;
    for (size_t i = 0; i < name.len; i++) {
        if (((name.at[i] ^ base.at[i]) & base.at[name.len + i]) != 0)
            return OUTSIDE;
    }
    return INSIDE;
}

static enum relation relate_directory(struct span name, struct span base)
{
    switch (gv_dn_relation(name, base)) {
    case DN_INSIDE:
        return INSIDE;
    case DN_OUTSIDE:
        return OUTSIDE;
    case DN_UNSURE:
        return PART;
    default:
        return BAD_NAME;
    }
}

/* A host against a constraint of the form "host" (this one) or ".domain" (all below). */
static enum relation relate_host(struct span host, struct span base)
{
    if (!gv_dns_is_host(host))
        return BAD_NAME;
    if (base.len == 0 || !gv_dns_is_constraint(base))
        return BAD_BASE;
    bool inside = base.at[0] == '.' ? gv_dns_all_under(host, base) : gv_ascii_equal(host, base);
    return inside ? INSIDE : OUTSIDE;
}

static struct span after_last(struct span s, uint8_t c)
{
    for (size_t i = s.len; i > 0; i--) {
        if (s.at[i - 1] == c)
            return span_from(s, i);
    }
    return (struct span){NULL, 0};
}

/* RFC 5280 section 4.2.1.10: a mailbox, a host or a domain. The part before the @ is compared
 * with its letters' case, the host without (section 7.5). */
static enum relation relate_email(struct span name, struct span base)
{
    struct span host = after_last(name, '@'), base_host = after_last(base, '@');
    size_t local_len = name.len - host.len;
    if (host.at == NULL || local_len < sizeof "@" || memchr(name.at, '@', local_len - 1) != NULL)
        return BAD_NAME;
    if (base_host.at == NULL)
        return relate_host(host, base);
    if (!gv_dns_is_host(host))
        return BAD_NAME;
    bool same = span_equal((struct span){name.at, local_len},
                           (struct span){base.at, base.len - base_host.len}) &&
                gv_ascii_equal(host, base_host);
    return same ? INSIDE : OUTSIDE;
}

static size_t find(struct span s, const char *any)
{
    size_t i = 0;
    while (i < s.len && (s.at[i] == '\0' || strchr(any, s.at[i]) == NULL))
        i++;
    return i;
}

/* scheme "://" [user "@"] host [":" port] ...: only a host that is a name can be constrained. */
static enum relation relate_uri(struct span name, struct span base)
{
    struct span rest = span_from(name, find(name, ":"));
    if (rest.len < 3 || memcmp(rest.at, "://", 3) != 0)
        return BAD_NAME;
    rest = span_from(rest, 3);
    rest.len = find(rest, "/?#");
    struct span behind_user = after_last(rest, '@');
    struct span host = behind_user.at == NULL ? rest : behind_user;
    host.len = find(host, ":");
    return relate_host(host, base);
}

static enum relation (*const relate[])(struct span name, struct span base) = {
    [GN_EMAIL] = relate_email, [GN_DNS] = relate_dns, [GN_DIRECTORY] = relate_directory,
    [GN_URI] = relate_uri,     [GN_IP] = relate_ip,   [GN_REGISTERED_ID] = NULL,
};

struct subtrees {
    struct span permitted, excluded; /* contents; at NULL: there are none */
};

/* GeneralSubtree ::= SEQUENCE { base, minimum 0 and so not encoded, maximum absent } */
static struct general_name read_subtree(struct rd *r)
{
    struct rd in = rd_of(gv_der_value(r, DER_SEQUENCE));
    struct general_name base = gv_general_name_read(&in);
    if (!rd_end(&in))
        rd_fail(r);
    return base;
}

/* Goes through one list. *any: it speaks of the name's kind; *all: the name lies in one of its
 * subtrees with all it stands for; *some: with some of it. */
static enum gv_err hold_against(struct span list, struct general_name name, uint32_t *budget,
                                bool *any, bool *all, bool *some)
{
    struct rd r = rd_of(list);
    *any = *all = *some = false;
    while (rd_more(&r)) {
        if (*budget == 0)
            RAISE(BUDGET_NAME_CONSTRAINTS);
        --*budget;
        struct general_name base = read_subtree(&r);
        if (r.bad)
            RAISE(CERT_BAD_NAME_CONSTRAINT);
        if (base.kind != name.kind)
            continue;
        enum relation how = relate[name.kind] == NULL ? PART
                                                      : relate[name.kind](name.value, base.value);
        if (how == BAD_NAME)
            RAISE(CERT_BAD_NAME);
        if (how == BAD_BASE)
            RAISE(CERT_BAD_NAME_CONSTRAINT);
        *any = true;
        *all |= how == INSIDE;
        *some |= how != OUTSIDE;
    }
    return GV_OK;
}

static enum gv_err check_name(const struct subtrees *s, struct general_name name, uint32_t *budget)
{
    bool any, all, some;
    TRY(hold_against(s->permitted, name, budget, &any, &all, &some));
    if (any && !all)
        RAISE(CERT_NAME_CONSTRAINT);
    TRY(hold_against(s->excluded, name, budget, &any, &all, &some));
    if (some)
        RAISE(CERT_NAME_CONSTRAINT);
    return GV_OK;
}

static enum gv_err check_subject(const struct subtrees *s, const struct certificate *c,
                                 uint32_t *budget)
{
    if (!gv_dn_is_empty(c->subject))
        TRY(check_name(s, (struct general_name){GN_DIRECTORY, c->subject}, budget));
    if (cert_has(c, EXT_SUBJECT_ALT_NAME))
        return GV_OK;
    struct general_name email = {.kind = GN_EMAIL};
    for (size_t at = 0; gv_dn_next(c->subject, DN_EMAIL_ADDRESS, &at, &email.value);)
        TRY(check_name(s, email, budget));
    return GV_OK;
}

static enum gv_err read_constraints(struct span constraints, struct subtrees *s)
{
    struct rd outer = rd_of(constraints);
    struct rd r = rd_of(gv_der_value(&outer, DER_SEQUENCE));
    s->permitted = der_optional(&r, DER_CONTEXT_CONSTRUCTED(0));
    s->excluded = der_optional(&r, DER_CONTEXT_CONSTRUCTED(1));
    if (!rd_end(&outer) || !rd_end(&r))
        RAISE(CERT_BAD_NAME_CONSTRAINT);
    return GV_OK;
}

enum gv_err gv_constraints_check(struct span constraints, const struct certificate *c,
                                 uint32_t *budget)
{
    struct subtrees s;
    TRY(read_constraints(constraints, &s));
    TRY(check_subject(&s, c, budget));
    struct rd r = gv_san_open(c);
    while (rd_more(&r)) {
        struct general_name name = gv_general_name_read(&r);
        if (!r.bad)
            TRY(check_name(&s, name, budget));
    }
    if (!rd_end(&r))
        RAISE(CERT_BAD_EXTENSION);
    return GV_OK;
}

/* ---- the strict profile ----------------------------------------------------------------------- */

static bool is_strict_base(struct general_name base)
{
    if (base.kind == GN_DNS)
        return gv_dns_is_constraint(base.value) && (base.value.len == 0 || base.value.at[0] != '.');
    if (base.kind == GN_IP)
        return (base.value.len == 2 * IP4_LEN || base.value.len == 2 * IP6_LEN) &&
               is_prefix_mask(span_from(base.value, base.value.len / 2));
    return true;
}

static bool is_strict_list(struct span list)
{
    struct rd r = rd_of(list);
    while (rd_more(&r)) {
        struct general_name base = read_subtree(&r);
        if (r.bad || !is_strict_base(base))
            return false;
    }
    return rd_end(&r);
}

bool gv_constraints_are_strict(struct span constraints)
{
    struct subtrees s;
    if (read_constraints(constraints, &s) != GV_OK || s.permitted.len + s.excluded.len == 0)
        return false;
    return is_strict_list(s.permitted) && is_strict_list(s.excluded);
}
