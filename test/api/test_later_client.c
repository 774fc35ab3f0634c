/* A client's certificate that the application chooses, in both versions: at once, later, none, with a
 * key that signs later too; what the question tells; and what comes of a choice that fails. */
#include "lib/application.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>

static const uint16_t versions[] = {0x0304, 0x0303};

/* What the callbacks of a client's connection see as userdata. */
struct chooser {
    enum manner manner;
    const struct rustls_certified_key *key;
    unsigned asked;
    uint16_t schemes[32];
    size_t schemes_len, authorities;
    uint8_t authority[256];
    size_t authority_len;
};

static uint32_t choose(void *userdata, const struct galvan_certificate_request *request,
                       const struct rustls_certified_key **out)
{
    struct chooser *c = userdata;
    const struct rustls_slice_u16 schemes = request->signature_schemes;

    c->asked++;
    assert_null(*out);
    assert_true(schemes.len <= 32);
    memcpy(c->schemes, schemes.data, schemes.len * sizeof *schemes.data);
    c->schemes_len = schemes.len;
    c->authorities = rustls_slice_slice_bytes_len(request->authorities);
    struct rustls_slice_bytes first = rustls_slice_slice_bytes_get(request->authorities, 0);
    assert_true(first.len <= sizeof c->authority);
    if (first.len != 0)
        memcpy(c->authority, first.data, first.len);
    c->authority_len = first.len;
    if (c->manner == AT_ONCE)
        *out = c->key;
    if (c->manner == REFUSING)
        return RUSTLS_RESULT_GENERAL;
    return c->manner == LATER ? GALVAN_PENDING : RUSTLS_RESULT_OK;
}

/* ---- pairs ---------------------------------------------------------------------------------- */

static struct rustls_server_config_builder *verifying_server(uint16_t version, bool required)
{
    struct rustls_server_config_builder *server = test_server_builder_of("p256", version);
    const struct rustls_root_cert_store *roots = test_roots("ca");
    struct rustls_web_pki_client_cert_verifier_builder *b =
        rustls_web_pki_client_cert_verifier_builder_new(roots);
    struct rustls_client_cert_verifier *verifier = NULL;

    if (!required)
        assert_ok(rustls_web_pki_client_cert_verifier_builder_allow_unauthenticated(b));
    assert_ok(rustls_web_pki_client_cert_verifier_builder_build(b, &verifier));
    rustls_web_pki_client_cert_verifier_builder_free(b);
    rustls_server_config_builder_set_client_verifier(server, verifier);
    rustls_client_cert_verifier_free(verifier);
    rustls_root_cert_store_free(roots);
    return server;
}

static struct pair *pair_with(struct chooser *c, uint16_t version, bool required)
{
    struct rustls_client_config_builder *client = test_client_builder_of("ca", version);

    assert_ok(galvan_client_config_builder_set_certificate_callback(client, choose));
    struct pair *p = pair_new(client, "localhost", verifying_server(version, required));
    rustls_connection_set_userdata(p->client, c);
    pair_run(p);
    return p;
}

static void assert_met(struct pair *p, bool with_certificate)
{
    pair_run(p);
    assert_ok(p->client_result);
    assert_ok(p->server_result);
    assert_false(rustls_connection_is_handshaking(p->client));
    assert_false(rustls_connection_is_handshaking(p->server));
    assert_int_equal(rustls_connection_get_peer_certificate(p->server, 0) != NULL,
                     with_certificate);
}

/* ---- what it is shown ------------------------------------------------------------------------- */

static void is_a_certificate_chosen_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct chooser c = {.manner = AT_ONCE, .key = test_certified_key("client")};
        struct pair *p = pair_with(&c, versions[i], true);
        assert_met(p, true);
        assert_int_equal(c.asked, 1);
        rustls_certified_key_free(c.key);
        pair_free(p);
    }
}

