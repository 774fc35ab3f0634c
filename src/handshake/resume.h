/* Resumption, as far as both versions share it. What fails here costs a full handshake and nothing
 * else: only what is forged or forbidden is an error. */
#ifndef GALVAN_HANDSHAKE_RESUME_H
#define GALVAN_HANDSHAKE_RESUME_H

#include "config/session.h"
#include "config/session_store.h"
#include "handshake/internal.h"

enum { SESSION_LIFETIME = 24 * 3600 }; /* seconds; RFC 5246 appendix F.1.4's upper bound */

/* ---- the client ------------------------------------------------------------------------------------ */
/* Takes the session to offer into hs->work->session; none is no error. */
enum gv_err gv_resume_choose(struct hs *hs);
/* Drops it: the server did not take it up, or cannot. */
void gv_resume_forget(struct hs *hs);
/* Keeps a session of this handshake for later ones. */
void gv_resume_keep(struct hs *hs, const struct session *s);
/* The key that sessions of this connection are kept under. */
struct span gv_resume_key(const struct hs *hs);

/* ---- the server -------------------------------------------------------------------------------------- */
/* Takes into hs->work->session what is sealed in a ticket; nothing where it is not genuine. */
void gv_resume_open(struct hs *hs, struct span ticket);
/* The same behind a key in the store. ANSWER_PENDING where the store answers later: then it is to be
 * called again for this key when MSG_SESSION has come. */
enum gv_err gv_resume_find(struct hs *hs, struct span key);
/* What single use asks for (RFC 9846 appendix C.4), when the client has proved that it has the secret:
 * takes the session out of the store, where finding it did not. False where somebody else did so
 * meanwhile. */
bool gv_resume_take_out(const struct hs *hs, struct span key);
/* A key of chance for the store. Those of the two versions differ, so that what is shown in one finds
 * nothing of the other. */
enum gv_err gv_resume_make_key(struct hs *hs, uint8_t key[SESSION_KEY_MAX]);
/* Keeps the store's answer that came later, which may be any bytes, or none. */
void gv_resume_keep_answer(struct hs *hs, struct span encoded);
/* Whether it may be taken up now, by a client that asks for this name. */
bool gv_resume_is_usable(struct hs *hs, const struct session *s, struct span server_name);
/* Bytes that a ticket of this session takes at most. */
size_t gv_resume_ticket_bound(const struct hs *hs, const struct session *s);
/* Makes s a ticket: sealed where key is empty and there are ticket keys, else stored under the key,
 * which *ticket then is. False where it cannot be: then none is issued. */
bool gv_resume_issue(struct hs *hs, const struct session *s, struct span key, struct span *ticket);

/* ---- both ------------------------------------------------------------------------------------------------ */
/* The peer's chain of that session, or its external PSK's name, becomes this connection's. */
enum gv_err gv_resume_take_peer(struct hs *hs, const struct session *s);
/* This handshake as a session with that secret. Borrows. */
struct session gv_resume_describe(const struct hs *hs, const struct secret *secret);

#endif
