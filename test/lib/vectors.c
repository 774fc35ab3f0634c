/* Files of vectors: JSON under xz. */
#include "lib/vectors.h"

#include "base/reader.h"
#include "crypto/provider.h"
#include "lib/hex.h"

#include <lzma.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { TEXT_MAX = 64 << 20 };

/* Bytes handed out during a run. */
struct kept {
    struct kept *below;
    uint8_t at[];
};
static struct kept *kept;

static void *keep(size_t n)
{
    struct kept *k = malloc(sizeof *k + n);
    assert_non_null(k);
    k->below = kept;
    kept = k;
    return k->at;
}

void vectors_forget(void)
{
    while (kept != NULL) {
        struct kept *below = kept->below;
        free(kept);
        kept = below;
    }
}

char *vectors_unpack(const char *path, size_t *len)
{
    static uint8_t in[2 << 20];
    char whole[512];
    (void)snprintf(whole, sizeof whole, "%s/vectors/%s", TEST_DIR, path);
    FILE *f = fopen(whole, "rb");
    if (f == NULL)
        fail_msg("cannot open %s", whole);
    size_t in_len = fread(in, 1, sizeof in, f), in_at = 0;
    (void)fclose(f);
    char *text = malloc(TEXT_MAX);
    assert_non_null(text);
    uint64_t memory = UINT64_MAX;
    *len = 0;
    if (lzma_stream_buffer_decode(&memory, 0, NULL, in, &in_at, in_len, (uint8_t *)text, len,
                                  TEXT_MAX - 1) != LZMA_OK)
        fail_msg("cannot unpack %s", whole);
    text[*len] = '\0';
    return text;
}

json_t *vectors_load(const char *file)
{
    char path[256];
    size_t len;
    json_error_t error;
    (void)snprintf(path, sizeof path, "%s.json.xz", file);
    char *text = vectors_unpack(path, &len);
    json_t *root = json_loadb(text, len, 0, &error);
    free(text);
    if (root == NULL)
        fail_msg("%s:%d: %s", path, error.line, error.text);
    return root;
}

struct count {
    size_t tried, left_out;
};

static void run_one(const struct vector *v, vector_check *check, struct count *count)
{
    bool counts = true;
    if (!check(v, &counts))
        fail_msg("%s tcId %zu (%s): %s came out wrong", v->file, vector_number(v->test, "tcId"),
                 vector_text(v->test, "result"), vector_text(v->test, "comment"));
    *(counts ? &count->tried : &count->left_out) += 1;
}

void vectors_run(const char *file, size_t at_least, vector_check *check)
{
    char path[256];
    (void)snprintf(path, sizeof path, "wycheproof/%s", file);
    json_t *root = vectors_load(path);
    struct vector v = {.file = file};
    struct count count = {0, 0};
    size_t i, j;
    json_array_foreach(json_object_get(root, "testGroups"), i, v.group)
    {
        json_array_foreach(json_object_get(v.group, "tests"), j, v.test)
        {
            v.valid = strcmp(vector_text(v.test, "result"), "valid") == 0;
            v.acceptable = strcmp(vector_text(v.test, "result"), "acceptable") == 0;
            run_one(&v, check, &count);
        }
    }
    vectors_forget();
    json_decref(root);
    print_message("%s: %zu vectors", file, count.tried);
    if (count.left_out != 0)
        print_message(", %zu left out", count.left_out);
    print_message("\n");
    assert_true(count.tried >= at_least);
}

const char *vector_text(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text == NULL ? "" : text;
}

size_t vector_number(const json_t *object, const char *member)
{
    return (size_t)json_integer_value(json_object_get(object, member));
}

struct span vector_hex(const json_t *object, const char *member)
{
    const char *text = vector_text(object, member);
    size_t cap = strlen(text) / 2;
    uint8_t *bytes = keep(cap + 1);
    return span_of(bytes, hex_read(bytes, cap, text));
}

bool vector_flag(const struct vector *v, const char *flag)
{
    size_t i;
    json_t *each;
    json_array_foreach(json_object_get(v->test, "flags"), i, each)
    {
        if (strcmp(json_string_value(each), flag) == 0)
            return true;
    }
    return false;
}

static struct span element(struct rd *r)
{
    rd_u8(r);
    size_t len = rd_u8(r);
    return rd_bytes(r, len > 0x7f ? rd_uint(r, len & 0x7f) : len);
}

void vector_spki(struct span spki, struct span *algorithm, struct span *public_key)
{
    struct rd outer = rd_of(spki);
    struct rd r = rd_of(element(&outer));
    *algorithm = element(&r);
    *public_key = span_from(element(&r), 1);
    assert_true(rd_end(&outer) && rd_end(&r));
}

bool vector_verifies(const struct vector *v, struct span spki, unsigned scheme, bool *counts)
{
    struct span algorithm, public_key;
    vector_spki(spki, &algorithm, &public_key);
    const struct signature_verifier *const *each = gv_openssl_provider()->verifiers;
    while (*each != NULL &&
           !((*each)->scheme == scheme && span_equal((*each)->key_algorithm, algorithm)))
        each++;
    *counts = *each != NULL;
    if (*each == NULL)
        return true;
    enum gv_err err =
        (*each)->verify(*each, public_key, vector_hex(v->test, "msg"), vector_hex(v->test, "sig"));
    return v->valid ? err == GV_OK : err == GV_E_BAD_SIGNATURE;
}
