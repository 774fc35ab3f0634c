/* What happened on a connection, told as lines for people and as members of a JSON object. */
#ifndef GALVAN_TOOL_REPORT_H
#define GALVAN_TOOL_REPORT_H

#include "advice.h"
#include "json.h"
#include "text.h"

/* What was agreed on, in the order in which people ask for it. */
struct fact {
    const char *key, *label; /* for JSON, for people */
    struct rustls_str value;
};
enum { FACTS_MAX = 12 };

/* Those that are known of this connection; how many. They live as long as it is not touched. */
size_t report_facts(const struct rustls_connection *conn, struct fact facts[FACTS_MAX]);

void report_agreed(struct text *t, const struct rustls_connection *conn);
void report_agreed_json(struct json *j, const struct rustls_connection *conn);

/* The certificates of the peer; nothing where it showed none. */
void report_chain(struct text *t, const struct rustls_connection *conn);
void report_chain_json(struct json *j, const struct rustls_connection *conn);

/* A connection that failed. */
struct failure {
    const char *what, *advice;
    const struct galvan_error_detail *detail; /* NULL where the library knows of no failure */
};
void report_failure(struct text *t, const struct failure *f);
void report_failure_json(struct json *j, const struct failure *f); /* as member "error" */

/* Whether it was the peer that gave up. */
bool report_is_peers_alert(const struct galvan_error_detail *d);

/* What the peer sent, made safe for a terminal: other bytes than printable ASCII become '?'. */
void report_printable(struct text *t, struct rustls_str s);

#endif
