/* Sorting in place, in n log n steps whatever the order, without an allocation: what is sorted may
 * come from an enemy. Not stable. */
#ifndef GALVAN_BASE_SORT_H
#define GALVAN_BASE_SORT_H

#include <stddef.h>

/* Sorts count items of `size` bytes. before(a, b, context) is below, at or above zero as a belongs
 * before b, is its equal, or belongs behind it. */
void gv_sort(void *items, size_t count, size_t size,
             int (*before)(const void *a, const void *b, const void *context), const void *context);

#endif
