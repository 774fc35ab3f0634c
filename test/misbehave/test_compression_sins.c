/* What a peer does wrong with compressed certificates (RFC 8879). The numbers are those of
 * test/misbehave/scenarios.tsv. Streams that no good encoder makes stand here in hex. */
#include "lib/exact.h"
#include "lib/sin.h"

#include "base/mem.h"
#include "lib/certs.h"
#include "wire/alert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ZLIB = CERT_COMPRESSION_ZLIB, BROTLI = CERT_COMPRESSION_BROTLI };

/* Zeros, as many as the name says. */
#define BROTLI_4 "30001000 00000003"
#define BROTLI_65536 "1bffff0024 00e2b14072 ef0100"
#define BROTLI_16M "cbffff3f00 2400e2b140 72effff2ff ff0f800440 1c1680eefd 1f"
#define BROTLI_LARGE_4 "111e0600 02000000 0003" /* a window of 2^30 bytes */
#define BROTLI_LARGE_100 "115e8c01 00900008 c402a103"
#define ZLIB_4 "78da6360 60600000 00040001"
#define ZLIB_100 "78da6360 a03d0000 00640001"
#define ZLIB_65536                                                                                 \
    "78daedc1 01010000 008090fe afee080a 00000000 00000000 00000000 00000000 00000000 00000000"    \
    "00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 006a000f 0001"
#define ZLIB_DICTIONARY_100 "78f90409 01a563a0 03000000 640001"
#define GZIP_100 "1f8b0800 00000000 02036360 a03d0000 cac68899 64000000"
#define DEFLATE_100 "6360a03d 0000"

/* ---- the way there -------------------------------------------------------------------------------- */

static void clients_welcome(struct bare *p)
{
    p->server_config->client_verifier = bare_trusting_verifier(true);
}

static void nothing_offered(struct bare *p)
{
    clients_welcome(p);
    p->client_config->common.compressors.count = p->server_config->common.compressors.count = 0;
}

static void offer_zlib(struct config_common *c)
{
    c->compressors = (struct compressor_list){{gv_compressor_zlib}, gv_compressor_zlib != NULL};
}

static void zlib_alone(struct bare *p)
{
    clients_welcome(p);
    offer_zlib(&p->client_config->common);
    offer_zlib(&p->server_config->common);
}

/* To where the script's Certificate belongs. */
static void to_certificate(struct script *s)
{
    struct hello h;
    if (s->is_client) {
        script_client_hello(s, &h);
        script_say_hello(s, &h);
        script_flush(s);
        script_take_hello(s);
        script_handshake_keys(s);
        script_take_flight(s);
        return;
    }
    script_take_hello(s);
    script_server_hello(s, &h);
    script_say_hello(s, &h);
    script_flush(s);
    script_handshake_keys(s);
    script_encrypted_extensions(s);
}

/* ---- messages --------------------------------------------------------------------------------------- */

static const char *own_name(const struct script *s)
{
    return s->is_client ? "client" : "p256";
}

/* The body of a good Certificate. */
static struct span content(const struct script *s)
{
    static struct put body;
    body.len = 0;
    put_span(&body, certs_der(own_name(s)));
    put_vec(&body, 0, 3);
    put_uint(&body, 2, 0);
    put_vec(&body, 0, 3);
    return exact_join(exact_hex("00"), put_of(&body));
}

static const struct cert_compressor *compressor(uint16_t algorithm)
{
    const struct cert_compressor *c = algorithm == ZLIB ? gv_compressor_zlib : gv_compressor_brotli;
    if (c == NULL)
        skip(); /* a build without it */
    return c;
}

static struct span packed(const struct script *s, uint16_t algorithm)
{
    uint8_t *bytes = NULL;
    size_t len = 0;
    assert_err(gv_cert_pack(compressor(algorithm), content(s), 0, &bytes, &len), OK);
    assert_non_null(bytes);
    struct span copy = exact_copy(span_of(bytes, len));
    gv_mem_free(bytes);
    return copy;
}

