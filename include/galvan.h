/* galvan.h: what Galvan adds to the API of rustls-ffi. The conventions are those of rustls.h,
 * except where a function says otherwise. */
#ifndef GALVAN_H
#define GALVAN_H

#include "rustls.h"

#define GALVAN_VERSION_MAJOR 0
#define GALVAN_VERSION_MINOR 1
#define GALVAN_VERSION_PATCH 0

/** One byte each for major, minor and patch, and a zero byte: 0x00010000 is 0.1.0. */
#define GALVAN_VERSION_NUMBER                                                                      \
    ((GALVAN_VERSION_MAJOR << 24) | (GALVAN_VERSION_MINOR << 16) | (GALVAN_VERSION_PATCH << 8))

/* In strict C89, clang says that bool is of a later C, wherever it came from. */
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc99-extensions"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The version of the library that runs, "0.1.0"; the macros are of the header that was compiled
 * with. Static.
 */
struct rustls_str galvan_version(void);

/**
 * Why a connection failed: as data for a program, and as one sentence for a person. Every text is
 * terminated by a NUL and holds printable ASCII alone, whatever the peer sent; "" is one that is
 * not known. They live as long as the connection, except the sentence, which is in the struct.
 */
typedef struct galvan_error_detail {
    rustls_result result; /* what rustls_connection_process_new_packets answers */
    int32_t alert;        /* the alert that the peer was told, or, with RUSTLS_RESULT_ALERT_*, that
                             it sent (RFC 9846 section 6); -1 for none */
    int32_t certificate;  /* the one at fault, in the order in which the peer sent them, 0 its own;
                             -1 for none */
    const char *name;     /* finer than the result, and as stable: "CERT_EXPIRED" */
    const char *reason;   /* what is wrong, in words */
    const char *step;     /* where the handshake stood: "waiting for ServerHello" */
    const char *check;    /* what was checked: "validity period" */
    const char *expected; /* what would have passed */
    const char *found;    /* what was there instead */
    const char *subject;  /* of that certificate (RFC 4514) */
    const char *issuer;   /* of that certificate (RFC 4514) */
    const char *origin;   /* where in Galvan it was found: "src/pki/path.c:123" */
    char sentence[1024];  /* all of it that a person wants to read; no newline */
} galvan_error_detail;

/**
 * Fills *detail_out with what is known about the failure of the connection: its first, which is the
 * one that every later call answers. detail_size is sizeof *detail_out: a program and a library of
 * different versions fill what both know, and the rest of the program's is zero.
 * RUSTLS_RESULT_NOT_FOUND where the connection has not failed.
 */
rustls_result galvan_connection_error_detail(const struct rustls_connection *conn,
                                             struct galvan_error_detail *detail_out,
                                             size_t detail_size);

/** The same for a client that a rustls_acceptor or a rustls_accepted turned away. */
rustls_result
galvan_accepted_alert_error_detail(const struct rustls_accepted_alert *accepted_alert,
                                   struct galvan_error_detail *detail_out, size_t detail_size);

/**
 * Limits on what a peer can make a connection do. rustls_connection_set_buffer_limit bounds what is
 * queued to be sent.
 */
typedef enum galvan_limit {
    GALVAN_LIMIT_HANDSHAKE_MESSAGE = 0, /* bytes of a handshake message: 1 to 2^24-1, else 65,535 */
    GALVAN_LIMIT_CERTIFICATE_CHAIN = 1, /* bytes of a peer's certificates: likewise, else 65,536 */
    GALVAN_LIMIT_EMPTY_RECORDS = 2,     /* one after the other; 32 */
    GALVAN_LIMIT_WARNING_ALERTS = 3,    /* one after the other; 4 */
    GALVAN_LIMIT_POST_HANDSHAKE = 4,    /* handshake messages after the handshake, one after the
                                           other, without application data in between; 32 */
    GALVAN_LIMIT_MIDDLEBOX_CCS = 5,     /* ChangeCipherSpec records in TLS 1.3 (RFC 9846 appendix
                                           D.4); 2 */
    GALVAN_LIMIT_RECORDS_PER_KEY = 6,   /* records encrypted before keys are changed, which TLS 1.2
                                           cannot: there, the last one is a close_notify, and
                                           writing fails with RUSTLS_RESULT_ENCRYPT_ERROR. 2 or
                                           more, as far as the cipher allows (RFC 9846 section
                                           5.5), or 0 for what it allows; 0 */
    GALVAN_LIMIT_SKIPPED_EARLY_DATA = 7 /* bytes of records of early data that a server does not
                                           accept and passes over, or as many as it would accept
                                           where that is more; 65,536 */
} galvan_limit;

/**
 * Sets a limit for all connections of the config; the number that stands last above holds unless
 * this is called. RUSTLS_RESULT_INVALID_PARAMETER where there is no such limit, or the value is out
 * of its range.
 */
rustls_result galvan_client_config_builder_set_limit(struct rustls_client_config_builder *builder,
                                                     enum galvan_limit limit, uint64_t value);
rustls_result galvan_server_config_builder_set_limit(struct rustls_server_config_builder *builder,
                                                     enum galvan_limit limit, uint64_t value);

