/* What the handshake's own files share. */
#ifndef GALVAN_HANDSHAKE_INTERNAL_H
#define GALVAN_HANDSHAKE_INTERNAL_H

#include "base/writer.h"
#include "handshake/handshake.h"
#include "keys/ech_confirm.h"
#include "keys/schedule12.h"
#include "keys/schedule13.h"
#include "keys/transcript.h"
#include "wire/hello.h"
#include "wire/message.h"
#include "wire/message12.h"

/* ---- the table ---------------------------------------------------------------------------------- */
/* X(state, text for people) */
#define HS_STATES_TABLE(X)                                                                         \
    X(C_HELLO, "waiting for ServerHello")                                                          \
    X(C_HELLO_AGAIN, "waiting for ServerHello after HelloRetryRequest")                            \
    X(C13_EE, "waiting for EncryptedExtensions")                                                   \
    X(C13_CERT_CR, "waiting for CertificateRequest or Certificate")                                \
    X(C13_CERT, "waiting for Certificate")                                                         \
    X(C13_CV, "waiting for CertificateVerify")                                                     \
    X(C13_FIN, "waiting for Finished")                                                             \
    X(C13_UP, "connected")                                                                         \
    X(S_HELLO, "waiting for ClientHello")                                                          \
    X(S_HELLO_AGAIN, "waiting for ClientHello after HelloRetryRequest")                            \
    X(S13_CERT, "waiting for the client's Certificate")                                            \
    X(S13_CV, "waiting for the client's CertificateVerify")                                        \
    X(S13_EARLY, "waiting for EndOfEarlyData")                                                     \
    X(S13_FIN, "waiting for the client's Finished")                                                \
    X(S13_UP, "connected")                                                                         \
    X(C12_CERT, "waiting for Certificate")                                                         \
    X(C12_STATUS, "waiting for CertificateStatus or ServerKeyExchange")                            \
    X(C12_SKE, "waiting for ServerKeyExchange")                                                    \
    X(C12_CR_DONE, "waiting for CertificateRequest or ServerHelloDone")                            \
    X(C12_DONE, "waiting for ServerHelloDone")                                                     \
    X(C12_TICKET, "waiting for NewSessionTicket")                                                  \
    X(C12_CCS, "waiting for ChangeCipherSpec")                                                     \
    X(C12_FIN, "waiting for Finished")                                                             \
    X(C12_UP, "connected")                                                                         \
    X(S12_CERT, "waiting for the client's Certificate")                                            \
    X(S12_CKE, "waiting for ClientKeyExchange")                                                    \
    X(S12_CV, "waiting for the client's CertificateVerify")                                        \
    X(S12_CCS, "waiting for the client's ChangeCipherSpec")                                        \
    X(S12_FIN, "waiting for the client's Finished")                                                \
    X(S12_UP, "connected")                                                                         \
    X(C13_SIGN, "waiting for our own signature")                                                   \
    X(S13_SIGN, "waiting for our own signature")                                                   \
    X(C12_SIGN, "waiting for our own signature")                                                   \
    X(S12_SIGN, "waiting for our own signature")                                                   \
    X(C13_CHOOSE, "waiting for the choice of our certificate")                                     \
    X(C12_CHOOSE, "waiting for the choice of our certificate")                                     \
    X(S_CHOOSE, "waiting for the choice of our certificate")                                       \
    X(S13_LOOK_UP, "waiting for a session to be looked up")                                        \
    X(S12_LOOK_UP, "waiting for a session to be looked up")
enum hs_state {
#define X(name, text) name,
    HS_STATES_TABLE(X)
#undef X
        HS_STATES
};

struct hs_in {
    uint16_t msg;          /* of enum message_type */
    struct span body, raw; /* without and with the header */
    bool ends_record;
};
typedef enum gv_err hs_step(struct hs *hs, const struct hs_in *in, uint8_t *next);

enum hs_row_flags {
    REKEYS = 1,   /* the key changes behind it: nothing may follow in its record */
    SNAPSHOT = 2, /* the step needs the transcript as it was before this message */
    FORK = 8,     /* the step needs the running transcript without this message */
    SEALED = 16,  /* it may hold another one, encrypted, in whose place it came (RFC 9849) */
    UNHASHED = 4  /* the driver adds nothing to the transcript; the step does where it must */
};
struct hs_row {
    uint16_t msg;         /* what may arrive ... */
    uint8_t state, flags; /* ... in which state */
    uint64_t to;          /* the states it may lead to */
    hs_step *step;        /* the one function that handles it; NULL ends the table */
};
#define TO(state) (UINT64_C(1) << (state))