static void say_compressed(struct script *s, uint16_t algorithm, size_t length, struct span data)
{
    static struct put body;
    body.len = 0;
    put_uint(&body, 2, algorithm);
    put_uint(&body, 3, length);
    put_uint(&body, 3, data.len);
    put_span(&body, data);
    script_say(s, MSG_COMPRESSED_CERTIFICATE, put_of(&body));
}

/* With a message that is made from hex. */
static void say_hex(struct script *s, uint16_t algorithm, size_t length, const char *hex)
{
    if (algorithm == ZLIB || algorithm == BROTLI)
        (void)compressor(algorithm);
    to_certificate(s);
    say_compressed(s, algorithm, length, exact_hex(hex));
    script_flush(s);
}

/* A good one but for its length, which is off by so much, and bytes that are cut or follow. */
static void say_good_but(struct script *s, uint16_t algorithm, int off, int more)
{
    struct span data = packed(s, algorithm);
    to_certificate(s);
    data = more < 0 ? span_of(data.at, data.len - (size_t)-more)
                    : exact_join(data, span_of((const uint8_t *)"\0\0\0", (size_t)more));
    say_compressed(s, algorithm, (size_t)((int)content(s).len + off), data);
    script_flush(s);
}

/* ---- what is no sin ----------------------------------------------------------------------------------- */

static void whole_handshake(struct script *s, uint16_t algorithm)
{
    const struct span data = packed(s, algorithm);
    to_certificate(s);
    say_compressed(s, algorithm, content(s).len, data);
    script_certificate_verify(s, own_name(s), 0);
    script_finished(s);
    script_flush(s);
    script_assert_fine(s);
    assert_false(gv_connection_is_handshaking(s->peer));
    assert_int_equal(gv_connection_agreed(s->peer)->peer_compression, algorithm);
}

static void may_brotli(struct script *s)
{
    whole_handshake(s, BROTLI);
}

static void may_zlib(struct script *s)
{
    whole_handshake(s, ZLIB);
}

/* ---- sins ----------------------------------------------------------------------------------------------- */

#define COMPRESSED(name, algorithm, length, hex)                                                   \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        say_hex(s, algorithm, length, hex);                                                        \
    }
#define GOOD_BUT(name, algorithm, off, more)                                                       \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        say_good_but(s, algorithm, off, more);                                                     \
    }

/* Claims are held against the limit before anything is unpacked; nothing is allocated for them. */
COMPRESSED(hostile_37_sixteen_megabytes_claimed, BROTLI, 0xffffff, BROTLI_16M)
COMPRESSED(hostile_37_a_byte_over_the_limit, ZLIB, 65537, ZLIB_65536)
/* Bombs: streams that hold more than they claim. */
COMPRESSED(hostile_37_a_brotli_bomb, BROTLI, 100, BROTLI_16M)
COMPRESSED(hostile_37_a_brotli_bomb_at_the_limit, BROTLI, 65535, BROTLI_65536)
COMPRESSED(hostile_37_a_zlib_bomb, ZLIB, 100, ZLIB_65536)
COMPRESSED(hostile_37_a_zlib_bomb_at_the_limit, ZLIB, 65535, ZLIB_65536)
/* A stream that ends before what was claimed is there. */
COMPRESSED(hostile_37_less_than_claimed_by_far, ZLIB, 65536, ZLIB_100)
COMPRESSED(hostile_37_nothing_claimed, ZLIB, 0, ZLIB_100)
GOOD_BUT(hostile_37_a_byte_too_much_claimed_of_brotli, BROTLI, 1, 0)
GOOD_BUT(hostile_37_a_byte_too_much_claimed_of_zlib, ZLIB, 1, 0)
GOOD_BUT(hostile_37_a_byte_too_little_claimed_of_brotli, BROTLI, -1, 0)
GOOD_BUT(hostile_37_a_byte_too_little_claimed_of_zlib, ZLIB, -1, 0)
GOOD_BUT(hostile_37_bytes_behind_a_brotli_stream, BROTLI, 0, 1)
GOOD_BUT(hostile_37_bytes_behind_a_zlib_stream, ZLIB, 0, 1)
GOOD_BUT(hostile_37_a_brotli_stream_that_is_cut, BROTLI, 0, -1)
GOOD_BUT(hostile_37_a_zlib_stream_that_is_cut, ZLIB, 0, -1)

