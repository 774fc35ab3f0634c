/* Base64 (RFC 4648 section 4), as configurations of Encrypted Client Hello are written in DNS. */
#ifndef GALVAN_TOOL_BASE64_H
#define GALVAN_TOOL_BASE64_H

#include "text.h"

#include <stdint.h>

/* Adds the bytes that are written there, white space passed over; false where something else stands
 * in it, or it ends too early. */
bool base64_read(struct text *out, const char *at, size_t len);
void base64_write(struct text *out, const uint8_t *bytes, size_t len);

#endif
