/* Verifiers over src/pki, and the signatures that peers make in handshakes. */
#include "config/webpki_verifier.h"

#include "base/mem.h"
#include "pki/explain.h"
#include "pki/general_name.h"
#include "wire/codepoints.h"

struct webpki_verifier {
    struct verifier base; /* first, so that one is the other */
    struct anchor_set *anchors;
    struct crl_set *crls;
    struct revocation_options revocation;
    struct path_limits limits;
    bool strict, fixed_time;
    int64_t time; /* where it is fixed; seconds since 1970 */
};

static const struct webpki_verifier *webpki_of(const struct verifier *v)
{
    return (const struct webpki_verifier *)v;
}

static struct path_question path_question_of(const struct webpki_verifier *w,
                                             const struct certificate_question *q)
{
    return (struct path_question){
        .provider = w->base.provider,
        .anchors = w->anchors,
        .chain = q->chain,
        .count = q->count,
        .now = w->fixed_time ? w->time : q->now,
        .tried = q->tried,
        .tried_context = q->tried_context,
        .revocation = w->revocation,
        .strict = w->strict,
        .limits = w->limits,
    };
}

/* The name is asked for last, as webpki does: a chain that is not to be trusted says so first. */
static enum gv_err check_server_name(const struct path_question *p, const struct server_name *name,
                                     struct detail *detail)
{
    struct certificate leaf;
    if (name == NULL)
        RAISE(CERT_NAME_MISMATCH);
    TRY(gv_cert_parse(p->chain[0], &leaf));
    enum gv_err err = gv_san_check(&leaf, name, p->strict);
    if (err != GV_OK)
        gv_explain(&(struct path_failure){.err = err, .question = p, .name = name}, detail);
    return err;
}

static enum gv_err verify_server(const struct verifier *v, const struct certificate_question *q,
                                 struct detail *detail)
{
    struct path_question p = path_question_of(webpki_of(v), q);
    struct path path;
    p.purpose = PURPOSE_SERVER;
    TRY(gv_path_verify(&p, &path, detail));
    if (q->name == NULL && q->any_name)
        return GV_OK;
    return check_server_name(&p, q->name, detail);
}

static enum gv_err verify_client(const struct verifier *v, const struct certificate_question *q,
                                 struct detail *detail)
{
    struct path_question p = path_question_of(webpki_of(v), q);
    struct path path;
    p.purpose = PURPOSE_CLIENT;
    return gv_path_verify(&p, &path, detail);
}

static void webpki_free(struct verifier *v)
{
    struct webpki_verifier *w = (struct webpki_verifier *)v;
    gv_anchor_set_free(w->anchors);
    gv_crl_set_free(w->crls);
    gv_provider_free(w->base.provider);
    gv_mem_free(w);
}

static enum gv_err count_hints(struct span names, size_t *count)
{
    struct rd r = rd_of(names);
    for (*count = 0; rd_more(&r); ++*count)
        (void)gv_der_value(&r, DER_SEQUENCE);
    if (!rd_end(&r))
        RAISE(CERT_BAD_DER);
    return GV_OK;
}

/* The hints stand behind the verifier in its block: the spans, then the names. */
static void copy_hints(struct webpki_verifier *w, struct span names, size_t count)
{
    struct span *hints = (struct span *)(w + 1);
    uint8_t *bytes = (uint8_t *)(hints + count);
    span_copy(bytes, names);
    struct rd r = rd_of((struct span){bytes, names.len});
    for (size_t i = 0; i < count; i++)
        hints[i] = gv_der_element(&r, DER_SEQUENCE);
    w->base.hints = hints;
    w->base.hint_count = count;
}

static enum gv_err webpki_new(const struct webpki_options *o, struct span hints,
                              struct webpki_verifier **out)
{
    size_t count;
    TRY(count_hints(hints, &count));
    struct webpki_verifier *w = gv_mem_alloc(sizeof *w + count * sizeof hints + hints.len);
    if (w == NULL)
        RAISE(NO_MEMORY);
    gv_ref_init(&w->base.refs);
    w->base.free = webpki_free;
    w->base.provider = gv_provider_ref(o->provider);
    w->anchors = gv_anchor_set_ref(o->anchors);
    w->crls = o->crls == NULL ? NULL : gv_crl_set_ref(o->crls);
    w->revocation =
        (struct revocation_options){w->crls, o->leaf_only, o->allow_unknown, o->enforce_expiry};
    w->limits = o->limits;
    w->strict = o->strict;
    w->fixed_time = o->fixed_time;
    w->time = o->time;
    copy_hints(w, hints, count);
    *out = w;
    return GV_OK;
}

enum gv_err gv_webpki_server_verifier_new(const struct webpki_options *o, struct verifier **out)
{
    struct webpki_verifier *w;
    TRY(webpki_new(o, (struct span){NULL, 0}, &w));
    w->base.verify = verify_server;
    *out = &w->base;
    return GV_OK;
}

enum gv_err gv_webpki_client_verifier_new(const struct webpki_options *o, struct verifier **out)
{
    struct webpki_verifier *w;
    TRY(webpki_new(o, o->hints, &w));
    w->base.verify = verify_client;
    w->base.required = o->required;
    *out = &w->base;
    return GV_OK;
}

/* RFC 9846 section 4.4.3, RFC 5246 section 7.4.3: a scheme names the kind of key too, in TLS 1.2
 * but for the curve of an ECDSA key (RFC 8422 section 5.4), which several verifiers may stand for. */
enum gv_err gv_verify_peer_signature(const struct provider *provider, struct span leaf,
                                     uint16_t version, uint16_t scheme, struct span message,
                                     struct span signature)
{
    struct certificate c;
    uint16_t usage;
    TRY(gv_cert_parse(leaf, &c));
    TRY(gv_cert_key_usage(&c, &usage));
    if ((usage & KU_DIGITAL_SIGNATURE) == 0)
        RAISE(CERT_NO_DIGITAL_SIGNATURE); /* RFC 9846 section 4.4.2.2, RFC 8422 section 5.3 */
    unsigned use = version == TLS13 ? SIGNS_TLS13 : SIGNS_TLS12;
    for (const struct signature_verifier *const *v = provider->verifiers; *v != NULL; v++) {
        if ((*v)->scheme == scheme && ((*v)->use & use) != 0 &&
            span_equal((*v)->key_algorithm, c.key_algorithm))
            return (*v)->verify(*v, c.public_key, message, signature);
    }
    RAISE(SIGNATURE_SCHEME_MISFIT);
}