COMPRESSED(hostile_36_a_large_window, BROTLI, 4, BROTLI_LARGE_4)
COMPRESSED(hostile_36_a_large_window_of_zeros, BROTLI, 100, BROTLI_LARGE_100)
COMPRESSED(not_brotli, BROTLI, 100, ZLIB_100)
COMPRESSED(not_zlib, ZLIB, 4, BROTLI_4)
COMPRESSED(a_zlib_stream_with_a_dictionary, ZLIB, 100, ZLIB_DICTIONARY_100)
COMPRESSED(gzip_for_zlib, ZLIB, 100, GZIP_100)
COMPRESSED(deflate_for_zlib, ZLIB, 100, DEFLATE_100)
COMPRESSED(a_wrong_checksum, ZLIB, 100, "78da6360 a03d0000 00640002")

COMPRESSED(an_unknown_algorithm, 3, 100, "00")
COMPRESSED(algorithm_zero, 0, 100, "00")
COMPRESSED(brotli_that_was_not_offered, BROTLI, 4, BROTLI_4)
COMPRESSED(what_was_not_offered, ZLIB, 100, ZLIB_100)
COMPRESSED(an_empty_stream, ZLIB, 100, "")

static void what_was_not_offered_and_is_malformed(struct script *s)
{
    to_certificate(s);
    script_say(s, MSG_COMPRESSED_CERTIFICATE, exact_hex("00"));
    script_flush(s);
}

static void a_message_that_is_cut(struct script *s)
{
    to_certificate(s);
    script_say(s, MSG_COMPRESSED_CERTIFICATE, exact_hex("0001 000064 00000d" ZLIB_100));
    script_flush(s);
}

static void a_message_with_bytes_behind_it(struct script *s)
{
    to_certificate(s);
    script_say(s, MSG_COMPRESSED_CERTIFICATE, exact_hex("0001 000064 00000c" ZLIB_100 "00"));
    script_flush(s);
}

/* What is unpacked is held to what holds for a Certificate. */
COMPRESSED(no_certificate, ZLIB, 4, ZLIB_4)
COMPRESSED(no_certificate_in_brotli, BROTLI, 4, BROTLI_4)
COMPRESSED(what_is_no_message, ZLIB, 100, ZLIB_100)
COMPRESSED(what_is_no_message_of_the_largest_size, BROTLI, 65536, BROTLI_65536)

static void two_of_them(struct script *s)
{
    const struct span data = packed(s, ZLIB);
    to_certificate(s);
    say_compressed(s, ZLIB, content(s).len, data);
    say_compressed(s, ZLIB, content(s).len, data);
    script_flush(s);
}

static void one_of_each(struct script *s)
{
    const struct span data = packed(s, ZLIB);
    to_certificate(s);
    script_certificate(s, own_name(s));
    say_compressed(s, ZLIB, content(s).len, data);
    script_flush(s);
}

/* RFC 8879 section 4: the transcript has the message as it was sent. */
static void a_signature_over_the_unpacked_message(struct script *s)
{
    const struct span data = packed(s, ZLIB);
    static struct put sent;
    to_certificate(s);
    script_flush(s);
    sent.len = 0;
    put_uint(&sent, 2, ZLIB);
    put_uint(&sent, 3, content(s).len);
    put_uint(&sent, 3, data.len);
    put_span(&sent, data);
    put_header(&sent, 0, MSG_COMPRESSED_CERTIFICATE);
    script_record(s, CONTENT_HANDSHAKE, put_of(&sent));
    script_say(s, MSG_CERTIFICATE, content(s)); /* in the transcript, and not sent */
    s->flight.len = s->hashed = 0;
    script_certificate_verify(s, own_name(s), 0);
    script_flush(s);
}

