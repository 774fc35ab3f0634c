/*
 * Feeds every file of the folders named on the command line to a fuzz target: libFuzzer's replay,
 * without libFuzzer, so that a corpus is a test with any compiler. It never makes an input of its
 * own. It keeps one promise: a folder that is missing, empty or unreadable is a failure.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As libFuzzer's own default for inputs that a search makes. */
enum { INPUT_MAX = 1 << 20, PATH_ROOM = 4096 };

static bool replay_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        perror(path);
        return false;
    }
    /* Exactly as long as the input, so that a sanitizer sees a read of one byte too many. */
    uint8_t *all = malloc(INPUT_MAX);
    size_t n = all != NULL ? fread(all, 1, INPUT_MAX, f) : 0;
    uint8_t *input = malloc(n != 0 ? n : 1);
    bool ok = all != NULL && input != NULL && ferror(f) == 0;
    if (ok) {
        for (size_t i = 0; i < n; i++)
            input[i] = all[i];
        LLVMFuzzerTestOneInput(input, n);
    }
    free(input);
    free(all);
    fclose(f);
    return ok;
}

static size_t replay_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    if (dir == NULL) {
        perror(folder);
        return 0;
    }
    size_t done = 0;
    bool ok = true;
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        char path[PATH_ROOM];
        if (e->d_name[0] == '.')
            continue;
        int n = snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        ok = ok && n > 0 && n < PATH_ROOM && replay_file(path);
        done++;
    }
    closedir(dir);
    return ok ? done : 0;
}

int main(int argc, char **argv)
{
    bool ok = argc > 1;
    for (int i = 1; i < argc; i++) {
        size_t n = replay_folder(argv[i]);
        printf("%s: %zu inputs\n", argv[i], n);
        ok = ok && n != 0;
    }
    return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
