/* x509-limbo: does each profile give the verdicts that it should, but for those that are listed with
 * their reasons? */
#include "galvan.h"
#include "lib/vectors.h"
#include "pki/path.h"
#include "pki/pem.h"
#include "pki/time.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { CASES = 208, CHAIN_MAX = 256, DER_MAX = 1 << 20, LINE_MAX_LEN = 1024 };
enum { STRICT_DIFFERENCES_MAX = 3, WEBPKI_WRONG_ACCEPTS_MAX = 57 };

struct limbo_case {
    const json_t *json;
    const char *id;
    bool server;
    const char *name; /* NULL: none is asked for */
    int64_t time;
    size_t depth; /* intermediates at most */
    struct buffer der;
    struct rustls_slice_bytes chain[CHAIN_MAX];
    size_t count;
};

/* ---- reading a case --------------------------------------------------------------------------- */

static int64_t time_of(const char *text)
{
    struct date_time t;
    int64_t seconds;
    if (text[0] == '\0')
        text = "2025-01-01T00:00:00";
    assert_int_equal(6, sscanf(text, "%d-%d-%dT%d:%d:%d", &t.year, &t.month, &t.day, &t.hour,
                               &t.minute, &t.second));
    assert_true(gv_time_of(&t, &seconds));
    return seconds;
}

/* A certificate whose PEM cannot be read stays in the chain as an empty one. */
static void add_to_chain(struct limbo_case *c, const char *pem)
{
    struct pem text = {span_str(pem)};
    struct buffer one;
    enum pem_kind kind = PEM_END;
    gv_buffer_init(&one, DER_MAX);
    if (gv_pem_next(&text, PEM_WANT(PEM_CERTIFICATE), &kind, &one) != GV_OK || kind == PEM_END)
        gv_buffer_drop(&one);
    struct span der = gv_buffer_span(&one);
    uint8_t *to = gv_buffer_reserve(&c->der, der.len + 1);
    assert_non_null(to);
    span_copy(to, der);
    gv_buffer_commit(&c->der, der.len);
    assert_true(c->count < CHAIN_MAX);
    c->chain[c->count++] = (struct rustls_slice_bytes){to, der.len};
    gv_buffer_drop(&one);
}

/* The chain's bytes stand in one buffer that grows, and moves: data is set when all are there. */
static void read_chain(struct limbo_case *c)
{
    size_t i, at = 0;
    const json_t *pem;
    add_to_chain(c, vector_text(c->json, "peer_certificate"));
    json_array_foreach(json_object_get(c->json, "untrusted_intermediates"), i, pem)
    {
        add_to_chain(c, json_string_value(pem));
    }
    for (i = 0; i < c->count; at += c->chain[i++].len)
        c->chain[i].data = gv_buffer_span(&c->der).at + at;
}

static void open_case(struct limbo_case *c, const json_t *json)
{
    *c = (struct limbo_case){.json = json, .id = vector_text(json, "id")};
    const json_t *name = json_object_get(json, "expected_peer_name");
    const json_t *depth = json_object_get(json, "max_chain_depth");
    c->server = strcmp(vector_text(json, "validation_kind"), "SERVER") == 0;
    c->name = json_is_object(name) ? vector_text(name, "value") : NULL;
    c->time = time_of(vector_text(json, "validation_time"));
    c->depth = PATH_INTERMEDIATES_MAX;
    if (json_is_integer(depth) && (size_t)json_integer_value(depth) < c->depth)
        c->depth = (size_t)json_integer_value(depth);
    gv_buffer_init(&c->der, DER_MAX);
    read_chain(c);
}

/* ---- through the public API -------------------------------------------------------------------- */

static const struct rustls_root_cert_store *store_of(const struct limbo_case *c)
{
    struct rustls_root_cert_store_builder *b = rustls_root_cert_store_builder_new();
    const struct rustls_root_cert_store *store = NULL;
    size_t i;
    const json_t *pem;
    json_array_foreach(json_object_get(c->json, "trusted_certs"), i, pem)
    {
        const char *text = json_string_value(pem);
        assert_int_equal(RUSTLS_RESULT_OK, rustls_root_cert_store_builder_add_pem(
                                               b, (const uint8_t *)text, strlen(text), false));
    }
    assert_int_equal(RUSTLS_RESULT_OK, rustls_root_cert_store_builder_build(b, &store));
    rustls_root_cert_store_builder_free(b);
    return store;
}

/* False where a revocation list is refused: then the case is refused. */
static bool add_crls(const struct limbo_case *c,
                     struct rustls_web_pki_server_cert_verifier_builder *b)
{
    size_t i;
    const json_t *pem;
    json_array_foreach(json_object_get(c->json, "crls"), i, pem)
    {
        const char *text = json_string_value(pem);
        if (rustls_web_pki_server_cert_verifier_builder_add_crl(b, (const uint8_t *)text,
                                                                strlen(text)) != RUSTLS_RESULT_OK)
            return false;
    }
    return true;
}

