/* Wiping and constant-time comparison. */
#include "base/secret.h"

void gv_wipe(void *p, size_t n)
{
    if (n == 0)
        return;
    memset(p, 0, n);
    /* The memory is used after the store as far as the compiler can tell, so the store stays. */
    __asm__ __volatile__("" : : "r"(p) : "memory");
}

bool gv_secret_equal(struct span a, struct span b)
{
    if (a.len != b.len)
        return false;
    uint8_t differs = 0;
    for (size_t i = 0; i < a.len; i++)
        differs |= (uint8_t)(a.at[i] ^ b.at[i]);
    /* Hides the value from the compiler, which could otherwise leave the loop early. */
    __asm__ __volatile__("" : "+r"(differs));
    return differs == 0;
}
