/* Heap sort. */
#include "base/sort.h"

#include <stdint.h>
#include <string.h>

struct heap {
    uint8_t *items;
    size_t size;
    int (*before)(const void *a, const void *b, const void *context);
    const void *context;
};

static void *item(const struct heap *h, size_t i)
{
    return h->items + i * h->size;
}

static void swap(const struct heap *h, size_t i, size_t j)
{
    uint8_t *a = item(h, i), *b = item(h, j), held[16];
    for (size_t done = 0, n; done < h->size; done += n) {
        n = h->size - done < sizeof held ? h->size - done : sizeof held;
        memcpy(held, a + done, n);
        memcpy(a + done, b + done, n);
        memcpy(b + done, held, n);
    }
}

/* Lets item i sink until neither child belongs behind it. */
static void sink(const struct heap *h, size_t i, size_t count)
{
    for (size_t child; (child = 2 * i + 1) < count; i = child) {
        if (child + 1 < count && h->before(item(h, child), item(h, child + 1), h->context) < 0)
            child++;
        if (h->before(item(h, i), item(h, child), h->context) >= 0)
            return;
        swap(h, i, child);
    }
}

void gv_sort(void *items, size_t count, size_t size,
             int (*before)(const void *a, const void *b, const void *context), const void *context)
{
    const struct heap h = {items, size, before, context};
    for (size_t i = count / 2; i > 0; i--)
        sink(&h, i - 1, count);
    for (size_t end = count; end > 1; end--) {
        swap(&h, 0, end - 1);
        sink(&h, 0, end - 1);
    }
}