static void does_the_question_tell_what_the_server_wants(void **state)
{
    (void)state;
    static const uint16_t wanted[] = {0x0503, 0x0403, 0x0603, 0x0807, 0x0806,
                                      0x0805, 0x0804, 0x0601, 0x0501, 0x0401};
    for (size_t i = 0; i < 2; i++) {
        struct chooser c = {.manner = NONE};
        struct pair *p = pair_with(&c, versions[i], false);
        assert_met(p, false);
        assert_int_equal(c.schemes_len, sizeof wanted / sizeof *wanted);
        assert_memory_equal(c.schemes, wanted, sizeof wanted);
        assert_int_equal(c.authorities, 1);
        assert_int_equal(c.authority[0], 0x30); /* a Name is a SEQUENCE */
        assert_int_equal(c.authority[1] + 2, c.authority_len);
        pair_free(p);
    }
}

static void is_nobody_asked_without_a_request(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct chooser c = {.manner = AT_ONCE};
        struct rustls_client_config_builder *client = test_client_builder_of("ca", versions[i]);
        assert_ok(galvan_client_config_builder_set_certificate_callback(client, choose));
        struct pair *p = pair_new(client, "localhost", test_server_builder_of("p256", versions[i]));
        rustls_connection_set_userdata(p->client, &c);
        assert_met(p, false);
        assert_int_equal(c.asked, 0);
        pair_free(p);
    }
}

/* A server that cannot prove who it is does not learn who we would be. */
static void is_nobody_asked_by_a_server_that_is_not_believed(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct chooser c = {.manner = AT_ONCE};
        struct rustls_client_config_builder *client =
            test_client_builder_of("other-ca", versions[i]);
        assert_ok(galvan_client_config_builder_set_certificate_callback(client, choose));
        struct pair *p = pair_new(client, "localhost", verifying_server(versions[i], true));
        rustls_connection_set_userdata(p->client, &c);
        pair_run(p);
        assert_result(p->client_result, RUSTLS_RESULT_CERT_UNKNOWN_ISSUER);
        assert_int_equal(c.asked, 0);
        pair_free(p);
    }
}

/* ---- later ------------------------------------------------------------------------------------ */

static void does_a_client_wait_for_its_certificate(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct chooser c = {.manner = LATER, .key = test_certified_key("client")};
        struct pair *p = pair_with(&c, versions[i], true);
        pair_say(p->client, "written before");
        assert_ok(p->client_result);
        assert_asks(p->client, GALVAN_QUESTION_CERTIFIED_KEY);
        assert_result(galvan_connection_set_signature(p->client, c.authority, 1),
                      RUSTLS_RESULT_INVALID_PARAMETER);
        assert_result(galvan_connection_set_session(p->client, c.authority, 1),
                      RUSTLS_RESULT_INVALID_PARAMETER);
        assert_ok(galvan_connection_set_certified_key(p->client, c.key));
        rustls_certified_key_free(c.key); /* the connection had its own hold on it */
        assert_result(galvan_connection_set_certified_key(p->client, NULL),
                      RUSTLS_RESULT_INVALID_PARAMETER);
        assert_met(p, true);
        assert_hears(p->server, "written before");
        pair_free(p);
    }
}

/* None is sent, and the server decides. */
static void does_a_client_go_on_without_a_certificate(void **state)
{
    (void)state;
    static const enum manner manners[] = {NONE, LATER};

    for (size_t i = 0; i < 8; i++) {
        struct chooser c = {.manner = manners[i / 4]};
        struct pair *p = pair_with(&c, versions[i % 2], i / 2 % 2 != 0);
        if (c.manner == LATER)
            assert_ok(galvan_connection_set_certified_key(p->client, NULL));
        pair_run(p);
        if (i / 2 % 2 == 0)
            assert_met(p, false);
        else
            assert_result(p->server_result, RUSTLS_RESULT_NO_CERTIFICATES_PRESENTED);
        pair_free(p);
    }
}

static void does_a_choice_that_fails_end_the_handshake(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct chooser c = {.manner = REFUSING};
        struct pair *p = pair_with(&c, versions[i], false);
        assert_result(p->client_result, RUSTLS_RESULT_GENERAL);
        assert_result(p->server_result, RUSTLS_RESULT_ALERT_INTERNAL_ERROR);
        pair_free(p);
    }
}

static void may_a_client_be_freed_while_it_waits(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct chooser c = {.manner = LATER};
        struct pair *p = pair_with(&c, versions[i], true);
        assert_asks(p->client, GALVAN_QUESTION_CERTIFIED_KEY);
        pair_free(p);
    }
}