extern const struct hs_row gv_hs_client_rows[], gv_hs_server_rows[];

/* ---- the state of a handshake under way ----------------------------------------------------------- */
enum { LIST_MAX = 64 }; /* two-byte entries in a list of ours: suites, groups, schemes */
enum { HS_ARENA_LIMIT = 256 * 1024 }; /* bytes; four certificate chains of the largest kind */

struct number_list {
    uint8_t at[2 * LIST_MAX];
    size_t len; /* bytes */
};

/* A flight under construction: messages in one run of memory. */
struct flight {
    struct wr w;
    size_t marked; /* bytes of w that are in the transcript */
};

/* What a binder is made with (RFC 9846 section 4.2.11.2). */
struct binder_by {
    const struct hash_alg *hash;
    const struct secret *key;
    const char *label;
};

/* The pre-shared keys of our newest ClientHello: what it shows of each, and what is behind it. */
enum { PSK_OFFERS_MAX = 1 + CLIENT_PSKS_MAX * PSK_TARGETS }; /* a session, and external ones */
struct psk_offer {
    struct binder_by by;
    const struct psk *external; /* of the config; NULL: the session */
};
struct psk_offers {
    struct psk_out shown[PSK_OFFERS_MAX];
    struct psk_offer at[PSK_OFFERS_MAX];
    size_t count;
};

struct hs_work {
    struct detail detail;
    struct transcript transcript;
    struct schedule13 schedule;
    uint8_t before[HASH_MAX]; /* SNAPSHOT's digest */
    struct flight flight;
    uint8_t client_random[RANDOM_LEN];
    struct span session_id; /* legacy_session_id of the ClientHello */
    struct secret client_early, client_handshake, server_handshake, client_application,
        server_application;
    const struct psk *psk;             /* the external PSK that is taken; NULL: none */
    uint16_t retry_suite, retry_group; /* what a HelloRetryRequest fixed; 0: there was none */

    /* client */
    const struct server_name *name;
    struct span alpn;        /* names in wire form */
    struct session *session; /* offered for resumption, or taken up; owned */
    enum extension order[EXT_COUNT];
    uint32_t offered; /* bits of the extensions in our ClientHello */
    struct number_list suites, groups, schemes;
    struct psk_offers offers;
    struct key_exchange share;
    struct span share_key; /* its public half */
    struct span cookie;
    struct span early_alpn; /* what early data was written for */
    struct ech_offer *ech;  /* NULL: Encrypted Client Hello is not offered, and not pretended */

    /* authentication: ours, and the peer's */
    bool certificate_requested;
    struct request_facts request;    /* where the application chooses by it */
    const struct certified_key *own; /* borrowed from the config, or chosen; NULL: none fits */
    uint16_t own_scheme;
    const struct cert_compressor *packs_with; /* that the peer takes; NULL: none */
    struct span signature;                    /* ours, made */
    struct span peer_ocsp;

    /* TLS 1.2 */
    struct secret master;
    struct hmac keyed_master; /* the PRF of both Finished, too */
    uint8_t server_random[RANDOM_LEN];
    bool extended_master_secret, expects_status, expects_ticket;
    struct keys12 keys12;
    struct span signed_params; /* server: randoms and ServerECDHParams */
    struct span peer_point;    /* the server's ephemeral key, as the client keeps it */

    /* server */
    struct hash forked;       /* FORK's transcript */
    size_t ticket_count;      /* to be issued when the handshake is over */
    uint16_t psk_index;       /* of the identity that is taken up */
    uint16_t external_index;  /* of psk's, where it may be taken */
    uint32_t psk_age;         /* its obfuscated_ticket_age */
    struct span session_id12; /* TLS 1.2: of the session that this handshake makes */
    struct span new_ticket12; /* client */
    uint32_t new_ticket_lifetime12;
    const struct certified_key *chosen; /* by the application; a reference; NULL: not asked */
    struct span first_hello;            /* body of the ClientHello before a HelloRetryRequest */
    struct span hello;             /* the ClientHello, header too, while an answer is awaited */
    bool looked_up;                /* the session, and its answer came later */
    struct ech_opener *ech_opener; /* NULL: without keys for Encrypted Client Hello */
    bool ech_confirms; /* the ClientHello is an inner one (RFC 9849), which our hello says */
};

