/* The shim that BoringSSL's test runner (BoGo) drives: it connects to the runner's port as many
 * times as it is told, as a TLS client or server, over the public headers; what is not of theirs is
 * in inside.h. It decides nothing about TLS: it configures, moves bytes, and says how it went. */
#include "bogo/shim.h"

#include "bogo/inside.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A crash would be a failure like any other, which many tests expect; this status is not. */
enum { STATUS_CRASHED = 90 };

static void on_crash(int signal)
{
    (void)signal;
    _exit(STATUS_CRASHED);
}

/* ---- a server's connection by way of an acceptor --------------------------------------------------- */

static bool refused(struct exchange *x, struct rustls_accepted_alert *alert)
{
    struct galvan_error_detail detail;
    size_t n = 0;

    if (galvan_accepted_alert_error_detail(alert, &detail, sizeof detail) == RUSTLS_RESULT_OK)
        complain_of(&detail);
    (void)rustls_accepted_alert_write_tls(alert, link_write, &x->link, &n);
    rustls_accepted_alert_free(alert);
    return false;
}

static bool accept_with(struct exchange *x, struct rustls_acceptor *acceptor)
{
    struct rustls_accepted *accepted = NULL;
    struct rustls_accepted_alert *alert = NULL;
    rustls_result r;

    do {
        size_t n = 0;
        if (rustls_acceptor_read_tls(acceptor, link_read, &x->link, &n) != 0 || n == 0)
            return complain("the connection ended before its ClientHello");
        r = rustls_acceptor_accept(acceptor, &accepted, &alert);
    } while (r == RUSTLS_RESULT_ACCEPTOR_NOT_READY);
    if (r == RUSTLS_RESULT_OK)
        r = rustls_accepted_into_connection(accepted, x->setup->server, &x->conn, &alert);
    rustls_accepted_free(accepted);
    return r == RUSTLS_RESULT_OK || refused(x, alert);
}

static bool accept_client(struct exchange *x)
{
    struct rustls_acceptor *acceptor = rustls_acceptor_new();
    bool good = acceptor != NULL && accept_with(x, acceptor);

    rustls_acceptor_free(acceptor);
    return good;
}

/* ---- connections ----------------------------------------------------------------------------------- */

static bool make_connection(struct exchange *x)
{
    const struct options *o = x->options;
    rustls_result r;

    if (o->server && o->use_early_callback)
        return accept_client(x);
    if (o->server)
        r = rustls_server_connection_new(x->setup->server, &x->conn);
    else
        r = rustls_client_connection_new(x->setup->client,
                                         o->host_name == NULL ? "test" : o->host_name, &x->conn);
    return r == RUSTLS_RESULT_OK || complain_of_result("connection", r);
}

static bool run_connection(const struct options *all, bool is_resume, const struct setup *setup)
{
    struct exchange x = {.options = &all[is_resume ? RESUMED : INITIAL],
                         .retried = &all[RETRIED],
                         .setup = setup,
                         .link = {.fd = -1},
                         .is_resume = is_resume};
    bool good = link_open(&x.link, x.options, all->has_shim_id, all->shim_id);

    if (good)
        good = make_connection(&x);
    if (good) {
        rustls_connection_set_userdata(x.conn, &x);
        good = exchange_run(&x);
    }
    rustls_connection_free(x.conn);
    free(x.asked.message);
    link_close(&x.link);
    return good;
}

static enum outcome run(const struct options *all)
{
    struct setup before = {NULL, NULL}, now = {NULL, NULL};
    enum outcome outcome = OUTCOME_GOOD;

    for (long i = 0; outcome == OUTCOME_GOOD && i <= all->resume_count; i++) {
        const struct options *o = &all[i == 0 ? INITIAL : RESUMED];
        outcome = setup_make(&now, o, &before);
        if (outcome == OUTCOME_GOOD && !run_connection(all, i != 0, &now))
            outcome = OUTCOME_BAD;
        setup_drop(&before);
        before = now;
        now = (struct setup){NULL, NULL};
        inside_advance_clock(o->resumption_delay);
    }
    setup_drop(&before);
    setup_forget_sessions();
    return outcome;
}

int main(int argc, char **argv)
{
    struct options all[CONNECTION_KINDS] = {{.port = 0}};
    const char *unknown = options_read(all, argc, argv);
    enum outcome outcome = OUTCOME_UNIMPLEMENTED;

    signal(SIGPIPE, SIG_IGN);
    signal(SIGSEGV, on_crash);
    signal(SIGABRT, on_crash);
    if (all->is_handshaker_supported) {
        puts("No");
        outcome = OUTCOME_GOOD;
    } else if (unknown != NULL) {
        complain("not implemented: %s", unknown);
    } else {
        outcome = run(all);
    }
    options_drop(all);
    fputs("--- DONE ---\n", stderr); /* what a sanitizer says behind it is no word of ours */
    return (int)outcome;
}
