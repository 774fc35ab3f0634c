/* IANA numbers, each list once. Whoever needs a list as values, names or texts expands it. */
#ifndef GALVAN_WIRE_CODEPOINTS_H
#define GALVAN_WIRE_CODEPOINTS_H

#include <stdint.h>

/* RFC 9846 section 4.1.2, RFC 5246 section 6.2.1 */
enum { TLS10 = 0x0301, TLS12 = 0x0303, TLS13 = 0x0304 };

/* RFC 9846 section 5.1 */
enum content_type {
    CONTENT_CHANGE_CIPHER_SPEC = 20,
    CONTENT_ALERT = 21,
    CONTENT_HANDSHAKE = 22,
    CONTENT_APPLICATION_DATA = 23
};

enum { HANDSHAKE_HEADER = 4 }; /* msg_type and length, in bytes */

/* RFC 9846 section 4; the last three are no handshake types of the wire, but arrivals that the
 * handshake's table knows as messages. */
enum message_type {
    MSG_HELLO_REQUEST = 0,
    MSG_CLIENT_HELLO = 1,
    MSG_SERVER_HELLO = 2,
    MSG_NEW_SESSION_TICKET = 4,
    MSG_END_OF_EARLY_DATA = 5,
    MSG_ENCRYPTED_EXTENSIONS = 8,
    MSG_CERTIFICATE = 11,
    MSG_SERVER_KEY_EXCHANGE = 12,
    MSG_CERTIFICATE_REQUEST = 13,
    MSG_SERVER_HELLO_DONE = 14,
    MSG_CERTIFICATE_VERIFY = 15,
    MSG_CLIENT_KEY_EXCHANGE = 16,
    MSG_FINISHED = 20,
    MSG_CERTIFICATE_STATUS = 22,
    MSG_KEY_UPDATE = 24,
    MSG_COMPRESSED_CERTIFICATE = 25,
    MSG_MESSAGE_HASH = 254,
    MSG_HELLO_RETRY_REQUEST = 256,
    MSG_CHANGE_CIPHER_SPEC = 257,
    /* Our own: what comes from somebody who was asked here and answered "later". */
    MSG_SIGNATURE = 258,
    MSG_CERTIFIED_KEY = 259,
    MSG_SESSION = 260
};

/* RFC 9846 section 6 and the older registrations: X(name, code, name as it is spelled there) */
#define ALERTS(X)                                                                                  \
    X(CLOSE_NOTIFY, 0, "close_notify")                                                             \
    X(UNEXPECTED_MESSAGE, 10, "unexpected_message")                                                \
    X(BAD_RECORD_MAC, 20, "bad_record_mac")                                                        \
    X(DECRYPTION_FAILED, 21, "decryption_failed")                                                  \
    X(RECORD_OVERFLOW, 22, "record_overflow")                                                      \
    X(DECOMPRESSION_FAILURE, 30, "decompression_failure")                                          \
    X(HANDSHAKE_FAILURE, 40, "handshake_failure")                                                  \
    X(NO_CERTIFICATE, 41, "no_certificate")                                                        \
    X(BAD_CERTIFICATE, 42, "bad_certificate")                                                      \
    X(UNSUPPORTED_CERTIFICATE, 43, "unsupported_certificate")                                      \
    X(CERTIFICATE_REVOKED, 44, "certificate_revoked")                                              \
    X(CERTIFICATE_EXPIRED, 45, "certificate_expired")                                              \
    X(CERTIFICATE_UNKNOWN, 46, "certificate_unknown")                                              \
    X(ILLEGAL_PARAMETER, 47, "illegal_parameter")                                                  \
    X(UNKNOWN_CA, 48, "unknown_ca")                                                                \
    X(ACCESS_DENIED, 49, "access_denied")                                                          \
    X(DECODE_ERROR, 50, "decode_error")                                                            \
    X(DECRYPT_ERROR, 51, "decrypt_error")                                                          \
    X(EXPORT_RESTRICTION, 60, "export_restriction")                                                \
    X(PROTOCOL_VERSION, 70, "protocol_version")                                                    \
    X(INSUFFICIENT_SECURITY, 71, "insufficient_security")                                          \
    X(INTERNAL_ERROR, 80, "internal_error")                                                        \
    X(INAPPROPRIATE_FALLBACK, 86, "inappropriate_fallback")                                        \
    X(USER_CANCELED, 90, "user_canceled")                                                          \
    X(NO_RENEGOTIATION, 100, "no_renegotiation")                                                   \
    X(MISSING_EXTENSION, 109, "missing_extension")                                                 \
    X(UNSUPPORTED_EXTENSION, 110, "unsupported_extension")                                         \
    X(CERTIFICATE_UNOBTAINABLE, 111, "certificate_unobtainable")                                   \
    X(UNRECOGNISED_NAME, 112, "unrecognised_name")                                                 \
    X(BAD_CERTIFICATE_STATUS_RESPONSE, 113, "bad_certificate_status_response")                     \
    X(BAD_CERTIFICATE_HASH_VALUE, 114, "bad_certificate_hash_value")                               \
    X(UNKNOWN_PSK_IDENTITY, 115, "unknown_psk_identity")                                           \
    X(CERTIFICATE_REQUIRED, 116, "certificate_required")                                           \
    X(NO_APPLICATION_PROTOCOL, 120, "no_application_protocol")
