/* What a peer may cost, counted and not timed: bytes that are allocated, records that are swallowed,
 * signatures that are checked. In both versions. The numbers are those of
 * test/misbehave/scenarios.tsv. */
#include "lib/exact.h"
#include "lib/script12.h"
#include "lib/sin.h"

#include "base/mem.h"
#include "config/webpki_verifier.h"
#include "lib/heap.h"
#include "lib/x509.h"
#include "pki/time.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A record as it is received, and as much again while a buffer grows. */
enum { RECORD_ROOM = 2 * RECORD_MAX };

static size_t before;

static void start_counting(void)
{
    before = heap_bytes();
    heap_reset_peak();
}

static void assert_taken(size_t at_most)
{
    const size_t taken = heap_peak() - before;
    if (taken > at_most)
        fail_msg("%zu bytes were taken, not %zu", taken, at_most);
}

/* ---- messages --------------------------------------------------------------------------------------- */

static void no_limit(struct bare *p)
{
    p->client_config->common.limits.handshake_message = 0xffffff;
    p->server_config->common.limits.handshake_message = 0xffffff;
}

/* A header that claims 16 MB; then a part of it comes, and what is taken follows what came. */
static void claim(struct script *s)
{
    static const uint8_t part[FRAGMENT_MAX];

    start_counting();
    script_record(s, CONTENT_HANDSHAKE, exact_hex("02ffffff 0303"));
    assert_taken(RECORD_ROOM);
    for (size_t came = sizeof part; came <= 32 * sizeof part; came += sizeof part) {
        script_record(s, CONTENT_HANDSHAKE, SPAN_OF(part));
        assert_taken(3 * came + RECORD_ROOM);
    }
}

static void may_hostile_19_a_claim_of_16_mb_take_no_memory(struct script *s)
{
    claim(s);
}

static void may_hostile_19_a_claim_take_no_memory_after_the_handshake(struct script *s)
{
    script_handshake(s);
    claim(s);
}

static void may_hostile_14_records_of_one_byte_take_what_they_bring(struct script *s)
{
    start_counting();
    script_clear_record(s, CONTENT_HANDSHAKE, exact_hex("02008000"));
    for (unsigned i = 0; i < 10000; i++)
        script_clear_record(s, CONTENT_HANDSHAKE, exact_hex("00"));
    assert_taken(3 * 10000 + RECORD_ROOM);
}

/* ---- records that bring nothing ------------------------------------------------------------------------ */

static void say_key_update(struct script *s)
{
    struct secret *mine = s->is_client ? &s->client_ap : &s->server_ap;
    script_record(s, CONTENT_HANDSHAKE, exact_hex("18000001 01"));
    assert_err(gv_next_traffic_secret(s->suite->hash, mine), OK);
    script_use(s, true, mine);
}

/* A flood of what brings nothing, by turns, so that no kind hides another: it ends where the smallest
 * limit is reached, and it takes no memory. */
static void flood(struct script *s, bool empty, bool warning, bool update, size_t records)
{
    size_t n = 0;
    script_handshake(s);
    start_counting();
    for (unsigned i = 0; s->err == GV_OK && i < 3 * records; i++) {
        const bool mine[] = {empty, warning, update};
        if (!mine[i % 3])
            continue;
        n++;
        if (i % 3 == 0)
            script_record(s, CONTENT_APPLICATION_DATA, exact_hex(""));
        else if (i % 3 == 1)
            script_alert(s, ALERT_LEVEL_WARNING, ALERT_USER_CANCELED);
        else
            say_key_update(s);
    }
    assert_int_equal(n, records);
    assert_taken(RECORD_ROOM);
}

static void hostile_08_09_a_flood_of_empty_records_and_warnings(struct script *s)
{
    flood(s, true, true, false, 10);
}

static void hostile_08_10_a_flood_of_empty_records_and_key_updates(struct script *s)
{
    flood(s, true, false, true, 65);
}

static void hostile_09_10_a_flood_of_warnings_and_key_updates(struct script *s)
{
    flood(s, false, true, true, 9);
}

/* Data between them begins the count anew, and still nothing is kept. */
static void may_hostile_08_empty_records_come_with_data_for_ever(struct script *s)
{
    uint8_t got[8];
    size_t n;
    script_handshake(s);
    start_counting();
    for (unsigned i = 0; i < 1000; i++) {
        script_record(s, CONTENT_APPLICATION_DATA, exact_hex(i % 20 == 0 ? "61" : ""));
        if (i % 20 == 0)
            assert_err(gv_connection_read(s->peer, got, sizeof got, &n), OK);
    }
    assert_taken(RECORD_ROOM);
}

