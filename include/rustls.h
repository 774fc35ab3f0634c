/* rustls.h: the C API of rustls-ffi 0.15.3, as Galvan implements it.
 *
 * A TLS library that does no input or output of its own. You give it the bytes that came from the
 * network and take from it the bytes that must go there, both through callbacks of yours; whether
 * they travel over a socket, a pipe or a test's array is not its business. It blocks nowhere, waits
 * for nothing and starts no thread.
 *
 * The life of a connection
 *
 *   1. Make a config, once for many connections. A client: rustls_client_config_builder_new, then a
 *      verifier (rustls_platform_server_cert_verifier, or a root store of your own and
 *      rustls_web_pki_server_cert_verifier_builder_new), then rustls_client_config_builder_build.
 *      A server: rustls_server_config_builder_new, rustls_certified_key_build and
 *      rustls_server_config_builder_set_certified_keys, then rustls_server_config_builder_build.
 *   2. Make a connection: rustls_client_connection_new or rustls_server_connection_new.
 *   3. Move bytes, through the handshake and after it, in the same way:
 *
 *          while (rustls_connection_wants_write(conn))          what is queued for the peer
 *              rustls_connection_write_tls(conn, write_cb, &fd, &n);
 *          if (rustls_connection_wants_read(conn)) {            when the socket has something
 *              rustls_connection_read_tls(conn, read_cb, &fd, &n);
 *              result = rustls_connection_process_new_packets(conn);
 *          }
 *
 *      Process after each successful read_tls. Where processing fails, write once more: the alert
 *      that tells the peer why is queued. Then free the connection.
 *   4. Meanwhile give plaintext to rustls_connection_write and take it from rustls_connection_read.
 *      What is written before the handshake is over is kept, and sent when it is.
 *   5. Close: rustls_connection_send_close_notify, write_tls until wants_write is false, free. To
 *      be sure that the peer said all it had to say, read until rustls_connection_read gives
 *      RUSTLS_RESULT_OK with 0 bytes; RUSTLS_RESULT_UNEXPECTED_EOF means that it was cut off.
 *
 * Conventions, which hold wherever a function does not say otherwise
 *
 *   NULL       A NULL argument is answered, never dereferenced: with RUSTLS_RESULT_NULL_PARAMETER
 *              from what returns rustls_result, with EINVAL from what returns rustls_io_result,
 *              with 0, false, NULL or an empty string from the rest. A pointer to an array may not
 *              be NULL even where its length is 0. Every _free function ignores NULL.
 *   Output     Parameters named out_* or *_out are written on success only.
 *   Ownership  What a _new, _build or other creating function gives is yours: free it, once, with
 *              the _free function of its type. Input is copied: memory that you pass in may go
 *              as soon as the call returns. What a getter gives is borrowed, and its comment says
 *              how long it lives. Configs, certified keys, root stores, verifiers and providers are
 *              counted: whoever uses one holds on to it, so you may free yours right after use.
 *   Builders   The builders of configs are used up by _build, whether it succeeds or not, and must
 *              not be touched again. All other builders remain after _build, answer every further
 *              call with RUSTLS_RESULT_ALREADY_USED, and must still be freed.
 *   Threads    Configs, certified keys, root stores, verifiers and providers never change: any
 *              number of threads may use one at once. A builder or a connection is for one thread
 *              at a time. Callbacks that sit in a config are called on whatever thread processes a
 *              connection, so several may run at once. No callback may call back into, or free, the
 *              connection that called it.
 *   Userdata   The I/O callbacks get the pointer that is given with the call; all others that take
 *              one get the pointer set by rustls_connection_set_userdata.
 *   Strings    rustls_str and the slices are a pointer and a length, not terminated by a NUL.
 *   Lengths    All lengths and sizes are in bytes unless said otherwise.
 *   Memory     Running out of it is RUSTLS_RESULT_GENERAL, or NULL from what returns a pointer.
 *
 * Standards are cited by their current numbers: TLS 1.3 is RFC 9846, TLS 1.2 is RFC 5246,
 * certificates are RFC 5280 and names in them RFC 9525, the key log is RFC 9850. Code points
 * (versions, suites, groups, schemes) are IANA's, in host byte order.
 *
 * Valid C89 with <stdint.h> and <stdbool.h>, C99, C11, C17, C23 and C++. The macros
 * DEFINE_AWS_LC_RS and DEFINE_RING, with which other versions of this header had to be told how the
 * library was built, are not needed and do no harm. rustls_connection_read_2 (DEFINE_READ_BUF) and
 * rustls_default_fips_provider (DEFINE_FIPS), which few builds of rustls-ffi have, are not here.
 * What Galvan adds to this API is in galvan.h.
 */
#ifndef RUSTLS_H
#define RUSTLS_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#ifndef __cplusplus
#include <stdbool.h>
#endif

#define RUSTLS_VERSION_MAJOR 0
#define RUSTLS_VERSION_MINOR 15
#define RUSTLS_VERSION_PATCH 3

/** One byte each for major, minor and patch, and a zero byte: 0x000f0300 is 0.15.3. */
#define RUSTLS_VERSION_NUMBER                                                                      \
    ((RUSTLS_VERSION_MAJOR << 24) | (RUSTLS_VERSION_MINOR << 16) | (RUSTLS_VERSION_PATCH << 8))

#ifndef DEPRECATED_FUNC
#if defined(__GNUC__) || defined(__clang__)
#define DEPRECATED_FUNC(why) __attribute__((deprecated(why)))
#elif defined(_MSC_VER)
#define DEPRECATED_FUNC(why) __declspec(deprecated(why))
#else
#define DEPRECATED_FUNC(why)
#endif
#endif

/* In strict C89, clang says that bool is of a later C, wherever it came from. */
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wc99-extensions"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Results ------------------------------------------------------------------------------ */

/**
 * What a function has to say. RUSTLS_RESULT_OK is the only success; it is not 0. Numbers never
 * change their meaning. rustls_error gives the text of one.
 *
 * A rustls_result is a uint32_t; a C23 compiler sees this enum with that underlying type. In C++
 * the enum has no name, so that the numbers and the type convert into each other as they do in C.
 */
