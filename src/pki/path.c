/* Path building: depth first, anchors before intermediates. Names join certificates into paths
 * first, which costs little; signatures are checked from the anchor down once a path has come to
 * one, each link once. */
#include "pki/path.h"

#include "base/mem.h"
#include "pki/constraints.h"
#include "pki/explain.h"
#include "pki/signature.h"
#include "pki/strict.h"

enum { FEW = 6 }; /* certificates that are searched without an allocation */

/* A certificate of the chain that could be read, and what does not change from path to path. */
struct candidate {
    struct certificate cert;
    enum gv_err fault; /* of its checks by itself */
    const char *birth; /* where the fault was raised */
    int32_t path_len;  /* its pathLenConstraint, -1 where there is none */
    uint16_t key_usage;
    uint16_t index;                    /* in the chain */
    uint16_t subject, issuer;          /* equal numbers for equal names */
    uint16_t entity;                   /* equal for equal name and key */
    size_t anchor_first, anchor_count; /* anchors that have its issuer's name */
};

/* A signature that was checked, and the revocation of what it signed: by whom, and with what
 * verdict. */
struct link {
    const struct candidate *subject;
    const void *issuer; /* the candidate or the anchor */
    enum gv_err verdict;
};

struct search {
    const struct path_question *q;
    struct path_limits left;
    struct candidate few[FEW], *candidates;
    size_t count;
    const struct candidate *path[PATH_INTERMEDIATES_MAX + 1];
    size_t depth;
    struct link links[PATH_SIGNATURES_MAX];
    size_t link_count;
    struct path found;
    struct path_failure best; /* the most useful one */
};

/* ---- failures ------------------------------------------------------------------------------- */

/* Ends the search: what is left to try cannot change the answer, or may not be tried. */
static bool is_final(enum gv_err err)
{
    return err == GV_E_BUDGET_SIGNATURES || err == GV_E_BUDGET_PATH_CALLS ||
           err == GV_E_BUDGET_NAME_CONSTRAINTS || err == GV_E_NO_MEMORY ||
           err == GV_E_CRYPTO_FAILED;
}

static void trace(const struct search *s, const struct anchor *anchor, struct path *out)
{
    *out = (struct path){.length = s->depth, .anchor = anchor};
    for (size_t i = 0; i < s->depth; i++)
        out->at[i] = s->path[i]->index;
}

/* Notes a failure; true where it ends the search. */
static bool fail(struct search *s, const struct anchor *anchor, enum gv_err err, int32_t index)
{
    struct path path;
    trace(s, anchor, &path);
    if (s->q->tried != NULL)
        s->q->tried(s->q->tried_context, &path, err, index);
    bool final = is_final(err);
    if (final || s->best.err == GV_OK || gv_checks_rank(err) > gv_checks_rank(s->best.err))
        s->best = (struct path_failure){err, index, anchor, s->q, NULL, gv_err_birth()};
    return final;
}

/* ---- a path that has come to an anchor -------------------------------------------------------- */

struct issuer {
    const void *who; /* the candidate or the anchor */
    struct span key_algorithm, public_key;
    uint16_t key_usage;
};

static enum gv_err check_signature(struct search *s, const struct candidate *c,
                                   const struct issuer *issuer)
{
    if (s->left.signatures == 0)
        RAISE(BUDGET_SIGNATURES);
    s->left.signatures--;
    const struct signed_data data = {c->cert.tbs, c->cert.signature_algorithm, c->cert.signature};
    return gv_signature_check(s->q->provider, issuer->key_algorithm, issuer->public_key, &data);
}

static enum gv_err check_revocation(struct search *s, const struct candidate *c,
                                    const struct issuer *issuer)
{
    const struct revocation_question q = {
        .options = &s->q->revocation,
        .provider = s->q->provider,
        .cert = &c->cert,
        .leaf = c->index == 0,
        .issuer_key_algorithm = issuer->key_algorithm,
        .issuer_public_key = issuer->public_key,
        .issuer_key_usage = issuer->key_usage,
        .now = s->q->now,
        .signatures = &s->left.signatures,
    };
    return gv_revocation_check(&q);
}

