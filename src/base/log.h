/* Levels of messages for the application's log. Texts hold no secret and no plaintext. */
#ifndef GALVAN_BASE_LOG_H
#define GALVAN_BASE_LOG_H

#include <stddef.h>

enum log_level { LOG_ERROR = 1, LOG_WARN = 2, LOG_INFO = 3, LOG_DEBUG = 4, LOG_TRACE = 5 };

/* context is the one given with the function, userdata the connection's. */
typedef void gv_log_fn(void *context, void *userdata, enum log_level level, const char *message);

#endif