#ifdef __cplusplus
enum
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 202311L
enum rustls_result : uint32_t
#else
enum rustls_result
#endif
{
    /* Of the API itself */
    RUSTLS_RESULT_OK = 7000,                      /* done */
    RUSTLS_RESULT_IO = 7001,                      /* a file cannot be read */
    RUSTLS_RESULT_NULL_PARAMETER = 7002,          /* an argument is NULL */
    RUSTLS_RESULT_INVALID_DNS_NAME_ERROR = 7003,  /* neither a DNS name nor an IP address */
    RUSTLS_RESULT_PANIC = 7004,                   /* never given here */
    RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR = 7005, /* not a certificate, or none is there */
    RUSTLS_RESULT_PRIVATE_KEY_PARSE_ERROR = 7006, /* not a private key, or none is there */
    RUSTLS_RESULT_INSUFFICIENT_SIZE = 7007,       /* the buffer is too small for the value */
    RUSTLS_RESULT_NOT_FOUND = 7008,               /* nothing fits */
    RUSTLS_RESULT_INVALID_PARAMETER = 7009,       /* an argument is out of its range */
    RUSTLS_RESULT_UNEXPECTED_EOF = 7010,          /* the stream ended without a close_notify */
    RUSTLS_RESULT_PLAINTEXT_EMPTY = 7011,         /* nothing to read now; there may be later */
    RUSTLS_RESULT_ACCEPTOR_NOT_READY = 7012,      /* the ClientHello is not complete yet */
    RUSTLS_RESULT_ALREADY_USED = 7013,            /* it can be done once, and was */
    RUSTLS_RESULT_CERTIFICATE_REVOCATION_LIST_PARSE_ERROR = 7014, /* not a CRL, or none is there */
    RUSTLS_RESULT_NO_SERVER_CERT_VERIFIER = 7015,    /* a client config without a verifier */
    RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER = 7016, /* libcrypto cannot be used */
    RUSTLS_RESULT_GET_RANDOM_FAILED = 7017,          /* no random bytes, from a random call */
    RUSTLS_RESULT_NO_CERT_RESOLVER = 7018,           /* a server config without a certified key */
    RUSTLS_RESULT_HPKE_ERROR = 7019,                 /* HPKE failed, or no suite of it is there */
    RUSTLS_RESULT_BUILDER_INCOMPATIBLE_TLS_VERSIONS = 7020, /* the feature needs TLS 1.3 alone */

    /* Of a connection */
    RUSTLS_RESULT_NO_CERTIFICATES_PRESENTED = 7101,  /* the peer had to show one, and did not */
    RUSTLS_RESULT_DECRYPT_ERROR = 7102,              /* a record does not decrypt */
    RUSTLS_RESULT_FAILED_TO_GET_CURRENT_TIME = 7103, /* the system has no time of day */
    RUSTLS_RESULT_FAILED_TO_GET_RANDOM_BYTES = 7113, /* no random bytes, in a handshake */
    RUSTLS_RESULT_HANDSHAKE_NOT_COMPLETE = 7104,     /* too early for this call */
    RUSTLS_RESULT_PEER_SENT_OVERSIZED_RECORD = 7105, /* more plaintext in a record than 2^14 */
    RUSTLS_RESULT_NO_APPLICATION_PROTOCOL = 7106,    /* no ALPN protocol in common */
    RUSTLS_RESULT_BAD_MAX_FRAGMENT_SIZE = 7114,      /* a fragment size out of range */
    RUSTLS_RESULT_UNSUPPORTED_NAME_TYPE = 7115,      /* a name of a kind that cannot be verified */
    RUSTLS_RESULT_ENCRYPT_ERROR = 7116,              /* a record cannot be encrypted */

    /* The peer's certificates are not acceptable */
    RUSTLS_RESULT_CERT_ENCODING_BAD = 7121,                 /* not X.509 in DER */
    RUSTLS_RESULT_CERT_EXPIRED = 7122,                      /* notAfter has passed */
    RUSTLS_RESULT_CERT_NOT_YET_VALID = 7123,                /* notBefore is to come */
    RUSTLS_RESULT_CERT_REVOKED = 7124,                      /* a CRL lists it */
    RUSTLS_RESULT_CERT_UNHANDLED_CRITICAL_EXTENSION = 7125, /* critical, and not understood */
    RUSTLS_RESULT_CERT_UNKNOWN_ISSUER = 7126,               /* no path to a trusted root */
    RUSTLS_RESULT_CERT_BAD_SIGNATURE = 7127,                /* its issuer's key did not sign it */
    RUSTLS_RESULT_CERT_NOT_VALID_FOR_NAME = 7128,           /* the name asked for is not in it */
    RUSTLS_RESULT_CERT_INVALID_PURPOSE = 7129,              /* its extended key usage is another */
    RUSTLS_RESULT_CERT_APPLICATION_VERIFICATION_FAILURE = 7130, /* a callback of yours refused */
    RUSTLS_RESULT_CERT_OTHER_ERROR = 7131,                      /* another check of it failed */
    RUSTLS_RESULT_CERT_UNKNOWN_REVOCATION_STATUS = 7154, /* no CRL says whether it is revoked */
    RUSTLS_RESULT_CERT_EXPIRED_REVOCATION_LIST = 7156,   /* the CRL for it is out of date */
    RUSTLS_RESULT_CERT_UNSUPPORTED_SIGNATURE_ALGORITHM = 7157, /* SHA-1 and other such */

    /* What the peer sent does not parse */
    RUSTLS_RESULT_MESSAGE_HANDSHAKE_PAYLOAD_TOO_LARGE = 7133, /* a message over the limit */
    RUSTLS_RESULT_MESSAGE_INVALID_CCS = 7134,                 /* a change_cipher_spec not of 1 */
    RUSTLS_RESULT_MESSAGE_INVALID_CONTENT_TYPE = 7135,        /* no such record: perhaps no TLS */
    RUSTLS_RESULT_MESSAGE_INVALID_CERT_STATUS_TYPE = 7136,    /* a status that is not OCSP */
    RUSTLS_RESULT_MESSAGE_INVALID_CERT_REQUEST = 7137,        /* a request context not empty */
    RUSTLS_RESULT_MESSAGE_INVALID_DH_PARAMS = 7138,           /* a bad ServerKeyExchange */
    RUSTLS_RESULT_MESSAGE_INVALID_EMPTY_PAYLOAD = 7139,       /* an empty record out of place */
    RUSTLS_RESULT_MESSAGE_INVALID_KEY_UPDATE = 7140,          /* neither 0 nor 1 is in it */
    RUSTLS_RESULT_MESSAGE_INVALID_SERVER_NAME = 7141,         /* SNI is no DNS name */
    RUSTLS_RESULT_MESSAGE_TOO_LARGE = 7142,                   /* a record over the limit */
    RUSTLS_RESULT_MESSAGE_TOO_SHORT = 7143,                   /* a record ends too early */
    RUSTLS_RESULT_MESSAGE_MISSING_DATA = 7144,                /* a message ends too early */
    RUSTLS_RESULT_MESSAGE_MISSING_KEY_EXCHANGE = 7145,        /* no groups are offered */
    RUSTLS_RESULT_MESSAGE_NO_SIGNATURE_SCHEMES = 7146,        /* no schemes are offered */
    RUSTLS_RESULT_MESSAGE_TRAILING_DATA = 7147,               /* bytes after a message's end */
    RUSTLS_RESULT_MESSAGE_UNEXPECTED_MESSAGE = 7148,          /* a message of the wrong kind */
    RUSTLS_RESULT_MESSAGE_UNKNOWN_PROTOCOL_VERSION = 7149,    /* a record of no known version */
    RUSTLS_RESULT_MESSAGE_UNSUPPORTED_COMPRESSION = 7150,     /* compression is not "null" */
    RUSTLS_RESULT_MESSAGE_UNSUPPORTED_CURVE_TYPE = 7151,      /* a curve that is not named */
    RUSTLS_RESULT_MESSAGE_UNSUPPORTED_KEY_EXCHANGE_ALGORITHM = 7152, /* not ECDHE */
    RUSTLS_RESULT_MESSAGE_INVALID_OTHER = 7153,                      /* wrong in another way */
    RUSTLS_RESULT_MESSAGE_CERTIFICATE_PAYLOAD_TOO_LARGE = 7155,      /* a chain over the limit */

    /* What the peer does is not acceptable */
    RUSTLS_RESULT_PEER_INCOMPATIBLE_ERROR = 7107,         /* no version, or no choice, in common */
    RUSTLS_RESULT_PEER_MISBEHAVED_ERROR = 7108,           /* it breaks a rule of the protocol */
    RUSTLS_RESULT_INAPPROPRIATE_MESSAGE = 7109,           /* a record type out of turn */
    RUSTLS_RESULT_INAPPROPRIATE_HANDSHAKE_MESSAGE = 7110, /* a handshake message out of turn */
    RUSTLS_RESULT_GENERAL = 7112, /* anything else; galvan_connection_error_detail says what */

    /* The peer gave up and sent this alert (RFC 9846 section 6, and the older registrations) */
    RUSTLS_RESULT_ALERT_CLOSE_NOTIFY = 7200,
    RUSTLS_RESULT_ALERT_UNEXPECTED_MESSAGE = 7201,
    RUSTLS_RESULT_ALERT_BAD_RECORD_MAC = 7202,
    RUSTLS_RESULT_ALERT_DECRYPTION_FAILED = 7203,
    RUSTLS_RESULT_ALERT_RECORD_OVERFLOW = 7204,
    RUSTLS_RESULT_ALERT_DECOMPRESSION_FAILURE = 7205,
    RUSTLS_RESULT_ALERT_HANDSHAKE_FAILURE = 7206,
    RUSTLS_RESULT_ALERT_NO_CERTIFICATE = 7207,
    RUSTLS_RESULT_ALERT_BAD_CERTIFICATE = 7208,
    RUSTLS_RESULT_ALERT_UNSUPPORTED_CERTIFICATE = 7209,
    RUSTLS_RESULT_ALERT_CERTIFICATE_REVOKED = 7210,
    RUSTLS_RESULT_ALERT_CERTIFICATE_EXPIRED = 7211,
    RUSTLS_RESULT_ALERT_CERTIFICATE_UNKNOWN = 7212,
    RUSTLS_RESULT_ALERT_ILLEGAL_PARAMETER = 7213,
    RUSTLS_RESULT_ALERT_UNKNOWN_CA = 7214,
    RUSTLS_RESULT_ALERT_ACCESS_DENIED = 7215,
    RUSTLS_RESULT_ALERT_DECODE_ERROR = 7216,
    RUSTLS_RESULT_ALERT_DECRYPT_ERROR = 7217,
    RUSTLS_RESULT_ALERT_EXPORT_RESTRICTION = 7218,
    RUSTLS_RESULT_ALERT_PROTOCOL_VERSION = 7219,
    RUSTLS_RESULT_ALERT_INSUFFICIENT_SECURITY = 7220,
    RUSTLS_RESULT_ALERT_INTERNAL_ERROR = 7221,
    RUSTLS_RESULT_ALERT_INAPPROPRIATE_FALLBACK = 7222,
    RUSTLS_RESULT_ALERT_USER_CANCELED = 7223,
    RUSTLS_RESULT_ALERT_NO_RENEGOTIATION = 7224,
    RUSTLS_RESULT_ALERT_MISSING_EXTENSION = 7225,
    RUSTLS_RESULT_ALERT_UNSUPPORTED_EXTENSION = 7226,
    RUSTLS_RESULT_ALERT_CERTIFICATE_UNOBTAINABLE = 7227,
    RUSTLS_RESULT_ALERT_UNRECOGNISED_NAME = 7228,
    RUSTLS_RESULT_ALERT_BAD_CERTIFICATE_STATUS_RESPONSE = 7229,
    RUSTLS_RESULT_ALERT_BAD_CERTIFICATE_HASH_VALUE = 7230,
    RUSTLS_RESULT_ALERT_UNKNOWN_PSK_IDENTITY = 7231,
    RUSTLS_RESULT_ALERT_CERTIFICATE_REQUIRED = 7232,
    RUSTLS_RESULT_ALERT_NO_APPLICATION_PROTOCOL = 7233,
    RUSTLS_RESULT_ALERT_UNKNOWN = 7234, /* one that is in none of the registrations above */

    /* A revocation list cannot be used (RFC 5280 section 5) */
    RUSTLS_RESULT_CERT_REVOCATION_LIST_BAD_SIGNATURE = 7400,      /* its issuer did not sign it */
    RUSTLS_RESULT_CERT_REVOCATION_LIST_INVALID_CRL_NUMBER = 7401, /* cRLNumber is malformed */
    RUSTLS_RESULT_CERT_REVOCATION_LIST_INVALID_REVOKED_CERT_SERIAL_NUMBER = 7402, /* an entry is */
    RUSTLS_RESULT_CERT_REVOCATION_LIST_ISSUER_INVALID_FOR_CRL = 7403,  /* no cRLSign in its usage */
    RUSTLS_RESULT_CERT_REVOCATION_LIST_OTHER_ERROR = 7404,             /* wrong in another way */
    RUSTLS_RESULT_CERT_REVOCATION_LIST_PARSE_ERROR = 7405,             /* not a CRL in DER */
    RUSTLS_RESULT_CERT_REVOCATION_LIST_UNSUPPORTED_CRL_VERSION = 7406, /* not version 2 */
    RUSTLS_RESULT_CERT_REVOCATION_LIST_UNSUPPORTED_CRITICAL_EXTENSION = 7407, /* not understood */
    RUSTLS_RESULT_CERT_REVOCATION_LIST_UNSUPPORTED_DELTA_CRL = 7408,         /* only a difference */
    RUSTLS_RESULT_CERT_REVOCATION_LIST_UNSUPPORTED_INDIRECT_CRL = 7409,      /* for other issuers */
    RUSTLS_RESULT_CERT_REVOCATION_LIST_UNSUPPORTED_REVOCATION_REASON = 7410, /* by some reasons */
    RUSTLS_RESULT_CERT_REVOCATION_LIST_UNSUPPORTED_SIGNATURE_ALGORITHM = 7411, /* SHA-1 etc. */

    /* A verifier cannot be built */
    RUSTLS_RESULT_CLIENT_CERT_VERIFIER_BUILDER_NO_ROOT_ANCHORS = 7500, /* of either kind */

    /* A certificate and a private key do not belong together */
    RUSTLS_RESULT_INCONSISTENT_KEYS_KEYS_MISMATCH = 7600, /* they do not */
    RUSTLS_RESULT_INCONSISTENT_KEYS_UNKNOWN = 7601,       /* it cannot be told */

    /* Encrypted Client Hello cannot be used (RFC 9849) */
    RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_INVALID_CONFIG_LIST = 7700,  /* not a list */
    RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_NO_COMPATIBLE_CONFIG = 7701, /* none is usable */
    RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_SNI_REQUIRED = 7702 /* no DNS name to hide */
};
#if !defined(__cplusplus) && defined(__STDC_VERSION__) && __STDC_VERSION__ >= 202311L
typedef enum rustls_result rustls_result;
#else
typedef uint32_t rustls_result;
#endif

