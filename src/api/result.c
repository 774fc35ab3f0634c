/* Results: what the library's errors are called in rustls.h, and their texts, which programs and
 * tests compare and which therefore are rustls-ffi's to the letter. Decides nothing else. */
#include "api/result.h"

#include "base/span.h"
#include "rustls.h"
#include "wire/codepoints.h"

static const uint16_t results[GV_ERR_COUNT] = {
    [GV_OK] = RUSTLS_RESULT_OK,
#define GV_ERROR(name, alert, result, text) [GV_E_##name] = RUSTLS_RESULT_##result,
#include "base/error.def"
#undef GV_ERROR
};

uint32_t gv_api_result(enum gv_err err)
{
    return results[err];
}

uint32_t gv_api_alert_result(uint8_t alert)
{
    switch (alert) {
#define X(name, code, text)                                                                        \
    case code:                                                                                     \
        return RUSTLS_RESULT_ALERT_##name;
        ALERTS(X)
#undef X
    default:
        return RUSTLS_RESULT_ALERT_UNKNOWN;
    }
}

/* clang-format off */
static const struct {
    uint16_t code;
    const char *text;
} texts[] = {
    {RUSTLS_RESULT_INVALID_PARAMETER, "a parameter had an invalid value"}, /* [0]: any other too */
    {RUSTLS_RESULT_OK, "OK"},
    {RUSTLS_RESULT_IO, "I/O error"},
    {RUSTLS_RESULT_NULL_PARAMETER, "a parameter was NULL"},
    {RUSTLS_RESULT_INVALID_DNS_NAME_ERROR, "server name was malformed (not a valid hostname or IP address)"},
    {RUSTLS_RESULT_PANIC, "a Rust component panicked"},
    {RUSTLS_RESULT_CERTIFICATE_PARSE_ERROR, "error parsing certificate"},
    {RUSTLS_RESULT_PRIVATE_KEY_PARSE_ERROR, "error parsing private key"},
    {RUSTLS_RESULT_INSUFFICIENT_SIZE, "provided buffer is of insufficient size"},
    {RUSTLS_RESULT_NOT_FOUND, "the item was not found"},
    {RUSTLS_RESULT_UNEXPECTED_EOF, "peer closed TCP connection without first closing TLS connection"},
    {RUSTLS_RESULT_PLAINTEXT_EMPTY, "no plaintext available; call rustls_connection_read_tls again"},
    {RUSTLS_RESULT_ACCEPTOR_NOT_READY, "rustls_acceptor not ready yet; read more TLS bytes into it"},
    {RUSTLS_RESULT_ALREADY_USED, "tried to use a rustls struct after it had been converted to another struct"},
    {RUSTLS_RESULT_CERTIFICATE_REVOCATION_LIST_PARSE_ERROR, "error parsing certificate revocation list (CRL)"},
    {RUSTLS_RESULT_NO_SERVER_CERT_VERIFIER, "no server certificate verifier was configured on the client config builder"},
    {RUSTLS_RESULT_NO_DEFAULT_CRYPTO_PROVIDER, "no default process-wide crypto provider has been installed"},
    {RUSTLS_RESULT_GET_RANDOM_FAILED, "failed to get random bytes from the crypto provider"},
    {RUSTLS_RESULT_NO_CERT_RESOLVER, "no certificate resolver was configured"},
    {RUSTLS_RESULT_HPKE_ERROR, "an error occurred with the selected HPKE suite"},
    {RUSTLS_RESULT_BUILDER_INCOMPATIBLE_TLS_VERSIONS,
     "the client config builder specifies incompatible TLS versions for the requested feature"},

    {RUSTLS_RESULT_NO_CERTIFICATES_PRESENTED, "peer sent no certificates"},
    {RUSTLS_RESULT_DECRYPT_ERROR, "cannot decrypt peer's message"},
    {RUSTLS_RESULT_FAILED_TO_GET_CURRENT_TIME, "failed to get current time"},
    {RUSTLS_RESULT_HANDSHAKE_NOT_COMPLETE, "handshake not complete"},
    {RUSTLS_RESULT_PEER_SENT_OVERSIZED_RECORD, "peer sent excess record size"},
    {RUSTLS_RESULT_NO_APPLICATION_PROTOCOL, "peer doesn't support any known protocol"},
    {RUSTLS_RESULT_PEER_INCOMPATIBLE_ERROR, "peer is incompatible"},
    {RUSTLS_RESULT_PEER_MISBEHAVED_ERROR, "peer misbehaved"},
    {RUSTLS_RESULT_INAPPROPRIATE_MESSAGE, "received unexpected message"},
    {RUSTLS_RESULT_INAPPROPRIATE_HANDSHAKE_MESSAGE, "received unexpected handshake message"},
    {RUSTLS_RESULT_GENERAL, "general error"},
    {RUSTLS_RESULT_FAILED_TO_GET_RANDOM_BYTES, "failed to get random bytes"},
    {RUSTLS_RESULT_BAD_MAX_FRAGMENT_SIZE, "the supplied max_fragment_size was too small or large"},
    {RUSTLS_RESULT_UNSUPPORTED_NAME_TYPE, "presented server name type wasn't supported"},
    {RUSTLS_RESULT_ENCRYPT_ERROR, "cannot encrypt message"},

#define CERT(name, text) {RUSTLS_RESULT_CERT_##name, "invalid peer certificate: " text}
    CERT(ENCODING_BAD, "BadEncoding"),
    CERT(EXPIRED, "Expired"),
    CERT(NOT_YET_VALID, "NotValidYet"),
    CERT(REVOKED, "Revoked"),
    CERT(UNHANDLED_CRITICAL_EXTENSION, "UnhandledCriticalExtension"),
    CERT(UNKNOWN_ISSUER, "UnknownIssuer"),
    CERT(BAD_SIGNATURE, "BadSignature"),
    CERT(NOT_VALID_FOR_NAME, "NotValidForName"),
    CERT(INVALID_PURPOSE, "InvalidPurpose"),
    CERT(APPLICATION_VERIFICATION_FAILURE, "ApplicationVerificationFailure"),
    {RUSTLS_RESULT_CERT_OTHER_ERROR, "unknown certificate error"},
    CERT(UNKNOWN_REVOCATION_STATUS, "UnknownRevocationStatus"),
    CERT(EXPIRED_REVOCATION_LIST, "ExpiredRevocationList"),
    {RUSTLS_RESULT_CERT_UNSUPPORTED_SIGNATURE_ALGORITHM, "unsupported certificate signature algorithm"},
#undef CERT

#define CORRUPT(name, text) {RUSTLS_RESULT_MESSAGE_##name, "received corrupt message of type " text}
    CORRUPT(HANDSHAKE_PAYLOAD_TOO_LARGE, "HandshakePayloadTooLarge"),
    {RUSTLS_RESULT_MESSAGE_INVALID_CCS, "invalid change cipher spec (CCS) payload"},
    CORRUPT(INVALID_CONTENT_TYPE, "InvalidContentType"),
    CORRUPT(INVALID_CERT_STATUS_TYPE, "InvalidCertificateStatusType"),
    {RUSTLS_RESULT_MESSAGE_INVALID_CERT_REQUEST, "invalid certificate request context"},
    {RUSTLS_RESULT_MESSAGE_INVALID_DH_PARAMS, "peer's Diffie-Hellman (DH) parameters could not be decoded"},
    CORRUPT(INVALID_EMPTY_PAYLOAD, "InvalidEmptyPayload"),
    CORRUPT(INVALID_KEY_UPDATE, "InvalidKeyUpdate"),
    CORRUPT(INVALID_SERVER_NAME, "InvalidServerName"),
    CORRUPT(TOO_LARGE, "MessageTooLarge"),
    CORRUPT(TOO_SHORT, "MessageTooShort"),
    {RUSTLS_RESULT_MESSAGE_MISSING_DATA, "missing data for the named handshake payload value"},
    {RUSTLS_RESULT_MESSAGE_MISSING_KEY_EXCHANGE, "peer did not advertise supported key exchange groups"},
    {RUSTLS_RESULT_MESSAGE_NO_SIGNATURE_SCHEMES, "peer sent an empty list of signature schemes"},
    {RUSTLS_RESULT_MESSAGE_TRAILING_DATA, "trailing data found for the named handshake payload value"},
    {RUSTLS_RESULT_MESSAGE_UNEXPECTED_MESSAGE, "peer sent unexpected message type"},
    CORRUPT(UNKNOWN_PROTOCOL_VERSION, "UnknownProtocolVersion"),
    CORRUPT(UNSUPPORTED_COMPRESSION, "UnsupportedCompression"),
    CORRUPT(UNSUPPORTED_CURVE_TYPE, "UnsupportedCurveType"),
    {RUSTLS_RESULT_MESSAGE_UNSUPPORTED_KEY_EXCHANGE_ALGORITHM, "peer sent an unsupported key exchange algorithm"},
    {RUSTLS_RESULT_MESSAGE_INVALID_OTHER, "invalid message"},
    CORRUPT(CERTIFICATE_PAYLOAD_TOO_LARGE, "CertificatePayloadTooLarge"),
#undef CORRUPT

#define ALERT(name, text) {RUSTLS_RESULT_ALERT_##name, "received fatal alert: " text}
    ALERT(CLOSE_NOTIFY, "CloseNotify"),
    ALERT(UNEXPECTED_MESSAGE, "UnexpectedMessage"),
    ALERT(BAD_RECORD_MAC, "BadRecordMac"),
    ALERT(DECRYPTION_FAILED, "DecryptionFailed"),
    ALERT(RECORD_OVERFLOW, "RecordOverflow"),
    ALERT(DECOMPRESSION_FAILURE, "DecompressionFailure"),
    ALERT(HANDSHAKE_FAILURE, "HandshakeFailure"),
    ALERT(NO_CERTIFICATE, "NoCertificate"),
    ALERT(BAD_CERTIFICATE, "BadCertificate"),
    ALERT(UNSUPPORTED_CERTIFICATE, "UnsupportedCertificate"),
    ALERT(CERTIFICATE_REVOKED, "CertificateRevoked"),
    ALERT(CERTIFICATE_EXPIRED, "CertificateExpired"),
    ALERT(CERTIFICATE_UNKNOWN, "CertificateUnknown"),
    ALERT(ILLEGAL_PARAMETER, "IllegalParameter"),
    ALERT(UNKNOWN_CA, "UnknownCA"),
    ALERT(ACCESS_DENIED, "AccessDenied"),
    ALERT(DECODE_ERROR, "DecodeError"),
    ALERT(DECRYPT_ERROR, "DecryptError"),
    ALERT(EXPORT_RESTRICTION, "ExportRestriction"),
    ALERT(PROTOCOL_VERSION, "ProtocolVersion"),
    ALERT(INSUFFICIENT_SECURITY, "InsufficientSecurity"),
    ALERT(INTERNAL_ERROR, "InternalError"),
    ALERT(INAPPROPRIATE_FALLBACK, "InappropriateFallback"),
    ALERT(USER_CANCELED, "UserCanceled"),
    ALERT(NO_RENEGOTIATION, "NoRenegotiation"),
    ALERT(MISSING_EXTENSION, "MissingExtension"),
    ALERT(UNSUPPORTED_EXTENSION, "UnsupportedExtension"),
    ALERT(CERTIFICATE_UNOBTAINABLE, "CertificateUnobtainable"),
    ALERT(UNRECOGNISED_NAME, "UnrecognisedName"),
    ALERT(BAD_CERTIFICATE_STATUS_RESPONSE, "BadCertificateStatusResponse"),
    ALERT(BAD_CERTIFICATE_HASH_VALUE, "BadCertificateHashValue"),
    ALERT(UNKNOWN_PSK_IDENTITY, "UnknownPSKIdentity"),
    ALERT(CERTIFICATE_REQUIRED, "CertificateRequired"),
    ALERT(NO_APPLICATION_PROTOCOL, "NoApplicationProtocol"),
    ALERT(UNKNOWN, "AlertDescription(0x0)"),
#undef ALERT

#define CRL(name, text) {RUSTLS_RESULT_CERT_REVOCATION_LIST_##name, "invalid certificate revocation list: " text}
    CRL(BAD_SIGNATURE, "BadSignature"),
    CRL(INVALID_CRL_NUMBER, "InvalidCrlNumber"),
    CRL(INVALID_REVOKED_CERT_SERIAL_NUMBER, "InvalidRevokedCertSerialNumber"),
    CRL(ISSUER_INVALID_FOR_CRL, "IssuerInvalidForCrl"),
    {RUSTLS_RESULT_CERT_REVOCATION_LIST_OTHER_ERROR, "unknown certificate revocation list (CRL) error"},
    CRL(PARSE_ERROR, "ParseError"),
    CRL(UNSUPPORTED_CRL_VERSION, "UnsupportedCrlVersion"),
    CRL(UNSUPPORTED_CRITICAL_EXTENSION, "UnsupportedCriticalExtension"),
    CRL(UNSUPPORTED_DELTA_CRL, "UnsupportedDeltaCrl"),
    CRL(UNSUPPORTED_INDIRECT_CRL, "UnsupportedIndirectCrl"),
    CRL(UNSUPPORTED_REVOCATION_REASON, "UnsupportedRevocationReason"),
    {RUSTLS_RESULT_CERT_REVOCATION_LIST_UNSUPPORTED_SIGNATURE_ALGORITHM, "unsupported CRL signature algorithm"},
#undef CRL

    {RUSTLS_RESULT_CLIENT_CERT_VERIFIER_BUILDER_NO_ROOT_ANCHORS, "no root trust anchors provided"},
    {RUSTLS_RESULT_INCONSISTENT_KEYS_KEYS_MISMATCH, "keys may not be consistent: KeyMismatch"},
    {RUSTLS_RESULT_INCONSISTENT_KEYS_UNKNOWN, "keys may not be consistent: Unknown"},
    {RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_INVALID_CONFIG_LIST, "encrypted client hello failure: InvalidConfigList"},
    {RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_NO_COMPATIBLE_CONFIG, "encrypted client hello failure: NoCompatibleConfig"},
    {RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_SNI_REQUIRED, "encrypted client hello failure: SniRequired"},
};
/* clang-format on */

static const char *text_of(unsigned int code)
{
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (texts[i].code == code)
            return texts[i].text;
    return texts[0].text;
}

void rustls_error(unsigned int result, char *buf, size_t len, size_t *out_n)
{
    if (buf == NULL || out_n == NULL)
        return;
    struct span text = span_str(text_of(result));
    size_t n = len < text.len ? len : text.len;
    memcpy(buf, text.at, n);
    *out_n = n;
}

bool rustls_result_is_cert_error(unsigned int result)
{
    return (result >= RUSTLS_RESULT_CERT_ENCODING_BAD &&
            result <= RUSTLS_RESULT_CERT_OTHER_ERROR) ||
           result == RUSTLS_RESULT_CERT_UNKNOWN_REVOCATION_STATUS;
}