/* ---- tickets ------------------------------------------------------------------------------------------- */

/* A client keeps CLIENT_TICKETS_PER_NAME of them. */
static void may_hostile_32_a_thousand_tickets_take_the_room_of_eight(struct script *s)
{
    enum { TICKET = 1000, SESSION = TICKET + 3000 };
    static struct put ticket;
    uint8_t got[8];
    size_t n;

    script_handshake(s);
    start_counting();
    for (unsigned i = 0; i < 1000; i++) {
        ticket.len = 0;
        put_span(&ticket, exact_hex("00000e10 00000000 00 03e8"));
        put_uint(&ticket, 2, i);
        ticket.len += TICKET - 2;
        put_uint(&ticket, 2, 0);
        put_header(&ticket, 0, MSG_NEW_SESSION_TICKET);
        script_record(s, CONTENT_HANDSHAKE, put_of(&ticket));
        script_record(s, CONTENT_APPLICATION_DATA, span_str("x"));
        assert_err(gv_connection_read(s->peer, got, sizeof got, &n), OK);
    }
    assert_taken((CLIENT_TICKETS_PER_NAME + 1) * SESSION + RECORD_ROOM);
}

/* ---- certificates ----------------------------------------------------------------------------------------- */

enum { VERIFIERS_MAX = 64, AUTHORITIES = 110 };

static struct signature_verifier counted[VERIFIERS_MAX];
static size_t signatures;

static enum gv_err count_and_verify(const struct signature_verifier *v, struct span public_key,
                                    struct span message, struct span signature)
{
    const struct signature_verifier *own = gv_openssl_provider()->verifiers[v - counted];
    signatures++;
    return own->verify(own, public_key, message, signature);
}

static const struct provider *counting_provider(void)
{
    static const struct signature_verifier *list[VERIFIERS_MAX + 1];
    static struct provider counting;
    const struct signature_verifier *const *own = gv_openssl_provider()->verifiers;

    for (size_t i = 0; own[i] != NULL && i < VERIFIERS_MAX; i++) {
        counted[i] = *own[i];
        counted[i].verify = count_and_verify;
        list[i] = &counted[i];
    }
    counting = *gv_openssl_provider();
    counting.verifiers = list;
    return &counting;
}

static struct span authority(const char *name, struct span serial)
{
    return x509_certificate(&(struct recipe){.subject = name,
                                             .issuer = "root",
                                             .key = "intermediate",
                                             .signer = "ca",
                                             .serial = serial,
                                             .ca = true,
                                             .path_len = -1});
}

static void judging_client(struct bare *p)
{
    struct webpki_options o = {
        .provider = counting_provider(), .limits = PATH_LIMITS_DEFAULT, .fixed_time = true};
    struct anchor_builder b;
    struct span root = x509_certificate(&(struct recipe){
        .subject = "root", .issuer = "root", .key = "ca", .ca = true, .path_len = -1});

    assert_true(gv_time_of(&(struct date_time){2026, 1, 1, 0, 0, 0}, &o.time));
    gv_anchor_builder_init(&b, gv_openssl_provider());
    assert_err(gv_anchor_builder_add(&b, root), OK);
    assert_err(gv_anchor_builder_build(&b, &o.anchors), OK);
    gv_anchor_builder_drop(&b);
    gv_verifier_free(p->client_config->verifier);
    assert_err(gv_webpki_server_verifier_new(&o, &p->client_config->verifier), OK);
    gv_anchor_set_free(o.anchors);
}

static void put_certificate(struct put *p, struct span der, bool extensions)
{
    const size_t from = p->len;
    put_span(p, der);
    put_vec(p, from, 3);
    if (extensions)
        put_uint(p, 2, 0);
}

/* CVE-2018-16875: as many authorities of the leaf's issuer as there is room for, all genuine, and none
 * has the key that signed the leaf. */