static bool accepts_server(const struct limbo_case *c, const struct rustls_root_cert_store *store,
                           enum galvan_profile profile)
{
    struct rustls_web_pki_server_cert_verifier_builder *b =
        rustls_web_pki_server_cert_verifier_builder_new(store);
    struct rustls_server_cert_verifier *v = NULL;
    bool accepted =
        add_crls(c, b) &&
        galvan_web_pki_server_cert_verifier_builder_set_profile(b, profile) == RUSTLS_RESULT_OK &&
        galvan_web_pki_server_cert_verifier_builder_set_time(b, c->time) == RUSTLS_RESULT_OK &&
        galvan_web_pki_server_cert_verifier_builder_set_limit(
            b, GALVAN_VERIFIER_LIMIT_INTERMEDIATES, c->depth) == RUSTLS_RESULT_OK &&
        rustls_web_pki_server_cert_verifier_builder_build(b, &v) == RUSTLS_RESULT_OK &&
        galvan_server_cert_verifier_verify(v, c->chain, c->count, c->name, NULL) ==
            RUSTLS_RESULT_OK;
    rustls_server_cert_verifier_free(v);
    rustls_web_pki_server_cert_verifier_builder_free(b);
    return accepted;
}

static bool accepts_client(const struct limbo_case *c, const struct rustls_root_cert_store *store,
                           enum galvan_profile profile)
{
    struct rustls_web_pki_client_cert_verifier_builder *b =
        rustls_web_pki_client_cert_verifier_builder_new(store);
    struct rustls_client_cert_verifier *v = NULL;
    bool accepted =
        galvan_web_pki_client_cert_verifier_builder_set_profile(b, profile) == RUSTLS_RESULT_OK &&
        galvan_web_pki_client_cert_verifier_builder_set_time(b, c->time) == RUSTLS_RESULT_OK &&
        galvan_web_pki_client_cert_verifier_builder_set_limit(
            b, GALVAN_VERIFIER_LIMIT_INTERMEDIATES, c->depth) == RUSTLS_RESULT_OK &&
        rustls_web_pki_client_cert_verifier_builder_build(b, &v) == RUSTLS_RESULT_OK &&
        galvan_client_cert_verifier_verify(v, c->chain, c->count, NULL) == RUSTLS_RESULT_OK;
    rustls_client_cert_verifier_free(v);
    rustls_web_pki_client_cert_verifier_builder_free(b);
    return accepted;
}

static bool accepts(const struct limbo_case *c, enum galvan_profile profile)
{
    const struct rustls_root_cert_store *store = store_of(c);
    bool accepted = c->server ? accepts_server(c, store, profile)
                              : accepts_client(c, store, profile);
    rustls_root_cert_store_free(store);
    return accepted;
}

/* ---- verdicts --------------------------------------------------------------------------------- */

/* Whether differences.txt has a line that begins so; and how many begin with the profile's name. */
static bool is_listed(const char *beginning, size_t *count)
{
    char line[LINE_MAX_LEN];
    bool found = false;
    size_t n = strlen(beginning);
    FILE *f = fopen(TEST_DIR "/vectors/limbo/differences.txt", "r");
    assert_non_null(f);
    for (*count = 0; fgets(line, sizeof line, f) != NULL;) {
        bool match = strncmp(line, beginning, n) == 0;
        *count += match;
        found |= match && line[n] == ':' &&
                 strlen(line + n) > sizeof ": reason"; /* with a reason */
    }
    (void)fclose(f);
    return found;
}

struct tally {
    size_t accepts, refuses, cases;
};

static void judge(const struct limbo_case *c, enum galvan_profile profile, const char *profile_name,
                  struct tally *t)
{
    char difference[LINE_MAX_LEN];
    size_t ignored;
    bool wanted = strcmp(vector_text(c->json, "expected_result"), "SUCCESS") == 0;
    bool accepted = accepts(c, profile);
    t->cases++;
    if (accepted == wanted)
        return;
    *(accepted ? &t->accepts : &t->refuses) += 1;
    (void)snprintf(difference, sizeof difference, "%s %s %s", profile_name,
                   accepted ? "accepts" : "refuses", c->id);
    if (!is_listed(difference, &ignored))
        fail_msg("%s, and differences.txt does not say why", difference);
}

static struct tally run(enum galvan_profile profile, const char *profile_name)
{
    json_t *root = vectors_load("limbo/limbo-core");
    struct tally t = {0, 0, 0};
    struct limbo_case c;
    size_t i, listed;
    const json_t *json;
    json_array_foreach(json_object_get(root, "testcases"), i, json)
    {
        open_case(&c, json);
        judge(&c, profile, profile_name, &t);
        gv_buffer_drop(&c.der);
    }
    json_decref(root);
    print_message("%s profile: %zu cases, %zu verdicts differ (%zu accepted, %zu refused)\n",
                  profile_name, t.cases, t.accepts + t.refuses, t.accepts, t.refuses);
    (void)is_listed(profile_name, &listed);
    assert_int_equal(listed, t.accepts + t.refuses); /* the list has nothing that is none */
    assert_int_equal(CASES, t.cases);
    return t;
}

static void does_the_strict_profile_differ_three_times_at_most(void **state)
{
    (void)state;
    struct tally t = run(GALVAN_PROFILE_STRICT, "strict");
    assert_true(t.accepts + t.refuses <= STRICT_DIFFERENCES_MAX);
}

static void does_the_default_profile_accept_all_that_must_be_accepted(void **state)
{
    (void)state;
    struct tally t = run(GALVAN_PROFILE_WEB_PKI, "webpki");
    assert_int_equal(0, t.refuses);
    assert_true(t.accepts <= WEBPKI_WRONG_ACCEPTS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(does_the_strict_profile_differ_three_times_at_most),
        cmocka_unit_test(does_the_default_profile_accept_all_that_must_be_accepted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
