/* Keys in hexadecimal, behind their identities. */
#include "psk.h"

#include "tool.h"

#include <string.h>

static int digit(char c)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    if (at == NULL)
        return -1;
    return at - digits < 16 ? (int)(at - digits) : (int)(at - digits) - 6;
}

/* The number of bytes; 0 where it is no hexadecimal, or too much. */
static size_t read_hex(uint8_t out[GALVAN_PSK_KEY_MAX], const char *text)
{
    const size_t len = strlen(text);
    if (len % 2 != 0 || len / 2 > GALVAN_PSK_KEY_MAX)
        return 0;
    for (size_t i = 0; i < len / 2; i++) {
        int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return 0;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return len / 2;
}

bool psk_add(struct psks *psks, char *text)
{
    char *colon = strrchr(text, ':');
    if (psks->count == PSKS_MAX) {
        tool_complain("at most %d --psk are accepted", PSKS_MAX);
        return false;
    }
    uint8_t *key = psks->key[psks->count];
    size_t len = colon == NULL ? 0 : read_hex(key, colon + 1);
    if (len < GALVAN_PSK_KEY_MIN || colon == text) {
        tool_complain("--psk: wants IDENTITY:KEY, the key as %d to %d hexadecimal digits, such as "
                      "openssl rand -hex 32 makes",
                      2 * GALVAN_PSK_KEY_MIN, 2 * GALVAN_PSK_KEY_MAX);
        return false;
    }
    memset(colon + 1, '*', strlen(colon + 1));
    psks->at[psks->count++] = (struct galvan_psk){
        .identity = {(const uint8_t *)text, (size_t)(colon - text)}, .key = {key, len}};
    return true;
}

void psk_settle(struct psks *psks)
{
    for (size_t i = 0; i < psks->count && psks->context != NULL; i++) {
        psks->at[i].imported = true;
        psks->at[i].context =
            (struct rustls_slice_bytes){(const uint8_t *)psks->context, strlen(psks->context)};
    }
}

void psk_wipe(struct psks *psks)
{
    volatile uint8_t *at = &psks->key[0][0];
    for (size_t i = 0; i < sizeof psks->key; i++)
        at[i] = 0;
    psks->count = 0;
}