static enum gv_err check_link(struct search *s, const struct candidate *c,
                              const struct issuer *issuer)
{
    for (size_t i = 0; i < s->link_count; i++) {
        if (s->links[i].subject == c && s->links[i].issuer == issuer->who)
            return s->links[i].verdict;
    }
    enum gv_err verdict = check_signature(s, c, issuer);
    if (verdict == GV_OK)
        verdict = check_revocation(s, c, issuer);
    if (s->link_count < COUNT_OF(s->links) && !is_final(verdict))
        s->links[s->link_count++] = (struct link){c, issuer->who, verdict};
    return verdict;
}

/* From the anchor down, so that no key is used before it is authenticated. */
static enum gv_err check_links(struct search *s, const struct anchor *anchor, int32_t *index)
{
    struct issuer issuer = {anchor, anchor->key_algorithm, anchor->public_key, anchor->key_usage};
    for (size_t i = s->depth; i > 0; i--) {
        const struct candidate *c = s->path[i - 1];
        *index = c->index;
        TRY(check_link(s, c, &issuer));
        issuer = (struct issuer){c, c->cert.key_algorithm, c->cert.public_key, c->key_usage};
    }
    return GV_OK;
}

static bool is_self_issued(const struct candidate *c)
{
    return c->subject == c->issuer;
}

/* RFC 5280 section 6.1.3 (b) and (c): constraints of an authority bind all below it, but for
 * self-issued intermediates. `below` is how many stand below. */
static enum gv_err check_constraints(struct search *s, struct span constraints, size_t below,
                                     int32_t *index)
{
    if (constraints.at == NULL)
        return GV_OK;
    for (size_t i = below; i > 0; i--) {
        const struct candidate *c = s->path[i - 1];
        if (i > 1 && is_self_issued(c))
            continue;
        *index = c->index;
        TRY(gv_constraints_check(constraints, &c->cert, &s->left.name_comparisons));
    }
    return GV_OK;
}

static enum gv_err check_all_constraints(struct search *s, const struct anchor *anchor,
                                         int32_t *index)
{
    TRY(check_constraints(s, anchor->name_constraints, s->depth, index));
    for (size_t i = s->depth; i > 1; i--)
        TRY(check_constraints(s, s->path[i - 1]->cert.ext[EXT_NAME_CONSTRAINTS], i - 1, index));
    return GV_OK;
}

/* The strict profile asks an anchor for what its certificate was; RFC 5280 only for name and key. */
static enum gv_err check_anchor(const struct search *s, const struct anchor *anchor, int32_t *index)
{
    *index = PATH_ANCHOR;
    if (!s->q->strict)
        return GV_OK;
    if (anchor->broken_rule != 0)
        RAISE(CERT_NOT_STRICT);
    if (s->q->now < anchor->not_before)
        RAISE(CERT_NOT_YET_VALID);
    if (s->q->now > anchor->not_after)
        RAISE(CERT_EXPIRED);
    return GV_OK;
}

static enum gv_err check_path(struct search *s, const struct anchor *anchor, int32_t *index)
{
    TRY(check_anchor(s, anchor, index));
    TRY(check_links(s, anchor, index));
    return check_all_constraints(s, anchor, index);
}

/* True where the search ends here. */
static bool arrive(struct search *s, const struct anchor *anchor)
{
    int32_t index = 0;
    enum gv_err err = check_path(s, anchor, &index);
    if (err != GV_OK)
        return fail(s, anchor, err, index);
    trace(s, anchor, &s->found);
    if (s->q->tried != NULL)
        s->q->tried(s->q->tried_context, &s->found, GV_OK, 0);
    return true;
}

/* ---- the search ----------------------------------------------------------------------------- */

