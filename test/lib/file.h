/* Files of the tests. */
#ifndef GALVAN_TEST_FILE_H
#define GALVAN_TEST_FILE_H

#include <stddef.h>
#include <stdint.h>

/* A file below test/, whole, with a NUL behind it that len does not count. Free data. */
struct file {
    uint8_t *data;
    size_t len;
};
struct file test_file(const char *path);

#endif
