/* Do the texts of results, and what counts as an error of a certificate, stay what programs know? */
#include "lib/api.h"

/* Numbers, not names: the header's values are held as well. */
/* clang-format off */
static const struct {
    unsigned int code;
    int is_cert_error;
    const char *text;
} facts[] = {
    {7000, 0, "OK"},
    {7001, 0, "I/O error"},
    {7002, 0, "a parameter was NULL"},
    {7003, 0, "server name was malformed (not a valid hostname or IP address)"},
    {7004, 0, "a Rust component panicked"},
    {7005, 0, "error parsing certificate"},
    {7006, 0, "error parsing private key"},
    {7007, 0, "provided buffer is of insufficient size"},
    {7008, 0, "the item was not found"},
    {7009, 0, "a parameter had an invalid value"},
    {7010, 0, "peer closed TCP connection without first closing TLS connection"},
    {7011, 0, "no plaintext available; call rustls_connection_read_tls again"},
    {7012, 0, "rustls_acceptor not ready yet; read more TLS bytes into it"},
    {7013, 0, "tried to use a rustls struct after it had been converted to another struct"},
    {7014, 0, "error parsing certificate revocation list (CRL)"},
    {7015, 0, "no server certificate verifier was configured on the client config builder"},
    {7016, 0, "no default process-wide crypto provider has been installed"},
    {7017, 0, "failed to get random bytes from the crypto provider"},
    {7018, 0, "no certificate resolver was configured"},
    {7019, 0, "an error occurred with the selected HPKE suite"},
    {7020, 0, "the client config builder specifies incompatible TLS versions for the requested feature"},
    {7101, 0, "peer sent no certificates"},
    {7102, 0, "cannot decrypt peer's message"},
    {7103, 0, "failed to get current time"},
    {7104, 0, "handshake not complete"},
    {7105, 0, "peer sent excess record size"},
    {7106, 0, "peer doesn't support any known protocol"},
    {7107, 0, "peer is incompatible"},
    {7108, 0, "peer misbehaved"},
    {7109, 0, "received unexpected message"},
    {7110, 0, "received unexpected handshake message"},
    {7112, 0, "general error"},
    {7113, 0, "failed to get random bytes"},
    {7114, 0, "the supplied max_fragment_size was too small or large"},
    {7115, 0, "presented server name type wasn't supported"},
    {7116, 0, "cannot encrypt message"},
    {7121, 1, "invalid peer certificate: BadEncoding"},
    {7122, 1, "invalid peer certificate: Expired"},
    {7123, 1, "invalid peer certificate: NotValidYet"},
    {7124, 1, "invalid peer certificate: Revoked"},
    {7125, 1, "invalid peer certificate: UnhandledCriticalExtension"},
    {7126, 1, "invalid peer certificate: UnknownIssuer"},
    {7127, 1, "invalid peer certificate: BadSignature"},
    {7128, 1, "invalid peer certificate: NotValidForName"},
    {7129, 1, "invalid peer certificate: InvalidPurpose"},
    {7130, 1, "invalid peer certificate: ApplicationVerificationFailure"},
    {7131, 1, "unknown certificate error"},
    {7133, 0, "received corrupt message of type HandshakePayloadTooLarge"},
    {7134, 0, "invalid change cipher spec (CCS) payload"},
    {7135, 0, "received corrupt message of type InvalidContentType"},
    {7136, 0, "received corrupt message of type InvalidCertificateStatusType"},
    {7137, 0, "invalid certificate request context"},
    {7138, 0, "peer's Diffie-Hellman (DH) parameters could not be decoded"},
    {7139, 0, "received corrupt message of type InvalidEmptyPayload"},
    {7140, 0, "received corrupt message of type InvalidKeyUpdate"},
    {7141, 0, "received corrupt message of type InvalidServerName"},
    {7142, 0, "received corrupt message of type MessageTooLarge"},
    {7143, 0, "received corrupt message of type MessageTooShort"},
    {7144, 0, "missing data for the named handshake payload value"},
    {7145, 0, "peer did not advertise supported key exchange groups"},
    {7146, 0, "peer sent an empty list of signature schemes"},
    {7147, 0, "trailing data found for the named handshake payload value"},
    {7148, 0, "peer sent unexpected message type"},
    {7149, 0, "received corrupt message of type UnknownProtocolVersion"},
    {7150, 0, "received corrupt message of type UnsupportedCompression"},
    {7151, 0, "received corrupt message of type UnsupportedCurveType"},
    {7152, 0, "peer sent an unsupported key exchange algorithm"},
    {7153, 0, "invalid message"},
    {7154, 1, "invalid peer certificate: UnknownRevocationStatus"},
    {7155, 0, "received corrupt message of type CertificatePayloadTooLarge"},
    {7156, 0, "invalid peer certificate: ExpiredRevocationList"},
    {7157, 0, "unsupported certificate signature algorithm"},
    {7200, 0, "received fatal alert: CloseNotify"},
    {7201, 0, "received fatal alert: UnexpectedMessage"},
    {7202, 0, "received fatal alert: BadRecordMac"},
    {7203, 0, "received fatal alert: DecryptionFailed"},
    {7204, 0, "received fatal alert: RecordOverflow"},
    {7205, 0, "received fatal alert: DecompressionFailure"},
    {7206, 0, "received fatal alert: HandshakeFailure"},
    {7207, 0, "received fatal alert: NoCertificate"},
    {7208, 0, "received fatal alert: BadCertificate"},
    {7209, 0, "received fatal alert: UnsupportedCertificate"},
    {7210, 0, "received fatal alert: CertificateRevoked"},
    {7211, 0, "received fatal alert: CertificateExpired"},
    {7212, 0, "received fatal alert: CertificateUnknown"},
    {7213, 0, "received fatal alert: IllegalParameter"},
    {7214, 0, "received fatal alert: UnknownCA"},
    {7215, 0, "received fatal alert: AccessDenied"},
    {7216, 0, "received fatal alert: DecodeError"},
    {7217, 0, "received fatal alert: DecryptError"},
    {7218, 0, "received fatal alert: ExportRestriction"},
    {7219, 0, "received fatal alert: ProtocolVersion"},
    {7220, 0, "received fatal alert: InsufficientSecurity"},
    {7221, 0, "received fatal alert: InternalError"},
    {7222, 0, "received fatal alert: InappropriateFallback"},
    {7223, 0, "received fatal alert: UserCanceled"},
    {7224, 0, "received fatal alert: NoRenegotiation"},
    {7225, 0, "received fatal alert: MissingExtension"},
    {7226, 0, "received fatal alert: UnsupportedExtension"},
    {7227, 0, "received fatal alert: CertificateUnobtainable"},
    {7228, 0, "received fatal alert: UnrecognisedName"},
    {7229, 0, "received fatal alert: BadCertificateStatusResponse"},
    {7230, 0, "received fatal alert: BadCertificateHashValue"},
    {7231, 0, "received fatal alert: UnknownPSKIdentity"},
    {7232, 0, "received fatal alert: CertificateRequired"},
    {7233, 0, "received fatal alert: NoApplicationProtocol"},
    {7234, 0, "received fatal alert: AlertDescription(0x0)"},
    {7400, 0, "invalid certificate revocation list: BadSignature"},
    {7401, 0, "invalid certificate revocation list: InvalidCrlNumber"},
    {7402, 0, "invalid certificate revocation list: InvalidRevokedCertSerialNumber"},
    {7403, 0, "invalid certificate revocation list: IssuerInvalidForCrl"},
    {7404, 0, "unknown certificate revocation list (CRL) error"},
    {7405, 0, "invalid certificate revocation list: ParseError"},
    {7406, 0, "invalid certificate revocation list: UnsupportedCrlVersion"},
    {7407, 0, "invalid certificate revocation list: UnsupportedCriticalExtension"},
    {7408, 0, "invalid certificate revocation list: UnsupportedDeltaCrl"},
    {7409, 0, "invalid certificate revocation list: UnsupportedIndirectCrl"},
    {7410, 0, "invalid certificate revocation list: UnsupportedRevocationReason"},
    {7411, 0, "unsupported CRL signature algorithm"},
    {7500, 0, "no root trust anchors provided"},
    {7600, 0, "keys may not be consistent: KeyMismatch"},
    {7601, 0, "keys may not be consistent: Unknown"},
    {7700, 0, "encrypted client hello failure: InvalidConfigList"},
    {7701, 0, "encrypted client hello failure: NoCompatibleConfig"},
    {7702, 0, "encrypted client hello failure: SniRequired"},
};
/* clang-format on */
enum { FACTS = sizeof facts / sizeof *facts };

