/* Bytes written as hexadecimal digits in tests. */
#include "lib/hex.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned digit(char c)
{
    const char *digits = "0123456789abcdefABCDEF";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    if (at == NULL) {
        fprintf(stderr, "not a hexadecimal digit: '%c'\n", c);
        abort();
    }
    size_t value = (size_t)(at - digits);
    return (unsigned)(value < 16 ? value : value - 6);
}

size_t hex_read(uint8_t *out, size_t cap, const char *text)
{
    size_t n = 0;
    while (*text != '\0') {
        if (*text == ' ') {
            text++;
            continue;
        }
        if (n == cap) {
            fprintf(stderr, "more than %zu bytes of hex\n", cap);
            abort();
        }
        out[n++] = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
        text += 2;
    }
    return n;
}