/**
 * Keeps only these key exchange groups of the builder's base, in this order of preference (a server
 * follows its clients'), by IANA's numbers. At first they are X25519MLKEM768 (0x11ec), X25519
 * (0x001d), secp256r1 (0x0017) and secp384r1 (0x0018); there are SecP256r1MLKEM768 (0x11eb) and
 * SecP384r1MLKEM1024 (0x11ed) as well (RFC 10024). A client sends a key for the first, and for its
 * other half where that is kept too. TLS 1.2 knows no ...MLKEM..., and is not spoken where nothing
 * else is kept. A length of 0 keeps the base's own. Replaces what an earlier call set.
 * RUSTLS_RESULT_INVALID_PARAMETER for a group that the base has not or that stands there twice;
 * RUSTLS_RESULT_ALREADY_USED after _build.
 */
rustls_result galvan_crypto_provider_builder_set_groups(
    struct rustls_crypto_provider_builder *builder, const uint16_t *groups, size_t groups_len);

/* ---- Verifying certificates --------------------------------------------------------------- */

/** How closely certificates are looked at. */
typedef enum galvan_profile {
    GALVAN_PROFILE_WEB_PKI = 0, /* as rustls does: what is needed for a chain to be believed */
    GALVAN_PROFILE_STRICT = 1   /* and every rule that RFC 5280 and the CA/Browser Forum's Baseline
                                   Requirements have for what stands in a certificate, of the roots
                                   as well; some certificates that are in use break one */
} galvan_profile;

/** Sets a builder's profile; at first it is GALVAN_PROFILE_WEB_PKI. */
rustls_result galvan_web_pki_server_cert_verifier_builder_set_profile(
    struct rustls_web_pki_server_cert_verifier_builder *builder, enum galvan_profile profile);
rustls_result galvan_web_pki_client_cert_verifier_builder_set_profile(
    struct rustls_web_pki_client_cert_verifier_builder *builder, enum galvan_profile profile);

/**
 * Verifies as at that time, in seconds since 1970, and not as of now: for what was signed or
 * recorded long ago, for devices without a clock, and for tests.
 */
rustls_result galvan_web_pki_server_cert_verifier_builder_set_time(
    struct rustls_web_pki_server_cert_verifier_builder *builder, int64_t seconds);
rustls_result galvan_web_pki_client_cert_verifier_builder_set_time(
    struct rustls_web_pki_client_cert_verifier_builder *builder, int64_t seconds);

/** Limits on what a chain can make a verifier do; past one, it is refused. */
typedef enum galvan_verifier_limit {
    GALVAN_VERIFIER_LIMIT_SIGNATURES = 0,       /* that are checked; 100 */
    GALVAN_VERIFIER_LIMIT_PATHS = 1,            /* steps of the search for a path; 200,000 */
    GALVAN_VERIFIER_LIMIT_NAME_COMPARISONS = 2, /* of names with name constraints; 250,000 */
    GALVAN_VERIFIER_LIMIT_INTERMEDIATES = 3     /* between leaf and root, those that are self-issued
                                                   not counted (RFC 5280 section 4.2.1.9); 0 to 6,
                                                   else 6 */
} galvan_verifier_limit;

/** Sets one. RUSTLS_RESULT_INVALID_PARAMETER where there is no such limit, or none so large. */
rustls_result galvan_web_pki_server_cert_verifier_builder_set_limit(
    struct rustls_web_pki_server_cert_verifier_builder *builder, enum galvan_verifier_limit limit,
    uint64_t value);
rustls_result galvan_web_pki_client_cert_verifier_builder_set_limit(
    struct rustls_web_pki_client_cert_verifier_builder *builder, enum galvan_verifier_limit limit,
    uint64_t value);

/** A certificate or key that is known beforehand, by its SHA-256 digest. */
typedef enum galvan_pin_kind {
    GALVAN_PIN_CERTIFICATE = 0, /* of the whole leaf certificate in DER */
    GALVAN_PIN_PUBLIC_KEY = 1   /* of its SubjectPublicKeyInfo in DER: what RFC 7469 pins */
} galvan_pin_kind;
typedef struct galvan_pin {
    enum galvan_pin_kind kind;
    uint8_t sha256[32];
} galvan_pin;

/**
 * A verifier for servers whose leaf certificate one of the pins is of, in *verifier_out; free it
 * with rustls_server_cert_verifier_free. With `also`, which it holds on to, a chain must be accepted
 * by that verifier too. Without it the pins are all that is asked: no authority, no name, no time.
 * That the server holds the private key is checked in either case. A leaf of no pin is
 * RUSTLS_RESULT_CERT_APPLICATION_VERIFICATION_FAILURE.
 */
rustls_result galvan_pinned_server_cert_verifier_new(
    const struct galvan_pin *pins, size_t pins_len, const struct rustls_server_cert_verifier *also,
    struct rustls_server_cert_verifier **verifier_out);

/**
 * What the platform trusts, as rustls_platform_server_cert_verifier has it, for a builder; in
 * *root_cert_store_out, to be freed with rustls_root_cert_store_free. RUSTLS_RESULT_GENERAL where no
 * roots are found.
 */
rustls_result galvan_platform_root_cert_store(
    const struct rustls_root_cert_store **root_cert_store_out);

/**
 * Calls callback with the DER of each certificate in PEM text; it lives as long as the callback
 * runs. RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR where there is none, or text that is not proper PEM.
 */
rustls_result galvan_pem_certificates(const uint8_t *pem, size_t pem_len,
                                      void (*callback)(void *userdata,
                                                       struct rustls_slice_bytes der),
                                      void *userdata);

/** What came of verifying a chain. */
typedef struct galvan_verification galvan_verification;