/* ---- a key that signs later, too --------------------------------------------------------------- */

static uint8_t made[1024];
static size_t made_len;

static uint32_t sign_later(void *context, struct galvan_sign_request *request)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();

    made_len = sizeof made;
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, context), 1);
    assert_int_equal(
        EVP_DigestSign(ctx, made, &made_len, request->message.data, request->message.len), 1);
    EVP_MD_CTX_free(ctx);
    return GALVAN_PENDING;
}

static EVP_PKEY *private_key(void)
{
    FILE *f = fopen(TEST_DIR "/certs/client.key", "r");

    assert_non_null(f);
    EVP_PKEY *key = PEM_read_PrivateKey(f, NULL, NULL, NULL);
    fclose(f);
    assert_non_null(key);
    return key;
}

static void does_a_client_wait_for_certificate_and_signature(void **state)
{
    (void)state;
    static const uint16_t schemes[] = {0x0403};
    EVP_PKEY *private = private_key();
    const struct galvan_signer signer = {
        .schemes = schemes, .schemes_len = 1, .sign = sign_later, .context = private};
    struct file pem = test_file("certs/client.pem");

    for (size_t i = 0; i < 2; i++) {
        struct chooser c = {.manner = LATER};
        struct rustls_signing_key *signing = NULL;
        assert_ok(galvan_signing_key_new(&signer, &signing));
        assert_ok(rustls_certified_key_build_with_signing_key(pem.data, pem.len, signing, &c.key));
        struct pair *p = pair_with(&c, versions[i], true);
        assert_asks(p->client, GALVAN_QUESTION_CERTIFIED_KEY);
        assert_ok(galvan_connection_set_certified_key(p->client, c.key));
        rustls_certified_key_free(c.key);
        assert_asks(p->client, GALVAN_QUESTION_SIGNATURE);
        assert_result(galvan_connection_set_certified_key(p->client, NULL),
                      RUSTLS_RESULT_INVALID_PARAMETER);
        assert_ok(galvan_connection_set_signature(p->client, made, made_len));
        assert_met(p, true);
        pair_free(p);
    }
    free(pem.data);
    EVP_PKEY_free(private);
}

/* ---- settings ----------------------------------------------------------------------------------- */

/* The one that is set last counts. */
static void do_keys_and_callback_replace_each_other(void **state)
{
    (void)state;
    struct chooser c = {.manner = NONE};
    const struct rustls_certified_key *key = test_certified_key("client");

    assert_result(galvan_client_config_builder_set_certificate_callback(NULL, choose),
                  RUSTLS_RESULT_NULL_PARAMETER);
    for (unsigned last = 0; last < 2; last++) {
        struct rustls_client_config_builder *b = test_client_builder("ca");
        assert_result(galvan_client_config_builder_set_certificate_callback(b, NULL),
                      RUSTLS_RESULT_NULL_PARAMETER);
        if (last == 0)
            assert_ok(galvan_client_config_builder_set_certificate_callback(b, choose));
        assert_ok(rustls_client_config_builder_set_certified_key(b, &key, 1));
        if (last == 1)
            assert_ok(galvan_client_config_builder_set_certificate_callback(b, choose));
        struct pair *p = pair_new(b, "localhost", verifying_server(0x0304, false));
        rustls_connection_set_userdata(p->client, &c);
        assert_met(p, last == 0);
        assert_int_equal(c.asked, last);
        pair_free(p);
    }
    rustls_certified_key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_certificate_chosen_at_once),
        cmocka_unit_test(does_the_question_tell_what_the_server_wants),
        cmocka_unit_test(is_nobody_asked_without_a_request),
        cmocka_unit_test(is_nobody_asked_by_a_server_that_is_not_believed),
        cmocka_unit_test(does_a_client_wait_for_its_certificate),
        cmocka_unit_test(does_a_client_go_on_without_a_certificate),
        cmocka_unit_test(does_a_choice_that_fails_end_the_handshake),
        cmocka_unit_test(may_a_client_be_freed_while_it_waits),
        cmocka_unit_test(does_a_client_wait_for_certificate_and_signature),
        cmocka_unit_test(do_keys_and_callback_replace_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
