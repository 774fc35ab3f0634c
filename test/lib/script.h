/* A peer that says whatever a script has it say: messages are put together from parts that a test
 * may change, leave out or repeat before they are written, by a writer of its own, and records are
 * cut as it likes. To be understood it uses the library's record protection, and in TLS 1.3 its key
 * schedule. The other end is a connection of the library's, which is held to what it must answer.
 * What is here goes for both versions, or for TLS 1.3; lib/script12.h has TLS 1.2's own. */
#ifndef GALVAN_TEST_SCRIPT_H
#define GALVAN_TEST_SCRIPT_H

#include "keys/schedule13.h"
#include "keys/transcript.h"
#include "lib/bare.h"
#include "record/protect.h"
#include "wire/codepoints.h"

/* ---- writing --------------------------------------------------------------------------------- */
enum { PUT_MAX = 80000 };
struct put {
    uint8_t at[PUT_MAX];
    size_t len;
};
void put_uint(struct put *p, size_t width, uint64_t v);
void put_span(struct put *p, struct span s);
/* A vector: what was put since `from` gets a length of that width before it. */
void put_vec(struct put *p, size_t from, size_t width);
/* A handshake message around what was put since `from`. */
void put_header(struct put *p, size_t from, uint8_t type);
static inline struct span put_of(const struct put *p)
{
    return span_of(p->at, p->len);
}

/* ---- hellos as parts --------------------------------------------------------------------------- */
enum { HELLO_EXTENSIONS = 40 };
/* Spans live as long as exact_copy's. */
struct hello {
    uint8_t type; /* MSG_CLIENT_HELLO or MSG_SERVER_HELLO */
    uint16_t version;
    struct span random, session_id;
    struct span suites;       /* a server's: two bytes */
    struct span compressions; /* a server's: one byte */
    struct {
        uint16_t code;
        struct span body;
    } extension[HELLO_EXTENSIONS];
    size_t extensions;
};
/* Puts an extension behind the others; changes the one with that code, or puts it behind; takes it
 * out. body in hex. */
void hello_add(struct hello *h, uint16_t code, const char *body);
void hello_set(struct hello *h, uint16_t code, const char *body);
void hello_set_span(struct hello *h, uint16_t code, struct span body);
void hello_drop(struct hello *h, uint16_t code);
bool hello_has(const struct hello *h, uint16_t code);
void put_hello(struct put *p, const struct hello *h);

/* ---- the script --------------------------------------------------------------------------------- */
struct script_parts;
struct script {
    struct bare *p; /* its configs; the connection under test is one of its two */
    struct connection *peer;
    bool is_client; /* the script is */
    uint16_t version;
    const struct script_parts *parts;
    struct put got;  /* what the connection wrote and the script has not read */
    struct put said; /* handshake messages that it opened and the script has not taken */
    struct put flight;
    size_t hashed;       /* bytes of flight that are in the transcript */
    struct put messages; /* all of the handshake, both sides' */
    enum gv_err err;     /* the first that the connection answered */

    struct arena arena;
    struct transcript transcript;
    struct schedule13 schedule;
    const struct cipher_suite_info *suite;
    struct key_exchange share; /* the script's own */
    uint16_t group;            /* of it */
    struct span share_key, peer_key;
    struct span client_random, session_id;
    struct secret early, client_hs, server_hs, client_ap, server_ap, resumption;
    struct secret psk; /* that the handshake is to begin with; empty: none */
    bool resumed;      /* the connection's ServerHello took the PSK */
    struct record_half in, out;

    /* TLS 1.2 */
    struct span server_random;
    bool extended, ticket; /* the ServerHello has extended_master_secret, session_ticket */
    struct secret master;
};

/* A script that is a client and talks to a server of the library's, or the other way, in TLS 1.3.
 * The pair's configs may be changed before script_begin, which makes the connection. */
