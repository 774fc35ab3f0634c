/* The name of the server that a client asks for, as the handshake carries it: it is handed to the
 * verifier, and its host part goes into SNI. What is in it is src/pki's business. */
#ifndef GALVAN_CONFIG_PEER_NAME_H
#define GALVAN_CONFIG_PEER_NAME_H

#include "base/arena.h"
#include "base/error.h"

struct server_name;

/* A copy in the arena. NO_MEMORY. */
enum gv_err gv_peer_name_keep(struct arena *arena, const struct server_name *name,
                              const struct server_name **out);

/* What the name is made of, for telling names apart: 255 bytes at most. */
struct span gv_peer_name_bytes(const struct server_name *name);

/* The host name for the server_name extension; empty for an IP address. */
struct span gv_peer_name_host(const struct server_name *name);

#endif
