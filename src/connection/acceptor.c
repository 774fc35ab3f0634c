/* From the first bytes of a client to a ClientHello, and from there to a connection. What it takes
 * is handshake records in the clear that hold one ClientHello; all else ends it. Invariant: while
 * there is an accepted, nothing is read, so that the ClientHello stays where it lies. */
#include "connection/acceptor.h"

#include "base/mem.h"
#include "connection/internal.h"
#include "record/deframe.h"

#include <errno.h>

struct acceptor {
    struct connection *c; /* without a config; NULL: it has accepted, or failed */
};

struct accepted {
    struct connection *c;     /* NULL: it was made use of */
    struct span message;      /* the ClientHello, header too; in the connection's memory */
    bool last;                /* no byte stands behind it in its record */
    struct hello_facts facts; /* in the message */
};

struct acceptor *gv_acceptor_new(void)
{
    static const struct limits limits = LIMITS_DEFAULT;
    struct acceptor *a = gv_mem_alloc(sizeof *a);

    if (a == NULL)
        return NULL;
    a->c = gv_connection_blank(&limits);
    if (a->c != NULL)
        return a;
    gv_mem_free(a);
    return NULL;
}

void gv_acceptor_free(struct acceptor *a)
{
    if (a == NULL)
        return;
    gv_connection_free(a->c);
    gv_mem_free(a);
}

int gv_acceptor_read_tls(struct acceptor *a, gv_read_fn *read, void *userdata, size_t *out_n)
{
    if (a->c == NULL)
        return EIO;
    return gv_connection_read_tls(a->c, read, userdata, out_n); /* the callback may free a */
}

/* ---- the ClientHello ------------------------------------------------------------------------ */

static enum gv_err take_record(struct connection *c, const struct record *r, struct accepted *found)
{
    uint8_t *bytes = c->in.base + c->in.raw_at, type;
    struct span plain;

    c->in.raw_at += RECORD_HEADER + r->len;
    TRY(gv_record_open(&c->half[HS_READ], bytes, RECORD_HEADER + r->len, &type, &plain));
    if (type != CONTENT_HANDSHAKE)
        RAISE(UNEXPECTED_CONTENT);
    if (plain.len == 0)
        RAISE(EMPTY_FRAGMENT);
    gv_join_feed(&c->join, plain);
    return gv_join_next(&c->join, &found->message, &found->last);
}

static enum gv_err find_hello(struct connection *c, struct accepted *found)
{
    struct record r;
    bool whole_header;

    while (found->message.len == 0) {
        TRY(gv_deframe(gv_inbox_raw(&c->in), &r, &whole_header));
        if (!whole_header || !r.complete)
            RAISE(ACCEPTOR_NOT_READY);
        TRY(take_record(c, &r, found));
    }
    return gv_hs_read_hello(found->message, &found->facts);
}

static enum gv_err keep_hello(struct connection *c, struct accepted **out)
{
    struct accepted found = {.c = c};

    TRY(find_hello(c, &found));
    *out = gv_mem_alloc(sizeof **out);
    if (*out == NULL)
        RAISE(NO_MEMORY);
    **out = found;
    return GV_OK;
}

static struct connection *fail(struct connection *c, enum gv_err err)
{
    gv_connection_fail(c, err);
    c->failure.step = "waiting for ClientHello"; /* no handshake is there to say so */
    return c;
}

/* Asked again, though it has answered: the client is told nothing. */
static enum gv_err accept_again(struct connection **failed)
{
    static const struct limits limits = LIMITS_DEFAULT;
    struct connection *c = gv_connection_blank(&limits);
    enum gv_err err = RAISED(ACCEPTOR_USED);

    *failed = c == NULL ? NULL : fail(c, err);
    return err;
}

enum gv_err gv_acceptor_accept(struct acceptor *a, struct accepted **out,
                               struct connection **failed)
{
    struct connection *c = a->c;

    *failed = NULL;
    if (c == NULL)
        return accept_again(failed);
    if (c->busy)
        RAISE(CALLED_FROM_CALLBACK);
    enum gv_err err = keep_hello(c, out);
    if (err == GV_E_ACCEPTOR_NOT_READY)
        return err;
    a->c = NULL;
    if (err != GV_OK)
        *failed = fail(c, err);
    return err;
}

/* ---- the connection --------------------------------------------------------------------------- */

const struct hello_facts *gv_accepted_hello(const struct accepted *a)
{
    return &a->facts;
}

/* Answers the ClientHello. A config may allow less than what was accepted. */
static enum gv_err answer(struct connection *c, const struct server_config *config,
                          struct span message, bool last)
{
    TRY(gv_connection_start_server(c, config));
    TRY(gv_join_limit(&c->join, config->common.limits.handshake_message, message));
    return gv_connection_take_messages(c, message, last);
}

enum gv_err gv_accepted_into_connection(struct accepted *a, const struct server_config *config,
                                        struct connection **out, struct connection **failed)
{
    const struct accepted was = *a;
    struct connection *c = was.c;

    *failed = NULL;
    if (c == NULL)
        RAISE(ACCEPTED_USED);
    *a = (struct accepted){0};
    gv_connection_enter(c); /* from here on callbacks run, and one may free a */
    enum gv_err err = answer(c, config, was.message, was.last);
    if (err != GV_OK)
        gv_connection_fail(c, err);
    gv_connection_leave(c);
    if (err == GV_OK)
        err = gv_connection_process(c); /* what came behind it */
    *(err == GV_OK ? out : failed) = c;
    return err;
}

void gv_accepted_free(struct accepted *a)
{
    if (a == NULL)
        return;
    gv_connection_free(a->c);
    gv_mem_free(a);
}