/**
 * What an I/O call has to say: 0, or an errno value. A value that a callback returned is passed on
 * as it is, so callbacks may use numbers of their own.
 */
typedef int rustls_io_result;

/* ---- Versions and kinds ------------------------------------------------------------------- */

/** Protocol versions as they stand on the wire. Only TLS 1.2 and 1.3 are ever spoken. */
typedef enum rustls_tls_version {
    RUSTLS_TLS_VERSION_UNKNOWN = 0x0000,
    RUSTLS_TLS_VERSION_SSLV2 = 0x0200,
    RUSTLS_TLS_VERSION_SSLV3 = 0x0300,
    RUSTLS_TLS_VERSION_TLSV1_0 = 0x0301,
    RUSTLS_TLS_VERSION_TLSV1_1 = 0x0302,
    RUSTLS_TLS_VERSION_TLSV1_2 = 0x0303,
    RUSTLS_TLS_VERSION_TLSV1_3 = 0x0304
} rustls_tls_version;

/** The versions that can be chosen from, and those that are on by default: 1.3, then 1.2. */
extern const uint16_t RUSTLS_ALL_VERSIONS[2];
extern const size_t RUSTLS_ALL_VERSIONS_LEN;
extern const uint16_t RUSTLS_DEFAULT_VERSIONS[2];
extern const size_t RUSTLS_DEFAULT_VERSIONS_LEN;

/** How a handshake went. */
typedef enum rustls_handshake_kind {
    RUSTLS_HANDSHAKE_KIND_UNKNOWN = 0,                       /* not decided yet */
    RUSTLS_HANDSHAKE_KIND_FULL = 1,                          /* with certificates */
    RUSTLS_HANDSHAKE_KIND_FULL_WITH_HELLO_RETRY_REQUEST = 2, /* and a round trip more */
    RUSTLS_HANDSHAKE_KIND_RESUMED = 3 /* from an earlier session, without certificates */
} rustls_handshake_kind;

/* ---- Things used by pointer --------------------------------------------------------------- */

/** A TLS connection, client or server. */
typedef struct rustls_connection rustls_connection;

/** What all connections of a client have in common, and the builder that makes it. */
typedef struct rustls_client_config rustls_client_config;
typedef struct rustls_client_config_builder rustls_client_config_builder;

/** What all connections of a server have in common, and the builder that makes it. */
typedef struct rustls_server_config rustls_server_config;
typedef struct rustls_server_config_builder rustls_server_config_builder;

/** A server's connection that waits for a ClientHello before it has a config. */
typedef struct rustls_acceptor rustls_acceptor;
/** A ClientHello that has come, to choose the config by. */
typedef struct rustls_accepted rustls_accepted;
/** What a client must be told before its connection is closed. */
typedef struct rustls_accepted_alert rustls_accepted_alert;

/** One certificate, borrowed from a connection or a certified key. */
typedef struct rustls_certificate rustls_certificate;

/** A certificate chain with its private key. */
typedef struct rustls_certified_key rustls_certified_key;

/** A private key that can sign. */
typedef struct rustls_signing_key rustls_signing_key;

/** Trusted root certificates, and the builder that collects them. */
typedef struct rustls_root_cert_store rustls_root_cert_store;
typedef struct rustls_root_cert_store_builder rustls_root_cert_store_builder;

/** Decides whether a server's certificates are believed, and its builder. */
typedef struct rustls_server_cert_verifier rustls_server_cert_verifier;
typedef struct rustls_web_pki_server_cert_verifier_builder
    rustls_web_pki_server_cert_verifier_builder;

/** Decides whether a client's certificates are believed, and its builder. */
typedef struct rustls_client_cert_verifier rustls_client_cert_verifier;
typedef struct rustls_web_pki_client_cert_verifier_builder
    rustls_web_pki_client_cert_verifier_builder;

/** The cryptography that connections use, and the builder that narrows it. */
typedef struct rustls_crypto_provider rustls_crypto_provider;
typedef struct rustls_crypto_provider_builder rustls_crypto_provider_builder;

/** A cipher suite of a provider. */
typedef struct rustls_supported_ciphersuite rustls_supported_ciphersuite;

/** The HPKE suites (RFC 9180) that Encrypted Client Hello can use. */
typedef struct rustls_hpke rustls_hpke;

/** Laid out as the system's struct iovec: cast it to a const struct iovec pointer. */
typedef struct rustls_iovec rustls_iovec;

/** Arrays of byte strings, and of texts: see rustls_slice_slice_bytes_get. */
typedef struct rustls_slice_slice_bytes rustls_slice_slice_bytes;
typedef struct rustls_slice_str rustls_slice_str;

/* ---- Strings and slices ------------------------------------------------------------------- */

/** UTF-8 text without a NUL in it, and without one behind it: print it with "%.*s". */
typedef struct rustls_str {
    const char *data;
    size_t len;
} rustls_str;

/** Bytes. */
typedef struct rustls_slice_bytes {
    const uint8_t *data;
    size_t len;
} rustls_slice_bytes;

/** Code points; len counts them, not their bytes. */
typedef struct rustls_slice_u16 {
    const uint16_t *data;
    size_t len;
} rustls_slice_u16;

/** How many byte strings are in it. */
size_t rustls_slice_slice_bytes_len(const struct rustls_slice_slice_bytes *input);

/**
 * The byte string at index n, alive as long as the input; data is NULL and len 0 where there is
 * none. One that is there and is empty has data that is not NULL.
 */
struct rustls_slice_bytes rustls_slice_slice_bytes_get(const struct rustls_slice_slice_bytes *input,
                                                       size_t n);

/** How many texts are in it. */
size_t rustls_slice_str_len(const struct rustls_slice_str *input);

/**
 * The text at index n, alive as long as the input; data is NULL and len 0 where there is none. One
 * that is there and is empty has data that is not NULL.
 */
struct rustls_str rustls_slice_str_get(const struct rustls_slice_str *input, size_t n);

/* ---- Version and texts -------------------------------------------------------------------- */

/**
 * "rustls-ffi/0.15.3/galvan/VERSION/BACKEND": the API that is spoken, then who speaks it, then the
 * cryptographic library underneath. Static.
 */
struct rustls_str rustls_version(void);

/**
 * Writes the text of a result code into buf, cut to len bytes, and its length into *out_n. There
 * is no NUL behind it. A number that is no code has the text of RUSTLS_RESULT_INVALID_PARAMETER.
 * Does nothing where buf or out_n is NULL. The texts are at most 87 bytes long.
 */
void rustls_error(unsigned int result, char *buf, size_t len, size_t *out_n);

/**
 * Whether the code says that the peer's certificate is at fault: RUSTLS_RESULT_CERT_ENCODING_BAD to
 * RUSTLS_RESULT_CERT_OTHER_ERROR, and RUSTLS_RESULT_CERT_UNKNOWN_REVOCATION_STATUS. Not so for
 * RUSTLS_RESULT_CERT_EXPIRED_REVOCATION_LIST and
 * RUSTLS_RESULT_CERT_UNSUPPORTED_SIGNATURE_ALGORITHM.
 */
bool rustls_result_is_cert_error(unsigned int result);

/** "unknown", "full", "full with hello retry request" or "resumed". Static. */
struct rustls_str rustls_handshake_kind_str(enum rustls_handshake_kind kind);

/* ---- Log ---------------------------------------------------------------------------------- */

