/* Errors: one table (base/error.def), read here for names and texts, by wire/alert.c for the alert
 * that a peer is told, and by api/result.c for the public code.
 *
 * RAISE is birth and TRY is passage; no other macro hides control flow. A function owns nothing,
 * and may use both, or it owns something, and has one `done:` label; never both. */
#ifndef GALVAN_BASE_ERROR_H
#define GALVAN_BASE_ERROR_H

enum gv_err {
    GV_OK = 0,
#define GV_ERROR(name, alert, result, text) GV_E_##name,
#include "base/error.def"
#undef GV_ERROR
    GV_ERR_COUNT
};

#define MUST_USE __attribute__((warn_unused_result))

/* Answers err, and notes for gv_err_birth where it was raised. A breakpoint here sees them all. */
enum gv_err gv_raise(enum gv_err err, const char *where);

/* "src/room/file.c:123" of the newest error that this thread raised; "" where there was none. */
const char *gv_err_birth(void);

/* The row's name and text, static; "OK" and "no error" for GV_OK. */
const char *gv_err_name(enum gv_err err);
const char *gv_err_text(enum gv_err err);

#define GV_STRING2(x) #x
#define GV_STRING(x) GV_STRING2(x)
#define GV_HERE __FILE__ ":" GV_STRING(__LINE__)
/* The error itself is the value, so that compilers and analyzers see that it is not GV_OK. */
#define RAISED(name) ((void)gv_raise(GV_E_##name, GV_HERE), (enum gv_err)GV_E_##name)
#define RAISE(name) return RAISED(name)
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum gv_err try_err_ = (call);                                                             \
        if (try_err_ != GV_OK)                                                                     \
            return try_err_;                                                                       \
    } while (0)

#endif