struct script *script_new(bool is_client);
/* The pair speaks this version and no other. */
void script_use_version(struct script *s, uint16_t version);
void script_begin(struct script *s);
void script_free(struct script *s);

/* ---- bytes and records ---- */
void script_raw(struct script *s, struct span bytes);
/* One record under the keys at hand, or in the clear whatever they are. */
void script_record(struct script *s, uint8_t type, struct span fragment);
void script_clear_record(struct script *s, uint8_t type, struct span fragment);
/* A protected record of any inner plaintext, which ends with the type. */
void script_inner(struct script *s, struct span inner);
void script_alert(struct script *s, uint8_t level, uint8_t alert);
void script_ccs(struct script *s);

/* ---- messages ---- */
/* A message into the flight, and into the transcript; the flight as one record; as records of n
 * bytes. */
void script_say(struct script *s, uint8_t type, struct span body);
void script_say_hello(struct script *s, const struct hello *h);
/* The same, and sends it. */
void script_send_hello(struct script *s, const struct hello *h);
/* The suite of that number is the connection's. */
void script_use_suite(struct script *s, uint16_t code);
/* External PSKs of one key: "a" for SHA-256, "b" for SHA-384, "c" imported, which makes two, the one
 * for SHA-384 first. */
#define SCRIPT_PSK_KEY "8f21005cd3779a10e46b31c8f00d52a9"
void script_know_psks(struct config_common *c);
void script_flush(struct script *s);
void script_flush_in(struct script *s, size_t n);
/* The connection's next message, which must be of this type, and is in the transcript. */
struct span script_take(struct script *s, uint8_t type);

/* ---- the good peer's parts, in either version ---- */
void script_client_hello(struct script *s, struct hello *h);
void script_server_hello(struct script *s, struct hello *h); /* behind script_take_hello */
void script_share(struct script *s, uint16_t group);         /* makes the script's key share */
/* Reads the connection's hello, and what it agrees to; false where it is a HelloRetryRequest. */
bool script_take_hello(struct script *s);
void script_certificate(struct script *s, const char *name);
/* The CertificateVerify of that key; 0: with its own scheme. */
void script_certificate_verify(struct script *s, const char *name, uint16_t scheme);
void script_finished(struct script *s);
/* A whole good handshake; application keys in use on both sides. */
void script_handshake(struct script *s);

/* ---- TLS 1.3's ---- */
void script_retry(struct script *s, struct hello *h, uint16_t group); /* HelloRetryRequest */
/* Puts message_hash in the place of the first ClientHello. */
void script_hash_retry(struct script *s);
void script_handshake_keys(struct script *s);   /* after both hellos: secrets, and both keys */
void script_application_keys(struct script *s); /* after the server's Finished: secrets only */
void script_use(struct script *s, bool out, const struct secret *traffic);
void script_encrypted_extensions(struct script *s);
/* The connection's flight, from EncryptedExtensions to Finished, where the script is a client. */
void script_take_flight(struct script *s);

/* ---- its resumption ---- */
struct script_ticket {
    struct span ticket;
    uint32_t age_add;
    struct secret psk;
};
/* The ticket that the connection sent behind the script's handshake; the other way, one of the
 * script's own, sent. */
struct script_ticket script_take_ticket(struct script *s);
struct script_ticket script_send_ticket(struct script *s);
/* A first connection by a client, which leaves a ticket (they go to clients that offer the PSK mode);
 * then the connection is begun anew. */
struct script_ticket script_first(struct script *s);
/* Behind a ClientHello that offers early data: the key of that, s->early, is the client's. */
void script_early_key(struct script *s);
/* Offers a ticket in a hello, with psk_key_exchange_modes and a binder that is right for the hello
 * as it stands; it must not change after that. */
void script_offer(struct script *s, struct hello *h, const struct script_ticket *t);

/* Fails the test unless the connection failed so, and its peer was told so on the wire. */
void script_assert_fails(struct script *s, enum gv_err err, int alert);
void script_assert_fine(struct script *s);

#endif
