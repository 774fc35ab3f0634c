/* What a server does wrong with external pre-shared keys, in TLS 1.3. The numbers are those of
 * test/misbehave/scenarios.tsv. */
#include "lib/exact.h"
#include "lib/sin.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { PSK = 41 };

static void with_keys(struct bare *p)
{
    script_know_psks(&p->client_config->common);
}

static void with_keys_alone(struct bare *p)
{
    with_keys(p);
    p->client_config->psk_only = true;
}

static void derive_with(struct script *s, size_t index)
{
    s->psk = s->p->client_config->common.psks.at[index].key;
}

/* The server's hello to the client's four offers, under a suite. */
static struct hello answer(struct script *s, uint16_t suite)
{
    struct hello h;
    script_take_hello(s);
    script_use_suite(s, suite);
    script_server_hello(s, &h);
    return h;
}

static void take_key(struct script *s, uint16_t suite, size_t index)
{
    struct hello h = answer(s, suite);
    hello_set_span(&h, PSK, exact_copy(span_of((const uint8_t[]){0, (uint8_t)index}, 2)));
    script_send_hello(s, &h);
}

static void may_a_server_take_each_key(struct script *s)
{
    static const uint16_t suites[] = {0x1301, 0x1302, 0x1302, 0x1303};
    for (size_t i = 0; i < 4; i++) {
        script_begin(s);
        take_key(s, suites[i], i);
        derive_with(s, i);
        script_handshake_keys(s);
        script_encrypted_extensions(s);
        script_finished(s);
        script_flush(s);
        script_assert_fine(s);
        assert_false(gv_connection_is_handshaking(s->peer));
        assert_span(agreed_psk(gv_connection_agreed(s->peer)),
                    s->p->client_config->common.psks.at[i].name.wire);
        assert_int_equal(gv_connection_agreed(s->peer)->kind, HANDSHAKE_FULL);
    }
}

static void a_key_behind_the_last(struct script *s)
{
    take_key(s, 0x1302, 4);
}

static void a_key_far_behind_the_last(struct script *s)
{
    struct hello h = answer(s, 0x1302);
    hello_add(&h, PSK, "ffff");
    script_send_hello(s, &h);
}

static void a_key_of_another_hash(struct script *s)
{
    take_key(s, 0x1302, 0);
}

static void an_import_of_another_hash(struct script *s)
{
    take_key(s, 0x1301, 2);
}

static void an_index_of_three_bytes(struct script *s)
{
    struct hello h = answer(s, 0x1302);
    hello_add(&h, PSK, "000001");
    script_send_hello(s, &h);
}

static void hostile_26_a_key_without_share(struct script *s)
{
    struct hello h = answer(s, 0x1302);
    hello_drop(&h, 51);
    hello_add(&h, PSK, "0001");
    script_send_hello(s, &h);
}

static void a_key_that_was_not_offered(struct script *s)
{
    gv_psk_list_drop(&s->p->client_config->common.psks);
    script_begin(s);
    take_key(s, 0x1302, 0);
}

static void a_certificate_though_the_key_was_taken(struct script *s)
{
    take_key(s, 0x1302, 1);
    derive_with(s, 1);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    script_certificate(s, "p256");
    script_flush(s);
}

static void a_request_though_the_key_was_taken(struct script *s)
{
    take_key(s, 0x1302, 1);
    derive_with(s, 1);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    script_say(s, MSG_CERTIFICATE_REQUEST, exact_hex("00 0008 000d 0004 0002 0403"));
    script_flush(s);
}

/* It does not know the key that it said it would use. */
static void a_server_without_the_key(struct script *s)
{
    take_key(s, 0x1302, 1);
    derive_with(s, 1);
    script_handshake_keys(s);
    s->server_hs.at[0] ^= 1;
    script_use(s, true, &s->server_hs);
    script_encrypted_extensions(s);
    script_flush(s);
}

static void finished_without_key_or_certificate(struct script *s)
{
    struct hello h = answer(s, 0x1302);
    script_send_hello(s, &h);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    script_finished(s);
    script_flush(s);
}

static void hostile_34_early_data_accepted_with_a_key(struct script *s)
{
    take_key(s, 0x1302, 1);
    derive_with(s, 1);
    script_handshake_keys(s);
    script_say(s, MSG_ENCRYPTED_EXTENSIONS, exact_hex("0004 002a 0000"));
    script_flush(s);
}

static void no_key_though_nothing_else_will_do(struct script *s)
{
    struct hello h = answer(s, 0x1302);
    script_send_hello(s, &h);
}

/* Behind the HelloRetryRequest: the client's second hello is read, and the server's waits. */
static struct hello retry(struct script *s, uint16_t suite)
{
    struct hello h = answer(s, suite);
    script_retry(s, &h, GROUP_SECP384R1);
    script_hash_retry(s);
    script_send_hello(s, &h);
    script_share(s, GROUP_SECP384R1);
    return answer(s, suite);
}

/* Only two of the four are offered again, and the places are those of the second hello. */
static void may_a_server_take_a_key_behind_a_retry(struct script *s)
{
    struct hello h = retry(s, 0x1301);
    hello_add(&h, PSK, "0001");
    script_send_hello(s, &h);
    derive_with(s, 3);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
    script_finished(s);
    script_flush(s);
    assert_false(gv_connection_is_handshaking(s->peer));
    assert_int_equal(gv_connection_agreed(s->peer)->kind, HANDSHAKE_RETRIED);
}

static void a_key_that_the_second_hello_lacks(struct script *s)
{
    struct hello h = retry(s, 0x1301);
    hello_add(&h, PSK, "0002");
    script_send_hello(s, &h);
}

/* clang-format off */
static const struct sin sins[] = {
    SERVER_MAY_AT(with_keys, may_a_server_take_each_key),
    SERVER_SINS_AT(with_keys, a_key_behind_the_last, PSK_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(with_keys, a_key_far_behind_the_last, PSK_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(with_keys, a_key_of_another_hash, PSK_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(with_keys, an_import_of_another_hash, PSK_NOT_OFFERED, ILLEGAL_PARAMETER),
    SERVER_SINS_AT(with_keys, an_index_of_three_bytes, DECODE_SERVER_HELLO, DECODE_ERROR),
    SERVER_SINS_AT(with_keys, hostile_26_a_key_without_share, KEY_SHARE_MISSING, MISSING_EXTENSION),
    SERVER_SINS_AT(with_keys, a_key_that_was_not_offered, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    SERVER_SINS_AT(with_keys, a_certificate_though_the_key_was_taken, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS_AT(with_keys, a_request_though_the_key_was_taken, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS_AT(with_keys, a_server_without_the_key, BAD_RECORD_MAC, BAD_RECORD_MAC),
    SERVER_SINS_AT(with_keys, finished_without_key_or_certificate, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    SERVER_SINS_AT(with_keys, hostile_34_early_data_accepted_with_a_key, EXTENSION_NOT_OFFERED, UNSUPPORTED_EXTENSION),
    SERVER_SINS_AT(with_keys_alone, no_key_though_nothing_else_will_do, PSK_DECLINED, HANDSHAKE_FAILURE),
    SERVER_MAY_AT(with_keys, may_a_server_take_a_key_behind_a_retry),
    SERVER_SINS_AT(with_keys, a_key_that_the_second_hello_lacks, PSK_NOT_OFFERED, ILLEGAL_PARAMETER),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS13, sins, COUNT_OF(sins));
}
