/* Bytes written as hexadecimal digits in tests. */
#ifndef GALVAN_TEST_HEX_H
#define GALVAN_TEST_HEX_H

#include <stddef.h>
#include <stdint.h>

/* Reads hexadecimal digits (spaces between them are skipped) into out and returns the number of
 * bytes. Stops the program where the text is no hex or holds more than cap bytes: a test's own
 * data is wrong then. */
size_t hex_read(uint8_t *out, size_t cap, const char *text);

#endif
