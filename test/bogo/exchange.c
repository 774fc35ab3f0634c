/* One connection from its first byte to its last, as the runner wants it: handshake, checks, an echo
 * of what comes with every bit turned round, the end. */
#include "bogo/shim.h"

#include "bogo/inside.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t hello[] = {'h', 'e', 'l', 'l', 'o'};

/* ---- bytes ---------------------------------------------------------------------------------------- */

static bool flush(struct exchange *x)
{
    size_t n = 0;

    while (rustls_connection_wants_write(x->conn) && x->link.may_write != 0)
        if (rustls_connection_write_tls(x->conn, link_write, &x->link, &n) != 0)
            return complain("the runner does not listen any more");
    return true;
}

static bool process(struct exchange *x)
{
    struct galvan_error_detail detail;
    rustls_result r = rustls_connection_process_new_packets(x->conn);

    while (r == RUSTLS_RESULT_OK && galvan_connection_is_pending(x->conn))
        r = later_answer(x);
    if (r == RUSTLS_RESULT_OK)
        return flush(x);
    (void)galvan_connection_error_detail(x->conn, &detail, sizeof detail);
    if (checks_pass_retry_configs(x))
        complain_of(&detail);
    (void)flush(x);
    return false;
}

/* Sends what waits, takes what comes. */
static bool move(struct exchange *x)
{
    size_t n = 0;

    if (!flush(x))
        return false;
    if (rustls_connection_read_tls(x->conn, link_read, &x->link, &n) != 0)
        return complain("the connection cannot be read");
    x->ended = n == 0;
    return process(x);
}

/* Hands it all to the connection. What its buffer does not take at once goes out first. */
bool exchange_say(struct exchange *x, const uint8_t *data, size_t len)
{
    while (len != 0) {
        size_t n = 0;
        rustls_result r = rustls_connection_write(x->conn, data, len, &n);
        if (r != RUSTLS_RESULT_OK)
            return complain_of_result("write", r);
        if (!flush(x))
            return false;
        if (n == 0 && !move(x))
            return false;
        data += n;
        len -= n;
    }
    return true;
}

static bool echo(struct exchange *x, uint8_t *data, size_t len)
{
    rustls_result r = RUSTLS_RESULT_OK;

    if (x->options->key_update)
        r = rustls_connection_refresh_traffic_keys(x->conn);
    if (r != RUSTLS_RESULT_OK)
        return complain_of_result("refresh_traffic_keys", r);
    for (size_t i = 0; i < len; i++)
        data[i] ^= 0xff;
    return exchange_say(x, data, len);
}

/* ---- early data ------------------------------------------------------------------------------------- */

/* Server: what came early is answered before the handshake is over. */
static bool echo_early(struct exchange *x)
{
    uint8_t buf[512];
    size_t n = 0;

    if (!x->options->server)
        return true;
    while (galvan_connection_read_early_data(x->conn, buf, sizeof buf, &n) == RUSTLS_RESULT_OK)
        if (!echo(x, buf, n))
            return false;
    return true;
}

/* Client: says hello early, as far as the session allows. What cannot be said early is said later. */
static bool say_early(struct exchange *x)
{
    uint8_t secret[32];
    size_t n = 0;

    if (galvan_connection_early_data(x->conn) != GALVAN_EARLY_DATA_OFFERED)
        return true;
    if (x->options->export_keying_material > 0 && !secrets_export(x, secret, sizeof secret))
        return false;
    if (x->options->read_with_unfinished_write && flush(x))
        x->link.may_write = 1;
    if (x->options->shim_writes_first || x->options->read_with_unfinished_write)
        (void)galvan_connection_write_early_data(x->conn, hello, sizeof hello, &n);
    inside_forget_early_data(x->conn); /* the runner does not want it twice */
    x->said = n;
    return true;
}

/* ---- the handshake ------------------------------------------------------------------------------------ */

static bool finish_handshake(struct exchange *x)
{
    while (rustls_connection_is_handshaking(x->conn)) {
        if (!move(x) || !echo_early(x))
            return false;
        if (x->ended && rustls_connection_is_handshaking(x->conn))
            return complain("the connection ended in the handshake");
    }
    if (x->said != 0)
        x->link.may_write = -1; /* what was unfinished is finished now */
    return true;
}

/* ---- data --------------------------------------------------------------------------------------------- */

enum heard { HEARD_NOTHING, HEARD_DATA, HEARD_END, HEARD_CUT, HEARD_ERROR };

