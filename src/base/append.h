/* Files that lines are appended to, by several threads and processes at once. */
#ifndef GALVAN_BASE_APPEND_H
#define GALVAN_BASE_APPEND_H

#include "base/span.h"

/* Opens a file for appending, or makes it, for its owner alone to read. A number to give to the
 * two below; -1 where that cannot be done. */
int gv_append_open(const char *path);

/* Appends a line in one write, so that it stays in one piece. False where it was not written. */
bool gv_append_line(int file, struct span line);

/* -1 is fine. */
void gv_append_close(int file);

#endif
