/* In the place of brotli.c in a build without it. */
#include "compress/compress.h"

const struct cert_compressor *const gv_compressor_brotli = NULL;
