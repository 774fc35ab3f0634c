/* External pre-shared keys from the command line. */
#ifndef GALVAN_TOOL_PSK_H
#define GALVAN_TOOL_PSK_H

#include "galvan.h"

enum { PSKS_MAX = 4 };

struct psks {
    struct galvan_psk at[PSKS_MAX];
    size_t count;
    uint8_t key[PSKS_MAX][GALVAN_PSK_KEY_MAX];
    const char *context; /* they are imported with it; NULL: used as they are */
};

/* Takes "IDENTITY:HEX" in; what is in it then points into text, where the key is overwritten, so that
 * no list of processes shows it. False after a complaint. */
bool psk_add(struct psks *psks, char *text);

/* They are all that was given: puts the context into them. */
void psk_settle(struct psks *psks);

/* Forgets the keys: a config has its own copies. */
void psk_wipe(struct psks *psks);

#endif
