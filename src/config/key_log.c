/* The key log that is a file, in the format of RFC 9850. It tells nobody of a line that could not
 * be written: a connection does not fail because a disk is full. */
#include "config/key_log.h"

#include "base/append.h"
#include "base/env.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/writer.h"

enum { LABEL_ROOM = 64, RANDOM_LEN = 32 }; /* the longest label has 31 characters */

struct file_log {
    struct key_log log;
    int file; /* -1: none */
};

static void wr_hex(struct wr *w, struct span s)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < s.len; i++) {
        wr_u8(w, (uint8_t)digits[s.at[i] >> 4]);
        wr_u8(w, (uint8_t)digits[s.at[i] & 15]);
    }
}

static bool file_will_log(const struct key_log *log, const char *label)
{
    (void)label;
    return ((const struct file_log *)log)->file >= 0;
}

static void file_log_line(const struct key_log *log, const char *label, struct span client_random,
                          struct span secret)
{
    uint8_t line[LABEL_ROOM + 2 * RANDOM_LEN + 2 * SECRET_MAX];
    struct wr w = wr_of(line, sizeof line);
    wr_bytes(&w, span_str(label));
    wr_u8(&w, ' ');
    wr_hex(&w, client_random);
    wr_u8(&w, ' ');
    wr_hex(&w, secret);
    wr_u8(&w, '\n');
    if (wr_done(&w))
        gv_append_line(((const struct file_log *)log)->file, wr_span(&w));
    gv_wipe(line, sizeof line);
}

static void file_free(struct key_log *log)
{
    struct file_log *f = (struct file_log *)log;
    gv_append_close(f->file);
    gv_mem_free(f);
}

enum gv_err gv_key_log_file_new(struct key_log **out)
{
    struct file_log *f = gv_mem_alloc(sizeof *f);
    if (f == NULL)
        RAISE(NO_MEMORY);
    const char *path = gv_env_get("SSLKEYLOGFILE");
    f->log = (struct key_log){.will_log = file_will_log, .log = file_log_line, .free = file_free};
    gv_ref_init(&f->log.refs);
    f->file = path == NULL ? -1 : gv_append_open(path);
    *out = &f->log;
    return GV_OK;
}