/**
 * Asks a verifier outside a connection about a chain in DER, the leaf first, and answers what a
 * connection would. server_name is a DNS name or an IP address, or NULL, which no connection can
 * have: then the chain may be of any name. *verification_out, where it is not
 * NULL, tells more; it is set whenever the verifier was asked, also where its answer is an error.
 * Free it with galvan_verification_free.
 */
rustls_result galvan_server_cert_verifier_verify(const struct rustls_server_cert_verifier *verifier,
                                                 const struct rustls_slice_bytes *chain,
                                                 size_t chain_len, const char *server_name,
                                                 struct galvan_verification **verification_out);
rustls_result galvan_client_cert_verifier_verify(const struct rustls_client_cert_verifier *verifier,
                                                 const struct rustls_slice_bytes *chain,
                                                 size_t chain_len,
                                                 struct galvan_verification **verification_out);

void galvan_verification_free(struct galvan_verification *verification);

/**
 * Why the chain was refused, as galvan_connection_error_detail has it. The texts live as long as the
 * verification. RUSTLS_RESULT_NOT_FOUND where it was accepted.
 */
rustls_result galvan_verification_error_detail(const struct galvan_verification *verification,
                                               struct galvan_error_detail *detail_out,
                                               size_t detail_size);

/** A path that was tried, from the leaf as far as it came. */
typedef struct galvan_path {
    rustls_result result;         /* RUSTLS_RESULT_OK: the one that is good */
    const uint16_t *certificates; /* indices into the chain, the leaf's first */
    size_t certificates_len;
    const char *root;   /* subject of the trusted root that it came to (RFC 4514), or "" */
    int32_t failed;     /* index into the chain of the certificate that failed; -1 for the root */
    const char *name;   /* of the failure, and as stable: "CERT_EXPIRED"; "OK" */
    const char *reason; /* in words */
} galvan_path;

/** How many paths are known: those that were tried, the good one last, 64 at most. */
size_t galvan_verification_paths_len(const struct galvan_verification *verification);

/**
 * Fills *path_out; path_size is sizeof *path_out, as with galvan_connection_error_detail. What it
 * points at lives as long as the verification. RUSTLS_RESULT_NOT_FOUND past the last.
 */
rustls_result galvan_verification_path(const struct galvan_verification *verification, size_t i,
                                       struct galvan_path *path_out, size_t path_size);

/**
 * Whether a server gives its sessions to the clients to keep, sealed into the tickets (RFC 5077,
 * RFC 9846 section 4.6.1), instead of keeping them itself; not so unless set. It remembers nothing
 * of a client then, but of those of TLS 1.2 that take no tickets, and a ticket may be used more than
 * once. The keys are the library's: a new one every 6 hours, the one before still opened. Processes forked after this call share the first key
 * alone, and other servers have none of them: such fleets want
 * galvan_server_config_builder_set_ticket_keys. Whoever learns a key can decrypt what was recorded
 * of the TLS 1.2 connections whose sessions it sealed. Replaces keys that were set.
 * RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER, RUSTLS_RESULT_FAILED_TO_GET_RANDOM_BYTES.
 */
rustls_result galvan_server_config_builder_set_tickets(struct rustls_server_config_builder *builder,
                                                       bool enable);

#define GALVAN_TICKET_KEY_SIZE 48
#define GALVAN_TICKET_KEYS_MAX 4

/**
 * The same with keys of yours, which are copied, so that servers in several processes or places
 * open each other's tickets: count of them, 1 to 4, of 48 random bytes each, one behind the other.
 * The first 16 bytes of a key are its name and stand in every ticket; the rest is secret. The first
 * key seals, all of them open. A config keeps its keys for good, so to change them make new configs,
 * at least daily, in three steps: all servers get the new key as their second, then as their first,
 * then the old one goes. All must have the same crypto provider and suites.
 * RUSTLS_RESULT_INVALID_PARAMETER where the count is another, two keys have one name, or a secret is
 * all zeros; then nothing is changed.
 */
rustls_result galvan_server_config_builder_set_ticket_keys(
    struct rustls_server_config_builder *builder, const uint8_t *keys, size_t count);

/*
 * Answers that come later. A callback that signs, chooses a certificate or looks a session up may ask
 * somebody else, and answer GALVAN_PENDING instead of keeping its thread: the connection waits, wants neither reading
 * nor writing, until the function that belongs to the question gives it the answer and lets it go
 * on. It waits for one answer at a time, and for ever: time limits are the application's, which may
 * free a connection that waits, or answer that there is nothing.
 *
 * Those functions answer what rustls_connection_process_new_packets would;
 * RUSTLS_RESULT_INVALID_PARAMETER where that answer is not waited for, and then nothing happens.
 * Call them from the thread that has the connection, and not from a callback of it.
 */

/** What such a callback answers when the answer will come later. */
#define GALVAN_PENDING 7990

/** What a connection can wait for, and the function that gives it. */
typedef enum galvan_question {
    GALVAN_QUESTION_NONE = 0,          /* it does not wait */
    GALVAN_QUESTION_SIGNATURE = 1,     /* galvan_connection_set_signature */
    GALVAN_QUESTION_CERTIFIED_KEY = 2, /* galvan_connection_set_certified_key */
    GALVAN_QUESTION_SESSION = 3        /* galvan_connection_set_session */
} galvan_question;

/** What the connection waits for. */
enum galvan_question galvan_connection_question(const struct rustls_connection *conn);

/** Whether it waits for anything. */
bool galvan_connection_is_pending(const struct rustls_connection *conn);