static inline const struct config_common *hs_common(const struct hs *hs)
{
    return hs->client != NULL ? &hs->client->common : &hs->server->common;
}

static inline const struct provider *hs_provider(const struct hs *hs)
{
    return hs_common(hs)->provider;
}

static inline struct span hs_before(const struct hs *hs)
{
    return span_of(hs->work->before, hs->agreed.suite->hash->len);
}

/* Whether both sides are authenticated by a PSK, so that no certificate is sent (section 4.4). */
static inline bool hs_is_by_psk(const struct hs *hs)
{
    return hs->agreed.kind == HANDSHAKE_RESUMED || hs->agreed.psk != NULL;
}

/* ---- psk.c ------------------------------------------------------------------------------------------- */
/* The external PSK that a connection used, as long as it lives. */
struct psk_used {
    struct psk_name name;
    uint8_t mark[PSK_MARK_LEN]; /* server: of its key */
    uint8_t wire[];             /* the name's bytes */
};
void gv_psk_forget(struct hs *hs);

/* Whether a server answers that it has taken the name in: not when it resumes (RFC 6066 section 3). */
static inline bool hs_confirms_name(const struct hs *hs, const struct client_hello *m)
{
    return m->server_name.len != 0 && hs->agreed.kind != HANDSHAKE_RESUMED;
}

/* ---- drive.c ---------------------------------------------------------------------------------------- */
/* Raises where bytes of a next message stand in the record: a key change must not come inside one
 * (RFC 9846 section 5.1). For steps of rows that change keys in some versions only. */
enum gv_err gv_hs_at_record_end(const struct hs_in *in);
/* Takes n zeroed bytes from the arena. */
enum gv_err gv_hs_take_memory(struct hs *hs, size_t n, void **out);
/* Begins the work: arena and struct. */
enum gv_err gv_hs_begin(struct hs *hs, const struct hs_start *start);
/* Copies a span into the arena. */
enum gv_err gv_hs_keep(struct hs *hs, struct span s, struct span *out);

/* Where a handshake goes on behind a question: the state that waits for an answer that comes later,
 * and the step. */
struct wait_point {
    uint8_t state;
    hs_step *go_on;
};

/* ---- later.c ------------------------------------------------------------------------------------------ */
/* Waits in this state for an answer, behind the message that led to the question. */
enum gv_err gv_hs_wait(const struct hs_in *in, uint8_t state, uint8_t *next);
/* The same where the ClientHello is needed again then; and that ClientHello, as it came. */
enum gv_err gv_hs_wait_with_hello(struct hs *hs, const struct hs_in *in, uint8_t state,
                                  uint8_t *next);
struct hs_in gv_hs_kept_hello(const struct hs *hs);
/* Keeps an answer for the step that waits for it. SIGNATURE_REFUSED. */
enum gv_err gv_hs_keep_answer(struct hs *hs, const struct hs_answer *answer);

/* ---- flight.c ----------------------------------------------------------------------------------------- */
/* Begins a flight of at most cap bytes. */
enum gv_err gv_flight_begin(struct hs *hs, size_t cap);
/* Ends a message that was written into hs->work->flight.w: it is part of the transcript now. */
enum gv_err gv_flight_message(struct hs *hs);
/* Sends what was written. The flight may go on. */
enum gv_err gv_flight_send(struct hs *hs);

/* ---- lists.c ------------------------------------------------------------------------------------------- */
/* Where it is full, nothing is appended. */
void gv_list_append(struct number_list *list, uint16_t code);
void gv_list_suites(const struct config_common *c, struct number_list *out);
void gv_list_groups(const struct config_common *c, struct number_list *out);
/* Whether TLS 1.2 can use the group: ECDHE, not a hybrid (RFC 8422, RFC 10024). */
bool gv_group_fits_tls12(uint16_t code);
/* The kind of key that signs with this scheme. */
enum tls12_auth gv_scheme_auth(uint16_t scheme);
void gv_list_schemes(const struct provider *p, struct number_list *out);
static inline struct span list_span(const struct number_list *l)
{
    return span_of(l->at, l->len);
}
const struct key_exchange_group *gv_find_group(const struct provider *p, uint16_t code);
/* The first of the client's groups that we have in this version, or NULL. */
const struct key_exchange_group *gv_group_by_client(const struct provider *p, uint16_t version,
                                                    struct span groups);
