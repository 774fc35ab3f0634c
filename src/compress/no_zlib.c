/* In the place of zlib.c in a build without it. */
#include "compress/compress.h"

const struct cert_compressor *const gv_compressor_zlib = NULL;
