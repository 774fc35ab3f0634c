/* What a client sends to our server, any bytes; the first says what it is (enum fuzz_options). Seeds are
 * whole connections, recorded by fuzz/seeds.c; with the fake provider a fuzzer comes behind the
 * cryptography. */
#include "lib/fuzz_pair.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct bare *p = fuzz_pair(data[0]);
    if (p != NULL)
        fuzz_feed(p, true, span_of(data + 1, size - 1), (data[0] & FUZZ_PIECES) != 0 ? 7 : 0);
    fuzz_pair_free(p);
    return 0;
}
