/* Appending, over POSIX: O_APPEND moves to the end and writes in one step. */
#include "base/append.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { OWNER_ONLY = 0600 };

int gv_append_open(const char *path)
{
    return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, OWNER_ONLY);
}

bool gv_append_line(int file, struct span line)
{
    ssize_t n;
    int before = errno;
    do
        n = write(file, line.at, line.len);
    while (n < 0 && errno == EINTR);
    errno = before; /* the caller's I/O callbacks may be using it */
    return n >= 0 && (size_t)n == line.len;
}

void gv_append_close(int file)
{
    if (file >= 0)
        close(file);
}