/* ---- offers ------------------------------------------------------------------------------------------------ */

#define HELLO_OFFERS(name, hex)                                                                    \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        struct hello h;                                                                            \
        script_client_hello(s, &h);                                                                \
        hello_set(&h, 27, hex);                                                                    \
        script_say_hello(s, &h);                                                                   \
        script_flush(s);                                                                           \
    }
#define REQUEST_OFFERS(name, hex)                                                                  \
    static void name(struct script *s)                                                             \
    {                                                                                              \
        to_certificate(s);                                                                         \
        script_say(s, MSG_CERTIFICATE_REQUEST, exact_hex(hex));                                    \
        script_flush(s);                                                                           \
    }

HELLO_OFFERS(an_empty_offer, "00")
HELLO_OFFERS(half_an_algorithm, "01 00")
HELLO_OFFERS(an_algorithm_and_a_half, "03 0002 00")
HELLO_OFFERS(bytes_behind_the_offer, "02 0002 00")
HELLO_OFFERS(an_algorithm_twice, "06 0002 0001 0002")
HELLO_OFFERS(an_unknown_algorithm_twice, "04 7777 7777")
HELLO_OFFERS(may_unknown_algorithms, "04 7777 7778")
REQUEST_OFFERS(a_request_with_an_empty_offer, "00 000d 000d 0004 0002 0403 001b 0001 00")
REQUEST_OFFERS(a_request_with_half_an_algorithm, "00 000e 000d 0004 0002 0403 001b 0002 01 00")
REQUEST_OFFERS(a_request_with_an_algorithm_twice,
               "00 0011 000d 0004 0002 0403 001b 0005 04 0001 0001")
REQUEST_OFFERS(may_a_request_with_an_unknown_algorithm,
               "00 000f 000d 0004 0002 0403 001b 0003 02 7777")

static void an_answer_to_the_offer(struct script *s)
{
    struct hello h;
    script_take_hello(s);
    script_server_hello(s, &h);
    script_say_hello(s, &h);
    script_flush(s);
    script_handshake_keys(s);
    script_say(s, MSG_ENCRYPTED_EXTENSIONS, exact_hex("0007 001b 0003 02 0001"));
    script_flush(s);
}

/* clang-format off */
#define BOTH_SIN_AT(prepare, act, err, alert)                                                      \
    SERVER_SINS_AT(prepare, act, err, alert), CLIENT_SINS_AT(prepare, act, err, alert)
#define BOTH_SIN(act, err, alert) BOTH_SIN_AT(clients_welcome, act, err, alert)
#define BOTH_MAY(act) SERVER_MAY(act), CLIENT_MAY_AT(clients_welcome, act)