/** 1 error, 2 warning, 3 information, 4 debugging, 5 trace. */
typedef size_t rustls_log_level;

/** "ERROR", "WARN", "INFO", "DEBUG", "TRACE", or "INVALID" for any other number. Static. */
struct rustls_str rustls_log_level_str(rustls_log_level level);

/** One message for the log. It lives as long as the callback runs. */
typedef struct rustls_log_params {
    rustls_log_level level;
    struct rustls_str message;
} rustls_log_params;

/**
 * Called with a message about the connection, and the connection's userdata. Messages hold no
 * secrets, and of what the peer sent only printable characters.
 */
typedef void (*rustls_log_callback)(void *userdata, const struct rustls_log_params *params);

/* ---- Input and output --------------------------------------------------------------------- */

/**
 * Your read(2): stores up to n bytes from the network into buf, their number into *out_n, and
 * returns 0. 0 bytes mean that the stream has ended. Any other value than 0, such as EAGAIN, is
 * given to the caller of rustls_connection_read_tls, and nothing counts as read. One attempt is
 * enough. buf and out_n live as long as the callback runs.
 */
typedef rustls_io_result (*rustls_read_callback)(void *userdata, uint8_t *buf, size_t n,
                                                 size_t *out_n);

/**
 * Your write(2): sends up to n bytes of buf, stores how many into *out_n, and returns 0. What was
 * not taken is offered again. Any other value than 0 is given to the caller of
 * rustls_connection_write_tls, and nothing counts as sent.
 */
typedef rustls_io_result (*rustls_write_callback)(void *userdata, const uint8_t *buf, size_t n,
                                                  size_t *out_n);

/**
 * Your writev(2): as rustls_write_callback, over count buffers. Cast iov to const struct iovec *.
 */
typedef rustls_io_result (*rustls_write_vectored_callback)(void *userdata,
                                                           const struct rustls_iovec *iov,
                                                           size_t count, size_t *out_n);

/* ---- Cryptography ------------------------------------------------------------------------- */

/**
 * The default provider, which is what every function that is given none uses: the one installed by
 * rustls_crypto_provider_builder_build_as_default, else the library's own. NULL where libcrypto
 * cannot be used. Free it with rustls_crypto_provider_free.
 */
const struct rustls_crypto_provider *rustls_crypto_provider_default(void);

/**
 * The library's own provider, under the names of the two that rustls-ffi has: there is one backend
 * here, OpenSSL's libcrypto. NULL where it cannot be used. Free it with
 * rustls_crypto_provider_free.
 */
const struct rustls_crypto_provider *rustls_aws_lc_rs_crypto_provider(void);
const struct rustls_crypto_provider *rustls_ring_crypto_provider(void);

/**
 * A builder that starts as a copy of the default provider, in *builder_out. Free it with
 * rustls_crypto_provider_builder_free.
 * RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER where there is none.
 */
rustls_result rustls_crypto_provider_builder_new_from_default(
    struct rustls_crypto_provider_builder **builder_out);

/**
 * A builder that starts as a copy of base, which it holds on to; NULL if base is NULL. Free it with
 * rustls_crypto_provider_builder_free.
 */
struct rustls_crypto_provider_builder *rustls_crypto_provider_builder_new_with_base(
    const struct rustls_crypto_provider *base);

/**
 * Keeps only these suites, in this order of preference. They come from
 * rustls_crypto_provider_ciphersuites_get of the base, or of the default provider. A length of 0
 * keeps the base's own. Replaces what an earlier call set. RUSTLS_RESULT_ALREADY_USED after _build.
 */
rustls_result rustls_crypto_provider_builder_set_cipher_suites(
    struct rustls_crypto_provider_builder *builder,
    const struct rustls_supported_ciphersuite *const *cipher_suites, size_t cipher_suites_len);

/**
 * Makes the provider, in *provider_out; free it with rustls_crypto_provider_free. The builder
 * remains to be freed, and a second call answers RUSTLS_RESULT_ALREADY_USED.
 */
rustls_result rustls_crypto_provider_builder_build(
    struct rustls_crypto_provider_builder *builder,
    const struct rustls_crypto_provider **provider_out);

/**
 * Makes the provider and installs it as the default of the process, for good. Call it before
 * anything has used the default: RUSTLS_RESULT_ALREADY_USED where a default is in use, as it is for
 * a builder that was built. Safe against other threads that do the same: one of them wins.
 */
rustls_result rustls_crypto_provider_builder_build_as_default(
    struct rustls_crypto_provider_builder *builder);

/** Frees a builder, built or not. */
void rustls_crypto_provider_builder_free(struct rustls_crypto_provider_builder *builder);

/** How many cipher suites the provider has; 0 for NULL. */
size_t rustls_crypto_provider_ciphersuites_len(const struct rustls_crypto_provider *provider);

/**
 * The suite at that index, in order of preference; NULL past the end. Borrowed from the provider.
 */
const struct rustls_supported_ciphersuite *rustls_crypto_provider_ciphersuites_get(
    const struct rustls_crypto_provider *provider, size_t index);

/**
 * Reads a private key: the first one in private_key, which is PEM text, as PKCS#8 ("PRIVATE KEY"),
 * PKCS#1 ("RSA PRIVATE KEY") or SEC1 ("EC PRIVATE KEY"). RSA of 2048 bits and more, ECDSA on P-256,
 * P-384 and P-521, and Ed25519. *signing_key_out is yours, to be freed with
 * rustls_signing_key_free or given away to rustls_certified_key_build_with_signing_key.
 * RUSTLS_RESULT_PRIVATE_KEY_PARSE_ERROR where there is no key or it is malformed,
 * RUSTLS_RESULT_GENERAL where it is of another kind or too small.
 */
rustls_result rustls_crypto_provider_load_key(const struct rustls_crypto_provider *provider,
                                              const uint8_t *private_key, size_t private_key_len,
                                              struct rustls_signing_key **signing_key_out);

/**
 * Fills buff with len bytes fit for keys. RUSTLS_RESULT_GET_RANDOM_FAILED where the system has
 * none.
 */
rustls_result rustls_crypto_provider_random(const struct rustls_crypto_provider *provider,
                                            uint8_t *buff, size_t len);

/**
 * Whether the provider says of itself that it keeps to FIPS 140-3. The library's own does not: no
 * validation is claimed for Galvan.
 */
bool rustls_crypto_provider_fips(const struct rustls_crypto_provider *provider);

/** Lets a provider go. */
void rustls_crypto_provider_free(const struct rustls_crypto_provider *provider);

/** The same three for the default provider, whose suites live as long as the process. */
size_t rustls_default_crypto_provider_ciphersuites_len(void);
const struct rustls_supported_ciphersuite *rustls_default_crypto_provider_ciphersuites_get(
    size_t index);
rustls_result rustls_default_crypto_provider_random(uint8_t *buff, size_t len);

/** The suites that the library has; NULL for none. Static: nothing to be freed. */
const struct rustls_hpke *rustls_supported_hpke(void);

/** The suite's IANA number, 0x1301 for example; 0 for NULL. */
uint16_t rustls_supported_ciphersuite_get_suite(
    const struct rustls_supported_ciphersuite *supported_ciphersuite);

/** "TLS13_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" and so on. Static. */
struct rustls_str rustls_supported_ciphersuite_get_name(
    const struct rustls_supported_ciphersuite *supported_ciphersuite);

/** The one version in which the suite is used; RUSTLS_TLS_VERSION_UNKNOWN for NULL. */
enum rustls_tls_version rustls_supported_ciphersuite_protocol_version(
    const struct rustls_supported_ciphersuite *supported_ciphersuite);

/** Frees a signing key, and wipes it. */
void rustls_signing_key_free(struct rustls_signing_key *signing_key);

/* ---- Certificates and their keys ---------------------------------------------------------- */

/**
 * The certificate's bytes: X.509 in DER (RFC 5280). They live as long as the certificate.
 */
rustls_result rustls_certificate_get_der(const struct rustls_certificate *cert,
                                         const uint8_t **out_der_data, size_t *out_der_len);

/**
 * A certificate chain and its private key, both PEM text: the leaf first, then the certificates
 * that lead towards a root, which itself need not be there. What stands in the chain is not
 * looked at, and whether the key fits is asked with rustls_certified_key_keys_match. The key is as
 * in rustls_crypto_provider_load_key, with the default provider, and so are its errors.
 * RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR where the PEM is malformed. *certified_key_out is yours.
 */
rustls_result rustls_certified_key_build(const uint8_t *cert_chain, size_t cert_chain_len,
                                         const uint8_t *private_key, size_t private_key_len,
                                         const struct rustls_certified_key **certified_key_out);

/**
 * The same with a key that was loaded before. Takes signing_key over, whatever the result, unless
 * an argument is NULL: do not free or use it afterwards.
 */
rustls_result rustls_certified_key_build_with_signing_key(
    const uint8_t *cert_chain, size_t cert_chain_len, struct rustls_signing_key *signing_key,
    const struct rustls_certified_key **certified_key_out);

/**
 * The i-th certificate of the chain, 0 the leaf; NULL past the end. Borrowed from the key.
 */
const struct rustls_certificate *rustls_certified_key_get_certificate(
    const struct rustls_certified_key *certified_key, size_t i);

/**
 * A copy in *cloned_key_out, which staples this OCSP response (DER, RFC 6960), or none where
 * ocsp_response is NULL. The original stays as it is; both are to be freed. The response goes to
 * peers as it is.
 */
