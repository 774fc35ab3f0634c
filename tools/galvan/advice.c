/* Advice. The name of the failure is looked for first, then its result code, which for an alert of
 * the peer's is that of the alert; the first row that fits this end is the answer. */
#include "advice.h"

#include "tool.h"

#include <string.h>

enum { EITHER = ROLE_CLIENT | ROLE_SERVER };

/* clang-format off */
static const struct {
    const char *name;     /* of galvan_error_detail; NULL: the result decides */
    rustls_result result;
    int roles;
    const char *advice;
} rows[] = {
    /* our verdict on the peer's certificates */
    {"CERT_UNKNOWN_ISSUER", 0, ROLE_CLIENT, "if the authority that issued it is to be trusted, give its root with --ca FILE; if the server leaves out an intermediate certificate, its administrator must add it to the chain"},
    {"CERT_UNKNOWN_ISSUER", 0, ROLE_SERVER, "give the root of the authority that issued the client's certificate with --client-ca FILE, or have the client send its intermediate certificates too"},
    {"CERT_NAME_MISMATCH", 0, ROLE_CLIENT, "ask for one of the names in the certificate: as HOST, or with --servername NAME"},
    {"CERT_EXPIRED", 0, EITHER, "the certificate has to be renewed by whoever runs the other end; if its dates look right, check the clock of this machine (date)"},
    {"CERT_NOT_YET_VALID", 0, EITHER, "check the clock of this machine (date); if it is right, the certificate may only be used later"},
    {"CERT_BAD_VALIDITY", 0, EITHER, "the certificate was issued with its dates in the wrong order, and has to be issued again"},
    {"CERT_INVALID_PURPOSE", 0, ROLE_CLIENT, "the server needs a certificate whose extended key usage has server authentication"},
    {"CERT_INVALID_PURPOSE", 0, ROLE_SERVER, "the client needs a certificate whose extended key usage has client authentication"},
    {"CERT_CA_AS_LEAF", 0, EITHER, "the other end shows an authority's certificate as its own: it needs one that this authority issued"},
    {"CERT_SIGNATURE_ALGORITHM", 0, EITHER, "the certificate has to be issued again, signed with SHA-256 or better"},
    {"CERT_BAD_SIGNATURE", 0, EITHER, "a certificate in the chain is not what its issuer signed: the chain was put together wrongly, or somebody tampered with it"},
    {"CERT_CRITICAL_EXTENSION", 0, EITHER, "the certificate demands that something be understood which is not understood here: it has to be issued without"},
    {"CERT_REVOKED", 0, EITHER, "do not trust this peer: its certificate was withdrawn"},
    {NULL, RUSTLS_RESULT_CERT_ENCODING_BAD, EITHER, "the certificate is damaged: whoever runs the other end must install it again"},
    {NULL, RUSTLS_RESULT_CERT_OTHER_ERROR, EITHER, "the certificate was issued against the rules of RFC 5280: whoever runs the other end needs a correct one"},
    {NULL, RUSTLS_RESULT_CERT_UNSUPPORTED_SIGNATURE_ALGORITHM, EITHER, "the certificate has to be issued again, signed with an algorithm in use today"},

    /* nothing in common */
    {"RECORD_TYPE_UNKNOWN", 0, ROLE_CLIENT, "what answers at this port does not speak TLS: check the port (HTTPS is 443), and whether TLS begins only after some words of the protocol (STARTTLS)"},
    {"RECORD_TYPE_UNKNOWN", 0, ROLE_SERVER, "the client does not speak TLS: it may have used http:// where https:// is needed"},
    {"RECORD_VERSION_UNKNOWN", 0, EITHER, "the other end does not speak TLS, or a version of it that is long obsolete"},
    {"VERSION_NOT_SUPPORTED", 0, ROLE_CLIENT, "the server needs TLS 1.3: enable it there"},
    {"VERSION_NOT_SUPPORTED", 0, ROLE_SERVER, "the client needs TLS 1.3: update it, or enable that version there"},
    {"NO_SHARED_SUITE", 0, EITHER, "enable an AES-GCM or ChaCha20-Poly1305 suite at the other end"},
    {"NO_SHARED_GROUP", 0, EITHER, "enable X25519, secp256r1 or secp384r1 at the other end"},
    {"NO_SUITABLE_KEY", 0, ROLE_SERVER, "the client accepts no signature that these keys can make: add a --cert and --key of another kind (ECDSA P-256 suits nearly everybody)"},
    {"NO_SHARED_ALPN", 0, ROLE_CLIENT, "offer a protocol that the server has with --alpn, or leave it out"},
    {"NO_SHARED_ALPN", 0, ROLE_SERVER, "accept one of the client's protocols with --alpn"},
    {"BINDER_WRONG", 0, ROLE_SERVER, "the client has another key under that identity: compare what both have behind --psk"},
    {"PSK_UNKNOWN", 0, ROLE_SERVER, "give the client's identity and key with --psk NAME:KEY, or a certificate for those without one with --cert and --key; one side may import keys (--psk-import) and the other not"},
    {"PSK_MISSING", 0, ROLE_SERVER, "the client has to offer a pre-shared key, with a key exchange (psk_dhe_ke); or give a certificate for it with --cert and --key"},
    {"PSK_DECLINED", 0, ROLE_CLIENT, "the server does not know the identity of --psk, or speaks no suite for the key (SHA-256); to accept its certificate instead, give --ca FILE"},
    {"ECH_REJECTED", 0, ROLE_CLIENT, "the server has Encrypted Client Hello switched off now, and proved that it may say so: leave out --ech, if its name is no secret"},
    {"CLIENT_CERTIFICATE_MISSING", 0, ROLE_SERVER, "the client has to send a certificate; without --require-client-cert it may do without"},

    /* the peer's verdict on us */
    {NULL, RUSTLS_RESULT_ALERT_HANDSHAKE_FAILURE, ROLE_CLIENT, "the server shares no version, suite, group or signature with us, or wants a client certificate (--cert and --key): its log knows more"},
    {NULL, RUSTLS_RESULT_ALERT_HANDSHAKE_FAILURE, ROLE_SERVER, "the client shares no version, suite, group or signature with us: its log knows more"},
    {NULL, RUSTLS_RESULT_ALERT_PROTOCOL_VERSION, ROLE_CLIENT, "the server does not speak TLS 1.3: update it, or enable that version there"},
    {NULL, RUSTLS_RESULT_ALERT_PROTOCOL_VERSION, ROLE_SERVER, "the client does not speak TLS 1.3: update it"},
    {NULL, RUSTLS_RESULT_ALERT_UNKNOWN_PSK_IDENTITY, ROLE_CLIENT, "the server does not know the identity of --psk, or has imported its key with another context (--psk-import)"},
    {NULL, RUSTLS_RESULT_ALERT_UNRECOGNISED_NAME, ROLE_CLIENT, "the server has nothing under this name: check HOST or --servername"},
    {NULL, RUSTLS_RESULT_ALERT_NO_APPLICATION_PROTOCOL, ROLE_CLIENT, "offer a protocol that the server has with --alpn, or leave it out"},
    {NULL, RUSTLS_RESULT_ALERT_CERTIFICATE_REQUIRED, ROLE_CLIENT, "the server wants a client certificate: give one with --cert FILE and --key FILE"},
    {NULL, RUSTLS_RESULT_ALERT_UNKNOWN_CA, ROLE_CLIENT, "the server does not know the authority behind your certificate (--cert): use one that it trusts, and put its intermediate certificates into the file"},
    {NULL, RUSTLS_RESULT_ALERT_UNKNOWN_CA, ROLE_SERVER, "the client does not trust the authority behind --cert: give it the root, and put the intermediate certificates into the file of --cert"},
    {NULL, RUSTLS_RESULT_ALERT_BAD_CERTIFICATE, ROLE_CLIENT, "the server refuses your certificate (--cert): its log knows why"},
    {NULL, RUSTLS_RESULT_ALERT_BAD_CERTIFICATE, ROLE_SERVER, "the client refuses the certificate of --cert: perhaps it is not for the name that the client asked for"},
    {NULL, RUSTLS_RESULT_ALERT_CERTIFICATE_EXPIRED, EITHER, "renew the certificate of --cert, or check the clock of the other end"},
    {NULL, RUSTLS_RESULT_ALERT_CERTIFICATE_REVOKED, EITHER, "the certificate of --cert was withdrawn: use another"},
    {NULL, RUSTLS_RESULT_ALERT_CERTIFICATE_UNKNOWN, EITHER, "the other end refuses the certificate of --cert for a reason that it does not tell: its log knows more"},
    {NULL, RUSTLS_RESULT_ALERT_UNSUPPORTED_CERTIFICATE, EITHER, "the certificate of --cert is of a kind, or for a purpose, that the other end does not accept"},
    {NULL, RUSTLS_RESULT_ALERT_ACCESS_DENIED, EITHER, "the other end understood, and refuses: its log knows why"},
    {NULL, RUSTLS_RESULT_ALERT_USER_CANCELED, EITHER, "somebody stopped it at the other end"},
    {NULL, RUSTLS_RESULT_ALERT_DECRYPT_ERROR, EITHER, "the other end could not verify a signature: in the certificates of --cert (is one signed with SHA-1?), or of the handshake itself; or it has another key under the identity of --psk"},
    {NULL, RUSTLS_RESULT_ALERT_INTERNAL_ERROR, EITHER, "something broke at the other end: its log knows more"},

    /* on the way */
    {NULL, RUSTLS_RESULT_DECRYPT_ERROR, EITHER, "bytes were changed on the way, or the other end is faulty; try again, and from another network"},
    {NULL, RUSTLS_RESULT_FAILED_TO_GET_CURRENT_TIME, EITHER, "set the clock of this machine"},
};
/* clang-format on */

const char *advice_for(const struct galvan_error_detail *failure, enum role role)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bool fits = rows[i].name == NULL ? rows[i].result == failure->result
                                         : strcmp(rows[i].name, failure->name) == 0;
        if (fits && (rows[i].roles & (int)role) != 0)
            return rows[i].advice;
    }
    if (failure->result >= RUSTLS_RESULT_ALERT_CLOSE_NOTIFY &&
        failure->result <= RUSTLS_RESULT_ALERT_UNKNOWN)
        return "the other end found a fault in what we sent: its log knows more, and if it is "
               "right, please report it";
    return "the other end, or something on the way, does not keep to the protocol: try another "
           "network, and tell whoever runs it";
}
