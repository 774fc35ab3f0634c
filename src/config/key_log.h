/* Where secrets are told to somebody who debugs (RFC 9850). Off unless the application asks. */
#ifndef GALVAN_CONFIG_KEY_LOG_H
#define GALVAN_CONFIG_KEY_LOG_H

#include "base/error.h"
#include "base/refcount.h"
#include "base/span.h"

/* Immutable but for what its own functions guard; shared by connections. */
struct key_log {
    struct refcount refs;
    bool (*will_log)(const struct key_log *log, const char *label);
    void (*log)(const struct key_log *log, const char *label, struct span client_random,
                struct span secret);
    void (*free)(struct key_log *log);
};

static inline void gv_key_log_free(struct key_log *log)
{
    if (log != NULL && gv_ref_release(&log->refs))
        log->free(log);
}

/* A key log that appends to the file which the environment names in SSLKEYLOGFILE; it logs nothing
 * where none is named, or that one cannot be opened. NO_MEMORY. */
enum gv_err gv_key_log_file_new(struct key_log **out);

#endif
