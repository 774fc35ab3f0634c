/* Verifiers asked outside a connection, and what came of it. */
#include "api/detail.h"
#include "api/objects.h"
#include "api/result.h"
#include "base/clock.h"
#include "base/mem.h"
#include "galvan.h"
#include "pki/dn.h"
#include "pki/name.h"
#include "pki/path.h"

enum {
    PATHS_MAX = 64,       /* as galvan.h says */
    CHAIN_LEN_MAX = 65535 /* certificates: what the indices of a path can hold */
};

struct tried_path {
    struct path path;
    enum gv_err err;
    int32_t index;
    char root[DETAIL_TEXT];
};

struct galvan_verification {
    struct failure failure;
    struct detail detail;
    size_t count;
    struct tried_path paths[PATHS_MAX];
};

/* Keeps a path; when there is no more room, the last is replaced, so that the good one is there. */
static void keep_path(void *context, const struct path *path, enum gv_err err, int32_t index)
{
    struct galvan_verification *v = context;
    if (v->count < PATHS_MAX)
        v->count++;
    struct tried_path *to = &v->paths[v->count - 1];
    *to = (struct tried_path){.path = *path, .err = err, .index = index};
    to->path.anchor = NULL; /* lives no longer than the verifier */
    if (path->anchor != NULL)
        gv_dn_text(path->anchor->subject, to->root, sizeof to->root);
}

static enum gv_err ask(const struct verifier *verifier, struct certificate_question *q,
                       struct galvan_verification *v)
{
    int64_t now_ms;
    if (!gv_clock_now(&now_ms))
        RAISE(NO_CLOCK);
    q->now = now_ms / 1000;
    q->tried = v == NULL ? NULL : keep_path;
    q->tried_context = v;
    return verifier->verify(verifier, q, v == NULL ? NULL : &v->detail);
}

static struct galvan_verification *new_verification(void)
{
    struct galvan_verification *v = gv_mem_alloc(sizeof *v);
    if (v == NULL)
        return NULL;
    gv_detail_init(&v->detail);
    v->failure = (struct failure){.alert = -1, .peer_alert = -1, .detail = &v->detail};
    return v;
}

static rustls_result ask_and_keep(const struct verifier *verifier, struct certificate_question *q,
                                  struct galvan_verification **out)
{
    struct galvan_verification *v = out == NULL ? NULL : new_verification();
    if (out != NULL && v == NULL)
        return RUSTLS_RESULT_GENERAL;
    enum gv_err err = ask(verifier, q, v);
    if (v != NULL) {
        v->failure.err = err;
        v->failure.birth = err == GV_OK ? "" : gv_err_birth();
        *out = v;
    }
    return gv_api_result(err);
}

/* The chain as spans, in one block that the caller frees. */
static struct span *spans_of(const struct rustls_slice_bytes *chain, size_t count)
{
    struct span *spans = gv_mem_alloc(count * sizeof *spans);
    for (size_t i = 0; spans != NULL && i < count; i++)
        spans[i] = span_of(chain[i].data, chain[i].len);
    return spans;
}

static rustls_result verify_chain(const struct verifier *verifier,
                                  const struct rustls_slice_bytes *chain, size_t count,
                                  const struct server_name *name, struct galvan_verification **out)
{
    if (verifier == NULL || chain == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (count == 0 || count > CHAIN_LEN_MAX)
        return RUSTLS_RESULT_INVALID_PARAMETER;
    struct span *spans = spans_of(chain, count);
    if (spans == NULL)
        return RUSTLS_RESULT_GENERAL;
    struct certificate_question q = {
        .chain = spans, .count = count, .name = name, .any_name = name == NULL};
    rustls_result result = ask_and_keep(verifier, &q, out);
    gv_mem_free(spans);
    return result;
}

rustls_result galvan_server_cert_verifier_verify(const struct rustls_server_cert_verifier *verifier,
                                                 const struct rustls_slice_bytes *chain,
                                                 size_t chain_len, const char *server_name,
                                                 struct galvan_verification **verification_out)
{
    const struct verifier *v = in_server_verifier((struct rustls_server_cert_verifier *)verifier);
    struct server_name name;
    if (server_name == NULL)
        return verify_chain(v, chain, chain_len, NULL, verification_out);
    enum gv_err err = gv_server_name_parse(&name, span_str(server_name));
    if (err != GV_OK)
        return gv_api_result(err);
    return verify_chain(v, chain, chain_len, &name, verification_out);
}

rustls_result galvan_client_cert_verifier_verify(const struct rustls_client_cert_verifier *verifier,
                                                 const struct rustls_slice_bytes *chain,
                                                 size_t chain_len,
                                                 struct galvan_verification **verification_out)
{
    return verify_chain(in_client_verifier((struct rustls_client_cert_verifier *)verifier), chain,
                        chain_len, NULL, verification_out);
}

void galvan_verification_free(struct galvan_verification *verification)
{
    gv_mem_free(verification);
}

rustls_result galvan_verification_error_detail(const struct galvan_verification *verification,
                                               struct galvan_error_detail *detail_out,
                                               size_t detail_size)
{
    if (verification == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    return gv_api_detail(&verification->failure, detail_out, detail_size);
}

size_t galvan_verification_paths_len(const struct galvan_verification *verification)
{
    return verification == NULL ? 0 : verification->count;
}

rustls_result galvan_verification_path(const struct galvan_verification *verification, size_t i,
                                       struct galvan_path *path_out, size_t path_size)
{
    if (verification == NULL || path_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (i >= verification->count)
        return RUSTLS_RESULT_NOT_FOUND;
    const struct tried_path *t = &verification->paths[i];
    const struct galvan_path whole = {
        .result = gv_api_result(t->err),
        .certificates = t->path.at,
        .certificates_len = t->path.length,
        .root = t->root,
        .failed = t->index,
        .name = gv_err_name(t->err),
        .reason = gv_err_text(t->err),
    };
    memset(path_out, 0, path_size);
    memcpy(path_out, &whole, path_size < sizeof whole ? path_size : sizeof whole);
    return RUSTLS_RESULT_OK;
}
