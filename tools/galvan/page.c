/* The page. */
#include "page.h"

#include "describe.h"
#include "report.h"
#include "tool.h"

#include <string.h>

static void add_escaped(struct text *t, struct rustls_str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.data[i];
        if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'')
            text_format(t, "&#%d;", c);
        else if ((c >= ' ' && c <= '~') || c == '\n')
            text_add_bytes(t, &c, 1);
        else
            text_add(t, "?");
    }
}

static void add_row(struct text *t, const char *label, struct rustls_str value)
{
    text_format(t, "<tr><th>%s</th><td>", label);
    add_escaped(t, value);
    text_add(t, "</td></tr>\n");
}

static void add_facts(struct text *t, const struct page *p)
{
    struct fact facts[FACTS_MAX];
    struct text ms = {.at = NULL};
    size_t count = report_facts(p->conn, facts);
    text_format(&ms, "%.1f ms", p->handshake_ms);
    text_add(t, "<table>\n");
    add_row(t, "Your address", (struct rustls_str){p->address, strlen(p->address)});
    for (size_t i = 0; i < count; i++)
        add_row(t, facts[i].label, facts[i].value);
    add_row(t, "Handshake took", (struct rustls_str){ms.at, ms.len});
    text_add(t, "</table>\n");
    text_drop(&ms);
}

static void add_chain(struct text *t, const struct page *p)
{
    struct text chain = {.at = NULL};
    report_chain(&chain, p->conn);
    if (chain.len == 0)
        text_add(t, "<p>You showed no certificate.</p>\n");
    else {
        text_add(t, "<p>Your certificates:</p>\n<pre>");
        add_escaped(t, (struct rustls_str){chain.at, chain.len});
        text_add(t, "</pre>\n");
    }
    t->failed |= chain.failed;
    text_drop(&chain);
}

static const char *reason(int status)
{
    static const struct {
        int status;
        const char *reason;
    } reasons[] = {
        {200, "OK"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {414, "URI Too Long"},
        {431, "Request Header Fields Too Large"},
        {505, "HTTP Version Not Supported"},
    };
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        if (reasons[i].status == status)
            return reasons[i].reason;
    }
    return "Bad Request";
}

static void add_body(struct text *t, const struct page *p)
{
    text_add(t, "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n"
                "<meta name=\"viewport\" content=\"width=device-width\">\n"
                "<title>Galvan</title>\n"
                "<style>body{font:16px/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}"
                "th{text-align:left;padding-right:2em;font-weight:normal;color:#555}"
                "pre{overflow:auto}</style>\n");
    if (p->status != 200) {
        text_format(t, "<h1>%d %s</h1>\n<p>There is one page here: <a href=\"/\">/</a></p>\n",
                    p->status, reason(p->status));
        return;
    }
    text_add(t, "<h1>This connection</h1>\n");
    add_facts(t, p);
    add_chain(t, p);
}

void page_write(struct text *t, const struct page *p)
{
    struct text body = {.at = NULL};
    add_body(&body, p);
    text_format(t,
                "HTTP/1.1 %d %s\r\nContent-Type: text/html; charset=utf-8\r\n"
                "Content-Length: %zu\r\nConnection: close\r\nCache-Control: no-store\r\n"
                "X-Content-Type-Options: nosniff\r\n"
                "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n%s\r\n",
                p->status, reason(p->status), body.len,
                p->status == 405 ? "Allow: GET, HEAD\r\n" : "");
    if (!p->head && body.len != 0)
        text_add_bytes(t, body.at, body.len);
    t->failed |= body.failed;
    text_drop(&body);
}
