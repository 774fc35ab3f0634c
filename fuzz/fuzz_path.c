/* Path search over any certificates. The input is a byte of options and then certificates, each behind
 * its length in two bytes: the first is trusted, the second the leaf. Signatures verify (a fake
 * provider sees to that), so that the search comes far; whatever it answers, it ends, within its
 * budgets, and can say why. */
#include "lib/fake_provider.h"
#include "pki/path.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHAIN_MAX = 64, STRICT = 1, CLIENT = 2 };

static void must(bool held)
{
    if (!held)
        abort();
}

static void must_be_sound(void *context, const struct path *path, enum gv_err err, int32_t index)
{
    size_t *tried = context;
    must(++*tried <= 2u * PATH_CALLS_MAX + CHAIN_MAX);
    must(path->length <= PATH_INTERMEDIATES_MAX + 1);
    must((err == GV_OK) <= (path->anchor != NULL));
    must(index >= PATH_ANCHOR && index < CHAIN_MAX);
}

static void search(const struct anchor_set *anchors, const struct span *chain, size_t count,
                   uint8_t options)
{
    size_t tried = 0;
    struct path path;
    struct detail detail;
    const struct path_question q = {
        .provider = fake_provider(),
        .anchors = anchors,
        .chain = chain,
        .count = count,
        .purpose = (options & CLIENT) != 0 ? PURPOSE_CLIENT : PURPOSE_SERVER,
        .now = INT64_C(1800000000),
        .strict = (options & STRICT) != 0,
        .limits = PATH_LIMITS_DEFAULT,
        .tried = must_be_sound,
        .tried_context = &tried,
    };
    gv_detail_init(&detail);
    enum gv_err err = gv_path_verify(&q, &path, &detail);
    must((err == GV_OK) == (path.anchor != NULL));
    must(err == GV_OK || detail.check != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rd r = rd_of(span_of(data, size));
    uint8_t options = rd_u8(&r);
    struct anchor_builder b;
    struct anchor_set *anchors;
    struct span chain[CHAIN_MAX];
    size_t count = 0;
    gv_anchor_builder_init(&b, fake_provider());
    (void)gv_anchor_builder_add(&b, rd_vec(&r, 2, 0, 65535));
    while (rd_more(&r) && count < CHAIN_MAX)
        chain[count++] = rd_vec(&r, 2, 0, 65535);
    if (count != 0 && gv_anchor_builder_build(&b, &anchors) == GV_OK) {
        search(anchors, chain, count, options);
        gv_anchor_set_free(anchors);
    }
    gv_anchor_builder_drop(&b);
    return 0;
}
