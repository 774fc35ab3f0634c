/* Spans as struct iovec, over POSIX. The function is not inline, so that no compiler sees that
 * what was stored as one struct is read as the other. */
#include "base/iovec.h"

#include <sys/uio.h>

_Static_assert(sizeof(struct span) == sizeof(struct iovec) &&
                   offsetof(struct span, at) == offsetof(struct iovec, iov_base) &&
                   offsetof(struct span, len) == offsetof(struct iovec, iov_len),
               "a span is laid out as a struct iovec");

const void *gv_iovec_of(const struct span *parts)
{
    return parts;
}
