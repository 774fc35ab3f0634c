/* Sizes that the protocol sets for records. */
#ifndef GALVAN_RECORD_LIMITS_H
#define GALVAN_RECORD_LIMITS_H

enum {
    RECORD_HEADER = 5,                                       /* RFC 9846 section 5.1 */
    FRAGMENT_MAX = 16384,                                    /* section 5.1 */
    EXPANSION13 = 256,                                       /* section 5.2 */
    EXPANSION12 = 2048,                                      /* RFC 5246 section 6.2.3 */
    RECORD_MAX = RECORD_HEADER + FRAGMENT_MAX + EXPANSION12, /* 18,437 bytes on the wire */
    SEAL_OVERHEAD_MAX = RECORD_HEADER + 8 + 1 + 16 /* header, explicit nonce, inner type, tag */
};

#endif
