/* What the server answers: a page about the connection that it is sent over, or about a request
 * that it does not understand. Everything that a peer chose is escaped. */
#ifndef GALVAN_TOOL_PAGE_H
#define GALVAN_TOOL_PAGE_H

#include "rustls.h"
#include "text.h"

struct page {
    int status;
    bool head; /* the header alone */
    const struct rustls_connection *conn;
    const char *address; /* of the peer */
    double handshake_ms;
};

/* A whole HTTP response. */
void page_write(struct text *t, const struct page *p);

#endif