rustls_result rustls_certified_key_clone_with_ocsp(
    const struct rustls_certified_key *certified_key,
    const struct rustls_slice_bytes *ocsp_response,
    const struct rustls_certified_key **cloned_key_out);

/**
 * Whether the private key is that of the leaf certificate: RUSTLS_RESULT_OK,
 * RUSTLS_RESULT_INCONSISTENT_KEYS_KEYS_MISMATCH, RUSTLS_RESULT_INCONSISTENT_KEYS_UNKNOWN where it
 * cannot be told, or the error of a leaf that is not there or does not parse.
 */
rustls_result rustls_certified_key_keys_match(const struct rustls_certified_key *key);

/** Lets a certified key go; configs that use it keep it. */
void rustls_certified_key_free(const struct rustls_certified_key *key);

/* ---- Root certificates -------------------------------------------------------------------- */

/** An empty collection of trusted roots. Free it with rustls_root_cert_store_builder_free. */
struct rustls_root_cert_store_builder *rustls_root_cert_store_builder_new(void);

/**
 * Adds every certificate in the PEM text, or, on an error, none. With strict, a certificate that
 * does not parse, or no certificate at all, is RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR; without it
 * such certificates are passed over, as the stores of old systems need. Text that is not proper
 * PEM is an error in either case. RUSTLS_RESULT_ALREADY_USED after _build.
 */
rustls_result rustls_root_cert_store_builder_add_pem(struct rustls_root_cert_store_builder *builder,
                                                     const uint8_t *pem, size_t pem_len,
                                                     bool strict);

/** The same for a file of that name. RUSTLS_RESULT_IO where it cannot be read. */
rustls_result rustls_root_cert_store_builder_load_roots_from_file(
    struct rustls_root_cert_store_builder *builder, const char *filename, bool strict);

/**
 * Makes the store, in *root_cert_store_out; free it with rustls_root_cert_store_free. It may be
 * empty, but no verifier can be built from it then. The builder remains to be freed.
 */
rustls_result rustls_root_cert_store_builder_build(
    struct rustls_root_cert_store_builder *builder,
    const struct rustls_root_cert_store **root_cert_store_out);

/** Frees a builder, built or not. */
void rustls_root_cert_store_builder_free(struct rustls_root_cert_store_builder *builder);

/** Lets a store go; verifiers that use it keep it. */
void rustls_root_cert_store_free(const struct rustls_root_cert_store *store);

/* ---- Verifying servers -------------------------------------------------------------------- */

/**
 * A verifier that trusts what the system trusts, in *verifier_out: on Linux the usual bundle files
 * and directories, or those that the environment names in SSL_CERT_FILE and SSL_CERT_DIR. The roots
 * are read when the first such verifier is made, and shared. Free it with
 * rustls_server_cert_verifier_free. RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER,
 * or RUSTLS_RESULT_GENERAL where no roots are found.
 */
rustls_result rustls_platform_server_cert_verifier(
    struct rustls_server_cert_verifier **verifier_out);

/** The same with that provider; on an error, *verifier_out is NULL. */
rustls_result rustls_platform_server_cert_verifier_try_with_provider(
    const struct rustls_crypto_provider *provider,
    struct rustls_server_cert_verifier **verifier_out);

/** The same, with NULL as its only word about what went wrong. */
DEPRECATED_FUNC("prefer rustls_platform_server_cert_verifier_try_with_provider")
struct rustls_server_cert_verifier *rustls_platform_server_cert_verifier_with_provider(
    const struct rustls_crypto_provider *provider);

/**
 * A builder for verifiers that trust the roots in store and check as RFC 5280 and RFC 9525 say:
 * path, signatures, validity, constraints, purpose and name. Holds on to the store; NULL if store
 * is NULL. Free it with rustls_web_pki_server_cert_verifier_builder_free.
 *
 * Revocation is looked at only where CRLs are added; then for every certificate below the root,
 * and a certificate whose state no CRL tells is refused.
 */
struct rustls_web_pki_server_cert_verifier_builder *rustls_web_pki_server_cert_verifier_builder_new(
    const struct rustls_root_cert_store *store);

/** The same with that provider; NULL if either is NULL. */
struct rustls_web_pki_server_cert_verifier_builder *
rustls_web_pki_server_cert_verifier_builder_new_with_provider(
    const struct rustls_crypto_provider *provider, const struct rustls_root_cert_store *store);

/**
 * Adds every CRL in the PEM text (RFC 5280 section 5). Their signatures are checked when they are
 * used. RUSTLS_RESULT_CERTIFICATE_REVOCATION_LIST_PARSE_ERROR where there is none or one is
 * malformed; a kind that is not supported is one of RUSTLS_RESULT_CERT_REVOCATION_LIST_*, from here
 * or from _build. RUSTLS_RESULT_ALREADY_USED after _build, as from the three below.
 */
rustls_result rustls_web_pki_server_cert_verifier_builder_add_crl(
    struct rustls_web_pki_server_cert_verifier_builder *builder, const uint8_t *crl_pem,
    size_t crl_pem_len);

/** Looks at the revocation of the leaf alone, not of the authorities above it. */
rustls_result rustls_web_pki_server_cert_verifier_only_check_end_entity_revocation(
    struct rustls_web_pki_server_cert_verifier_builder *builder);

/** Accepts a certificate whose state no CRL tells. */
rustls_result rustls_web_pki_server_cert_verifier_allow_unknown_revocation_status(
    struct rustls_web_pki_server_cert_verifier_builder *builder);

/**
 * Refuses to rely on a CRL after its nextUpdate: RUSTLS_RESULT_CERT_EXPIRED_REVOCATION_LIST.
 * Without this, an old CRL is believed.
 */
rustls_result rustls_web_pki_server_cert_verifier_enforce_revocation_expiry(
    struct rustls_web_pki_server_cert_verifier_builder *builder);

/**
 * Makes the verifier, in *verifier_out; free it with rustls_server_cert_verifier_free. The builder
 * remains to be freed.
 * RUSTLS_RESULT_CLIENT_CERT_VERIFIER_BUILDER_NO_ROOT_ANCHORS where the store is empty, and
 * RUSTLS_RESULT_ALREADY_USED from the second call on, also after an error.
 */
rustls_result rustls_web_pki_server_cert_verifier_builder_build(
    struct rustls_web_pki_server_cert_verifier_builder *builder,
    struct rustls_server_cert_verifier **verifier_out);

/** Frees a builder, built or not. */
void rustls_web_pki_server_cert_verifier_builder_free(
    struct rustls_web_pki_server_cert_verifier_builder *builder);

/** Lets a verifier go; configs that use it keep it. */
void rustls_server_cert_verifier_free(struct rustls_server_cert_verifier *verifier);

/** The connection's userdata, in the callback below. */
typedef void *rustls_verify_server_cert_user_data;

/** What a server showed, for a callback to judge. It lives as long as the callback runs. */
typedef struct rustls_verify_server_cert_params {
    struct rustls_slice_bytes end_entity_cert_der; /* the server's own certificate */
    const struct rustls_slice_slice_bytes *intermediate_certs_der; /* the others, as they came */
    struct rustls_str server_name;           /* asked for: a DNS name or the text of an address */
    struct rustls_slice_bytes ocsp_response; /* stapled; len 0 where there is none */
} rustls_verify_server_cert_params;

/**
 * Your judgement of a server's certificates. RUSTLS_RESULT_OK accepts them; one of
 * RUSTLS_RESULT_CERT_ENCODING_BAD to RUSTLS_RESULT_CERT_OTHER_ERROR, or
 * RUSTLS_RESULT_CERT_EXPIRED_REVOCATION_LIST, refuses them with that code and the alert that goes
 * with it; any other number refuses them with RUSTLS_RESULT_GENERAL.
 */
typedef uint32_t (*rustls_verify_server_cert_callback)(
    rustls_verify_server_cert_user_data userdata,
    const struct rustls_verify_server_cert_params *params);

/* ---- Verifying clients -------------------------------------------------------------------- */

/**
 * A builder for verifiers of client certificates, which trust the roots in store and check as those
 * of servers do, except for a name. Clients must show a certificate, and are told the subjects of
 * the roots as those to choose from. Holds on to the store; NULL if store is NULL. Free it with
 * rustls_web_pki_client_cert_verifier_builder_free.
 */
struct rustls_web_pki_client_cert_verifier_builder *rustls_web_pki_client_cert_verifier_builder_new(
    const struct rustls_root_cert_store *store);

/** The same with that provider; NULL if either is NULL. */
struct rustls_web_pki_client_cert_verifier_builder *
rustls_web_pki_client_cert_verifier_builder_new_with_provider(
    const struct rustls_crypto_provider *provider, const struct rustls_root_cert_store *store);

/** Adds CRLs, as rustls_web_pki_server_cert_verifier_builder_add_crl does. */
rustls_result rustls_web_pki_client_cert_verifier_builder_add_crl(
    struct rustls_web_pki_client_cert_verifier_builder *builder, const uint8_t *crl_pem,
    size_t crl_pem_len);

/** Looks at the revocation of the leaf alone, not of the authorities above it. */
rustls_result rustls_web_pki_client_cert_verifier_only_check_end_entity_revocation(
    struct rustls_web_pki_client_cert_verifier_builder *builder);

/** Accepts a certificate whose state no CRL tells. */
rustls_result rustls_web_pki_client_cert_verifier_allow_unknown_revocation_status(
    struct rustls_web_pki_client_cert_verifier_builder *builder);

/**
 * Lets clients in that show no certificate. One that is shown must still be good. Ask
 * rustls_connection_get_peer_certificate which of the two happened.
 */
