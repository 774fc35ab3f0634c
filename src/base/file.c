/* Files and directories, over POSIX. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_SIZE = 16384, PATH_ROOM = 4096 };

static bool read_all(int file, struct buffer *b)
{
    for (;;) {
        uint8_t *to = gv_buffer_reserve(b, READ_SIZE);
        if (to == NULL)
            return false;
        ssize_t n = read(file, to, READ_SIZE);
        if (n == 0)
            return true;
        if (n < 0 && errno != EINTR)
            return false;
        gv_buffer_commit(b, n < 0 ? 0 : (size_t)n);
    }
}

bool gv_file_read(const char *path, struct buffer *b)
{
    size_t before = gv_buffer_len(b);
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (file < 0)
        return false;
    bool ok = read_all(file, b);
    (void)close(file);
    if (!ok)
        gv_buffer_cut(b, before);
    return ok;
}

static bool is_regular(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 && S_ISREG(s.st_mode);
}

bool gv_dir_visit(const char *path, bool (*visit)(void *context, const char *path), void *context)
{
    char entry_path[PATH_ROOM];
    DIR *dir = opendir(path);
    if (dir == NULL)
        return false;
    /* cppcheck-suppress readdirCalled; the stream is this call's own, and POSIX retires readdir_r */
    for (const struct dirent *e; (e = readdir(dir)) != NULL;) {
        int n = snprintf(entry_path, sizeof entry_path, "%s/%s", path, e->d_name);
        bool fits = n > 0 && (size_t)n < sizeof entry_path;
        if (fits && is_regular(entry_path) && !visit(context, entry_path))
            break;
    }
    (void)closedir(dir);
    return true;
}
