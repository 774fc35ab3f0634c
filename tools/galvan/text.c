/* Growing text over realloc. */
#include "text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void text_drop(struct text *t)
{
    free(t->at);
    *t = (struct text){.at = NULL};
}

void text_wipe(struct text *t)
{
    volatile char *at = t->at;
    for (size_t i = 0; i < t->len; i++)
        at[i] = 0;
    text_drop(t);
}

/* Room for len more bytes and a NUL. */
static bool reserve(struct text *t, size_t len)
{
    if (t->failed || len >= TEXT_MAX - t->len) {
        t->failed = true;
        return false;
    }
    if (t->len + len < t->cap)
        return true;
    size_t cap = t->cap == 0 ? 512 : 2 * t->cap;
    while (cap <= t->len + len)
        cap *= 2;
    char *at = realloc(t->at, cap);
    if (at == NULL) {
        t->failed = true;
        return false;
    }
    t->at = at;
    t->cap = cap;
    return true;
}

void text_add_bytes(struct text *t, const void *bytes, size_t len)
{
    if (!reserve(t, len))
        return;
    if (len != 0)
        memcpy(t->at + t->len, bytes, len);
    t->len += len;
    t->at[t->len] = '\0';
}

void text_add(struct text *t, const char *s)
{
    text_add_bytes(t, s, strlen(s));
}

void text_format(struct text *t, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        t->failed = true;
    else if (reserve(t, (size_t)len)) {
        (void)vsnprintf(t->at + t->len, (size_t)len + 1, format, again);
        t->len += (size_t)len;
    }
    va_end(again);
}

bool text_print(struct text *t, FILE *out)
{
    bool whole = !t->failed && (t->len == 0 || fwrite(t->at, t->len, 1, out) == 1);
    whole = fflush(out) == 0 && whole;
    text_drop(t);
    return whole;
}
