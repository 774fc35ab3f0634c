/* The record layer alone: records found in any bytes, opened with a key that the first byte chooses
 * (or in the clear), and their fragments joined. What comes out lies within what went in. */
#include "lib/fake_provider.h"
#include "record/deframe.h"
#include "record/join.h"
#include "record/protect.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MESSAGE_LIMIT = 2000 };

static void must(bool held)
{
    if (!held)
        abort();
}

/* Real and fake ciphers by turns; an even choice leaves the half in the clear. */
static void choose(struct record_half *half, uint8_t choice)
{
    static const uint8_t key[AEAD_KEY_MAX], iv[AEAD_NONCE];
    const struct provider *p = (choice & 2) != 0 ? fake_provider() : gv_openssl_provider();
    size_t count = 0;

    if ((choice & 1) == 0)
        return;
    while (p->suites[count] != NULL)
        count++;
    must(gv_record_key(half, p->suites[(choice >> 2) % count], key, iv, false, 0) == GV_OK);
}

static bool take_messages(struct join *j, struct span plain)
{
    struct span message;
    bool last;

    gv_join_feed(j, plain);
    do {
        if (gv_join_next(j, &message, &last) != GV_OK)
            return false;
        must(message.len == 0 ||
             (message.len >= HANDSHAKE_HEADER && message.len <= HANDSHAKE_HEADER + MESSAGE_LIMIT));
    } while (message.len != 0);
    return true;
}

static bool take_record(struct record_half *half, struct join *j, uint8_t *bytes, size_t len)
{
    uint8_t type = 0;
    struct span plain = {NULL, 0};

    if (gv_record_open(half, bytes, len, &type, &plain) != GV_OK)
        return false;
    must(plain.len <= FRAGMENT_MAX && plain.at >= bytes && plain.at + plain.len <= bytes + len);
    return type != CONTENT_HANDSHAKE || take_messages(j, plain);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct record_half half = {.suite = NULL};
    struct join j;
    struct record r;
    bool found = true;
    uint8_t *copy = malloc(size + 1);

    if (size == 0 || copy == NULL) {
        free(copy);
        return 0;
    }
    memcpy(copy, data, size);
    choose(&half, data[0]);
    gv_join_init(&j, MESSAGE_LIMIT);
    for (size_t at = 1; found && at <= size; at += RECORD_HEADER + r.len)
        if (gv_deframe(span_of(copy + at, size - at), &r, &found) != GV_OK || !found ||
            !r.complete || !take_record(&half, &j, copy + at, RECORD_HEADER + r.len))
            break;
    gv_join_drop(&j);
    gv_record_half_drop(&half);
    free(copy);
    return 0;
}