static const struct sin sins[] = {
    BOTH_MAY(may_brotli),
    BOTH_MAY(may_zlib),

    BOTH_SIN(hostile_37_sixteen_megabytes_claimed, CERTIFICATE_CHAIN_TOO_LONG, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_a_byte_over_the_limit, CERTIFICATE_CHAIN_TOO_LONG, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_a_brotli_bomb, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_a_brotli_bomb_at_the_limit, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_a_zlib_bomb, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_a_zlib_bomb_at_the_limit, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_less_than_claimed_by_far, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_nothing_claimed, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_a_byte_too_much_claimed_of_brotli, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_a_byte_too_much_claimed_of_zlib, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_a_byte_too_little_claimed_of_brotli, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_a_byte_too_little_claimed_of_zlib, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_bytes_behind_a_brotli_stream, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_bytes_behind_a_zlib_stream, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_a_brotli_stream_that_is_cut, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(hostile_37_a_zlib_stream_that_is_cut, CERT_UNPACK_FAILED, BAD_CERTIFICATE),

    BOTH_SIN(hostile_36_a_large_window, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(hostile_36_a_large_window_of_zeros, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(not_brotli, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(not_zlib, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(a_zlib_stream_with_a_dictionary, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(gzip_for_zlib, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(deflate_for_zlib, CERT_UNPACK_FAILED, BAD_CERTIFICATE),
    BOTH_SIN(a_wrong_checksum, CERT_UNPACK_FAILED, BAD_CERTIFICATE),

    BOTH_SIN(an_unknown_algorithm, CERT_COMPRESSION_NOT_OFFERED, ILLEGAL_PARAMETER),
    BOTH_SIN(algorithm_zero, CERT_COMPRESSION_NOT_OFFERED, ILLEGAL_PARAMETER),
    BOTH_SIN_AT(zlib_alone, brotli_that_was_not_offered, CERT_COMPRESSION_NOT_OFFERED, ILLEGAL_PARAMETER),
    BOTH_SIN_AT(nothing_offered, what_was_not_offered, COMPRESSED_CERTIFICATE_NOT_OFFERED, UNEXPECTED_MESSAGE),
    BOTH_SIN_AT(nothing_offered, what_was_not_offered_and_is_malformed, COMPRESSED_CERTIFICATE_NOT_OFFERED, UNEXPECTED_MESSAGE),
    BOTH_SIN(an_empty_stream, DECODE_COMPRESSED_CERTIFICATE, DECODE_ERROR),
    BOTH_SIN(a_message_that_is_cut, DECODE_COMPRESSED_CERTIFICATE, DECODE_ERROR),
    BOTH_SIN(a_message_with_bytes_behind_it, DECODE_COMPRESSED_CERTIFICATE, DECODE_ERROR),

    SERVER_SINS(no_certificate, SERVER_CERTIFICATE_MISSING, DECODE_ERROR),
    CLIENT_SINS_AT(clients_welcome, no_certificate, CLIENT_CERTIFICATE_MISSING, CERTIFICATE_REQUIRED),
    SERVER_SINS(no_certificate_in_brotli, SERVER_CERTIFICATE_MISSING, DECODE_ERROR),
    BOTH_SIN(what_is_no_message, DECODE_CERTIFICATE, DECODE_ERROR),
    BOTH_SIN(what_is_no_message_of_the_largest_size, DECODE_CERTIFICATE, DECODE_ERROR),
    BOTH_SIN(two_of_them, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    BOTH_SIN(one_of_each, UNEXPECTED_HANDSHAKE_MESSAGE, UNEXPECTED_MESSAGE),
    BOTH_SIN(a_signature_over_the_unpacked_message, BAD_SIGNATURE, DECRYPT_ERROR),

    CLIENT_SINS(an_empty_offer, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(half_an_algorithm, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(an_algorithm_and_a_half, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(bytes_behind_the_offer, DECODE_CLIENT_HELLO, DECODE_ERROR),
    CLIENT_SINS(an_algorithm_twice, CERT_COMPRESSION_REPEATED, ILLEGAL_PARAMETER),
    CLIENT_SINS(an_unknown_algorithm_twice, CERT_COMPRESSION_REPEATED, ILLEGAL_PARAMETER),
    CLIENT_MAY(may_unknown_algorithms),
    SERVER_SINS(a_request_with_an_empty_offer, DECODE_CERTIFICATE_REQUEST, DECODE_ERROR),
    SERVER_SINS(a_request_with_half_an_algorithm, DECODE_CERTIFICATE_REQUEST, DECODE_ERROR),
    SERVER_SINS(a_request_with_an_algorithm_twice, CERT_COMPRESSION_REPEATED, ILLEGAL_PARAMETER),
    SERVER_MAY(may_a_request_with_an_unknown_algorithm),
    SERVER_SINS(an_answer_to_the_offer, EXTENSION_MISPLACED, ILLEGAL_PARAMETER),
};
/* clang-format on */

int main(void)
{
    return sins_run(TLS13, sins, COUNT_OF(sins));
}
