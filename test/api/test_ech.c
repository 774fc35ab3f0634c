/* Encrypted Client Hello through the public API, against a server that does not know it: what is
 * refused as configuration, what is seen on the wire, and what becomes of a connection that is
 * rejected (RFC 9849 sections 6.1 and 6.2). test/misbehave/test_ech_sins.c has the rest. */
#include "galvan.h"
#include "lib/hex.h"
#include "lib/pair.h"

/* clang-format off */
#define KEY "0900000000000000000000000000000000000000000000000000000000000000" /* X25519's base point */
#define HEAD "07 0020 0020" KEY "0004 0001 0001" "00" "09"
#define LOCALHOST "6c6f63616c686f7374"
#define CONFIG "fe0d 0038" HEAD LOCALHOST "0000"
#define ELSEWHERE "fe0d 0038" HEAD "612e6578616d706c65" "0000" /* a.example */
/* clang-format on */

static rustls_result enable(struct rustls_client_config_builder *b, const char *list)
{
    uint8_t bytes[1024];
    size_t n = hex_read(bytes, sizeof bytes, list);
    return rustls_client_config_builder_enable_ech(b, bytes, n, rustls_supported_hpke());
}

static rustls_result enable_once(const char *list)
{
    struct rustls_client_config_builder *b = rustls_client_config_builder_new();
    rustls_result result = enable(b, list);
    rustls_client_config_builder_free(b);
    return result;
}

/* ---- configurations ----------------------------------------------------------------------------- */

