/* Files and directories that are read whole: bundles of trusted certificates. */
#ifndef GALVAN_BASE_FILE_H
#define GALVAN_BASE_FILE_H

#include "base/buffer.h"

/* Appends the file's content to b. False where it cannot be read, or does not fit the buffer's
 * limit; the buffer's content is then as it was. */
bool gv_file_read(const char *path, struct buffer *b);

/* Calls visit with the path of each regular file (or link to one) of a directory, in no order, until visit answers false.
 * False where it cannot be read. */
bool gv_dir_visit(const char *path, bool (*visit)(void *context, const char *path), void *context);

#endif