/* RFC 4158 section 2.4.2: the same name and key twice in a path lead nowhere new. */
static bool is_on_path(const struct search *s, const struct candidate *c)
{
    for (size_t i = 0; i < s->depth; i++) {
        if (s->path[i]->entity == c->entity)
            return true;
    }
    return false;
}

/* RFC 5280 section 4.2.1.9: self-issued intermediates are not counted. */
static int32_t count_intermediates(const struct search *s)
{
    int32_t n = 0;
    for (size_t i = 1; i < s->depth; i++)
        n += !is_self_issued(s->path[i]);
    return n;
}

static bool is_too_deep(const struct search *s, const struct candidate *next)
{
    int32_t n = count_intermediates(s) + !is_self_issued(next);
    return s->depth > PATH_INTERMEDIATES_MAX || n > s->left.intermediates;
}

static bool is_known_stranger(const struct search *s, const struct candidate *c,
                              const struct candidate *issuer)
{
    for (size_t i = 0; i < s->link_count; i++) {
        if (s->links[i].subject == c && s->links[i].issuer == issuer)
            return s->links[i].verdict != GV_OK;
    }
    return false;
}

static bool extend(struct search *s);

/* Puts an issuer on the path and goes on from there; true where the search ends. */
static bool climb(struct search *s, const struct candidate *issuer)
{
    if (s->left.calls == 0)
        return fail(s, NULL, RAISED(BUDGET_PATH_CALLS), s->path[s->depth - 1]->index);
    s->left.calls--;
    if (is_too_deep(s, issuer))
        return fail(s, NULL, RAISED(CERT_PATH_DEPTH), issuer->index);
    if (issuer->path_len >= 0 && count_intermediates(s) > issuer->path_len)
        return fail(s, NULL, RAISED(CERT_PATH_LENGTH), issuer->index);
    s->path[s->depth++] = issuer;
    bool ends = extend(s);
    s->depth--;
    return ends;
}

/* Goes on from the path's last certificate. The recursion ends at PATH_INTERMEDIATES_MAX. */
static bool extend(struct search *s)
{
    const struct candidate *head = s->path[s->depth - 1];
    if (head->fault != GV_OK)
        return fail(s, NULL, gv_raise(head->fault, head->birth), head->index);
    for (size_t i = 0; i < head->anchor_count; i++) {
        if (arrive(s, &s->q->anchors->at[head->anchor_first + i]))
            return true;
    }
    bool known = head->anchor_count != 0;
    for (size_t i = 1; i < s->count; i++) {
        const struct candidate *issuer = &s->candidates[i];
        if (issuer->subject != head->issuer || is_on_path(s, issuer))
            continue;
        known = true;
        if (!is_known_stranger(s, head, issuer) && climb(s, issuer))
            return true;
    }
    return known ? false : fail(s, NULL, RAISED(CERT_UNKNOWN_ISSUER), head->index);
}

/* ---- preparation ---------------------------------------------------------------------------- */

/* Gives a certificate's names and key numbers, those of an earlier certificate where they are
 * equal: names are compared here, and numbers in the search. */
static void number(struct search *s, struct candidate *c)
{
    size_t self = (size_t)(c - s->candidates);
    c->subject = (uint16_t)(2 * self);
    c->issuer = span_equal(c->cert.issuer, c->cert.subject) ? c->subject : (uint16_t)(2 * self + 1);
    c->entity = (uint16_t)self;
    bool self_issued = c->issuer == c->subject;
    for (size_t i = self; i > 0; i--) {
        const struct candidate *other = &s->candidates[i - 1];
        if (span_equal(c->cert.subject, other->cert.subject))
            c->subject = other->subject;
        else if (span_equal(c->cert.subject, other->cert.issuer))
            c->subject = other->issuer;
        if (span_equal(c->cert.issuer, other->cert.subject))
            c->issuer = other->subject;
        else if (span_equal(c->cert.issuer, other->cert.issuer))
            c->issuer = other->issuer;
        if (c->subject == other->subject && span_equal(c->cert.spki, other->cert.spki))
            c->entity = other->entity;
    }
    if (self_issued)
        c->issuer = c->subject;
}

