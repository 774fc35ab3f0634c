/* Root stores: PEM in, a set of trust anchors out. */
#include "api/root_cert_store.h"

#include "api/objects.h"
#include "api/result.h"
#include "base/file.h"
#include "base/mem.h"
#include "pki/pem.h"

enum { ROOT_FILE_MAX = 64 << 20, ROOT_MAX = 1 << 20 }; /* bytes of a file, of a certificate: ours */

struct rustls_root_cert_store_builder {
    struct anchor_builder anchors;
    bool built;
};

static enum gv_err add_each(struct anchor_builder *b, struct span pem, struct buffer *der,
                            size_t *refused)
{
    struct pem text = {pem};
    for (;;) {
        enum pem_kind kind;
        TRY(gv_pem_next(&text, PEM_WANT(PEM_CERTIFICATE), &kind, der));
        if (kind == PEM_END)
            return GV_OK;
        enum gv_err err = gv_anchor_builder_add(b, gv_buffer_span(der));
        if (err == GV_E_NO_MEMORY)
            return err;
        *refused += err != GV_OK;
    }
}

enum gv_err gv_api_add_roots(struct anchor_builder *b, struct span pem, bool strict)
{
    size_t before = gv_anchor_builder_count(b), refused = 0;
    struct buffer der;
    gv_buffer_init(&der, ROOT_MAX);
    enum gv_err err = add_each(b, pem, &der, &refused);
    gv_buffer_drop(&der);
    if (err == GV_OK && strict && (refused != 0 || gv_anchor_builder_count(b) == before))
        err = RAISED(PEM_PARSE);
    if (err != GV_OK)
        gv_anchor_builder_cut(b, before);
    return err;
}

rustls_result gv_api_add_roots_of_file(struct anchor_builder *b, const char *path, bool strict)
{
    struct buffer text;
    gv_buffer_init(&text, ROOT_FILE_MAX);
    rustls_result result = RUSTLS_RESULT_IO;
    if (gv_file_read(path, &text))
        result = gv_api_result(gv_api_add_roots(b, gv_buffer_span(&text), strict));
    gv_buffer_drop(&text);
    return result;
}

struct rustls_root_cert_store_builder *rustls_root_cert_store_builder_new(void)
{
    struct rustls_root_cert_store_builder *b = gv_mem_alloc(sizeof *b);
    if (b != NULL)
        gv_anchor_builder_init(&b->anchors, gv_openssl_provider());
    return b;
}

void rustls_root_cert_store_builder_free(struct rustls_root_cert_store_builder *builder)
{
    if (builder == NULL)
        return;
    gv_anchor_builder_drop(&builder->anchors);
    gv_mem_free(builder);
}

rustls_result rustls_root_cert_store_builder_add_pem(struct rustls_root_cert_store_builder *builder,
                                                     const uint8_t *pem, size_t pem_len,
                                                     bool strict)
{
    if (builder == NULL || pem == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (builder->built)
        return RUSTLS_RESULT_ALREADY_USED;
    return gv_api_result(gv_api_add_roots(&builder->anchors, span_of(pem, pem_len), strict));
}

rustls_result rustls_root_cert_store_builder_load_roots_from_file(
    struct rustls_root_cert_store_builder *builder, const char *filename, bool strict)
{
    if (builder == NULL || filename == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (builder->built)
        return RUSTLS_RESULT_ALREADY_USED;
    return gv_api_add_roots_of_file(&builder->anchors, filename, strict);
}

rustls_result rustls_root_cert_store_builder_build(
    struct rustls_root_cert_store_builder *builder,
    const struct rustls_root_cert_store **root_cert_store_out)
{
    if (builder == NULL || root_cert_store_out == NULL)
        return RUSTLS_RESULT_NULL_PARAMETER;
    if (builder->built)
        return RUSTLS_RESULT_ALREADY_USED;
    struct anchor_set *set;
    enum gv_err err = gv_anchor_builder_build(&builder->anchors, &set);
    if (err != GV_OK)
        return gv_api_result(err);
    builder->built = true;
    gv_anchor_builder_drop(&builder->anchors);
    *root_cert_store_out = out_roots(set);
    return RUSTLS_RESULT_OK;
}

void rustls_root_cert_store_free(const struct rustls_root_cert_store *store)
{
    gv_anchor_set_free(in_roots(store));
}
