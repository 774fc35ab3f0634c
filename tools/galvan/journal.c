/* Log lines. What a client chose (names, paths) is made printable on its way in. */
#include "journal.h"

#include "report.h"
#include "tool.h"

#include <string.h>

void journal_listening(const struct service *service, const char *address)
{
    struct text t = {.at = NULL};
    struct json j = {.to = &t};
    if (service->json) {
        json_open(&j, NULL, '{');
        json_string(&j, "event", "listening");
        json_string(&j, "address", address);
        json_string(&j, "port", strrchr(address, ':') + 1);
        json_close(&j, '}');
        text_add(&t, "\n");
    } else
        text_format(&t, "%s: listening on %s\n", tool_name, address);
    (void)text_print(&t, stdout);
}

void journal_stopped(const struct service *service, unsigned long connections)
{
    struct text t = {.at = NULL};
    struct json j = {.to = &t};
    if (service->quiet)
        return;
    if (service->json) {
        json_open(&j, NULL, '{');
        json_string(&j, "event", "stopped");
        json_number(&j, "connections", (long long)connections);
        json_close(&j, '}');
        text_add(&t, "\n");
    } else
        text_format(&t, "%s: stopped after %lu connections\n", tool_name, connections);
    (void)text_print(&t, stdout);
}

/* ---- one connection ------------------------------------------------------------------------- */

static void add_request(struct text *t, const struct peer *p)
{
    if (p->status != 0)
        text_format(t, " %s %s %d,", p->request.head ? "HEAD" : "GET",
                    p->request.path[0] == '\0' ? "?" : p->request.path, p->status);
    else if (p->service->echo && p->handshake_ms > 0)
        text_format(t, " echo %llu bytes,", p->echoed);
}

static void add_agreed(struct text *t, const struct peer *p)
{
    struct fact facts[FACTS_MAX];
    size_t count = report_facts(p->conn, facts);
    for (size_t i = 0; i < count; i++) {
        text_add(t, strcmp(facts[i].key, "early_data") == 0 ? " early data " : " ");
        report_printable(t, facts[i].value);
    }
}

static void add_trouble(struct text *t, const struct peer *p, const struct failure *f)
{
    if (f->detail == NULL) {
        text_format(t, "; failed: %s", p->trouble);
        return;
    }
    text_format(t, "; failed: %s; try: %s", f->detail->sentence, f->advice);
}

static void write_line(struct text *t, const struct peer *p, const struct failure *f)
{
    text_add(t, p->address);
    add_request(t, p);
    add_agreed(t, p);
    if (p->handshake_ms > 0)
        text_format(t, " in %.1f ms", p->handshake_ms);
    text_format(t, "; %llu bytes in, %llu out", p->wire.in, p->wire.out);
    if (f != NULL)
        add_trouble(t, p, f);
    text_add(t, "\n");
}

static void write_json(struct text *t, const struct peer *p, const struct failure *f)
{
    struct json j = {.to = t};
    json_open(&j, NULL, '{');
    json_string(&j, "event", "connection");
    json_string(&j, "address", p->address);
    json_bool(&j, "handshake_complete", p->handshake_ms > 0);
    if (p->handshake_ms > 0)
        json_decimal(&j, "handshake_ms", p->handshake_ms);
    report_agreed_json(&j, p->conn);
    report_chain_json(&j, p->conn);
    if (p->status != 0) {
        json_string(&j, "method", p->request.head ? "HEAD" : "GET");
        json_string(&j, "path", p->request.path);
        json_number(&j, "http_status", p->status);
    }
    if (p->service->echo)
        json_number(&j, "echoed", (long long)p->echoed);
    json_number(&j, "wire_received", (long long)p->wire.in);
    json_number(&j, "wire_sent", (long long)p->wire.out);
    if (f != NULL)
        report_failure_json(&j, f);
    json_close(&j, '}');
    text_add(t, "\n");
}

void journal_connection(struct peer *p)
{
    struct galvan_error_detail d;
    struct text t = {.at = NULL};
    struct failure f = {.what = p->trouble,
                        .advice = "nothing has to be done here, unless it happens often"};
    if (p->logged || p->service->quiet)
        return;
    p->logged = true;
    if (galvan_connection_error_detail(p->conn, &d, sizeof d) == RUSTLS_RESULT_OK) {
        f.detail = &d;
        f.advice = advice_for(&d, ROLE_SERVER);
        f.what = d.reason;
    }
    if (p->service->json)
        write_json(&t, p, f.what == NULL ? NULL : &f);
    else
        write_line(&t, p, f.what == NULL ? NULL : &f);
    (void)text_print(&t, stdout);
}
