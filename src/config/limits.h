/* Limits on what a peer can make us do, each with its source; a config carries them, and may be
 * told others. */
#ifndef GALVAN_CONFIG_LIMITS_H
#define GALVAN_CONFIG_LIMITS_H

#include <stddef.h>
#include <stdint.h>

/* What every program gets. Fragment and record sizes are the protocol's (record/limits.h). */
enum {
    LIMIT_HANDSHAKE_MESSAGE = 65535, /* bytes behind the header; rustls's and BoringSSL's bound */
    LIMIT_CERTIFICATE_CHAIN = 65536, /* bytes; rustls's CERTIFICATE_MAX_SIZE_LIMIT */
    LIMIT_EMPTY_RECORDS = 32,        /* consecutive; CVE-2016-6305, BoringSSL's kMaxEmptyRecords */
    LIMIT_WARNING_ALERTS = 4,        /* consecutive; CVE-2016-8610, BoringSSL's kMaxWarningAlerts */
    LIMIT_POST_HANDSHAKE = 32,       /* consecutive messages; BoringSSL's kMaxKeyUpdates */
    LIMIT_MIDDLEBOX_CCS = 2,         /* RFC 9846 appendix D.4 needs one in each direction */
    LIMIT_SEND_BUFFER = 65536,       /* bytes of records not yet written */
    LIMIT_EARLY_PLAINTEXT = 65536,   /* bytes written before the handshake's end */
    LIMIT_SKIPPED_EARLY = 65536      /* bytes of rejected early data passed over; four records */
};

struct limits {
    size_t handshake_message, certificate_chain;
    uint32_t empty_records, warning_alerts, post_handshake, middlebox_ccs;
    uint32_t skipped_early; /* at least; a server that accepts more passes over as much */
    /* Records that one key may seal; 0: what the AEAD allows (RFC 9846 section 5.5). */
    uint64_t records_per_key;
};

#define LIMITS_DEFAULT                                                                             \
    {                                                                                              \
        LIMIT_HANDSHAKE_MESSAGE, LIMIT_CERTIFICATE_CHAIN, LIMIT_EMPTY_RECORDS,                     \
            LIMIT_WARNING_ALERTS, LIMIT_POST_HANDSHAKE, LIMIT_MIDDLEBOX_CCS, LIMIT_SKIPPED_EARLY,  \
            0                                                                                      \
    }

#endif