static void hostile_53_a_chain_that_explodes(struct script *s)
{
    static struct put body;
    struct hello h;
    const bool is13 = s->version == TLS13;
    struct span leaf =
        x509_certificate(&(struct recipe){.subject = "leaf", .issuer = "A", .key = "p256"});

    script_take_hello(s);
    script_server_hello(s, &h);
    script_say_hello(s, &h);
    if (is13) {
        script_flush(s);
        script_handshake_keys(s);
        script_encrypted_extensions(s);
    }
    body.len = 0;
    put_certificate(&body, leaf, is13);
    for (uint8_t i = 1; i <= AUTHORITIES; i++)
        put_certificate(&body, authority("A", span_of(&i, 1)), is13);
    put_vec(&body, 0, 3);
    script_say(s, MSG_CERTIFICATE,
               is13 ? exact_join(exact_hex("00"), put_of(&body)) : put_of(&body));
    signatures = 0;
    if (is13) {
        script_certificate_verify(s, "p256", 0);
    } else {
        struct key_exchange12 x = script12_key_exchange(s, "p256");
        script12_say_key_exchange(s, &x);
    }
    script_flush(s);
    const struct path_limits limits = PATH_LIMITS_DEFAULT;
    assert_true(signatures > 0 && signatures <= limits.signatures);
    x509_forget();
}

/* clang-format off */
static const struct sin sins13[] = {
    SERVER_MAY_AT(no_limit, may_hostile_19_a_claim_of_16_mb_take_no_memory),
    CLIENT_MAY_AT(no_limit, may_hostile_19_a_claim_of_16_mb_take_no_memory),
    SERVER_MAY_AT(no_limit, may_hostile_19_a_claim_take_no_memory_after_the_handshake),
    CLIENT_MAY_AT(no_limit, may_hostile_19_a_claim_take_no_memory_after_the_handshake),
    SERVER_MAY(may_hostile_14_records_of_one_byte_take_what_they_bring),
    CLIENT_MAY(may_hostile_14_records_of_one_byte_take_what_they_bring),
    SERVER_SINS(hostile_08_09_a_flood_of_empty_records_and_warnings, ALERTS_TOO_MANY, DECODE_ERROR),
    CLIENT_SINS(hostile_08_09_a_flood_of_empty_records_and_warnings, ALERTS_TOO_MANY, DECODE_ERROR),
    SERVER_SINS(hostile_08_10_a_flood_of_empty_records_and_key_updates, EMPTY_RECORDS_TOO_MANY, UNEXPECTED_MESSAGE),
    CLIENT_SINS(hostile_08_10_a_flood_of_empty_records_and_key_updates, EMPTY_RECORDS_TOO_MANY, UNEXPECTED_MESSAGE),
    SERVER_SINS(hostile_09_10_a_flood_of_warnings_and_key_updates, ALERTS_TOO_MANY, DECODE_ERROR),
    CLIENT_SINS(hostile_09_10_a_flood_of_warnings_and_key_updates, ALERTS_TOO_MANY, DECODE_ERROR),
    SERVER_MAY(may_hostile_08_empty_records_come_with_data_for_ever),
    CLIENT_MAY(may_hostile_08_empty_records_come_with_data_for_ever),
    SERVER_MAY(may_hostile_32_a_thousand_tickets_take_the_room_of_eight),
    SERVER_SINS_AT(judging_client, hostile_53_a_chain_that_explodes, BUDGET_SIGNATURES, CERTIFICATE_UNKNOWN),
};
static const struct sin sins12[] = {
    SERVER_MAY_AT(no_limit, may_hostile_19_a_claim_of_16_mb_take_no_memory),
    CLIENT_MAY_AT(no_limit, may_hostile_19_a_claim_of_16_mb_take_no_memory),
    SERVER_MAY_AT(no_limit, may_hostile_19_a_claim_take_no_memory_after_the_handshake),
    CLIENT_MAY_AT(no_limit, may_hostile_19_a_claim_take_no_memory_after_the_handshake),
    SERVER_MAY(may_hostile_14_records_of_one_byte_take_what_they_bring),
    CLIENT_MAY(may_hostile_14_records_of_one_byte_take_what_they_bring),
    SERVER_SINS(hostile_08_09_a_flood_of_empty_records_and_warnings, ALERTS_TOO_MANY, DECODE_ERROR),
    CLIENT_SINS(hostile_08_09_a_flood_of_empty_records_and_warnings, ALERTS_TOO_MANY, DECODE_ERROR),
    SERVER_MAY(may_hostile_08_empty_records_come_with_data_for_ever),
    CLIENT_MAY(may_hostile_08_empty_records_come_with_data_for_ever),
    SERVER_SINS_AT(judging_client, hostile_53_a_chain_that_explodes, BUDGET_SIGNATURES, CERTIFICATE_UNKNOWN),
};
/* clang-format on */

int main(void)
{
    gv_mem_replace(heap_alloc, heap_release);
    return sins_run(TLS13, sins13, COUNT_OF(sins13)) + sins_run(TLS12, sins12, COUNT_OF(sins12));
}