static const char invalid[] = "a parameter had an invalid value";

static void has_every_code_its_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < FACTS; i++)
        assert_string_equal(test_error_text(facts[i].code), facts[i].text);
}

static void has_any_other_number_the_text_of_an_invalid_parameter(void **state)
{
    (void)state;
    size_t known = 0;
    for (unsigned int code = 0; code < 66000; code++) {
        while (known < FACTS && facts[known].code < code)
            known++;
        if (known == FACTS || facts[known].code != code)
            assert_string_equal(test_error_text(code), invalid);
    }
    assert_string_equal(test_error_text(~0u), invalid);
}

static void are_the_right_codes_errors_of_a_certificate(void **state)
{
    (void)state;
    for (size_t i = 0; i < FACTS; i++)
        assert_int_equal(rustls_result_is_cert_error(facts[i].code), facts[i].is_cert_error);
}

static void is_no_other_number_an_error_of_a_certificate(void **state)
{
    (void)state;
    assert_false(rustls_result_is_cert_error(0));
    assert_false(rustls_result_is_cert_error(7120));
    assert_false(rustls_result_is_cert_error(7132));
    assert_false(rustls_result_is_cert_error(~0u));
}

static void is_a_text_cut_to_the_buffer_without_a_nul(void **state)
{
    (void)state;
    char buf[] = "......";
    size_t n = 99;
    rustls_error(RUSTLS_RESULT_IO, buf, 3, &n);
    assert_int_equal(n, 3);
    assert_string_equal(buf, "I/O...");
}

