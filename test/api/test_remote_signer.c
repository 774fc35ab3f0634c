/* Keys that are elsewhere: signed at once, signed later, not signed at all; in both versions and
 * both roles. */
#include "galvan.h"
#include "lib/pair.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>

enum manner { AT_ONCE, LATER, REFUSING, NONSENSE };

struct signer {
    EVP_PKEY *key;
    enum manner manner;
    uint8_t signature[1024];
    size_t len;
    unsigned asked, freed;
    void *userdata;
};

static void sign(struct signer *s, struct rustls_slice_bytes message)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    s->len = sizeof s->signature;
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, s->key), 1);
    assert_int_equal(EVP_DigestSign(ctx, s->signature, &s->len, message.data, message.len), 1);
    EVP_MD_CTX_free(ctx);
}

static uint32_t asked(void *context, struct galvan_sign_request *request)
{
    struct signer *s = context;

    s->asked++;
    s->userdata = request->userdata;
    assert_int_equal(request->scheme, 0x0403);
    if (s->manner == REFUSING)
        return RUSTLS_RESULT_GENERAL;
    sign(s, request->message);
    if (s->manner == LATER)
        return GALVAN_PENDING;
    assert_true(s->len <= request->signature_cap);
    memcpy(request->signature, s->signature, s->len);
    request->signature_len = s->manner == NONSENSE ? request->signature_cap + 1 : s->len;
    return RUSTLS_RESULT_OK;
}

static void freed(void *context)
{
    ((struct signer *)context)->freed++;
}

static void open_signer(struct signer *s, enum manner manner)
{
    FILE *f = fopen(TEST_DIR "/certs/p256.key", "r");

    assert_non_null(f);
    *s = (struct signer){.key = PEM_read_PrivateKey(f, NULL, NULL, NULL), .manner = manner};
    fclose(f);
    assert_non_null(s->key);
}

static const struct rustls_certified_key *remote_key(struct signer *s)
{
    static const uint16_t schemes[] = {0x0403};
    const struct galvan_signer signer = {
        .schemes = schemes, .schemes_len = 1, .sign = asked, .free_context = freed, .context = s};
    const struct rustls_certified_key *out = NULL;
    struct rustls_signing_key *key = NULL;
    struct file pem = test_file("certs/p256.pem");

    assert_ok(galvan_signing_key_new(&signer, &key));
    assert_ok(rustls_certified_key_build_with_signing_key(pem.data, pem.len, key, &out));
    free(pem.data);
    return out;
}

static struct pair *pair_with(struct signer *s, uint16_t version)
{
    struct rustls_server_config_builder *server = test_server_builder_of("p256", version);
    const struct rustls_certified_key *key = remote_key(s);

    assert_ok(rustls_server_config_builder_set_certified_keys(server, &key, 1));
    rustls_certified_key_free(key);
    return pair_new(test_client_builder_of("ca", version), "localhost", server);
}

static const uint16_t versions[] = {0x0304, 0x0303};

static void does_a_signer_serve_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct signer s;
        int mark = 0;
        open_signer(&s, AT_ONCE);
        struct pair *p = pair_with(&s, versions[i]);
        rustls_connection_set_userdata(p->server, &mark);
        pair_run(p);
        assert_ok(p->client_result);
        assert_ok(p->server_result);
        assert_false(rustls_connection_is_handshaking(p->server));
        assert_int_equal(s.asked, 1);
        assert_ptr_equal(s.userdata, &mark);
        pair_free(p);
        assert_int_equal(s.freed, 1);
        EVP_PKEY_free(s.key);
    }
}