/* Those that rustls.h has no result for. */
#define ALERTS_WITHOUT_RESULT(X) X(ECH_REQUIRED, 121, "ech_required")
enum alert {
#define X(name, code, text) ALERT_##name = (code),
    ALERTS(X) ALERTS_WITHOUT_RESULT(X)
#undef X
        ALERT_NONE = 255 /* of ours: nothing is sent */
};
enum { ALERT_LEVEL_WARNING = 1, ALERT_LEVEL_FATAL = 2 };

/* RFC 9846 appendix B.4, RFC 5289, RFC 7905 */
enum cipher_suite {
    SUITE_TLS_AES_128_GCM_SHA256 = 0x1301,
    SUITE_TLS_AES_256_GCM_SHA384 = 0x1302,
    SUITE_TLS_CHACHA20_POLY1305_SHA256 = 0x1303,
    SUITE_ECDHE_ECDSA_AES_128_GCM_SHA256 = 0xc02b,
    SUITE_ECDHE_ECDSA_AES_256_GCM_SHA384 = 0xc02c,
    SUITE_ECDHE_RSA_AES_128_GCM_SHA256 = 0xc02f,
    SUITE_ECDHE_RSA_AES_256_GCM_SHA384 = 0xc030,
    SUITE_ECDHE_RSA_CHACHA20_POLY1305_SHA256 = 0xcca8,
    SUITE_ECDHE_ECDSA_CHACHA20_POLY1305_SHA256 = 0xcca9,
    SUITE_EMPTY_RENEGOTIATION_INFO_SCSV = 0x00ff,
    SUITE_FALLBACK_SCSV = 0x5600
};

/* RFC 9846 section 4.2.7, RFC 10024: X(name, code, name as rustls spells it) */
#define NAMED_GROUPS(X)                                                                            \
    X(SECP256R1, 0x0017, "secp256r1")                                                              \
    X(SECP384R1, 0x0018, "secp384r1")                                                              \
    X(SECP521R1, 0x0019, "secp521r1")                                                              \
    X(X25519, 0x001d, "X25519")                                                                    \
    X(SECP256R1MLKEM768, 0x11eb, "secp256r1MLKEM768")                                              \
    X(X25519MLKEM768, 0x11ec, "X25519MLKEM768")                                                    \
    X(SECP384R1MLKEM1024, 0x11ed, "secp384r1MLKEM1024")
enum named_group {
#define X(name, code, text) GROUP_##name = (code),
    NAMED_GROUPS(X)
#undef X
};

/* RFC 9846 section 4.2.3: X(name, code, name as IANA spells it) */
#define SIGNATURE_SCHEMES(X)                                                                       \
    X(RSA_PKCS1_SHA256, 0x0401, "rsa_pkcs1_sha256")                                                \
    X(RSA_PKCS1_SHA384, 0x0501, "rsa_pkcs1_sha384")                                                \
    X(RSA_PKCS1_SHA512, 0x0601, "rsa_pkcs1_sha512")                                                \
    X(ECDSA_SECP256R1_SHA256, 0x0403, "ecdsa_secp256r1_sha256")                                    \
    X(ECDSA_SECP384R1_SHA384, 0x0503, "ecdsa_secp384r1_sha384")                                    \
    X(ECDSA_SECP521R1_SHA512, 0x0603, "ecdsa_secp521r1_sha512")                                    \
    X(RSA_PSS_RSAE_SHA256, 0x0804, "rsa_pss_rsae_sha256")                                          \
    X(RSA_PSS_RSAE_SHA384, 0x0805, "rsa_pss_rsae_sha384")                                          \
    X(RSA_PSS_RSAE_SHA512, 0x0806, "rsa_pss_rsae_sha512")                                          \
    X(ED25519, 0x0807, "ed25519")                                                                  \
    X(MLDSA44, 0x0904, "mldsa44")                                                                  \
    X(MLDSA65, 0x0905, "mldsa65")                                                                  \
    X(MLDSA87, 0x0906, "mldsa87")
enum signature_scheme {
#define X(name, code, text) SCHEME_##name = (code),
    SIGNATURE_SCHEMES(X)
#undef X
};

/* RFC 9180 section 7 */
enum hpke_kem_id { HPKE_DHKEM_P256 = 0x0010, HPKE_DHKEM_P384 = 0x0011, HPKE_DHKEM_X25519 = 0x0020 };
enum hpke_kdf_id { HPKE_HKDF_SHA256 = 1, HPKE_HKDF_SHA384 = 2, HPKE_HKDF_SHA512 = 3 };
enum hpke_aead_id { HPKE_AES_128_GCM = 1, HPKE_AES_256_GCM = 2, HPKE_CHACHA20_POLY1305 = 3 };

enum { PSK_MODE_DHE_KE = 1 };                                    /* RFC 9846 section 4.2.9 */
enum { KEY_UPDATE_NOT_REQUESTED = 0, KEY_UPDATE_REQUESTED = 1 }; /* section 4.6.3 */
enum { CERTIFICATE_STATUS_OCSP = 1 };                            /* RFC 6066 section 8 */
enum { NAME_TYPE_HOST = 0 };                                     /* RFC 6066 section 3 */
enum { CERT_COMPRESSION_ZLIB = 1, CERT_COMPRESSION_BROTLI = 2 }; /* RFC 8879 section 7.3 */

#endif