/*
 * Keys that are elsewhere. A private key may live in a hardware token, in another process or on
 * another machine. The library then asks the application to sign, which does so at once or later. A
 * key made so is used like every other: rustls_certified_key_build_with_signing_key joins it with
 * its certificates. It works for servers and for client certificates, in both versions.
 */

struct galvan_sign_request {
    void *userdata;                    /* of the connection: rustls_connection_set_userdata */
    uint16_t scheme;                   /* IANA's number (RFC 9846 section 4.2.3) */
    struct rustls_slice_bytes message; /* the bytes to be signed, not their digest; borrowed */
    uint8_t *signature;                /* where the signature goes, if it is made at once */
    size_t signature_cap;              /* bytes there */
    size_t signature_len;              /* to be set: bytes written */
};

/**
 * Signs request->message: RUSTLS_RESULT_OK with the signature written and its length set;
 * GALVAN_PENDING after copying what is needed, for the request is gone when the callback returns;
 * anything else ends the handshake with an internal_error alert. It runs inside a call on the
 * connection (mostly rustls_connection_process_new_packets), on its thread, and must not use the
 * connection; keys are shared, so it may run on several threads at once.
 */
typedef uint32_t (*galvan_sign_callback)(void *context, struct galvan_sign_request *request);

/** Called once with the context when the last reference to the key goes. */
typedef void (*galvan_free_callback)(void *context);

struct galvan_signer {
    const uint16_t *schemes; /* what it can sign, the preferred first; copied */
    size_t schemes_len;      /* 1 to 6 */
    /* Its DER SubjectPublicKeyInfo, for rustls_certified_key_keys_match; copied; may be empty. */
    struct rustls_slice_bytes public_key;
    galvan_sign_callback sign;
    galvan_free_callback free_context; /* may be NULL */
    void *context;
};

/**
 * Makes a signing key of the application's signer. *out is to be freed with
 * rustls_signing_key_free, or given to rustls_certified_key_build_with_signing_key.
 * RUSTLS_RESULT_INVALID_PARAMETER where the number of schemes is out of its range.
 */
rustls_result galvan_signing_key_new(const struct galvan_signer *signer,
                                     struct rustls_signing_key **out);

/**
 * Gives a connection the signature that it waits for, which is copied; len 0 says that there is
 * none, and the handshake fails.
 */
rustls_result galvan_connection_set_signature(struct rustls_connection *conn,
                                              const uint8_t *signature, size_t len);

/**
 * rustls_client_hello_callback that may answer later: RUSTLS_RESULT_OK with the key in *out_key, or
 * NULL where none fits; GALVAN_PENDING after copying what is needed of hello, which lives as long as
 * the callback runs; anything else ends the handshake with an internal_error alert. The connection
 * holds on to the key by itself.
 */
typedef uint32_t (*galvan_client_hello_callback)(void *userdata,
                                                 const struct rustls_client_hello *hello,
                                                 const struct rustls_certified_key **out_key);

/**
 * Lets a function of yours choose the certificate for each client, at once or later, as
 * rustls_server_config_builder_set_hello_callback does, which it replaces and is replaced by.
 */
rustls_result
galvan_server_config_builder_set_hello_callback(struct rustls_server_config_builder *builder,
                                                galvan_client_hello_callback callback);

/** What a server wants that asks a client for a certificate. It lives as long as the callback runs. */
struct galvan_certificate_request {
    struct rustls_slice_u16 signature_schemes;          /* what it can verify, as it prefers */
    const struct rustls_slice_slice_bytes *authorities; /* whose certificates it wants: subjects in
                                                           DER; empty where it does not say */
};

/**
 * The same for a client, which a server asks for a certificate: NULL in *out_key sends none, as
 * does a key that cannot sign in one of those ways, and the server decides whether it goes on. It is
 * called when the server has proved who it is. A connection that resumes a session is not asked for
 * a certificate, and is known by the one that the session was made with: connections that must not
 * share theirs want configs of their own.
 */
typedef uint32_t (*galvan_certificate_request_callback)(
    void *userdata, const struct galvan_certificate_request *request,
    const struct rustls_certified_key **out_key);

/**
 * Lets a function of yours choose a client's certificate, at once or later, instead of those of
 * rustls_client_config_builder_set_certified_key, which it replaces and is replaced by.
 */
rustls_result galvan_client_config_builder_set_certificate_callback(
    struct rustls_client_config_builder *builder, galvan_certificate_request_callback callback);

/**
 * Gives a connection the certified key that it waits for, which remains the caller's; NULL where
 * there is none: the handshake of a server then fails as it does where its callback chooses none,
 * and that of a client goes on without a certificate.
 */
rustls_result galvan_connection_set_certified_key(struct rustls_connection *conn,
                                                  const struct rustls_certified_key *key);

/**
 * Gives a connection the value that its store was asked for: a rustls_session_store_get_callback, set
 * with rustls_server_config_builder_set_persistence, may answer GALVAN_PENDING after copying the
 * key, and put what it finds in here. It is copied. len 0 says that there is none, and costs a full
 * handshake, as does what is no session. A client that offers several sessions can make a
 * connection ask several times, four at most. What the callback says of remove_after holds here too:
 * the entry must be gone when its value is given.
 */
rustls_result galvan_connection_set_session(struct rustls_connection *conn, const uint8_t *value,
                                            size_t len);