/* The suite of this code that the configuration allows in this version, or NULL. */
const struct cipher_suite_info *gv_find_suite(const struct config_common *c, uint16_t version,
                                              uint16_t code);

/* ---- secrets13.c ----------------------------------------------------------------------------------------- */
/* From the shared secret to both handshake traffic secrets, logged; wipes the shared secret. */
enum gv_err gv_hs13_handshake_secrets(struct hs *hs, struct secret *shared);
/* At the server's Finished: both application traffic secrets and the exporter's, logged. */
enum gv_err gv_hs13_application_secrets(struct hs *hs);
/* PSKs (section 4.2.11.2): the binder of a hello whose part before the binders is `truncated`, over
 * what was in the transcript before it. */
enum gv_err gv_hs13_binder(const struct binder_by *by, const struct hash *before,
                           struct span truncated, uint8_t out[HASH_MAX]);
/* At the client's Finished: resumption_secret; and the PSK of one ticket of it (section 4.6.1). */
enum gv_err gv_hs13_resumption_secret(struct hs *hs, struct secret *out);
enum gv_err gv_hs13_ticket_secret(struct hs *hs, const struct secret *resumption, struct span nonce,
                                  struct secret *out);
/* client_early_traffic_secret, logged, over the transcript up to the ClientHello (section 7.1). */
enum gv_err gv_hs13_early_secret(struct hs *hs, const struct hash_alg *alg);
/* Checks a Finished that was sent under `base`. FINISHED_WRONG, DECODE_FINISHED. */
enum gv_err gv_hs13_check_finished(struct hs *hs, struct span verify_data,
                                   const struct secret *base);
/* Writes our Finished into the flight. */
enum gv_err gv_hs13_write_finished(struct hs *hs, const struct secret *base);

/* ---- auth.c ------------------------------------------------------------------------------------------------ */
/* Keeps the peer's chain, and the OCSP response stapled to its leaf. offered: extensions that may
 * stand in it. */
enum gv_err gv_auth13_read_certificate(struct hs *hs, struct span body, uint32_t offered);
/* Verifies the kept chain with this verifier, then CertificateVerify over the snapshot. */
enum gv_err gv_auth13_check(struct hs *hs, const struct verifier *verifier, struct span body,
                            const char *context);
/* Bytes that Certificate and CertificateVerify of this key take at most. */
size_t gv_auth_size(const struct certified_key *key);
/* Bytes of a verifier's hints in a CertificateRequest; v may be NULL. */
size_t gv_hints_size(const struct verifier *v);
/* Writes Certificate (empty where own is NULL) into the flight. */
enum gv_err gv_auth13_write_certificate(struct hs *hs, bool ocsp);
/* Writes CertificateVerify with the signature that was made. */
enum gv_err gv_auth_write_certificate_verify(struct hs *hs);
/* The first certified key of the config with a scheme that stands in the peer's list; sets own and
 * own_scheme. False where none fits. */
bool gv_auth_choose(struct hs *hs, uint16_t version, struct span peer_schemes);
/* The same among the keys of one kind. */
bool gv_auth_choose_kind(struct hs *hs, uint16_t version, enum tls12_auth kind,
                         struct span peer_schemes);

/* A client's, for a CertificateRequest: the first key whose chain leads to an authority that the server
 * names (RFC 9846 section 4.2.4), or else, for many name none or too few, the first that fits. */
bool gv_auth_choose_for_request(struct hs *hs, const struct request_facts *request);

#define CONTEXT_SERVER "TLS 1.3, server CertificateVerify"
#define CONTEXT_CLIENT "TLS 1.3, client CertificateVerify"

/* TLS 1.2: the peer's chain (RFC 5246 section 7.4.2), and a signature of the peer's over content. */
enum gv_err gv_auth12_read_certificate(struct hs *hs, struct span body);
enum gv_err gv_auth12_check(struct hs *hs, const struct verifier *verifier, uint16_t scheme,
                            struct span content, struct span signature);
