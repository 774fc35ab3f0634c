/* Spans as the system's struct iovec. */
#ifndef GALVAN_BASE_IOVEC_H
#define GALVAN_BASE_IOVEC_H

#include "base/span.h"

/* The same array, to be cast to const struct iovec * (writev): both are laid out alike. */
const void *gv_iovec_of(const struct span *parts);

#endif
