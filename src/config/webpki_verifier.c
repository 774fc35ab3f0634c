/* Verifiers over src/pki, and the signatures that peers make in handshakes. */
#include "config/webpki_verifier.h"

#include "base/mem.h"
#include "pki/explain.h"
#include "pki/general_name.h"
#include "wire/codepoints.h"

struct webpki_verifier {
    struct verifier base; /* first, so that one is the other */
    struct anchor_set *anchors;
    struct path_limits limits;
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
        .now = q->now,
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
    enum gv_err err = gv_san_check(&leaf, name);
    if (err != GV_OK)
        gv_explain(&(struct failure){err, 0, p, name}, detail);
    return err;
}

static enum gv_err verify_server(const struct verifier *v, const struct certificate_question *q,
                                 struct detail *detail)
{
    struct path_question p = path_question_of(webpki_of(v), q);
    struct path path;
    p.purpose = PURPOSE_SERVER;
    TRY(gv_path_verify(&p, &path, detail));
    return check_server_name(&p, q->name, detail);
}

static void webpki_free(struct verifier *v)
{
    struct webpki_verifier *w = (struct webpki_verifier *)v;
    gv_anchor_set_free(w->anchors);
    gv_mem_free(w);
}

enum gv_err gv_webpki_server_verifier_new(const struct webpki_options *o, struct verifier **out)
{
    struct webpki_verifier *w = gv_mem_alloc(sizeof *w);
    if (w == NULL)
        RAISE(NO_MEMORY);
    gv_ref_init(&w->base.refs);
    w->base.verify = verify_server;
    w->base.free = webpki_free;
    w->base.provider = o->provider;
    w->anchors = gv_anchor_set_ref(o->anchors);
    w->limits = o->limits;
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
    TRY(gv_cert_parse(leaf, &c));
    unsigned use = version == TLS13 ? SIGNS_TLS13 : SIGNS_TLS12;
    for (const struct signature_verifier *const *v = provider->verifiers; *v != NULL; v++) {
        if ((*v)->scheme == scheme && ((*v)->use & use) != 0 &&
            span_equal((*v)->key_algorithm, c.key_algorithm))
            return (*v)->verify(*v, c.public_key, message, signature);
    }
    RAISE(SIGNATURE_SCHEME_MISFIT);
}