/*
 * External pre-shared keys (RFC 9846 section 4.2.11): client and server have a key in common
 * beforehand, and prove it to each other in the place of certificates. In TLS 1.3 alone, always with
 * a key exchange beside (psk_dhe_ke), so that what was recorded stays secret when a key is lost, and
 * never for early data. What docs/psk.md says of identities and contexts is worth reading first.
 */
enum galvan_psk_hash {
    GALVAN_PSK_SHA256 = 0, /* what RFC 9846 has where nothing is said */
    GALVAN_PSK_SHA384 = 1
};

#define GALVAN_PSK_KEY_MIN 16 /* bytes of a key */
#define GALVAN_PSK_KEY_MAX 96
#define GALVAN_PSK_IDENTITY_MAX 1024 /* bytes of an identity and its context together */

/** A key and its name, which is sent in the clear. All of it is copied. */
typedef struct galvan_psk {
    struct rustls_slice_bytes identity; /* any bytes, 1 or more */
    struct rustls_slice_bytes key;      /* random bytes, not a password; secret */
    enum galvan_psk_hash hash;          /* that it is for: not imported, it goes with suites of
                                           this digest alone */
    bool imported;                      /* RFC 9258: a key is derived for each suite and context;
                                           better where the peer knows it */
    struct rustls_slice_bytes context;  /* imported: what else both know, their names for instance;
                                           may be empty */
} galvan_psk;

/**
 * The keys that a client offers, up to 4, in this order, behind a session that it resumes. A server
 * that takes one shows no certificate, and the server's name is not checked: who has the key is the
 * right one. A server that takes none shows its certificate, which is verified as ever; unless
 * psk_only, which needs no verifier: then the handshake fails, and TLS 1.2 is not offered.
 *
 * RUSTLS_RESULT_INVALID_PARAMETER where there are too many, a length is out of its range, a name
 * comes twice, there is a context without import, or a key is plainly no random one; then nothing is
 * changed. RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER.
 */
rustls_result galvan_client_config_builder_set_psks(struct rustls_client_config_builder *builder,
                                                    const struct galvan_psk *psks, size_t psks_len,
                                                    bool psk_only);

/**
 * The keys that a server takes, up to 64; the same results. Clients without one get a certificate;
 * where the config has none, their handshake fails, and there is no TLS 1.2. A server cannot ask who
 * comes with a key for a certificate, so rustls_server_config_builder_build answers
 * RUSTLS_RESULT_INVALID_PARAMETER where one is required of clients.
 */
rustls_result galvan_server_config_builder_set_psks(struct rustls_server_config_builder *builder,
                                                    const struct galvan_psk *psks, size_t psks_len);

struct galvan_psk_request {
    void *userdata; /* of the connection: rustls_connection_set_userdata */
    bool imported; /* whether the key is asked for that is imported for this identity and context */
    struct rustls_slice_bytes identity; /* from the peer: any bytes; borrowed */
    struct rustls_slice_bytes context;
    uint8_t *key;              /* where the key goes; wiped behind the call */
    size_t key_cap;            /* bytes there: GALVAN_PSK_KEY_MAX */
    size_t key_len;            /* to be set: bytes written */
    enum galvan_psk_hash hash; /* of that key; to be changed where it is not GALVAN_PSK_SHA256 */
};

/**
 * Looks a key up: RUSTLS_RESULT_OK with the key written and its length set, RUSTLS_RESULT_NOT_FOUND
 * where there is none of that name; anything else, and a key that is none, ends the handshake with an
 * internal_error alert. It is asked for every name that a client offers until it knows one, for one
 * that could be imported first so; for the tickets of sessions too, which are names like others; and
 * again when a session is resumed that began with a key, which ends when its key is gone or another.
 * It runs inside a call on the connection, on its thread, and must not use the connection.
 */
typedef uint32_t (*galvan_psk_callback)(struct galvan_psk_request *request);

/** Asks callback where none of the server's own keys is of the name; NULL for nobody. */
rustls_result galvan_server_config_builder_set_psk_callback(
    struct rustls_server_config_builder *builder, galvan_psk_callback callback);

/**
 * The identity of the external key with which both sides were authenticated, now or when the session
 * was made that is resumed; and its context, where context_out is not NULL. They live as long as the
 * connection. The client knows that the server has the key when the handshake is over.
 * RUSTLS_RESULT_NOT_FOUND where none was used, or it is not known yet.
 */
rustls_result galvan_connection_get_psk_identity(const struct rustls_connection *conn,
                                                 struct rustls_slice_bytes *identity_out,
                                                 struct rustls_slice_bytes *context_out);

/*
 * Early data, also called 0-RTT (RFC 9846 section 4.2.10): a client that resumes a session may send
 * data behind its first message, before it has heard anything of the server. Whoever can record
 * that data can send it again: a server must take early what does no harm when it is done twice, a
 * GET and not an order. Galvan accepts it only for sessions that its store gives out once, within
 * ten seconds of the age that the client believes its ticket to have, and never for sealed tickets
 * (RFC 9846 section 8). It is off at both sides unless it is asked for.
 */
enum galvan_early_data {
    GALVAN_EARLY_DATA_NONE = 0,     /* none was offered */
    GALVAN_EARLY_DATA_OFFERED = 1,  /* client: the server has not answered */
    GALVAN_EARLY_DATA_ACCEPTED = 2,
    GALVAN_EARLY_DATA_REJECTED = 3  /* the handshake goes on without */
};

/** Lets connections of this config offer early data where a session allows it. Off at first. */
rustls_result galvan_client_config_builder_set_early_data(
    struct rustls_client_config_builder *builder, bool enable);

