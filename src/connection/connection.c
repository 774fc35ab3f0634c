/* The life of a connection, its failure, and what it tells about itself. */
#include "connection/internal.h"

#include "base/clock.h"
#include "base/mem.h"
#include "wire/alert.h"

#include <stdio.h>

/* ---- life ------------------------------------------------------------------------------------------ */

struct connection *gv_connection_blank(const struct limits *limits)
{
    struct connection *c = gv_mem_alloc(sizeof *c);

    if (c == NULL)
        return NULL;
    gv_join_init(&c->join, limits->handshake_message);
    gv_buffer_init(&c->out, SIZE_MAX / 2); /* held down by buffer_limit and the counters */
    gv_buffer_init(&c->early, SIZE_MAX / 2);
    gv_buffer_init(&c->sent_early, UINT32_MAX); /* held down by the session's limit */
    gv_buffer_init(&c->received_early, UINT32_MAX);
    c->buffer_limit = LIMIT_SEND_BUFFER;
    c->failure.alert = c->failure.peer_alert = -1;
    return c;
}

static enum gv_err start_client(struct connection *c, const struct server_name *name,
                                const struct alpn_list *alpn)
{
    const struct alpn_list *names = &c->hs.client->common.alpn;

    if (alpn != NULL) {
        TRY(gv_alpn_list_copy(&c->alpn, alpn));
        names = &c->alpn;
    }
    const struct hs_start start = {.now = gv_connection_now(c),
                                   .door = &gv_connection_door,
                                   .connection = c,
                                   .name = name,
                                   .alpn = span_of(names->wire, names->len)};
    return gv_hs_start_client(&c->hs, &start);
}

enum gv_err gv_connection_new_client(struct connection **out, const struct client_config *config,
                                     const struct server_name *name, const struct alpn_list *alpn)
{
    struct connection *c = gv_connection_blank(&config->common.limits);

    if (c == NULL)
        return RAISED(NO_MEMORY);
    c->hs.client = gv_client_config_ref(config);
    enum gv_err err = start_client(c, name, alpn);
    if (err == GV_OK) {
        *out = c;
        return GV_OK;
    }
    gv_connection_free(c);
    return err;
}

enum gv_err gv_connection_start_server(struct connection *c, const struct server_config *config)
{
    const struct hs_start start = {.door = &gv_connection_door, .connection = c};

    c->hs.server = gv_server_config_ref(config);
    return gv_hs_start_server(&c->hs, &start);
}

enum gv_err gv_connection_new_server(struct connection **out, const struct server_config *config)
{
    struct connection *c = gv_connection_blank(&config->common.limits);

    if (c == NULL)
        return RAISED(NO_MEMORY);
    enum gv_err err = gv_connection_start_server(c, config);
    if (err == GV_OK) {
        *out = c;
        return GV_OK;
    }
    gv_connection_free(c);
    return err;
}

void gv_connection_free(struct connection *c)
{
    if (c == NULL)
        return;
    if (c->busy) { /* its own callback frees it: it goes when the callback is back */
        c->doomed = true;
        return;
    }
    gv_client_config_free(c->hs.client);
    gv_server_config_free(c->hs.server);
    gv_hs_drop(&c->hs);
    gv_join_drop(&c->join);
    gv_inbox_drop(&c->in);
    gv_buffer_drop(&c->out);
    gv_buffer_drop(&c->early);
    gv_buffer_drop(&c->sent_early);
    gv_buffer_drop(&c->received_early);
    gv_record_half_drop(&c->half[HS_READ]);
    gv_record_half_drop(&c->half[HS_WRITE]);
    gv_alpn_list_drop(&c->alpn);
    gv_mem_free(c->detail);
    gv_wipe(c, sizeof *c);
    gv_mem_free(c);
}

bool gv_connection_enter(struct connection *c)
{
    if (c->busy)
        return false;
    c->busy = true;
    return true;
}

