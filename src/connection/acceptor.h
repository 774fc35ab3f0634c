/* A server's connection that has no config yet: it reads until the ClientHello is whole, tells what
 * is in it, and becomes a connection when it is told the config. It is a connection inside from the
 * first byte on, so that its bounds are the same, and nothing is read or copied twice. */
#ifndef GALVAN_CONNECTION_ACCEPTOR_H
#define GALVAN_CONNECTION_ACCEPTOR_H

#include "config/hello.h"
#include "connection/connection.h"

struct acceptor;
struct accepted;

struct acceptor *gv_acceptor_new(void); /* NULL where memory is out */
void gv_acceptor_free(struct acceptor *a);

/* As gv_connection_read_tls; EIO too after gv_acceptor_accept gave something. */
int gv_acceptor_read_tls(struct acceptor *a, gv_read_fn *read, void *userdata, size_t *out_n);

/* GV_OK with the ClientHello in *out, which the caller frees; ACCEPTOR_NOT_READY where more must be
 * read. Every other error is final, and *failed is then a connection that has failed with it: the
 * caller writes what it wants to write, and frees it; NULL where memory is out. *failed is NULL
 * in all other cases. */
enum gv_err gv_acceptor_accept(struct acceptor *a, struct accepted **out,
                               struct connection **failed);

/* All spans empty once the connection is made. Borrowed. */
const struct hello_facts *gv_accepted_hello(const struct accepted *a);

/* Makes the connection, which has answered the ClientHello, in *out; or a failed one in *failed, as
 * above. ACCEPTED_USED from the second call on, with *failed NULL. */
enum gv_err gv_accepted_into_connection(struct accepted *a, const struct server_config *config,
                                        struct connection **out, struct connection **failed);
void gv_accepted_free(struct accepted *a);

#endif
