/* Files of test/certs. What is read stays in memory until the program ends. */
#include "lib/certs.h"

#include "pki/pem.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX = 1 << 20, FILES_MAX = 1024 };

static void *kept[FILES_MAX]; /* so that leak checkers see them in use */
static size_t kept_count;

static void stop(const char *name, const char *why)
{
    (void)fprintf(stderr, "test/certs/%s: %s\n", name, why);
    abort();
}

static struct span keep(const char *name, struct span s)
{
    uint8_t *copy = malloc(s.len + 1);
    if (copy == NULL || kept_count == FILES_MAX)
        stop(name, "no room");
    else
        span_copy(kept[kept_count++] = copy, s);
    return (struct span){copy, s.len};
}

struct span certs_file(const char *name)
{
    static uint8_t bytes[FILE_MAX];
    char path[1024];
    (void)snprintf(path, sizeof path, TEST_DIR "/certs/%s", name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        stop(name, "cannot be opened");
        return (struct span){NULL, 0};
    }
    size_t n = fread(bytes, 1, sizeof bytes, f);
    (void)fclose(f);
    return keep(name, (struct span){bytes, n});
}

size_t certs_chain(const char *name, struct span *out, size_t max)
{
    char file[256];
    (void)snprintf(file, sizeof file, "%s.pem", name);
    struct pem pem = {certs_file(file)};
    struct buffer der;
    size_t count = 0;
    enum pem_kind kind = PEM_CERTIFICATE;
    gv_buffer_init(&der, FILE_MAX);
    while (count < max) {
        if (gv_pem_next(&pem, PEM_WANT(PEM_CERTIFICATE) | PEM_WANT(PEM_CRL), &kind, &der) != GV_OK)
            stop(name, "is no PEM");
        if (kind == PEM_END)
            break;
        out[count++] = keep(name, gv_buffer_span(&der));
    }
    gv_buffer_drop(&der);
    return count;
}

struct span certs_der(const char *name)
{
    struct span der = {NULL, 0};
    if (certs_chain(name, &der, 1) != 1)
        stop(name, "is empty");
    return der;
}
