/* Encrypted Client Hello on the wire: configurations, the extension, the encoded inner hello and its
 * padding (RFC 9849 sections 4 to 6.1.3). */
#include "lib/exact.h"
#include "lib/parser.h"
#include "wire/hello.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* clang-format off */
#define KEY "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
/* config_id 7, X25519, two suites, maximum_name_length 42, a.example */
#define BODY "07 0020 0020" KEY "0008 0001 0001 0001 0003 2a 09 612e6578616d706c65"
#define CONFIG "fe0d 003c" BODY "0000"
#define UNKNOWN "fe0c 0003 010203"
/* clang-format on */

static enum gv_err read_configs(struct span bytes)
{
    struct span list;
    return gv_wire_read_ech_configs(bytes, &list);
}

/* ---- configurations ------------------------------------------------------------------------------ */

static void is_a_config_taken_apart(void **state)
{
    (void)state;
    struct span list, suites;
    struct ech_config c;
    struct ech_suite suite;

    assert_err(gv_wire_read_ech_configs(exact_hex("004e" UNKNOWN CONFIG UNKNOWN), &list), OK);
    assert_true(gv_next_ech_config(&list, &c));
    assert_int_equal(c.version, 0xfe0c);
    assert_span(c.whole, exact_hex(UNKNOWN));
    assert_true(gv_next_ech_config(&list, &c));
    assert_int_equal(c.version, ECH_VERSION);
    assert_span(c.whole, exact_hex(CONFIG));
    assert_int_equal(c.id, 7);
    assert_int_equal(c.kem, 0x0020);
    assert_span(c.public_key, exact_hex(KEY));
    assert_int_equal(c.name_len_max, 42);
    assert_span(c.public_name, span_str("a.example"));
    assert_int_equal(c.extensions.len, 0);
    assert_false(c.extensions_mandatory || c.extensions_repeated);
    suites = c.suites;
    assert_true(gv_next_ech_suite(&suites, &suite));
    assert_int_equal(suite.kdf, 1);
    assert_int_equal(suite.aead, 1);
    assert_true(gv_next_ech_suite(&suites, &suite));
    assert_int_equal(suite.aead, 3);
    assert_false(gv_next_ech_suite(&suites, &suite));
    assert_true(gv_next_ech_config(&list, &c));
    assert_int_equal(c.version, 0xfe0c);
    assert_false(gv_next_ech_config(&list, &c));
}

static void is_a_config_written_as_it_was_read(void **state)
{
    (void)state;
    uint8_t out[128];
    struct wr w = wr_of(out, sizeof out);
    struct span list;
    struct ech_config c;

    assert_err(
        gv_wire_read_ech_configs(exact_hex("0046 fe0d 0042" BODY "0006 1a1a 0002 aabb"), &list),
        OK);
    assert_true(gv_next_ech_config(&list, &c));
    gv_wire_write_ech_config(&w, &c);
    assert_true(wr_done(&w));
    assert_span(wr_span(&w), c.whole);
}

static void are_extensions_of_configs_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        bool mandatory, repeated;
    } cases[] = {
        {"0044 fe0d 0040" BODY "0004 7fff 0000", false, false},
        {"0044 fe0d 0040" BODY "0004 8000 0000", true, false},
        {"0044 fe0d 0040" BODY "0004 fafa 0000", true, false},
        {"0048 fe0d 0044" BODY "0008 1a1a 0000 1a1a 0000", false, true},
        {"0048 fe0d 0044" BODY "0008 1a1a 0000 9a1a 0000", true, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct span list;
        struct ech_config c;
        assert_err(gv_wire_read_ech_configs(exact_hex(cases[i].list), &list), OK);
        assert_true(gv_next_ech_config(&list, &c));
        assert_int_equal(c.extensions_mandatory, cases[i].mandatory);
        assert_int_equal(c.extensions_repeated, cases[i].repeated);
    }
}