static enum heard listen_once(struct exchange *x, uint8_t *buf, size_t cap, size_t *n)
{
    rustls_result r = rustls_connection_read(x->conn, buf, cap, n);

    switch (r) {
    case RUSTLS_RESULT_OK:
        return *n == 0 ? HEARD_END : HEARD_DATA;
    case RUSTLS_RESULT_PLAINTEXT_EMPTY:
        return HEARD_NOTHING;
    case RUSTLS_RESULT_UNEXPECTED_EOF:
        return HEARD_CUT;
    default:
        complain_of_result("read", r);
        return HEARD_ERROR;
    }
}

/* Answers what the peer says until it ends, in order or not. */
static enum heard converse(struct exchange *x, uint8_t *buf, size_t cap)
{
    bool checked = !rustls_connection_is_handshaking(x->conn);
    uint8_t secret[32];
    enum heard heard;
    size_t n = 0;

    for (;;) {
        if (!echo_early(x))
            return HEARD_ERROR;
        heard = listen_once(x, buf, cap, &n);
        if (!checked && !rustls_connection_is_handshaking(x->conn)) {
            checked = true;
            if (!checks_pass(x))
                return HEARD_ERROR;
        }
        if (heard == HEARD_NOTHING && !move(x))
            return HEARD_ERROR;
        if (heard == HEARD_DATA) {
            x->link.may_write = -1; /* the unfinished write is finished now */
            if (x->options->use_exporter_between_reads && !secrets_export(x, secret, sizeof secret))
                return HEARD_ERROR;
            if (!echo(x, buf, n))
                return HEARD_ERROR;
        }
        if (heard != HEARD_NOTHING && heard != HEARD_DATA)
            return heard;
    }
}

static bool speak_first(struct exchange *x)
{
    static const size_t sizes[] = {0, 1, 255, 256, 257, 16383, 16384, 16385, 32767, 32768, 32769};
    static uint8_t data[32769];

    if (x->options->read_with_unfinished_write && x->said == 0) {
        x->link.may_write = 1;
        return exchange_say(x, hello, sizeof hello);
    }
    if (!x->options->write_different_record_sizes)
        return !x->options->shim_writes_first ||
               exchange_say(x, hello + x->said, sizeof hello - x->said);
    memset(data, 0x42, sizeof data);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (!exchange_say(x, data, sizes[i]))
            return false;
    return true;
}

/* ---- the end ----------------------------------------------------------------------------------------------- */

static bool close_orderly(struct exchange *x, enum heard heard, uint8_t *buf, size_t cap)
{
    size_t n = 0;

    if (!x->options->check_close_notify)
        return true;
    rustls_connection_send_close_notify(x->conn);
    if (!flush(x))
        return false;
    while (heard == HEARD_NOTHING || heard == HEARD_DATA) {
        heard = listen_once(x, buf, cap, &n);
        if (heard == HEARD_DATA)
            return complain(":APPLICATION_DATA_ON_SHUTDOWN:");
        if (heard == HEARD_NOTHING && !move(x))
            return false;
    }
    return heard == HEARD_END || complain("Unexpected SSL_shutdown result: -1 != 1");
}

static bool run_in(struct exchange *x, uint8_t *buf, size_t cap)
{
    const struct options *o = x->options;
    enum heard heard = HEARD_NOTHING;

    if (o->server && !process(x)) /* an accepted connection may wait already */
        return false;
    if (!say_early(x))
        return false;
    if (x->is_resume && o->expect_no_offer_early_data &&
        galvan_connection_early_data(x->conn) != GALVAN_EARLY_DATA_NONE)
        return complain("early data was offered unexpectedly");
    if (!o->implicit_handshake && !(finish_handshake(x) && checks_pass(x)))
        return false;
    if (!secrets_tell(x))
        return false;
    if (!speak_first(x))
        return false;
    if (!o->shim_shuts_down && !o->write_different_record_sizes)
        heard = converse(x, buf, cap);
    if (heard == HEARD_ERROR || rustls_connection_is_handshaking(x->conn))
        return complain("the connection ended early");
    return close_orderly(x, heard, buf, cap);
}

bool exchange_run(struct exchange *x)
{
    const size_t cap = x->options->read_size > 0 ? (size_t)x->options->read_size : 512;
    uint8_t *buf = malloc(cap);
    bool good = buf != NULL && run_in(x, buf, cap);

    free(buf);
    return good;
}