void gv_connection_leave(struct connection *c)
{
    c->busy = false;
    if (c->doomed)
        gv_connection_free(c);
}

struct hs_now gv_connection_now(const struct connection *c)
{
    struct hs_now now = {.ms = -1, .userdata = c->userdata};

    if (!gv_clock_now(&now.ms))
        now.ms = -1;
    return now;
}

void gv_connection_trim(struct connection *c)
{
    gv_inbox_trim(&c->in);
    gv_buffer_trim(&c->out);
}

/* ---- failure ----------------------------------------------------------------------------------------- */

static void keep_detail(struct connection *c)
{
    const struct detail *known = gv_hs_detail(&c->hs);

    if (known == NULL)
        return;
    c->detail = gv_mem_alloc(sizeof *c->detail);
    if (c->detail != NULL)
        *c->detail = *known;
    c->failure.detail = c->detail;
}

enum gv_err gv_connection_fail(struct connection *c, enum gv_err err)
{
    if (c->failure.err != GV_OK)
        return c->failure.err;
    c->failure.err = err;
    c->failure.birth = gv_err_birth();
    c->failure.step = gv_hs_state_text(&c->hs);
    keep_detail(c);
    gv_connection_log(c, LOG_ERROR, gv_err_text(err), c->failure.step);
    enum alert alert = gv_alert_of(err);
    if (alert == ALERT_NONE)
        return err;
    /* Where even this fails the peer is told nothing; the caller has the error all the same. */
    if (gv_connection_emit_alert(c, ALERT_LEVEL_FATAL, (uint8_t)alert) == GV_OK)
        c->failure.alert = (int16_t)alert;
    return err;
}

const struct failure *gv_connection_failure(const struct connection *c)
{
    return &c->failure;
}

/* ---- log ------------------------------------------------------------------------------------------------ */

void gv_connection_set_log(struct connection *c, gv_log_fn *log, void *context)
{
    c->log = log;
    c->log_context = context;
}

void gv_connection_log(struct connection *c, enum log_level level, const char *what,
                       const char *more)
{
    char text[512];

    if (c->log == NULL)
        return;
    snprintf(text, sizeof text, "%s (%s)", what, more);
    c->log(c->log_context, c->userdata, level, text);
}

/* ---- what it tells ---------------------------------------------------------------------------------------- */

const struct limits *gv_connection_limits(const struct connection *c)
{
    return c->hs.client != NULL ? &c->hs.client->common.limits : &c->hs.server->common.limits;
}

void gv_connection_set_userdata(struct connection *c, void *userdata)
{
    c->userdata = userdata;
}

void *gv_connection_userdata(const struct connection *c)
{
    return c->userdata;
}

bool gv_connection_wants_read(const struct connection *c)
{
    if (c->in.plain_len != 0 || c->closed || gv_connection_awaits(c) != 0)
        return false;
    /* A caller who waits for bytes that cannot come would spin (RUSTSEC-2024-0336). */
    return gv_hs_is_over(&c->hs) ? !c->end_of_input : gv_buffer_len(&c->out) == 0;
}

bool gv_connection_wants_write(const struct connection *c)
{
    return gv_buffer_len(&c->out) != 0 && gv_connection_awaits(c) == 0;
}

uint16_t gv_connection_awaits(const struct connection *c)
{
    return c->failure.err == GV_OK ? gv_hs_awaits(&c->hs) : 0;
}

bool gv_connection_is_handshaking(const struct connection *c)
{
    return !gv_hs_is_over(&c->hs);
}

const struct agreed *gv_connection_agreed(const struct connection *c)
{
    return &c->hs.agreed;
}

enum gv_err gv_connection_export(const struct connection *c, const char *label,
                                 const struct span *context, uint8_t *out, size_t len)
{
    return gv_hs_export(&c->hs, label, context, out, len);
}

enum gv_err gv_connection_tls_exporter(const struct connection *c, uint8_t out[TLS_EXPORTER_LEN])
{
    return gv_hs_tls_exporter(&c->hs, out);
}