/* Scenario 39: cut at every byte, and with bytes behind. */
static void does_the_reader_of_configs_stay_in_its_bytes_39(void **state)
{
    (void)state;
    static const struct parser parser = {"ECHConfigList", read_configs,
                                         "004e" UNKNOWN CONFIG UNKNOWN, GV_E_DECODE_ECH_CONFIGS, 0};
    print_message("%zu changed lists\n", parser_check(&parser));
}

static void is_every_malformed_list_refused_39(void **state)
{
    (void)state;
    /* clang-format off */
    static const char *const bad[] = {
        "", "00", "0000",                       /* a list of nothing */
        "0003 fe0c 00",                         /* half a header */
        "0004 fe0c 0001",                       /* an unknown version that is cut */
        "0004 fe0d 0000",                       /* ours with nothing in it */
        "003f" CONFIG,                          /* the list's length is one too small, */
        "0041" CONFIG,                          /* one too large */
        "0040" CONFIG "00",                     /* and a byte behind it */
        "0040 fe0d 003b" BODY "0000",           /* the config's length is one too small, */
        "0040 fe0d 003d" BODY "0000",           /* one too large */
        "0041 fe0d 003d" BODY "0000 00",        /* a byte behind its contents */
        "0041 fe0d 003d" BODY "0001 00",        /* extensions: half a type, */
        "0042 fe0d 003e" BODY "0002 1a1a",      /* no length, */
        "0044 fe0d 0040" BODY "0004 1a1a 0001", /* a cut body */
        "0020 fe0d 001c 07 0020 0000 0008 0001 0001 0001 0003 2a 09 612e6578616d706c65 0000", /* no key */
        "0038 fe0d 0034 07 0020 0020" KEY "0000 2a 09 612e6578616d706c65 0000",      /* no suites */
        "003b fe0d 0037 07 0020 0020" KEY "0003 000100 2a 09 612e6578616d706c65 0000",
        "003e fe0d 003a 07 0020 0020" KEY "0006 00010001 0001 2a 09 612e6578616d706c65 0000",
        "0037 fe0d 0033 07 0020 0020" KEY "0008 0001 0001 0001 0003 2a 00 0000",     /* no name */
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        enum gv_err err = read_configs(exact_hex(bad[i]));
        if (err != GV_E_DECODE_ECH_CONFIGS)
            fail_msg("%s: %s", bad[i], gv_err_name(err));
    }
}

/* The longest list is read in time that grows with its bytes. */
static void is_the_fullest_list_read_39(void **state)
{
    (void)state;
    static uint8_t bytes[2 + 65532], body[65532];
    struct wr w = wr_of(bytes, sizeof bytes), b = wr_of(body, sizeof body);
    struct span list;
    struct ech_config c;

    WR_VEC(&w, 2)
        for (size_t i = 0; i < 65532 / 4; i++)
            wr_u32(&w, 0x1a1a0000);
    assert_true(wr_done(&w));
    assert_err(read_configs(SPAN_OF(bytes)), OK);

    for (uint32_t type = 0; type < 16000; type++)
        wr_u32(&b, type << 16);
    w = wr_of(bytes, sizeof bytes);
    list = exact_hex(CONFIG);
    assert_true(gv_next_ech_config(&list, &c));
    c.extensions = wr_span(&b);
    WR_VEC(&w, 2)
        gv_wire_write_ech_config(&w, &c);
    assert_true(wr_done(&w));
    assert_err(gv_wire_read_ech_configs(wr_span(&w), &list), OK);
    assert_true(gv_next_ech_config(&list, &c));
    assert_false(c.extensions_repeated);
}