/* Every signature of ours is made here, with own and own_scheme, into work->signature. The step goes
 * on at once, or, where the signer answers "later", when MSG_SIGNATURE comes. */
enum gv_err gv_auth_sign(struct hs *hs, const struct hs_in *in, struct span content,
                         const struct wait_point *point, uint8_t *next);
/* The same for what TLS 1.3 signs. */
enum gv_err gv_auth13_sign(struct hs *hs, const struct hs_in *in, const char *context,
                           const struct wait_point *point, uint8_t *next);
/* Keeps a chain of a session as the peer's. */
enum gv_err gv_auth_copy_chain(struct hs *hs, const struct span *chain, size_t count);
/* Asks the verifier about the kept chain. */
enum gv_err gv_auth_check_chain(struct hs *hs, const struct verifier *verifier);

/* ---- compressed.c ------------------------------------------------------------------------------------------- */
/* The algorithms that our hello or CertificateRequest offers. */
void gv_list_compression_algorithms(const struct config_common *c, struct number_list *out);
/* Chooses among those that the peer offers, which may be none. CERT_COMPRESSION_REPEATED. */
enum gv_err gv_choose_compressor(struct hs *hs, struct span offered);
/* gv_auth13_read_certificate for a CompressedCertificate. */
enum gv_err gv_auth13_read_compressed(struct hs *hs, struct span body, uint32_t offered);
/* Puts the compressed message in the place of the Certificate that was just written, where the peer
 * takes that and it is smaller. */
void gv_auth13_compress(struct hs *hs, bool ocsp);

/* ---- ech_client.c ------------------------------------------------------------------------------------------- */
/* Begins what the config asks for, in front of the first hello. */
enum gv_err gv_ech_begin(struct hs *hs);
void gv_ech_drop(struct hs_work *work);
/* Sends the hello that m would be without Encrypted Client Hello. */
enum gv_err gv_ech_send_hello(struct hs *hs, struct client_hello_out *m);
/* Whether the server read the inner hello (RFC 9849 section 6.1.4): goes on with it or with the outer
 * one. The message is not in the transcript yet, its suite is chosen. */
enum gv_err gv_ech_settle_retry(struct hs *hs, const struct hs_in *in,
                                const struct server_hello13 *x);
enum gv_err gv_ech_settle(struct hs *hs, const struct hs_in *in, const struct server_hello *m);
/* EncryptedExtensions' part of it. */
enum gv_err gv_ech_take_retry_configs(struct hs *hs, struct span configs);
/* At the handshake's end: ECH_REJECTED where it was (section 6.1.6). */
enum gv_err gv_ech_finish(struct hs *hs);

/* ---- secrets12.c ------------------------------------------------------------------------------------------- */
/* From the shared secret, which is wiped, to the keys; the transcript ends with
 * ClientKeyExchange (RFC 7627 section 3). */
enum gv_err gv_hs12_secrets(struct hs *hs, struct secret *shared);
/* From the master secret to the keys. */
enum gv_err gv_hs12_keys(struct hs *hs);
/* Checks a Finished over the transcript before it. */
enum gv_err gv_hs12_check_finished(struct hs *hs, struct span verify_data, const char *label);
/* ChangeCipherSpec, our key in use, and Finished: sent. */
enum gv_err gv_hs12_send_finished(struct hs *hs, const char *label);
/* The peer's key in use. */
enum gv_err gv_hs12_change_read_key(struct hs *hs);

#define FINISHED_CLIENT "client finished"
#define FINISHED_SERVER "server finished"

/* ---- steps -------------------------------------------------------------------------------------------------- */
hs_step gv_c_hello_retry, gv_c_server_hello;
hs_step gv_c13_encrypted_extensions, gv_c13_certificate_request, gv_c13_certificate,
    gv_c13_compressed_certificate, gv_c13_certificate_verify, gv_c13_finished,
    gv_c13_new_session_ticket;
hs_step gv_s_client_hello, gv_s_client_hello_again, gv_s_certified_key;
hs_step gv_s13_session, gv_s12_session;
hs_step gv_s13_end_of_early_data;
hs_step gv_s13_certificate, gv_s13_compressed_certificate, gv_s13_certificate_verify,
    gv_s13_finished;