static void does_a_connection_wait_for_its_signature(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct signer s;
        open_signer(&s, LATER);
        struct pair *p = pair_with(&s, versions[i]);
        pair_run(p);
        assert_ok(p->server_result);
        assert_true(galvan_connection_is_pending(p->server));
        assert_state(p->server, 0, 0, 1);
        assert_ok(rustls_connection_process_new_packets(p->server));
        assert_true(galvan_connection_is_pending(p->server));
        assert_ok(galvan_connection_set_signature(p->server, s.signature, s.len));
        assert_false(galvan_connection_is_pending(p->server));
        pair_run(p);
        assert_ok(p->client_result);
        assert_ok(p->server_result);
        pair_say(p->client, "ping");
        pair_run(p);
        assert_hears(p->server, "ping");
        assert_result(galvan_connection_set_signature(p->server, s.signature, s.len),
                      RUSTLS_RESULT_INVALID_PARAMETER);
        pair_free(p);
        EVP_PKEY_free(s.key);
    }
}

/* A ClientHello that was accepted beforehand is answered as far as the signature. */
static void does_an_accepted_connection_wait_for_its_signature(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct rustls_server_config_builder *b = test_server_builder_of("p256", versions[i]);
        struct rustls_acceptor *acceptor = rustls_acceptor_new();
        struct rustls_accepted *accepted = NULL;
        struct rustls_accepted_alert *alert = NULL;
        struct signer s;
        size_t n = 0;
        open_signer(&s, LATER);
        const struct rustls_certified_key *key = remote_key(&s);
        assert_ok(rustls_server_config_builder_set_certified_keys(b, &key, 1));
        rustls_certified_key_free(key);
        const struct rustls_server_config *config = test_server_config(b);
        struct pair *p = pair_of(versions[i]);
        rustls_connection_free(p->server);
        pair_flush(p->client, &p->to_server);
        assert_int_equal(rustls_acceptor_read_tls(acceptor, wire_read, &p->to_server, &n), 0);
        assert_ok(rustls_acceptor_accept(acceptor, &accepted, &alert));
        assert_ok(rustls_accepted_into_connection(accepted, config, &p->server, &alert));
        assert_true(galvan_connection_is_pending(p->server));
        assert_state(p->server, 0, 0, 1);
        assert_ok(galvan_connection_set_signature(p->server, s.signature, s.len));
        pair_run(p);
        assert_ok(p->client_result);
        assert_ok(p->server_result);
        assert_false(rustls_connection_is_handshaking(p->server));
        rustls_accepted_free(accepted);
        rustls_acceptor_free(acceptor);
        rustls_server_config_free(config);
        pair_free(p);
        EVP_PKEY_free(s.key);
    }
}

static struct pair *pair_with_client(struct signer *s, uint16_t version)
{
    struct rustls_client_config_builder *client = test_client_builder_of("ca", version);
    struct rustls_server_config_builder *server = test_server_builder_of("p256", version);
    const struct rustls_root_cert_store *roots = test_roots("ca");
    struct rustls_web_pki_client_cert_verifier_builder *b =
        rustls_web_pki_client_cert_verifier_builder_new(roots);
    struct rustls_client_cert_verifier *verifier = NULL;
    struct file pem = test_file("certs/client.pem");
    static const uint16_t schemes[] = {0x0403};
    const struct galvan_signer signer = {
        .schemes = schemes, .schemes_len = 1, .sign = asked, .free_context = freed, .context = s};
    const struct rustls_certified_key *key = NULL;
    struct rustls_signing_key *signing = NULL;
    FILE *f = fopen(TEST_DIR "/certs/client.key", "r");

    assert_non_null(f);
    EVP_PKEY_free(s->key);
    s->key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
    fclose(f);
    assert_ok(rustls_web_pki_client_cert_verifier_builder_build(b, &verifier));
    rustls_web_pki_client_cert_verifier_builder_free(b);
    rustls_server_config_builder_set_client_verifier(server, verifier);
    rustls_client_cert_verifier_free(verifier);
    rustls_root_cert_store_free(roots);
    assert_ok(galvan_signing_key_new(&signer, &signing));
    assert_ok(rustls_certified_key_build_with_signing_key(pem.data, pem.len, signing, &key));
    assert_ok(rustls_client_config_builder_set_certified_key(client, &key, 1));
    rustls_certified_key_free(key);
    free(pem.data);
    return pair_new(client, "localhost", server);
}