static void are_public_names_host_names_40(void **state)
{
    (void)state;
#define LABEL63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    static const char *const good[] = {
        "a",           "example.org", "xn--bcher-kva.example", "1.2.3.com",
        "0x1.example", "a-b.c-d",     LABEL63 "." LABEL63,     "A.EXAMPLE",
        "example.1a",  "example.0xg", "127.0.0.1.a",
    };
    static const char *const bad[] = {
        "",
        ".",
        ".a",
        "a.",
        "a..b",
        "-a.example",
        "a-.example",
        "a_b.example",
        "a b",
        "*.example",
        "a.exa\xc3\xa9",
        LABEL63 "a.example",
        "127.0.0.1",
        "1",
        "a.1",
        "a.0x",
        "a.0X1f",
        "0x7f000001",
        "[::1]",
        "::1",
        "a.example\n",
        "example.org.",
    };
#undef LABEL63
    for (size_t i = 0; i < COUNT_OF(good); i++)
        if (!gv_ech_is_public_name(exact_copy(span_str(good[i]))))
            fail_msg("not taken: %s", good[i]);
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        if (gv_ech_is_public_name(exact_copy(span_str(bad[i]))))
            fail_msg("taken: %s", bad[i]);
    assert_false(gv_ech_is_public_name(exact_hex("61 00 62")));
}

/* ---- the extension ----------------------------------------------------------------------------------- */

static void is_the_extension_written_as_it_was_read(void **state)
{
    (void)state;
    static const char *const forms[] = {"01", "00 0001 0003 07 0002 aabb 0003 010203",
                                        "00 0001 0003 07 0000 0001 01"};

    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        uint8_t out[64];
        struct wr w = wr_of(out, sizeof out);
        struct span body = exact_hex(forms[i]);
        struct rd r = rd_of(body);
        struct ech_hello e;
        assert_true(gv_ech_read_hello(&r, &e) && rd_end(&r));
        gv_ech_write_hello(&w, &e);
        assert_span(wr_span(&w), body);
    }
}

static void is_the_outer_form_taken_apart(void **state)
{
    (void)state;
    struct rd r = rd_of(exact_hex("00 0001 0003 07 0002 aabb 0003 010203"));
    struct ech_hello e;

    assert_true(gv_ech_read_hello(&r, &e) && rd_end(&r));
    assert_int_equal(e.type, ECH_OUTER);
    assert_int_equal(e.suite.kdf, 1);
    assert_int_equal(e.suite.aead, 3);
    assert_int_equal(e.config_id, 7);
    assert_span(e.enc, exact_hex("aabb"));
    assert_span(e.payload, exact_hex("010203"));
}

/* ---- the inner hello ------------------------------------------------------------------------------------ */

static const enum extension order[] = {EXT_KEY_SHARE, EXT_ENCRYPTED_CLIENT_HELLO,
                                       EXT_SUPPORTED_GROUPS, EXT_PRE_SHARED_KEY, EXT_SERVER_NAME};

/* One of five extensions: two that the outer one has as well, and a PSK. */
static struct client_hello_out inner_hello(void)
{
    static const struct ech_hello inner = {.type = ECH_INNER};
    static struct psk_out psk;

    psk = (struct psk_out){exact_hex("cc"), 1, 32, exact_hex(KEY)};
    return (struct client_hello_out){
        .random = exact_hex(KEY),
        .session_id = exact_hex("aabb"),
        .suites = exact_hex("1301"),
        .order = order,
        .order_count = COUNT_OF(order),
        .server_name = span_str("a.b"),
        .groups = exact_hex("001d"),
        .schemes = exact_hex("0403"),
        .key_shares = exact_hex("001d 0001 09"),
        .psks = &psk,
        .psk_count = 1,
        .tls13 = true,
        .ech = &inner,
        .shared = EXT_BIT(KEY_SHARE) | EXT_BIT(SUPPORTED_GROUPS) | EXT_BIT(COOKIE),
    };
}

/* clang-format off */
#define PRIVATE "fe0d 0001 01" "0000 0008 0006 00 0003 612e62"
#define SHARED "0033 0007 0005 001d 0001 09" "000a 0004 0002 001d"
#define PSK "0029 002c 0007 0001 cc 00000001 0021 20" KEY
/* clang-format on */