hs_step gv_up13_key_update;
hs_step gv_c12_certificate, gv_c12_certificate_status, gv_c12_server_key_exchange,
    gv_c12_certificate_request, gv_c12_server_hello_done, gv_c12_new_session_ticket,
    gv_c12_change_cipher_spec, gv_c12_finished;
hs_step gv_s12_certificate, gv_s12_client_key_exchange, gv_s12_certificate_verify,
    gv_s12_change_cipher_spec, gv_s12_finished;
hs_step gv_up12_renegotiation;
hs_step gv_c13_certified_key, gv_c12_certified_key;
hs_step gv_c13_signature, gv_s13_signature, gv_c12_signature, gv_s12_signature;

/* client.c: builds and sends the (first or second) ClientHello. */
enum gv_err gv_c_send_hello(struct hs *hs);
/* Its parts, for one that holds another: what a hello says of the session that it offers, and of
 * external PSKs; bytes that it takes at most; writes it, and its binders where it has none; the same,
 * and sends it. */
enum gv_err gv_c_offer_psks(struct hs *hs, struct client_hello_out *m);
size_t gv_c_hello_bound(const struct client_hello_out *m);
enum gv_err gv_c_write_hello(struct hs *hs, struct wr *w, const struct client_hello_out *m);
enum gv_err gv_c_send_this_hello(struct hs *hs, const struct client_hello_out *m);
/* Whether the newest ClientHello had a key share for this group. */
bool gv_c_sent_share(const struct hs_work *work, uint16_t code);
/* client13.c: a ServerHello of TLS 1.3. */
enum gv_err gv_c13_server_hello(struct hs *hs, const struct server_hello *m,
                                const struct server_hello13 *x, uint8_t *next);
/* client12.c: a ServerHello of TLS 1.2. */
enum gv_err gv_c12_server_hello(struct hs *hs, const struct server_hello *m, uint8_t *next);
/* choose.c: asks the application for a certified key, once, where the config says so. What its
 * answer raises: ANSWER_PENDING, NO_SUITABLE_KEY. */
enum gv_err gv_s_ask_for_key(struct hs *hs, const struct client_hello *m);
/* choose.c: keeps what a CertificateRequest says, or chooses by it; and, when it is our turn, asks the
 * application where it wants to choose, and goes on at that step: at once, or when it has answered. */
enum gv_err gv_c_note_request(struct hs *hs, const struct request_facts *request);
enum gv_err gv_c_ask_for_key(struct hs *hs, const struct hs_in *in, const struct wait_point *point,
                             uint8_t *next);
/* The first thing that step does: own and own_scheme are set where a certificate is to be sent. */
void gv_c_settle_key(struct hs *hs);
/* ech_server.c: puts the inner hello in the place of an outer one that can be decrypted. */
enum gv_err gv_s_open_hello(struct hs *hs, struct hs_in *in);
/* Notes that the hello that is answered is an inner one. ECH_TYPE_UNKNOWN. */
enum gv_err gv_s_note_ech(struct hs *hs, const struct client_hello *m);
/* Put the confirmation (RFC 9849 section 7.2) into the ServerHello or HelloRetryRequest that the flight
 * ends with, where there is one to give. */
enum gv_err gv_s_confirm_hello(struct hs *hs);
enum gv_err gv_s_confirm_retry(struct hs *hs);
/* Whether a HelloRetryRequest has the extension, and which configurations EncryptedExtensions tell. */
bool gv_s_answers_retry_with_ech(const struct hs *hs);
struct span gv_s_retry_configs(const struct hs *hs);
/* server12.c: a ClientHello for TLS 1.2. */
enum gv_err gv_s12_client_hello(struct hs *hs, const struct client_hello *m, const struct hs_in *in,
                                uint8_t *next);
/* client.c: an ALPN answer of the server's. */
enum gv_err gv_c_take_alpn(struct hs *hs, struct span chosen);
/* server.c: chooses by RFC 7301 section 3.2. NO_SHARED_ALPN. */
enum gv_err gv_s_choose_alpn(struct hs *hs, struct span offered);
/* server13.c: a ClientHello for TLS 1.3, first or second. */
enum gv_err gv_s13_client_hello(struct hs *hs, const struct client_hello *m, const struct hs_in *in,
                                uint8_t *next);

#endif