/**
 * Lets clients send up to max bytes of early data; 0, as at first: none. It is told in the tickets
 * that are sent from now on, and held against the tickets that come back.
 */
rustls_result galvan_server_config_builder_set_max_early_data(
    struct rustls_server_config_builder *builder, uint32_t max);

/** What became of early data on this connection; GALVAN_EARLY_DATA_NONE for NULL. */
enum galvan_early_data galvan_connection_early_data(const struct rustls_connection *conn);

/**
 * Client: sends count bytes before the handshake is over. *out_n is how many were taken: what the
 * session allows and the buffer limit leaves, 0 where early data is not offered, was rejected, or
 * the handshake is over. What was taken and is then rejected is sent again by itself when the
 * handshake is over, in front of what rustls_connection_write was given; but not where the server
 * chose another protocol (ALPN) than the session's, for which it would mean something else: then it
 * is dropped (RFC 9846 section 4.2.10).
 */
rustls_result galvan_connection_write_early_data(struct rustls_connection *conn, const uint8_t *buf,
                                                 size_t count, size_t *out_n);

/**
 * Server: takes out up to count bytes of accepted early data, in the order in which it came. It
 * never comes through rustls_connection_read. RUSTLS_RESULT_PLAINTEXT_EMPTY where there is none
 * (yet): more may come until the handshake is over.
 */
rustls_result galvan_connection_read_early_data(struct rustls_connection *conn, uint8_t *buf,
                                                size_t count, size_t *out_n);

/*
 * Certificate compression (RFC 8879). In TLS 1.3 a peer may send its certificates compressed, which
 * takes some hundred bytes off a handshake, or some thousand where chains are long. Galvan asks for
 * that and does it by default, as server and as client, with brotli and zlib as far as it was built
 * with them. What is sent is compressed once for each certified key, when it is first asked for, and
 * sent so where that makes it smaller. What comes is unpacked in bounded memory, to no more than
 * GALVAN_LIMIT_CERTIFICATE_CHAIN bytes.
 */
typedef enum galvan_cert_compression {
    GALVAN_CERT_COMPRESSION_ZLIB = 1, /* IANA's numbers */
    GALVAN_CERT_COMPRESSION_BROTLI = 2
} galvan_cert_compression;

/**
 * Sets the algorithms that connections of this config offer and use, the preferred first; none turns
 * compression off. Unless this is called they are brotli and zlib. RUSTLS_RESULT_INVALID_PARAMETER
 * where one is not known, was left out of this build, or stands there twice; then nothing is changed.
 */
rustls_result galvan_client_config_builder_set_cert_compression(
    struct rustls_client_config_builder *builder, const uint16_t *algorithms,
    size_t algorithms_len);
rustls_result galvan_server_config_builder_set_cert_compression(
    struct rustls_server_config_builder *builder, const uint16_t *algorithms,
    size_t algorithms_len);

/** What the peer's certificates were compressed with, and ours; 0 where they were not. */
uint16_t galvan_connection_get_peer_cert_compression(const struct rustls_connection *conn);
uint16_t galvan_connection_get_own_cert_compression(const struct rustls_connection *conn);

/** "brotli", "zlib"; empty for one that this build does not have. Static. */
struct rustls_str galvan_cert_compression_name(uint16_t algorithm);

/**
 * Encrypted Client Hello (RFC 9849): a client that knows a configuration of the server's, from DNS as
 * a rule, sends its real first message encrypted inside another one, which names only the public
 * name of the configuration. See rustls_client_config_builder_enable_ech.
 */
enum galvan_ech {
    GALVAN_ECH_NOT_OFFERED = 0,
    GALVAN_ECH_GREASE = 1,  /* one was pretended, so that real ones do not stand out */
    GALVAN_ECH_OFFERED = 2, /* the server has not answered */
    GALVAN_ECH_ACCEPTED = 3,
    GALVAN_ECH_REJECTED = 4 /* the connection fails when its handshake is over, with
                               RUSTLS_RESULT_PEER_INCOMPATIBLE_ERROR; no data was sent */
};

/**
 * What became of it on this connection; GALVAN_ECH_NOT_OFFERED for NULL. It can be relied on when the
 * handshake is over: before, whoever stands between may have changed the server's answer.
 */
enum galvan_ech galvan_connection_ech(const struct rustls_connection *conn);

/**
 * Where Encrypted Client Hello was rejected, and the server proved to be the one of the configuration's
 * public name: its configurations of today, an ECHConfigList for
 * rustls_client_config_builder_enable_ech and one new connection, which should not be tried more often
 * than that. *configs_out is borrowed from the connection. RUSTLS_RESULT_NOT_FOUND where there are
 * none: of a connection that was rejected, that says that the server has Encrypted Client Hello
 * switched off, and may be connected to without (RFC 9849 section 6.1.6); of any other, nothing.
 */
rustls_result galvan_connection_ech_retry_configs(const struct rustls_connection *conn,
                                                  struct rustls_slice_bytes *configs_out);

/**
 * A server's keys for Encrypted Client Hello: configurations, as they are published in DNS, and the
 * private keys that belong to them. Several may be in use at once: the one that is published, and
 * those before it for as long as clients may remember them. A server that has such keys decrypts
 * what was encrypted to one of them. Everything then is as if the inner ClientHello had come
 * alone: the name that rustls_connection_get_server_name answers and
 * rustls_server_config_builder_set_hello_callback's callback sees, protocols, sessions, early data.
 * A client whose ClientHello cannot be decrypted is answered under the name that it gave outside, for
 * which there must be a certificate, and is told the configurations that were added with retry.
 * galvan_connection_ech says which it was: ACCEPTED, or REJECTED, which is also what a client looks
 * like that only pretends (GREASE), and no failure here.
 *
 * A rustls_acceptor sees the ClientHello as it came: the public name of the configuration, as a rule.
 */
