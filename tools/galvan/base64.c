/* Base64. */
#include "base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int value_of(char c)
{
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool base64_read(struct text *out, const char *at, size_t len)
{
    uint32_t bits = 0;
    unsigned have = 0, padding = 0;
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        if (is_space(at[i]))
            continue;
        count++;
        if (at[i] == '=' && ++padding <= 2)
            continue;
        int value = value_of(at[i]);
        if (value < 0 || padding != 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        have += 6;
        if (have < 8)
            continue;
        have -= 8;
        char byte = (char)(uint8_t)(bits >> have);
        text_add_bytes(out, &byte, 1);
    }
    return count % 4 == 0 && padding <= 2 && (bits & ((1u << have) - 1)) == 0;
}

void base64_write(struct text *out, const uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i += 3) {
        const size_t n = len - i < 3 ? len - i : 3;
        const uint32_t bits = (uint32_t)bytes[i] << 16 | (n > 1 ? (uint32_t)bytes[i + 1] << 8 : 0) |
                              (n > 2 ? bytes[i + 2] : 0);
        char four[4] = {digits[bits >> 18], digits[bits >> 12 & 63], '=', '='};
        if (n > 1)
            four[2] = digits[bits >> 6 & 63];
        if (n > 2)
            four[3] = digits[bits & 63];
        text_add_bytes(out, four, sizeof four);
    }
}