static void does_the_inner_hello_keep_the_shared_together_41(void **state)
{
    (void)state;
    uint8_t out[256];
    struct wr w = wr_of(out, sizeof out);
    const struct client_hello_out m = inner_hello();

    gv_wire_write_client_hello(&w, &m);
    assert_true(wr_done(&w));
    assert_span(wr_span(&w),
                exact_hex("01 000081 0303" KEY "02 aabb 0002 1301 01 00 0054" PRIVATE SHARED PSK));
}

static void does_its_encoding_refer_to_the_outer_hello_41(void **state)
{
    (void)state;
    uint8_t out[256];
    struct wr w = wr_of(out, sizeof out);
    struct client_hello_out m = inner_hello();
    struct client_hello parsed;

    gv_wire_write_encoded_inner_hello(&w, &m);
    assert_true(wr_done(&w));
    assert_span(wr_span(&w), exact_hex("0303" KEY "00 0002 1301 01 00 004a" PRIVATE
                                       "fd00 0005 04 0033 000a" PSK));
    assert_err(gv_wire_read_client_hello(wr_span(&w), &parsed), OK);
    assert_err(gv_extensions_check_place(&parsed.extensions, IN_CLIENT_HELLO), EXTENSION_MISPLACED);

    m.shared = 0; /* no list of nothing */
    w = wr_of(out, sizeof out);
    gv_wire_write_encoded_inner_hello(&w, &m);
    assert_err(gv_wire_read_client_hello(wr_span(&w), &parsed), OK);
    assert_int_equal(parsed.extensions.seen & EXT_BIT(ECH_OUTER_EXTENSIONS), 0);
}

/* Section 6.1.3, worked by hand. */
static void does_padding_hide_the_name(void **state)
{
    (void)state;
    static const struct {
        size_t len, name_len;
        uint8_t longest;
        size_t padding;
    } cases[] = {
        {100, 10, 20, 10 + 18}, /* 110 to 128 */
        {128, 20, 20, 0},       /* it fits */
        {128, 21, 20, 0},       /* a hint, not a bound */
        {129, 21, 20, 31},      /* 129 to 160 */
        {100, 0, 20, 29 + 31},  /* no name: 129 to 160 */
        {100, 10, 0, 245 + 7},  /* not known: the longest, 345 to 352 */
        {100, 0, 0, 264 + 20},  /* 364 to 384 */
        {1, 1, 1, 31},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(gv_ech_padding(cases[i].len, cases[i].name_len, cases[i].longest),
                         cases[i].padding);

    enum { REST = 77 };
    for (size_t longest = 1; longest <= 255; longest++)
        for (size_t len = 1; len <= longest; len++)
            assert_int_equal(REST + len + gv_ech_padding(REST + len, len, (uint8_t)longest),
                             REST + 1 + gv_ech_padding(REST + 1, 1, (uint8_t)longest));
}

static int forget(void **state)
{
    (void)state;
    exact_forget();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_a_config_taken_apart),
        cmocka_unit_test(is_a_config_written_as_it_was_read),
        cmocka_unit_test(are_extensions_of_configs_told_apart),
        cmocka_unit_test(does_the_reader_of_configs_stay_in_its_bytes_39),
        cmocka_unit_test(is_every_malformed_list_refused_39),
        cmocka_unit_test(is_the_fullest_list_read_39),
        cmocka_unit_test(are_public_names_host_names_40),
        cmocka_unit_test(is_the_extension_written_as_it_was_read),
        cmocka_unit_test(is_the_outer_form_taken_apart),
        cmocka_unit_test(does_the_inner_hello_keep_the_shared_together_41),
        cmocka_unit_test(does_its_encoding_refer_to_the_outer_hello_41),
        cmocka_unit_test(does_padding_hide_the_name),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