rustls_result rustls_web_pki_client_cert_verifier_builder_allow_unauthenticated(
    struct rustls_web_pki_client_cert_verifier_builder *builder);

/** Names no authorities to clients (RFC 9846 section 4.2.4): they choose freely. */
rustls_result rustls_web_pki_client_cert_verifier_clear_root_hint_subjects(
    struct rustls_web_pki_client_cert_verifier_builder *builder);

/**
 * Names the subjects of that store's roots to clients, besides those named so far; at first those
 * are the subjects of the verifier's own roots.
 */
rustls_result rustls_web_pki_client_cert_verifier_add_root_hint_subjects(
    struct rustls_web_pki_client_cert_verifier_builder *builder,
    const struct rustls_root_cert_store *store);

/**
 * Makes the verifier, in *verifier_out; free it with rustls_client_cert_verifier_free. The builder
 * remains to be freed. Errors as rustls_web_pki_server_cert_verifier_builder_build.
 */
rustls_result rustls_web_pki_client_cert_verifier_builder_build(
    struct rustls_web_pki_client_cert_verifier_builder *builder,
    struct rustls_client_cert_verifier **verifier_out);

/** Frees a builder, built or not. */
void rustls_web_pki_client_cert_verifier_builder_free(
    struct rustls_web_pki_client_cert_verifier_builder *builder);

/** Lets a verifier go; configs that use it keep it. */
void rustls_client_cert_verifier_free(struct rustls_client_cert_verifier *verifier);

/* ---- Key log ------------------------------------------------------------------------------ */

/**
 * Called with a secret of a connection, for tools that decrypt captured traffic (RFC 9850): its
 * label ("CLIENT_TRAFFIC_SECRET_0" for example), the 32 bytes of the ClientHello's random, and the
 * secret. Whoever has it can read and forge the connection. All of it lives as long as the callback
 * runs.
 */
typedef void (*rustls_keylog_log_callback)(struct rustls_str label, const uint8_t *client_random,
                                           size_t client_random_len, const uint8_t *secret,
                                           size_t secret_len);

/** Whether secrets with that label are wanted: not 0 for yes. Asked before each of them. */
typedef int (*rustls_keylog_will_log_callback)(struct rustls_str label);

/* ---- Choosing a server's certificate ------------------------------------------------------ */

/** The connection's userdata, in the callback below. */
typedef void *rustls_client_hello_userdata;

/** What a client asks for. It lives as long as the callback runs. */
typedef struct rustls_client_hello {
    struct rustls_str server_name;             /* SNI; len 0 where there is none */
    struct rustls_slice_u16 signature_schemes; /* what it can verify, as it prefers */
    struct rustls_slice_u16 named_groups;      /* what it can exchange keys with, as it prefers */
    const struct rustls_slice_slice_bytes *alpn; /* what it offers; empty where it does not */
} rustls_client_hello;

/**
 * Your choice of a certificate for a client. The connection holds on to the key that you return,
 * and you keep yours. NULL chooses none, and the handshake fails with RUSTLS_RESULT_GENERAL here
 * and access_denied at the client.
 */
typedef const struct rustls_certified_key *(*rustls_client_hello_callback)(
    rustls_client_hello_userdata userdata, const struct rustls_client_hello *hello);

/**
 * For use in that callback: finds the first of the keys that can sign in a way that the client
 * accepts, in *out_key, borrowed from the array. RUSTLS_RESULT_NOT_FOUND where none can.
 */
rustls_result rustls_client_hello_select_certified_key(
    const struct rustls_client_hello *hello,
    const struct rustls_certified_key *const *certified_keys, size_t certified_keys_len,
    const struct rustls_certified_key **out_key);

/* ---- Client configuration ----------------------------------------------------------------- */

/**
 * A builder with the default provider, its suites, and TLS 1.3 and 1.2. It has no verifier: none is
 * assumed, and _build asks for one. Give it to rustls_client_config_builder_build, or to
 * rustls_client_config_builder_free.
 */
struct rustls_client_config_builder *rustls_client_config_builder_new(void);

/**
 * The same with that provider and those versions; their order does not matter. Numbers that are
 * neither RUSTLS_TLS_VERSION_TLSV1_2 nor RUSTLS_TLS_VERSION_TLSV1_3 are passed over; where none is
 * left, the default ones are used.
 */
rustls_result rustls_client_config_builder_new_custom(
    const struct rustls_crypto_provider *provider, const uint16_t *tls_versions,
    size_t tls_versions_len, struct rustls_client_config_builder **builder_out);

/** Sets who judges the server's certificates, in place of a verifier or callback set before. */
void rustls_client_config_builder_set_server_verifier(
    struct rustls_client_config_builder *builder,
    const struct rustls_server_cert_verifier *verifier);

/**
 * Sets a verifier that trusts the certificates in a PEM file, all of which must parse: the short
 * way to what rustls_root_cert_store_builder_load_roots_from_file and
 * rustls_web_pki_server_cert_verifier_builder_build do. Versions of rustls-ffi before 0.12 had it.
 * RUSTLS_RESULT_IO or RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR.
 */
rustls_result rustls_client_config_builder_load_roots_from_file(
    struct rustls_client_config_builder *builder, const char *filename);

/**
 * Lets a function of yours judge the server's certificates instead: name, path, time and all. It is
 * called on whatever thread processes the connection. That the server holds the private key of the
 * certificate is still checked by the library. RUSTLS_RESULT_INVALID_PARAMETER where callback is
 * NULL, RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER.
 */
rustls_result rustls_client_config_builder_dangerous_set_certificate_verifier(
    struct rustls_client_config_builder *config_builder,
    rustls_verify_server_cert_callback callback);

/**
 * The protocols to offer in ALPN (RFC 7301), the preferred first: "h2", "http/1.1". A length of 0
 * offers none. Empty ones are passed over; RUSTLS_RESULT_INVALID_PARAMETER where one is longer than
 * 255 bytes, or all of them are too long for one extension.
 */
rustls_result rustls_client_config_builder_set_alpn_protocols(
    struct rustls_client_config_builder *builder, const struct rustls_slice_bytes *protocols,
    size_t len);

/**
 * Whether a server that selects a protocol which was not offered is refused. It is, unless this
 * is set to false.
 */
void rustls_client_config_builder_set_check_selected_alpn(
    struct rustls_client_config_builder *config, bool enable);

/**
 * Whether the server's name is sent in clear (SNI, RFC 6066 section 3). It is, unless this is set
 * to false; an IP address never is.
 */
void rustls_client_config_builder_set_enable_sni(struct rustls_client_config_builder *config,
                                                 bool enable);

/**
 * Encrypts the ClientHello (Encrypted Client Hello, RFC 9849), the name of the server in it, with the
 * first usable configuration of an ECHConfigList, which is copied: what DNS has for that server, in an
 * HTTPS record as the parameter "ech", without its base64. hpke comes from rustls_supported_hpke.
 * Replaces what was enabled before. From then on TLS 1.3 is the only version. What becomes of it:
 * galvan_connection_ech.
 *
 * RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_INVALID_CONFIG_LIST where this is no ECHConfigList,
 * RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_NO_COMPATIBLE_CONFIG where none in it can be used,
 * RUSTLS_RESULT_BUILDER_INCOMPATIBLE_TLS_VERSIONS where the builder was given versions, and they are
 * not TLS 1.3 alone.
 */
rustls_result rustls_client_config_builder_enable_ech(
    struct rustls_client_config_builder *builder, const uint8_t *ech_config_list_bytes,
    size_t ech_config_list_bytes_size, const struct rustls_hpke *hpke);

/**
 * Pretends to do so, with random bytes (RFC 9849 section 6.2), for a server that has no configuration:
 * clients that really do it then do not stand out. Replaces what was enabled before. From then on TLS
 * 1.3 is the only version. RUSTLS_RESULT_BUILDER_INCOMPATIBLE_TLS_VERSIONS as there.
 */
rustls_result rustls_client_config_builder_enable_ech_grease(
    struct rustls_client_config_builder *builder, const struct rustls_hpke *hpke);

/**
 * The certificates with which to answer a server that asks for one: the first whose key can sign in
 * a way that the server accepts is sent, one that leads to an authority that the server names before
 * others (rustls-ffi does not look at those). Without this, or where none fits, none is sent, and the
 * server decides whether it goes on. Replaces what an earlier call set.
 */
rustls_result rustls_client_config_builder_set_certified_key(
    struct rustls_client_config_builder *builder,
    const struct rustls_certified_key *const *certified_keys, size_t certified_keys_len);

/**
 * Asks servers for that many tickets: after a full handshake, and after one that resumed
 * (RFC 9149). Servers may do as they like. Nothing is asked for unless this is called.
 */
rustls_result rustls_client_config_builder_set_send_ticket_request(
    struct rustls_client_config_builder *builder, uint8_t new_session_count,
    uint8_t resumption_count);

/**
 * Appends the secrets of every connection to the file that the environment names in SSLKEYLOGFILE,
 * in the format of RFC 9850. Nothing is written where it names none. For debugging: whoever has
 * the file can read the traffic.
 */
rustls_result rustls_client_config_builder_set_key_log_file(
    struct rustls_client_config_builder *builder);

/**
 * Gives the secrets of every connection to log_cb, which may not be NULL. will_log_cb chooses
 * which; NULL chooses all.
 */
rustls_result rustls_client_config_builder_set_key_log(struct rustls_client_config_builder *builder,
                                                       rustls_keylog_log_callback log_cb,
                                                       rustls_keylog_will_log_callback will_log_cb);

