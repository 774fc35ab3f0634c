/* Path search: a chain of certificates, each behind two length bytes, up to the tests' authority. It
 * ends within its budgets, and what it answers as a path lies inside the chain. */
#include "base/reader.h"
#include "pki/path.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHAIN = 16 };

static void must(bool held)
{
    if (!held)
        abort();
}

static struct anchor_set *authority(void)
{
    static struct anchor_set *set;
    static uint8_t der[4096];
    struct anchor_builder b;

    if (set != NULL)
        return set;
    FILE *f = fopen(TEST_DIR "/certs/ca.der", "rb");
    must(f != NULL);
    size_t n = fread(der, 1, sizeof der, f);
    (void)fclose(f);
    gv_anchor_builder_init(&b, gv_openssl_provider());
    must(gv_anchor_builder_add(&b, span_of(der, n)) == GV_OK);
    must(gv_anchor_builder_build(&b, &set) == GV_OK);
    gv_anchor_builder_drop(&b);
    return set;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rd r = rd_of(span_of(data, size));
    struct span chain[CHAIN];
    struct path path;
    struct detail detail;
    size_t count = 0;

    while (count < CHAIN && rd_more(&r))
        chain[count++] = rd_vec(&r, 2, 0, 65535);
    if (r.bad || count == 0)
        return 0;
    const struct path_question q = {.provider = gv_openssl_provider(),
                                    .anchors = authority(),
                                    .chain = chain,
                                    .count = count,
                                    .purpose = PURPOSE_SERVER,
                                    .now = INT64_C(1800000000),
                                    .strict = (size & 1) != 0,
                                    .limits = PATH_LIMITS_DEFAULT};
    gv_detail_init(&detail);
    if (gv_path_verify(&q, &path, &detail) != GV_OK)
        return 0;
    must(path.anchor != NULL && path.length >= 1 && path.length <= PATH_INTERMEDIATES_MAX + 1);
    for (size_t i = 0; i < path.length; i++)
        must(path.at[i] < count);
    return 0;
}
