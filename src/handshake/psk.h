/* External pre-shared keys in a handshake of TLS 1.3, and what they share with sessions there: an
 * offer is either's. */
#ifndef GALVAN_HANDSHAKE_PSK_H
#define GALVAN_HANDSHAKE_PSK_H

#include "handshake/internal.h"

struct session;

/* ---- the client -------------------------------------------------------------------------------------- */
/* What the next hello offers, into hs->work->offers. PSK_DECLINED where nothing is left that may be,
 * and nothing else will do. */
enum gv_err gv_psk_offer(struct hs *hs);
/* The binders of the hello that was just written, into its end (section 4.2.11.2); hs->work->offers
 * shows them from then on. */
enum gv_err gv_psk_fill_binders(struct hs *hs, struct wr *hello);
/* What the ServerHello says of them. */
enum gv_err gv_psk_take_answer(struct hs *hs, const struct server_hello13 *m);

/* ---- the server -------------------------------------------------------------------------------------- */
/* The first identity that is an external PSK which a shared suite goes with, into hs->work->psk; NULL:
 * none. Comes before the choice of the suite, which it narrows. */
enum gv_err gv_psk_seek(struct hs *hs, const struct client_hello *m);
/* Holds the client to it: from here on it is taken. BINDER_WRONG. */
enum gv_err gv_psk_prove(struct hs *hs, const struct client_hello *m, struct span raw);
/* The binder at psk_index proves that the client has the key; it covers the hello up to the list of
 * binders. BINDER_WRONG. */
enum gv_err gv_psk_check_binder(struct hs *hs, const struct client_hello *m, struct span raw,
                                const struct binder_by *by);
/* Whether the PSK behind a session is one that is still taken; true where there was none. */
bool gv_psk_is_still_known(struct hs *hs, const struct session *s);
/* Raises where the server has PSKs alone, and the client none of them. */
enum gv_err gv_psk_refuse_without(const struct hs *hs, const struct client_hello *m);

/* ---- both -------------------------------------------------------------------------------------------- */
/* The PSK behind a session that is taken up is this connection's. */
enum gv_err gv_psk_take_name(struct hs *hs, const struct session *s);
/* What a session is to keep of the key (config/psk.h); empty where there is none. */
struct span gv_psk_mark_of(const struct hs *hs);

#endif