static enum gv_err check_strict(const struct search *s, const struct check_question *q)
{
    const struct strict_question strict = {
        .cert = q->cert, .role = q->role, .purpose = q->purpose, .provider = s->q->provider};
    if (gv_strict_broken_rule(&strict) != 0)
        RAISE(CERT_NOT_STRICT);
    return GV_OK;
}

/* Reads the certificate at this index of the chain as the next candidate, and judges it. */
static enum gv_err read_candidate(struct search *s, size_t index)
{
    struct candidate *c = &s->candidates[s->count];
    TRY(gv_cert_parse(s->q->chain[index], &c->cert));
    struct basic_constraints b = {.path_len = -1};
    const struct check_question q = {&c->cert, index == 0 ? ROLE_LEAF : ROLE_ISSUER, s->q->purpose,
                                     s->q->now};
    c->fault = gv_checks_run(&q);
    if (c->fault == GV_OK && s->q->strict)
        c->fault = check_strict(s, &q);
    if (c->fault == GV_OK)
        c->fault = gv_cert_basic_constraints(&c->cert, &b);
    if (c->fault == GV_OK)
        c->fault = gv_cert_key_usage(&c->cert, &c->key_usage);
    c->birth = gv_err_birth();
    c->path_len = b.path_len;
    c->index = (uint16_t)index;
    gv_anchor_set_find(s->q->anchors, c->cert.issuer, &c->anchor_first, &c->anchor_count);
    number(s, c);
    s->count++;
    return GV_OK;
}

/* Intermediates that cannot be read are passed over, as every one that leads nowhere. */
static enum gv_err read_candidates(struct search *s)
{
    TRY(read_candidate(s, 0));
    for (size_t i = 1; i < s->q->count && i < PATH_CHAIN_MAX; i++) {
        enum gv_err err = s->q->chain[i].len < CERT_LEN_MIN ? RAISED(CERT_BAD_DER)
                                                            : read_candidate(s, i);
        if (err != GV_OK)
            (void)fail(s, NULL, err, (int32_t)i);
    }
    return GV_OK;
}

static size_t count_readable(const struct path_question *q)
{
    size_t n = 1;
    for (size_t i = 1; i < q->count && i < PATH_CHAIN_MAX; i++)
        n += q->chain[i].len >= CERT_LEN_MIN;
    return n;
}

static enum gv_err search(struct search *s)
{
    TRY(read_candidates(s));
    s->path[s->depth++] = &s->candidates[0];
    (void)extend(s);
    if (s->found.anchor != NULL)
        return GV_OK;
    if (s->best.err == GV_OK)
        RAISE(INTERNAL); /* every end of a path is noted: no path without a failure */
    return s->best.err;
}

static enum gv_err search_in(struct search *s, struct candidate *candidates)
{
    if (candidates == NULL)
        RAISE(NO_MEMORY);
    s->candidates = candidates;
    return search(s);
}

enum gv_err gv_path_verify(const struct path_question *q, struct path *out, struct detail *detail)
{
    struct search s;
    s.q = q;
    s.left = q->limits;
    s.count = s.depth = s.link_count = 0;
    s.best.err = GV_OK;
    s.found = (struct path){.anchor = NULL};
    size_t room = count_readable(q);
    struct candidate *many = room <= FEW ? NULL : gv_mem_alloc(room * sizeof *many);
    enum gv_err err = search_in(&s, room <= FEW ? s.few : many);
    gv_mem_free(many);
    *out = s.found;
    if (err == GV_OK)
        return GV_OK;
    if (s.best.err != err)
        s.best = (struct path_failure){err, 0, NULL, q, NULL, gv_err_birth()};
    gv_explain(&s.best, detail);
    return gv_raise(err, s.best.birth);
}