static void does_a_client_wait_for_its_signature(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct signer s;
        open_signer(&s, LATER);
        struct pair *p = pair_with_client(&s, versions[i]);
        pair_say(p->client, "written before");
        pair_run(p);
        assert_ok(p->client_result);
        assert_true(galvan_connection_is_pending(p->client));
        assert_state(p->client, 0, 0, 1);
        assert_ok(galvan_connection_set_signature(p->client, s.signature, s.len));
        pair_run(p);
        assert_ok(p->client_result);
        assert_ok(p->server_result);
        assert_non_null(rustls_connection_get_peer_certificate(p->server, 0));
        assert_hears(p->server, "written before");
        pair_free(p);
        EVP_PKEY_free(s.key);
    }
}

static void does_a_refusal_end_the_handshake(void **state)
{
    (void)state;
    static const enum manner bad[] = {REFUSING, NONSENSE};

    for (size_t i = 0; i < 4; i++) {
        struct signer s;
        open_signer(&s, bad[i / 2]);
        struct pair *p = pair_with(&s, versions[i % 2]);
        pair_run(p);
        assert_result(p->server_result, RUSTLS_RESULT_GENERAL);
        assert_result(p->client_result, RUSTLS_RESULT_ALERT_INTERNAL_ERROR);
        pair_free(p);
        EVP_PKEY_free(s.key);
    }
}

static void does_no_signature_end_the_handshake(void **state)
{
    (void)state;
    struct signer s;

    open_signer(&s, LATER);
    struct pair *p = pair_with(&s, 0x0304);
    pair_run(p);
    assert_result(galvan_connection_set_signature(p->server, NULL, 0), RUSTLS_RESULT_GENERAL);
    pair_run(p);
    assert_result(p->client_result, RUSTLS_RESULT_ALERT_INTERNAL_ERROR);
    pair_free(p);
    EVP_PKEY_free(s.key);
}

static void is_a_wrong_signature_noticed_by_the_peer(void **state)
{
    (void)state;
    struct signer s;

    open_signer(&s, LATER);
    struct pair *p = pair_with(&s, 0x0304);
    pair_run(p);
    s.signature[s.len - 1] ^= 1;
    assert_ok(galvan_connection_set_signature(p->server, s.signature, s.len));
    pair_run(p);
    assert_result(p->server_result, RUSTLS_RESULT_ALERT_DECRYPT_ERROR);
    pair_free(p);
    EVP_PKEY_free(s.key);
}

static void are_wrong_parameters_refused(void **state)
{
    (void)state;
    static const uint16_t schemes[7] = {0x0403};
    struct galvan_signer signer = {.schemes = schemes, .schemes_len = 7, .sign = asked};
    struct rustls_signing_key *key = NULL;

    assert_result(galvan_signing_key_new(NULL, &key), RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(galvan_signing_key_new(&signer, NULL), RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(galvan_signing_key_new(&signer, &key), RUSTLS_RESULT_INVALID_PARAMETER);
    signer.schemes_len = 0;
    assert_result(galvan_signing_key_new(&signer, &key), RUSTLS_RESULT_INVALID_PARAMETER);
    signer.schemes_len = 1;
    signer.sign = NULL;
    assert_result(galvan_signing_key_new(&signer, &key), RUSTLS_RESULT_NULL_PARAMETER);
    assert_false(galvan_connection_is_pending(NULL));
    assert_result(galvan_connection_set_signature(NULL, NULL, 0), RUSTLS_RESULT_NULL_PARAMETER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_a_signer_serve_at_once),
        cmocka_unit_test(does_a_connection_wait_for_its_signature),
        cmocka_unit_test(does_an_accepted_connection_wait_for_its_signature),
        cmocka_unit_test(does_a_client_wait_for_its_signature),
        cmocka_unit_test(does_a_refusal_end_the_handshake),
        cmocka_unit_test(does_no_signature_end_the_handshake),
        cmocka_unit_test(is_a_wrong_signature_noticed_by_the_peer),
        cmocka_unit_test(are_wrong_parameters_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