static void is_null_refused(void **state)
{
    (void)state;
    struct rustls_client_config_builder *b = rustls_client_config_builder_new();
    const struct rustls_hpke *hpke = rustls_supported_hpke();
    const uint8_t byte = 0;
    struct rustls_slice_bytes configs;

    assert_result(rustls_client_config_builder_enable_ech(NULL, &byte, 1, hpke),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(rustls_client_config_builder_enable_ech(b, NULL, 1, hpke),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(rustls_client_config_builder_enable_ech(b, &byte, 1, NULL),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(rustls_client_config_builder_enable_ech_grease(NULL, hpke),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_result(rustls_client_config_builder_enable_ech_grease(b, NULL),
                  RUSTLS_RESULT_NULL_PARAMETER);
    assert_int_equal(galvan_connection_ech(NULL), GALVAN_ECH_NOT_OFFERED);
    assert_result(galvan_connection_ech_retry_configs(NULL, &configs),
                  RUSTLS_RESULT_NULL_PARAMETER);
    rustls_client_config_builder_free(b);
}

static void hostile_39_is_no_malformed_list_taken(void **state)
{
    (void)state;
    uint8_t list[256];
    const size_t len = hex_read(list, sizeof list, "003c" CONFIG);
    struct rustls_client_config_builder *b = rustls_client_config_builder_new();

    assert_result(enable_once("00"),
                  RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_INVALID_CONFIG_LIST);
    assert_result(enable_once("676172626167 65"),
                  RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_INVALID_CONFIG_LIST);
    for (size_t n = 0; n < len; n++)
        assert_result(rustls_client_config_builder_enable_ech(b, list, n, rustls_supported_hpke()),
                      RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_INVALID_CONFIG_LIST);
    assert_ok(rustls_client_config_builder_enable_ech(b, list, len, rustls_supported_hpke()));
    rustls_client_config_builder_free(b);
}

/* Configurations that are well-formed, and cannot be used; each alone, and in front of one that can. */
static void hostile_39_is_no_unusable_config_used(void **state)
{
    (void)state;
    /* clang-format off */
    static const char *const unusable[] = {
        "fe0c 0038" HEAD LOCALHOST "0000",                                  /* another version */
        "fe0d 0038 07 0021 0020" KEY "0004 0001 0001 00 09" LOCALHOST "0000",  /* X448 */
        "fe0d 0038 07 0020 0020" KEY "0004 0004 0001 00 09" LOCALHOST "0000",  /* a KDF, */
        "fe0d 0038 07 0020 0020" KEY "0004 0001 ffff 00 09" LOCALHOST "0000",  /* an AEAD */
        "fe0d 003c" HEAD LOCALHOST "0004 8001 0000",                        /* mandatory extension */
        "fe0d 0040" HEAD LOCALHOST "0008 0001 0000 0001 0000",              /* one twice */
        "fe0d 0038" HEAD "6c6f63616c5f6f7374" "0000",                       /* local_ost */
        "fe0d 0038" HEAD "3132372e302e302e31" "0000",                       /* 127.0.0.1 */
        "fe0d 0038" HEAD "612e6578616d706c2e" "0000",                       /* a.exampl. */
        "fe0d 0037 07 0020 001f 00000000000000000000000000000000000000000000000000000000000000"
            "0004 0001 0001 00 09" LOCALHOST "0000",                        /* a short key, */
        "fe0d 0038 07 0020 0020 0000000000000000000000000000000000000000000000000000000000000000"
            "0004 0001 0001 00 09" LOCALHOST "0000",                        /* one that agrees on zeros, */
        "fe0d 0038 07 0010 0020" KEY "0004 0001 0001 00 09" LOCALHOST "0000",  /* one of another curve */
    };
    /* clang-format on */
    for (size_t i = 0; i < sizeof unusable / sizeof *unusable; i++) {
        uint8_t bytes[256];
        char text[1024];
        const size_t len = hex_read(bytes, sizeof bytes, unusable[i]);
        (void)snprintf(text, sizeof text, "%04x %s", (unsigned)len, unusable[i]);
        assert_result(enable_once(text),
                      RUSTLS_RESULT_INVALID_ENCRYPTED_CLIENT_HELLO_NO_COMPATIBLE_CONFIG);
        (void)snprintf(text, sizeof text, "%04x %s " CONFIG, (unsigned)len + 60, unusable[i]);
        assert_ok(enable_once(text));
    }
}

static void is_it_for_tls13_alone(void **state)
{
    (void)state;
    static const uint16_t versions[] = {0x0304, 0x0303};
    static const struct {
        const uint16_t *at;
        size_t len;
        rustls_result result;
    } cases[] = {
        {versions, 1, RUSTLS_RESULT_OK},
        {versions, 0, RUSTLS_RESULT_OK},
        {versions, 2, RUSTLS_RESULT_BUILDER_INCOMPATIBLE_TLS_VERSIONS},
        {versions + 1, 1, RUSTLS_RESULT_BUILDER_INCOMPATIBLE_TLS_VERSIONS},
    };
    const struct rustls_crypto_provider *provider = rustls_ring_crypto_provider();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct rustls_client_config_builder *b;
        assert_ok(rustls_client_config_builder_new_custom(provider, cases[i].at, cases[i].len, &b));
        assert_result(enable(b, "003c" CONFIG), cases[i].result);
        assert_result(rustls_client_config_builder_enable_ech_grease(b, rustls_supported_hpke()),
                      cases[i].result);
        rustls_client_config_builder_free(b);
    }
    rustls_crypto_provider_free(provider);
}

/* ---- connections ---------------------------------------------------------------------------------- */

static struct rustls_client_config_builder *client_with(const char *list)
{
    struct rustls_client_config_builder *b = test_client_builder("ca");
    if (list == NULL)
        assert_ok(rustls_client_config_builder_enable_ech_grease(b, rustls_supported_hpke()));
    else
        assert_ok(enable(b, list));
    return b;
}

static bool is_on(const struct wire *w, const char *text)
{
    for (size_t i = 0; i + strlen(text) <= w->len; i++)
        if (memcmp(w->at + i, text, strlen(text)) == 0)
            return true;
    return false;
}

/* The body of an extension in the ClientHello, which begins the wire; its length. */
static size_t extension(const struct wire *w, uint16_t code, const uint8_t **body)
{
    size_t at = 5 + 4 + 2 + 32;
    at += 1u + w->at[at];
    at += 2u + (size_t)(w->at[at] << 8 | w->at[at + 1]);
    at += 1u + w->at[at];
    for (at += 2; at < w->len;) {
        size_t len = (size_t)(w->at[at + 2] << 8 | w->at[at + 3]);
        *body = w->at + at + 4;
        if ((w->at[at] << 8 | w->at[at + 1]) == code)
            return len;
        at += 4 + len;
    }
    return 0;
}

static void is_the_name_hidden(void **state)
{
    (void)state;
    struct pair *p =
        pair_new(client_with("003c" CONFIG), "secret.example", test_server_builder("p256"));
    const uint8_t *body;

    assert_int_equal(galvan_connection_ech(p->client), GALVAN_ECH_OFFERED);
    pair_flush(p->client, &p->to_server);
    assert_false(is_on(&p->to_server, "secret"));
    assert_true(is_on(&p->to_server, "localhost"));
    assert_int_equal(extension(&p->to_server, 43, &body), 3); /* supported_versions: one */
    assert_memory_equal(body, "\x02\x03\x04", 3);
    assert_true(extension(&p->to_server, 65037, &body) > 300);
    assert_memory_equal(body, "\x00\x00\x01\x00\x01\x07\x00\x20", 8); /* outer, suite, id, enc */
    pair_free(p);
}

/* RFC 9849 section 6.1.3: however long the name is, the hello is as long. */
static void does_the_length_tell_nothing(void **state)
{
    (void)state;
    static const char *const names[] = {
        "a", "secret.example", "a.much.longer.name.that.is.secret.as.well.example", "192.0.2.1"};
    size_t first = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct pair *p =
            pair_new(client_with("003c" CONFIG), names[i], test_server_builder("p256"));
        size_t n = pair_flush(p->client, &p->to_server);
        first = i == 0 ? n : first;
        assert_int_equal(n, first);
        pair_free(p);
    }
}

static void is_a_pretence_like_the_real_one(void **state)
{
    (void)state;
    struct pair *real =
        pair_new(client_with("003c" CONFIG), "localhost", test_server_builder("p256"));
    struct pair *p = pair_new(client_with(NULL), "localhost", test_server_builder("p256"));
    const uint8_t *body;

    pair_flush(real->client, &real->to_server);
    pair_flush(p->client, &p->to_server);
    assert_int_equal(extension(&p->to_server, 65037, &body),
                     extension(&real->to_server, 65037, &body));
    assert_int_equal(extension(&p->to_server, 43, &body), 3);
    pair_free(real);

    pair_run(p);
    assert_ok(p->client_result);
    assert_ok(p->server_result);
    assert_false(rustls_connection_is_handshaking(p->client));
    assert_int_equal(galvan_connection_ech(p->client), GALVAN_ECH_GREASE);
    pair_free(p);
}

/* No two are alike. */
static void is_a_pretence_random(void **state)
{
    (void)state;
    struct pair *p[2];
    const uint8_t *body[2];

    for (size_t i = 0; i < 2; i++) {
        p[i] = pair_new(client_with(NULL), "localhost", test_server_builder("p256"));
        pair_flush(p[i]->client, &p[i]->to_server);
        assert_true(extension(&p[i]->to_server, 65037, &body[i]) > 300);
    }
    assert_memory_not_equal(body[0] + 8, body[1] + 8, 32);   /* enc */
    assert_memory_not_equal(body[0] + 42, body[1] + 42, 32); /* payload */
    pair_free(p[0]);
    pair_free(p[1]);
}

static void assert_rejected(struct pair *p)
{
    struct galvan_error_detail detail;
    struct rustls_slice_bytes configs = {NULL, 77};
    uint8_t byte;
    size_t n;

    assert_int_equal(galvan_connection_ech(p->client), GALVAN_ECH_REJECTED);
    assert_result(galvan_connection_ech_retry_configs(p->client, &configs),
                  RUSTLS_RESULT_NOT_FOUND);
    assert_int_equal(configs.len, 77);
    assert_ok(galvan_connection_error_detail(p->client, &detail, sizeof detail));
    assert_string_equal(detail.name, "ECH_REJECTED");
    assert_string_equal(detail.check, "Encrypted Client Hello");
    assert_int_equal(detail.alert, 121);
    assert_true(rustls_connection_is_handshaking(p->client));
    /* Nothing of what was written is with the server: the alert comes where it would be. */
    assert_int_not_equal(rustls_connection_read(p->server, &byte, 1, &n), RUSTLS_RESULT_OK);
    assert_result(p->server_result, RUSTLS_RESULT_ALERT_UNKNOWN);
    assert_ok(galvan_connection_error_detail(p->server, &detail, sizeof detail));
    assert_int_equal(detail.alert, 121);
}

/* Scenarios 38 and 40: what the application wrote does not leave, before and after the failure. */
static void hostile_38_does_a_rejected_client_say_nothing(void **state)
{
    (void)state;
    struct pair *p =
        pair_new(client_with("003c" CONFIG), "secret.example", test_server_builder("p256"));

    pair_say(p->client, "for secret.example alone");
    pair_run(p);
    assert_result(p->client_result, RUSTLS_RESULT_PEER_INCOMPATIBLE_ERROR);
    assert_rejected(p);
    pair_say(p->client, "and more");
    assert_int_equal(pair_flush(p->client, &p->to_server), 0);
    pair_free(p);
}

/* Scenario 40: who is not the public name's server is no authority on its configurations. */
static void hostile_40_is_the_public_name_authenticated(void **state)
{
    (void)state;
    struct pair *p =
        pair_new(client_with("003c" ELSEWHERE), "localhost", test_server_builder("p256"));
    struct rustls_slice_bytes configs;

    pair_run(p);
    assert_result(p->client_result, RUSTLS_RESULT_CERT_NOT_VALID_FOR_NAME);
    assert_result(galvan_connection_ech_retry_configs(p->client, &configs),
                  RUSTLS_RESULT_NOT_FOUND);
    pair_free(p);
}

/* Scenario 40: the session of a connection that was rejected is not kept, nor is it offered. */
static void hostile_40_is_nothing_of_it_resumed(void **state)
{
    (void)state;
    const struct rustls_client_config *client = test_client_config(client_with("003c" CONFIG));
    const struct rustls_server_config *server = test_server_config(test_server_builder("p256"));

    for (size_t i = 0; i < 2; i++) {
        struct pair *p = pair_between(client, i == 0 ? "secret.example" : "localhost", server);
        pair_run(p);
        assert_rejected(p);
        assert_int_not_equal(rustls_connection_handshake_kind(p->server),
                             RUSTLS_HANDSHAKE_KIND_RESUMED);
        pair_free(p);
    }
    rustls_client_config_free(client);
    rustls_server_config_free(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_null_refused),
        cmocka_unit_test(hostile_39_is_no_malformed_list_taken),
        cmocka_unit_test(hostile_39_is_no_unusable_config_used),
        cmocka_unit_test(is_it_for_tls13_alone),
        cmocka_unit_test(is_the_name_hidden),
        cmocka_unit_test(does_the_length_tell_nothing),
        cmocka_unit_test(is_a_pretence_like_the_real_one),
        cmocka_unit_test(is_a_pretence_random),
        cmocka_unit_test(hostile_38_does_a_rejected_client_say_nothing),
        cmocka_unit_test(hostile_40_is_the_public_name_authenticated),
        cmocka_unit_test(hostile_40_is_nothing_of_it_resumed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