/**
 * Makes the config, in *config_out; free it with rustls_client_config_free. The builder is used up,
 * whatever the result. RUSTLS_RESULT_NO_SERVER_CERT_VERIFIER,
 * RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER, RUSTLS_RESULT_GENERAL where the provider has no suite
 * for any of the versions; one that it has none for is left out.
 */
rustls_result rustls_client_config_builder_build(struct rustls_client_config_builder *builder,
                                                 const struct rustls_client_config **config_out);

/** Frees a builder that was not built. */
void rustls_client_config_builder_free(struct rustls_client_config_builder *config);

/** What rustls_crypto_provider_fips says of its provider. */
bool rustls_client_config_fips(const struct rustls_client_config *config);

/** Lets a config go; connections made with it keep it. */
void rustls_client_config_free(const struct rustls_client_config *config);

/* ---- Sessions ----------------------------------------------------------------------------- */

/** The connection's userdata, in the two callbacks below. */
typedef void *rustls_session_store_userdata;

/**
 * Your store's look-up: copies the value that was put under key into buf, which has room for count
 * bytes (66,560), its length into *out_n, and returns RUSTLS_RESULT_OK. Where remove_after is not
 * 0, as for TLS 1.3, the entry must be gone afterwards, so that it can be used once only
 * (RFC 9846 appendix C.4). RUSTLS_RESULT_NOT_FOUND where there is none, and any other number but
 * RUSTLS_RESULT_OK, cost a full handshake and nothing else. key and buf live as long as the
 * callback runs.
 */
typedef uint32_t (*rustls_session_store_get_callback)(rustls_session_store_userdata userdata,
                                                      const struct rustls_slice_bytes *key,
                                                      int remove_after, uint8_t *buf, size_t count,
                                                      size_t *out_n);

/**
 * Your store's other half: keeps val under key, for as long and in as much room as it likes, and
 * returns RUSTLS_RESULT_OK. Whatever else it returns, the session is simply not resumed later. Who
 * can read val can read the sessions that resume from it. key and val live as long as the callback
 * runs.
 */
typedef uint32_t (*rustls_session_store_put_callback)(rustls_session_store_userdata userdata,
                                                      const struct rustls_slice_bytes *key,
                                                      const struct rustls_slice_bytes *val);

/* ---- Server configuration ----------------------------------------------------------------- */

/**
 * A builder with the default provider, its suites, and TLS 1.3 and 1.2, which asks clients for no
 * certificate. It needs a certified key. Give it to rustls_server_config_builder_build, or to
 * rustls_server_config_builder_free.
 */
struct rustls_server_config_builder *rustls_server_config_builder_new(void);

/**
 * The same with that provider and those versions; their order does not matter. Numbers that are
 * neither RUSTLS_TLS_VERSION_TLSV1_2 nor RUSTLS_TLS_VERSION_TLSV1_3 are passed over; where none is
 * left, _build answers RUSTLS_RESULT_GENERAL.
 */
rustls_result rustls_server_config_builder_new_custom(
    const struct rustls_crypto_provider *provider, const uint16_t *tls_versions,
    size_t tls_versions_len, struct rustls_server_config_builder **builder_out);

/** Asks clients for a certificate, and lets that verifier judge it. NULL changes nothing. */
void rustls_server_config_builder_set_client_verifier(
    struct rustls_server_config_builder *builder,
    const struct rustls_client_cert_verifier *verifier);

/**
 * The certificates to choose from: the first whose key can sign in a way that the client accepts
 * is sent. Put ECDSA before RSA to serve both. Replaces what an earlier call set, a callback too.
 */
rustls_result rustls_server_config_builder_set_certified_keys(
    struct rustls_server_config_builder *builder,
    const struct rustls_certified_key *const *certified_keys, size_t certified_keys_len);

/**
 * Lets a function of yours choose the certificate for each client instead, in place of the keys set
 * before. RUSTLS_RESULT_NULL_PARAMETER where callback is NULL. (The comment of
 * rustls_server_config_builder_build then says "where neither certified keys nor a callback".)
 */
rustls_result
rustls_server_config_builder_set_hello_callback(struct rustls_server_config_builder *builder,
                                                rustls_client_hello_callback callback);

/**
 * The protocols to accept in ALPN, as for a client. The first that the client offers as well is
 * selected; where there is none, the handshake fails with RUSTLS_RESULT_NO_APPLICATION_PROTOCOL. A
 * client that does without ALPN is accepted.
 */
rustls_result rustls_server_config_builder_set_alpn_protocols(
    struct rustls_server_config_builder *builder, const struct rustls_slice_bytes *protocols,
    size_t len);

/** Whether suites are chosen in the order of the provider. Unless set to true, in the client's. */
rustls_result rustls_server_config_builder_set_ignore_client_order(
    struct rustls_server_config_builder *builder, bool ignore);

/** The same two as for a client: rustls_client_config_builder_set_key_log_file and _set_key_log. */
rustls_result rustls_server_config_builder_set_key_log_file(
    struct rustls_server_config_builder *builder);
rustls_result rustls_server_config_builder_set_key_log(struct rustls_server_config_builder *builder,
                                                       rustls_keylog_log_callback log_cb,
                                                       rustls_keylog_will_log_callback will_log_cb);

/**
 * Keeps sessions with these two instead of in the library's own memory, so that servers in several
 * processes share them. Either being NULL changes nothing. They are called on whatever thread
 * processes a connection, with the userdata of that connection. Where memory is out, _build answers
 * RUSTLS_RESULT_GENERAL.
 */
void rustls_server_config_builder_set_persistence(struct rustls_server_config_builder *builder,
                                                  rustls_session_store_get_callback get_cb,
                                                  rustls_session_store_put_callback put_cb);

/**
 * How many tickets a client gets after a TLS 1.3 handshake, each good for one resumption
 * (RFC 9846 section 4.6.1): 2 unless set, 255 at most. With 0, TLS 1.3 sessions are not resumed.
 */
rustls_result rustls_server_config_builder_set_send_tls13_tickets(
    struct rustls_server_config_builder *builder, size_t n);

/**
 * How many tickets a client may ask for (RFC 9149): one that asks gets what it asks for, and at
 * most max. 0, as at first, does not listen to such wishes.
 */
rustls_result rustls_server_config_builder_set_max_tls13_tickets(
    struct rustls_server_config_builder *builder, size_t max);

/**
 * Makes the config, in *config_out; free it with rustls_server_config_free. The builder is used up,
 * whatever the result. RUSTLS_RESULT_NO_CERT_RESOLVER where neither certified keys nor a callback
 * were set, RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER, RUSTLS_RESULT_GENERAL where the provider has
 * no suite for any of the versions; one that it has none for is left out.
 */
rustls_result rustls_server_config_builder_build(struct rustls_server_config_builder *builder,
                                                 const struct rustls_server_config **config_out);

/** Frees a builder that was not built. */
void rustls_server_config_builder_free(struct rustls_server_config_builder *config);

/** What rustls_crypto_provider_fips says of its provider. */
bool rustls_server_config_fips(const struct rustls_server_config *config);

/** Lets a config go; connections made with it keep it. */
void rustls_server_config_free(const struct rustls_server_config *config);

/* ---- Making a connection ------------------------------------------------------------------ */

/**
 * A client's connection to the server of that name, in *conn_out: a DNS name or the text of an
 * IPv4 or IPv6 address, terminated by a NUL, and copied. The server's certificate must be valid for
 * it. The ClientHello is queued at once. RUSTLS_RESULT_INVALID_DNS_NAME_ERROR.
 */
rustls_result rustls_client_connection_new(const struct rustls_client_config *config,
                                           const char *server_name,
                                           struct rustls_connection **conn_out);

/** The same, offering these ALPN protocols in place of those of the config. */
rustls_result rustls_client_connection_new_alpn(const struct rustls_client_config *config,
                                                const char *server_name,
                                                const struct rustls_slice_bytes *alpn_protocols,
                                                size_t alpn_protocols_len,
                                                struct rustls_connection **conn_out);

/** A server's connection with a client that has yet to speak, in *conn_out. */
rustls_result rustls_server_connection_new(const struct rustls_server_config *config,
                                           struct rustls_connection **conn_out);

/** Frees a connection, wipes its secrets, and drops what was not sent or read. */
void rustls_connection_free(struct rustls_connection *conn);

/** The pointer that callbacks of this connection get; NULL until it is set. */
void rustls_connection_set_userdata(struct rustls_connection *conn, void *userdata);

/** Who is told what happens on this connection; NULL, which it is at first, for nobody. */
void rustls_connection_set_log_callback(struct rustls_connection *conn, rustls_log_callback cb);

/**
 * How many bytes may be queued: of TLS to be sent, and, before the handshake is over, of plaintext.
 * 65,536 unless set. rustls_connection_write takes less, or nothing, when they are reached;
 * handshake messages and alerts are queued regardless. It may be set at any time.
 */
void rustls_connection_set_buffer_limit(struct rustls_connection *conn, size_t n);

/* ---- Choosing a server's config ----------------------------------------------------------- */

/**
 * An acceptor, for servers whose config depends on the client: read with rustls_acceptor_read_tls
 * until rustls_acceptor_accept gives a rustls_accepted, look at it, choose, and make a connection
 * of it with rustls_accepted_into_connection. Free it with rustls_acceptor_free.
 */
struct rustls_acceptor *rustls_acceptor_new(void);

/**
 * Calls callback once for bytes from the network. Returns 0 with their number in *out_n, what
 * callback returned, EINVAL for a NULL argument, or EIO where a ClientHello was accepted already.
 */