typedef struct galvan_ech_keys galvan_ech_keys;

/**
 * No keys yet, in *keys_out; free them with galvan_ech_keys_free. RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER.
 */
rustls_result galvan_ech_keys_new(struct galvan_ech_keys **keys_out);

/**
 * Adds a PEM file's PRIVATE KEY and ECHCONFIG (RFC 9934), as galvan_ech_generate and `galvan ech-keygen`
 * make them. retry: clients that used another configuration, or none of ours, are told this one; at
 * least one should be. Configurations of other versions in the list are passed over.
 * RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR, RUSTLS_RESULT_PRIVATE_KEY_PARSE_ERROR or
 * RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_INVALID_CONFIG_LIST for what cannot be read;
 * RUSTLS_RESULT_INVALID_PARAMETER where the text does not hold one of each, the key is not the
 * configuration's, or clients could make no use of it; RUSTLS_RESULT_ALREADY_USED where a config or
 * an opener has the keys. On an error nothing is added.
 */
rustls_result galvan_ech_keys_add_pem(struct galvan_ech_keys *keys, const uint8_t *pem,
                                      size_t pem_len, bool retry);

/** The same from a private key as RFC 9180 serializes it and an ECHConfigList. */
rustls_result galvan_ech_keys_add(struct galvan_ech_keys *keys, const uint8_t *private_key,
                                  size_t private_key_len, const uint8_t *config_list,
                                  size_t config_list_len, bool retry);

/**
 * Writes the configurations that were added with retry as one ECHConfigList of *out_n bytes, which in
 * base64 is the "ech" parameter of an HTTPS record in DNS (RFC 9848). RUSTLS_RESULT_NOT_FOUND where
 * there are none, RUSTLS_RESULT_INSUFFICIENT_SIZE where they do not fit; 65,535 bytes always do.
 */
rustls_result galvan_ech_keys_config_list(const struct galvan_ech_keys *keys, uint8_t *buf,
                                          size_t count, size_t *out_n);

/** Lets keys go; configs and openers that use them hold on to them. */
void galvan_ech_keys_free(struct galvan_ech_keys *keys);

/**
 * Decrypts with these keys, which it holds on to, instead of others that were set. The config must have
 * TLS 1.3: else _build answers RUSTLS_RESULT_BUILDER_INCOMPATIBLE_TLS_VERSIONS.
 *
 * A server without keys that gets an inner ClientHello is taken for the backend server of split mode: it
 * confirms it (RFC 9849 section 7.2).
 */
rustls_result galvan_server_config_builder_set_ech_keys(
    struct rustls_server_config_builder *builder, struct galvan_ech_keys *keys);

/** What a configuration is to say. */
typedef struct galvan_ech_config {
    const char *public_name;     /* a host name that the server has a certificate for */
    uint16_t kem;                /* IANA's number (RFC 9180 section 7.1): 0x0020 for X25519, which every
                                    client has, 0x0010 for P-256, 0x0011 for P-384 */
    uint8_t config_id;           /* best one that no other key of the server has */
    uint8_t maximum_name_length; /* of the names that are to be hidden; 0 where that is not known */
} galvan_ech_config;

#define GALVAN_ECH_PEM_SIZE 2048

/**
 * Makes a key and its configuration: a PEM file (RFC 9934) of *out_n bytes for galvan_ech_keys_add_pem.
 * It is to be kept secret. count is GALVAN_ECH_PEM_SIZE or more, else
 * RUSTLS_RESULT_INSUFFICIENT_SIZE. RUSTLS_RESULT_INVALID_PARAMETER where the KEM is not known or the
 * public name is none that clients would take; RUSTLS_RESULT_FAILED_TO_GET_RANDOM_BYTES.
 */
rustls_result galvan_ech_generate(const struct galvan_ech_config *config, uint8_t *pem,
                                  size_t count, size_t *out_n);

/**
 * Split mode (RFC 9849 section 3.1): decrypts for one connection whose handshake another server does.
 * The keys are held on to. Free it with galvan_ech_opener_free.
 */
typedef struct galvan_ech_opener galvan_ech_opener;
rustls_result galvan_ech_opener_new(struct galvan_ech_keys *keys,
                                    struct galvan_ech_opener **opener_out);

/**
 * Reads a ClientHello, the whole handshake message with its header of four bytes: the connection's
 * first, and after a HelloRetryRequest its second. The inner ClientHello, such a message too, is
 * written to inner, *out_n bytes of it, and is what the backend server is to be sent; 0 where there
 * is none for these keys, and the outer one is to be answered as ever, by a server that has these
 * keys too. count is at least twice outer_len, else RUSTLS_RESULT_INSUFFICIENT_SIZE. Any other error
 * ends the connection, and every later call answers it.
 */
rustls_result galvan_ech_opener_open(struct galvan_ech_opener *opener, const uint8_t *outer,
                                     size_t outer_len, uint8_t *inner, size_t count, size_t *out_n);

/** The alert (RFC 9846 section 6) with which to end the connection; -1 where nothing has failed. */
int32_t galvan_ech_opener_alert(const struct galvan_ech_opener *opener);