static void is_a_whole_text_without_a_nul(void **state)
{
    (void)state;
    char buf[] = "......";
    size_t n = 99;
    rustls_error(RUSTLS_RESULT_OK, buf, 6, &n);
    assert_int_equal(n, 2);
    assert_string_equal(buf, "OK....");
}

static void is_nothing_written_into_no_room(void **state)
{
    (void)state;
    char buf[] = "..";
    size_t n = 99;
    rustls_error(RUSTLS_RESULT_OK, buf, 0, &n);
    assert_int_equal(n, 0);
    assert_string_equal(buf, "..");
}

static void is_nothing_done_with_a_null_pointer(void **state)
{
    (void)state;
    char buf[] = "..";
    size_t n = 99;
    rustls_error(RUSTLS_RESULT_OK, NULL, 2, &n);
    assert_int_equal(n, 99);
    rustls_error(RUSTLS_RESULT_OK, buf, 2, NULL);
    assert_string_equal(buf, "..");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_every_code_its_text),
        cmocka_unit_test(has_any_other_number_the_text_of_an_invalid_parameter),
        cmocka_unit_test(are_the_right_codes_errors_of_a_certificate),
        cmocka_unit_test(is_no_other_number_an_error_of_a_certificate),
        cmocka_unit_test(is_a_text_cut_to_the_buffer_without_a_nul),
        cmocka_unit_test(is_a_whole_text_without_a_nul),
        cmocka_unit_test(is_nothing_written_into_no_room),
        cmocka_unit_test(is_nothing_done_with_a_null_pointer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