rustls_io_result rustls_acceptor_read_tls(struct rustls_acceptor *acceptor,
                                          rustls_read_callback callback, void *userdata,
                                          size_t *out_n);

/**
 * Looks whether the ClientHello is complete. RUSTLS_RESULT_OK: it is, in *out_accepted, yours to be
 * freed with rustls_accepted_free. RUSTLS_RESULT_ACCEPTOR_NOT_READY: read more. Anything else: it
 * never will be, and *out_alert is what the client must be told, yours to be freed with
 * rustls_accepted_alert_free. The acceptor remains to be freed; it accepts once.
 */
rustls_result rustls_acceptor_accept(struct rustls_acceptor *acceptor,
                                     struct rustls_accepted **out_accepted,
                                     struct rustls_accepted_alert **out_alert);

/** Frees an acceptor, used or not. */
void rustls_acceptor_free(struct rustls_acceptor *acceptor);

/**
 * The name that the client asks for (SNI); empty where it sent none. Like what the next three
 * give, borrowed from accepted, and empty after rustls_accepted_into_connection.
 */
struct rustls_str rustls_accepted_server_name(const struct rustls_accepted *accepted);

/** The i-th signature scheme that the client can verify; 0 past the end. */
uint16_t rustls_accepted_signature_scheme(const struct rustls_accepted *accepted, size_t i);

/** The i-th cipher suite that the client offers; 0 past the end. */
uint16_t rustls_accepted_cipher_suite(const struct rustls_accepted *accepted, size_t i);

/** The i-th ALPN protocol that the client offers; past the end, len 0 and data that is not NULL. */
struct rustls_slice_bytes rustls_accepted_alpn(const struct rustls_accepted *accepted, size_t i);

/**
 * Makes a connection with that config, in *out_conn, and answers the ClientHello: the answer waits
 * for rustls_connection_write_tls. On an error, *out_alert is what the client must be told.
 * RUSTLS_RESULT_ALREADY_USED from the second call on, and then without an alert. accepted remains
 * to be freed.
 */
rustls_result rustls_accepted_into_connection(struct rustls_accepted *accepted,
                                              const struct rustls_server_config *config,
                                              struct rustls_connection **out_conn,
                                              struct rustls_accepted_alert **out_alert);

/** Frees it, used or not. */
void rustls_accepted_free(struct rustls_accepted *accepted);

/**
 * Calls callback once with what is left of the alert; how many bytes it took is in *out_n, 0 when
 * all is written. Returns 0, what callback returned, or EINVAL.
 */
rustls_io_result rustls_accepted_alert_write_tls(struct rustls_accepted_alert *accepted_alert,
                                                 rustls_write_callback callback, void *userdata,
                                                 size_t *out_n);

/** Frees an alert, written or not. */
void rustls_accepted_alert_free(struct rustls_accepted_alert *accepted_alert);

/* ---- Moving bytes ------------------------------------------------------------------------- */

/**
 * Calls callback once for bytes from the network, and keeps them for
 * rustls_connection_process_new_packets; their number is in *out_n. 0 bytes are the end of the
 * stream, which is remembered: rustls_connection_read reports it when all data has been read, and
 * the caller's loop must stop reading. Bytes that come after a close_notify are thrown away.
 *
 * Returns 0, what callback returned, EINVAL for a NULL argument, or EIO where it can take no more:
 * because 18,437 bytes wait to be processed, or more than 16 KiB of plaintext wait to be read.
 */
rustls_io_result rustls_connection_read_tls(struct rustls_connection *conn,
                                            rustls_read_callback callback, void *userdata,
                                            size_t *out_n);

/**
 * Works through the bytes that were read: takes the handshake on, decrypts application data for
 * rustls_connection_read, queues answers for rustls_connection_write_tls, and calls the callbacks
 * of the config. Call it after every rustls_connection_read_tls.
 *
 * An error ends the connection: every later call answers the same. The alert for the peer is
 * queued; galvan_connection_error_detail says more than the code does.
 */
rustls_result rustls_connection_process_new_packets(struct rustls_connection *conn);

/**
 * Calls callback once with the next bytes that are queued, at most one record; how many it took is
 * in *out_n. With nothing queued, 0 bytes, and no call. Go on while rustls_connection_wants_write.
 * Returns 0, what callback returned, or EINVAL.
 */
rustls_io_result rustls_connection_write_tls(struct rustls_connection *conn,
                                             rustls_write_callback callback, void *userdata,
                                             size_t *out_n);

/** The same with all that is queued at once, in an array of buffers. */
rustls_io_result rustls_connection_write_tls_vectored(struct rustls_connection *conn,
                                                      rustls_write_vectored_callback callback,
                                                      void *userdata, size_t *out_n);

/**
 * Whether bytes from the network are of use now. Not while messages of a handshake that goes on
 * wait to be written, nor while plaintext waits to be read, nor after the peer's close_notify, nor,
 * with the handshake over, after the end of its stream.
 */
bool rustls_connection_wants_read(const struct rustls_connection *conn);

/** Whether bytes are queued for the network. */
bool rustls_connection_wants_write(const struct rustls_connection *conn);

/**
 * Takes plaintext to be sent: how much is in *out_n, less than count where the buffer limit is
 * reached, and 0 where it is exhausted. Before the handshake is over it is kept, afterwards
 * encrypted at once, in records of at most 16 KiB of plaintext. With count 0, nothing happens.
 * After rustls_connection_send_close_notify nothing more reaches the peer's application.
 */
rustls_result rustls_connection_write(struct rustls_connection *conn, const uint8_t *buf,
                                      size_t count, size_t *out_n);

/**
 * Gives plaintext that was received: how much is in *out_n, from one record or several.
 *
 * RUSTLS_RESULT_OK with 0 bytes, where count is not 0: the peer closed its side in good order, and
 * nothing will follow. RUSTLS_RESULT_PLAINTEXT_EMPTY: nothing now, more may come.
 * RUSTLS_RESULT_UNEXPECTED_EOF: the stream ended without a close_notify, so that what was read may
 * have been cut short (RFC 9846 section 6.1).
 */
rustls_result rustls_connection_read(struct rustls_connection *conn, uint8_t *buf, size_t count,
                                     size_t *out_n);

/**
 * Says to the peer that nothing more will be sent: queues a close_notify (RFC 9846 section 6.1).
 * Reading goes on. A second call queues no second one.
 */
void rustls_connection_send_close_notify(struct rustls_connection *conn);

/**
 * Queues a KeyUpdate that changes the keys of both directions (RFC 9846 section 4.6.3), or, while an
 * earlier one has not been answered, the key of this direction alone. The library does the latter
 * by itself before a key is worn out. RUSTLS_RESULT_HANDSHAKE_NOT_COMPLETE before the handshake is
 * over, and in TLS 1.2, which has none.
 */
rustls_result rustls_connection_refresh_traffic_keys(struct rustls_connection *conn);

/* ---- Asking about a connection ------------------------------------------------------------ */

/**
 * Whether the handshake is not over yet. When it is, the last message of it may still wait to be
 * written.
 */
bool rustls_connection_is_handshaking(const struct rustls_connection *conn);

/** How the handshake goes; RUSTLS_HANDSHAKE_KIND_UNKNOWN until the hellos decided it. */
enum rustls_handshake_kind rustls_connection_handshake_kind(const struct rustls_connection *conn);

/** The version agreed on, 0x0303 or 0x0304; 0 until then. */
uint16_t rustls_connection_get_protocol_version(const struct rustls_connection *conn);

/** The suite agreed on, and its name, "TLS13_AES_256_GCM_SHA384"; 0 and "" until then. */
uint16_t rustls_connection_get_negotiated_ciphersuite(const struct rustls_connection *conn);
struct rustls_str rustls_connection_get_negotiated_ciphersuite_name(
    const struct rustls_connection *conn);

/**
 * The group of the key exchange, and its name ("X25519", "secp256r1"); 0 and "" until it is agreed
 * on, and in a TLS 1.2 handshake that resumes a session, which has none.
 */
uint16_t rustls_connection_get_negotiated_key_exchange_group(const struct rustls_connection *conn);
struct rustls_str rustls_connection_get_negotiated_key_exchange_group_name(
    const struct rustls_connection *conn);

/**
 * The ALPN protocol agreed on, in *protocol_out and *protocol_out_len; NULL and 0 where there is
 * none. It lives until the next call that can change the connection: one that takes it without
 * const.
 */
void rustls_connection_get_alpn_protocol(const struct rustls_connection *conn,
                                         const uint8_t **protocol_out, size_t *protocol_out_len);

/**
 * The i-th certificate that the peer showed, 0 its own; NULL past the end, or where it showed none.
 * A resumed session has those of the session that it resumes. Borrowed: it lives until the next
 * call that takes the connection without const.
 */
const struct rustls_certificate *rustls_connection_get_peer_certificate(
    const struct rustls_connection *conn, size_t i);

/**
 * At a server, the name that the client asked for (SNI, RFC 6066 section 3); empty where it sent
 * none, before its ClientHello was processed, and for a client's connection. It lives until the
 * next call that takes the connection without const.
 */
struct rustls_str rustls_server_connection_get_server_name(const struct rustls_connection *conn);

/** How many TLS 1.3 tickets a client's connection has received; 0 for a server's. */
uint32_t rustls_connection_get_tls13_tickets_received(const struct rustls_connection *conn);

/** What rustls_crypto_provider_fips says of its provider. */
bool rustls_connection_fips(const struct rustls_connection *conn);

#ifdef __cplusplus
}
#endif

#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#endif /* RUSTLS_H */