void galvan_ech_opener_free(struct galvan_ech_opener *opener);

/**
 * Replaces malloc and free for everything that the library itself allocates in this process (not
 * for what OpenSSL's libcrypto does: see its CRYPTO_set_mem_functions). alloc answers n bytes, n
 * not 0, aligned for any type, or NULL; release is never given NULL. NULL for both brings malloc
 * and free back; for one of them, it is RUSTLS_RESULT_NULL_PARAMETER. Call it before every other
 * function of the library, or when all that it made is freed; never beside another call.
 */
rustls_result galvan_set_memory_functions(void *(*alloc)(size_t n), void (*release)(void *p));

/**
 * The signature scheme with which the peer proved that it holds its certificate's key (RFC 9846
 * section 4.2.3); 0 until it did, and where it did not.
 */
uint16_t galvan_connection_get_signature_scheme(const struct rustls_connection *conn);

/**
 * Derives out_len bytes from the secrets of the connection, which its peer can derive as well, and
 * nobody else (RFC 9846 section 7.5, RFC 5705): keys of another protocol, or what ties it to this
 * connection. What is derived tells nothing of the connection's own keys. label names the use, at
 * most 249 bytes of text and a NUL, as IANA registers them ("EXPORTER-..."); context, up to 65,535 bytes,
 * is what else the value shall depend on. NULL is no context, which in TLS 1.2 is not the same as an
 * empty one.
 *
 * out_len may be as much as 8,160. RUSTLS_RESULT_HANDSHAKE_NOT_COMPLETE before the handshake is
 * over; RUSTLS_RESULT_INVALID_PARAMETER for a length out of its range, and for labels that TLS uses
 * itself. In TLS 1.2 without the extended master secret (RFC 7627) somebody who can be client and
 * server can make two connections that derive the same.
 */
rustls_result galvan_connection_export_keying_material(const struct rustls_connection *conn,
                                                       const char *label, const uint8_t *context,
                                                       size_t context_len, uint8_t *out,
                                                       size_t out_len);

#define GALVAN_TLS_EXPORTER_SIZE 32

/**
 * The channel binding tls-exporter (RFC 9266), for authentication inside the connection, SCRAM for
 * example, that must not be passed on to another one. RUSTLS_RESULT_HANDSHAKE_NOT_COMPLETE, or
 * RUSTLS_RESULT_PEER_INCOMPATIBLE_ERROR in TLS 1.2 without the extended master secret, where it
 * would not be unique to the connection.
 */
rustls_result
galvan_connection_tls_exporter_binding(const struct rustls_connection *conn,
                                       uint8_t binding_out[GALVAN_TLS_EXPORTER_SIZE]);

/** "ecdsa_secp256r1_sha256" and so on; empty for a scheme that is not known here. Static. */
struct rustls_str galvan_signature_scheme_name(uint16_t scheme);

/** "unknown_ca" for 48 and so on; "unknown" for a number that is no alert. Static. */
struct rustls_str galvan_alert_name(int32_t alert);

/**
 * Called with one thing that a certificate says. Both texts end with a NUL; value holds printable
 * ASCII alone, at most 511 bytes of it, and lives as long as the callback runs. field is static.
 */
typedef void (*galvan_describe_callback)(void *userdata, const char *field, const char *value);

/**
 * Says in words what stands in a certificate, der, by calling callback with each of these in turn:
 *
 *   subject, issuer        RFC 4514: "CN=example.org,O=Example"
 *   serial                 hexadecimal
 *   not_before, not_after  "2026-11-22T10:00:00Z"
 *   name                   each subject alternative name: "DNS:example.org", "IP:192.0.2.1"
 *   key                    "ECDSA P-256", "RSA 2048 bits", "Ed25519"
 *   signature              what its issuer signed it with: "ECDSA with SHA-256"
 *   authority              whether it may issue others: "no", "yes", "yes, with at most ..."
 *   usage                  each key usage: "digital signature"
 *   purpose                each extended key usage: "server authentication"
 *   permitted, excluded    each name constraint: "DNS:example.org"
 *   crl                    each place where a revocation list is: "URI:http://..."
 *   key_id, issuer_key_id  hexadecimal
 *   critical               where a critical extension is not processed, so that it is refused
 *
 * Several of them come as often as there are any; what cannot be read is left out, and
 * further fields may come in later versions. Nothing is verified. A certificate that does not parse
 * is answered with RUSTLS_RESULT_CERT_ENCODING_BAD or _CERT_OTHER_ERROR, and no call.
 */
rustls_result galvan_certificate_describe(const uint8_t *der, size_t der_len,
                                          galvan_describe_callback callback, void *userdata);

/**
 * The same for every certificate, certificate revocation list and private key of a file, in PEM or
 * DER, each of them after the field "is" ("certificate", "revocation list", "private key"). Besides
 * the fields above:
 *
 *   sha256, key_sha256        digests of a certificate and of its SubjectPublicKeyInfo, or of a
 *                             private key's: what galvan_pin holds
 *   number, this_update, next_update, scope  of a revocation list
 *   revoked                   each of its entries: "05 at 2026-11-22T10:00:00Z, key compromise"
 *
 * Nothing secret of a key is told. RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR where there is nothing that
 * can be read, and at the first that cannot.
 */
rustls_result galvan_inspect(const uint8_t *data, size_t data_len,
                             galvan_describe_callback callback, void *userdata);

#ifdef __cplusplus
}
#endif

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#endif /* GALVAN_H */
