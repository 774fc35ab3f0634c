/* Heap blocks that are exactly as long as what is in them. Each belongs to a list, so that a test
 * may make as many as it likes and give them all back at once. */
#include "lib/exact.h"

#include "lib/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct block {
    struct block *below;
    uint8_t *bytes;
};

static struct block *blocks;

static uint8_t *take(size_t n)
{
    struct block *b = malloc(sizeof *b);
    uint8_t *bytes = malloc(n == 0 ? 1 : n);
    if (b == NULL || bytes == NULL)
        abort();
    *b = (struct block){blocks, bytes};
    blocks = b;
    return bytes;
}

void exact_forget(void)
{
    while (blocks != NULL) {
        struct block *below = blocks->below;
        free(blocks->bytes);
        free(blocks);
        blocks = below;
    }
}

struct span exact_copy(struct span bytes)
{
    uint8_t *copy = take(bytes.len);
    span_copy(copy, bytes);
    return span_of(copy, bytes.len);
}

struct span exact_hex(const char *text)
{
    size_t cap = strlen(text) / 2;
    uint8_t *loose = take(cap);
    return exact_copy(span_of(loose, hex_read(loose, cap, text)));
}

struct span exact_join(struct span a, struct span b)
{
    uint8_t *both = take(a.len + b.len);
    span_copy(both, a);
    span_copy(both + a.len, b);
    return span_of(both, a.len + b.len);
}

struct span exact_flip(struct span bytes, size_t at, uint8_t with)
{
    uint8_t *copy = take(bytes.len);
    span_copy(copy, bytes);
    copy[at] ^= with;
    return span_of(copy, bytes.len);
}

void exact_assert(struct span got, struct span want, const char *what, const char *file, int line)
{
    if (span_equal(got, want))
        return;
    print_error("%s is", what);
    for (size_t i = 0; i < got.len && i < 64; i++)
        print_error(" %02x", got.at[i]);
    print_error(" (%zu bytes), not", got.len);
    for (size_t i = 0; i < want.len && i < 64; i++)
        print_error(" %02x", want.at[i]);
    print_error(" (%zu bytes)\n", want.len);
    _fail(file, line);
}
